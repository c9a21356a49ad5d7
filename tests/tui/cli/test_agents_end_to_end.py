"""The program in a process of its own, with agents that learn from it alone how to come in."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.delegates.sessions import events_of
from transcripts import verify
from transcripts.events import HandedOver, MoveMade, Opened

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import signal, sys
# Whoever started this may have had interrupts ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from tui.cli import main
main()
"""

WAITS = re.compile(
    r"minilateral: seat (?P<party>\w+) waits for (?P<what>a program: GET|an MCP client at) "
    r"(?P<url>http://127\.0\.0\.1:\d+/\w+)\n"
    r"minilateral:   with the header Authorization: Bearer (?P<token>\S+)\n"
)
"""What a person reads and hands on."""

Running = subprocess.Popen[str]
Agent = Callable[[str, str], Any]
"""What comes in at an address with a token."""


@contextmanager
def started(*arguments: str) -> Generator[Running]:
    """Lend the program, running."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def invited(process: Running, seats: int = 1) -> dict[str, re.Match[str]]:
    """Return what standard error says of so many seats, by party."""
    assert process.stderr is not None
    read = ""
    while len(found := list(WAITS.finditer(read))) < seats:
        line = process.stderr.readline()
        assert line, read
        read += line
    assert WAITS.sub("", read) == ""
    return {one["party"]: one for one in found}


def invited_in(file: Path, process: Running, *parties: str) -> list[dict[str, str]]:
    """Return the invitations in a file, which standard error points to."""
    assert process.stderr is not None
    said = [process.stderr.readline() for _ in parties]
    assert said == [
        f"minilateral: seat {party} waits for an agent; how it comes in is in {file}\n"
        for party in parties
    ]
    return [json.loads(line) for line in file.read_text().splitlines()]


def ended(process: Running, typed: str | None = None) -> tuple[int, str, str]:
    """Return the exit code, and what is still said."""
    out, err = process.communicate(typed, timeout=60)
    assert "Traceback" not in out + err
    return process.returncode, out, err


def asked(url: str, token: str, move: Mapping[str, Any] | None = None) -> Any:
    """Return what is answered over plain HTTP; None where there is nothing to tell."""
    body = None if move is None else json.dumps(move).encode()
    request = urllib.request.Request(url, body, {"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or "null")


def best(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"turn": told["turn"], "act": "offer", "outcome": told["own"]["ideal"]}


def over_http(url: str, token: str) -> Any:
    """Return how the session ended for a program over plain HTTP."""
    while (told := asked(url, token)) is None or told["kind"] == "turn":
        if told is not None:
            kept = asked(url.replace("/seat", "/move"), token, best(told))
            assert kept == {"kind": "kept", "turn": told["turn"]}
    return told


def by_curl(url: str, token: str) -> Any:
    """Return how the session ended for one who speaks with curl alone."""

    def curl(*more: str) -> Any:
        header = f"Authorization: Bearer {token}"
        done = subprocess.run(
            ["curl", "-sS", "-H", header, *more], capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout or "null")

    while (told := curl(url)) is None or told["kind"] == "turn":
        if told is not None:
            given = json.dumps(best(told))
            assert curl("-d", given, url.replace("/seat", "/move"))["kind"] == "kept"
    return told


def over_mcp(url: str, token: str) -> Any:
    """Return how the session ended for the client of the official SDK."""

    async def play() -> Any:
        header = {"Authorization": f"Bearer {token}"}
        async with (
            httpx2.AsyncClient(headers=header, timeout=60) as http,
            Client(streamable_http_client(url, http_client=http)) as seat,
        ):
            while True:
                told = (await seat.call_tool("look")).structured_content or {}
                if told["kind"] == "over":
                    return told
                if told["kind"] == "turn":
                    assert not (await seat.call_tool("move", best(told))).is_error

    return asyncio.run(play())


WAYS: Mapping[str, tuple[str, str, Agent]] = {
    "http": ("a program: GET", "/seat", over_http),
    "curl": ("a program: GET", "/seat", by_curl),
    "mcp": ("an MCP client at", "/mcp", over_mcp),
}


@pytest.mark.parametrize(
    ("way", "as_json"), [("http", False), ("curl", True), ("mcp", False), ("mcp", True)]
)
def test_an_agent_plays_a_run_to_its_end(tmp_path: Path, way: str, *, as_json: bool) -> None:
    what, where, agent = WAYS[way]
    out = tmp_path / "s.jsonl"
    seat = "mcp" if way == "mcp" else "http"
    command = ["run", "mini.yaml", "--model", "none", "--seed", "3", "--out", str(out)]
    seats = ["--seat", f"USA={seat}", "--seat", "COD=conceder"]
    with started(*command, *seats, *(["--json"] if as_json else [])) as process:
        if as_json:
            # What it costs is no part of the one object on standard output.
            assert process.stderr is not None
            assert process.stderr.readline() == "No model will be asked; this costs nothing.\n"
        invitation = invited(process)["USA"]
        assert invitation["what"] == what
        assert invitation["url"].endswith(where)
        over = agent(invitation["url"], invitation["token"])
        code, told, err = ended(process)
    assert (code, err) == (0, "")
    assert verify(out).ok
    assert over["kind"] == "over"
    if as_json:
        assert json.loads(told)["status"] == over["status"]
        assert json.loads(told)["utilities"]["USA"] == over["utility"]
    else:
        assert "decided by an outside agent (stand-in: firm)" in " ".join(told.split())
    assert invitation["token"] not in told + out.read_text()
    by = {event.decided_by for event in events_of(out) if isinstance(event, MoveMade)}
    assert by == {"an outside agent", "code (conceder)"}


def test_two_agents_come_in_by_a_file_that_is_gone_afterwards(tmp_path: Path) -> None:
    file, out = tmp_path / "invitations", tmp_path / "s.jsonl"
    seats = ["--seat", "USA=mcp", "--seat", "COD=http", "--invitations", str(file)]
    with started("run", "mini.yaml", "--model", "none", "--out", str(out), *seats) as process:
        usa, cod = invited_in(file, process, "USA", "COD")
        assert file.stat().st_mode & 0o777 == 0o600
        assert [one["speaks"] for one in (usa, cod)] == ["mcp", "http"]
        with ThreadPoolExecutor() as pool:
            other = pool.submit(over_http, f"{cod['url']}seat", cod["token"])
            over = over_mcp(usa["url"], usa["token"])
            assert other.result(60)["status"] == over["status"]
        code, told, err = ended(process)
    assert (code, err, over["status"]) == (0, "", "no-agreement")
    assert not file.exists()
    assert [one for one in (usa["token"], cod["token"]) if one in told + out.read_text()] == []
    assert not any(isinstance(event, HandedOver) for event in events_of(out))


def test_an_interrupted_run_is_resumed_by_the_agents_with_new_tokens(tmp_path: Path) -> None:
    out, file = tmp_path / "s.jsonl", tmp_path / "invitations"
    command = ["run", "mini.yaml", "--model", "none", "--seed", "3", "--out", str(out)]
    seats = ["--seat", "USA=http", "--seat", "COD=mcp", "--invitations", str(file)]
    with started(*command, *seats) as process:
        before = invited_in(file, process, "USA", "COD")
        url, token = before[0]["url"], before[0]["token"]
        assert asked(f"{url}move", token, best(asked(f"{url}seat", token)))["kind"] == "kept"
        process.send_signal(signal.SIGINT)
        code, _, err = ended(process)
    assert code == 130
    assert f"carry on with: minilateral resume {out}" in err
    assert not file.exists()
    with started("resume", str(out), "--json") as process:
        found = invited(process, 2)
        assert {one["token"] for one in found.values()}.isdisjoint(one["token"] for one in before)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            asked(found["USA"]["url"], token)
        with ThreadPoolExecutor() as pool:
            other = pool.submit(over_http, found["USA"]["url"], found["USA"]["token"])
            over = over_mcp(found["COD"]["url"], found["COD"]["token"])
            assert other.result(60)["status"] == over["status"]
        code, told, err = ended(process)
    assert (code, err) == (0, "")
    assert json.loads(told)["status"] == over["status"] == "no-agreement"
    assert verify(out).complete
    header = events_of(out)[0]
    assert isinstance(header, Opened)
    assert {party: seat.spec for party, seat in header.seats.items()} == {
        "USA": "http",
        "COD": "mcp",
    }
    turns = [event.turn for event in events_of(out) if isinstance(event, MoveMade)]
    assert turns == list(range(len(turns)))


def test_a_person_and_an_agent_play_at_one_table(tmp_path: Path) -> None:
    """The person leaves for good as soon as they are asked."""
    out = tmp_path / "s.jsonl"
    command = ["play", "mini.yaml", "--as", "COD", "--model", "none", "--plain", "--out", str(out)]
    with started(*command, "--seat", "USA=mcp", "--seed", "3") as process:
        invitation = invited(process)["USA"]
        assert process.stdin is not None
        process.stdin.write("leave: Enough.\ny\n")
        process.stdin.flush()
        over = over_mcp(invitation["url"], invitation["token"])
        code, told, err = ended(process)
    assert (code, err, over["status"]) == (0, "", "walked-away")
    assert verify(out).complete
    assert invitation["token"] not in told
