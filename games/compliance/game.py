"""Will each side honour what it signed? The compliance game of an agreement.

Every issue names its obligor. For each party, in its own points:

- c: what it gives up on its own obligations (what it would deliver when it reneges, as the
  scenario states it or else its best own level − what was agreed);
- b: what it gets from the others' obligations (agreed − what is delivered when they renege);
- D: what the signature costs it at home (audience cost × dispute × depth).

Honouring against honouring is worth R = b − c − D, reneging on one who honours T = b − eφ (+ the
sunk capital a host seizes), honouring alone S = −c − D, mutual reneging P = −K − o·eφ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from games.bargaining.solutions import bargain
from games.equilibrium.report import EquilibriumReport
from games.errors import ScenarioError
from games.matrices.matrix import Bloc, Matrix, bloc_matrix, bloc_mean, blocs
from games.naming import called
from games.parts.base import of_party
from games.utility import TIE, dispute_cost

if TYPE_CHECKING:
    from games.scenario import Issue, Scenario

Class = Literal["harmony", "prisoner's dilemma", "stag hunt", "chicken", "not worth keeping"]

ACTS = ("honours", "reneges")
"""What a bloc may do once it has signed, as it follows its name."""

_PLURALS = ("honour", "renege")


@dataclass(frozen=True, kw_only=True)
class Incentives:
    """What honouring and reneging are worth to one side, in points or as shares of its gain."""

    temptation: float
    """T: it reneges, the other honours."""
    reward: float
    """R: both honour."""
    punishment: float
    """P: both renege."""
    sucker: float
    """S: it honours, the other reneges."""

    @property
    def kind(self) -> Class:
        """Which game it believes to be in."""
        if self.reward <= self.punishment + TIE:
            return "not worth keeping"
        tempted = self.temptation > self.reward + TIE
        alone = self.sucker > self.punishment + TIE
        if tempted:
            return "chicken" if alone else "prisoner's dilemma"
        return "harmony" if alone else "stag hunt"

    @property
    def critical_discount(self) -> float | None:
        """δ* = (T−R)/(T−P), the patience that makes honouring worthwhile; for a dilemma only."""
        if self.kind != "prisoner's dilemma":
            return None
        return (self.temptation - self.reward) / (self.temptation - self.punishment)

    @property
    def threshold_belief(self) -> float | None:
        """p* = (P−S)/((R−S)−(T−P)), the least belief that the other honours; stag hunt only."""
        if self.kind != "stag hunt":
            return None
        at_stake = (self.reward - self.sucker) - (self.temptation - self.punishment)
        # A party with nothing to lose either way is asked for no belief at all.
        return (self.punishment - self.sucker) / at_stake if at_stake > TIE else 0.0


def incentives(scenario: Scenario, outcome: int, position: int) -> Incentives:
    """Return what honouring and reneging on an agreement are worth to one party, in points."""
    party = scenario.ids[position]
    cost = own_cost(scenario, outcome, position)
    benefit = benefit_from_others(scenario, outcome, position)
    quarrel = dispute_cost(scenario, outcome, party)
    behind = scenario.commitments
    fine = behind.enforcement * of_party(behind.fine, party) if behind else 0.0
    collapse = of_party(behind.collapse, party) if behind else 0.0
    sunk = of_party(behind.sunk, party) if behind else 0.0
    mutual = behind.mutual if behind else 0.0
    return Incentives(
        temptation=benefit - fine + sunk,
        reward=benefit - cost - quarrel,
        punishment=-collapse - mutual * fine,
        sucker=-cost - quarrel,
    )


def own_cost(scenario: Scenario, outcome: int, position: int, kind: str | None = None) -> float:
    """Return c: the points a party would gain if it delivered its own best levels instead.

    With `kind`, on issues of that kind only.
    """
    mine = scenario.ids[position]
    own = _issues_of(scenario, lambda issue: issue.obligor == mine and kind in (None, issue.kind))
    reneged = _unmet(scenario, outcome, own)
    return max(_undisputed(scenario, reneged, position, outcome), 0.0)


def benefit_from_others(
    scenario: Scenario, outcome: int, position: int, kind: str | None = None
) -> float:
    """Return b: the points a party would lose if the others delivered only the unmet levels.

    With `kind`, on issues of that kind only.
    """
    known = (None, scenario.ids[position])
    others = _issues_of(
        scenario, lambda issue: issue.obligor not in known and kind in (None, issue.kind)
    )
    return -_undisputed(scenario, _unmet(scenario, outcome, others), position, outcome)


def _undisputed(scenario: Scenario, outcome: int, position: int, agreed: int) -> float:
    """Return how much better an outcome is than the agreed one, the dispute left aside."""
    own = scenario.preferences[position]
    party = own.party
    return (own.utility_in_force(outcome) + dispute_cost(scenario, outcome, party)) - (
        own.utility_in_force(agreed) + dispute_cost(scenario, agreed, party)
    )


def unmet_level(scenario: Scenario, issue: int) -> int:
    """Return the option delivered when an issue's obligor reneges: as stated, or its own best."""
    name = scenario.space.issues[issue]
    details = scenario.issues[name]
    if details.unmet is not None:
        return details.texts.index(details.unmet)
    if details.obligor is None:
        raise ScenarioError(f"{scenario.id}: the issue {name!r} has no obligor who could renege")
    points = scenario.parties[details.obligor].points[name]
    # Words cannot be delivered: where it reneges it delivers a plain option.
    plain = [k for k, text in enumerate(details.texts) if text not in details.ambiguous]
    return max(plain, key=lambda level: points[details.texts[level]])


