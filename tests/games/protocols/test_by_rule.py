"""How delegations that follow a rule play a hall: legally, to an end, each by its own lights."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.contract import PublicMove
from delegates.seating import scripted_mind
from delegates.seats import SCRIPTED_MINDS, parse_seat
from delegates.views import view_of
from games.moves import (
    Accept,
    Adjourn,
    Approach,
    BreakSilence,
    CallCaucus,
    CarryOut,
    KeepSilence,
    Merge,
    Move,
    Offer,
    OpenSignature,
    OpenSilence,
    Pass,
    Promise,
    PutToVote,
    Sign,
    Threaten,
    Vote,
    WalkAway,
)
from games.participation.signing import SigningWorths, signing_worths
from games.participation.trust import Seen, belief
from games.parts.aftermath import Participation, Signature
from games.parts.mandates import Mandate, Ratification
from games.parts.surroundings import Measure, SideDeal, Statecraft
from games.protocols import by_rule
from games.protocols.by_rule import act_by_rule, aside, pledge_outlook, signing_outlook
from games.protocols.hall import HallState
from games.scenario import Scenario
from games.session import utilities
from games.utility import TIE
from tests.games.protocols.halls import Turn, after, hall_scenarios, opened, three, with_text
from tests.support.domains import listed, party, scenario

NAMES = sorted(SCRIPTED_MINDS)
names = st.lists(st.sampled_from(NAMES), min_size=5, max_size=5)
seeds = st.integers(0, 99)


def play(game: Scenario, seats: Sequence[str], seed: int) -> tuple[list[Turn], HallState]:
    """Return a session of scripted seats, turn by turn, and its last state."""
    minds = [scripted_mind(parse_seat(name)) for name in seats]
    state, turns, history = opened(game, seed), list[Turn](), list[PublicMove]()
    while state.is_open:
        mind, view = minds[state.mover], view_of(state, tuple(history), seed)
        move = act_by_rule(state, lambda: mind.choose(view))  # noqa: B023
        turns.append(Turn(state, move))
        history.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state = after(state, move)
    return turns, state


@settings(max_examples=80)
@given(game=hall_scenarios(rounds=(1, 4)), seats=names, seed=seeds)
def test_scripted_minds_play_every_hall_to_an_end(
    game: Scenario, seats: list[str], seed: int
) -> None:
    turns, end = play(game, seats, seed)
    assert len(turns) <= turns[0].before.most_turns
    assert (turns, end) == play(game, seats, seed)


@settings(max_examples=80)
@given(game=hall_scenarios(rounds=(1, 4)), seats=names, seed=seeds)
def test_what_a_scripted_mind_supports_is_worth_its_reservation_value(
    game: Scenario, seats: list[str], seed: int
) -> None:
    """On a whole text, threats and side deals counted; where only some is open it may be less."""
    turns, _ = play(game, seats, seed)
    for state, move in ((turn.before, turn.move) for turn in turns):
        supported: Any = move.outcome if isinstance(move, Offer) else state.on_table
        own = state.own(state.mover)
        supports = isinstance(move, Offer | Accept | KeepSilence) or move == Vote("yes")
        whole = len(state.open_issues) == len(game.issues)
        assert not supports or own.may_sign(supported)
        assert not (supports and whole) or own.utility(supported) >= own.reservation - TIE


@settings(max_examples=40)
@given(
    game=hall_scenarios(rounds=(1, 3)),
    seats=st.lists(st.sampled_from(["boulware", "linear", "firm"]), min_size=5, max_size=5),
    factor=st.sampled_from([0.25, 4.0]),
    seed=seeds,
)
def test_no_partys_unit_of_account_changes_a_move(
    game: Scenario, seats: list[str], factor: float, seed: int
) -> None:
    turns, _ = play(game, seats, seed)
    again, _ = play(in_another_unit(game, game.ids[0], factor), seats, seed)
    assert [turn.move for turn in turns] == [turn.move for turn in again]


def in_another_unit(game: Scenario, name: str, factor: float) -> Scenario:
    """Return a game in which all that one party counts in points is a multiple of what it was."""
    values = game.model_dump(by_alias=True)
    own = values["parties"][name]
    own["reservation"] *= factor
    for rows in (own["points"], *(link["points"] for link in own["links"])):
        for row in rows.values():
            for option in row:
                row[option] *= factor
    craft = values["statecraft"]
    for measure in craft["measures"].values():
        measure["cost"] *= factor if measure["by"] == name else 1.0
        measure["effect"] = {
            party: points * (factor if party == name else 1.0)
            for party, points in measure["effect"].items()
        }
    backing = craft["backing_down"]
    craft["backing_down"] = {
        party: backing * (factor if party == name else 1.0) for party in game.ids
    }
    for stakes in (values["fund"]["cost"], values["fund"]["benefit"], *deal_points(values)):
        if name in stakes:
            stakes[name] *= factor
    return Scenario.model_validate(values)


def deal_points(values: dict[str, Any]) -> list[dict[str, float]]:
    return [deal["points"] for deal in values["side_deals"].values()]


@settings(max_examples=60)
@given(game=hall_scenarios(rounds=(1, 3)), seats=names, seed=seeds)
def test_what_is_secret_to_others_never_changes_a_move(
    game: Scenario, seats: list[str], seed: int
) -> None:
    """At every turn of a session: the others' points, values and red lines may be anything."""
    turns, _ = play(game, seats, seed)
    history = list[PublicMove]()
    for turn in turns:
        state = turn.before
        elsewhere = replace(state, scenario=with_other_secrets(game, state.party))
        mind = scripted_mind(parse_seat(seats[state.mover]))
        view = view_of(elsewhere, tuple(history), seed)
        assert act_by_rule(elsewhere, lambda: mind.choose(view)) == turn.move  # noqa: B023
        history.append(PublicMove(state.turn, state.round, state.party, turn.move, ""))


