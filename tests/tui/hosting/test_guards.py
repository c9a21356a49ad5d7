"""Who may ask a host, and what becomes of those who ask for something else."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.tui.hosting.driving import Browser, Clock, Hosted, hosting, table_of, three
from tui.wire.incoming import LARGEST, Allowance, Ping, Resized, Typed, understood
from tui.wire.joined import NONSENSE
from tui.wire.server import MOST_GUESTS, MOST_STRANGERS, NO_SEAT, OPENINGS

Visit = Callable[[Hosted], Awaitable[None]]


def visited(tmp_path: Path, visit: Visit) -> None:
    """Serve a table that has not begun, and visit it."""
    clock = Clock()
    table = table_of(tmp_path, three(), {"AAA": "human", "BBB": "human", "CCC": "firm"}, clock)

    async def main() -> None:
        async with hosting(table, clock) as at:
            await visit(at)

    asyncio.run(main())


def test_the_page_and_all_it_loads_come_from_the_link_and_are_kept_nowhere(tmp_path: Path) -> None:
    async def visit(at: Hosted) -> None:
        link = at.table.seats["AAA"].link
        for asked in ("", "static/js/textual.js", "static/css/xterm.css", "page/seat.js"):
            async with at.client.get(link + asked) as answer:
                assert answer.status == 200, asked
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert answer.headers["Cache-Control"] == "no-store"
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                text = await answer.text()
            assert asked or "http://" not in text
        async with at.client.get(link + 'x?fontsize="><script>') as answer:
            assert answer.status == 404
        for odd in ('"><script>', "9" * 5_000):
            async with at.client.get(f"{link}?fontsize={odd}") as answer:
                assert 'data-font-size="16"' in await answer.text()

    visited(tmp_path, visit)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "seat/",
        "seat/x/",
        "seat/x/ws",
        "seat/%00/",
        "static/js/textual.js",
        "page/page.js",
        "seat/LINK/static/../../server.py",
        "seat/LINK/page/..%2fserver.py",
        "seat/LINK/static/",
        "seat/LINKx/",
        "seat/link/",
    ],
)
def test_without_a_seats_key_nothing_is_told(tmp_path: Path, path: str) -> None:
    async def visit(at: Hosted) -> None:
        token = at.table.seats["AAA"].link.rstrip("/").rpartition("/")[2]
        asked = path.replace("LINK", token).replace("link", token.swapcase())
        async with at.client.get(at.url + asked, allow_redirects=False) as answer:
            assert (answer.status, await answer.text()) == (404, f"{NO_SEAT}\n")

    visited(tmp_path, visit)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1:1"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://127.0.0.1"}, 403),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 421),
    ],
)
def test_no_other_name_and_no_other_page_may_ask(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    async def visit(at: Hosted) -> None:
        for asked in ("", "ws", "page/seat.js"):
            link = at.table.seats["AAA"].link
            async with at.client.get(link + asked, headers=headers) as answer:
                assert answer.status == status
        assert at.server.joined == 0

    visited(tmp_path, visit)


def test_the_own_page_and_a_terminal_may_open_a_socket(tmp_path: Path) -> None:
    async def visit(at: Hosted) -> None:
        link = at.table.seats["AAA"].link
        own = {"Origin": at.url.rstrip("/")}
        page = Browser(await at.client.ws_connect(link + "ws", headers=own))
        await page.until("have not come yet")
        for said in ('["focus"]', '["blur"]', '["ping","1700000000000"]'):
            await page.socket.send_str(said)
        while page.pongs != ['["pong", "1700000000000"]']:
            assert await page.take()
        async with at.client.get(link + "ws") as answer:
            assert answer.status == 426

    visited(tmp_path, visit)


@pytest.mark.parametrize(
    "said",
    [
        "x",
        "[]",
        "{}",
        "1",
        '["stdin"]',
        '["stdin", 1]',
        '["resize", {"width": "a", "height": 1}]',
        '["resize", {}]',
        '["resize", 1]',
        '["ping", "x"]',
        '["ping", 7]',
        '["ping", "123456789012345678901"]',
        '["ping", NaN, {}]x',
        '["quit"]',
        "[[[[",
        "[" * 20_000,
    ],
)
def test_nonsense_is_a_value_error(said: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        understood(said)


def test_what_may_be_said_is_understood_within_bounds() -> None:
    assert understood('["stdin", "o"]') == Typed("o")
    assert understood('["resize", {"width": 100, "height": 30}]') == Resized(100, 30)
    assert understood('["resize", {"width": 1e9, "height": 30}]'.replace("1e9", "9" * 9)) == (
        Resized(500, 30)
    )
    assert understood('["ping", "1700000000000"]') == Ping("1700000000000")
    assert understood('["focus"]') is None


def test_who_talks_nonsense_is_hung_up_on_and_harms_nobody(tmp_path: Path) -> None:
    async def visit(at: Hosted) -> None:
        other = await at.join("BBB")
        await other.until("have not come yet")
        for said in (b"\x00\xff", "x", "[" * 9000, json.dumps(["stdin", "x" * (LARGEST + 1)])):
            hostile = await at.join("AAA")
            await hostile.until("SIMULATION")
            if isinstance(said, bytes):
                await hostile.socket.send_bytes(said)
            else:
                await hostile.socket.send_str(said)
            code, _ = await hostile.until_ended()
            assert code in (NONSENSE.code, aiohttp.WSCloseCode.MESSAGE_TOO_BIG)
        await other.type("?")
        await other.until("Esc closes")

    visited(tmp_path, visit)


def test_who_floods_with_signs_of_life_is_hung_up_on(tmp_path: Path) -> None:
    async def visit(at: Hosted) -> None:
        for sign in (b"\x89\x80\0\0\0\0", b"\x8a\x80\0\0\0\0"):
            hostile = await at.join("AAA")
            await hostile.until("SIMULATION")
            connection = hostile.socket._response.connection
            assert connection is not None
            assert connection.transport is not None
            connection.transport.write(sign * 2)
            await hostile.type("?")
            await hostile.until("Esc closes")
            connection.transport.write(sign * 1000)
            assert (await hostile.until_ended())[0] == NONSENSE.code

    visited(tmp_path, visit)


def test_a_seat_is_not_opened_faster_than_it_can_be_drawn(tmp_path: Path) -> None:
    async def visit(at: Hosted) -> None:
        door = next(iter(at.server._doors.values()))
        for _ in range(3):
            await (await at.join("AAA")).until("SIMULATION")
        assert door.openings.left < OPENINGS - 1
        assert door.openings.wait_s(OPENINGS, asyncio.get_running_loop().time()) > 0

    visited(tmp_path, visit)


def test_typed_sizes_and_endless_pastes_change_nothing(tmp_path: Path) -> None:
    async def visit(at: Hosted) -> None:
        hostile = await at.join("AAA")
        await hostile.until("SIMULATION")
        await hostile.type("\x1b[48;99999;99999;9;9t")
        for _ in range(3):
            await hostile.type("\x1b[200~" + "x" * 8000)
        await hostile.type("?")
        await hostile.until("Esc closes")
        assert max(len(line) for line in hostile.seen().split("\n")) == 120

    visited(tmp_path, visit)


def test_strangers_are_few_and_the_oldest_make_way(tmp_path: Path) -> None:
    async def visit(at: Hosted) -> None:
        port = at.server._place.port
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_STRANGERS)]
        first = await at.join("AAA")
        await first.until("SIMULATION")
        assert await held[0][0].read() == b""
        assert len(at.server._strangers) < MOST_STRANGERS
        for _, writer in held:
            writer.close()

    visited(tmp_path, visit)


def test_who_has_a_link_has_no_more_connections_than_some_browsers(tmp_path: Path) -> None:
    async def visit(at: Hosted) -> None:
        link = at.table.seats["AAA"].link
        path = link.removeprefix(at.url)
        port = at.server._place.port
        asked = f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        answers: list[bytes] = []
        held: list[asyncio.StreamWriter] = []
        for _ in range(MOST_GUESTS + 1):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(asked)
            answers.append(await reader.readline())
            held.append(writer)
        assert {one.split()[1] for one in answers[:-1]} == {b"200"}
        assert answers[-1].split()[1] == b"503"
        other = await at.join("BBB")
        await other.until("have not come yet")
        for writer in held:
            writer.close()

    visited(tmp_path, visit)


def test_what_is_said_faster_than_anybody_types_is_waited_for() -> None:
    allowance = Allowance(most=100, per_s=10, left=100)

    assert allowance.wait_s(100, 0.0) == 0.0
    assert allowance.wait_s(50, 0.0) == 5.0
    assert allowance.wait_s(10, 6.0) == 0.0
    assert allowance.wait_s(0, 1000.0) == 0.0
    assert allowance.left == 100
