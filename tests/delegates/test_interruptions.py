"""A model-driven session killed at any event: nothing is bought twice and the end is the same."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from delegates import negotiate, resume
from tests.delegates.sessions import bare, events_of, haggle, mini, settings_at
from tests.support.openai_stub import OpenAIStub, Said
from transcripts import verify
from transcripts.events import Asked, Replied

SEATS = {
    "models": {"USA": "llm:m", "COD": "llm:m"},
    "menu and voice": {"USA": "menu:m+llm:v", "COD": "firm+llm:v"},
    "mind and voice": {"USA": "llm:m+llm:v", "COD": "boulware"},
}


def moody(request: Any) -> Said:
    """Answer by the prompt alone, now and then with something that cannot be used."""
    text = haggle(request)
    prompt = str(request["messages"])
    bad = crc32(prompt.encode()) % 3 == 0 and "could not be used" not in prompt
    return Said(text="As an AI I cannot." if bad else text, usage=(100, 20, 3))


@dataclass
class Killed:
    """A finished session, to be cut after each of its events."""

    path: Path
    home: Path

    def cuts(self) -> range:
        return range(1, len(events_of(self.path)))

    def after(self, kept: int) -> Path:
        copy = self.path.with_name(f"cut-{kept}.jsonl")
        lines = self.path.read_bytes().splitlines(keepends=True)
        copy.write_bytes(b"".join(lines[:kept]))
        return copy


@pytest.fixture(params=SEATS, ids=lambda name: name)
def killed(request: pytest.FixtureRequest, tmp_path: Path) -> Killed:
    path = tmp_path / "whole.jsonl"
    with OpenAIStub(moody) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        negotiate(mini(rounds=2), SEATS[request.param], seed=2, transcript=path, settings=settings)
    assert {event.type for event in events_of(path)} >= {"asked", "replied", "moved", "unusable"}
    return Killed(path, tmp_path)


def test_no_reply_is_bought_twice_and_the_events_are_the_same(killed: Killed) -> None:
    whole = events_of(killed.path)
    replies = sum(isinstance(event, Replied) for event in whole)
    for kept in killed.cuts():
        copy = killed.after(kept)
        bought = sum(isinstance(event, Replied) for event in whole[:kept])
        with OpenAIStub(moody) as stub:
            record = resume(copy, settings=settings_at(stub.url, home=killed.home))
        assert stub.count == replies - bought, f"killed after event {kept - 1}"
        assert bare_of(events_of(copy)) == bare_of(whole), f"killed after event {kept - 1}"
        assert record.spend.calls == replies
        assert verify(copy).ok


def bare_of(events: list[Any]) -> list[dict[str, Any]]:
    """Return events without the host, which is another stub's each time."""
    told = bare(event for event in events if not isinstance(event, Asked))
    asked = [
        (event.turn, event.purpose, event.call, event.messages, event.settings)
        for event in events
        if isinstance(event, Asked)
    ]
    unique = list(dict.fromkeys(str(one) for one in asked))
    return [{"seats": None} | one if "seats" not in one else {"type": "opened"} for one in told] + [
        {"asked": one} for one in unique
    ]


def test_a_session_carried_on_by_another_model_is_on_record_as_such(killed: Killed) -> None:
    whole = events_of(killed.path)
    middle = next(event.n for event in whole if isinstance(event, Replied) and event.turn == 2)
    for kept in (middle, middle + 1):
        copy = killed.after(kept)
        with OpenAIStub(moody) as stub:
            resume(copy, settings=settings_at(stub.url, home=killed.home), model="other")
        later = [event for event in events_of(copy)[kept:] if isinstance(event, Asked)]
        assert {request["model"] for request in stub.requests} == {"other"}
        assert {event.model for event in later} == {"other"}
        assert len(later) == stub.count
        assert verify(copy).ok


def test_a_question_that_this_version_would_not_ask_is_not_asked_instead(killed: Killed) -> None:
    from games.errors import TranscriptError
    from tests.delegates.sessions import forged

    whole = events_of(killed.path)
    first = next(event for event in whole if isinstance(event, Asked))
    other = tuple(message.model_copy(update={"content": "?"}) for message in first.messages)
    forged_whole = forged(killed.path, {first.n: {"messages": other}})
    lines = forged_whole.read_bytes().splitlines(keepends=True)
    forged_whole.write_bytes(b"".join(lines[: first.n + 1]))
    with OpenAIStub(moody) as stub, pytest.raises(TranscriptError, match="something else than"):
        resume(forged_whole, settings=settings_at(stub.url, home=killed.home))
    assert stub.count == 0
