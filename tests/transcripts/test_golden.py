"""A transcript of every format ever written is read for ever; these files never change."""

import hashlib
import shutil
from pathlib import Path
from typing import get_args

from delegates import resume
from tests.delegates.sessions import events_of
from transcripts import Transcript, verify
from transcripts.events import (
    Decided,
    Event,
    Failed,
    HandedOver,
    MoveMade,
    Opened,
    Replied,
    SessionClosed,
)
from transcripts.fold import fold

DATA = Path(__file__).parent / "data"
FIRST = DATA / "format_1.jsonl"
"""Two model-driven seats; a retry, an unusable reply, a cap met and the session resumed."""


def test_the_golden_file_is_the_one_that_was_written() -> None:
    digest = hashlib.sha256(FIRST.read_bytes()).hexdigest()
    assert digest == (DATA / "format_1.sha256").read_text().strip()


def test_format_1_holds_every_kind_of_event() -> None:
    union, _ = get_args(Event)
    since = {Decided, Failed, HandedOver}
    assert {type(event) for event in events_of(FIRST)} == set(get_args(union)) - since


def test_format_1_is_sound_and_complete(tmp_path: Path) -> None:
    *lines, _ = FIRST.read_bytes().splitlines(keepends=True)
    copy = tmp_path / "without_findings.jsonl"  # which belong to the referee of their day
    copy.write_bytes(b"".join(lines))
    found = verify(copy)
    assert (found.ok, found.complete, found.events) == (True, True, 28)


def test_format_1_tells_the_session_it_told_when_it_was_written() -> None:
    record = fold(events_of(FIRST)).record(FIRST)
    told = record.as_json()
    assert told["session"] == "mini-20261124-005042-7-b011"
    assert told["agreement"] == {"volume": 1, "price": 40, "rail": "rail"}
    assert told["utilities"] == {"USA": 0.0, "COD": 100.0}
    assert told["payoffs"] == {"USA": 1.339823797, "COD": 96.873744474}
    assert (told["rounds"], told["moves"], told["model_calls"]) == (3, 5, 9)
    assert told["tokens"] == {"input": 5202, "output": 196, "cached": 512, "reasoning": 0}
    assert record.offers[0] == (0, "USA", {"volume": 4, "price": 20, "rail": "no rail"})


def test_format_1_keeps_words_prompts_and_prices() -> None:
    events = events_of(FIRST)
    header = events[0]
    assert isinstance(header, Opened)
    assert header.seats["COD"].spec == "menu:tiny-stub+llm:tiny-stub"
    made = [event for event in events if isinstance(event, MoveMade)]
    assert made[0].words == "We propose – “firmly” – these terms."
    bought = [event for event in events if isinstance(event, Replied)]
    assert bought[1].cost_usd == (812 - 512 + 512) * 0.25e-6 + 64 * 2e-6
    assert bought[4].logprobs == (("B", -0.25), ("A", -1.75))


def test_format_1_closes_as_its_moves_do() -> None:
    closed = next(event for event in events_of(FIRST) if isinstance(event, SessionClosed))
    assert closed.status == "agreement"
    assert Transcript(FIRST).header().format == 1


def test_a_finished_session_of_format_1_is_returned_as_it_is(tmp_path: Path) -> None:
    copy = Path(shutil.copy(FIRST, tmp_path / "copy.jsonl"))
    assert resume(copy).status == "agreement"
    assert copy.read_bytes() == FIRST.read_bytes()
