"""What was given on the command line, read and checked before anything is asked or written."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from games.errors import SeatError, SettingError
from tui.cli.output import keep_log, note

if TYPE_CHECKING:
    from delegates import Caps
    from delegates.settings import Settings
    from games.scenario import Scenario


def settings_of(
    model: str | None, gguf: Path | None, cache: bool | None = None, *, verbose: bool
) -> Settings:
    """Return the user's settings, and begin the log; say if the cache wanted cannot be used.

    Raises:
        SettingError: If a value in the environment or the config file cannot be used.
    """
    from delegates.settings import Flags, load_settings

    flags = Flags(model=model, gguf=None if gguf is None else str(gguf), reply_cache=cache)
    settings = load_settings(os.environ, flags)
    keep_log(settings.home.value, verbose=verbose)
    if settings.reply_cache.value:
        from delegates.models.cache import cache_facts, cache_path

        facts = cache_facts(cache_path(settings.home.value))
        if isinstance(facts, str):
            note(f"minilateral: {facts}")
    return settings


def caps_of(
    max_cost: float | None,
    max_tokens: int | None,
    max_time: float | None,
    retry_budget: float | None,
) -> Caps:
    """Return the caps that were given.

    Raises:
        SettingError: If one is no number that can be kept to.
    """
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


def shocks_given(scenario: Scenario, given: list[str] | None) -> tuple[str, ...]:
    """Return what `--shock` was given, checked before anything is said or asked.

    Raises:
        SettingError: If there is no such shock, it is given twice, or the talks have no such round.
    """
    from delegates.leading.trainer import planned_shocks

    planned_shocks(scenario, given or ())
    return tuple(given or ())


def require_party(scenario: Scenario, party: str) -> None:
    """Check that a party given by `--as` sits at the table.

    Raises:
        SeatError: If it does not.
    """
    if party not in scenario.parties:
        known = ", ".join(scenario.ids)
        raise SeatError(f"--as {party!r}: no such party; {scenario.id} has {known}")
