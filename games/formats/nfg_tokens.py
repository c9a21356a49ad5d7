"""The words, strings and braces of a `.nfg` file, one ahead, each with its line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from games.errors import UserError, shown
from games.formats.numbers import MAX_CHARACTERS as LONGEST_NUMBER
from games.formats.numbers import MAX_EXPONENT, rational_number

_TOKEN = re.compile(
    r"""[ \t\r\n\f\v]*(?:
        (?P<string>"[^"\\]*(?:\\.[^"\\]*)*") | (?P<mark>[{},])
        | (?P<word>[^ \t\r\n\f\v{},"]+) | (?P<unclosed>") | $ )""",
    re.DOTALL | re.VERBOSE,
)
_COUNT = re.compile(r"[0-9]{1,9}")
PAYOFF = (
    "a payoff: an integer, decimal or fraction (its denominator not 0, exponents up to "
    f"±{MAX_EXPONENT}, at most {LONGEST_NUMBER} characters)"
)
"""What errors say was expected where a payoff should stand."""


class Token(NamedTuple):
    """A piece of the file and where it stands."""

    kind: Literal["string", "mark", "word", "unclosed", "end"]
    text: str
    start: int
    end: int


class Scanner:
    """The tokens of one file, one ahead."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.numbers: dict[str, Fraction] = {}
        self.ahead = self._token(0)

    def _token(self, position: int) -> Token:
        found = _TOKEN.match(self.text, position)
        if found is None or found.lastgroup is None:
            return Token("end", "", len(self.text), len(self.text))
        kind = found.lastgroup
        return Token(kind, found.group(kind), found.start(kind), found.end())  # pyright: ignore[reportArgumentType]

    def next(self) -> Token:
        """Return the token ahead and move on."""
        token = self.ahead
        self.ahead = self._token(token.end)
        return token

    def refusal(self, token: Token, expected: str) -> UserError:
        """Return the error that names the line of a token and what was expected there."""
        line = self.text.count("\n", 0, token.start) + 1
        if token.kind == "unclosed":
            return UserError(f"{self.name}:{line}: found a string that never ends; expected '\"'")
        found = "the end of the file" if token.kind == "end" else shown(token.text)
        return UserError(f"{self.name}:{line}: found {found}; expected {expected}")

    def mark(self, mark: str, expected: str) -> None:
        """Move past a brace or comma."""
        token = self.next()
        if token.kind != "mark" or token.text != mark:
            raise self.refusal(token, expected)

    def at(self, mark: str) -> bool:
        """Return whether this brace or comma is ahead."""
        return self.ahead.kind == "mark" and self.ahead.text == mark

    def word(self, words: Sequence[str], expected: str) -> None:
        """Move past one of some words."""
        token = self.next()
        if token.kind != "word" or token.text not in words:
            raise self.refusal(token, expected)

    def string(self, expected: str) -> str:
        """Move past a string and return it."""
        token = self.next()
        if token.kind != "string":
            raise self.refusal(token, expected)
        return re.sub(r'\\(["\\])', r"\1", token.text[1:-1])

    def count(self, expected: str, most: int) -> int:
        """Move past a number of things, 0 to `most`, and return it."""
        token = self.next()
        if token.kind == "word" and _COUNT.fullmatch(token.text) and int(token.text) <= most:
            return int(token.text)
        raise self.refusal(token, expected)

    def number(self, expected: str = PAYOFF) -> Fraction:
        """Move past a payoff and return its exact value."""
        token = self.next()
        value = self.numbers.get(token.text) if token.kind == "word" else None
        if value is None:
            value = rational_number(token.text) if token.kind == "word" else None
            if value is None:
                raise self.refusal(token, expected)
            self.numbers[token.text] = value
        return value
