"""Text that is as high as it is long, and a panel that scrolls it up and down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Self

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.widget import Widget
from textual.widgets import Static  # noqa: TID251 - made right here

from tui.text.columns import lines_of, width_of

Build = Callable[[int], Sequence[Content]]
"""Returns lines for so many columns."""


class Remeasured(Widget):
    """What is as high as what it shows, however often that changes."""

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Show what it has become."""
        if layout:
            # Textual counts a change of size once until the widget is idle; where the screen is
            # laid out meanwhile, the height of then would be kept for what is shown next.
            self._layout_updates += 1
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


# The first base gives the style.
class Text(Static, Remeasured):
    """Shows a text, which may be changed."""


class Fitted(Remeasured):
    """Shows lines that depend on the width."""

    DEFAULT_CSS = """
    Fitted { width: 100%; height: auto; text-wrap: nowrap; }
    """

    def __init__(
        self,
        build: Build,
        *,
        id: str | None = None,  # noqa: A002 - a widget's own word
        classes: str | None = None,
    ) -> None:
        """Show lines.

        Args:
            build: Returns the lines for a width.
            id: The widget's.
            classes: The widget's.
        """
        super().__init__(id=id, classes=classes)
        self._build = build
        self._built: dict[int, Content] = {}

    def show(self, build: Build) -> None:
        """Show other lines."""
        self._build = build
        self._built.clear()
        self.refresh(layout=True)

    def render(self) -> Content:
        """Return the lines for the width there is."""
        return self._content(self.size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are at a width."""
        del container, viewport
        return self._content(width).plain.count("\n") + 1

    def _content(self, width: int) -> Content:
        if width not in self._built:
            lines = self._build(width) if width else ()
            self._built = {width: Content("\n").join(_folded(lines, width))}
        return self._built[width]


def _folded(lines: Sequence[Content], width: int) -> Iterator[Content]:
    """Yield lines; one that was made too long goes on in the next, so that nothing of it is cut."""
    for line in lines:
        if line.cell_length > width:
            yield from line.wrap(width)
        else:
            yield line


def stamped(title: str, aside: str, stamp: str, width: int) -> Content:
    """Return a screen's title with a stamp at its right end, cut to a width.

    Args:
        title: The title; it is cut last.
        aside: What stands beside it where there is room.
        stamp: The stamp.
        width: Columns.
    """
    marked = f" {stamp} "
    room = max(width - len(marked) - 1, 1)
    told = Content.assemble((title, "bold"), (f"  {aside}", "$muted"))
    if told.cell_length > room:
        told = Content.styled(title, "bold")
    return Content.assemble(told.truncate(room, ellipsis=True, pad=True), " ", (marked, "reverse"))


class Pane(VerticalScroll, inherit_bindings=False):
    """A panel that scrolls up and down and leaves the other keys to its screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Up", show=False),
        Binding("down,j", "scroll_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown,space", "page_down", "Page down", show=False),
        Binding("home,g", "scroll_home", "Top", show=False),
        Binding("end,G", "scroll_end", "End", show=False),
    ]


def wrapped(
    text: str, width: int, *, style: str = "", first: str = "", rest: str | None = None
) -> list[Content]:
    """Return a text as lines of a width.

    Args:
        text: The text; its own line breaks do not count.
        width: Columns.
        style: The style of all of it.
        first: What the first line begins with.
        rest: What the others begin with; by default as many blanks.
    """
    more = " " * width_of(first) if rest is None else rest
    lines = lines_of(" ".join(text.split()), max(width, 20), first=first, rest=more)
    return [Content.styled(line, style) for line in lines]


def title(text: str) -> Content:
    """Return the title of a section."""
    return Content.styled(text, "bold $primary")
