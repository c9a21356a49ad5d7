"""The models that sessions ask: connected once each, under one budget."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from delegates.books import spent_by
from delegates.line import Calls, Line, Log, Recall, earlier_calls
from delegates.models.budget import Budget, require_caps
from delegates.models.cache import ReplyCache, cache_path, open_cache
from delegates.models.client import ModelClient, RetryPolicy
from delegates.models.connect import Carriers, connect
from delegates.models.local import identity, why_unavailable
from delegates.models.prices import cost_cap, find_price
from delegates.seats import ModelName, SeatSpec
from delegates.settings import Price, Settings, resolve_endpoint
from games.errors import SettingError
from transcripts.events import Event, Limits
from transcripts.fold import Folded

_log = logging.getLogger("minilateral.models")


@dataclass(frozen=True, kw_only=True)
class Caps:
    """Limits that no model call may pass, earlier spending of the session included."""

    max_cost_usd: float | None = None
    max_tokens: int | None = None
    max_time_s: float | None = None
    retry_budget_s: float | None = None
    shared: Budget | None = None
    """A budget that other sessions spend from as well, beside these caps of the session's own."""

    @property
    def limits(self) -> Limits:
        """The caps that a transcript keeps."""
        return Limits(
            max_cost_usd=self.max_cost_usd,
            max_tokens=self.max_tokens,
            max_time_s=self.max_time_s,
        )

    def within(self, limits: Limits) -> Caps:
        """Return these caps, those that are not given as they were before."""
        before = limits.model_dump()
        given = {name: getattr(self, name) for name in before}
        return replace(
            self, **{name: before[name] if given[name] is None else given[name] for name in before}
        )

    def __post_init__(self) -> None:
        """Take no cap that nothing can stay under.

        Raises:
            SettingError: If one is not a finite number from 0.
        """
        require_caps(
            max_cost_usd=self.max_cost_usd,
            max_tokens=self.max_tokens,
            max_time_s=self.max_time_s,
            retry_budget_s=self.retry_budget_s,
        )


def named_models(specs: Iterable[SeatSpec]) -> list[ModelName]:
    """Return the distinct models that some seats ask."""
    return list(dict.fromkeys(model for spec in specs for model in spec.models))


def hosts(specs: Iterable[SeatSpec], settings: Settings) -> dict[ModelName, str]:
    """Return the endpoint host of every model that some seats ask; asks and starts nothing.

    Raises:
        SettingError: If an endpoint or its key is missing.
    """
    return {
        name: resolve_endpoint(settings, name.model, name.endpoint).host
        for name in named_models(specs)
    }


def prices(specs: Iterable[SeatSpec], settings: Settings) -> dict[ModelName, Price | None]:
    """Return what every model costs that some seats ask; None where it is not known."""
    return {
        name: find_price(
            settings, name.model, resolve_endpoint(settings, name.model, name.endpoint)
        )
        for name in named_models(specs)
    }


def require_models(specs: Iterable[SeatSpec], settings: Settings, caps: Caps) -> float | None:
    """Check that every model can be asked and capped before anything is written; return the cap.

    Raises:
        SettingError: If an endpoint, its key or the embedded model is missing, or a cap on money
            is given but a price is not known.
    """
    known = prices(specs, settings)
    for name in known:
        if resolve_endpoint(settings, name.model, name.endpoint).embedded:
            problem = why_unavailable(name.model, settings)
            if problem is not None:
                raise SettingError(f"the embedded model cannot be used: {problem}")
    return money_cap(settings, known, caps)


def money_cap(
    settings: Settings, known: Mapping[ModelName, Price | None], caps: Caps
) -> float | None:
    """Return the cap on money of one session that asks models of these prices.

    Raises:
        SettingError: If a cap is given but a price is not known.
    """
    given, shared = caps.max_cost_usd, caps.shared.max_cost_usd if caps.shared else None
    asked = shared if given is None else given
    # One by one: models of the same name may cost something at one endpoint and nothing at another.
    each = [cost_cap(settings, {name.model: price}, asked) for name, price in known.items()]
    if given is None and shared is not None:
        # The cap over all sessions takes the place of the one a session has by itself.
        return None
    return max((cap for cap in each if cap is not None), default=given)


