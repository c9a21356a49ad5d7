"""The page of the app's keys, from what `?` shows on each screen."""

from __future__ import annotations

from collections.abc import Mapping

from docs.from_code.markdown import code, page, table
from tui.leading.keys import TABLES_KEYS, TRAINER_KEYS
from tui.screens import (
    analysis,
    briefing,
    class_page,
    compare,
    debriefs,
    evaluation,
    evaluation_plan,
    evaluation_progress,
    help,  # noqa: A004 - the screen of that name
    home,
    preparation,
    review,
    try_again,
)
from tui.table.keys import IN_FORMS
from tui.table.keys import KEYS as TABLE_KEYS

_AHEAD = """\
What `?` shows on each screen. Keys that mean the same wherever they do anything stand in
[the page of the app](../how-to/app.md#keys)."""

SCREENS: Mapping[str, Mapping[str, str]] = {
    "Home": home.KEYS,
    "The briefing": briefing.KEYS,
    "The preparation sheet": preparation.KEYS,
    "The table": TABLE_KEYS,
    "A form at the table": IN_FORMS,
    "The replay": help.KEYS,
    "The review": review.KEYS,
    "Try again": try_again.KEYS,
    "Both futures": compare.KEYS,
    "The analysis": analysis.KEYS,
    "The tables of a host": TABLES_KEYS,
    "One table of a host": TRAINER_KEYS,
    "The debriefs of a session": debriefs.KEYS,
    "The page of a class": class_page.KEYS,
    "The plan of an evaluation": evaluation_plan.KEYS,
    "An evaluation under way": evaluation_progress.KEYS,
    "The report of an evaluation": evaluation.KEYS,
}
"""What a screen is called here → its keys, as its help tells them."""


def keys_page() -> str:
    """Return the page: a table for each screen."""
    return page(
        "Keys",
        _AHEAD,
        *(f"## {name}\n\n{_told(keys)}" for name, keys in SCREENS.items()),
    )


def _told(keys: Mapping[str, str]) -> str:
    rows = [[code(key), what[:1].upper() + what[1:] + "."] for key, what in keys.items()]
    return table(["key", "what it does"], rows)
