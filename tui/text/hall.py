"""What rooms, votes, signatures, the fund and vows of a hall came to, in few lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from delegates.text import clean
from delegates.views import labels_of
from games.moves import Accept, Offer
from games.participation.fund import fund_game
from games.protocols.hall import HallState, Vow
from games.protocols.settlement import is_in_force, standing_pledges
from games.protocols.voting import count
from games.protocols.vows import is_due
from games.protocols.words import act_words
from transcripts.acts import move_of
from transcripts.events import MoveMade
from transcripts.proceedings import Met, bound_weight, is_enough_bound, is_kept, of_room
from tui.text.brackets import Called, called_in
from tui.text.wording import hung, paragraph, shown_words

if TYPE_CHECKING:
    from games.scenario import Scenario

FEW_ROOMS = 3
"""Rooms of a kind up to which each is told in a line; more are told together."""

FEW_CAUCUSES = 4
"""Caucuses that agreed up to which the promises of each are told."""

FEW_ISSUES = 3
"""Issues of a room up to which they are named."""

NAMED = 4

_ROOMS = {"informal": "Informal", "breakout": "Breakout", "caucus": "Private caucus"}
_MANY_ROOMS = {"informal": "informals", "breakout": "breakouts", "caucus": "private caucuses"}
_SIGNED = ("binding", "declaratory", "out")


def room_lines(
    rooms: Sequence[Met], state: HallState, called: Called, *, numbered: bool = True
) -> list[str]:
    """Return what rooms that met one after the other agreed; many of a kind together.

    A seat is told no numbers: they count the rooms of others too.
    """
    lines: list[str] = []
    for kind, group in groupby(rooms, key=lambda met: met.room.kind):
        met = list(group)
        if len(met) <= FEW_ROOMS:
            lines += [
                paragraph(room_line(one, state, called, numbered=numbered), "  ") for one in met
            ]
        else:
            lines.append(paragraph(_together(kind, met, state, called), "  "))
    return lines


def room_line(met: Met, state: HallState, called: Called, *, numbered: bool = True) -> str:
    """Return who met on what, and what they agreed."""
    issues = _on(met, called)
    if len(met.room.issues) > FEW_ISSUES:
        issues = f"{len(met.room.issues)} issues"
    who = called.some(met.room.members, NAMED)
    number = f" {met.room.number + 1}" if numbered else ""
    lead = f"{_ROOMS[met.room.kind]}{number} on {issues} ({who})"
    agreed = _agreed(met, state, called)
    if agreed is None:
        return f"{lead}: nothing agreed."
    if met.room.is_private:
        return f"{lead}: they promise each other to support {agreed}."
    return f"{lead}: agreed on {agreed}."


def _agreed(met: Met, state: HallState, called: Called) -> str | None:
    if met.agreed is None:
        return None
    pairs = zip(met.room.issues, of_room(state, met), strict=True)
    return " · ".join(called.term(issue, level) for issue, level in pairs)


def _together(kind: str, rooms: Sequence[Met], state: HallState, called: Called) -> str:
    """Return what many rooms of a kind agreed: what on which issue, and how many nothing."""
    parts: list[str] = []
    without: dict[str, int] = {}
    for met in rooms:
        many = len(met.room.issues) > FEW_ISSUES
        on = f"{len(met.room.issues)} issues" if many else _on(met, called)
        agreed = _agreed(met, state, called)
        if agreed is None:
            without[on] = without.get(on, 0) + 1
        else:
            parts.append(f"{on if many else agreed} ({called.some(met.room.members, 1)})")
    lead = f"{len(rooms)} {_MANY_ROOMS[kind]}"
    if not parts:
        return f"{lead}: nothing agreed."
    nothing = ", ".join(f"{on}{f' ({n} rooms)' if n > 1 else ''}" for on, n in without.items())
    return f"{lead}, agreed: {'; '.join(parts)}{f'; nothing on {nothing}' if nothing else ''}."


def _on(met: Met, called: Called) -> str:
    return ", ".join(called.issue(k) for k in met.room.issues)


def vote_lines(state: HallState, called: Called) -> list[str]:
    """Return the last roll call: the count, and who did not vote for the text."""
    found = count(state)
    lines = [paragraph(f"Vote: {found.words(called.parties)}.", "  ")]
    for word, who in (("No", found.no), ("Abstaining", found.abstained)):
        if who and set(who) != set(found.blocked_by):
            lines.append(paragraph(f"{word}: {called.some(who, 2 * NAMED)}.", "    "))
    return lines


def silence_line(before: HallState, after: HallState, called: Called) -> str:
    """Return how a silence procedure ended."""
    if after.is_silence_broken:
        return f"Silence procedure: broken by {called.parties[before.mover]}."
    if after.is_broken_off:
        return f"Silence procedure: ended as {called.parties[before.mover]} left."
    return "Silence procedure: nobody broke it; the text is adopted."


def signed_line(state: HallState) -> str:
    """Return how many signed how, and whether the text is in force."""
    return f"Signatures: {signature_tally(state)}. {force_line(state).strip()}"


def signature_tally(state: HallState) -> str:
    """Return how many signed how: `3 binding, 1 declaratory, 0 out`."""
    return ", ".join(f"{len(_signed(state, word))} {word}" for word in _SIGNED)


def signature_lines(state: HallState, called: Called) -> list[str]:
    """Return who signed how, and whether the text is in force and by what weight."""
    lines: list[str] = []
    by_word = {word: _signed(state, word) for word in _SIGNED}
    for word, who in by_word.items():
        names = ", ".join(called.parties[k] for k in who) or "nobody"
        lead = f"{word if word != 'out' else 'stay out'} ({len(who)})"
        lines.append(hung(f"    {lead:<18}", names))
    return ["  Signatures", *lines, force_line(state)]


def _signed(state: HallState, word: str) -> list[int]:
    return [k for k, one in enumerate(state.signatures) if (one or "out") == word]


def force_line(state: HallState) -> str:
    """Return whether a signed text is in force, and by what weight."""
    bound, needed = bound_weight(state)
    weight = f"{bound:.0%} of the weight is bound, {needed:.0%} is needed"
    verdict = "The text is in force" if is_enough_bound(state) else "Not in force"
    return paragraph(f"{verdict}: {weight}.", "  ")


def pledge_lines(state: HallState, called: Called) -> list[str]:
    """Return who pays into the joint fund, and whether it is built."""
    scenario, fund, text = state.scenario, state.scenario.fund, state.offer
    if fund is None or text is None:
        return []
    asked = [k for k, one in enumerate(state.pledges) if one is not None]
    if not asked:
        return []
    standing = standing_pledges(state)
    payers = [k for k in asked if standing[k]]
    game = fund_game(scenario, text)
    pays = standing[[scenario.ids.index(one) for one in fund.members]]
    raised = float(game.raised(pays))
    built = bool(game.is_built(game.raised(pays)))
    needed = "" if fund.threshold is None else f", {fund.threshold:.0%} needed"
    end = "built" if built else "not built" + (", paid back" if payers and fund.threshold else "")
    who = f": {called.some(payers, 2 * NAMED)}" if payers else ""
    return [
        paragraph(
            f"{clean(fund.label)}: {len(payers)} of {len(asked)} pay{who}; {raised:.0%} of all "
            f"contributions{needed}: {end}.",
            "  ",
        )
    ]


def vow_lines(state: HallState, called: Called, seat: str | None = None) -> list[str]:
    """Return threats and promises and what became of them, those of one room told together.

    Args:
        state: The end of the session.
        called: What everything is called.
        seat: The party that they are told to; what it has not heard is left out.
    """
    ids = state.scenario.ids
    told: dict[tuple[object, ...], list[Vow]] = {}
    for vow in state.vows:
        is_party = seat is None or vow.room is None or seat in (ids[vow.by], *_ids(vow, ids))
        if is_party:
            key = (vow.room, vow.settles) if vow.room is not None else (id(vow),)
            told.setdefault(key, []).append(vow)
    groups = list(told.values())
    in_rooms = [vows for vows in groups if vows[0].room is not None]
    lines: list[str] = []
    if len(in_rooms) > FEW_CAUCUSES:
        groups = [vows for vows in groups if vows[0].room is None]
        due = [vow for vows in in_rooms for vow in vows if is_due(state, vow)]
        kept = sum(is_kept(state, vow) for vow in due)
        lines.append(
            f"{len(in_rooms)} caucuses promised support for a text; {len(due)} such promises fell "
            f"due: {kept} kept, {len(due) - kept} broken."
        )
    lines += [line for vows in groups for line in _vows(vows, state, called)]
    return [paragraph(line, "  ") for line in lines]


def _ids(vow: Vow, ids: tuple[str, ...]) -> list[str]:
    return [ids[k] for k in vow.to]


def _vows(vows: Sequence[Vow], state: HallState, called: Called) -> Iterator[str]:
    first = vows[0]
    terms = " · ".join(called.term(issue, level) for issue, level in first.settles)
    if first.room is not None:
        kept = [vow.by for vow in vows if is_due(state, vow) and is_kept(state, vow)]
        broken = [vow.by for vow in vows if is_due(state, vow) and not is_kept(state, vow)]
        end = "; ".join(
            f"{word} by {called.some(who, NAMED)}"
            for word, who in (("kept", kept), ("broken", broken))
            if who
        )
        who = called.some([vow.by for vow in vows], NAMED)
        yield f"Caucus of {who}, on {terms}: {end or 'did not fall due'}."
        return
    measures = state.scenario.statecraft.measures
    what = clean(measures[first.measure].label) if first.measure else "support"
    name = called.parties[first.by]
    if first.is_threat:
        lead = f"{name} threatened, unless the text had {terms}: {what}"
    else:
        lead = f"{name} promised {called.some(first.to, NAMED)}, for {terms}: {what}"
    yield f"{lead}; {_became(first, state)}."


def _became(vow: Vow, state: HallState) -> str:
    if not is_due(state, vow):
        return "its demand was met" if vow.is_threat else "did not fall due"
    if vow.is_threat:
        return "carried out" if vow.carried_out else "it backed down"
    return "kept" if is_kept(state, vow) else "broken"


def in_force_words(state: HallState) -> str:
    """Return whether an agreed text binds."""
    return "in force" if is_in_force(state) else "not in force"


def room_session_lines(
    scenario: Scenario, state: HallState, met: Met, moves: Sequence[MoveMade]
) -> list[str]:
    """Return a room as a session of its own: who met on what, each move, what came of it.

    Args:
        scenario: Of the session.
        state: Any state of the session.
        met: The room as it rose.
        moves: The moves that were made in it.
    """
    called, room = called_in(state), met.room
    issues = [called.issue(k) for k in room.issues]
    private = "; nothing said in it binds, and nobody else heard it" if room.is_private else ""
    lines = [
        f"{_ROOMS[room.kind]} {room.number + 1}, round {met.round + 1}",
        paragraph(f"On {', '.join(issues)}{private}.", "  "),
        hung("  In it: ", ", ".join(called.parties[k] for k in room.members)),
        hung("  The text when it met: ", called.terms(state.levels(room.base), room.issues)),
        "",
    ]
    for event in moves:
        move, name = move_of(scenario, event), scenario.parties[event.party].name
        if isinstance(move, Offer):
            did = f"proposes {called.terms(state.levels(move.outcome), room.issues)}"
        elif isinstance(move, Accept):
            did = "accepts"
        else:
            names = dict(zip(scenario.ids, called.parties, strict=True))
            did = act_words(move, names, {**labels_of(scenario), **called.labels})
        lines.append(hung("  ", f"{clean(name)} {did}.", " " * 6))
        if event.words:
            lines.append(paragraph(f"“{shown_words(event.words)}”", "      "))
    return [*lines, "", paragraph(room_line(met, state, called))]
