"""The verb that hosts tables: several people join one session, each from their own terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import MinilateralError, Paused, SettingError
from tui.cli.aliasing import Alias, loaded, seated
from tui.cli.given import caps_of, seats_given, settings_of, shocks_given
from tui.cli.on_screen import has_screen
from tui.cli.options import (
    Address,
    Cache,
    Gguf,
    MaxCost,
    MaxTime,
    MaxTokens,
    Model,
    Out,
    Plain,
    PortNumber,
    RetryBudget,
    Seed,
    ShockGiven,
    Verbose,
)
from tui.cli.output import note, say
from tui.cli.own_file import create_own
from tui.cli.sessions import planned, say_first

if TYPE_CHECKING:
    from delegates import Caps
    from delegates.place import Place
    from delegates.settings import Settings
    from tui.hosting.table import HostedTable, Waiting
    from tui.session_plan import SessionPlan

MOST_TABLES = 40
"""Tables that one process holds."""

_END = "(q on the screen, Ctrl+C without one ends it; what was played is kept)"

WHAT_A_LINK_IS = (
    "who has a seat's link plays that seat, there is no password, and nothing is encrypted"
)
"""What it means to host at an address beyond this machine."""


ScenarioName = Annotated[
    str | None,
    typer.Argument(metavar="FILE|NAME", help="A scenario file or a bundled name."),
]
SeatsGiven = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ID=SPEC",
        help="Who sits for a party; ID=human for each seat that somebody joins, e.g. "
        "USA=human(limit=300,hints=yes).",
    ),
]
Tables = Annotated[int, typer.Option(metavar="N", help="How many tables play it, each on its own.")]
Resumed = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="TRANSCRIPT", help="Carry on a hosted session instead; once for each table."
    ),
]
Anyone = Annotated[
    bool,
    typer.Option(
        "--anyone",
        help="Allow an address beyond this machine: who has a seat's link then plays that "
        "seat, and nothing is encrypted.",
    ),
]
Away = Annotated[
    float,
    typer.Option(
        metavar="S",
        help="Wait so many seconds for a person who is not there; then their stand-in moves.",
    ),
]
LinksFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write every seat's link into a new file that you alone can read, a line each.",
    ),
]


def host(
    scenario: ScenarioName = None,
    *,
    seat: SeatsGiven = None,
    tables: Tables = 1,
    resume: Resumed = None,
    port: PortNumber = 8000,
    address: Address = "127.0.0.1",
    anyone: Anyone = False,
    away: Away = 120.0,
    links: LinksFile = None,
    seed: Seed = None,
    model: Model = None,
    gguf: Gguf = None,
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    max_time: MaxTime = None,
    retry_budget: RetryBudget = None,
    cache: Cache = None,
    shock: ShockGiven = None,
    out: Out = None,
    plain: Plain = False,
    alias: Alias = False,
    verbose: Verbose = False,
) -> None:
    """Host tables: several people join one session, each from a terminal or a browser."""
    from delegates.place import take_place
    from tui.hosting.table import Waiting
    from tui.wire.holding import hosted

    settings = settings_of(model, gguf, cache, verbose=verbose)
    caps = caps_of(max_cost, max_tokens, max_time, retry_budget)
    _require_patience(away)
    waiting = Waiting(away_s=away)
    _require_new(links)
    if resume:
        given = {"--seat": seat, "--seed": seed, "--shock": shock, "--out": out, "--alias": alias}
        given["--tables"] = tables if tables != 1 else None
        _require_nothing_new({scenario or "a scenario": scenario, **given})
        laid = _again(resume, settings, caps, waiting)
    else:
        _require_tables(tables)
        if scenario is None:
            raise SettingError("host: expected a scenario, or --resume TRANSCRIPT")
        found, known = loaded(scenario, alias=alias)
        seats = seated(seats_given(seat or []), known)
        shocks = shocks_given(found, shock)
        plan = planned(found, seats, settings, caps, shocks=shocks, seed=seed, out=out)
        laid = _laid(plan, tables, waiting)
    place = take_place(address, port, anyone=anyone, means=WHAT_A_LINK_IS)
    try:
        hosted(
            laid,
            place,
            lambda: _tell(laid, place, links),
            say,
            on_screen=has_screen(plain=plain, as_json=False, verbose=verbose),
        )
    finally:
        _tell_kept(laid)
    _raise_for(laid)


def _laid(plan: SessionPlan, tables: int, waiting: Waiting) -> list[HostedTable]:
    """Return new tables at which a session is planned; nothing is played yet.

    It is the same at every table, the seed too, so that they differ by who sits there alone.

    Raises:
        UserError: If a seat, a cap or a file is at fault.
    """
    from tui.hosting.table import table_laid

    laid: list[HostedTable] = []
    for table in range(1, tables + 1):
        own = replace(plan, out=_out(plan.out, table, tables))
        own.require_new()
        laid.append(table_laid(own, table, waiting))
    say_first(plan)
    if tables > 1:
        say(f"So it is at each of the {tables} tables.")
    return laid


def _out(out: Path | None, table: int, tables: int) -> Path | None:
    """Return the file of a table; of several, each has its number before the ending."""
    if out is None or tables == 1:
        return out
    return out.with_name(f"{out.stem}-{table}{out.suffix}")


def _require_nothing_new(given: Mapping[str, object]) -> None:
    """Check that nothing is said that the transcripts say already.

    Raises:
        SettingError: If it is.
    """
    also = [name for name, value in given.items() if value or (value == 0 and value is not False)]
    if also:
        raise SettingError(f"--resume: {also[0]} is given as well; expected one of them")


def _again(
    paths: list[Path],
    settings: Settings,
    caps: Caps,
    waiting: Waiting,
) -> list[HostedTable]:
    """Return tables at which sessions are carried on.

    Raises:
        UserError: If a value given is at fault.
    """
    from tui.hosting.table import table_again

    found = [path.resolve() for path in paths]
    again = next((path for at, path in enumerate(paths) if found[at] in found[:at]), None)
    if again is not None:
        raise SettingError(f"--resume {again}: given twice; expected each transcript once")
    return [
        table_again(path, settings, number, caps=caps, waiting=waiting)
        for number, path in enumerate(paths, start=1)
    ]


def _require_patience(away_s: float) -> None:
    if not 1 <= away_s <= 86_400:
        raise SettingError(f"--away {away_s:g}: expected seconds from 1 to a day")


def _require_new(links: Path | None) -> None:
    """Check that the file for the links can be a new one.

    Raises:
        SettingError: If it is there already, or its folder is not.
    """
    if links is not None and (links.exists() or links.is_symlink()):
        raise SettingError(f"--links {links}: exists already; expected a new file")
    if links is not None and not links.parent.is_dir():
        raise SettingError(f"--links {links}: no folder {links.parent}")


def _require_tables(number: int) -> None:
    if not 1 <= number <= MOST_TABLES:
        raise SettingError(f"--tables {number}: expected 1 to {MOST_TABLES}")


def _tell(tables: list[HostedTable], place: Place, links: Path | None) -> None:
    """Say where every seat is joined: on standard output, or in a file of one's own."""
    if place.is_open:
        note(f"minilateral: {place.url} is open beyond this machine: {WHAT_A_LINK_IS}")
    if links is not None:
        _write_links(tables, links)
        say(f"Who has a link plays that seat; the links stand in {links}, to be handed out.")
        say(_END)
        return
    say("Who has a link plays that seat; open it in a browser, or in a terminal:")
    for table in tables:
        for seat in table.seats.values():
            name = table.scenario.parties[seat.party].name
            say(f"table {table.number}  {seat.party} ({name}): minilateral play --join {seat.link}")
    say(_END)


