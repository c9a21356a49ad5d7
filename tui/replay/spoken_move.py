"""One move as a screen shows it, and what is told beside it, to all or to one party."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.text import one_line
from transcripts.events import (
    Event,
    Failed,
    HandedOver,
    MoveMade,
    Prepared,
    Resumed,
    Retried,
    Suggested,
    Unusable,
)
from tui.text.conduct import flag_words
from tui.text.wording import carried_on, handed_over

LONGEST_NOTICE = 200


@dataclass(frozen=True, kw_only=True)
class SpokenMove:
    """One move and what was said with it, ready to be shown."""

    number: int
    """From 1."""
    event: MoveMade | None
    """None where the line that held it is not sound, or the move was not heard."""
    words: str
    notices: tuple[str, ...]
    """What went amiss on the way to this move."""
    happened: tuple[str, ...] = ()
    """What happened between the move before and this one."""
    where: str = ""
    """The room in which it was made, where it was."""
    is_heard: bool = True
    """Whether the party that it is shown to has heard it."""
    is_sound: bool = True


def room_words(event: MoveMade, see: str | None) -> str:
    """Return in which room a move was made; a party is told no number: others' rooms count too."""
    if event.room is None:
        return ""
    return f"room {event.room + 1}" if see is None else "in a room"


def notice_of(event: Event, see: str | None) -> list[str]:
    """Return what is told of an event between moves, to one party or to whoever sees all."""
    if isinstance(event, Unusable | Retried | Failed | Suggested | Prepared):
        return _private_notice(event) if see in (None, event.party) else []
    match event:
        case Resumed():
            return [one_line(carried_on(event), LONGEST_NOTICE)]
        case HandedOver():
            return [one_line(handed_over(event), LONGEST_NOTICE)]
        case _:
            return []


def _private_notice(event: Unusable | Retried | Failed | Suggested | Prepared) -> list[str]:
    match event:
        case Unusable():
            return [f"reply not usable: {one_line(event.reason, LONGEST_NOTICE)}"]
        case Retried():
            return [f"asked again: {one_line(event.reason, LONGEST_NOTICE)}"]
        case Failed():
            return [f"stopped here: {one_line(event.reason, LONGEST_NOTICE)}"]
        case Suggested():
            return [f"the adviser: {one_line(event.words, LONGEST_NOTICE)}"]
        case Prepared():
            when = "before the talks" if event.when == "before" else "at half time"
            return [f"{one_line(event.party)} wrote down what it takes the game to be, {when}"]


def own_notices(event: MoveMade, see: str | None) -> list[str]:
    """Return what is told of a move itself; why a fallback was needed may speak of red lines."""
    own = see in (None, event.party)
    notices: list[str] = []
    for what, why in (
        ("fallback decided", event.fallback),
        ("template worded", event.words_fallback),
    ):
        if why:
            notices.append(f"{what}: {one_line(why, LONGEST_NOTICE)}" if own else what)
    return [*notices, *(flag_words(event.flags) if own else [])]
