"""One planned session whose seats are all scripted, played for what the journal keeps of it."""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import lru_cache, partial
from time import monotonic, perf_counter
from types import FrameType
from typing import NamedTuple

from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.planning.plan import Ended
from delegates.evaluation.playing.finish import failed, finished, finished_play, prepare
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished
from delegates.evaluation.playing.unrecorded import played_unrecorded
from delegates.negotiate import negotiate
from delegates.scripted import play_scripted
from delegates.seating import scripted_mind
from delegates.seats import SeatSpec, parse_seat
from games.errors import DelegateError
from games.files.folders import make_folder
from games.files.writing import put_in_place
from games.scenario import Scenario
from transcripts.store import utc_now


class Line(NamedTuple):
    """A line of the journal, ready to be written."""

    key: str
    ended: Ended
    text: bytes


def written(line: Finished) -> Line:
    """Return a session's end as the journal writes it."""
    return Line(line.key, line.ended, line.line)


class _TimeUp(BaseException):
    """Raised in a session that takes longer than it may; no mind can catch it by mistake."""


def is_interruptible() -> bool:
    """Return whether a session that takes too long can be broken off in this thread."""
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and hasattr(signal, "setitimer")


def needs_another_thread(design: Design) -> bool:
    """Return whether sessions could be broken off as the plan wants it, but not in this thread."""
    is_limited = design.plan.session.timeout_s is not None
    return is_limited and hasattr(signal, "setitimer") and not is_interruptible()


def scripted_session(design: Design, row: Row, folder: Folder) -> Finished:
    """Return how a session of scripted minds ends; whatever goes wrong in it, it ends.

    What a plan allows it in time is kept to where `is_interruptible`, within `interruptible`.

    Args:
        design: What is evaluated.
        row: The session, all of whose seats are scripted.
        folder: Where its transcript, or the traceback of a fault, goes.
    """
    limit_s = design.plan.session.timeout_s
    prepare(design, row)
    began = perf_counter()

    def lasted() -> float:
        return round(perf_counter() - began, 6)

    try:
        with _at_most(limit_s):
            ended = _played(design, row, folder)
        return ended(seconds=lasted(), at=utc_now())
    except _TimeUp:
        problem = f"took longer than {limit_s:g} s"
        return failed(design, row, "timeout", problem, seconds=lasted(), at=utc_now())
    except Exception as error:  # noqa: BLE001 - the outermost door: one session of a batch
        problem = keep_traceback(folder, design.session(row.number), error)
        how: Ended = "refused" if isinstance(error, DelegateError) else "error"
        return failed(design, row, how, problem, seconds=lasted(), at=utc_now())


def _played(design: Design, row: Row, folder: Folder) -> Callable[..., Finished]:
    """Play a session, and return what is kept of it, given when it ended and how long it took."""
    scenario = design.played_as(row)
    if design.plan.transcripts == "all":
        return _transcribed(design, row, scenario, folder)
    minds = [scripted_mind(_seat(design.specs[name])) for name in row.seats]
    if scenario.protocol.kind == "alternating-offers" and not scenario.is_eventful:
        return partial(finished_play, design, row, play_scripted(scenario, minds, row.seed))
    session = design.session(row.number)
    return partial(finished, design, row, played_unrecorded(scenario, minds, row.seed, session))


def _transcribed(
    design: Design, row: Row, scenario: Scenario, folder: Folder
) -> Callable[..., Finished]:
    session = design.session(row.number)
    path = folder.transcripts / f"{session}.jsonl"
    # Of a run that was killed before the journal had the session.
    path.unlink(missing_ok=True)
    seats = {party: design.specs[name] for party, name in zip(scenario.ids, row.seats, strict=True)}
    record = negotiate(scenario, seats, seed=row.seed, transcript=path, session=session)
    kept = path.relative_to(folder.path).as_posix()
    return partial(finished, design, row, record, transcript=kept)


@lru_cache(maxsize=1024)
def _seat(text: str) -> SeatSpec:
    return parse_seat(text)


def keep_traceback(folder: Folder, session: str, error: BaseException) -> str:
    """Write down where a session failed, and return what happened in a line."""
    make_folder(folder.errors)
    told = "".join(traceback.format_exception(error))
    put_in_place(folder.errors / f"{session}.txt", told)
    return f"{type(error).__name__}: {error}"


@contextmanager
def _at_most(limit_s: float | None) -> Generator[None]:
    if limit_s is None or not is_interruptible():
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _break_off(_: int, __: FrameType | None) -> None:
    raise _TimeUp


@contextmanager
def interruptible(design: Design) -> Generator[None]:
    """Let sessions within be broken off when they take too long; a timer that ran runs on after."""
    if design.plan.session.timeout_s is None or not is_interruptible():
        yield
        return
    handler = signal.signal(signal.SIGALRM, _break_off)
    left_s, every_s = signal.setitimer(signal.ITIMER_REAL, 0)
    began = monotonic()
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, handler)
        if left_s:
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left_s - monotonic() + began), every_s)
