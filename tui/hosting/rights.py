"""What a person may do who joined a seat: play it, and nothing else of the host's machine."""

from __future__ import annotations

from tui.live.rights import Rights

_TABLE = frozenset(
    {
        *("act", "menu", "say", "advice", "guess", "delegate", "take_back", "papers"),
        *("step", "newest", "first", "panel", "next_panel", "help", "close", "review"),
        *("copy_text", "focus", "blur"),
    }
)
APP_ACTIONS = frozenset(
    {
        *("quit", "close_screen", "pop_screen", "command_palette", "change_theme", "help_quit"),
        *("focus_next", "focus_previous", "bell"),
    }
)
"""The actions of the app that are open everywhere to who joined a seat."""

REVIEW_ACTIONS = frozenset(
    {*("step", "panel", "next_panel", "page", "help"), *("copy_text", "focus", "blur")}
)
"""The actions that are open in the review of one's own seat."""

REVIEW_KEYS = frozenset({"T", "r", "C", "s", "e", "A"})
"""The keys of a review that do nothing here, as its help lists them."""


def seat_rights(away_s: float) -> Rights:
    """Return what may be done at a seat that was joined.

    Args:
        away_s: Seconds for which the table waits for who left, before their stand-in moves.
    """
    return Rights(
        actions=_TABLE,
        unseals=False,
        names_seat=True,
        tells_spending=False,
        tells_faults=False,
        leaving=(
            f"The session goes on without you: when your move has been awaited for {away_s:g} s, "
            "your stand-in makes it. Open your link again to be back at the table."
        ),
        kept="Whoever hosts the table can carry it on.",
        help={
            "t": None,
            "u": None,
            "v r A T H": None,
            "C": None,
            "c": None,
            "v": "once it is over: how you played, as far as your seat may know",
            "Esc": "leave the table; your link leads back to it",
            "q": "leave the table; your link leads back to it",
        },
    )


WATCHER = Rights(
    leaving="The session goes on; you only stop watching it.",
    kept="What happened is kept.",
    help={"u": None, "c": None},
)
"""Of whoever leads the exercise, at the host's own machine."""
