"""How strategies did, on tables worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from delegates.evaluation.judging.found import Estimate
from delegates.evaluation.judging.paired import BLOCK, strategy_pairs
from delegates.evaluation.judging.standings import differences, namings, pairings, standings
from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished, SeatEnd
from games.scenario import Scenario
from tests.delegates.evaluation.made import ending, made_design, tables_of
from tests.support.domains import listed

TWO = {"x": "boulware", "y": "linear"}
ALL, HALF, NOTHING = 2, 1, 0
"""Outcomes, by what the first party gets of 100 points."""


def shares(count: int, parties: int = 2, **more: Any) -> list[Scenario]:
    """Return scenarios in which the first gets all, half or nothing, and the rest what is left."""
    utilities = {"A": [0, 50, 100], **{name: [100, 50, 0] for name in "BCDE"[: parties - 1]}}
    return [listed(utilities, id=f"s{number}", **more) for number in range(count)]


def by_hand(design: Design, row: Row) -> Finished:
    """End: x shares with itself, takes all when it opens, gives nothing when it does not in the
    even scenarios and half in the odd ones; y finds no agreement with itself."""
    outcome = {
        "x x": HALF,
        "x y": ALL,
        "y x": HALF if row.scenario % 2 else NOTHING,
        "y y": None,
    }[" ".join(row.seats)]
    return ending(design, row, outcome, rounds=4 if outcome is None else 2)


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> tuple[Design, Folder]:
    design = made_design(*shares(5), strategies=TWO)
    return design, tables_of(design, tmp_path_factory.mktemp("five"), by_hand)


def known(one: Estimate) -> tuple[float, int, int]:
    assert one.mean is not None
    return one.mean, one.sessions, one.scenarios


# What x has by scenario, as A against x, A against y, B against x, B against y:
#   even: .5 1 .5 1, mean .75;  odd: .5 1 .5 .5, mean .625.    3 even, 2 odd: mean .7.
# What y has: even: 0 0 0 0, mean 0;  odd: .5 0 0 0, mean .125.    Mean .05.


def test_standings_by_hand(five: tuple[Design, Folder]):
    first, second = standings(*five)

    assert (first.strategy, first.spec, second.strategy) == ("x", "boulware", "y")
    assert known(first.advantage) == pytest.approx((0.7, 20, 5))
    assert known(second.advantage) == pytest.approx((0.05, 20, 5))
    # s² = (3·.05² + 2·.075²)/4 = .0046875; s/√5.
    assert first.advantage.error == pytest.approx(sqrt(0.0046875 / 5))
    assert first.advantage.method == "score"
    assert first.ended == {"agreement": 20}
    assert second.ended == {"agreement": 10, "no-agreement": 10}
    assert known(second.rounds) == pytest.approx((3, 20, 5))
    # Ten rounds are the most: 3 everywhere may be as few as 3·(1 − q) elsewhere, q = 1 − .025^.2.
    assert (second.rounds.low, second.rounds.high) == pytest.approx(
        (3 * 0.025**0.2, 3 + 7 * (1 - 0.025**0.2))
    )


def test_no_mean_stands_without_its_interval_and_n(five: tuple[Design, Folder]):
    for one in standings(*five):
        for measure in ("advantage", "payoff", "agreed", "pareto", "nash", "joint", "product"):
            estimate: Estimate = getattr(one, measure)
            assert estimate.mean is not None
            assert estimate.low is not None
            assert estimate.high is not None
            assert 0 <= estimate.low <= estimate.mean <= estimate.high <= 1
            assert (estimate.sessions, estimate.scenarios) == (20, 5)


def test_a_rate_that_is_the_same_everywhere_keeps_an_honest_interval(five: tuple[Design, Folder]):
    first, second = standings(*five)

    assert (first.agreed.mean, first.agreed.high, first.agreed.method) == (1, 1, "alike")
    assert first.agreed.low == pytest.approx(0.025**0.2)
    assert (second.agreed.mean, second.agreed.method) == (0.5, "alike")


def test_differences_are_of_the_same_seat_opponent_and_repetition(five: tuple[Design, Folder]):
    (gap,) = differences(*five)

    # By seat and opponent, even: .5 1 .5 1, mean .75;  odd: 0 1 .5 .5, mean .5.  Mean .65.
    error = sqrt((3 * 0.1**2 + 2 * 0.15**2) / 4 / 5)
    assert (gap.first, gap.second) == ("x", "y")
    assert known(gap.advantage) == pytest.approx((0.65, 20, 5))
    assert gap.advantage.error == pytest.approx(error)
    assert gap.advantage.method == "t"
    assert gap.p == pytest.approx(2 * stats.t.sf(0.65 / error, 4))
    assert gap.p_holm == gap.p


def test_a_difference_is_turned_with_the_order(five: tuple[Design, Folder]):
    (gap,) = differences(*five, ["x", "y"])
    (turned,) = differences(*five, ["y", "x"])

    assert (turned.first, turned.second) == ("y", "x")
    assert turned.advantage.mean == pytest.approx(-0.65)
    assert turned.advantage.low == pytest.approx(-(gap.advantage.high or 0))
    assert turned.p == gap.p


def test_pairings_by_hand(five: tuple[Design, Folder]):
    found = {(one.strategy, one.against): one for one in pairings(*five)}

    assert list(found) == [("x", "x"), ("x", "y"), ("y", "x"), ("y", "y")]
    assert known(found["x", "x"].advantage) == pytest.approx((0.5, 10, 5))
    assert known(found["x", "y"].advantage) == pytest.approx(((3 * 1 + 2 * 0.75) / 5, 10, 5))
    assert known(found["y", "x"].advantage) == pytest.approx((0.1, 10, 5))
    assert known(found["y", "y"].agreed) == pytest.approx((0, 10, 5))


def test_p_values_are_adjusted_for_all_differences_together(tmp_path: Path):
    """z does as y does but against itself in the odd scenarios."""

    def how(design: Design, row: Row) -> Finished:
        if row.seats == ("z", "z") and row.scenario % 2:
            return ending(design, row, HALF)
        seats = tuple("y" if seat == "z" else seat for seat in row.seats)
        return by_hand(design, replace(row, seats=seats))

    design = made_design(*shares(7), strategies={**TWO, "z": "conceder"})
    gaps = differences(design, tables_of(design, tmp_path, how))

    ps = {(gap.first, gap.second): gap.p or 1.0 for gap in gaps}
    adjusted = {(gap.first, gap.second): gap.p_holm for gap in gaps}
    least, middle, most = sorted(ps, key=lambda pair: ps[pair])
    assert most == ("y", "z")
    assert adjusted[least] == pytest.approx(3 * ps[least])
    assert adjusted[middle] == pytest.approx(max(3 * ps[least], 2 * ps[middle]))
    assert adjusted[most] == pytest.approx(ps[most])


def test_below_five_scenarios_there_are_means_and_nothing_else(tmp_path: Path):
    design = made_design(*shares(4), strategies=TWO, repetitions=50)
    folder = tables_of(design, tmp_path, by_hand)

    first, _ = standings(design, folder)
    (gap,) = differences(design, folder)

    assert known(first.advantage) == pytest.approx((0.6875, 800, 4))
    assert (first.advantage.low, first.advantage.high) == (None, None)
    assert (gap.p, gap.p_holm, gap.advantage.low) == (None, None, None)


def test_sessions_that_are_left_out_are_counted_and_make_no_pair(tmp_path: Path):
    design = made_design(*shares(5), strategies=TWO)

    def how(design: Design, row: Row) -> Finished:
        if row.scenario == 0 and row.seats == ("x", "y"):
            return ending(design, row, None, ended="provider", problem="gone")
        return by_hand(design, row)

    folder = tables_of(design, tmp_path, how)
    first, second = standings(design, folder)
    (gap,) = differences(design, folder)

    assert (first.left_out, second.left_out) == (1, 1)
    assert first.ended == {"agreement": 19, "provider": 1}
    # Of scenario 0: .5 .5 1 without the 1 against y.
    assert known(first.advantage) == pytest.approx(((2 / 3 + 2 * 0.75 + 2 * 0.625) / 5, 19, 5))
    # Two pairs lose their session: A against y (x's) and B against x (y's): .5 and 1 are left.
    assert gap.advantage.sessions == 18


def test_failures_count_as_the_plan_says(tmp_path: Path):
    def how(design: Design, row: Row) -> Finished:
        return ending(design, row, None, ended="timeout", problem="too long")

    design = made_design(*shares(5), strategies=TWO)
    one = standings(design, tables_of(design, tmp_path, how))[0]

    assert (one.advantage.mean, one.agreed.mean, one.left_out) == (0, 0, 0)
    assert one.ended == {"timeout": 20}


def test_only_seats_under_test_are_judged(tmp_path: Path):
    design = made_design(
        *shares(5), strategies=TWO, seats={"tested": ["x"], "against": ["y"], "self_play": False}
    )
    folder = tables_of(design, tmp_path, by_hand)

    assert [one.strategy for one in standings(design, folder)] == ["x"]
    assert [(one.strategy, one.against) for one in pairings(design, folder)] == [("x", "y")]
    assert differences(design, folder) == ()


def test_a_cost_is_that_of_all_sessions_and_its_points_those_gained(tmp_path: Path):
    def how(design: Design, row: Row) -> Finished:
        done = by_hand(design, row)
        seats = [
            SeatEnd(
                **{
                    **seat.model_dump(),
                    "calls": 3,
                    "tokens_in": 90,
                    "tokens_out": 10,
                    "cost_usd": 0.25 if name == "x" else None,
                }
            )
            for seat, name in zip(done.seats, row.seats, strict=True)
        ]
        return done.model_copy(update={"seats": tuple(seats)})

    design = made_design(*shares(5), strategies=TWO)
    first, second = standings(design, tables_of(design, tmp_path, how))

    assert (first.calls_a_session, first.tokens_a_session) == (3, 100)
    # 20 seats at .25 each gained 20 × .7 of what there was.
    assert first.cost_usd == pytest.approx(5)
    assert first.cost_per_point == pytest.approx(5 / (100 * 14))
    assert (second.cost_usd, second.cost_per_point) == (None, None)


def test_what_costs_nothing_has_no_cost_of_a_point(five: tuple[Design, Folder]):
    assert [(one.cost_usd, one.cost_per_point) for one in standings(*five)] == [(0, None)] * 2


MODEL = "llm:stub/any"


def test_own_names_against_aliases_by_hand(tmp_path: Path):
    """The model takes all under own names and half under aliases, in all scenarios but one."""

    def how(design: Design, row: Row) -> Finished:
        is_model_first = row.seats[0] == "m"
        takes_all = row.names == "own" and row.scenario != 0
        outcome = HALF if not takes_all or row.seats[0] == row.seats[1] else None
        if outcome is None:
            outcome = ALL if is_model_first else NOTHING
        return ending(design, row, outcome)

    design = made_design(
        *shares(5), strategies={"m": MODEL, "y": "linear"}, names=["own", "alias"], repetitions=2
    )
    folder = tables_of(design, tmp_path, how)

    (naming,) = namings(design, folder)

    # Against y .5 more, against itself 0; in scenario 0 nothing: 0 .25 .25 .25 .25, s = .1118.
    assert naming.strategy == "m"
    assert known(naming.difference) == pytest.approx((0.2, 40, 5))
    assert naming.p == pytest.approx(2 * stats.t.sf(4, 4))


def test_there_are_no_namings_of_rules_or_of_one_naming(tmp_path: Path):
    twice = made_design(*shares(5), strategies=TWO, names=["own", "alias"])
    once = made_design(*shares(5), strategies={"m": MODEL, "y": "linear"})
    how = lambda design, row: ending(design, row, HALF)  # noqa: E731

    assert namings(twice, tables_of(twice, tmp_path / "twice", how)) == ()
    assert namings(once, tables_of(once, tmp_path / "once", how)) == ()


def test_seats_of_many_parties_are_paired_within_a_repetition(tmp_path: Path):
    """Dealt in Latin squares no two sessions have the same others: the seat decides."""
    three = {"x": "boulware", "y": "linear", "z": "conceder"}

    def how(design: Design, row: Row) -> Finished:
        return ending(design, row, ALL if row.seats[0] == "x" else NOTHING)

    design = made_design(*shares(5, parties=3), strategies=three, repetitions=3)
    folder = tables_of(design, tmp_path, how)

    gaps = {(one.first, one.second): one.advantage for one in differences(design, folder)}

    assert pairings(design, folder) == ()
    assert known(gaps["x", "y"])[1:] == (45, 5)
    for strategy in ("y", "z"):
        by_seat = _mean_by_party(folder, strategy)
        own = _mean_by_party(folder, "x")
        expected = sum(own[party] - by_seat[party] for party in own) / 3
        assert gaps["x", strategy].mean == pytest.approx(expected)


def _mean_by_party(folder: Folder, strategy: str) -> dict[str, float]:
    import polars as pl

    seats = pl.read_parquet(folder.table("seats")).filter(pl.col("strategy") == strategy)
    means = seats.group_by("party").agg(pl.col("advantage").mean())
    return {str(party): float(mean) for party, mean in means.iter_rows()}


def test_blocks_of_repetitions_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    design = made_design(*shares(5), strategies=TWO, repetitions=7)
    folder = tables_of(design, tmp_path, by_hand)
    whole = strategy_pairs(design, folder)

    monkeypatch.setattr("delegates.evaluation.judging.paired.BLOCK", 80)

    assert BLOCK > 80
    assert strategy_pairs(design, folder) == whole


def test_the_same_tables_give_the_same_figures(five: tuple[Design, Folder]):
    assert standings(*five) == standings(*five)
    assert differences(*five) == differences(*five)


def test_repetitions_of_the_same_session_narrow_nothing(tmp_path: Path):
    once = made_design(*shares(6), strategies=TWO)
    often = made_design(*shares(6), strategies=TWO, repetitions=20)

    few = standings(once, tables_of(once, tmp_path / "once", by_hand))
    many = standings(often, tables_of(often, tmp_path / "often", by_hand))

    for one, other in zip(few, many, strict=True):
        assert other.advantage.sessions == 20 * one.advantage.sessions
        assert (one.advantage.low, one.advantage.high) == pytest.approx(
            (other.advantage.low, other.advantage.high)
        )
