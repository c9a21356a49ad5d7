"""What an app draws to and is fed from, without a socket."""

import asyncio
import io
import webbrowser
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual import events
from textual.app import App

from tui.wire.driver import (
    HIGHEST,
    LONGEST_SILENCE,
    WIDEST,
    Outlet,
    WireDriver,
    driver_to,
    within,
)


class Ear(App[None]):
    """Keeps what it is told."""

    def __init__(self, outlet: Outlet) -> None:
        super().__init__(driver_class=driver_to(outlet))
        self.heard: list[str] = []

    def on_key(self, event: events.Key) -> None:
        self.heard.append(event.key)

    def on_paste(self, event: events.Paste) -> None:
        self.heard.append(f"pasted {event.text}")

    def on_resize(self, event: events.Resize) -> None:
        self.heard.append(f"{event.size.width}x{event.size.height}")


Act = Callable[[Ear, WireDriver], Awaitable[None]]


def driven(act: Act) -> str:
    """Run an app on a wire, act on it, and return all that it drew."""
    drawn: list[str] = []

    async def main() -> None:
        outlet = Outlet()
        app = Ear(outlet)
        running = asyncio.ensure_future(app.run_async(size=(40, 10)))
        drawn.append(await outlet.take())
        while not isinstance(app._driver, WireDriver):
            await asyncio.sleep(0)
        await heeded(app)
        await act(app, app._driver)
        app.exit()
        await running
        outlet.close()
        while more := await outlet.take():
            drawn.append(more)

    asyncio.run(main())
    return "".join(drawn)


async def heeded(app: Ear) -> None:
    """Wait until an app has heeded all that was passed on."""
    for _ in range(2):
        reached = asyncio.Event()
        app.call_later(reached.set)
        await reached.wait()
        await asyncio.sleep(0)


def test_keys_pastes_and_sizes_reach_the_app_and_the_terminal_is_left_as_it_was() -> None:
    async def act(app: Ear, driver: WireDriver) -> None:
        app.heard.clear()
        driver.feed("ab")
        driver.feed("\x1b[A")
        driver.feed("\x1b[200~two\nlines\x1b[201~")
        await heeded(app)
        assert app.heard == ["a", "b", "up", "pasted two\nlines"]
        driver.resize(60, 20)
        await heeded(app)
        assert app.heard[4:] == ["60x20"]

    drawn = driven(act)

    assert drawn.startswith("\x1b[?1049h")
    assert drawn.endswith("\x1b[?25h\x1b[?1049l")
    for mode in ("1000", "1003", "1006", "2004"):
        assert drawn.rindex(f"\x1b[?{mode}l") > drawn.rindex(f"\x1b[?{mode}h")


def test_a_lone_escape_is_a_key_once_nothing_follows() -> None:
    async def act(app: Ear, driver: WireDriver) -> None:
        driver.feed("\x1b")
        while "escape" not in app.heard:
            await asyncio.sleep(0.01)

    driven(act)


def test_a_size_that_is_typed_is_none() -> None:
    async def act(app: Ear, driver: WireDriver) -> None:
        app.heard.clear()
        driver.feed("\x1b[48;5000;5000;1;1t")
        await heeded(app)
        assert app.heard == []
        driver.resize(10**6, 10**6)
        await heeded(app)
        assert app.heard == [f"{WIDEST}x{HIGHEST}"]

    driven(act)


@pytest.mark.parametrize(
    "typed",
    ["\x1b[1114112u", "\x1b[97:65;2u", "\x1b[:5R", "\x1b[97;1;1114112u", "\x1b[55296u", "\ud800"],
)
def test_a_sequence_that_no_terminal_sends_is_none(typed: str) -> None:
    async def act(app: Ear, driver: WireDriver) -> None:
        driver.feed(typed)
        await heeded(app)
        driver.feed("y")
        await heeded(app)
        assert app.heard[-1] == "y"

    driven(act)


def test_a_paste_that_never_ends_is_forgotten() -> None:
    async def act(app: Ear, driver: WireDriver) -> None:
        driver.feed("\x1b[200~" + "x" * LONGEST_SILENCE)
        app.heard.clear()
        driver.feed("y")
        await heeded(app)
        assert app.heard == ["y"]

    driven(act)


def test_nothing_is_opened_or_written_at_the_hosts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)

    async def act(app: Ear, driver: WireDriver) -> None:
        app.open_url("http://evil.example")
        app.deliver_text(io.StringIO("secret"), save_directory=tmp_path, save_filename="kept")
        await heeded(app)
        assert not driver.can_suspend

    driven(act)

    assert opened == []
    assert list(tmp_path.iterdir()) == []


def test_who_does_not_read_is_given_up_and_nothing_is_kept_for_them() -> None:
    async def main() -> None:
        outlet = Outlet(most=10)
        outlet.put("12345")
        assert not outlet.over_full.is_set()
        outlet.put("678901")
        outlet.put("more")
        assert outlet.over_full.is_set()
        assert await outlet.take() == ""

    asyncio.run(main())


def test_what_was_drawn_comes_in_order_and_once() -> None:
    async def main() -> None:
        outlet = Outlet()
        outlet.put("a")
        outlet.put("b")
        assert await outlet.take() == "ab"
        taking = asyncio.ensure_future(outlet.take())
        await asyncio.sleep(0)
        assert not taking.done()
        outlet.put("c")
        assert await taking == "c"
        outlet.put("d")
        outlet.close()
        outlet.put("e")
        assert [await outlet.take(), await outlet.take()] == ["d", ""]

    asyncio.run(main())


def test_sizes_are_within_bounds() -> None:
    assert within(0, -5) == (20, 5)
    assert within(100, 30) == (100, 30)
    assert within(10**9, 10**9) == (WIDEST, HIGHEST)
