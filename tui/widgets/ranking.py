"""Issues in an order that keys and mouse change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget


class RankingList(Widget, can_focus=True, inherit_bindings=False):
    """Shows issues, the weightiest first once they are ranked; until then in the agenda's order."""

    DEFAULT_CSS = """
    RankingList { width: 100%; height: auto; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Up", show=False),
        Binding("down", "step(1)", "Down", show=False),
        Binding("shift+up,K,minus", "move(-1)", "Weightier", show=False),
        Binding("shift+down,J,plus", "move(1)", "Lighter", show=False),
        Binding("backspace,delete", "clear", "Clear", show=False),
        *(
            Binding(str(place), f"put({place})", f"To {place}", show=False)
            for place in range(1, 10)
        ),
    ]

    current: reactive[int] = reactive(0)
    """The place of the current issue."""

    def __init__(
        self,
        issues: Mapping[str, str],
        given: Sequence[str] = (),
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - a widget's own word
    ) -> None:
        """Show issues.

        Args:
            issues: Issue → what it is called, in the agenda's order.
            given: The order in which they were ranked before; none if they were not.
            name: Whose ranking it is.
            id: The widget's.
        """
        super().__init__(name=name, id=id)
        self._issues = issues
        known = [issue for issue in given if issue in issues]
        self._order = [*known, *(issue for issue in issues if issue not in known)]
        self._is_ranked = bool(known)
        self._dragged: str | None = None

    @property
    def ranking(self) -> tuple[str, ...]:
        """The issues, the weightiest first; empty as long as they are not ranked."""
        return tuple(self._order) if self._is_ranked else ()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return a line for each issue."""
        del container, viewport, width
        return len(self._order)

    def render(self) -> Content:
        """Return the issues, each on a line."""
        return Content("\n").join(self._line(place) for place in range(len(self._order)))

    def _line(self, place: int) -> Content:
        is_current = place == self.current and self.has_focus
        number = f"{place + 1:>2}" if self._is_ranked else " ·"
        sign = ("▸" if is_current else " ", "bold $primary")
        name = Content(self._issues[self._order[place]])
        line = Content.assemble(sign, (number, "bold $primary"), " ", name)
        line = line.truncate(max(self.size.width, 1), ellipsis=True, pad=True)
        if is_current:
            return line.stylize("on $here")
        return line if self._is_ranked else line.stylize("$muted")

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the current issue only where it can be moved."""
        super().watch_has_focus(has_focus)
        self.refresh()

    def action_step(self, by: int) -> None:
        """Make the issue above or below the current one."""
        self.current = min(max(self.current + by, 0), len(self._order) - 1)

    def action_move(self, by: int) -> None:
        """Rank the current issue one place higher or lower."""
        self._put(self.current, min(max(self.current + by, 0), len(self._order) - 1))

    def action_put(self, place: int) -> None:
        """Rank the current issue at a place, from 1."""
        self._put(self.current, min(place, len(self._order)) - 1)

    def action_clear(self) -> None:
        """Leave the ranking open."""
        self._order, self._is_ranked = list(self._issues), False
        self.refresh()

    def _put(self, place: int, other: int) -> None:
        self._order.insert(other, self._order.pop(place))
        self._is_ranked = True
        self.current = other
        self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of an issue."""
        at = event.get_content_offset(self)
        if at is not None and at.y < len(self._order):
            self.current = at.y
            self._dragged = self._order[at.y]
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw the issue that is held to where the mouse is."""
        if self._dragged is None:
            return
        place = min(max(event.y, 0), len(self._order) - 1)
        held = self._order.index(self._dragged)
        if place != held:
            self._put(held, place)

    def on_mouse_up(self, _: events.MouseUp) -> None:
        """Let it go."""
        self._dragged = None
        self.release_mouse()
