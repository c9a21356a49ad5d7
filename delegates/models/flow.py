"""How many requests one server is given at a time: all that are asked for, until it says no.

A flow begins with no limit of its own: at least one request per session is in flight. Where a
server answers that it is asked too much (429, 503), the number in flight is halved, or set to what
it did serve where that is less, and nobody asks it anything until the pause it wants is over. The
number then grows by one a success back to what the server was seen to serve, and past it by one at
a time, each trial rarer than the one before as long as they fail: *additive increase,
multiplicative decrease* (Chiu and Jain 1989) with a ceiling that is remembered, as in CUBIC
(Ha, Rhee and Xu 2008), because here a trial that fails costs everyone a pause.

Whoever asked first is served first: a call that must ask again goes before those that came later.
"""

import asyncio
import heapq
import itertools
import logging
import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

MOST_IN_FLIGHT = 1000
"""The most requests in flight to one server; the connection pool holds no more either."""

FIRST_PATIENCE = 8
"""How many times its limit a flow serves before it first tries one request more."""

MOST_PATIENCE = 256
"""The same where every trial has failed."""

STREAK = 3
"""Trials that succeed in a row before the ceiling is forgotten: the server has grown."""

FORGIVEN_AFTER_S = 60.0
"""Refusals further apart than this do not belong to one another."""

_GRACE_S = 0.01
"""How much later those who were not refused are let in: those who were are back in line by then."""

_log = logging.getLogger("minilateral.models")
_tickets = itertools.count()


@dataclass(frozen=True, kw_only=True)
class FlowState:
    """What a flow looks like at one moment."""

    limit: int
    """Most requests in flight at present."""
    in_flight: int
    waiting: int
    held_s: float
    """How long until the server may be asked again."""
    served: int
    refused: int


@dataclass(frozen=True)
class Permit:
    """One request that may be sent."""

    epoch: int
    """How often the flow had been halved by then."""


def next_ticket() -> int:
    """Return a call's place among all calls, by which they are let in."""
    return next(_tickets)


