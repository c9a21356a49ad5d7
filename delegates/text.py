"""Text from models and files is hostile until cleaned of escapes, controls, hidden characters."""

import re
import unicodedata
from collections.abc import Iterable

MAX_WORDS_CHARACTERS = 600
"""Longest public statement that is asked for."""

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|\x9c|$)|\x9b[0-?]*[ -/]*[@-~]|\x1b.?",
    re.DOTALL,
)
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
_KEPT_CONTROLS = frozenset("\n\t")


def clean(text: str) -> str:
    """Return a text without terminal escapes, control characters and invisible formatting.

    Bidirectional overrides, zero-width characters, private-use and unassigned code points go too;
    line ends become plain.
    """
    if text.isprintable():
        return text.strip()
    plain = _ESCAPES.sub("", _LINE_ENDS.sub("\n", text))
    return "".join(
        character
        for character in plain
        if character in _KEPT_CONTROLS or not unicodedata.category(character).startswith("C")
    ).strip()


def one_line(text: str, longest: int | None = None) -> str:
    """Return a text cleaned of escapes and controls, on one line, cut if it is too long."""
    line = unbroken(clean(text))
    return line if longest is None or len(line) <= longest else f"{line[: longest - 1]}…"


def unbroken(text: str) -> str:
    """Return a text on one line, otherwise as it is."""
    return " ".join(text.split())


def counted(number: int, what: str, many: str | None = None) -> str:
    """Return how many of something there are: `1 move`, `1,200 moves`."""
    return f"{number:,} {what if number == 1 else many or f'{what}s'}"


def names_meant(typed: str, names: Iterable[str]) -> list[str]:
    """Return the names that a shortened one may mean: itself, or those that begin with it."""
    known, wanted = list(names), typed.casefold()
    exact = [name for name in known if name == typed] or [
        name for name in known if name.casefold() == wanted
    ]
    return exact or [name for name in known if wanted and name.casefold().startswith(wanted)]
