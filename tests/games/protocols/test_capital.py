"""What a scripted delegate asks its capital for: what alone keeps it from signing what it would."""

from dataclasses import replace
from typing import Any

import pytest

from games.errors import IllegalMove
from games.happenings.happening import Request
from games.moves import AskCapital, Offer
from games.protocols.capital import outside_limits, request_by_rule
from games.session import State, start, step
from tests.support.domains import party, scenario


def text(x: int, y: int) -> int:
    return x * 3 + y


def asking(on_table: int, rounds: int = 4, **mandate: Any) -> State:
    """Return A's second turn, B's offer being on the table.

    To A an option of x is worth 0, 2, 4, of y 0, 3, 6; it has 2 without agreement, may sign o0 and
    o1 of either, and never o0 of x with o2 of y.
    """
    worth = {"x": (0.0, 2.0, 4.0), "y": (0.0, 3.0, 6.0)}
    points = {name: {f"o{k}": row[k] for k in range(3)} for name, row in worth.items()}
    limits = {"x": ["o0", "o1"], "y": ["o0", "o1"]}
    game = scenario(
        {name: list(row) for name, row in points.items()},
        {"A": party(points, 2.0, red_lines=[{"x": "o0", "y": "o2"}]), "B": party(points)},
        protocol={"rounds": rounds, "opens": "fixed"},
        mandates={"A": {"limits": limits, "requests": 2, **mandate}},
    )
    state = start(game)
    for offer in (text(1, 1), on_table):
        state, _ = step(state, Offer(offer))
    return state


ASKS_X, ASKS_Y = AskCapital("x", "o2"), AskCapital("y", "o2")


@pytest.mark.parametrize(
    ("on_table", "asks"),
    [
        (text(2, 1), ASKS_X),
        (text(1, 2), ASKS_Y),
        (text(2, 2), ASKS_X),  # of two options beyond its limits the first
        (text(1, 1), None),  # it may sign that as it is
        (text(0, 0), None),  # worth less than no agreement
        (text(0, 2), None),  # beyond its red line, whatever its capital says
    ],
)
def test_it_asks_for_what_alone_keeps_it_from_signing(
    on_table: int, asks: AskCapital | None
) -> None:
    assert request_by_rule(asking(on_table)) == asks


def test_it_asks_for_nothing_whose_answer_would_come_too_late_or_without_a_text() -> None:
    assert request_by_rule(asking(text(2, 1), rounds=3)) == ASKS_X
    assert request_by_rule(asking(text(2, 1), rounds=2)) is None
    state = asking(text(2, 1))
    assert request_by_rule(replace(state, offer=None)) is None
    other, _ = step(state, Offer(text(1, 1)))
    assert request_by_rule(replace(other, offer=text(2, 1))) is None  # B has no capital to ask


def test_it_asks_for_nothing_while_it_may_sign_nothing() -> None:
    held: dict[str, Any] = {"instructions": [{"round": 2, "kind": "no-deal", "words": "Wait."}]}
    assert request_by_rule(asking(text(2, 1), rounds=4, **held)) is None


def refused(option: AskCapital, over: int, position: int = 0) -> Request:
    return Request(position, option.issue, option.option, is_granted=False, text=over, turn=0)


@pytest.mark.parametrize(
    ("before", "asks"),
    [
        ((refused(ASKS_X, text(2, 2)),), ASKS_Y),
        ((refused(ASKS_X, text(2, 1)),), ASKS_X),  # over a text worth less to it
        ((refused(ASKS_Y, text(2, 2)),), ASKS_X),
        ((refused(ASKS_X, text(2, 2)), refused(ASKS_Y, text(2, 2))), None),
        ((refused(ASKS_X, text(2, 1)),) * 2, None),  # it has asked as often as it may
        ((refused(ASKS_X, text(2, 2), position=1),) * 2, ASKS_X),  # another did
    ],
)
def test_what_was_refused_over_a_text_worth_as_much_is_not_asked_for_again(
    before: tuple[Request, ...], asks: AskCapital | None
) -> None:
    assert request_by_rule(replace(asking(text(2, 2)), requests=before)) == asks


def test_what_lies_outside_a_mandate_is_told_issue_by_issue() -> None:
    game = asking(text(1, 1)).scenario
    assert outside_limits(game, 0, text(2, 2)) == (("x", "o2"), ("y", "o2"))
    assert outside_limits(game, 0, text(1, 2)) == (("y", "o2"),)
    assert outside_limits(game, 0, text(1, 0)) == outside_limits(game, 1, text(2, 2)) == ()


def test_what_the_mandate_does_not_limit_there_is_nothing_to_ask_about() -> None:
    """A's mandate limits x and y, each to o0 and o1, and grants nothing."""
    state = asking(text(2, 1))
    with pytest.raises(IllegalMove) as refused_issue:
        step(state, AskCapital("z", "o2"))
    assert str(refused_issue.value) == ("A: its mandate does not limit 'z'; expected one of x, y")
    with pytest.raises(IllegalMove) as refused_option:
        step(state, AskCapital("x", "o9"))
    assert str(refused_option.value) == "A: x has no option 'o9'; expected one of o0, o1, o2"
    asked, _ = step(state, ASKS_X)
    assert [one.is_granted for one in asked.requests] == [False]
