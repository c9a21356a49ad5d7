"""Which pages are written from the code, and by what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docs.from_code.command_line import command_line_page
from docs.from_code.keys import keys_page
from docs.from_code.plan import plan_page
from docs.from_code.python_names import python_page
from docs.from_code.scenario import scenario_page
from docs.from_code.settings import settings_page

DOCS = Path(__file__).resolve().parent.parent

PAGES: dict[str, Callable[[], str]] = {
    "reference/command-line.md": command_line_page,
    "reference/keys.md": keys_page,
    "reference/plan.md": plan_page,
    "reference/python.md": python_page,
    "reference/scenario.md": scenario_page,
    "reference/settings.md": settings_page,
}
"""Place within the docs → what writes it."""
