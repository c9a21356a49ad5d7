"""Whether minds of other libraries are here, and of the release that they are to be of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from delegates.minds.registry import PEER_MINDS
from games.errors import SeatError

if TYPE_CHECKING:
    from delegates.seats import SeatSpec


def require_here(spec: SeatSpec) -> None:
    """Check that a mind of another library is installed and can sit down.

    Raises:
        SeatError: If not.
    """
    if spec.mind in PEER_MINDS:
        PEER_MINDS[spec.mind].require(spec.text, spec.parameters)


def require_as_before(specs: Mapping[str, SeatSpec], decided: Mapping[str, str]) -> None:
    """Check that minds of other libraries are those that have sat there so far.

    Args:
        specs: Party → its seat.
        decided: Party → who decided there, in the words of the record.

    Raises:
        SeatError: If one is not here, or of another release.
    """
    for party, spec in specs.items():
        require_here(spec)
        if spec.mind in PEER_MINDS and spec.decides != decided[party]:
            raise SeatError(
                f"seat {party}: {decided[party]} sat there, and {spec.decides} is here; "
                "expected that release, or a branch (minilateral fork) in which the seat is given "
                "anew"
            )
