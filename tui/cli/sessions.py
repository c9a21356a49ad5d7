"""Verbs that play sessions: run one, carry on an interrupted one."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import CapReached, Paused, ProviderError, SeatError
from tui.cli.aliasing import Alias, loaded, seated
from tui.cli.given import caps_of, require_party, seats_given, settings_of, shocks_given
from tui.cli.on_screen import carried_on, has_screen, held
from tui.cli.options import (
    AsJson,
    Cache,
    Gguf,
    MaxCost,
    MaxTime,
    MaxTokens,
    Model,
    Out,
    Plain,
    RetryBudget,
    Seed,
    ShockGiven,
    TranscriptPath,
    Verbose,
)
from tui.cli.output import ask, is_coloured, note, say, say_json
from tui.cli.outside import DoorAsked, Invitations, Port, seats_of

if TYPE_CHECKING:
    from delegates import Caps, Door
    from delegates.settings import Settings
    from delegates.table import Watcher
    from games.preparation import Sheet
    from games.scenario import Scenario
    from transcripts.events import Event
    from transcripts.fold import Folded
    from transcripts.record import SessionRecord
    from tui.cli.at_table import LinePerson
    from tui.cli.session_text import SessionText
    from tui.session_plan import SessionPlan

DEFAULT_SCENARIO = "cobalt-offtake"

TRACED = (
    'LangSmith is told of every step (config.toml: trace = "langsmith"): the session\'s id, turn '
    "numbers, what a person decides and says, and errors leave this machine; briefs, points and "
    "prompts do not."
)

ScenarioName = Annotated[
    str, typer.Argument(metavar="[FILE|NAME]", help="A scenario file or a bundled name.")
]
SeatsGiven = Annotated[
    list[str] | None,
    typer.Option(metavar="ID=SPEC", help="Who sits for a party, e.g. USA=boulware."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it may cost, and play nothing.")]
SeenBy = Annotated[
    str | None, typer.Option("--as", metavar="ID", help="Show only this party's utilities.")
]
ModelInstead = Annotated[
    str | None, typer.Option(help="Ask this model from here on instead of the seats' own.")
]
FromLastSound = Annotated[
    bool,
    typer.Option(
        "--from-last-sound",
        help="Give up what follows the first damage, and carry on from the event before it; "
        "the file as it was is kept.",
    ),
]


def run(
    scenario: ScenarioName = DEFAULT_SCENARIO,
    *,
    seat: SeatsGiven = None,
    seed: Seed = None,
    model: Model = None,
    gguf: Gguf = None,
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    max_time: MaxTime = None,
    retry_budget: RetryBudget = None,
    cache: Cache = None,
    dry_run: DryRun = False,
    shock: ShockGiven = None,
    port: Port = None,
    invitations: Invitations = None,
    out: Out = None,
    see: SeenBy = None,
    plain: Plain = False,
    as_json: AsJson = False,
    alias: Alias = False,
    verbose: Verbose = False,
) -> None:
    """Play a session between delegates, show it live, then check its equilibria."""
    settings = settings_of(model, gguf, cache, verbose=verbose)
    found, known = loaded(scenario, alias=alias, as_json=as_json)
    seats = seated(seats_given(seat or []), known)
    if see is not None:
        see = known.id_of(see)
        require_party(found, see)
    shocks = shocks_given(found, shock)
    caps = caps_of(max_cost, max_tokens, max_time, retry_budget)
    plan = planned(found, seats, settings, caps, shocks=shocks, seed=seed, out=out)
    say_first(plan, dry_run=dry_run, as_json=as_json)
    if not dry_run:
        hold(
            plan,
            see=see,
            plain=plain,
            as_json=as_json,
            verbose=verbose,
            asked=DoorAsked(port, invitations),
        )


def planned(
    scenario: Scenario,
    seats: dict[str, str],
    settings: Settings,
    caps: Caps,
    *,
    shocks: tuple[str, ...],
    seed: int | None,
    out: Path | None,
) -> SessionPlan:
    """Return the session that was asked for, its seed drawn by lot if none was given."""
    from tui.session_plan import SessionPlan, seed_or_lot

    return SessionPlan(
        scenario=scenario,
        settings=settings,
        seats=seats,
        caps=caps,
        seed=seed_or_lot(seed),
        shocks=shocks,
        out=out,
    )


def hold(
    plan: SessionPlan,
    *,
    see: str | None,
    plain: bool,
    as_json: bool,
    verbose: bool = False,
    prepare: bool = False,
    sheet: Sheet | None = None,
    asked: DoorAsked | None = None,
) -> None:
    """Hold a session, show it live, and tell its result.

    Args:
        plan: What is played.
        see: Whose private side alone is shown.
        plain: Whether it is shown line by line, without colour.
        as_json: Whether nothing but its result is told, as JSON.
        verbose: Whether every model call is told.
        prepare: Whether the person is asked for a preparation sheet first.
        sheet: The person's preparation sheet, where it is at hand.
        asked: What was asked of the door for outside agents; nothing if not given.

    Raises:
        SettingError: If a door is asked for and nobody comes in by it.
        SeatError: If two persons would sit at this terminal, or one would see another's seat.
        Paused: If the person left for now; what happened is kept.
    """
    specs = plan.specs()
    asked = asked or DoorAsked()
    has_door = asked.is_wanted_by(specs.values())
    persons = [party for party, spec in specs.items() if spec.is_person]
    see = _only_seat(persons, see)
    for party in persons:
        # As it was settled, also where the scenario alone says that a person sits there.
        plan = replace(plan, party=party, seats={**plan.seats, party: specs[party].text})
    # On the screen, what agents need to come in could not be told.
    if has_screen(plain=plain or has_door, as_json=as_json, verbose=verbose):
        record = held(plan, see, _interrupted, prepare=prepare, sheet=sheet)
    else:
        live = None if as_json else _live(plain=plain, seat=see, verbose=verbose)
        if live is not None:
            live.at_table = bool(persons)
        person = _person_beside(live) if live else None
        if prepare and person is not None:
            sheet = _prepared(person, plan.scenario, persons[0], plan.seed)
        with asked.opened(is_wanted=has_door) as door:
            record = _in_lines(plan, live, person, sheet, door)
    # A person who played may see all there was once it is over.
    _finish(record, as_json=as_json, seat=None if persons else see)


def _in_lines(
    plan: SessionPlan,
    live: SessionText | None,
    person: LinePerson | None,
    sheet: Sheet | None,
    door: Door,
) -> SessionRecord:
    """Return the record of a session held line by line, or without a word if nothing is live."""
    session, path = plan.new_file()
    try:
        watch = live.watch if live else None
        return plan.play(session, path, watch, person, plan.sheets(sheet), door)
    except (ProviderError, CapReached, Paused, KeyboardInterrupt):
        _interrupted(path, as_json=live is None)
        raise


def _only_seat(persons: list[str], see: str | None) -> str | None:
    """Return the only seat whose private side may be shown: the person's, if one sits here."""
    if len(persons) > 1:
        raise SeatError(f"seats {' and '.join(persons)}: human; expected one person at a terminal")
    if persons and see not in (None, *persons):
        raise SeatError(f"--as {see}: a person sits for {persons[0]}, and may see no other seat")
    return persons[0] if persons else see


