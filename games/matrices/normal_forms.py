"""Every game that is told of a scenario or a session, in strategic form and exact numbers.

The games between the blocs; the same for each bloc's worst-off member, as `NAME-minimum`; and those
in which each party chooses for itself: how to sign (`signatures`) and whether to pay into the joint
fund (`pledges`), where they are small enough to be written down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from games.equilibrium.normal_form import NormalForm
from games.formats.nfg import MAX_NUMBERS, distinct_names, matrix_game
from games.matrices.matrix import MICRO, exact
from games.participation.fund import fund_game, fund_size
from games.participation.search import every_coalition
from games.participation.signatures import OUT, SIGNATURES, signature_game

if TYPE_CHECKING:
    from games.agreement import Agreement
    from games.equilibrium.report import EquilibriumReport
    from games.matrices.matrix import Matrix
    from games.scenario import Scenario

Forms = dict[str, Callable[[], NormalForm]]

MOST_NUMBERS = MAX_NUMBERS // 2
"""Payoffs, players times profiles, up to which a game is written."""


def normal_forms(matrices: Sequence[Matrix], agreement: Agreement | None) -> Forms:
    """Return, by name, what makes each game.

    Args:
        matrices: The games between the blocs.
        agreement: Whose games of signing and paying; none if not given.
    """
    forms: Forms = {}
    for matrix in matrices:
        forms[matrix.name] = partial(matrix_game, matrix)
        if matrix.minimum is not None:
            forms[f"{matrix.name}-minimum"] = partial(_minimum, matrix, matrix.minimum)
    if agreement is None:
        return forms
    scenario, outcome = agreement.scenario, agreement.outcome
    if scenario.participation is not None and _fits(len(SIGNATURES), len(scenario.ids)):
        forms["signatures"] = partial(signatures_form, scenario, outcome)
    fund = scenario.fund
    if fund is not None and fund_size(scenario, outcome) > 0 and _fits(2, len(fund.members)):
        forms["pledges"] = partial(pledges_form, scenario, outcome)
    return forms


def _fits(choices: int, players: int) -> bool:
    return players * choices**players <= MOST_NUMBERS


def _minimum(matrix: Matrix, report: EquilibriumReport) -> NormalForm:
    """Return the game that blocs play which care for their worst-off member alone."""
    return NormalForm(
        title=f"{matrix.title} (worst-off members)",
        comment="Payoffs are those of each bloc's worst-off member, as shares of what it can gain.",
        players=distinct_names((matrix.row_player, matrix.column_player)),
        strategies=(report.rows, report.columns),
        payoffs=tuple(
            tuple(payoff for row in rows for payoff in row)
            for rows in (report.game.row_payoffs, report.game.column_payoffs)
        ),
    )


def signatures_form(scenario: Scenario, outcome: int) -> NormalForm:
    """Return the game in which each party signs binding, declaratory, or stays out.

    A party whose red lines forbid the text has one choice: to stay out. Payoffs are shares of what
    a party can gain, in millionths.
    """
    game = signature_game(scenario, outcome)
    free = [
        tuple(range(len(SIGNATURES))) if may_sign else (OUT,) for may_sign in game.may_sign.tolist()
    ]
    grid = np.meshgrid(*(np.array(own, dtype=np.int8) for own in free), indexing="ij")
    profiles = np.stack(grid, axis=-1).reshape(-1, len(free))
    worth = np.take_along_axis(game.alternatives(profiles), profiles[None].astype(np.intp), axis=0)[
        0
    ]
    return NormalForm(
        title="How each party signs the text",
        comment="Payoffs are shares of what a party can gain.",
        players=distinct_names([party.name for party in scenario.parties.values()]),
        strategies=tuple(tuple(SIGNATURES[choice] for choice in own) for own in free),
        payoffs=tuple(
            tuple(Fraction(int(micro), MICRO) for micro in column) for column in worth.T.tolist()
        ),
    )


def pledges_form(scenario: Scenario, outcome: int) -> NormalForm:
    """Return the game in which each member pays into the joint fund, or does not.

    Payoffs are shares of what is at stake for a member, the greater of its cost and its benefit,
    in millionths.
    """
    game = fund_game(scenario, outcome)
    profiles = every_coalition(len(game.members))
    stakes = np.maximum(game.cost, game.benefit)
    worth = game.payoffs(profiles) / np.where(stakes > 0, stakes, 1.0)
    return NormalForm(
        title="Who pays into the joint fund",
        comment="Payoffs are shares of the greater of a member's cost and benefit.",
        players=distinct_names([scenario.parties[member].name for member in game.members]),
        strategies=(("keeps its money", "pays"),) * len(game.members),
        payoffs=tuple(tuple(exact(value) for value in column) for column in worth.T.tolist()),
    )
