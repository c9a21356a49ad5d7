"""The review: a debrief shown, gone through by keys and mouse, and led on from."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from textual.events import Key
from textual.pilot import Pilot

from games.errors import MinilateralError, TranscriptError
from games.review.debrief import Debrief, Lesson
from games.scenario import Scenario
from tests.support.domains import party, scenario
from tests.tui.debriefs import buyers, note, talks
from tests.tui.recordings import TALKS, header, offers, pair, recorded
from tests.tui.replaying import SMALL, seen, settled
from tests.tui.screens.errands import Deed, Sender, acted
from tests.tui.screens.test_snapshots import Compare, pressing
from tests.tui.staging import told
from transcripts.events import Seat
from tui.errands import Analyse, OpenReplay
from tui.errands import Compare as BothFutures
from tui.screens.export import ExportScreen
from tui.screens.help import HelpScreen
from tui.screens.review import PANELS, Review, ReviewScreen, debriefed
from tui.screens.try_again import TryAgainScreen
from tui.widgets.debrief_panels import LessonCard, MoveChoices

SIZES = [SMALL, (120, 36), (200, 60)]
NAMES = ["small", "middling", "large"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return talks(tmp_path / "t.jsonl")


def reviewing(
    path: Path,
    deed: Deed,
    size: tuple[int, int] = SMALL,
    review: Review = buyers,
    party: str | None = None,
) -> None:
    acted(partial(ReviewScreen, path, party, review=review), deed, size)


def screen_of(app: Sender) -> ReviewScreen:
    screen = app.screen
    assert isinstance(screen, ReviewScreen)
    return screen


def place(app: Sender) -> int | None:
    return screen_of(app)._place


def shown(app: Sender) -> list[str | None]:
    return [panel.id for panel in app.screen.query(".panel") if panel.region.area]


def test_the_overview_tells_accuracy_with_its_error_result_and_lessons(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        text = seen(pilot)
        assert "● Buyer · accuracy 78 ± 4.1 % · 50.0 points · ★ agreement" in text
        assert "Accuracy 78 ± 4.1 %  ███████████████▒░░░░" in text
        assert "83 % against the counterparts as they are." in text
        assert "Others: ▲ SUP 91 %" in text
        assert "1. Take what is good" in text
        assert "You let 12.4 points lie. → moves 3, 5" in text

    reviewing(path, deed)


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        (["right"], 0),
        (["right", "right"], 1),
        (["2", "j", "down"], 2),
        (["2", "j", "j", "j"], 2),
        (["2", "j", "j", "k", "up"], 0),
        (["2", "end"], 2),
        (["2", "G", "g"], 0),
        (["right", "right", "right", "right", "left"], 1),
    ],
)
def test_keys_go_through_the_moves(path: Path, keys: list[str], at: int) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await settled(pilot)

        assert screen_of(app).panel == "moves"
        assert place(app) == at == app.screen.query_one(MoveChoices).place
        assert f"Move {(1, 3, 5)[at]} · round {at + 1}" in seen(pilot)

    reviewing(path, deed)


def test_a_click_chooses_a_move_and_all_that_is_said_of_it_is_shown(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await settled(pilot)
        await pilot.click(MoveChoices, offset=(6, 1))
        await settled(pilot)

        assert place(app) == 1
        text = seen(pilot)
        assert "   3 ?? blunder" in text
        assert "−12.4" in text
        assert "Move 3 · round 2 · ?? blunder" in text
        assert "“We ask for 3 tonnes.”" in text
        assert "Worth 60.0 points, +40.0 against the reservation value." in text
        assert "✓? Said of missed-acceptance." in text
        assert "Lost 12.4 ± 1.2 points: 31% of what could be gained." in text
        await pilot.press("pagedown", "pagedown")
        await settled(pilot)
        text = seen(pilot)
        assert "!! Better: accepts volume 2 t · price 20 USD" in text
        assert "R2   ▲ Supplier offers volume 2 t" in text
        assert "R3   ● Buyer accepts" in text
        assert "→  agreement in round 3, 50 points" in text
        await pilot.press("pageup", "pageup")
        await settled(pilot)
        assert "Move 3 · round 2" in seen(pilot)

    reviewing(path, deed)


@pytest.mark.parametrize(
    ("keys", "at"),
    [(["enter"], 1), (["enter", "1", "enter"], 2), (["enter", "1", "enter", "1", "enter"], 1)],
)
def test_enter_on_a_lesson_leads_to_its_moves_in_turn(path: Path, keys: list[str], at: int) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

        assert screen_of(app).panel == "moves"
        assert place(app) == at

    reviewing(path, deed)


def test_a_click_on_a_lesson_leads_to_its_move(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.click(LessonCard)
        await settled(pilot)

        assert (screen_of(app).panel, place(app)) == ("moves", 1)

    reviewing(path, deed)


def test_a_lesson_of_another_partys_move_leads_to_the_replay(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("j", "enter")
        await settled(pilot)

        assert app.sent == [OpenReplay(path, at=6)]

    reviewing(path, deed)


def test_lessons_without_moves_lead_nowhere_and_lessons_are_gone_through(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        cards = list(app.screen.query(LessonCard))
        await pilot.press("down", "j", "j")
        assert cards[2].has_focus
        await pilot.press("enter")
        await settled(pilot)
        assert app.sent == []
        assert screen_of(app).panel == "overview"
        await pilot.press("k", "up")
        assert cards[0].has_focus

    reviewing(path, deed)


def test_panels_are_chosen_by_keys_and_mouse(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        for number, panel in enumerate(PANELS, start=1):
            await pilot.press(str(number))
            await settled(pilot)
            assert shown(app) == [panel]
        await pilot.press("tab")
        assert screen_of(app).panel == "overview"
        await pilot.press("shift+tab")
        assert screen_of(app).panel == "after"
        await pilot.click("#review-tabs", offset=(28, 0))
        await settled(pilot)
        assert screen_of(app).panel == "beliefs"

    reviewing(path, deed)


def test_beliefs_sheet_and_agreement_are_told(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await settled(pilot)
        text = seen(pilot)
        assert "wanted  ██████████░░░░░░░░░░  50%" in text
        assert "read    ████████████░░░░░░░░  61%" in text
        assert "implied too few offers to tell" in text
        await pilot.press("4")
        await settled(pilot)
        text = seen(pilot)
        assert "✗ Target" in text
        assert "at half time 55" in text
        assert "missed by 10 points" in text
        await pilot.press("5")
        await settled(pilot)
        text = seen(pilot)
        assert "volume 2 t" in text
        assert "· The agreement holds among patient parties." in text
        assert "The adviser was asked 2 times." in text
        assert "· What the other side thought is not known." in text

    reviewing(path, deed)


def test_t_asks_how_to_try_again_from_before_the_move(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "T")
        await settled(pilot)

        assert isinstance(app.screen, TryAgainScreen)
        assert app.screen._at == 2
        assert "▸ none" in seen(pilot)

    reviewing(path, deed)


def test_other_keys_lead_to_replay_analysis_and_both_futures(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "r", "A", "C")
        await settled(pilot)

        assert app.sent == [
            OpenReplay(path, at=3),
            Analyse(path=path),
            BothFutures(None, path),
        ]

    reviewing(path, deed)


def test_s_shows_the_next_partys_play_and_comes_round(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("2", "j", "s")
        await settled(pilot)
        assert "▲ Supplier · accuracy 91 %" in seen(pilot)
        assert "Move 2 · round 1" in seen(pilot)
        await pilot.press("s")
        await settled(pilot)
        assert "● Buyer · accuracy 78" in seen(pilot)

    reviewing(path, deed)


def test_help_tells_keys_and_signs(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        await settled(pilot)
        assert isinstance(app.screen, HelpScreen)
        assert "write the review to a file" in seen(pilot)
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert not isinstance(app.screen, ReviewScreen | HelpScreen)

    reviewing(path, deed)


@pytest.mark.parametrize(
    ("key", "told", "comes"),
    [
        ("e", "e: the export opens once it is there.", "50.0 points"),
        ("T", "T: trying again opens once it is there.", "50.0 points"),
        ("s", "s: the next seat's comes once it is there.", "▲ Supplier · accuracy 91 %"),
    ],
)
def test_the_screen_is_usable_while_the_debrief_is_computed(
    path: Path, key: str, told: str, comes: str
) -> None:
    """Of the keys that need it the last waits for it, and says so."""
    go_on = Event()

    def slowly(path: Path, party: str | None, *_: object) -> Debrief:
        assert go_on.wait(20)
        return buyers(path, party)

    async def run() -> None:
        app = Sender(partial(ReviewScreen, path, review=slowly))
        async with app.run_test(size=SMALL) as pilot:
            await pilot.pause()
            await pilot.press("2", "T", "r", "e", "right", "1", key)
            assert "Reviewing the session…" in seen(pilot)
            assert "Every move is compared" in seen(pilot)
            assert told in seen(pilot)
            go_on.set()
            await settled(pilot)
            opened = {"e": ExportScreen, "T": TryAgainScreen, "s": ReviewScreen}[key]
            assert isinstance(app.screen, opened)
            if opened is not ReviewScreen:
                await pilot.press("escape")
                await settled(pilot)
            while comes not in seen(pilot):
                await pilot.pause()

    asyncio.run(run())


def test_an_error_is_told_in_a_line(path: Path) -> None:
    def refused(path: Path, party: str | None, *_: object) -> Debrief:
        raise MinilateralError("t.jsonl: nothing\x1b[31m to [bold]review[/bold]")

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        text = seen(pilot)
        assert "No review" in text
        assert "nothing to [bold]review[/bold]" in text
        await pilot.press("e")
        await settled(pilot)
        assert "There is none to write." in seen(pilot)
        await pilot.press("T", "s", "2", "right", "3", "escape")
        await settled(pilot)
        assert not isinstance(app.screen, ReviewScreen)

    reviewing(path, deed, review=refused)


def test_an_error_on_the_way_to_another_party_leaves_what_is_shown(path: Path) -> None:
    def once(path: Path, party: str | None, *_: object) -> Debrief:
        if party == "SUP":
            raise TranscriptError("the supplier cannot be reviewed")
        return buyers(path, party)

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("s")
        await settled(pilot)
        told = [one.message for one in app._notifications]
        assert told == ["the supplier cannot be reviewed"]
        assert "● Buyer · accuracy 78 ± 4.1 %" in seen(pilot)

    reviewing(path, deed, review=once)


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        assert "cannot be read" in seen(pilot)

    reviewing(tmp_path / "none.jsonl", deed)


def test_nothing_of_others_is_shown_while_a_persons_session_is_under_way(tmp_path: Path) -> None:
    seats = {**header(pair()).seats, "BUY": Seat(spec="human", decides="", words="")}
    made = offers(pair(), [3, 1, 3])
    path = recorded(tmp_path / "t.jsonl", pair(), made, seats=seats)

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        for key in ("1", "3", "4", "5", "2"):
            await pilot.press(key)
            await settled(pilot)
            assert "Supplier" not in seen(pilot).replace("▲ Supplier offers", "")
            assert "SUP" not in seen(pilot)
        assert "● Buyer · accuracy: once it is over · unfinished" in seen(pilot)
        await pilot.press("s", "right", "r")
        await settled(pilot)
        assert app.sent == [OpenReplay(path, see="BUY", at=3)]
        assert told(pilot) == ["no other seat may be seen until the close"]
        await pilot.press("1")
        await settled(pilot)
        assert "Lessons: drawn once the session is over." in seen(pilot)

    reviewing(path, deed, review=debriefed)


def test_a_recorded_session_is_reviewed_as_it_was_played() -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        text = seen(pilot)
        assert "● United States · accuracy" in text
        assert "42.5 points · ★ agreement" in text
        assert "1. " in text

    reviewing(TALKS, deed, review=debriefed)


def test_what_the_review_is_at_is_told(path: Path) -> None:
    go_on = Event()

    def slowly(path: Path, party: str | None, progress: Callable[[str], None]) -> Debrief:
        progress("weighing [bold]move 3[/bold]")
        assert go_on.wait(20)
        return buyers(path, party)

    async def run() -> None:
        app = Sender(partial(ReviewScreen, path, review=slowly))
        async with app.run_test(size=SMALL) as pilot:
            while "weighing" not in seen(pilot):
                await pilot.pause()
            assert "Reviewing… weighing [bold]move 3[/bold]" in seen(pilot)
            go_on.set()
            await settled(pilot)
            assert "● Buyer · accuracy" in seen(pilot)

    asyncio.run(run())


def test_a_session_without_moves_or_lessons_is_shown(path: Path) -> None:
    def empty(path: Path, party: str | None, *_: object) -> Debrief:
        return replace(
            buyers(path, party),
            moves=(),
            lessons=(),
            beliefs=(),
            sheet=(),
            holds=(),
            notes=(),
            accuracy=None,
            accuracy_error=None,
            accuracy_note="it made no move",
            hindsight=None,
            left=None,
            left_share=None,
            left_words="",
            agreement=None,
            status="no-agreement",
            hints=0,
        )

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        text = seen(pilot)
        assert "accuracy not computed" in text
        assert "Accuracy it made no move" in text
        assert "Value left" in text
        assert "Not computed." in text
        assert "Lessons: none in this record." in text
        for key in ("2", "right", "3", "4", "5", "T"):
            await pilot.press(key)
            await settled(pilot)
        assert isinstance(app.screen, TryAgainScreen)
        assert app.screen._at == 0

    reviewing(path, deed, review=empty)


def many(count: int) -> Scenario:
    points = {"1": 0, "2": 20, "3": 40}
    return scenario(
        {"tonnes": {"label": "volume", "options": [1, 2, 3]}},
        {
            f"P{number:02}": party({"tonnes": points}, 5, name=f"Delegation {number} " + "x" * 90)
            for number in range(count)
        },
        protocol={"rounds": 4, "opens": "fixed"},
    )


HOSTILE = "\x1b[31m[bold]x[/bold]\u202e [@click=app.quit]y[/] [/nothing] " + "long " * 300


@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_many_parties_many_moves_and_hostile_words_are_shown(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    of = many(56)
    path = recorded(tmp_path / "t.jsonl", of, [])

    def crowded(path: Path, party: str | None, *_: object) -> Debrief:
        moves = [note(n, "mistake", words=HOSTILE, told=HOSTILE) for n in range(1, 201)]
        return replace(
            buyers(path),
            scenario=of,
            party="P00",
            parties=of.ids,
            utilities=dict.fromkeys(of.ids, 40.0),
            payoffs=dict.fromkeys(of.ids, 40.0),
            reservations=dict.fromkeys(of.ids, 5.0),
            accuracies=dict.fromkeys(of.ids, 50.0),
            agreement={"tonnes": 2, "gone": "x"},
            moves=tuple(moves),
            lessons=(Lesson(title=HOSTILE, words=HOSTILE, moves=tuple(range(1, 201))),),
        )

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        for key in ("1", "3", "4", "5", "2", "G"):
            await pilot.press(key)
            await settled(pilot)
            assert "\x1b" not in seen(pilot)
            assert "\u202e" not in seen(pilot)
        assert place(app) == 199
        assert "Move 200 · round 100" in seen(pilot)
        assert "[bold]x[/bold] [@click=app.quit]y[/] [/nothing]" in seen(pilot)

    reviewing(path, deed, size, review=crowded)


def test_e_asks_in_which_form_the_review_is_written(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await settled(pilot)
        assert isinstance(app.screen, ExportScreen)

    reviewing(path, deed)


@pytest.mark.parametrize("theme", ["minilateral-dark", "minilateral-light"])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
@pytest.mark.parametrize("keys", [[], ["right", "right"]], ids=["overview", "moves"])
def test_review_as_it_looks(
    snap_compare: Compare, path: Path, keys: list[str], size: tuple[int, int], theme: str
) -> None:
    app = Sender(partial(ReviewScreen, path, review=buyers))

    async def prepare(pilot: Pilot[None]) -> None:
        app.theme = theme
        await pressing(keys)(pilot)

    assert snap_compare(app, terminal_size=size, run_before=prepare)


@pytest.mark.parametrize("key", ["3", "4", "5"], ids=["beliefs", "sheet", "agreement"])
def test_other_panels_as_they_look(snap_compare: Compare, path: Path, key: str) -> None:
    app = Sender(partial(ReviewScreen, path, review=buyers))
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing([key]))


def test_keys_that_follow_at_once_go_to_the_panel_just_chosen(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        for key in ("2", "j", "j"):
            app.post_message(Key(key, key))
        await settled(pilot)
        await settled(pilot)

        assert (screen_of(app).panel, place(app)) == ("moves", 2)

    reviewing(path, deed)
