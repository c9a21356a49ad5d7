"""The panels of a review: overview with lessons, moves, and texts that wrap to their width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message

from games.review.debrief import Debrief, Lesson
from tui.text.labels import PartyLabel, party_labels
from tui.widgets.choices import Choices
from tui.widgets.debrief_lines import left_lines, lesson_lines, play_lines
from tui.widgets.fitted import Build, Fitted, Text
from tui.widgets.listing import Listing, Row
from tui.widgets.move_note import EMPTY, move_row, note_lines

R_MEANS = "  r is what you have without agreement"
"""Stands beside the title of lessons: they and the moves speak of r."""

_SCROLLING: list[BindingType] = [
    Binding("up,k", "scroll_up", "Up", show=False),
    Binding("down,j", "scroll_down", "Down", show=False),
    Binding("pageup", "page_up", "Page up", show=False),
    Binding("pagedown", "page_down", "Page down", show=False),
    Binding("g,home", "scroll_home", "Top", show=False),
    Binding("G,end", "scroll_end", "End", show=False),
]


def _nothing(_: int) -> list[Content]:
    return []


@dataclass
class ToMove(Message):
    """Someone wants to see a move, by its number in the session, from 1."""

    number: int


@dataclass
class MoveChosen(Message):
    """Another of the party's moves is shown, by its place among them, from 0."""

    place: int


class TextPanel(VerticalScroll, inherit_bindings=False):
    """A panel of one text, to be scrolled through."""

    BINDINGS: ClassVar[list[BindingType]] = _SCROLLING

    def __init__(self, title: str, id: str, classes: str = "panel") -> None:  # noqa: A002 - a widget's own word
        super().__init__(id=id, classes=classes)
        self.border_title = Content(title)
        self._text = Fitted(_nothing)

    def compose(self) -> ComposeResult:
        """Hold the text."""
        yield self._text

    def tell(self, lines: Build) -> None:
        """Show other lines, from the top."""
        self._text.show(lines)
        self.scroll_home(animate=False)


class LessonCard(Fitted, can_focus=True):
    """A lesson; Enter or a click leads to the moves it points to, one after the other."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "follow", "To its move", show=False),
    ]

    def __init__(self, lesson: Lesson, number: int) -> None:
        super().__init__(lambda width: lesson_lines(lesson, number, width), classes="lesson")
        self._lesson = lesson
        self._followed = 0

    def on_click(self) -> None:
        """Lead to the next move."""
        self.action_follow()

    def action_follow(self) -> None:
        """Lead to the next of the moves it points to."""
        moves = self._lesson.moves
        if moves:
            self.post_message(ToMove(moves[self._followed % len(moves)]))
            self._followed += 1


class OverviewPanel(VerticalScroll, inherit_bindings=False):
    """How well the party played, three lessons, and the value left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "lesson(-1)", "Lesson before", show=False),
        Binding("down,j", "lesson(1)", "Next lesson", show=False),
        *_SCROLLING[2:],
    ]

    def __init__(self) -> None:
        super().__init__(id="overview", classes="panel")
        self.border_title = "Overview"
        self._play, self._left = Fitted(_nothing, id="play"), Fitted(_nothing, id="left")
        self._lessons = Vertical(id="lessons")

    def compose(self) -> ComposeResult:
        """Hold accuracy and result, then the lessons, then what was left."""
        yield self._play
        yield self._lessons
        yield self._left

    def say(self, told: str, style: str = "$muted") -> None:
        """Show a line in place of everything."""
        self._play.show(lambda width: Content.styled(told, style).wrap(width))

    async def tell(self, debrief: Debrief, labels: dict[str, PartyLabel]) -> None:
        """Show another debrief."""
        self._play.show(lambda width: play_lines(debrief, labels, width))
        await self._lessons.remove_children()
        none = "none in this record"
        if debrief.is_sealed:
            is_open = debrief.status == "open"
            none = (
                "drawn once the session is over" if is_open else "kept by whoever hosted the table"
            )
        title = "Lessons" if debrief.lessons else f"Lessons: {none}."
        await self._lessons.mount(
            Text(Content.assemble((title, "bold"), (R_MEANS * bool(debrief.lessons), "$muted"))),
            *(LessonCard(lesson, number) for number, lesson in enumerate(debrief.lessons, start=1)),
        )
        self._left.show(lambda width: left_lines(debrief, width))

    def action_lesson(self, by: int) -> None:
        """Go to the lesson before or after; past the last one, scroll."""
        cards = list(self.query(LessonCard))
        here = next((n for n, card in enumerate(cards) if card.has_focus), -1 if by > 0 else 0)
        wanted = here + by
        if 0 <= wanted < len(cards):
            cards[wanted].focus()
        else:
            self.scroll_relative(y=2 * by, animate=False)


class MoveChoices(Choices):
    """Moves by their places, from 0; the current one is shown beside."""

    def __init__(self) -> None:
        super().__init__(id="choices")

    def tell(self, moves: Sequence[Callable[[int], Content]], place: int = 0) -> None:
        """Show other moves, given as what draws each for a width, one of them as current."""
        self.show([Row(str(number), draw) for number, draw in enumerate(moves)])
        self.go(min(place, len(moves) - 1))

    @property
    def place(self) -> int | None:
        """Where the current move stands, if there is any."""
        return None if self.current is None else int(self.current)

    def go(self, place: int) -> None:
        """Make a move the current one."""
        self.current = str(place) if place >= 0 else None


class MovesPanel(Vertical):
    """The party's moves and, under them, all that is said of the chosen one."""

    def __init__(self) -> None:
        super().__init__(id="moves", classes="panel")
        self.border_title = "Moves"
        self._choices = MoveChoices()
        self._note = TextPanel("", "note", "")
        self._debrief: Debrief | None = None
        self._labels: dict[str, PartyLabel] = {}

    def compose(self) -> ComposeResult:
        """Hold the list above the note."""
        yield self._choices
        yield self._note

    def tell(self, debrief: Debrief) -> None:
        """Show another debrief."""
        self._debrief = debrief
        self._labels = {label.id: label for label in party_labels(debrief.scenario)}
        self._choices.tell([partial(move_row, note) for note in debrief.moves])
        if debrief.moves:
            self._tell_note(0)
        else:
            self._note.tell(lambda _: [Content.styled("This party made no move.", "$muted")])

    def show(self, place: int) -> None:
        """Show one of the moves; the list follows."""
        self._choices.go(place)

    @on(Listing.Moved)
    def _show(self, message: Listing.Moved) -> None:
        message.stop()
        place = self._choices.place
        if place is not None:
            self._tell_note(place)
            self.post_message(MoveChosen(place))

    def _tell_note(self, place: int) -> None:
        if self._debrief is not None and place < len(self._debrief.moves):
            note = self._debrief.moves[place]
            self._note.tell(lambda width: [*note_lines(note, self._labels, width), EMPTY])

    @property
    def choices(self) -> MoveChoices:
        """The list, which takes the focus."""
        return self._choices

    def page(self, by: int) -> None:
        """Scroll what is said of the move by a page."""
        height = max(self._note.scrollable_content_region.height - 1, 1)
        self._note.scroll_relative(y=by * height, animate=False)
