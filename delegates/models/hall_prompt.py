"""What a model is asked in a hall: where the text stands, what it may do, and how to reply."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from delegates.acts_open import OpenAct, moves_allowed
from delegates.contract import View
from delegates.hall import Hall
from delegates.models.chat import Message
from delegates.models.goal import figure, rounded, signed, spelt
from delegates.models.hall_face import face_counted, face_standing
from delegates.models.hall_rules import listed_parties
from delegates.models.hall_schema import action_words, fields_of
from delegates.models.hall_talks import apart, hall_talks
from delegates.models.home import home, not_signable
from delegates.models.prompt import (
    asked_again,
    instructions,
    outcome_texts,
)
from delegates.text import MAX_WORDS_CHARACTERS, unbroken
from games.protocols.hall import Alternative, Bracket, Vow
from games.protocols.voting import Count

MOST_BRACKETS = 12
"""Brackets that a prompt lists, the most disputed first."""

MOST_READINGS = 4
"""Readings of one bracket that are listed, those with most behind them first."""

MOST_VOWS = 12
"""Threats and promises that are listed, the latest."""

FEW_NAMED = 3
"""Delegations named of those behind a reading or a vow."""


def hall_messages(view: View, hall: Hall, problems: list[str]) -> tuple[Message, ...]:
    """Return the prompt that asks a model to decide in a hall.

    Instructions and talks come first: they are the beginning of the seat's next prompts, whatever
    the stage. What is asked now comes last.

    Args:
        view: Whose turn it is.
        hall: What its seat sees of the hall.
        problems: Why the replies so far could not be used.
    """
    question = f"{hall_talks(view)}\n{hall_situation(view, hall)}\n{reply_format(view, hall)}"
    return (
        Message(role="system", content=instructions(view)),
        Message(role="user", content=asked_again(question, problems)),
    )


def hall_situation(view: View, hall: Hall) -> str:
    """Return where the hall stands, from one seat."""
    here, rounds = view.round + 1, view.rounds
    lines = [
        *apart(view),
        *home(view),
        f"NOW: round {here} of {rounds} (at most {rounds - here} left). {_STAGES[hall.stage]}",
        *_text(view, hall),
        *face_standing(hall),
        *_brackets(view, hall),
        *_politics(view, hall),
        *_worths(view, hall),
    ]
    return "\n".join(lines)


_STAGES = {
    "floor": "You have the floor.",
    "room": "You sit in a small room.",
    "chair": "You are the chair and act.",
    "silence": "The text is under silence procedure: it is adopted unless somebody breaks silence.",
    "vote": "The roll is called on the text.",
    "sign": "The text lies open for signature.",
    "pledge": "The joint fund is raised: do you pay your contribution?",
    "due": "What you announced has fallen due: do you make good on it?",
}


def _text(view: View, hall: Hall) -> Iterator[str]:
    if hall.text is None:
        yield "There is no text yet."
    elif hall.room is None:
        yield f"TEXT: {json.dumps(outcome_texts(view, hall.text))}. {worth_words(view, hall.text)}"
        yield _support(view, hall)
    if hall.room is not None:
        yield _room(view, hall)
    own = view.last_offer
    if own is not None and hall.room is None and own != hall.text:
        yield f"You last asked for {_departing(view, own, hall.text)}: {_points(view, own)}."
    if hall.parked:
        yield f"Parked by the chair: {', '.join(hall.parked)}."
    closed = [name for name in view.public.issues if name not in hall.open_issues]
    if closed and hall.stage in ("floor", "room"):
        yield f"You may speak to {', '.join(hall.open_issues)} alone; all else stays as it stands."


def worth_words(view: View, outcome: int) -> str:
    """Return what an outcome is worth to the seat, and whether it may put its name to it."""
    signable = view.public.space.is_possible(outcome) and view.own.may_sign(outcome)
    if view.hall is not None and view.hall.stage in ("floor", "room"):
        # What is not open now is no reason not to support it: only what stands at home is.
        signable = view.red_line_crossed(outcome) is None and view.outside_mandate(outcome) is None
    signable &= not view.is_held
    limit = "" if signable else not_signable(view, outcome, "support")
    worth = f"{_points(view, outcome)} to you{face_counted(view, outcome)}"
    return f"Worth {worth}; no agreement {rounded(view.own.reservation)}.{limit}"


def _points(view: View, outcome: int) -> str:
    return f"{rounded(view.own.utility(outcome))} points"


def _departing(view: View, outcome: int, text: int | None) -> str:
    settled = outcome_texts(view, outcome)
    before = {} if text is None else outcome_texts(view, text)
    return json.dumps({name: one for name, one in settled.items() if before.get(name) != one})


def _support(view: View, hall: Hall) -> str:
    """Return who stands by the text and how far that is from a majority."""
    ids = list(view.public.parties)
    behind = [ids[k] for k in sorted(hall.standing)]
    named = f" ({listed_parties(view, behind)})" if behind else ""
    said = f"{len(behind)} of {len(hall.present)} stand by the text{named}"
    if hall.stage in ("sign", "pledge", "due"):
        ways = ("binding", "declaratory", "out")
        counts = (sum(one == way for one in hall.signatures) for way in ways)
        counted = ", ".join(f"{n} {way}" for n, way in zip(counts, ways, strict=True))
        return f"Signed so far: {counted}."
    if hall.stage == "vote":
        return f"{said}. Votes so far: {_count(view, hall.tally())}."
    if hall.kind == "forum":
        return f"{said}."
    return f"{said}; if only they voted for it: {_short(hall.support())}.{_last_vote(view, hall)}"


def _count(view: View, tally: Count) -> str:
    ids = list(view.public.parties)
    against = listed_parties(view, [ids[k] for k in tally.no])
    no = f"{len(tally.no)} no ({against})" if tally.no else "0 no"
    return f"{len(tally.yes)} yes, {no}, {len(tally.abstained)} abstaining; {_short(tally)}"


def _short(tally: Count) -> str:
    if tally.short_of == 0:
        return "enough"
    return f"short of {tally.short_of} vote{'s' if tally.short_of > 1 else ''}"


def _last_vote(view: View, hall: Hall) -> str:
    if not any(hall.ballots):
        return ""
    return f" Last vote: {_count(view, hall.tally())}."


def _room(view: View, hall: Hall) -> str:
    room = hall.room
    if room is None:
        return ""
    ids, names = list(view.public.parties), view.public.space.issues
    members = listed_parties(view, [ids[k] for k in room.members if ids[k] != view.party])
    issues = ", ".join(names[k] for k in room.issues)
    binds = (
        "Nothing said here binds; what all agree each promises the others to support."
        if room.is_private
        else "What all agree here its members table together."
    )
    left = room.turns - room.round
    turns = f"{left} turn{'s' * (left > 1)} left to each"
    about = f"The room ({room.kind}) is on {issues} with {members}; {turns}. {binds}"
    base = f"The text: {json.dumps(outcome_texts(view, room.base))}. {worth_words(view, room.base)}"
    if room.offer is None or room.offerer is None:
        return f"{about}\n{base}\nNothing is proposed in this room yet."
    by = _named(view, room.offerer)
    offer = _departing(view, room.offer, room.base)
    return f"{about}\n{base}\nProposed here by {by}: {offer}. {worth_words(view, room.offer)}"


def _brackets(view: View, hall: Hall) -> Iterator[str]:
    if hall.stage not in ("floor", "chair", "room"):
        return
    brackets = sorted(hall.brackets(), key=_dispute, reverse=True)
    if hall.room is not None:
        brackets = [one for one in brackets if one.issue in hall.room.issues]
    if not brackets:
        return
    beyond = len(brackets) - MOST_BRACKETS
    more = f" (the {MOST_BRACKETS} most disputed of {len(brackets)})" if beyond > 0 else ""
    yield f"IN BRACKETS{more}, with who asks for each reading:"
    for bracket in brackets[:MOST_BRACKETS]:
        yield _bracket_line(view, bracket)


def _dispute(bracket: Bracket) -> int:
    return sum(len(one.proposers) for one in bracket.alternatives if one.level != bracket.text)


def _bracket_line(view: View, bracket: Bracket) -> str:
    name = view.public.space.issues[bracket.issue]
    order = sorted(bracket.alternatives, key=lambda one: -len(one.proposers))
    shown, rest = order[:MOST_READINGS], order[MOST_READINGS:]
    readings = [_reading(view, name, bracket, one) for one in shown]
    if rest:
        readings.append(f"{len(rest)} other readings by {sum(len(one.proposers) for one in rest)}")
    return f"- {name}: {'; '.join(readings)}"


def _reading(view: View, name: str, bracket: Bracket, one: Alternative) -> str:
    ids = list(view.public.parties)
    option = spelt(view.public.issues[name].texts[one.level])
    text = " (text)" if one.level == bracket.text else ""
    own = ["you"] if view.party in (ids[k] for k in one.proposers) else []
    others = [ids[k] for k in one.proposers if ids[k] != view.party]
    named = listed_parties(view, others, FEW_NAMED)
    by = " and ".join([*own, *([named] if named else [])])
    count = f" {len(one.proposers)}" if len(one.proposers) > 1 else ""
    return f"{option}{text}{f':{count} {by}' if by else ''}"


def _politics(view: View, hall: Hall) -> Iterator[str]:
    vows = list(zip(hall.vows, hall.vow_worths(), strict=True))
    if vows:
        yield "THREATS AND PROMISES THAT YOU HEARD OR MADE:"
        yield from (_vow_line(view, vow, worth) for vow, worth in vows[-MOST_VOWS:])
    for name in hall.offered:
        if name not in hall.deals:
            other = view.public.parties[hall.affairs.deals[name].other].name
            yield f"{unbroken(other)} has told you it is ready for side deal {name}."
    if hall.deals:
        yield f"Side deals of yours that stand: {', '.join(hall.deals)}."
    yield f"You trust the others to honour what they sign: {hall.trust():.0%}."


def _vow_line(view: View, vow: Vow, worth: float) -> str:
    names, issues = view.public.space.issues, view.public.issues
    demand = ", ".join(
        f"{names[issue]} {spelt(issues[names[issue]].texts[level])}" for issue, level in vow.settles
    )
    rest = f" and {len(vow.to) - FEW_NAMED} others" if len(vow.to) > FEW_NAMED else ""
    towards = ", ".join(_named(view, k) for k in vow.to[:FEW_NAMED]) + rest
    kind = "threat" if vow.is_threat else "promise"
    when = "unless the text has" if vow.is_threat else "if the text has"
    label = "" if vow.measure is None else f" ({unbroken(view.public.labels[vow.measure])})"
    meant = f" If it falls due: {signed(round(worth, 2))} points to you." if worth else ""
    what = f"{vow.measure or 'support'}{label}"
    return f"- {_named(view, vow.by)}, {kind} to {towards}: {what}, {when} {demand}.{meant}"


def _named(view: View, position: int) -> str:
    """Return a delegation's name, or that it is the seat itself."""
    party = list(view.public.parties)[position]
    return "you" if party == view.party else unbroken(view.public.parties[party].name)


