"""The verb by which a person takes a seat."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import ScenarioError, SeatError, SettingError
from games.naming import series
from tui.cli.aliasing import Alias, loaded, seated
from tui.cli.given import caps_of, require_party, seats_given, settings_of, shocks_given
from tui.cli.options import (
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
    Verbose,
)
from tui.cli.outside import DoorAsked, Invitations, Port
from tui.cli.sessions import hold, planned, say_first

if TYPE_CHECKING:
    from games.aliases import Aliases
    from games.preparation import Sheet
    from games.scenario import Scenario


ScenarioName = Annotated[
    str | None, typer.Argument(metavar="FILE|NAME", help="A scenario file or a bundled name.")
]
OwnParty = Annotated[str | None, typer.Option("--as", metavar="ID", help="The party you sit for.")]
Link = Annotated[
    str | None,
    typer.Option(
        "--join", metavar="LINK", help="Join a seat of a hosted table instead, by its link."
    ),
]
SeatsGiven = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ID=SPEC",
        help="Who sits for a party; for your own e.g. USA=human(limit=120), in seconds.",
    ),
]
Prepare = Annotated[
    bool,
    typer.Option(
        "--prepare", help="Fill in a preparation sheet first; review sets it against the truth."
    ),
]
SheetFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE.yaml", help="A preparation sheet from a file instead."),
]
Hints = Annotated[
    bool, typer.Option("--hints", help="Allow the adviser, who sees what your seat may see.")
]


def play(
    scenario: ScenarioName = None,
    *,
    party: OwnParty = None,
    link: Link = None,
    seat: SeatsGiven = None,
    seed: Seed = None,
    model: Model = None,
    gguf: Gguf = None,
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    max_time: MaxTime = None,
    retry_budget: RetryBudget = None,
    cache: Cache = None,
    shock: ShockGiven = None,
    port: Port = None,
    invitations: Invitations = None,
    out: Out = None,
    prepare: Prepare = False,
    sheet: SheetFile = None,
    hints: Hints = False,
    plain: Plain = False,
    alias: Alias = False,
    verbose: Verbose = False,
) -> None:
    """Sit at the table yourself; quit whenever you like and carry on with resume."""
    from delegates.seats import parse_seat

    if link is not None:
        _require_alone(scenario, party)
        from tui.cli.joining import join

        join(link)
        return
    scenario, party = _required(scenario, party)
    settings = settings_of(model, gguf, cache, verbose=verbose)
    found, known = loaded(scenario, alias=alias)
    party = known.id_of(party)
    require_party(found, party)
    seats = {party: "human", **seated(seats_given(seat or []), known)}
    if not seats[party].startswith("human"):
        raise SeatError(
            f"--seat {party}={seats[party]}: you sit there (--as {party}); "
            "expected human, e.g. human(limit=120,stand-in=boulware)"
        )
    if hints:
        seats[party] = parse_seat(seats[party], settings.model.value).with_hints().text
    if prepare and sheet is not None:
        raise SettingError("--prepare and --sheet: one sheet is enough; expected one of them")
    prepared = None if sheet is None else _sheet_in(sheet, found, party, known)
    shocks = shocks_given(found, shock)
    caps = caps_of(max_cost, max_tokens, max_time, retry_budget)
    plan = planned(found, seats, settings, caps, shocks=shocks, seed=seed, out=out)
    say_first(plan)
    hold(
        plan,
        see=party,
        plain=plain,
        as_json=False,
        prepare=prepare,
        sheet=prepared,
        asked=DoorAsked(port, invitations),
    )


def _required(scenario: str | None, party: str | None) -> tuple[str, str]:
    """Return what a session of one's own needs.

    Raises:
        BadParameter: If it was not given.
    """
    if scenario is None:
        raise typer.BadParameter("FILE|NAME is missing; expected a scenario, or --join LINK")
    if party is None:
        raise typer.BadParameter(
            f"--as ID is missing; expected whom you sit for{_ids_of(scenario)}"
        )
    return scenario, party


def _ids_of(scenario: str) -> str:
    """Return whom one can sit for; nothing where the scenario cannot be read."""
    from games.scenario import load_scenario

    # That the file is at fault as well is said once the command line is whole.
    with suppress(ScenarioError):
        return f": {series(load_scenario(scenario).ids, 'or')}"
    return ""


def _require_alone(scenario: str | None, party: str | None) -> None:
    """Check that no session of one's own is asked for as well.

    Raises:
        SettingError: If it is.
    """
    for what, given in (("a scenario", scenario), ("--as", party)):
        if given is not None:
            raise SettingError(
                f"--join: {what} is given as well ({given}); expected the link alone, for the host "
                "has chosen scenario and seat"
            )


def _sheet_in(path: Path, scenario: Scenario, party: str, known: Aliases) -> Sheet:
    from tui.cli.sheet_file import sheet_in

    return sheet_in(path, scenario, party, known)
