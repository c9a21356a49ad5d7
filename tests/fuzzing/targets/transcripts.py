"""Transcripts: any line may be changed and sealed anew, as by somebody who wants to deceive."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from delegates.negotiate import negotiate
from delegates.settings import load_settings
from games.errors import TranscriptError
from games.scenario import Scenario
from tests.delegates.halls import hall_of
from tests.delegates.sessions import mini, tiny
from tests.fuzzing.changes import spelt
from tests.fuzzing.confinement import room
from tests.fuzzing.target import Target, refused, require_line, require_shown
from tests.fuzzing.trees import changed
from transcripts.fold import fold
from transcripts.lineage import parent_file
from transcripts.store import Transcript, TranscriptFile, seal
from transcripts.verify import verify
from tui.library.sessions import session_card
from tui.replay.recording import Recording

_WORDS = (
    "n", "at", "prev", "type", "opened", "moved", "closed", "found", "asked", "replied", "decided",
    "handed-over", "happened", "prepared", "resumed", "retried", "failed", "suggested", "scenario",
    "seats", "spec", "party", "turn", "round", "act", "offer", "accept", "walk-away", "outcome",
    "on", "words", "by", "seed", "parent", "event", "moves", "session", "hash", "format", "limits",
    "shocks", "sheet", "status", "utilities", "payoffs", "findings", "version", "agreement", "USA",
    "COD", "A", "B", "call", "text", "usage", "tokens", "cost_usd",
)  # fmt: skip


@cache
def transcript_seeds() -> Sequence[bytes]:
    """Return transcripts of small sessions."""
    return [
        _played(tiny(), "firm(demand=0.4)"),
        _played(mini(), "boulware"),
        _played(hall_of(rounds=2), "firm"),
    ]


def _played(scenario: Scenario, spec: str) -> bytes:
    home = room() / "played"
    home.mkdir(exist_ok=True)
    path = home / f"{scenario.id}.jsonl"
    path.unlink(missing_ok=True)
    settings = load_settings({"MINILATERAL_HOME": str(home)})
    seats = dict.fromkeys(scenario.ids, spec)
    negotiate(scenario, seats, seed=1, transcript=path, settings=settings, watch=_unwatched)
    return path.read_bytes()


def _rare() -> Sequence[dict[str, Any]]:
    """Return events of the kinds that sessions between rules do not have."""
    of = {"turn": 0, "party": "USA"}
    asked = {**of, "purpose": "decide", "call": 0}
    tokens = {"input": 9, "output": 4, "cached": 0, "reasoning": 1}
    message = {"role": "user", "content": "x"}
    sheet = {"reservation": 30, "ranking": ["price"], "guesses": {"COD": {"reservation": 2}}}
    return (
        {"type": "asked", **asked, "model": "m", "host": "h", "messages": [message]},
        {"type": "replied", **asked, "text": "{}", "tokens": tokens, "cost_usd": 0.1,
         "logprobs": [["A", -0.1]], "latency_s": 0.5},
        {"type": "retried", **of, "attempt": 1, "reason": "HTTP 500", "wait_s": 1.0},
        {"type": "failed", **of, "reason": "HTTP 500", "tokens": tokens},
        {"type": "unusable", **asked, "reason": "it was empty", "fault": "empty"},
        {"type": "decided", **of, "act": "walk-away", "words": "We leave."},
        {"type": "handed-over", **of, "to": "stand-in", "turns": 2, "reason": "no answer"},
        {"type": "handed-over", **of, "to": "person", "reason": "back"},
        {"type": "resumed", "turn": 0, "model": "m", "limits": {"max_cost_usd": 1.0}},
        {"type": "happened", "turn": 0, "round": 0, "what": "shock", "by": "trainer", "shock": "x"},
        {"type": "prepared", **of, "when": "before", "sheet": sheet},
        {"type": "suggested", **of, "act": "walk-away", "reason": "r"},
    )  # fmt: skip


def _unwatched(*_: object) -> None:
    """Have every event written, as where somebody watches."""


def _opened(read: bytes) -> list[Any]:
    """Return what the lines of a transcript say, or their bytes where they are no JSON."""
    found: list[Any] = []
    for line in read.splitlines():
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError, TypeError):
            found.append(line)
    return found


def _sealed(lines: Sequence[Any], chance: Random) -> bytes:
    """Return lines numbered, linked and sealed anew, but for a few."""
    parts: list[bytes] = []
    last = ""
    for number, line in enumerate(lines):
        if not isinstance(line, dict):
            parts.append(line + b"\n" if isinstance(line, bytes) else b"null\n")
            continue
        told = {k: v for k, v in line.items() if k not in ("n", "prev", "hash")}
        told = line if chance.random() < 0.02 else {"n": number, **told, "prev": last}
        body = json.dumps(told, separators=(",", ":"), ensure_ascii=chance.random() < 0.5)
        sealed, last = seal(body.encode("utf-8", "replace")[:-1])
        parts.append(sealed)
    whole = b"".join(parts)
    return whole[: -chance.randrange(1, 30)] if chance.random() < 0.05 else whole


_SPELT = spelt(transcript_seeds, _WORDS)


def _change(read: bytes, chance: Random) -> bytes:
    if chance.random() < 0.1:
        return _SPELT(read, chance)
    lines = _opened(read) or _opened(chance.choice(transcript_seeds()))
    others = [one for one in _opened(chance.choice(transcript_seeds())) if isinstance(one, dict)]
    others += _rare()
    at = chance.randrange(len(lines))
    match chance.randrange(8):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, chance.choice(lines))
        case 2:
            lines.insert(at, chance.choice(others))
        case 3:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            at = 0 if chance.random() < 0.4 else at
            lines[at] = changed(lines[at], others, _WORDS, chance)
    try:
        return _sealed(lines, chance)
    except (ValueError, RecursionError, TypeError):
        return _SPELT(read, chance)


def reads_transcript(read: bytes) -> None:
    """Verify, fold, list and reopen a transcript."""
    path = room() / "session.jsonl"
    path.write_bytes(read)
    with refused(TranscriptError):
        found = verify(path)
        for told in (*found.problems, *found.notes):
            require_line(told)
        json.dumps(found.as_json(), allow_nan=False)
    with refused(TranscriptError):
        record = fold(Transcript(path).events()).record(path)
        json.dumps(record.as_json(), allow_nan=False)
    with refused(TranscriptError):
        parent_file(path)
    _replays(path)
    card = session_card(path)
    for shown in (card.title, card.problem or "-", card.when or "-", card.branch_of or "-"):
        require_shown(shown)
    _reopens(path)


def _replays(path: Path) -> None:
    """Show every move that a recording holds, as each party may know it."""
    with refused(TranscriptError):
        recording = Recording(path)
        recording.line_bytes()
        for position in range(len(recording)):
            for see in (None, *recording.scenario.ids):
                for notice in recording.move(position, see).notices:
                    require_line(notice)


def _reopens(path: Path) -> None:
    """Open a transcript to carry it on, as `--resume` does."""
    before = path.read_bytes()
    with refused(TranscriptError):
        file, events = TranscriptFile.reopen(path)
        file.close()
        if not path.read_bytes().startswith(before[: before.rfind(b"\n") + 1]):
            raise AssertionError("what was sound is not there any more")
        if len(events) != len(Transcript(path)):
            raise AssertionError("other events than lines")


TRANSCRIPT = Target(
    name="transcript",
    reads=reads_transcript,
    seeds=transcript_seeds,
    change=_change,
    words=_WORDS,
)
