"""Agents at the door of a session, each in a thread of its own, and the raw requests they make."""

import http.client
import json
import socket
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from delegates import negotiate
from delegates.outside.door import Bounds, Door, Invitation
from games.scenario import Scenario
from tests.delegates.sessions import events_of, mini
from transcripts import verify
from transcripts.events import Event
from transcripts.record import SessionRecord

QUICK = Bounds(patience_s=10.0, poll_s=0.05, farewell_s=10.0, strangers=8)
"""Bounds that many strangers run into soon, and an honest agent on a busy machine does not."""

HASTY = replace(QUICK, patience_s=1.0)
"""Bounds that a slow stranger runs into soon."""

PATIENT = "boulware(exponent=100)"
"""A counterpart who accepts nothing for long."""


@dataclass(frozen=True)
class Reply:
    """What the door answered."""

    status: int
    said: Any
    headers: Mapping[str, str]

    @property
    def kind(self) -> str | None:
        """The kind of the message that was answered; None where there was none."""
        return self.said["kind"] if isinstance(self.said, dict) else None


@dataclass
class Line:
    """An agent's connection to its seat over HTTP."""

    url: str
    token: str
    looking = ("GET", "/seat")
    moving = ("POST", "/move")
    """How the agent asks, and where it sends a move."""
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    """Headers that every request has."""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """Return what the door answers to one request."""
        given = {"Authorization": f"Bearer {self.token}", **self.extra, **headers}
        named = {name.replace("_", "-"): value for name, value in given.items()}
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            talk.request(method, path, body, named)
            answer = talk.getresponse()
            read = answer.read()
            return Reply(answer.status, json.loads(read or b"null"), dict(answer.getheaders()))
        finally:
            talk.close()

    def look(self) -> Reply:
        """Return what the door answers when asked what there is to tell."""
        return self.ask(*self.looking)

    def seat(self) -> Any:
        """Return what the seat is told once there is something to tell."""
        while True:
            reply = self.look()
            if reply.kind not in (None, "waiting"):
                assert reply.status == 200, reply
                return reply.said

    def move(self, body: bytes | Mapping[str, Any]) -> Reply:
        """Return what the door answers to a move."""
        return self.ask(*self.moving, body if isinstance(body, bytes) else encoded(body))

    def moving_raw(self, body: bytes, length: int | None = None) -> bytes:
        """Return a move as it is sent, of whatever length it claims to be."""
        extra = "".join(f"{name}: {value}\r\n" for name, value in self.extra.items())
        return (
            f"{' '.join(self.moving)} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{extra}"
            f"Authorization: Bearer {self.token}\r\n"
            f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
        ).encode() + self.wrapped(body)

    def wrapped(self, body: bytes) -> bytes:
        """Return a move as the body of a request."""
        return body

    def raw(self, sent: bytes) -> socket.socket:
        """Return a connection on which something was sent, and that is left open."""
        talk = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        talk.sendall(sent)
        return talk

    def play_on(self) -> Any:
        """Offer the best there is to the end, and return how it ended."""
        while (told := self.seat())["kind"] == "turn":
            assert self.move(best(told)).kind == "kept"
        return told


class McpLine(Line):
    """An agent's connection to its seat over MCP, spoken by hand."""

    looking = moving = ("POST", "/mcp")

    def __init__(self, url: str, token: str) -> None:
        speaks = {
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
            "MCP-Protocol-Version": "2025-11-25",
        }
        super().__init__(url, token, speaks)

    def say(self, method: str, params: Any = None, **more: Any) -> Reply:
        """Return what is answered to one request of the protocol."""
        return self.ask(*self.moving, said_in_mcp(method, params, **more))

    def call(self, tool: str, given: Mapping[str, Any]) -> Reply:
        """Return what a tool answers."""
        reply = self.say("tools/call", {"name": tool, "arguments": given})
        if "result" not in (reply.said or {}):
            return reply
        result = reply.said["result"]
        (text,) = result["content"]
        assert json.loads(text["text"]) == result["structuredContent"]
        assert result["isError"] is (result["structuredContent"]["kind"] == "refused")
        return Reply(reply.status, result["structuredContent"], reply.headers)

    def look(self) -> Reply:
        return self.call("look", {})

    def move(self, body: bytes | Mapping[str, Any]) -> Reply:
        return super().move(body) if isinstance(body, bytes) else self.call("move", body)

    def wrapped(self, body: bytes) -> bytes:
        given = {"name": "move", "arguments": json.loads(body)}
        return said_in_mcp("tools/call", given)

    def moving_raw(self, body: bytes, length: int | None = None) -> bytes:
        whole = len(self.wrapped(body)) if length is None else length
        return super().moving_raw(body, whole)


