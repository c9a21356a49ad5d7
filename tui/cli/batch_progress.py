"""How far a batch has come, shown while it plays: one live line in a terminal, lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from delegates.evaluation.playing.progress import Progress
from games.errors import plain as plain_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

TENTH = 0.1
"""Share of the sessions after which another line is written."""

QUIET_S = 10.0
"""Seconds after which another line is written, where less than a tenth was played meanwhile."""

BREATH_S = 1.0
"""Seconds between lines at least, but for the last."""

LONGEST_REASON = 100
"""Characters of why calls fail."""

_MINUTE, _HOUR = 60, 3600


class Shown(Protocol):
    """Shows how far a batch has come; called from any thread."""

    last: Progress | None
    """What was told last."""
    leaves_no_line: bool
    """Whether the cursor stands at the beginning of a line when it has ended."""

    def __call__(self, progress: Progress) -> None:
        """Take note of how far it has come."""
        ...


def progress_words(progress: Progress) -> str:
    """Return how far a batch has come, in one line: sessions, rate, failures, money, time left."""
    return "; ".join((sessions_words(progress), *details(progress)))


def sessions_words(progress: Progress) -> str:
    """Return how many sessions are done: `487 of 960 sessions (51 %)`."""
    share = 100 * progress.done // progress.planned if progress.planned else 100
    return f"{progress.done:,} of {progress.planned:,} sessions ({share} %)"


def details(progress: Progress) -> list[str]:
    """Return what else is known of a batch: how fast, failures, money, time left, what hampers."""
    told: list[str] = []
    if progress.rate is not None and not progress.is_over:
        told.append(f"{_rate(progress.rate)}/s")
    if progress.failed:
        told.append(f"{progress.failed:,} failed")
    if progress.cost_usd is None:
        told.append("cost not known")
    elif progress.cost_usd or progress.cap_usd is not None:
        cap = "" if progress.cap_usd is None else f" of {progress.cap_usd:g}"
        told.append(f"{progress.cost_usd:.4f}{cap} USD")
    if progress.is_over:
        told.append(span(progress.elapsed_s))
    elif progress.eta_s is not None:
        told.append(f"{span(progress.eta_s)} left")
    trouble = trouble_words(progress)
    return [*told, trouble] if trouble else told


def trouble_words(progress: Progress) -> str:
    """Return that calls fail and why; nothing where they do not."""
    if not progress.trouble:
        return ""
    reason = plain_text(progress.trouble)
    if len(reason) > LONGEST_REASON:
        reason = f"{reason[:LONGEST_REASON]}…"
    return f"calls fail and are tried again: {reason}"


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"


def span(seconds: float) -> str:
    """Return a time in words: `45 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = max(0, round(seconds))
    if whole < 2 * _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR:,} h {whole % _HOUR // _MINUTE} min"


@contextmanager
def shown(*, plain: bool) -> Generator[Shown]:
    """Have the progress of a batch shown on stderr meanwhile.

    Args:
        plain: Whether it is told in lines even in a terminal.
    """
    if plain or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield Lines(lambda line: _write(f"{line}\n"))
        return
    from rich.console import Console

    bar = Bar(Console(file=sys.stderr))
    try:
        yield bar
    finally:
        bar.close()


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


class Lines:
    """Writes a line now and then: the first, at each tenth, after some seconds, and the last."""

    leaves_no_line = False

    def __init__(
        self, write: Callable[[str], None], now: Callable[[], float] = time.monotonic
    ) -> None:
        """Write by a function, times taken from a clock in seconds."""
        self.last: Progress | None = None
        self._write = write
        self._now = now
        self._told: Progress | None = None
        self._at = 0.0
        self._lock = Lock()

    def __call__(self, progress: Progress) -> None:
        """Write a line, if it is time for one."""
        with self._lock:
            self.last = progress
            if self._is_time(progress):
                self._told, self._at = progress, self._now()
                self._write(progress_words(progress))

    def _is_time(self, progress: Progress) -> bool:
        before = self._told
        if before is None:
            return True
        if progress.is_over:
            return not before.is_over
        waited = self._now() - self._at
        played = progress.done - before.done
        if waited < BREATH_S:
            return False
        stumbles = bool(progress.trouble) and not before.trouble
        return stumbles or waited >= QUIET_S or played >= TENTH * progress.planned


class Bar:
    """Draws one line that stays in its place, redrawn a few times a second."""

    leaves_no_line = True

    def __init__(self, console: Console) -> None:
        """Draw on a console; the bar appears with the first news."""
        self.last: Progress | None = None
        self._console = console
        self._bars: Bars | None = None
        self._task: TaskID | None = None
        self._lock = Lock()

    def __call__(self, progress: Progress) -> None:
        """Show how far the batch has come."""
        with self._lock:
            self.last = progress
            if self._bars is None or self._task is None:
                self._bars, self._task = self._begin(progress)
            self._bars.update(
                self._task,
                completed=progress.done,
                total=progress.planned,
                told=f"{progress.done:,}/{progress.planned:,}",
                more=trouble_words(progress) or " · ".join(details(progress)),
            )

    def _begin(self, progress: Progress) -> tuple[Bars, TaskID]:
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bars
        from rich.table import Column

        bars = Bars(
            BarColumn(bar_width=None),
            TextColumn("{task.fields[told]}", markup=False, table_column=Column(no_wrap=True)),
            TextColumn("{task.fields[more]}", markup=False, table_column=Column(no_wrap=True)),
            console=self._console,
            expand=True,
            refresh_per_second=4,
            transient=True,
        )
        task = bars.add_task("", total=progress.planned, told="", more="")
        bars.start()
        return bars, task

    def close(self) -> None:
        """Remove the bar; what it came to at the end is told in its place."""
        with self._lock:
            if self._bars is None or self.last is None:
                return
            self._bars.stop()
            self._bars = None
            if self.last.is_over:
                told = progress_words(self.last)
                self._console.print(told, markup=False, highlight=False, soft_wrap=True)
