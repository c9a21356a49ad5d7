"""How seats conducted themselves, a line each: calls, tokens, faults, what they let slip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from delegates.text import clean, counted
from transcripts.conduct import Conduct
from transcripts.events import Flag
from transcripts.record import SessionRecord
from tui.text.wording import money, paragraph

FLAGS: dict[Flag, str] = {
    "below-reservation": "worth less to it than no agreement",
    "own-figure-told": "tells a private figure of its own",
    "repeating": "the model said this before",
    "off-topic": "the model strayed from the talks",
}
"""What is remarkable about a move, in words."""


def flag_words(flags: tuple[Flag, ...]) -> list[str]:
    """Return what is remarkable about a move, in words."""
    return [FLAGS[flag] for flag in flags]


def conduct_lines(record: SessionRecord, only: str | None = None) -> list[str]:
    """Return a line for every seat of which there is something to tell.

    Args:
        record: The session.
        only: The only party that is told of; None for all.
    """
    return [
        paragraph(f"{clean(party)}: {', '.join(told)}.")
        for party, seat in record.seats.items()
        if only in (None, party) and (told := [*_calls(seat), *_troubles(seat), *_slips(seat)])
    ]


def _calls(seat: Conduct) -> Iterator[str]:
    used = seat.tokens
    if seat.model_calls:
        kept = f", {seat.from_cache} of them replies kept from before" if seat.from_cache else ""
        yield f"{counted(seat.model_calls, 'call')}{kept}"
        thought = f", {used.reasoning:,} thought" if used.reasoning else ""
        parts = f"{used.cached:,} cached{thought}"
        yield f"{used.input + used.output:,} tokens ({parts})"
        yield money(seat.cost_usd)
    if seat.retries:
        yield f"tried again {counted(seat.retries, 'time')}"
    if seat.may_be_billed_usd != 0:
        unknown = seat.may_be_billed_usd is None
        most = "an amount not known" if unknown else f"at most {seat.may_be_billed_usd:.4f} USD"
        yield f"failed attempts may be billed {most}"


def _troubles(seat: Conduct) -> Iterator[str]:
    total = sum(seat.unusable.values())
    if total:
        yield f"{counted(total, 'reply', 'replies')} unusable ({_kinds(seat.unusable)})"
    if seat.fallback_moves:
        yield f"{counted(seat.fallback_moves, 'move')} by the fallback"
    if seat.template_worded:
        yield f"{seat.template_worded} worded by a template instead"


def _slips(seat: Conduct) -> Iterator[str]:
    if seat.below_reservation:
        yield f"{counted(seat.below_reservation, 'move')} below its reservation value"
    if seat.figures_told:
        most = f" (of {seat.tellable_figures} that could be)"
        yield f"{counted(seat.figures_told, 'private figure')} told{most}"
    if seat.quotations_told:
        yield f"{counted(seat.quotations_told, 'passage')} of its brief told"
    if seat.unknown_figures:
        yield f"{counted(seat.unknown_figures, 'figure')} that nobody gave it"


def _kinds(faults: Mapping[str, int]) -> str:
    listed = sorted(faults.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {fault}" for fault, count in listed)
