"""Two futures side by side: read, gone through by keys and mouse, and led on from."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from games.errors import MinilateralError
from games.review.debrief import Debrief
from tests.tui.debriefs import buyers
from tests.tui.recordings import header, moved, offers, pair, recorded
from tests.tui.replaying import SMALL, seen, settled
from tests.tui.screens.errands import Deed, Sender, acted
from tests.tui.screens.test_review import HOSTILE, many
from tests.tui.screens.test_snapshots import Compare
from tests.tui.staging import told
from transcripts.events import Parent, Seat
from tui.errands import OpenReplay, OpenReview
from tui.replay import Recording
from tui.screens.compare import CompareScreen
from tui.screens.help import HelpScreen
from tui.screens.review import Review
from tui.widgets.debrief_panels import MoveChoices

SIZES = [SMALL, (120, 36), (200, 60)]
NAMES = ["small", "middling", "large"]


def judged(path: Path, party: str | None, *_: object) -> Debrief:
    """Return another accuracy for the branch than for its parent."""
    found = buyers(path, party)
    return found if path.stem == "parent" else replace(found, accuracy=90.0)


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    of = pair()
    return recorded(tmp_path / "parent.jsonl", of, [*offers(of, [3, 1, 3, 1, 2]), moved(of, 5)])


@pytest.fixture
def child(tmp_path: Path) -> Path:
    of = pair()
    began = Parent(session="test", event=2, hash="0" * 64, moves=2)
    made = [*offers(of, [3, 1, 3, 2, 3]), moved(of, 5)]
    return recorded(tmp_path / "child.jsonl", of, made, parent=began, session="branch")


def screen(first: Path, second: Path, review: Review = judged) -> CompareScreen:
    return CompareScreen(Recording(first), Recording(second), review=review)


def comparing(
    first: Path, second: Path, deed: Deed, size: tuple[int, int] = SMALL, review: Review = judged
) -> None:
    async def after(app: Sender, pilot: Pilot[None]) -> None:
        await settled(pilot)
        await deed(app, pilot)

    acted(partial(screen, first, second, review), after, size)


def screen_of(app: Sender) -> CompareScreen:
    shown = app.screen
    assert isinstance(shown, CompareScreen)
    return shown


def line_with(pilot: Pilot[None], start: str) -> str:
    return next(line for line in seen(pilot).splitlines() if line.strip("▸ ").startswith(start))


def test_results_are_told_with_their_differences(parent: Path, child: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        text = seen(pilot)
        assert "shared up to move 3 · first: 6 moves · second: 6 moves" in text
        assert "The second future was better for Buyer (+20.0) and worse for Supplier" in text
        assert line_with(pilot, "session").split() == ["session", "test", "branch"]
        assert line_with(pilot, "● Buyer").split() == ["●", "Buyer", "50.0", "70.0", "+20.0"]
        assert line_with(pilot, "▲ Supplier").split()[2:] == ["50.0", "20.0", "-30.0"]
        assert line_with(pilot, "from the frontier").split()[3:5] == ["0.00", "0.00"]
        assert line_with(pilot, "accuracy").split() == [
            *("accuracy", "●", "BUY", "78", "±", "4.1", "%", "90", "±", "4.1", "%", "+11.8")
        ]
        assert line_with(pilot, "volume").split() == ["volume", "2", "t", "3", "t", "≠"]
        assert "1 term is alike" in text

    comparing(parent, child, deed)


def test_nothing_is_called_better_or_other_than_a_session_that_goes_on(
    parent: Path, tmp_path: Path
) -> None:
    of = pair()
    began = Parent(session="test", event=2, hash="0" * 64, moves=2)
    made = offers(of, [3, 1, 3, 2])
    child = recorded(tmp_path / "child.jsonl", of, made, parent=began, session="branch")

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        assert line_with(pilot, "volume").split() == ["volume", "2", "t", "–"]
        assert line_with(pilot, "accuracy").split()[-1] == "%"
        assert "+11.8" not in seen(pilot)

    comparing(parent, child, deed)


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        (["right"], 0),
        (["right", "right"], 1),
        (["2", "j", "down"], 2),
        (["2", "G", "k"], 1),
        (["2", "end", "home"], 0),
        (["right", "right", "left"], 0),
    ],
)
def test_keys_go_through_the_rows(parent: Path, child: Path, keys: list[str], row: int) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await settled(pilot)

        assert screen_of(app)._row == row == app.screen.query_one(MoveChoices).place
        assert "Moves 1 to 3 are shared. Points: ● BUY" in seen(pilot)

    comparing(parent, child, deed)


def test_a_row_shows_both_moves_and_whether_they_differ(parent: Path, child: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await settled(pilot)
        assert line_with(pilot, "4 ▲ SUP").count("≠") == 1
        assert line_with(pilot, "6 ▲ SUP").count("=") == 1
        await pilot.click(MoveChoices, offset=(8, 1))
        await settled(pilot)
        assert screen_of(app)._row == 1
        text = seen(pilot)
        assert text.count("“Words of turn 4.”") == 2
        assert "worth 50.0 to Buyer" in text
        assert "worth 70.0 to Buyer" in text

    comparing(parent, child, deed)


def test_the_seat_is_changed_for_points_and_accuracy(parent: Path, child: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "s")
        await settled(pilot)
        await settled(pilot)
        assert screen_of(app)._row == 1
        text = seen(pilot)
        assert "Points: ▲ SUP" in text
        assert "worth 20.0 to Supplier" in text
        await pilot.press("1")
        await settled(pilot)
        assert "accuracy ▲ SUP" in seen(pilot)
        await pilot.press("s")
        await settled(pilot)
        assert "accuracy ● BUY" in seen(pilot)

    comparing(parent, child, deed)


def test_either_is_replayed_at_the_row_or_reviewed(parent: Path, child: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "r", "R", "v", "V")
        await settled(pilot)

        assert app.sent == [
            OpenReplay(parent, at=5),
            OpenReplay(child, at=5),
            OpenReview(parent, "BUY"),
            OpenReview(child, "BUY"),
        ]

    comparing(parent, child, deed)


def test_panels_are_chosen_by_keys_and_mouse(parent: Path, child: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        def shown() -> list[str | None]:
            return [panel.id for panel in app.screen.query(".panel") if panel.region.area]

        assert shown() == ["results"]
        for keys, panel in (
            ("tab", "rows"),
            ("shift+tab", "results"),
            ("2", "rows"),
            ("1", "results"),
        ):
            await pilot.press(keys)
            await settled(pilot)
            assert shown() == [panel]
        await pilot.click("#compare-tabs", offset=(16, 0))
        await settled(pilot)
        assert shown() == ["rows"]
        await pilot.press("pagedown", "pageup")
        await pilot.press("question_mark")
        await settled(pilot)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert not isinstance(app.screen, CompareScreen | HelpScreen)

    comparing(parent, child, deed)


def test_a_review_that_fails_leaves_the_rest(parent: Path, child: Path) -> None:
    def refused(path: Path, party: str | None, *_: object) -> Debrief:
        raise MinilateralError("no")

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        assert line_with(pilot, "accuracy").split()[3:] == ["not", "computed", "not", "computed"]
        assert "better for Buyer" in seen(pilot)

    comparing(parent, child, deed, review=refused)


def test_other_scenarios_are_refused_in_a_line(parent: Path, tmp_path: Path) -> None:
    of = pair(rounds=3)
    other = recorded(tmp_path / "other.jsonl", of, [moved(of, 0, 2)])

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        text = seen(pilot)
        assert "Nothing is compared" in text
        assert "the scenario was changed between them" in text
        await pilot.press("2", "right", "s", "r", "R", "v", "1", "escape")
        await settled(pilot)
        assert app.sent == []
        assert not isinstance(app.screen, CompareScreen)

    comparing(parent, other, deed)


def test_an_unfinished_session_shows_its_persons_points_only(parent: Path, tmp_path: Path) -> None:
    of = pair()
    seats = {**header(of).seats, "SUP": Seat(spec="human", decides="", words="")}
    second = recorded(tmp_path / "b.jsonl", of, offers(of, [3, 1, 3, 2]), seats=seats)

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        text = seen(pilot)
        assert "Buyer" not in text
        assert "cannot be said yet: the second is unfinished" in text
        assert "The others' points are sealed until the close." in text
        await pilot.press("s", "right", "r", "R")
        await settled(pilot)
        assert "Points: ▲ SUP" in seen(pilot)
        assert told(pilot) == ["no other seat may be seen until the close"]
        assert app.sent == [OpenReplay(parent, at=4), OpenReplay(second, see="SUP", at=4)]

    comparing(parent, second, deed)


def test_two_records_without_moves_are_shown(tmp_path: Path) -> None:
    paths = [recorded(tmp_path / name, pair(), []) for name in ("a.jsonl", "b.jsonl")]

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        assert "nothing shared" in seen(pilot)
        await pilot.press("right", "2", "r")
        await settled(pilot)
        assert "Neither has a move after those they share." in seen(pilot)
        assert app.sent == [OpenReplay(paths[0], at=0)]

    comparing(paths[0], paths[1], deed)


@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_many_parties_many_moves_and_hostile_words_are_shown(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    of = many(56)

    def talked(name: str, words: Callable[[int], str]) -> Path:
        made = [moved(of, turn, 1 + turn % 3, words=words(turn)) for turn in range(200)]
        return recorded(tmp_path / f"{name}.jsonl", of, made, session=HOSTILE)

    first = talked("first", lambda _: HOSTILE)
    second = talked("second", lambda turn: HOSTILE if turn < 3 else f"{HOSTILE} again")

    def refused(path: Path, party: str | None, *_: object) -> Debrief:
        raise MinilateralError(HOSTILE)

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        for key in ("1", "pagedown", "end", "2", "G", "pagedown", "pageup", "s"):
            await pilot.press(key)
            await settled(pilot)
            assert "\x1b" not in seen(pilot)
            assert "\u202e" not in seen(pilot)
        assert screen_of(app)._row == 196
        assert "[bold]x[/bold]" in seen(pilot)

    comparing(first, second, deed, size, refused)


@pytest.mark.parametrize("theme", ["minilateral-dark", "minilateral-light"])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
@pytest.mark.parametrize("keys", [[], ["right", "right"]], ids=["results", "rows"])
def test_two_futures_as_they_look(
    snap_compare: Compare,
    parent: Path,
    child: Path,
    keys: list[str],
    size: tuple[int, int],
    theme: str,
) -> None:
    app = Sender(partial(screen, parent, child))

    async def prepare(pilot: Pilot[None]) -> None:
        app.theme = theme
        for _ in range(2):
            await settled(pilot)
        await pilot.press(*keys)
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=prepare)
