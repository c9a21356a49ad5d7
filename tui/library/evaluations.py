"""Plans that come with the package, and the evaluations in the user's folder, as cards for a list.

Of each evaluation the plan is read, and the journal's lines are counted: both once, until they
change.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from delegates.evaluation.planning.plan import PLAYED_AGAIN, Plan
from delegates.evaluation.planning.plan_files import bundled_plans, load_plan, read_plan
from delegates.evaluation.planning.played import played_plan
from delegates.evaluation.playing.folder import Folder
from delegates.home import evaluation_folder
from delegates.seats import parse_seat
from delegates.text import one_line
from games.errors import MinilateralError

State = Literal["finished", "failures", "unfinished", "damaged"]
"""How an evaluation stands. `failures`: played to its end, but some sessions failed and would be
tried again."""

KEPT = 1_000
"""Cards that are remembered."""

_ANY = "any"
"""Stands for the model of seats that name none: here it is asked only whether they need one."""

_KEY = re.compile(rb'"key":"([0-9a-f]{16})"')
_ENDED = re.compile(rb'"ended":"([a-z-]+)"')
_COST = re.compile(rb'"cost_usd":([0-9.eE+-]+|null)')


@dataclass(frozen=True, kw_only=True)
class PlanCard:
    """What a list tells of a plan that can be played; all texts are safe to show, on one line."""

    source: str
    """By which it is loaded."""
    title: str
    question: str
    strategies: tuple[str, ...]
    scenarios: tuple[str, ...]
    """As the plan names them."""
    repetitions: int
    asks_models: bool

    @property
    def searched(self) -> str:
        """What a search looks at, in lower case."""
        told = (self.source, self.title, self.question, *self.strategies, *self.scenarios)
        return "\n".join(told).lower()


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the lines of a journal come to."""

    ended: Mapping[str, int] = field(default_factory=dict[str, int])
    """Sessions by class, each counted once."""
    cost_usd: float | None = 0.0
    """None where a price is not known."""

    @property
    def sessions(self) -> int:
        """How many are finished, failures among them."""
        return sum(self.ended.values())

    @property
    def retried(self) -> int:
        """How many failed so that the next run tries them again."""
        return sum(self.ended.get(kind, 0) for kind in PLAYED_AGAIN)


@dataclass(frozen=True, kw_only=True)
class EvaluationCard:
    """What a list tells of an evaluation; all texts are safe to show, on one line."""

    path: Path
    """Its folder."""
    title: str
    """The plan's; the folder's name where that is not known."""
    question: str = ""
    strategies: tuple[str, ...] = ()
    planned: int = 0
    counted: Counted = field(default_factory=Counted)
    state: State
    has_report: bool = False
    """Whether its tables are there: of all that was played, if not of all that is planned."""
    problem: str = ""
    """What is wrong with a damaged one."""

    @property
    def is_sound(self) -> bool:
        """Whether it can be opened or continued."""
        return self.state != "damaged"

    @property
    def is_played(self) -> bool:
        """Whether every planned session was played, so that there is a report."""
        return self.state in ("finished", "failures")

    @property
    def searched(self) -> str:
        """What a search looks at, in lower case."""
        told = (self.title, self.question, self.path.name, self.state, *self.strategies)
        return "\n".join(told).lower()


@cache
def plan_cards() -> tuple[PlanCard, ...]:
    """Return the cards of the plans that come with the package, those that ask no model first."""
    cards = [_plan_card(name, load_plan(name)) for name in bundled_plans()]
    return tuple(sorted(cards, key=lambda card: (card.asks_models, card.source)))


def _plan_card(source: str, plan: Plan) -> PlanCard:
    return PlanCard(
        source=source,
        title=one_line(plan.title),
        question=one_line(plan.question),
        strategies=tuple(one_line(name) for name in plan.strategies),
        scenarios=tuple(one_line(name) for name in plan.scenarios),
        repetitions=plan.repetitions,
        asks_models=not all(parse_seat(spec, _ANY).scripted for spec in plan.strategies.values()),
    )


