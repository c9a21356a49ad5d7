"""What a screen asks the app to do that leads elsewhere; the app reads files and opens screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from games.preparation import Sheet
from tui.session_plan import SessionPlan

if TYPE_CHECKING:
    from tui.evaluating import LiveBatch


@dataclass
class Brief(Message):
    """Read a scenario, a bundled name or a file, and show its briefing."""

    source: str
    watch: bool = False
    """Whether no seat is the person's at first."""


@dataclass
class Prepare(Message):
    """Fill in the preparation sheet for a planned session."""

    plan: SessionPlan


@dataclass
class Sit(Message):
    """Begin a planned session: at the person's seat, or watching."""

    plan: SessionPlan
    sheet: Sheet | None = None


@dataclass
class CarryOn(Message):
    """Carry an interrupted session on; a finished one is replayed."""

    path: Path


@dataclass
class OpenReplay(Message):
    """Replay a transcript."""

    path: Path
    see: str | None = None
    """The only party whose private side is shown; None for all."""
    at: int | None = None
    """After how many moves the replay begins; None for the first."""


@dataclass
class OpenReview(Message):
    """Review a transcript."""

    path: Path
    party: str | None = None
    """Whose play is reviewed first; None for the person's, else the first party's."""


@dataclass
class TryAgain(Message):
    """Branch a session off after some moves and carry the branch on."""

    path: Path
    at: int
    """How many moves are kept."""
    seats: Mapping[str, str] = field(default_factory=dict[str, str])
    """Party → seat specification of those who sit otherwise from here on."""


@dataclass
class Compare(Message):
    """Show two futures of a session side by side."""

    first: Path | None
    """None for the session that the second one branched off."""
    second: Path


@dataclass
class Analyse(Message):
    """Show what theory says of a scenario, or of a session's own scenario and agreement."""

    source: str | None = None
    """A bundled name or a file; None where a transcript is given."""
    path: Path | None = None
    """A transcript."""


@dataclass
class OpenPlan(Message):
    """Tell what a plan of an evaluation would play, before it is played."""

    source: str
    """A bundled plan's name or a file."""


@dataclass
class ContinueEvaluation(Message):
    """Tell what is left of an evaluation, before it is continued."""

    path: Path
    """Its folder."""


@dataclass
class PlayBatch(Message):
    """Play the sessions of an evaluation."""

    batch: LiveBatch


@dataclass
class OpenEvaluation(Message):
    """Show what an evaluation found."""

    path: Path
    """Its folder."""


@dataclass
class GoHome(Message):
    """Close everything above the home screen."""
