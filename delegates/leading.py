"""Whoever leads an exercise: pauses it, has shocks strike, hands seats over and gives them back.

A `Lead` is steered from any thread, and obeyed by the session between two moves. What a pause stops
is the next move: one that is under way (a model asked, a person's move being worded) goes on record
when it is done. While the session is paused the clocks of all persons stand still; whoever is asked
can look and write, and what they send is taken once the session goes on. A pause leaves no trace in
the transcript. What strikes does, as a shock of the trainer, and so do seats handed over and back.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from delegates.person import Timer
from delegates.trainer import OpenShock, shocks_left
from games.errors import IllegalMove
from games.happenings import inject

if TYPE_CHECKING:
    from games.session import State
    from transcripts.fold import Folded, StandIn

PACE_S = 2.0
"""Seconds for which a move is looked at before the next one that is made by rule."""

TRAINER = "the trainer"
"""How the reason of a hand-over begins that whoever leads the exercise ordered."""

HANDED_OVER = f"{TRAINER} handed it over"
GIVEN_BACK = f"{TRAINER} gave it back"


class Lead:
    """How whoever leads an exercise steers a session under way, from any thread.

    One is for one session. What it orders is done between two moves, at once where a person is
    being asked or the session is paused. Orders that cannot be given are answered by a line that
    says why, and change nothing.
    """

    def __init__(self, *, pace_s: float = PACE_S, timer: Timer | None = None) -> None:
        """Lead a session that is about to be played.

        Args:
            pace_s: Seconds before each move that is made by rule, so that it can be followed.
            timer: The clock; persons' time is measured by it, and stands still in a pause.
        """

    def tell(self, told: Callable[[], object]) -> None:
        """Have somebody told, from any thread, whenever something has changed."""

    def pause(self) -> None:
        """Stop the session before its next move; one that is paused stays so.

        It may be said before the session begins.
        """

    def go_on(self) -> None:
        """Let the session go on."""

    @property
    def is_paused(self) -> bool:
        """Whether the session is paused."""
        ...

    def strike(self, shock: str) -> str | None:
        """Have a shock strike before the next move; return why it cannot, or None if it will.

        It may be one that the party to move does not hear of.
        """

    def hand_over(self, party: str, reason: str = HANDED_OVER) -> str | None:
        """Let a seat's stand-in move until the seat is given back; return why not, or None.

        On record it is from the seat's next turn on.
        """

    def give_back(self, party: str) -> str | None:
        """Give a seat back to its person; return why that cannot be, or None."""

    @property
    def shocks_left(self) -> tuple[OpenShock, ...]:
        """The shocks that can still be ordered, whoever hears of them."""
        ...

    @property
    def booked(self) -> tuple[str, ...]:
        """The shocks that will strike before the next move; once it is over, those that did not."""
        ...

    @property
    def held(self) -> Mapping[str, str]:
        """Party → why, of the seats held by their stand-ins by order."""
        ...
