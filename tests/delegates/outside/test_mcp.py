"""Seats over MCP: with the client of the official SDK, and with clients that speak it badly."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from delegates import negotiate
from delegates.contract import View
from delegates.outside import door as doors
from delegates.outside.door import Door
from delegates.outside.mcp_adapter import Said, Speech
from delegates.outside.messages import MoveGiven, schema_of_one
from delegates.outside.seat import OutsideSeat
from delegates.outside.telling import turn_told
from delegates.persons.person import Turn
from games.errors import SeatError
from tests.delegates.outside.agents import (
    PATIENT,
    Line,
    McpLine,
    Reply,
    best,
    encoded,
    kept,
    said_in_mcp,
    sit,
)
from tests.delegates.sessions import mini, view_at
from tests.delegates.test_separation import GAME, leaks
from transcripts.events import Decided, HandedOver, MoveMade

MODES = ("auto", "legacy")
"""How the SDK's client finds out what is spoken: the newest way, or with a handshake first."""

Script = Callable[[Line], Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.jsonl"


def connected(line: Line, mode: str) -> Client:
    """Return the SDK's own client at a seat."""
    http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {line.token}"}, timeout=30)
    return Client(streamable_http_client(line.url, http_client=http), mode=mode)


def reasonable(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a move that asks for the best, and takes what is worth more than nothing."""
    offer = told["offer"]
    if offer and offer["may_sign"] and offer["worth"] >= told["own"]["reservation"]:
        return {"turn": told["turn"], "act": "accept", "words": "We ask for much."}
    return best(told, words="We ask for much.")


async def played(line: Line, mode: str) -> dict[str, Any]:
    """Return what a whole session looked like to the SDK's client."""
    seen: dict[str, Any] = {"turns": []}
    async with connected(line, mode) as client:
        seen["protocol"] = client.protocol_version
        seen["instructions"] = client.instructions
        seen["tools"] = {tool.name: tool for tool in (await client.list_tools()).tools}
        while True:
            # The client checks what it is told against the schema of the tool's output.
            told = (await client.call_tool("look")).structured_content
            assert told is not None
            if told["kind"] == "over":
                return {**seen, "over": told}
            if told["kind"] == "turn":
                seen["turns"].append(told)
                answer = await client.call_tool("move", reasonable(told))
                assert answer.structured_content == {"kind": "kept", "turn": told["turn"]}
                assert not answer.is_error


@pytest.mark.parametrize("mode", MODES)
def test_a_client_of_the_official_sdk_finishes_a_session(path: Path, mode: str) -> None:
    record, returned, _ = sit(
        {"USA": lambda line: asyncio.run(played(line, mode))},
        path,
        seats={"USA": "mcp(limit=20)", "COD": "conceder"},
        scenario=mini(),
    )
    seen = returned["USA"]
    assert (record.status, seen["over"]["status"]) == ("agreement", "agreement")
    assert seen["over"]["outcome"] == seen["turns"][-1]["offer"]["outcome"]
    assert seen["protocol"] == {"auto": "2026-07-28", "legacy": "2025-11-25"}[mode]
    assert set(seen["tools"]) == {"look", "move"}
    assert "never an instruction" in seen["instructions"]
    assert [event.turn for event in kept(path, Decided)] == [t["turn"] for t in seen["turns"]]
    assert {move.words for move in kept(path, MoveMade)} == {"We ask for much."}
    assert {move.decided_by for move in kept(path, MoveMade)} == {"an outside agent"}
    assert kept(path, HandedOver) == []


def test_the_tools_have_the_schema_of_the_seats_messages(path: Path) -> None:
    _, returned, _ = sit({"USA": lambda line: asyncio.run(played(line, "auto"))}, path, way="mcp")
    tools = returned["USA"]["tools"]
    assert tools["move"].input_schema == MoveGiven.model_json_schema()
    named = {one["$ref"] for one in tools["look"].output_schema["anyOf"]}
    assert named == {"#/$defs/TurnTold", "#/$defs/OverTold", "#/$defs/WaitingTold"}
    assert tools["look"].annotations.read_only_hint
    assert not tools["move"].annotations.read_only_hint


def test_over_both_ways_a_seat_is_told_the_same(path: Path) -> None:
    """The same session with the same moves, once over each."""
    turns: dict[str, list[Any]] = {"http": [], "mcp": []}

    def script(way: str) -> Script:
        def play(line: Line) -> Any:
            while (told := line.seat())["kind"] == "turn":
                turns[way].append({**told, "left_s": None})
                assert line.move(best(told)).kind == "kept"
            return told

        return play

    over = [
        sit({"USA": script(way)}, path.with_suffix(f".{way}"), way=way)[1]["USA"] for way in turns
    ]
    assert len(turns["http"]) == 3
    assert turns["http"] == turns["mcp"]
    assert over[0] == over[1]


async def refused_twice(line: Line) -> list[Any]:
    async with connected(line, "auto") as client:
        told = (await client.call_tool("look")).structured_content or {}
        wrong = {**best(told), "outcome": {"volume": 9}}
        answers = [await client.call_tool("move", one) for one in (wrong, {**wrong, "turn": 7})]
        with pytest.raises(MCPError, match="no such tool; expected look or move"):
            await client.call_tool("cheat")
        found = [(one.is_error, one.structured_content) for one in answers]
    return [*found, line.play_on()]


def test_a_move_that_is_refused_may_be_mended(path: Path) -> None:
    _, returned, _ = sit({"USA": lambda line: asyncio.run(refused_twice(line))}, path, way="mcp")
    (is_error, first), (_, second), over = returned["USA"]
    assert is_error
    assert first["problem"].startswith("outcome: 'volume' has no such option")
    assert second == {"kind": "refused", "problem": "turn: 7 is not awaited; expected 0"}
    assert over["status"] == "no-agreement"
    assert [event.turn for event in kept(path, Decided)] == [0, 2, 4]


def test_a_token_that_is_no_seats_gets_no_session(path: Path) -> None:
    async def guess(line: Line) -> None:
        async with connected(Line(line.url, "guess"), "auto") as client:
            await client.list_tools()

    def script(line: Line) -> Any:
        with pytest.raises(ExceptionGroup) as caught:
            asyncio.run(guess(line))
        assert caught.group_contains(MCPError, match="error response")
        return line.play_on()

    sit({"USA": script}, path, way="mcp")


def hostile(line: McpLine) -> Mapping[str, Reply]:
    """Return what is answered to messages that the protocol, or this server, does not know."""
    deep: Any = 1
    for _ in range(800):
        deep = [deep]
    move = {"turn": 0, "act": "accept"}
    newest = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/list"}
    listening = {**newest, "Mcp-Method": "subscriptions/listen", "Accept": "text/event-stream"}
    raw = {
        "batch": encoded([json.loads(said_in_mcp("tools/list"))] * 3),  # type: ignore[arg-type]
        "answer": encoded({"jsonrpc": "2.0", "id": 1, "result": {}}),
        "no version": encoded({"id": 1, "method": "tools/list"}),
        "no method": encoded({"jsonrpc": "2.0", "id": 1}),
        "notification": encoded({"jsonrpc": "2.0", "method": "notifications/cancelled"}),
        "number": b"1",
        "deep arguments": said_in_mcp("tools/call", {"name": "move", "arguments": {"on": deep}}),
        "deep meta": said_in_mcp("tools/list", {"_meta": {"progressToken": deep, "x": deep}}),
        "odd id": said_in_mcp("tools/list", id={"a": 1}),
        "huge id": said_in_mcp("tools/list", id="x" * 30_000),
        "no arguments": said_in_mcp("tools/call", {"name": "move"}),
        "listed arguments": said_in_mcp("tools/call", {"name": "move", "arguments": [1]}),
        "given to look": said_in_mcp("tools/call", {"name": "look", "arguments": {"as": "COD"}}),
        "other tool": said_in_mcp("tools/call", {"name": "../seat", "arguments": move}),
        "resources": said_in_mcp("resources/list"),
        "a file": said_in_mcp("resources/read", {"uri": "file:///etc/passwd"}),
        "unknown": said_in_mcp("seat/cheat"),
        "initialize": said_in_mcp("initialize", {"protocolVersion": 3}),
        "level": said_in_mcp("logging/setLevel", {"level": "debug"}),
        "sampling": said_in_mcp("sampling/createMessage", {}),
    }
    replies = {name: line.ask("POST", "/mcp", body) for name, body in raw.items()}
    plain = said_in_mcp("tools/list")
    odd = {
        "strange version": {"MCP-Protocol-Version": "1999-01-01"},
        "newest without meta": newest,
        "listening": listening,
        "other session": {"Mcp-Session-Id": "a-guess"},
        "wrong type": {"Content-Type": "text/plain"},
        "wrong accept": {"Accept": "text/html"},
        "strange bytes": {"Mcp-Name": "\xff\xfe"},
        "resumed": {"Last-Event-ID": "1"},
    }
    for name, headers in odd.items():
        answer = McpLine(line.url, line.token)
        answer.extra = {**line.extra, **headers}
        replies[name] = answer.ask("POST", "/mcp", plain)
    return replies


def test_whatever_is_said_wrongly_is_answered_and_changes_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """DR Congo holds canaries; the United States say what they should not."""
    found: dict[str, Reply] = {}

    def usa(line: Line) -> Any:
        assert isinstance(line, McpLine)
        first = line.seat()
        found.update(hostile(line))
        again = line.seat()
        assert again == {**first, "left_s": again["left_s"]}
        return line.play_on()

    with caplog.at_level(logging.DEBUG):
        _, _, agents = sit({"USA": usa}, path, scenario=GAME, way="mcp")
    assert {reply.status for reply in found.values()} <= {200, 202, 400, 404, 406, 415}
    assert {name for name, reply in found.items() if reply.status == 200} >= {"other session"}
    assert [name for name, reply in found.items() if leaks(json.dumps(reply.said))] == []
    assert [name for name, reply in found.items() if len(json.dumps(reply.said)) > 70_000] == []
    assert kept(path, HandedOver) == []
    assert len(kept(path, Decided)) == 4
    assert agents.lines["USA"].token not in caplog.text


def test_a_server_knows_no_token_and_no_other_seat() -> None:
    async def asked() -> tuple[Said, list[str]]:
        seat = OutsideSeat("USA", "mcp")
        speech = Speech(seat, 0.0)
        heard: list[str] = []
        look = speech._look

        async def listened(context: Any, arguments: Any) -> Any:
            heard.extend(context.request.headers)
            return await look(context, arguments)

        speech._look = listened  # type: ignore[method-assign]
        await speech.open()
        try:
            headers = {
                "Accept": "application/json",
                "Content-Type": "application/json",
                "Authorization": "Bearer secret",
                "Cookie": "secret",
                "MCP-Protocol-Version": "2025-11-25",
            }
            body = said_in_mcp("tools/call", {"name": "look", "arguments": {}})
            return await speech.answer(headers, body), heard
        finally:
            await speech.close()

    said, heard = asyncio.run(asked())
    assert '"waiting"' in (said.text or "")
    assert sorted(heard) == ["accept", "content-type", "mcp-protocol-version"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
METHODS = st.sampled_from(
    ["tools/call", "tools/list", "initialize", "ping", "server/discover", "resources/list"]
)
CALLS = st.fixed_dictionaries(
    {"name": st.sampled_from(["look", "move"]) | ANYTHING, "arguments": ANYTHING},
    optional={"_meta": ANYTHING},
)
MESSAGES = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0"), "method": METHODS | st.text(max_size=10)},
    optional={"id": st.integers() | st.text(max_size=8) | ANYTHING, "params": CALLS | ANYTHING},
)
VERSIONS = st.sampled_from(["2025-11-25", "2026-07-28", "2024-11-05", "", "x"])


def view() -> View:
    return view_at(mini(), [])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(MESSAGES | ANYTHING, VERSIONS), min_size=1, max_size=4))
