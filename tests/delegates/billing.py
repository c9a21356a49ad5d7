"""A provider that bills whatever its models worked on, and keeps its own ledger by model.

It counts more tokens than most (up to one a byte), lets answers be as long as was allowed, bills
those that are lost on the way, and now and then says nothing of usage.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from delegates.models.chat import Usage
from delegates.models.prices import cost_usd
from delegates.settings import Price
from tests.delegates.sessions import haggle
from tests.support import openai_stub as stub
from tests.support.openai_stub import Fault, Said

LOST: Mapping[str, Callable[[], Fault]] = {
    "dropped": stub.dropped,
    "half an answer": stub.half_body,
    "half a stream": stub.half_chunked,
    "broken JSON": lambda: Fault(body='{"id": "x", "choices": [{"mess'),
    "gateway gave up": lambda: stub.server_error(504),
}
"""Answers that are billed and never arrive."""

TURNED_AWAY: Mapping[str, Callable[[], Fault]] = {
    "429": lambda: stub.too_many("0.01"),
    "500": stub.server_error,
}
"""Failures that are not billed."""


@dataclass
class Provider:
    """Answers requests, and bills them."""

    prices: Mapping[str, Price]
    seed: int = 0
    fault_share: float = 0.2
    slow_share: float = 0.0
    slow_s: float = 3.0
    greedy: set[str] = field(default_factory=set[str])
    """Models that use about all that they may."""
    billed_usd: dict[str, float] = field(default_factory=dict[str, float])
    """By model."""
    billed_tokens: Counter[str] = field(default_factory=Counter[str])
    given: Counter[str] = field(default_factory=Counter[str])
    """How often what was given in answer."""
    asked: Counter[str] = field(default_factory=Counter[str])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: dict[str, Any]) -> Said | Fault:
        """Answer by the model's own lots."""
        model = str(request["model"])
        with self.lock:
            number = self.asked[model]
            self.asked[model] += 1
        chance = Random(f"{self.seed}/{model}/{number}")
        if chance.random() < self.fault_share:
            kind = chance.choice([*LOST, *LOST, *TURNED_AWAY])
            if kind in LOST:
                self._bill(model, self._usage(request, chance))
            with self.lock:
                self.given[kind] += 1
            return {**LOST, **TURNED_AWAY}[kind]()
        usage = self._usage(request, chance)
        self._bill(model, usage)
        told = None if chance.random() < 0.1 else (usage.input, usage.output, usage.cached)
        slow = chance.random() < self.slow_share
        with self.lock:
            self.given["slow" if slow else "reply" if told else "reply without usage"] += 1
        said = Said(text=haggle(request), usage=told)
        return replace(said, latency_s=self.slow_s) if slow else said

    def _bill(self, model: str, usage: Usage) -> None:
        with self.lock:
            cost = cost_usd(self.prices[model], usage)
            self.billed_usd[model] = self.billed_usd.get(model, 0.0) + cost
            self.billed_tokens[model] += usage.input + usage.output

    def _usage(self, request: dict[str, Any], chance: Random) -> Usage:
        limit = int(request.get("max_tokens") or request["max_completion_tokens"])
        prompt = sum(len(message["content"].encode()) + 16 for message in request["messages"])
        prompt += len(str(request.get("response_format", request.get("tools", ""))))
        if request["model"] in self.greedy:
            return Usage(input=prompt, output=limit)
        read = int(prompt * chance.choice([0.25, 0.3, 0.5, 1.0]))
        written = int(limit * chance.choice([0.1, 0.2, 0.5, 1.0])) or 1
        cached = int(read * chance.choice([0.0, 0.0, 0.5, 0.9]))
        return Usage(input=read, output=written, cached=cached)