def evaluation_cards(home: Path) -> tuple[PlanCard | EvaluationCard, ...]:
    """Return the plans that can be started, then a user's evaluations, those that changed last
    first."""
    found: list[tuple[int, str, tuple[int, ...]]] = []
    try:
        with os.scandir(evaluation_folder(home)) as entries:
            for entry in entries:
                # A link that leads nowhere hides no other folder.
                with suppress(OSError):
                    if entry.is_dir():
                        stood = _stood(Path(entry.path))
                        found.append((stood[0], entry.path, stood))
    except OSError:
        return plan_cards()
    newest = sorted(found, key=lambda one: (-one[0], one[1]))
    return (*plan_cards(), *(_card(path, stood) for _, path, stood in newest))


def _stood(path: Path) -> tuple[int, ...]:
    """Return when and how large the files were that a card tells of, the latest time first."""
    folder = Folder(path)
    stats = [_stat(file) for file in (folder.plan, folder.journal, folder.table("sessions"))]
    times = [0 if stat is None else stat.st_mtime_ns for stat in stats]
    return max(times), *times, *(-1 if stat is None else stat.st_size for stat in stats)


def _stat(file: Path) -> os.stat_result | None:
    """Return what is known of a file; None where there is none, or it may not be looked at."""
    try:
        return file.stat()
    except OSError:
        return None


@lru_cache(maxsize=KEPT)
def _card(path: str, stood: tuple[int, ...]) -> EvaluationCard:
    """Return the card of a folder as it stood."""
    del stood  # another time is another card
    return evaluation_card(Path(path))


def evaluation_card(path: Path) -> EvaluationCard:
    """Return the card of an evaluation's folder; of one that cannot be read it says why."""
    folder, name = Folder(path), one_line(path.name)
    try:
        require_plan(folder)
        plan = read_plan(folder.plan).plan
        planned = len(played_plan(folder.plan, folder.scenarios))
        counted = count_journal(folder.journal)
    except (OSError, ValueError, MinilateralError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        told = one_line(reason.replace(f"{folder.plan}", folder.plan.name), 300)
        return EvaluationCard(path=path, title=name, state="damaged", problem=told)
    has_report = folder.table("sessions").is_file()
    is_over = counted.sessions >= planned and has_report
    return EvaluationCard(
        path=path,
        title=one_line(plan.title) or name,
        question=one_line(plan.question),
        strategies=tuple(one_line(one) for one in plan.strategies),
        planned=planned,
        counted=counted,
        has_report=has_report,
        state="unfinished" if not is_over else "failures" if counted.retried else "finished",
    )


def require_plan(folder: Folder) -> None:
    """Check that a folder holds an evaluation.

    Raises:
        ValueError: If it does not.
    """
    if not folder.plan.is_file():
        raise ValueError(f"it holds no {folder.plan.name}; expected an evaluation's folder")


def count_journal(path: Path) -> Counted:
    """Return what a journal's whole lines come to, without taking them apart.

    Args:
        path: The file; there need not be one.

    Raises:
        ValueError: If a line is none of a journal.
    """
    if not path.is_file():
        return Counted()
    ended: dict[bytes, str] = {}
    cost: float | None = 0.0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                break  # torn by a crash: the next run cuts it off
            key, how = _KEY.search(line), _ENDED.search(line)
            if key is None or how is None:
                raise ValueError(f"{path.name}: line {number} is none of an evaluation")
            ended[key[1]] = how[1].decode("ascii")
            for one in _COST.findall(line):
                cost = None if cost is None or one == b"null" else cost + float(one)
    classes: dict[str, int] = {}
    for kind in ended.values():
        classes[kind] = classes.get(kind, 0) + 1
    return Counted(ended=classes, cost_usd=cost)
