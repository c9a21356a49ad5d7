"""Ratification: hand-worked chances, worths and closing payoffs; hurdles as bargaining strength.

The game by hand: A has 20, 50, 80 for o0, o1, o2 and 30 without agreement; B has 80, 50, 20 and 30.
A must ratify: q = 50, β = 0.1 a point, audience cost 10, and at home o1 is worth 5 points more.

    P(o1) = 1/(1 + e^−0.5) = .622459, W(o1) = 20 + .622459 · (50 − 20) = 38.673780
    P(o2) = 1/(1 + e^−3)   = .952574, W(o2) = 20 + .952574 · (80 − 20) = 77.154448
    P(o0) = 1/(1 + e^3)    = .047426, W(o0) = 20 + .047426 · (20 − 20) = 20
"""

import json
from dataclasses import replace
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.negotiate import negotiate
from games.agreement import Agreement
from games.analysis import analyze
from games.bargaining.quorum import zopa
from games.bargaining.solutions import bargain
from games.compliance.game import incentives
from games.errors import ScenarioError
from games.lint.findings import lint
from games.protocols.settlement import bound_parties, is_in_force, standing_signatures
from games.ratification import (
    chance_of,
    chances_to_ratify,
    parties_bound,
    passing_chance,
    ratification_of,
    ratified,
    worth_of_signing,
)
from games.review.close import read_close
from games.review.reading import read_session
from games.scenario import Scenario, parse_scenario
from games.sensitivity import drawn, judged_numbers
from games.session import (
    Accept,
    Offer,
    State,
    expected_payoffs,
    payoffs,
    start,
    step,
    utilities,
)
from tests.support.domains import listed, random_scenario
from transcripts import verify
from tui.text.agreement import agreement_lines
from tui.text.result import own_result_text, result_text

RATIFY: dict[str, Any] = {
    "threshold": 50,
    "slope": 0.1,
    "audience_cost": 10,
    "points": {"deal": {"o1": 5}},
}


def by_hand(**more: Any) -> Scenario:
    """Return the game by hand."""
    return listed(
        {"A": [20, 50, 80], "B": [80, 50, 20]},
        {"A": 30, "B": 30},
        mandates={"A": {"ratify": RATIFY}},
        **{"protocol": {"rounds": 4, "opens": "fixed"}, **more},
    )


def agreed(game: Scenario, outcome: int, seed: int = 0) -> State:
    """Return the session in which the first party's offer is accepted by all others at once."""
    state, _ = step(start(game, seed), Offer(outcome))
    while state.is_open:
        state, _ = step(state, Accept())
    return state


def seed_where(game: Scenario, outcome: int, *, holds: bool) -> int:
    """Return the first seed in which an agreement on an outcome holds, or does not."""
    for seed in range(1000):
        found = ratified(agreed(game, outcome, seed))
        if found is not None and found.holds == holds:
            return seed
    raise AssertionError("no such seed")


# --- before


def test_chances_are_those_of_the_logistic_curve_by_hand() -> None:
    found = [chance_of(by_hand(), 0, outcome) for outcome in range(3)]
    assert found == pytest.approx([0.0474258732, 0.6224593312, 0.9525741268])
    assert chance_of(by_hand(), 1, 0) == 1.0


def test_signing_is_worth_what_it_brings_with_the_chance_that_it_passes() -> None:
    own, other = by_hand().preferences
    assert own.utilities.tolist() == pytest.approx([20, 38.6737799, 77.1544476])
    assert own.in_force is not None
    assert own.in_force.tolist() == [20, 50, 80]
    assert other.utilities.tolist() == [80, 50, 20]
    assert other.in_force is None


@given(st.floats(-1e6, 1e6), st.floats(0.001, 10), st.floats(-1e6, 1e6))
def test_the_chance_is_the_formula_and_never_overflows(
    threshold: float, slope: float, worth: float
) -> None:
    ratify = ratification_of(by_hand(), "A")
    assert ratify is not None
    changed = ratify.model_copy(update={"threshold": threshold, "slope": slope})
    found = float(passing_chance(changed, np.asarray(worth)))
    power = -slope * (worth - threshold)
    assert found == pytest.approx(1 / (1 + exp(power)) if power < 700 else 0.0, abs=1e-12)


