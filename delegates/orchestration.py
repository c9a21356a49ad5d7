"""A session's order: a LangGraph that asks whoever must move, until the session ends.

The graph's state is a cursor, not the talks: the transcript is the only durable truth, and a graph
entered anew at the folded cursor carries on where a crash ended. Stretches in which neither a model
nor a person is asked are played inside one node.

A person is asked in a node of its own. An interrupted node runs again from its top, so nothing is
paid for and nothing is kept in it before the interrupt; what was answered is on record before a
model words it.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any, Literal, Protocol, TypedDict, cast

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph  # pyright: ignore[reportMissingTypeStubs]
from langgraph.runtime import Runtime  # pyright: ignore[reportMissingTypeStubs]
from langgraph.types import Command, interrupt  # pyright: ignore[reportMissingTypeStubs]
from langsmith import tracing_context  # pyright: ignore[reportUnknownVariableType]

from delegates.leading.led import answer_led, obey
from delegates.persons.person import NOTHING, Answer, GuessAgain, Packed, Person, packed, unpacked
from delegates.table import Table


class Cursor(TypedDict):
    """The graph's whole state."""

    turn: int
    """The turn that was last awaited."""


Node = Literal["scripted", "ask", "person", "close"]
NODES: list[Node] = ["scripted", "ask", "person", "close"]
LED = "led"
"""The node that stands before every other one where somebody leads the session."""

INTERRUPTED = "__interrupt__"
"""The key under which an interrupted graph tells what it waits for."""


class Graph(Protocol):
    """What is used of a compiled LangGraph."""

    async def ainvoke(
        self, state: object, config: dict[str, Any], /, *, context: Table, **how: str
    ) -> dict[str, Any]:
        """Run the graph from a state, or on from an interrupt, to its end or the next interrupt.

        Args:
            state: Where it begins, or a command.
            config: How many steps it may take, and the session's name.
            context: The table that is played at.
            how: When checkpoints are kept.
        """
        ...

    def get_graph(self) -> Any:
        """Return the graph's drawing."""
        ...


async def _onward(_: Cursor, runtime: Runtime[Table]) -> Node:
    table = runtime.context
    if not table.is_open:
        return "close"
    if table.mover.scripted:
        return "scripted"
    return "person" if table.awaits_person() else "ask"


async def _led(at: Cursor, runtime: Runtime[Table]) -> Cursor:
    table = runtime.context
    if table.lead is not None:
        await obey(table, table.lead)
    return at


async def _scripted(_: Cursor, runtime: Runtime[Table]) -> Cursor:
    table = runtime.context
    if table.lead is None:
        table.choose_on()
    else:
        table.choose()
    return {"turn": table.folded.state.turn}


async def _ask(_: Cursor, runtime: Runtime[Table]) -> Cursor:
    table = runtime.context
    if table.lead is None:
        await table.ask_on()
    else:
        await table.ask()
    return {"turn": table.folded.state.turn}


async def _person(at: Cursor, runtime: Runtime[Table]) -> Cursor:
    table = runtime.context
    answered: Packed = interrupt(at["turn"])
    guesses, table.guesses = table.guesses, None
    if answered != NOTHING:
        await table.take(unpacked(answered, guesses))
    return at


async def _close(_: Cursor, runtime: Runtime[Table]) -> Cursor:
    runtime.context.close()
    return {"turn": runtime.context.folded.state.turn}


@cache
def _compiled(*, is_led: bool) -> Graph:
    """Return the graph of tables at which no person sits: it serves them all."""
    return cast("Graph", _built(is_led=is_led).compile())


def graph(table: Table) -> Graph:
    """Return a table's graph: scripted stretches, models' and persons' turns, and the close.

    Where somebody leads the session, they are heard before each of them.
    """
    is_led = table.lead is not None
    if table.person is None:
        return _compiled(is_led=is_led)
    # Only a graph that may be interrupted needs to be entered again where it stood.
    return cast("Graph", _built(is_led=is_led).compile(checkpointer=InMemorySaver()))


def _built(*, is_led: bool) -> Any:
    # LangGraph's own annotations are not complete under strict checking.
    builder = cast("Any", StateGraph(Cursor, context_schema=Table))
    builder.add_node("scripted", _scripted)
    builder.add_node("ask", _ask)
    builder.add_node("person", _person)
    builder.add_node("close", _close)
    # Who has a shock strike, guesses or asks for advice is then asked again; other answers lead to
    # a move.
    sources = (START, "scripted", "person", "ask")
    if is_led:
        builder.add_node(LED, _led)
        for source in sources:
            builder.add_edge(source, LED)
        sources = (LED,)
    for source in sources:
        builder.add_conditional_edges(source, _onward, NODES)
    builder.add_edge("close", END)
    return builder


async def run_graph(table: Table, *, traced: bool = False) -> None:
    """Play a session to its end through the graph.

    Args:
        table: The session.
        traced: Whether LangSmith is told of each step; nobody is unless this says so.

    Raises:
        ProviderError: If an endpoint failed for good; what happened before is on record.
        CapReached: If a cap was met; likewise.
        Paused: If a person left for now; likewise.
    """
    # Only the newer variables can be overruled; at this old one langchain-core raises.
    os.environ.pop("LANGCHAIN_TRACING", None)
    with tracing_context(enabled=traced):
        await _run(table)


async def _run(table: Table) -> None:
    """Run the graph, and on from every interrupt with what the person answered."""
    compiled = graph(table)
    # A turn is one superstep at most; a person's five: guess, advice, handing over, answer, move.
    # Before each the lead is heard, where there is one.
    supersteps = 5 * table.folded.state.most_turns + 4 + len(table.folded.scenario.shocks)
    supersteps *= 1 if table.lead is None else 2
    config = {
        "recursion_limit": supersteps,
        "configurable": {"thread_id": table.folded.header.session},
    }
    how = {} if table.person is None else {"durability": "exit"}
    at = {"turn": table.folded.state.turn}
    reached = await compiled.ainvoke(at, config, context=table, **how)
    while table.person is not None and INTERRUPTED in reached:
        answer = await _answer(table, table.person)
        if isinstance(answer, GuessAgain):
            table.guesses = answer.sheet
        command = Command(resume=NOTHING if answer is None else packed(answer))
        reached = await compiled.ainvoke(command, config, context=table, **how)


async def _answer(table: Table, person: Person) -> Answer | None:
    if table.lead is None:
        return await table.ask_person(person)
    return await answer_led(table, table.lead, person)