def said_in_mcp(method: str, params: Any = None, **more: Any) -> bytes:
    """Return a request of the protocol."""
    said = {"jsonrpc": "2.0", "id": 1, "method": method, **more}
    return encoded(said if params is None else {**said, "params": params})


LINES: Mapping[str, Callable[[str, str], Line]] = {"http": Line, "mcp": McpLine}


def encoded(move: Mapping[str, Any]) -> bytes:
    return json.dumps(move).encode()


def best(told: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return the offer that an agent likes best."""
    return {"turn": told["turn"], "act": "offer", "outcome": told["own"]["ideal"], **more}


def is_hung_up_on(talk: socket.socket) -> bool:
    """Return whether the other side ended a connection, waited for."""
    with talk:
        try:
            while talk.recv(4096):
                pass
        except ConnectionError:
            return True
        return True


Script = Callable[[Line], Any]


@dataclass
class Agents:
    """Agents who come when they are invited; what they return, or what went wrong with them."""

    scripts: Mapping[str, Script]
    lines: dict[str, Line] = field(default_factory=dict[str, Line])
    returned: dict[str, Any] = field(default_factory=dict[str, Any])
    failed: list[str] = field(default_factory=list[str])
    threads: list[threading.Thread] = field(default_factory=list[threading.Thread])

    def invite(self, invitation: Invitation) -> None:
        line = LINES[invitation.speaks](invitation.url, invitation.token)
        self.lines[invitation.party] = line
        if len(self.lines) == len(self.scripts):
            for party in self.scripts:
                thread = threading.Thread(target=self._come, args=(party,), daemon=True)
                self.threads.append(thread)
                thread.start()

    def _come(self, party: str) -> None:
        try:
            self.returned[party] = self.scripts[party](self.lines[party])
        except BaseException:  # noqa: BLE001 - told to the test
            self.failed.append(f"{party}: {traceback.format_exc()}")

    def done(self) -> dict[str, Any]:
        """Return what each agent returned, once all have left."""
        for thread in self.threads:
            thread.join(30)
        assert not self.failed, "\n".join(self.failed)
        return self.returned


def sit(
    scripts: Mapping[str, Script],
    path: Path,
    *,
    scenario: Scenario | None = None,
    seats: Mapping[str, str] | None = None,
    bounds: Bounds = QUICK,
    way: str = "http",
) -> tuple[SessionRecord, dict[str, Any], Agents]:
    """Return the record of a session with agents, what they returned, and the agents."""
    agents = Agents(scripts)
    given = {"COD": PATIENT, **dict.fromkeys(scripts, f"{way}(limit=20)"), **(seats or {})}
    record = negotiate(
        scenario or mini(rounds=3),
        given,
        seed=2,
        transcript=path,
        door=Door(tell=agents.invite, bounds=bounds),
    )
    assert verify(path).ok
    return record, agents.done(), agents


def kinds(events: list[Event], kind: type[Event], party: str = "USA") -> list[Any]:
    return [one for one in events if isinstance(one, kind) and getattr(one, "party", "") == party]


def kept(path: Path, kind: type[Event], party: str = "USA") -> list[Any]:
    return kinds(events_of(path), kind, party)
