"""A chair by rule, worked by hand: the middle text, whom it has meet, what it sets aside."""

from dataclasses import replace
from typing import Any

import pytest

from games.moves import (
    Adjourn,
    CallInformal,
    Extend,
    Group,
    Merge,
    Move,
    Offer,
    OpenSilence,
    Park,
    PutToVote,
    Reopen,
)
from games.protocols.chairing import chair_move, middle_text
from games.protocols.hall import HallState
from games.scenario import Scenario
from tests.games.protocols.halls import after, opened
from tests.support.domains import listed, party, scenario


def one_issue(*stands: int, weights: dict[str, float] | None = None) -> HallState:
    """Return a hall over ten options at its chair's turn, delegations standing so."""
    ids = "ABCDE"[: len(stands)]
    rule = {"quorum": 0.6, "weights": weights or {}}
    rules = {"kind": "plenary", "rounds": 4, "opens": "fixed", "agreement": rule}
    game = listed({name: [1.0] * 10 for name in ids}, protocol=rules)
    return after(opened(game), *map(Offer, stands))


@pytest.mark.parametrize(
    ("stands", "weights", "middle"),
    [
        ((0, 3, 9), None, 3),  # the median, however far the others are
        ((0, 3), None, 1),  # 1 and 2 are as near by squares too: the first
        ((0, 9), None, 4),
        ((0, 0, 4, 9), None, 3),  # squared distances 55 at 3, 57 at 4, 65 at 2
        ((0, 3, 9), {"C": 3.0}, 9),  # it outweighs the two others
        ((0, 3, 9), {"C": 2.0}, 5),  # 3 to 9 are as near; by squares 61 at 5, 63 at 6, 67 at 4
    ],
)
def test_the_middle_text_is_the_median_and_between_two_medians_the_nearest_by_squares(
    stands: tuple[int, ...], weights: dict[str, float] | None, middle: int
) -> None:
    state = one_issue(*stands, weights=weights)
    assert middle_text(state) == middle
    assert chair_move(state) == Merge(middle)


def test_the_chair_merges_once_when_the_floor_closes_and_once_when_the_rooms_have_risen() -> None:
    state = after(one_issue(0, 3, 9), Merge(0))
    assert state.merged == 1
    assert chair_move(state) != Merge(3)
    assert chair_move(replace(state, met=True)) == Merge(3)
    again = after(replace(state, met=True), Merge(1))
    assert again.merged == 2
    assert chair_move(again) != Merge(3)


def test_there_is_no_middle_where_nobody_stands_for_anything() -> None:
    state = one_issue(0, 3, 9)
    assert middle_text(replace(state, stands=(None, None, None))) is None


def text(x: int, y: int, z: int) -> int:
    return (x * 3 + y) * 3 + z


def in_dispute(**changes: Any) -> HallState:
    """Return a hall of four at its chair's turn, which has merged and to whom y is most disputed.

    The text has 0 of all. Of x one stands for another reading (B), of y two (B and C), of z one
    (D).
    """
    names = ("x", "y", "z")
    points = {name: {f"{name}{k}": 1.0 for k in range(3)} for name in names}
    rules = {
        "kind": "plenary",
        "rounds": 8,
        "opens": "fixed",
        "chair": "A",
        "rooms": {"size": 3, "turns": 1},
        **changes.pop("rules", {}),
    }
    game = scenario(
        {name: list(points[name]) for name in names},
        {name: party(points) for name in "ABCD"},
        protocol=rules,
    )
    said = [Offer(text(0, 0, 0)), Offer(text(1, 1, 0)), Offer(text(0, 1, 0)), Offer(text(0, 0, 1))]
    merged = after(opened(game), *said, Merge(text(0, 0, 0)))
    return replace(merged, **{"merged": 2, **changes})


@pytest.mark.parametrize(
    ("changes", "does"),
    [
        # The text's reading is heard first, then the other, then the second proposer of each.
        ({"now": 0}, CallInformal("y", ("A", "B", "D"))),
        ({"now": 1}, CallInformal("x", ("A", "B", "C"))),
        ({"now": 2}, CallInformal("z", ("A", "D", "B"))),
        ({"now": 3}, CallInformal("y", ("A", "B", "D"))),
        ({"rules": {"rooms": {"size": 2, "turns": 1}}}, CallInformal("y", ("A", "B"))),
        # What is parked or not taken up is not settled apart either.
        ({"now": 2, "parked": frozenset({1})}, CallInformal("x", ("A", "B", "C"))),
        ({"now": 2, "group": frozenset({1, 2})}, CallInformal("y", ("A", "B", "D"))),
    ],
)
def test_each_round_another_bracket_is_settled_apart_the_most_disputed_first(
    changes: dict[str, Any], does: Move
) -> None:
    assert chair_move(in_dispute(**changes)) == does


