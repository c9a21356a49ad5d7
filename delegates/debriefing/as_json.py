"""A debrief as one JSON object, for tools; its keys are told in `docs/reference/review.md`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from delegates.debriefing.notes import BLUNDER, MISTAKE
from transcripts.acts import act_of, outcome_of, terms_of
from transcripts.events import NOTICE

if TYPE_CHECKING:
    from games.moves import Move
    from games.review.debrief import Alternative, Belief, Debrief, MoveNote, SheetLine
    from games.scenario import Scenario

NOT_FOR = (
    "Accuracy compares play with this model's best reply among the moves compared; it is not for "
    "grading or selecting staff."
)
"""Stands in every export of a debrief."""


def debrief_json(found: Debrief) -> dict[str, object]:
    """Return a debrief as plain JSON values, free of the last digits of summation."""
    scenario = found.scenario
    return {
        "notice": NOTICE,
        "not_for": NOT_FOR,
        "session": found.session,
        "scenario": scenario.id,
        "title": scenario.title,
        "party": found.party,
        "parties": [*found.parties],
        "sealed": found.is_sealed,
        "status": found.status,
        "agreement": found.agreement,
        "utilities": _figures(found.utilities),
        "payoffs": _figures(found.payoffs),
        "reservations": _figures(found.reservations),
        "accuracy": figure(found.accuracy),
        "accuracy_error": figure(found.accuracy_error),
        "accuracy_note": found.accuracy_note,
        "accuracies": {party: figure(one) for party, one in found.accuracies.items()},
        "hindsight": figure(found.hindsight),
        "grades": {"inaccuracy": 0.0, "mistake": MISTAKE, "blunder": BLUNDER},
        "moves": [_move(scenario, one) for one in found.moves],
        "left": {
            "points": figure(found.left),
            "share": figure(found.left_share),
            "words": found.left_words,
        },
        "beliefs": [_belief(one) for one in found.beliefs],
        "holds": [*found.holds],
        "lessons": [
            {"title": one.title, "words": one.words, "moves": [*one.moves]} for one in found.lessons
        ],
        "sheet": [_line(one) for one in found.sheet],
        "hints": found.hints,
        "notes": [*found.notes],
    }


def figure(value: float | None) -> float | None:
    """Return a figure free of the last digits of summation."""
    return None if value is None else round(value, 9) + 0.0


def _figures(points: Mapping[str, float]) -> dict[str, float | None]:
    return {party: figure(value) for party, value in points.items()}


def _act(scenario: Scenario, move: Move) -> dict[str, object]:
    return {"act": act_of(move), "outcome": outcome_of(scenario, move), "on": terms_of(move)}


def _move(scenario: Scenario, note: MoveNote) -> dict[str, object]:
    return {
        "number": note.number,
        "turn": note.turn,
        "round": note.round,
        **_act(scenario, note.move),
        "told": note.told,
        "words": note.words,
        "utility": figure(note.utility),
        "over_reservation": figure(note.over_reservation),
        "remarks": [{"kind": one.kind, "words": one.words} for one in note.remarks],
        "loss": figure(note.loss),
        "loss_points": figure(note.loss_points),
        "standard_error": figure(note.standard_error),
        "hindsight_loss": figure(note.hindsight_loss),
        "best": None if note.best is None else _alternative(scenario, note.best),
        "stand_in": note.is_stand_ins,
    }


def _alternative(scenario: Scenario, best: Alternative) -> dict[str, object]:
    return {
        **_act(scenario, best.move),
        "words": best.words,
        "expected_gain": figure(best.expected_gain),
        "continuation": [
            {"round": one.round, "party": one.party, "words": one.words}
            for one in best.continuation
        ],
        "ends": best.ends,
        "by": dict(best.by),
        "over_end": figure(best.over_end),
    }


def _belief(one: Belief) -> dict[str, object]:
    return {
        "party": one.party,
        "issue": one.issue,
        "label": one.label,
        "true_weight": figure(one.true_weight),
        "read_weight": figure(one.read_weight),
        "implied_weight": figure(one.implied_weight),
    }


def _line(one: SheetLine) -> dict[str, object]:
    return {
        "what": one.what,
        "said": one.said,
        "true": one.true,
        "verdict": one.verdict,
        "good": one.is_good,
        "again": one.again,
    }
