"""How near a batch of sessions of models comes to the time in which its server answers.

Run from the root of the repository: python -m benchmarks.evaluation_flow [--runs N]

A server of this machine, in a process of its own and with little work of its own, answers every
question after a fixed latency with a legal move in JSON. *Ours*: a batch as `evaluate` plays it,
`llm` seats against `boulware` and against each other on the bundled tables of two and three, so
many sessions at a time; every reply is on disk before it is used, every transcript is kept, every
end is a synced line of the journal.
What follows from a scenario alone is computed in a first batch, which is not timed.

*Bound*: questions of a session follow one another, and a session begins when another ends: how
long that takes if nothing but the server takes time and the longest sessions begin first. Nobody
knows beforehand which those are; *in order* is the same as the plan has them. *Bare*: one openai
client asks the very same questions, read from the transcripts, each session's one after the other
and as many sessions at a time, the longest first, and does nothing with the answers; its processor
time stands beside the bound, for a client can be no faster than that on one core.

All are timed in turn, in the same run; figures are medians. Processor time is that of this process,
its threads that wait for the disk among them.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any
from zlib import crc32

from openai import AsyncOpenAI

from benchmarks.serving import swift_server
from delegates.evaluation.planning.design import Design, designed
from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Journal
from delegates.evaluation.playing.model_engine import play_with_models
from delegates.models.budget import Budget
from delegates.settings import Settings, load_settings
from games.outcomes import option_text
from games.scenario import Scenario, load_scenario
from tests.delegates.sessions import events_of, said
from tests.support.openai_stub import Said
from transcripts.events import Asked

TABLES = ("first-table", "cobalt-offtake", "nickel-hub")

LATENCY_S = 0.2

OPENINGS = (
    "We have listened with care to what was said here.",
    "Our partners have spoken openly, and so shall we.",
    "This table has done good work today.",
    "Time is short for all of us.",
    "Our ministers expect a result from us.",
    "All our economies need certainty above all.",
    "We came here in good faith.",
)
CLOSINGS = (
    "Let us take the text as it stands.",
    "We ask you to meet us there.",
    "That is what we can defend at home.",
    "We put it forward as a whole.",
    "We hope that you will see its merit.",
    "Nothing in it should surprise you.",
)


@dataclass(frozen=True)
class Load:
    """What one line of the table measures."""

    at_once: int
    repetitions: int


LOADS = (Load(at_once=10, repetitions=2), Load(at_once=100, repetitions=20))


@dataclass(frozen=True)
class Timed:
    """How long something took."""

    wall_s: float
    cpu_s: float


class Answers:
    """Answers with an offer that everybody may sign, by lot of the question; it never accepts."""

    def __init__(self) -> None:
        """Spell out what may be offered at each table."""
        self._offers = [_signable(load_scenario(name)) for name in TABLES]

    def __call__(self, body: bytes) -> Said:
        """Answer one request, given as it was sent."""
        lot = crc32(body)
        offers = next(
            one for one in self._offers if all(f'"{name}"'.encode() in body for name in one[0])
        )
        words = f"{OPENINGS[lot % len(OPENINGS)]} {CLOSINGS[lot % len(CLOSINGS)]}"
        text = said("offer", offers[lot % len(offers)], words)
        return Said(text=text, usage=(3000, 90, 0))


def _signable(scenario: Scenario) -> list[dict[str, str]]:
    parties = scenario.preferences
    return [
        {name: option_text(option) for name, option in scenario.space.outcome(index).items()}
        for index in range(scenario.space.size)
        if all(own.may_sign(index) for own in parties) and scenario.space.is_possible(index)
    ]


def plan_of(load: Load) -> Plan:
    """Return a plan in which a model meets a rule and itself."""
    return Plan.model_validate(
        {
            "minilateral-plan": 1,
            "id": "flow",
            "title": "Flow",
            "strategies": {"model": "llm:m", "boulware": "boulware"},
            "scenarios": TABLES,
            "seats": {"tested": ("model",), "against": ("model", "boulware")},
            "repetitions": load.repetitions,
            "transcripts": "all",
            "at_once": load.at_once,
        }
    )


def batch(design: Design, folder: Folder, settings: Settings) -> Timed:
    """Play a batch, and return how long it took."""
    folder.path.mkdir()
    rows = [row for row in design.rows() if "model" in row.seats]
    with Journal(folder.journal, writes=True) as journal:
        began = perf_counter(), process_time()
        asyncio.run(
            play_with_models(
                rows,
                design,
                folder,
                settings,
                budget=Budget(),
                keep=journal.keep,
                running=lambda _: None,
                at_once=design.plan.at_once,
            )
        )
        taken = Timed(perf_counter() - began[0], process_time() - began[1])
        if len(journal) != len(rows):
            raise SystemExit(f"expected {len(rows)} sessions, found {len(journal)}")
    return taken


def questions_in(folder: Folder) -> list[list[dict[str, Any]]]:
    """Return every request of a batch, session by session."""
    return [
        [_request(event) for event in events_of(path) if isinstance(event, Asked)]
        for path in sorted(folder.transcripts.glob("*.jsonl"))
    ]


def _request(event: Asked) -> dict[str, Any]:
    schema = {"name": "move", "strict": True, "schema": event.answer_schema}
    return {
        "model": event.model,
        "messages": [message.model_dump() for message in event.messages],
        "response_format": {"type": "json_schema", "json_schema": schema},
        **{key: event.settings[key] for key in ("max_tokens", "temperature", "seed")},
    }


def bare(url: str, sessions: Sequence[Sequence[Mapping[str, Any]]], at_once: int) -> Timed:
    """Ask the same by the bare client, and return how long it took."""

    async def ask_all() -> None:
        left = iter(sessions)
        async with AsyncOpenAI(base_url=url, api_key="none", max_retries=0) as client:

            async def seat() -> None:
                for questions in left:
                    for request in questions:
                        await client.chat.completions.create(**request)

            await asyncio.gather(*(seat() for _ in range(at_once)))

    began = perf_counter(), process_time()
    asyncio.run(ask_all())
    return Timed(perf_counter() - began[0], process_time() - began[1])


def least_rounds(lengths: Sequence[int], at_once: int) -> int:
    """Return after how many replies in a row the last session ends, each begun as one ends."""
    seats = [0] * at_once
    for length in lengths:
        heapq.heapreplace(seats, seats[0] + length)
    return max(seats)


def measured(load: Load, url: str, runs: int) -> str:
    """Return one line of the table."""
    times: list[tuple[Timed, Timed]] = []
    questions: list[list[dict[str, Any]]] = []
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings({"MINILATERAL_HOME": home, "OPENAI_BASE_URL": url})
        design = designed(plan_of(load), None, settings)
        for run in range(runs + 1):
            folder = Folder(Path(home) / f"batch-{run}")
            ours = batch(design, folder, settings)
            questions = questions_in(folder)
            longest_first = sorted(questions, key=len, reverse=True)
            times.append((ours, bare(url, longest_first, load.at_once)))
    lengths = [len(session) for session in questions]
    in_order = least_rounds(lengths, load.at_once) * LATENCY_S
    bound = least_rounds(sorted(lengths, reverse=True), load.at_once) * LATENCY_S
    kilobytes = median(len(json.dumps(request)) for one in questions for request in one) / 1e3
    ours_s = median(ours.wall_s for ours, _ in times[1:])
    ours_cpu = median(ours.cpu_s for ours, _ in times[1:])
    bare_s = median(theirs.wall_s for _, theirs in times[1:])
    bare_cpu = median(theirs.cpu_s for _, theirs in times[1:])
    return (
        f"{load.at_once:8}{len(lengths):10}{sum(lengths):8}{kilobytes:10.1f}{in_order:10.2f}{bound:9.2f}"
        f"{bare_cpu:13.2f}{bare_s:9.2f}{ours_s:9.2f}{ours_cpu:13.2f}{ours_s / bound:12.3f}"
        f"{ours_s / max(bound, bare_cpu):21.3f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="timed runs a line (default 3)")
    given = parser.parse_args()
    print(f"sessions of models, {LATENCY_S * 1e3:.0f} ms a reply, medians of {given.runs} runs")
    print(
        f"{'at once':>8}{'sessions':>10}{'calls':>8}{'kB a call':>10}{'in order':>10}{'bound s':>9}"
        f"{'bare CPU s':>13}{'bare s':>9}{'ours s':>9}{'our CPU s':>13}{'ours/bound':>12}"
        f"{'ours/max(bound, CPU)':>21}"
    )
    with swift_server(Answers(), LATENCY_S) as url:
        for load in LOADS:
            print(measured(load, url, given.runs), flush=True)


if __name__ == "__main__":
    main()
