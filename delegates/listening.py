"""Words as a model finds them, for who wants to see them come: never kept, never decided upon.

What a model thinks before it speaks is not among them, nor is anything else of its reply than what
is meant to be said. That is decided anew from all that has come each time: a tag or a key that is
only half there counts for nothing yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from delegates.contract import View
from delegates.models.answer import spoken_part
from delegates.text import clean
from transcripts.events import Purpose

MOST_SHOWN = 2_000
"""Characters of a statement that are shown while it comes; none that is spoken is longer."""


@dataclass(frozen=True, kw_only=True)
class Partial:
    """What a model has written so far of what it is going to say."""

    turn: int
    party: str
    purpose: Purpose
    text: str
    """What was to be said aloud, as far as it has come; no reasoning, no numbers of the seat. Empty
    where an answer broke off and is asked for again: what was shown before is void."""
    heard_by: tuple[str, ...] | None = None
    """The parties in the room, if nobody outside hears what is said in it; None where all hear."""


Listener = Callable[[Partial], None]
"""Shown words as they come; they may still be found unusable."""

Aloud = Callable[[str], str]
"""Finds in what a model has written so far what is to be said aloud."""


@dataclass
class Ear:
    """Hears one reply come, and shows the listener what is to be said of it."""

    listen: Listener
    view: View
    purpose: Purpose
    aloud: Aloud
    _shown: str = field(default="", init=False)

    def __call__(self, written: str) -> None:
        """Hear all that is written so far."""
        text = clean(self.aloud(written))[:MOST_SHOWN] if written else ""
        if text == self._shown:
            return
        self._shown = text
        self.listen(
            Partial(
                turn=self.view.turn,
                party=self.view.party,
                purpose=self.purpose,
                text=text,
                heard_by=_in_confidence(self.view),
            )
        )


def _in_confidence(view: View) -> tuple[str, ...] | None:
    room = None if view.hall is None else view.hall.room
    if room is None or not room.is_private:
        return None
    ids = tuple(view.public.parties)
    return tuple(ids[k] for k in room.members)


_HALF_A_TAG = re.compile(r"[<\[][^<>\[\]]{0,24}$")
_OPENING = re.compile(r"\s*(?:```\w*\s*)?(?=\{)")
_TOKEN = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)(?P<end>"|\\?\Z)|(?P<mark>[{}\[\],:])|[^\s"{}\[\],:]+', re.DOTALL
)
_LONGEST_ESCAPE = 6
_SPOKEN_ACTIONS = frozenset({"offer", "accept", "walk_away", "merge", "threaten", "promise"})


def all_of_it(written: str) -> str:
    """Return what is said aloud where all of a reply is, its thoughts taken off."""
    return _HALF_A_TAG.sub("", spoken_part(written)[0])


def message_in(written: str) -> str:
    """Return what is said aloud of a decision in JSON: its "message", if its action has words.

    A message that comes before the action is not shown until that is known.
    """
    said = spoken_part(written)[0]
    opening = _OPENING.match(said)
    fields = {} if opening is None else _texts_of(said, opening.end())
    return fields.get("message", "") if fields.get("action") in _SPOKEN_ACTIONS else ""


def _texts_of(text: str, start: int) -> dict[str, str]:
    """Return the texts of an object's own keys as far as they have come, the first of each key."""
    found: dict[str, str] = {}
    depth, key, is_value = 0, "", False
    for token in _TOKEN.finditer(text, start):
        mark = token["mark"]
        if mark is not None:
            depth += (mark in "{[") - (mark in "}]")
            if depth == 0:
                break
            is_value = mark == ":" if depth == 1 else is_value
        elif depth == 1 and token["text"] is not None:
            if is_value:
                if token["end"] == '"' or key == "message":
                    found.setdefault(key, _plain(token["text"]))
            else:
                key = token["text"]
    return found


def _plain(text: str) -> str:
    """Return a string of JSON as it reads; an escape that is only half there is left off."""
    for cut in range(_LONGEST_ESCAPE):
        try:
            return json.loads(f'"{text[: len(text) - cut]}"', strict=False)
        except ValueError:
            continue
    return ""
