import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from games.errors import TranscriptError
from games.referee import REFEREE_VERSION
from tests.delegates.sessions import events_of, forged
from transcripts import verify
from transcripts.events import Event, Found


def number_of(events: list[Event], kind: str) -> int:
    return next(event.n for event in events if event.type == kind)


def assert_named(path: Path, number: int, reason: str) -> None:
    found = verify(path)
    assert not found.ok
    assert len(found.problems) == 1
    assert re.match(rf"event {number}: .*{reason}", found.problems[0])


def test_a_finished_session_is_sound_and_complete(finished: Path) -> None:
    found = verify(finished)
    assert found.as_json() == {
        "ok": True,
        "complete": True,
        "events": len(events_of(finished)),
        "problems": [],
        "notes": [],
    }


def test_an_unfinished_session_is_sound_but_not_complete(finished: Path) -> None:
    lines = finished.read_bytes().splitlines(keepends=True)
    for kept in range(1, len(lines) - 2):
        finished.write_bytes(b"".join(lines[:kept]))
        found = verify(finished)
        assert (found.ok, found.complete, found.events) == (True, False, kept)


def test_a_closed_session_without_findings_is_sound_and_says_so(finished: Path) -> None:
    lines = finished.read_bytes().splitlines(keepends=True)
    finished.write_bytes(b"".join(lines[:-1]))
    found = verify(finished)
    assert (found.ok, found.complete) == (True, True)
    assert found.notes == ["the referee's findings are not in the transcript"]


def test_every_flipped_bit_is_named_by_its_event(short: Path) -> None:
    content = short.read_bytes()
    chance = Random(7)
    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(8)
        short.write_bytes(flipped)
        event = content.count(b"\n", 0, place)
        found = verify(short)
        assert not found.ok, f"byte {place}"
        assert found.problems[0].startswith(f"event {event}: "), f"byte {place}"


def test_a_torn_last_line_is_named(finished: Path) -> None:
    content = finished.read_bytes()
    finished.write_bytes(content[:-20])
    assert_named(finished, content.count(b"\n") - 1, "the last line is torn")


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (lambda lines: lines[:3] + lines[4:], 3),
        (lambda lines: lines[:4] + lines[3:], 4),
        (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], 3),
        (lambda lines: lines[1:], 0),
        (lambda lines: [lines[0], *lines], 1),
        (lambda lines: lines[:-2] + lines[-1:], 21),
        (lambda lines: [*lines, lines[-1]], 23),
    ],
    ids=["deleted", "doubled", "swapped", "headless", "two heads", "no close", "doubled end"],
)
def test_lines_deleted_doubled_or_moved_are_named(finished: Path, change: Any, number: int) -> None:
    lines = finished.read_bytes().splitlines(keepends=True)
    assert len(lines) == 23
    finished.write_bytes(b"".join(change(lines)))
    assert_named(finished, number, "")


def test_a_line_of_another_session_is_named(finished: Path, short: Path) -> None:
    mine, other = (path.read_bytes().splitlines(keepends=True) for path in (finished, short))
    finished.write_bytes(b"".join([*mine[:2], other[2], *mine[3:]]))
    assert_named(finished, 2, "does not follow the event before it")


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        ("closed", {"status": "no-agreement"}, "closed as no-agreement, but the moves end in"),
        ("closed", {"outcome": None}, "the result is not that of the moves"),
        ("closed", {"utilities": {"USA": 99.0, "COD": 1.0}}, "the result is not that"),
        ("closed", {"payoffs": {"USA": 99.0, "COD": 1.0}}, "the result is not that"),
        ("found", {"findings": {"version": 1}}, "the findings are not those of the session"),
        ("moved", {"party": "COD"}, "expected USA at turn 0"),
        ("moved", {"turn": 5}, "expected USA at turn 0"),
        ("moved", {"round": 5}, "expected round 0"),
        ("moved", {"outcome": {"volume": 9}}, ""),
        ("moved", {"outcome": None}, "offer without an outcome"),
        ("moved", {"act": "accept"}, "no offer is on the table"),
        ("opened", {"format": 6}, "format 6; this version reads 1 to 5"),
        ("opened", {"scenario": {}}, "the scenario is not valid"),
    ],
)
def test_what_cannot_have_happened_is_named_though_every_seal_is_whole(
    finished: Path, kind: str, change: dict[str, object], reason: str
) -> None:
    number = number_of(events_of(finished), kind)
    assert_named(forged(finished, {number: change}), number, reason)


def test_one_changed_figure_of_the_findings_is_named(finished: Path) -> None:
    found: Any = events_of(finished)[-1]
    changed = found.findings | {"nash_ratio": found.findings["nash_ratio"] + 0.001}
    assert_named(forged(finished, {found.n: {"findings": changed}}), found.n, "the findings")


def test_the_last_digit_of_a_figure_may_differ_between_machines(finished: Path) -> None:
    found: Any = events_of(finished)[-1]
    changed = found.findings | {"nash_ratio": found.findings["nash_ratio"] * (1 + 2e-16)}
    assert changed != found.findings
    assert verify(forged(finished, {found.n: {"findings": changed}})).ok


def test_findings_of_another_referee_are_a_note_and_no_failure(finished: Path) -> None:
    number = len(events_of(finished)) - 1
    change = {"version": REFEREE_VERSION + 1, "findings": {"other": True}}
    found = verify(forged(finished, {number: change}))
    assert (found.ok, found.complete) == (True, True)
    (note,) = found.notes
    assert note.startswith(f"event {number}: findings by referee version {REFEREE_VERSION + 1}; ")


def test_nothing_to_read_is_an_error_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match=r"no\.jsonl: cannot be read: No such file"):
        verify(tmp_path / "no.jsonl")


def test_findings_worded_otherwise_are_still_those_of_the_session(finished: Path) -> None:
    last = events_of(finished)[-1]
    assert isinstance(last, Found)
    findings = json.loads(json.dumps(last.findings))
    findings["matrices"][0]["explanation"] = "In other words."

    copy = forged(finished, {last.n: {"findings": findings}})

    assert verify(copy).ok


def test_of_what_is_no_transcript_it_is_not_promised_that_it_can_be_carried_on(
    tmp_path: Path,
) -> None:
    path = tmp_path / "noise.jsonl"
    for noise in (Random(1).randbytes(4_000), Random(2).randbytes(40) + b"\n\x00", b"{}\n{"):
        path.write_bytes(noise)
        found = verify(path)
        assert not found.ok
        assert "resume" not in " ".join(found.problems)
    path.write_bytes(b"no line end")
    with pytest.raises(TranscriptError, match="no transcript: it holds no whole line"):
        verify(path)


def test_a_torn_line_after_a_sound_header_is_told_to_be_mended(finished: Path) -> None:
    finished.write_bytes(finished.read_bytes()[:-20])
    assert verify(finished).problems[-1].endswith("`resume` cuts it off and carries on")
