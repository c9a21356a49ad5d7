"""How debriefs side by side, and tables of a class, are worded: the same on paper and screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from delegates.text import counted, one_line
from games.naming import series
from games.point_words import tenths
from tui.text.endings import BRIEFLY
from tui.text.review import called

if TYPE_CHECKING:
    from delegates.classroom.comparison import Benchmark, Comparison, Group, Spread
    from delegates.classroom.efficiency import Efficiency
    from delegates.classroom.side_by_side import Side, SideBySide
    from delegates.classroom.sitting import Sitting
    from delegates.classroom.tables import Strike, Table
    from games.scenario import Scenario

Accuracy = tuple[float, float | None] | None

MOST_SEATS = 6
"""Seats up to which every table's row tells what each of them got."""

NAMED = 3
"""Tables that are named; of more it is told how many they are."""

TITLES = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai–Smorodinsky",
    "egalitarian": "egalitarian (compares units)",
    "utilitarian": "utilitarian (compares units)",
}
"""What each solution is called."""

SHARES = (
    "Nash share: the Nash product of what was agreed as a share of the greatest, 0 without "
    "agreement. To frontier: how far what was agreed is from the nearest outcome that nobody can "
    "better at nobody's cost, in shares of what each can gain."
)
"""What the two figures of efficiency are."""

COUNTED = (
    "No agreement counts as each party's points without agreement (r). Points of different parties "
    "are in different units and are not compared."
)
"""What enters the figures of a class, and what is not to be read from them."""

STAND_INS = (
    "Accuracy is over the moves that a seat's person decided: there is none where a stand-in left "
    "them one or two; where it decided all of them it is the stand-in's."
)
"""Whose accuracy it is."""

_NUMBERED = re.compile(r"(.*?)([0-9]{1,3})")


def share(value: float | None) -> str:
    """Return a share in whole per cent; a dash where it is not known."""
    return "–" if value is None else f"{round(100 * value) + 0:d}%"


def distance(value: float | None) -> str:
    """Return a distance with two decimals; a dash where it is not known."""
    return "–" if value is None else f"{value:.2f}"


def accuracy(played: Accuracy) -> str:
    """Return an accuracy with its standard error; a dash where it is not computed."""
    if played is None:
        return "–"
    value, error = played
    return f"{value:.0f}%" if error is None else f"{value:.0f} ± {error:.0f}%"


