"""What a seat may do now: every act that is legal, and what has to be said of it.

One source for what models are told, for menus, and for what a person is offered. Each act and each
choice was put to the protocol itself; where an act takes several terms they are legal one by one,
and the protocol has the last word on their combination.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from delegates.contract import View
from delegates.hall import Hall
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
from games.protocols.hall import Stage
from transcripts.acts import act_of
from transcripts.events import Act

Choice = str | bool | None
"""What a term may be; None where an act can do without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What has to be said of an act, by the name of its field."""

    choices: tuple[Choice, ...]
    """Empty for an option of the issue that the act names."""
    least: int = 1
    most: int = 1
    """How many of the choices are given."""
    is_list: bool = False
    """Whether they are given as a list, be it of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAct:
    """An act that is legal now."""

    act: Act
    terms: Mapping[str, Term] = field(default_factory=dict[str, Term])
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Of an act that names an outcome: the options of every issue, one alone where the issue is
    not open now."""


def outcome_meant(view: View, move: Move) -> int | None:
    """Return the outcome that a person would put their name to with a move, if any."""
    match move:
        case Offer(outcome=outcome):
            return outcome
        case Accept() | KeepSilence() | Vote(ballot="yes"):
            return view.offer
        case _:
            return None


def moves_allowed(view: View) -> tuple[OpenAct, ...]:
    """Return the acts that are legal now, in the order in which they are best offered."""
    hall = view.hall
    if hall is None:
        return _at_a_table(view)
    return tuple(_IN_STAGE[hall.stage](view, hall))


def named(acts: Iterable[OpenAct], act: Act) -> OpenAct | None:
    """Return an act by its word, if it is among some."""
    return next((one for one in acts if one.act == act), None)


def _at_a_table(view: View) -> tuple[OpenAct, ...]:
    accept = view.offer is not None and view.own.may_sign(view.offer)
    speaks = (
        OpenAct(act="offer", options=_options(view, None, tuple(view.public.issues))),
        *([OpenAct(act="accept")] if accept else []),
    )
    return (
        *([OpenAct(act="pass")] if view.is_held else speaks),
        *_request(view),
        OpenAct(act="walk-away"),
    )


def options_to_ask_for(view: View) -> dict[str, tuple[str, ...]]:
    """Return what a seat may ask its capital for now: issue → options beyond its mandate."""
    mandate = view.mandate
    if mandate is None or not mandate.requests_left:
        return {}
    found = {
        issue: tuple(
            option
            for option in view.public.issues[issue].texts
            if mandate.problem(AskCapital(issue, option)) is None
        )
        for issue in mandate.limits
    }
    return {issue: options for issue, options in found.items() if options}


def _request(view: View) -> list[OpenAct]:
    """Return asking the capital, where there is something to ask; options follow from the issue."""
    open_now = options_to_ask_for(view)
    if not open_now:
        return []
    terms = {"issue": Term(choices=tuple(open_now)), "option": Term(choices=())}
    return [OpenAct(act="ask-capital", terms=terms)]


def _options(
    view: View, base: int | None, open_issues: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """Return every issue's options, those of closed issues as an outcome has them."""
    space = view.public.space
    fixed = None if base is None else space.levels_of(base)
    return {
        name: issue.texts
        if fixed is None or name in open_issues
        else (issue.texts[fixed[space.issues.index(name)]],)
        for name, issue in view.public.issues.items()
    }


def base_of(view: View) -> int | None:
    """Return the outcome from which an offer in a hall may depart on open issues alone."""
    hall = view.hall
    if hall is None:
        return None
    return hall.text if hall.room is None else hall.room.base


def _plain(hall: Hall, moves: Iterable[Move]) -> list[OpenAct]:
    return [OpenAct(act=act_of(move)) for move in moves if hall.problem(move) is None]


def _offer(view: View, hall: Hall) -> list[OpenAct]:
    own = view.own
    if view.is_held or not own.may_sign_any:
        return []
    return [OpenAct(act="offer", options=_options(view, base_of(view), hall.open_issues))]


def _on_floor(view: View, hall: Hall) -> list[OpenAct]:
    asides = _asides(view, hall) if hall.may_add_aside else []
    spoken = [*_plain(hall, (Accept(), Pass())), *_request(view)]
    return [*_offer(view, hall), *spoken, *asides, *_plain(hall, (WalkAway(),))]


def _in_room(view: View, hall: Hall) -> list[OpenAct]:
    spoken = _plain(hall, (Accept(), Pass()))
    return [*_offer(view, hall), *spoken, *_promise(view, hall), *_plain(hall, (WalkAway(),))]


def others_present(view: View, hall: Hall) -> tuple[str, ...]:
    """Return the other delegations that have not left."""
    ids = list(view.public.parties)
    return tuple(ids[k] for k in hall.present if ids[k] != view.party)


def _asides(view: View, hall: Hall) -> list[OpenAct]:
    return [
        *_threat(view, hall),
        *_promise(view, hall),
        *_of_one_term(hall, "deal", hall.affairs.deals, Approach),
        *_caucus(view, hall),
    ]


