"""The picture of the outcome space: its legend names what is seen, and no outcome is hidden."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from games.bargaining.solutions import bargain
from games.scenario import Scenario, load_scenario
from tests.tui.recordings import TALKS, pair
from tests.tui.replaying import replayed, seen
from tui.screens.replay import ReplayScreen
from tui.themes import variable_defaults
from tui.widgets.outcome_plot import MARKS, OutcomePlot
from tui.widgets.space_plot import SpacePlot

SIZES = ((60, 12), (80, 24), (150, 50))


class Shown(App[None]):
    """Shows one picture."""

    def __init__(self, plot: OutcomePlot) -> None:
        super().__init__()
        self._shown = plot

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults(dark=True)

    def compose(self) -> ComposeResult:
        yield self._shown


def drawn(scenario: Scenario, agreed: int | None, size: tuple[int, int]) -> tuple[str, str]:
    """Return the legend and what stands within the frame."""

    async def main() -> tuple[str, str]:
        plot = SpacePlot(scenario, bargain(scenario), agreed)
        async with Shown(plot).run_test(size=size) as pilot:
            await pilot.pause()
            legend = str(plot.query_one(".legend", Static).content)
            return legend, seen(pilot).split("┏")[1].split("┗")[0]

    return asyncio.run(main())


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", ["pair", "first-table"])
def test_the_legend_names_every_sign_that_is_seen_and_no_other(
    name: str, size: tuple[int, int]
) -> None:
    of = pair() if name == "pair" else load_scenario(name)
    solved = bargain(of).solutions
    agreed = int(solved["nash"][0])
    for outcome in (None, agreed):
        legend, picture = drawn(of, outcome, size)
        told = legend.splitlines()[1]
        for mark in ("★", *(mark for mark, _ in MARKS.values())):
            assert (f"{mark} " in told) == (mark in picture), (mark, legend)
        for solution, (_, words) in MARKS.items():
            assert (words in told) == (solution in solved)
        assert ("agreed" in told) == (outcome is not None)


def test_solutions_at_one_place_share_the_sign_that_is_drawn() -> None:
    of = pair()
    agreed = int(bargain(of).solutions["nash"][0])
    without, _ = drawn(of, None, (80, 24))
    assert "N Nash, Kalai–Smorodinsky, egalitarian" in without
    agreed_too, _ = drawn(of, agreed, (80, 24))
    assert "★ agreed, Nash, Kalai–Smorodinsky, egalitarian" in agreed_too


def test_what_is_agreed_is_in_the_legend_from_the_last_move_on() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("4")
        for key in ("home", "end"):
            await pilot.press(key)
            await pilot.pause()
            plotted = str(screen.query_one("#outcomes .legend", Static).content)
            assert ("★ agreed" in plotted) == (key == "end")

    replayed(TALKS, act)


def test_outcomes_are_seen_between_the_dashes_of_a_reservation_value() -> None:
    _, picture = drawn(load_scenario("first-table"), None, (150, 50))
    level = max(picture.splitlines(), key=lambda line: line.count("╌"))
    cells = [cell for cell in level if cell not in "│ "]
    clouded = [one for one in pairwise(cells) if "╌" in one and set(one) - {"╌"}]
    assert len(clouded) > 5
