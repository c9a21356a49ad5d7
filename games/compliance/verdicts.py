"""Will it hold? What each party's incentives, patience and trust say of an agreement.

Everything is decided in shares of what each party can gain, so that its unit decides nothing;
fines are given in its points.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from games.compliance.enforcement import (
    belief,
    critical_discount,
    effective_discount,
    expected_utility_of_signing,
    gain_of_honouring,
    smallest_fine,
)
from games.compliance.game import Class, Incentives, attainable_gain, incentives
from games.naming import called
from games.parts.base import of_party
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario

Kind = Literal[
    "not worth keeping",
    "declaratory",
    "needs a fine",
    "needs patience",
    "holds if each expects it",
    "self-enforcing",
]

STRENGTH: dict[Kind, int] = {
    "not worth keeping": 0,
    "declaratory": 1,
    "needs a fine": 2,
    "needs patience": 3,
    "holds if each expects it": 4,
    "self-enforcing": 4,
}
"""How firm a verdict is. A fine can turn patience that pays into expectations that pay: neither
holds better than the other."""


@dataclass(frozen=True, kw_only=True)
class PartyVerdict:
    """What keeps one party to its word, or what it would take."""

    party: str
    kind: Kind
    game: Class | None
    """The game it believes to be in; None if it owes nothing."""
    critical_discount: float | None
    """δ* per year, detection counted; None where no patience is needed, or none would do."""
    patience: float | None
    """Its patience per year, as the scenario states it."""
    threshold_belief: float | None
    """p*, in a stag hunt."""
    belief: float | None
    """How far it trusts the others, as the scenario states it."""
    honours: bool | None
    """Whether it honours in the first year, believing what it does; None without a belief. Without
    a stated patience as if there were one year only."""
    signs: bool | None
    """Whether signing is worth its reservation value, believing what it does; likewise."""
    fine: float | None
    """The expected fine e·φ that would hold it, in its points; None where none is needed."""
    fine_share: float | None
    """The same as a share of what it can gain."""
    standing_fine: float
    """The expected fine e·φ that the scenario states, in its points."""
    credible: bool
    """Whether some other party, once betrayed, would itself rather renege than honour alone."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether an agreement will be kept, party by party and as a whole."""

    kind: Kind
    parties: tuple[PartyVerdict, ...]
    lines: tuple[str, ...]
    """One sentence a party, in their order."""
    headline: str

    @property
    def paragraph(self) -> str:
        """The verdict in plain words."""
        return " ".join((self.headline, *self.lines))


def verdict(scenario: Scenario, outcome: int, bound: Collection[str] | None = None) -> Verdict:
    """Return whether an agreement will hold, by party and as a whole.

    The agreement is as firm as its weakest party; it is declaratory if nothing enforces it and
    some party is too impatient to keep it.

    Args:
        scenario: What was negotiated.
        outcome: What was agreed.
        bound: The parties that it obliges, at least one; all if not given. Of others nothing is
            said: they have nothing to keep.
    """
    shares = [_shares(scenario, outcome, position) for position in range(len(scenario.ids))]
    parties = tuple(
        _party_verdict(scenario, outcome, position, shares)
        for position, party in enumerate(scenario.ids)
        if bound is None or party in bound
    )
    kinds: list[Kind] = [one.kind for one in parties]
    weakest = min(kinds, key=lambda kind: (STRENGTH[kind], kind))
    # Whoever is fined: were it only those who break, a heavier fine could weaken a verdict.
    enforced = any(one.standing_fine > 0 for one in parties)
    kind: Kind = "declaratory" if weakest == "needs a fine" and not enforced else weakest
    return Verdict(
        kind=kind,
        parties=parties,
        lines=tuple(_line(scenario, one) for one in parties),
        headline=_HEADLINES[kind],
    )


def _shares(scenario: Scenario, outcome: int, position: int) -> Incentives:
    """Return a party's incentives as shares of what it can gain."""
    own = incentives(scenario, outcome, position)
    gain = attainable_gain(scenario, position)
    return Incentives(
        temptation=own.temptation / gain,
        reward=own.reward / gain,
        punishment=own.punishment / gain,
        sucker=own.sucker / gain,
    )


