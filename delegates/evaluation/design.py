"""A plan with its scenarios read: the sessions that it means, each by its number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from delegates.evaluation.plan import Names, Plan
from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Row:
    """One planned session."""

    number: int
    """Its place in the plan, from 0."""
    scenario: int
    """Position among the design's scenarios."""
    names: Names
    repetition: int
    seed: int
    """The same for all sessions of a scenario and repetition, whoever sits there."""
    seats: tuple[str, ...]
    """Names of strategies, one a party, in the scenario's order."""
    tested: tuple[bool, ...]
    """Aligned: whether the seat's strategy is one under test there."""
    key: str
    """What it plays, hashed: the same in every plan that plays it; 16 hexadecimal digits."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """A plan that can be played. Rows are made when asked for, never listed."""

    plan: Plan
    folder: Path | None
    """The plan's own folder; None of one that comes with the package or was made in code."""
    scenarios: tuple[Scenario, ...]
    """In the plan's order, each once."""
    specs: Mapping[str, str]
    """Strategy → seat specification, written out, every model named."""
    hash: str
    """SHA-256 of all that determines the results: 64 hexadecimal digits."""

    def __len__(self) -> int:
        """Return how many sessions are planned."""
        raise NotImplementedError

    def row(self, number: int) -> Row:
        """Return a planned session.

        Raises:
            IndexError: If there is none of that number.
        """
        raise NotImplementedError

    def rows(self) -> Iterator[Row]:
        """Yield every planned session in order."""
        return map(self.row, range(len(self)))

    def session(self, number: int) -> str:
        """Return a session's id: the plan's id, its hash and the row."""
        return f"{self.plan.id}-{self.hash[:8]}-{number:06d}"

    def played_as(self, row: Row) -> Scenario:
        """Return the scenario as a row's delegates see it: under aliases where it says so."""
        raise NotImplementedError
