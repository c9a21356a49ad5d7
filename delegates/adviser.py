"""An adviser at the elbow of a person: it sees what the person's seat may see, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.firm import Firm
from games.moves import Move


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What the adviser would do in the seat's place, and why."""

    move: Move
    words: str


def advise(view: View) -> Advice:
    """Return what the adviser would do now.

    Args:
        view: All that the seat may know.
    """
    return Advice(move=Firm().choose(view), words="")