def _write_links(tables: list[HostedTable], path: Path) -> None:
    """Write a line a seat: its table, its party, that party's name, and its link, tabs between.

    Raises:
        SettingError: If the file cannot be written, or is there by now.
    """
    from delegates.text import one_line

    rows = (
        f"{table.number}\t{seat.party}\t{one_line(table.scenario.parties[seat.party].name)}"
        f"\t{seat.link}\n"
        for table in tables
        for seat in table.seats.values()
    )
    create_own(path, "--links", "".join(["table\tseat\tparty\tlink\n", *rows]))


def _tell_kept(tables: list[HostedTable]) -> None:
    """Say where every session is kept, and how to carry on those that are not over."""
    unfinished = [
        one for one in tables if isinstance(one.ended, MinilateralError) and one.path.exists()
    ]
    for table in tables:
        if table.path.exists():
            say(f"table {table.number}: kept in {table.path}")
    if unfinished:
        given = " ".join(f"--resume {quote(str(one.path))}" for one in unfinished)
        note(f"minilateral: carry on with: minilateral host {given}")


def _raise_for(tables: list[HostedTable]) -> None:
    """Raise what stopped a session, if any did not reach its end: a failure before a mere stop."""
    from tui.hosting.seat import ClosedHere

    stopped = [one.ended for one in tables if isinstance(one.ended, MinilateralError)]
    stopped.sort(key=lambda error: isinstance(error, Paused))
    if len(stopped) > 1 and all(isinstance(error, ClosedHere) for error in stopped):
        raise Paused("you closed the tables")
    if stopped:
        raise stopped[0]
