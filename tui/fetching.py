"""Work that waits for files, done beside the screens: what comes of it is shown, or why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from textual import work
from textual.notifications import SeverityLevel

from delegates.text import one_line
from games.errors import MinilateralError
from tui import typed_keys
from tui.typed_keys import OrderlyApp
from tui.widgets.slow import SlowScreen

T = TypeVar("T")


@dataclass(eq=False)
class _Errand(Generic[T]):
    """Something that is being fetched."""

    show: Callable[[T], object]


class FetchingApp(OrderlyApp):
    """Fetches in threads what waits for files, and says in a line where something went wrong.

    What takes longer than a moment is told, and can be left; keys that were typed before that are
    meant for what comes, later ones for what is seen.
    """

    def __init__(self) -> None:
        super().__init__()
        self._errands = list[_Errand[Any]]()
        """What is being fetched and was not left."""

    def _fetch(self, fetch: Callable[[], T], show: Callable[[T], object]) -> None:
        """Do work that waits for files, then show what it brought, or say why it brought none."""
        errand = _Errand(show)
        self._errands.append(errand)
        self.typed.await_screen()
        self.set_timer(typed_keys.PATIENCE_S, partial(self._say_slow, errand))
        self._fetch_in_thread(fetch, errand)

    @work(thread=True, group="errands")
    def _fetch_in_thread(self, fetch: Callable[[], T], errand: _Errand[T]) -> None:
        try:
            found = fetch()
        except MinilateralError as error:
            self.call_from_thread(self._refuse_fetched, errand, error)
        else:
            self.call_from_thread(self._show, errand, found)

    def _refuse_fetched(self, errand: _Errand[T], error: MinilateralError) -> None:
        if self._take(errand):
            self.refuse(error)
            self.typed.end_waiting(is_there=False)

    def _show(self, errand: _Errand[T], found: T) -> None:
        """Show what was fetched, unless it was left, or the app was told to end meanwhile."""
        if self._take(errand):
            errand.show(found)
            self.typed.end_waiting(is_there=True)

    def _say_slow(self, errand: _Errand[Any]) -> None:
        """Tell that something takes its time, and let keys through to that."""
        if self._exit or errand not in self._errands:
            return
        if self._slow is None:
            self.push_screen(SlowScreen(), self._leave)
        self.typed.let_through()

    def _leave(self, _: None) -> None:
        """Want nothing any more of what is being fetched."""
        for _errand in self._errands:
            self.typed.end_waiting(is_there=False)
        self._errands.clear()

    def _take(self, errand: _Errand[Any]) -> bool:
        """Tell no more that something is awaited; return whether it is wanted still."""
        if self._exit or errand not in self._errands:
            return False
        self._errands.remove(errand)
        slow = self._slow
        if slow is not None and slow is self.screen:
            self.pop_screen()
        elif slow is not None:
            slow.is_over = True
        return True

    @property
    def _slow(self) -> SlowScreen | None:
        told = (one for one in self.screen_stack if isinstance(one, SlowScreen))
        return next((one for one in told if not one.is_over), None)

    def refuse(self, error: MinilateralError) -> None:
        """Say in a line why something was not done."""
        self._tell(str(error), "error")

    def _tell(self, told: str, severity: SeverityLevel) -> None:
        """Say something in a line."""
        from tui.screens.watching import WatchingScreen

        if isinstance(self.screen, WatchingScreen):
            self.screen.say(told)
            return
        self.notify(one_line(told), severity=severity, timeout=10, markup=False)