@dataclass
class Clients:
    """Clients of models, and the cache of their replies, which many sessions may share."""

    settings: Settings
    policy: RetryPolicy | None = None
    """Time-outs and retries; by default the client's own."""
    cache: ReplyCache | None = None
    carriers: Carriers | None = None
    """Who carry requests; by default each client has connections of its own."""
    known: dict[ModelName, asyncio.Task[ModelClient]] = field(
        default_factory=dict[ModelName, "asyncio.Task[ModelClient]"]
    )

    @classmethod
    def opened(cls, settings: Settings, caps: Caps, carriers: Carriers | None = None) -> Clients:
        """Return no client yet, and the cache if the user wants one; asks and starts nothing."""
        budget_s = caps.retry_budget_s
        policy = None
        if budget_s is not None:
            policy = RetryPolicy(budget_s=budget_s, unreachable_s=min(10.0, budget_s))
        cache = None
        if settings.reply_cache.value:
            found = open_cache(cache_path(settings.home.value))
            if isinstance(found, str):
                _log.warning(found)
            else:
                cache = found
        return cls(settings, policy, cache, carriers)

    async def to(self, name: ModelName) -> ModelClient:
        """Return the client of a model, which is connected when it is first asked for.

        Raises:
            SettingError: If its endpoint, the key or the embedded model is missing.
        """
        if name not in self.known:
            # Loading the embedded model blocks for seconds.
            work = asyncio.to_thread(
                connect,
                self.settings,
                name.model,
                name.endpoint,
                policy=self.policy,
                carriers=self.carriers,
            )
            self.known[name] = asyncio.create_task(work)
        # Whoever no longer waits for it leaves it to the others.
        return await asyncio.shield(self.known[name])

    async def close(self) -> None:
        """Let go of every connection."""
        try:
            tasks = list(self.known.values())
            await asyncio.gather(*tasks, return_exceptions=True)
            for task in tasks:
                if not task.cancelled() and task.exception() is None:
                    await task.result().aclose()
        finally:
            if self.cache is not None:
                self.cache.close()


async def lines_to(
    specs: Iterable[SeatSpec], clients: Clients, calls: Calls
) -> dict[ModelName, Line]:
    """Return a session's lines to every model that some seats ask.

    Raises:
        SettingError: If an endpoint, its key or the embedded model is missing.
    """
    settings, lines = clients.settings, dict[ModelName, Line]()
    for name, price in prices(specs, settings).items():
        client = await clients.to(name)
        endpoint = resolve_endpoint(settings, name.model, name.endpoint)
        recall = None
        if clients.cache is not None:
            recall = Recall(
                clients.cache,
                identity(name.model, settings) if endpoint.embedded else endpoint.base_url,
            )
        lines[name] = Line(client, name.model, endpoint.host, price, calls, recall)
    return lines


def session_calls(
    folded: Folded, log: Log, specs: Iterable[SeatSpec], settings: Settings, caps: Caps
) -> Calls:
    """Return the session's call counter and budget, earlier spending counted.

    Raises:
        SettingError: If a cap on money is given but a price is not known.
    """
    budget = Budget(
        max_cost_usd=require_models(specs, settings, caps),
        max_tokens=caps.max_tokens,
        max_time_s=caps.max_time_s,
        spent=spent_by(folded.own_events, settings, has_ended=False),
        within=caps.shared,
    )
    return Calls(log, budget, earlier_calls(_since_last_move(folded)))


def _since_last_move(folded: Folded) -> list[Event]:
    last = folded.made[-1].n if folded.made else 0
    return [event for event in folded.events if event.n > last]