def owes(scenario: Scenario, party: str) -> bool:
    """Return whether some issue names the party as its obligor."""
    return any(issue.obligor == party for issue in scenario.issues.values())


def patience_of(scenario: Scenario, party: str) -> float | None:
    """Return a party's patience per year, or None if the scenario does not state it."""
    behind = scenario.commitments
    if behind is None or behind.patience is None:
        return None
    if isinstance(behind.patience, dict):
        return behind.patience.get(party)
    return behind.patience


def belief_of(scenario: Scenario, party: str) -> float | None:
    """Return how far a party trusts the others to honour, or None if it is not stated."""
    trust = scenario.trust.get(party)
    if trust is None:
        return None
    return float(belief(trust.a, trust.b, trust.kept, trust.broken))


def expected_fine(scenario: Scenario, party: str) -> float:
    """Return e·φ, what reneging costs a party in expected fines a year, in its points."""
    behind = scenario.commitments
    return behind.enforcement * of_party(behind.fine, party) if behind is not None else 0.0


def _party_verdict(
    scenario: Scenario, outcome: int, position: int, shares: list[Incentives]
) -> PartyVerdict:
    party = scenario.ids[position]
    own = shares[position]
    bound = owes(scenario, party)
    gain = attainable_gain(scenario, position)
    standing = expected_fine(scenario, party)
    patience = patience_of(scenario, party)
    needed = _needed_patience(scenario, own) if bound else None
    fine = _needed_fine(scenario, own, standing / gain, patience) if bound else None
    trust = belief_of(scenario, party)
    return PartyVerdict(
        party=party,
        kind=_kind(own, patience, fine) if bound else "self-enforcing",
        game=own.kind if bound else None,
        critical_discount=needed,
        patience=patience,
        threshold_belief=own.threshold_belief if bound else None,
        belief=trust,
        honours=None if trust is None else not bound or _honours(scenario, own, patience, trust),
        signs=None if trust is None else _signs(scenario, outcome, position, own, trust),
        fine=None if fine is None else fine * gain,
        fine_share=fine,
        standing_fine=standing,
        credible=any(
            other.punishment >= other.sucker - TIE and owes(scenario, scenario.ids[number])
            for number, other in enumerate(shares)
            if number != position
        ),
    )


def security(own: Incentives) -> float:
    """Return max(P, S), what a party can have once the others renege for good."""
    return max(own.punishment, own.sucker)


def _needed_patience(scenario: Scenario, own: Incentives) -> float | None:
    """Return δ*, where patience is what it takes and enough of it does."""
    if own.kind not in ("prisoner's dilemma", "chicken") or own.reward <= security(own) + TIE:
        return None
    lag, detection = _notice(scenario)
    return critical_discount(own.temptation, own.reward, security(own), lag, detection)


def _notice(scenario: Scenario) -> tuple[int, float]:
    behind = scenario.commitments
    return (1, 1.0) if behind is None else (behind.lag, behind.detection)


def weight_of_later(scenario: Scenario, patience: float | None) -> float:
    """Return E[δ^τ], the weight of the years after detection; 0 without a stated patience."""
    return effective_discount(patience or 0.0, *_notice(scenario))


def _needed_fine(
    scenario: Scenario, own: Incentives, standing: float, patience: float | None
) -> float | None:
    """Return the expected fine that holds a party where patience alone does not, as a share.

    The betrayed may renege, or honour alone where that is the better answer: the fine must do for
    both. None where the party is held already, where it takes patience and none is stated, or
    where no fine mends what is wrong.
    """
    if own.kind not in ("prisoner's dilemma", "chicken"):
        return None
    punishable = own.reward > security(own) + TIE
    if punishable and patience is None:
        return None
    later = weight_of_later(scenario, patience) if punishable else 0.0
    mutual = scenario.commitments.mutual if scenario.commitments is not None else 0.0
    tempting = own.temptation + standing
    fine = max(
        smallest_fine(tempting, own.reward, own.punishment + mutual * standing, later, mutual),
        smallest_fine(tempting, own.reward, own.sucker, later),
    )
    return fine if fine > standing + TIE else None


