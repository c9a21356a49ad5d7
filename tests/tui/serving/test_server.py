"""The server between a page and the app: who may ask, and what becomes of a tab's process."""

import asyncio
import os
import re
import shlex
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from delegates.place import take_place
from tui.serving.server import MOST_TABS, AppServer, tab_command, within

CANARY = "sk-canary-0123456789abcdef"
ECHO = """
import os, sys
out = sys.stdout.buffer
def send(data):
    out.write(b"D" + len(data).to_bytes(4, "big") + data)
    out.flush()
out.write(b"__GANGLION__\\n")
size = os.environ["COLUMNS"] + "x" + os.environ["ROWS"]
send(f"pid {os.getpid()} size {size}".encode())
while head := sys.stdin.buffer.read(5):
    data = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if b'"quit"' in data and not STUBBORN:
        break
    send(head[:1] + b" " + data)
"""
"""A program that talks as an app in a browser does, and says what it hears."""

Visit = Callable[[aiohttp.ClientSession, AppServer, str], Awaitable[None]]


def served(visit: Visit, tmp_path: Path, *, stubborn: bool = False) -> None:
    """Serve a program that echoes what it is sent, and visit it."""
    program = tmp_path / "echo me.py"
    program.write_text(f"STUBBORN = {stubborn}\n{ECHO}")
    command = f"exec {shlex.join([sys.executable, str(program)])}"

    async def main() -> None:
        place = take_place("127.0.0.1", 0, anyone=False)
        server = AppServer(place, command)
        ready = asyncio.Event()
        serving = asyncio.ensure_future(server.run(ready.set))
        await ready.wait()
        async with aiohttp.ClientSession() as client:
            await visit(client, server, server.link)
        serving.cancel()
        await asyncio.wait({serving})

    asyncio.run(main())


def root(link: str) -> str:
    return str(URL(link).origin())


def origin(link: str) -> dict[str, str]:
    return {"Origin": root(link)}


async def pid_of(socket: aiohttp.ClientWebSocketResponse) -> int:
    return int((await socket.receive_bytes()).split()[1])


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_page_loads_nothing_from_elsewhere_and_holds_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)

    async def visit(client: aiohttp.ClientSession, _: AppServer, url: str) -> None:
        async with client.get(url) as answer:
            page = await answer.text()
            policy = answer.headers["Content-Security-Policy"]
        assert answer.status == 200
        assert not re.findall(r"https?://", page)
        assert url.replace("http:", "ws:") + "ws" in page
        assert CANARY not in page
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assets = re.findall(r'(?:href|src)="([^":]+)"', page)
        assert len(assets) == 4
        for asset in assets:
            async with client.get(url + asset) as answer:
                assert answer.status == 200, asset
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]

    served(visit, tmp_path)


def test_a_size_of_letters_from_elsewhere_is_a_number_within_bounds(tmp_path: Path) -> None:
    async def visit(client: aiohttp.ClientSession, _: AppServer, url: str) -> None:
        async with client.get(f'{url}?fontsize="><script>') as answer:
            assert 'data-font-size="16"' in await answer.text()
        async with client.get(f"{url}?fontsize=100000") as answer:
            assert 'data-font-size="40"' in await answer.text()

    served(visit, tmp_path)


@pytest.mark.parametrize("path", ["", "ws", "static/js/textual.js", "page/page.js", "/download/x"])
def test_what_is_asked_under_a_strange_name_is_refused(tmp_path: Path, path: str) -> None:
    async def visit(client: aiohttp.ClientSession, server: AppServer, url: str) -> None:
        strange = {"Host": f"evil.example:{server.port}"}
        strange["Origin"] = f"http://{strange['Host']}"
        async with client.get(URL(url).join(URL(path)), headers=strange) as answer:
            assert answer.status == 421

    served(visit, tmp_path)


@pytest.mark.parametrize(
    "asked_from", [None, "null", "http://evil.example", "https://127.0.0.1", "http://localhost:1"]
)
def test_no_other_page_may_open_a_socket(tmp_path: Path, asked_from: str | None) -> None:
    async def visit(client: aiohttp.ClientSession, _: AppServer, url: str) -> None:
        headers = {} if asked_from is None else {"Origin": asked_from}
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await client.ws_connect(f"{url}ws", headers=headers)
        assert caught.value.status == 403

    served(visit, tmp_path)


@pytest.mark.parametrize(
    "path", ["static/", "page/", "page/../server.py", "static/%2e%2e/server.py"]
)
def test_only_the_pages_own_files_are_given_away(tmp_path: Path, path: str) -> None:
    async def visit(client: aiohttp.ClientSession, _: AppServer, url: str) -> None:
        async with client.get(URL(url + path, encoded=True)) as answer:
            assert answer.status == 404

    served(visit, tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/ws", "/app/", "/app//", "/app//ws", "/app/x/", "/app/x/ws", "/app/%00/"),
        *("/static/js/textual.js", "/page/page.js", "/app/x/page/page.js", "/app/KEYx/ws"),
        *("/app/yek/ws", "/download/x", "/download/KEY"),
    ],
)
def test_without_the_key_of_its_link_nothing_is_told_and_nothing_runs(
    tmp_path: Path, path: str
) -> None:
    """Another user of this machine can reach its loopback address, and say whatever they like."""

    async def visit(client: aiohttp.ClientSession, server: AppServer, url: str) -> None:
        key = url.rstrip("/").rpartition("/")[2]
        asked = root(url) + path.replace("KEY", key).replace("yek", key.swapcase())
        async with client.get(asked, headers=origin(url)) as answer:
            assert answer.status == 404
            assert "minilateral" not in (await answer.text()).casefold()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.ws_connect(asked, headers=origin(url))

    served(visit, tmp_path)


