"""A fault that pydantic finds, said as a plain sentence: what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from games.errors import plain

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "no such key is known here",
    "dict_type": "expected keys with values",
    "model_type": "expected keys with values",
    "model_attributes_type": "expected keys with values",
    "tuple_type": "expected a list",
    "list_type": "expected a list",
    "string_type": "expected text",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "finite_number": "expected a finite number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "invalid_key": "expected a name as the key",
}
"""What is said of a kind of fault, where it needs no figure of its own."""

_REWORDED = (
    (r"^Input should be greater than or equal to (.*)$", r"expected at least \1"),
    (r"^Input should be less than or equal to (.*)$", r"expected at most \1"),
    (r"^Input should be greater than (.*)$", r"expected more than \1"),
    (r"^Input should be less than (.*)$", r"expected less than \1"),
    (r"^Input should be (.*)$", r"expected \1"),
    (r"^String should have at (least|most) (\d+ characters?)$", r"expected at \1 \2"),
    (r"^String should match pattern (.*)$", r"expected a name that matches \1"),
    (
        r"^\w+ should have at (least|most) (\d+) items? after validation, not (\d+)$",
        r"expected at \1 \2 of them, found \3",
    ),
)


LONGEST_PLACE = 200
"""Characters of the longest place that a message names."""


def place_text(parts: Iterable[object]) -> str:
    """Return the keys under which a fault lies, as a message names them: whoever wrote the file
    chose some of them."""
    text = plain(".".join(map(str, parts)))
    return text if len(text) <= LONGEST_PLACE else f"{text[:LONGEST_PLACE]}…"


def fault_text(problem: ErrorDetails) -> str:
    """Return what was expected where pydantic found something else, in plain words.

    What our own validators say is kept as it is.
    """
    said = _SENTENCES.get(problem["type"])
    found = problem.get("ctx", {})
    if said is not None:
        return said
    if problem["type"] == "union_tag_invalid":
        return f"{found['tag']!r:.60} is none of {found['expected_tags']}"
    if problem["type"] == "union_tag_not_found":
        return f"{found['discriminator']} is missing"
    message = problem["msg"].removeprefix("Value error, ")
    for pattern, plainer in _REWORDED:
        reworded, count = re.subn(pattern, plainer, message)
        if count:
            return reworded
    return message
