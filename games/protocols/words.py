"""What a move is called in plain words, as a record of the talks would have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from games.moves import (
    Accept,
    Adjourn,
    Approach,
    AskCapital,
    BreakSilence,
    CallCaucus,
    CallInformal,
    CarryOut,
    Extend,
    Group,
    KeepSilence,
    Merge,
    Move,
    Offer,
    OpenBreakouts,
    OpenSignature,
    OpenSilence,
    Park,
    Pass,
    Pledge,
    Promise,
    PutToVote,
    Reopen,
    Sign,
    Threaten,
    Vote,
    WalkAway,
)
from games.naming import series

_PLAIN: dict[type[Move], str] = {
    Accept: "supports the text as it stands",
    WalkAway: "leaves",
    Pass: "passes",
    AskCapital: "asks for time to consult its capital",
    KeepSilence: "keeps silence",
    BreakSilence: "breaks the silence",
    Reopen: "reopens what was set aside",
    OpenBreakouts: "sends the delegations into breakouts",
    OpenSilence: "opens a silence procedure",
    PutToVote: "puts the text to the vote",
    OpenSignature: "opens the text for signature",
    Extend: "extends the talks",
    Adjourn: "closes the round",
    Offer: "asks that the text read otherwise",
    Merge: "puts forward a text free of brackets",
}


def act_words(move: Move, names: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """Return a move as a phrase that follows its mover's name.

    Args:
        move: The move; the outcome it may name is left to who shows it.
        names: What each party is called.
        labels: What each issue, measure and side deal is called; its own name where it has none.
    """
    match move:
        case Vote(ballot=ballot):
            return "abstains" if ballot == "abstain" else f"votes {ballot}"
        case Sign(signature=signature):
            return "stays out" if signature == "out" else f"signs, {signature}"
        case Pledge(pays=pays):
            return "pays into the fund" if pays else "pays nothing into the fund"
        case CarryOut(does=does):
            return "makes good on its word" if does else "backs down"
        case Threaten() | Promise():
            return _vow_words(move, names, labels)
        case Approach(deal=deal):
            return f"is ready for a side deal: {labels.get(deal, deal)}"
        case CallCaucus(members=members, issues=issues):
            return f"asks {_listed(members, names)} into a caucus on {_listed(issues, labels)}"
        case Park(issue=issue):
            return f"parks {labels.get(issue, issue)}"
        case Group(issues=issues):
            return f"has {_listed(issues, labels)} taken together"
        case CallInformal(issue=issue, members=members):
            return f"asks {_listed(members, names)} to settle {labels.get(issue, issue)}"
        case _:
            return _PLAIN[type(move)]


def _vow_words(
    move: Threaten | Promise, names: Mapping[str, str], labels: Mapping[str, str]
) -> str:
    demand = f"{labels.get(move.issue, move.issue)}: {move.option}"
    if isinstance(move, Threaten):
        measure = labels.get(move.measure, move.measure)
        return f"threatens, unless the text has “{demand}”: {measure}"
    what = "its support"
    if move.measure is not None:
        what += f" and {labels.get(move.measure, move.measure)}"
    return f"promises {_listed(move.to, names)}, for “{demand}”: {what}"


def _listed(keys: Sequence[str], names: Mapping[str, str]) -> str:
    return series([names.get(key, key) for key in keys])
