"""What a delegate asks its capital for, and when the capital grants it.

Asking costs the turn; the answer comes as the next round begins. The capital grants an option that
its mandate lists under `grants` if the text on the table, settled by that option, is worth at least
what it states there, as it counts at home.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from games.errors import IllegalMove
from games.happenings.happening import Request, is_held
from games.moves import AskCapital
from games.outcomes import red_line_crossed
from games.ratification import worth_at_home

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.session import State

S = TypeVar("S", bound="State")


def asked(state: S, move: AskCapital) -> S:
    """Return the state once the party to move has asked its capital.

    Raises:
        IllegalMove: If it has no mandate, there is nothing on the table to ask about, it may sign
            the option as it is, or it has asked for it with this text on the table, or has asked
            as often as it may.
    """
    scenario, party = state.scenario, state.party
    mandate = scenario.mandates.get(party)
    limits = {} if mandate is None else mandate.limits
    if mandate is None or move.issue not in limits:
        named = ", ".join(limits) or "none"
        raise IllegalMove(
            f"{party}: its mandate does not limit {move.issue!r}; expected one of {named}"
        )
    texts = scenario.issues[move.issue].texts
    if move.option not in texts:
        raise IllegalMove(
            f"{party}: {move.issue} has no option {move.option!r}; expected one of "
            f"{', '.join(texts)}"
        )
    if move.option in limits[move.issue]:
        raise IllegalMove(f"{party}: it may sign {move.issue} {move.option} as it is")
    own = [one for one in state.requests if one.position == state.mover]
    if len(own) >= mandate.requests:
        raise IllegalMove(f"{party}: it may ask {mandate.requests} times and has")
    text = state.on_table
    if text is None:
        raise IllegalMove(f"{party}: nothing is on the table that its capital could judge")
    if any((one.issue, one.option, one.text) == (move.issue, move.option, text) for one in own):
        raise IllegalMove(
            f"{party}: with this text on the table it has asked for {move.issue} {move.option}"
        )
    granted = _grants(state, text, move)
    request = Request(state.mover, move.issue, move.option, granted, text, state.turn)
    return replace(state, requests=(*state.requests, request))


def _grants(state: State, text: int, move: AskCapital) -> bool:
    scenario, party = state.scenario, state.party
    grant = scenario.mandates[party].grants.get(move.issue, {}).get(move.option)
    if grant is None:
        return False
    settled = {**scenario.space.outcome(text), move.issue: move.option}
    outcome = scenario.space.index(settled)
    possible = scenario.space.is_possible(outcome)
    return possible and worth_at_home(scenario, state.mover, outcome) >= grant.least


def outside_limits(scenario: Scenario, position: int, outcome: int) -> tuple[tuple[str, str], ...]:
    """Return the options of an outcome that a party's mandate does not let it sign."""
    mandate = scenario.mandates.get(scenario.ids[position])
    if mandate is None or not mandate.limits:
        return ()
    levels = scenario.space.levels_of(outcome)
    settled = [
        (name, issue.texts[level])
        for (name, issue), level in zip(scenario.issues.items(), levels, strict=True)
    ]
    return tuple(
        (name, option)
        for name, option in settled
        if option not in mandate.limits.get(name, (option,))
    )


def require_mandate(state: State, outcome: int) -> None:
    """Check that the capital of the party to move lets it put its name to an outcome now.

    Raises:
        IllegalMove: If it may sign nothing in this round, or its mandate does not reach so far.
    """
    if is_held(state, state.mover):
        raise IllegalMove(f"{state.party}: its capital lets it sign nothing in this round")
    beyond = outside_limits(state.scenario, state.mover, outcome)
    if beyond:
        issue, option = beyond[0]
        raise IllegalMove(f"{state.party}: its mandate does not reach as far as {issue} {option}")


def request_by_rule(state: State) -> AskCapital | None:
    """Return what a scripted delegate asks its capital for, if it has reason to.

    It asks where the text on the table is worth at least its reservation value and nothing but its
    mandate keeps it from signing: for the first option outside the limits that its capital has not
    refused it over a text worth as much to it. What its capital would grant it does not know.
    """
    text, mover = state.on_table, state.mover
    mandate = state.scenario.mandates.get(state.party)
    if text is None or mandate is None or not mandate.limits or is_held(state, mover):
        return None
    if state.round + 1 >= state.rounds:
        return None  # the answer would come when the talks are over
    asked_before = [one for one in state.requests if one.position == mover]
    own = state.scenario.preferences[mover]
    if len(asked_before) >= mandate.requests or own.falls_short(text):
        return None
    beyond = outside_limits(state.scenario, mover, text)
    if not beyond or not _is_possible_but_for_limits(state.scenario, mover, text):
        return None
    in_vain = {
        (one.issue, one.option)
        for one in asked_before
        if own.utility(one.text) >= own.utility(text) - own.tie
    }
    return next((AskCapital(*one) for one in beyond if one not in in_vain), None)


def _is_possible_but_for_limits(scenario: Scenario, position: int, outcome: int) -> bool:
    """Return whether an outcome can happen and crosses none of a party's red lines."""
    lines = scenario.parties[scenario.ids[position]].red_lines
    space = scenario.space
    return space.is_possible(outcome) and red_line_crossed(space, lines, outcome) is None
