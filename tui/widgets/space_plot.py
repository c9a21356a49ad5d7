"""The outcome space of a scenario that is studied: without offers, with what was agreed."""

from __future__ import annotations

from typing import cast

import numpy as np

from games.bargaining.solutions import Bargain
from games.scenario import Scenario
from tui.replay import Recording
from tui.replay.charts import seen_by
from tui.widgets.outcome_plot import OutcomePlot


class _Studied:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario


class SpacePlot(OutcomePlot):
    """Draws outcomes, frontier, ZOPA and solutions of one scenario."""

    def __init__(self, scenario: Scenario, found: Bargain, agreed: int | None) -> None:
        """Draw an outcome space.

        Args:
            scenario: Whose outcomes are drawn.
            found: Its bargaining problem.
            agreed: What was agreed, if something was.
        """
        # Of a recording the plot takes nothing but the scenario; the rest comes with its history.
        super().__init__(cast("Recording", _Studied(scenario)))
        self.set_reactive(OutcomePlot.bargains, (found,))
        self._agreed = agreed

    def on_mount(self) -> None:
        """Draw what is known already."""
        self._see()

    def _draw(self) -> None:
        super()._draw()
        if self._agreed is None or self._cloud is None or not self._plot.is_mounted:
            return
        place = seen_by(self._scenario, np.array([self._agreed]), self._pairs[self.pair])
        self._plot.signs(place[0], place[1], "★", f"bold {self._plot.colour('agreed')}")
