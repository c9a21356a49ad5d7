"""A seat joined from a terminal: what it shows and passes on, and that it is back by itself."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest
from aiohttp import web

from games.errors import UserError
from tests.tui.hosting.driving import HEIGHT, WIDTH, Hosted, at_table
from tests.tui.hosting.test_together import offers
from tui import wire
from tui.joining.client import FINAL, Joining
from tui.joining.link import link_in
from tui.wire.joined import ELSEWHERE, FAULT, HOST_ENDS, LEFT

SEAT_JS = Path(wire.__file__).with_name("page") / "seat.js"


class Terminal:
    """A terminal in a test: types what it is told, draws what it is sent."""

    colours = "truecolor"

    def __init__(self) -> None:
        self.size: tuple[int, int] = (WIDTH, HEIGHT)
        self.typed: asyncio.Queue[str | None] = asyncio.Queue()
        self.drawn = asyncio.Event()
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self.screen)

    def write(self, drawn: bytes) -> None:
        self._stream.feed(drawn.replace(b"\x1b[?2026$p", b""))
        self.drawn.set()

    async def said(self) -> str | None:
        return await self.typed.get()

    def seen(self) -> str:
        return "\n".join(self.screen.display)

    async def until(self, *words: str) -> None:
        async with asyncio.timeout(30):
            while not all(word in self.seen() for word in words):
                self.drawn.clear()
                await self.drawn.wait()


class Cable:
    """A connection to a host that can be cut, and mended."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []
        self._pumps: set[asyncio.Task[None]] = set()
        self.is_cut = False

    async def laid(self) -> int:
        """Return the port at this end."""
        self._server = await asyncio.start_server(self._through, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers += [writer, back]
        for source, sink in ((reader, back), (there, writer)):
            pump = asyncio.ensure_future(self._pump(source, sink))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while piece := await source.read(65536):
                # The host is asked under the name by which it knows itself.
                sink.write(piece.replace(self._here, self._there))
                await sink.drain()
        except ConnectionError:
            pass
        finally:
            sink.close()

    def renames(self, here: int) -> None:
        self._here, self._there = f":{here}\r".encode(), f":{self._port}\r".encode()

    def cut(self) -> None:
        self.is_cut = True
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def close(self) -> None:
        self.cut()
        self._server.close()

    def mend(self) -> None:
        self.is_cut = False


async def cabled(at: Hosted) -> tuple[Cable, Callable[[str], str]]:
    """Return a cable to the host, and what turns a link into one that goes through it."""
    port = at.server._place.port
    cable = Cable(port)
    here = await cable.laid()
    cable.renames(here)
    return cable, lambda link: link.replace(f":{port}/", f":{here}/")


def test_a_terminal_plays_and_is_back_by_itself_when_the_network_is(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        cable, through = await cabled(at)
        waits: list[float] = []
        mended = asyncio.Event()

        async def sleep(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) > 2:
                await mended.wait()

        terminal = Terminal()
        link = link_in(through(at.table.seats["AAA"].link))
        joining = asyncio.ensure_future(Joining(link, terminal, sleep).run())
        other = await at.join("BBB")
        await terminal.until("Your move")
        cable.cut()
        await terminal.until("trying again in 2 s (Ctrl+C ends it)")
        while len(waits) < 3:
            await asyncio.sleep(0)
        assert waits == [0.5, 1.0, 2.0]
        assert at.table.seats["AAA"].is_asked
        cable.mend()
        mended.set()
        while "trying again" in terminal.seen():
            terminal.drawn.clear()
            await terminal.drawn.wait()
        await terminal.until("Your move", "o offer")
        terminal.typed.put_nowait("o")
        await terminal.until("Make an offer")
        terminal.typed.put_nowait("\x13")
        await other.until("Your move")
        terminal.typed.put_nowait("q")
        await terminal.until("Leave now?")
        terminal.typed.put_nowait("y")
        ended = await joining
        assert (ended.words, ended.is_interrupted) == (LEFT.words, False)
        cable.close()

    table = at_table(tmp_path, act)

    assert table.moves == 1


def test_who_types_the_interrupt_while_it_is_broken_has_left(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        cable, through = await cabled(at)

        async def for_ever(_: float) -> None:
            await asyncio.Event().wait()

        terminal = Terminal()
        link = link_in(through(at.table.seats["AAA"].link))
        joining = asyncio.ensure_future(Joining(link, terminal, for_ever).run())
        await terminal.until("have not come yet")
        cable.cut()
        await terminal.until("Ctrl+C ends it")
        terminal.typed.put_nowait("x")
        terminal.typed.put_nowait("\x03")
        assert (await joining).is_interrupted
        cable.close()

    at_table(tmp_path, act)


def test_a_seat_opened_elsewhere_ends_the_terminal_with_the_reason(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        terminal = Terminal()
        link = link_in(at.table.seats["AAA"].link)
        joining = asyncio.ensure_future(Joining(link, terminal).run())
        await terminal.until("have not come yet")
        page = await at.join("AAA")
        await page.until("have not come yet")
        assert (await joining).words == ELSEWHERE.words
        terminal.size = (100, 30)

    at_table(tmp_path, act)


def test_terminal_and_page_know_every_way_in_which_the_host_ends_a_connection_for_good() -> None:
    ways = {LEFT.code, ELSEWHERE.code, HOST_ENDS.code, FAULT.code}
    page = re.search(r"FINAL = new Set\(\[([\d, ]+)\]\)", SEAT_JS.read_text("utf-8"))
    assert page is not None
    assert {int(code) for code in page[1].split(",")} == ways
    assert ways == FINAL


def test_the_page_offers_no_way_back_to_a_table_that_is_no_more() -> None:
    """Its button led to the browser's own page of a site that cannot be reached."""
    page = SEAT_JS.read_text("utf-8")

    assert f"const HOST_ENDED = {HOST_ENDS.code};" in page
    for_good = page.partition("const toldForGood")[2].partition("};")[0]
    assert 'getElementById("again").hidden = true' in for_good
    assert re.search(
        r"if \(event\.code === HOST_ENDED\) \{\s*toldForGood\(`[^`]*You can close this page\.`\)",
        page,
    )


def test_the_terminals_size_is_told_anew(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        terminal = Terminal()
        link = link_in(at.table.seats["AAA"].link)
        joining = asyncio.ensure_future(Joining(link, terminal).run())
        await terminal.until("have not come yet")
        terminal.size = (WIDTH - 40, HEIGHT)
        terminal.typed.put_nowait(None)
        while f"SIMULATION{' ' * 41}" not in terminal.seen():
            terminal.drawn.clear()
            await terminal.drawn.wait()
        joining.cancel()
        await asyncio.wait([joining])

    at_table(tmp_path, act)


def test_a_wrong_link_and_a_host_that_is_gone_are_told_in_a_line(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        wrong = link_in(f"{at.url}seat/nothing/")
        with pytest.raises(UserError, match="there is no such seat"):
            await Joining(wrong, Terminal()).run()
        gone = link_in("http://127.0.0.1:1/seat/nothing/")
        with pytest.raises(UserError, match=r"nothing answers at 127.0.0.1:1"):
            await Joining(gone, Terminal()).run()

    at_table(tmp_path, act)


@pytest.mark.parametrize(
    ("typed", "socket"),
    [
        ("http://127.0.0.1:8000/seat/abc_-d/", "ws://127.0.0.1:8000/seat/abc_-d/ws"),
        (" http://host.example:81/seat/a \n", "ws://host.example:81/seat/a/ws"),
        ("https://host.example/seat/a/", "wss://host.example/seat/a/ws"),
        ("http://[::1]:8000/seat/a/?x=1#y", "ws://[::1]:8000/seat/a/ws"),
    ],
)
def test_a_link_leads_to_its_seats_socket(typed: str, socket: str) -> None:
    assert link_in(typed).socket == socket


@pytest.mark.parametrize(
    "typed",
    [
        *("", "abc", "http://127.0.0.1:8000/", "http://127.0.0.1:8000/seat/", "ftp://x/seat/a/"),
        *("http://x:99999/seat/a/", "http://x/seat/a/b/", "http:///seat/a/", "http://x/seat/\x00/"),
    ],
)
def test_what_is_no_link_is_told_without_repeating_it(typed: str) -> None:
    with pytest.raises(UserError, match="expected the link of a seat"):
        link_in(typed)


def test_nobody_loses_a_seat_to_a_terminal_that_is_gone(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        terminal = Terminal()
        link = link_in(at.table.seats["AAA"].link)
        joining = asyncio.ensure_future(Joining(link, terminal).run())
        other = await at.join("BBB")
        await terminal.until("Your move")
        joining.cancel()
        await asyncio.wait([joining])
        await at.until(lambda: not at.table.seats["AAA"].is_here)
        again = await at.join("AAA")
        await again.until("Your move")
        await offers(again)
        await other.until("Your move")

    at_table(tmp_path, act)


def test_a_host_that_never_answers_can_be_left() -> None:
    async def main() -> None:
        writers: list[asyncio.StreamWriter] = []
        silent = await asyncio.start_server(
            lambda _reader, writer: writers.append(writer), "127.0.0.1", 0
        )
        port = silent.sockets[0].getsockname()[1]
        terminal = Terminal()
        link = link_in(f"http://127.0.0.1:{port}/seat/x/")
        joining = asyncio.ensure_future(Joining(link, terminal).run())
        terminal.typed.put_nowait("\x03")
        async with asyncio.timeout(30):
            assert (await joining).is_interrupted
        silent.close()
        for writer in writers:
            writer.transport.abort()

    asyncio.run(main())


def test_who_insists_on_the_interrupt_has_left_whatever_the_host_does() -> None:
    async def main() -> None:
        async def deaf(request: web.Request) -> web.WebSocketResponse:
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.send_bytes(b"joined")
            async for _ in socket:
                pass
            return socket

        runner = await served(web.get("/seat/x/ws", deaf))
        terminal = Terminal()
        link = link_in(f"http://127.0.0.1:{runner.addresses[0][1]}/seat/x/")
        joining = asyncio.ensure_future(Joining(link, terminal).run())
        await terminal.until("joined")
        for typed in ("\x03", "\x03", "a", "\x03", "\x03\x03"):
            terminal.typed.put_nowait(typed)
        async with asyncio.timeout(30):
            assert (await joining).is_interrupted
        assert terminal.typed.empty()
        await runner.cleanup()

    asyncio.run(main())


def test_nobody_is_sent_elsewhere() -> None:
    async def main() -> None:
        asked: list[str] = []

        async def sends(_: web.Request) -> web.Response:
            raise web.HTTPFound("/elsewhere")

        async def elsewhere(request: web.Request) -> web.Response:
            asked.append(request.path)
            return web.Response()

        runner = await served(web.get("/seat/x/ws", sends), web.get("/elsewhere", elsewhere))
        link = link_in(f"http://127.0.0.1:{runner.addresses[0][1]}/seat/x/")
        with pytest.raises(UserError):
            await Joining(link, Terminal()).run()
        assert asked == []
        await runner.cleanup()

    asyncio.run(main())


async def served(*routes: web.RouteDef) -> web.AppRunner:
    """Serve what is no host of ours."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner
