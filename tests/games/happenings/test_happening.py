"""What happens between moves: when, to whom, and what is then true."""

from dataclasses import replace
from gc import collect
from random import Random
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.errors import IllegalMove, ScenarioError
from games.happenings.changes import at_rest
from games.happenings.happening import (
    MOST_HISTORIES,
    Answered,
    Instructed,
    Struck,
    changed,
    heard_by,
    inject,
)
from games.happenings.words import happening_words
from games.matrices.stance_game import play_stances, turn_orders
from games.moves import Accept, AskCapital, Move, Offer, Pass, WalkAway
from games.protocols.alternating_offers import lapse
from games.protocols.by_rule import act_by_rule
from games.protocols.capital import outside_limits
from games.scenario import Scenario, parse_scenario
from games.session import State, replayed, start, step, utilities
from games.tactics.aspirations import STANCES
from tests.games.eventful import TEXT, eventful

SEED = 1


def quiet(seed: int = SEED) -> int:
    """Return a seed by which the lot falls on no round."""
    while any(Random(f"{seed}/shock/lot/{n}").random() < 0.3 for n in range(1, 9)):
        seed += 1
    return seed


def played(moves: list[Move], state: State | None = None) -> State:
    state = start(eventful(), quiet()) if state is None else state
    for move in moves:
        state, _ = step(state, move)
    return state


def outcome(tonnes: int, floor: str) -> int:
    return eventful().space.index({"tonnes": tonnes, "floor": floor})


def causes(state: State) -> list[object]:
    return [one.cause for one in state.happened]


MIDDLE = outcome(2000, "middle")
LOW = outcome(3000, "low")
HIGH = outcome(1000, "high")


def test_a_mandate_limits_what_may_be_signed_at_the_outset() -> None:
    state = start(eventful(), quiet())
    assert outside_limits(state.scenario, 0, HIGH) == (("tonnes", "1000"),)
    with pytest.raises(IllegalMove, match="mandate does not reach as far as tonnes 1000"):
        step(state, Offer(outcome(1000, "low")))
    step(state, Offer(LOW))


def test_no_deal_today_takes_the_own_offer_off_the_table_and_lets_time_be_asked_for() -> None:
    state = played([Offer(LOW), Offer(HIGH)])
    assert causes(state) == [Instructed("A", 0)]
    state = played([Accept()], state)
    assert state.party == "A"
    for move in (Accept(), Offer(LOW)):
        with pytest.raises(IllegalMove, match="its capital lets it sign nothing in this round"):
            step(state, move)
    after = played([Pass()], state)
    assert after.party == "A"
    assert after.offer == HIGH
    with pytest.raises(IllegalMove, match="Pass is no move"):
        step(after, Pass())


def test_an_own_offer_lapses_as_the_capital_lets_nothing_be_signed() -> None:
    text = TEXT.replace("{round: 2", "{round: 3").replace("KIND", "alternating-offers")
    opening = start(parse_scenario(text), quiet())
    state = played([Offer(LOW), Offer(HIGH), Offer(HIGH)], opening)
    assert (state.round, state.party, state.offer) == (1, "A", HIGH)
    state = played([Offer(LOW)], state)
    assert Instructed("A", 0) in causes(state)
    assert (state.round, state.offer, state.accepted) == (2, None, frozenset())


def test_what_a_party_had_accepted_it_stands_by_no_more() -> None:
    state = replace(start(eventful(), quiet()), offer=LOW, offer_turn=0, accepted=frozenset({0, 1}))
    assert lapse(state, frozenset({1})).accepted == {0}
    assert lapse(state, frozenset({1})).offer == LOW
    assert lapse(state, frozenset({0})).offer is None


def test_a_dated_shock_changes_points_and_reservation_values_from_its_round_on() -> None:
    before = played([Offer(LOW), Offer(HIGH), Accept()])
    b_before = before.scenario.preferences[1]
    after = played([Pass()], before)
    assert causes(after)[-1] == Struck("fall", "date")
    own = after.scenario.preferences
    assert own[0].reservation == 5
    assert own[1].reservation == b_before.reservation - 3 == 30 - 10 * 0.25 - 3
    assert own[1].utility(LOW) == b_before.utility(LOW) + 30
    assert own[1].utility(MIDDLE) == b_before.utility(MIDDLE)
    assert after.opening.preferences[0].reservation == 10
    assert after.scenario.space is after.opening.space


def test_an_injected_shock_strikes_at_once_and_only_once() -> None:
    state = inject(start(eventful(), quiet()), "quota")
    assert causes(state) == [Struck("quota", "trainer")]
    assert state.scenario.preferences[1].reservation == 20
    with pytest.raises(IllegalMove, match="has struck already"):
        inject(state, "quota")
    with pytest.raises(IllegalMove, match="no shock 'flood'; expected one of fall, lot, quota"):
        inject(state, "flood")
    over = played([WalkAway()], state)
    with pytest.raises(IllegalMove, match="session is over"):
        inject(over, "fall")


def test_who_learns_of_it() -> None:
    scenario = eventful()
    assert heard_by(scenario, Struck("lot", "lot")) == ("A",)
    assert heard_by(scenario, Struck("fall", "date")) is None
    assert heard_by(scenario, Instructed("A", 0)) == ("A",)
    assert heard_by(scenario, Answered("A", "tonnes", "1000", is_granted=True)) == ("A",)


def test_what_happened_in_words() -> None:
    scenario = eventful()
    told = {
        Struck("quota", "trainer"): "A quota. Announced overnight.",
        Instructed("A", 0): "The capital lets nothing be signed in this round. "
        "Wait for the minister.",
        Instructed("A", 1): "The capital narrows what may be signed: floor low, middle.",
        Instructed("A", 2): "A new red line: tonnes 2,000 with floor middle may not be signed.",
        Answered("A", "tonnes", "1000", is_granted=False): "The capital refuses: tonnes 1,000.",
    }
    assert {cause: happening_words(scenario, cause) for cause in told} == told


def asking(least: float) -> State:
    text = TEXT.replace("least: 45", f"least: {least}").replace("KIND", "alternating-offers")
    state = start(parse_scenario(text), quiet())
    return played([Offer(LOW), Offer(outcome(1000, "low"))], state)


@pytest.mark.parametrize(("least", "granted"), [(50, True), (50.5, False)])
def test_the_capital_grants_what_is_worth_enough_at_home(least: float, granted: bool) -> None:
    state = played([Accept(), Pass()], asking(least))
    # The text on the table is worth 0 + 50 points to A, settled by what it asks for.
    state = played([AskCapital("tonnes", "1000")], state)
    assert not any(isinstance(one, Answered) for one in causes(state))
    state = played([Accept()], state)
    answers = [one for one in causes(state) if isinstance(one, Answered)]
    assert answers == [Answered("A", "tonnes", "1000", is_granted=granted)]
    assert state.scenario.preferences[0].may_sign(outcome(1000, "low")) is granted


def test_what_was_refused_may_be_asked_for_again_over_another_text() -> None:
    refused = played([Accept(), Pass(), AskCapital("tonnes", "1000"), Accept()], asking(200))
    assert [one.text for one in refused.requests] == [outcome(1000, "low")]
    state = refused if refused.party == "A" else played([Accept()], refused)
    with pytest.raises(IllegalMove, match="with this text on the table it has asked"):
        step(state, AskCapital("tonnes", "1000"))
    other = replace(state, offer=HIGH, offer_turn=state.turn - 1)
    again, _ = step(other, AskCapital("tonnes", "1000"))
    assert len(again.requests) == 2
    spent = replace(again, turn=other.turn)
    with pytest.raises(IllegalMove, match="may ask 2 times and has"):
        step(replace(spent, offer=outcome(1000, "middle")), AskCapital("tonnes", "1000"))


def test_what_may_not_be_asked_for() -> None:
    state = start(eventful(), quiet())
    for move, line in (
        (AskCapital("floor", "high"), "does not limit 'floor'; expected one of tonnes"),
        (AskCapital("tonnes", "9"), "has no option '9'"),
        (AskCapital("tonnes", "2000"), "may sign tonnes 2000 as it is"),
        (AskCapital("tonnes", "1000"), "nothing is on the table"),
    ):
        with pytest.raises(IllegalMove, match=line):
            step(state, move)
    b = played([Offer(LOW)], state)
    with pytest.raises(IllegalMove, match="does not limit 'tonnes'; expected one of none"):
        step(b, AskCapital("tonnes", "1000"))


def test_a_tightened_mandate_makes_what_one_stands_for_lapse_in_a_hall() -> None:
    state = start(eventful("plenary"), quiet())
    text = outcome(3000, "high")
    state = played([Offer(text), Offer(HIGH)], state)
    while state.round < 3:
        state, _ = step(state, act_by_rule(state, lambda: Pass()))
    assert state.stands[0] is None  # type: ignore[attr-defined]
    assert state.stands[1] is not None  # type: ignore[attr-defined]


