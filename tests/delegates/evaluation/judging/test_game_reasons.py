"""Why a cell is stable or not: sentences from sessions made by hand."""

from collections.abc import Mapping
from typing import Any

import pytest

from delegates.evaluation.judging.empirical_game import games
from delegates.evaluation.judging.found import EmpiricalGame
from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.playing.journal import POINTS, Finished, SeatEnd
from games.scenario import Scenario
from tests.delegates.evaluation.made import ending, made_design, tables_of
from tests.support.domains import listed

STRATEGIES = {"hard": "nash-seeker", "soft": "closer"}
"""Strategies without chance that do not go by the clock alone."""

Told = Mapping[tuple[str, str], dict[str, Any]]
"""By cell: gains of both (`gains`; none is no agreement), undiscounted (`before`), what both asked
for at last (`asked`, in shares), and the round of agreement."""

DILEMMA: Told = {
    ("hard", "hard"): {"gains": (0.4, 0.4)},
    ("hard", "soft"): {"gains": (0.7, 0.2)},
    ("soft", "hard"): {"gains": (0.2, 0.7)},
    ("soft", "soft"): {"gains": (0.3, 0.3)},
}


def shared(**more: Any) -> Scenario:
    """Return a scenario whose outcomes share 100 points in tenths."""
    tenths = [10.0 * number for number in range(11)]
    return listed(
        {"A": tenths, "B": tenths[::-1]},
        parties={"A": {"name": "Ada"}, "B": {"name": "Bo"}},
        **{"id": "shared", "protocol": {"rounds": 8, "opens": "fixed"}, **more},
    )


def telling(told: Told):
    def how(design: Design, row: Row) -> Finished:
        cell = told[row.seats[0], row.seats[1]]
        asked = cell.get("asked", [0.9 if seat == "hard" else 0.2 for seat in row.seats])
        if "gains" in cell:
            gains = cell["gains"]
            before = cell.get("before", gains)
        else:
            gains = before = (0.0, 0.0)
        seats = tuple(
            SeatEnd(
                utility=100 * undiscounted,
                payoff=100 * gain,
                demands=(round(1000 * demand),) * POINTS,
            )
            for gain, undiscounted, demand in zip(gains, before, asked, strict=True)
        )
        agreed = 5 if "gains" in cell else None
        more = {"agreed_round": cell.get("round", 4)} if agreed is not None else {}
        more |= {"ended": cell["ended"]} if "ended" in cell else {}
        return ending(design, row, agreed, seats=seats, **more)

    return how


def words(tmp_path, told: Told, *scenarios: Scenario) -> tuple[str, ...]:
    design = made_design(*(scenarios or (shared(),)), strategies=STRATEGIES)
    return solved(design, tmp_path, told)[0].words


def solved(design: Design, tmp_path, told: Told) -> tuple[EmpiricalGame, ...]:
    return games(design, tables_of(design, tmp_path, telling(told)))


def test_hardness_that_costs_no_agreement_is_free(tmp_path):
    found = words(tmp_path, DILEMMA)

    assert (
        "At (hard, hard) every session ended in agreement, in round 4 of 8; Ada gains 40.0 %, Bo "
        "40.0 %."
    ) in found
    # These two answer to what they hear: nothing is claimed of what they ask for at the close.
    assert ("Hardness is free here: these two ask for most at the close, and still agree.") in found
    assert (
        "Conceding otherwise brings Ada no more: at best 20.0 % (“soft”) instead of 40.0 %."
        in found
    )


def test_demands_beyond_k_star_cannot_be_met_together(tmp_path):
    found = words(tmp_path, {**DILEMMA, ("hard", "hard"): {"asked": (0.6, 0.7)}})

    assert (
        "Everyone can have 50.0 % of its gain at once (k*, the greatest share that all can have)."
        in found
    )
    assert (
        "The two that ask for most at the close, (hard, hard), are no equilibrium: "
        "there no session ended in "
        "agreement."
    ) in found
    assert (
        "Where it failed, Ada asked for 60.0 % at last and Bo for 70.0 %: more than can be had "
        "together (k* = 50.0 %)."
    ) in found
    assert (
        "Ada does better with “soft”: 20.0 % instead of 0.0 %, as then every session ended in "
        "agreement."
    ) in found


