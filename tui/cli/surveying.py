"""A survey of what hangs on judgements, its progress told to whoever waits for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delegates.trials.robustness import Survey
    from games.scenario import Scenario


def surveyed(
    scenario: Scenario, draws: int, spread: float, seed: int, workers: int | None = None
) -> Survey:
    """Return what survives in a scenario; on a terminal stderr tells how far it is."""
    from delegates.trials.robustness import survey

    is_watched = sys.stderr.isatty()
    try:
        return survey(
            scenario,
            draws,
            spread=spread,
            seed=seed,
            workers=workers,
            progress=_told(sys.stderr.write) if is_watched else None,
        )
    finally:
        if is_watched:
            sys.stderr.write("\r\x1b[K")


def _told(write: Callable[[str], object]) -> Callable[[int, int], None]:
    """Return what tells each whole per cent once."""
    before = -1

    def tell(done: int, jobs: int) -> None:
        nonlocal before
        share = 100 * done // jobs
        if share > before:
            before = share
            write(f"\rdrawn {done:,} of {jobs:,} ({share} %)")
            sys.stderr.flush()

    return tell
