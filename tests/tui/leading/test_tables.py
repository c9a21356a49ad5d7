"""A class of tables at a glance: a row each, paused together, opened, compared."""

from pathlib import Path

from tests.tui.leading.driving import Led, Player, laid, led
from tui.hosting.table import HostedTable
from tui.screens.class_page import ClassScreen
from tui.screens.tables import TablesScreen
from tui.screens.trainer import TrainerScreen
from tui.widgets.listing import Listing

MANY = 20


def play(table: HostedTable) -> None:
    """Have everybody come to a table and play at once."""
    for party in table.seats:
        Player(table, party, at_once=True).come()


def row_of(at: Led, number: int) -> str:
    """Return what stands in a table's row."""
    lines = at.seen().split("\n")
    return next(line for line in lines[3:] if line.lstrip(" ▸").startswith(f"{number} "))


def test_each_table_has_a_row_that_tells_its_round_its_mover_and_who_is_missing(
    tmp_path: Path,
) -> None:
    tables = [laid(tmp_path, number=number) for number in (1, 2, 3)]

    async def act(at: Led) -> None:
        assert "gathering  " in row_of(at, 1)
        assert "○ USA, COD not here yet" in row_of(at, 1)
        Player(tables[0], "COD").come()
        await at.until(lambda: "gathering, 2 min at most" in row_of(at, 1))
        assert "○ USA not here yet" in row_of(at, 1)
        for party in ("USA", "COD"):
            Player(tables[1], party).come()
        await at.until(lambda: "to move" in row_of(at, 2))
        assert "1/" in row_of(at, 2)
        assert "all here" in row_of(at, 2)
        play(tables[2])
        await at.until(lambda: tables[2].ended is not None)
        await at.until(lambda: "agreement" in row_of(at, 3))
        assert "not here" not in row_of(at, 3)
        assert "3 tables · 1 gathering, 1 playing, 1 over" in at.seen()

    led(tables, act)


def test_all_are_paused_and_go_on_together(tmp_path: Path) -> None:
    tables = [laid(tmp_path, number=number) for number in (1, 2)]

    async def act(at: Led) -> None:
        for table in tables:
            play(table)
        await at.press("P")
        assert all(one.lead.is_paused or one.ended is not None for one in tables)
        assert "PAUSED" in at.seen() or all(one.ended is not None for one in tables)
        await at.press("P")
        await at.until(lambda: all(one.ended is not None for one in tables))
        assert not any(one.lead.is_paused for one in tables)

    led(tables, act)


def test_enter_opens_a_table_and_escape_leads_back(tmp_path: Path) -> None:
    tables = [laid(tmp_path, number=number) for number in (1, 2)]

    async def act(at: Led) -> None:
        await at.press("down", "enter")
        screen = at.app.screen
        assert isinstance(screen, TrainerScreen)
        assert screen.table is tables[1]
        await at.press("space")
        assert tables[1].lead.is_paused
        assert not tables[0].lead.is_paused
        await at.press("escape")
        assert isinstance(at.app.screen, TablesScreen)
        assert at.app.screen.query_one(Listing).current == "2"
        play(tables[1])
        await at.until(lambda: tables[1].phase == "playing")
        await at.press("enter")
        await at.shows("PAUSED")
        await at.press("space")
        await at.until(lambda: tables[1].ended is not None)

    led(tables, act)


def test_once_tables_are_over_they_are_compared(tmp_path: Path) -> None:
    tables = [laid(tmp_path, number=number) for number in (1, 2, 3)]

    async def act(at: Led) -> None:
        await at.press("C")
        assert isinstance(at.app.screen, TablesScreen)
        for table in tables[:2]:
            play(table)
        await at.until(lambda: all(one.ended is not None for one in tables[:2]))
        await at.press("C")
        assert isinstance(at.app.screen, ClassScreen)
        await at.shows("2 tables")

    led(tables, act)


def test_a_class_of_twenty_fits_and_every_row_is_there(tmp_path: Path) -> None:
    tables = [laid(tmp_path, number=number) for number in range(1, MANY + 1)]

    async def act(at: Led) -> None:
        for table in tables[::3]:
            play(table)
        await at.until(lambda: all(one.ended is not None for one in tables[::3]))
        for number in range(1, MANY + 1):
            assert ("agreement" in row_of(at, number)) == ((number - 1) % 3 == 0)
        await at.press("l")
        await at.shows("Table 1", "USA (", "← → another table")

    led(tables, act)
