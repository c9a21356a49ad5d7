"""What models cost: the user's own prices, the embedded model's zero, or an offline table.

A cost is never reckoned too low: where a provider may charge more (longer prompts, peak hours,
prompts it puts into its own cache), the higher price is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from delegates.models.chat import Usage
from delegates.settings import Endpoint, LongPrompts, Price, Settings
from games.errors import SettingError

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice

DEFAULT_MAX_COST_USD = 1.0
"""The cap on money where prices are known and the user gives none."""

FREE = Price(input=0.0, output=0.0, cached=0.0)
"""What the embedded model costs."""

_PER_MILLION = 1_000_000
_PER_THOUSAND = 1000

_WRITTEN_ON_REQUEST = "claude"
"""Models whose prompts enter the provider's cache only where a request marks them; ours never do.
Others cache by themselves and some charge for it: OpenAI's from gpt-5.6 on, a quarter more."""

_SEARCHES_BY_ITSELF = ("search", "sonar-deep")
"""Models that search the web unasked, at a fee a search that no cap could foresee."""


def cost_usd(price: Price, usage: Usage) -> float:
    """Return what a call costs; what a model thought to itself is billed as output."""
    rates = _rates(price, usage.input)
    cached = rates.input if rates.cached is None else rates.cached
    fresh = max(0, usage.input - usage.cached) * _fresh(rates)
    total = fresh + usage.cached * cached + usage.output * rates.output
    return total / _PER_MILLION + price.per_call


def most_usd(price: Price, bound: Usage) -> float:
    """Return what a call costs at most that uses no more than `bound`, whatever is cached of it."""
    within = [price, *(longer for longer in price.longer if longer.above < bound.input)]
    prompt = max(max(_fresh(rates), rates.cached or 0.0) for rates in within)
    answer = max(rates.output for rates in within)
    return (bound.input * prompt + bound.output * answer) / _PER_MILLION + price.per_call


def _rates(price: Price, prompt_tokens: int) -> Price | LongPrompts:
    reached = [longer for longer in price.longer if prompt_tokens > longer.above]
    return max(reached, key=lambda longer: longer.above, default=price)


def _fresh(rates: Price | LongPrompts) -> float:
    """Return the price of prompt tokens not read from a cache: they may be put into it."""
    return max(rates.input, rates.written or 0.0)


def find_price(
    settings: Settings, model: str, endpoint: Endpoint, *, now: datetime | None = None
) -> Price | None:
    """Return a model's price: the user's own, the embedded model's zero, or the offline table's.

    A server that the table does not know is taken to charge what the model's maker does.

    Args:
        settings: Where the user's own prices are.
        model: The model's name.
        endpoint: The server that is asked.
        now: When the session begins; prices may change with the hour.
    """
    own = settings.prices.get(model)
    if own is not None:
        return own
    if endpoint.embedded:
        return FREE
    when = now or datetime.now(UTC)
    return _listed_price(model, endpoint.base_url, when) or _listed_price(model, None, when)


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
    costly = any(p is not None and is_costly(p) for p in prices.values())
    return DEFAULT_MAX_COST_USD if costly else None


def is_costly(price: Price) -> bool:
    """Whether a call can cost anything."""
    return most_usd(price, Usage(input=1, output=1)) > 0


def _listed_price(model: str, base_url: str | None, now: datetime) -> Price | None:
    from genai_prices import Usage as Tokens
    from genai_prices import calc_price

    try:
        found = calc_price(Tokens(), model, provider_api_url=base_url).model
    except LookupError:
        return None
    # A session may run into dearer hours, or into the day of a new price.
    hours = [found.get_prices(now + timedelta(hours=hour)) for hour in range(25)]
    if any(not _is_foreseeable(found, listed) for listed in hours):
        return None
    return _dearest(found, hours)


def _is_foreseeable(model: ModelInfo, listed: ModelPrice) -> bool:
    if listed.input_mtok is None and listed.output_mtok is None:
        return model.id.endswith(":free")
    searches = listed.web_searches_kcount is not None and any(
        word in model.id for word in _SEARCHES_BY_ITSELF
    )
    return listed.input_mtok is not None and listed.output_mtok is not None and not searches


def _dearest(model: ModelInfo, hours: Iterable[ModelPrice]) -> Price:
    hours = list(hours)
    steps = sorted({0, *(start for listed in hours for start in _starts(listed))})
    rates = [_rates_above(model, hours, above) for above in steps]
    first = rates[0]
    fees = [float(_at(listed, "requests_kcount", 0) or 0) for listed in hours]
    return Price(
        input=first.input,
        output=first.output,
        cached=first.cached,
        written=first.written,
        per_call=max(fees) / _PER_THOUSAND,
        longer=tuple(rates[1:]),
    )


_KEYS = ("input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok", "requests_kcount")


def _starts(listed: ModelPrice) -> set[int]:
    from genai_prices.types import TieredPrices

    found = (getattr(listed, key) for key in _KEYS)
    return {
        tier.start for value in found if isinstance(value, TieredPrices) for tier in value.tiers
    }


def _rates_above(model: ModelInfo, hours: list[ModelPrice], above: int) -> LongPrompts:
    def dearest(key: str) -> float | None:
        values = [value for listed in hours if (value := _at(listed, key, above)) is not None]
        return max(values) if values else None

    cached = dearest("cache_read_mtok")
    # Where one hour has no price for cached tokens, they cost the same as others in it.
    if any(_at(listed, "cache_read_mtok", above) is None for listed in hours):
        cached = None
    written = None if _WRITTEN_ON_REQUEST in model.id else dearest("cache_write_mtok")
    return LongPrompts(
        above=above,
        input=dearest("input_mtok") or 0.0,
        output=dearest("output_mtok") or 0.0,
        cached=cached,
        written=written,
    )


def _at(listed: ModelPrice, key: str, above: int) -> float | None:
    """Return a listed price for prompts of more than `above` tokens."""
    from genai_prices.types import TieredPrices

    value = getattr(listed, key)
    if value is None:
        return None
    if isinstance(value, TieredPrices):
        reached = [tier.price for tier in value.tiers if above >= tier.start]
        return float(reached[-1] if reached else value.base)
    return float(value)
