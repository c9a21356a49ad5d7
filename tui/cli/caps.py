"""The caps that are given on the command line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from games.errors import SettingError

if TYPE_CHECKING:
    from delegates import Caps


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
