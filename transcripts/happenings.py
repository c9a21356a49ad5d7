"""What happens between moves, as it stands in a transcript, and read back from there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from games.happenings.happening import (
    Answered,
    Cause,
    Happening,
    Instructed,
    Struck,
    heard_by,
    shocks_over,
)
from games.happenings.words import happening_words
from transcripts.events import Happened, PlannedShock

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.session import State


def told(scenario: Scenario, one: Happening) -> Happened:
    """Return what happened as an event; the scenario is that of the session, before or after."""
    cause = one.cause
    event = Happened(
        turn=one.turn,
        round=one.round,
        what="shock",
        by="capital",
        heard_by=heard_by(scenario, cause),
        words=happening_words(scenario, cause),
    )
    return event.model_copy(update=_particulars(cause))


def _particulars(cause: Cause) -> dict[str, object]:
    match cause:
        case Struck(shock=shock, by=by):
            return {"by": by, "shock": shock}
        case Instructed(party=party, number=number):
            return {"what": "instruction", "party": party, "instruction": number}
        case Answered(party=party, issue=issue, option=option, is_granted=granted):
            asked = {"issue": issue, "option": option, "granted": granted}
            return {"what": "answer", "party": party, **asked}


def same_happening(event: Happened, expected: Happened) -> bool:
    """Return whether an event tells what happened; how it is worded may change between versions."""
    free = {"n", "at", "prev", "words"}
    return event.model_dump(exclude=free) == expected.model_dump(exclude=free)


def happened_json(state: State) -> list[dict[str, object]]:
    """Return what happened in a session in the shape of the JSON contract, oldest first."""
    own = {"n", "at", "prev", "type"}
    return [told(state.opening, one).model_dump(mode="json", exclude=own) for one in state.happened]


def problem_with_shocks(scenario: Scenario, planned: Sequence[PlannedShock]) -> str | None:
    """Return why shocks cannot strike as they are planned; None where they can."""
    rules = scenario.protocol
    last = rules.rounds + (0 if rules.kind == "alternating-offers" else rules.extension)
    seen: set[str] = set()
    for one in planned:
        if one.shock not in scenario.shocks:
            names = ", ".join(scenario.shocks) or "none: the scenario states none"
            return f"no shock {one.shock!r}; expected one of {names}"
        if one.round > last:
            return f"{one.shock} in round {one.round}, but the talks have {last}"
        if one.shock in seen:
            return f"{one.shock} twice; it strikes once in a session"
        seen.add(one.shock)
    return None


def due(state: State, planned: Sequence[PlannedShock]) -> Iterator[str]:
    """Yield the shocks that are to have struck by now and have not, in the order given."""
    if not planned or not state.is_open:
        return
    over = shocks_over(state)
    for one in planned:
        if one.round <= state.round + 1 and one.shock not in over:
            yield one.shock
