"""From stage to stage: what is open, who is next, and when a hall is through with its text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from games.protocols.alternating_offers import order_in_round, wins
from games.protocols.hall import HallState, Stand
from games.protocols.voting import count
from games.protocols.vows import falls_due, keep_count
from games.session import Status

if TYPE_CHECKING:
    from games.scenario import Scenario


def done(state: HallState) -> HallState:
    """Return the state once the first of the queue has had its turn."""
    return replace(state, queue=state.queue[1:], aside=False)


def standing(state: HallState, party: int, outcome: int) -> HallState:
    """Return the state once a delegation stands for a reading of the text."""
    stands, before = list(state.stands), state.stands[party]
    if before is None or before.outcome != outcome:
        stands[party] = Stand(outcome, state.turn)
    supporters = state.accepted - {party}
    if outcome == state.offer:
        supporters |= {party}
    return replace(state, stands=tuple(stands), accepted=supporters)


def joined(state: HallState, party: int, outcome: int, issues: frozenset[int]) -> int:
    """Return what a party stands for once it has settled some issues as an outcome has them.

    On all others it stands for what it stood for before; where it may not sign the two together,
    for the outcome.
    """
    stand = state.stands[party]
    if stand is None:
        return outcome
    return combined(state, party, stand.outcome, outcome, issues)


def combined(
    state: HallState, party: int, before: int, outcome: int, issues: frozenset[int]
) -> int:
    """Return an outcome's reading of some issues within another; where a party may not sign the two
    together, the outcome itself."""
    pairs = zip(state.levels(outcome), state.levels(before), strict=True)
    levels = [new if k in issues else old for k, (new, old) in enumerate(pairs)]
    together = state.scenario.space.index_of_levels(levels)
    return together if state.scenario.preferences[party].may_sign(together) else outcome


def granting(state: HallState, outcome: int, issues: frozenset[int]) -> HallState:
    """Return the state once the mover has accepted an outcome on some issues."""
    granted = list(state.granted)
    granted[state.mover] = (outcome, issues)
    return replace(state, granted=tuple(granted))


def open_floor(state: HallState) -> HallState:
    """Return the state in which the floor of the current round is open."""
    order = order_in_round(state.scenario, state.now, state.seed)
    return replace(
        state,
        stage="floor",
        queue=tuple(k for k in order if k not in state.left),
        acts=0,
        merged=0,
        met=False,
        informal_on=frozenset(),
        is_silence_broken=False,
        is_voted=False,
        aside=False,
    )


def to_chair(state: HallState) -> HallState:
    """Return the state in which the chair is to act."""
    return replace(state, stage="chair", queue=(), aside=False)


def floor_closed(state: HallState) -> HallState:
    """Return the state once all have spoken: rooms called meanwhile meet, then the chair acts.

    What the chair had them take together is open again like the rest.
    """
    after = replace(state, group=None)
    return replace(after, stage="room") if after.rooms else to_chair(after)


def without(state: HallState, mover: int) -> HallState:
    """Return the state once a delegation has left; the chair passes on if it held it."""
    left = state.left | {mover}
    stands = tuple(None if k == mover else one for k, one in enumerate(state.stands))
    after = replace(
        state,
        left=left,
        stands=stands,
        accepted=state.accepted - {mover},
        queue=tuple(k for k in state.queue if k != mover),
        rooms=tuple(room.without(mover) if mover in room.members else room for room in state.rooms),
        aside=False,
    )
    remaining = frozenset(range(len(stands))) - left
    if len(remaining) < 2 or not (is_forum(state.scenario) or wins(state.scenario, remaining)):
        return unresolved(replace(after, is_broken_off=True))
    if after.chair in left:
        after = replace(after, chair=min(remaining))
    if state.stage in ("silence", "vote") and not after.queue:
        passes = state.stage == "silence" or count(after).is_adopted
        return adopted(after) if passes else to_chair(after)
    return after


def is_forum(scenario: Scenario) -> bool:
    """Return whether a text is opened for signature rather than voted on."""
    return scenario.protocol.kind == "forum"


def is_signed(scenario: Scenario) -> bool:
    """Return whether delegations sign an adopted text, each in its own way."""
    return scenario.participation is not None or is_forum(scenario)


def adopted(state: HallState) -> HallState:
    """Return the state once the text is adopted: it is signed where signing makes a difference."""
    if is_signed(state.scenario):
        return open_signature(state)
    return after_adoption(replace(state, stage="sign"))


def open_signature(state: HallState) -> HallState:
    """Return the state in which the text lies open for signature, the chair signing first."""
    order = (state.chair, *(k for k in state.present if k != state.chair))
    return replace(state, stage="sign", queue=order)


def after_adoption(state: HallState) -> HallState:
    """Return the state in which the next of fund, vows and close is at hand."""
    if state.stage == "sign":
        if not _has_signatory(state):
            return unresolved(state)
        state = replace(state, stage="pledge", queue=fund_members(state))
        if state.queue:
            return state
    if state.stage == "pledge":
        state = replace(state, stage="due", queue=falls_due(state))
        if state.queue:
            return state
    return closed(state)


def closed(state: HallState) -> HallState:
    """Return the state once the session is over; what was kept and broken is in its record."""
    from games.protocols.settlement import settled

    status: Status = "no-agreement" if state.offer is None else "agreement"
    if state.is_broken_off:
        status = "walked-away"
    after = replace(state, status=status)
    return replace(after, seen=keep_count(after), points=settled(after))


def _has_signatory(state: HallState) -> bool:
    """Return whether a text that is to be signed has been signed by anybody."""
    return not is_signed(state.scenario) or any(
        one in ("binding", "declaratory") for one in state.signatures
    )


def fund_members(state: HallState) -> tuple[int, ...]:
    """Return the members of the joint fund who are asked to pay, in the scenario's order."""
    from games.participation.fund import fund_size

    scenario, fund = state.scenario, state.scenario.fund
    if fund is None or state.offer is None or fund_size(scenario, state.offer) == 0:
        return ()
    members = (scenario.ids.index(member) for member in fund.members)
    return tuple(k for k in sorted(members) if k not in state.left and state.signatures[k] != "out")


def next_round(state: HallState) -> HallState:
    """Return the state once the chair has closed the round."""
    if state.now + 1 < state.last_round:
        return open_floor(replace(state, now=state.now + 1))
    if is_forum(state.scenario) and state.offer is not None:
        return open_signature(state)
    return unresolved(state)


def unresolved(state: HallState) -> HallState:
    """Return the state in which there is no text: threats may fall due all the same."""
    return after_adoption(replace(state, stage="pledge", queue=(), offer=None, rooms=()))
