"""From a transcript to the debrief of one of its parties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from delegates.debriefing.holding import holding
from delegates.debriefing.leftover import left_words
from delegates.debriefing.lessons import lessons
from delegates.debriefing.lessons.evidence import evidence_of, notes_of
from delegates.debriefing.readings import KEPT, SEALED, Readings, accuracies, accuracy_of, readings
from delegates.debriefing.recorded import Recorded, read, read_whole, sheet_against_truth
from games.review.debrief import Debrief
from games.session import payoffs, utilities

Progress = Callable[[str], None]
"""Told in a few words what is being worked out, as it takes a while."""


def debrief(
    path: Path,
    party: str | None = None,
    *,
    progress: Progress | None = None,
    sealed: bool = False,
) -> Debrief:
    """Return the debrief of a recorded session for one party.

    While a person's session is not over, it holds what that person can know and no more: nothing
    of what the others want, no accuracy and no lessons.

    Args:
        path: The transcript; the session may be unfinished.
        party: Whose play is reviewed; None for the person's seat, else the first party's.
        progress: Told what is being worked out.
        sealed: Whether it holds no more than that even once the session is over.

    Raises:
        TranscriptError: If the transcript cannot be read.
        UserError: If there is no such party, or what it did cannot be told before the session is
            over.
    """
    recorded = read(path, party, sealed=sealed)
    tell = progress or _silent
    found = readings(recorded, tell)
    if recorded.is_sealed:
        return _sealed(recorded, found)
    return _whole(recorded, found, accuracies(recorded, found, tell))


def debriefs(
    path: Path, *, is_stopped: bool = False, progress: Progress | None = None
) -> tuple[Debrief, ...]:
    """Return the debriefs of all seats of a recorded session, in the order of moves.

    Each is what `debrief` returns for that party; every seat is read once.

    Args:
        path: The transcript.
        is_stopped: Whether nobody carries the session on, though it is not over: whoever leads it
            says so, and nothing is kept from whoever reads this.
        progress: Told what is being worked out.

    Raises:
        TranscriptError: If the transcript cannot be read.
        UserError: If a person sits there and the session is neither over nor stopped.
    """
    return of_all_seats(read_whole(path, is_stopped=is_stopped), progress or _silent)


def of_all_seats(recorded: Recorded, progress: Progress) -> tuple[Debrief, ...]:
    """Return the debriefs of all seats of a session that keeps nothing from its reader."""
    seats = [replace(recorded, party=party) for party in recorded.scenario.ids]
    found = {seat.party: readings(seat, progress) for seat in seats}
    played = {
        seat.party: None if own is None else accuracy_of(seat, own).value
        for seat in seats
        for own in (found[seat.party].own,)
    }
    return tuple(_whole(seat, found[seat.party], dict(played)) for seat in seats)


def _silent(_: str) -> None:
    """Tell nobody."""


def _whole(recorded: Recorded, found: Readings, everyone: dict[str, float | None]) -> Debrief:
    """Return all that can be said, every party's accuracy being known."""
    own, final, seat = found.own, recorded.final, recorded.seat
    agreed, scenario = final.agreement, recorded.scenario
    left = next(one for one in found.close.left if one.party == recorded.party)
    evidence = evidence_of(recorded, found)
    played = None if own is None else accuracy_of(recorded, own)
    return Debrief(
        session=recorded.folded.header.session,
        scenario=scenario,
        party=recorded.party,
        parties=scenario.ids,
        status=final.status,
        agreement=None if agreed is None else scenario.space.outcome(agreed),
        utilities=utilities(final),
        payoffs=payoffs(final),
        reservations={one.party: one.reservation for one in final.scenario.preferences},
        accuracies=everyone,
        accuracy=None if played is None else played.value,
        accuracy_error=None if played is None else played.error,
        accuracy_note=found.note if played is None else played.note,
        hindsight=None if played is None else played.hindsight,
        moves=evidence.notes,
        left=left.points,
        left_share=left.share,
        left_words=left_words(final, seat),
        beliefs=evidence.beliefs,
        holds=holding(recorded.folded.findings.agreement),
        lessons=lessons(evidence),
        sheet=sheet_against_truth(recorded),
        hints=len(recorded.advice),
        notes=found.notes,
    )


def _sealed(recorded: Recorded, found: Readings) -> Debrief:
    """Return what the person may know before the session is over, or from their own seat alone."""
    final, party = recorded.final, recorded.party
    why = SEALED if final.is_open else KEPT
    agreed = final.agreement
    return Debrief(
        session=recorded.folded.header.session,
        scenario=recorded.scenario,
        party=party,
        parties=tuple(recorded.persons),
        status=final.status,
        agreement=None if agreed is None else recorded.scenario.space.outcome(agreed),
        utilities={party: utilities(final)[party]},
        payoffs={party: payoffs(final)[party]},
        reservations={party: final.scenario.preferences[recorded.seat].reservation},
        accuracies=dict.fromkeys(recorded.persons),
        accuracy=None,
        accuracy_error=None,
        accuracy_note=why,
        hindsight=None,
        moves=notes_of(recorded, found),
        left=None,
        left_share=None,
        left_words=why,
        beliefs=(),
        holds=(),
        lessons=(),
        sheet=(),
        hints=len(recorded.advice),
        notes=found.notes,
        is_sealed=True,
    )
