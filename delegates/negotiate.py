"""Run a session from seats to record, or carry on an interrupted one."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from delegates.attendance import Attendance
from delegates.background import in_background
from delegates.connections import (
    Caps,
    Clients,
    lines_to,
    session_calls,
)
from delegates.keeping import on_disk
from delegates.leading.lead import Lead
from delegates.leading.led import steered
from delegates.leading.trainer import planned_shocks
from delegates.line import Line
from delegates.listening import Listener
from delegates.openings import opening
from delegates.outside.door import Door
from delegates.persons.person import Person
from delegates.ready import Ready, begun, reopened
from delegates.scripted import Play, play_scripted
from delegates.seating import scripted_mind, scripted_seats, seat_delegate, seat_specs
from delegates.seats import ModelName, SeatSpec
from delegates.settings import Settings, load_settings
from delegates.table import Watcher, run_scripted
from delegates.transcribe import transcribe
from games.preparation import Sheet
from games.protocols.hall import is_hall
from games.scenario import Scenario
from transcripts.record import SessionRecord, spend

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
    ready = begun(
        scenario,
        specs or seat_specs(scenario, seats or {}, settings),
        settings,
        caps or Caps(),
        Attendance(watch=watch, person=person, listen=listen, door=door),
        shocks=planned,
        sheets=sheets,
        seed=seed,
        session=session,
        transcript=transcript,
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
    ready = begun(
        scenario,
        seat_specs(scenario, seats or {}, settings),
        settings,
        caps or Caps(),
        Attendance(watch=watch, person=person, listen=listen, door=door, lead=lead),
        shocks=planned,
        sheets=sheets,
        seed=seed,
        session=session,
        transcript=transcript,
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
    company = Attendance(watch=watch, person=person, listen=listen, door=door)
    found = reopened(Path(path), settings, caps, company, model=model)
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
    company = Attendance(watch=watch, person=person, listen=listen, door=door, lead=lead)
    found = reopened(Path(path), settings, caps, company, model=model)
    if isinstance(found, SessionRecord):
        return found
    return await _played_alone(found) if found.table.is_open else _played(found)


def _played(ready: Ready) -> SessionRecord:
    table, specs = ready.table, ready.specs
    if not table.is_open:
        with table.recorder:
            table.close()
        return ready.record
    if not all(spec.scripted for spec in specs.values()):
        return in_background(_played_alone(ready))
    with table.recorder:
        table.seat({party: seat_delegate(spec, _no_line) for party, spec in specs.items()})
        run_scripted(table)
    return ready.record


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
    return ready.record


@asynccontextmanager
async def _let_in(ready: Ready) -> AsyncGenerator[None]:
    if ready.entrance is None:
        yield
        return
    # The server takes long to load, and few sessions have a door.
    from delegates.outside.hosting import outside_agents

    async with outside_agents(ready.table, ready.specs, ready.entrance):
        yield


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
