"""The headline findings of a scenario, each as a short text that can be compared.

A finding is what somebody would quote: which outcome bargaining leads to, issue by issue; what
game keeping it is; whether it holds; which stances are stable. Two versions of a scenario agree on
a finding if the texts are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from games.agreement import Agreement
from games.bargaining.quorum import unanimous
from games.bargaining.solutions import bargain, fair_share, normalised_gains
from games.compliance.game import bloc_incentives
from games.matrices.matrix import both_blocs, gaining_members
from games.matrices.stance_game import MOST_ROUNDS, stance_class, stance_game
from games.outcomes import option_text
from games.protocols.hall import is_hall

if TYPE_CHECKING:
    from games.matrices.matrix import Bloc, Matrix
    from games.scenario import Scenario

MOST_PARTIES = 8
"""Parties of a hall up to which its stance game is played: each of its cells is whole sessions."""

NOTHING = "nothing: no outcome is acceptable to all"
"""What is said of an outcome where the ZOPA is empty."""


class Headline(NamedTuple):
    """One finding: what it is about, and what is found."""

    about: str
    """The same for every version of a scenario: `Nash outcome: annual offtake`."""
    found: str


def headlines(scenario: Scenario, text: int | None) -> tuple[Headline, ...]:
    """Return a scenario's headline findings, the same ones for every version of it.

    Those of games between blocs are left out where a side of the table is empty, and the stance
    game where `plays_stances` says so.

    Args:
        scenario: The scenario, or a version of it with other numbers.
        text: The outcome of which it is asked whether it would be kept and signed, the same in
            every version; None to leave that out.
    """
    return tuple(_headlines(scenario, text))


def nash_text(scenario: Scenario) -> int | None:
    """Return the first Nash outcome; None for an empty ZOPA."""
    found = bargain(scenario).solutions["nash"]
    return int(found[0]) if len(found) else None


def plays_stances(scenario: Scenario) -> bool:
    """Return whether a scenario's stance game is small enough to be played again and again."""
    if is_hall(scenario) and len(scenario.ids) > MOST_PARTIES:
        return False
    return scenario.protocol.rounds <= MOST_ROUNDS


def _headlines(scenario: Scenario, text: int | None) -> Iterator[Headline]:
    found = bargain(scenario)
    yield Headline("ZOPA", "some outcome is acceptable to all" if len(found.zopa) else NOTHING)
    if not unanimous(scenario):
        can = "some outcome can pass" if len(found.passing) else "no outcome can pass"
        yield Headline("winning coalitions", can)
    nash = nash_text(scenario)
    settled = {} if nash is None else scenario.space.outcome(nash)
    for name, issue in scenario.issues.items():
        option = option_text(settled[name]) if settled else NOTHING
        unit = f" {issue.unit}" if settled and issue.unit and _is_amount(settled[name]) else ""
        yield Headline(f"Nash outcome: {issue.label}", f"{option}{unit}")
    sides = both_blocs(scenario)
    if sides is not None and text is not None:
        yield from _of_text(scenario, sides, text)
    if sides is not None and plays_stances(scenario):
        yield from _of_stances(scenario, sides, is_empty=nash is None)


def _is_amount(option: object) -> bool:
    return not isinstance(option, str)


def _of_text(scenario: Scenario, sides: tuple[Bloc, Bloc], text: int) -> Iterator[Headline]:
    """Yield whether a text would be kept, and who would sign it."""
    signed = Agreement(scenario, text)
    if any(issue.obligor is not None for issue in scenario.issues.values()):
        for side in sides:
            kind = bloc_incentives(scenario, side, text).kind
            yield Headline(f"keeping the text, to {side.label(scenario)}", kind)
        if signed.verdict is not None:
            yield Headline("keeping the text: verdict", signed.verdict.kind)
    for matrix in signed.matrices:
        yield Headline(f"{_ABOUT[matrix.name]}: stable once", stable_cells(matrix))


_ABOUT = {"compliance": "keeping the text", "participation": "signing the text"}


def _of_stances(
    scenario: Scenario, sides: tuple[Bloc, Bloc], *, is_empty: bool
) -> Iterator[Headline]:
    """Yield which stances are stable, and what k* foretells of them."""
    yield Headline("stances: stable", NOTHING if is_empty else stable_cells(stance_game(scenario)))
    if unanimous(scenario):
        yield Headline("stances: hardness", hardness(scenario, sides))


def stable_cells(matrix: Matrix) -> str:
    """Return the pure equilibria of a game in words, in the order of its cells."""
    cells = sorted(one.cell for one in matrix.report.equilibria if one.cell is not None)
    told = "; ".join(f"{matrix.report.rows[i]} – {matrix.report.columns[j]}" for i, j in cells)
    return told or "no pure equilibrium"


def hardness(scenario: Scenario, sides: tuple[Bloc, Bloc]) -> str:
    """Return what k*, the share that everyone can have, foretells of hardness on both sides."""
    share = fair_share(scenario)
    if share is None:
        return NOTHING
    gains = normalised_gains(scenario, bargain(scenario).zopa)
    worst_off = (gains[gaining_members(scenario, side)].min(axis=0) for side in sides)
    return stance_class(np.array([share]), *worst_off)
