"""Who sits at a table is told that it is paused, comes when they may, and loses nothing by it."""

import asyncio
from functools import partial
from pathlib import Path

from tests.tui.leading.driving import Player, laid
from tests.tui.replaying import seen
from tests.tui.table.driving import SMALL, Heard, Seated
from tui.app import MinilateralApp
from tui.hosting.table import HostedTable
from tui.screens.table import TableScreen
from tui.table.form import MoveForm

PAUSED = "Whoever leads the exercise has paused it."


def at_seat(table: HostedTable, party: str) -> MinilateralApp:
    """Return the app of whoever sits there."""
    sitting = table.seats[party].sitting()
    return MinilateralApp(partial(TableScreen, sitting), sitting.settings)


def test_who_is_asked_is_told_of_a_pause_and_what_they_send_is_taken_afterwards(
    tmp_path: Path,
) -> None:
    table = laid(tmp_path, {"USA": "human", "COD": "firm"})

    async def main() -> None:
        app, heard = at_seat(table, "USA"), Heard()
        async with app.run_test(size=(120, 36), notifications=True, message_hook=heard) as pilot:
            at = Seated(app, pilot, heard)
            table.start()
            await at.until(lambda: at.screen.turn is not None)
            table.lead.pause()
            await at.until(lambda: " PAUSED " in seen(pilot))
            assert PAUSED in " ".join(seen(pilot).split())
            before = table.moves
            await at.press("o", "ctrl+s")
            await at.until(lambda: at.screen.turn is None)
            assert table.moves == before
            assert "What you sent is taken once the session goes on." in seen(pilot)
            table.lead.go_on()
            await at.until(lambda: table.moves > before)
            await at.until(lambda: " PAUSED " not in seen(pilot))
        await asyncio.to_thread(table.close)

    asyncio.run(main())


def test_who_comes_late_is_told_as_well_and_a_shock_keeps_the_draft(tmp_path: Path) -> None:
    table = laid(tmp_path)

    async def main() -> None:
        table.lead.pause()
        Player(table, "COD").come()
        app, heard = at_seat(table, "USA"), Heard()
        async with app.run_test(size=(120, 36), notifications=True, message_hook=heard) as pilot:
            at = Seated(app, pilot, heard)
            table.start()
            await at.until(lambda: at.screen.turn is not None and " PAUSED " in seen(pilot))
            await at.press("s")
            await at.write("Not yet said")
            await at.press("escape")
            news = len(at.turn.view.news)
            assert table.lead.strike(table.lead.shocks_left[0].name) is None
            await at.until(
                lambda: at.screen.turn is not None and len(at.turn.view.news) == news + 1
            )
            assert at.screen.draft.words == "Not yet said"
            reported = " ".join(at.turn.view.news[-1].words.split()[:4])
            assert "News" in seen(pilot)
            assert reported in " ".join(seen(pilot).split())
            assert table.moves == 0
        await asyncio.to_thread(table.close)

    asyncio.run(main())


def test_an_open_form_opens_again_once_a_shock_has_struck(tmp_path: Path) -> None:
    """It was gone, and whoever had been filling it in had to find it again."""
    table = laid(tmp_path, {"USA": "human", "COD": "firm"})

    async def main() -> None:
        app, heard = at_seat(table, "USA"), Heard()
        async with app.run_test(size=SMALL, notifications=True, message_hook=heard) as pilot:
            at = Seated(app, pilot, heard)
            app.typed.pause_s = 0.0
            table.start()
            await at.until(lambda: at.screen.turn is not None)
            await at.press("o", "right")
            levels, first = dict(at.screen.draft.levels), at.turn
            assert table.lead.strike(table.lead.shocks_left[0].name) is None
            await at.until(lambda: at.screen.turn not in (None, first))
            await at.until(lambda: isinstance(app.screen, MoveForm))
            assert at.screen.draft.levels == levels
            await at.press("escape")
            assert "News (n)" in at.seen()
        await asyncio.to_thread(table.close)

    asyncio.run(main())


def test_a_pause_is_told_where_it_covers_nothing_and_only_while_it_lasts(tmp_path: Path) -> None:
    """A notice of it lay over the form on a small terminal, and outlived it."""
    table = laid(tmp_path, {"USA": "human", "COD": "firm"})

    async def main() -> None:
        app, heard = at_seat(table, "USA"), Heard()
        async with app.run_test(size=SMALL, notifications=True, message_hook=heard) as pilot:
            at = Seated(app, pilot, heard)
            table.start()
            await at.until(lambda: at.screen.turn is not None)
            await at.press("o")
            table.lead.pause()
            await at.until(lambda: " PAUSED " in at.seen())
            assert not list(app._notifications)
            for told in ("Make an offer", "annual offtake", "say", "Offer it (^S)", "Cancel (Esc)"):
                assert told in at.seen()
            await at.press("escape")
            assert PAUSED in " ".join(at.seen().split())
            await at.press("o")
            table.lead.go_on()
            await at.until(lambda: " PAUSED " not in at.seen())
            await at.press("escape")
            assert PAUSED not in " ".join(at.seen().split())
        await asyncio.to_thread(table.close)

    asyncio.run(main())
