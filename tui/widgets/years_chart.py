"""Deliveries year by year as a chart: the mean as a line, between the 5 % and 95 % quantiles."""

from __future__ import annotations

import numpy as np

from games.implementation.outlook import Outlook
from games.implementation.year_rows import outlook_rows
from games.scenario import Scenario
from tui.widgets.plot import Plot, padded


class YearsChart(Plot):
    """Draws an outlook once there is one."""

    def __init__(self) -> None:
        super().__init__(id="years-chart")
        self._drawn: tuple[Scenario, Outlook] | None = None

    def show(self, scenario: Scenario, found: Outlook) -> bool:
        """Draw the deliveries of an outlook, and return whether there are any."""
        rows = outlook_rows(scenario, found)
        if not any(row.tonnes or row.tonnes_high for row in rows):
            return False
        self._drawn = (scenario, found)
        self._draw()
        return True

    def notify_style_update(self) -> None:
        """Draw in the theme's new colours."""
        super().notify_style_update()
        self._draw()

    def _draw(self) -> None:
        if self._drawn is None:
            return
        rows = outlook_rows(*self._drawn)
        years = np.array([row.year for row in rows], dtype=np.float64)
        figures = [(row.tonnes, row.tonnes_low, row.tonnes_high) for row in rows]
        mean, low, high = np.array(figures, dtype=np.float64).T
        self.clear()
        self.set_xlimits(*padded(float(years[0]), float(years[-1])))
        self.set_ylimits(*padded(0.0, float(high.max())))
        self.line(years, low, self.colour("muted"))
        self.line(years, high, self.colour("muted"))
        self.line(years, mean, self.colour("primary"))
        self.signs(years, mean, "●", f"bold {self.colour('primary')}")
