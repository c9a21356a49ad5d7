"""A session that is open: begun from its seats, or reopened where it broke off."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from delegates.attendance import Attendance
from delegates.books import cut_off
from delegates.connections import Caps, hosts, require_models
from delegates.openings import opening
from delegates.outside.door import Door, Entrance
from delegates.peers.presence import require_as_before
from delegates.persons.aids import sealed_sheets
from delegates.persons.several import require_sitters
from delegates.seats import SeatSpec, parse_seat
from delegates.settings import Settings, load_settings
from delegates.table import Table
from games.errors import UnsoundEvent
from games.preparation import Sheet
from games.scenario import Scenario
from transcripts.events import Event, Opened, PlannedShock, Prepared, Resumed
from transcripts.fold import Folded, begin, fold
from transcripts.record import SessionRecord
from transcripts.store import Memory, TranscriptFile, way_on


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A session that can be played, and what it is played with."""

    table: Table
    specs: dict[str, SeatSpec]
    settings: Settings
    caps: Caps
    entrance: Entrance | None = None
    """Where outside agents are let in; None where none has a seat."""

    @property
    def record(self) -> SessionRecord:
        """The session as far as it has gone."""
        recorder = self.table.recorder
        return self.table.folded.record(
            recorder.path if isinstance(recorder, TranscriptFile) else None
        )


def begun(
    scenario: Scenario,
    specs: dict[str, SeatSpec],
    settings: Settings,
    caps: Caps,
    company: Attendance | None = None,
    *,
    shocks: tuple[PlannedShock, ...] = (),
    sheets: Mapping[str, Sheet] | None = None,
    seed: int = 0,
    session: str | None = None,
    transcript: Path | str | None = None,
) -> Ready:
    """Return a session that has been opened; nothing was written if anything is at fault.

    Args:
        scenario: What is negotiated.
        specs: Every party's seat.
        settings: Where models are.
        caps: Limits on money, tokens and time.
        company: Who attends beside the delegates.
        shocks: What is to strike beside what the scenario states.
        sheets: Party → preparation sheet of a person, sealed before the first move.
        seed: Draws the session's lots.
        session: Its id; a new one if not given.
        transcript: The file to write; None keeps no file.

    Raises:
        UserError: If a seat, sheet, setting or file is at fault.
    """
    company = company or Attendance()
    require_sitters(specs, company.person, has_door=company.door is not None)
    require_models(specs.values(), settings, caps)
    sealed = sealed_sheets(scenario, specs, sheets or {})
    where = hosts(specs.values(), settings)
    header = opening(scenario, specs, where, seed, session, caps=caps, shocks=shocks)
    entrance = _entrance(specs, company.door)
    try:
        table = _opened(header, scenario, transcript, company, sealed)
    except BaseException:
        if entrance is not None:
            entrance.shut()
        raise
    return Ready(table=table, specs=specs, settings=settings, caps=caps, entrance=entrance)


def _opened(
    header: Opened,
    scenario: Scenario,
    transcript: Path | str | None,
    company: Attendance,
    sealed: Sequence[Prepared] = (),
) -> Table:
    folded = begin(header, scenario)
    if transcript is None:
        recorder = Memory()
        recorder.append(header)
    else:
        recorder = TranscriptFile.create(Path(transcript), header)
    if company.watch is not None:
        company.watch(header, folded)
    table = _table(folded, recorder, company)
    for sheet in sealed:
        table.record(sheet, durable=True)
    return table


def _table(folded: Folded, recorder: Memory | TranscriptFile, company: Attendance) -> Table:
    return Table(
        folded,
        recorder,
        company.watch,
        person=company.person,
        listen=company.listen,
        lead=company.lead,
    )


def reopened(
    path: Path,
    settings: Settings | None,
    caps: Caps | None,
    company: Attendance,
    *,
    model: str | None = None,
    scenario: Scenario | None = None,
) -> Ready | SessionRecord:
    """Return an interrupted session ready to be carried on; of a finished one, its record.

    Args:
        path: The transcript.
        settings: Where models are; by default from environment and config file.
        caps: Limits on money, tokens and time; those that are not given are as they were before.
        company: Who attends beside the delegates.
        model: A model to ask from here on instead of those in the seats.
        scenario: What may be the scenario that it holds: what has been computed of it is kept.

    Raises:
        UserError: If the transcript, a seat or a setting is at fault.
    """
    settings = settings or load_settings(os.environ)
    file, events = TranscriptFile.reopen(path)
    entrance: Entrance | None = None
    try:
        folded = _folded(path, events, scenario)
        caps = (caps or Caps()).within(folded.limits)
        specs = _seats_again(folded, model)
        if folded.state.is_open:
            require_sitters(specs, company.person, has_door=company.door is not None)
            require_models(specs.values(), settings, caps)
            entrance = _entrance(specs, company.door)
    except BaseException:
        file.close()
        raise
    if folded.found is not None:
        file.close()
        return folded.record(path)
    if company.watch is not None:
        company.watch(folded.header, folded)
    table = _table(folded, file, company)
    for failed in cut_off(folded.own_events, settings):
        table.record(failed)
    if folded.own_events or model is not None or caps.limits != folded.limits:
        table.record(Resumed(turn=folded.state.turn, model=model, limits=caps.limits))
    return Ready(table=table, specs=specs, settings=settings, caps=caps, entrance=entrance)


def _seats_again(folded: Folded, model: str | None) -> dict[str, SeatSpec]:
    """Return who sits where from here on; minds of other libraries are those that sat there.

    Raises:
        SeatError: If a seat cannot be taken again.
    """
    seats = folded.header.seats
    specs = {party: parse_seat(seat.spec) for party, seat in seats.items()}
    if model is not None:
        specs = {party: spec.with_model(model) for party, spec in specs.items()}
    if folded.state.is_open:
        require_as_before(specs, {party: seat.decides for party, seat in seats.items()})
    return specs


def _entrance(specs: Mapping[str, SeatSpec], door: Door | None) -> Entrance | None:
    return None if door is None else door.entrance(specs.values())


def _folded(path: Path, events: list[Event], scenario: Scenario | None) -> Folded:
    header = events[0]
    if scenario is not None and isinstance(header, Opened):
        is_same = header.scenario == json.loads(scenario.canonical())
        scenario = scenario if is_same else None
    try:
        return fold(events, scenario)
    except UnsoundEvent as error:
        raise error.of(path, way_on(error.event)) from None
