"""How accurately every seat of every table played; computed by several processes at once.

A review of all seats takes seconds (see `docs/reference/review.md`), so that a class takes
minutes of one core: it is computed where it is asked for, and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import as_completed
from pathlib import Path

from delegates.classroom.tables import Table, Watch
from delegates.debriefing.readings import accuracy_of, readings
from delegates.debriefing.recorded import Recorded, read_whole
from delegates.processes import process_count, processes

Played = Mapping[str, tuple[float, float | None] | None]
"""Party → accuracy in percent, with its standard error; None where it is not computed."""


def accuracies_of(
    tables: Sequence[Table], *, workers: int | None = None, watch: Watch | None = None
) -> dict[str, Played]:
    """Return table → how accurately each of its seats played.

    Args:
        tables: Finished ones.
        workers: Processes; as many as there are processors if not given.
        watch: Told how many tables are judged.

    Raises:
        TranscriptError: If a transcript cannot be read.
        UserError: If a process died.
    """
    count = process_count(workers, len(tables))
    found: dict[str, Played] = {}
    if count <= 1:
        for done, one in enumerate(tables, 1):
            found[one.name] = played_at(one.path)
            if watch is not None:
                watch(done, len(tables))
        return found
    with processes(count) as pool:
        waiting = {pool.submit(played_at, one.path): one.name for one in tables}
        for done, future in enumerate(as_completed(waiting), 1):
            found[waiting[future]] = future.result()
            if watch is not None:
                watch(done, len(tables))
    return {one.name: found[one.name] for one in tables}


def played_at(path: Path) -> Played:
    """Return how accurately each seat of a finished session played.

    Raises:
        TranscriptError: If the transcript cannot be read.
    """
    whole = read_whole(path)
    return {party: _played(Recorded(path, whole.folded, party)) for party in whole.scenario.ids}


def _played(seat: Recorded) -> tuple[float, float | None] | None:
    if seat.is_hall:
        return None
    own = readings(seat, lambda _: None).own
    if own is None:
        return None
    judged = accuracy_of(seat, own)
    return None if judged.value is None else (judged.value, judged.error)
