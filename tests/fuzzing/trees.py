"""Values as YAML and JSON hold them, changed as somebody would who knows what readers trip over."""

from collections.abc import Sequence
from copy import deepcopy
from random import Random
from typing import Any

HOSTILE: Sequence[object] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2,
    -0.0,
    0.5,
    1e-320,
    1e308,
    -1e308,
    float("inf"),
    float("nan"),
    2**31,
    2**53 + 1,
    2**63,
    10**17,
    10**18,
    10**400,
    -(10**20),
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "null",
    "yes",
    "~",
    "NaN",
    "2026-02-04",
    "2026-13-45",
    "é",
    "\u0130",
    "ß",
    "\x00",
    "\x1b[31m",
    "\x1b]0;x\x07",
    "\x85",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\ud800",
    "\U0001f600",
    "a\nb",
    "a\tb",
    "a b",
    "a.b",
    "..",
    "../../etc/passwd",
    "~nobody-here/x",
    "/dev/zero",
    "%s%n{0}{x.__class__}",
    "(a+)+$",
    "[",
    "*",
    "?" * 300,
    "x" * 5000,
    "9" * 5000,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"a": {"b": {}}},
)
"""Values that readers trip over."""

_DEEP = 60
_LONGEST = 40


def changed(value: Any, others: Sequence[Any], words: Sequence[str], chance: Random) -> Any:
    """Return a value changed in a few places; parts of others may come into it."""
    found = deepcopy(value)
    for _ in range(1 + (chance.random() < 0.5) + 3 * (chance.random() < 0.1)):
        found = _once(found, others, words, chance)
    return found


def _once(whole: Any, others: Sequence[Any], words: Sequence[str], chance: Random) -> Any:
    places = list(_places(whole, ()))
    path = chance.choice(places)
    if not path:
        return _instead(whole, others, words, chance)
    above = _at(whole, path[:-1])
    last = path[-1]
    match chance.randrange(8):
        case 0:
            del above[last]
        case 1 if isinstance(above, list):
            above.insert(last, deepcopy(above[last]))
        case 1:
            above[_name(words, chance)] = above.pop(last)
        case 2:
            other = chance.choice(places)
            above[last] = deepcopy(_at(whole, other)) if other else above[last]
        case 3 if isinstance(above, dict):
            above[_name(words, chance)] = _any(others, words, chance)
        case 3:
            above.append(_any(others, words, chance))
        case _:
            above[last] = _instead(above[last], others, words, chance)
    return whole


def _places(value: Any, path: tuple[Any, ...]) -> Any:
    yield path
    if len(path) > _DEEP:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value[:_LONGEST]):
            yield from _places(inner, (*path, number))


def _at(value: Any, path: Sequence[Any]) -> Any:
    for part in path:
        value = value[part]
    return value


def _name(words: Sequence[str], chance: Random) -> str:
    if words and chance.random() < 0.8:
        return chance.choice(words)
    return chance.choice([one for one in HOSTILE if isinstance(one, str)])


def _any(others: Sequence[Any], words: Sequence[str], chance: Random) -> Any:
    match chance.randrange(4):
        case 0 if words:
            return chance.choice(words)
        case 1 if others:
            other = chance.choice(others)
            return deepcopy(_at(other, chance.choice(list(_places(other, ())))))
        case _:
            return deepcopy(chance.choice(HOSTILE))


def _instead(value: Any, others: Sequence[Any], words: Sequence[str], chance: Random) -> Any:
    match chance.randrange(6):
        case 0 if isinstance(value, int | float) and not isinstance(value, bool):
            return chance.choice([value + 1, value - 1, -value, value * 10, value // 3])
        case 0 if isinstance(value, str):
            return _respelt(value, chance)
        case 1:
            return [value]
        case 2:
            return {_name(words, chance): value}
        case 3:
            deep: Any = value
            for _ in range(chance.randrange(2, 30)):
                deep = [deep] if chance.random() < 0.5 else {"a": deep}
            return deep
        case _:
            return _any(others, words, chance)


def _respelt(text: str, chance: Random) -> str:
    cut = chance.randrange(len(text) + 1)
    piece = chance.choice([one for one in HOSTILE if isinstance(one, str)])
    return chance.choice(
        [
            text[:cut],
            text[cut:],
            text[:cut] + piece + text[cut:],
            text * 3,
            text.upper(),
            f" {text}",
        ]
    )
