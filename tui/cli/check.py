"""The verb that says what is wrong with a scenario, or only worth knowing, before it is played."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import ScenarioError, SeatError, UserError
from games.lint.finding import Finding
from tui.cli.options import AsJson
from tui.cli.output import complain, say, say_json

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.scenario_files.faults import Fault

Named = Annotated[
    str | None,
    typer.Argument(
        metavar="FILE|NAME|KEY",
        help="A scenario file, or a bundled scenario's name; with --schema a key of such files.",
    ),
]


def check(
    scenario: Named = None,
    *,
    schema: Annotated[
        bool,
        typer.Option(
            "--schema",
            help="Print the JSON Schema of scenario files, for editors; with a KEY what it may "
            "hold, in plain text.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Check a scenario file; exits with 1 where something is worth mending."""
    if schema:
        _show_schema(scenario)
        return 0
    if scenario is None:
        raise UserError("check: expected a scenario FILE or NAME, or --schema")
    return _check(scenario, as_json=as_json)


def _show_schema(key: str | None) -> None:
    """Print the JSON Schema or, of one key, what it may hold in plain text."""
    if key is None:
        from games.scenario_files.schema import scenario_schema

        say(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))
        return
    from games.scenario_files.schema_words import keys_of
    from tui.text.schema import keys_text

    say(keys_text(keys_of(key)))


def _check(named: str, *, as_json: bool) -> int:
    from delegates.rehearsal.prompt_room import prompt_findings, prompt_room
    from delegates.trials.drawn_sessions import session_findings
    from games.lint.findings import findings
    from games.scenario import faults_of, scenario_of
    from games.scenario_files.written import read_written
    from tui.text.findings import (
        fault_json,
        figures_json,
        findings_json,
        findings_text,
        unread_json,
    )

    written = None
    try:
        written = read_written(named)
        scenario = scenario_of(written)
    except ScenarioError as error:
        faults = [] if written is None else _in_order(faults_of(written))
        if as_json:
            told = [fault_json(one) for one in faults] or [unread_json(str(error))]
            say_json({"scenario": None, "clean": False, "findings": told})
            return 1
        complain(f"minilateral: {error}")
        for fault in faults[1:]:
            say(fault.line)
        return 1
    room = prompt_room(scenario)
    found = [
        *_seat_findings(scenario),
        *prompt_findings(scenario, room),
        *findings(scenario),
        *session_findings(scenario),
    ]
    found.sort(key=lambda one: one.severity == "note")
    clean = all(one.severity == "note" for one in found)
    if as_json:
        told = [findings_json(one, written) for one in found]
        figures = figures_json(scenario, room)
        say_json({"scenario": scenario.id, "clean": clean, "figures": figures, "findings": told})
    else:
        say(findings_text(named, scenario, written, found, room))
    return 0 if clean else 1


def _in_order(faults: Sequence[Fault]) -> list[Fault]:
    """Return faults as they are told: the one that a refusal tells, then the rest as they stand."""
    rest = sorted(faults[1:], key=lambda one: (one.place.name, one.place.line or 0))
    return [*faults[:1], *rest]


def _seat_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield the seats of a scenario that nobody could take."""
    from delegates.seating import require_playable
    from delegates.seats import parse_seat

    for party, seat in scenario.seats.items():
        try:
            require_playable(scenario, {party: parse_seat(seat, "a model")})
        except SeatError as error:
            yield Finding(f"seats.{party}", str(error), "Nobody could play it as it stands.")
