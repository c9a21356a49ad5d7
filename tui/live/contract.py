"""What a table's screen needs of the session that it shows, whoever holds it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from textual.message import Message

from delegates.persons.person import Answer, Turn
from delegates.settings import Settings
from games.errors import MinilateralError
from transcripts.record import SessionRecord
from tui.live.rights import Rights

Post = Callable[[Message], object]
"""Passes a message to the screen, from any thread."""

Kept = TypeVar("Kept")


class AtScreen(Protocol):
    """Takes what the person at a screen answers."""

    def answer(self, answer: Answer, turn: Turn, /) -> None:
        """Answer what was asked; nothing is done if that is not the question that is open."""
        ...

    def take_back(self) -> None:
        """Ask for the seat that the stand-in holds, from its next turn on."""
        ...


class Live(Protocol):
    """A session as one screen plays or watches it: held here, or joined."""

    @property
    def path(self) -> Path:
        """The transcript; it is there once the first `EventKept` is told."""
        ...

    @property
    def party(self) -> str | None:
        """The seat of the person at this screen; None where one only watches."""
        ...

    @property
    def settings(self) -> Settings:
        """The settings of whoever holds the session."""
        ...

    @property
    def person(self) -> AtScreen:
        """Where the person's answers go."""
        ...

    @property
    def rights(self) -> Rights:
        """What may be done at this screen."""
        ...

    @property
    def ended(self) -> SessionRecord | MinilateralError | None:
        """How the session ended for this screen, once it has."""
        ...

    def keepsake(self, kind: type[Kept], /) -> Kept:
        """Return what the seat keeps of a kind, whichever screen shows it; a new one at first."""
        ...

    def hold(self, post: Post, /) -> None:
        """Play the session, or stay in it, to its end or until one leaves; blocks.

        Args:
            post: Where every message goes.
        """
        ...

    def leave(self) -> None:
        """Leave for now; from any thread."""
        ...
