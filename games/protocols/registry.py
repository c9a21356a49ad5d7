"""The protocols there are, by the name a scenario calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from games.protocols import alternating_offers, forum, plenary

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.session import Move, SessionEvent, State


class Mechanism(Protocol):
    """What a protocol's module offers."""

    def start(self, scenario: Scenario, seed: int, /) -> State:
        """Return the state in which a session begins."""
        ...

    def step(self, state: State, move: Move, /) -> tuple[State, tuple[SessionEvent, ...]]:
        """Return the state after a move, and what happened."""
        ...

    def lapse(self, state: State, barred: frozenset[int], /) -> State:
        """Return the state without the word of parties that may sign the text no longer."""
        ...


PROTOCOLS: dict[str, Mechanism] = {
    "alternating-offers": alternating_offers,
    "plenary": cast("Mechanism", plenary),
    "forum": cast("Mechanism", forum),
}
