"""Ten points to share, for minds to be tried on by hand."""

from typing import Any

from delegates.contract import ScriptedMind
from games.scenario import Scenario
from games.session import Move
from tests.delegates.sessions import view_at
from tests.support.domains import listed


def pie(reservation: float = 0.0, *, rounds: int = 11, **more: Any) -> Scenario:
    """Return a game in which outcome k gives k to A, who moves first, and 10 − k to B.

    Args:
        reservation: A's.
        rounds: How many.
        more: Rules of the protocol.
    """
    return listed(
        {"A": list(range(11)), "B": list(range(10, -1, -1))},
        {"A": reservation},
        protocol={"rounds": rounds, "opens": "fixed", **more},
    )


def answer(mind: ScriptedMind, game: Scenario, *moves: Move, seed: int = 0) -> Move:
    """Return what the party to move does after some moves."""
    return mind.choose(view_at(game, moves, seed))
