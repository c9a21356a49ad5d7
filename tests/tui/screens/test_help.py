"""The help: any screen's keys and how to read it, as plain text."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.tui.recordings import TALKS
from tests.tui.replaying import replayed, seen
from tui.screens.help import KEYS, READING, HelpScreen, help_content
from tui.screens.replay import ReplayScreen


def test_help_without_arguments_is_the_replays() -> None:
    told = help_content().plain
    assert all(key in told and what in told for key, what in KEYS.items())
    assert all(text in told for text in READING.values())


def test_help_of_a_screen_tells_its_own_keys_and_no_others() -> None:
    told = help_content({"x": "cross it out"}, {"Ledger": "read downwards"}).plain
    assert "x  cross it out" in told
    assert "Ledger: read downwards" in told
    assert "scrub" not in told


def test_help_shows_markup_as_text() -> None:
    assert "[red]loud[/]" in help_content({"[b]": "[red]loud[/]"}, {}).plain


def test_help_of_a_screen_is_shown_and_closed_by_its_key() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        pilot.app.push_screen(HelpScreen({"y": "agree"}, {}))
        await pilot.pause()
        assert "y  agree" in seen(pilot)
        await pilot.press("question_mark")
        assert pilot.app.screen is screen

    replayed(TALKS, act)
