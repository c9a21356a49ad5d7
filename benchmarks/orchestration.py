"""What a session costs beyond the time that its models take to answer.

Run from the root of the repository: python -m benchmarks.orchestration [--runs N] [--rounds N]

*Model-driven*: both seats ask a model (`llm`), through the graph, with a transcript on disk whose
replies are synced one by one. The model is an OpenAI-compatible server of this machine, in a
process of its own, that answers after a fixed latency. Calls follow one another, so no session
can be faster than calls × latency: the bound. Beside it, in turn and in the same run, the bare
openai client makes the same calls with the same messages. All three are medians of the runs; a
ratio of 1 means nothing lost. Many sessions at once share the bound.

*Scripted*: what one move costs through the graph, one superstep a move as when models are asked,
against the same moves by the same `step` without it.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from openai import AsyncOpenAI

from benchmarks.serving import server
from delegates.contract import PublicMove
from delegates.minds.firm import Firm
from delegates.negotiate import negotiate_async
from delegates.orchestration import run_graph
from delegates.seating import Delegate
from delegates.seats import parse_seat
from delegates.settings import Settings, load_settings
from delegates.table import Table, run_scripted
from delegates.views import view_of
from delegates.voices.template import TemplateVoice
from games.scenario import Scenario
from games.session import start, step
from games.tactics.aspirations import Stance
from tests.delegates.sessions import events_of, mini, said
from transcripts.events import Asked, Opened, Seat
from transcripts.fold import begin
from transcripts.store import Memory

LATENCIES_S = (0.05, 0.2)
CROWDS = (1, 20)
"""Sessions at once."""

STUBBORN = Firm(Stance(exponent=1.0, closing_demand=1.0))
"""Never gives way, so that every session has all its moves."""


def offer_something(request: Mapping[str, Any]) -> str:
    """Answer with the first option of every issue, which nobody accepts."""
    schema = request["response_format"]["json_schema"]["schema"]
    issues = schema["properties"]["offer"]["anyOf"][0]["properties"]
    return said("offer", {name: issue["enum"][0] for name, issue in issues.items()})


async def sessions(scenario: Scenario, settings: Settings, paths: Sequence[Path]) -> float:
    """Play sessions at once and return how long they took."""
    seats = {"USA": "llm:m", "COD": "llm:m"}
    started = perf_counter()
    await asyncio.gather(
        *(
            negotiate_async(scenario, seats, seed=seed, transcript=path, settings=settings)
            for seed, path in enumerate(paths)
        )
    )
    return perf_counter() - started


async def bare(url: str, prompts: Sequence[Sequence[dict[str, str]]], crowd: int) -> float:
    """Ask the same questions by the bare client, one after the other in each of a crowd."""

    async def ask_all() -> None:
        async with AsyncOpenAI(base_url=url, api_key="none", max_retries=0) as client:
            for messages in prompts:
                asked: Any = messages
                await client.chat.completions.create(
                    model="m",
                    messages=asked,
                    max_tokens=1200,
                    response_format={"type": "json_schema", "json_schema": _SCHEMA},
                )

    started = perf_counter()
    await asyncio.gather(*(ask_all() for _ in range(crowd)))
    return perf_counter() - started


_SCHEMA: Any = {
    "name": "move",
    "schema": {"properties": {"offer": {"anyOf": [{"properties": {}}]}}},
}


def model_driven(latency_s: float, crowd: int, runs: int, rounds: int) -> str:
    """Return one line of the first table."""
    scenario = mini(rounds=rounds)
    times: list[tuple[float, float]] = []
    prompts: list[list[dict[str, str]]] = []
    with server(offer_something, latency_s) as url, tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"MINILATERAL_HOME": folder, "OPENAI_BASE_URL": url})
        for run in range(runs + 1):
            paths = [Path(folder) / f"{run}-{number}.jsonl" for number in range(crowd)]
            ours = asyncio.run(sessions(scenario, settings, paths))
            prompts = prompts_of(paths[0])
            times.append((ours, asyncio.run(bare(url, prompts, crowd))))
    ours, theirs = (median(column) for column in zip(*times[1:], strict=True))
    bound = len(prompts) * latency_s
    over = (ours - bound) / len(prompts) / crowd * 1e3
    return (
        f"{latency_s * 1e3:10.0f}{crowd:10}{len(prompts):8}{bound:9.2f}{ours:11.2f}{theirs:9.2f}"
        f"{ours / bound:14.3f}{theirs / bound:12.3f}{ours / theirs:11.3f}{over:13.2f}"
    )


def prompts_of(path: Path) -> list[list[dict[str, str]]]:
    """Return the messages of every question in a transcript."""
    return [
        [message.model_dump() for message in event.messages]
        for event in events_of(path)
        if isinstance(event, Asked)
    ]


def table_of(scenario: Scenario, spec: str) -> Table:
    """Return a table of stubborn delegates, all in memory."""
    parsed = parse_seat(spec)
    seat = Seat(spec=parsed.text, decides=parsed.decides, words=parsed.words)
    header = Opened(
        program="benchmark",
        session="benchmark",
        scenario=scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        seats=dict.fromkeys(scenario.ids, seat),
        seed=0,
    )
    table = Table(begin(header), Memory())
    delegate = Delegate(parsed, STUBBORN, TemplateVoice())
    table.seat(dict.fromkeys(scenario.ids, delegate))
    return table


def by_step(scenario: Scenario) -> None:
    """Play by `step` alone: no words, no events."""
    state, made = start(scenario, 0), list[PublicMove]()
    while state.is_open:
        move = STUBBORN.choose(view_of(state, made, 0))
        made.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)


def scripted(runs: int, rounds: int) -> list[str]:
    """Return the lines of the second table."""
    scenario = mini(rounds=rounds)
    moves = rounds * len(scenario.ids)
    times: list[tuple[float, float, float]] = []
    for _ in range(runs + 1):
        # A seat that would ask a model for words is never taken for a scripted one.
        direct, graph = table_of(scenario, "firm"), table_of(scenario, "firm+llm:m")
        for table in (direct, graph):
            by_step(table.folded.scenario)  # so that utility tables and rankings exist
            table.close = lambda: None  # the referee's work is the same for both
        began = perf_counter()
        by_step(direct.folded.scenario)
        stepped = perf_counter()
        run_scripted(direct)
        recorded = perf_counter()
        asyncio.run(run_graph(graph))
        times.append((stepped - began, recorded - stepped, perf_counter() - recorded))
        played = [len(table.folded.made) for table in (direct, graph)]
        if played != [moves, moves]:
            raise SystemExit(f"expected {moves} moves, played {played}")
    step_s, direct_s, graph_s = (median(column) / moves for column in zip(*times[1:], strict=True))
    return [
        f"{name:<44}{seconds * 1e3:10.3f}{seconds / direct_s:12.2f}"
        for name, seconds in (
            ("step alone, no words and no events", step_s),
            ("with words and events, without the graph", direct_s),
            ("the same through the graph, a superstep each", graph_s),
        )
    ]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="timed runs a line (default 5)")
    parser.add_argument("--rounds", type=int, default=10, help="rounds a session (default 10)")
    given = parser.parse_args()
    print(f"model-driven sessions, medians of {given.runs}, ours and the bare client in turn")
    print(
        f"{'latency ms':>10}{'sessions':>10}{'calls':>8}{'bound s':>9}{'session s':>11}"
        f"{'bare s':>9}"
        f"{'session/bound':>14}{'bare/bound':>12}{'/bare':>11}{'ms over/call':>13}"
    )
    for latency_s in LATENCIES_S:
        for crowd in CROWDS:
            print(model_driven(latency_s, crowd, given.runs, given.rounds), flush=True)
    print(f"\nscripted play, medians of {given.runs}\n{'':44}{'ms a move':>10}{'ratio':>12}")
    print("\n".join(scripted(given.runs, 10 * given.rounds)))


if __name__ == "__main__":
    main()
