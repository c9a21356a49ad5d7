"""What the capitals made of what was signed, as text."""

from __future__ import annotations

from delegates.text import clean
from games.point_words import tenths
from games.protocols.hall import HallState
from games.protocols.settlement import is_in_force
from games.protocols.stages import is_signed
from games.ratification import Capital, Ratified, audience_cost, ratified
from games.session import State
from tui.text.brackets import some
from tui.text.wording import paragraph

SIGNING = "signing, before it is ratified"
"""What points of a text are that may fail at home."""

NAMED = 6
"""Of many capitals, those that are named in a list."""


def ratification_lines(state: State, seat: str | None = None) -> list[str]:
    """Return who ratified what was signed and what came of it; nothing where nobody had to.

    Args:
        state: After the close.
        seat: The party that it is told to: of others' chances it learns nothing.
    """
    found = ratified(state)
    if found is None:
        return []
    passed = [_named(state, one, seat) for one in found.capitals if one.has_ratified]
    failed = [_named(state, one, seat) for one in found.capitals if not one.has_ratified]
    told = [
        *([f"ratified by {some(passed, NAMED)}"] if passed else []),
        *([f"turned down by {some(failed, NAMED)}"] if failed else []),
    ]
    return [paragraph(f"At home: {'; '.join(told)}. {_consequence(state, found)}", "  ")]


def turned_down(state: State) -> str:
    """Return what a headline adds where capitals turned down what was agreed; else nothing.

    It follows the status: `AGREEMENT in round 3 of 8` and `, not ratified by Malaysia: …`.
    """
    found = ratified(state)
    if found is None or not found.failed:
        return ""
    parties = state.scenario.parties
    failed = [clean(parties[one.party].name) for one in found.capitals if not one.has_ratified]
    lead = f", not ratified by {some(failed, NAMED)}"
    if isinstance(state, HallState) and is_signed(state.scenario):
        return lead  # whether it is in force is told of signed texts anyway
    return f"{lead}: it {'holds among the others' if found.holds else 'does not hold'}"


def before_lines(state: State, seat: str | None = None) -> list[str]:
    """Return what the points of a result are beside those told while talks went on.

    On the table a text that must be ratified is worth what signing it is worth; in the result it is
    worth what became of it.

    Args:
        state: After the close.
        seat: The party that it is told to: it learns of its own points alone.
    """
    found, agreed = ratified(state), state.agreement
    if found is None or agreed is None:
        return []
    preferences = state.scenario.preferences
    told = [
        f"{tenths(preferences[one.position].utility(agreed))} to "
        f"{clean(state.scenario.parties[one.party].name)}"
        for one in found.capitals
        if seat in (None, one.party)
    ]
    if not told:
        return []
    return [
        paragraph(
            f"{SIGNING.capitalize()}, as it stood on the table, was worth {some(told, NAMED)}; "
            "the points of the result are those after it was put to the capitals."
        )
    ]


def _named(state: State, one: Capital, seat: str | None) -> str:
    name = clean(state.scenario.parties[one.party].name)
    known = seat is None or seat == one.party
    chance = f"chance {one.chance:.0%}" if known else ""
    cost = audience_cost(state.scenario, one.position)
    lost = f"{tenths(cost)} points lost" if known and cost and not one.has_ratified else ""
    notes = ", ".join(part for part in (chance, lost) if part)
    return f"{name} ({notes})" if notes else name


def _consequence(state: State, found: Ratified) -> str:
    if not found.failed:
        return "What was signed stands."
    if isinstance(state, HallState) and is_signed(state.scenario):
        force = "in force" if is_in_force(state) else "not in force"
        return f"Without their signatures the text is {force}."
    if found.holds:
        return "Among the others the agreement holds."
    return "The agreement does not hold: the others have what they have without one."
