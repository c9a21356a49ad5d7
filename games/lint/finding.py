"""What is found of a scenario: where, what, why it matters, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["problem", "weakness", "note"]
"""A problem keeps a scenario from being loaded, a weakness is worth mending, a note is worth
knowing."""


@dataclass(frozen=True)
class Finding:
    """Something about a scenario that its author should know."""

    where: str
    """The place in the file, keys apart by dots."""
    what: str
    why: str = ""
    """Why it matters, or how it can be mended."""
    severity: Severity = "weakness"


Remark = tuple[str, str]
"""A finding in short: its place, and what; why it matters is said once for all of a kind."""
