"""Coalitions of unlike parties: proved by definition, found by search, read off a scenario."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.participation.coalitions import linear_game, stable_sizes
from games.participation.membership import (
    ContributionGame,
    contribution_game,
    in_force,
    is_potentially_stable,
    joining_gains,
    largest_with_transfers,
    payoffs,
    stable_coalitions,
)
from games.scenario import Scenario
from tests.games.test_rescaling import rescaled
from tests.support.domains import party, scenario

tenths = st.integers(0, 40).map(lambda number: Fraction(number, 10))


def game_of(
    benefits: list[Fraction],
    capacities: list[Fraction],
    penalty: int | Fraction = 0,
    threshold: Fraction = Fraction(0),
) -> ContributionGame:
    """Return a game of parties P0, P1, … with equal weights and penalties."""
    parties = len(benefits)
    return ContributionGame(
        names=tuple(f"P{number}" for number in range(parties)),
        benefit=tuple(benefits),
        capacity=tuple(capacities),
        penalty=(Fraction(penalty),) * parties,
        weights=(Fraction(1),) * parties,
        threshold=threshold,
    )


def alike(parties: int, penalty: int = 0) -> ContributionGame:
    """Return a game of identical parties with b = c = 1."""
    return game_of([Fraction(1)] * parties, [Fraction(1)] * parties, penalty)


@st.composite
def games(draw: st.DrawFn, parties: tuple[int, int] = (2, 5)) -> ContributionGame:
    count = draw(st.integers(*parties))
    several = st.lists(tenths, min_size=count, max_size=count)
    return game_of(
        draw(several),
        draw(several),
        draw(tenths),
        draw(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)])),
    )


def plain_payoffs(game: ContributionGame, members: tuple[bool, ...]) -> list[Fraction]:
    """Return the payoffs from the contributions, spelled out."""
    count = len(members)
    inside = members if sum(members) >= game.threshold * count else (False,) * count
    joint = sum(b for b, x in zip(game.benefit, inside, strict=True) if x)
    given_by = [
        (joint if x else b) * k for b, k, x in zip(game.benefit, game.capacity, inside, strict=True)
    ]
    total = sum(given_by)
    return [
        b * total - (q * q / k / 2 if k else 0) - (0 if x else tau * Fraction(sum(inside), count))
        for b, q, k, x, tau in zip(
            game.benefit, given_by, game.capacity, inside, game.penalty, strict=True
        )
    ]


@given(games())
def test_payoffs_are_those_of_the_contributions_spelled_out(game):
    for members in product((False, True), repeat=len(game.names)):
        assert list(payoffs(game, np.array(members))) == plain_payoffs(game, members)


@given(games())
def test_exactly_the_stable_coalitions_are_found_among_few_parties(game):
    expected: set[tuple[str, ...]] = set()
    for members in product((False, True), repeat=len(game.names)):
        worth = plain_payoffs(game, members)
        regrets = [
            plain_payoffs(game, tuple(y != (k == j) for k, y in enumerate(members)))[j] - worth[j]
            for j in range(len(members))
        ]
        if sum(members) > 1 and max(regrets) <= 0 and in_force(game, np.array(members)):
            expected.add(tuple(n for n, x in zip(game.names, members, strict=True) if x))

    found = stable_coalitions(game)

    assert found.complete
    assert {coalition.members for coalition in found.found} == expected


@given(games())
def test_the_gain_of_joining_is_the_difference_of_payoffs(game):
    for members in product((False, True), repeat=len(game.names)):
        for position, gain in enumerate(joining_gains(game, np.array(members))):
            inside = tuple(x or k == position for k, x in enumerate(members))
            outside = tuple(x and k != position for k, x in enumerate(members))
            expected = plain_payoffs(game, inside)[position]
            assert gain == expected - plain_payoffs(game, outside)[position]


@pytest.mark.parametrize("penalty", [0, 20, 100, 2000])
def test_identical_parties_settle_at_the_sizes_known_exactly(penalty):
    found = stable_coalitions(alike(54, penalty))

    expected = {one.size for one in stable_sizes(linear_game(54, penalty=penalty))}
    assert {len(coalition.members) for coalition in found.found} == expected
    assert not found.complete
    assert found.unsettled == 0
    assert found.note == "found from 256 random starts, more may exist"


def unlike(parties: int = 54, spread: float = 0.3) -> ContributionGame:
    """Return a game of parties that differ somewhat, by a fixed seed."""
    rng = np.random.default_rng(5)
    drawn = np.exp(rng.normal(0, spread, size=(2, parties)))
    benefits, capacities = (
        [Fraction(round(value * 1000), 1000) for value in row] for row in drawn.tolist()
    )
    return game_of(benefits, capacities)


def test_54_unlike_parties_form_only_small_coalitions_proved_stable():
    game = unlike()

    found = stable_coalitions(game, seed=1)

    assert found.found
    for coalition in found.found:
        members = np.isin(game.names, coalition.members)
        gains = joining_gains(game, members)
        assert all(gain >= 0 for gain, x in zip(gains, members, strict=True) if x)
        assert all(gain <= 0 for gain, x in zip(gains, members, strict=True) if not x)
        assert coalition.surplus >= 0
    assert max(len(coalition.members) for coalition in found.found) <= 4


def test_a_seed_makes_the_search_repeatable():
    assert stable_coalitions(unlike(), seed=3) == stable_coalitions(unlike(), seed=3)


def test_transfers_hold_what_no_member_would_hold_by_itself():
    # P0 cares and can give little; P1 can give much and cares little: P1 leaves unless paid.
    game = game_of([Fraction(4), Fraction(1)], [Fraction(1), Fraction(3)])
    together = np.array([True, True])

    gains = joining_gains(game, together)

    # Outside Q = 4 + 3 = 7: 28 − 8 = 20 and 7 − 3/2. Inside, at b = 5 each, Q = 5 + 15 = 20:
    # 80 − 25/2 and 20 − 75/2.
    assert gains == (
        Fraction(80) - Fraction(25, 2) - 20,
        Fraction(20) - Fraction(75, 2) - 7 + Fraction(3, 2),
    )
    assert is_potentially_stable(game, together)
    assert stable_coalitions(game).found == ()


@given(games(parties=(2, 4)))
def test_transfers_hold_coalitions_as_large_as_the_definition_allows(game):
    held: dict[tuple[str, ...], Fraction] = {}
    for members in product((False, True), repeat=len(game.names)):
        worth = plain_payoffs(game, members)
        surplus = sum(
            worth[i] - plain_payoffs(game, tuple(x and k != i for k, x in enumerate(members)))[i]
            for i, joined in enumerate(members)
            if joined
        )
        if surplus >= 0 and in_force(game, np.array(members)):
            names = tuple(n for n, x in zip(game.names, members, strict=True) if x)
            held[names] = Fraction(surplus)
    most = max((len(names) for names in held), default=0)

    found = largest_with_transfers(game)

    assert {one.members: one.surplus for one in found.found} == {
        names: surplus for names, surplus in held.items() if len(names) == most
    }


def test_among_identical_parties_transfers_change_nothing():
    found = largest_with_transfers(alike(54, 100), seed=2)

    assert {len(one.members) for one in found.found} == {6}
    assert found.note == "found from 256 random starts, more may exist"


def test_among_unlike_parties_transfers_hold_more():
    game = unlike(spread=0.8)

    paid, free = largest_with_transfers(game), stable_coalitions(game)

    most = max((len(one.members) for one in free.found), default=0)
    assert len(paid.found[0].members) > most
    assert is_potentially_stable(game, np.isin(game.names, paid.found[0].members))


def test_all_of_few_coalitions_are_looked_at():
    assert stable_coalitions(alike(5)).note == "all of 32 coalitions were looked at"


def text(**participation: object) -> Scenario:
    """Return three parties of which each owes one thing and wants the others'."""
    issues = {
        name: {"label": name, "options": ["no", "yes"], "obligor": owner}
        for name, owner in (("ore", "A"), ("plant", "B"), ("money", "C"))
    }
    worth = {
        "A": {"ore": 6, "plant": -12, "money": -8},
        "B": {"ore": -10, "plant": 4, "money": -6},
        "C": {"ore": -5, "plant": -5, "money": 2},
    }
    parties = {
        name: party(
            {issue: {"no": value, "yes": 0} for issue, value in points.items()},
            reservation=sum(points.values()),
            side="supplier" if name == "A" else "consumer",
        )
        for name, points in worth.items()
    }
    return scenario(issues, parties, participation=participation or None)


