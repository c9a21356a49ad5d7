from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.recordings import TALKS, moved, offers, pair, recorded, several, spoilt
from tests.tui.replaying import WIDE, replayed, seen
from tui.screens.replay import ReplayScreen
from tui.screens.replay_keys import PANELS
from tui.widgets.outcome_plot import OutcomePlot

LAST = 14


def shown(screen: ReplayScreen) -> list[str | None]:
    """Return the panels that take room on the screen."""
    return [panel.id for panel in screen.query(".panel") if panel.region.area]


@pytest.mark.parametrize(
    ("keys", "moves"),
    [
        (["right"], 2),
        (["l", "l"], 3),
        (["j", "j", "j"], 4),
        (["down"], 2),
        (["right", "right", "left"], 2),
        (["l", "h"], 1),
        (["j", "k"], 1),
        (["left"], 1),
        (["G"], LAST),
        (["end"], LAST),
        (["G", "right"], LAST),
        (["end", "g"], 1),
        (["end", "home"], 1),
        (["a"], LAST),
        (["right_square_bracket"], 3),
        (["right_square_bracket", "right_square_bracket", "left_square_bracket"], 3),
        (["greater_than_sign"], 2),
        (["G", "less_than_sign"], LAST - 1),
        (["f"], 5),
        (["f", "f"], 5),
        (["2", "pagedown"], 11),
        (["2", "G", "pageup"], 4),
    ],
)
def test_keys_go_through_the_session(keys: list[str], moves: int) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)

        assert screen.moves == moves

    replayed(TALKS, act)


def test_arrows_step_whatever_panel_is_shown() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        for number in range(1, 6):
            await pilot.press(str(number), "right", "right", "left")
            assert screen.moves == 1 + number

    replayed(TALKS, act)


@pytest.mark.parametrize(
    ("key", "panel"),
    [
        ("1", "conversation"),
        ("2", "agenda"),
        ("3", "utilities"),
        ("4", "outcomes"),
        ("5", "referee"),
    ],
)
def test_a_small_terminal_shows_one_panel_at_a_time(key: str, panel: str) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press(key)
        await pilot.pause()

        shown = [one.id for one in screen.query(".panel") if one.region.area]

        assert shown == [panel]
        assert screen.focused is screen.query_one(f"#{panel}")

    replayed(TALKS, act)


def test_tab_goes_round_the_panels() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("tab", "tab")
        assert screen.panel == "utilities"
        await pilot.press("shift+tab", "shift+tab", "shift+tab")
        assert screen.panel == "referee"

    replayed(TALKS, act)


def test_tabs_are_clicked() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.click("#tabs", offset=(22, 0))

        assert screen.panel == "agenda"

    replayed(TALKS, act)


def test_a_large_terminal_shows_all_panels_at_once() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        assert shown(screen) == list(PANELS)

    replayed(TALKS, act, WIDE)


def test_a_middling_terminal_keeps_the_last_panel_beside_the_conversation() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("4", "1")
        await pilot.pause()

        assert shown(screen) == ["conversation", "outcomes"]

    replayed(TALKS, act, (120, 30))


@pytest.mark.parametrize("size", [(20, 6), (44, 14), (80, 24), (119, 50), (120, 20), (200, 60)])
def test_every_panel_is_drawn_at_every_size(size: tuple[int, int]) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        for panel in ("1", "2", "3", "4", "5"):
            await pilot.press(panel, "G")
            await pilot.pause()
            assert screen.moves == LAST

    replayed(TALKS, act, size)


def test_resizing_keeps_the_place() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("f")
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()

        assert screen.moves == 5
        assert "template worded" in seen(pilot)

    replayed(TALKS, act)


def test_the_title_tells_what_is_replayed_and_where() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("right")
        await pilot.pause()
        lines = seen(pilot).splitlines()

        assert "A cobalt offtake, shortened for tests" in lines[0]
        assert "● United States" in lines[0]
        assert "SIMULATION" in lines[0]
        assert "★ agreement · move 2/14 · round 1/8" in lines[1]
        assert "words by USA local model, COD templates" in lines[1]

    replayed(TALKS, act, WIDE)


