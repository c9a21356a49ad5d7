"""How deeply JSON of strangers may be nested: what goes deeper is refused as soon as it is read."""

from __future__ import annotations

from typing import cast

MOST_NESTED = 100
"""Lists and objects one within the other. Python's own limit hangs on its version and on the stack
so far, and what just passes it may be too deep for what comes next."""


def require_shallow(found: object) -> None:
    """Check what was read from JSON.

    Raises:
        RecursionError: If it is nested more deeply than anybody needs, as the reader itself does.
    """
    level = [found]
    for _ in range(MOST_NESTED + 1):
        level = [inner for one in level for inner in _within(one)]
        if not level:
            return
    raise RecursionError(f"nested more than {MOST_NESTED} deep")


def _within(one: object) -> list[object]:
    if isinstance(one, dict):
        return [*cast("dict[str, object]", one).values()]
    return cast("list[object]", one) if isinstance(one, list) else []
