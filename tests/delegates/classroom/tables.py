"""Small classes made up move by move, with figures that can be worked out by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from games.moves import Offer
from games.scenario import Scenario
from games.session import Move
from tests.delegates.debriefing.talks import ACCEPT, WALK, ladder, written

AGREED_HALF, AGREED_MORE, LEFT, OPEN = (
    [Offer(10), Offer(3), Offer(5), ACCEPT],
    [Offer(7), ACCEPT],
    [Offer(10), WALK],
    [Offer(10), Offer(3)],
)
"""Of the ladder: 50 and 50 points in round 2, 70 and 30 in round 1, none, not over."""


def sat(
    folder: Path,
    name: str,
    moves: Sequence[Move],
    number: int,
    game: Scenario | None = None,
    **more: Any,
) -> Path:
    """Write a table's session; other numbers are other sessions."""
    return written(folder / f"{name}.jsonl", game or ladder(), moves, seed=number, **more)


def three(folder: Path) -> list[Path]:
    """Write three finished tables of the ladder.

    r = 20 and m = 80 for both; the Nash outcome gives both 50. A: 50, 70, 20. B: 50, 30, 20.
    """
    return [
        sat(folder, "table-1", AGREED_HALF, 1),
        sat(folder, "table-2", AGREED_MORE, 2),
        sat(folder, "table-10", LEFT, 3),
    ]


def shaken(rounds: int = 4) -> Scenario:
    """Return the ladder with a shock that a trainer may have strike: B's r falls by 10."""
    plain = ladder(rounds).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    shock = {
        "label": "a shock",
        "kind": "price",
        "words": "It is reported.",
        "reservation": {"B": -10},
        "basis": "judgement",
    }
    return Scenario.model_validate({**plain, "shocks": {"jolt": shock}})