def test_the_agenda_follows_the_move() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await pilot.pause()
        assert "On the table: the offer of ● the United States" in seen(pilot)
        await pilot.press("right")
        await pilot.pause()
        assert "On the table: the offer of ▲ DR Congo" in seen(pilot)
        await pilot.press("a")
        await pilot.pause()
        assert "Agreed text: the offer of ● the United States" in seen(pilot)

    replayed(TALKS, act)


def test_the_referee_marks_equilibria_in_the_grid_and_explains_them() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("5")
        await pilot.pause()
        text = seen(pilot)

        assert "★ Agreement" in text
        assert "How hard to negotiate" in text
        assert "◆" in text
        assert "equilibrium: neither gains by changing" in text

    replayed(TALKS, act)


def test_the_referee_scrolls_to_who_decided_and_who_worded() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("5", *["pagedown"] * 6)
        await pilot.pause()

        assert "● USA decided by code (linear), worded by local model" in seen(pilot)

    replayed(TALKS, act)


def test_help_opens_over_the_replay_and_closes() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        await pilot.pause()
        assert "one move back or on" in seen(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.screen is screen

    replayed(TALKS, act)


def test_q_quits() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("q")

        assert not pilot.app.is_running or pilot.app.return_code == 0

    replayed(TALKS, act)


def test_an_unfinished_session_says_so(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1]))

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("a")
        assert screen.moves == 1
        assert "unfinished" in seen(pilot)
        await pilot.press("5")
        await pilot.pause()
        assert "Unfinished: no result yet" in seen(pilot)

    replayed(path, act)


def test_a_torn_record_shows_what_is_sound_and_says_so_in_one_line(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1, 2]))
    path.write_bytes(path.read_bytes()[:-9])

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        assert screen.total == 2
        assert seen(pilot).splitlines()[2].startswith(" ! the last line is torn")

    replayed(path, act)


def test_a_corrupt_record_is_shown_up_to_the_corrupt_line(tmp_path: Path) -> None:
    of = pair()
    path = spoilt(recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1, 2, 1])), 3)

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("G")
        await pilot.pause()

        assert screen.moves == screen.total == 2
        assert "! sound up to event 2; event 3: the content" in seen(pilot).splitlines()[2]

    replayed(path, act)


def test_a_record_of_no_move_opens(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, [])

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("right", "G", "right_square_bracket", "greater_than_sign", "2")
        await pilot.pause()

        assert screen.moves == 0
        assert "Nothing is on the table yet" in seen(pilot)

    replayed(path, act, WIDE)


def test_hostile_text_is_shown_as_text_everywhere(tmp_path: Path) -> None:
    hostile = "\x1b[31m[bold]x[/bold]\u202e [@click=app.quit]y[/] [/nothing]"
    of = pair(title=hostile)
    path = recorded(tmp_path / "t.jsonl", of, [moved(of, 0, 3, words=hostile, fallback=hostile)])

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        for panel in ("1", "2", "3", "4", "5"):
            await pilot.press(panel)
            await pilot.pause()
            text = seen(pilot)
            assert "\x1b" not in text
            assert "\u202e" not in text
            assert "[bold]x[/bold]" in text

    replayed(path, act)


def test_other_pairs_of_three_parties_are_seen_in_the_outcome_space(tmp_path: Path) -> None:
    of = several(3)
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [1, 2, 3]))

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("4", "o")
        await pilot.pause()
        assert screen.query_one(OutcomePlot).pair == 1
        assert "■ CCC ↑" in seen(pilot)
        await pilot.press("o", "o")
        assert screen.query_one(OutcomePlot).pair == 0

    replayed(path, act)


def test_every_theme_there_is_can_draw_the_charts() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("4")
        for theme in sorted(pilot.app.available_themes):
            pilot.app.theme = theme
            await pilot.pause()
            assert "frontier" in seen(pilot)

    replayed(TALKS, act)
