"""Keys in the order in which they were typed: each once what the one before led to is there.

Textual gives a key at once to what has the focus by then, and lets it bubble up from there; what it
leads to comes by messages. A key that follows fast would overtake it, or go to a screen that is
about to be covered. So a key waits until the one before has gone all the way up, and all that was
begun by it, too: a message to each widget on the way is behind everything that came there before.

What comes on top without a key heeds nothing until whoever types has paused: they meant what they
saw before. What was asked for and comes late waits, besides, until its own screen is on top again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.dom import DOMNode
from textual.screen import Screen

PATIENCE_S = 2.0
"""Seconds after which what is typed waits no longer, and a screen that does not come is told of."""

PAUSE_S = 0.5
"""Seconds without a key after which whoever types has seen what came on top by itself."""

Typed = events.Key | events.Paste


class TypedKeys:
    """What is typed into an app, one after the other."""

    def __init__(self, app: App[Any], give: Callable[[Typed], Awaitable[None]]) -> None:
        """Hold nothing back yet.

        Args:
            app: The app.
            give: Gives the app what is due; it calls `follow`.
        """
        self.pause_s = PAUSE_S
        """How long nothing is typed before a screen that came by itself heeds the next key."""
        self._app, self._give = app, give
        self._waiting = deque[Typed]()
        self._since: float | None = None
        self._turn = 0
        self._screens = 0
        self._is_told = False
        self._uncalled: Screen[Any] | None = None
        self._came = self._last = 0.0

    def hold(self, event: Typed) -> bool:
        """Return whether something must wait; it is given later then."""
        if self._screens:
            if not self._is_told:
                self._waiting.append(event)
            return not self._is_told
        if self._since is None:
            return False
        self._waiting.append(event)
        if monotonic() - self._since >= PATIENCE_S:
            self._turn += 1
            self._app.call_later(self._settled, self._turn)
        return True

    def await_screen(self) -> None:
        """Hold back what is typed from now on: it is meant for a screen that is being fetched."""
        self._screens += 1

    def let_through(self) -> None:
        """Give what is typed from now on to what says that the screen takes its time."""
        self._is_told = True

    def end_waiting(self, *, is_there: bool) -> None:
        """Give what was held back to the screen that is there; forget it where none came."""
        self._screens -= 1
        self._is_told = self._is_told and self._screens > 0
        if not is_there:
            self._waiting.clear()
        if self._since is None:
            self.follow(self._target)

    def await_pause(self) -> None:
        """Heed nothing more until typing pauses: what is on top now came there by itself."""
        screen = self._uncalled = self._app.screen
        self._came = self._last = monotonic()
        screen.call_after_refresh(self._drawn, screen)

    def _drawn(self, screen: Screen[Any]) -> None:
        """Count the pause from when it can be seen."""
        if screen is self._uncalled:
            self._came = self._last = monotonic()

    def is_unmeant(self, event: Typed) -> bool:
        """Return whether something was typed for what a screen covered that came by itself."""
        is_bounded = event.time - self._came < PATIENCE_S
        is_amid = event.time - self._last < self.pause_s
        if self._app.screen is self._uncalled and is_bounded and is_amid:
            self._last = max(self._last, event.time)
            return True
        self._uncalled = None
        return False

    @property
    def _target(self) -> DOMNode:
        return self._app.focused or self._app.screen

    def follow(self, target: DOMNode) -> None:
        """Wait until something that was given to a widget, and what it led to, is done."""
        self._since, self._turn = monotonic(), self._turn + 1
        self._walk(self._turn, _way_up(target), self._look_again)

    def _walk(self, turn: int, way: Sequence[DOMNode], then: Callable[[int], object]) -> None:
        """Go on once all widgets of a way, and then the app, have done what came before."""
        if turn != self._turn:
            return
        for place, node in enumerate(way):
            if node.call_later(self._walk, turn, way[place + 1 :], then):
                return
        self._app.call_later(then, turn)

    def _look_again(self, turn: int) -> None:
        """Wait for what has the keys by now: a screen that has just opened, or a field."""
        self._walk(turn, _way_up(self._target), self._settled)

    async def _settled(self, turn: int) -> None:
        if turn != self._turn:
            return
        self._since = None
        if self._waiting and not self._screens:
            await self._give(self._waiting.popleft())


def _way_up(target: DOMNode) -> list[DOMNode]:
    return [node for node in target.ancestors_with_self if not isinstance(node, App)]


class OrderlyApp(App[None]):
    """Heeds what is typed in its order, and nothing any more once it was told to end.

    Textual puts no parts into a screen once its app was told to end, and opens it all the same:
    what such a screen does first fails.
    """

    def __init__(self) -> None:
        super().__init__()
        self.typed = TypedKeys(self, self._give)
        self._kept: dict[Screen[Any], Callable[[], object]] = {}
        """Screen that is covered → what opens over it once it is on top again."""

    async def on_event(self, event: events.Event) -> None:
        """Give what is typed to what has the keys once it is its turn; at the end heed nothing."""
        if self._exit and isinstance(event, events.InputEvent | events.Paste):
            return
        if isinstance(event, Typed) and not event.is_forwarded:
            if not self.typed.hold(event):
                await self._give(event)
            return
        # A field may have got the focus by itself while a key was on its way up.
        if (
            isinstance(event, events.Key)
            and (field := self.focused) is not None
            and field.check_consume_key(event.key, event.character)
        ):
            field.post_message(event)
            return
        await super().on_event(event)

    async def _give(self, event: Typed) -> None:
        """Give what was typed to what has the keys now."""
        if self._exit:
            return
        target = self.focused or self.screen
        if not self.typed.is_unmeant(event):
            await super().on_event(event)
        self.typed.follow(target)

    def open_unasked(self, over: Screen[Any], opens: Callable[[], object]) -> None:
        """Open something that no key opens now, over its own screen, once that one is on top.

        Args:
            over: The screen to which it belongs; where that is closed first, nothing opens.
            opens: Opens it, if it is still wanted; of several that wait for a screen, the last.
        """
        if self.screen is not over:
            self._kept[over] = opens
            return
        opens()
        if self.screen is not over:
            self.typed.await_pause()

    def _open_kept(self, over: Screen[Any]) -> None:
        if self.screen is over and over in self._kept:
            self.open_unasked(over, self._kept.pop(over))

    def exit(
        self, result: None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """End, once a screen that is just being opened has its parts."""
        end = partial(super().exit, result, return_code, message)
        is_opening = bool(self.screen_stack) and not self.screen.is_mounted
        if not (is_opening and self.screen.call_later(end)):
            end()

    if not TYPE_CHECKING:  # Textual's own signature has overloads; it stays as it is

        def push_screen(self, *given: Any, **how: Any) -> Any:
            """Open a screen, unless the app was told to end."""
            return AwaitComplete.nothing() if self._exit else super().push_screen(*given, **how)

        def pop_screen(self) -> AwaitComplete:
            """Close the screen on top, and open what was waiting for that."""
            popped = super().pop_screen()
            self._kept = {
                one: opens for one, opens in self._kept.items() if one in self.screen_stack
            }
            if self.screen in self._kept:
                # Behind what the closed screen was asked for.
                self.screen.call_later(self._open_kept, self.screen)
            return popped

        def switch_screen(self, *given: Any, **how: Any) -> Any:
            """Open a screen in the place of another, unless the app was told to end."""
            return AwaitComplete.nothing() if self._exit else super().switch_screen(*given, **how)


def orderly(node: DOMNode) -> OrderlyApp:
    """Return the app that shows a screen or widget."""
    return cast("OrderlyApp", node.app)  # pyright: ignore[reportUnknownMemberType]
