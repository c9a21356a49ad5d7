"""The same session in NegMAS and here, as lists of who offered what when."""

from collections.abc import Sequence
from dataclasses import dataclass

from negmas.outcomes import make_issue, make_os
from negmas.preferences import LinearAdditiveUtilityFunction
from negmas.sao import SAOMechanism
from negmas.sao.negotiators import (
    BoulwareTBNegotiator,
    ConcederTBNegotiator,
    LinearTBNegotiator,
)

from games.scenario import Scenario
from games.schedules import play_schedules
from games.session import Offer
from games.tactics import BLIND_EXPONENTS, blind_schedule

NEGOTIATORS = {
    "boulware": BoulwareTBNegotiator,
    "linear": LinearTBNegotiator,
    "conceder": ConcederTBNegotiator,
}


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
    """Play a session of NegMAS's time-based negotiators."""
    mechanism = run_negmas(scenario, strategies, functions or utility_functions(scenario))
    index = scenario.space.index_of_levels
    names = {negotiator.id: k for k, negotiator in enumerate(mechanism.negotiators)}
    positions = [{t: k for k, t in enumerate(issue.texts)} for issue in scenario.issues.values()]

    def number(outcome: Sequence[str]) -> int:
        return index([places[text] for places, text in zip(positions, outcome, strict=True)])

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
    mechanism = SAOMechanism(
        n_steps=scenario.protocol.rounds, outcome_space=functions[0].outcome_space
    )
    for strategy, function in zip(strategies, functions, strict=True):
        mechanism.add(NEGOTIATORS[strategy](), ufun=function)
    mechanism.run()
    return mechanism
