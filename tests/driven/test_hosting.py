"""Two people and a model at one table while a trainer watches, in terminals and in browsers.

One of the people loses the network in the middle of a form, and is back in it.
"""

import asyncio
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.driven.browser import Page, browser_here, opened
from tests.driven.relay import Relay
from tests.driven.terminal import Terminal
from tests.support.openai_stub import OpenAIStub
from transcripts.events import Decided, HandedOver, MoveMade, SessionClosed
from transcripts.store import Transcript
from transcripts.verify import verify

pytestmark = [
    pytest.mark.driven,
    pytest.mark.timeout(400),
    pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux here"),
]

COMMAND = Path(sys.executable).with_name("minilateral")
SIZE = (120, 36)
PATIENCE_S = 180.0
"""Seconds for which something is waited; stand-ins move at a pace that can be followed."""

PICTURES = os.environ.get("PICTURES")
"""A folder in which pictures are kept, if one is named."""


class Seat(Protocol):
    """A joined seat, whatever it is drawn on."""

    async def press(self, key: str) -> None:
        """Press a key: a letter, an arrow, or save (Ctrl+S)."""
        ...

    async def shows(self, *words: str) -> str:
        """Return which of some words it has come to show."""
        ...

    async def is_cut_off(self) -> None:
        """Wait until it tells that the connection is lost."""
        ...

    async def picture(self, name: str) -> None:
        """Keep a picture of it."""
        ...


class InTerminal:
    """A seat joined by `minilateral play --join`."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    async def press(self, key: str) -> None:
        named = {"save": "C-s", "ArrowLeft": "Left", "ArrowDown": "Down"}.get(key, key)
        await asyncio.to_thread(self._terminal.press, named)

    async def shows(self, *words: str) -> str:
        seen = await asyncio.to_thread(self._terminal.until, *words, patience_s=PATIENCE_S)
        return next(word for word in words if word in seen)

    async def is_cut_off(self) -> None:
        await self.shows("The connection is lost; trying again")

    async def picture(self, name: str) -> None:
        if PICTURES:
            (Path(PICTURES) / f"{name}.txt").write_text(self._terminal.screen())


class InBrowser:
    """A seat joined by opening its link.

    What stands on a page's canvas cannot be read, only what was drawn since a key was pressed.
    """

    def __init__(self, page: Page) -> None:
        self._page, self._since = page, 0

    async def press(self, key: str) -> None:
        self._since = len(self._page.came)
        await self._page.press({"save": "Control+s"}.get(key, key))

    async def shows(self, *words: str) -> str:
        await self._page.until(*words, since=self._since, patience_s=PATIENCE_S)
        return next(word for word in words if word in self._page.came[self._since :])

    async def is_cut_off(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while "connection was lost" not in await self._page.told():
            assert time.monotonic() < end, await self._page.told()
            await asyncio.sleep(0.1)
        self._since = len(self._page.came)

    async def picture(self, name: str) -> None:
        if PICTURES:
            await self._page.picture(Path(PICTURES) / f"{name}.png")


@contextmanager
def hosted(home: Path, stub: OpenAIStub) -> Iterator[tuple[Terminal, dict[str, str]]]:
    """Host a table on a trainer's screen; tell the links of its two seats."""
    environment = {
        "MINILATERAL_HOME": str(home),
        "OPENAI_BASE_URL": stub.url,
        "OPENAI_API_KEY": "for-a-stub",
    }
    links = home / "links"
    seats = ["--seat", "EUE=human", "--seat", "JPN=human", "--seat", "IDN=menu:stub"]
    options = ["--seed", "5", "--port", "0", "--out", str(home / "it.jsonl")]
    command = [str(COMMAND), "host", "nickel-hub", *seats, *options, "--links", str(links)]
    with Terminal(command, SIZE, environment, cwd=home) as trainer:
        end = time.monotonic() + PATIENCE_S
        while not links.exists() or links.read_text().count("http://") < 2:
            assert time.monotonic() < end, trainer.screen()
            time.sleep(0.1)
        found = re.findall(r"(EUE|JPN).*?(http://\S+)", links.read_text())
        yield trainer, dict(found)


