"""What happens between moves, as it stands in a transcript, and read back from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.happening_words import happening_words
from games.happenings import Answered, Cause, Happening, Instructed, Struck, heard_by
from transcripts.events import Happened

if TYPE_CHECKING:
    from games.scenario import Scenario


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
