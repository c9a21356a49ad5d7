"""How a session's transcript begins: what is negotiated, who sits where, and under which id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from secrets import token_hex

from pydantic import JsonValue

from delegates.connections import Caps
from delegates.seats import ModelName, SeatSpec
from games.scenario import Scenario
from transcripts.events import Opened, PlannedShock, Seat


def opening(
    scenario: Scenario,
    specs: dict[str, SeatSpec],
    where: Mapping[ModelName, str],
    seed: int,
    session: str | None,
    *,
    caps: Caps | None = None,
    holds: dict[str, JsonValue] | None = None,
    shocks: tuple[PlannedShock, ...] = (),
) -> Opened:
    """Return a session's header.

    Args:
        scenario: What is negotiated.
        specs: Every party's seat.
        where: The endpoint host of each model.
        seed: The session's seed.
        session: Its id; a new one if not given.
        caps: Limits on money, tokens and time.
        holds: What to hold in place of the scenario.
        shocks: What is to strike beside what the scenario states.
    """
    return Opened(
        program=f"minilateral {program_version()}",
        session=session or session_id(scenario, seed),
        scenario=json.loads(scenario.canonical()) if holds is None else holds,
        seats=seats_on_record(specs, where),
        seed=seed,
        limits=(caps or Caps()).limits,
        shocks=shocks,
    )


def seats_on_record(
    specs: Mapping[str, SeatSpec], where: Mapping[ModelName, str]
) -> dict[str, Seat]:
    """Return seats as a header holds them, given the endpoint host of each model."""
    return {
        party: Seat(
            spec=spec.text,
            decides=spec.decides,
            words=spec.words,
            models={name.model: where[name] for name in spec.models},
        )
        for party, spec in specs.items()
    }


def session_id(scenario: Scenario, seed: int) -> str:
    """Return a new session's id: scenario, time, seed, and chance against two at once."""
    time = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return f"{scenario.id}-{time}-{seed}-{token_hex(2)}"


@cache
def program_version() -> str:
    """Return the installed version of Minilateral."""
    try:
        return version("minilateral")
    except PackageNotFoundError:
        return "not installed"