def _issues_of(scenario: Scenario, wanted: Callable[[Issue], bool]) -> list[int]:
    return [position for position, issue in enumerate(scenario.issues.values()) if wanted(issue)]


def _unmet(scenario: Scenario, outcome: int, issues: list[int]) -> int:
    """Return the outcome as delivered when the obligors of some issues renege."""
    levels = list(scenario.space.levels_of(outcome))
    for issue in issues:
        levels[issue] = unmet_level(scenario, issue)
    return scenario.space.index_of_levels(levels)


def compliance_game(scenario: Scenario, outcome: int) -> Matrix:
    """Return the game of honouring or reneging on an agreement, between the two blocs."""
    sides = blocs(scenario)
    parties = range(len(scenario.ids))
    points = np.zeros((2, 2, len(parties)))
    for side, rows_first in zip(sides, (True, False), strict=True):
        for position in side.members:
            own = incentives(scenario, outcome, position)
            cells = np.array([[own.reward, own.sucker], [own.temptation, own.punishment]])
            points[:, :, position] = cells if rows_first else cells.T
    scale = np.array([attainable_gain(scenario, position) for position in parties])
    worth = [bloc_incentives(scenario, side, outcome) for side in sides]
    return bloc_matrix(
        scenario,
        points / scale,
        name="compliance",
        title="Whether to honour the agreement",
        acts=ACTS,
        points=points,
        meaning=lambda report: explain_compliance(scenario, sides, worth, report),
    )


def bloc_incentives(scenario: Scenario, bloc: Bloc, outcome: int) -> Incentives:
    """Return a bloc's incentives: the weighted mean of its members', as shares of their gains."""
    shares = np.zeros((4, len(scenario.ids)))
    for position in bloc.members:
        own = incentives(scenario, outcome, position)
        points = np.array([own.temptation, own.reward, own.punishment, own.sucker])
        shares[:, position] = points / attainable_gain(scenario, position)
    temptation, reward, punishment, sucker = bloc_mean(scenario, bloc, shares).tolist()
    return Incentives(temptation=temptation, reward=reward, punishment=punishment, sucker=sucker)


def attainable_gain(scenario: Scenario, position: int) -> float:
    """Return m − r, the most a party can gain in the ZOPA, in points.

    Of one that cannot gain, the distance between its best and its worst outcome: a unit of its own
    all the same, so that nothing depends on how its points are scaled.
    """
    own = scenario.preferences[position]
    spread = float(bargain(scenario).best[position]) - own.reservation
    if spread > TIE:
        return spread
    return own.span if own.span > TIE else 1.0


def explain_compliance(
    scenario: Scenario,
    sides: tuple[Bloc, Bloc],
    worth: list[Incentives],
    report: EquilibriumReport,
) -> str:
    """Return what the compliance game says of an agreement, in two or three sentences."""
    names = [called(side.label(scenario)) for side in sides]
    same = worth[0].kind == worth[1].kind
    readings = [
        f"{name} {_reading(own)}" + ("" if same else f" ({own.kind})")
        for name, own in zip(names, worth, strict=True)
    ]
    sentences = [f"Taken together this is {_GAME_NAMES[worth[0].kind]}."] if same else []
    told = "; ".join(readings)
    return " ".join((*sentences, f"{told[0].upper()}{told[1:]}.", _played_once(names, report)))


_GAME_NAMES: dict[Class, str] = {
    "harmony": "a game of harmony",
    "prisoner's dilemma": "a prisoner's dilemma",
    "stag hunt": "a stag hunt",
    "chicken": "a game of chicken",
    "not worth keeping": "an agreement not worth keeping",
}


def _reading(own: Incentives) -> str:
    match own.kind:
        case "harmony":
            return "honours whatever the other does"
        case "prisoner's dilemma":
            return "gains by reneging on a partner who honours"
        case "stag hunt":
            if not own.threshold_belief:
                return "honours whatever the other does"
            return f"honours if it is at least {own.threshold_belief:.0%} sure that the other does"
        case "chicken":
            return "reneges if the other honours, yet would rather honour alone than see it fail"
        case "not worth keeping":
            return "is no better off if both honour than if both renege"


def _played_once(names: list[str], report: EquilibriumReport) -> str:
    """Return the pure equilibria as a sentence."""
    stable: list[str] = []
    for found in report.equilibria:
        if found.cell is None:
            continue
        row, column = found.cell
        apart = f"{names[0]} {ACTS[row]} and {names[1]} {ACTS[column]}"
        stable.append(f"both {_PLURALS[row]}" if row == column else apart)
    if not stable:
        return "Played once, nothing is stable: whatever the two do, one would rather do otherwise."
    return f"Played once, it is stable that {', or that '.join(stable)}."
