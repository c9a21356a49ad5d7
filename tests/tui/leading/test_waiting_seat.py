"""Who sits at a table and waits can read their papers, and knows why their seat is held."""

import asyncio
from pathlib import Path

from tests.tui.leading.driving import Player, laid
from tests.tui.leading.test_paused_seat import at_seat
from tests.tui.replaying import seen
from tests.tui.table.driving import Heard, Seated
from tui.screens.table import NOTHING_YET
from tui.table.dock import Dock


def test_who_waits_is_led_to_the_brief_and_is_told_as_long_as_the_seat_is_held(
    tmp_path: Path,
) -> None:
    table = laid(tmp_path)

    async def main() -> None:
        app, heard = at_seat(table, "COD"), Heard()
        other = Player(table, "USA")
        other.come()
        async with app.run_test(size=(120, 36), message_hook=heard) as pilot:
            at = Seated(app, pilot, heard)
            table.start()
            await at.until(lambda: "Waiting for" in seen(pilot) and NOTHING_YET in seen(pilot))
            await at.until(lambda: "b brief" in seen(pilot))
            assert "))" not in seen(pilot)

            assert table.lead.hand_over("COD") is None
            await at.until(lambda: other.turn is not None)
            other.move()
            await at.until(lambda: other.turn is not None)

            def dock() -> str:
                return "\n".join(str(line) for line in at.screen.query_one(Dock).told)

            await at.until(lambda: "Your stand-in holds your seat: the trainer" in dock())
            assert NOTHING_YET not in dock()
            assert table.lead.give_back("COD") is None
            other.move()
            await at.until(lambda: at.screen.turn is not None)
            assert "Your stand-in" not in dock()
        await asyncio.to_thread(table.close)

    asyncio.run(main())


def test_who_waits_is_told_at_once_of_what_strikes_until_they_have_moved(tmp_path: Path) -> None:
    """They were told only once the other had moved, though it may be theirs to make it happen."""
    table = laid(tmp_path)

    async def main() -> None:
        app, heard = at_seat(table, "COD"), Heard()
        other = Player(table, "USA")
        other.come()
        async with app.run_test(size=(120, 36), message_hook=heard) as pilot:
            at = Seated(app, pilot, heard)

            def told() -> str:
                return " ".join(seen(pilot).split())

            table.start()
            await at.until(lambda: other.turn is not None and NOTHING_YET in told())
            shock = table.lead.shocks_left[0]
            heard_of = " ".join(shock.words.split()[:3])
            assert table.lead.strike(shock.name) is None
            await at.until(lambda: "! News (n): " in told())
            assert heard_of in told()
            await at.press("n")
            assert "Nothing has happened between moves so far." not in told()
            assert "Round 1: " in told()
            await at.press("escape")

            await at.until(lambda: other.turn is not None)
            other.move()
            await at.until(lambda: at.screen.turn is not None)
            assert "! News (n): " in told()
            await at.press("d", "enter")
            await at.until(lambda: at.screen.turn is None and "News (n)" not in told())
        await asyncio.to_thread(table.close)

    asyncio.run(main())
