"""A branch is asked for: from which move, in whose seat, against whom."""

from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from games.errors import SeatError
from tests.tui.replaying import seen, settled
from tests.tui.screens.errands import Deed, Sender, acted
from tests.tui.screens.test_snapshots import Compare
from tui.errands import TryAgain
from tui.screens.help import HelpScreen
from tui.screens.try_again import TryAgainScreen, others_given, seats_after

PATH = Path("session.jsonl")
PARTIES = {"BUY": "Buyer", "SUP": "Supplier"}
SEATS = {"BUY": "human", "SUP": "boulware"}

SIZES = [(80, 24), (120, 36), (200, 60)]


def opened(total: int | None = 14, **more: object) -> TryAgainScreen:
    return TryAgainScreen(
        PATH, **{"at": 6, "parties": PARTIES, "seats": SEATS, **more}, total=total
    )


def trying(deed: Deed, **more: object) -> None:
    acted(partial(opened, **more), deed)


@pytest.mark.parametrize(
    ("keys", "at", "seats"),
    [
        (["enter"], 6, {"BUY": "human"}),
        (["down", "enter"], 6, {"BUY": "firm", "SUP": "human"}),
        (["j", "k", "enter"], 6, {"BUY": "human"}),
        (["k", "enter"], 6, {"BUY": "firm"}),
        (["minus", "minus", "plus", "enter"], 5, {"BUY": "human"}),
        (["left_square_bracket"] * 9 + ["enter"], 0, {"BUY": "human"}),
        (["right_square_bracket"] * 9 + ["enter"], 14, {"BUY": "human"}),
        (["tab", "space", "tab", "enter"], 6, {"BUY": "human(hints=yes)"}),
        (["tab", "tab", *"SUP=linear", "enter"], 6, {"BUY": "human", "SUP": "linear"}),
    ],
)
def test_keys_say_what_is_tried(keys: list[str], at: int, seats: dict[str, str]) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await settled(pilot)

        assert app.sent == [TryAgain(PATH, at, seats)]
        assert not isinstance(app.screen, TryAgainScreen)

    trying(deed)


def test_the_mouse_says_what_is_tried() -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.click("#more")
        await pilot.click("#more")
        await pilot.click("#less")
        await pilot.click("#seats", offset=(4, 2))
        await pilot.click("#hints")
        await pilot.click("#begin")
        await settled(pilot)

        assert app.sent == [TryAgain(PATH, 7, {"BUY": "firm", "SUP": "human(hints=yes)"})]

    trying(deed)


@pytest.mark.parametrize("key", ["escape", "back"])
def test_one_can_go_back_without_beginning(key: str) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        if key == "back":
            await pilot.click("#back")
        else:
            await pilot.press(key)
        await settled(pilot)

        assert app.sent == []
        assert not isinstance(app.screen, TryAgainScreen)

    trying(deed)


@pytest.mark.parametrize("key", ["question_mark", "f1"])
def test_help_tells_the_keys(key: str) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press(key)
        await settled(pilot)

        assert isinstance(app.screen, HelpScreen)
        assert "keep a move less or more" in seen(pilot)

    trying(deed)


@pytest.mark.parametrize(
    ("at", "others", "told"),
    [
        ("15", "", "moves kept: '15'; expected 0 to 14"),
        ("", "", "moves kept: ''; expected 0 to 14"),
        ("3", "SUP", "'SUP'; expected ID=SPEC"),
        ("3", "USA=linear", "no party 'USA'; expected one of BUY, SUP"),
        ("3", "SUP=linear; SUP=firm", "SUP is given twice"),
        ("3", "SUP=nobody", "nobody"),
        ("3", "SUP=human", "choose the seat you take in the list"),
        ("3", "BUY=linear", "BUY is the seat you take"),
    ],
)
def test_what_cannot_be_meant_is_told_in_a_line(at: str, others: str, told: str) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        app.screen.query_one("#at", Input).value = at
        app.screen.query_one("#others", Input).value = others
        await pilot.press("enter")
        await settled(pilot)

        assert app.sent == []
        assert told in " ".join(seen(pilot).split()).replace(" │ │ ", " ")

    trying(deed)


def test_watching_leaves_no_person_in_any_seat() -> None:
    seats = {"A": "human(stand-in=linear)", "B": "human", "C": "firm"}

    assert seats_after(seats, None, {}) == {"A": "linear", "B": "firm"}
    assert seats_after(seats, None, {"A": "firm"}) == {"A": "firm", "B": "firm"}


def test_a_person_who_stays_keeps_the_seat_as_it_was() -> None:
    seats = {"A": "human(stand-in=linear, limit=60)", "B": "firm"}

    assert seats_after(seats, "A", {}) == {"A": "human(stand-in=linear, limit=60)"}


@pytest.mark.parametrize(
    ("before", "hints", "after"),
    [
        (
            "human(stand-in=linear, limit=60)",
            True,
            "human(stand-in=linear, limit=60, hints=yes)",
        ),
        ("human(limit=60,hints=no)", True, "human(limit=60, hints=yes)"),
        ("human(hints=yes,limit=60)", False, "human(limit=60)"),
        ("human(hints=yes)", False, "human"),
        ("human(stand-in=llm):gpt-5-mini", True, "human(stand-in=llm, hints=yes):gpt-5-mini"),
        ("human", True, "human(hints=yes)"),
        ("firm", True, "human(hints=yes)"),
        ("firm", False, "human"),
    ],
)
def test_the_box_of_hints_changes_nothing_else_of_a_seat(
    before: str, hints: bool, after: str
) -> None:
    assert seats_after({"A": before}, "A", {}, hints=hints) == {"A": after}


def test_other_seats_may_hold_commas_and_equals() -> None:
    given = others_given(
        "A = tit-for-tat(goodwill=0.1, answers=least) ;; B=firm;", {"A": "", "B": ""}
    )

    assert given["B"] == "firm"
    assert given["A"] == "tit-for-tat(goodwill=0.1, answers=least)"


def test_a_seat_cannot_be_taken_and_given_away() -> None:
    with pytest.raises(SeatError, match="A is the seat you take"):
        seats_after({"A": "firm"}, "A", {"A": "linear"})


def test_hostile_names_and_many_parties_are_shown_as_text() -> None:
    parties = {f"P{number}": f"\x1b[31m[bold]x[/bold] [/nothing] {number}" for number in range(56)}

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("end", "enter")
        await settled(pilot)

        assert app.sent == [TryAgain(PATH, 6, {"P55": "human"})]

    async def look(app: Sender, pilot: Pilot[None]) -> None:
        text = seen(pilot)
        assert "\x1b" not in text
        assert "[bold]x[/bold] [/nothing] 0" in text
        await deed(app, pilot)

    trying(look, parties=parties, seats=dict.fromkeys(parties, "firm"), total=None)


@pytest.mark.parametrize("theme", ["minilateral-dark", "minilateral-light"])
@pytest.mark.parametrize("size", SIZES, ids=["small", "middling", "large"])
def test_try_again_as_it_looks(snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    app = Sender(opened)

    async def prepare(pilot: Pilot[None]) -> None:
        app.theme = theme
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=prepare)
