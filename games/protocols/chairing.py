"""How a delegation that follows a rule holds the chair: from what all can see, and no favours.

Its text is the one nearest to what delegations stand for: the weighted median of every issue, and
where medians exclude each other the possible text with the least sum of distances. It brings a text
to a decision once a winning coalition stands by it, itself as one of them, or time is up; where the
end is uncertain, in every round that may be the last. Until then it has delegations meet over what
is in brackets; in the first half of the talks it parks the issue most in dispute, in the second it
has the two most disputed ones taken together, so that they can be traded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from games.happenings.happening import is_held
from games.moves import (
    Adjourn,
    CallInformal,
    Extend,
    Group,
    Merge,
    Move,
    OpenBreakouts,
    OpenSignature,
    OpenSilence,
    Park,
    PutToVote,
    Reopen,
)
from games.outcomes import FloatArray
from games.protocols.alternating_offers import wins
from games.protocols.hall import Bracket, HallState
from games.protocols.rooms import matched
from games.protocols.stages import is_forum
from games.protocols.voting import count

if TYPE_CHECKING:
    from games.scenario import Scenario

MANY_BRACKETS = 3
"""Brackets from which on the chair parks one, or has two taken together."""

NEAR_MISS = 2
"""Votes that a text may be short of for the chair to extend the talks."""


def chair_move(state: HallState) -> Move:
    """Return what the chair does next; whose capital lets it sign nothing closes the round."""
    if is_held(state, state.chair):
        return Adjourn()
    return _text_first(state) or _bring_together(state) or _decide(state) or Adjourn()


def _is_last(state: HallState) -> bool:
    return state.now + 1 >= state.known_rounds


def _may_be_last(state: HallState) -> bool:
    """Return whether the talks may end with this round: they do, or the end is uncertain."""
    deadline = state.scenario.protocol.deadline
    return _is_last(state) or (deadline is not None and state.now + 1 >= deadline.start)


def _text_first(state: HallState) -> Move | None:
    """Return the merging of brackets where a better text is at hand, and it has not been tried.

    Once when the floor closes, once when the rooms have risen.
    """
    if state.merged >= (2 if state.met else 1) or is_supported(state):
        return None
    proposal = middle_text(state)
    return None if proposal is None or proposal == state.offer else Merge(proposal)


def middle_text(state: HallState) -> int | None:
    """Return the possible text nearest to what delegations stand for, that the chair may sign.

    Distance is counted in options, issue by issue, weighted as votes are; of texts as near the one
    nearest by squared distance, then the first. What is parked stays. None if there is none such.
    """
    scenario = state.scenario
    space, own = scenario.space, scenario.preferences[state.chair]
    weights = vote_weights(scenario)
    away, squared = np.zeros(space.shape), np.zeros(space.shape)
    text = None if state.offer is None else state.levels(state.offer)
    held = [(state.levels(one.outcome), weights[k]) for k, one in enumerate(state.stands) if one]
    if not held:
        return None
    levels = np.array([one for one, _ in held])
    heavy = np.array([weight for _, weight in held])
    for issue, width in enumerate(space.shape):
        apart = np.abs(np.arange(width)[:, None] - levels[:, issue])
        distance = apart @ heavy
        if text is not None and issue in state.parked:
            distance = np.where(np.arange(width) == text[issue], distance, np.inf)
        away = away + space.along(space.issues[issue], distance.tolist())
        squared = squared + space.along(space.issues[issue], ((apart**2) @ heavy).tolist())
    flat: FloatArray = away.reshape(space.size)
    if own.signable is not None:
        flat = np.where(own.signable, flat, np.inf)
    least = float(flat.min())
    if not np.isfinite(least):
        return None
    nearest = np.flatnonzero(flat <= least + 1e-9)
    return int(nearest[squared.reshape(space.size)[nearest].argmin()])


def vote_weights(scenario: Scenario) -> list[float]:
    """Return the weight of each party's vote, in the scenario's order."""
    rule = scenario.protocol.agreement
    named = {} if rule == "unanimity" else rule.weights
    return [named.get(party, 1.0) for party in scenario.ids]


def is_supported(state: HallState) -> bool:
    """Return whether those who stand by the text could adopt it, and the chair is one of them."""
    return state.chair in state.accepted and wins(state.scenario, state.accepted)


def _bring_together(state: HallState) -> Move | None:
    """Return rooms, or what the floor is to speak to, where that can still help."""
    if state.offer is None or _is_last(state) or is_supported(state):
        return None
    brackets = sorted(state.brackets(), key=_disputed, reverse=True)
    if not state.met and brackets:
        return _rooms(state, brackets)
    is_early = 2 * (state.now + 1) < state.known_rounds
    if state.parked or state.group is not None:
        return None if is_early or state.group is not None else Reopen()
    if len(brackets) < MANY_BRACKETS or state.now == 0:
        return None
    names = [state.scenario.space.issues[one.issue] for one in brackets]
    if is_early:
        return Park(names[0])
    # The last floor speaks to the whole text, and so does every other one.
    if state.now + 2 >= state.known_rounds or state.grouped_in >= state.now - 1:
        return None
    return Group((names[0], names[1]))


def _disputed(bracket: Bracket) -> tuple[int, int]:
    """Return how disputed a bracket is: the most that stand for a reading other than the text's."""
    others = [len(one.proposers) for one in bracket.alternatives if one.level != bracket.text]
    return sum(others), -bracket.issue


def _rooms(state: HallState, brackets: list[Bracket]) -> Move | None:
    open_brackets = [one for one in brackets if one.issue in state.open_issues]
    if is_forum(state.scenario):
        return OpenBreakouts() if matched(state) else None
    if not open_brackets:
        return None
    # What did not settle one bracket is not tried again at once: each round takes up the next.
    first = open_brackets[state.now % len(open_brackets)]
    # Each reading is heard before a second proposer of any: the first of each, then the second.
    queues = [list(one.proposers) for one in first.alternatives]
    turn_by_turn = [
        queue[place]
        for place in range(max(len(queue) for queue in queues))
        for queue in queues
        if place < len(queue)
    ]
    members = turn_by_turn[: state.scenario.protocol.rooms.size]
    if len(members) < 2:
        return None
    ids = state.scenario.ids
    return CallInformal(state.scenario.space.issues[first.issue], tuple(ids[k] for k in members))


def _decide(state: HallState) -> Move | None:
    """Return the decision that is due: the text is carried, or the time is up."""
    if state.offer is None or not state.may_sign(state.chair, state.offer):
        return None
    if not is_supported(state) and not _may_be_last(state):
        return None
    if state.parked or state.group is not None:
        return Reopen()
    if is_forum(state.scenario):
        return OpenSignature()
    if not state.is_voted and not state.is_silence_broken and _nobody_objects(state):
        return OpenSilence()
    if not state.is_voted:
        return PutToVote()
    if _is_last(state) and _was_near(state) and not state.is_extended:
        return Extend() if state.scenario.protocol.extension else None
    return None


def _nobody_objects(state: HallState) -> bool:
    # Under silence the chair is not asked: what it would vote against goes to the vote.
    return state.scenario.protocol.silence == "allowed" and set(state.present) <= state.accepted


def _was_near(state: HallState) -> bool:
    tally = count(state)
    return not tally.is_adopted and tally.short_of <= NEAR_MISS
