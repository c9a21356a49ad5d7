"""Tells a screen, from whatever thread, that something has changed at a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from textual.message import Message

from tui.hosting.table import Happening, HostedTable


class TableStirred(Message):
    """Something has changed at a table: who is there, what was ordered, a move."""

    def can_replace(self, message: Message) -> bool:
        """One says as much as many."""
        return isinstance(message, TableStirred)


class Listening:
    """Has a screen told of what changes at tables, for as long as it is open."""

    def __init__(self, tables: Sequence[HostedTable], post: Callable[[Message], object]) -> None:
        self._tables, self._post = tables, post

    def begin(self) -> None:
        """Listen from now on."""
        for table in self._tables:
            table.tell(self._happened)
            table.lead.tell(self._stirred)

    def end(self) -> None:
        """Listen no more."""
        for table in self._tables:
            table.forget(self._happened)
            table.lead.forget(self._stirred)

    def _happened(self, _: Happening | None) -> None:
        self._stirred()

    def _stirred(self) -> None:
        with suppress(RuntimeError):  # the app's loop is gone: there is nobody left to tell
            self._post(TableStirred())
