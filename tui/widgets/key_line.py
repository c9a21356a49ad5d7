"""The line at the bottom that tells the keys."""

from __future__ import annotations

from textual.widgets import Footer


class KeyLine(Footer):
    """Tells the keys that do something now, and lets go of those it told before.

    Textual's footer makes all keys anew whenever what they do changes, and each watches whether the
    footer is compact. Whoever watches is let go of only when that changes: a screen that stays open
    for hours would hold every key that it ever showed
    (https://github.com/Textualize/textual/issues/6666).
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    async def recompose(self) -> None:
        """Make the keys anew, and have those that were replaced forgotten."""
        await super().recompose()
        self.mutate_reactive(Footer.compact)
