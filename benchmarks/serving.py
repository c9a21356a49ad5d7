"""Servers of models on this machine, each in a process of its own, for benchmarks."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from tests.support.openai_stub import OpenAIStub, Said, completion


@contextmanager
def server(answer: Callable[[dict[str, Any]], Any], latency_s: float) -> Iterator[str]:
    """Yield the address of a server that takes a fixed time to answer.

    Args:
        answer: Answers a request; it is sent to the process.
        latency_s: How long that takes.
    """
    with _apart(_serve, answer, latency_s) as url:
        yield url


@contextmanager
def swift_server(answer: Callable[[bytes], Said], latency_s: float) -> Iterator[str]:
    """Yield the address of a server whose own work is small beside its latency.

    It reads no JSON and has no threads, so that a hundred questions at once are all answered after
    the latency, on a machine of which a client under test has the other core.

    Args:
        answer: Answers a request's body; it is sent to the process.
        latency_s: How long that takes.
    """
    with _apart(_serve_swiftly, answer, latency_s) as url:
        yield url


@contextmanager
def _apart(
    serve: Callable[[Any, float, Connection], None], answer: object, latency_s: float
) -> Iterator[str]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(answer, latency_s, theirs))
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


def _serve_swiftly(answer: Callable[[bytes], Said], latency_s: float, line: Connection) -> None:
    """Answer until told to stop."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(lambda: _Swift(answer, latency_s), "127.0.0.1", 0)
        line.send(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1")
        await loop.run_in_executor(None, line.recv)
        listening.close()

    asyncio.run(main())


class _Swift(asyncio.Protocol):
    """One connection: questions come whole, one after the other, and are answered in time."""

    def __init__(self, answer: Callable[[bytes], Said], latency_s: float) -> None:
        self._answer, self._latency_s = answer, latency_s
        self._came = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what has come whole."""
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._came[:end]).lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            whole = end + 4 + length
            if len(self._came) < whole:
                return
            body = bytes(self._came[end + 4 : whole])
            del self._came[:whole]
            asyncio.get_running_loop().call_later(self._latency_s, self._reply, body)

    def _reply(self, body: bytes) -> None:
        text = json.dumps(completion({}, self._answer(body))).encode()
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(text)}\r\n\r\n"
        )
        self._transport.write(head.encode() + text)
