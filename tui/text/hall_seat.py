"""A hall from one seat, as text: what is asked, the text with its brackets, what it is worth."""

from __future__ import annotations

from collections.abc import Iterator

from delegates.contract import PublicMove, View
from delegates.hall import Hall
from delegates.text import clean
from games.moves import AskCapital, CallCaucus, Merge, Move, Offer, Pass
from games.point_words import tenths
from games.protocols.hall import Vow
from tui.text.asides import in_their_place, news_line, requests_made
from tui.text.brackets import Called, text_lines
from tui.text.columns import lines_of
from tui.text.wording import WIDTH, paragraph

MANY = 12
"""Other parties beyond which the briefing names them and no more."""

LEAST_SHOWN = 0.05
"""Points lost at home below which nothing is said of them."""

LATELY = 40
"""Moves that are told of what was done so far."""

_ASKED = {
    "floor": "you have the floor",
    "room": "you are in a small room",
    "chair": "you chair, and the floor is closed",
    "silence": "the text is adopted unless somebody objects",
    "vote": "the text is put to the vote",
    "sign": "the text is open for signature",
    "pledge": "the fund is raised",
    "due": "your word has fallen due",
}


def called_by(view: View) -> Called:
    """Return what everything is called, to a seat."""
    names = tuple(clean(party.name) for party in view.public.parties.values())
    return Called(names, view.public.issues, view.public.space)


def hall_situation(view: View, hall: Hall) -> list[str]:
    """Return what is asked of a seat, the text it is asked about, and what that is worth to it."""
    last = ", the last" if view.round + 1 == view.rounds else ""
    title = f"Round {view.round + 1} of {view.rounds}{last}: {_ASKED[hall.stage]}."
    lines = [title]
    if hall.stage == "floor" and not hall.is_aloud:
        lines.append("You speak in writing in this round: the hall sees what you ask for.")
    lines += _of_stage(view, hall)
    if hall.stage in ("floor", "chair", "vote", "silence", "sign"):
        lines += draft(view, hall)
    return [*lines, *worth_lines(view), *face_lines(hall)]


def _of_stage(view: View, hall: Hall) -> Iterator[str]:
    called = called_by(view)
    if hall.room is not None:
        yield from _room(view, hall, called)
    if hall.stage == "floor" and len(hall.open_issues) < len(view.public.issues):
        names = ", ".join(called.labels[name] for name in hall.open_issues)
        yield paragraph(f"The floor speaks to {names}; the rest stands as in the text.")
    if hall.stage == "sign" and (found := hall.signing()) is not None:
        yield paragraph(
            f"To sign binding is worth {tenths(found.binding)} to you as things stand, declaratory "
            f"{tenths(found.declaratory)}, to stay out {tenths(found.out)}."
        )
        yield f"The text comes into force with a chance of {found.in_force_with:.0%} if you bind."
    if hall.stage == "pledge" and (paying := hall.pledging()) is not None:
        yield (
            f"To pay is worth {tenths(paying.paying)} to you as things stand, not to pay "
            f"{tenths(paying.keeping)}."
        )
    if hall.stage == "vote":
        found = hall.tally()
        yield f"So far {len(found.yes)} yes, {len(found.no)} no, {len(found.abstained)} abstaining."
    if hall.due is not None:
        yield paragraph(f"{vow_words(hall.due, view, called)}.")
        yield f"Backing down costs you {tenths(hall.affairs.backing_down)}."


def _room(view: View, hall: Hall, called: Called) -> Iterator[str]:
    room = hall.room
    if room is None:
        return
    on = ", ".join(called.issue(k) for k in room.issues)
    private = "private caucus; nothing said here binds, and nobody outside hears it"
    kind = private if room.is_private else f"{room.kind}; what all agree you table together"
    yield paragraph(f"In the room on {on}: {called.some(room.members, MANY)} ({kind}).")
    if room.offer is None or room.offerer is None:
        yield "Nothing is proposed here yet."
        return
    terms = called.terms(view.public.space.levels_of(room.offer), room.issues)
    yield paragraph(f"{called.parties[room.offerer]} proposes {terms}.")


