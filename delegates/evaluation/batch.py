"""A batch under way: its folder held, what is left of it, what it may use, who watches."""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import reduce
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from delegates.connections import Caps, require_models
from delegates.evaluation.planning.design import (
    Design,
    Row,
    designed,
    read_design,
    require_endpoints,
    require_releases,
)
from delegates.evaluation.planning.plan import PLAYED_AGAIN, Ended, Plan
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.held import (
    bind,
    forget_tables,
    has_tables,
    held,
    note_tables,
)
from delegates.evaluation.playing.journal import Finished, Journal
from delegates.evaluation.playing.open_sessions import OpenSessions
from delegates.evaluation.playing.progress import Tally, Watch
from delegates.evaluation.playing.scripted_engine import play_scripted_rows
from delegates.evaluation.playing.scripted_session import Line
from delegates.evaluation.playing.spending import spent_on
from delegates.evaluation.results.tables import clear_parts, write_tables
from delegates.home import evaluation_folder
from delegates.models.budget import Budget, Spent
from delegates.seats import parse_seat
from delegates.settings import Settings, load_settings
from games.errors import NotKept, SettingError, UserError

if TYPE_CHECKING:
    from delegates.evaluation.playing.cluster import Cluster


@contextmanager
def opened(
    plan: Plan | Design | str | Path,
    out: Path | str | None,
    settings: Settings | None,
    *,
    extend: bool,
) -> Generator[Batch]:
    """Give a batch whose folder is held, its earlier sessions known.

    Raises:
        UserError: If the plan or the folder is at fault.
    """
    settings = settings or load_settings(os.environ)
    match plan:
        case Design():
            design = plan
        case Plan():
            design = designed(plan, None, settings)
        case _:
            design = read_design(plan, settings)
    default = evaluation_folder(settings.home.value) / design.plan.id
    folder = Folder(default if out is None else Path(out))
    with held(folder), Journal(folder.journal, writes=True) as journal:
        try:
            bind(folder, design, extend=extend)
            batch = Batch(design, folder, settings, journal)
        except OSError as error:
            where = error.filename or folder.path
            raise UserError(f"{where}: cannot be written: {error.strerror}") from None
        yield batch


