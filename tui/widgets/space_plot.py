"""The outcome space of a scenario that is studied: without offers, with what was agreed."""

from __future__ import annotations

from typing import cast

from games.bargaining.solutions import Bargain
from games.scenario import Scenario
from tui.replay import Recording
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
        self._agreement = agreed

    def on_mount(self) -> None:
        """Draw what is known already."""
        self._see()

    def _agreed(self) -> int | None:
        return self._agreement
