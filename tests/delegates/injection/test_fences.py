"""Every part of the fence keeps something out: without it the suite bites."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import pytest

from delegates.contract import View
from delegates.minds.menu import candidates, menu_messages
from delegates.models.chat import Message
from delegates.models.prompt import decision_messages, decision_schema
from delegates.models.quotation import quoted
from games.session import Move, Offer
from tests.delegates.injection.attempts import ATTEMPTS, Attempt
from tests.delegates.injection.fences import MUTANTS, Fence, put_up, raw
from tests.delegates.injection.readers import Credulous, Gullible
from tests.delegates.injection.sessions import GAME, GOOD_DAY
from tests.delegates.sessions import view_at

NORTH, SOUTH, EAST = (
    Offer(GAME.space.index({"route": route, "volume": volume}))
    for route, volume in (("north", "3"), ("south", "1"), ("east", "1"))
)
ROUND = [NORTH, SOUTH, EAST]


def listening(parts: Sequence[str], moves: Sequence[Move]) -> View:
    """Return a view of talks in which DR Congo says some words, a part a round."""
    view = view_at(GAME, moves)
    heard = [
        seen._replace(words=parts[seen.round] if seen.party == "COD" else GOOD_DAY[0])
        for seen in view.history
    ]
    return dataclasses.replace(view, history=heard)


def asked(view: View) -> dict[str, Any]:
    """Return a question to an `llm` seat as it goes out."""
    schema = {"schema": decision_schema(view).json}
    return {
        "messages": plain(decision_messages(view, [])),
        "response_format": {"json_schema": schema},
    }


def asked_of_menu(view: View) -> dict[str, Any]:
    """Return a question to a `menu` seat as it goes out."""
    menu = candidates(view)
    return {"messages": plain(menu_messages(view, menu, range(len(menu))))}


def plain(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [dataclasses.asdict(message) for message in messages]


QUESTIONS: tuple[tuple[Callable[[View], dict[str, Any]], list[Move]], ...] = (
    (asked, [NORTH]),
    (asked_of_menu, [NORTH, SOUTH]),
)
"""What each seat is asked in the first round, and after which moves."""


def questions(parts: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return what is asked after the last part was said."""
    before: list[Move] = [*ROUND * (len(parts) - 1)]
    return [ask(listening(parts, before + moves)) for ask, moves in QUESTIONS]


@cache
def reader() -> Gullible:
    """Return the gullible reader, acquainted with the table's forms."""
    gullible = Gullible()
    for parts in (GOOD_DAY[:1], GOOD_DAY[:2], GOOD_DAY):
        for question in questions(parts):
            gullible.learn(question)
    return gullible


def falls_for(
    attempt: Attempt,
    fence: Fence,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Gullible] = Gullible,
) -> bool:
    """Return whether a reader decides otherwise than where nothing is attempted."""
    choose = kind(reader().forms).choose
    with monkeypatch.context() as patch:
        put_up(patch, fence)
        controls = [choose(one) for one in questions(GOOD_DAY[: len(attempt.parts)])]
        return [choose(one) for one in questions(attempt.parts)] != controls


def by_name(name: str) -> Attempt:
    return next(attempt for attempt in ATTEMPTS if str(attempt) == name)


def test_the_gullible_reader_falls_for_nothing_that_is_quoted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert [one for one in ATTEMPTS if falls_for(one, quoted, monkeypatch)] == []


def test_it_falls_for_most_where_nothing_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    fallen_for = [one for one in ATTEMPTS if falls_for(one, raw, monkeypatch)]
    assert len(fallen_for) >= 0.75 * len(ATTEMPTS)
    assert {one.way for one in fallen_for} == {one.way for one in ATTEMPTS}


def test_no_fence_keeps_a_reader_from_persuasion_who_minds_no_quotation_marks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    persuaded = [one for one in ATTEMPTS if falls_for(one, quoted, monkeypatch, Credulous)]
    assert len(persuaded) > len(ATTEMPTS) // 2


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_every_part_of_the_fence_is_needed(mutant: Fence, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = by_name(MUTANTS[mutant])
    assert falls_for(attempt, mutant, monkeypatch)
    assert not falls_for(attempt, quoted, monkeypatch)
