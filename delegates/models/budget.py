"""Caps on money, tokens and time that no call can pass.

Before every attempt the most that it can use is reserved; what it used is settled after it. An
attempt whose answer was lost may be billed all the same: it is charged at its upper bound. So what
a provider bills stays under the cap, whatever happens on the way.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from delegates.models.chat import Ask, Usage, token_bound
from delegates.models.prices import cost_usd, most_usd
from delegates.settings import Price
from games.errors import CapReached, SettingError


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What calls have used up, and what lost answers may have cost besides."""

    cost_usd: float = 0.0
    """Of replies whose price is known."""
    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    calls: int = 0
    """Replies that were bought."""
    unpriced_calls: int = 0
    """Replies whose price is unknown: where there are any, the whole cost is unknown."""
    lost_tokens: int = 0
    """The most that attempts whose answer was lost may have used, besides."""
    lost_cost_usd: float = 0.0
    """The most that they may have been billed."""
    time_s: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens in and out of the replies."""
        return self.input + self.output

    @property
    def most_tokens(self) -> int:
        """Tokens that may have been used, those of lost answers among them."""
        return self.tokens + self.lost_tokens

    @property
    def most_usd(self) -> float:
        """USD that may have been billed, lost answers among them."""
        return self.cost_usd + self.lost_cost_usd

    def with_reply(self, usage: Usage, cost: float | None) -> Spent:
        """Return the sum after another reply."""
        return replace(
            self,
            cost_usd=self.cost_usd + (cost or 0.0),
            input=self.input + usage.input,
            output=self.output + usage.output,
            cached=self.cached + usage.cached,
            reasoning=self.reasoning + usage.reasoning,
            calls=self.calls + 1,
            unpriced_calls=self.unpriced_calls + (cost is None),
        )

    def plus(self, other: Spent) -> Spent:
        """Return what both came to, in the time of the first: they may have gone on at once."""
        return Spent(
            cost_usd=self.cost_usd + other.cost_usd,
            input=self.input + other.input,
            output=self.output + other.output,
            cached=self.cached + other.cached,
            reasoning=self.reasoning + other.reasoning,
            calls=self.calls + other.calls,
            unpriced_calls=self.unpriced_calls + other.unpriced_calls,
            lost_tokens=self.lost_tokens + other.lost_tokens,
            lost_cost_usd=self.lost_cost_usd + other.lost_cost_usd,
            time_s=self.time_s,
        )

    def with_lost(self, tokens: int, cost: float | None) -> Spent:
        """Return the sum after an attempt whose answer was lost."""
        return replace(
            self,
            lost_tokens=self.lost_tokens + tokens,
            lost_cost_usd=self.lost_cost_usd + (cost or 0.0),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Reservation:
    """The most that one attempt can use, held back until it is settled, charged or released."""

    bound: Usage
    cost_usd: float | None
    """None where the price is not known."""
    price: Price | None

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.bound.input + self.bound.output


def most_of(ask: Ask, price: Price | None) -> Reservation:
    """Return the most that one attempt to put an ask can use."""
    bound = token_bound(ask)
    cost = None if price is None else most_usd(price, bound)
    return Reservation(bound=bound, cost_usd=cost, price=price)


class Budget:
    """Caps on money, tokens and time: reserve before an attempt, settle or charge after it.

    Whoever has to wait for others' reservations is served in the order of asking. A budget may
    lie within another one that several sessions share; an attempt must fit both. Sessions may run
    in event loops of several threads.
    """

    def __init__(
        self,
        *,
        max_cost_usd: float | None = None,
        max_tokens: int | None = None,
        max_time_s: float | None = None,
        spent: Spent | None = None,
        within: Budget | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the clock.

        Args:
            max_cost_usd: The cap on money.
            max_tokens: The cap on tokens in and out.
            max_time_s: The cap on time.
            spent: What was used before; a shared budget is to be told of all its sessions'.
            within: The budget that this one shares with others.
            clock: Measures the time.

        Raises:
            SettingError: If a cap is no finite number from 0.
        """
        require_caps(max_cost_usd=max_cost_usd, max_tokens=max_tokens, max_time_s=max_time_s)
        self.max_cost_usd = max_cost_usd
        self.max_tokens = max_tokens
        self.max_time_s = max_time_s
        own = _Pot(max_cost_usd, max_tokens, max_time_s, spent or Spent(), clock)
        self._own = own
        self.pots: tuple[_Pot, ...] = (own, *(within.pots if within else ()))
        """Its own caps, then those around them."""

    @property
    def spent(self) -> Spent:
        """What has been used up so far, earlier runs included."""
        return self._own.spent

    @property
    def time_left_s(self) -> float | None:
        """How long calls may still take; `None` without a cap on time."""
        return min((left for left, _ in self._times()), default=None)

    def time_passed(self) -> CapReached:
        """Return what to raise when no time is left."""
        return CapReached(_time_words(min(self._times(), default=(0.0, 0.0))[1]))

    def _times(self) -> list[tuple[float, float]]:
        """Return the time left under every cap on it, with the cap."""
        return [
            (max(0.0, pot.max_time_s - pot.spent.time_s), pot.max_time_s)
            for pot in self.pots
            if pot.max_time_s is not None
        ]

    def reserve(self, ask: Ask, price: Price | None) -> Reservation:
        """Hold back at once the most that an attempt can use.

        Raises:
            CapReached: The attempt could pass a cap together with those in flight.
        """
        wanted = most_of(ask, price)
        for done, pot in enumerate(self.pots):
            problem = pot.hold(wanted)
            if problem is not None:
                self._let_go(wanted, self.pots[:done])
                raise CapReached(problem)
        return wanted

    async def acquire(self, ask: Ask, price: Price | None) -> Reservation:
        """Reserve, waiting while only what others hold back stands in the way.

        Raises:
            CapReached: The attempt could pass a cap whatever those others turn out to use.
        """
        wanted = most_of(ask, price)
        # In this order everywhere: who holds the outermost waits for nobody, so nobody for ever.
        for done, pot in enumerate(self.pots):
            try:
                problem = await pot.take_turn(wanted)
            except BaseException:
                self._let_go(wanted, self.pots[:done])
                raise
            if problem is not None:
                self._let_go(wanted, self.pots[:done])
                raise CapReached(problem)
        return wanted

    def settle(self, held: Reservation, usage: Usage) -> float | None:
        """Replace a reservation by what the reply used and return its cost in USD, if known."""
        cost = None if held.price is None else cost_usd(held.price, usage)
        for pot in self.pots:
            pot.end(held, lambda spent: spent.with_reply(usage, cost))
        return cost

    def charge(self, held: Reservation) -> None:
        """Count a reservation whole: the answer was lost, the provider may bill it."""
        for pot in self.pots:
            pot.end(held, lambda spent: spent.with_lost(held.tokens, held.cost_usd))

    def release(self, held: Reservation) -> None:
        """Give back the reservation of an attempt that cannot have been billed."""
        self._let_go(held, self.pots)

    def _let_go(self, held: Reservation, pots: Sequence[_Pot]) -> None:
        for pot in pots:
            pot.end(held, lambda spent: spent)


