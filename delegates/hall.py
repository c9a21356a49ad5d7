"""What a seat may know of a plenary or forum beside its own papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from games.aftermath import Signature
from games.moves import Approach, Ballot, Move
from games.protocols.hall import Bracket, HallState, Room, Stage, Stand, Vow
from games.protocols.voting import Count, count
from games.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """The hall as a delegation sees it when it is asked to move; parties are named by id."""

    stage: Stage
    kind: str
    """Plenary or forum."""
    chair: str
    text: int | None
    """The chair's text."""
    open_issues: tuple[str, ...]
    """The issues that it may speak to."""
    room: Room | None
    """The room it sits in, if it does."""
    stands: tuple[Stand | None, ...]
    """What each delegation last asked the text to read."""
    ballots: tuple[Ballot | None, ...]
    signatures: tuple[Signature | None, ...]
    pledges: tuple[bool | None, ...]
    vows: tuple[Vow, ...]
    """Threats and promises that it has heard or made."""
    due: Vow | None
    """The threat or promise that it must now make good or not."""
    deals: tuple[str, ...]
    """Side deals of its own that stand."""
    ready_for: tuple[str, ...]
    """Side deals for which it has said it is ready."""
    is_aloud: bool
    may_add_aside: bool
    trust: Callable[[], float]
    """How far it trusts the others to honour what they sign."""
    brackets: Callable[[], tuple[Bracket, ...]]
    """The issues in brackets, with who proposes what."""
    tally: Callable[[], Count]
    """The count of the last roll call."""


def hall_of(state: HallState) -> Hall:
    """Return what the party to move may see of a hall."""
    mover, scenario = state.mover, state.scenario
    own = state.party
    heard = tuple(
        vow for vow in state.vows if vow.room is None or mover == vow.by or mover in vow.to
    )
    return Hall(
        stage=state.stage,
        kind=scenario.protocol.kind,
        chair=scenario.ids[state.chair],
        text=state.offer,
        open_issues=tuple(scenario.space.issues[k] for k in sorted(state.open_issues)),
        room=state.room,
        stands=state.stands,
        ballots=state.ballots,
        signatures=state.signatures,
        pledges=state.pledges,
        vows=heard,
        due=state.vows[state.queue[0]] if state.stage == "due" else None,
        deals=tuple(name for name in state.deals if own in scenario.side_deals[name].parties),
        ready_for=tuple(name for name, party in sorted(state.approached) if party == mover),
        is_aloud=state.is_aloud,
        may_add_aside=state.stage == "floor" and not state.aside,
        trust=state.trust,
        brackets=state.brackets,
        tally=lambda: count(state),
    )


def heard_by(scenario: Scenario, hall: Hall, move: Move) -> tuple[str, ...] | None:
    """Return the parties that alone hear of a move: those of a caucus or a side deal.

    None where all do. That a small room of the chair's met, and what it agreed, everybody learns;
    what was said in it, those in it.
    """
    ids = scenario.ids
    if hall.room is not None:
        return tuple(ids[k] for k in hall.room.members) if hall.room.is_private else None
    if isinstance(move, Approach):
        return scenario.side_deals[move.deal].parties
    return None
