"""Who must agree: passing outcomes and the core, by hand and by brute force over coalitions."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.bargaining import quorum
from games.bargaining.quorum import core, passing
from games.bargaining.solutions import bargain
from games.protocols.alternating_offers import wins
from games.scenario import Scenario
from tests.support.domains import (
    listed,
    outcomes_of,
    party,
    plain_utility,
    plainly_signable,
    scenario,
    scenarios,
)


def minimal_winning(game: Scenario) -> list[tuple[int, ...]]:
    """Return the winning coalitions, of two or more, of which no proper part wins."""
    everyone = range(len(game.ids))
    found: list[tuple[int, ...]] = []
    for size in range(2, len(game.ids) + 1):
        for members in combinations(everyone, size):
            smaller = any(set(one) <= set(members) for one in found)
            if not smaller and wins(game, frozenset(members)):
                found.append(members)
    return found


def plain_core(game: Scenario) -> tuple[list[int], bool]:
    """Return the core and whether no agreement is in it, coalition by coalition."""
    coalitions = minimal_winning(game)
    outcomes = outcomes_of(game.space)
    least = [details.reservation for details in game.parties.values()]
    worth = {k: [plain_utility(game, name, k) for name in game.ids] for k in outcomes}
    may_sign = {k: [plainly_signable(game, name, k) for name in game.ids] for k in outcomes}

    def replaced(own: list[float]) -> bool:
        return any(
            all(may_sign[y][i] and worth[y][i] > own[i] for i in members)
            for y in outcomes
            for members in coalitions
        )

    passes = [
        x
        for x in outcomes
        if any(
            all(may_sign[x][i] and worth[x][i] >= least[i] for i in members)
            for members in coalitions
        )
    ]
    return [x for x in passes if not replaced(worth[x])], not replaced(least)


@st.composite
def with_quorum(draw: st.DrawFn) -> Scenario:
    """Draw a scenario to be agreed by unanimity, or by a weighted quorum with vetoes."""
    game = draw(scenarios(parties=(2, 4)))
    names = list(game.ids)
    rule = draw(
        st.just("unanimity")
        | st.fixed_dictionaries(
            {
                "quorum": st.sampled_from([0.3, 0.5, 0.51, 2 / 3, 0.75, 1.0]),
                "weights": st.dictionaries(
                    st.sampled_from(names), st.sampled_from([0.5, 2.0, 3.0])
                ),
                "vetoes": st.lists(st.sampled_from(names), max_size=1),
            }
        )
    )
    fields = game.model_dump(by_alias=True)
    fields["protocol"]["agreement"] = rule
    return Scenario.model_validate(fields)


@settings(max_examples=150)
@given(with_quorum())
def test_passing_set_and_core_equal_those_found_coalition_by_coalition(game):
    expected, no_agreement = plain_core(game)
    found = core(game)

    assert found.outcomes is not None
    assert (found.outcomes.tolist(), found.no_agreement) == (expected, no_agreement)
    assert set(expected) <= set(passing(game).tolist())


def test_a_majority_that_goes_in_circles_has_an_empty_core():
    # Condorcet: A prefers o0 o1 o2, B o1 o2 o0, C o2 o0 o1.
    game = listed(
        {"A": [3, 2, 1], "B": [1, 3, 2], "C": [2, 1, 3]},
        protocol={"agreement": {"quorum": 0.6}},
    )
    found = core(game)

    assert found.outcomes is not None
    assert (found.outcomes.tolist(), found.no_agreement) == ([], False)


def test_a_veto_holder_ends_the_circle():
    game = listed(
        {"A": [3, 2, 1], "B": [1, 3, 2], "C": [2, 1, 3]},
        protocol={"agreement": {"quorum": 0.6, "vetoes": ["A"]}},
    )

    assert core(game).outcomes.tolist() == [0]  # pyright: ignore[reportOptionalMemberAccess]


def test_on_a_line_the_core_of_a_majority_is_what_the_median_wants():
    # Five parties with single-peaked utilities over 0..10 and peaks at 1, 2, 4, 7, 9.
    peaks = {"A": 1, "B": 2, "C": 4, "D": 7, "E": 9}
    game = listed(
        {name: [10 - abs(k - peak) for k in range(11)] for name, peak in peaks.items()},
        protocol={"agreement": {"quorum": 0.6}},
    )

    assert core(game).outcomes.tolist() == [4]  # pyright: ignore[reportOptionalMemberAccess]


def test_under_unanimity_the_core_is_the_weak_frontier_within_the_zopa():
    game = listed({"A": [0, 5, 5, 9, 4], "B": [9, 5, 6, 0, 4]}, {"A": 1, "B": 1})

    found = core(game)

    assert bargain(game).zopa.tolist() == [1, 2, 4]
    assert found.outcomes is not None
    assert found.outcomes.tolist() == [1, 2]  # nobody gains more than o1 for both at once
    assert found.no_agreement is False


def test_without_a_zopa_no_agreement_is_the_core():
    found = core(listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5}))

    assert found.outcomes is not None
    assert (found.outcomes.tolist(), found.no_agreement) == ([], True)


def test_whose_weight_is_not_named_has_one_vote():
    # A has 2 of 4 votes: with B that is three quarters, and B and C have but half.
    rules = {"agreement": {"quorum": 0.75, "weights": {"A": 2.0}}}
    game = listed(
        {"A": [1, -1], "B": [1, 1], "C": [-1, 1]}, dict.fromkeys("ABC", 0), protocol=rules
    )

    assert bargain(game).passing.tolist() == [0]


def test_a_coalition_cannot_replace_an_outcome_by_one_it_may_not_sign():
    game = listed({"A": [1, 9], "B": [1, 9]}, parties={"A": {"red_lines": [{"deal": "o1"}]}})

    assert core(game).outcomes.tolist() == [0]  # pyright: ignore[reportOptionalMemberAccess]
    worthless = listed({"A": [0, 9], "B": [0, 9]}, parties={"A": {"red_lines": [{"deal": "o1"}]}})
    assert core(worthless).outcomes.tolist() == [0]  # pyright: ignore[reportOptionalMemberAccess]


def test_who_was_outvoted_does_not_help_to_replace_an_outcome_by_one_it_may_not_sign():
    # Two of three decide. A loses by o0 and may not sign o1, which B likes better and C does not.
    game = listed(
        {"A": [-5, 9], "B": [1, 2], "C": [5, 0]},
        parties={"A": {"red_lines": [{"deal": "o1"}]}},
        protocol={"agreement": {"quorum": 0.6}},
    )

    assert core(game).outcomes.tolist() == [0, 1]  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize("block", [1, 2, 100])
def test_one_outcome_that_some_coalition_prefers_is_enough_against_no_agreement(monkeypatch, block):
    monkeypatch.setattr(quorum, "_BLOCK", block)
    rules = {"agreement": {"quorum": 0.6}}
    one = listed(
        {"A": [0, 9, 0], "B": [9, 1, 0], "C": [0, 0, 9]}, dict.fromkeys("ABC", 0.5), protocol=rules
    )
    none = listed(
        {"A": [9, 0, 0], "B": [0, 9, 0], "C": [0, 0, 9]}, dict.fromkeys("ABC", 0.5), protocol=rules
    )

    assert core(one).no_agreement is False
    assert core(none).no_agreement is True


def test_a_core_that_takes_too_long_is_not_computed_and_says_so(monkeypatch):
    monkeypatch.setattr(quorum, "CORE_WORK", 3)
    found = core(listed({"A": [0, 1, 2], "B": [2, 1, 0]}))

    assert found.outcomes is None
    assert found.note == ("not computed: 3 outcomes and 2 parties need more than 3 comparisons")
    for most, is_computed in ((18, True), (17, False)):  # 3 outcomes for 2, against each of 3
        monkeypatch.setattr(quorum, "CORE_WORK", most)
        assert (core(listed({"A": [0, 1, 2], "B": [2, 1, 0]})).note is None) == is_computed


def test_where_the_frontier_is_not_computed_neither_is_the_core(monkeypatch):
    monkeypatch.setattr("games.bargaining.solutions.PARETO_LIMIT", (1, 2))
    found = core(listed({"A": [0, 1, 2], "B": [2, 1, 0]}))

    assert (found.outcomes, found.no_agreement) == (None, None)
    assert str(found.note).startswith("not computed: 3 outcomes and 2 parties")


def test_weighted_votes_of_twenty_parties_are_handled():
    rng = np.random.default_rng(0)
    options = {f"i{k}": [f"o{j}" for j in range(8)] for k in range(3)}
    parties = {
        f"P{p}": party(
            {
                name: {text: float(rng.integers(0, 9)) for text in texts}
                for name, texts in options.items()
            },
            6.0,
        )
        for p in range(20)
    }
    rule = {"quorum": 0.8, "weights": {f"P{p}": 1.0 + p for p in range(20)}, "vetoes": ["P0"]}
    game = scenario(options, parties, protocol={"agreement": rule})
    found = core(game)

    assert found.outcomes is not None
    assert set(found.outcomes.tolist()) < set(passing(game).tolist())
    values = np.array([own.utilities for own in game.preferences])
    for outcome in found.outcomes[:5]:
        preferring = values > values[:, [outcome]]
        assert not any(
            wins(game, frozenset(np.flatnonzero(column).tolist())) for column in preferring.T
        )


@pytest.mark.parametrize("agreement", ["unanimity", {"quorum": 1.0}])
def test_a_quorum_of_all_is_unanimity(agreement):
    game = listed(
        {"A": [0, 5, 6, 2], "B": [6, 5, 0, 2]}, {"A": 1}, protocol={"agreement": agreement}
    )

    assert core(game).outcomes.tolist() == [1, 2]  # pyright: ignore[reportOptionalMemberAccess]
