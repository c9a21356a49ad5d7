"""A roll call: hand-worked counts, and brute force over every way in which it may go on."""

from dataclasses import replace
from itertools import combinations, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.moves import Ballot
from games.protocols.hall import HallState
from games.protocols.voting import count
from games.scenario import Quorum, Scenario
from games.session import start
from tests.support.domains import listed

BALLOTS: tuple[Ballot | None, ...] = ("yes", "no", "abstain", None)


def cast(game: Scenario, ballots: tuple[Ballot | None, ...], *left: int) -> HallState:
    """Return a hall in which these ballots have been cast and these delegations have left."""
    state = start(game)
    assert isinstance(state, HallState)
    return replace(state, ballots=ballots, left=frozenset(left))


def plenary(parties: int, agreement: object) -> Scenario:
    return listed(
        {f"P{k}": [1, 2] for k in range(parties)},
        protocol={"kind": "plenary", "agreement": agreement},
    )


WEIGHTED = {"quorum": 0.6, "weights": {"P0": 3, "P1": 2}, "vetoes": ["P1"]}
"""Of four: weights 3, 2, 1, 1; 4.2 of 7 are needed, and P1 must not be against."""


@pytest.mark.parametrize(
    ("ballots", "adopted", "short", "blocked"),
    [
        (("yes", "yes", "no", "no"), True, 0, ()),
        (("yes", "no", "yes", "yes"), False, 0, (1,)),
        (("yes", "abstain", "no", "yes"), False, 1, ()),
        (("yes", "abstain", "yes", "yes"), True, 0, ()),
        (("no", "yes", "yes", "yes"), False, 1, ()),
        (("no", "no", "no", "no"), False, 2, (1,)),
        (("abstain",) * 4, False, 2, ()),
        (("yes", None, None, None), False, 1, ()),
    ],
)
def test_a_weighted_majority_with_a_veto(
    ballots: tuple[Ballot | None, ...], adopted: bool, short: int, blocked: tuple[int, ...]
) -> None:
    found = count(cast(plenary(4, WEIGHTED), ballots))
    assert (found.is_adopted, found.short_of, found.blocked_by) == (adopted, short, blocked)


@pytest.mark.parametrize(
    ("ballots", "adopted", "short", "blocked"),
    [
        (("yes", "yes", "yes"), True, 0, ()),
        (("yes", "abstain", "abstain"), True, 0, ()),
        (("abstain", "abstain", "abstain"), False, 0, ()),
        (("yes", "no", "yes"), False, 1, (1,)),
        (("yes", "yes", None), False, 1, ()),
    ],
)
def test_unanimity_is_not_prevented_by_abstention_but_by_any_no(
    ballots: tuple[Ballot | None, ...], adopted: bool, short: int, blocked: tuple[int, ...]
) -> None:
    found = count(cast(plenary(3, "unanimity"), ballots))
    assert (found.is_adopted, found.short_of, found.blocked_by) == (adopted, short, blocked)


def test_the_count_in_words_names_the_blocking_coalition() -> None:
    game = plenary(4, WEIGHTED)
    names = ("Ann", "Ben", "Cas", "Dee")
    told = count(cast(game, ("no", "no", "yes", "abstain"))).words(names)
    assert told == "1 yes, 2 no, 1 abstaining: not adopted, blocked by Ben and short of 2 votes"
    none = count(cast(plenary(2, "unanimity"), ("abstain", "abstain"))).words(names)
    assert none == "0 yes, 0 no, 2 abstaining: not adopted, nobody voted for it"
    assert count(cast(game, ("yes", "yes", "no", "no"))).words(names).endswith(": adopted")


def test_who_has_left_counts_in_the_total_and_for_nobody() -> None:
    game = plenary(4, {"quorum": 0.75})
    found = count(cast(game, ("yes", "yes", "yes", "yes"), 3))
    assert (found.is_adopted, found.yes) == (True, (0, 1, 2))
    lost = count(cast(game, ("yes", "yes", None, None), 2, 3))
    assert (lost.is_adopted, lost.short_of) == (False, 1)  # whom nobody present can make up