def draft(view: View, hall: Hall) -> list[str]:
    """Return the chair's text with its brackets, as a seat sees it."""
    space = view.public.space
    brackets = hall.brackets()
    text = None if hall.text is None else space.levels_of(hall.text)
    if text is None and not brackets:
        return ["There is no text yet, and nobody has asked for anything."]
    parked = frozenset(space.issues.index(name) for name in hall.parked)
    count = f"{len(brackets)} of {len(space.issues)} issues in brackets"
    lead = f"The text ({count}):" if text is not None else f"No text yet; what is asked ({count}):"
    return [lead, *text_lines(text, brackets, called_by(view), parked)]


def worth_lines(view: View) -> list[str]:
    """Return what the seat is asked about is worth to it, against no agreement, its ask, the best.

    Nothing where nothing can be valued.
    """
    own = view.own
    if view.offer is None:
        return []
    worth = own.utility(view.offer)
    gain = worth - own.reservation
    beside = f"{gain:+.1f} over" if gain >= 0 else f"{-gain:.1f} LESS than"
    yet = "before it is ratified " if own.in_force is not None else ""
    beside += f" no agreement{face_counted(view, view.offer)}"
    parts = [
        f"Worth {tenths(worth)} to you {yet}({beside})",
        f"what you last asked {tenths(own.utility(view.last_offer))}"
        if view.last_offer is not None
        else "",
        f"the most you could sign {tenths(own.utility(int(own.ranking[0][-1])))}"
        if len(own.ranking[0])
        else "",
    ]
    return [paragraph(f"{'; '.join(part for part in parts if part)}.")]


def face_counted(view: View, outcome: int) -> str:
    """Return how much of an outcome's worth is taken off for what it would cost at home."""
    lost = 0.0 if view.hall is None else view.hall.face_loss(outcome)
    return f", {tenths(lost)} lost at home taken off" if lost >= LEAST_SHOWN else ""


def face_lines(hall: Hall) -> list[str]:
    """Return what a seat with a face to lose stands for before the hall, and what it has lost."""
    face = hall.face
    if face is None or hall.stage in ("pledge", "due"):
        return []
    stands = "Before the hall you stand for nothing yet; your first stand is free."
    if face.reference is not None:
        what = f"What you stand for before the hall is worth {tenths(face.worth)} to you"
        cost = "in this room you may take less at no cost at home"
        if hall.room is None:
            cost = f"to take less costs {tenths(face.per_point)} more at home for each point"
        stands = f"{what}; {cost}."
    lost = f"{tenths(face.per_point * face.yielded)} at home"
    yielded = f" You have yielded {tenths(face.yielded)} there so far and lost {lost}."
    return [paragraph(f"{stands}{yielded if face.yielded >= LEAST_SHOWN else ''}")]


def vow_words(vow: Vow, view: View, called: Called) -> str:
    """Return a threat or promise in words."""
    terms = " · ".join(called.term(issue, level) for issue, level in vow.settles)
    ids, labels = list(view.public.parties), view.public.labels
    who = "You" if ids[vow.by] == view.party else called.parties[vow.by]
    what = "support" if vow.measure is None else clean(labels.get(vow.measure, vow.measure))
    if vow.is_threat:
        return f"{who} threatened, unless the text has {terms}: {what}"
    return f"{who} promised {called.some(vow.to, 4)}, for {terms}: {what}"