def _person_beside(live: SessionText) -> LinePerson:
    from tui.cli.at_table import LinePerson
    from tui.cli.typed_lines import Lines

    return LinePerson(Lines.of_stdin(), live.write, ask, colour=live.colour)


def _prepared(person: LinePerson, scenario: Scenario, party: str, seed: int) -> Sheet:
    """Return the preparation sheet that a person fills in line by line.

    Raises:
        Paused: If the person leaves; nothing was played then.
    """
    from delegates.background import in_background
    from tui.text.beforehand import view_before

    # On the loop of the session itself, for what is typed is waited for there.
    return in_background(person.prepare(view_before(scenario, party, seed)))


def resume(
    transcript: TranscriptPath,
    *,
    model: ModelInstead = None,
    gguf: Gguf = None,
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    max_time: MaxTime = None,
    retry_budget: RetryBudget = None,
    cache: Cache = None,
    port: Port = None,
    invitations: Invitations = None,
    from_last_sound: FromLastSound = False,
    plain: Plain = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Carry on an interrupted session; what was paid for is not bought again."""
    from delegates import resume as carry_on

    settings = settings_of(None, gguf, cache, verbose=verbose)
    caps = caps_of(max_cost, max_tokens, max_time, retry_budget)
    asked = DoorAsked(port, invitations)
    has_door = asked.is_wanted_by(seats_of(transcript))
    if from_last_sound:
        _cut_back(transcript)
    if has_screen(plain=plain or has_door, as_json=as_json, verbose=verbose):
        ended = carried_on(transcript, settings, caps, model, _interrupted)
        if ended is not None:
            _finish(ended, as_json=False)
            return
    live = None if as_json else _live(plain=plain, seat=None, verbose=verbose)
    try:
        with asked.opened(is_wanted=has_door) as door:
            record = carry_on(
                transcript,
                settings=settings,
                model=model,
                caps=caps,
                watch=_from_persons_seat(live) if live else None,
                person=_person_beside(live) if live else None,
                door=door,
            )
    except (ProviderError, CapReached, Paused, KeyboardInterrupt):
        _interrupted(transcript, as_json=as_json)
        raise
    _finish(record, as_json=as_json)


def _cut_back(transcript: Path) -> None:
    """Give up what follows the first damage in a transcript, if there is any, and say what that is.

    Raises:
        TranscriptError: If nothing of it can be carried on, or it cannot be written.
    """
    from delegates.text import counted
    from transcripts.rescue import cut_back as cut

    found = cut(transcript)
    if found is None:
        note(f"minilateral: {transcript}: nothing before its end is damaged; carried on as it is")
        return
    given_up = counted(found.lines, "line")
    if found.replies:
        replies = counted(len(found.replies), "paid answer")
        given_up += f", {replies} of models among them, whose cost still counts"
    note(
        f"minilateral: {transcript}: cut back to event {found.event - 1}; given up: {given_up}; "
        f"the file as it was is kept in {found.kept}"
    )


def _from_persons_seat(live: SessionText) -> Watcher:
    """Return what shows a session that may have a person in it: then no other seat's points."""
    from delegates.sealing import persons
    from transcripts.events import Opened

    def watch(event: Event, folded: Folded) -> None:
        if isinstance(event, Opened):
            sitting = list(persons(event))
            live.seat = _only_seat(sitting, None)
            live.at_table = bool(sitting)
        live.watch(event, folded)

    return watch


def _live(*, plain: bool, seat: str | None, verbose: bool) -> SessionText:
    from tui.cli.session_text import SessionText

    return SessionText(say, colour=is_coloured(plain=plain), seat=seat, verbose=verbose)


def say_first(plan: SessionPlan, *, dry_run: bool = False, as_json: bool = False) -> None:
    """Say who will decide and word, and what it may cost, before anything is asked."""
    from delegates.seating import default_seat, seats_stated
    from tui.text.wording import paragraph

    expected = plan.estimate()
    if dry_run and as_json:
        say_json(expected.as_json())
        return
    scenario, settings = plan.scenario, plan.settings
    told = [expected.line(), *(expected.seat_lines() if dry_run else ())]
    if settings.traced and not all(spec.scripted for spec in plan.specs().values()):
        told.append(TRACED)
    for line in told:
        if as_json:
            note(line)
        else:
            say(paragraph(line, "  " if line.startswith("  ") else ""))
    given = {**seats_stated(scenario, settings), **plan.seats}
    if any(party not in given for party in scenario.ids) and not as_json:
        say(paragraph(f"Seats not given: {default_seat(settings)[1]}."))


def _interrupted(path: Path, *, as_json: bool = False) -> None:
    """Point to what is kept of a session that did not reach its end."""
    if isinstance(sys.exception(), KeyboardInterrupt) and sys.stderr.isatty():
        note("")  # the terminal's cursor stands behind what was typed
    if not path.exists():
        return
    if as_json:
        from transcripts.fold import fold
        from transcripts.store import Transcript

        say_json(fold(Transcript(path).events()).record(path).as_json())
    note(f"minilateral: kept in {path}; carry on with: minilateral resume {quote(str(path))}")


def _finish(record: SessionRecord, *, as_json: bool, seat: str | None = None) -> None:
    if as_json:
        say_json(record.as_json())
        return
    from tui.text.result import own_result_text, result_text

    say()
    say(result_text(record) if seat is None else own_result_text(record, seat))
    say(f"Transcript: {record.transcript}")
    say(f"Replay it:  minilateral replay {quote(str(record.transcript))}")
    say(f"Review it:  minilateral review {quote(str(record.transcript))}")
