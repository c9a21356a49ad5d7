"""A headless browser for tests, driven by the Chrome DevTools Protocol; keys in, pictures out.

The page's terminal is drawn on a canvas, so what stands on it is read from what the program sent:
the frames of the page's web socket, escapes taken out.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import re
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_S = 60.0

_ESCAPES = re.compile(r"\x1b\[[0-9;?<>=]*[a-zA-Z@`]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.")
_NAMED = {
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    "Tab": (9, ""),
    "End": (35, ""),
    "ArrowDown": (40, ""),
    "ArrowUp": (38, ""),
    "ArrowLeft": (37, ""),
    "ArrowRight": (39, ""),
    "Backspace": (8, ""),
}


def browser_here() -> str | None:
    """Return the browser of this machine, if it has one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


class Page:
    """A page of a browser and everything its web sockets brought."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.came = ""
        """What the program wrote, escapes taken out."""
        self._raw = b""

    async def listen(self) -> None:
        """Take in answers and events until the browser is gone."""
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            elif told.get("method") == "Network.webSocketFrameReceived":
                self._take(told["params"]["response"])

    def _take(self, frame: dict[str, Any]) -> None:
        data = frame["payloadData"]
        if frame.get("opcode") == 2:
            self._raw += base64.b64decode(data)
        else:
            found = json.loads(data) if data.startswith("[") else [None, data]
            self._raw += str(found[-1]).encode()
        self.came = _ESCAPES.sub("", self._raw.decode(errors="replace"))

    async def ask(self, method: str, **params: object) -> dict[str, Any]:
        """Return what the browser answers to a command."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        told = await asyncio.wait_for(answer, PATIENCE_S)
        assert "error" not in told, (method, told)
        return told["result"]

    async def press(self, *keys: str) -> None:
        """Press keys, named as a browser names them; others are typed as they stand."""
        # A page that nobody has clicked takes no keys.
        await self.ask("Runtime.evaluate", expression="document.querySelector('textarea').focus()")
        for name in keys:
            key = name.removeprefix("Control+")
            code, text = _NAMED.get(key, (ord(key.upper()) if len(key) == 1 else 0, key))
            more: dict[str, object] = {"key": key, "windowsVirtualKeyCode": code}
            if key != name:
                text, more["modifiers"] = "", 2
            if text:
                more["text"] = text
            await self.ask("Input.dispatchKeyEvent", type="keyDown", **more)
            await self.ask("Input.dispatchKeyEvent", type="keyUp", **more)

    async def until(self, *expected: str, since: int = 0, patience_s: float = PATIENCE_S) -> None:
        """Wait until the program has written one of some texts.

        Args:
            expected: The texts.
            since: From which character of `came` on they are looked for.
            patience_s: How long that may take.
        """
        end = time.monotonic() + patience_s
        while not any(text in self.came[since:] for text in expected):
            assert time.monotonic() < end, f"none of {expected} came:\n{self.came[-3000:]}"
            await asyncio.sleep(0.1)

    async def told(self) -> str:
        """Return what the page itself says, beside what is drawn on its terminal."""
        asked = "document.querySelector('.closed')?.innerText ?? ''"
        found = await self.ask("Runtime.evaluate", expression=asked)
        return str(found["result"]["value"])

    async def does(self, script: str) -> Any:
        """Return what a script comes to that the page runs."""
        found = await self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    async def picture(self, path: Path) -> None:
        """Write what is seen as a PNG."""
        found = await self.ask("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(found["data"]))


@asynccontextmanager
async def opened(
    url: str, profile: Path, size: tuple[int, int] = (1280, 800), *, more: Sequence[str] = ()
) -> AsyncIterator[Page]:
    """Open a page in a browser of its own.

    Args:
        url: The page's address.
        profile: An empty folder for the browser.
        size: Of the window, in pixels.
        more: Further options of the browser.
    """
    program = browser_here()
    assert program is not None
    width, height = size
    process = await asyncio.create_subprocess_exec(
        program,
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *("--remote-debugging-port=0", f"--user-data-dir={profile}"),
        f"--window-size={width},{height}",
        *more,
        "about:blank",
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        port = await asyncio.wait_for(_port(process), PATIENCE_S)
        async with aiohttp.ClientSession() as client:
            async with client.get(f"http://127.0.0.1:{port}/json/list") as found:
                pages = [one for one in await found.json() if one["type"] == "page"]
            async with client.ws_connect(
                pages[0]["webSocketDebuggerUrl"], max_msg_size=0
            ) as socket:
                page = Page(socket)
                listening = asyncio.ensure_future(page.listen())
                await page.ask("Network.enable")
                await page.ask("Page.enable")
                await page.ask("Page.navigate", url=url)
                yield page
                listening.cancel()
    finally:
        process.terminate()
        await process.wait()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        found = re.search(rb"DevTools listening on ws://127\.0\.0\.1:(\d+)/", line)
        if found:
            return int(found[1])
    raise AssertionError("the browser did not start")
