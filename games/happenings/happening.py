"""What happens between moves: shocks, instructions from a capital, answers to what it was asked.

Each changes the scenario from then on: points, reservation values, what may be signed, the market.
A session's state holds the scenario as it now is, so that whatever is worked out from a state (what
a seat wants and may sign, solutions, matrices, the years after) is worked out from what is true by
then. The outcome space never changes. Lots are drawn by the session's seed alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Literal

from games.errors import IllegalMove
from games.happenings.changes import answered, instructed, struck

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.session import State

By = Literal["date", "lot", "trainer"]

MOST_HISTORIES = 64
"""Courses of events after which the scenario is kept; each holds tables of its own."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A shock struck: on its date, by lot, or because whoever leads the exercise said so."""

    shock: str
    by: By


@dataclass(frozen=True, slots=True)
class Instructed:
    """A capital told its delegate something."""

    party: str
    number: int
    """Which of its instructions."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A capital answered what its delegate had asked for."""

    party: str
    issue: str
    option: str
    is_granted: bool


Cause = Struck | Instructed | Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something happened, before the move of this turn."""

    turn: int
    round: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Request:
    """What a delegate asked its capital for, and what the capital will say."""

    position: int
    issue: str
    option: str
    is_granted: bool
    text: int
    """What was on the table, by which the capital judged."""
    turn: int
    """In which turn it asked."""


def begun(state: State) -> State:
    """Return the state in which a session begins, with what happens before the first move."""
    scenario = state.scenario
    if not (scenario.shocks or scenario.mandates):
        return state
    state = replace(state, began=scenario)
    return _with_arrivals(state) if scenario.is_eventful else state


def passed_on(before: State, after: State) -> State:
    """Return the state after a move, with what happens as its round begins, if one does."""
    if not after.scenario.is_eventful or not after.is_open or after.round == before.round:
        return after
    return _with_arrivals(after)


def inject(state: State, shock: str) -> State:
    """Return the state once whoever leads the exercise has had a shock strike.

    Raises:
        IllegalMove: If the session is over, there is no such shock, or it has struck already.
    """
    problem = problem_with_striking(state, shock)
    if problem is not None:
        raise IllegalMove(problem)
    return _happened(state, Struck(shock, "trainer"))


def problem_with_striking(state: State, shock: str) -> str | None:
    """Return why a shock cannot strike now; None where it can."""
    if not state.is_open:
        return f"the session is over ({state.status}); nothing can happen in it"
    known = state.scenario.shocks
    if shock not in known:
        names = ", ".join(known) or "none: the scenario states none"
        return f"no shock {shock!r}; expected one of {names}"
    if shock in shocks_over(state):
        return f"{shock} has struck already; expected another shock"
    return None


def is_injected(one: Happening) -> bool:
    """Return whether somebody had a shock strike."""
    return isinstance(one.cause, Struck) and one.cause.by == "trainer"


def struck_again(state: State, one: Happening) -> State:
    """Return the state once a shock that somebody had strike has struck, as it did before."""
    return _happened(state, one.cause)


def heard_by(scenario: Scenario, cause: Cause) -> tuple[str, ...] | None:
    """Return the parties that alone learn of what happened; None where all do."""
    if isinstance(cause, Struck):
        return scenario.shocks[cause.shock].heard_by or None
    return (cause.party,)


def is_held(state: State, position: int) -> bool:
    """Return whether a capital lets its delegate sign nothing in the current round."""
    party = state.scenario.ids[position]
    mandate = state.scenario.mandates.get(party)
    if mandate is None:
        return False
    now = state.round + 1
    return any(one.kind == "no-deal" and one.round == now for one in mandate.instructions)


# --- what happens as a round begins


def _with_arrivals(state: State) -> State:
    causes = list(_arrivals(state))
    for cause in causes:
        state = _happened(state, cause)
    return _lapsed(state) if causes else state


def _arrivals(state: State) -> Iterator[Cause]:
    """Yield what happens as the current round begins: shocks, answers, then instructions."""
    scenario, now = state.scenario, state.round + 1
    over = shocks_over(state)
    for name, shock in scenario.shocks.items():
        if name in over:
            continue
        if shock.round == now:
            yield Struck(name, "date")
        elif shock.chance and Random(f"{state.seed}/shock/{name}/{now}").random() < shock.chance:
            yield Struck(name, "lot")
    told = sum(isinstance(one.cause, Answered) for one in state.happened)
    for request in state.requests[told:]:
        party = scenario.ids[request.position]
        yield Answered(party, request.issue, request.option, request.is_granted)
    for party, mandate in scenario.mandates.items():
        if scenario.ids.index(party) not in state.left:
            for number, instruction in enumerate(mandate.instructions):
                if instruction.round == now:
                    yield Instructed(party, number)


def shocks_over(state: State) -> set[str]:
    """Return the shocks that have struck, whoever learned of them."""
    return {one.cause.shock for one in state.happened if isinstance(one.cause, Struck)}


def _happened(state: State, cause: Cause) -> State:
    one = Happening(turn=state.turn, round=state.round, cause=cause)
    after = changed(state.scenario, cause)
    return replace(state, scenario=after, happened=(*state.happened, one))


def changed(scenario: Scenario, cause: Cause) -> Scenario:
    """Return the scenario as it is once something has happened; the last few are kept."""
    known, course = scenario.once("histories", _no_histories)
    how = cause.shock if isinstance(cause, Struck) else repr(cause)
    key = (*course, how)
    found = known.get(key)
    if found is None:
        found = _after(scenario, cause)
        if len(known) >= MOST_HISTORIES:
            known.clear()
        known[key] = found
        if found is not scenario:
            found.kept["histories"] = (known, key)
    return found


def _no_histories(_: Scenario) -> tuple[dict[tuple[str, ...], Scenario], tuple[str, ...]]:
    """Return what is shared by a scenario and all that it becomes, and what led to it: nothing."""
    return {}, ()


def _after(same: Scenario, cause: Cause) -> Scenario:
    match cause:
        case Struck(shock=name):
            return struck(same, same.shocks[name])
        case Instructed(party=party, number=number):
            return instructed(same, party, same.mandates[party].instructions[number])
        case Answered(party=party, issue=issue, option=option, is_granted=is_granted):
            return answered(same, party, issue, option) if is_granted else same


def _lapsed(state: State) -> State:
    """Return the state without what a delegate stood by and may sign no longer."""
    from games.protocols.registry import PROTOCOLS

    barred = frozenset(k for k in range(len(state.scenario.ids)) if not _stands_free(state, k))
    return PROTOCOLS[state.scenario.protocol.kind].lapse(state, barred)


def _stands_free(state: State, position: int) -> bool:
    offer = state.offer
    if is_held(state, position):
        return False
    return offer is None or state.scenario.preferences[position].may_sign(offer)
