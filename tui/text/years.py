"""The simulated years one by one: a small table of tonnes and money with their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from games.implementation.outlook import Outlook
from games.implementation.units import UNKNOWN, money_unit, short, volume_unit
from games.implementation.year_rows import OutlookRow, outlook_rows
from games.scenario import Scenario
from tui.text.wording import paragraph

MOST_ROWS = 8
"""Years that are written out; of more, every second or third, and the last."""

_BARS = " ▁▂▃▄▅▆▇█"


def year_lines(scenario: Scenario, found: Outlook) -> list[str]:
    """Return a line of bars for all years, and a table of some; nothing if nothing is delivered."""
    rows = outlook_rows(scenario, found)
    if not any(row.tonnes_high or row.tonnes for row in rows):
        return []
    step = -(-len(rows) // MOST_ROWS)
    shown = [row for row in rows if row.year % step == 0 or row.year == len(rows)]
    has_floor = any(row.floor for row in rows)
    head = ["year", "delivered", "worth at the market"] + (
        ["paid for the floor"] if has_floor else []
    )
    cells = [head, *(_cells(row, has_floor=has_floor) for row in shown)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    return [
        f"  Delivered year by year, on average |{bars([row.tonnes for row in rows])}|",
        "  Mean, and from the 5 % to the 95 % quantile:",
        *(
            "  " + "  ".join(f"{cell:>{w}}" for cell, w in zip(line, widths, strict=True))
            for line in cells
        ),
        *paragraph(units_told(scenario), "  ").splitlines(),
    ]


def bars(values: Sequence[float]) -> str:
    """Return figures from 0 as a row of bars, the greatest of them full."""
    most = max([*values, 0.0])
    if most <= 0:
        return _BARS[0] * len(values)
    return "".join(_BARS[ceil(8 * value / most)] for value in values)


def _cells(row: OutlookRow, *, has_floor: bool) -> list[str]:
    ranges = [
        (row.tonnes, row.tonnes_low, row.tonnes_high),
        (row.money, row.money_low, row.money_high),
        (row.floor, row.floor_low, row.floor_high),
    ]
    return [str(row.year), *(with_range(*one) for one in ranges[: 3 if has_floor else 2])]


def with_range(mean: float, low: float, high: float) -> str:
    """Return a mean with what it lies between: `120 (90–150)`."""
    return f"{short(mean)} ({short(low)}–{short(high)})"


def units_told(scenario: Scenario) -> str:
    """Return in what deliveries and money are counted."""
    tonnes = volume_unit(scenario)
    money = money_unit(scenario)
    return (
        f"Deliveries in {tonnes or 'the unit of volume'}, "
        f"money {UNKNOWN if money is None else f'in {money}'}, undiscounted."
    )
