"""Try again: from which move, in whose seat, against whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Checkbox, Input, OptionList
from textual.widgets.option_list import Option

from delegates.minds.human import HINTS, HUMAN
from delegates.peers.presence import require_here
from delegates.sealing import is_person
from delegates.seats import parse_seat
from delegates.text import one_line
from games.errors import SeatError
from tui.errands import TryAgain
from tui.nodes import app_of
from tui.screens.help import HelpScreen
from tui.text.labels import GLYPHS, HUES
from tui.widgets.fitted import Text

_LONGEST = 40

KEYS = {
    "↑ ↓ · j k": "choose the seat you take",
    "− + · [ ]": "keep a move less or more",
    "Tab, Shift+Tab": "to the next field, or the one before",
    "Space": "in the box of hints: have them, or not",
    "Enter": "begin",
    "Esc": "back, nothing is begun",
}
"""What each key does."""

READING = {
    "Moves kept": "everything up to that move stands as it was; what came after is played anew. "
    "The session you come from is left as it is.",
    "Seat": "the one you take from there on. Whoever else is a person gives way to their stand-in.",
    "Other seats": "who sits otherwise for the others, as ID=SPEC and semicolons between, for "
    "instance USA=boulware; COD=linear. Those you do not name stay who they are.",
}
"""How to read the fields."""


class SeatList(OptionList):
    """The seats one may take; Enter begins."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.begin", "Begin", show=False),
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("minus,left_square_bracket", "screen.keep(-1)", "A move less", show=False),
        Binding("plus,right_square_bracket", "screen.keep(1)", "A move more", show=False),
        Binding("question_mark", "screen.help", "Help", show=False),
    ]


class StepButton(Button):
    """A button that is clicked several times in a row, each of which counts."""

    def __init__(self, sign: str, id: str) -> None:  # noqa: A002 - a widget's own word
        super().__init__(sign, id=id, compact=True)
        # While a button shows that it was pressed, Textual lets further clicks go by.
        self.active_effect_duration = 0


class TryAgainScreen(ModalScreen[None]):
    """Asks for what a branch needs, and sends the errand."""

    CSS_PATH = "try_again.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back"),
        Binding("f1", "help", "Help", show=False),
    ]

    def __init__(
        self,
        path: Path,
        at: int,
        parties: Mapping[str, str],
        seats: Mapping[str, str],
        total: int | None = None,
    ) -> None:
        """Ask from a move on.

        Args:
            path: The transcript that is branched.
            at: How many moves are kept, unless the person says otherwise.
            parties: Party → its name, in the order of moves.
            seats: Party → specification of who sits there now.
            total: How many moves there are; None where that is not known.
        """
        super().__init__()
        self._path, self._parties, self._seats, self._total = path, parties, seats, total
        self._at = max(at if total is None else min(at, total), 0)
        persons = [party for party in parties if is_person(seats.get(party, ""))]
        self._first = list(parties).index(persons[0]) + 1 if persons else 0
        self._hints = any(parse_seat(seats[party]).may_ask_advice for party in persons)

    def compose(self) -> ComposeResult:
        """Lay the fields one under the other."""
        with VerticalScroll(id="try-again") as box:
            box.can_focus = False
            box.border_title = "Try again"
            box.border_subtitle = "Enter begins · Tab goes on · F1 help · Esc back"
            yield Text("The talks stand as they were up to a move, and go on anew from there.")
            with Horizontal(id="keep"):
                yield Text("Moves kept", classes="field")
                yield StepButton("−", "less")
                yield Input(str(self._at), id="at", type="integer", max_length=7, compact=True)
                yield StepButton("+", "more")
                yield Text("" if self._total is None else f"of {self._total}", id="total")
            yield Text("Seat you take", classes="field")
            yield SeatList(
                *map(Option, self._choices(self._first)), id="seats", markup=False, compact=True
            )
            yield Checkbox(_hints_told(self._hints), self._hints, id="hints", compact=True)
            yield Text("Other seats, if others are to sit there", classes="field")
            yield Input(placeholder=self._example(), id="others", compact=True)
            yield Text("", id="problem", markup=False)
            with Horizontal(id="buttons"):
                yield Button("Begin", variant="primary", id="begin", compact=True)
                yield Button("Back", id="back", compact=True)

    def on_mount(self) -> None:
        """Begin at the seats, the person's own chosen."""
        seats = self.query_one(SeatList)
        seats.highlighted = self._first
        seats.focus()

    def _choices(self, chosen: int) -> list[Content]:
        """Return the seats as lines; the chosen one bears a mark."""
        told = [Content("none: watch the delegates play on")]
        for position, (party, name) in enumerate(self._parties.items()):
            sits = one_line(self._seats.get(party, "not known"), _LONGEST)
            now = "you" if is_person(self._seats.get(party, "")) else sits
            sign, style = GLYPHS[position % HUES], f"$party-{position % HUES}"
            told.append(
                Content.assemble(
                    (f"{sign} {one_line(name, _LONGEST) or party}", style),
                    (f"  {one_line(party, _LONGEST)}, now {now}", "$muted"),
                )
            )
        return [
            Content.assemble(("▸ ", "bold $primary") if position == chosen else "  ", line)
            for position, line in enumerate(told)
        ]

    def _example(self) -> str:
        return "; ".join(f"{one_line(party, 12)}=boulware" for party in list(self._parties)[-1:])

    @property
    def taken(self) -> str | None:
        """The party whose seat is chosen; None to watch."""
        chosen = self.query_one(SeatList).highlighted or 0
        return None if chosen == 0 else list(self._parties)[chosen - 1]

    def action_keep(self, by: int) -> None:
        """Keep some moves more or less."""
        at = self.query_one("#at", Input)
        kept = (int(at.value) if at.value.isdecimal() else self._at) + by
        most = kept if self._total is None else self._total
        at.value = str(min(max(kept, 0), most))

    def action_help(self) -> None:
        """Show what the keys do."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))

    def action_begin(self) -> None:
        """Send the errand, or say in a line what it lacks."""
        try:
            errand = self._errand()
        except SeatError as error:
            self.query_one("#problem", Text).update(Content(one_line(str(error))))
            return
        app = app_of(self)
        self.dismiss()
        app.post_message(errand)

    def _errand(self) -> TryAgain:
        """Return what is to be done.

        Raises:
            SeatError: If a field holds something that cannot be meant.
        """
        text = self.query_one("#at", Input).value
        most = "" if self._total is None else f" to {self._total}"
        at = int(text) if text.isdecimal() else -1
        if at < 0 or (self._total is not None and at > self._total):
            raise SeatError(f"moves kept: {text!r}; expected 0{most or ' or more'}")
        others = others_given(self.query_one("#others", Input).value, self._parties)
        hints = self.query_one("#hints", Checkbox).value
        return TryAgain(self._path, at, seats_after(self._seats, self.taken, others, hints=hints))

    @on(Checkbox.Changed)
    def _tell_hints(self, message: Checkbox.Changed) -> None:
        message.checkbox.label = _hints_told(message.value)

    @on(SeatList.OptionHighlighted)
    def _mark(self, message: SeatList.OptionHighlighted) -> None:
        seats = message.option_list
        for position, choice in enumerate(self._choices(message.option_index)):
            seats.replace_option_prompt_at_index(position, choice)

    @on(Button.Pressed, "#less")
    def _less(self) -> None:
        self.action_keep(-1)

    @on(Button.Pressed, "#more")
    def _more(self) -> None:
        self.action_keep(1)

    @on(Button.Pressed, "#back")
    def _back(self) -> None:
        self.dismiss()

    @on(Button.Pressed, "#begin")
    @on(Input.Submitted)
    def _begin(self) -> None:
        self.action_begin()


def _hints_told(has_hints: bool) -> str:
    return f"hints from an adviser: {'yes' if has_hints else 'no'}"


def _parsed_stand_in(spec: str) -> str | None:
    """Return who moves in a person's place; None where no person sits."""
    stand_in = parse_seat(spec).stand_in if is_person(spec) else None
    return None if stand_in is None else stand_in.text