@st.composite
def roll_calls(draw: st.DrawFn) -> tuple[Quorum, tuple[Ballot | None, ...]]:
    """Draw a rule with weights and vetoes, and a roll call that may be under way."""
    ids = [f"P{k}" for k in range(draw(st.integers(2, 5)))]
    rule = Quorum(
        quorum=draw(st.sampled_from([0.25, 0.5, 0.6, 0.75, 1.0])),
        weights=draw(st.dictionaries(st.sampled_from(ids), st.sampled_from([0.5, 2.0, 3.0]))),
        vetoes=tuple(draw(st.lists(st.sampled_from(ids), max_size=2, unique=True))),
    )
    return rule, tuple(draw(st.sampled_from(BALLOTS)) for _ in ids)


def plainly_adopted(rule: Quorum, ballots: tuple[Ballot | None, ...]) -> bool:
    """Return whether a complete roll call adopts the text, from the rule alone."""
    weights = [rule.weights.get(f"P{k}", 1.0) for k in range(len(ballots))]
    behind = sum(weight for weight, one in zip(weights, ballots, strict=True) if one == "yes")
    vetoed = any(ballots[int(name[1:])] == "no" for name in rule.vetoes)
    return behind > 0 and not vetoed and behind >= rule.quorum * sum(weights) - 1e-9


@given(roll_calls())
def test_a_count_is_adopted_exactly_where_the_rule_says(
    call: tuple[Quorum, tuple[Ballot | None, ...]],
) -> None:
    rule, ballots = call
    game = plenary(len(ballots), rule.model_dump())
    assert count(cast(game, ballots)).is_adopted == plainly_adopted(rule, ballots)


@given(roll_calls())
def test_short_of_is_the_least_number_of_votes_that_would_reach_the_weight(
    call: tuple[Quorum, tuple[Ballot | None, ...]],
) -> None:
    rule, ballots = call
    unblocked = Quorum(quorum=rule.quorum, weights=rule.weights)
    others = [k for k, ballot in enumerate(ballots) if ballot != "yes"]
    enough = [
        size
        for size in range(len(others) + 1)
        for more in combinations(others, size)
        if plainly_adopted(
            unblocked, tuple("yes" if k in more else one for k, one in enumerate(ballots))
        )
    ]
    found = count(cast(plenary(len(ballots), rule.model_dump()), ballots))
    assert found.short_of == min(enough)


@given(roll_calls())
def test_the_blocking_coalition_blocks_however_the_roll_call_goes_on(
    call: tuple[Quorum, tuple[Ballot | None, ...]],
) -> None:
    """While a holder of a veto is against no completion adopts it; once none is, some does."""
    rule, ballots = call
    found = count(cast(plenary(len(ballots), rule.model_dump()), ballots))
    choices: list[tuple[Ballot | None, ...]] = [
        BALLOTS[:3] if one is None else (one,) for one in ballots
    ]
    goes_on = [plainly_adopted(rule, completed) for completed in product(*choices)]
    assert not (found.blocked_by and any(goes_on))
    if found.short_of > len(found.outstanding):
        assert not any(goes_on)
    won_over: tuple[Ballot | None, ...] = ("yes",) * len(ballots)
    assert plainly_adopted(rule, won_over)


@given(roll_calls())
def test_the_order_of_the_parties_changes_no_result(
    call: tuple[Quorum, tuple[Ballot | None, ...]],
) -> None:
    rule, ballots = call
    names = [f"P{k}" for k in range(len(ballots))]
    found = {
        (tally.is_adopted, tally.short_of, frozenset(order[k] for k in tally.blocked_by))
        for order in list(permutations(names))[:24]
        for tally in (
            count(
                cast(
                    listed(
                        {name: [1, 2] for name in order},
                        protocol={"kind": "plenary", "agreement": rule.model_dump()},
                    ),
                    tuple(ballots[names.index(name)] for name in order),
                )
            ),
        )
    }
    assert len(found) == 1
