"""How far a batch has come."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from delegates.evaluation.planning.plan import FAILURES, Ended


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a batch has come; a new one is told at most ten times a second, and at the end."""

    planned: int
    done: int
    """Finished sessions, earlier ones included."""
    earlier: int
    """Of them, those that an earlier run finished."""
    running: int
    ended: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many ended how, by class; see `plan.Ended`."""
    failed: int = 0
    cost_usd: float | None = 0.0
    """Spent by the whole batch, earlier runs included; None where a price is not known."""
    cap_usd: float | None = None
    elapsed_s: float = 0.0
    """Of this run."""
    rate: float | None = None
    """Sessions a second of late; None before any has finished."""
    eta_s: float | None = None
    trouble: str = ""
    """Why calls of models fail and are being made again, where none has been answered since."""
    is_over: bool = False


Watch = Callable[[Progress], None]
"""Shown how far a batch has come, in whatever thread a session ended."""

TELL_S = 0.1
"""Least time between two tellings."""

WINDOW_S = 20.0
"""Over how long the rate is taken, but for batches so slow that few sessions end in it."""

FEW = 10
"""Sessions that the rate is taken over at least, once so many have ended."""


class Tally:
    """Counts sessions as they end, and tells whoever watches now and then; for many threads."""

    def __init__(
        self,
        planned: int,
        earlier: Mapping[Ended, int],
        watch: Watch | None,
        *,
        cost_usd: Callable[[], float | None],
        cap_usd: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to count.

        Args:
            planned: How many sessions there are.
            earlier: How many were finished before, by class.
            watch: Whoever is told.
            cost_usd: Says what the whole batch has cost by now.
            cap_usd: The cap on that.
            clock: Measures the time.
        """
        self._planned = planned
        self.ended: Counter[Ended] = Counter(earlier)
        """How many have ended, by class."""
        self.earlier = sum(earlier.values())
        self._done = self.earlier
        self._watch = watch
        self._cost_usd, self._cap_usd = cost_usd, cap_usd
        self._clock = clock
        self._began = clock()
        self._told = -TELL_S
        self._running = 0
        self._trouble = ""
        self._samples = deque([(self._began, self._done)])
        self._lock = threading.RLock()

    def add(self, ended: Iterable[Ended]) -> None:
        """Count sessions that have ended."""
        with self._lock:
            before = self._done
            for one in ended:
                self.ended[one] += 1
                self._done += 1
            if self._done > before:
                self._tell()

    def run(self, running: int) -> None:
        """Take in how many sessions go on."""
        with self._lock:
            self._running = running
            self._tell()

    def call(self, trouble: str) -> None:
        """Take in why a call failed that is made again; nothing, where one was answered."""
        with self._lock:
            if trouble or self._trouble:
                self._trouble = trouble
                self._tell()

    def end(self) -> None:
        """Tell how it ended."""
        with self._lock:
            self._running, self._trouble = 0, ""
            self._tell(is_over=True)

    def _tell(self, *, is_over: bool = False) -> None:
        now = self._clock()
        if self._watch is None or (now - self._told < TELL_S and not is_over):
            return
        self._told = now
        rate = self._rate(now)
        left = self._planned - self._done
        self._watch(
            Progress(
                planned=self._planned,
                done=self._done,
                earlier=self.earlier,
                running=self._running,
                ended={**self.ended},
                failed=sum(self.ended[failure] for failure in FAILURES),
                cost_usd=self._cost_usd(),
                cap_usd=self._cap_usd,
                elapsed_s=now - self._began,
                rate=rate,
                eta_s=left / rate if rate else None,
                trouble=self._trouble,
                is_over=is_over,
            )
        )

    def _rate(self, now: float) -> float | None:
        """Return how many sessions have ended a second of late."""
        samples = self._samples
        if self._done > samples[-1][1]:
            samples.append((now, self._done))
        while len(samples) > 1:
            then, done = samples[1]
            if now - then < WINDOW_S or self._done - done < FEW:
                break
            samples.popleft()
        then, done = samples[0]
        return (self._done - done) / (now - then) if self._done > done and now > then else None
