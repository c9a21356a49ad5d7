"""The models a session asks: connected once each, under one budget."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from delegates.line import Calls, Line, Log, earlier_calls
from delegates.models.budget import Budget, Spent, cost_cap, find_price
from delegates.models.client import RetryPolicy
from delegates.models.connect import connect
from delegates.models.local import available
from delegates.seats import ModelName, SeatSpec
from delegates.settings import Price, Settings, resolve_endpoint
from games.errors import SettingError
from transcripts.events import Event, Replied
from transcripts.fold import Folded


@dataclass(frozen=True, kw_only=True)
class Caps:
    """Limits that no model call may pass, earlier spending of the session included."""

    max_cost_usd: float | None = None
    max_tokens: int | None = None
    max_time_s: float | None = None
    retry_budget_s: float | None = None


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
            found = available(name.model, settings)
            if not found.ok:
                raise SettingError(f"the embedded model cannot be used: {found.reason}")
    by_name = {name.model: price for name, price in known.items()}
    return cost_cap(settings, by_name, caps.max_cost_usd)


@dataclass
class Connections:
    """Lines to the models of one session."""

    lines: dict[ModelName, Line] = field(default_factory=dict[ModelName, Line])

    async def open(
        self, specs: Iterable[SeatSpec], settings: Settings, calls: Calls, caps: Caps
    ) -> None:
        """Connect every model that some seats ask.

        Raises:
            SettingError: If an endpoint, its key or the embedded model is missing.
        """
        policy = (
            None
            if caps.retry_budget_s is None
            else RetryPolicy(
                budget_s=caps.retry_budget_s, unreachable_s=min(10.0, caps.retry_budget_s)
            )
        )
        for name, price in prices(specs, settings).items():
            # Loading the embedded model blocks for seconds.
            client = await asyncio.to_thread(
                connect, settings, name.model, name.endpoint, policy=policy
            )
            host = resolve_endpoint(settings, name.model, name.endpoint).host
            self.lines[name] = Line(client, name.model, host, price, calls)

    async def close(self) -> None:
        """Let go of every connection."""
        for line in self.lines.values():
            await line.client.aclose()


def session_calls(
    folded: Folded, log: Log, specs: Iterable[SeatSpec], settings: Settings, caps: Caps
) -> Calls:
    """Return the session's call counter and budget, earlier spending counted.

    Raises:
        SettingError: If a cap on money is given but a price is not known.
    """
    replies = [event for event in folded.own_events if isinstance(event, Replied)]
    spent = Spent(
        cost_usd=sum(reply.cost_usd or 0.0 for reply in replies),
        input=sum(reply.tokens.input for reply in replies),
        output=sum(reply.tokens.output for reply in replies),
        cached=sum(reply.tokens.cached for reply in replies),
        calls=len(replies),
        unpriced_calls=sum(reply.cost_usd is None for reply in replies),
        time_s=sum(reply.latency_s for reply in replies),
    )
    budget = Budget(
        max_cost_usd=require_models(specs, settings, caps),
        max_tokens=caps.max_tokens,
        max_time_s=caps.max_time_s,
        spent=spent,
    )
    return Calls(log, budget, earlier_calls(_since_last_move(folded)))


def _since_last_move(folded: Folded) -> list[Event]:
    last = folded.made[-1].n if folded.made else 0
    return [event for event in folded.events if event.n > last]
