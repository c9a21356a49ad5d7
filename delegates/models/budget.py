"""What models cost, and caps that no call can pass."""

import asyncio
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from delegates.models.chat import Ask, Usage, token_bound
from delegates.settings import Endpoint, Price, Settings
from games.errors import CapReached, SettingError

DEFAULT_MAX_COST_USD = 1.0
"""The cap on money where prices are known and the user gives none."""

FREE = Price(input=0.0, output=0.0, cached=0.0)
"""What the embedded model costs."""

_PER_MILLION = 1_000_000
_PROBE_TOKENS = 1000


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What calls have used up."""

    cost_usd: float = 0.0
    """Of calls whose price is known."""
    input: int = 0
    output: int = 0
    cached: int = 0
    calls: int = 0
    unpriced_calls: int = 0
    """Calls whose price is unknown: where there are any, the whole cost is unknown."""
    time_s: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.input + self.output


@dataclass(frozen=True, eq=False, kw_only=True)
class Reservation:
    """The most that one call can use, held back until it is settled."""

    tokens: int
    cost_usd: float
    price: Price | None


class Budget:
    """Caps on money, tokens and time: reserve before a call, settle after it.

    Between a check and its reservation nothing else runs on the event loop, so concurrent calls
    cannot pass a cap together.
    """

    def __init__(
        self,
        *,
        max_cost_usd: float | None = None,
        max_tokens: int | None = None,
        max_time_s: float | None = None,
        spent: Spent | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the clock; `spent` is what the session used before."""
        self.max_cost_usd = max_cost_usd
        self.max_tokens = max_tokens
        self.max_time_s = max_time_s
        self._spent = spent or Spent()
        self._earlier_s = self._spent.time_s
        self._clock = clock
        self._began = clock()
        self._held: set[Reservation] = set()
        self._settled = asyncio.Event()

    @property
    def spent(self) -> Spent:
        """What has been used up so far, earlier sessions included."""
        return replace(self._spent, time_s=self._earlier_s + self._clock() - self._began)

    @property
    def time_left_s(self) -> float | None:
        """How long calls may still take; `None` without a cap on time."""
        return None if self.max_time_s is None else max(0.0, self.max_time_s - self.spent.time_s)

    def reserve(self, ask: Ask, price: Price | None) -> Reservation:
        """Hold back the most that a call can use.

        Raises:
            CapReached: The call could pass a cap.
        """
        bound = token_bound(ask)
        cost = 0.0 if price is None else cost_usd(price, bound)
        wanted = Reservation(tokens=bound.input + bound.output, cost_usd=cost, price=price)
        problem = self._passed(wanted)
        if problem is not None:
            raise CapReached(problem)
        self._held.add(wanted)
        return wanted

    async def acquire(self, ask: Ask, price: Price | None) -> Reservation:
        """Reserve, waiting while only what concurrent calls hold back stands in the way.

        Raises:
            CapReached: The call could pass a cap whatever those calls turn out to use.
        """
        while True:
            try:
                return self.reserve(ask, price)
            except CapReached:
                if not self._held or self.time_left_s == 0:
                    raise
            self._settled.clear()
            await self._settled.wait()

    def settle(self, held: Reservation, usage: Usage) -> float | None:
        """Replace a reservation by what the call used and return its cost in USD, if known."""
        self._let_go(held)
        cost = None if held.price is None else cost_usd(held.price, usage)
        past = self._spent
        self._spent = replace(
            past,
            cost_usd=past.cost_usd + (cost or 0.0),
            input=past.input + usage.input,
            output=past.output + usage.output,
            cached=past.cached + usage.cached,
            calls=past.calls + 1,
            unpriced_calls=past.unpriced_calls + (cost is None),
        )
        return cost

    def release(self, held: Reservation) -> None:
        """Give back the reservation of a call that bought nothing."""
        self._let_go(held)

    @contextmanager
    def releasing(self, held: Reservation) -> Generator[None]:
        """Give a reservation back at the end unless it was settled: on errors and cancellation."""
        try:
            yield
        finally:
            self._let_go(held)

    def _let_go(self, held: Reservation) -> None:
        self._held.discard(held)
        self._settled.set()

    def _passed(self, wanted: Reservation) -> str | None:
        spent = self.spent
        if self.max_time_s is not None and spent.time_s >= self.max_time_s:
            return f"the cap of {self.max_time_s:g} s is reached; raise it with --max-time"
        flying = sum(r.tokens for r in self._held)
        total = spent.tokens + flying + wanted.tokens
        if self.max_tokens is not None and total > self.max_tokens:
            return (
                f"the cap of {self.max_tokens} tokens could be passed: {spent.tokens} used,"
                f" {flying} in flight, up to {wanted.tokens} for the next call;"
                " raise it with --max-tokens"
            )
        return self._cost_passed(wanted, spent)

    def _cost_passed(self, wanted: Reservation, spent: Spent) -> str | None:
        flying = sum(r.cost_usd for r in self._held)
        cap = self.max_cost_usd
        if cap is None or spent.cost_usd + flying + wanted.cost_usd <= cap or not wanted.cost_usd:
            return None
        return (
            f"the cap of {cap:g} USD could be passed: {spent.cost_usd:.4f} spent,"
            f" {flying:.4f} in flight, up to {wanted.cost_usd:.4f} for the next call;"
            " raise it with --max-cost"
        )


def cost_usd(price: Price, usage: Usage) -> float:
    """Return what a call costs."""
    cached_price = price.input if price.cached is None else price.cached
    fresh = max(0, usage.input - usage.cached)
    total = fresh * price.input + usage.cached * cached_price + usage.output * price.output
    return total / _PER_MILLION


def find_price(settings: Settings, model: str, endpoint: Endpoint) -> Price | None:
    """Return a model's price: the user's own, the embedded model's zero, or the offline table's.

    A server that the table does not know is taken to charge what the model's maker does.
    """
    own = settings.prices.get(model)
    if own is not None:
        return own
    if endpoint.embedded:
        return FREE
    return _listed_price(model, endpoint.base_url) or _listed_price(model, None)


def cost_cap(
    settings: Settings, prices: Mapping[str, Price | None], given: float | None
) -> float | None:
    """Return the cap on money for a session that asks the models of `prices`.

    Raises:
        SettingError: A cap is given, but a model's price is unknown.
    """
    unknown = sorted(name for name, price in prices.items() if price is None)
    if given is not None and unknown:
        raise SettingError(
            f"--max-cost {given:g}: the price of {unknown[0]!r} is unknown; expected"
            f' [prices."{unknown[0]}"] with input= and output= (USD per million tokens) in'
            f" {settings.config_file}"
        )
    if given is not None:
        return given
    costly = any(p is not None and (p.input > 0 or p.output > 0) for p in prices.values())
    return DEFAULT_MAX_COST_USD if costly else None


def _listed_price(model: str, base_url: str | None) -> Price | None:
    from genai_prices import Usage as Tokens
    from genai_prices import calc_price

    # Few tokens each: some models cost more per token in long prompts.
    kinds = (
        Tokens(input_tokens=_PROBE_TOKENS),
        Tokens(output_tokens=_PROBE_TOKENS),
        Tokens(input_tokens=_PROBE_TOKENS, cache_read_tokens=_PROBE_TOKENS),
    )
    try:
        input_, output, cached = (
            float(calc_price(t, model, provider_api_url=base_url).total_price) for t in kinds
        )
    except LookupError:
        return None
    scale = _PER_MILLION / _PROBE_TOKENS
    return Price(
        input=round(input_ * scale, 9),
        output=round(output * scale, 9),
        cached=round(cached * scale, 9),
    )
