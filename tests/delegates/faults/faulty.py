"""A model and its provider that fail in every way, by lot, and keep a ledger of how they failed.

One function answers every request: each seat's model is named after its party. By its own lots it
gives a good reply, one of a model's faults in a good answer, or one of a provider's failures in
place of an answer. The ledger holds what was given to whom, so that a session's own counts can be
held against it.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from games.scenario import Scenario
from tests.support import openai_stub as stub
from tests.support.openai_stub import Fault, Said

Offer = dict[str, str]
"""An outcome as a model writes it."""

SLOW_S = 2.8
"""Longer than an attempt may take in these sessions."""

SPOKEN = (
    "We have weighed your terms with care and table these.",
    "Our capital needs a balanced text, and this is one.",
    "Let us close the gap between us; here is our proposal.",
    "We move towards you on what matters to you.",
    "This package is fair to both sides and can be defended at home.",
)

HARD = ("unparsable", "illegal", "contradictory", "empty", "refused", "truncated", "own-red-line")
"""Faults of a reply that names no move."""

SOFT = ("over-long", "off-topic", "repeating", "out-of-role")
"""Faults of words said with a legal move."""

OF_A_VOICE = (
    "empty",
    "refused",
    "truncated",
    "over-long",
    "invented-figure",
    "unclear-act",
    "out-of-role",
)

PASSING: dict[str, Callable[[], Fault]] = {
    "429": stub.too_many,
    "429 with Retry-After": lambda: stub.too_many("0.01"),
    "500": stub.server_error,
    "502 with a page": lambda: Fault(status=502, body="<html>", content_type="text/html"),
    "503": lambda: stub.server_error(503),
    "529": lambda: stub.server_error(529),
    "dropped": stub.dropped,
    "half an answer": stub.half_body,
    "half a stream": stub.half_chunked,
    "time-out": lambda: Fault(body="{}", latency_s=SLOW_S),
    "broken JSON": lambda: Fault(body='{"id": "x", "choices": [{"mess'),
}
"""A provider's failures that pass: the call is made again."""

LASTING: dict[str, Callable[[], Fault]] = {
    "401": lambda: stub.unauthorized("sk-canary-1234567890"),
    "404": lambda: stub.error(404, "no such model"),
    "402 out of credit": lambda: stub.too_many(code="insufficient_quota"),
    "JSON of something else": lambda: Fault(body='{"hello": "world"}'),
    "400": lambda: stub.error(400, "this request is not taken"),
}
"""A provider's failures that end a call at once."""

RECIPE = (
    "Whisk the eggs with the sugar until pale, then fold the flour into it and bake the cake in a "
    "hot oven for half an hour; let it cool before you spread the cream on top and serve it."
)


@dataclass(frozen=True, kw_only=True)
class Given:
    """One answer that was given: to whose model, for what, and what was wrong with it."""

    party: str
    purpose: str
    model_fault: str | None = None
    provider_fault: str | None = None


