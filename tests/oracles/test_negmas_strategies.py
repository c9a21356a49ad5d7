"""NegMAS 0.16 plays the same sessions with its own tit-for-tats, CAB, Tough and Random.

Its rules were read from its source. Where ours are the same the traces are; where they differ on
purpose the difference is named here and NegMAS is set, or corrected, to agree:

* A party that nothing satisfies walks away here; its negotiators stay. No such domain is drawn.
* Naive tit for tat reads an offer on a scale that begins at the reservation value and makes its own
  on one that begins at the worst outcome: only where the former is not above the latter are they
  one, as they always are here. It also takes a concession of more than everything for none.
  `must_concede`, on by default, replaces the answers of the second and third round by a gap between
  two outcomes next to each other, a different one at every call; from the fourth on both agree.
* Nice tit for tat mixes those two scales as well, measures the Nash product from the worst outcome
  of the Pareto frontier (here from no agreement, and from the counterpart's worst), and multiplies
  its own share by 1.4 − 0.6 · the counterpart's opening, constants of the agent of 2011. Its model
  of the counterpart is another. Given ours, without the multiplier, with the Nash point measured
  from no agreement, with the time at which it gives way set to end in the last round, it plays the
  same.
* Random offers any outcome and accepts by a coin; here only what is rational is offered, and an
  offer is weighed against it. Where everything is rational the lots are the same.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from negmas.sao.negotiators import (
    CABNegotiator,
    CANNegotiator,
    CARNegotiator,
    NaiveTitForTatNegotiator,
    RandomNegotiator,
    ToughNegotiator,
)

from delegates.contract import PublicMove
from delegates.seating import scripted_mind
from delegates.seats import parse_seat
from delegates.views import view_of
from games.scenario import Scenario
from games.session import Accept, Offer, start, step
from tests.oracles.negmas_sessions import (
    Trace,
    finished,
    negotiated,
    nice_tit_for_tat,
    play_negotiators,
    trace_of,
    trace_of_negmas,
    utility_functions,
)
from tests.support.domains import random_scenario


def ours(domain: Scenario, spec: str) -> Trace:
    """Play a session of one kind of mind here."""
    return trace_of(negotiated(domain, [spec] * len(domain.ids)))


def with_hope(first: int, count: int, **more: Any) -> list[Scenario]:
    """Return random domains in which every party has something to hope for."""
    drawn = (random_scenario(seed, **more) for seed in range(first, first + 10 * count))
    hopeful = (
        domain
        for domain in drawn
        if all(own.highest > own.reservation for own in domain.preferences)
    )
    return [domain for domain, _ in zip(hopeful, range(count), strict=False)]


def with_everything_rational(domain: Scenario) -> Scenario:
    """Return a domain in which every outcome is worth more than none to everyone."""
    parties = {
        name: party.model_copy(update={"reservation": own.lowest - 1e-9})
        for (name, party), own in zip(domain.parties.items(), domain.preferences, strict=True)
    }
    return domain.model_copy(update={"parties": parties})


BILATERAL = with_hope(40_000, 40, outcomes=(6, 200), rounds=(10, 60))
MULTILATERAL = with_hope(60_000, 30, parties=3, outcomes=(10, 300), rounds=(5, 30)) + with_hope(
    70_000, 10, parties=5, outcomes=(10, 100), rounds=(5, 20)
)
ALL_RATIONAL = [with_everything_rational(domain) for domain in BILATERAL]

STEPPING = {
    "hard-headed": ToughNegotiator,
    "cab": CABNegotiator,
    "cab(accepts=not-worse)": CANNegotiator,
    "cab(accepts=rational)": CARNegotiator,
}
"""What holds among any number of parties, whatever their reservation values."""


@pytest.mark.parametrize("spec", STEPPING)
def test_two_parties_make_the_same_offers_and_agreement_as_in_negmas(spec: str) -> None:
    for domain in BILATERAL:
        assert ours(domain, spec) == play_negotiators(domain, lambda _: STEPPING[spec]())


@pytest.mark.parametrize("spec", STEPPING)
def test_three_to_five_parties_make_the_same_offers_and_agreement(spec: str) -> None:
    for domain in MULTILATERAL:
        assert ours(domain, spec) == play_negotiators(domain, lambda _: STEPPING[spec]())


def test_the_domains_tell_the_three_ways_to_accept_apart() -> None:
    traces = [
        [ours(domain, spec) for domain in MULTILATERAL]
        for spec in STEPPING
        if spec.startswith("cab")
    ]
    assert len({tuple(map(repr, one)) for one in traces}) > 1
    assert 5 < sum(trace.agreement is not None for trace in traces[0]) < 40


def kind(kindness: float = 0.0) -> Callable[[object], NaiveTitForTatNegotiator]:
    """Return what makes NegMAS's naive tit for tat without its forced first concession."""
    return lambda _: NaiveTitForTatNegotiator(
        must_concede=False, kindness=kindness, kindness_start_step=1
    )


