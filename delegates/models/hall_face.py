"""What a model is told of its own face at a turn: what it stands for, and what yielding costs.

The rule itself stands with what it is told once of its capital.
"""

from __future__ import annotations

from collections.abc import Iterator

from delegates.contract import View
from delegates.hall import Hall
from delegates.models.goal import figure, rounded
from games.moves import Accept, KeepSilence, Move, Offer, Sign, Vote


def face_standing(hall: Hall) -> Iterator[str]:
    """Yield what the seat stands for before the hall, what it has lost, and what counts now."""
    face = hall.face
    if face is None or hall.stage in ("pledge", "due"):
        return
    lost = (
        f" You have yielded {rounded(face.yielded)} points there so far, which has cost you "
        f"{rounded(face.per_point * face.yielded)} at home."
        if face.yielded
        else ""
    )
    if face.reference is None:
        yield f"You have not yet taken a stand before the hall; your first is free.{lost}"
        return
    stands = f"What you stand for before the hall is worth {rounded(face.worth)} points to you."
    if hall.room is not None:
        yield f"{stands} To take less in this room costs nothing beside that.{lost}"
        return
    yield (
        f"{stands} Taking less costs {figure(face.per_point)} more per point; figures of what is "
        f"worth less have that taken off.{lost}"
    )


def face_counted(view: View, outcome: int) -> str:
    """Return what taking an outcome would cost at home, as its worth is stated after that."""
    lost = 0.0 if view.hall is None else round(view.hall.face_loss(outcome), 2)
    return f" after {figure(lost)} lost at home" if lost else ""


def face_of_move(view: View, move: Move) -> str:
    """Return what a move would cost at home, as its worth is stated after that."""
    match move:
        case Offer(outcome=outcome):
            return face_counted(view, outcome)
        case Accept() | KeepSilence() | Vote("yes") | Sign("binding" | "declaratory"):
            return "" if view.offer is None else face_counted(view, view.offer)
        case _:
            return ""
