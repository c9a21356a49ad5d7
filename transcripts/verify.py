"""Is a transcript what was written, and can it have happened?"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from games.errors import TranscriptError, UnsoundEvent
from games.referee import REFEREE_VERSION
from games.session import payoffs, utilities
from transcripts.fold import Folded, follow, opened, require_shared
from transcripts.record import rounded
from transcripts.store import Transcript

TOLERANCE = 1e-8
"""To which a result or finding computed again must agree; transcripts keep nine decimals."""


@dataclass
class Verification:
    """What was found in a transcript."""

    events: int = 0
    sound: int = 0
    """How many of them, from the first on, are sound: the number of the first that is not."""
    complete: bool = False
    problems: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])

    @property
    def ok(self) -> bool:
        """Whether everything that stands there is sound; it may be unfinished."""
        return not self.problems

    def as_json(self) -> dict[str, object]:
        """Return the verification in the shape of the JSON contract."""
        return {
            "ok": self.ok,
            "complete": self.complete,
            "events": self.events,
            "problems": self.problems,
            "notes": self.notes,
        }


def verify(path: Path) -> Verification:
    """Return whether a transcript is sound: its chain, its moves, its result and its findings.

    Raises:
        TranscriptError: If there is no file to read.
    """
    transcript = Transcript(path)
    result = Verification(events=len(transcript))
    folded = _walk(transcript, result)
    if transcript.tail:
        mends = folded is not None and not result.problems
        torn = f"event {len(transcript)}: the last line is torn"
        result.problems.append(f"{torn}; `resume` cuts it off and carries on" if mends else torn)
    if folded is not None and not result.problems:
        _check_result(folded, result)
    if 0 < result.sound < len(transcript):
        result.notes.append(
            f"sound up to event {result.sound - 1}; `resume --from-last-sound` carries on from it"
        )
    return result


def _walk(transcript: Transcript, result: Verification) -> Folded | None:
    """Follow the chain to its end or to the first event that is not sound."""
    folded: Folded | None = None
    try:
        folded = opened(transcript, keeps=False)
        for _ in follow(transcript, folded):
            result.sound += 1
        _check_shared(folded, result)
    except UnsoundEvent as error:
        result.problems.append(error.told)
    except TranscriptError as error:
        result.problems.append(str(error))
    return folded


def _check_shared(folded: Folded, result: Verification) -> None:
    try:
        require_shared(folded)
    except UnsoundEvent as error:
        result.problems.append(error.told)
        result.sound = 0


def _check_result(folded: Folded, result: Verification) -> None:
    closed = folded.closed
    result.complete = closed is not None
    if closed is None:
        return
    agreed = folded.state.agreement
    outcome = None if agreed is None else folded.scenario.space.outcome(agreed)
    told = (closed.outcome, closed.utilities, closed.payoffs)
    true = (outcome, rounded(utilities(folded.state)), rounded(payoffs(folded.state)))
    if not _same(told, true):
        result.problems.append(f"event {closed.n}: the result is not that of the moves")
        result.sound = closed.n
    found = folded.found
    if found is None:
        result.notes.append("the referee's findings are not in the transcript")
    elif found.version != REFEREE_VERSION:
        result.notes.append(
            f"event {found.n}: findings by referee version {found.version}; "
            f"this is version {REFEREE_VERSION}"
        )
    elif not _same(_plain(found.findings), _plain(folded.findings.as_json())):
        result.problems.append(f"event {found.n}: the findings are not those of the session")
        result.sound = min(result.sound, found.n)


PROSE = frozenset({"explanation", "completeness_reason"})
"""What findings say in words; wording may change between versions, figures may not."""


def _plain(value: object) -> object:
    """Return a value as JSON gives it back, less its prose."""
    return json.loads(json.dumps(value), object_pairs_hook=_figures)


def _figures(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in pairs if name not in PROSE}


def _same(told: object, true: object) -> bool:
    """Whether two values are equal but for the last digits, in which machines differ."""
    if isinstance(told, Mapping) and isinstance(true, Mapping):
        one, other = cast("Mapping[str, object]", told), cast("Mapping[str, object]", true)
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(told, list | tuple) and isinstance(true, list | tuple):
        parts, others = cast("Sequence[object]", told), cast("Sequence[object]", true)
        return len(parts) == len(others) and all(map(_same, parts, others))
    if isinstance(told, float) and isinstance(true, int | float):
        return math.isclose(told, true, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return told == true
