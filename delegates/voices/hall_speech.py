"""What words claim to do in a hall, and which moves that contradicts.

Only whole sentences that can mean nothing else count, and only English ones, as at a table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from games.moves import (
    Accept,
    BreakSilence,
    CarryOut,
    KeepSilence,
    Merge,
    Move,
    Offer,
    Pass,
    Pledge,
    Sign,
    Vote,
    WalkAway,
)

Claim = Literal[
    "support",
    "refuse",
    "leave",
    "yes",
    "no",
    "abstain",
    "object",
    "sign",
    "stay out",
    "pay",
    "do not pay",
    "make good",
    "back down",
]
"""What a sentence says that its speaker does."""

_TEXT = (
    r"(?:the|this|that|your) (?:current |latest |chair's )?(?:text|offer|proposal|package|draft)"
    r"(?: on the table)?(?: as (?:it stands|tabled|proposed))?"
)
_WILL = r"(?:hereby |now |gladly |formally |will |shall |must |have to )?"
_NOT = r"(?:cannot|can not|can't|do not|don't|does not|will not|won't|shall not)"

_CLAIMS: Mapping[Claim, re.Pattern[str]] = {
    "support": re.compile(rf"{_WILL}(?:supports?|accepts?|agrees? to|endorses?) {_TEXT}"),
    "refuse": re.compile(
        rf"(?:{_NOT} (?:support|accept|agree to|endorse)|{_WILL}(?:rejects?|declines?|refuses?)) "
        rf"{_TEXT}"
    ),
    "leave": re.compile(
        rf"{_WILL}(?:leaves?|walks? out of|withdraws? from) (?:the|these) (?:talks|hall|table|room)"
    ),
    "yes": re.compile(
        rf"{_WILL}votes? (?:yes|for|in favou?r of)(?: {_TEXT})?|{_WILL}votes? in favou?r"
    ),
    "no": re.compile(rf"{_WILL}votes? (?:no|against)(?: {_TEXT})?"),
    "abstain": re.compile(rf"{_WILL}abstains?"),
    "object": re.compile(rf"{_WILL}(?:breaks? the silence|objects?(?: to {_TEXT})?)"),
    "sign": re.compile(rf"{_WILL}signs?(?: {_TEXT})?"),
    "stay out": re.compile(rf"{_WILL}stays? out(?: of {_TEXT})?|{_NOT} sign(?: {_TEXT})?"),
    "pay": re.compile(rf"{_WILL}(?:pays? into|contributes? to) (?:the|this) (?:joint )?fund"),
    "do not pay": re.compile(
        rf"{_NOT} (?:pay into|contribute to) (?:the|this) (?:joint )?fund|"
        rf"{_WILL}pays? nothing(?: into the fund)?"
    ),
    "make good": re.compile(
        rf"{_WILL}(?:makes? good on|keeps?|carr(?:y|ies) out) (?:our|its) (?:word|promise|threat)"
    ),
    "back down": re.compile(
        rf"{_WILL}backs? down|"
        rf"{_NOT} (?:make good on|keep|carry out) (?:our|its) (?:word|promise|threat)"
    ),
}

_CONTRARY: Mapping[str, tuple[Claim, ...]] = {
    "asks for other terms": ("support", "yes", "sign", "leave"),
    "passes": ("leave", "yes", "no", "sign"),
    "supports the text": ("refuse", "no", "object", "stay out", "leave"),
    "refuses the text": ("support", "yes", "abstain", "sign"),
    "abstains": ("yes", "no", "leave"),
    "puts forward a text": ("leave",),
    "leaves": ("support", "yes", "sign"),
    "signs": ("stay out", "refuse", "leave"),
    "stays out": ("sign", "support"),
    "pays": ("do not pay",),
    "does not pay": ("pay",),
    "makes good": ("back down",),
    "backs down": ("make good",),
}
"""By what a move does: what its words cannot claim."""


def contradiction(
    speaker: str, move: Move, text: int | None, sentences: Sequence[str]
) -> str | None:
    """Return how words contradict a move made in a hall; None where they do not.

    Args:
        speaker: A pattern of who speaks.
        move: What is done.
        text: The outcome that the mover is asked about.
        sentences: What is said, sentence by sentence, in small letters.
    """
    does = _deed(move, text)
    if does is None:
        return None
    for claim in _CONTRARY[does]:
        said = re.compile(rf"{speaker} (?:{_CLAIMS[claim].pattern})")
        if any(said.fullmatch(one) for one in sentences):
            return f"the message says {claim!r} but the action {does}"
    return None


def _deed(move: Move, text: int | None) -> str | None:
    match move:
        case Offer(outcome=outcome):
            return "asks for other terms" if text is not None and outcome != text else None
        case Pass():
            return "passes"
        case Accept() | KeepSilence() | Vote(ballot="yes"):
            return "supports the text"
        case BreakSilence() | Vote(ballot="no"):
            return "refuses the text"
        case Vote():
            return "abstains"
        case Merge():
            return "puts forward a text"
        case WalkAway():
            return "leaves"
        case Sign(signature=signature):
            return "stays out" if signature == "out" else "signs"
        case Pledge(pays=pays):
            return "pays" if pays else "does not pay"
        case CarryOut(does=does):
            return "makes good" if does else "backs down"
        case _:
            return None
