"""A session played without any model, to see what models would be asked in it.

The delegates are the real ones, so are their prompts; what models reply is made up. No party
accepts: each offers a little less in every round, so that the session runs to its last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar, cast

import numpy as np

from delegates.contract import PublicMove, ScriptedMind, View
from delegates.hearing import is_worded
from delegates.line import Calls, Line
from delegates.models.budget import Budget
from delegates.models.chat import Ask, Attempts, Hear, Reply, Usage
from delegates.models.client import ModelClient
from delegates.models.hall_schema import action_of
from delegates.models.prices import FREE
from delegates.models.prompt import outcome_texts
from delegates.models.tokens import (
    prompt_parts,
    prompt_tokens_of,
    shared_tokens,
    tokens_in,
)
from delegates.seating import seat_delegate
from delegates.seats import ModelName, SeatSpec
from delegates.settings import EMBEDDED_HOST
from delegates.views import view_of
from delegates.voices.template import phrase
from games.moves import Merge, Move, Offer, Pass
from games.protocols.hall import HallState
from games.scenario import Scenario
from games.session import State, start, step
from transcripts.acts import terms_of
from transcripts.events import Event, Unusable

T = TypeVar("T")

SAMPLED_ROUNDS = 10
"""Rounds whose prompts are built; each stands for those around it."""

FEW_SAMPLED_ROUNDS = 4
"""The same among many parties."""

_MANY = 6
_DRAWS = 20

_AND_SO = (
    " We believe that these terms answer the needs that both sides have set out, and we remain"
    " ready to discuss how they are to be carried out."
)
_THOUGHT = (
    "The offer on the table gives us too little on the issues that weigh most for us. We concede"
    " where it costs us least and they seem to gain most, and hold firm on the rest, since there"
    " are rounds left."
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a model would be asked, and about how long question and answer are."""

    party: str
    model: ModelName
    turns: int
    """How many turns of the session it stands for."""
    is_again: bool
    """Whether the reply before it could not be used."""
    input: int
    seen: int
    """Of the input, tokens at its start that were sent before."""
    output: int
    most_output: int


@dataclass
class _Understudy:
    """Stands in for a model client: says what it is given to say."""

    reply: Callable[[Ask], str]
    asks: list[Ask] = field(default_factory=list[Ask])

    async def complete(
        self,
        ask: Ask,
        *,
        attempts: Attempts,
        hear: Hear | None = None,  # noqa: ARG002 - a client's
    ) -> Reply:
        await attempts.begin(ask)
        self.asks.append(ask)
        return Reply(
            text=self.reply(ask),
            finish="stop",
            usage=Usage(input=1, output=1),
            latency_s=0.0,
            model="",
            request_id=None,
        )

    def note_unparsable(self, sent_as: str) -> None:
        """Learn nothing."""


@dataclass
class _Prompter:
    """Keeps no event, but remembers how often a reply was found unusable."""

    unusable: int = 0

    def record(self, event: Event, *, durable: bool = False) -> None:  # noqa: ARG002 - a log's
        """Take note of an event."""
        self.unusable += isinstance(event, Unusable)

    async def record_durably(self, event: Event) -> None:
        """Take note of an event."""
        self.record(event)


def rehearse(
    scenario: Scenario, specs: Mapping[str, SeatSpec], *, is_smooth: bool
) -> list[Question]:
    """Return what the models of some seats would be asked in a session that runs to its last round.

    Args:
        scenario: What is negotiated.
        specs: Every party's seat; in a person's place moves the stand-in.
        is_smooth: Whether every reply can be used; else none can, and all are asked for again.
    """
    state = longest(scenario)
    weights = _sampled(state, with_previous=is_smooth)
    said: list[PublicMove] = []
    questions: list[Question] = []
    sent: dict[str, list[tuple[str, ...]]] = {}
    while state.is_open:
        view = view_of(state, said, 0)
        spec = specs[state.party]
        offer = Pass() if view.is_held else _offer(view)
        turns = weights.get(state.turn)
        if spec.models and turns is not None:
            asked = questions_of(
                view, spec, offer, turns, sent.get(view.party, []), is_smooth=is_smooth
            )
            questions += [question for question, _ in asked if question.turns]
            sent[view.party] = [parts for _, parts in asked]
        words = likely_words(view, offer) if spec.models else phrase(view, offer)
        said.append(PublicMove(state.turn, state.round, state.party, offer, words))
        state, _ = step(state, offer)
    return questions


