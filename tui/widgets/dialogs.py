"""Short questions over the table: one of several, a text to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.text.wording import rewrapped
from tui.widgets.fitted import Text
from tui.widgets.tab_row import TabRow


class MenuScreen(ModalScreen[str | None]):
    """Has one of several things chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss_none", "Close")]

    def __init__(
        self, title: str, choices: Mapping[str, Content], closed: Sequence[Content] = ()
    ) -> None:
        """Ask.

        Args:
            title: What is chosen.
            choices: Name → what is shown of it.
            closed: What is shown below them of things that cannot be chosen now.
        """
        super().__init__()
        self._title, self._choices, self._shut = title, choices, closed

    def compose(self) -> ComposeResult:
        """Hold the list."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "Enter chooses · Esc closes"
            yield OptionList(
                *(
                    Option(told, id=f"choice-{at}")
                    for at, told in enumerate(self._choices.values())
                ),
                *(Option(told, disabled=True) for told in self._shut),
            )

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(list(self._choices)[event.option_index])

    def action_dismiss_none(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


class PapersScreen(ModalScreen[None]):
    """Shows papers that the seat may read, one at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,b", "close", "Close"),
        Binding("tab,right", "turn(1)", "Next", show=False),
        Binding("shift+tab,left", "turn(-1)", "Before", show=False),
        *(Binding(str(at), f"open({at})", show=False) for at in range(1, 10)),
    ]

    def __init__(
        self,
        papers: Mapping[str, Sequence[str]],
        first: str | None = None,
        *,
        kind: str = "paper",
    ) -> None:
        """Lay out papers.

        Args:
            papers: Title → its lines, which are shown as they are, without markup.
            first: The title of the one that is open.
            kind: What one of them is called.
        """
        super().__init__()
        self._papers = {title: list(lines) for title, lines in papers.items()}
        self._kind = kind
        titles = list(papers)
        self._open = titles.index(first) if first in titles else 0

    def compose(self) -> ComposeResult:
        """Hold the titles and one paper."""
        with Vertical(classes="dialog papers") as box:
            box.border_subtitle = f"1–9, ← → another {self._kind} · ↑ ↓ scroll · Esc closes"
            yield TabRow(id="titles")
            with VerticalScroll(id="paper"):
                yield Text(id="paper-text")

    def on_mount(self) -> None:
        """Open the first."""
        self.query_one(TabRow).names = {title: title for title in self._papers}
        self.query_one("#paper").focus()

    def on_resize(self) -> None:
        """Wrap anew."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        self.query_one(TabRow).active = list(self._papers)[self._open]
        width = self.query_one("#paper").scrollable_content_region.width
        lines = rewrapped(list(self._papers.values())[self._open], max(width, 20))
        self.query_one("#paper-text", Text).update(Content("\n".join(lines)))

    def action_turn(self, by: int) -> None:
        """Open the paper after or before."""
        self._open = (self._open + by) % len(self._papers)
        self._show()

    def action_open(self, number: int) -> None:
        """Open a paper by its number, from 1."""
        if number <= len(self._papers):
            self._open = number - 1
            self._show()

    @on(TabRow.Chosen)
    def _clicked(self, event: TabRow.Chosen) -> None:
        self._open = list(self._papers).index(event.key)
        self._show()

    def action_close(self) -> None:
        """Close the papers."""
        self.dismiss(None)
