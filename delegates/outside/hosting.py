"""Lets outside agents into a session: opens the door, asks them to move, closes it in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from delegates.minds.outside import MCP
from delegates.outside.door import Entrance, Invitation
from delegates.outside.seat import OutsideSeat
from delegates.outside.server import DoorServer
from delegates.persons.person import Answer, Person, Turn
from delegates.place import Place
from delegates.seats import SeatSpec
from delegates.table import Table, Watcher
from transcripts.events import Event
from transcripts.fold import Folded


@dataclass(frozen=True)
class Beyond:
    """The front end of all who are awaited: outside agents at their seats, a person at theirs."""

    seats: Mapping[str, OutsideSeat]
    person: Person | None

    async def move(self, turn: Turn) -> Answer:
        """Return what whoever sits there answers.

        Raises:
            Paused: If the person leaves for now; the session can be resumed.
        """
        seat = self.seats.get(turn.view.party)
        if seat is not None:
            return await seat.move(turn)
        if self.person is None:
            raise AssertionError(f"a person is asked for {turn.view.party}, and there is none")
        return await self.person.move(turn)

    def wants_back(self, party: str) -> bool:
        """Return whether the person has asked for their seat back; agents are asked every turn.

        Raises:
            Paused: If the person leaves for now; the session can be resumed.
        """
        if party in self.seats or self.person is None:
            return False
        return self.person.wants_back(party)


@asynccontextmanager
async def outside_agents(
    table: Table, specs: Mapping[str, SeatSpec], entrance: Entrance
) -> AsyncGenerator[None]:
    """Serve a table's outside agents for as long as it is played, and until they know its end.

    Args:
        table: The session.
        specs: Every party's seat.
        entrance: Where they are let in; given back in the end.
    """
    door, place = entrance.door, entrance.place
    seats = {
        party: OutsideSeat(party, spec.mind) for party, spec in specs.items() if spec.is_outside
    }
    table.person = Beyond(seats, table.person)
    table.watch = _heard(table, seats)
    server = DoorServer(place, list(seats.values()), door.bounds)
    try:
        await server.open()
        for seat in seats.values():
            door.tell(_invitation(seat, place))
        yield
        await _farewell(list(seats.values()), door.bounds.farewell_s)
    finally:
        for seat in seats.values():
            seat.leave()
        await server.close()


def _invitation(seat: OutsideSeat, place: Place) -> Invitation:
    url = f"{place.url}mcp" if seat.speaks == MCP else place.url
    return Invitation(party=seat.party, speaks=seat.speaks, url=url, token=seat.token)


async def _farewell(seats: Sequence[OutsideSeat], patience_s: float) -> None:
    """Wait until every agent that was ever seen knows how the session ended, but not for long."""
    waiting = [asyncio.ensure_future(one.knows_end.wait()) for one in seats if one.has_called]
    if waiting:
        _, late = await asyncio.wait(waiting, timeout=patience_s)
        for one in late:
            one.cancel()


def _heard(table: Table, seats: Mapping[str, OutsideSeat]) -> Watcher:
    before = table.watch

    def watch(event: Event, folded: Folded) -> None:
        for seat in seats.values():
            seat.hear(event)
        if before is not None:
            before(event, folded)

    return watch