AGREED = 7


def test_benefits_and_costs_are_read_off_the_utilities():
    game = contribution_game(text(), AGREED)

    # A gives up 6 for 20 from two others and can gain 20 at most (its own ore withheld): b = 20/2.
    best = [20, 16, 10]
    assert game.benefit == tuple(Fraction(b) / m for b, m in zip((10, 8, 5), best, strict=True))
    assert game.capacity == tuple(Fraction(m, 2 * c) for c, m in zip((6, 4, 2), best, strict=True))
    assert game.threshold == 0


def test_a_scenario_may_state_what_the_utilities_do_not_show():
    game = contribution_game(
        text(
            benefit={"A": 0.25},
            cost=0.5,
            threshold=0.5,
            weights={"B": 2},
            penalty={"A": 5},
        ),
        AGREED,
    )

    assert game.benefit == (Fraction(1, 4), 0, 0)
    assert game.capacity == (2, 2, 2)
    assert game.penalty == (Fraction(1, 4), 0, 0)
    assert game.weights == (1, 2, 1)
    assert game.threshold == Fraction(1, 2)


def test_who_owes_nothing_has_nothing_to_give():
    game = contribution_game(
        scenario(
            {"volume": {"label": "volume", "options": [0, 10], "obligor": "B"}},
            {
                "A": party({"volume": {"0": 0, "10": 40}}),
                "B": party({"volume": {"0": 10, "10": 8}}, side="supplier"),
            },
        ),
        1,
    )

    assert game.capacity[0] == 0
    assert game.capacity[1] > 0
    assert game.benefit[1] == 0


@pytest.mark.parametrize("factor", [0.3, 1 / 3, 4.0, 77.0])
@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_a_partys_unit_changes_no_coalition(name, factor):
    game = text()

    other = rescaled(game, name, factor, 3.7)

    assert contribution_game(other, AGREED) == contribution_game(game, AGREED)
    assert stable_coalitions(contribution_game(other, AGREED)) == stable_coalitions(
        contribution_game(game, AGREED)
    )