def others_given(text: str, parties: Mapping[str, str]) -> dict[str, str]:
    """Return party → specification of who is to sit there, as a person wrote it.

    Args:
        text: ID=SPEC, semicolons between; empty for none.
        parties: The parties there are.

    Raises:
        SeatError: If a part of it has another form, is for no party, names a party twice, seats a
            person or somebody who is not here, or is no seat specification.
    """
    seats: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        party, equals, spec = (piece.strip() for piece in part.partition("="))
        if not equals or not spec:
            raise SeatError(f"other seats: {part!r}; expected ID=SPEC, e.g. USA=boulware")
        if party not in parties:
            known = ", ".join(list(parties)[:8]) + (" …" if len(parties) > 8 else "")
            raise SeatError(f"other seats: no party {party!r}; expected one of {known}")
        if party in seats:
            raise SeatError(f"other seats: {party} is given twice; expected once")
        sits = parse_seat(spec, "any")
        if sits.is_person:
            raise SeatError(f"other seats: {part!r}; choose the seat you take in the list above")
        require_here(sits)
        seats[party] = spec
    return seats


def seats_after(
    seats: Mapping[str, str], taken: str | None, others: Mapping[str, str], *, hints: bool = False
) -> dict[str, str]:
    """Return who sits otherwise from a branch on: at most one person, in the seat that was taken.

    Args:
        seats: Party → specification of who sits there before.
        taken: The party whose seat the person takes; None for no one's.
        others: Party → specification of who is to sit there.
        hints: Whether the person may ask the adviser.

    Raises:
        SeatError: If the seat that is taken is to be another's too.
    """
    if taken is not None and taken in others:
        raise SeatError(f"other seats: {taken} is the seat you take; expected another party's")
    after = dict(others)
    for party, spec in seats.items():
        stand_in = _parsed_stand_in(spec)
        if stand_in is not None and party not in (taken, *others):
            after[party] = stand_in
    if taken is not None:
        after[taken] = _person_after(seats.get(taken, ""), hints=hints)
    return after


def _person_after(before: str, *, hints: bool) -> str:
    """Return a person's seat: a person's of before, but for whether the adviser may be asked."""
    seat = before if is_person(before) else HUMAN
    spec = parse_seat(seat)
    if spec.may_ask_advice == hints:
        return seat
    given = [part.strip() for part in spec.given.split(",") if part.strip()]
    kept = [part for part in given if part.partition("=")[0].strip() != HINTS]
    return replace(spec, given=", ".join([*kept, f"{HINTS}=yes"] if hints else kept)).text
