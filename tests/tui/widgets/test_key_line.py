"""The line of keys, on a screen that stays open."""

import asyncio
import gc
from weakref import WeakSet

from textual.app import App, ComposeResult
from textual.widgets._footer import FooterKey

from tui.widgets.key_line import KeyLine


class _Keys(App[None]):
    BINDINGS = [("a", "one", "one"), ("b", "two", "two"), ("c", "three", "three")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        yield KeyLine()


def _alive() -> WeakSet[FooterKey]:
    gc.collect()
    return WeakSet(one for one in gc.get_objects() if isinstance(one, FooterKey))


def test_keys_that_were_replaced_are_let_go_of() -> None:
    of_others = _alive()

    async def main() -> tuple[int, int]:
        app = _Keys()
        async with app.run_test() as pilot:
            await pilot.pause()
            shown = len(app.query(FooterKey))
            for _ in range(5):
                app.screen.refresh_bindings()
                await pilot.pause()
                await pilot.pause()
            return shown, len(_alive() - of_others)

    shown, alive = asyncio.run(main())
    assert shown == 3
    assert alive == shown