def tables_named(names: Sequence[str], most: int = NAMED) -> str:
    """Return some tables by their names; of many, the first and how many more they are."""
    if len(names) <= most:
        return series(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


def marks(names: Sequence[str]) -> dict[str, str]:
    """Return what stands for each table in a chart: its number, where names differ by numbers only,
    else its place."""
    found = [_NUMBERED.fullmatch(name) for name in names]
    numbered = [one.groups() for one in found if one is not None]
    if len(numbered) == len(names) and len({before for before, _ in numbered}) == 1:
        return {name: number for name, (_, number) in zip(names, numbered, strict=True)}
    return {name: str(place) for place, name in enumerate(names, 1)}


def marked_name(name: str, mark: str) -> str:
    """Return a table's name behind its mark, where it does not end in it."""
    return name if name.endswith(mark) else f"{mark} · {name}"


def sat(one: Sitting) -> str:
    """Return who sat at a seat, in a few words."""
    return "a person" if one.is_person else one.spec


def sat_in_full(one: Sitting) -> str:
    """Return who sat at a seat and who decided its moves, in a sentence without its stop."""
    who = (
        f"{one.decides}, {one.words}"
        if one.is_person or not one.spec
        else f"{one.spec}: {one.decides}, {one.words}"
    )
    models = f"; asked were {series(one.models)}" if one.models else ""
    stood = ""
    if one.stand_in_moves:
        why = f" ({'; '.join(one.reasons)})" if one.reasons else ""
        stood = f"; a stand-in decided {one.stand_in_moves} of {counted(one.moves, 'move')}{why}"
    fell = (
        f"; its fallback decided {counted(one.fallback_moves, 'move')}, no usable answer having "
        "come"
        if one.fallback_moves
        else ""
    )
    return f"{who}{models}{stood}{fell}"


def efficiency_words(one: Efficiency) -> list[str]:
    """Return what the referee found of a session's end, a sentence each."""
    told = [f"Nash product: {share(one.nash_ratio)} of the greatest."]
    if one.distance_to_frontier is not None:
        told.append(
            f"Distance to the Pareto frontier: {distance(one.distance_to_frontier)}, to the "
            f"nearest Nash outcome {distance(one.distance_to_nash)}, in shares of what each can "
            "gain."
        )
    if one.undominated is not None:
        told.append(
            "No outcome would be better for one at nobody's cost."
            if one.undominated
            else "Another outcome would be better for one at nobody's cost."
        )
    return told


def costliest(side: Side) -> str:
    """Return the move that gave most away, and how much; a dash where none gave anything."""
    note = side.costliest
    if note is None:
        return "–"
    lost = "" if note.loss_points is None else f" (−{tenths(note.loss_points)})"
    return f"move {note.number}{lost}"


def side_rows(found: SideBySide) -> list[tuple[str, list[str]]]:
    """Return the figures of all seats: what each is, then it for each seat in order."""
    sides = found.sides
    is_over = found.status != "open"
    is_costliest_stood = any(
        one.costliest is not None and one.costliest.is_stand_ins for one in sides
    )
    is_stood = any(one.sitting.stand_in_moves for one in sides)
    rows: tuple[tuple[str, bool, Callable[[Side], str]], ...] = (
        ("who sat there", True, lambda one: sat(one.sitting)),
        ("points", is_over, lambda one: tenths(one.utility)),
        ("points in time", is_over, lambda one: tenths(one.payoff)),
        ("without agreement (r)", True, lambda one: tenths(one.reservation)),
        ("most it could have (m)", True, lambda one: tenths(one.attainable)),
        ("share of the possible", is_over, lambda one: share(one.advantage)),
        ("left on the table", True, _left),
        ("accuracy", True, lambda one: accuracy(_played(one))),
        ("in hindsight, never counted", True, _hindsight),
        ("costliest move", True, costliest),
        ("who made that move", is_costliest_stood, _costliest_by),
        ("own moves", True, lambda one: str(one.sitting.moves)),
        ("of these by a stand-in", is_stood, lambda one: str(one.sitting.stand_in_moves)),
        ("adviser asked", True, lambda one: str(one.debrief.hints)),
    )
    return [(name, [cell(one) for one in sides]) for name, is_told, cell in rows if is_told]


def _played(side: Side) -> Accuracy:
    found = side.debrief
    return None if found.accuracy is None else (found.accuracy, found.accuracy_error)


def _hindsight(side: Side) -> str:
    value = side.debrief.hindsight
    return "–" if value is None else f"{value:.0f}%"


def _left(side: Side) -> str:
    found = side.debrief
    if found.left is None:
        return "–"
    return f"{tenths(found.left)} ({share(found.left_share)})"


def _costliest_by(side: Side) -> str:
    note = side.costliest
    if note is None:
        return "–"
    return "a stand-in" if note.is_stand_ins else sat(side.sitting)


def side_words(side: Side) -> list[str]:
    """Return what is to be said of one seat beside its figures, a sentence each."""
    found = side.debrief
    told = [f"Who: {sat_in_full(side.sitting)}."]
    note = side.costliest
    if note is not None:
        better = "" if note.best is None else f" Better: {note.best.words}."
        whose = ", a stand-in's" if note.is_stand_ins else ""
        told.append(f"Costliest, move {note.number}{whose}: {note.told}.{better}")
    if found.accuracy_note:
        told.append(f"Accuracy: {found.accuracy_note}.")
    told.append(f"Left: {found.left_words}")
    return told


def belief_head(found: SideBySide, wanted: str) -> tuple[str, ...]:
    """Return the columns of what everyone took one party to want."""
    others = [one.party for one in found.sides if one.party != wanted]
    return ("issue", "true", "read", *(f"{party} gave" for party in others))


def belief_rows(found: SideBySide, wanted: str) -> list[tuple[str, ...]]:
    """Return issue by issue what weighs for a party, what its offers let one read, and how much of
    what every other seat's offers gave up was given there."""
    others = [
        [one for one in side.debrief.beliefs if one.party == wanted]
        for side in found.sides
        if side.party != wanted
    ]
    return [
        (
            one_line(first.label),
            share(first.true_weight),
            share(first.read_weight),
            *(share(beliefs[place].implied_weight) for beliefs in others),
        )
        for place, first in enumerate(others[0] if others else ())
    ]


def ended(one: Table) -> str:
    """Return how a table ended, with what became of a forum's text."""
    told = BRIEFLY[one.status]
    if one.in_force is None:
        return told
    return f"{told}, {'in force' if one.in_force else 'not in force'}"


def struck(strikes: Sequence[Strike]) -> str:
    """Return which shocks struck and in which rounds; a dash where none did."""
    told = [f"{one_line(one.shock)} (round {one.round + 1})" for one in strikes]
    return ", ".join(told) or "–"


def handed(one: Table) -> str:
    """Return how often seats passed to stand-ins, and how many moves these decided."""
    if not one.hand_overs and not one.stand_in_moves:
        return "–"
    times = {1: "once", 2: "twice"}.get(one.hand_overs, f"{one.hand_overs} times")
    return f"{times} ({counted(one.stand_in_moves, 'move')})"


def seated(one: Table) -> str:
    """Return who sat at each seat of a table."""
    return " · ".join(f"{seat.party} {sat(seat.sitting)}" for seat in one.seats)


def group_title(found: Comparison, group: Group) -> str:
    """Return what a group of tables played, in a line."""
    title = one_line(group.scenario.title)
    shocks = f", after {series([one_line(one) for one in group.shocks])}" if group.shocks else ""
    if len(found.groups) == 1:
        return f"{title}{shocks}"
    return f"{group.letter}: {title}{shocks}"


def group_words(group: Group) -> str:
    """Return how many tables of a group agreed, in a sentence."""
    total, agreed = len(group.tables), len(group.agreed)
    if total == 1:
        return f"One finished table; it {'agreed' if agreed else 'ended without agreement'}."
    texts = f", on {counted(len(group.texts), 'text')}" if agreed else ""
    left = total - agreed
    none = f"; {left} ended without" if left else ""
    return f"{agreed} of {counted(total, 'finished table')} agreed{texts}{none}."


def apart_words(found: Comparison) -> list[str]:
    """Return what is not compared and why, a sentence each."""
    told: list[str] = []
    if len(found.groups) > 1:
        told.append(
            f"The tables fall into {len(found.groups)} groups that are told apart: another "
            "scenario, or other shocks. No figure is taken across groups."
        )
    if found.unfinished:
        names = tables_named([one.name for one in found.unfinished], 12)
        told.append(f"Unfinished, and in no figure: {names}.")
    told += [
        f"{one.name} is the same session as {one.first} and counts once." for one in found.repeated
    ]
    told += [f"{one.name} cannot be read: {one.reason}." for one in found.unread]
    told += [
        f"{one.name} branched off another session after move {one.branched_after}: what it shares "
        "with that one was not played anew."
        for one in found.tables
        if one.branched_after is not None
    ]
    for group in found.groups:
        if group.capitals_spoke:
            told.append(
                "Capitals changed what may be signed at "
                f"{tables_named(group.capitals_spoke, 12)}: the theory beside the figures is as "
                "the talks began."
            )
    return told


def reach(bench: Benchmark, party: str) -> str:
    """Return what a solution gives a party: one figure, or the range over its ties."""
    found = bench.reach(party)
    if found is None:
        return "–"
    low, high = map(tenths, found)
    return low if low == high else f"{low} to {high}"


def spread_cells(one: Spread) -> tuple[str, str, str, str, str]:
    """Return least, lower quartile, median, upper quartile and most."""
    figures = (one.least, one.lower, one.median, one.upper, one.most)
    least, lower, median, upper, most = map(tenths, figures)
    return least, lower, median, upper, most


def party_name(scenario: Scenario, party: str) -> str:
    """Return what a party is called at the head of a row."""
    return called(scenario, party)


def played_cell(
    accuracies: Mapping[str, Mapping[str, Accuracy]] | None, table: str, party: str
) -> str:
    """Return how accurately a seat of a table was played, where that was computed."""
    return accuracy(None if accuracies is None else accuracies.get(table, {}).get(party))