class Batch:
    """A batch under way."""

    def __init__(
        self, design: Design, folder: Folder, settings: Settings, journal: Journal
    ) -> None:
        self.design, self.folder, self.settings = design, folder, settings
        self.journal = journal
        specs = {name: parse_seat(text) for name, text in design.specs.items()}
        self._asking = [spec for spec in specs.values() if not spec.scripted]
        by_rule = frozenset(name for name, spec in specs.items() if spec.scripted)
        self._earlier: Counter[Ended] = Counter()
        self.scripted, self.modelled = array("L"), array("L")
        """Sessions to be played, by number."""
        if len(journal) == 0 and by_rule.issuperset(design.specs):
            # Nothing of a row need be looked at.
            self.scripted.extend(range(len(design)))
            rows: Iterable[Row] = ()
        else:
            rows = design.rows()
        for row in rows:
            ended = journal.ended(row.key)
            if ended is not None and ended not in PLAYED_AGAIN:
                self._earlier[ended] += 1
            elif by_rule.issuperset(row.seats):
                self.scripted.append(row.number)
            else:
                self.modelled.append(row.number)
        self._workers: int | None = None
        self._budget = Budget(spent=self._spent())
        self._tally = Tally(len(design), self._earlier, None, cost_usd=lambda: self.cost_usd)

    def begin(
        self,
        workers: int | None,
        max_cost_usd: float | None,
        watch: Watch | None,
        *,
        is_apart: bool = False,
    ) -> None:
        """Take in what this run may use, and who watches it.

        Args:
            workers: Processes of this machine, where it says how many.
            max_cost_usd: The cap on money, where it takes the place of the plan's.
            watch: Shown how far the batch has come.
            is_apart: Whether a cluster plays, which has as many workers as processors.

        Raises:
            SettingError: If a model is missing, or a number is none to play by.
            UserError: If a mind of another library is not here in the plan's release.
        """
        if workers is not None and workers < 1:
            raise SettingError(f"workers {workers}: expected 1 or more")
        if workers is not None and is_apart:
            raise SettingError(
                f"workers {workers} and a Ray cluster: expected one of them; a cluster has as many "
                "workers as processors"
            )
        self._workers = workers
        if self.scripted or self.modelled:
            require_releases(self.design)
        limits = self.design.plan.budget
        cap = limits.max_cost_usd if max_cost_usd is None else max_cost_usd
        if self.modelled:
            asking = self._asking
            require_endpoints(self.design, self.settings)
            cap = require_models(asking, self.settings, Caps(max_cost_usd=cap))
        self._budget = Budget(
            max_cost_usd=cap,
            max_tokens=limits.max_tokens,
            max_time_s=limits.max_time_s,
            spent=self._budget.spent,
        )
        self._tally = Tally(
            len(self.design), self._earlier, watch, cost_usd=lambda: self.cost_usd, cap_usd=cap
        )
        if self.scripted or self.modelled:
            with self._writing():
                # They shall never lack what the journal holds.
                forget_tables(self.folder)

    def _spent(self) -> Spent:
        """Return what earlier runs have used up."""
        if not self._asking and self.design.plan.budget.max_time_s is None:
            return Spent()
        going_on = OpenSessions(self.folder)
        going_on.tidy(self.journal)
        still_open = going_on.spent(self.settings)
        ended = spent_on(self.journal.lines(), besides=still_open)
        return reduce(Spent.plus, still_open.values(), ended)

    @property
    def cost_usd(self) -> float | None:
        """What the whole batch has cost, earlier runs included; None where a price is unknown."""
        spent = self._budget.spent
        return None if spent.unpriced_calls else round(spent.cost_usd, 9)

    @contextmanager
    def joined(self, address: str | None) -> Generator[Cluster | None]:
        """Give the cluster at an address, if one is named and anything is left to play.

        Raises:
            SettingError: If it cannot be joined.
        """
        if address is None or not (self.scripted or self.modelled):
            yield None
            return
        from delegates.evaluation.playing.cluster import joined

        with joined(address) as cluster:
            yield cluster

    def play_scripted(self, stop: Event, cluster: Cluster | None = None) -> None:
        """Play the sessions that ask no model, by a cluster's workers where one was joined.

        Raises:
            UserError: If the folder cannot be written to any more, or no worker can play.
            CapReached: If the cap on time was met.
        """
        with self._writing():
            play_scripted_rows(
                self.scripted,
                self.design,
                self.folder,
                keep=self._keep_written,
                running=self._tally.run,
                workers=self._workers,
                stop=stop,
                crew_for=None if cluster is None else cluster.crew,
            )

    @contextmanager
    def _writing(self) -> Generator[None]:
        """Tell in a line of a file that cannot be written, or of a folder that is gone."""
        try:
            yield
        except NotKept as error:
            self.journal.require_in_place()
            raise UserError(
                f"{error.problem}; what was kept stays, and the same command carries on once it "
                "can be written"
            ) from error
        except OSError as error:
            self.journal.require_in_place()
            where = error.filename or self.folder.path
            raise UserError(
                f"{where}: cannot be written: {error.strerror or error}; what was kept stays"
            ) from error

    async def play_modelled(self, cluster: Cluster | None = None) -> None:
        """Play the sessions that ask models; a cluster's workers carry what they ask.

        Raises:
            SettingError: If no worker can.
            ProviderError: If an endpoint fails for good in every session.
            CapReached: If a cap was met.
        """
        from delegates.evaluation.playing.model_engine import play_with_models

        hired = nullcontext() if cluster is None else cluster.callers()
        async with hired as callers:
            with self._writing():
                await play_with_models(
                    map(self.design.row, self.modelled),
                    self.design,
                    self.folder,
                    self.settings,
                    budget=self._budget,
                    keep=self._keep,
                    running=self._tally.run,
                    called=self._tally.call,
                    at_once=self.design.plan.at_once,
                    carriers=None if callers is None else callers.to,
                )

    def _keep_written(self, lines: Sequence[Line]) -> None:
        self.journal.keep_written(lines)
        self._tally.add(line.ended for line in lines)
        if self._budget.time_left_s == 0:
            raise self._budget.time_passed()

    def _keep(self, line: Finished) -> None:
        self.journal.keep(line)
        self._tally.add([line.ended])

    def conclude(self) -> None:
        """Write the tables of whatever has ended, unless they are there and sound."""
        self.journal.require_in_place()
        if has_tables(self.folder):
            clear_parts(self.folder)
        else:
            write_tables(self.design, self.folder, self.journal)
            note_tables(self.folder)
        self._tally.end()

    @property
    def ended(self) -> Mapping[Ended, int]:
        """How many sessions have ended, by class."""
        return dict(self._tally.ended)

    @property
    def resumed(self) -> int:
        """How many of them earlier runs had finished."""
        return self._tally.earlier
