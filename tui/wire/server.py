"""Serves the seats of hosted tables: a page and a web socket for each, to whoever has its link.

A seat's link is its key. Without one nothing is told, not even that there is a seat. Who may ask is
looked at first: the address asked for (`Host`, against DNS rebinding) and, where a page asks, that
it is our own (`Origin`). Connections that have shown no key are few and end soon.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from hmac import compare_digest
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from delegates.place import Place
from tui.hosting.seat import HostedSeat
from tui.hosting.table import HostedTable
from tui.serving.pages import FILES, HEADERS, digest, font_size, silent
from tui.wire.driver import within
from tui.wire.incoming import LARGEST, Allowance
from tui.wire.joined import ELSEWHERE, HOST_ENDS, Farewell, Joined, Opens
from tui.wire.seat_app import SeatApp

MOST_STRANGERS = 64
"""Connections at once that have shown no seat's key; the oldest make way for new ones."""

MOST_GUESTS = 32
"""Connections at once that have shown the same seat's key: those of some browsers."""

MOST_WAITING = 4
"""Connections at once that want the same seat; one of them has it."""

OPENINGS, OPENINGS_A_S = 8.0, 0.5
"""Apps that are opened at a seat without a wait, and then a second: each takes a while to draw."""

PATIENCE_S = 10.0
"""How long a connection has to show a key."""

FAREWELL_S = 2.0
"""How long a connection has to hear why it ends."""

_PAGE = Path(__file__).with_name("page")
_FILES: Mapping[str, Path] = {
    "page/seat.css": _PAGE / "seat.css",
    "page/seat.js": _PAGE / "seat.js",
    **FILES,
}
NO_SEAT = "There is no such seat here. Is the link whole? A host that begins anew has new links."
"""What whoever comes without a seat's key is told, whatever they ask for."""

_log = logging.getLogger("minilateral.hosting")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class _Door:
    """The way to one seat."""

    seat: HostedSeat
    joined: Joined | None = None
    arrivals: int = 0
    waiting: int = 0
    free: asyncio.Lock = field(default_factory=asyncio.Lock)
    openings: Allowance = field(
        default_factory=lambda: Allowance(most=OPENINGS, per_s=OPENINGS_A_S, left=OPENINGS)
    )
    guests: set[RequestHandler] = field(default_factory=set["RequestHandler"])


