"""How moves stand in a transcript: an act, the outcome it names, and what else it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from pydantic import JsonValue, TypeAdapter, ValidationError

from games.faults import fault_text
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
from games.outcomes import Option

if TYPE_CHECKING:
    from games.scenario import Scenario
    from transcripts.events import Act, Decided, MoveMade, Suggested

ACTS: dict[Act, type[Move]] = {
    "offer": Offer,
    "accept": Accept,
    "walk-away": WalkAway,
    "pass": Pass,
    "vote": Vote,
    "keep-silence": KeepSilence,
    "break-silence": BreakSilence,
    "sign": Sign,
    "pledge": Pledge,
    "threaten": Threaten,
    "promise": Promise,
    "approach": Approach,
    "call-caucus": CallCaucus,
    "ask-capital": AskCapital,
    "carry-out": CarryOut,
    "merge": Merge,
    "park": Park,
    "reopen": Reopen,
    "group": Group,
    "call-informal": CallInformal,
    "open-breakouts": OpenBreakouts,
    "open-silence": OpenSilence,
    "put-to-vote": PutToVote,
    "open-signature": OpenSignature,
    "extend": Extend,
    "adjourn": Adjourn,
}
"""Every act by its word."""

_WORDS: dict[type[Move], Act] = {kind: act for act, kind in ACTS.items()}


def act_of(move: Move) -> Act:
    """Return the word by which a transcript calls a move."""
    return _WORDS[type(move)]


def outcome_of(scenario: Scenario, move: Move) -> dict[str, Option] | None:
    """Return the outcome that a move names, as issue → option; None if it names none."""
    if isinstance(move, Offer | Merge):
        return scenario.space.outcome(move.outcome)
    return None


def terms_of(move: Move) -> dict[str, JsonValue]:
    """Return what a move is about beside an outcome, by the names of its fields."""
    found: dict[str, JsonValue] = {}
    for name in _terms(type(move)):
        value: JsonValue | tuple[str, ...] = getattr(move, name)
        found[name] = [*value] if isinstance(value, tuple) else value
    return found


@cache
def _terms(kind: type[Move]) -> tuple[str, ...]:
    names: list[str] = [one.name for one in fields(cast("Any", kind))]
    return tuple(name for name in names if name != "outcome")


@cache
def _reader(kind: type[Move]) -> TypeAdapter[Move]:
    return TypeAdapter(kind)


def move_of(scenario: Scenario, event: MoveMade | Decided | Suggested) -> Move:
    """Return the move an event records.

    Raises:
        ValueError: If it names no outcome of the scenario, or what the act is about is missing.
    """
    return move_from(scenario, event.act, event.outcome, event.on)


def move_from(
    scenario: Scenario,
    act: Act,
    outcome: Mapping[str, Option] | None,
    terms: Mapping[str, JsonValue],
) -> Move:
    """Return a move given as its act, its outcome and its terms.

    Raises:
        ValueError: If the outcome is none of the scenario's, or terms are missing or wrong.
    """
    kind = ACTS[act]
    if kind in (Offer, Merge):
        if outcome is None:
            raise ValueError(f"{act} without an outcome")
        return cast("Any", kind)(scenario.space.index(outcome))
    unknown = [name for name in terms if name not in _terms(kind)]
    if unknown:
        raise ValueError(f"{act} knows no {unknown[0]!r}")
    if not _terms(kind):
        return cast("Any", kind)()
    try:
        return _reader(kind).validate_python(dict(terms))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise ValueError(f"{act}: {where}: {fault_text(problem)}") from None