def affairs_lines(view: View, hall: Hall) -> list[str]:
    """Return what a seat can do beside the text: measures, side deals, the fund; its own points."""
    mine, labels = hall.affairs, view.public.labels
    lines = [
        paragraph(
            f"You can {'threaten' if one.is_threat else 'promise'} {name}: "
            f"{clean(labels.get(name, name))}, towards {', '.join(one.towards)}; it costs you "
            f"{tenths(one.cost)}, backing down {tenths(mine.backing_down)}."
        )
        for name, one in mine.measures.items()
    ]
    lines += [
        paragraph(
            f"Side deal {name} with {one.other}: {clean(labels.get(name, name))}, worth "
            f"{tenths(one.points)} to you."
        )
        for name, one in mine.deals.items()
    ]
    if mine.fund is not None:
        lines.append(
            paragraph(
                f"The joint fund: paying costs you {tenths(mine.fund.cost)}, the whole of it "
                f"brings you {tenths(mine.fund.benefit)}, paid or not."
            )
        )
    called = called_by(view)
    lines += [paragraph(f"{vow_words(vow, view, called)}.") for vow in hall.vows]
    return lines


def parties_lines(view: View) -> list[str]:
    """Return the other parties, each with its interests, or many by name alone, by their sides."""
    others = {name: one for name, one in view.public.parties.items() if name != view.party}
    if len(others) <= MANY:
        return [
            paragraph(f"{clean(one.name)} ({one.side}): {clean(one.interests)}")
            for one in others.values()
        ]
    sides: dict[str, list[str]] = {}
    for name, one in others.items():
        sides.setdefault(one.side, []).append(f"{clean(one.name)} {name}")
    lines = [
        line
        for side, names in sides.items()
        for line in lines_of(f"{side} ({len(names)}): {', '.join(names)}", WIDTH, rest="  ")
    ]
    return [*lines, "Type who ID to be told what one of them wants."]


def hall_talk_lines(view: View) -> list[str]:
    """Return what a seat heard lately, oldest first."""
    called = called_by(view)
    ids = list(view.public.parties)
    heard = sorted((*view.history, *view.apart), key=lambda seen: seen.turn)
    told = [seen for seen in heard if _is_told(seen, view.party)]
    lines = [f"(the last {LATELY} of {len(told)} moves)"] if len(told) > LATELY else []
    since = told[-LATELY].turn if len(told) > LATELY else 0
    asked = requests_made(view)
    for seen, happened in in_their_place(view, told[-LATELY:]):
        if happened is not None and happened.turn >= since:
            lines.append(news_line(happened))
        if seen is not None:
            own = seen.party == view.party
            who = "you" if own else called.parties[ids.index(seen.party)]
            request = f" for {asked[seen.turn]}" if seen.turn in asked else ""
            what = f"asked your capital{request}" if request else _did(seen, view, called)
            lines.append(paragraph(f"Round {seen.round + 1}, {who}: {what}."))
    return lines or ["Nobody has spoken yet."]


def _is_told(seen: PublicMove, party: str) -> bool:
    return not isinstance(seen.move, CallCaucus) or party in (seen.party, *seen.move.members)


def _did(seen: PublicMove, view: View, called: Called) -> str:
    move, space = seen.move, view.public.space
    away = view.act_words(AskCapital("", ""))
    if isinstance(move, Pass) and seen.words.endswith(f"{away}."):
        return away
    if not isinstance(move, Offer | Merge):
        return view.act_words(move)
    levels = space.levels_of(move.outcome)
    lead = "puts forward" if isinstance(move, Merge) else "asks for"
    text = None if view.hall is None else view.hall.text
    if text is None:
        return f"{lead} {called.terms(levels)}"
    changes = called.changes(space.levels_of(text), levels)
    worth = tenths(view.own.utility(move.outcome))
    return f"{lead} {changes or 'the text as it stands'} ({worth} to you)"


def suggestion_words(move: Move, view: View) -> str:
    """Return what the chair's rule would do, in words."""
    called = called_by(view)
    hall = view.hall
    if isinstance(move, Merge) and hall is not None and hall.text is not None:
        levels = view.public.space.levels_of
        return f"merge: {called.changes(levels(hall.text), levels(move.outcome))}"
    if isinstance(move, Merge):
        return f"merge: {called.terms(view.public.space.levels_of(move.outcome))}"
    return view.act_words(move)
