"""The pure equilibria of a game of any number of players, read from its strategic form."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from games.equilibrium.exact import nearest_float
from games.equilibrium.normal_form import NormalForm
from games.equilibrium.pure import pure_profiles
from games.equilibrium.report import EquilibriumReport
from games.equilibrium.solve import BUDGET_S, equilibria
from games.errors import UserError

MOST_PLAYERS = 64
"""Players for whom arrays have axes."""


@dataclass(frozen=True, kw_only=True)
class PureReport:
    """The pure equilibria of a game that is not one of two players."""

    game: NormalForm
    profiles: tuple[tuple[int, ...], ...]
    """One strategy a player, in C order."""

    @property
    def complete(self) -> bool:
        """Whether these are all equilibria there are: only where one player chooses alone."""
        return len(self.game.players) == 1 and len(self.profiles) == 1

    @property
    def completeness_reason(self) -> str:
        """Why that may be believed."""
        if len(self.game.players) == 1:
            alone = "a single player with a single best strategy"
            tied = "a single player may mix the strategies listed as it likes"
            return alone if self.complete else tied
        return (
            "every pure equilibrium is listed; mixed ones are sought in games of two players only"
        )

    def payoffs(self, profile: tuple[int, ...]) -> tuple[Fraction, ...]:
        """Return what a profile is worth to each player."""
        place = 0
        for strategy, width in zip(profile, self.game.shape, strict=True):
            place = place * width + strategy
        return tuple(own[place] for own in self.game.payoffs)

    def as_json(self) -> dict[str, object]:
        """Return the report in the shape of the JSON contract."""
        return {
            "shape": list(self.game.shape),
            "players": list(self.game.players),
            "strategies": [list(names) for names in self.game.strategies],
            "equilibria": [self._equilibrium_json(profile) for profile in self.profiles],
            "complete": self.complete,
            "completeness_reason": self.completeness_reason,
        }

    def _equilibrium_json(self, profile: tuple[int, ...]) -> dict[str, object]:
        weights = [
            [int(place == strategy) for place in range(width)]
            for strategy, width in zip(profile, self.game.shape, strict=True)
        ]
        return {
            "profile": [[float(weight) for weight in own] for own in weights],
            "exact": [[str(weight) for weight in own] for own in weights],
            "payoffs": [nearest_float(payoff) for payoff in self.payoffs(profile)],
            "regret": [0.0] * len(profile),
            "pure": True,
        }


def equilibria_of(
    game: NormalForm, *, budget_s: float = BUDGET_S
) -> EquilibriumReport | PureReport:
    """Return all equilibria of a game of two players, the pure ones of any other.

    Args:
        game: Its payoffs count exactly as they are.
        budget_s: Seconds that a two-player game beyond the exact range may take.

    Raises:
        UserError: If there are too many players.
    """
    if len(game.players) > MOST_PLAYERS:
        raise UserError(
            f"a game of {len(game.players)} players; at most {MOST_PLAYERS} are supported"
        )
    if len(game.players) != 2:
        return PureReport(game=game, profiles=tuple(pure_profiles(game)))
    width = game.shape[1]
    row_payoffs, column_payoffs = (
        [own[start : start + width] for start in range(0, game.size, width)] for own in game.payoffs
    )
    return equilibria(row_payoffs, column_payoffs, *game.strategies, budget_s=budget_s)
