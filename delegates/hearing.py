"""Who hears what: all of it at a table, by rooms and in confidence in a hall.

What is said in a small room is heard by those in it, and what is said in confidence by those it is
said to. Whoever was there remembers it, after the room has risen and after a session is resumed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from delegates.contract import PublicMove, View
from games.moves import AskCapital, Move, Pass
from transcripts.events import MoveMade


def is_worded(view: View, move: Move) -> bool:
    """Return whether a move is worth words of its own: in a hall, if it is made aloud.

    That time is asked for is said in a set phrase.
    """
    if isinstance(move, AskCapital | Pass):
        return False
    return view.hall is None or view.hall.is_spoken(move)


@dataclass
class Hearing:
    """What was said so far, and to whom."""

    said: list[PublicMove] = field(default_factory=list["PublicMove"])
    """Every move that all heard."""
    rooms: dict[int, list[PublicMove]] = field(default_factory=dict[int, "list[PublicMove]"])
    """What was said in each room of a hall."""
    _insiders: dict[int, set[str]] = field(default_factory=dict[int, set[str]])
    """Who has spoken in a room, or was told who hears it."""
    _apart: list[tuple[int | None, frozenset[str], PublicMove]] = field(
        default_factory=list["tuple[int | None, frozenset[str], PublicMove]"]
    )

    def add(self, event: MoveMade, move: Move) -> None:
        """Let a move be heard; who asks its capital is seen by others to ask for time."""
        said = PublicMove(event.turn, event.round, event.party, move, event.words, event.stage)
        if isinstance(move, AskCapital):
            self.said.append(said._replace(move=Pass()))
            return
        if event.heard_by is None and event.room is None:
            self.said.append(said)
            return
        told = frozenset(event.heard_by or (event.party,))
        self._apart.append((event.room, told, said))
        if event.room is not None:
            self.rooms.setdefault(event.room, []).append(said)
            self._insiders.setdefault(event.room, set()).update(told)

    def in_room(self, number: int | None) -> list[PublicMove]:
        """Return what was said in a room, or to all."""
        return self.said if number is None else self.rooms.get(number, [])

    def apart(self, party: str, number: int | None = None) -> list[PublicMove]:
        """Return what a party has heard that not all heard, but in the room where it now sits."""
        return [
            said
            for room, told, said in self._apart
            if (room is None or room != number)
            and (party in told or (room is not None and party in self._insiders[room]))
        ]