def test_what_passes_for_certain_is_worth_its_utility_and_what_never_does_costs_c() -> None:
    assert worth_of_signing(np.array([70.0]), np.array([1.0]), 30.0, 10.0).tolist() == [70]
    assert worth_of_signing(np.array([70.0]), np.array([0.0]), 30.0, 10.0).tolist() == [20]


def test_what_follows_signature_is_reckoned_with_what_is_in_force() -> None:
    issue = {"label": "deal", "options": ["o0", "o1", "o2"], "obligor": "A"}
    values = json.loads(by_hand().canonical())
    values["issues"]["deal"] = issue
    game = Scenario.model_validate(values)
    assert incentives(game, 1, 0).reward == 50 - 80


# --- the close


def test_a_text_that_passes_is_worth_its_utility() -> None:
    game = by_hand()
    state = agreed(game, 1, seed_where(game, 1, holds=True))
    assert state.status == "agreement"
    assert utilities(state) == {"A": 50, "B": 50}
    assert parties_bound(state) == ("A", "B")


def test_a_text_that_fails_costs_the_audience_cost_and_leaves_the_others_without() -> None:
    game = by_hand()
    state = agreed(game, 1, seed_where(game, 1, holds=False))
    assert state.status == "agreement"
    assert utilities(state) == {"A": 20, "B": 30}
    assert parties_bound(state) == ()


def test_time_acts_on_the_gain_over_r_and_on_the_audience_cost_alike() -> None:
    """Agreed on the offer of turn 2 of two parties: one round, A's δ is .9: 30 − .9 · 10 = 21."""
    game = by_hand(parties={"A": {"discount": 0.9}, "B": {"discount": 0.9}})
    seed = seed_where(game, 1, holds=False)
    state = start(game, seed)
    for move in (Offer(2), Offer(0), Offer(1), Accept()):
        state, _ = step(state, move)
    assert payoffs(state) == {"A": 21, "B": 30}
    passed = replace(state, seed=seed_where(game, 1, holds=True))
    assert payoffs(passed) == {"A": 48, "B": 48}


def test_no_agreement_is_worth_r_whenever_it_comes_in_every_way_of_discounting() -> None:
    game = by_hand(
        protocol={"rounds": 4, "opens": "fixed", "discounting": "total"},
        parties={"B": {"discount": 0.9}},
    )
    state = start(game, seed_where(game, 1, holds=False))
    for move in (Offer(2), Offer(0), Offer(1), Accept()):
        state, _ = step(state, move)
    assert payoffs(state)["B"] == 30


def test_nobody_is_asked_before_the_close_or_without_an_agreement() -> None:
    game = by_hand()
    state, _ = step(start(game), Offer(1))
    assert ratified(state) is None
    while state.is_open:
        state, _ = step(state, Offer(1))
    assert (state.status, ratified(state)) == ("no-agreement", None)
    assert utilities(state) == {"A": 30, "B": 30}


def test_over_many_seeds_a_capital_ratifies_as_often_as_its_chance_says() -> None:
    state = agreed(by_hand(), 1)
    passed = 0
    for seed in range(2000):
        found = ratified(replace(state, seed=seed))
        assert found is not None
        passed += found.holds
    error = (0.6225 * 0.3775 / 2000) ** 0.5
    assert abs(passed / 2000 - 0.6225) < 4 * error


def quorum(agreement: object) -> Scenario:
    """Return a game of three, A and B with hurdles of even chances at o0."""
    hurdle = {"ratify": {"threshold": 60, "audience_cost": 5}}
    return listed(
        {name: [60, 0] for name in ("A", "B", "C")},
        dict.fromkeys(("A", "B", "C"), 30.0),
        mandates={"A": hurdle, "B": hurdle},
        protocol={"rounds": 3, "opens": "fixed", "agreement": agreement},
    )


def all_sign(game: Scenario, seed: int) -> State:
    """Return the state in which all three stand by the first outcome and have agreed."""
    state, _ = step(start(game, seed), Offer(0))
    return replace(state, accepted=frozenset({0, 1, 2}), status="agreement", turn=3)


