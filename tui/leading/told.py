"""Who is at a hosted table, what its lead has ordered, and where it stands, in short lines."""

from __future__ import annotations

from textual.content import Content

from delegates.text import one_line
from games.errors import MinilateralError
from games.scenario import Scenario
from transcripts.record import SessionRecord
from tui.hosting.seat import HostedSeat
from tui.hosting.table import HostedTable
from tui.table.told import soon
from tui.text.endings import BRIEFLY
from tui.text.labels import party_labels

HERE, AWAY, STANDING_IN = "●", "○", "◐"
"""Marks of a person who is there, one who is not, and a stand-in who moves for them."""


def since(seconds: float) -> str:
    """Return how long something lasts, as it is said."""
    whole = max(int(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def seat_told(table: HostedTable, seat: HostedSeat) -> Content:
    """Return who moves for a party, and whether its person is there."""
    label = next(one for one in party_labels(table.scenario) if one.id == seat.party)
    name = (f"{label.glyph} {label.id}", f"bold {label.style}")
    mark, told, style = _presence(table, seat)
    return Content.assemble(name, " ", (f"{mark} {told}", style))


def _presence(
    table: HostedTable, seat: HostedSeat, *, in_short: bool = False
) -> tuple[str, str, str]:
    """Return mark, words and colour."""
    gone = _gone(table, seat)
    if table.ended is None and table.lead.is_stood_in_for(seat.party):
        why = "" if in_short else one_line(table.lead.held.get(seat.party) or seat.held or "", 60)
        told = "stand-in" + (f": {why}" if why else "")
        return STANDING_IN, told if gone is None else f"{told} ({gone})", "$warning"
    if gone is not None:
        return AWAY, gone, "$error"
    is_to_move = table.awaits == seat.party
    return HERE, "here, to move" if is_to_move else "here", "$success"


def _gone(table: HostedTable, seat: HostedSeat) -> str | None:
    """Return that a seat's person is not there, and for how long; None where they are."""
    left = seat.away_since
    if left is None:
        return None
    if not seat.has_come:
        return "not here yet"
    return f"away for {since(table.now() - left)}"


def people_told(table: HostedTable) -> Content:
    """Return in a line who is at a table."""
    return Content("   ").join(seat_told(table, seat) for seat in table.seats.values())


def orders_told(table: HostedTable) -> Content | None:
    """Return that a table is paused and what will strike next; None where nothing is ordered."""
    lead, parts = table.lead, list[Content]()
    if lead.is_paused and table.ended is None:
        parts.append(Content.styled(" PAUSED ", "bold $background on $warning"))
        parts.append(Content.styled("no move is made and no clock runs; Space: go on", "$warning"))
    labels = table.scenario.shocks
    booked = [one_line(labels[name].label) for name in lead.booked if name in labels]
    if booked and table.ended is None:
        parts.append(Content.assemble(("before the next move: ", "$muted"), ", ".join(booked)))
    return Content("  ").join(parts) if parts else None


def stands_told(table: HostedTable) -> Content:
    """Return where a table's session stands, in a few words."""
    if isinstance(table.ended, SessionRecord):
        return Content(ending_in_short(table.ended))
    if isinstance(table.ended, MinilateralError):
        return Content.assemble(("stopped", "$error"), f": {one_line(str(table.ended), 80)}")
    if table.phase == "gathering":
        left = table.begins_in_s()
        told = "gathering" if left is None else f"gathering, {soon(left)} at most"
        return Content.styled(told, "$muted")
    if table.awaits is None:
        stands = Content.styled("begins", "$muted")
    else:
        stands = Content.assemble(_mover(table.scenario, table.awaits), (" to move", "$muted"))
    paused = ("PAUSED ", "bold $warning") if table.lead.is_paused else ""
    return Content.assemble(paused, stands)


def _mover(scenario: Scenario, party: str) -> Content:
    label = next(one for one in party_labels(scenario) if one.id == party)
    return Content.styled(f"{label.glyph} {label.id}", f"bold {label.style}")


def ending_in_short(record: SessionRecord) -> str:
    """Return how a session ended, in a few words."""
    if record.status == "agreement":
        return f"{BRIEFLY[record.status]} in round {record.state.rounds_begun}"
    return BRIEFLY[record.status]


def round_of(table: HostedTable) -> str:
    """Return which round a table is in, of how many."""
    # Before its first move a session has begun no round, and people would read 0 as a fault.
    return f"{max(table.round, 1)}/{table.rounds}" if table.rounds else "–"


def missing_told(table: HostedTable) -> Content:
    """Return in a few words who is not at a table, or is stood in for; else that all are there."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for seat in table.seats.values():
        found = _presence(table, seat, in_short=True)
        if found[0] != HERE:
            alike.setdefault(found, []).append(seat.party)
    if not alike:
        return Content.styled(f"{HERE} all here", "$success")
    return Content("  ").join(
        Content.styled(f"{mark} {', '.join(parties)} {words}", style)
        for (mark, words, style), parties in alike.items()
    )


def links_told(table: HostedTable) -> list[str]:
    """Return the links of a table's seats, line by line, with how they are used."""
    lines = ["Each link is the key to one seat: whoever has it plays there. Hand out one each."]
    for seat in table.seats.values():
        name = one_line(table.scenario.parties[seat.party].name)
        lines += ["", f"{seat.party} ({name})", seat.link or "not served"]
    lines += ["", "In a browser open the link; in a terminal: minilateral play --join LINK"]
    return lines
