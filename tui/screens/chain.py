"""The state of a record: its chain of hashes, its size and format, where it branched off."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from delegates.text import one_line
from transcripts.events import FORMAT_VERSION
from tui.replay import History, Recording
from tui.text.wording import origin
from tui.widgets.fitted import Text

LONGEST_PROBLEM = 600


class ChainScreen(ModalScreen[None]):
    """Shows the state of a record over the replay."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,i,q,enter", "dismiss", "Close")]

    def __init__(
        self, recording: Recording, history: History | None, see: str | None = None
    ) -> None:
        """Tell the state of a record.

        Args:
            recording: The record.
            history: What was read of it.
            see: The party that is told: what is wrong may quote what it has not heard.
        """
        super().__init__()
        self._told = chain_content(recording, history, see)

    def compose(self) -> ComposeResult:
        """Hold one text."""
        with VerticalScroll(id="chain") as box:
            box.border_title = "The record"
            box.border_subtitle = "Esc closes"
            yield Text(self._told)


def chain_content(recording: Recording, history: History | None, see: str | None) -> Content:
    """Return the state of a record as lines."""
    header, transcript = recording.header, recording.transcript
    pairs = {
        "chain": verdict(recording, history),
        "events": f"{len(recording.kinds):,}, {len(recording):,} of them moves",
        "bytes": f"{transcript.size:,}",
        "format": f"{header.format} (this version writes {FORMAT_VERSION})",
        "written by": one_line(header.program),
        "session": one_line(header.session),
        "seed": str(header.seed),
        "opened": one_line(header.at),
        "chain head": history.head if history is not None else "…",
    }
    if header.parent is not None:
        pairs["branch"] = f"{one_line(origin(header.parent))}, event {header.parent.event}"
        pairs["shares hash"] = one_line(header.parent.hash)
    lines = [
        Content.assemble((f"{name:<12}", "$muted"), told if name != "chain" else (told, "bold"))
        for name, told in pairs.items()
    ]
    if history is not None and history.problem:
        problem = one_line(history.problem, LONGEST_PROBLEM)
        if see is not None:
            problem = "what is wrong may quote what this party has not heard; see it as all sides"
        lines += [Content(""), Content.styled(f"! {problem}", "$warning")]
    note = (
        "Each event holds the hash of the one before it: none can be changed, left out or moved "
        "unnoticed. `minilateral verify` also computes result and findings again."
    )
    return Content("\n").join([*lines, Content(""), Content.styled(note, "$muted")])


def verdict(recording: Recording, history: History | None) -> str:
    """Return how far the chain was followed and what was found."""
    events = len(recording.kinds)
    if history is None or not history.whole:
        done = 1 if history is None else history.events
        return f"sound so far: {done:,} of {events:,} events followed"
    if history.is_broken:
        return f"broken at event {history.events:,}; everything before it is sound"
    if recording.transcript.is_torn:
        return f"sound: {events:,} events; a torn line after them"
    return f"sound: all {history.events:,} events follow one another"
