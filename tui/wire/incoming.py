"""What a joined terminal or page may say: keys, its size, and that it is still there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from delegates.nesting import require_shallow
from tui.wire.driver import within

LARGEST = 32_768
"""Bytes of the largest message that is read."""

LONGEST_STAMP = 20
"""Digits of the longest time by which a page may ask whether the table is still there."""


@dataclass(frozen=True)
class Typed:
    """Keys, mouse and pasted text, as a terminal sends them."""

    text: str


@dataclass(frozen=True)
class Resized:
    """The terminal has another size; it is within bounds."""

    width: int
    height: int


@dataclass(frozen=True)
class Ping:
    """A question whether the table is still there."""

    stamp: str
    """Digits, given back as they are."""


Said = Typed | Resized | Ping | None


def understood(text: str) -> Said:
    """Return what a message says; None of one that matters to nobody here.

    Raises:
        ValueError: If it is nonsense.
    """
    try:
        found: object = json.loads(text)
        require_shallow(found)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, list) or not found:
        raise ValueError("expected a list of a kind and what belongs to it")
    kind, *rest = cast("list[object]", found)
    given = rest[0] if rest else None
    match kind:
        case "stdin" if isinstance(given, str):
            return Typed(given)
        case "resize" if isinstance(given, dict):
            size = cast("dict[str, Any]", given)
            return Resized(*_size(size.get("width"), size.get("height")))
        case "ping" if isinstance(given, str) and len(given) <= LONGEST_STAMP and given.isdecimal():
            return Ping(given)
        case "focus" | "blur":
            return None
        case _:
            raise ValueError(f"an unknown kind of message: {str(kind)[:20]!r}")


def _size(width: object, height: object) -> tuple[int, int]:
    if not isinstance(width, int) or not isinstance(height, int):
        raise ValueError("expected a width and a height in whole numbers")  # noqa: TRY004
    return within(width, height)


@dataclass
class Allowance:
    """How much may be said at once, and how fast it grows again: nobody types faster."""

    most: float = 131_072
    per_s: float = 32_768
    left: float = 131_072
    at_s: float = 0.0

    def wait_s(self, cost: float, now_s: float) -> float:
        """Return how long to wait before so much more is read."""
        self.left = min(self.most, self.left + (now_s - self.at_s) * self.per_s)
        self.at_s = now_s
        self.left -= cost
        return max(0.0, -self.left / self.per_s)
