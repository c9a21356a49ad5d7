"""What a party is called in a sentence: some names take an article, and sentences begin large."""

from __future__ import annotations

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
    return f"{found[:1].upper()}{found[1:]}" if begins else found


def listed(names: list[str], most: int = 6) -> str:
    """Return names as people list them; of many only the first."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