def _any_demand(view: View) -> tuple[str, str]:
    """Return some issue and option, to see whether a measure can be announced at all."""
    name, issue = next(iter(view.public.issues.items()))
    return name, issue.texts[0]


def _demand(view: View) -> dict[str, Term]:
    return {"issue": Term(choices=tuple(view.public.issues)), "option": Term(choices=())}


def _threat(view: View, hall: Hall) -> list[OpenAct]:
    demand = _any_demand(view)
    measures = tuple(
        name for name in hall.affairs.measures if hall.problem(Threaten(name, *demand)) is None
    )
    if not measures:
        return []
    return [OpenAct(act="threaten", terms={"measure": Term(choices=measures), **_demand(view)})]


def _promise(view: View, hall: Hall) -> list[OpenAct]:
    to, demand = others_present(view, hall), _any_demand(view)
    if not to:
        return []
    measures = tuple(
        name
        for name in (None, *hall.affairs.measures)
        if hall.problem(Promise(to[:1], *demand, name)) is None
    )
    if not measures:
        return []
    terms = {
        "to": Term(choices=to, most=len(to), is_list=True),
        **_demand(view),
        "measure": Term(choices=measures),
    }
    return [OpenAct(act="promise", terms=terms)]


def _caucus(view: View, hall: Hall) -> list[OpenAct]:
    others, issues = others_present(view, hall), tuple(view.public.issues)
    if not others or hall.problem(CallCaucus(others[:1], issues[:1])) is not None:
        return []
    most = min(view.public.rules.rooms.size - 1, len(others))
    terms = {
        "members": Term(choices=others, most=most, is_list=True),
        "issues": Term(choices=issues, most=len(issues), is_list=True),
    }
    return [OpenAct(act="call-caucus", terms=terms)]


def _of_one_term(
    hall: Hall, term: str, choices: Iterable[Choice], make: Callable[..., Move]
) -> list[OpenAct]:
    """Return an act of one term with those of its choices that are legal, if any is."""
    found = {choice: make(choice) for choice in choices}
    legal = {choice: move for choice, move in found.items() if hall.problem(move) is None}
    if not legal:
        return []
    act = act_of(next(iter(legal.values())))
    return [OpenAct(act=act, terms={term: Term(choices=tuple(legal))})]


def _in_chair(view: View, hall: Hall) -> list[OpenAct]:
    issues = tuple(view.public.issues)
    return [
        *_merge(view, hall),
        *_informal(view, hall),
        *_plain(hall, (OpenBreakouts(),)),
        *_of_one_term(hall, "issue", issues, Park),
        *_group(hall, issues),
        *_plain(hall, (Reopen(), OpenSilence(), PutToVote(), OpenSignature(), Extend(), Adjourn())),
        *_plain(hall, (WalkAway(),)),
    ]


def _merge(view: View, hall: Hall) -> list[OpenAct]:
    best = view.own.ranking[0]
    if len(best) == 0 or hall.acts_left == 0:
        return []
    names = tuple(name for name in view.public.issues if name not in hall.parked)
    return [OpenAct(act=act_of(Merge(0)), options=_options(view, hall.text, names))]


def _group(hall: Hall, issues: tuple[str, ...]) -> list[OpenAct]:
    free = tuple(name for name in issues if name not in hall.parked)
    if len(free) < 2 or hall.problem(Group(free[:2])) is not None:
        return []
    term = Term(choices=free, least=2, most=len(free), is_list=True)
    return [OpenAct(act="group", terms={"issues": term})]


def _informal(view: View, hall: Hall) -> list[OpenAct]:
    ids, names = list(view.public.parties), list(view.public.issues)
    present = tuple(ids[k] for k in hall.present)
    bracketed = tuple(
        names[one.issue]
        for one in hall.brackets()
        if hall.problem(CallInformal(names[one.issue], present[:2])) is None
    )
    if not bracketed:
        return []
    most = min(view.public.rules.rooms.size, len(present))
    terms = {
        "issue": Term(choices=bracketed),
        "members": Term(choices=present, least=2, most=most, is_list=True),
    }
    return [OpenAct(act="call-informal", terms=terms)]


_IN_STAGE: dict[Stage, Callable[[View, Hall], list[OpenAct]]] = {
    "floor": _on_floor,
    "room": _in_room,
    "chair": _in_chair,
    "silence": lambda _, hall: _plain(hall, (KeepSilence(), BreakSilence(), WalkAway())),
    "vote": lambda _, hall: [
        *_of_one_term(hall, "ballot", ("yes", "no", "abstain"), Vote),
        *_plain(hall, (WalkAway(),)),
    ],
    "sign": lambda _, hall: _of_one_term(
        hall, "signature", ("binding", "declaratory", "out"), Sign
    ),
    "pledge": lambda _, hall: _of_one_term(hall, "pays", (True, False), Pledge),
    "due": lambda _, hall: _of_one_term(hall, "does", (True, False), CarryOut),
}