@given(seed=st.integers(0, 10_000), kind=st.sampled_from(["alternating-offers", "plenary"]))
def test_lots_depend_on_the_seed_alone_and_strike_once(seed: int, kind: str) -> None:
    def session() -> State:
        state = start(eventful(kind), seed)
        while state.is_open:
            own = state.own(state.mover)
            best = int(own.ranking[0][-1])
            state, _ = step(state, act_by_rule(state, lambda best=best: Offer(best)))
        return state

    one, two = session(), session()
    assert one == two
    struck = [cause.shock for cause in causes(one) if isinstance(cause, Struck)]
    assert len(struck) == len(set(struck))
    due = [
        n
        for n in range(1, min(one.round + 1, 8) + 1)
        if Random(f"{seed}/shock/lot/{n}").random() < 0.3
    ]
    assert ("lot" in struck) == bool(due)


def test_replaying_the_moves_of_a_session_lets_everything_happen_again() -> None:
    state = start(eventful(), quiet())
    moves: list[Move] = []
    for number in range(10):
        if number == 3:
            state = inject(state, "quota")
        own = state.own(state.mover)
        best = int(own.ranking[0][-1])
        move = act_by_rule(state, lambda best=best: Offer(best))
        moves.append(move)
        state, _ = step(state, move)
    states = list(replayed(state, moves))
    assert states[-1][1] == state
    assert [before.turn for before, _ in states] == list(range(10))


WRONG = {
    "limits: {tonnes: [2000, 3000]}": {
        "limits: {tonnes: [9]}": "mandates.A.limits.tonnes: unknown '9'",
        "limits: {tonnes: []}": "mandates.A.limits.tonnes: nothing may be signed",
        "limits: {tons: [2000]}": "mandates.A.limits: unknown 'tons'",
    },
    "round: 4, kind: tighten, limits: {floor: [low, middle]}": {
        "round: 4, kind: tighten, limits: {tonnes: [2000], floor: [middle]}": (
            "mandates.A.instructions.2: leaves A nothing that it may sign"
        ),
        "round: 9, kind: tighten, limits: {floor: [low]}": "instructions.1.round: 9, but the talks",
        "round: 4, kind: tighten": "instructions.1.limits: is missing",
        "round: 4, kind: no-deal, limits: {floor: [low]}": "counts for nothing in 'no-deal'",
        "round: 4, kind: red-line": "instructions.1.red_line: is missing",
    },
    "market: 1.0, words": {
        "spot: 2.0, words": "shocks.quota.spot: no price is stated",
        "dispute: 0.2, words": "shocks.quota.dispute: there is no quarrel",
        "ratify: {A: 5}, words": "shocks.quota.ratify.A: nobody ratifies",
        "round: 3, chance: 0.5, words": "shocks.quota: both a round and a chance",
        "heard_by: [C], words": "shocks.quota.heard_by: unknown 'C'",
    },
}


@pytest.mark.parametrize(
    ("found", "line"),
    [(f"{old}→{new}", line) for old, all_ in WRONG.items() for new, line in all_.items()],
)
def test_orders_and_shocks_that_cannot_be_are_refused(found: str, line: str) -> None:
    old, new = found.split("→")
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(TEXT.replace("KIND", "alternating-offers").replace(old, new))
    assert line in str(caught.value)


@pytest.mark.parametrize("kind", ["alternating-offers", "plenary", "forum"])
def test_stances_are_played_in_a_scenario_as_it_is_now(kind: str) -> None:
    state = inject(start(eventful(kind), quiet()), "fall")
    still = at_rest(state.scenario)
    assert (still.shocks, still.mandates["A"].instructions) == ({}, ())
    assert still.mandates["A"].limits == state.scenario.mandates["A"].limits
    assert still.preferences[0].reservation == state.scenario.preferences[0].reservation == 5
    assert at_rest(still) is still
    turns = turn_orders(still)[0][0]
    stances = (STANCES["hard"], STANCES["firm"])
    ended = play_stances(state.scenario, stances, turns)
    assert ended.happened == tuple(one for one in ended.happened if isinstance(one.cause, Answered))
    assert ended.scenario.preferences[0].reservation == 5
    assert utilities(ended) == utilities(play_stances(still, stances, turns))


def test_scenarios_after_what_happened_are_kept_but_not_all_of_them() -> None:
    began = eventful()
    alive: list[ref[Scenario]] = []
    for number in range(2 * MOST_HISTORIES):
        here = began
        for digit in f"{number:b}":
            here = changed(here, Instructed("A", 1 + int(digit)))
            alive.append(ref(here))
    collect()

    assert changed(began, Instructed("A", 1)) is changed(began, Instructed("A", 1))
    assert len({id(one()) for one in alive if one() is not None}) <= MOST_HISTORIES + 1


def test_what_changes_nothing_leaves_the_scenario_the_same() -> None:
    began = eventful()
    refused = Answered("A", "tonnes", "1000", is_granted=False)

    assert changed(began, refused) is began
    assert changed(changed(began, Instructed("A", 1)), refused) is changed(
        began, Instructed("A", 1)
    )
