"""What is asked of the person, or whom the table waits for, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from delegates.persons.person import Turn
from delegates.text import one_line
from tui.table.worth import worth_bar
from tui.text.hall_seat import draft
from tui.text.seat import situation
from tui.widgets.fitted import Text

MOST_LINES = 7
"""Lines of notes and of what is asked that are shown; the papers hold the rest."""

NOTE_LINES = 2
"""Lines that a note has at most."""


@dataclass(frozen=True)
class Chip:
    """Something that can be done, with its key."""

    key: str
    """Empty where only the mouse and the menu lead there."""
    label: str
    action: str


class Dock(Text):
    """Shows what is asked, what it is worth, and a row of what can be done."""

    told: reactive[tuple[Content, ...]] = reactive(())
    """Lines that tell what is going on."""
    chips: reactive[tuple[Chip, ...]] = reactive(())
    notes: reactive[tuple[str, ...]] = reactive(())
    """What is to be known beside that, as long as it holds."""
    problem: reactive[str] = reactive("")
    """Why the last answer could not be taken."""

    @dataclass
    class Clicked(Message):
        """A chip was clicked."""

        action: str

    def __init__(self) -> None:
        super().__init__(id="dock")
        self._places: list[tuple[int, int, int, str]] = []

    def on_resize(self, _: events.Resize) -> None:
        """Lay out anew."""
        self._show()

    def watch_told(self) -> None:
        """Tell what is going on."""
        self._show()

    def watch_chips(self) -> None:
        """Offer other things to do."""
        self._show()

    def watch_notes(self) -> None:
        """Tell what is to be known by now."""
        self._show()

    def watch_problem(self) -> None:
        """Tell what was wrong."""
        self._show()

    def _show(self) -> None:
        width = self.content_region.width
        if not width:
            return
        lines = [line for told in self.told for line in told.wrap(width)]
        notes = [line for told in self.notes for line in _note(told, width)][: MOST_LINES - 2]
        most = MOST_LINES - len(notes)
        if len(lines) > most:
            lines = [*lines[: most - 1], Content.styled("… b: all of it", "$muted")]
        lines += notes
        if self.problem:
            told = Content.assemble(("✗ ", "bold $error"), self.problem)
            lines += told.wrap(width)[:2]
        self._places = []
        lines += self._rows(width, len(lines))
        self.update(Content("\n").join(lines))

    def _rows(self, width: int, first: int) -> list[Content]:
        """Return the chips in as many rows as they take, and note where each stands."""
        rows: list[list[Content]] = []
        column = width
        for chip in self.chips:
            text = f" {chip.key} {chip.label} " if chip.key else f" {chip.label} "
            if column + len(text) > width:
                rows.append([])
                column = 0
            key = (f" {chip.key} ", "bold $primary") if chip.key else (" ", "")
            rows[-1].append(
                Content.assemble(key, f"{chip.label} ").stylize("on $panel", 0, len(text))
            )
            rows[-1].append(Content(" "))
            self._places.append((first + len(rows) - 1, column, column + len(text), chip.action))
            column += len(text) + 1
        return [Content.assemble(*row) for row in rows]

    def on_click(self, event: events.Click) -> None:
        """Tell which chip was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for row, start, end, action in self._places:
            if row == offset.y and start <= offset.x < end:
                self.post_message(self.Clicked(action))


def _note(told: str, width: int) -> list[Content]:
    """Return the lines of a note, cut where it has more than there is room for."""
    lines = Content.assemble(("! ", "bold $warning"), told).wrap(width)
    if len(lines) > NOTE_LINES:
        room = max(width - 1, 1)
        cut = lines[NOTE_LINES - 1].truncate(room)
        lines = [*lines[: NOTE_LINES - 1], Content.assemble(cut, "…")]
    return lines


def asked_lines(turn: Turn, width: int) -> tuple[Content, ...]:
    """Return what a turn asks of the person, in as few lines as tell it."""
    view = turn.view
    title, *rest = situation(view)
    known = set(draft(view, view.hall)) if view.hall is not None else set[str]()
    lines = [Content.styled(title, "bold $primary")]
    lines += [Content(" ".join(item.split())) for item in rest if item not in known]
    if view.offer is not None:
        lines.append(worth_bar(view, view.offer, max(min(width - 44, 40), 12)))
    if turn.advice is not None:
        lines.append(advice_line(turn))
    return tuple(lines)


def advice_line(turn: Turn) -> Content:
    """Return what the adviser said in this turn, in one line; the papers hold all of it."""
    words = "" if turn.advice is None else one_line(turn.advice.words, 100)
    return Content.assemble(("Adviser ", "bold $accent"), ("(b: all of it): ", "$muted"), words)
