"""Every part of the fence keeps something out: without it the suite bites."""

from functools import cache

import pytest

from delegates.minds.menu import brief_messages, candidates
from delegates.models.chat import Message
from delegates.models.quotation import quoted
from tests.delegates.injection.attempts import ATTEMPTS, Attempt
from tests.delegates.injection.fences import MUTANTS, Fence, put_up, raw
from tests.delegates.injection.questions import NORTH, SOUTH, listening, questions
from tests.delegates.injection.readers import Credulous, Gullible
from tests.delegates.injection.sessions import GOOD_DAY


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


def test_a_small_models_menu_holds_nothing_that_anybody_said() -> None:
    asked = set[tuple[Message, ...]]()
    for attempt in ATTEMPTS:
        view = listening(attempt.parts[:1], [NORTH, SOUTH])
        menu = candidates(view)
        asked.add(brief_messages(view, menu, range(len(menu))))
    assert len(asked) == 1
