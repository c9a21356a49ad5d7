"""What was said and done in a hall, as a model reads it: what was aloud, and the rest by count.

Lines are only ever added, so that what stands in one prompt of a seat is the beginning of its next.
A delegation that tables its reading in writing, passes, votes or signs has no line of its own:
such a run of moves becomes one line once something else follows, and stands in what is asked now
until then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from delegates.contract import PublicMove, View
from delegates.models.hall_rules import listed_parties
from delegates.models.quotation import QUOTATION_REMINDER, quotations
from delegates.text import unbroken
from games.moves import (
    Accept,
    Approach,
    BreakSilence,
    CallCaucus,
    CarryOut,
    KeepSilence,
    Merge,
    Move,
    Offer,
    Pass,
    Pledge,
    Promise,
    Sign,
    Threaten,
    Vote,
    WalkAway,
)
from games.outcomes import option_text

_ASIDES = (Threaten, Promise, Approach, CallCaucus)
_ROLLS = (Vote, KeepSilence, BreakSilence, Sign, Pledge, CarryOut)

MOST_QUOTED = 12_000
"""Most characters that all quotations of a hall's talks take up: many speak, and all in brief."""

MOST_APART = 6
"""Moves heard in rooms or in confidence that a prompt shows at most."""


@dataclass
class _Reading:
    """Reads the talks from their beginning."""

    view: View
    text: int | None = None
    """What the text read, as far as is read."""
    round: int = -1
    spoken: int = 0
    """How many have had the floor in the round."""
    run: list[PublicMove] = field(default_factory=list[PublicMove])
    """Moves without a line of their own, since the last line."""
    lines: list[tuple[str, str]] = field(default_factory=list["tuple[str, str]"])
    """Each line's deed and words."""

    def add(self, seen: PublicMove) -> None:
        if seen.round != self.round:
            self.round, self.spoken = seen.round, 0
        if self._is_quiet(seen):
            if self.run and not _is_alike(self.run[-1], seen):
                self._close_run()
            self.run.append(seen)
            return
        self._close_run()
        self.lines.append((move_line(self.view, seen, self.text), spoken(self.view, seen)))
        if isinstance(seen.move, Merge):
            self.text = seen.move.outcome

    def _is_quiet(self, seen: PublicMove) -> bool:
        if isinstance(seen.move, _ROLLS):
            return True
        if seen.stage != "floor" or isinstance(seen.move, WalkAway):
            return False
        speakers = self.view.public.rules.speakers
        is_aloud = speakers is None or self.spoken < speakers
        if isinstance(seen.move, _ASIDES):
            return isinstance(seen.move, CallCaucus)
        self.spoken += 1
        return not is_aloud or isinstance(seen.move, Pass)

    def _close_run(self) -> None:
        if self.run:
            self.lines.append((run_line(self.view, self.run), ""))
            self.run.clear()


def _is_alike(one: PublicMove, other: PublicMove) -> bool:
    return one.stage == other.stage and one.round == other.round


def hall_talks(view: View, most: int = MOST_QUOTED) -> str:
    """Return what was said and done so far, in the hall or in the room where the seat sits.

    Args:
        view: Whose turn it is.
        most: How many characters may be quoted; of longer talks the oldest words are left out.
    """
    room = None if view.hall is None else view.hall.room
    title = "THE TALKS SO FAR" if room is None else "WHAT WAS SAID IN THIS ROOM"
    reading = _Reading(view, None if room is None else room.base)
    for seen in view.history:
        reading.add(seen)
    if not reading.lines:
        return f"{title}\nNothing yet."
    return "\n".join([title, *_quoted(reading.lines, most), QUOTATION_REMINDER])


def _quoted(lines: Sequence[tuple[str, str]], most: int) -> Iterator[str]:
    words = quotations([said for _, said in lines], most)
    for (deed, _), quotation in zip(lines, words, strict=True):
        yield f"{deed} {quotation}".rstrip()