def _worths(view: View, hall: Hall) -> Iterator[str]:
    """Return what each answer is worth, where code can work it out."""
    signing = hall.signing() if hall.stage == "sign" else None
    if signing is not None:
        yield (
            "In expectation, as you trust the others: binding "
            f"{rounded(signing.binding)}, declaratory {rounded(signing.declaratory)}, out "
            f"{rounded(signing.out)} points. If you bind yourself, it is in force with chance "
            f"{signing.in_force_with:.0%}, else {signing.in_force_without:.0%}."
        )
    pledging = hall.pledging() if hall.stage == "pledge" else None
    if pledging is not None:
        yield (
            f"In expectation the fund brings you {rounded(pledging.paying)} points if you pay, "
            f"{rounded(pledging.keeping)} if you do not."
        )
    due = hall.due
    if due is not None and due.measure is not None:
        cost = hall.affairs.measures[due.measure].cost
        yield (
            f"It is {due.measure} ({unbroken(view.public.labels[due.measure])}). Making good costs "
            f"you {figure(cost)} points, backing down {figure(hall.affairs.backing_down)}."
        )


def reply_format(view: View, hall: Hall) -> str:
    """Return what may be done now and how a reply is to say it."""
    acts = moves_allowed(view)
    wanted = ['"reasoning" (private, brief)', f'"action" ({_actions(view, acts)})']
    if any(act.options for act in acts):
        wanted.append(
            '"offer" (with offer or merge: one option for every issue; else null)'
            if hall.text is None and hall.room is None
            else '"offer" (with offer or merge: every issue, those you leave as they are included; '
            "else null)"
        )
    terms = fields_of(view, hall)
    if terms:
        wanted.append('"on" (with an action that has terms, an object of those terms; else null)')
    if hall.is_aloud and hall.stage in ("floor", "room", "chair"):
        wanted.append(
            f'"message" (what you say aloud: two or three sentences of at most '
            f"{MAX_WORDS_CHARACTERS} characters in all, in role, without your points)"
        )
    return f"Reply with one JSON object: {', '.join(wanted)}."