@dataclass
class Faulty:
    """Answers requests, by lot in bad ways; a callable for `OpenAIStub`."""

    scenario: Scenario
    seed: int
    model_faults: Sequence[str] = (*HARD, *SOFT, "below-reservation")
    voice_faults: Sequence[str] = OF_A_VOICE
    letter_faults: Sequence[str] = ("unparsable", "empty")
    provider_faults: Sequence[str] = tuple(PASSING)
    model_rate: float = 0.3
    provider_rate: float = 0.2
    ledger: list[Given] = field(default_factory=list[Given])
    healthy: bool = False
    """Whether it has recovered: only good replies from here on."""
    unheard: frozenset[str] = frozenset()
    """Parties whose mind's own words nobody hears, since a voice words their moves."""

    def __post_init__(self) -> None:
        self.random = Random(f"faulty/{self.seed}")
        self.lock = threading.Lock()
        self.heard: dict[str, tuple[str, Offer]] = {}
        """Each party's last good words and the offer they came with."""

    def __call__(self, request: dict[str, Any]) -> str | Said | Fault:
        """Return the answer to a request."""
        with self.lock:
            party = str(request["model"]).partition("-")[2]
            purpose = purpose_of(request)
            if not self.healthy and self.random.random() < self.provider_rate:
                name = self.random.choice(list(self.provider_faults))
                self.ledger.append(Given(party=party, purpose=purpose, provider_fault=name))
                return (PASSING | LASTING)[name]()
            return self._replied(request, party, purpose)

    def _replied(self, request: dict[str, Any], party: str, purpose: str) -> Said:
        fault = None
        if not self.healthy and self.random.random() < self.model_rate:
            fault = self.random.choice(self._faults_of(purpose, party))
        match purpose:
            case "decide":
                said, fault = self._decision(request, party, fault)
            case "letter":
                said = {None: Said(text="B"), "empty": Said(text="")}.get(fault, Said(text="Hm?"))
            case _:
                said = _worded(fault)
        self.ledger.append(Given(party=party, purpose=purpose, model_fault=fault))
        return said

    def _faults_of(self, purpose: str, party: str) -> list[str]:
        if purpose == "decide":
            unheard = SOFT if party in self.unheard else ()
            return [fault for fault in self.model_faults if fault not in unheard]
        return list(self.letter_faults if purpose == "letter" else self.voice_faults)

    def _decision(
        self, request: dict[str, Any], party: str, fault: str | None
    ) -> tuple[Said, str | None]:
        """Return a decision, and its fault; some faults cannot be had at once."""
        offer, words = self._offer(party, crosses=False, falls_short=False), self._words()
        last_words, last_offer = self.heard.get(party, ("", {}))
        bad = self._misplaced(party, fault, offer, words)
        if fault == "repeating" and last_words and last_offer != offer:
            return Said(text=decided("offer", offer, last_words)), fault
        if bad is not None:
            return bad, fault
        self.heard[party] = (words, offer)
        return Said(text=decided("offer", offer, words)), None

    def _misplaced(self, party: str, fault: str | None, offer: Offer, words: str) -> Said | None:
        match fault:
            case "unparsable":
                return Said(text="I would rather propose something else today, dear colleagues.")
            case "illegal":
                return Said(text=decided("offer", offer | {"volume": "77"}, words))
            case "contradictory":
                return Said(text=decided("offer", None, words))
            case "empty":
                return Said(text="")
            case "refused":
                return Said(text="I cannot do that.", finish="content_filter")
            case "truncated":
                return Said(text=decided("offer", offer, words)[:40], finish="length")
            case "own-red-line":
                crossing = self._offer(party, crosses=True, falls_short=None)
                return Said(text=decided("offer", crossing, words))
            case "over-long":
                return Said(text=decided("offer", offer, " ".join([words] * 60)))
            case "off-topic":
                return Said(text=decided("offer", offer, RECIPE))
            case "out-of-role":
                return Said(text=decided("offer", offer, f"As an AI language model, {words}"))
            case "below-reservation":
                low = self._offer(party, crosses=False, falls_short=True)
                # A guard may keep these words from being spoken: there is nothing to repeat then.
                self.heard.pop(party, None)
                return Said(text=decided("offer", low, words))
            case _:
                return None

    def _words(self) -> str:
        # A number of its own keeps two statements from being the same.
        return f"{self.random.choice(SPOKEN)} This is text {self.random.randrange(10**6)}."

    def _offer(self, party: str, *, crosses: bool, falls_short: bool | None) -> Offer:
        """Return an offer by lot that does, or does not, cross a red line and fall short."""
        own = self.scenario.preferences[self.scenario.ids.index(party)]
        fitting = [
            outcome
            for outcome in range(self.scenario.space.size)
            if own.may_sign(outcome) != crosses
            and falls_short in (None, own.utility(outcome) < own.reservation)
        ]
        chosen = self.scenario.space.outcome(self.random.choice(fitting))
        return {issue: str(option) for issue, option in chosen.items()}

    def faults(self, party: str) -> Counter[str]:
        """Return how often each of a model's faults was given to a party."""
        return Counter(
            given.model_fault
            for given in self.ledger
            if given.party == party and given.model_fault is not None
        )

    def failures(self, party: str) -> Counter[str]:
        """Return how often a party's provider failed in each way."""
        return Counter(
            given.provider_fault
            for given in self.ledger
            if given.party == party and given.provider_fault is not None
        )

    def replies(self, party: str) -> list[Given]:
        """Return the answers that a party's model gave, in order."""
        return [given for given in self.ledger if given.party == party and not given.provider_fault]


def purpose_of(request: Mapping[str, Any]) -> str:
    """Return what a request wants: a decision, a letter, or words."""
    if "response_format" in request or "tools" in request or "JSON schema" in str(request):
        return "decide"
    return "letter" if request.get("logprobs") or request["max_tokens"] < 9 else "word"


def decided(action: str, offer: Offer | None, message: str) -> str:
    """Return a decision as a model writes it."""
    return json.dumps({"reasoning": "", "action": action, "offer": offer, "message": message})


def _worded(fault: str | None) -> Said:
    match fault:
        case None:
            return Said(text="We stand by what we propose; let us accept it or leave.")
        case "empty":
            return Said(text="")
        case "refused":
            return Said(text="I'm sorry, but I can't help with that.")
        case "truncated":
            return Said(text="We stand by what we prop", finish="length")
        case "over-long":
            return Said(text="We stand by what we propose. " * 60)
        case "invented-figure":
            return Said(text="We stand by what we propose, all 987654321 tonnes of it.")
        case "unclear-act":
            return Said(text="The weather is very pleasant this morning.")
        case _:
            return Said(text="We stand by what we propose, though I am only a language model.")


@dataclass(frozen=True)
class Decided:
    """How one decision of an `llm` seat should have come about."""

    unusable: tuple[str, ...]
    falls_back: bool
    is_template_worded: bool


def decisions(replies: Sequence[Given]) -> Iterator[Decided]:
    """Yield the decisions that a row of replies makes up, by the rule that is documented.

    A fault is asked for again, at most twice. If the last reply was no good either, the last legal
    move stands, worded by a template; where there was none, the fallback mind moves.
    """
    faults: list[str] = []
    for given in replies:
        fault = given.model_fault
        if fault is None or fault == "below-reservation":
            yield Decided(tuple(faults), falls_back=False, is_template_worded=False)
            faults = []
            continue
        faults.append(fault)
        if len(faults) == 3:
            lost = not any(one in SOFT for one in faults)
            yield Decided(tuple(faults), falls_back=lost, is_template_worded=not lost)
            faults = []