def apart(view: View) -> list[str]:
    """Return the lines of what the seat lately heard in rooms or in confidence."""
    lately = list(view.apart)[-MOST_APART:]
    if not lately:
        return []
    lines = [(move_line(view, seen, None), spoken(view, seen)) for seen in lately]
    return ["HEARD BY A FEW, YOU AMONG THEM:", *_quoted(lines, MOST_QUOTED // 2)]


def spoken(view: View, seen: PublicMove) -> str:
    """Return what was said with a move; nothing where it only says what was done."""
    plain = f"{view.public.parties[seen.party].name} {view.act_words(seen.move)}."
    return "" if seen.words == plain else seen.words


def move_line(view: View, seen: PublicMove, text: int | None) -> str:
    """Return a move as one line: what was done, of an offer what differs from the text."""
    own = seen.party == view.party
    who = "You" if own else unbroken(view.public.parties[seen.party].name)
    return f"Round {seen.round + 1}, {who}: {deed(view, seen.move, text)}"


def deed(view: View, move: Move, text: int | None) -> str:
    """Return a move in the words of the protocol."""
    match move:
        case Offer(outcome=outcome):
            return f"ASKS FOR {_reading(view, outcome, text)}."
        case Merge(outcome=outcome):
            return f"PUTS FORWARD THE TEXT {_reading(view, outcome, text)}."
        case Accept():
            return "SUPPORTS what is on the table."
        case _:
            return f"{view.act_words(move)}."


def _reading(view: View, outcome: int, text: int | None) -> str:
    """Return an outcome as JSON, of one that departs from a text only where it does."""
    settled = view.public.space.outcome(outcome)
    before = {} if text is None else view.public.space.outcome(text)
    moved = {name: option_text(one) for name, one in settled.items() if before.get(name) != one}
    if not moved:
        return "the text as it is"
    rest = "" if text is None or len(moved) == len(settled) else ", else as the text"
    return f"{json.dumps(moved)}{rest}"


def run_line(view: View, run: Sequence[PublicMove]) -> str:
    """Return moves that have no line of their own as one, by count."""
    first = run[0]
    counted = ", ".join(f"{words} {count}" for words, count in _counts(view, run))
    where = _RUNS.get(first.stage, "in writing")
    return f"Round {first.round + 1}, {where}: {counted}."


_RUNS = {
    "floor": "without a word",
    "silence": "silence procedure",
    "vote": "roll call",
    "sign": "signatures",
    "pledge": "the fund",
    "due": "what fell due",
}

_KINDS: tuple[tuple[str, Callable[[Move], bool]], ...] = (
    ("ask for changes in writing", lambda move: isinstance(move, Offer)),
    ("support the text", lambda move: isinstance(move, Accept)),
    ("pass", lambda move: isinstance(move, Pass)),
    ("call caucuses", lambda move: isinstance(move, CallCaucus)),
    ("yes", lambda move: move == Vote("yes")),
    ("no", lambda move: move == Vote("no")),
    ("abstain", lambda move: move == Vote("abstain")),
    ("kept", lambda move: isinstance(move, KeepSilence)),
    ("broken by", lambda move: isinstance(move, BreakSilence)),
    ("binding", lambda move: move == Sign("binding")),
    ("declaratory", lambda move: move == Sign("declaratory")),
    ("out", lambda move: move == Sign("out")),
    ("pay", lambda move: move == Pledge(pays=True)),
    ("do not pay", lambda move: move == Pledge(pays=False)),
    ("made good", lambda move: move == CarryOut(does=True)),
    ("backed down", lambda move: move == CarryOut(does=False)),
)
_NAMED = frozenset({"no", "broken by", "made good", "backed down"})


def _counts(view: View, run: Sequence[PublicMove]) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for seen in run:
        found.setdefault(_kind(seen.move), []).append(seen.party)
    for words in (words for words, _ in _KINDS if words in found):
        parties = found[words]
        named = f" ({listed_parties(view, parties)})" if words in _NAMED else ""
        yield words, f"{len(parties)}{named}"


def _kind(move: Move) -> str:
    return next(words for words, is_such in _KINDS if is_such(move))
