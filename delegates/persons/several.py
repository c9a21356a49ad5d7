"""Several people at one table: each seat is asked through the front end of whoever sits there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from delegates.persons.person import Answer, Person, Turn
from delegates.seats import SeatSpec
from games.errors import SeatError


@dataclass(frozen=True)
class SeveralPersons:
    """The front end of several persons: what a seat is asked reaches the one who sits there alone.

    A session needs one for every seat of a person; it does not begin without. If one of them leaves
    for now (`Paused`), the session stops for all, and can be resumed.
    """

    at: Mapping[str, Person] = field(default_factory=lambda: MappingProxyType({}))
    """Party → the front end of the person who sits there."""

    async def move(self, turn: Turn) -> Answer:
        """Return what the person of the seat asked answers.

        Raises:
            Paused: If that person leaves for now.
        """
        return await self.at[turn.view.party].move(turn)

    def wants_back(self, party: str) -> bool:
        """Return whether the person of this seat has asked for it back.

        Raises:
            Paused: If that person leaves for now.
        """
        return self.at[party].wants_back(party)


def is_asked_through(person: Person | None, party: str) -> bool:
    """Return whether there is a front end through which a party's person can be asked."""
    if isinstance(person, SeveralPersons):
        return party in person.at
    return person is not None


def require_sitters(
    specs: Mapping[str, SeatSpec], person: Person | None, *, has_door: bool
) -> None:
    """Check that whoever is awaited at a seat can be asked.

    Args:
        specs: Every party's seat.
        person: The front end of the persons.
        has_door: Whether outside agents can come in.

    Raises:
        SeatError: If there is nobody to ask for a seat.
    """
    for party, spec in specs.items():
        if spec.is_person and not is_asked_through(person, party):
            raise SeatError(
                f"seat {party}={spec.text}: nobody can be asked here; expected a mind, or "
                "negotiate(…, person=…), or on the command line a session without --json"
            )
        if spec.is_outside and not has_door:
            raise SeatError(
                f"seat {party}={spec.text}: no outside agent can come in here; expected a mind, or "
                "negotiate(…, door=…), or on the command line run, play or resume"
            )
