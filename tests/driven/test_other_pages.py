"""A hostile page in the same user's browser, which knows every link and token, gets nothing.

It stands on another port and name of this machine, and it has a name of its own point at the very
port that is attacked, as after DNS rebinding.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from delegates.place import take_place
from tests.delegates.outside.agents import Line, best
from tests.delegates.outside.test_hostile import among
from tests.driven.browser import Page, browser_here, opened
from tests.tui.hosting.driving import Clock, hosting, table_of, three
from tests.tui.serving.test_server import ECHO
from tui.serving.server import AppServer

pytestmark = [
    pytest.mark.driven,
    pytest.mark.timeout(300),
    pytest.mark.skipif(browser_here() is None, reason="no browser here"),
]

NAME = "evil.test"
MAPPED = (f"--host-resolver-rules=MAP {NAME} 127.0.0.1", "--disable-popup-blocking")

ATTACK = """
(async (link, token, move) => {
  const got = {};
  const patience = (ms) => new Promise((done) => setTimeout(done, ms, "nothing came"));
  const plain = { "Content-Type": "text/plain" };
  got.socket = await Promise.race([patience(5000), new Promise((done) => {
    const socket = new WebSocket(link.replace("http", "ws") + "ws");
    socket.onmessage = () => done("message");
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
  })]);
  for (const [name, options] of Object.entries({
    read: { mode: "cors", credentials: "include" },
    readWithToken: { mode: "cors", headers: { Authorization: "Bearer " + token } },
    readBlindly: { mode: "no-cors", credentials: "include" },
    post: { mode: "cors", method: "POST", headers: plain, body: move },
    postBlindly: { mode: "no-cors", method: "POST", headers: plain, body: move },
    postWithToken: { mode: "cors", method: "POST", body: move,
                     headers: { Authorization: "Bearer " + token } },
  })) {
    try {
      const answer = await fetch(link, options);
      got[name] = `${answer.type} ${answer.status} ${(await answer.text()).slice(0, 80)}`;
    } catch {
      got[name] = "refused";
    }
  }
  const loaded = (tag, source, more = {}) => Promise.race([patience(5000), new Promise((done) => {
    const one = Object.assign(document.createElement(tag), more);
    one.onload = () => done("loaded");
    one.onerror = () => done("refused");
    one.src = source;
    document.body.append(one);
  })]);
  got.script = await loaded("script", link + "static/js/textual.js");
  got.image = await loaded("img", link + "static/images/background.png");
  await loaded("iframe", link, { name: "framed" });
  const form = document.createElement("form");
  Object.assign(form, { method: "POST", action: link, target: "framed", enctype: "text/plain" });
  form.append(Object.assign(document.createElement("input"), { name: move, value: "" }));
  document.body.append(form);
  form.submit();
  const popup = window.open(link + "page/page.js");
  await patience(1500);
  got.popup = popup === null || popup.closed ? "severed" : "held";
  return got;
})
"""

REBOUND = """
(async (path, token, move) => {
  const got = {};
  const answer = await fetch(path, { headers: { Authorization: "Bearer " + token } });
  got.read = answer.status;
  const posted = await fetch(path, {
    method: "POST", body: move, headers: { Authorization: "Bearer " + token },
  });
  got.post = posted.status;
  got.socket = await new Promise((done) => {
    const socket = new WebSocket(`ws://${location.host}${path}ws`);
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
  });
  return got;
})
"""

NOTHING = {"refused", "opaque 0 "}
"""What a page sees of an answer that it may not read: no more than that there was one."""


@asynccontextmanager
async def hostile_page(profile: Path) -> AsyncIterator[Page]:
    """Open an empty page of another site in a browser."""

    async def empty(_: web.Request) -> web.Response:
        text = "<!DOCTYPE html><title>Cheap flights</title><body>"
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", empty)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with opened(f"http://{NAME}:{port}/", profile, more=MAPPED) as page:
            await until(page, "document.title", "Cheap flights")
            yield page
    finally:
        await runner.cleanup()


async def until(page: Page, script: str, expected: object) -> None:
    """Wait until a script of the page comes to something."""
    async with asyncio.timeout(30):
        while await page.does(script) != expected:
            await asyncio.sleep(0.05)


async def attacked(profile: Path, link: str, token: str = "", move: str = "{}") -> None:
    """Try everything that a page can, and assert that it got nothing."""
    given = ", ".join(map(json.dumps, (link, token, move)))
    parts = urlsplit(link)
    async with hostile_page(profile) as page:
        got = await page.does(f"{ATTACK}({given})")
        assert got.pop("popup") == "severed" or not link.endswith("/"), got
        assert {name: one for name, one in got.items() if one not in NOTHING} == {}
        await page.ask("Page.navigate", url=f"http://{NAME}:{parts.port}/")
        await until(page, "location.port", str(parts.port))
        given = ", ".join(map(json.dumps, (parts.path, token, move)))
        rebound = await page.does(f"{REBOUND}({given})")
        assert rebound == {"read": 421, "post": 421, "socket": "refused"}


def test_another_page_reaches_no_app_that_is_served(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    program = tmp_path / "echo.py"
    program.write_text(f"open({str(ran)!r}, 'w').close()\nSTUBBORN = False\n{ECHO}")

    async def main() -> None:
        from shlex import join
        from sys import executable

        place = take_place("127.0.0.1", 0, anyone=False)
        server = AppServer(place, f"exec {join([executable, str(program)])}")
        ready = asyncio.Event()
        serving = asyncio.ensure_future(server.run(ready.set))
        await ready.wait()
        try:
            await attacked(tmp_path / "profile", server.link)
            assert not ran.exists()
            async with opened(server.link, tmp_path / "own") as page:
                await page.until("size ")
            assert ran.exists()
        finally:
            serving.cancel()
            await asyncio.wait({serving})

    asyncio.run(main())


def test_another_page_reaches_no_seat_of_a_hosted_table(tmp_path: Path) -> None:
    clock = Clock()
    table = table_of(tmp_path, three(), {"AAA": "human", "BBB": "human", "CCC": "firm"}, clock)

    async def main() -> None:
        async with hosting(table, clock) as at:
            await attacked(tmp_path / "profile", table.seats["AAA"].link)
            assert at.server.joined == 0
            assert at.happened == []

    asyncio.run(main())


def test_another_page_can_neither_look_nor_move_for_an_outside_agent(tmp_path: Path) -> None:
    def attack(line: Line) -> Any:
        told = line.seat()
        move = json.dumps({"turn": told["turn"], **dict(best(told))})
        for path in ("seat", "move"):
            profile = tmp_path / f"profile-{path}"
            asyncio.run(attacked(profile, f"http://127.0.0.1:{line.port}/{path}", line.token, move))

    among(attack, tmp_path / "s.jsonl")
