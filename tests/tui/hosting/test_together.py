"""Several people at one table: they join, play, lose the connection, and are back."""

from pathlib import Path

from tests.tui.hosting.driving import Hosted, at_table
from transcripts.record import SessionRecord


def test_two_people_and_a_mind_play_a_session_to_its_end(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        first, second = await at.join("AAA"), await at.join("BBB")
        await first.until("Your move")
        await second.until("Waiting for")
        await first.type("o")
        await first.until("Make an offer")
        await first.type("\x13")
        await second.until("Your move", "is on the table")
        await second.type("a")
        await second.until("Accept")
        await second.type("\x13")
        await first.until("Agreement")
        await second.until("Agreement")

    table = at_table(tmp_path, act)

    assert isinstance(table.ended, SessionRecord)
    assert table.ended.status == "agreement"
