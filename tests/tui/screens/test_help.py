"""The help: any screen's keys and how to read it, as plain text."""

from __future__ import annotations

from collections.abc import Callable

from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.recordings import TALKS
from tests.tui.replaying import replayed, seen
from tui.screens.help import KEYS, READING, HelpScreen
from tui.screens.replay import ReplayScreen


def shown(help_: HelpScreen, check: Callable[[str], None]) -> None:
    """Open a help over the replay and check all of its text, seen or not."""

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        del screen
        pilot.app.push_screen(help_)
        await pilot.pause()
        check("\n".join(str(one.content) for one in help_.query(Static)))

    replayed(TALKS, act)


def test_help_without_arguments_is_the_replays() -> None:
    def check(told: str) -> None:
        assert all(key in told and what in told for key, what in KEYS.items())
        assert all(text in told for text in READING.values())

    shown(HelpScreen(), check)


def test_help_of_a_screen_tells_its_own_keys_and_no_others() -> None:
    def check(told: str) -> None:
        assert "x\ncross it out" in told
        assert "Ledger: read downwards" in told
        assert "scrub" not in told

    shown(HelpScreen({"x": "cross it out"}, {"Ledger": "read downwards"}), check)


def test_help_shows_markup_as_text() -> None:
    def check(told: str) -> None:
        assert "[red]loud[/]" in told

    shown(HelpScreen({"[b]": "[red]loud[/]"}, {}), check)


def test_help_of_a_screen_is_shown_and_closed_by_its_key() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        pilot.app.push_screen(HelpScreen({"y": "agree"}, {}))
        await pilot.pause()
        assert "y  agree" in seen(pilot)
        await pilot.press("question_mark")
        assert pilot.app.screen is screen

    replayed(TALKS, act)
