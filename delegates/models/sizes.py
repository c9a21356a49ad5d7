"""Models that are too small to decide, as far as their names tell.

What was measured of small models: at 0.5B, good and bad offers were accepted equally often; at
1.5B, free decisions contradicted their own words, but the best of six candidate moves was picked
each time (letters by probability, over rotations of the menu). Larger models were not found too
small; a name without a size tells nothing.
"""

import re

EMBEDDED_SIZES = {"local": 0.5, "local-large": 1.5}
"""The embedded models' billions of parameters."""

LEAST_TO_CHOOSE = 1.5
"""Billions of parameters from which a model may choose from a menu."""

LEAST_TO_DECIDE = 1.6
"""Billions of parameters from which nothing is known against a model's free decisions."""

_LEAST_MILLIONS = 10
_SIZE = re.compile(r"(?:\d+x)?e?(?P<number>\d+(?:\.\d+)?)(?P<unit>[bm])")


def too_small(model: str, mind: str = "llm") -> str | None:
    """Return why a model should not decide in a kind of mind, in one line; None if it may.

    Args:
        model: The model's name, with or without its endpoint.
        mind: `llm`, which decides freely, or `menu`, which chooses.
    """
    size = billions(model)
    if size is None:
        return None
    name = model.partition("@")[0]
    if size < LEAST_TO_CHOOSE:
        return (
            f"{name} is too small to decide: under {LEAST_TO_CHOOSE:g}B, models accepted good and "
            f"bad offers equally often; let it word what code decides, firm+llm:{model}"
        )
    if size < LEAST_TO_DECIDE and mind != "menu":
        return (
            f"{name} is too small to decide freely: its moves and its words disagree; let it "
            f"choose from a menu, menu:{model}"
        )
    return None


def billions(model: str) -> float | None:
    """Return how many billions of parameters a model's name gives it; None if it gives none.

    Of several sizes the largest counts: the others are of active experts, or of its context.
    """
    name = model.partition("@")[0].lower()
    if name in EMBEDDED_SIZES:
        return EMBEDDED_SIZES[name]
    sizes = [_size(part) for part in re.split(r"[-_:/\s,()]+", name)]
    return max((size for size in sizes if size is not None), default=None)


def _size(part: str) -> float | None:
    found = _SIZE.fullmatch(part)
    if found is None:
        return None
    number = float(found["number"])
    if found["unit"] == "b":
        return number
    # 1M is the length of a context, not the size of a model.
    return number / 1000 if number >= _LEAST_MILLIONS else None
