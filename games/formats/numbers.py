"""Numbers as files write them, taken exactly."""

from __future__ import annotations

import re
from fractions import Fraction
from math import inf

MAX_CHARACTERS = 1000
"""Longest number that is read."""

MAX_EXPONENT = 1000
"""Greatest power of ten, either way, that is read: 1e999999999 would fill the memory."""

_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([-+]?[0-9]+))?")
_FRACTION = re.compile(r"[-+]?[0-9]+/[0-9]*[1-9][0-9]*")


def decimal_number(text: str) -> Fraction | None:
    """Return the exact value of an integer or decimal, or None if the text spells none.

    Infinities, NaN, other digits than 0–9 and numbers beyond `MAX_CHARACTERS` or `MAX_EXPONENT`
    are none.
    """
    found = _DECIMAL.fullmatch(text) if len(text) <= MAX_CHARACTERS else None
    if found is None or abs(int(found.group(1) or 0)) > MAX_EXPONENT:
        return None
    return Fraction(text)


def rational_number(text: str) -> Fraction | None:
    """Return the exact value of an integer, decimal or fraction, or None if it is none.

    A fraction is two integers, the denominator not 0 and without a sign.
    """
    if len(text) <= MAX_CHARACTERS and _FRACTION.fullmatch(text):
        return Fraction(text)
    return decimal_number(text)


def nearest_float(value: Fraction) -> float:
    """Return the float nearest to a number, infinite where it lies beyond all of them."""
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def canonical_number(text: str) -> int | float | None:
    """Return the number that Python writes exactly so, or None if there is none.

    Whole numbers have at most 18 digits, as in scenario files.
    """
    value = decimal_number(text)
    if value is None or (value.denominator == 1 and "." not in text and len(text) > 18):
        return None
    for number in (int(value), float(text)):
        if repr(number) == text:
            return number
    return None
