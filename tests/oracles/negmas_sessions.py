"""The same session in NegMAS and here, as lists of who offered what when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from negmas.gb.components.acceptance import ACCombi
from negmas.gb.components.base import GBComponent
from negmas.gb.components.models.ufun import UFunModel
from negmas.gb.components.offering import MiCROOfferingPolicy, NiceTitForTatOfferingPolicy
from negmas.outcomes import make_issue, make_os
from negmas.preferences import LinearAdditiveUtilityFunction
from negmas.preferences.base_ufun import BaseUtilityFunction
from negmas.preferences.ops import nash_points, pareto_frontier
from negmas.sao import SAOMechanism
from negmas.sao.negotiators import (
    BoulwareTBNegotiator,
    ConcederTBNegotiator,
    LinearTBNegotiator,
    MiCRONegotiator,
)
from negmas.sao.negotiators.modular import MAPNegotiator

from delegates import negotiate
from games.scenario import Scenario
from games.session import Offer
from games.tactics.aspirations import BLIND_EXPONENTS
from games.tactics.offers import blind_schedule
from games.tactics.schedules import play_schedules
from games.tactics.tally import Tally
from transcripts import SessionRecord

NEGOTIATORS = {
    "boulware": BoulwareTBNegotiator,
    "linear": LinearTBNegotiator,
    "conceder": ConcederTBNegotiator,
}
"""The strategies that depend on time alone."""

ALL_NEGOTIATORS = {**NEGOTIATORS, "micro": MiCRONegotiator}
"""Those, and the one that answers the others' offers."""


@dataclass(frozen=True)
class Trace:
    """The offers of a session, as (round, position of the party, outcome), and the agreement."""

    offers: list[tuple[int, int, int]]
    agreement: int | None