@pytest.mark.parametrize(
    ("now", "changes", "does"),
    [
        (0, {}, Adjourn()),  # before there has been a second floor nothing is set aside
        (1, {}, Park("y")),
        (2, {}, Park("y")),
        (2, {"parked": frozenset({1})}, Adjourn()),
        (3, {}, Group(("y", "x"))),
        (3, {"parked": frozenset({1})}, Reopen()),
        (3, {"group": frozenset({0, 1})}, Adjourn()),
        (5, {}, Group(("y", "x"))),
        (5, {"grouped_in": 4}, Adjourn()),  # every other floor speaks to the whole text
        (5, {"grouped_in": 3}, Group(("y", "x"))),
        (6, {}, Adjourn()),  # and so does the last one
    ],
)
def test_early_the_most_disputed_is_parked_and_late_two_are_taken_together_on_every_other_floor(
    now: int, changes: dict[str, Any], does: Move
) -> None:
    assert chair_move(in_dispute(now=now, met=True, **changes)) == does


@pytest.mark.parametrize(
    "aside", [{"parked": frozenset({1})}, {"group": frozenset({0, 1})}], ids=["parked", "grouped"]
)
def test_what_was_set_aside_is_reopened_before_a_text_that_is_carried_is_decided(
    aside: dict[str, Any],
) -> None:
    carried = in_dispute(met=True, accepted=frozenset(range(4)))
    assert chair_move(replace(carried, **aside)) == Reopen()


@pytest.mark.parametrize(
    ("changes", "does"),
    [
        ({}, OpenSilence()),
        ({"is_silence_broken": True}, PutToVote()),
        ({"accepted": frozenset({0, 1, 2})}, PutToVote()),  # D would break the silence
        ({"is_voted": True}, Adjourn()),
    ],
)
def test_a_text_that_is_carried_is_brought_under_silence_and_then_to_one_vote(
    changes: dict[str, Any], does: Move
) -> None:
    rules = {"agreement": {"quorum": 0.6}}
    carried = in_dispute(met=True, accepted=frozenset(range(4)), rules=rules)
    assert chair_move(replace(carried, **changes)) == does


def test_a_chair_decides_no_text_that_it_may_not_sign_itself() -> None:
    carried = in_dispute(met=True, accepted=frozenset(range(4)), now=7)
    values = carried.scenario.model_dump(by_alias=True)
    values["parties"]["A"]["red_lines"] = [{"x": "x0"}]
    barred = replace(carried, scenario=Scenario.model_validate(values), stands=(None,) * 4)
    assert chair_move(carried) == OpenSilence()
    assert chair_move(barred) == Adjourn()


def test_two_brackets_are_too_few_to_set_one_aside() -> None:
    state = in_dispute(now=1, met=True)
    alike = (*state.stands[:3], state.stands[0])
    assert chair_move(replace(state, stands=alike)) == Adjourn()


@pytest.mark.parametrize(
    ("ballots", "changes", "does"),
    [
        (("yes", "yes", "no", "no"), {}, Extend()),
        (("yes", "no", "no", "no"), {}, Extend()),  # short of two
        (("no", "no", "no", "no"), {}, Adjourn()),  # of three
        (("yes", "yes", "no", "no"), {"is_extended": True}, Adjourn()),
        (("yes", "yes", "no", "no"), {"now": 6}, Adjourn()),  # there is time as it is
        (("yes", "yes", "no", "no"), {"rules": {"extension": 0}}, Adjourn()),
    ],
)
def test_a_vote_that_two_more_would_have_carried_is_worth_an_extension_at_the_end(
    ballots: tuple[str, ...], changes: dict[str, Any], does: Move
) -> None:
    rules = {"agreement": {"quorum": 0.75}, "extension": 1, **changes.pop("rules", {})}
    state = in_dispute(**{"now": 7, "met": True, **changes}, rules=rules)
    voted = replace(state, is_voted=True, ballots=ballots)
    assert chair_move(voted) == does
