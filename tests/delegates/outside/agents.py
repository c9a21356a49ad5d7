"""Agents at the door of a session, each in a thread of its own, and the raw requests they make."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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

QUICK = Bounds(patience_s=0.2, poll_s=0.05, farewell_s=10.0, strangers=8)
"""Bounds that strangers run into soon."""

PATIENT = "boulware(exponent=100)"
"""A counterpart who accepts nothing for long."""


@dataclass(frozen=True)
class Reply:
    """What the door answered."""

    status: int
    said: Any
    headers: Mapping[str, str]


@dataclass
class Line:
    """An agent's connection to its seat."""

    url: str
    token: str

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """Return what the door answers to one request."""
        given = {"Authorization": f"Bearer {self.token}", **headers}
        named = {name.replace("_", "-"): value for name, value in given.items()}
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            talk.request(method, path, body, named)
            answer = talk.getresponse()
            read = answer.read()
            return Reply(answer.status, json.loads(read or b"null"), dict(answer.getheaders()))
        finally:
            talk.close()

    def seat(self) -> Any:
        """Return what the seat is told once there is something to tell."""
        while True:
            reply = self.ask("GET", "/seat")
            if reply.status != 204:
                assert reply.status == 200, reply
                return reply.said

    def move(self, body: bytes | Mapping[str, Any]) -> Reply:
        """Return what the door answers to a move."""
        return self.ask("POST", "/move", body if isinstance(body, bytes) else encoded(body))

    def raw(self, sent: bytes) -> socket.socket:
        """Return a connection on which something was sent, and that is left open."""
        talk = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        talk.sendall(sent)
        return talk

    def play_on(self) -> Any:
        """Offer the best there is to the end, and return how it ended."""
        while (told := self.seat())["kind"] == "turn":
            assert self.move(best(told)).status == 200
        return told


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
    failed: list[BaseException] = field(default_factory=list[BaseException])
    threads: list[threading.Thread] = field(default_factory=list[threading.Thread])

    def invite(self, invitation: Invitation) -> None:
        self.lines[invitation.party] = Line(invitation.url, invitation.token)
        if len(self.lines) == len(self.scripts):
            for party in self.scripts:
                thread = threading.Thread(target=self._come, args=(party,), daemon=True)
                self.threads.append(thread)
                thread.start()

    def _come(self, party: str) -> None:
        try:
            self.returned[party] = self.scripts[party](self.lines[party])
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.failed.append(error)

    def done(self) -> dict[str, Any]:
        """Return what each agent returned, once all have left."""
        for thread in self.threads:
            thread.join(30)
        assert self.failed == []
        return self.returned


def sit(
    scripts: Mapping[str, Script],
    path: Path,
    *,
    scenario: Scenario | None = None,
    seats: Mapping[str, str] | None = None,
    bounds: Bounds = QUICK,
) -> tuple[SessionRecord, dict[str, Any], Agents]:
    """Return the record of a session with agents, what they returned, and the agents."""
    agents = Agents(scripts)
    given = {"COD": PATIENT, **dict.fromkeys(scripts, "http(limit=20)"), **(seats or {})}
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
