"""A message of a megabyte: shown cut, with no more work than the longest that is shown."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.cli.conftest import Cli
from tests.tui.recordings import moved, pair, recorded
from tests.tui.replaying import replayed, seen, settled
from tui.screens.replay import ReplayScreen
from tui.text.wording import LONGEST_WORDS
from tui.widgets.conversation import Conversation

MEGABYTE = 1_000_000
MESSAGES = {
    "sentences": "We ask our partners to consider this. " * (MEGABYTE // 38),
    "one word": "x" * MEGABYTE,
    "lines": "a\n" * (MEGABYTE // 2),
    "escapes": "\x1b[31m" * (MEGABYTE // 5),
    "overrides": "\u202e" * (MEGABYTE // 3),
}


def session(path: Path, words: str) -> Path:
    of = pair()
    moves = [moved(of, 0, 2, words=words), moved(of, 1, 3, words="Short."), moved(of, 2, 1)]
    return recorded(path, of, moves)


@pytest.mark.parametrize("words", MESSAGES.values(), ids=MESSAGES)
def test_the_conversation_is_no_longer_than_the_longest_words_that_are_shown(
    tmp_path: Path, words: str
) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        for key in ("right", "right", "left", "pagedown", "g", "G"):
            await pilot.press(key)
            await settled(pilot)
        conversation = screen.query_one(Conversation)
        assert conversation.virtual_size.height <= LONGEST_WORDS
        assert "\x1b" not in seen(pilot)
        assert screen.moves == screen.total == 3

    replayed(session(tmp_path / "long.jsonl", words), act)


@pytest.mark.parametrize("words", MESSAGES.values(), ids=MESSAGES)
def test_line_by_line_it_is_cut_as_well(cli: Cli, tmp_path: Path, words: str) -> None:
    shown = cli("replay", str(session(tmp_path / "long.jsonl", words)), "--plain")
    assert shown.code == 0
    assert "Short." in shown.out
    assert len(shown.out) < 4 * LONGEST_WORDS
