"""Requests to models that the workers of a cluster carry.

Which request may be sent, and when, is decided before it comes here: caps, limits of servers and
retries are those of one process. A worker only carries.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from delegates.evaluation.playing.cluster_worker import Address, Build, Caller, Request
from delegates.evaluation.playing.workers import MOST_DEATHS
from delegates.models import failures
from delegates.models.answer import Raw
from delegates.models.failures import Failure
from delegates.models.wire import Pieces, Wire
from delegates.settings import Endpoint, is_loopback
from games.errors import SettingError

if TYPE_CHECKING:
    from delegates.evaluation.playing.cluster import Cluster

MOST = 8
"""Workers that carry, at most: one process does not put questions faster than these ask them."""

FILLED = 50
"""Requests that one carries before the next is given any: messages to it are the fewer."""

GRACE_S = 30.0
"""How much longer than a request may take is waited for a worker of which nothing is heard."""


@dataclass(eq=False)
class _Carrying:
    """One worker, and what it was given and has not answered."""

    cluster: Cluster
    actor: Any
    build: Build
    unsent: list[Request] = field(default_factory=list[Request])
    withdrawn: list[int] = field(default_factory=list[int])
    answers: dict[int, asyncio.Future[Raw | Failure]] = field(
        default_factory=dict[int, "asyncio.Future[Raw | Failure]"]
    )
    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while there is anything to send, or to be answered."""

    async def ask(self, request: Request) -> Raw | Failure:
        """Return the answer to a request.

        Raises:
            TimeoutError: If nothing is heard of the worker for too long.
        """
        answer = asyncio.get_running_loop().create_future()
        self.answers[request.number] = answer
        self.unsent.append(request)
        self.wanted.set()
        try:
            async with asyncio.timeout(request.timeout_s + GRACE_S):
                return await answer
        except asyncio.CancelledError:
            self.withdrawn.append(request.number)
            raise
        finally:
            self.answers.pop(request.number, None)

    async def converse(self) -> None:
        """Exchange requests for answers, until the worker dies, which is raised."""
        while True:
            await self.wanted.wait()
            unsent, self.unsent = self.unsent, []
            withdrawn, self.withdrawn = self.withdrawn, []
            for number, got in await self.actor.exchange.remote(unsent, withdrawn):
                self._tell(number, got)
            if not (self.answers or self.unsent or self.withdrawn):
                self.wanted.clear()

    def lose(self) -> None:
        """Tell whoever waits that the worker died: what was sent may have been answered."""
        unsent = {request.number for request in self.unsent}
        for number in [*self.answers]:
            is_sent = number not in unsent
            self._tell(number, failures.of_dead_worker() if is_sent else failures.of_no_worker())

    def _tell(self, number: int, got: Raw | Failure) -> None:
        answer = self.answers.get(number)
        if answer is not None and not answer.done():
            answer.set_result(got)


@dataclass(eq=False)
class Callers:
    """Workers of a cluster that carry requests.

    What one carries when it dies may have been answered and billed: it counts so, and is tried
    again like any answer that was lost.
    """

    cluster: Cluster
    _there: list[_Carrying] = field(default_factory=list[_Carrying], init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"], init=False)
    """One a worker that is there or coming."""
    _some: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    """Set while one is there, or none can be."""
    _stillborn: int = field(default=0, init=False)
    _fault: SettingError | None = field(default=None, init=False)
    _numbers: itertools.count[int] = field(default_factory=itertools.count, init=False)
    _wire: Wire = field(default_factory=lambda: Wire(lambda: datetime.now(UTC)), init=False)
    """For servers that only this machine can reach, where no worker is on it."""

    def to(self, model: str, endpoint: str | None) -> Carrier:
        """Return what carries the requests to a model."""
        return Carrier(self, model, endpoint)

    async def come(self) -> None:
        """Wait until one is there.

        Raises:
            SettingError: If none can be.
        """
        self._fill_up()
        await self._some.wait()
        if self._fault is not None:
            raise self._fault
        if not self._there:
            raise SettingError(
                f"--ray {self.cluster.address}: {MOST_DEATHS} workers died at their start, one "
                "after the other; what was kept stays"
            )

    async def go(self) -> None:
        """Let all go."""
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._wire.aclose()

    async def carry(
        self, to: Address, endpoint: Endpoint, body: Mapping[str, object], timeout_s: float
    ) -> Raw | Failure:
        """Return what a server answers to a request that some worker carries.

        Raises:
            SettingError: If a worker came that cannot be used.
        """
        self._fill_up()
        try:
            async with asyncio.timeout(timeout_s):
                await self._some.wait()
        except TimeoutError:
            return failures.of_no_worker()
        if self._fault is not None:
            raise self._fault
        worker = self._chosen(endpoint)
        if worker is None:
            if is_loopback(endpoint.base_url):
                return await self._wire.ask(endpoint, body, timeout_s)
            return failures.of_no_worker()
        try:
            return await worker.ask(Request(next(self._numbers), to, body, timeout_s))
        except TimeoutError:
            self.cluster.dismiss(worker.actor)
            return failures.of_timeout(timeout_s)

    def _chosen(self, endpoint: Endpoint) -> _Carrying | None:
        """Return the first worker that is not filled, else the least busy; None if none can ask."""
        here, build = is_loopback(endpoint.base_url), self.cluster.build
        able = [one for one in self._there if not here or one.build.shares_loopback(build)]
        filling = (one for one in able if len(one.answers) < FILLED)
        return next(filling, min(able, key=lambda one: len(one.answers), default=None))

    def _fill_up(self) -> None:
        """Hire as many as there shall be and are not."""
        most = min(self.cluster.size, MOST)
        while len(self._tasks) < most and self._stillborn < MOST_DEATHS and self._fault is None:
            task = asyncio.create_task(self._employ())
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    async def _employ(self) -> None:
        """Hire a worker, and speak with it until it dies."""
        actor: Any = None
        try:
            actor = self.cluster.hire(Caller, at_once=2)
            build = await actor.build.remote()
            self.cluster.require_same(build)
            worker = _Carrying(self.cluster, actor, build)
            self._stillborn = 0
            self._there.append(worker)
            self._some.set()
            try:
                await worker.converse()
            finally:
                self._there.remove(worker)
                worker.lose()
        except SettingError as error:
            self._fault = error
        except self.cluster.errors as error:
            self._stillborn += 1
            self._fault = self.cluster.fault(error)
        finally:
            if actor is not None:
                self.cluster.dismiss(actor)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # A fault of this program is raised to whoever asks next.
            task.result()
            self._fill_up()
        if self._there or self._fault is not None or not self._tasks:
            self._some.set()
        else:
            self._some.clear()


@dataclass(frozen=True)
class Carrier:
    """Carries the requests to one model, by whichever worker."""

    callers: Callers
    model: str
    endpoint: str | None
    """Its name in the settings; None is the default one."""

    async def ask(
        self,
        endpoint: Endpoint,
        request: Mapping[str, object],
        timeout_s: float,
        pieces: Pieces | None = None,
    ) -> Raw | Failure:
        """Return the answer to a request, as `Wire.ask` does; nobody hears it come."""
        del pieces
        to = Address(self.model, self.endpoint, endpoint.base_url)
        return await self.callers.carry(to, endpoint, request, timeout_s)

    async def aclose(self) -> None:
        """Leave connections to the workers, who take them along when they go."""
