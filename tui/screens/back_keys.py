"""The keys of every screen that is opened from another one and has nothing to lose."""

from __future__ import annotations

from textual.binding import Binding

BACK_KEYS = (
    Binding("H", "app.home", "Home", show=False),
    Binding("question_mark", "help", "help", key_display="?"),
    Binding("escape", "app.close_screen", "back", key_display="Esc"),
    Binding("q", "app.quit", "quit"),
)
"""Home, help, back and quit: the last ones of its footer."""
