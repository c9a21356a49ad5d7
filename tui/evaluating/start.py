"""From a plan, or from an evaluation's folder, to a batch that can be played."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING

from delegates.connections import Caps
from delegates.evaluation.planning.design import Design, designed
from delegates.evaluation.planning.dry_run import dry_run
from delegates.evaluation.planning.plan import PLAYED_AGAIN
from delegates.evaluation.planning.plan_files import evaluation_meant, read_plan
from delegates.evaluation.planning.played import played_plan
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Journal
from delegates.evaluation.playing.progress import Watch
from delegates.home import evaluation_folder
from delegates.seats import parse_seat
from games.errors import PlanError
from tui.evaluating.batch import LiveBatch, Played
from tui.evaluating.foretelling import Foretold
from tui.library.evaluations import count_journal

if TYPE_CHECKING:
    from delegates.settings import Settings


def foretold(source: str | Path, settings: Settings, cap_usd: float | None) -> Foretold:
    """Return what a plan, or what is left of an evaluation, would play; it reads files.

    Args:
        source: A bundled plan's name, a file, or the folder of an evaluation. A folder that is
            called as a bundled plan is given as a path.
        settings: Where models are, and the user's folder.
        cap_usd: The cap on money; None for the plan's own, or the default one.

    Raises:
        PlanError: If it cannot be read or played.
        SettingError: If an endpoint or its key is missing, or a cap cannot be held.
    """
    path = source if isinstance(source, Path) else evaluation_meant(source)
    if path is not None:
        folder = Folder(path)
        design = played_plan(folder.plan, folder.scenarios)
    else:
        written = read_plan(source)
        design = designed(written.plan, written.folder, settings, source=written)
        folder = Folder(place_for(design, evaluation_folder(settings.home.value)))
    return _foretold(design, folder, settings, cap_usd)


def place_for(design: Design, within: Path) -> Path:
    """Return the folder of a plan's evaluation: its id, or with a number where another plan's
    evaluation is called so."""
    number = 1
    while True:
        path = within / (design.plan.id if number == 1 else f"{design.plan.id}-{number}")
        if not path.exists() or _is_of(design, Folder(path)):
            return path
        number += 1


def _is_of(design: Design, folder: Folder) -> bool:
    """Return whether a folder holds the evaluation of a plan."""
    try:
        played = read_plan(folder.plan).plan.played
    except PlanError:
        return False
    return played is not None and played.hash == design.hash


def _foretold(
    design: Design, folder: Folder, settings: Settings, cap_usd: float | None
) -> Foretold:
    done, retried = _done(design, folder)
    told = dry_run(design, settings, Caps(max_cost_usd=cap_usd), done=done)
    models = [str(model) for spec in design.specs.values() for model in parse_seat(spec).models]
    expected = told.expected
    return Foretold(
        title=design.plan.title,
        question=design.plan.question,
        strategies=tuple(design.specs.items()),
        scenarios=tuple((one.title, len(one.ids)) for one in design.scenarios),
        repetitions=design.plan.repetitions,
        path=folder.path,
        planned=told.planned,
        left=told.left,
        retried=retried,
        calls=expected.calls,
        tokens=expected.tokens,
        cost_usd=expected.cost_usd,
        worst_usd=told.worst.cost_usd,
        seconds=told.seconds,
        assumed=told.assumed,
        spent_usd=_spent(folder),
        cap_usd=told.cap_usd,
        models=tuple(dict.fromkeys(models)),
        notes=told.notes,
        design=design,
    )


def _done(design: Design, folder: Folder) -> tuple[frozenset[str], int]:
    """Return the keys of the sessions that need not be played again, and how many failed that are
    tried again."""
    if not folder.journal.exists():
        return frozenset(), 0
    with Journal(folder.journal) as journal:
        known = journal.endings(row.key for row in design.rows())
    done = frozenset(key for key, how in known.items() if how not in PLAYED_AGAIN)
    return done, len(known) - len(done)


def _spent(folder: Folder) -> float | None:
    try:
        return count_journal(folder.journal).cost_usd
    except (OSError, ValueError):
        return None


def begun(told: Foretold, settings: Settings) -> LiveBatch:
    """Return the batch that plays what was foretold.

    Args:
        told: What it plays; its cap is that of the whole batch.
        settings: Where models are.
    """

    def play(watch: Watch) -> Coroutine[object, object, Played]:
        from delegates.evaluation.evaluate import evaluate_async

        return evaluate_async(
            told.design,
            out=told.path,
            max_cost_usd=told.cap_usd,
            settings=settings,
            watch=watch,
        )

    return LiveBatch(play, told.path, told.title, told.planned)
