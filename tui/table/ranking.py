"""Issues put in order by keys or mouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class Ranking(Widget, can_focus=True):
    """Shows names in order; one of them can be moved up or down.

    As long as nothing was moved, no order has been given.
    """

    DEFAULT_CSS = """
    Ranking { height: auto; padding: 0 1; }
    Ranking:focus { background: $here; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "point(-1)", "Name above", show=False),
        Binding("down", "point(1)", "Name below", show=False),
        Binding("shift+up,K,left", "shift(-1)", "Move up", show=False),
        Binding("shift+down,J,right", "shift(1)", "Move down", show=False),
        Binding("enter", "app.focus_next", "Next", show=False),
    ]

    here: reactive[int] = reactive(0)
    """The name that is pointed at."""

    def __init__(self, names: Mapping[str, str], given: Sequence[str], *, name: str) -> None:
        """Have names ordered.

        Args:
            names: Key → what is shown.
            given: The keys in the order that was given before; none if none was.
            name: Whose order it is.
        """
        super().__init__(name=name)
        self._names = dict(names)
        known = [key for key in given if key in self._names]
        self._order = [*known, *(key for key in self._names if key not in known)]
        self._is_given = bool(known)

    @property
    def given(self) -> tuple[str, ...]:
        """The keys in order; none as long as nothing was moved."""
        return tuple(self._order) if self._is_given else ()

    def render(self) -> Content:
        """Return a line for each name."""
        lines = [
            Content.assemble(
                ("▌" if at == self.here and self.has_focus else " ", "$primary"),
                (f"{at + 1 if self._is_given else '·'} ", "$muted"),
                (self._names[key], "bold" if at == self.here and self.has_focus else ""),
            )
            for at, key in enumerate(self._order)
        ]
        return Content("\n").join(lines)

    def action_point(self, by: int) -> None:
        """Point at the name above or below; beyond the ends lies another field."""
        if not 0 <= self.here + by < len(self._order):
            self.screen.focus_next() if by > 0 else self.screen.focus_previous()
            return
        self.here += by

    def action_shift(self, by: int) -> None:
        """Move the name that is pointed at."""
        to = self.here + by
        self._is_given = True
        if 0 <= to < len(self._order):
            order = self._order
            order[self.here], order[to] = order[to], order[self.here]
            self.here = to
        self.refresh(layout=True)

    def on_click(self, event: events.Click) -> None:
        """Point at a name; one that is pointed at already moves up."""
        offset = event.get_content_offset(self)
        if offset is None or not 0 <= offset.y < len(self._order):
            return
        if offset.y == self.here:
            self.action_shift(-1)
        else:
            self.here = offset.y