def _kind(own: Incentives, patience: float | None, fine: float | None) -> Kind:
    match own.kind:
        case "not worth keeping":
            return "not worth keeping"
        case "harmony":
            return "self-enforcing"
        case "stag hunt":
            certain = (own.threshold_belief or 0.0) <= TIE
            return "self-enforcing" if certain else "holds if each expects it"
        case "prisoner's dilemma" | "chicken":
            if fine is not None:
                return "needs a fine"
            return "needs patience" if patience is None else "self-enforcing"


def _honours(scenario: Scenario, own: Incentives, patience: float | None, trust: float) -> bool:
    better = gain_of_honouring(
        own.temptation,
        own.reward,
        security(own),
        own.sucker,
        patience=weight_of_later(scenario, patience),
        belief=trust,
    )
    return bool(better >= -TIE)


def _signs(scenario: Scenario, outcome: int, position: int, own: Incentives, trust: float) -> bool:
    preferences = scenario.preferences[position]
    gain = preferences.utility_in_force(outcome) - preferences.reservation
    worth = expected_utility_of_signing(
        gain / attainable_gain(scenario, position),
        temptation=own.temptation,
        reward=own.reward,
        punishment=own.punishment,
        sucker=own.sucker,
        belief=trust,
    )
    return worth >= -TIE and preferences.may_sign(outcome)


_HEADLINES: dict[Kind, str] = {
    "not worth keeping": "The agreement is not worth keeping.",
    "declaratory": "The agreement is declaratory: nothing enforces it, and it will not be kept.",
    "needs a fine": "The agreement needs heavier fines to hold.",
    "needs patience": "The agreement holds only among patient parties.",
    "holds if each expects it": "The agreement holds if each expects the others to keep it.",
    "self-enforcing": "The agreement enforces itself.",
}


def _line(scenario: Scenario, own: PartyVerdict) -> str:
    name = called(scenario.parties[own.party].name, begins=True)
    match own.kind:
        case "not worth keeping":
            return f"{name} is no better off if all honour it than if none does."
        case "holds if each expects it":
            return f"{name} honours if it is {_needed(own)} sure that the others do{_trust(own)}."
        case "needs patience":
            return (
                f"{name} keeps its word from a patience of {own.critical_discount or 0.0:.2f} a "
                "year, and how patient it is the scenario leaves open."
            )
        case "needs a fine" | "declaratory":
            return f"{name} {_shortfall(own)}."
        case "self-enforcing":
            return f"{name} {_reason(own)}."


def _needed(own: PartyVerdict) -> str:
    return f"at least {own.threshold_belief or 0.0:.0%}"


def _trust(own: PartyVerdict) -> str:
    if own.belief is None:
        return ""
    return f"; its trust of {own.belief:.0%} is {'enough' if own.honours else 'too little'}"


def _shortfall(own: PartyVerdict) -> str:
    lead = (
        "gains by breaking its word, and nothing that follows would make up for it"
        if own.critical_discount is None
        else f"keeps its word from a patience of {own.critical_discount:.2f} a year, "
        f"and has {own.patience or 0.0:.2f}"
    )
    standing = f", against {own.standing_fine:.3g} now" if own.standing_fine > 0 else ""
    return (
        f"{lead}; an expected fine of {own.fine or 0.0:.3g} points "
        f"({own.fine_share or 0.0:.0%} of what it can gain) would hold it{standing}"
    )


def _reason(own: PartyVerdict) -> str:
    if own.game is None:
        return "owes nothing"
    if own.game in ("harmony", "stag hunt"):
        return "honours whatever the others do"
    doubt = "" if own.credible else ", though the others would rather go on than punish it"
    return (
        f"is patient enough to keep its word: {own.patience or 0.0:.2f} a year, where "
        f"{own.critical_discount or 0.0:.2f} would do{doubt}"
    )
