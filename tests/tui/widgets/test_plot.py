"""The plot that both charts are drawn on."""

import asyncio

from textual.app import App, ComposeResult

from tui.themes import variable_defaults
from tui.widgets.plot import Plot


class Unfinished(Plot):
    """A plot of an app that was told to end before the plot had its parts."""

    def compose(self) -> ComposeResult:
        yield from ()


class Shown(App[None]):
    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults(dark=True)

    def compose(self) -> ComposeResult:
        yield Unfinished()


def test_an_app_may_end_before_its_plot_has_anything_to_draw_on() -> None:
    async def main() -> int | None:
        app = Shown()
        async with app.run_test():
            app.exit()
        return app.return_code

    assert asyncio.run(main()) == 0
