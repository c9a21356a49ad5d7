"""NegMAS's negotiators at our table do what they do in NegMAS's own mechanism, and ours do there
what they do here.

Every negotiator of NegMAS 0.16 that plays by itself plays the same offers and comes to the same end
in both, on drawn domains of two, three and five parties without ties; those that draw lots too,
once they draw the same ones. Where a negotiator fails, as the hybrid one does among five now and
then, it fails alike in both.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest
from negmas.sao import ResponseType, SAOMechanism, SAOResponse
from negmas.sao.negotiators import SAONegotiator

from delegates.minds.registry import PEER_MINDS
from delegates.peers.negmas_adapter import (
    MinilateralNegotiator,
    _class_of,  # pyright: ignore[reportPrivateUsage]
    outcome_space,
    ufun_of,
    utility_function,
)
from delegates.peers.negmas_terms import Naming, Text, lots
from delegates.scripted import play_scripted
from delegates.seating import scripted_mind
from delegates.seats import parse_seat
from games.errors import DelegateError, SeatError
from games.scenario import Scenario, load_scenario
from games.session import Offer
from tests.oracles.negmas_sessions import (
    Trace,
    finished,
    negotiated,
    trace_of,
    trace_of_negmas,
    utility_functions,
)
from tests.support.domains import random_scenario

pytestmark = pytest.mark.filterwarnings("ignore::negmas.warnings.NegmasWarning")

GENIUS = "negmas.genius.gboa_negotiators."

DETERMINISTIC = [
    "BoulwareTBNegotiator",
    "LinearTBNegotiator",
    "ConcederTBNegotiator",
    "AspirationNegotiator",
    "TimeBasedNegotiator",
    "TimeBasedConcedingNegotiator",
    "FirstOfferOrientedTBNegotiator",
    "LastOfferOrientedTBNegotiator",
    "BestOfferOrientedTBNegotiator",
    "AdditiveParetoFollowingTBNegotiator",
    "MultiplicativeParetoFollowingTBNegotiator",
    "CABNegotiator",
    "CANNegotiator",
    "CARNegotiator",
    "WABNegotiator",
    "WANNegotiator",
    "WARNegotiator",
    "ToughNegotiator",
    "NaiveTitForTatNegotiator",
    "SimpleTitForTatNegotiator",
    "NiceTitForTatNegotiator",
    "HybridNegotiator",
    f"{GENIUS}GAgentK",
    f"{GENIUS}GHardHeaded",
]
"""Negotiators that draw nothing."""

DRAWING = [
    "RandomNegotiator",
    "RandomAlwaysAcceptingNegotiator",
    "NiceNegotiator",
    "LimitedOutcomesNegotiator",
    "TopFractionNegotiator",
    "MiCRONegotiator",
    "FastMiCRONegotiator",
]
"""Negotiators that draw lots, the last two only what to repeat while they wait."""

TWO = [random_scenario(80_000 + k, outcomes=(8, 120), rounds=(5, 30)) for k in range(12)]
MORE = [random_scenario(81_000 + k, parties=3, outcomes=(8, 60), rounds=(4, 12)) for k in range(5)]
MORE += [random_scenario(82_000 + k, parties=5, outcomes=(8, 40), rounds=(4, 8)) for k in range(3)]


def here(domain: Scenario, agents: Sequence[str], scale: str = "points") -> Trace:
    """Play a session of NegMAS's negotiators at our table."""
    minds = [scripted_mind(parse_seat(f"negmas(agent={agent},scale={scale})")) for agent in agents]
    play = play_scripted(domain, minds, 0)
    parties = len(domain.ids)
    offers = [
        (turn // parties, turn % parties, move.outcome)
        for turn, move in zip(play.turns, play.moves, strict=True)
        if isinstance(move, Offer)
    ]
    return Trace(offers, play.state.agreement)


def there(domain: Scenario, agents: Sequence[str]) -> Trace:
    """Play the same session in NegMAS, told the points as they stand in the scenario."""
    negotiators = [_class_of(agent)() for agent in agents]
    return trace_of_negmas(domain, finished(domain, negotiators, utility_functions(domain)))


def mixed(domain: Scenario, first: str, number: int) -> list[str]:
    """Return who sits in a domain: one negotiator in a seat, and others drawn for the rest."""
    seats = Random(f"{first}/{number}").choices(DETERMINISTIC, k=len(domain.ids))
    seats[number % len(seats)] = first
    return seats


def ended(play: Callable[[Scenario, Sequence[str]], Trace], domain: Scenario, agents: list[str]):
    """Return what a session came to; of one in which a negotiator fails, how."""
    try:
        return play(domain, agents)
    except DelegateError as error:
        return repr(error.__cause__)
    except IndexError as error:
        return repr(error)


@pytest.mark.parametrize("agent", DETERMINISTIC)
def test_two_parties_make_the_same_offers_and_come_to_the_same_end(agent: str) -> None:
    for number, domain in enumerate(TWO):
        agents = mixed(domain, agent, number)
        assert ended(here, domain, agents) == ended(there, domain, agents), (number, agents)


@pytest.mark.parametrize("agent", DETERMINISTIC)
def test_three_to_five_parties_make_the_same_offers_and_come_to_the_same_end(agent: str) -> None:
    for number, domain in enumerate(MORE):
        agents = mixed(domain, agent, number)
        assert ended(here, domain, agents) == ended(there, domain, agents), (number, agents)


@pytest.mark.parametrize("agent", DETERMINISTIC)
def test_told_from_0_to_1_they_play_as_in_negmas_told_what_it_scales_itself(agent: str) -> None:
    for number, domain in enumerate(TWO):
        agents = mixed(domain, agent, number)
        scaled: Any = [one.normalize((0.0, 1.0)) for one in utility_functions(domain)]
        negotiators = [_class_of(name)() for name in agents]
        theirs = trace_of_negmas(domain, finished(domain, negotiators, scaled))
        assert here(domain, agents, "unit") == theirs, (number, agents)


def test_the_domains_reach_agreements_and_miss_some() -> None:
    ends = [
        here(domain, mixed(domain, agent, number)).agreement is not None
        for agent in DETERMINISTIC
        for number, domain in enumerate(TWO)
    ]
    assert 0.2 < sum(ends) / len(ends) < 0.95


def drawing_alike(kind: Any, domain: Scenario, position: int) -> Any:
    """Return a negotiator that draws, at every turn, what it draws at our table with seed 0."""
    party = domain.ids[position]

    class Alike(kind):
        def _on_negotiation_start(self, state: Any) -> None:
            with lots(f"0/{party}/negmas"):
                super()._on_negotiation_start(state)

        def __call__(self, state: Any, dest: str | None = None) -> Any:
            turn = state.step * len(domain.ids) + position
            with lots(f"0/{party}/{turn}/negmas"):
                return super().__call__(state=state, dest=dest)

    return Alike(name=party, id=party)


def there_drawing_alike(domain: Scenario, agents: Sequence[str]) -> Trace:
    negotiators = [
        drawing_alike(_class_of(agent), domain, position) for position, agent in enumerate(agents)
    ]
    ufuns = [
        utility_function(own, party, Naming.of(domain.space, Text), "points")
        for own, party in zip(domain.preferences, domain.parties.values(), strict=True)
    ]
    return trace_of_negmas(domain, finished(domain, negotiators, ufuns))


@pytest.mark.parametrize("domains", [TWO, MORE], ids=["two", "more"])
@pytest.mark.parametrize("agent", DRAWING)
def test_those_that_draw_lots_play_the_same_once_they_draw_the_same(agent, domains) -> None:
    for number, domain in enumerate(domains):
        agents = [agent] * len(domain.ids)
        assert here(domain, agents) == there_drawing_alike(domain, agents), (number, agents)


def test_lots_are_the_seats_own_and_differ_by_seed() -> None:
    minds = [scripted_mind(parse_seat("negmas(agent=RandomNegotiator)")) for _ in range(2)]
    plays = [play_scripted(TWO[0], minds, seed).moves for seed in (0, 1, 0)]

    assert plays[0] == plays[2] != plays[1]


# Our minds in NegMAS's mechanism.

OURS = ["firm", "logroller", "nash-seeker", "closer", "micro", "cab", "nice-tit-for-tat"]


def with_hope(domains: Sequence[Scenario]) -> list[Scenario]:
    """Return the domains in which nobody leaves at once."""
    return [
        domain
        for domain in domains
        if all(own.highest > own.reservation for own in domain.preferences)
    ]


def ours_there(domain: Scenario, make: Callable[[str], Any]) -> SAOMechanism:
    mechanism = SAOMechanism(
        n_steps=domain.protocol.rounds, outcome_space=outcome_space(domain), name="theirs"
    )
    for party in domain.ids:
        mechanism.add(make(party))
    mechanism.run()
    return mechanism


@pytest.mark.parametrize("seat", OURS)
def test_our_minds_play_in_negmas_as_they_play_here(seat: str) -> None:
    domains = with_hope([*TWO, *MORE])
    assert len(domains) > 10
    for domain in domains:
        mechanism = ours_there(
            domain, lambda party, of=domain: MinilateralNegotiator(of, party, seat)
        )
        assert trace_of_negmas(domain, mechanism) == trace_of(
            negotiated(domain, [seat] * len(domain.ids), seed=0)
        )


def test_ours_meets_theirs_alike_in_both_places() -> None:
    for domain in with_hope(TWO):
        first, second = domain.ids
        mechanism = SAOMechanism(
            n_steps=domain.protocol.rounds, outcome_space=outcome_space(domain)
        )
        mechanism.add(MinilateralNegotiator(domain, first, "firm"))
        mechanism.add(_class_of("LinearTBNegotiator")(), ufun=ufun_of(domain, second))
        mechanism.run()
        seats = ["firm", "negmas(agent=LinearTBNegotiator)"]
        assert trace_of_negmas(domain, mechanism) == trace_of(negotiated(domain, seats, seed=0))


def test_a_mind_of_ours_plays_a_bundled_scenario_against_a_negotiator_not_written_here() -> None:
    scenario = load_scenario("first-table")

    class Yielding(SAONegotiator):
        def propose(self, state: Any, dest: str | None = None) -> Any:
            return self.ufun.best()  # pyright: ignore

        def respond(self, state: Any, source: str | None = None) -> Any:
            return ResponseType.ACCEPT_OFFER

    mechanism = SAOMechanism(
        n_steps=scenario.protocol.rounds, outcome_space=outcome_space(scenario)
    )
    mechanism.add(MinilateralNegotiator(scenario, "KOR", "firm", seed=3))
    mechanism.add(Yielding(), ufun=ufun_of(scenario, "AUS"))
    mechanism.run()

    assert mechanism.agreement is not None
    assert float(ufun_of(scenario, "KOR")(mechanism.agreement)) == 1.0


@pytest.mark.parametrize(
    ("scenario", "party", "seat", "told"),
    [
        ("first-table", "USA", "firm", "no such party"),
        ("first-table", "KOR", "llm:m", "expected a mind that follows a rule"),
        ("first-table", "KOR", "firmly", "unknown mind"),
        ("ministerial", "USA", "firm", "alternating offers in a fixed order alone"),
    ],
)
def test_what_cannot_sit_there_is_told(scenario, party, seat, told) -> None:
    with pytest.raises(SeatError, match=told):
        MinilateralNegotiator(load_scenario(scenario), party, seat)


def test_an_answer_is_negmas_own_kind() -> None:
    scenario = TWO[0]
    mechanism = SAOMechanism(n_steps=3, outcome_space=outcome_space(scenario))
    mine = MinilateralNegotiator(scenario, scenario.ids[0], "boulware")
    mechanism.add(mine)
    mechanism.add(_class_of("ToughNegotiator")(), ufun=ufun_of(scenario, scenario.ids[1]))
    answer = mine(mechanism.state)

    assert isinstance(answer, SAOResponse)
    assert answer.outcome in outcome_space(scenario)
    assert PEER_MINDS["negmas"].source
