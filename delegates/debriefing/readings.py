"""What the mathematics says of a session, for the reviewed party and, in brief, for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from delegates.debriefing.recorded import Recorded
from delegates.debriefing.wording import name
from delegates.text import counted
from games.naming import series
from games.review.accuracy import accuracy
from games.review.hall import read_hall
from games.review.reading import MOST_ASKED_OF, read_session
from games.review.uncertainty import accuracy_error

if TYPE_CHECKING:
    from games.review.close import CloseReading
    from games.review.hall import HallReading
    from games.review.reading import SessionReading

SEALED = "told once the session is over: until then what the others want is kept from you"
"""Said in the place of everything that would give away the others' secrets."""

KEPT = (
    "kept from you, for it would tell what the others wanted; whoever hosted the table can show it"
)
"""The same of a session that is over."""


LEAST_OWN = 3
"""Moves that a person must have decided beside a stand-in's for an accuracy of their own: one or
two tell nothing of how somebody plays. A judgement."""


@dataclass(frozen=True, kw_only=True)
class Readings:
    """A session read for one party."""

    own: SessionReading | None
    """None where it cannot be read."""
    note: str | None
    """Why not."""
    close: CloseReading
    hall: HallReading | None = None
    """In a plenary or forum; there nothing else is read."""
    notes: tuple[str, ...] = ()
    """What a debrief of it cannot say, and why."""


def readings(recorded: Recorded, progress: Callable[[str], None]) -> Readings:
    """Return a session read for the reviewed party.

    Args:
        recorded: The session.
        progress: Told whose moves are being judged.
    """
    if recorded.is_hall:
        held = _read_hall(recorded, progress)
        notes = tuple(_notes(recorded))
        return Readings(own=None, note=held.accuracy_note, close=held.close, hall=held, notes=notes)
    own = _read(recorded, recorded.party, progress, as_known=recorded.is_sealed)
    foretold = () if recorded.is_sealed else _foretold(recorded, own)
    return Readings(own=own, note=None, close=own.close, notes=(*_notes(recorded), *foretold))


def accuracies(
    recorded: Recorded, found: Readings, progress: Callable[[str], None]
) -> dict[str, float | None]:
    """Return every party's accuracy in percent, for comparison; None where it is not computed."""
    if found.own is None:
        return dict.fromkeys(recorded.scenario.ids)
    return {
        party: accuracy_of(
            recorded,
            found.own
            if party == recorded.party
            else _read(recorded, party, progress, accuracy_alone=True),
        ).value
        for party in recorded.scenario.ids
    }


class Accuracy(NamedTuple):
    """How accurately a party played, a person's stand-in's moves aside."""

    value: float | None
    """Percent; None where it is not computed."""
    error: float | None
    note: str | None
    hindsight: float | None


def accuracy_of(recorded: Recorded, reading: SessionReading) -> Accuracy:
    """Return a party's accuracy over the moves that it decided itself.

    Where a person's stand-in decided some, they are counted in the note; where it decided all of
    them, the figure is the stand-in's. Where it left the person fewer than `LEAST_OWN` there is no
    figure.

    Args:
        recorded: The session.
        reading: Of the party.
    """
    own = [one for one in reading.moves if not recorded.is_stand_ins(one.number)]
    stood_in = len(reading.moves) - len(own)
    whole = Accuracy(
        reading.accuracy, reading.accuracy_error, reading.accuracy_note, reading.hindsight
    )
    if not stood_in or reading.accuracy is None:
        return whole
    notes = [] if whole.note is None else [whole.note]
    if not own:
        told = "the stand-in decided every move: the figure is its, not the person's"
        return whole._replace(note="; ".join([told, *notes]))
    if len(own) < LEAST_OWN:
        told = (
            f"not computed: the person decided {counted(len(own), 'move')}, too few to tell; with "
            f"the {stood_in} of the stand-in it is {reading.accuracy:.0f}%"
        )
        return Accuracy(None, None, "; ".join([told, *notes]), None)
    judged = [one.judgement for one in own if one.judgement is not None]
    lost = [one.hindsight_loss for one in own if one.hindsight_loss is not None]
    told = (
        f"over the {counted(len(own), 'move')} that the person decided; the stand-in decided "
        f"{stood_in} more, and with these it is {reading.accuracy:.0f}%"
    )
    return Accuracy(
        accuracy([one.loss for one in judged]),
        accuracy_error(one.loss_error for one in judged),
        "; ".join([told, *notes]),
        accuracy(lost),
    )


def _read_hall(recorded: Recorded, progress: Callable[[str], None]) -> HallReading:
    progress(f"reading what {name(recorded.scenario, recorded.party)} did")
    return read_hall(
        recorded.scenario,
        recorded.moves,
        recorded.turns,
        recorded.party,
        seed=recorded.folded.header.seed,
        words=[event.words for event in recorded.made],
        happened=recorded.final.happened,
    )


def _read(
    recorded: Recorded,
    party: str,
    progress: Callable[[str], None],
    *,
    accuracy_alone: bool = False,
    as_known: bool = False,
) -> SessionReading:
    doing = "reading" if as_known else "judging"
    compared = ", for comparison" * accuracy_alone
    whose = f"{doing} the moves of {name(recorded.scenario, party)}{compared}"
    progress(whose)
    return read_session(
        recorded.scenario,
        recorded.moves,
        recorded.turns,
        party,
        seed=recorded.folded.header.seed,
        words=[event.words for event in recorded.made],
        minds=recorded.minds if party == recorded.party else {},
        happened=recorded.final.happened,
        followed=recorded.followed,
        accuracy_alone=accuracy_alone,
        progress=lambda place, moves: progress(f"{whose}: {place} of {moves}"),
        as_known=as_known,
    )


def _notes(recorded: Recorded) -> Iterator[str]:
    if recorded.is_sealed and not recorded.final.is_open:
        yield f"Accuracy, best moves, lessons and the rest are {KEPT}."
    elif recorded.is_sealed:
        yield f"The session is not over. Accuracy, best moves, lessons and the rest are {SEALED}."
    elif recorded.final.is_open:
        yield "The session is not over: what is said of its end is said as if it ended here."
    if len(recorded.made) > MOST_ASKED_OF and not recorded.is_hall:
        yield (
            f"Whether a concession was needed is told up to move {MOST_ASKED_OF:,}: to ask the "
            "others after so many moves would take hours."
        )
    if recorded.folded.header.parent is not None:
        at = recorded.folded.header.parent.moves
        yield f"The session branched off another one after move {at}; all its moves are reviewed."


def _foretold(recorded: Recorded, own: SessionReading) -> Iterator[str]:
    """Yield by what the counterparts' answers are foretold, where that is not their own mind."""
    by_curve = [
        name(recorded.scenario, party)
        for party, model in own.counterpart_models.items()
        if model == "nearest concession curve"
    ]
    if by_curve:
        yield (
            f"What {series(by_curve)} would have answered is foretold by the concession curve "
            "nearest to its own offers: who sat there cannot be asked again."
        )