def test_demands_below_k_star_may_still_exclude_each_other(tmp_path):
    found = words(tmp_path, {**DILEMMA, ("hard", "hard"): {"asked": (0.8, 0.3)}})

    assert (
        "Where it failed, Ada asked for 80.0 % at last and Bo for 30.0 %: an outcome that gives "
        "Ada that much leaves Bo at most 20.0 %."
    ) in found


def test_a_deal_that_gives_both_what_they_asked_was_missed(tmp_path):
    found = words(tmp_path, {**DILEMMA, ("hard", "hard"): {"asked": (0.4, 0.5)}})

    assert (
        "Where it failed, Ada asked for 40.0 % at last and Bo for 50.0 %: 2 outcomes give each "
        "that much, but their offers did not find any."
    ) in found


def test_a_deadlock_is_stable_where_nobody_ends_it_alone(tmp_path):
    deadlock: Told = {cell: {"asked": (0.9, 0.9)} for cell in DILEMMA}
    found = words(tmp_path, {**deadlock, ("soft", "soft"): {"gains": (0.5, 0.5)}})

    assert (
        "At (hard, hard) no session ended in agreement: no strategy of Ada reached one against "
        "“hard”, and no strategy of Bo reached one against “hard”."
    ) in found


def test_a_deadlock_is_stable_where_agreeing_brings_nothing(tmp_path):
    idle: Told = {
        ("hard", "hard"): {"asked": (0.9, 0.9)},
        ("hard", "soft"): {"gains": (0.9, 0.0)},
        ("soft", "hard"): {"gains": (0.0, 0.9)},
        ("soft", "soft"): {"gains": (0.1, 0.1)},
    }
    found = words(tmp_path, idle)

    assert (
        "At (hard, hard) no session ended in agreement: those of Ada that reached one against "
        "“hard” gained nothing by it, and those of Bo that reached one against “hard” gained "
        "nothing by it."
    ) in found


def test_time_is_told_where_it_makes_the_difference(tmp_path):
    late: Told = {
        ("hard", "hard"): {"gains": (0.2, 0.2), "before": (0.5, 0.5), "round": 8},
        ("hard", "soft"): {"gains": (0.3, 0.4), "before": (0.55, 0.45), "round": 5},
        ("soft", "hard"): {"gains": (0.4, 0.3), "before": (0.45, 0.55), "round": 3},
        ("soft", "soft"): {"gains": (0.5, 0.5), "before": (0.5, 0.5), "round": 1},
    }
    found = words(tmp_path, late)

    assert (
        "Ada does better with “soft”: 40.0 % instead of 20.0 %, as agreeing in round 3 of 8 saves "
        "it 25.0 percentage points of time."
    ) in found
    assert (
        "Insisting there (“hard”), Ada would have 30.0 % instead of 50.0 %, as agreeing in round 5 "
        "of 8 costs it 25.0 percentage points of time."
    ) in found
    assert not any(told.startswith("Time took") for told in found)


def test_what_time_took_from_a_stable_cell_is_told(tmp_path):
    told: Told = {**DILEMMA, ("hard", "hard"): {"gains": (0.4, 0.4), "before": (0.5, 0.45)}}

    assert (
        "Time took 10.0 percentage points from Ada and 5.0 from Bo there (patience, breakdown)."
        in words(tmp_path, told)
    )


def test_insisting_that_changes_nothing_is_told_as_that(tmp_path):
    tied: Told = {cell: {"gains": (0.5, 0.5)} for cell in DILEMMA}

    assert "Insisting there (“hard”) would change nothing for Ada." in words(tmp_path, tied)


def test_two_who_want_different_cells_are_told_so(tmp_path):
    chicken: Told = {
        ("hard", "hard"): {"asked": (0.8, 0.8)},
        ("hard", "soft"): {"gains": (0.8, 0.2)},
        ("soft", "hard"): {"gains": (0.3, 0.7)},
        ("soft", "soft"): {"gains": (0.5, 0.5)},
    }

    assert (
        "They do not want the same: Ada would rather be at (hard, soft) (80.0 % instead of 30.0 "
        "%), Bo would rather be at (soft, hard) (70.0 % instead of 20.0 %)."
    ) in words(tmp_path, chicken)


