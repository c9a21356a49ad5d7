"""Serves the page, and joins each tab's web socket to a process of the app.

Textual-serve carries the bytes. What it leaves open is closed here: who may ask (`Host` and
`Origin`), what the page may load (its own files alone), how large a terminal a page may want, and
what becomes of a process whose tab is gone.
"""

from __future__ import annotations

import asyncio
import logging
import shlex
import subprocess
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
import textual_serve
from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from delegates.place import Place

MOST_TABS = 32
"""Tabs that are served at once; each is a process."""

GRACE_S = 5.0
"""How long a process has to end by itself once its tab is gone; what happened is on disk."""

WIDEST, HIGHEST = 500, 200
"""The largest terminal that a page gets."""

_PAGE = Path(__file__).with_name("page")
_STATICS = Path(textual_serve.__file__).with_name("static")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_log = logging.getLogger("minilateral.serving")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def tab_command() -> str:
    """Return the shell's line that runs the app for a tab: by this very Python, and no other."""
    # Without -P a folder called `tui` where the server was started would be taken for ours.
    words = [sys.executable, "-P", "-m", "tui.serving.tab"]
    return (
        subprocess.list2cmdline(words) if sys.platform == "win32" else f"exec {shlex.join(words)}"
    )


class Tab(AppService):
    """The process of one tab."""

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Tell the process how large the page's terminal is, within bounds."""
        await super().set_terminal_size(*within(width, height))

    async def stop(self) -> None:
        """End the process: by asking it to, and by force if it does not heed."""
        reading, process = self._task, self._process
        if reading is None or process is None:
            return
        asked = asyncio.ensure_future(super().stop())
        await asyncio.wait({asked}, timeout=GRACE_S)
        for end in (process.terminate, process.kill):
            if process.returncode is None:
                await _patiently(process, 0.2)
            if process.returncode is not None:
                break
            end()
            await _patiently(process, GRACE_S)
        self._task = None
        await asyncio.wait({asked}, timeout=GRACE_S)
        if not asked.done():
            asked.cancel()


async def _patiently(process: asyncio.subprocess.Process, patience_s: float) -> None:
    try:
        async with asyncio.timeout(patience_s):
            await process.wait()
    except TimeoutError:
        return


async def _hang_up(joined: web.WebSocketResponse) -> None:
    await joined.close()


def within(width: int, height: int) -> tuple[int, int]:
    """Return a terminal's size within bounds."""
    return min(max(width, 20), WIDEST), min(max(height, 5), HIGHEST)


class AppServer(Server):
    """Serves the app at a place."""

    def __init__(self, place: Place, command: str | None = None) -> None:
        """Serve nothing yet.

        Args:
            place: Where to listen.
            command: The shell's line that runs the app; the app's own if not given.
        """
        # Its own annotations are not complete under strict checking.
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            command or tab_command(),
            host=place.host,
            port=place.port,
            title="Minilateral",
            public_url=place.url.rstrip("/"),
            statics_path=_STATICS,
            templates_path=_PAGE,
        )
        self._place = place
        self._sockets: set[web.WebSocketResponse] = set()

    async def run(self, ready: Callable[[], object]) -> None:
        """Serve until cancelled; then every tab's process has ended.

        Args:
            ready: Called once requests are answered.
        """
        runner = web.AppRunner(
            self.application(), access_log=None, shutdown_timeout=3 * GRACE_S, handle_signals=False
        )
        await runner.setup()
        try:
            await web.SockSite(runner, self._place.listening).start()
            ready()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    def application(self) -> web.Application:
        """Return what answers requests."""
        app = web.Application(middlewares=[self._guarded()])
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(_PAGE), autoescape=True)
        app.add_routes(
            [
                web.get("/", self._page, name="index"),
                web.get("/ws", self.handle_websocket, name="websocket"),
                web.get("/download/{key}", self.handle_download, name="download"),
                web.static("/static", _STATICS, name="static"),
                web.static("/page", _PAGE, name="page"),
            ]
        )
        app.on_shutdown.append(self._close_tabs)
        return app

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Join a tab to a process of its own until one of them is gone."""
        if len(self._sockets) >= MOST_TABS:
            raise web.HTTPServiceUnavailable(text=f"{MOST_TABS} tabs are open; close one\n")
        size = within(*(to_int(request.query.get(name, ""), 80) for name in ("width", "height")))
        joined = web.WebSocketResponse(heartbeat=15)
        self._sockets.add(joined)
        tab: Tab | None = None
        try:
            await joined.prepare(request)
            tab = Tab(
                self.command,
                write_bytes=joined.send_bytes,
                write_str=joined.send_str,
                close=partial(_hang_up, joined),
                download_manager=self.download_manager,
            )
            await tab.start(*size)
            await self._process_messages(joined, tab)
        except (
            ConnectionError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            AssertionError,
        ):
            # A page that talks nonsense, or went in the middle of a word, is hung up on.
            _log.info("a tab was hung up on", exc_info=True)
        finally:
            self._sockets.discard(joined)
            if tab is not None:
                await asyncio.shield(tab.stop())
            await joined.close()
        return joined

    async def _close_tabs(self, _: web.Application) -> None:
        for joined in list(self._sockets):
            await joined.close(code=1001, message=b"the server ends")

    async def _page(self, request: web.Request) -> web.Response:
        size = min(max(to_int(request.query.get("fontsize", ""), 16), 6), 40)
        context: dict[str, Any] = {"font_size": size, "socket": f"ws://{request.host}/ws"}
        return aiohttp_jinja2.render_template("index.html", request, context)

    def _guarded(self) -> Any:
        place = self._place

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            hosts = request.headers.getall("Host", [])
            if len(hosts) != 1 or not place.answers_to(hosts[0]):
                raise web.HTTPMisdirectedRequest(text="this is not the address of the app\n")
            origin = request.headers.get("Origin")
            is_own = origin == f"http://{hosts[0]}"
            # Browsers tell of every web socket from which page it is asked for.
            if (origin is not None or request.path == "/ws") and not is_own:
                raise web.HTTPForbidden(text="only the app's own page may ask this\n")
            answer = await handler(request)
            if not answer.prepared:
                answer.headers.update(_HEADERS)
            return answer

        return guard
