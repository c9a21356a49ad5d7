"""A question with a list of answers, over a screen: one is found by typing and taken by Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.text.columns import left, width_of
from tui.widgets.fitted import Text
from tui.widgets.listing import Listing, Row

Check = Callable[[str], str | None]
"""Returns what is wrong with an answer, in a line; None if nothing is."""


class ChoiceScreen(ModalScreen[str | None]):
    """Asks for one of some answers, or for one of the person's own where that is allowed."""

    CSS_PATH = "choice.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close"),
        Binding("up", "step(-1)", "Up", show=False, priority=True),
        Binding("down", "step(1)", "Down", show=False, priority=True),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True),
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        answers: Mapping[str, str],
        *,
        current: str | None = None,
        free: str | None = None,
        typed: str = "",
        check: Check | None = None,
    ) -> None:
        """Ask.

        Args:
            title: The question.
            answers: Answer → what stands beside it.
            current: The answer that holds now.
            free: What an answer of one's own is, where one is allowed; it stands in the empty line.
            typed: What stands in the line already.
            check: Says what is wrong with an answer; without it every one is right.
        """
        super().__init__()
        self._title = title
        self._answers = answers
        self._current = current
        self._free = free
        self._typed = typed
        self._check = check
        self._stepped = False
        self._wide = max(map(width_of, answers), default=0)

    def compose(self) -> ComposeResult:
        """Hold a line to type in, and the answers below it."""
        with Vertical(id="choice") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "Enter takes · Esc closes"
            yield Input(self._typed, placeholder=self._free or "type to find", id="choice-typed")
            yield Text(id="choice-problem")
            yield Listing(self._rows(""), id="choice-answers")

    def on_mount(self) -> None:
        """Begin at the answer that holds now."""
        typed = self.query_one(Input)
        typed.cursor_blink = False
        typed.focus()
        listing = self._listing
        listing.can_focus = False
        listing.display = bool(self._answers)
        if self._current in self._answers:
            listing.current = self._current

    @property
    def _listing(self) -> Listing:
        return self.query_one("#choice-answers", Listing)

    def _rows(self, typed: str) -> list[Row]:
        sought = typed.strip().lower()
        return [
            Row(answer, lambda _, answer=answer, told=told: self._line(answer, told))
            for answer, told in self._answers.items()
            if sought in f"{answer} {told}".lower()
        ]

    def _line(self, answer: str, told: str) -> Content:
        return Content.assemble(f"{left(answer, self._wide)}", ("  " + told, "$muted"))

    @on(Input.Changed)
    def _find(self, event: Input.Changed) -> None:
        self._stepped = False
        self._listing.show(self._rows(event.value))
        self._say("")

    @on(Input.Submitted)
    def _take_typed(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        key = self._listing.current
        begun = key is not None and key.startswith(typed)
        if typed in self._answers or (typed and self._free is not None and not begun):
            key = key if self._stepped else typed
        self._take(key)

    @on(Listing.Chosen)
    def _take_chosen(self, event: Listing.Chosen) -> None:
        self._take(event.key)

    def _take(self, answer: str | None) -> None:
        if answer is None:
            self._say("nothing like that is in the list" if self._answers else "type an answer")
            return
        problem = self._check(answer) if self._check is not None else None
        if problem is None:
            self.dismiss(answer)
        else:
            self._say(problem)

    def _say(self, problem: str) -> None:
        line = self.query_one("#choice-problem", Text)
        line.update(Content(f"✗ {problem}") if problem else Content(""))
        line.display = bool(problem)

    def action_step(self, by: int) -> None:
        """Make the answer after or before the current one."""
        self._stepped = True
        self._listing.action_step(by)

    def action_page(self, direction: int) -> None:
        """Go a screenful on or back."""
        self._stepped = True
        self._listing.action_page(direction)
