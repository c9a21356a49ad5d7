"""How near a client comes, by itself, to the best number of requests in flight.

Run from the root of the repository: python -m benchmarks.endpoint_flow [--runs N]

A server of this machine, in a process of its own, serves a number of requests at once (slots) and
answers any further one with a 429 at once, without `Retry-After`. Many sessions ask it, each one
question after another. *By hand*: one bare openai client for all, its requests in flight held to
the server's slots by a semaphore that knows them: the best there is. *Ours*: one model client a
session, which know nothing and begin with everyone at once. *None*: the same where the server
serves everyone: what our clients cost where no flow is needed.

Both are timed in turn, in the same run; figures are medians. `refused` counts the 429s of a run,
`at first` those of the opening burst that no client can foresee (sessions beyond the slots).
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from statistics import median
from time import perf_counter

from openai import AsyncOpenAI
from pydantic import SecretStr

from delegates.models.chat import Ask, Message, Retry
from delegates.models.client import ModelClient
from delegates.settings import Endpoint
from tests.support.openai_stub import OpenAIStub


@dataclass(frozen=True)
class Load:
    """What one line of the table measures."""

    slots: int | None
    latency_s: float
    sessions: int
    turns: int


LOADS = (
    Load(slots=4, latency_s=0.2, sessions=40, turns=5),
    Load(slots=8, latency_s=0.2, sessions=100, turns=6),
    Load(slots=32, latency_s=0.5, sessions=100, turns=20),
    Load(slots=None, latency_s=0.2, sessions=100, turns=10),
)


class Unheard:
    """Pays for whatever is attempted."""

    async def begin(self, ask: Ask) -> None:
        """Let every attempt be made."""

    def failed(self, retry: Retry) -> None:
        """Forget it."""


def serve(load: Load, line: Connection) -> None:
    """Answer until told to stop, in a process of its own, and say how many were refused."""
    with OpenAIStub(lambda _: "yes", latency_s=load.latency_s, slots=load.slots) as stub:
        line.send(stub.url)
        while line.recv() != "stop":
            line.send(stub.refused)


@contextmanager
def server(load: Load) -> Iterator[tuple[str, Connection]]:
    """Yield the address of a server, and a line by which it tells how many it refused."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(load, theirs))
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        ours.send("stop")
        process.join()


async def by_hand(url: str, load: Load) -> float:
    """Ask by the bare client, the requests in flight held to what the server serves."""
    gate = asyncio.Semaphore(load.slots or load.sessions)

    began = perf_counter()
    async with AsyncOpenAI(base_url=url, api_key="none", max_retries=0) as client:

        async def session() -> None:
            for _ in range(load.turns):
                async with gate:
                    await client.chat.completions.create(
                        model="m", messages=[{"role": "user", "content": "x"}], max_tokens=5
                    )

        await asyncio.gather(*(session() for _ in range(load.sessions)))
    return perf_counter() - began


async def by_ours(url: str, load: Load) -> float:
    """Ask by clients that know nothing of the server."""
    host = url.removeprefix("http://").removesuffix("/v1")
    endpoint = Endpoint(name="a", base_url=url, api_key=SecretStr("none"), host=host)
    ask = Ask(messages=(Message(role="user", content="x"),), max_tokens=5)

    async def session() -> None:
        client = ModelClient(endpoint, "m")
        for _ in range(load.turns):
            await client.complete(ask, attempts=Unheard())
        await client.aclose()

    began = perf_counter()
    await asyncio.gather(*(session() for _ in range(load.sessions)))
    return perf_counter() - began


def measured(load: Load, runs: int) -> str:
    """Return one line of the table."""
    times: list[tuple[float, float]] = []
    refusals: list[int] = []
    with server(load) as (url, line):
        for _ in range(runs):
            hand = asyncio.run(by_hand(url, load))
            line.send("count")
            before = line.recv()
            ours = asyncio.run(by_ours(url, load))
            line.send("count")
            refusals.append(line.recv() - before)
            times.append((hand, ours))
    hand, ours = (median(column) for column in zip(*times, strict=True))
    calls = load.sessions * load.turns
    bound = calls * load.latency_s / (load.slots or load.sessions)
    at_first = max(0, load.sessions - (load.slots or load.sessions))
    return (
        f"{load.slots or 'none':>6}{load.latency_s * 1e3:12.0f}{load.sessions:10}{calls:8}"
        f"{bound:9.2f}{hand:11.2f}{ours:9.2f}{ours / hand:12.3f}"
        f"{median(refusals):10.0f}{at_first:10}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="runs a line (default 3)")
    given = parser.parse_args()
    print(f"requests in flight, medians of {given.runs} runs, by hand and ours in turn")
    print(
        f"{'slots':>6}{'latency ms':>12}{'sessions':>10}{'calls':>8}{'bound s':>9}"
        f"{'by hand s':>11}{'ours s':>9}{'ours/hand':>12}{'refused':>10}{'at first':>10}"
    )
    for load in LOADS:
        print(measured(load, given.runs), flush=True)


if __name__ == "__main__":
    main()