def test_who_speaks_last_is_told_where_it_is_certain(tmp_path):
    alternate = shared(id="alternate", protocol={"rounds": 8, "opens": "alternate"})
    lot = shared(id="lot", protocol={"rounds": 8, "opens": "lot"})
    last = "The last offer that can be answered is made by"

    # With eight rounds the second opens the last of them.
    assert f"{last} Bo, in round 8." in words(tmp_path / "1", DILEMMA, alternate)
    assert f"{last} Ada, in round 8." in words(tmp_path / "2", DILEMMA)
    assert not any(told.startswith(last) for told in words(tmp_path / "3", DILEMMA, lot))


def test_over_several_scenarios_it_is_counted_where_a_deal_was_there(tmp_path):
    design = made_design(
        shared(id="one"), shared(id="two"), shared(id="three"), strategies=STRATEGIES
    )
    asked = {"one": (0.5, 0.5), "two": (0.7, 0.7)}

    def how(design: Design, row: Row) -> Finished:
        name = design.scenarios[row.scenario].id
        told = dict(DILEMMA)
        if name in asked:
            told["hard", "hard"] = {"asked": asked[name]}
        return telling(told)(design, row)

    pooled, *_ = games(design, tables_of(design, tmp_path, how))

    assert pooled.payoffs[0, 0].tolist() == pytest.approx([0.4 / 3, 0.4 / 3])
    assert (
        "The two that ask for most at the close, (hard, hard), are no equilibrium: "
        "there 33 % of sessions, each "
        "scenario weighing the same, ended in agreement, in round 4 of 8."
    ) in pooled.words
    assert (
        "It failed in 2 of 3 scenarios; in 1 an outcome gives everyone what was last asked for, in "
        "1 there is none."
    ) in pooled.words
    assert "Taken one by one, (hard, hard) is stable in 1 of 3 scenarios." in pooled.words


def test_where_not_all_need_agree_k_star_is_not_said_to_foretell_anything(tmp_path):
    quorum = listed(
        {"A": [0, 50, 100], "B": [100, 50, 0], "C": [0, 60, 100]},
        parties={"C": {"side": "consumer"}},
        id="quorum",
        protocol={"rounds": 4, "agreement": {"quorum": 0.6}},
    )
    design = made_design(quorum, strategies=STRATEGIES, seats={"many": "blocs"})

    def how(design: Design, row: Row) -> Finished:
        seats = tuple(SeatEnd(utility=50, payoff=50, demands=(500,) * POINTS) for _ in row.seats)
        return ending(design, row, 1, seats=seats)

    (game,) = games(design, tables_of(design, tmp_path, how))

    assert (
        "Not all need agree here: what all could have at once foretells nothing of hardness."
    ) in game.words
    assert game.fair_share is None


def test_three_parties_that_ask_too_much_are_told_without_a_frontier_of_two(tmp_path):
    three = listed(
        {"A": [0, 50, 100, 30], "B": [100, 50, 0, 30], "C": [0, 60, 100, 30]},
        parties={"C": {"side": "consumer"}},
        id="three",
        protocol={"rounds": 4},
    )
    design = made_design(three, strategies=STRATEGIES, seats={"many": "blocs"})

    def how(design: Design, row: Row) -> Finished:
        cell = DILEMMA[row.seats[0], row.seats[1]]
        if row.seats[:2] == ("hard", "hard"):
            seats = tuple(
                SeatEnd(utility=0, payoff=0, demands=(asked,) * POINTS) for asked in (400, 600, 950)
            )
            return ending(design, row, None, seats=seats)
        worth = (*cell["gains"], cell["gains"][0])
        seats = tuple(
            SeatEnd(utility=100 * u, payoff=100 * u, demands=(300,) * POINTS) for u in worth
        )
        return ending(design, row, 1, seats=seats)

    (game,) = games(design, tables_of(design, tmp_path, how))
    told = [one for one in game.words if one.startswith("Where it failed")]

    assert len(told) == 1
    assert told[0].endswith("no outcome gives everyone that much.")