class _Pot:
    """One set of caps, and what counts against it."""

    def __init__(
        self,
        max_cost_usd: float | None,
        max_tokens: int | None,
        max_time_s: float | None,
        spent: Spent,
        clock: Callable[[], float],
    ) -> None:
        self.max_cost_usd = max_cost_usd
        self.max_tokens = max_tokens
        self.max_time_s = max_time_s
        self._spent = spent
        self._clock = clock
        self._began = clock()
        self._held: set[Reservation] = set()
        self._waiting: deque[_Waiting] = deque()
        self._lock = threading.Lock()

    @property
    def spent(self) -> Spent:
        """What has been used up so far, with the time up to now."""
        past = self._spent
        return replace(past, time_s=past.time_s + self._clock() - self._began)

    def hold(self, wanted: Reservation) -> str | None:
        """Hold back an attempt's most if there is room; return why not, if not."""
        with self._lock:
            return self._hold(wanted)

    async def take_turn(self, wanted: Reservation) -> str | None:
        """Hold back an attempt's most once there is room; return why there never can be, if so."""
        with self._lock:
            if not self._waiting:
                problem = self._hold(wanted)
                if problem is None or self._is_hopeless(wanted):
                    return problem
            waiting = _Waiting(wanted)
            self._waiting.append(waiting)
        try:
            return await waiting.answer
        except BaseException:
            with self._lock:
                if waiting in self._waiting:
                    self._waiting.remove(waiting)
            # It may have been served in the moment of its cancellation.
            self.end(wanted, lambda spent: spent)
            raise

    def end(self, held: Reservation, counted: Callable[[Spent], Spent]) -> None:
        """Replace a reservation by what is counted of it, and serve those who wait."""
        with self._lock:
            if held in self._held:
                self._held.discard(held)
                self._spent = counted(self._spent)
            self._serve()

    def _serve(self) -> None:
        """Serve those who wait, the first first, as long as there is room; under the lock."""
        while self._waiting:
            first = self._waiting[0]
            problem = self._hold(first.wanted)
            if problem is not None and not self._is_hopeless(first.wanted):
                return
            self._waiting.popleft()
            if not first.tell(problem):
                self._held.discard(first.wanted)

    def _hold(self, wanted: Reservation) -> str | None:
        problem = self._passed(wanted)
        if problem is None:
            self._held.add(wanted)
        return problem

    def _is_hopeless(self, wanted: Reservation) -> bool:
        """Whether an attempt would pass a cap even if those in flight used nothing.

        If not, something is held back, and that will end: nobody waits for ever.
        """
        spent = self.spent
        if self.max_time_s is not None and spent.time_s >= self.max_time_s:
            return True
        if self.max_tokens is not None and spent.most_tokens + wanted.tokens > self.max_tokens:
            return True
        cost = wanted.cost_usd or 0.0
        cap = self.max_cost_usd
        return cap is not None and cost > 0 and spent.most_usd + cost > cap

    def _passed(self, wanted: Reservation) -> str | None:
        """Return which cap an attempt could pass together with those in flight."""
        if self.max_cost_usd is None and self.max_tokens is None and self.max_time_s is None:
            return None
        spent = self.spent
        if self.max_time_s is not None and spent.time_s >= self.max_time_s:
            return _time_words(self.max_time_s)
        problem = None if self.max_tokens is None else self._tokens_passed(wanted, spent)
        return problem or self._cost_passed(wanted.cost_usd or 0.0, spent)

    def _tokens_passed(self, wanted: Reservation, spent: Spent) -> str | None:
        flying = sum(r.tokens for r in self._held)
        total = spent.most_tokens + flying + wanted.tokens
        if self.max_tokens is not None and total > self.max_tokens:
            lost = f" and up to {spent.lost_tokens:,} in lost answers" if spent.lost_tokens else ""
            return (
                f"the cap of {_tokens(self.max_tokens)} could be passed: {spent.tokens:,} used"
                f"{lost}, {flying:,} in flight, up to {wanted.tokens:,} for the next call;"
                " raise it with --max-tokens"
            )
        return None

    def _cost_passed(self, wanted: float, spent: Spent) -> str | None:
        cap = self.max_cost_usd
        if cap is None or not wanted:
            return None
        flying = sum(r.cost_usd or 0.0 for r in self._held)
        if spent.most_usd + flying + wanted <= cap:
            return None
        lost = f" and up to {spent.lost_cost_usd:.4f} for lost answers" if spent.lost_tokens else ""
        return (
            f"the cap of {cap:g} USD could be passed: {spent.cost_usd:.4f} spent{lost},"
            f" {flying:.4f} in flight, up to {wanted:.4f} for the next call;"
            " raise it with --max-cost"
        )


def _tokens(count: int) -> str:
    return f"{count:,} token{'' if count == 1 else 's'}"


def _time_words(cap_s: float) -> str:
    return f"the cap of {cap_s:g} s is reached; raise it with --max-time"


class _Waiting:
    """One that waits for room, in whatever event loop it runs."""

    def __init__(self, wanted: Reservation) -> None:
        self.wanted = wanted
        self._loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[str | None] = self._loop.create_future()

    def tell(self, problem: str | None) -> bool:
        """Let it go on, or tell it why it cannot; return whether it still listens."""

        def answer() -> None:
            if not self.answer.done():
                self.answer.set_result(problem)

        try:
            self._loop.call_soon_threadsafe(answer)
        except RuntimeError:  # its event loop is closed
            return False
        return True


def require_caps(**given: float | None) -> None:
    """Check that caps are numbers one can stay under.

    Raises:
        SettingError: If one is not a finite number from 0.
    """
    for name, cap in given.items():
        if cap is not None and not 0 <= cap < math.inf:
            raise SettingError(f"{name} {cap}: expected a finite number from 0")
