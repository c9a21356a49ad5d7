"""Who is let wait at the door, and who has to leave for whom."""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from delegates.outside import reception
from delegates.outside.door import Bounds
from delegates.outside.reception import Reception
from delegates.place import HOST, take_place
from tests.delegates.outside.agents import QUICK, Line, is_hung_up_on, sit

NARROW = replace(QUICK, poll_s=30.0, strangers=1, moment_s=30.0)
"""A door with room for one stranger, who is let speak up for long."""


def asking(line: Line) -> bytes:
    return (
        f"GET /seat HTTP/1.1\r\nHost: 127.0.0.1:{line.port}\r\n"
        f"Authorization: Bearer {line.token}\r\n\r\n"
    ).encode()


def test_who_speaks_up_in_time_is_heard_although_others_wait_outside(tmp_path: Path) -> None:
    def script(line: Line) -> Any:
        first, told = line.raw(b""), list[Any]()
        other = threading.Thread(target=lambda: told.append(line.look().kind))
        other.start()
        first.sendall(asking(line))
        with first, first.makefile("rb") as answer:
            head, _, body = answer.read().partition(b"\r\n\r\n")
        other.join()
        assert head.startswith(b"HTTP/1.1 200")
        assert [json.loads(body)["kind"], *told] == ["turn", "turn"]
        return line.play_on()

    sit({"USA": script}, tmp_path / "s.jsonl", bounds=NARROW)


def test_who_leaves_makes_room_at_once(tmp_path: Path) -> None:
    def script(line: Line) -> Any:
        first, told = line.raw(b""), list[Any]()
        other = threading.Thread(target=lambda: told.append(line.look().kind))
        other.start()
        first.close()
        other.join()
        assert told == ["turn"]
        return line.play_on()

    sit({"USA": script}, tmp_path / "s.jsonl", bounds=NARROW)


def test_the_oldest_who_says_nothing_leaves_for_the_next(tmp_path: Path) -> None:
    def script(line: Line) -> Any:
        silent = [line.raw(b"") for _ in range(3)]
        over = line.play_on()
        assert all(map(is_hung_up_on, silent))
        return over

    bounds = replace(NARROW, moment_s=0.01, patience_s=30.0)
    sit({"USA": script}, tmp_path / "s.jsonl", bounds=bounds)


def answering(taken: Callable[[Reception], Any], bounds: Bounds) -> str:
    """Return what a reception answers to one request, once it is prepared."""

    async def hello(_: web.BaseRequest) -> web.Response:
        answer = web.Response(text="hello")
        answer.force_close()
        return answer

    async def asked() -> str:
        server = web.Server(hello)
        place = take_place(HOST, 0, anyone=False)

        def speaker() -> RequestHandler:
            return server()

        at_door = Reception(place.listening, bounds, speaker)
        taken(at_door)
        at_door.open()
        try:
            reading, writing = await asyncio.open_connection(HOST, place.port)
            writing.write(f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            said = (await reading.read()).decode()
            writing.close()
            await writing.wait_closed()
        finally:
            await at_door.close()
            at_door.hang_up()
            await server.shutdown()
        return said

    return asyncio.run(asked())


def test_a_machine_without_room_for_a_connection_takes_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when a process has opened as many files as it may."""
    monkeypatch.setattr(reception, "BREATHER_S", 0.0)
    failed: list[str] = []

    def full(_: Reception) -> None:
        loop = asyncio.get_running_loop()
        accept = loop.sock_accept

        async def accepting(listening: Any) -> Any:
            if len(failed) < 3:
                failed.append("EMFILE")
                raise OSError(24, "Too many open files")
            return await accept(listening)

        monkeypatch.setattr(loop, "sock_accept", accepting)

    assert answering(full, QUICK).endswith("hello")
    assert failed == ["EMFILE"] * 3
