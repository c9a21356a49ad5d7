"""Threats and promises: when they fall due, what they cost and bring, and what is seen of them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.hall import hall_of
from games.errors import IllegalMove
from games.moves import (
    Accept,
    Adjourn,
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
from games.participation.trust import Counts
from games.parts.surroundings import Measure, Statecraft
from games.protocols.hall import HallState, Vow
from games.protocols.vows import falls_due, is_due, keep_count
from games.scenario import Scenario
from games.session import step, utilities
from tests.games.protocols.halls import after, allows, opened, three, with_text
from tests.support.domains import party, scenario

CRAFT = Statecraft(
    measures={
        "tariff": Measure(label="a tariff", by="A", towards=("B",), effect={"B": -6}, cost=2),
        "credit": Measure(label="a credit", by="B", towards=("C",), effect={"C": 4}, cost=1),
    },
    backing_down=2.5,
)

THREAT = Threaten("tariff", "deal", "o2")
"""Unless the text has o2."""

SUPPORT = Promise(("A",), "deal", "o1")
CREDIT = Promise(("C",), "deal", "o1", "credit")
YES = [Vote("yes")] * 3


def hall(**protocol: Any) -> HallState:
    """Return a hall of three in which A can threaten B, and B promise C something."""
    game = three(**protocol).model_copy(update={"statecraft": CRAFT})
    return opened(game)


def second_floor(*said: Move, **protocol: object) -> HallState:
    """Return the hall in the chair of its second round, the text being o1, after what was said."""
    return after(after(with_text(hall(**protocol)), Adjourn()), *said)


def voted(state: HallState, *ballots: Vote) -> HallState:
    return after(state, PutToVote(), *ballots)


def test_a_threat_falls_due_where_the_text_has_not_what_was_demanded() -> None:
    due = voted(second_floor(THREAT, Pass(), Pass(), Pass()), *YES)
    assert (due.stage, due.party) == ("due", "A")
    kept = after(due, CarryOut(does=True))
    assert utilities(kept) == {"A": 4 - 2, "B": 6 - 6, "C": 8}
    backed_down = after(due, CarryOut(does=False))
    assert utilities(backed_down) == {"A": 4 - 2.5, "B": 6, "C": 8}


def test_nobody_has_backed_down_from_what_has_not_fallen_due() -> None:
    """Where the talks are cut off a threat is still open: it costs and hurts nobody."""
    threatened = second_floor(THREAT)
    assert threatened.is_open
    assert utilities(threatened) == {"A": 1, "B": 1, "C": 1}


def test_a_threat_that_was_heeded_costs_nothing() -> None:
    heeded = second_floor(Threaten("tariff", "deal", "o1"), Pass(), Pass(), Pass())
    end = voted(heeded, *YES)
    assert end.status == "agreement"
    assert utilities(end) == {"A": 4, "B": 6, "C": 8}


def test_without_a_text_threats_fall_due_and_promises_do_not() -> None:
    said = (THREAT, Pass(), CREDIT, Pass(), Pass())
    due = after(second_floor(*said), Adjourn())
    assert (due.stage, due.queue, due.party) == ("due", (0,), "A")
    end = after(due, CarryOut(does=True))
    assert (end.status, end.agreement) == ("no-agreement", None)
    assert utilities(end) == {"A": 1 - 2, "B": 1 - 6, "C": 1}


def test_a_text_that_nobody_signs_is_no_text() -> None:
    threat = Threaten("tariff", "deal", "o1")
    signing = after(second_floor(threat, Pass(), Pass(), Pass(), kind="forum"), OpenSignature())
    due = after(signing, *[Sign("out")] * 3)
    assert (due.stage, due.offer) == ("due", None)
    end = after(due, CarryOut(does=False))
    assert (end.status, utilities(end)["A"]) == ("no-agreement", 1 - 2.5)


def test_walking_away_does_not_evade_a_threat_that_falls_due() -> None:
    gone = second_floor(THREAT, WalkAway(), Pass(), Pass(), agreement={"quorum": 0.5})
    due = after(gone, PutToVote(), Vote("yes"), Vote("yes"))
    assert (due.stage, due.party, due.left) == ("due", "A", {0})
    assert utilities(after(due, CarryOut(does=False)))["A"] == 1 - 2.5


def test_when_a_hall_breaks_up_threats_fall_due() -> None:
    broken = second_floor(THREAT, Pass(), WalkAway(), agreement="unanimity")
    assert (broken.stage, broken.party) == ("due", "A")
    assert after(broken, CarryOut(does=True)).status == "walked-away"


@pytest.mark.parametrize(("does", "kept"), [(True, 1), (False, 0)])
def test_a_promise_of_a_measure_is_kept_by_carrying_it_out(does: bool, kept: int) -> None:
    due = voted(second_floor(Pass(), CREDIT, Pass(), Pass()), *YES)
    assert (due.stage, due.party) == ("due", "B")
    end = after(due, CarryOut(does=does))
    assert end.seen.of(2, 1) == Counts(kept=kept, broken=1 - kept)
    assert end.seen.of(0, 1) == Counts()
    points = {True: (6 - 1, 8 + 4), False: (6 - 2.5, 8)}[does]
    assert (utilities(end)["B"], utilities(end)["C"]) == points


@pytest.mark.parametrize(
    ("ballot", "expected"),
    [
        ("yes", Counts(kept=1)),
        ("no", Counts(broken=1)),
        ("abstain", Counts(broken=1)),
    ],
)
def test_a_promise_of_support_is_kept_by_a_vote(ballot: str, expected: Counts) -> None:
    spoken = second_floor(Pass(), SUPPORT, Pass(), Pass())
    votes = {"yes": Vote("yes"), "no": Vote("no"), "abstain": Vote("abstain")}
    end = voted(spoken, Vote("yes"), votes[ballot], Vote("yes"))
    assert end.status == "agreement"
    assert end.seen.of(0, 1) == expected
    assert end.seen.of(2, 1) == Counts()


@pytest.mark.parametrize(
    ("signature", "expected"),
    [(Sign("declaratory"), Counts(kept=1)), (Sign("out"), Counts(broken=1))],
)
def test_a_promise_of_support_is_kept_by_a_signature(signature: Sign, expected: Counts) -> None:
    signing = after(second_floor(Pass(), SUPPORT, Pass(), Pass(), kind="forum"), OpenSignature())
    end = after(signing, Sign("binding"), signature, Sign("binding"))
    assert end.seen.of(0, 1) == expected


def test_who_promised_its_support_and_left_broke_its_promise() -> None:
    gone = second_floor(Pass(), SUPPORT, WalkAway(), Pass(), agreement={"quorum": 0.5})
    end = voted(gone, Vote("yes"), Vote("yes"))
    assert end.seen.of(0, 1) == Counts(broken=1)


def test_a_promise_that_has_not_fallen_due_was_neither_kept_nor_broken() -> None:
    spoken = second_floor(Pass(), Promise(("A",), "deal", "o2"), Pass(), Pass())
    assert voted(spoken, *YES).seen.of(0, 1) == Counts()


@pytest.mark.parametrize("does", [True, False])
def test_a_threat_that_falls_due_is_no_promise_kept_or_broken(does: bool) -> None:
    due = voted(second_floor(THREAT, Pass(), Pass(), Pass()), *YES)
    assert after(due, CarryOut(does=does)).seen.of(1, 0) == Counts(threat=1)


def test_who_voted_no_and_then_keeps_silence_has_supported_the_text() -> None:
    lost = voted(second_floor(Pass(), SUPPORT, Pass(), Pass()), *[Vote("no")] * 3)
    end = after(lost, OpenSilence(), KeepSilence(), KeepSilence())
    assert end.status == "agreement"
    assert end.seen.of(0, 1) == Counts(kept=1)


def test_support_that_is_promised_ten_times_is_kept_once() -> None:
    text = second_floor(Pass(), SUPPORT, Pass(), Pass())
    vows = [Vow(by=1, to=(0,), settles=((0, 1),), room=room) for room in range(10)]
    assert keep_count(replace(text, vows=tuple(vows))).of(0, 1) == Counts(kept=1)


def test_a_threat_is_counted_by_those_it_is_aimed_at() -> None:
    said = second_floor(THREAT)
    assert said.seen.of(1, 0) == Counts(threat=1)
    assert said.seen.of(2, 0) == Counts()


def test_a_concession_that_is_taken_back_while_the_text_has_it_is_seen_by_all() -> None:
    text = with_text(hall(rounds=4))
    conceded = after(text, Adjourn(), Accept(), Pass(), Pass(), Adjourn())
    back = after(conceded, Offer(3))
    assert [back.seen.of(observer, 0) for observer in (1, 2)] == [Counts(withdrawn=1)] * 2
    once = after(back, Pass(), Pass(), Adjourn(), Offer(2))
    assert once.seen.of(1, 0) == Counts(withdrawn=1)


def test_asking_for_something_else_once_the_text_has_changed_takes_nothing_back() -> None:
    text = with_text(hall(rounds=4))
    conceded = after(text, Adjourn(), Accept(), Pass(), Pass(), Merge(0), Adjourn())
    assert after(conceded, Offer(3)).seen.of(1, 0) == Counts()


def test_what_is_promised_in_a_caucus_is_known_in_it_alone() -> None:
    called = second_floor(
        CallCaucus(("B",), ("deal",)), Pass(), Pass(), Pass(), caucuses=1, rounds=3
    )
    promised = after(called, Promise(("B",), "deal", "o1"), Pass(), Pass(), Pass(), Pass())
    following = after(promised, Adjourn())
    heard = {}
    for _ in range(3):
        heard[following.party] = len(hall_of(following).vows)
        following = after(following, Pass())
    assert heard == {"A": 1, "B": 1, "C": 0}


@pytest.mark.parametrize(
    ("move", "problem"),
    [
        (Threaten("tarif", "deal", "o1"), "A: no measure 'tarif' of its own; tariff, embargo"),
        (Threaten("credit", "deal", "o1"), "A: no measure 'credit' of its own; tariff, embargo"),
        (Threaten("tariff", "price", "o1"), "A: no issue 'price'"),
        (Threaten("tariff", "deal", "o9"), "A: deal has no option 'o9'"),
        (Promise(("B",), "deal", "o1", "tariff"), "A: tariff can only be threatened"),
        (Promise(("A",), "deal", "o1"), "A: no other delegation 'A'"),
        (Promise((), "deal", "o1"), "A: expected other delegations to whom it promises"),
        (Promise(("B", "B"), "deal", "o1"), "A: expected other delegations to whom it promises"),
    ],
)
def test_a_vow_that_cannot_be_made_is_refused_in_one_line(move: Move, problem: str) -> None:
    two = Measure(label="an embargo", by="A", towards=("C",), effect={"C": -1}, cost=1)
    craft = CRAFT.model_copy(update={"measures": CRAFT.measures | {"embargo": two}})
    state = opened(three().model_copy(update={"statecraft": craft}))
    with pytest.raises(IllegalMove) as refused:
        step(state, move)
    assert str(refused.value).startswith(problem)
    assert "\n" not in str(refused.value)


def test_a_measure_is_announced_once_and_a_promise_made_once() -> None:
    said = second_floor(THREAT, Pass(), SUPPORT, Pass(), Pass(), rounds=3)
    following = after(said, Adjourn())
    with pytest.raises(IllegalMove, match="tariff has been announced already"):
        step(following, Threaten("tariff", "deal", "o3"))
    with pytest.raises(IllegalMove, match="it has promised them so already"):
        step(after(following, Pass()), SUPPORT)
    assert allows(after(following, Pass()), Promise(("A",), "deal", "o2"))


@pytest.mark.parametrize(("text", "is_due_now"), [(4, True), (3, False), (1, False), (0, False)])
def test_a_promise_on_two_issues_falls_due_where_the_text_has_both(
    text: int, is_due_now: bool
) -> None:
    points = {name: {f"o{k}": 1.0 for k in range(3)} for name in "xy"}
    game = scenario(
        {name: list(row) for name, row in points.items()},
        {name: party(points) for name in "AB"},
        protocol={"kind": "plenary"},
    )
    vow = Vow(by=0, to=(1,), settles=((0, 1), (1, 1)))
    state = replace(opened(game), offer=text)
    assert is_due(state, vow) == is_due_now
    assert is_due(state, replace(vow, is_threat=True)) != is_due_now


def test_a_vow_that_is_not_due_keeps_no_later_one_from_counting() -> None:
    # The text has o1: A's threat that it should is heeded, B's promise that it will falls due.
    heeded = Vow(by=0, to=(1,), settles=((0, 1),), measure="tariff", is_threat=True)
    promise = Vow(by=1, to=(2,), settles=((0, 1),), measure="credit", carried_out=True)
    state = replace(hall(), offer=1, status="agreement", vows=(heeded, promise))
    assert utilities(state) == {"A": 4, "B": 6 - 1, "C": 8 + 4}
    backed_down = replace(promise, carried_out=False)
    assert utilities(replace(state, vows=(heeded, backed_down))) == {"A": 4, "B": 6 - 2.5, "C": 8}


def test_only_a_vow_of_a_measure_is_announced() -> None:
    state = hall()
    assert after(state, Promise(("B",), "deal", "o1")).announced == ()
    assert after(state, Promise(("B",), "deal", "o1"), Pass(), SUPPORT).announced == ()
    assert after(state, THREAT).announced == (0,)


@given(text=st.sampled_from([None, 0, 1, 2, 3]), level=st.integers(0, 3), threat=st.booleans())
def test_of_a_threat_and_a_promise_on_one_condition_exactly_one_is_due(
    text: int | None, level: int, threat: bool
) -> None:
    vow = Vow(by=0, to=(1,), settles=((0, level),), measure="tariff", is_threat=threat)
    state = replace(hall(), offer=text, vows=(vow,))
    assert is_due(state, vow) == (threat != (text == level))
    assert falls_due(state) == ((0,) if is_due(state, vow) else ())


def test_the_scenario_of_these_tests_is_sound() -> None:
    game: Scenario = hall().scenario
    assert Scenario.model_validate_json(game.canonical()).statecraft == CRAFT