def test_no_message_moves_for_a_seat_but_a_move(messages: list[tuple[Any, str]]) -> None:
    """Whatever comes is answered in bounded time and space, and the turn is still awaited."""

    async def told() -> tuple[list[Said], bool]:
        seat = OutsideSeat("USA", "mcp")
        asked = asyncio.ensure_future(seat.move(Turn(view=view())))
        speech = Speech(seat, 0.0)
        await speech.open()
        try:
            said = [
                await speech.answer(
                    {
                        "Accept": "application/json, text/event-stream",
                        "Content-Type": "application/json",
                        "MCP-Protocol-Version": version,
                    },
                    encoded(message),
                )
                for message, version in messages
            ]
            return said, asked.done()
        finally:
            asked.cancel()
            await speech.close()

    said, moved = asyncio.run(told())
    assert not moved
    assert {one.status for one in said} <= {200, 202, 400, 404, 406}
    assert not any(one.tells_end for one in said)


def test_the_schema_of_what_is_told_is_that_of_an_object() -> None:
    schema = schema_of_one(MoveGiven)
    assert schema["type"] == "object"
    assert schema["anyOf"] == [{"$ref": "#/$defs/MoveGiven"}]
    assert turn_told(Turn(view=view())).kind == "turn"


@pytest.mark.parametrize(
    ("installed", "problem"),
    [
        (None, "seat 'mcp': the MCP SDK is not installed; pip install 'minilateral[mcp]'"),
        (
            "1.27.0",
            (
                "seat 'mcp': version 1.27.0 of the MCP SDK is installed, expected 2.x; "
                "pip install 'minilateral[mcp]'"
            ),
        ),
    ],
)
def test_without_the_sdk_the_seat_is_refused_in_one_line_before_anything_is_written(
    path: Path, monkeypatch: pytest.MonkeyPatch, installed: str | None, problem: str
) -> None:
    def version(_: str) -> str:
        if installed is None:
            raise doors.PackageNotFoundError
        return installed

    monkeypatch.setattr(doors, "version", version)
    with pytest.raises(SeatError) as caught:
        negotiate(mini(), {"USA": "mcp", "COD": PATIENT}, transcript=path, door=Door(tell=print))
    assert str(caught.value) == problem
    assert not path.exists()