def test_a_gain_too_small_to_tell_is_not_put_in_figures(tmp_path):
    found = words(tmp_path, {**DILEMMA, ("soft", "hard"): {"gains": (0.401, 0.7)}})

    assert "Ada does better with “soft”, but hardly." in found


@pytest.mark.parametrize("ended", ["timeout", "refused"])
def test_of_sessions_that_a_clock_or_a_rule_ended_no_demand_is_told(tmp_path, ended):
    """What was asked for last is not why they failed: the talks were not over."""
    cut: Told = {**DILEMMA, ("hard", "hard"): {"asked": (0.4, 0.5), "ended": ended}}
    one = words(tmp_path / "1", cut)
    pooled = words(tmp_path / "2", cut, shared(id="one"), shared(id="two"))

    for found in (one, pooled):
        assert not any("asked for at last" in told or "last asked" in told for told in found)
        assert not any(told.startswith("Where it failed") for told in found)
        assert (
            "100 % of sessions there were decided by a clock, a fault, a broken rule or a "
            "fallback, which counts as no agreement: nothing follows from what was asked for in "
            "them."
        ) in found


def asking(closing: Mapping[str, int], agreeing: set[tuple[str, str]]):
    """Return how sessions end of strategies that ask for everything but at the close."""

    def how(design: Design, row: Row) -> Finished:
        pair = row.seats[0], row.seats[1]
        worth = 50.0 if pair in agreeing else 0.0
        seats = tuple(
            SeatEnd(
                utility=worth,
                payoff=worth,
                demands=(
                    *((1000 if seat == "late" else 600,) * (POINTS - 1)),
                    closing[seat],
                ),
            )
            for seat in row.seats
        )
        return ending(design, row, 5 if worth else None, seats=seats)

    return how


def told_of(tmp_path, how) -> tuple[str, ...]:
    strategies = {"late": "nash-seeker", "steady": "closer"}
    design = made_design(shared(), strategies=strategies)
    return games(design, tables_of(design, tmp_path, how))[0].words


def test_who_is_hard_is_judged_at_the_close(tmp_path):
    """A strategy that asks for most in the mean and gives way in the end is not the hardest."""
    found = told_of(tmp_path, asking({"late": 300, "steady": 600}, {("late", "late")}))

    assert not any(told.startswith("Hardness") for told in found)
    assert any(
        told.startswith("At (late, late) every session ended in agreement") for told in found
    )
    assert any(
        told.startswith(
            (
                "The two that ask for most at the close, (steady, steady), are no",
                "At (steady, steady) no session ended in agreement",
            )
        )
        for told in found
    )


def test_hardness_is_not_free_where_others_as_hard_fail(tmp_path):
    found = told_of(tmp_path, asking({"late": 520, "steady": 500}, {("late", "late")}))

    assert (
        "These two ask for most at the close and still agree, but others that ask for about as "
        "much do not: hardness is not free."
    ) in found
    assert not any(told.startswith("Hardness is free") for told in found)


def test_where_one_of_the_failed_scenarios_is_known_it_is_told_in_the_singular(tmp_path):
    silent = shared(id="silent")
    design = made_design(shared(id="one"), silent, shared(id="three"), strategies=STRATEGIES)

    def how(design: Design, row: Row) -> Finished:
        name = design.scenarios[row.scenario].id
        if name == "three" or row.seats[:2] != ("hard", "hard"):
            return telling(DILEMMA)(design, row)
        asked = (0.7, 0.7) if name == "one" else None
        seats = tuple(
            SeatEnd(utility=0, payoff=0, demands=(700 if asked else None,) * POINTS)
            for _ in row.seats
        )
        return ending(design, row, None, seats=seats)

    pooled, *_ = games(design, tables_of(design, tmp_path, how))

    assert (
        "It failed in 2 of 3 scenarios. In the one where all must agree and all made offers, no "
        "outcome gives everyone what was last asked for."
    ) in pooled.words
