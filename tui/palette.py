"""The command palette, without faults of its own that bring the app down, such as by a page key
pressed at once."""

from __future__ import annotations

from typing import ClassVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """Lists what can be done everywhere."""

    # Textual looks up the line of a command before there are any, until the list is laid out.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "turn('page_down')", "Next page", show=False),
        Binding("pageup", "turn('page_up')", "Previous page", show=False),
    ]

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close the palette, once: a second click beside it would close the screen beneath."""
        return super().dismiss(result) if self.is_current else AwaitComplete.nothing()

    def action_turn(self, way: str) -> None:
        """Go a page on or back, once there are pages."""
        commands = self.query_one(CommandList)
        if commands.virtual_size.height and commands.scrollable_content_region.area:
            getattr(commands, f"action_{way}")()
