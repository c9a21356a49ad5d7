"""The door itself: HTTP on this machine alone, in the loop of the session.

Who may ask is looked at first: the address asked for (`Host`, against DNS rebinding), no web page
(`Origin`), and a token. Before that is settled nothing is told, not even whether a path exists.
Every connection carries one request and ends within a bounded time. What speaks MCP is behind the
same guards: its library is given a request once it is let in and read.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from delegates.minds.outside import HTTP, MCP
from delegates.outside.door import Bounds
from delegates.outside.messages import MOST_BYTES, Kept, Message, Refused, message_schema
from delegates.outside.reading import json_given, move_given
from delegates.outside.reception import Reception
from delegates.outside.seat import OutsideSeat
from delegates.place import Place
from games.errors import UnusableReply

if TYPE_CHECKING:
    from delegates.outside.mcp_adapter import Speech

_STATUS = {"not-awaited": 409, "unusable": 400}

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Server": "minilateral",
}

_PATHS = {HTTP: ("/seat", "/move", "/schema"), MCP: ("/mcp",)}
"""What is served to a seat, by how its agent speaks."""

_EXPECTED = {HTTP: "expected GET /seat, POST /move or GET /schema", MCP: "expected POST /mcp"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class DoorServer:
    """Serves seats at a place."""

    def __init__(self, place: Place, seats: Sequence[OutsideSeat], bounds: Bounds) -> None:
        """Serve nothing yet."""
        self._place, self._bounds = place, bounds
        self._seats: Mapping[bytes, OutsideSeat] = {_digest(one.token): one for one in seats}
        self._speeches = _speeches(seats, bounds)
        self._runner = web.AppRunner(
            self._application(),
            access_log=None,
            handle_signals=False,
            shutdown_timeout=0.1,
            handler_cancellation=True,
            # What is sent packed would be unpacked before its size is looked at.
            auto_decompress=False,
        )
        self._reception = Reception(place.listening, bounds, self._speaker)
        self._busy: Counter[str] = Counter()

    async def open(self) -> None:
        """Answer requests from now on."""
        await self._runner.setup()
        for speech in self._speeches.values():
            await speech.open()
        self._reception.open()

    async def close(self) -> None:
        """Answer no more."""
        await self._reception.close()
        await self._runner.cleanup()
        self._reception.hang_up()
        for speech in self._speeches.values():
            await speech.close()

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[self._guarded()], client_max_size=MOST_BYTES)
        app.add_routes(
            [
                web.get("/seat", self._told),
                web.post("/move", self._moved),
                web.get("/schema", self._schema),
                web.post("/mcp", self._spoken),
            ]
        )
        return app

    def _speaker(self) -> RequestHandler:
        """Return what speaks with a new connection."""
        server = self._runner.server
        if server is None:
            raise AssertionError("a connection before the door was open")
        return server()

    def _guarded(self) -> Any:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._answered(request, handler)

        return guard

    async def _answered(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        hosts = request.headers.getall("Host", [])
        if len(hosts) != 1 or not self._place.answers_to(hosts[0]):
            return _refused(421, "Host: this is not the address of the door")
        if "Origin" in request.headers:
            return _refused(403, "Origin: no web page may ask here")
        seat = self._seat_of(request)
        if seat is None:
            return _refused(401, "Authorization: expected Bearer and the token of a seat")
        bounds = self._bounds
        self._reception.let_in(request.protocol)
        if self._busy[seat.party] >= bounds.at_once:
            return _refused(429, f"request: {bounds.at_once} are being answered; expected fewer")
        self._busy[seat.party] += 1
        try:
            if request.path not in _PATHS[seat.speaks]:
                raise web.HTTPNotFound
            return await handler(request)
        except web.HTTPException as error:
            match error:
                case web.HTTPRequestEntityTooLarge():
                    expected = f"expected at most {MOST_BYTES:,} bytes"
                case web.HTTPRequestTimeout():
                    expected = f"expected its body within {bounds.patience_s:g} seconds"
                case _:
                    expected = _EXPECTED[seat.speaks]
            return _refused(error.status, f"request: {error.reason}; {expected}")
        finally:
            self._busy[seat.party] -= 1

    def _seat_of(self, request: web.Request) -> OutsideSeat | None:
        given = request.headers.getall("Authorization", [])
        token = given[0].removeprefix("Bearer ").strip() if len(given) == 1 else ""
        shown, found = _digest(token), None
        # All are compared, so that time tells nothing.
        for digest, seat in self._seats.items():
            if compare_digest(digest, shown):
                found = seat
        return found

    def _sitting(self, request: web.Request) -> OutsideSeat:
        seat = self._seat_of(request)
        if seat is None:
            raise AssertionError("a request that was let in without a token")
        return seat

    async def _told(self, request: web.Request) -> web.Response:
        seat = self._sitting(request)
        told = await seat.told(self._bounds.poll_s)
        if told is None:
            return _answer(204, None)
        answer = _said(200, told)
        return await _tell_end(request, answer, seat) if told is seat.over else answer

    async def _moved(self, request: web.Request) -> web.Response:
        seat = self._sitting(request)
        body = await self._body(request)
        verdict = await seat.answered(lambda: move_given(json_given(body)))
        if verdict.kind == "kept":
            return _said(200, Kept(turn=verdict.turn))
        return _refused(_STATUS[verdict.kind], verdict.line)

    async def _spoken(self, request: web.Request) -> web.Response:
        seat = self._sitting(request)
        body = await self._body(request)
        try:
            json_given(body)
        except UnusableReply as error:
            return _refused(400, str(error))
        said = await self._speeches[seat.party].answer(request.headers, body)
        if said.text is None and said.status >= web.HTTPBadRequest.status_code:
            return _refused(said.status, "request: not in the form of MCP; expected its headers")
        answer = _answer(said.status, said.text)
        return await _tell_end(request, answer, seat) if said.tells_end else answer

    async def _body(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._bounds.patience_s):
                return await request.read()
        except TimeoutError:
            raise web.HTTPRequestTimeout from None

    async def _schema(self, _: web.Request) -> web.Response:
        return _answer(200, json.dumps(message_schema()))


def _speeches(seats: Sequence[OutsideSeat], bounds: Bounds) -> dict[str, Speech]:
    speaking = [seat for seat in seats if seat.speaks == MCP]
    if not speaking:
        return {}
    from delegates.outside.mcp_adapter import Speech

    return {seat.party: Speech(seat, bounds.poll_s) for seat in speaking}


async def _tell_end(request: web.Request, answer: web.Response, seat: OutsideSeat) -> web.Response:
    """Return an answer by which a seat learns of the end, sent by then."""
    await answer.prepare(request)
    await answer.write_eof()
    seat.knows_end.set()
    return answer


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def _answer(status: int, text: str | None) -> web.Response:
    kind = None if text is None else "application/json"
    answer = web.Response(status=status, text=text, content_type=kind, headers=_HEADERS)
    if status == web.HTTPUnauthorized.status_code:
        answer.headers["WWW-Authenticate"] = "Bearer"
    # One request a connection: how long each may last can then be bounded.
    answer.force_close()
    return answer


def _said(status: int, message: Message) -> web.Response:
    return _answer(status, message.model_dump_json())


def _refused(status: int, problem: str) -> web.Response:
    return _said(status, Refused(problem=problem))
