"""What helps a person at the table to learn: a sheet of preparation, guesses, advice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from delegates.persons.adviser import advise
from delegates.persons.person import AskAdvice, GuessAgain
from games.errors import SettingError
from games.preparation import Sheet, problem_with_sheet
from games.protocols.hall import is_hall
from games.review.knowledge import bare_turns
from games.review.positions import positions
from transcripts.acts import act_of, move_of, outcome_of, terms_of
from transcripts.events import Prepared, Suggested
from transcripts.preparation import is_half_time

if TYPE_CHECKING:
    from delegates.contract import View
    from delegates.seats import SeatSpec
    from games.scenario import Scenario
    from transcripts.fold import Folded


def sealed_sheets(
    scenario: Scenario, specs: Mapping[str, SeatSpec], sheets: Mapping[str, Sheet]
) -> tuple[Prepared, ...]:
    """Return preparation sheets as events that stand before the first move.

    Raises:
        SettingError: If one is of no person's seat, or does not fit the scenario.
    """
    return tuple(_sealed(scenario, specs, sheets))


def _sealed(
    scenario: Scenario, specs: Mapping[str, SeatSpec], sheets: Mapping[str, Sheet]
) -> Iterator[Prepared]:
    for party, sheet in sheets.items():
        if party not in specs or not specs[party].is_person:
            raise SettingError(f"preparation sheet of {party!r}: expected the seat of a person")
        problem = problem_with_sheet(scenario, party, sheet)
        if problem is not None:
            raise SettingError(f"preparation sheet of {party}: {problem}")
        yield Prepared(turn=0, party=party, when="before", sheet=sheet)


def guesses_due(folded: Folded, view: View) -> bool:
    """Return whether half the rounds are over and the guesses are to be asked for once more.

    Only of who filled in a sheet before the first move, and once.
    """
    own = [one.when for one in folded.sheets if one.party == view.party]
    return own == ["before"] and is_half_time(folded.state)


def advice_given(folded: Folded, view: View) -> Suggested | None:
    """Return what the adviser said to the seat in this turn, if it was asked.

    What has happened since makes it out of date: then it may be asked again.
    """
    advice = folded.advice
    return advice if advice is not None and advice.party == view.party else None


def problem_with_aid(
    folded: Folded, view: View, spec: SeatSpec, answer: GuessAgain | AskAdvice
) -> str | None:
    """Return why the adviser cannot be asked, or guesses cannot be taken; None if they can."""
    if isinstance(answer, AskAdvice):
        if not spec.may_ask_advice:
            return "advice is not allowed in this seat; it is where the seat is human(hints=yes)"
        is_over = advice_given(folded, view) is not None
        return "the adviser has answered in this turn" if is_over else None
    if not guesses_due(folded, view):
        return "guesses are asked for at half time, once, of who filled in a preparation sheet"
    return problem_with_sheet(folded.scenario, view.party, answer.sheet)


def bare_so_far(folded: Folded) -> frozenset[int]:
    """Return the turns at a table on which all saw nothing on it although something was offered.

    None of a hall: nothing is simulated there.
    """
    if is_hall(folded.scenario):
        return frozenset()
    state, made = folded.state, folded.made
    moves = [move_of(folded.scenario, event) for event in made]
    turns = [event.turn for event in made]
    played, _ = positions(state.opening, moves, turns, folded.header.seed, state.happened)
    return bare_turns(played)


async def aid_given(
    folded: Folded, view: View, answer: GuessAgain | AskAdvice
) -> Prepared | Suggested:
    """Return what is kept of guesses at half time, or of the adviser's answer."""
    if isinstance(answer, GuessAgain):
        return Prepared(turn=view.turn, party=view.party, when="half-time", sheet=answer.sheet)
    # It takes a second, in which other sessions go on and clocks run.
    advice = await asyncio.to_thread(advise, view, bare_so_far(folded))
    return Suggested(
        turn=view.turn,
        party=view.party,
        act=act_of(advice.move),
        outcome=outcome_of(folded.scenario, advice.move),
        on=terms_of(advice.move),
        words=advice.words,
    )
