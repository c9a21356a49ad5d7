"""Play what a plan means, keep every session as it ends, and carry on where an earlier run left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from delegates.background import in_background
from games.errors import CapReached, ProviderError

if TYPE_CHECKING:
    from delegates.evaluation.batch import Batch
    from delegates.evaluation.judging.found import Found
    from delegates.evaluation.planning.design import Design
    from delegates.evaluation.planning.plan import Ended, Plan
    from delegates.evaluation.playing.cluster import Cluster
    from delegates.evaluation.playing.folder import Folder
    from delegates.evaluation.playing.progress import Watch
    from delegates.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """A batch that was played, whole or in part, and where its results lie."""

    folder: Folder
    design: Design
    ended: Mapping[Ended, int]
    """How many sessions ended how, by class."""
    resumed: int
    """How many of them earlier runs had finished."""
    cost_usd: float | None
    """Of the whole batch, earlier runs included; None where a price is not known."""

    @property
    def planned(self) -> int:
        """How many sessions are planned."""
        return len(self.design)

    @property
    def sessions(self) -> int:
        """How many have ended, failures among them."""
        return sum(self.ended.values())

    @property
    def failed(self) -> int:
        """How many did not end by their protocol."""
        from delegates.evaluation.planning.plan import FAILURES

        return sum(self.ended.get(failure, 0) for failure in FAILURES)

    @cached_property
    def found(self) -> Found:
        """All that was found, computed from the tables when first asked for.

        Its cost is the whole batch's: the tables lack sessions that are still under way.
        """
        from delegates.evaluation.judging.findings import found

        return replace(found(self.design, self.folder), cost_usd=self.cost_usd)

    def as_json(self, *, is_judged: bool = True) -> dict[str, object]:
        """Return the result in the shape of the JSON contract.

        Args:
            is_judged: Whether there are tables to judge it by; without them nobody is ranked.
        """
        standings, games = (self.found.standings, self.found.games) if is_judged else ((), ())
        return {
            "out": str(self.folder.path),
            "planned": self.planned,
            "sessions": self.sessions,
            "failed": self.failed,
            "cost_usd": self.cost_usd,
            "resumed": self.resumed,
            "leaderboard": [standing.as_json() for standing in standings],
            "matrices": [game.as_json() for game in games],
        }


def evaluate(
    plan: Plan | Design | str | Path,
    *,
    out: Path | str | None = None,
    workers: int | None = None,
    ray: str | None = None,
    max_cost_usd: float | None = None,
    settings: Settings | None = None,
    extend: bool = False,
    watch: Watch | None = None,
) -> Evaluation:
    """Return a batch played to its end; the same call carries an interrupted one on.

    Every session is on disk as soon as it ends. Sessions that are there already are not played
    again, but for those that a provider or a fault of this program ended.

    Args:
        plan: The plan, its file, or the name of one that comes with the package.
        out: The folder of its results; by default one of the plan's name in the user's home.
        workers: Processes for scripted sessions; by default one a processor where it takes long.
        ray: The address of a Ray cluster whose workers play, in place of processes of this machine:
            `auto`, HOST:PORT, `ray://HOST:PORT`, or `local` for one of this machine alone.
        max_cost_usd: The cap on money of the whole batch, earlier runs included; in place of the
            plan's.
        settings: Where models are; by default from environment and config file.
        extend: Whether the folder may hold results of another plan, which count as far as this one
            plans the same sessions.
        watch: Shown how far the batch has come.

    Raises:
        UserError: If the plan, the folder or a setting is at fault; nothing was played then.
        ProviderError: If an endpoint fails for good in every session; the folder is kept.
        CapReached: If a cap was met; likewise.
        KeyboardInterrupt: If it was interrupted; likewise, but without tables.
    """
    from delegates.evaluation.batch import opened

    with opened(plan, out, settings, extend=extend) as batch:
        batch.begin(workers, max_cost_usd, watch, is_apart=ray is not None)
        try:
            with batch.joined(ray) as cluster:
                batch.play_scripted(Event(), cluster)
                if batch.modelled:
                    in_background(batch.play_modelled(cluster))
        except (CapReached, ProviderError):
            batch.conclude()
            raise
        batch.conclude()
        return _became(batch)


async def evaluate_async(
    plan: Plan | Design | str | Path,
    *,
    out: Path | str | None = None,
    workers: int | None = None,
    ray: str | None = None,
    max_cost_usd: float | None = None,
    settings: Settings | None = None,
    extend: bool = False,
    watch: Watch | None = None,
) -> Evaluation:
    """Return a batch played to its end, as `evaluate` does, within a running event loop."""
    from delegates.evaluation.batch import opened

    with opened(plan, out, settings, extend=extend) as batch:
        batch.begin(workers, max_cost_usd, watch, is_apart=ray is not None)
        stop = Event()
        try:
            async with _joined(batch, ray) as cluster:
                await _in_thread(lambda: batch.play_scripted(stop, cluster), stop)
                if batch.modelled:
                    await batch.play_modelled(cluster)
        except (CapReached, ProviderError):
            await _in_thread(batch.conclude)
            raise
        await _in_thread(batch.conclude)
        return _became(batch)


@asynccontextmanager
async def _joined(batch: Batch, ray: str | None) -> AsyncGenerator[Cluster | None]:
    with ExitStack() as stack:
        cluster = await _in_thread(lambda: stack.enter_context(batch.joined(ray)))
        try:
            yield cluster
        finally:
            await _in_thread(stack.pop_all().close)


async def _in_thread(work: Callable[[], T], stop: Event | None = None) -> T:
    """Return what something comes to that blocks; when cancelled, wait for its end all the same."""
    done = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        if stop is not None:
            stop.set()
        await asyncio.wait([done])
        raise


def _became(batch: Batch) -> Evaluation:
    return Evaluation(
        folder=batch.folder,
        design=batch.design,
        ended=batch.ended,
        resumed=batch.resumed,
        cost_usd=batch.cost_usd,
    )
