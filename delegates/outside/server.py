"""The door itself: HTTP on this machine alone, in the loop of the session.

Who may ask is looked at first: the address asked for (`Host`, against DNS rebinding), no web page
(`Origin`), and a token. Before that is settled nothing is told, not even whether a path exists.
Every connection carries one request and ends within a bounded time.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from delegates.outside.door import Bounds
from delegates.outside.messages import MOST_BYTES, Kept, Message, Refused, message_schema
from delegates.outside.seat import OutsideSeat
from delegates.place import Place

_STATUS = {"not-awaited": 409, "unusable": 400}

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Server": "minilateral",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class DoorServer:
    """Serves seats at a place."""

    def __init__(self, place: Place, seats: Sequence[OutsideSeat], bounds: Bounds) -> None:
        """Serve nothing yet."""
        self._place, self._bounds = place, bounds
        self._seats: Mapping[bytes, OutsideSeat] = {_digest(one.token): one for one in seats}
        self._runner = web.AppRunner(
            self._application(),
            access_log=None,
            handle_signals=False,
            shutdown_timeout=0.1,
            handler_cancellation=True,
            # What is sent packed would be unpacked before its size is looked at.
            auto_decompress=False,
        )
        self._listener: asyncio.Server | None = None
        self._strangers: dict[RequestHandler, asyncio.TimerHandle] = {}
        self._guests: dict[RequestHandler, asyncio.TimerHandle] = {}
        self._busy: Counter[str] = Counter()

    async def open(self) -> None:
        """Answer requests from now on."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._connected, sock=self._place.listening)

    async def close(self) -> None:
        """Answer no more."""
        if self._listener is not None:
            self._listener.close()
        await self._runner.cleanup()
        for handler in (*self._strangers, *self._guests):
            self._hang_up(handler)

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[self._guarded()], client_max_size=MOST_BYTES)
        app.add_routes(
            [
                web.get("/seat", self._told),
                web.post("/move", self._moved),
                web.get("/schema", self._schema),
            ]
        )
        return app

    def _connected(self) -> RequestHandler:
        """Return what speaks with a new connection, which is hung up on if it takes its time."""
        server = self._runner.server
        if server is None:
            raise AssertionError("a connection before the door was open")
        handler = server()
        for gone in [one for one in self._guests if one.transport is None]:
            self._guests.pop(gone).cancel()
        if len(self._strangers) >= self._bounds.strangers:
            self._hang_up(next(iter(self._strangers)))
        self._strangers[handler] = self._hang_up_after(self._bounds.patience_s, handler)
        return handler

    def _let_in(self, handler: RequestHandler) -> None:
        """Let a connection that showed a token have a place and a time of its own."""
        stranger = self._strangers.pop(handler, None)
        if stranger is not None:
            stranger.cancel()
            longest_s = self._bounds.poll_s + self._bounds.patience_s
            self._guests[handler] = self._hang_up_after(longest_s, handler)

    def _hang_up_after(self, seconds: float, handler: RequestHandler) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, self._hang_up, handler)

    def _hang_up(self, handler: RequestHandler) -> None:
        timers = [known.pop(handler, None) for known in (self._strangers, self._guests)]
        if handler.transport is None:
            # Of many who come at once, one may be turned away before it is connected: its timer
            # goes on, and hangs up on it then.
            return
        for timer in timers:
            if timer is not None:
                timer.cancel()
        handler.transport.abort()

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
        self._let_in(request.protocol)
        if self._busy[seat.party] >= bounds.at_once:
            return _refused(429, f"request: {bounds.at_once} are being answered; expected fewer")
        self._busy[seat.party] += 1
        try:
            return await handler(request)
        except web.HTTPException as error:
            expected = "expected GET /seat, POST /move or GET /schema"
            if error.status == web.HTTPRequestEntityTooLarge.status_code:
                expected = f"expected at most {MOST_BYTES:,} bytes"
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
        if told is seat.over:
            await answer.prepare(request)
            await answer.write_eof()
            seat.knows_end.set()
        return answer

    async def _moved(self, request: web.Request) -> web.Response:
        seat = self._sitting(request)
        try:
            async with asyncio.timeout(self._bounds.patience_s):
                body = await request.read()
        except TimeoutError:
            return _refused(408, "body: it did not arrive in time")
        # A move that was taken is kept even if nobody waits for its answer any more.
        verdict = await asyncio.shield(asyncio.ensure_future(seat.answered(body)))
        if verdict.kind == "kept":
            return _said(200, Kept(turn=verdict.turn))
        return _refused(_STATUS[verdict.kind], verdict.line)

    async def _schema(self, _: web.Request) -> web.Response:
        return _answer(200, json.dumps(message_schema()))


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def _answer(status: int, text: str | None) -> web.Response:
    kind = None if text is None else "application/json"
    answer = web.Response(status=status, text=text, content_type=kind, headers=_HEADERS)
    # One request a connection: how long each may last can then be bounded.
    answer.force_close()
    return answer


def _said(status: int, message: Message) -> web.Response:
    return _answer(status, message.model_dump_json())


def _refused(status: int, problem: str) -> web.Response:
    return _said(status, Refused(problem=problem))
