"""Run a session from seats to record, or carry on an interrupted one."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from delegates.background import in_background
from delegates.books import cut_off
from delegates.connections import (
    Caps,
    Clients,
    hosts,
    lines_to,
    require_models,
    session_calls,
)
from delegates.keeping import on_disk
from delegates.leading.lead import Lead
from delegates.leading.led import steered
from delegates.leading.trainer import planned_shocks
from delegates.line import Line
from delegates.listening import Listener
from delegates.openings import opening
from delegates.outside.door import Door, Entrance
from delegates.peers.presence import require_as_before
from delegates.persons.aids import sealed_sheets
from delegates.persons.person import Person
from delegates.persons.several import require_sitters
from delegates.scripted import Play, play_scripted
from delegates.seats import (
    ModelName,
    SeatSpec,
    parse_seat,
    scripted_mind,
    scripted_seats,
    seat_delegate,
    seat_specs,
)
from delegates.settings import Settings, load_settings
from delegates.table import Table, Watcher, run_scripted
from delegates.transcribe import transcribe
from games.errors import UnsoundEvent
from games.preparation import Sheet
from games.protocols.hall import is_hall
from games.scenario import Scenario
from transcripts.events import Event, Opened, PlannedShock, Prepared, Resumed
from transcripts.fold import Folded, begin, fold
from transcripts.record import SessionRecord, spend
from transcripts.store import Memory, TranscriptFile, way_on

NOTHING_SPENT = spend(())
"""What a session that asks no model came to."""


def negotiate(
    scenario: Scenario,
    seats: Mapping[str, str] | None = None,
    *,
    seed: int = 0,
    transcript: Path | str | None = None,
    session: str | None = None,
    settings: Settings | None = None,
    caps: Caps | None = None,
    watch: Watcher | None = None,
    person: Person | None = None,
    shocks: Sequence[str] = (),
    sheets: Mapping[str, Sheet] | None = None,
    listen: Listener | None = None,
    door: Door | None = None,
) -> SessionRecord:
    """Return the record of a session played to its end.

    Args:
        scenario: What is negotiated.
        seats: Party → seat specification; the others get the scenario's or the default seat.
        seed: Same seed, same moves (given the same replies from models).
        transcript: The file to write; None keeps no file.
        session: The session's id; a new one if not given.
        settings: Where models are; by default from environment and config file.
        caps: Limits on money, tokens and time.
        watch: Shown each event once it is kept.
        person: The front end through which persons at the table are asked.
        shocks: What is to strike beside what the scenario states: `NAME` before the first move,
            `NAME@ROUND` as a round begins.
        sheets: Party → preparation sheet of a person, sealed before the first move.
        listen: Shown the words of models as they come.
        door: Where outside agents are let in.

    Raises:
        UserError: If a seat, shock, setting or file is at fault; nothing was played then.
        ProviderError: If an endpoint failed for good; the transcript can be resumed.
        CapReached: If a cap was met; likewise.
        Paused: If a person left for now; likewise.
    """
    planned = planned_shocks(scenario, shocks)
    specs = scripted_seats(scenario, seats or {})
    is_brief = not (is_hall(scenario) or scenario.is_eventful or planned)
    if specs is not None and watch is None and is_brief and not sheets:
        return _unwatched(scenario, specs, seed, transcript, session)
    settings = settings or load_settings(os.environ)
    specs = specs or seat_specs(scenario, seats or {}, settings)
    ready = begun(
        scenario,
        specs,
        settings,
        caps or Caps(),
        shocks=planned,
        sheets=sheets or {},
        seed=seed,
        session=session,
        transcript=transcript,
        watch=watch,
        person=person,
        listen=listen,
        door=door,
    )
    return _played(ready)


async def negotiate_async(
    scenario: Scenario,
    seats: Mapping[str, str] | None = None,
    *,
    seed: int = 0,
    transcript: Path | str | None = None,
    session: str | None = None,
    settings: Settings | None = None,
    caps: Caps | None = None,
    watch: Watcher | None = None,
    person: Person | None = None,
    shocks: Sequence[str] = (),
    sheets: Mapping[str, Sheet] | None = None,
    listen: Listener | None = None,
    door: Door | None = None,
    lead: Lead | None = None,
) -> SessionRecord:
    """Return the record of a session, as `negotiate` does, within a running event loop.

    Args as there, and `lead`: whoever leads the exercise from another thread, who can pause it,
    have shocks strike and hand seats over. One who does nothing changes nothing of the record.
    """
    planned = planned_shocks(scenario, shocks)
    settings = settings or load_settings(os.environ)
    specs = seat_specs(scenario, seats or {}, settings)
    ready = begun(
        scenario,
        specs,
        settings,
        caps or Caps(),
        shocks=planned,
        sheets=sheets or {},
        seed=seed,
        session=session,
        transcript=transcript,
        watch=watch,
        person=person,
        listen=listen,
        door=door,
        lead=lead,
    )
    return await _played_alone(ready)


def resume(
    path: Path | str,
    *,
    settings: Settings | None = None,
    model: str | None = None,
    caps: Caps | None = None,
    watch: Watcher | None = None,
    person: Person | None = None,
    listen: Listener | None = None,
    door: Door | None = None,
) -> SessionRecord:
    """Return the record of an interrupted session carried on to its end.

    A finished session is returned as it is. Replies that were paid for are not bought again.

    Args:
        path: The transcript; it is appended to.
        settings: Where models are; by default from environment and config file.
        model: A model to ask from here on instead of those in the seats.
        caps: Limits on money, tokens and time, earlier spending included; those that are not given
            are as they were before.
        watch: Shown each event once it is kept.
        person: The front end through which persons at the table are asked.
        listen: Shown the words of models as they come.
        door: Where outside agents are let in, with new tokens.

    Raises:
        TranscriptError: If the transcript is missing, in use or broken before its end.
        SeatError: If a person is to be asked and there is no front end.
        SettingError: If an endpoint, its key, the embedded model or a price is missing.
        ProviderError: If an endpoint failed for good; the transcript can be resumed.
        CapReached: If a cap was met; likewise.
        Paused: If a person left for now; likewise.
    """
    found = reopened(Path(path), settings, model, caps, watch, person, listen, door=door)
    return found if isinstance(found, SessionRecord) else _played(found)


async def resume_async(
    path: Path | str,
    *,
    settings: Settings | None = None,
    model: str | None = None,
    caps: Caps | None = None,
    watch: Watcher | None = None,
    person: Person | None = None,
    listen: Listener | None = None,
    door: Door | None = None,
    lead: Lead | None = None,
) -> SessionRecord:
    """Return the record of a session carried on, as `resume` does, within a running event loop.

    Args as there, and `lead` as in `negotiate_async`.
    """
    found = reopened(Path(path), settings, model, caps, watch, person, listen, door=door, lead=lead)
    if isinstance(found, SessionRecord):
        return found
    return await _played_alone(found) if found.table.is_open else _played(found)


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
        return _record(self.table)


def begun(
    scenario: Scenario,
    specs: dict[str, SeatSpec],
    settings: Settings,
    caps: Caps,
    *,
    shocks: tuple[PlannedShock, ...],
    sheets: Mapping[str, Sheet],
    seed: int,
    session: str | None,
    transcript: Path | str | None,
    watch: Watcher | None,
    person: Person | None,
    listen: Listener | None,
    door: Door | None = None,
    lead: Lead | None = None,
) -> Ready:
    """Return a session that has been opened; nothing was written if anything is at fault.

    What is given is what `negotiate` is given, seats read and settings loaded.

    Raises:
        UserError: If a seat, sheet, setting or file is at fault.
    """
    require_sitters(specs, person, has_door=door is not None)
    require_models(specs.values(), settings, caps)
    sealed = sealed_sheets(scenario, specs, sheets)
    where = hosts(specs.values(), settings)
    header = opening(scenario, specs, where, seed, session, caps=caps, shocks=shocks)
    entrance = _entrance(specs, door)
    try:
        table = _opened(header, scenario, transcript, watch, sealed)
    except BaseException:
        if entrance is not None:
            entrance.shut()
        raise
    table.person, table.listen, table.lead = person, listen, lead
    return Ready(table=table, specs=specs, settings=settings, caps=caps, entrance=entrance)


def reopened(
    path: Path,
    settings: Settings | None,
    model: str | None,
    caps: Caps | None,
    watch: Watcher | None,
    person: Person | None,
    listen: Listener | None,
    scenario: Scenario | None = None,
    door: Door | None = None,
    lead: Lead | None = None,
) -> Ready | SessionRecord:
    """Return an interrupted session ready to be carried on; of a finished one, its record.

    Args:
        path: The transcript.
        settings: Where models are; by default from environment and config file.
        model: A model to ask from here on instead of those in the seats.
        caps: Limits on money, tokens and time.
        watch: Shown each event once it is kept.
        person: The front end through which persons at the table are asked.
        listen: Shown the words of models as they come.
        scenario: What may be the scenario that it holds: what has been computed of it is kept.
        door: Where outside agents are let in.
        lead: Whoever leads the exercise.

    Raises:
        UserError: If the transcript, a seat or a setting is at fault.
    """
    settings = settings or load_settings(os.environ)
    file, events = TranscriptFile.reopen(path)
    entrance: Entrance | None = None
    try:
        folded = _folded(path, events, scenario)
        caps = (caps or Caps()).within(folded.limits)
        specs = {party: parse_seat(seat.spec) for party, seat in folded.header.seats.items()}
        if model is not None:
            specs = {party: spec.with_model(model) for party, spec in specs.items()}
        if folded.state.is_open:
            require_as_before(
                specs, {party: seat.decides for party, seat in folded.header.seats.items()}
            )
            require_sitters(specs, person, has_door=door is not None)
            require_models(specs.values(), settings, caps)
            entrance = _entrance(specs, door)
    except BaseException:
        file.close()
        raise
    if folded.found is not None:
        file.close()
        return folded.record(path)
    if watch is not None:
        watch(folded.header, folded)
    table = Table(folded, file, watch, person=person, listen=listen, lead=lead)
    for failed in cut_off(folded.own_events, settings):
        table.record(failed)
    if folded.own_events or model is not None or caps.limits != folded.limits:
        table.record(Resumed(turn=folded.state.turn, model=model, limits=caps.limits))
    return Ready(table=table, specs=specs, settings=settings, caps=caps, entrance=entrance)


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


def _opened(
    header: Opened,
    scenario: Scenario,
    transcript: Path | str | None,
    watch: Watcher | None,
    sealed: Sequence[Prepared],
) -> Table:
    folded = begin(header, scenario)
    if transcript is None:
        recorder = Memory()
        recorder.append(header)
    else:
        recorder = TranscriptFile.create(Path(transcript), header)
    if watch is not None:
        watch(header, folded)
    table = Table(folded, recorder, watch)
    for sheet in sealed:
        table.record(sheet, durable=True)
    return table


def _played(ready: Ready) -> SessionRecord:
    table, specs = ready.table, ready.specs
    if not table.is_open:
        with table.recorder:
            table.close()
        return _record(table)
    if not all(spec.scripted for spec in specs.values()):
        return in_background(_played_alone(ready))
    with table.recorder:
        table.seat({party: seat_delegate(spec, _no_line) for party, spec in specs.items()})
        run_scripted(table)
    return _record(table)


async def _played_alone(ready: Ready) -> SessionRecord:
    try:
        clients = Clients.opened(ready.settings, ready.caps)
        try:
            return await played_with(ready, clients)
        finally:
            await clients.close()
    finally:
        if ready.entrance is not None:
            ready.entrance.shut()


async def played_with(ready: Ready, clients: Clients) -> SessionRecord:
    """Return the record of a session played to its end with clients that are someone else's.

    Raises:
        SettingError: If an endpoint, its key, the embedded model or a price is missing.
        ProviderError: If an endpoint failed for good; the transcript can be resumed.
        CapReached: If a cap was met; likewise.
        Paused: If a person left for now; likewise.
    """
    # LangGraph takes long to load, and sessions without models need none.
    from delegates.orchestration import run_graph

    table, specs, settings = ready.table, ready.specs, ready.settings
    if not table.is_open:
        return _played(ready)
    with table.recorder:
        calls = session_calls(table.folded, table, specs.values(), settings, ready.caps)
        calls.listen = table.listen
        lines = await lines_to(specs.values(), clients, calls)
        table.seat({party: seat_delegate(spec, lines.__getitem__) for party, spec in specs.items()})
        async with _let_in(ready):
            with steered(table):
                await run_graph(table, traced=settings.traced)
        # Closing has nothing to wait for then.
        await on_disk(table.recorder)
    return _record(table)


@asynccontextmanager
async def _let_in(ready: Ready) -> AsyncGenerator[None]:
    if ready.entrance is None:
        yield
        return
    # The server takes long to load, and few sessions have a door.
    from delegates.outside.hosting import outside_agents

    async with outside_agents(ready.table, ready.specs, ready.entrance):
        yield


def _record(table: Table) -> SessionRecord:
    path = table.recorder.path if isinstance(table.recorder, TranscriptFile) else None
    return table.folded.record(path)


def _no_line(name: ModelName) -> Line:
    raise AssertionError(f"a scripted seat asked for the model {name.model!r}")


def _unwatched(
    scenario: Scenario,
    specs: dict[str, SeatSpec],
    seed: int,
    transcript: Path | str | None,
    session: str | None,
) -> SessionRecord:
    """Play a session of scripted minds at once, and write it down where a file is wanted."""
    minds = [scripted_mind(specs[party]) for party in scenario.ids]
    play = play_scripted(scenario, minds, seed)
    if transcript is None:
        return _record_of(play, session or f"{scenario.id}-{seed}", None)
    path = Path(transcript)
    header = opening(scenario, specs, {}, seed, session, holds={})
    transcribe(path, header, play, specs)
    return _record_of(play, header.session, path)


def _record_of(play: Play, session: str, path: Path | None) -> SessionRecord:
    return SessionRecord(
        session=session,
        state=play.state,
        moves=play.moves,
        turns=play.turns,
        transcript=path,
        spend=NOTHING_SPENT,
    )
