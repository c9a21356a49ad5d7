"""Verbs that play sessions: run one, carry on an interrupted one."""

from __future__ import annotations

import math
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import CapReached, ProviderError, SeatError, SettingError
from tui.cli.output import is_plain, keep_log, note, say, say_json

if TYPE_CHECKING:
    from delegates import Caps
    from delegates.settings import Settings
    from games.scenario import Scenario
    from transcripts.record import SessionRecord
    from tui.cli.live import LiveText

DEFAULT_SCENARIO = "cobalt-offtake"

Model = Annotated[
    str | None,
    typer.Option(help="The model for seats that name none: MODEL[@ENDPOINT], local, or none."),
]
Gguf = Annotated[Path | None, typer.Option(help="A GGUF file for the embedded model.")]
MaxCost = Annotated[float | None, typer.Option(help="Spend at most so many USD.")]
MaxTokens = Annotated[int | None, typer.Option(help="Use at most so many tokens.")]
MaxTime = Annotated[float | None, typer.Option(help="Ask no model after so many seconds.")]
RetryBudget = Annotated[
    float | None, typer.Option(help="Retry a failing call for at most so many seconds.")
]
Plain = Annotated[bool, typer.Option("--plain", help="Without colour.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Show every model call.")]


def run(
    scenario: Annotated[
        str, typer.Argument(metavar="[FILE|NAME]", help="A scenario file or a bundled name.")
    ] = DEFAULT_SCENARIO,
    *,
    seat: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=SPEC", help="Who sits for a party, e.g. USA=boulware."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Same seed, same moves; drawn by lot if not given.")
    ] = None,
    model: Model = None,
    gguf: Gguf = None,
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    max_time: MaxTime = None,
    retry_budget: RetryBudget = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it may cost, and play nothing.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Where to write the transcript.")] = None,
    see: Annotated[
        str | None, typer.Option("--as", metavar="ID", help="Show only this party's utilities.")
    ] = None,
    plain: Plain = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Play a session between delegates, show it live, then check its equilibria."""
    from delegates import negotiate
    from delegates.negotiate import session_id
    from games.scenario import load_scenario

    settings = _settings(model, gguf, verbose=verbose)
    found = load_scenario(scenario)
    seats = seats_given(seat or [])
    if see is not None and see not in found.parties:
        raise SeatError(f"--as {see!r}: no such party; {found.id} has {', '.join(found.ids)}")
    number = secrets.randbelow(10_000) if seed is None else seed
    caps = _caps(max_cost, max_tokens, max_time, retry_budget)
    session = session_id(found, number)
    path = out or settings.home.value / "transcripts" / f"{session}.jsonl"
    _say_first(found, seats, settings, caps, dry_run=dry_run, as_json=as_json)
    if dry_run:
        return
    live = None if as_json else _live(plain=plain, seat=see)
    try:
        record = negotiate(
            found,
            seats,
            seed=number,
            transcript=path,
            session=session,
            settings=settings,
            caps=caps,
            watch=live.watch if live else None,
        )
    except (ProviderError, CapReached, KeyboardInterrupt):
        _interrupted(path, as_json=as_json)
        raise
    _finish(record, as_json=as_json)


def resume(
    transcript: Annotated[Path, typer.Argument(metavar="TRANSCRIPT", help="A session's file.")],
    *,
    model: Annotated[
        str | None, typer.Option(help="Ask this model from here on instead of the seats' own.")
    ] = None,
    gguf: Gguf = None,
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    max_time: MaxTime = None,
    retry_budget: RetryBudget = None,
    plain: Plain = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Carry on an interrupted session; what was paid for is not bought again."""
    from delegates import resume as carry_on

    settings = _settings(None, gguf, verbose=verbose)
    live = None if as_json else _live(plain=plain, seat=None)
    try:
        record = carry_on(
            transcript,
            settings=settings,
            model=model,
            caps=_caps(max_cost, max_tokens, max_time, retry_budget),
            watch=live.watch if live else None,
        )
    except (ProviderError, CapReached, KeyboardInterrupt):
        _interrupted(transcript, as_json=as_json)
        raise
    _finish(record, as_json=as_json)


def _settings(model: str | None, gguf: Path | None, *, verbose: bool) -> Settings:
    from delegates.settings import Flags, load_settings

    flags = Flags(model=model, gguf=None if gguf is None else str(gguf))
    settings = load_settings(os.environ, flags)
    keep_log(settings.home.value, verbose=verbose)
    return settings


def seats_given(given: list[str]) -> dict[str, str]:
    """Return party → specification of what `--seat` was given.

    Raises:
        SeatError: If one is not of the form ID=SPEC, or a party is given twice.
    """
    seats: dict[str, str] = {}
    for text in given:
        party, equals, spec = text.partition("=")
        if not equals or not spec.strip():
            raise SeatError(f"--seat {text!r}: expected ID=SPEC, e.g. USA=boulware")
        if party.strip() in seats:
            raise SeatError(f"--seat {text!r}: {party.strip()} is given twice")
        seats[party.strip()] = spec.strip()
    return seats


def _caps(
    max_cost: float | None,
    max_tokens: int | None,
    max_time: float | None,
    retry_budget: float | None,
) -> Caps:
    from delegates import Caps

    given = (
        ("max-cost", max_cost),
        ("max-time", max_time),
        ("retry-budget", retry_budget),
    )
    for name, value in given:
        if value is not None and not 0 <= value < math.inf:
            raise SettingError(f"--{name} {value}: expected a finite number from 0")
    if max_tokens is not None and max_tokens < 1:
        raise SettingError(f"--max-tokens {max_tokens}: expected at least 1")
    return Caps(
        max_cost_usd=max_cost,
        max_tokens=max_tokens,
        max_time_s=max_time,
        retry_budget_s=retry_budget,
    )


def _live(*, plain: bool, seat: str | None) -> LiveText:
    from tui.cli.live import LiveText

    return LiveText(say, colour=not is_plain(plain=plain), seat=seat)


def _say_first(
    scenario: Scenario,
    seats: dict[str, str],
    settings: Settings,
    caps: Caps,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Say who will decide and word, and what it may cost, before anything is asked."""
    from delegates.estimate import estimate
    from delegates.seats import default_seat, seat_specs

    expected = estimate(scenario, seat_specs(scenario, seats, settings), settings, caps)
    if dry_run and as_json:
        say_json(expected.as_json())
        return
    speak = note if as_json else say
    speak(expected.line())
    given = seats if settings.model.value else {**scenario.seats, **seats}
    if any(party not in given for party in scenario.ids) and not as_json:
        speak(f"Seats not given: {default_seat(settings)[1]}.")


def _interrupted(path: Path, *, as_json: bool) -> None:
    """Point to what is kept of a session that did not reach its end."""
    if not path.exists():
        return
    if as_json:
        from transcripts.fold import fold
        from transcripts.store import Transcript

        say_json(fold(Transcript(path).events()).record(path).as_json())
    note(f"minilateral: kept in {path}; carry on with: minilateral resume {path}")


def _finish(record: SessionRecord, *, as_json: bool) -> None:
    if as_json:
        say_json(record.as_json())
        return
    from tui.text.result import result_text

    say()
    say(result_text(record))
    say(f"Transcript: {record.transcript}")
    say(f"Replay it:  minilateral replay {record.transcript}")
