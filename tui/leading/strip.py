"""A strip over the panels: that the session is paused, what strikes next, who is there."""

from __future__ import annotations

from textual.content import Content

from tui.hosting.table import HostedTable
from tui.leading.told import orders_told, people_told
from tui.widgets.fitted import Text


class LeadStrip(Text):
    """Shows who is at a table, and what its lead has ordered."""

    def __init__(self, table: HostedTable) -> None:
        super().__init__(id="strip")
        self._table = table

    def on_mount(self) -> None:
        """Tell at once."""
        self.tell()

    def tell(self) -> None:
        """Tell how it is now."""
        orders = orders_told(self._table)
        lines = [people_told(self._table), *([] if orders is None else [orders])]
        self.set_class(orders is not None, "ordered")
        self.update(Content("\n").join(lines))
