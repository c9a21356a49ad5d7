"""The field for what is said with a move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.dom import DOMNode
from textual.message import Message
from textual.widgets import TextArea

from tui.nodes import app_of


class WordsField(TextArea):
    """Takes what is to be said; Enter is no line break but sends the form.

    Textual's text area watches the app's theme. Whoever watches is let go of only when that
    changes: an app that stays open would hold every field there ever was
    (https://github.com/Textualize/textual/issues/6666). This one subscribes, and ends that when it
    is closed.
    """

    @dataclass
    class Sent(Message):
        """Enter was pressed."""

    def watch(
        self, obj: DOMNode, attribute_name: str, callback: Callable[..., Any], init: bool = True
    ) -> None:
        """Watch something; of the app's theme, hear only until this is closed."""
        app = app_of(self)
        if obj is app and attribute_name == "theme":
            app.theme_changed_signal.subscribe(self, lambda _: self._app_theme_changed())
        else:
            super().watch(obj, attribute_name, callback, init)

    def on_unmount(self) -> None:
        """Hear of themes no more."""
        app_of(self).theme_changed_signal.unsubscribe(self)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Sent())
            return
        await super()._on_key(event)
