"""What a party is called in a sentence: some names take an article, and sentences begin large."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_WITH_ARTICLE = (
    "United States",
    "United Kingdom",
    "United Arab Emirates",
    "European",
    "Netherlands",
    "Philippines",
    "Czech Republic",
    "Dominican Republic",
    "Marshall Islands",
    "Solomon Islands",
    "Cook Islands",
    "Republic of ",
)
"""How the names begin that English puts an article before; a bloc takes one as well."""


def called(name: str, *, begins: bool = False) -> str:
    """Return a name as it stands in a sentence: `the United States`, `Japan`.

    Args:
        name: As a scenario states it.
        begins: Whether the sentence begins with it.
    """
    takes_one = name.startswith(_WITH_ARTICLE) or name.endswith(" bloc")
    found = f"the {name}" if takes_one else name
    return capitalised(found) if begins else found


def capitalised(text: str) -> str:
    """Return a text that begins large, the rest as it is."""
    return text[:1].upper() + text[1:]


def perhaps(name: str, known: Iterable[str]) -> str:
    """Return what a mistyped name may stand for, as a message goes on: `; is it boulware?`.

    Args:
        name: That is not known.
        known: Those that are; of them the closest are named, and none is if all are far from it.
    """
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f"; is it {series(close, 'or')}?" if close else ""


def listed(names: Sequence[str], most: int = 6, joint: str = "and") -> str:
    """Return names as people list them; of many the first, and how many more there are."""
    beyond = len(names) - most
    return series([*names[:most], *([f"{beyond:,} more"] if beyond > 0 else [])], joint)


def series(parts: Sequence[str], joint: str = "and") -> str:
    """Return parts as a series in a sentence: `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"
