"""What the report says of blind time-based tactics, checked against the sessions themselves.

Domains in the manner of the automated negotiation competitions (additive, weights that sum to one,
the best option of an issue worth its whole weight, nothing reserved, 100 rounds; Baarslag et al.
2012) are drawn here, as the competitions' own files do not come with the program; and the bundled
scenarios of two parties. Every figure that a sentence states is found again from records of the
same sessions, played one by one, without the tables.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest

from delegates import negotiate
from delegates.evaluation.judging.empirical_game import games
from delegates.evaluation.judging.found import EmpiricalGame
from delegates.evaluation.judging.game_speech import figure, percent, percentage_points
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.scripted_session import scripted_session
from games import load_scenario
from games.bargaining.solutions import bargain, fair_share, normalised_gains
from games.scenario import Scenario
from games.session import payoffs, utilities
from games.tactics.aspirations import BLIND_EXPONENTS
from games.tactics.offers import blind_schedule
from tests.delegates.evaluation.made import made_design, tables_of
from tests.support.domains import party, random_widths, scenario

BLIND = {"boulware": "boulware", "linear": "linear", "conceder": "conceder"}

FREE = (2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 15)
"""Of the domains drawn with seeds 0 to 15, those where (boulware, boulware) is the only
equilibrium; in the other four it is one of a set, or, in domain 0, loses to another by a little."""

BUNDLED = ("first-table", "cobalt-offtake")
"""Every bundled scenario of two parties."""


def domain(seed: int) -> Scenario:
    """Return a domain in the manner of the competitions: 27 to 1500 outcomes."""
    rng = Random(f"anac/{seed}")
    widths = random_widths(rng, 27, 1500)
    options = {f"i{k}": [f"o{j}" for j in range(width)] for k, width in enumerate(widths)}
    parties = {}
    for name, side, called in (("A", "consumer", "Buyer"), ("B", "supplier", "Seller")):
        weights = [rng.random() for _ in widths]
        points = {}
        for (issue, names), weight in zip(options.items(), weights, strict=True):
            worth = [rng.random() for _ in names]
            share = 100 * weight / sum(weights) / max(worth)
            points[issue] = {
                one: round(share * value, 4) for one, value in zip(names, worth, strict=True)
            }
        parties[name] = party(points, 0, side=side, name=called)
    protocol = {"kind": "alternating-offers", "rounds": 100, "opens": "fixed"}
    return scenario(options, parties, id=f"domain-{seed}", protocol=protocol)


def played(
    path: Path, scenarios: Sequence[Scenario], strategies: dict[str, str]
) -> dict[str, EmpiricalGame]:
    """Return the games of a full cross, by scope."""
    design = made_design(*scenarios, strategies=strategies)
    folder = tables_of(design, path, lambda of, row: scripted_session(of, row, Folder(path)))
    return {game.scope: game for game in games(design, folder)}


@pytest.fixture(scope="module")
def free(tmp_path_factory) -> dict[str, EmpiricalGame]:
    return played(tmp_path_factory.mktemp("free"), [domain(seed) for seed in FREE], BLIND)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory) -> dict[str, EmpiricalGame]:
    scenarios = [load_scenario(name) for name in BUNDLED]
    return played(tmp_path_factory.mktemp("bundled"), scenarios, BLIND)


@cache
def record(name: str, first: str, second: str):
    """Return a session of a bundled scenario, played by itself."""
    game = load_scenario(name)
    return negotiate(game, dict(zip(game.ids, (first, second), strict=True)), seed=3)


def gain(name: str, first: str, second: str, side: int) -> float:
    """Return what a session brought a party, as a share of what it can gain, time counted."""
    game = load_scenario(name)
    own, worth = game.preferences[side], payoffs(record(name, first, second).state)
    return (worth[game.ids[side]] - own.reservation) / (bargain(game).best[side] - own.reservation)


def last_demand(name: str, first: str, second: str, side: int) -> float:
    """Return what a party's last offer asked for."""
    game = load_scenario(name)
    own = game.preferences[side]
    offers = [o for _, mover, o in record(name, first, second).offers if mover == game.ids[side]]
    asked = own.utility(game.space.index(offers[-1])) - own.reservation
    return asked / (bargain(game).best[side] - own.reservation)


@pytest.mark.parametrize("seed", FREE)
def test_where_two_boulwares_are_the_equilibrium_the_report_says_so(free, seed):
    game = free[f"domain-{seed}"]

    assert [one.cell for one in game.report.equilibria] == [(0, 0)]
    assert game.rows[0] == game.columns[0] == "boulware"
    assert game.words[0].startswith(
        "The only equilibrium: Buyer plays “boulware”, Seller plays “boulware”."
    )
    first, second = game.payoffs[0, 0]
    assert (
        "Against the population that this equilibrium predicts, no strategy tested earns more "
        f"than {percent(first)} for Buyer or {percent(second)} for Seller."
    ) in game.words


