"""How a session ended, in words: the same ones wherever it is told."""

from __future__ import annotations

from typing import Literal

Ended = Literal["agreement", "no-agreement", "walked-away", "incomplete", "open"]
"""How a record says that it ended, or a state that it has not."""

BRIEFLY: dict[Ended, str] = {
    "agreement": "agreement",
    "no-agreement": "no agreement",
    "walked-away": "walked away",
    "incomplete": "unfinished",
    "open": "unfinished",
}
"""In a word or two."""

IN_FULL: dict[Ended, str] = {
    "agreement": "Agreement",
    "no-agreement": "No agreement was reached",
    "walked-away": "No agreement: a party walked away",
    "incomplete": "Unfinished: no result yet",
    "open": "Unfinished: no result yet",
}
"""In a sentence without its stop."""
