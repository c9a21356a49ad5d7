"""The simulated years one by one, as rows for a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from games.implementation.outlook import Outlook
    from games.scenario import Scenario


class OutlookRow(NamedTuple):
    """One year after signature: means, and the range from the 5 % to the 95 % quantile.

    Money is in the unit of price times volume, undiscounted.
    """

    year: int
    """Counted from 1."""
    tonnes: float
    """Deliveries, in the unit of volume."""
    tonnes_low: float
    tonnes_high: float
    money: float
    """What the deliveries are worth at the market's price."""
    money_low: float
    money_high: float
    floor: float
    """What is paid to make up for a price below the floor."""
    floor_low: float
    floor_high: float


def outlook_rows(_scenario: Scenario, outlook: Outlook) -> tuple[OutlookRow, ...]:
    """Return the deliveries and the money of each simulated year, with their ranges."""
    return tuple(
        OutlookRow(
            one.year,
            *(one.delivered.mean, one.delivered.low, one.delivered.high),
            *(one.worth.mean, one.worth.low, one.worth.high),
            *(one.floor_paid.mean, one.floor_paid.low, one.floor_paid.high),
        )
        for one in outlook.by_year
    )