@pytest.mark.parametrize(
    ("agreement", "expected", "bound"),
    [
        ("unanimity", {"A": 25, "B": 30, "C": 30}, ()),
        ({"quorum": 0.6}, {"A": 25, "B": 60, "C": 60}, ("B", "C")),
        ({"quorum": 0.6, "vetoes": ["A"]}, {"A": 25, "B": 30, "C": 30}, ()),
        ({"quorum": 0.9}, {"A": 25, "B": 30, "C": 30}, ()),
    ],
)
def test_those_that_are_left_keep_the_agreement_if_they_could_have_made_it(
    agreement: object, expected: dict[str, float], bound: tuple[str, ...]
) -> None:
    game = quorum(agreement)
    base = all_sign(game, 0)
    states = [replace(base, seed=seed) for seed in range(200)]
    split = [
        state
        for state in states
        if (found := ratified(state)) is not None and found.failed == frozenset({0})
    ]
    assert split
    for state in split:
        assert utilities(state) == expected
        assert parties_bound(state) == bound


def test_if_all_turn_it_down_each_pays_and_nobody_is_left_with_a_deal() -> None:
    base = all_sign(quorum({"quorum": 0.3}), 0)
    for seed in range(200):
        found = ratified(replace(base, seed=seed))
        assert found is not None
        if found.failed == frozenset({0, 1}):
            assert not found.holds  # one party alone concludes nothing
            assert utilities(replace(base, seed=seed)) == {"A": 25, "B": 25, "C": 30}
            return
    raise AssertionError("both ratified or one did in every session")


def test_a_party_that_was_outvoted_need_not_ratify_and_is_bound_all_the_same() -> None:
    game = quorum({"quorum": 0.6})
    state = replace(all_sign(game, 0), accepted=frozenset({1, 2}))
    found = ratified(state)
    assert found is not None
    assert [one.party for one in found.capitals] == ["B"]
    seeds = [
        seed
        for seed in range(50)
        if (one := ratified(replace(state, seed=seed))) is not None and one.holds
    ]
    assert utilities(replace(state, seed=seeds[0])) == {"A": 60, "B": 60, "C": 60}
    # B reckons with its capital's chance, .5 · 60 + .5 · (30 − 5); A has none to reckon with.
    assert expected_payoffs(state) == pytest.approx({"A": 60, "B": 42.5, "C": 60})


# --- halls


def forum(kappa: float = 0.5) -> Scenario:
    """Return a forum of three in which A and B must ratify with even chances; two bring force."""
    hurdle = {"ratify": {"threshold": 60, "audience_cost": 5}}
    return listed(
        {name: [60, 0] for name in ("A", "B", "C")},
        dict.fromkeys(("A", "B", "C"), 30.0),
        mandates={"A": hurdle, "B": hurdle},
        protocol={"kind": "forum", "rounds": 1},
        participation={"threshold": 0.6, "kappa": kappa},
    )


def signed(game: Scenario, *signatures: str, seed: int = 0) -> Any:
    """Return the end of a forum whose text was signed so."""
    state: Any = start(game, seed)
    return replace(
        state, offer=0, stage="sign", signatures=signatures, status="agreement", queue=()
    )


def ended(game: Scenario, *signatures: str, failed: set[int]) -> Any:
    """Return an end in which these capitals turned it down."""
    for seed in range(200):
        state = signed(game, *signatures, seed=seed)
        found = ratified(state)
        if (set() if found is None else set(found.failed)) == failed:
            return state
    raise AssertionError("no such seed")


def test_a_binding_signature_that_fails_is_none_and_force_is_counted_again() -> None:
    game = forum()
    stands = ended(game, "binding", "binding", "binding", failed={0})
    assert standing_signatures(stands).tolist() == [2, 0, 0]
    assert is_in_force(stands)
    assert bound_parties(stands) == ("B", "C")
    assert utilities(stands) == {"A": 25, "B": 60, "C": 60}
    falls = ended(game, "binding", "binding", "out", failed={0})
    assert not is_in_force(falls)
    assert bound_parties(falls) == ()
    # B is left with a signature under a text that is not in force: half its gain, as declared.
    assert utilities(falls) == {"A": 25, "B": 45, "C": 30}


def test_declarations_need_no_ratification() -> None:
    state = signed(forum(), "declaratory", "declaratory", "binding")
    assert ratified(state) is None
    assert utilities(state)["A"] == 45


def test_a_seat_weighs_a_binding_signature_with_its_own_chance_alone() -> None:
    """With q = .5 for both, A's signature is worth P(60) + (1 − P)(30 − 5) = 42.5 in force."""
    from games.participation.signing import signing_worths

    game = forum()
    worths = signing_worths(
        game,
        0,
        0,
        trust=1.0,
        bound=np.array([False, True, True]),
        expected=np.zeros(3),
    )
    assert worths.in_force_with == 1
    assert worths.binding == pytest.approx(42.5)
    assert worths.declaratory == pytest.approx(45)
    assert worths.out == pytest.approx(30)


