"""Serves the page, and joins each tab's web socket to a process of the app.

Textual-serve carries the bytes. What it leaves open is closed here: who may ask (the key in the
link, `Host` and `Origin`), what the page may load (its own files alone), how large a terminal a
page may want, and what becomes of a process whose tab is gone. The key is against other users of
this machine: its loopback address is theirs as well.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import shlex
import subprocess
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from hmac import compare_digest
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from delegates.place import Place
from tui.serving.pages import FILES, HEADERS, PAGE, digest, font_size, silent

MOST_TABS = 32
"""Tabs that are served at once; each is a process."""

GRACE_S = 5.0
"""How long a process has to end by itself once its tab is gone; what happened is on disk."""

WIDEST, HIGHEST = 500, 200
"""The largest terminal that a page gets."""

NO_APP = "There is no app here. Is the link whole? A server that begins anew has a new one."
"""What whoever comes without the key is told, whatever they ask for."""

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
        )
        self._place = place
        token = secrets.token_urlsafe(24)
        self._digest = digest(token)
        self.link = f"{place.url}app/{token}/"
        """Where the app is. Whoever has it plays as this user; it is kept nowhere."""
        self._sockets: set[web.WebSocketResponse] = set()

    async def run(self, ready: Callable[[], object]) -> None:
        """Serve until cancelled; then every tab's process has ended.

        Args:
            ready: Called once requests are answered.
        """
        runner = web.AppRunner(
            self.application(),
            # They would write the link down.
            access_log=None,
            logger=silent("minilateral.serving.requests"),
            shutdown_timeout=3 * GRACE_S,
            handle_signals=False,
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
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(PAGE), autoescape=True)
        app.add_routes(
            [
                web.get("/app/{token}/", self._page),
                web.get("/app/{token}/ws", self.handle_websocket),
                web.get("/app/{token}/{file:(static|page)/.+}", self._file),
                # The library's page asks for it here; the key of a file is that file's alone.
                web.get("/download/{key}", self.handle_download),
            ]
        )
        app.on_shutdown.append(self._close_tabs)
        return app

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Join a tab to a process of its own until one of them is gone."""
        self._require_room()
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

    def _require_room(self) -> None:
        if len(self._sockets) >= MOST_TABS:
            full = f"{MOST_TABS} tabs are open here; close one, and load this page again"
            raise web.HTTPServiceUnavailable(text=full)

    async def _page(self, request: web.Request) -> web.Response:
        self._require_room()
        context: dict[str, Any] = {
            "font_size": font_size(request.query.get("fontsize", "")),
            "socket": f"ws://{request.host}{request.path}ws",
        }
        return aiohttp_jinja2.render_template("index.html", request, context)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = FILES.get(request.match_info["file"])
        if path is None:
            raise web.HTTPNotFound(text=NO_APP)
        return web.FileResponse(path)

    def _guarded(self) -> Any:
        place = self._place

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            hosts = request.headers.getall("Host", [])
            if len(hosts) != 1 or not place.answers_to(hosts[0]):
                return _refused(421, "this is not the address of the app")
            origin = request.headers.get("Origin")
            # Browsers tell of every web socket from which page it is asked for.
            is_socket = request.path.endswith("/ws")
            if (origin is not None or is_socket) and origin != f"http://{hosts[0]}":
                return _refused(403, "only the app's own page may ask this")
            if not self._is_let_in(request):
                return _refused(404, NO_APP)
            try:
                answer = await handler(request)
            except web.HTTPException as error:
                return _refused(error.status, error.text or error.reason)
            if not answer.prepared:
                answer.headers.update(HEADERS)
            return answer

        return guard

    def _is_let_in(self, request: web.Request) -> bool:
        found = request.match_info
        is_ours = compare_digest(digest(found.get("token", "")), self._digest)
        return is_ours or "key" in found


def _refused(status: int, why: str) -> web.Response:
    return web.Response(status=status, text=f"{why}\n", headers=HEADERS)
