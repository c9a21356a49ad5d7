"""The game between the blocs of signing a text binding, declaratory, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from games.compliance.game import attainable_gain
from games.matrices.matrix import Bloc, Matrix, bloc_matrix, both_blocs, member_gains
from games.outcomes import BoolArray, FloatArray
from games.participation.signatures import SIGNATURES, Choices, SignatureGame, signature_game
from games.parts.aftermath import Participation

if TYPE_CHECKING:
    from games.scenario import Scenario

ACTS = ("signs binding", "signs declaratory", "stays out")
"""What a bloc may do, as it follows its name, in the order of `SIGNATURES`."""


def participation_game(scenario: Scenario, outcome: int) -> Matrix | None:
    """Return the game in which each bloc signs a text binding, declaratory, or stays out.

    All members of a bloc do alike, except that one whose red lines forbid the text stays out;
    parties of neither bloc do what `participation.others` states. None if the scenario says
    nothing of participation or one bloc has no member.
    """
    sides = both_blocs(scenario)
    if scenario.participation is None or sides is None:
        return None
    game = signature_game(scenario, outcome)
    choices = _bloc_choices(scenario, game, sides)
    points = _points(scenario, game.payoffs(choices))
    return bloc_matrix(
        scenario,
        member_gains(scenario, points),
        name="participation",
        title="How to sign the text",
        acts=ACTS,
        points=points,
        lead=_entry_into_force(sides, scenario, game.force(choices)),
    )


def _bloc_choices(scenario: Scenario, game: SignatureGame, sides: tuple[Bloc, Bloc]) -> Choices:
    """Return every party's choice in every cell, shape (rows, columns, parties)."""
    behind = scenario.participation or Participation()
    size = len(ACTS)
    choices = np.full((size, size, len(scenario.ids)), SIGNATURES.index(behind.others), np.int8)
    rows, columns = np.indices((size, size), dtype=np.int8)
    for side, moves in zip(sides, (rows, columns), strict=True):
        choices[:, :, list(side.members)] = moves[:, :, None]
    return game.allowed(choices)


def _points(scenario: Scenario, shares: FloatArray) -> FloatArray:
    gain = np.array([attainable_gain(scenario, one) for one in range(len(scenario.ids))])
    reservations = np.array([own.reservation for own in scenario.preferences])
    return reservations + shares * gain


def _entry_into_force(sides: tuple[Bloc, Bloc], scenario: Scenario, force: BoolArray) -> str:
    """Return whose binding signatures bring the text into force.

    Args:
        sides: The blocs, rows first.
        scenario: Names them.
        force: Whether the text is in force in each cell, shape (rows, columns).
    """
    first, second = (side.label(scenario) for side in sides)
    if force[1, 1]:
        return "The others' signatures bring the text into force."
    match bool(force[0, 0]), bool(force[0, 1]), bool(force[1, 0]):
        case (False, _, _):
            return "Even if both sign binding the text is not in force."
        case (_, True, True):
            return "The text is in force if either side signs binding."
        case (_, True, False):
            return f"The text is in force if {first} signs binding."
        case (_, False, True):
            return f"The text is in force if {second} signs binding."
        case _:
            return "The text is in force only if both sign binding."