def test_whoever_signs_in_vain_has_what_it_has_outside_in_the_game_as_at_the_close() -> None:
    """With B and C bound: .5 · 60 + .5 · (out − 5), out = 30 + spill-overs − penalty = 33."""
    from games.compliance.game import attainable_gain
    from games.participation.signatures import signature_game
    from games.participation.signing import signing_worths

    values = json.loads(forum().canonical())
    values["participation"] |= {"spill": 0.2, "penalty": 3}
    del values["mandates"]["B"]
    game = Scenario.model_validate(values)
    bound = np.array([0, 0, 0], dtype=np.int8)
    shares = signature_game(game, 0).worths(bound)[:, 0]
    for failed, had in ((set[int](), 60), ({0}, 33 - 5)):
        assert utilities(ended(game, *["binding"] * 3, failed=failed))["A"] == pytest.approx(had)
    assert 30 + attainable_gain(game, 0) * shares == pytest.approx([44, 45, 33])
    worths = signing_worths(
        game,
        0,
        0,
        trust=1.0,
        bound=np.array([False, True, True]),
        expected=np.zeros(3),
    )
    assert [worths.binding, worths.declaratory, worths.out] == pytest.approx([44, 45, 33])


def test_a_forum_played_out_is_settled_as_it_was_ratified(tmp_path: Path) -> None:
    """Declaring is worth 36, less than the 42.5 of a binding signature: all sign binding."""
    game = forum(kappa=0.2)
    told: set[tuple[bool, bool, bool]] = set()
    for seed in range(10):
        path = tmp_path / f"{seed}.jsonl"
        seats = dict.fromkeys(game.ids, "conceder")
        record = negotiate(game, seats, seed=seed, transcript=path)
        found = ratified(record.state)
        assert found is not None
        result: Any = record.as_json()
        passed = [one.has_ratified for one in found.capitals]
        in_force = sum(passed) > 0
        assert result["signatures"] == dict.fromkeys(game.ids, "binding")
        assert result["in_force"] == result["ratification"]["holds"] == in_force
        kept = 60 if in_force else 36
        expected = [*(kept if one else 25 for one in passed), kept]
        assert result["utilities"] == dict(zip(game.ids, expected, strict=True))
        assert result["hall"]["bound_weight"] == pytest.approx((1 + sum(passed)) / 3)
        assert verify(path).ok
        text = " ".join(result_text(record).split())
        assert "At home: " in text
        if not all(passed):
            assert (
                f"Without their signatures the text is {'' if in_force else 'not '}in force" in text
            )
        told.add((passed[0], passed[1], in_force))
    assert len(told) == 4


def plenary() -> Scenario:
    """Return a plenary of three whose text is adopted and not signed, A and B to ratify."""
    values = json.loads(forum().canonical())
    del values["participation"]
    values["protocol"] = {"kind": "plenary", "rounds": 1, "agreement": {"quorum": 0.6}}
    return Scenario.model_validate(values)


def test_an_adopted_text_is_put_to_the_capitals_of_all_who_stayed() -> None:
    state = ended(plenary(), "out", "out", "out", failed={0})
    assert utilities(state) == {"A": 25, "B": 60, "C": 60}
    assert bound_parties(state) == ("B", "C")
    both = ended(plenary(), "out", "out", "out", failed={0, 1})
    assert utilities(both) == {"A": 25, "B": 25, "C": 30}
    assert not is_in_force(both)


# --- a hurdle is bargaining strength, and agreement is rarer

GRID = (0.0, 20.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0)


def dividing(threshold: float | None, audience_cost: float = 0.0) -> Scenario:
    """Return the division of 100 points in steps of 5, with a hurdle for A or without one."""
    shares = [float(5 * k) for k in range(21)]
    ratify = {"threshold": threshold, "slope": 0.1, "audience_cost": audience_cost}
    return listed(
        {"A": shares, "B": [100 - share for share in shares]},
        {"A": 10, "B": 10},
        mandates={} if threshold is None else {"A": {"ratify": ratify}},
        protocol={"rounds": 10, "opens": "fixed"},
    )


def at_nash(game: Scenario) -> float:
    """Return the mean of what the first party has in force at the Nash outcomes."""
    own = game.preferences[0]
    found = bargain(game).solutions["nash"]
    return float(np.mean([own.utility_in_force(int(one)) for one in found]))