class HostServer:
    """Serves the seats of tables at a place."""

    def __init__(self, place: Place, tables: Iterable[HostedTable]) -> None:
        """Give every seat its link; nothing is served yet.

        Args:
            place: Where to listen.
            tables: The tables; their sessions are somebody else's to start and close.
        """
        self._place = place
        self._doors: dict[bytes, _Door] = {}
        for table in tables:
            for seat in table.seats.values():
                token = secrets.token_urlsafe(24)
                seat.link = f"{place.url}seat/{token}/"
                self._doors[digest(token)] = _Door(seat)
        self._runner = web.AppRunner(
            self._application(),
            # They would write the links down, those of requests that cannot be parsed too.
            access_log=None,
            logger=silent("minilateral.hosting.requests"),
            handle_signals=False,
            shutdown_timeout=2 * PATIENCE_S,
            auto_decompress=False,
        )
        self._listener: asyncio.Server | None = None
        self._strangers: dict[RequestHandler, asyncio.TimerHandle] = {}
        self._is_closing = False

    async def open(self) -> None:
        """Answer from now on, in this loop."""
        # Every app keeps a thread for its session, and needs another now and then.
        threads = 8 + 4 * len(self._doors)
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads))
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._connected, sock=self._place.listening)

    async def close(self) -> None:
        """Answer no more; every app has ended."""
        self._is_closing = True
        if self._listener is not None:
            self._listener.close()
        for door in self._doors.values():
            if door.joined is not None:
                door.joined.end(HOST_ENDS)
        await self._runner.cleanup()
        for handler in list(self._strangers):
            self._hang_up(handler)

    @property
    def joined(self) -> int:
        """How many apps are open."""
        return sum(door.joined is not None for door in self._doors.values())

    # --- strangers

    def _connected(self) -> RequestHandler:
        """Return what speaks with a new connection, which is hung up on if it shows no key."""
        server = self._runner.server
        if server is None:
            raise AssertionError("a connection before the server was open")
        handler = server()
        if len(self._strangers) >= MOST_STRANGERS:
            self._hang_up(next(iter(self._strangers)))
        loop = asyncio.get_running_loop()
        self._strangers[handler] = loop.call_later(PATIENCE_S, self._hang_up, handler)
        return handler

    def _hang_up(self, handler: RequestHandler) -> None:
        timer = self._strangers.pop(handler, None)
        if timer is not None:
            timer.cancel()
        if handler.transport is not None:
            handler.transport.abort()

    def _lets_in(self, handler: RequestHandler, door: _Door) -> bool:
        """Return whether a connection that showed a seat's key may stay; it is no stranger now."""
        timer = self._strangers.pop(handler, None)
        if timer is not None:
            timer.cancel()
        door.guests = {one for one in door.guests if one.transport is not None} | {handler}
        return len(door.guests) <= MOST_GUESTS

    # --- requests

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[self._guarded()], client_max_size=LARGEST)
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(_PAGE), autoescape=True)
        app.add_routes(
            [
                web.get("/seat/{token}/", self._page),
                web.get("/seat/{token}/ws", self._socket),
                web.get("/seat/{token}/{file:(static|page)/.+}", self._file),
            ]
        )
        return app

    def _guarded(self) -> Any:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            hosts = request.headers.getall("Host", [])
            if len(hosts) != 1 or not self._place.answers_to(hosts[0]):
                return _refused(421, "this is not the address of the host")
            origin = request.headers.get("Origin")
            # A terminal tells of no page; a browser tells of every web socket whose it is.
            if origin is not None and origin != f"http://{hosts[0]}":
                return _refused(403, "only the host's own page may ask this")
            door = self._door(request)
            if door is None:
                return _refused(404, NO_SEAT)
            if not self._lets_in(request.protocol, door):
                return _refused(503, "too many ask for this seat at once")
            try:
                answer = await handler(request)
            except web.HTTPException as error:
                return _refused(error.status, error.reason)
            except Exception:  # noqa: BLE001 - the outermost door of a request
                _log.exception("an answer to who has a link")
                raise web.HTTPInternalServerError from None
            if not answer.prepared:
                answer.headers.update(HEADERS)
            return answer

        return guard

    def _door(self, request: web.Request) -> _Door | None:
        shown, found = digest(request.match_info.get("token", "")), None
        # All are compared, so that time tells nothing.
        for own, door in self._doors.items():
            if compare_digest(own, shown):
                found = door
        return found

    async def _page(self, request: web.Request) -> web.Response:
        context: dict[str, Any] = {
            "font_size": font_size(request.query.get("fontsize", "")),
            "socket": f"ws://{request.host}{request.path}ws",
        }
        return aiohttp_jinja2.render_template("seat.html", request, context)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = _FILES.get(request.match_info["file"])
        return _refused(404, NO_SEAT) if path is None else web.FileResponse(path)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """Join an app to a seat until one of them is gone, or the seat is opened elsewhere."""
        door = self._door(request)
        if door is None or self._is_closing or door.waiting >= MOST_WAITING:
            return _refused(503, "too many want this seat at once")
        socket = web.WebSocketResponse(
            heartbeat=15, max_msg_size=LARGEST, compress=False, autoping=False
        )
        if not socket.can_prepare(request).ok:
            return _refused(426, "expected a web socket")
        await socket.prepare(request)
        door.arrivals += 1
        number = door.arrivals
        door.waiting += 1
        if door.joined is not None:
            door.joined.end(ELSEWHERE)
        try:
            async with door.free:
                why = ELSEWHERE
                await asyncio.sleep(door.openings.wait_s(1, asyncio.get_running_loop().time()))
                if number == door.arrivals and not self._is_closing:
                    why = await self._joined(door, socket, request)
        finally:
            door.waiting -= 1
        await _hung_up(socket, request, why)
        return socket

    async def _joined(
        self, door: _Door, socket: web.WebSocketResponse, request: web.Request
    ) -> Farewell:
        colours = request.query.get("colours", "")
        live = door.seat.sitting()
        opens: Opens = lambda driver: SeatApp(live, driver, colours)  # noqa: E731
        door.joined = Joined(socket, opens, _size_in(request.query))
        try:
            return await door.joined.run()
        finally:
            door.joined = None
            live.leave()


async def _hung_up(socket: web.WebSocketResponse, request: web.Request, why: Farewell) -> None:
    """Tell the other end why it ends, and end it, whether or not it listens."""
    with suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL_S):
            await socket.close(code=why.code, message=why.words.encode())
    if request.transport is not None:
        request.transport.abort()


def _size_in(query: Mapping[str, str]) -> tuple[int, int]:
    return within(_whole(query.get("width", ""), 80), _whole(query.get("height", ""), 24))


def _whole(given: str, default: int) -> int:
    """Return the number that a query gives; the default where it gives none, or an absurd one."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else default


def _refused(status: int, why: str) -> web.Response:
    answer = web.Response(status=status, text=f"{why}\n", headers=HEADERS)
    # Whoever asks for what is not there has one question a connection.
    answer.force_close()
    return answer