def with_other_secrets(game: Scenario, party: str) -> Scenario:
    """Return a game that is the same but for what is private to the other parties."""
    others = {
        name: details.model_copy(
            update={
                "points": {
                    issue: {text: 7 - 3 * worth for text, worth in row.items()}
                    for issue, row in details.points.items()
                },
                "reservation": details.reservation - 11,
                "discount": 0.5,
                "red_lines": (),
                "links": (),
            }
        )
        for name, details in game.parties.items()
        if name != party
    }
    return game.model_copy(update={"parties": {**game.parties, **others}})


# --- one stage at a time, by a mind that answers as it is told


def answer(state: HallState, move: Move) -> Move:
    """Return what the party to move does if its mind answers so."""
    return act_by_rule(state, lambda: move)


def never() -> Move:
    raise AssertionError("a mind was asked where there is nothing to ask")


def test_on_a_roll_call_and_under_silence_acceptance_is_support() -> None:
    voting = after(with_text(opened(three())), PutToVote())
    assert answer(voting, Accept()) == Vote("yes")
    assert answer(voting, Offer(3)) == Vote("no")
    assert answer(voting, WalkAway()) == Vote("no")
    silent = after(with_text(opened(three())), OpenSilence())
    assert answer(silent, Accept()) == KeepSilence()
    assert answer(silent, Offer(0)) == BreakSilence()


def test_a_mind_is_not_asked_whether_it_crosses_its_red_line() -> None:
    game = listed(
        {"A": [4, 5], "B": [4, 5]},
        parties={"B": {"red_lines": [{"deal": "o1"}]}},
        protocol={"kind": "plenary", "opens": "fixed", "agreement": {"quorum": 0.5}},
    )
    voting = after(with_text(opened(game), 1), PutToVote(), Vote("yes"))
    assert act_by_rule(voting, never) == Vote("no")


def test_where_nothing_that_is_open_may_be_signed_a_delegation_passes() -> None:
    game = listed(
        {"A": [4, 5], "B": [4, 5]},
        parties={"B": {"red_lines": [{"deal": "o1"}]}},
        protocol={"kind": "plenary", "opens": "fixed"},
    )
    second = after(with_text(opened(game), 1), Adjourn(), Pass())
    shut = replace(second, parked=frozenset((0,)), queue=(1,))
    assert act_by_rule(shut, never) == Pass()