async def negotiate_on(first: Seat, second: Seat, relay: Relay, trainer: Terminal) -> None:
    """Play: the network goes in the midst of an offer; stand-ins make a move, and then the rest."""
    await first.shows("our move")
    await first.press("o")
    await first.shows("Make an offer")
    await first.press("ArrowDown")
    await first.press("ArrowLeft")
    await first.shows("[58,000]")
    relay.cut()
    await first.is_cut_off()
    trainer.until("EUE ○")
    relay.mend()
    trainer.until("EUE ● here, to move")
    await first.shows("o offer")
    trainer.press("Space")
    await first.shows("has paused it")
    trainer.press("Space")
    await first.press("o")
    await first.shows("[58,000]")
    await first.press("save")
    await second.shows("Your move, round")
    await second.press("d")
    await second.shows("Your stand-in makes")
    await second.press("Enter")
    for seat in (first, second):
        # What a browser drew before, when the choice was closed, tells of the first round.
        await seat.shows("Your move, round 2")
        await seat.press("d")
        await seat.shows("Your stand-in makes")
        await seat.press("End")
        await seat.press("Enter")


def ended_well(home: Path, stub: OpenAIStub) -> None:
    path = home / "it.jsonl"
    events = list(Transcript(path).events())
    made = [one.party for one in events if isinstance(one, MoveMade)]
    opening = next(one for one in events if isinstance(one, MoveMade))
    assert opening.outcome is not None
    assert opening.outcome["offtake"] == 58_000, "what was in the form before the network went"
    assert {"EUE", "IDN", "JPN"} <= set(made)
    own = [one.party for one in events if isinstance(one, Decided)]
    handed = [one.party for one in events if isinstance(one, HandedOver)]
    assert own == ["EUE"]
    assert handed[:3] == ["JPN", "EUE", "JPN"]
    assert stub.count > 0
    assert any(isinstance(one, SessionClosed) for one in events)
    assert verify(path).ok


def picking(_: dict[str, Any]) -> str:
    """Pick the first of the moves that a model is shown, in whichever order they stand."""
    return "A"


def at_table(tmp_path: Path, *, browsers: bool) -> None:
    async def main() -> None:
        with (
            OpenAIStub(picking) as stub,
            hosted(tmp_path, stub) as (trainer, links),
            Relay(int(links["EUE"].split(":")[2].partition("/")[0])) as relay,
        ):
            async with AsyncExitStack() as stack:
                given = {"EUE": relay.through(links["EUE"]), "JPN": links["JPN"]}
                seats: dict[str, Seat] = {}
                for party, link in given.items():
                    if browsers:
                        profile = tmp_path / party
                        profile.mkdir()
                        page = await stack.enter_async_context(opened(link, profile))
                        seats[party] = InBrowser(page)
                    else:
                        command = [str(COMMAND), "play", "--join", link]
                        terminal = Terminal(command, SIZE, cwd=tmp_path)
                        seats[party] = InTerminal(stack.enter_context(terminal))
                await negotiate_on(seats["EUE"], seats["JPN"], relay, trainer)
                for party, seat in seats.items():
                    await seat.shows("over ·")
                    await seat.picture(f"{party}-at-the-end")
            trainer.press("D")
            trainer.until("side by side", patience_s=180)
            ended_well(tmp_path, stub)

    asyncio.run(main())


def test_two_people_in_terminals_and_a_model_finish_a_session(tmp_path: Path) -> None:
    at_table(tmp_path, browsers=False)


@pytest.mark.skipif(browser_here() is None, reason="no browser here")
def test_two_people_in_browsers_and_a_model_finish_a_session(tmp_path: Path) -> None:
    at_table(tmp_path, browsers=True)