def test_a_higher_hurdle_moves_the_nash_outcome_towards_its_seat() -> None:
    won = [at_nash(dividing(threshold)) for threshold in GRID]
    assert won == sorted(won)
    assert won[-1] > won[0]
    assert at_nash(dividing(None)) <= won[0]


@pytest.mark.parametrize("seed", range(30))
def test_in_any_domain_a_higher_hurdle_never_moves_the_nash_outcome_away(seed: int) -> None:
    plain = random_scenario(seed, scale=100.0, outcomes=(10, 300))
    values = json.loads(plain.canonical())
    own = plain.preferences[0]
    won: list[float] = []
    sizes: list[int] = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        hurdle = own.lowest + share * own.span
        values["mandates"] = {"P0": {"ratify": {"threshold": hurdle, "slope": 0.1}}}
        game = Scenario.model_validate(values)
        sizes.append(len(zopa(game)))
        if sizes[-1]:
            won.append(at_nash(game))
    assert won == sorted(won)
    assert sizes == sorted(sizes, reverse=True)


def test_a_higher_hurdle_leaves_fewer_outcomes_acceptable_to_both() -> None:
    sizes = [len(zopa(dividing(threshold, 10))) for threshold in GRID]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0]


def test_a_higher_hurdle_lets_fewer_sessions_end_in_an_agreement_that_holds() -> None:
    def share(threshold: float) -> float:
        game = dividing(threshold, 10)
        held = 0
        for seed in range(200):
            record = negotiate(game, {"A": "linear", "B": "linear"}, seed=seed)
            found = ratified(record.state)
            held += record.state.agreement is not None and (found is None or found.holds)
        return held / 200

    low, middle, high = share(20.0), share(60.0), share(90.0)
    assert low > middle > high


# --- units


@pytest.mark.parametrize(("factor", "shift"), [(2.0, 0.0), (0.5, 8.0), (4.0, -16.0)])
def test_nothing_depends_on_the_unit_of_whoever_ratifies(factor: float, shift: float) -> None:
    game = dividing(55.0, 10)
    values = json.loads(game.canonical())
    own = values["parties"]["A"]
    own["points"]["deal"] = {
        option: factor * worth + shift for option, worth in own["points"]["deal"].items()
    }
    own["reservation"] = factor * own["reservation"] + shift
    ratify = values["mandates"]["A"]["ratify"]
    ratify["threshold"] = factor * ratify["threshold"] + shift
    ratify["slope"] /= factor
    ratify["audience_cost"] *= factor
    ratify["points"] = {"deal": {"o10": 4.0 * factor}}
    with_home = json.loads(game.canonical())
    with_home["mandates"]["A"]["ratify"]["points"] = {"deal": {"o10": 4.0}}
    plain, changed = Scenario.model_validate(with_home), Scenario.model_validate(values)
    assert changed.preferences[0].utilities == pytest.approx(
        factor * plain.preferences[0].utilities + shift
    )
    assert zopa(changed).tolist() == zopa(plain).tolist()
    assert bargain(changed).solutions["nash"].tolist() == bargain(plain).solutions["nash"].tolist()
    assert chances_to_ratify(changed, 12) == pytest.approx(chances_to_ratify(plain, 12))
    for seed in range(20):
        one, other = (ratified(agreed(each, 12, seed)) for each in (plain, changed))
        assert one is not None
        assert other is not None
        assert one.failed == other.failed


# --- records and reports


def test_the_record_says_which_capitals_ratified_with_which_chance(tmp_path: Path) -> None:
    game = by_hand()
    told: set[bool] = set()
    for seed in range(12):
        path = tmp_path / f"{seed}.jsonl"
        record = negotiate(game, {"A": "conceder", "B": "conceder"}, seed=seed, transcript=path)
        found: Any = record.as_json()["ratification"]
        outcome = record.state.agreement
        assert outcome is not None
        capital = found["capitals"]["A"]
        assert capital["chance"] == pytest.approx(chance_of(game, 0, outcome))
        assert found["holds"] == capital["ratified"]
        checked = verify(path)
        assert (checked.ok, checked.problems) == (True, [])
        text = " ".join(result_text(record).split())
        verb = "ratified by" if capital["ratified"] else "turned down by"
        assert f"At home: {verb} A party (chance {capital['chance']:.0%}" in text
        if not found["holds"]:
            assert record.as_json()["utilities"] == {"A": 20, "B": 30}
            assert "does not hold" in text
            assert "Will it hold? The text is not in force" in text
        told.add(capital["ratified"])
        own = " ".join(own_result_text(record, "B").split())
        assert f"At home: {verb} A party." in own
    assert told == {True, False}