def play_ours(scenario: Scenario, strategies: Sequence[str]) -> Trace:
    """Play a session of blind tactics here."""
    rounds = scenario.protocol.rounds
    schedules = [
        blind_schedule(own, rounds, BLIND_EXPONENTS[strategy])
        for own, strategy in zip(scenario.preferences, strategies, strict=True)
    ]
    played = play_schedules(scenario, schedules)
    parties = len(scenario.ids)
    offers = [
        (turn // parties, turn % parties, move.outcome)
        for turn, move in enumerate(played.moves)
        if isinstance(move, Offer)
    ]
    return Trace(offers, None if played.agreed_turn is None else offers[-1][2])


def negotiated(scenario: Scenario, strategies: Sequence[str], **more: Any) -> SessionRecord:
    """Play a session here, through the public API."""
    return negotiate(scenario, dict(zip(scenario.ids, strategies, strict=True)), **more)


def trace_of(record: SessionRecord) -> Trace:
    """Return a record's offers and agreement in the form in which both sides are compared."""
    parties = len(record.state.scenario.ids)
    offers = [
        (turn // parties, turn % parties, move.outcome)
        for turn, move in zip(record.turns, record.moves, strict=True)
        if isinstance(move, Offer)
    ]
    return Trace(offers, record.state.agreement)


def utility_functions(scenario: Scenario) -> list[LinearAdditiveUtilityFunction]:
    """Return the parties' preferences as NegMAS takes them, points as they are."""
    issues = [make_issue(list(issue.texts), name) for name, issue in scenario.issues.items()]
    space = make_os(issues)
    return [
        LinearAdditiveUtilityFunction(
            values=[dict(party.points[name]) for name in scenario.issues],  # pyright: ignore[reportArgumentType]
            weights=[1.0] * len(scenario.issues),
            outcome_space=space,
            reserved_value=party.reservation,
        )
        for party in scenario.parties.values()
    ]


def play_negmas(
    scenario: Scenario,
    strategies: Sequence[str],
    functions: Sequence[LinearAdditiveUtilityFunction] | None = None,
) -> Trace:
    """Play a session of NegMAS's negotiators."""
    return trace_of_negmas(
        scenario, run_negmas(scenario, strategies, functions or utility_functions(scenario))
    )


def trace_of_negmas(scenario: Scenario, mechanism: SAOMechanism) -> Trace:
    """Return the offers and the agreement of a finished NegMAS session."""
    index = scenario.space.index_of_levels
    names = {negotiator.id: k for k, negotiator in enumerate(mechanism.negotiators)}
    positions = [{t: k for k, t in enumerate(issue.texts)} for issue in scenario.issues.values()]

    def number(outcome: Sequence[str]) -> int:
        return index([places[str(text)] for places, text in zip(positions, outcome, strict=True)])

    agreement = mechanism.agreement
    return Trace(
        [(step, names[who], number(outcome)) for step, who, outcome in mechanism.extended_trace],
        None if agreement is None else number(agreement),
    )


def run_negmas(
    scenario: Scenario,
    strategies: Sequence[str],
    functions: Sequence[LinearAdditiveUtilityFunction],
) -> SAOMechanism:
    """Return a finished NegMAS session."""
    negotiators = [ALL_NEGOTIATORS[strategy]() for strategy in strategies]
    return finished(scenario, negotiators, functions)


def finished(
    scenario: Scenario,
    negotiators: Sequence[Any],
    functions: Sequence[LinearAdditiveUtilityFunction],
) -> SAOMechanism:
    """Return the session of some NegMAS negotiators, played to its end."""
    mechanism = SAOMechanism(
        n_steps=scenario.protocol.rounds, outcome_space=functions[0].outcome_space
    )
    for negotiator, function in zip(negotiators, functions, strict=True):
        mechanism.add(negotiator, ufun=function)
    mechanism.run()
    return mechanism


class LotsAsHere(MiCROOfferingPolicy):
    """MiCRO's offers, but for which of its own it repeats while it waits.

    NegMAS draws that from the process's generator over an unordered set, so no two runs need agree;
    here the lot is the seat's own. What is repeated, when, and everything else is NegMAS's.
    """

    here: tuple[int, int, str] = (0, 0, "")
    """Parties, position and id; set once it is made."""
    turn = 0

    def __call__(self, state: Any, dest: str | None = None) -> Any:
        """Return the offer, the turn noted."""
        parties, position, _ = self.here
        self.turn = state.step * parties + position
        return super().__call__(state, dest)

    def sample_sent(self) -> Any:
        """Return one of the offers made so far."""
        sorter: Any = self.ensure_sorter()
        sent = [sorter.outcome_at(place) for place in range(self.next_indx)]
        return Random(f"0/{self.here[2]}/{self.turn}/repeat").choice(sent) if sent else None


def play_micro_with_our_lots(scenario: Scenario) -> Trace:
    """Play a session of NegMAS's MiCRO negotiators, repeats drawn as here with seed 0."""
    negotiators: list[MiCRONegotiator] = []
    for position, party in enumerate(scenario.ids):
        offering = LotsAsHere()
        offering.here = (len(scenario.ids), position, party)
        negotiators.append(MiCRONegotiator(offering=offering))
    return trace_of_negmas(scenario, finished(scenario, negotiators, utility_functions(scenario)))


def play_negotiators(scenario: Scenario, make: Callable[[Scenario], Any]) -> Trace:
    """Play a session of NegMAS in which `make` makes every party's negotiator."""
    negotiators = [make(scenario) for _ in scenario.ids]
    return trace_of_negmas(scenario, finished(scenario, negotiators, utility_functions(scenario)))


class ModelAsHere(UFunModel):
    """What a counterpart gains from an outcome, as it is estimated here from its offers."""

    def __init__(self, scenario: Scenario) -> None:
        BaseUtilityFunction.__init__(self, reserved_value=0.0)
        GBComponent.__init__(self)
        self.tally = Tally(scenario.space)
        self.number = scenario.space.index_of_levels
        self.places = [
            {text: place for place, text in enumerate(issue.texts)}
            for issue in scenario.issues.values()
        ]

    def index(self, offer: Sequence[str]) -> int:
        """Return the number of an outcome."""
        return self.number([places[text] for places, text in zip(self.places, offer, strict=True)])

    def on_preferences_changed(self, changes: Any) -> None:
        """Make it known to the negotiator."""
        self._update_private_info()

    def before_responding(self, state: Any, offer: Any, source: str | None = None) -> None:
        """Count an offer."""
        if offer is not None:
            self.tally.count(self.index(offer))

    def eval(self, offer: Any) -> float:
        """Return the estimate; before any offer all outcomes are alike."""
        return 0.5 if self.tally.is_empty else float(self.tally.gains()[self.index(offer)])

    def eval_normalized(
        self, offer: Any, above_reserve: bool = True, expected_limits: bool = True
    ) -> float:
        """Return the same: it is in [0, 1]."""
        return self.eval(offer)


class NashFromNoAgreement(NiceTitForTatOfferingPolicy):
    """NegMAS's offers, but for where its Nash product is measured from.

    NegMAS takes the worst outcomes of the Pareto frontier for what the parties have without an
    agreement. The point is a hair lower, so that the last digits of a sum do not decide whether the
    Nash point itself may be offered.
    """

    def _target_point(self, ufun: Any, opponent_model: Any) -> Any:
        super()._target_point(ufun, opponent_model)  # makes the frontier that offers are taken from
        own: Any = self._normalized_ufun(ufun)
        frontier, _ = pareto_frontier([own, opponent_model], issues=ufun.outcome_space.issues)
        points = nash_points([own, opponent_model], frontier, ranges=[(0.0, 1.0), (0.0, 1.0)])
        (mine, theirs), _ = points[0]
        return mine - 1e-9, theirs, 1.0


def nice_tit_for_tat(scenario: Scenario) -> MAPNegotiator:
    """Return NegMAS's nice tit for tat with the constants and the model that are used here."""
    last = scenario.protocol.rounds / (scenario.protocol.rounds + 1)
    offering = NashFromNoAgreement(
        nash_multiplier_base=1.0,
        nash_multiplier_gap_weight=0.0,
        bonus_start_time=0.8,
        big_domain_cardinality=float("inf"),
        bonus_ramp_rate=1 / (last - 0.8),
    )
    return MAPNegotiator(
        models=[ModelAsHere(scenario)],
        model_names=["opponent-model"],
        acceptance=ACCombi(offering_strategy=offering, t=last - 1e-9),
        offering=offering,
    )