def test_that_nothing_in_a_room_is_good_enough_is_no_reason_to_leave_the_hall() -> None:
    game = three(kind="plenary", rounds=3)
    second = after(with_text(opened(game)), Adjourn())
    assert answer(second, WalkAway()) == WalkAway()
    narrowed = replace(second, parked=frozenset((0,)))
    assert answer(narrowed, WalkAway()) == Offer(1)


def test_a_signature_is_binding_at_the_aspiration_and_declaratory_at_the_reservation_value() -> (
    None
):
    game = three(kind="forum", participation={"threshold": 0.3, "kappa": 0.25})
    signing = after(with_text(opened(game)), OpenSignature())
    assert answer(signing, Accept()) == Sign("binding")
    assert answer(signing, Offer(3)) == Sign("declaratory")
    alike = game.model_copy(update={"participation": Participation(threshold=0.3, kappa=1.0)})
    indifferent = after(with_text(opened(alike)), OpenSignature())
    assert answer(indifferent, Accept()) == Sign("binding")  # a declaration is worth as much
    poor = after(with_text(opened(game), 0), OpenSignature())
    assert act_by_rule(poor, never) == Sign("out")  # below what it has without: not even asked


@pytest.mark.parametrize("option", ["o1", "o2"])
@pytest.mark.parametrize("signature", ["binding", "declaratory", "out"])
def test_who_signs_last_has_what_it_expected_whether_a_threat_is_heeded_or_not(
    option: str, signature: Signature
) -> None:
    """A tariff of 6 falls due under the text o1 unless that was demanded, however C signs."""
    game = three(kind="forum", participation={"threshold": 0.3, "kappa": 0.25})
    floor = after(
        with_text(opened(game.model_copy(update={"statecraft": CRAFT}))),
        Adjourn(),
        Threaten("tariff", "deal", option),
        *[Pass()] * 3,
    )
    last = after(floor, OpenSignature(), Sign("binding"), Sign("declaratory"))
    worths = signing_outlook(last)
    end = after(last, Sign(signature))
    while end.is_open:
        end = after(end, CarryOut(does=True))
    assert worths is not None
    assert utilities(end)["C"] == pytest.approx(getattr(worths, signature))


def test_a_threat_that_falls_due_moves_all_that_whoever_must_ratify_can_have() -> None:
    """A tariff of 6 falls due under the text o1 unless that was demanded, ratified or not."""
    game = three(kind="forum", participation={"threshold": 0.3, "kappa": 0.25})
    ratify = Ratification(threshold=5, slope=0.5, audience_cost=2)
    more = {"statecraft": CRAFT, "mandates": {"C": Mandate(ratify=ratify)}}
    hall = after(with_text(opened(game.model_copy(update=more))), Adjourn())
    heeded, due = (
        signing_outlook(
            after(
                hall,
                Threaten("tariff", "deal", option),
                *[Pass()] * 3,
                OpenSignature(),
                Sign("binding"),
                Sign("binding"),
            )
        )
        for option in ("o1", "o2")
    )
    assert heeded is not None
    assert due is not None
    for signature in ("binding", "declaratory", "out"):
        assert getattr(due, signature) == pytest.approx(getattr(heeded, signature) - 6)


CRAFT = Statecraft(
    measures={
        "tariff": Measure(label="a tariff", by="A", towards=("C",), effect={"C": -6}, cost=2),
        "credit": Measure(label="a credit", by="C", towards=("A",), effect={"A": 4}, cost=3),
    },
    backing_down=2.5,
)


def second_floor(game: Scenario) -> HallState:
    """Return the floor of a second round: A stood for o3, C for o0, and the text is o1."""
    return after(opened(game), Offer(3), Pass(), Offer(0), Merge(1), Adjourn())


def test_a_believed_threat_demands_the_smallest_step_that_is_worth_its_price() -> None:
    game = three().model_copy(update={"statecraft": CRAFT})
    assert aside(second_floor(game)) == Threaten("tariff", "deal", "o2")