def test_an_agreement_says_how_likely_it_is_to_pass_everywhere() -> None:
    game = quorum("unanimity")
    found = Agreement(game, 0)
    told: Any = found.as_json()["ratification"]
    assert told == {"chances": {"A": 0.5, "B": 0.5}, "jointly": 0.25}
    text = " ".join(" ".join(agreement_lines(found)).split())
    assert "Chance that it passes at home once it is signed" in text
    assert "in all of them 25%" in text
    alone = " ".join(" ".join(agreement_lines(Agreement(by_hand(), 1))).split())
    assert "Once it is signed it passes in the capital of A party: 62%." in alone
    assert "ratification" not in Agreement(dividing(None), 0).as_json()


def test_what_theory_says_of_play_does_not_hang_on_the_lot_of_one_seed() -> None:
    game = by_hand(parties={"A": {"discount": 0.9}, "B": {"discount": 0.9}})
    for holds in (True, False):
        state = start(game, seed_where(game, 1, holds=holds))
        for move in (Offer(2), Offer(0), Offer(1), Accept()):
            state, _ = step(state, move)
        assert expected_payoffs(state) == pytest.approx({"A": 30 + 0.9 * 8.6737799, "B": 48})
    (stances,) = (one for one in analyze(game).matrices if one.name == "stance")
    assert stances.points is not None
    best = game.preferences[0].highest
    assert stances.points[:, :, 0].max() <= best
    assert stances.points[:, :, 0].min() >= 30 - 1e-9


def test_a_move_is_judged_by_what_signing_was_worth_whatever_the_capital_made_of_it() -> None:
    game = by_hand()
    for holds in (True, False):
        seed = seed_where(game, 1, holds=holds)
        moves = (Offer(2), Offer(1), Accept())
        reading = read_session(game, moves, range(3), "A", seed=seed)
        judged = reading.moves[-1].judgement
        assert judged is not None
        gains = {one.move: one.expected_gain for one in judged.candidates}
        assert gains[Accept()] == pytest.approx(8.6737799)


def test_what_was_left_is_reckoned_as_at_signature_whatever_the_capital_made_of_it() -> None:
    game = by_hand()
    left = [
        read_close(agreed(game, 1, seed_where(game, 1, holds=passed)), (), 0).left
        for passed in (True, False)
    ]
    assert left[0] == left[1]
    assert [one.points for one in left[0]] == [0, 0]


# --- files


@pytest.mark.parametrize(
    ("points", "complaint"),
    [
        ({"price": {"o1": 1}}, "mandates.A.ratify.points: unknown 'price'"),
        ({"deal": {"o7": 1}}, "mandates.A.ratify.points.deal: unknown 'o7'"),
    ],
)
def test_points_at_home_must_be_of_options_that_exist(
    points: dict[str, Any], complaint: str
) -> None:
    values = json.loads(by_hand().canonical())
    values["mandates"]["A"]["ratify"]["points"] = points
    with pytest.raises(ScenarioError, match=complaint):
        parse_scenario(json.dumps(values))


@pytest.mark.parametrize(
    ("threshold", "remark"), [(-500, "moves nothing"), (500, "nothing that it may sign passes")]
)
def test_a_hurdle_that_all_clear_or_none_is_remarked_on(threshold: float, remark: str) -> None:
    values = json.loads(by_hand().canonical())
    values["mandates"]["A"]["ratify"]["threshold"] = threshold
    found = {one.where: one.what for one in lint(Scenario.model_validate(values))}
    assert remark in found["mandates.A.ratify.threshold"]
    assert "mandates.A.ratify.threshold" not in {one.where for one in lint(by_hand())}


def test_judged_hurdles_are_drawn_anew() -> None:
    assert judged_numbers(by_hand(), ["mandates"]) == (
        "mandates.A.ratify.threshold",
        "mandates.A.ratify.audience_cost",
        "mandates.A.ratify.points.deal.o1",
    )
    ratify = ratification_of(drawn(by_hand(), 3, what=["mandates"]).scenario, "A")
    assert ratify is not None
    assert 25 <= ratify.threshold <= 75
    assert ratify.threshold != 50
    assert ratify.slope == 0.1
