"""Debriefs side by side, and a class compared, as JSON objects for other tools.

What the keys mean is in `docs/how-to/class.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from delegates.debriefing.as_json import NOT_FOR, debrief_json, figure
from transcripts.events import NOTICE

if TYPE_CHECKING:
    from delegates.classroom.accuracies import Played
    from delegates.classroom.comparison import Benchmark, Comparison, Group, Spread
    from delegates.classroom.efficiency import Efficiency
    from delegates.classroom.side_by_side import Side, SideBySide
    from delegates.classroom.sitting import Sitting
    from delegates.classroom.tables import SeatResult, Table

FOR_WHOM = "For whoever leads the exercise: it tells every seat's private side."
"""Stands on top of every page."""

DESCRIBED = (
    "What differs between tables is described, not tested: nothing here says that a difference is "
    "more than chance."
)
"""Stands in every comparison of a class."""

Accuracies = Mapping[str, "Played"]
"""Table → how accurately each of its seats played."""


def side_by_side_json(found: SideBySide) -> dict[str, object]:
    """Return the debriefs of one session as plain JSON values."""
    return {
        "notice": NOTICE,
        "not_for": NOT_FOR,
        "for_whom": FOR_WHOM,
        "session": found.session,
        "transcript": str(found.path),
        "scenario": found.scenario.id,
        "title": found.scenario.title,
        "status": _status(found.status),
        "agreement": found.agreement,
        "rounds": found.rounds,
        "moves": found.moves,
        "efficiency": _efficiency(found.efficiency),
        "seats": {one.party: _side(one) for one in found.sides},
        "notes": [*found.notes],
    }


def comparison_json(found: Comparison, accuracies: Accuracies | None = None) -> dict[str, object]:
    """Return a class compared as plain JSON values.

    Args:
        found: What was found.
        accuracies: How accurately each seat of each table played, where that was computed.
    """
    return {
        "notice": NOTICE,
        "not_for": NOT_FOR,
        "for_whom": FOR_WHOM,
        "described": DESCRIBED,
        "groups": [_group(one, accuracies) for one in found.groups],
        "unfinished": [_table(one, None) for one in found.unfinished],
        "repeated": [{"name": one.name, "same_as": one.first} for one in found.repeated],
        "unread": [{"name": one.name, "reason": one.reason} for one in found.unread],
    }


def _status(status: str) -> str:
    return "incomplete" if status == "open" else status


def _efficiency(one: Efficiency) -> dict[str, object]:
    return {
        "undominated": one.undominated,
        "distance_to_frontier": one.distance_to_frontier,
        "distance_to_nash": one.distance_to_nash,
        "nash_ratio": one.nash_ratio,
    }


def _sitting(one: Sitting) -> dict[str, object]:
    return {
        "spec": one.spec,
        "person": one.is_person,
        "decides": one.decides,
        "words": one.words,
        "models": [*one.models],
        "moves": one.moves,
        "stand_in_moves": one.stand_in_moves,
        "hand_overs": one.hand_overs,
        "reasons": [*one.reasons],
        "fallback_moves": one.fallback_moves,
    }


def _side(one: Side) -> dict[str, object]:
    costliest = one.costliest
    return {
        "sat": _sitting(one.sitting),
        "utility": figure(one.utility),
        "payoff": figure(one.payoff),
        "reservation": figure(one.reservation),
        "attainable": figure(one.attainable),
        "advantage": one.advantage,
        "costliest_move": None if costliest is None else costliest.number,
        "debrief": debrief_json(one.debrief),
    }


def _group(one: Group, accuracies: Accuracies | None) -> dict[str, object]:
    return {
        "group": one.letter,
        "scenario": one.scenario.id,
        "title": one.scenario.title,
        "scenario_sha256": one.sha256,
        "shocks": [*one.shocks],
        "tables": [_table(table, accuracies) for table in one.tables],
        "agreed": len(one.agreed),
        "capitals_spoke": [*one.capitals_spoke],
        "seats": {
            seat.party: {
                "reservation": figure(seat.reservation),
                "attainable": figure(seat.attainable),
                "utility": _spread(seat.points),
                "payoff": _spread(seat.in_time),
                "left": _spread(seat.left),
            }
            for seat in one.seats
        },
        "nash_ratio": _spread(one.nash_ratio),
        "distance_to_frontier": _spread(one.distance_to_frontier),
        "rounds": _spread(one.rounds),
        "texts": [{"agreement": text.agreement, "tables": [*text.tables]} for text in one.texts],
        "options": [
            {
                "issue": option.issue,
                "option": option.option,
                "tables": [*option.tables],
                "nash": option.is_nash,
            }
            for option in one.options
        ],
        "benchmarks": {bench.name: _benchmark(bench) for bench in one.benchmarks},
    }


def _benchmark(one: Benchmark) -> dict[str, object]:
    return {
        "outcomes": [*one.outcomes],
        "utilities": [
            {party: figure(worth) for party, worth in each.items()} for each in one.utilities
        ],
    }


def _spread(one: Spread | None) -> dict[str, object] | None:
    if one is None:
        return None
    return {
        "tables": one.count,
        "least": figure(one.least),
        "lower_quartile": figure(one.lower),
        "median": figure(one.median),
        "upper_quartile": figure(one.upper),
        "most": figure(one.most),
        "least_at": [*one.least_at],
        "most_at": [*one.most_at],
    }


def _table(one: Table, accuracies: Accuracies | None) -> dict[str, object]:
    played = None if accuracies is None else accuracies.get(one.name, {})
    return {
        "name": one.name,
        "transcript": str(one.path),
        "session": one.session,
        "scenario": one.scenario.id,
        "scenario_sha256": one.sha256,
        "status": one.status,
        "agreement": one.agreement,
        "rounds": one.rounds,
        "moves": one.moves,
        "shocks": [
            {"shock": strike.shock, "round": strike.round, "by": strike.by} for strike in one.shocks
        ],
        "words_from_capitals": one.words_from_capitals,
        "in_force": one.in_force,
        "branched_after": one.branched_after,
        "hand_overs": one.hand_overs,
        "stand_in_moves": one.stand_in_moves,
        "seats": {seat.party: _seat(one, seat, played) for seat in one.seats},
        "efficiency": _efficiency(one.efficiency) if one.is_over else None,
    }


def _seat(
    table: Table,
    one: SeatResult,
    played: Played | None,
) -> dict[str, object]:
    """Return what a seat came to; of an unfinished table only who sits there."""
    if not table.is_over:
        return {"sat": _sitting(one.sitting)}
    accuracy = None if played is None else played.get(one.party)
    return {
        "sat": _sitting(one.sitting),
        "utility": figure(one.utility),
        "payoff": figure(one.payoff),
        "reservation": figure(one.reservation),
        "attainable": figure(one.attainable),
        "advantage": one.advantage,
        "left": figure(one.left),
        "left_share": figure(one.left_share),
        "signature": one.signature,
        "accuracy": None if accuracy is None else figure(accuracy[0]),
        "accuracy_error": None if accuracy is None else figure(accuracy[1]),
    }
