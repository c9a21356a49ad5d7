from textual.pilot import Pilot

from tests.tui.recordings import TALKS
from tests.tui.replaying import replayed, seen
from tui.screens.replay import ReplayScreen
from tui.widgets.scrub_bar import ScrubBar


def test_a_click_on_the_bar_jumps_there() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.click("#scrub", offset=(78, 0))
        assert screen.moves == 14
        await pilot.click("#scrub", offset=(1, 0))
        assert screen.moves == 1
        await pilot.click("#scrub", offset=(40, 0))
        assert 7 <= screen.moves <= 8

    replayed(TALKS, act)


def test_dragging_along_the_bar_scrubs_until_the_button_is_let_go() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.mouse_down("#scrub", offset=(1, 0))
        await pilot.hover("#scrub", offset=(30, 0))
        halfway = screen.moves
        await pilot.hover("#scrub", offset=(78, 0))
        await pilot.mouse_up("#scrub", offset=(78, 0))
        await pilot.hover("#scrub", offset=(10, 0))

        assert 1 < halfway < 14
        assert screen.moves == 14

    replayed(TALKS, act)


def test_every_move_has_its_place_on_the_bar_and_back() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        bar = screen.query_one(ScrubBar)

        assert [bar.moves_at(bar.column(moves)) for moves in range(1, 15)] == list(range(1, 15))

    replayed(TALKS, act)


def test_the_bar_marks_rounds_fallbacks_and_the_agreement() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        bar = seen(pilot).splitlines()[-2]

        assert bar.count("┼") == 5
        assert bar.count("!") == 1
        assert bar.rstrip().endswith("★")

    replayed(TALKS, act)