def test_the_link_stands_in_no_log_and_is_another_for_every_server(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    keys: list[str] = []

    async def visit(client: aiohttp.ClientSession, server: AppServer, url: str) -> None:
        key = url.rstrip("/").rpartition("/")[2]
        keys.append(key)
        socket = await client.ws_connect(f"{url}ws", headers=origin(url))
        pid = await pid_of(socket)
        assert key.encode() not in Path(f"/proc/{pid}/environ").read_bytes()
        assert key.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()
        await socket.send_str("nonsense")
        await gone(pid)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"GET app/{key}/\xff HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert b" 400 " in await reader.readline()
        writer.close()

    served(visit, tmp_path)
    served(visit, tmp_path)
    assert len(set(keys)) == 2
    assert min(map(len, keys)) >= 32
    assert not any(key in caplog.text for key in keys)


def test_each_tab_is_a_process_of_its_own_that_ends_with_it(tmp_path: Path) -> None:
    async def visit(client: aiohttp.ClientSession, _: AppServer, url: str) -> None:
        sockets = [await client.ws_connect(f"{url}ws", headers=origin(url)) for _ in range(2)]
        pids = [await pid_of(socket) for socket in sockets]
        assert len(set(pids)) == 2
        await sockets[0].send_json(["stdin", "höre"])
        assert await sockets[0].receive_bytes() == "D höre".encode()
        await sockets[0].close()
        await gone(pids[0])
        assert is_running(pids[1])
        await sockets[1].close()
        await gone(pids[1])

    served(visit, tmp_path)


async def gone(pid: int) -> None:
    """Wait until a process has ended."""
    while is_running(pid):
        await asyncio.sleep(0.01)


def test_the_end_of_the_server_ends_every_process(tmp_path: Path) -> None:
    pids: list[int] = []

    async def visit(client: aiohttp.ClientSession, _: AppServer, url: str) -> None:
        socket = await client.ws_connect(f"{url}ws", headers=origin(url))
        pids.append(await pid_of(socket))

    served(visit, tmp_path)
    assert not is_running(pids[0])


def test_a_process_that_will_not_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.serving.server.GRACE_S", 0.1)

    async def visit(client: aiohttp.ClientSession, _: AppServer, url: str) -> None:
        socket = await client.ws_connect(f"{url}ws", headers=origin(url))
        pid = await pid_of(socket)
        await socket.close()
        await gone(pid)

    served(visit, tmp_path, stubborn=True)


@pytest.mark.parametrize(
    "nonsense",
    ["", "5", "{}", "[]", '["stdin"]', '["stdin", 5]', '["resize", {}]', '["resize", 1]'],
)
def test_a_page_that_talks_nonsense_is_hung_up_on(tmp_path: Path, nonsense: str) -> None:
    async def visit(client: aiohttp.ClientSession, _: AppServer, url: str) -> None:
        socket = await client.ws_connect(f"{url}ws", headers=origin(url))
        pid = await pid_of(socket)
        await socket.send_str(nonsense)
        assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        await socket.close()
        await gone(pid)

    served(visit, tmp_path)


def test_terminals_are_of_a_reasonable_size(tmp_path: Path) -> None:
    async def visit(client: aiohttp.ClientSession, _: AppServer, url: str) -> None:
        huge = f"{url}ws?width=99999999&height=-5"
        socket = await client.ws_connect(huge, headers=origin(url))
        assert (await socket.receive_bytes()).endswith(b"size 500x5")
        await socket.send_json(["resize", {"width": 10**9, "height": 10**9}])
        assert b'"width": 500, "height": 200' in await socket.receive_bytes()
        await socket.close()

    served(visit, tmp_path)


def test_tabs_beyond_a_number_are_turned_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_TABS >= 8
    monkeypatch.setattr("tui.serving.server.MOST_TABS", 1)

    async def visit(client: aiohttp.ClientSession, _: AppServer, url: str) -> None:
        first = await client.ws_connect(f"{url}ws", headers=origin(url))
        await pid_of(first)
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await client.ws_connect(f"{url}ws", headers=origin(url))
        assert caught.value.status == 503
        async with client.get(url) as page:
            assert page.status == 503
            assert "1 tabs are open here; close one" in await page.text()
        await first.close()

    served(visit, tmp_path)


def test_the_app_is_run_by_this_very_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/my python's/bin/python")
    words = shlex.split(tab_command())
    assert words == ["exec", "/opt/my python's/bin/python", "-P", "-m", "tui.serving.tab"]


def test_sizes_are_kept_within_bounds() -> None:
    assert within(80, 24) == (80, 24)
    assert within(0, 10**9) == (20, 200)