def test_of_two_steps_alike_the_one_that_brings_more_is_demanded() -> None:
    """From the text, o0 of both, a step brings A 4 on x and 6 on y, at a price of 2."""
    options = {name: ["o0", "o1"] for name in "xy"}
    points = {"x": {"o0": 0.0, "o1": 4.0}, "y": {"o0": 0.0, "o1": 6.0}}
    rules = {"kind": "plenary", "rounds": 4, "opens": "fixed"}
    game = scenario(options, dict.fromkeys("ABC", party(points)), protocol=rules)
    hall = opened(game.model_copy(update={"statecraft": CRAFT}))
    floor = after(hall, Offer(3), Pass(), Offer(0), Merge(0), Adjourn())
    assert aside(floor) == Threaten("tariff", "y", "o1")


def test_a_measure_that_would_not_be_believed_is_not_announced() -> None:
    game = three().model_copy(update={"statecraft": CRAFT})
    at_c = after(second_floor(game), Pass(), Pass())
    assert (at_c.party, aside(at_c)) == ("C", None)
    cheaper = CRAFT.model_copy(update={"backing_down": 3})
    promising = three().model_copy(update={"statecraft": cheaper})
    assert aside(after(second_floor(promising), Pass(), Pass())) is None  # o0 brings it 2, at 3


def test_a_promise_is_made_where_it_brings_more_than_it_costs() -> None:
    cheap = CRAFT.model_dump()
    cheap["measures"]["credit"]["cost"] = 1
    game = three().model_copy(update={"statecraft": Statecraft.model_validate(cheap)})
    at_c = after(second_floor(game), Pass(), Pass())
    assert aside(at_c) == Promise(("A",), "deal", "o0", "credit")


def test_whether_word_is_kept_depends_on_what_backing_down_costs() -> None:
    for backing_down, keeps in ((2, True), (1, False)):
        craft = CRAFT.model_copy(update={"backing_down": backing_down})
        game = three(rounds=2).model_copy(update={"statecraft": craft})
        said = after(second_floor(game), Threaten("tariff", "deal", "o3"), Pass(), Pass(), Pass())
        due = after(said, Adjourn())
        assert act_by_rule(due, never) == CarryOut(does=keeps)


@pytest.mark.parametrize(("points", "approaches"), [(2.0, True), (0.0, False)])
def test_a_side_deal_is_sought_where_it_brings_something(points: float, approaches: bool) -> None:
    deal = SideDeal(label="a swap", parties=("A", "B"), points={"A": points, "B": 1})
    state = opened(three().model_copy(update={"side_deals": {"swap": deal}}))
    assert (aside(state) == Approach("swap")) == approaches
    assert not approaches or aside(after(state, Approach("swap"), Pass(), Pass())) is None


def test_those_of_one_reading_are_called_into_a_caucus_once() -> None:
    game = three(caucuses=2, rounds=4)
    floor = after(opened(game), Offer(3), Offer(3), Offer(0), Merge(1), Adjourn())
    call = CallCaucus(("B",), ("deal",))
    assert aside(floor) == call
    assert aside(after(floor, call)) is None
    following = after(floor, call, Offer(3), Offer(3), Offer(0), *[Pass()] * 4, Adjourn())
    assert aside(following) is None


def test_on_the_last_floor_nothing_is_left_to_concert() -> None:
    for rounds, calls in ((3, True), (2, False)):
        game = three(caucuses=1, rounds=rounds)
        floor = after(opened(game), Offer(3), Offer(3), Offer(0), Merge(1), Adjourn())
        assert (aside(floor) is not None) == calls


def test_whoever_is_asked_into_a_caucus_calls_none_and_others_do_not_know_of_it() -> None:
    rules = {"kind": "plenary", "rounds": 4, "opens": "fixed", "caucuses": 2}
    game = listed({key: [0, 4, 8, 10] for key in "ABC"}, protocol=rules)
    floor = after(opened(game), Offer(3), Offer(3), Offer(3), Merge(1), Adjourn())
    called = after(floor, CallCaucus(("B",), ("deal",)), Pass())
    assert (called.party, aside(called)) == ("B", None)
    unheard, unmoved = after(called, Pass()), after(floor, Pass(), Pass())
    assert aside(unheard) == aside(unmoved) == CallCaucus(("A", "B"), ("deal",))


