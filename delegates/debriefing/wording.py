"""How a debrief words moves, outcomes, points and shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from delegates.text import one_line
from games.moves import Accept, Merge, Move, Offer, WalkAway
from games.naming import called
from games.option_words import with_unit
from games.protocols.words import act_words
from games.review.positions import last_offer

if TYPE_CHECKING:
    from games.outcomes import Option
    from games.review.leaks import Secret
    from games.review.positions import Act
    from games.scenario import Scenario
    from games.session import State

SECRETS: dict[Secret, str] = {
    "reservation value": "your reservation value",
    "utility": "what an outcome is worth to you",
    "points": "what options are worth to you",
    "discount": "your discount",
}
"""What a figure that was said aloud gives away."""


def name(scenario: Scenario, party: str, *, begins: bool = False) -> str:
    """Return what a party is called in a sentence."""
    return called(one_line(scenario.parties[party].name) or party, begins=begins)


def label(scenario: Scenario, issue: str) -> str:
    """Return what an issue is called."""
    return one_line(scenario.issues[issue].label) or issue


def option(scenario: Scenario, issue: str, value: Option) -> str:
    """Return an option with its unit."""
    return one_line(with_unit(scenario.issues[issue], value))


def signed(value: float) -> str:
    """Return a change of points with its sign."""
    return f"{value:+.1f}" if abs(value) >= 0.05 else "0.0"


def percent(share: float) -> str:
    """Return a share in whole percent."""
    return f"{share:.0%}"


def terms(scenario: Scenario, outcome: int) -> str:
    """Return an outcome in one line, issues apart by middle dots."""
    return settled(scenario, scenario.space.outcome(outcome))


def settled(scenario: Scenario, outcome: Mapping[str, Option]) -> str:
    """Return settled issues in one line, issues apart by middle dots."""
    return " · ".join(
        f"{label(scenario, issue)} {option(scenario, issue, value)}"
        for issue, value in outcome.items()
    )


def changes(scenario: Scenario, before: int, after: int) -> str:
    """Return what is other in an outcome than in an earlier one; nothing if it is the same."""
    old, new = scenario.space.outcome(before), scenario.space.outcome(after)
    return " · ".join(
        f"{label(scenario, issue)} {option(scenario, issue, old[issue])} → "
        f"{option(scenario, issue, value)}"
        for issue, value in new.items()
        if value != old[issue]
    )


def told_in(scenario: Scenario, state: State, history: Sequence[Act], move: Move) -> str:
    """Return a move made in a state, after all those before it, as a phrase likewise."""
    if isinstance(move, Accept) and state.mover in state.standing:
        return "stands by its offer" if state.offerer == state.mover else "stands by the offer"
    is_told_by_it = isinstance(move, Offer | Merge)
    before = last_offer(history, state.mover) if is_told_by_it else None
    return told(scenario, move, before, state.on_table)


def told_after(scenario: Scenario, history: Sequence[Act], act: Act) -> str:
    """Return a move at a table after all those before it, as a phrase likewise."""
    on_table: int | None = None
    standing: list[int] = []
    for one in history:
        if isinstance(one.move, Offer):
            on_table, standing = one.move.outcome, [one.mover]
        else:
            standing.append(one.mover)
    if isinstance(act.move, Accept) and act.mover in standing:
        return "stands by its offer" if standing[0] == act.mover else "stands by the offer"
    return told(scenario, act.move, last_offer(history, act.mover), on_table)


def told(scenario: Scenario, move: Move, before: int | None, on_table: int | None) -> str:
    """Return a move as a phrase that follows its mover's name.

    Args:
        scenario: What is negotiated.
        move: The move.
        before: What the mover last offered; an offer is told by what it changes in it.
        on_table: What an acceptance is of.
    """
    match move:
        case Offer(outcome=outcome) | Merge(outcome=outcome):
            verb = "offers" if isinstance(move, Offer) else "puts forward"
            if before is None:
                return f"{verb} {terms(scenario, outcome)}"
            moved = changes(scenario, before, outcome)
            return f"{verb} {moved}; the rest as before" if moved else "repeats its offer"
        case Accept():
            text = "" if on_table is None else f": {terms(scenario, on_table)}"
            return f"accepts what is on the table{text}"
        case WalkAway():
            return "walks away"
        case _:
            names = {party: one_line(one.name) for party, one in scenario.parties.items()}
            groups = (scenario.issues, scenario.statecraft.measures, scenario.side_deals)
            labels = {key: one_line(one.label) for group in groups for key, one in group.items()}
            return one_line(act_words(move, names, labels))