class Flow:
    """The requests of one event loop to one server."""

    def __init__(
        self,
        name: str,
        *,
        most: int = MOST_IN_FLIGHT,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Let everything through at first.

        Args:
            name: What to call the server in the log.
            most: The most requests in flight, whatever the server serves.
            clock: Measures pauses.
            sleep: Waits them out.
        """
        self.name = name
        self._most = most
        self._clock, self._sleep = clock, sleep
        self._limit = float(most)
        self._ceiling = math.inf
        self._queue: list[tuple[int, asyncio.Future[None]]] = []
        self._in_flight = 0
        self._held_until = -math.inf
        self._keeper: asyncio.Task[None] | None = None
        self._epoch = 0
        self._burst = self._lost = 0
        self._patience, self._credit, self._streak = FIRST_PATIENCE, 0, 0
        self._served = self._refused = 0
        self._trouble: tuple[float, float] | None = None

    @property
    def state(self) -> FlowState:
        """How it stands now."""
        return FlowState(
            limit=int(self._limit),
            in_flight=self._in_flight,
            waiting=sum(not turn.done() for _, turn in self._queue),
            held_s=max(0.0, self._held_until - self._clock()),
            served=self._served,
            refused=self._refused,
        )

    @property
    def refusing_since(self) -> float | None:
        """When the server began to refuse everything, on the flow's clock; None if it does not."""
        if self._trouble is None or self._clock() - self._trouble[1] > FORGIVEN_AFTER_S:
            return None
        return self._trouble[0]

    @asynccontextmanager
    async def permit(self, ticket: int) -> AsyncGenerator[Permit]:
        """Wait for one's turn, then hold it; `served` or `refused` is told before it ends."""
        await self._turn(ticket)
        try:
            yield Permit(self._epoch)
        finally:
            self._leave()

    def served(self) -> None:
        """Hear that the server answered a request in flight."""
        self._served += 1
        self._trouble = None
        if self._in_flight < int(self._limit):
            return  # something else than the limit keeps the number down
        if self._limit < self._ceiling:
            self._limit = min(self._limit + 1, self._ceiling, self._most)
        else:
            self._credit += 1
            if self._credit >= self._patience * self._limit:
                self._try_one_more()

    def refused(self, permit: Permit, hold_s: float | None) -> None:
        """Hear that the server would not take a request in flight.

        Args:
            permit: Of that request.
            hold_s: How long nobody shall ask; None leaves the others free to.
        """
        now = self._clock()
        self._refused += 1
        self._trouble = (now if self.refusing_since is None else self.refusing_since, now)
        if permit.epoch == self._epoch:
            self._begin_epoch()
        if permit.epoch == self._epoch - 1:
            self._lose_one()
        if hold_s is not None:
            self._held_until = max(self._held_until, now + hold_s)
        _log.info(
            "%s: asked too much; at most %d in flight, %.2f s of pause",
            self.name,
            int(self._limit),
            max(0.0, self._held_until - now),
        )

    def slowed(self, permit: Permit) -> None:
        """Hear that the server let a request time out: it is asked less, without a pause."""
        if permit.epoch == self._epoch:
            self._begin_epoch()

    def _begin_epoch(self) -> None:
        """Halve once for all requests that were in flight together."""
        self._epoch += 1
        if self._limit >= self._ceiling:
            self._patience = min(2 * self._patience, MOST_PATIENCE)
        self._burst, self._lost, self._credit, self._streak = self._in_flight, 0, 0, 0
        self._limit = max(1.0, min(self._limit, self._burst / 2))

    def _lose_one(self) -> None:
        self._lost += 1
        kept = self._burst - self._lost
        self._ceiling = kept if kept >= 1 else math.inf
        self._limit = max(1.0, min(self._limit, self._ceiling))

    def _try_one_more(self) -> None:
        self._credit = 0
        self._streak += 1
        self._limit = min(self._limit + 1, self._most)
        self._ceiling = self._limit if self._streak < STREAK else math.inf
        if self._streak >= STREAK:
            self._patience, self._streak = FIRST_PATIENCE, 0

    async def _turn(self, ticket: int) -> None:
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (ticket, turn))
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            self._give_up(turn)
            raise

    def _give_up(self, turn: "asyncio.Future[None]") -> None:
        # It may have been let in at the very moment it was given up.
        if turn.done() and not turn.cancelled():
            self._leave()
        self._queue = [one for one in self._queue if not one[1].done()]
        heapq.heapify(self._queue)

    def _leave(self) -> None:
        self._in_flight -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._queue and self._in_flight < int(self._limit):
            if self._queue[0][1].done():
                heapq.heappop(self._queue)
                continue
            if self._clock() < self._held_until:
                self._watch_the_pause()
                return
            self._in_flight += 1
            heapq.heappop(self._queue)[1].set_result(None)

    def _watch_the_pause(self) -> None:
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.get_running_loop().create_task(self._wait_out())

    async def _wait_out(self) -> None:
        try:
            while (left := self._held_until - self._clock()) > 0:
                until = self._held_until
                await self._sleep(left + _GRACE_S)
                if self._held_until == until:
                    break
        finally:
            self._keeper = None
        self._held_until = -math.inf
        self._let_in()


_flows: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Flow]] = WeakKeyDictionary()


def flow_to(
    place: str,
    *,
    most: int = MOST_IN_FLIGHT,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Flow:
    """Return the running event loop's flow to a server, shared by all who ask that server."""
    flows = _flows.setdefault(asyncio.get_running_loop(), {})
    if place not in flows:
        flows[place] = Flow(place, most=most, clock=clock, sleep=sleep)
    return flows[place]


def flow_states() -> dict[str, FlowState]:
    """Return how the running event loop's flows stand, by server."""
    return {place: flow.state for place, flow in _flows.get(asyncio.get_running_loop(), {}).items()}
