"""The verbs of the command line: where each lives, and the line that tells what it does.

To list the verbs, or to obey one of them, the others are not read: reading what all of them take
would double the time that the help takes.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, cast


class Verb(NamedTuple):
    """Where a verb lives, and what it does."""

    module: str
    """Within `tui.cli`."""
    function: str
    line: str
    """How the function's docstring begins, short enough for a line of the help."""

    def load(self) -> Callable[..., object]:
        """Return the function that does it."""
        found: object = getattr(import_module(f"tui.cli.{self.module}"), self.function)
        return cast("Callable[..., object]", found)


VERBS = {
    "scenarios": Verb(
        "scenarios", "list_scenarios", "List the scenarios that come with Minilateral."
    ),
    "check": Verb("check", "check", "Check a scenario file."),
    "analyze": Verb(
        "analyze",
        "analyze",
        "Show what theory says of a scenario: solutions, equilibria.",
    ),
    "solve": Verb(
        "solve",
        "solve",
        "Show all equilibria of a game file, verified exactly.",
    ),
    "run": Verb(
        "sessions",
        "run",
        "Play a session between delegates, show it live.",
    ),
    "play": Verb(
        "play",
        "play",
        "Sit at the table yourself.",
    ),
    "host": Verb(
        "host",
        "host",
        "Host tables: several people join one session.",
    ),
    "resume": Verb(
        "sessions",
        "resume",
        "Carry on an interrupted session.",
    ),
    "fork": Verb(
        "fork",
        "fork",
        "Begin a session where another one stood after some move.",
    ),
    "replay": Verb("replay", "replay", "Replay a session: step, jump and scrub through it."),
    "review": Verb(
        "review",
        "review",
        "Say how a seat was played: each move, what it gave away.",
    ),
    "debrief": Verb(
        "debrief",
        "debrief",
        "Set all seats' debriefs side by side, or compare a class.",
    ),
    "verify": Verb(
        "verify",
        "verify",
        "Say whether a transcript is what was written.",
    ),
    "evaluate": Verb(
        "evaluate",
        "evaluate",
        "Play a plan of strategies and scenarios, and compare them.",
    ),
    "convert": Verb("convert", "convert", "Convert files; the ending of OUT says into what."),
    "serve": Verb(
        "serve",
        "serve",
        "Serve the app to a browser on this machine.",
    ),
    "doctor": Verb(
        "doctor",
        "doctor",
        "Show settings and their origin, models and prices.",
    ),
}
"""The verbs by their names, in the order in which the help lists them."""
