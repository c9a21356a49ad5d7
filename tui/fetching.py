"""Work that waits for files, done beside the screens: what comes of it is shown, or why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual import work
from textual.notifications import SeverityLevel

from delegates.text import one_line
from games.errors import MinilateralError
from tui.typed_keys import OrderlyApp

T = TypeVar("T")


class FetchingApp(OrderlyApp):
    """Fetches in threads what waits for files, and says in a line where something went wrong."""

    def _fetch(self, fetch: Callable[[], T], show: Callable[[T], object]) -> None:
        """Do work that waits for files, then show what it brought, or say why it brought none."""
        self.typed.await_screen()
        self._fetch_in_thread(fetch, show)

    @work(thread=True, group="errands")
    def _fetch_in_thread(self, fetch: Callable[[], T], show: Callable[[T], object]) -> None:
        try:
            found = fetch()
        except MinilateralError as error:
            self.call_from_thread(self._refuse_fetched, error)
        else:
            self.call_from_thread(self._show, show, found)

    def _refuse_fetched(self, error: MinilateralError) -> None:
        if not self._exit:
            self.refuse(error)
            self.typed.end_waiting(is_there=False)

    def _show(self, show: Callable[[T], object], found: T) -> None:
        """Show what was fetched, unless the app was told to end meanwhile."""
        if not self._exit:
            show(found)
            self.typed.end_waiting(is_there=True)

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
