"""How a session ended, by sign, words and colour."""

from __future__ import annotations

from textual.content import Content

from tui.text.endings import BRIEFLY, IN_FULL, Ended

STYLES: dict[Ended, str] = {
    "agreement": "$agreed",
    "no-agreement": "$warning",
    "walked-away": "$error",
    "incomplete": "$warning",
    "open": "$warning",
}
"""The colour of each ending."""


def ended_briefly(status: Ended) -> Content:
    """Return in a word or two how a session ended."""
    return _signed(status, BRIEFLY[status])


def ended_in_full(status: Ended, more: str = "") -> Content:
    """Return in a sentence how a session ended, with more to be said of it."""
    return _signed(status, f"{IN_FULL[status]}{more}")


def _signed(status: Ended, told: str) -> Content:
    sign = "★ " if status == "agreement" else ""
    return Content.styled(f"{sign}{told}", f"bold {STYLES[status]}")