def test_a_chair_acts_without_a_mind() -> None:
    assert act_by_rule(with_text(opened(three())), never) == Adjourn()


# --- what is reckoned with at the signing table


def four(**changes: Any) -> HallState:
    """Return a forum of four with a text, at whatever stage is given."""
    rules = {"kind": "forum", "rounds": 2, "opens": "fixed"}
    game = listed(
        {key: [0, 4, 8, 10] for key in "ABCD"}, protocol=rules, participation={"kappa": 0.5}
    )
    return replace(after(opened(game), *[Pass()] * 4, Merge(1)), **changes)


def test_signatures_are_expected_of_supporters_alone_who_have_yet_to_sign(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: dict[str, Any] = {}

    def worths(*_: object, **known: Any) -> SigningWorths:
        told.update(known)
        return signing_worths(*_, **known)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(by_rule, "signing_worths", worths)
    seen = Seen().with_event("broken", 2)
    # B stands by the text, C voted for it, A has signed; D is to sign, and E does neither.
    rules = {"kind": "forum", "rounds": 2, "opens": "fixed"}
    game = listed(
        {key: [0, 4, 8, 10] for key in "ABCDE"}, protocol=rules, participation={"kappa": 0.5}
    )
    state = replace(
        after(opened(game), *[Pass()] * 5, Merge(1)),
        stage="sign",
        queue=(3, 1, 2, 4),
        accepted=frozenset({0, 1, 3}),
        ballots=(None, None, "yes", "yes", "no"),
        signatures=("binding", None, None, None, None),
        seen=seen,
    )
    assert signing_outlook(state) is not None

    trusted, mistrusted = (belief(game, seen, 3, (other,)) for other in (1, 2))
    assert told["bound"].tolist() == [True, False, False, False, False]
    assert told["expected"].tolist() == [0, trusted, mistrusted, 0, 0]
    assert 0 < mistrusted < trusted
    declared = replace(state, signatures=("declaratory", "out", None, None, None))
    signing_outlook(declared)
    assert told["bound"].tolist() == [False] * 5
    assert told["expected"].tolist() == [0, 0, mistrusted, 0, 0]


def test_at_the_fund_those_count_who_have_pledged_and_those_still_to_be_asked_are_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: dict[str, Any] = {}
    monkeypatch.setattr(by_rule, "pledge_worths", lambda *_, **known: told.update(known))
    state = four(stage="pledge", queue=(2, 3), pledges=(True, False, None, None))

    assert pledge_outlook(state) is None
    assert told["pledged"].tolist() == [True, False, False, False]
    assert told["expected"].tolist() == [0, 0, 0, belief(state.scenario, state.seen, 2, (3,))]
    assert pledge_outlook(replace(state, offer=None)) is None


def test_a_second_measure_is_announced_once_the_first_has_been() -> None:
    craft = CRAFT.model_dump()
    craft["measures"]["ban"] = {**craft["measures"]["tariff"], "label": "a ban"}
    game = three(rounds=4).model_copy(update={"statecraft": Statecraft.model_validate(craft)})
    first = second_floor(game)
    said = after(first, Threaten("tariff", "deal", "o2"), *[Pass()] * 3, Adjourn())
    assert aside(said) == Threaten("ban", "deal", "o2")


@pytest.mark.parametrize(("cost", "announces"), [(4, False), (3.5, True)])
def test_nothing_is_threatened_for_what_brings_no_more_than_it_costs(
    cost: float, announces: bool
) -> None:
    # From the text o2 it is 2 points to o3; from o1 it is 4 to o2 and 6 to o3.
    craft: dict[str, Any] = {**CRAFT.model_dump(), "backing_down": cost}
    craft["measures"]["tariff"]["cost"] = cost
    game = three().model_copy(update={"statecraft": Statecraft.model_validate(craft)})
    floor = after(opened(game), Offer(2), Pass(), Offer(0), Merge(1), Adjourn())
    assert (aside(floor) is not None) == announces
