"""The agenda at some point of a session: the text on the table and what each side asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from delegates.text import one_line
from games.moves import Merge, Offer
from games.outcomes import Option
from games.protocols.hall import HallState
from tui.replay.history import History

if TYPE_CHECKING:
    from games.scenario import Issue


@dataclass(frozen=True, kw_only=True)
class AgendaItem:
    """An issue: what the text on the table says of it, and what each party asked for last."""

    label: str
    unit: str
    options: tuple[Option, ...]
    on_table: int | None
    """Position among the options."""
    asks: tuple[int | None, ...]
    """Position among the options, one a party."""

    @property
    def gap(self) -> int | None:
        """How many options apart the asks are; None where fewer than two parties have asked."""
        asked = [ask for ask in self.asks if ask is not None]
        return max(asked) - min(asked) if len(asked) > 1 else None


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """All issues, and whose offer is on the table."""

    items: tuple[AgendaItem, ...]
    offerer: int | None
    """Position of the party whose offer is on the table."""
    accepted: frozenset[int]
    """Positions of the parties that stand by it."""
    seen: tuple[int, ...]
    """Positions of the parties whose points are told: all, or that of the one that looks on."""
    utilities: tuple[float, ...]
    """Utility of the offer on the table to each of them, as it was then; empty where there is
    none."""
    reservations: tuple[float, ...]
    """What each of them had without agreement, as it was then."""
    agreed: bool
    is_hall: bool = False
    """Whether the text is the chair's of a plenary or forum, and the asks are readings of it."""
    parked: frozenset[int] = frozenset()
    """Positions of the issues that the chair of a hall has set aside."""


def agenda(history: History, moves: int, see: str | None = None) -> Agenda:
    """Return the agenda after so many moves.

    Args:
        history: The moves.
        moves: After how many.
        see: The party as which it is looked at, which knows no other's points; None for all.
    """
    scenario = history.scenario
    seen = range(len(scenario.ids)) if see is None else [scenario.ids.index(see)]
    state = history.state(moves)
    offer = state.offer
    on_table = None if offer is None else scenario.space.levels_of(offer)
    hall = state if isinstance(state, HallState) else None
    if hall is None:
        asks = [_asked(history, party, moves) for party in range(len(scenario.ids))]
    else:
        asks = [None if one is None else hall.levels(one.outcome) for one in hall.stands]
    items = tuple(
        _item(issue, position, on_table, asks)
        for position, issue in enumerate(scenario.issues.values())
    )
    return Agenda(
        items=items,
        offerer=state.offerer if hall is None or offer is None else hall.chair,
        accepted=state.accepted,
        seen=tuple(seen),
        utilities=()
        if offer is None
        else tuple(state.scenario.preferences[party].utility(offer) for party in seen),
        reservations=tuple(state.scenario.preferences[party].reservation for party in seen),
        agreed=state.status == "agreement",
        is_hall=hall is not None,
        parked=frozenset() if hall is None else hall.parked,
    )


def _asked(history: History, party: int, moves: int) -> tuple[int, ...] | None:
    found = history.last_offer(party, moves)
    return None if found is None else history.scenario.space.levels_of(int(history.outcomes[found]))


def _item(
    issue: Issue,
    position: int,
    on_table: tuple[int, ...] | None,
    asks: list[tuple[int, ...] | None],
) -> AgendaItem:
    return AgendaItem(
        label=one_line(issue.label),
        unit=one_line(issue.unit),
        options=issue.options,
        on_table=None if on_table is None else on_table[position],
        asks=tuple(None if levels is None else levels[position] for levels in asks),
    )


def changed_issues(history: History, position: int) -> tuple[int, ...] | None:
    """Return which issues an offer settles otherwise than its party's last one; None for a first.

    Args:
        history: The moves.
        position: That of an offer, from 0.
    """
    before = history.last_offer(int(history.movers[position]), position)
    if before is None:
        return None
    space = history.scenario.space
    old, new = (space.levels_of(int(history.outcomes[at])) for at in (before, position))
    return tuple(issue for issue, (was, now) in enumerate(zip(old, new, strict=True)) if was != now)


def issues_beside_text(history: History, position: int) -> tuple[int, ...] | None:
    """Return which issues a move of a hall settles otherwise than the chair's text before it.

    None where there was no text yet.

    Args:
        history: The moves.
        position: That of a move that names an outcome, from 0.
    """
    before = int(history.texts[position - 1]) if position else -1
    if before < 0:
        return None
    move = history.move(position)
    outcome = move.outcome if isinstance(move, Offer | Merge) else before
    space = history.scenario.space
    pairs = zip(space.levels_of(before), space.levels_of(outcome), strict=True)
    return tuple(issue for issue, (was, now) in enumerate(pairs) if was != now)