def longest(scenario: Scenario) -> State:
    """Return a session's beginning; where its end is drawn by lot, a late one."""
    drawn = [start(scenario, seed) for seed in range(_DRAWS if scenario.protocol.deadline else 1)]
    return max(drawn, key=_rounds)


def _rounds(state: State) -> int:
    return state.last_round if isinstance(state, HallState) else len(state.turns)


def _sampled(state: State, *, with_previous: bool) -> dict[int, int]:
    """Return the turns whose prompts are built, and how many turns each stands for.

    Args:
        state: The session's beginning.
        with_previous: Whether the party's turn before each of them is built as well, standing for
            none: what is sent there is what a provider has seen.
    """
    parties = len(state.scenario.ids)
    rounds = SAMPLED_ROUNDS if parties <= _MANY else FEW_SAMPLED_ROUNDS
    weights: dict[int, int] = {}
    for position in range(parties):
        own = [turn for turn, mover in enumerate(state.turns) if mover == position]
        bounds = np.linspace(0, len(own), min(rounds, len(own)) + 1).round().astype(int)
        for first, last in pairwise(bounds):
            middle = int(first + last - 1) // 2
            weights[own[middle]] = int(last - first)
            if middle and with_previous:
                weights.setdefault(own[middle - 1], 0)
    return weights


def questions_of(
    view: View,
    spec: SeatSpec,
    move: Move,
    turns: int,
    sent: list[tuple[str, ...]],
    *,
    is_smooth: bool,
) -> list[tuple[Question, tuple[str, ...]]]:
    """Return what a seat's models are asked in one turn, with the parts of each prompt.

    Args:
        view: What the seat knows.
        spec: The seat.
        move: What it will do, and say if it is to word it.
        turns: How many turns this one stands for.
        sent: The parts of prompts that its models were sent before.
        is_smooth: Whether every reply can be used.
    """
    asked: list[tuple[Question, tuple[str, ...]]] = []
    before = list(sent)
    log = _Prompter()

    def line_to(name: ModelName) -> Line:
        def reply(ask: Ask) -> str:
            text = _reply(view, move, ask) if is_smooth else "?"
            parts = prompt_parts(ask)
            question = Question(
                party=view.party,
                model=name,
                turns=turns,
                is_again=log.unusable > 0,
                input=prompt_tokens_of(parts),
                seen=max((shared_tokens(parts, other) for other in before), default=0),
                output=min(tokens_in(text), ask.max_tokens),
                most_output=ask.max_tokens,
            )
            asked.append((question, parts))
            before.append(parts)
            return text

        client = cast("ModelClient", _Understudy(reply))
        # A voice asks the embedded model otherwise than those that keep a prompt.
        host = EMBEDDED_HOST if name.is_embedded else ""
        return Line(client, name.model, host, FREE, Calls(log, Budget()))

    delegate = seat_delegate(spec, line_to)
    if not isinstance(delegate.mind, ScriptedMind):
        _at_once(delegate.mind.decide(view))
    log.unusable = 0
    if delegate.voice is not None and is_worded(view, move):
        _at_once(delegate.voice.word(view, move))
    return asked


def _at_once(work: Coroutine[object, object, T]) -> T:
    """Return what a coroutine returns that waits for nobody; no event loop is needed for that."""
    try:
        work.send(None)
    except StopIteration as done:
        return cast("T", done.value)
    work.close()
    raise AssertionError("a rehearsal waits for somebody")


def _offer(view: View) -> Offer:
    """Return an offer that concedes a little in every round, down to the reservation value."""
    order, utilities = view.own.ranking
    least = min(max(view.own.reservation, view.own.lowest), view.own.highest)
    share = view.round / max(1, view.rounds - 1)
    aspiration = view.own.highest - share * (view.own.highest - least)
    place = min(int(np.searchsorted(utilities, aspiration)), len(order) - 1)
    return Offer(int(order[place]))


def _reply(view: View, move: Move, ask: Ask) -> str:
    """Return what a model might reply: a letter, a decision in JSON, or words."""
    if ask.top_logprobs is not None:
        return "A"
    if ask.schema is None:
        return likely_words(view, move)
    outcome = move.outcome if isinstance(move, Offer | Merge) else None
    known = {
        "reasoning": _THOUGHT,
        "action": action_of(move),
        "offer": None if outcome is None else outcome_texts(view, outcome),
        "on": terms_of(move) or None,
        "message": likely_words(view, move),
    }
    wanted = cast("dict[str, object]", ask.schema.json.get("properties", {}))
    return json.dumps({name: known.get(name) for name in wanted})


def likely_words(view: View, move: Move) -> str:
    """Return words as long as models commonly make them."""
    return phrase(view, move) + _AND_SO