@pytest.mark.parametrize("seed", FREE)
def test_there_k_star_explains_that_hardness_is_free(free, seed):
    game, here = free[f"domain-{seed}"], domain(seed)
    share = fair_share(here)
    assert share is not None
    closing = [
        own.utility(int(blind_schedule(own, 100, BLIND_EXPONENTS["boulware"])[0][-1])) / most
        for own, most in zip(here.preferences, bargain(here).best, strict=True)
    ]

    assert share is not None
    assert game.fair_share == pytest.approx(share)
    assert max(closing) <= share
    assert game.agreed.all()
    assert (
        "Hardness is free here: these two ask for most at the close, and still agree. "
        f"At the close they ask for only {percent(closing[0])} and {percent(closing[1])}, and "
        f"everyone can have {percent(share)} (k*): they meet on the way down."
    ) in game.words


@pytest.mark.parametrize("seed", FREE)
def test_there_conceding_otherwise_is_told_with_what_it_brings(free, seed):
    game = free[f"domain-{seed}"]
    for side, name in enumerate(("Buyer", "Seller")):
        line = game.payoffs[:, 0, 0] if side == 0 else game.payoffs[0, :, 1]
        told = [one for one in game.words if one.startswith(f"Conceding otherwise brings {name} ")]

        assert max(line[1:]) <= line[0]
        assert len(told) == 1
        assert f"at best {percent(max(line[1:]))} (" in told[0]
        assert told[0].endswith(f"instead of {percent(line[0])}.")


def test_pooled_they_are_the_equilibrium_too_and_of_each_by_itself(free):
    pooled = free["pooled"]

    assert [one.cell for one in pooled.report.equilibria] == [(0, 0)]
    assert "The only equilibrium: consumers play “boulware”, suppliers" in pooled.words[0]
    assert "Taken one by one, (boulware, boulware) is stable in 12 of 12 scenarios." in pooled.words
    assert pooled.supports[0].share == 1
    assert pooled.epsilon is not None
    assert any(f"2ε = {percentage_points(2 * pooled.epsilon)}" in told for told in pooled.words)


def test_over_sixteen_domains_pairs_promise_more_than_cells_do(tmp_path):
    pooled = played(tmp_path, [domain(seed) for seed in range(16)], BLIND)["pooled"]

    assert pooled.epsilon == pytest.approx(0.18, abs=0.005)
    assert [one.most for one in pooled.regrets] == [(0, 0)]


def test_cross_checks_agree_there(free):
    for game in free.values():
        assert game.alpha_rank[0][:2] == (0, 0)
        assert game.basins is not None
        assert game.basins.shares == (1.0,)


def test_two_that_never_concede_ask_for_more_than_can_be_had(tmp_path):
    strategies = {"hard-headed": "hard-headed", **BLIND}
    game = played(tmp_path, [domain(3)], strategies)["domain-3"]

    share = fair_share(domain(3))
    assert share is not None
    assert not game.agreed[0, 0]
    assert (
        "The two that ask for most at the close, (hard-headed, hard-headed), are no equilibrium: "
        "there no "
        "session ended in agreement."
    ) in game.words
    assert (
        "Where it failed, Buyer asked for 100.0 % at last and Seller for 100.0 %: more than can be "
        f"had together (k* = {percent(share)})."
    ) in game.words


@pytest.mark.parametrize("name", BUNDLED)
def test_on_bundled_scenarios_every_cell_is_what_the_sessions_brought(bundled, name):
    game = bundled[name]
    for i, first in enumerate(BLIND):
        for j, second in enumerate(BLIND):
            for side in (0, 1):
                assert game.payoffs[i, j, side] == pytest.approx(
                    gain(name, first, second, side), abs=1e-6
                )
            ended = record(name, first, second).as_json()["status"]
            assert game.agreed[i, j] == (ended == "agreement")