def test_naive_tit_for_tat_plays_as_in_negmas() -> None:
    traces = [ours(domain, "naive-tit-for-tat") for domain in ALL_RATIONAL]

    assert traces == [play_negotiators(domain, kind()) for domain in ALL_RATIONAL]
    assert 5 < sum(trace.agreement is not None for trace in traces) < 40


@pytest.mark.filterwarnings("ignore:.*is negative or above 1")
def test_a_kind_naive_tit_for_tat_plays_as_in_negmas_unless_it_is_given_all_but_everything() -> (
    None
):
    spec, same = "naive-tit-for-tat(kindness=0.05)", 0
    for domain in ALL_RATIONAL:
        mine, theirs = ours(domain, spec), play_negotiators(domain, kind(0.05))
        same += mine == theirs
        assert mine == theirs or greatest_gift(domain, mine) > 0.95
    assert same > 30


def greatest_gift(domain: Scenario, trace: Trace) -> float:
    """Return the greatest share of its possible gain that anyone was offered."""
    return max(
        (own.utility(outcome) - own.lowest) / own.span
        for _, mover, outcome in trace.offers
        for position, own in enumerate(domain.preferences)
        if position != mover
    )


def test_from_the_fourth_round_on_naive_tit_for_tat_answers_negmas_as_it_comes() -> None:
    answered = 0
    for domain in ALL_RATIONAL:
        theirs = play_negotiators(domain, lambda _: NaiveTitForTatNegotiator())
        for round_, mover, outcome, answer in answers(domain, theirs, "naive-tit-for-tat"):
            assert round_ < 3 or answer == outcome, (domain, round_, mover)
            answered += round_ >= 3
    assert answered > 100


def answers(domain: Scenario, trace: Trace, spec: str) -> list[tuple[int, int, int, int]]:
    """Return every offer of a trace, and what a mind offers instead in the same history."""
    state, history, found = start(domain), list[PublicMove](), list[tuple[int, int, int, int]]()
    for round_, mover, outcome in trace.offers:
        move = scripted_mind(parse_seat(spec)).choose(view_of(state, tuple(history), 0))
        answer = move.outcome if isinstance(move, Offer) else -1
        found.append((round_, mover, outcome, answer))
        history.append(PublicMove(state.turn, state.round, state.party, Offer(outcome), ""))
        state, _ = step(state, Offer(outcome))
    return found


def test_nice_tit_for_tat_plays_as_negmas_does_with_the_same_idea_of_its_counterpart() -> None:
    domains = ALL_RATIONAL[:20]
    traces = [ours(domain, "nice-tit-for-tat") for domain in domains]

    theirs = [play_negotiators(domain, nice_tit_for_tat) for domain in domains]

    assert traces == theirs
    assert sum(trace.agreement is not None for trace in traces) > 10
    # Not all of them wait for the last round, where everything rational is accepted.
    early = [
        trace.offers[-1][0] < domain.protocol.rounds - 1
        for trace, domain in zip(traces, domains, strict=True)
    ]
    assert sum(early) > 5


def test_where_everything_is_rational_random_offers_are_as_even_as_in_negmas() -> None:
    domain = with_everything_rational(random_scenario(1, outcomes=(12, 12), rounds=(600, 600)))
    # Nobody accepts: theirs by their coin, ours since nothing is on the table.
    coins = [RandomNegotiator(p_acceptance=-1, p_rejection=3, p_ending=0) for _ in domain.ids]
    theirs = trace_of_negmas(domain, finished(domain, coins, utility_functions(domain)))
    mine = Counter(
        scripted_mind(parse_seat("random-walker")).choose(view_of(start(domain), (), seed))
        for seed in range(1200)
    )
    assert Accept() not in mine
    drawn = Counter(outcome for *_, outcome in theirs.offers)
    assert spread([mine[Offer(k)] for k in range(12)]) < CRITICAL
    assert spread([drawn[k] for k in range(12)]) < CRITICAL


CRITICAL = 31.26
"""χ² of twelve cells is above it once in a thousand."""


def spread(counts: list[int]) -> float:
    """Return χ² of counts against all being the same."""
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts)


def without_echoes(trace: Trace) -> Trace:
    """Return a trace without offers of what the other has just offered.

    Asked for its very best, NegMAS's naive tit for tat may find, by the last digit of a quotient,
    that it is worth a hair less than everything, and offers it back.
    """
    before = [-1, *(outcome for *_, outcome in trace.offers)]
    kept = [offer for offer, last in zip(trace.offers, before, strict=False) if offer[2] != last]
    return Trace(kept, trace.agreement)


@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_three_hundred_more_domains_are_played_the_same() -> None:
    for domain in with_hope(100_000, 300, outcomes=(6, 400), rounds=(5, 100)):
        for spec, make in STEPPING.items():
            assert ours(domain, spec) == play_negotiators(domain, lambda _, made=make: made())
        rational = with_everything_rational(domain)
        naive = ours(rational, "naive-tit-for-tat"), play_negotiators(rational, kind())
        assert without_echoes(naive[0]) == without_echoes(naive[1])
        assert ours(rational, "nice-tit-for-tat") == play_negotiators(rational, nice_tit_for_tat)