def _actions(view: View, acts: Sequence[OpenAct]) -> str:
    return "; ".join(line for act in acts for line in _action_lines(view, act))


def _action_lines(view: View, act: OpenAct) -> Iterator[str]:
    explain = _EXPLAINED.get(act.act)
    for word in action_words(act):
        yield f'"{word}"{f" {explain(view, act)}" if explain else ""}'


def _given(text: str) -> Callable[[View, OpenAct], str]:
    return lambda _view, _act: text


def _some(choices: Sequence[object]) -> str:
    return ", ".join(str(one) for one in choices if one is not None)


_EXPLAINED: dict[str, Callable[[View, OpenAct], str]] = {
    "offer": _given("asks that the text read otherwise"),
    "accept": _given("supports what is on the table"),
    "pass": _given("says nothing and keeps your stand"),
    "ask-capital": lambda _, act: (
        "asks your capital for an option beyond your mandate, which costs your turn; terms "
        f'"issue" ({_some(act.terms["issue"].choices)}), "option"'
    ),
    "walk-away": _given("leaves for good"),
    "threaten": lambda _, act: (
        f'announces a measure unless the text has an option; terms "measure" '
        f'({_some(act.terms["measure"].choices)}), "issue", "option"; you then still speak'
    ),
    "promise": lambda _, act: (
        'promises support for a text with an option; terms "to" (a list of ids), "issue", '
        f'"option", "measure" ({_some([*act.terms["measure"].choices, "null"])}); you then '
        "still speak"
    ),
    "approach": lambda _, act: (
        f'says you are ready for a side deal; term "deal" ({_some(act.terms["deal"].choices)}); '
        "you then still speak"
    ),
    "call-caucus": lambda _, act: (
        f'calls a private room; terms "members" (a list of at most {act.terms["members"].most} '
        'ids), "issues" (a list); you then still speak'
    ),
    "merge": _given("puts forward a new text"),
    "call-informal": lambda _, act: (
        f'sends delegations into a room on a bracket; terms "issue" '
        f'({_some(act.terms["issue"].choices)}), "members" (a list of 2 to '
        f"{act.terms['members'].most} ids)"
    ),
    "open-breakouts": _given("sends all into small rooms"),
    "park": lambda _, act: (
        f'sets an issue aside; term "issue" ({_some(act.terms["issue"].choices)})'
    ),
    "group": _given('has the floor speak to some issues alone; term "issues" (a list)'),
    "reopen": _given("opens all issues again"),
    "open-silence": _given("has the text adopted unless somebody objects"),
    "put-to-vote": _given("calls the roll"),
    "open-signature": _given("opens the text for signature"),
    "extend": _given("adds rounds, once"),
    "adjourn": _given("closes the round"),
}