@pytest.mark.parametrize("name", BUNDLED)
def test_there_two_boulwares_fail_though_a_deal_exists_and_the_report_says_so(bundled, name):
    here, game = load_scenario(name), bundled[name]
    names = [own.name for own in here.parties.values()]
    asked = [last_demand(name, "boulware", "boulware", side) for side in (0, 1)]
    gains = normalised_gains(here, bargain(here).zopa)
    both = int(((gains[0] >= asked[0] - 0.0006) & (gains[1] >= asked[1] - 0.0006)).sum())

    assert record(name, "boulware", "boulware").as_json()["status"] == "no-agreement"
    assert both > 0
    share = fair_share(here)
    assert share is not None
    assert f"Everyone can have {percent(share)} of its gain at once (k*)." in game.words
    assert any(
        "(k*, the greatest share that all can have)" in one for one in bundled["pooled"].words
    )
    outcomes = "one outcome gives" if both == 1 else f"{both:,} outcomes give"
    assert (
        f"Where it failed, {names[0]} asked for {percent(asked[0])} at last and {names[1]} for "
        f"{percent(asked[1])}: {outcomes} each that much, but offers made by the clock, blind "
        "to what "
        "the other wants, did not find any."
    ) in game.words


def test_first_table_has_three_stable_cells_that_the_two_do_not_want_alike(bundled):
    game = bundled["first-table"]
    name = "first-table"

    assert {one.cell for one in game.report.equilibria} - {None} == {(0, 1), (1, 2), (2, 0)}
    korea = gain(name, "linear", "conceder", 0), gain(name, "conceder", "boulware", 0)
    australia = gain(name, "conceder", "boulware", 1), gain(name, "linear", "conceder", 1)
    assert (
        "They do not want the same: Republic of Korea would rather be at (linear, conceder) "
        f"({percent(korea[0])} instead of {percent(korea[1])}), Australia would rather be at "
        "(conceder, "
        f"boulware) ({percent(australia[0])} instead of {percent(australia[1])})."
    ) in game.words
    assert (
        "The two that ask for most at the close, (boulware, boulware), are no equilibrium: "
        "there no session "
        "ended in agreement."
    ) in game.words
    assert (
        f"Australia does better with “linear”: {percent(gain(name, 'boulware', 'linear', 1))} "
        "instead "
        "of 0.0 %, as then every session ended in agreement."
    ) in game.words
    assert (
        "Insisting there (“boulware”), Republic of Korea would have "
        f"{percent(gain(name, 'boulware', 'conceder', 0))} instead of {percent(korea[0])}, on "
        "worse terms."
    ) in game.words


def test_first_table_tells_what_time_took_and_who_speaks_last(bundled):
    here, game = load_scenario("first-table"), bundled["first-table"]
    state = record("first-table", "linear", "conceder").state
    taken = []
    for side, party_id in enumerate(here.ids):
        span = bargain(here).best[side] - here.preferences[side].reservation
        taken.append((utilities(state)[party_id] - payoffs(state)[party_id]) / span)

    assert (
        f"Time took {percentage_points(taken[0])} from Republic of Korea and "
        f"{figure(taken[1])} from Australia there "
        "(patience, breakdown)."
    ) in game.words
    # Round by round Korea opens: Australia answers its tenth offer, and nobody Australia's.
    assert here.protocol.opens == "fixed"
    assert here.ids[0] == "KOR"
    assert (
        "The last offer that can be answered is made by Republic of Korea, in round 10."
        in game.words
    )


def test_cobalt_offtake_ends_with_conceders_or_in_a_deadlock_that_nobody_can_leave_alone(bundled):
    game = bundled["cobalt-offtake"]
    name = "cobalt-offtake"

    assert {one.cell for one in game.report.equilibria} == {(0, 0), (1, 0), (2, 2)}
    for first in BLIND:
        assert record(name, first, "boulware").as_json()["status"] == "no-agreement"
    for second in BLIND:
        assert record(name, "boulware", second).as_json()["status"] == "no-agreement"
    assert (
        "At (boulware, boulware) no session ended in agreement: no strategy of United States "
        "reached one against “boulware”, and no strategy of DR Congo reached one against "
        "“boulware”."
    ) in game.words
    assert (
        "At (conceder, conceder) every session ended in agreement, in round "
        f"{record(name, 'conceder', 'conceder').as_json()['rounds']} of 12; United States gains "
        f"{percent(gain(name, 'conceder', 'conceder', 0))}, DR Congo "
        f"{percent(gain(name, 'conceder', 'conceder', 1))}."
    ) in game.words
    assert (
        "Insisting there (“boulware”), DR Congo would have 0.0 % instead of "
        f"{percent(gain(name, 'conceder', 'conceder', 1))}, as then no session ended in agreement."
    ) in game.words


@pytest.mark.parametrize("name", BUNDLED)
def test_what_is_without_chance_is_said_to_be_exact(bundled, name):
    assert bundled[name].epsilon == 0
    assert any(
        told.startswith("There is no chance in these 9 sessions") for told in bundled[name].words
    )
