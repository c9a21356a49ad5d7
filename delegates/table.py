"""The table: a LangGraph that asks whoever must move, steps the session and writes it down.

The graph's state is a cursor, not the talks: the transcript is the only durable truth, and a graph
entered anew at the folded cursor carries on where a crash ended. Stretches in which no model is
asked are played inside one node.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypedDict, cast

from delegates.contract import Decision, PublicMove, ScriptedMind, Utterance, View, view_of
from delegates.seats import Delegate
from delegates.voices.template import phrase
from games.referee import REFEREE_VERSION
from games.session import Move, Offer, payoffs, utilities
from transcripts.events import Act, Event, Found, MoveMade, SessionClosed
from transcripts.fold import Folded, act_of, move_of
from transcripts.record import rounded
from transcripts.store import Memory, TranscriptFile

Watcher = Callable[[Event, Folded], None]
"""Shown each event after it is kept."""


class Cursor(TypedDict):
    """The graph's whole state."""

    turn: int
    """The turn that was last awaited."""


@dataclass
class Table:
    """One session under way: its delegates, its record, and those who watch."""

    folded: Folded
    recorder: Memory | TranscriptFile
    watch: Watcher | None = None
    delegates: dict[str, Delegate] = field(default_factory=dict[str, Delegate])
    said: list[PublicMove] = field(default_factory=list["PublicMove"])
    """Every move as all heard it."""

    def __post_init__(self) -> None:
        """Take in the moves of an earlier run."""
        for event in self.folded.made:
            self._hear(event)

    def seat(self, delegates: dict[str, Delegate]) -> None:
        """Let the delegates take their seats."""
        self.delegates = delegates

    def record(self, event: Event, *, durable: bool = False) -> None:
        """Keep an event, then let those who watch see it."""
        kept = self.recorder.append(event, durable=durable)
        self.folded.add(kept)
        if isinstance(kept, MoveMade):
            self._hear(kept)
        if self.watch is not None:
            self.watch(kept, self.folded)

    def _hear(self, event: MoveMade) -> None:
        move = move_of(self.folded.scenario, event)
        self.said.append(PublicMove(event.turn, event.round, event.party, move, event.words))

    @property
    def is_open(self) -> bool:
        """Whether a move is awaited."""
        return self.folded.state.is_open

    @property
    def mover(self) -> Delegate:
        """The delegate whose move is awaited."""
        return self.delegates[self.folded.state.party]

    def view(self) -> View:
        """Return what the delegate to move may know."""
        return view_of(self.folded.state, self.said, self.folded.header.seed)

    async def ask(self) -> None:
        """Ask the delegate to move for a decision and for words, and record its move."""
        view = self.view()
        delegate = self.mover
        mind = delegate.mind
        if isinstance(mind, ScriptedMind):
            decision = Decision(mind.choose(view))
        else:
            decision = await mind.decide(view)
        self.record(self._moved(view, decision, await self._words(delegate, view, decision)))

    async def _words(self, delegate: Delegate, view: View, decision: Decision) -> Utterance:
        if delegate.voice is not None:
            return await delegate.voice.word(view, decision.move)
        if decision.words:
            return Utterance(decision.words)
        return Utterance(phrase(view, decision.move), fallback="the model said nothing with it")

    def choose(self) -> None:
        """Record the move of a delegate that asks no model."""
        view = self.view()
        decision = Decision(cast("Any", self.mover.mind).choose(view))
        self.record(self._moved(view, decision, Utterance(phrase(view, decision.move))))

    def _moved(self, view: View, decision: Decision, said: Utterance) -> MoveMade:
        spec = self.delegates[view.party].spec
        return MoveMade(
            turn=view.turn,
            round=view.round,
            party=view.party,
            act=cast("Act", act_of(decision.move)),
            outcome=_outcome(view, decision.move),
            words=said.words,
            decided_by="code (fallback)" if decision.fallback else decision.by or spec.decides,
            worded_by="templates" if said.fallback else spec.words,
            fallback=decision.fallback,
            words_fallback=said.fallback,
        )

    def choose_on(self) -> None:
        """Play on while the delegates to move ask no model."""
        while self.is_open and self.mover.scripted:
            self.choose()

    def close(self) -> None:
        """Record the result and the referee's findings, where they are not on record yet."""
        state = self.folded.state
        agreed = state.agreement
        if self.folded.closed is None:
            self.record(
                SessionClosed(
                    status=state.status,
                    outcome=None if agreed is None else self.folded.scenario.space.outcome(agreed),
                    utilities=rounded(utilities(state)),
                    payoffs=rounded(payoffs(state)),
                )
            )
        if self.folded.found is None:
            findings = self.folded.findings.as_json()
            self.record(
                Found(version=REFEREE_VERSION, findings=cast("Any", findings)), durable=True
            )


def _outcome(view: View, move: Move) -> dict[str, Any] | None:
    return dict(view.public.space.outcome(move.outcome)) if isinstance(move, Offer) else None


Node = Literal["scripted", "ask", "close"]


class Graph(Protocol):
    """What is used of a compiled LangGraph."""

    async def ainvoke(self, state: Cursor, config: dict[str, int], /) -> object:
        """Run the graph from a state to its end."""
        ...

    def get_graph(self) -> Any:
        """Return the graph's drawing."""
        ...


def graph(table: Table) -> Graph:
    """Return the table's graph: scripted stretches, model turns, and the close."""
    from langgraph.graph import (  # pyright: ignore[reportMissingTypeStubs]
        END,
        START,
        StateGraph,
    )

    def onward(_: Cursor) -> Node:
        if not table.is_open:
            return "close"
        return "scripted" if table.mover.scripted else "ask"

    async def scripted(_: Cursor) -> Cursor:
        table.choose_on()
        return {"turn": table.folded.state.turn}

    async def ask(_: Cursor) -> Cursor:
        await table.ask()
        return {"turn": table.folded.state.turn}

    async def close(_: Cursor) -> Cursor:
        table.close()
        return {"turn": table.folded.state.turn}

    # LangGraph's own annotations are not complete under strict checking.
    builder = cast("Any", StateGraph(Cursor))
    builder.add_node("scripted", scripted)
    builder.add_node("ask", ask)
    builder.add_node("close", close)
    for source in (START, "scripted", "ask"):
        builder.add_conditional_edges(source, onward, ["scripted", "ask", "close"])
    builder.add_edge("close", END)
    return builder.compile()


async def run_graph(table: Table) -> None:
    """Play a session to its end through the graph, traced by nobody.

    Raises:
        ProviderError: If an endpoint failed for good; what happened before is on record.
        CapReached: If a cap was met; likewise.
    """
    from langsmith import tracing_context  # pyright: ignore[reportUnknownVariableType]

    # Only the newer variables can be overruled; at this old one langchain-core raises.
    os.environ.pop("LANGCHAIN_TRACING", None)
    supersteps = len(table.folded.state.turns) + 4
    with tracing_context(enabled=False):
        await graph(table).ainvoke(
            {"turn": table.folded.state.turn}, {"recursion_limit": supersteps}
        )


def run_scripted(table: Table) -> None:
    """Play a session to its end in which no delegate asks a model, without graph or event loop."""
    table.choose_on()
    table.close()
