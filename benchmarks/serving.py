"""A server of models on this machine, in a process of its own, for benchmarks."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from tests.support.openai_stub import OpenAIStub


@contextmanager
def server(answer: Callable[[dict[str, Any]], Any], latency_s: float) -> Iterator[str]:
    """Yield the address of a server that takes a fixed time to answer.

    Args:
        answer: Answers a request; it is sent to the process.
        latency_s: How long that takes.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(answer, latency_s, theirs))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join()


def _serve(answer: Callable[[dict[str, Any]], Any], latency_s: float, line: Connection) -> None:
    """Answer until told to stop."""
    with OpenAIStub(answer, latency_s=latency_s) as stub:
        line.send(stub.url)
        line.recv()
