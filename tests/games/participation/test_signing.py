"""How one seat signs: hand-worked worths, expectations by enumeration, what moves them, privacy."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.errors import ScenarioError
from games.participation.signatures import SIGNATURES, signature_game
from games.participation.signing import (
    SigningWorths,
    choose_signature,
    signing_worths,
    value_at_risk,
)
from games.scenario import Scenario
from tests.games.test_rescaling import rescaled
from tests.support.domains import party, scenario

BASE, TEXT = 0, 3


def table(
    outside: dict[str, Any] | None = None,
    commitments: dict[str, Any] | None = None,
    parties: dict[str, dict[str, Any]] | None = None,
    **participation: Any,
) -> Scenario:
    """Return four parties before a text: A is owed tonnes by B, and owes money to all.

    The whole text (tonnes and money) is worth 40 to A, who has r = 10; 24 of them are the tonnes.
    """
    fields: dict[str, Any] = {"threshold": 0.5, "kappa": 0.25, **participation}
    own = {
        "A": party(
            {"tonnes": {"0": 0, "9": 24}, "money": {"none": 0, "all": 16}},
            10.0,
            alternatives=[
                {"name": "wait", "points": 10},
                {"name": "buy outside", "points": 8, "undercut": 16},
            ],
        ),
        **{
            name: party(
                {"tonnes": {"0": 5, "9": 0}, "money": {"none": 0, "all": 20}}, 2.0, side=side
            )
            for name, side in (("B", "supplier"), ("C", "mixed"), ("D", "mixed"))
        },
    }
    for name, more in (parties or {}).items():
        own[name] = {**own[name], **more}
    return scenario(
        {
            "tonnes": {"label": "t", "options": [0, 9], "obligor": "B", "unmet": 0},
            "money": {"label": "m", "options": ["none", "all"], "obligor": "A"},
        },
        own,
        participation=fields,
        commitments=commitments or {},
        **({} if outside is None else {"outside": outside}),
    )


UNDERCUTS = {"name": "O", "price_cut": 0.5, "squeeze": 0.5, "dependence": {"A": 6}}


def worths(
    game: Scenario,
    trust: float = 1.0,
    bound: tuple[bool, ...] = (False,) * 4,
    expected: tuple[float, ...] = (0.0,) * 4,
    position: int = 0,
) -> SigningWorths:
    """Return what each way of signing the whole text is worth."""
    return signing_worths(
        game, position, TEXT, trust=trust, bound=np.array(bound), expected=np.array(expected)
    )


def three(found: SigningWorths) -> tuple[float, float, float]:
    """Return the three worths."""
    return found.binding, found.declaratory, found.out


@pytest.mark.parametrize(
    ("trust", "bound", "expected", "hand"),
    [
        # Alone it is not in force: binding is a declaration, 10 + (40 − 10)/4.
        (1.0, (0, 0, 0, 0), (0, 0, 0, 0), (17.5, 17.5, 10)),
        # With B bound its own signature is the second of four, and enough.
        (1.0, (0, 1, 0, 0), (0, 0, 0, 0), (40, 17.5, 10)),
        # If the others are not trusted, the tonnes are at risk: 40 − 24/2.
        (0.5, (0, 1, 0, 0), (0, 0, 0, 0), (28, 17.5, 10)),
        (0.0, (0, 1, 0, 0), (0, 0, 0, 0), (16, 17.5, 10)),
        # One in four that B binds itself: 40/4 + 17.5 · 3/4.
        (1.0, (0, 0, 0, 0), (0, 0.25, 0, 0), (23.125, 17.5, 10)),
        # Its own entries are not read.
        (1.0, (1, 0, 0, 0), (0.9, 0.25, 0, 0), (23.125, 17.5, 10)),
        # A bound party is bound whatever was expected of it.
        (1.0, (0, 1, 0, 0), (0, 0.25, 0, 0), (40, 17.5, 10)),
    ],
)
def test_worths_by_hand(trust, bound, expected, hand):
    assert three(worths(table(), trust, bound, expected)) == pytest.approx(hand)


def test_enforcement_makes_good_for_trust():
    found = worths(
        table(commitments={"enforcement": 0.5}), trust=0.5, bound=(False, True, False, False)
    )

    assert found.binding == pytest.approx(40 - 0.25 * 24)


def test_the_outside_suppliers_reply_by_hand():
    game = table(outside=UNDERCUTS)

    # B and C are bound: m = 1/2, cut = 1/4; buying outside is worth 8 + 4 = 12, the squeeze 3.
    found = worths(game, bound=(False, True, True, False))

    assert three(found) == pytest.approx((37, 12 + 28 / 4, 12))


def test_spill_overs_and_the_penalty_reach_who_stays_out():
    game = table(spill={"B": 0.2, "C": 0.1}, penalty=8, access=3, reply=1)

    # Its best outcome is worth 30 more than r; 1.5 of four are expected to be bound.
    found = worths(game, bound=(False, True, False, False), expected=(0, 0, 0.5, 0))

    assert three(found) == pytest.approx((40, 19.5, 10 + 30 * 0.25 - 8 * 1.5 / 4))


def brute_force(
    game: Scenario, trust: float, bound: list[bool], expected: list[float]
) -> tuple[float, float, float]:
    """Return the worths for A from the game of signing itself, over every completion."""
    own = signature_game(game, TEXT)
    preferences = game.preferences[0]
    gain = preferences.highest - preferences.reservation
    behind = game.commitments
    doubt = (1 - trust) * (1 - (behind.enforcement if behind else 0))
    total = np.zeros(3)
    chances = [1.0 if b else p for b, p in zip(bound, expected, strict=True)]
    for others in product((True, False), repeat=3):
        chance = float(
            np.prod([p if x else 1 - p for p, x in zip(chances[1:], others, strict=True)])
        )
        for way in range(3):
            choices = np.array([way, *(0 if x else 2 for x in others)], dtype=np.int8)
            worth = preferences.reservation + own.payoffs(choices)[0] * gain
            betrayed = doubt * 24 if way == 0 and own.force(choices) else 0.0
            total[way] += chance * (worth - betrayed)
    return float(total[0]), float(total[1]), float(total[2])


shares = st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])


@given(
    shares,
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.lists(shares, min_size=4, max_size=4),
    st.sampled_from([None, UNDERCUTS]),
    st.fixed_dictionaries(
        {
            "threshold": st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.0]),
            "weights": st.sampled_from([{}, {"B": 3}, {"A": 0.7, "C": 2.2}]),
            "kappa": shares,
            "spill": st.sampled_from([0.0, 0.15]),
            "penalty": st.sampled_from([0.0, 8.0]),
            "access": st.sampled_from([0.0, 3.0]),
        }
    ),
    shares,
)
def test_worths_are_expectations_over_every_completion(
    trust, bound, expected, outside, stated, enforcement
):
    game = table(outside, {"enforcement": enforcement}, **stated)

    found = worths(game, trust, tuple(bound), tuple(expected))

    assert three(found) == pytest.approx(brute_force(game, trust, bound, expected), abs=1e-4)


@given(shares, shares, shares, shares)
def test_more_trust_or_enforcement_makes_binding_worth_more_and_nothing_else(one, other, e, more):
    (low, high), (weak, strong) = sorted((one, other)), sorted((e, more))
    bound = (False, True, False, False)

    before = worths(table(commitments={"enforcement": weak}), low, bound)
    trusted = worths(table(commitments={"enforcement": weak}), high, bound)
    enforced = worths(table(commitments={"enforcement": strong}), low, bound)

    assert before.binding <= trusted.binding + 1e-9
    assert before.binding <= enforced.binding + 1e-9
    assert three(before)[1:] == three(trusted)[1:] == three(enforced)[1:]


@given(st.sampled_from([0.0, 2.0, 9.0]), st.sampled_from([0.0, 2.0, 9.0]), shares)
def test_a_club_penalty_only_takes_from_who_stays_out(one, other, chance):
    low, high = sorted((one, other))
    expected = (0.0, chance, chance, chance)

    before, after = (worths(table(penalty=tau), expected=expected) for tau in (low, high))

    assert three(after)[:2] == three(before)[:2]
    assert after.out <= before.out


def test_what_reneging_leaves_is_the_stated_level_or_the_worst_for_itself():
    game = table()

    assert value_at_risk(game, 0, TEXT) == 24
    # Of the money nobody says what A delivers when it reneges: B is prepared for none of it.
    assert value_at_risk(game, 1, TEXT) == 20
    assert value_at_risk(game, 0, BASE) == 0


def test_nobody_is_prepared_for_words_to_be_delivered():
    values = table().model_dump(by_alias=True)
    money = values["issues"]["money"]
    money["options"] = [*money["options"], "fair"]
    money["ambiguous"] = {"fair": {"hazard": 0.1, "arbitration": {"all": 1}}}
    for own in values["parties"].values():
        own["points"]["money"]["fair"] = -30
    game = Scenario.model_validate(values)

    text = game.space.index({"tonnes": 9, "money": "all"})
    assert value_at_risk(game, 1, text) == 20


def test_nothing_private_of_the_others_is_read():
    game = table(outside={**UNDERCUTS, "dependence": 6}, spill=0.1, penalty=3)
    fields = game.model_dump(by_alias=True)
    fields["trust"] = {"B": {"a": 9}}
    for name in ("B", "C", "D"):
        fields["parties"][name].update(
            points={"tonnes": {"0": 77, "9": 3}, "money": {"none": 9, "all": 1}},
            reservation=33.0,
            red_lines=[{"money": "all"}],
            discount=0.5,
        )
    other = Scenario.model_validate(fields)

    assert worths(other, 0.4, expected=(0, 0.3, 0.6, 0.2)) == worths(
        game, 0.4, expected=(0, 0.3, 0.6, 0.2)
    )


def test_what_talks_have_changed_for_a_seat_counts():
    game = table()
    promised = replace(
        game.preferences[0], utilities=game.preferences[0].utilities + 5, reservation=12.0, kept={}
    )

    found = signing_worths(
        game,
        0,
        TEXT,
        trust=0.5,
        bound=np.array([False, True, False, False]),
        expected=np.zeros(4),
        own=promised,
    )

    assert three(found) == pytest.approx((45 - 24 / 2, 12 + (45 - 12) / 4, 12))


@pytest.mark.parametrize("factor", [0.01, 1 / 3, 7.0])
def test_its_unit_does_not_decide_how_it_signs(factor):
    game = table(
        outside=UNDERCUTS, spill=0.1, penalty={"A": 3.0}, access={"A": 1.0}, reply={"A": 2.0}
    )
    other = rescaled(game, "A", factor, 12.3)

    for trust, chance in product((0.0, 0.4, 1.0), (0.1, 0.5, 0.8)):
        ours, theirs = (worths(one, trust, expected=(0, *[chance] * 3)) for one in (game, other))
        assert three(theirs) == pytest.approx([factor * one + 12.3 for one in three(ours)])
        assert choose_signature(theirs, reaches_aspiration=True, may_sign=True) == choose_signature(
            ours, reaches_aspiration=True, may_sign=True
        )


def signed(binding: float, declaratory: float, out: float, **more: bool) -> str:
    """Return how a seat with r = 10 signs if the three ways are worth this."""
    found = SigningWorths(
        binding=binding,
        declaratory=declaratory,
        out=out,
        reservation=10.0,
        in_force_with=0.5,
        in_force_without=0.5,
        tie=1e-9,
    )
    return choose_signature(found, **{"reaches_aspiration": True, "may_sign": True, **more})


@pytest.mark.parametrize(
    ("three_worths", "more", "expected"),
    [
        ((30, 20, 10), {}, "binding"),
        ((20, 20, 20), {}, "binding"),
        ((20 - 1e-12, 20, 20), {}, "binding"),
        ((19, 20, 10), {}, "declaratory"),
        ((30, 20, 10), {"reaches_aspiration": False}, "declaratory"),
        ((30, 20, 20), {"reaches_aspiration": False}, "declaratory"),
        ((30, 19, 20), {"reaches_aspiration": False}, "out"),
        ((5, 9, 8), {}, "out"),  # better than staying out, yet below its reservation value
        ((30, 20, 10), {"may_sign": False}, "out"),
    ],
)
def test_a_seat_signs_what_is_worth_most_to_it(three_worths, more, expected):
    assert signed(*three_worths, **more) == expected
    assert expected in SIGNATURES


def test_a_text_that_cannot_come_into_force_is_declared_and_not_bound():
    # Were it bound to nothing, it would be worth as much; but there is nothing to be bound to.
    hopeless = SigningWorths(
        binding=20.0,
        declaratory=20.0,
        out=10.0,
        reservation=10.0,
        in_force_with=0.0,
        in_force_without=0.0,
        tie=1e-9,
    )

    assert choose_signature(hopeless, reaches_aspiration=True, may_sign=True) == "declaratory"


def test_the_penalty_brings_a_seat_in():
    # Of the 23 that its best outcome brings it, A's and B's signatures spill .6 each over to D:
    # 2 + 27.6 outside against 20 inside, until half of a penalty of 20 is taken.
    free, taxed = (
        worths(table(spill=0.6, penalty=penalty), position=3, bound=(True, True, False, False))
        for penalty in (0, 20)
    )

    assert choose_signature(free, reaches_aspiration=True, may_sign=True) == "out"
    assert choose_signature(taxed, reaches_aspiration=True, may_sign=True) == "binding"


def test_a_scenario_that_says_nothing_of_participation_is_refused():
    game = scenario({"x": [1]}, {"A": party({"x": {"1": 1}}), "B": party({"x": {"1": 1}})})

    with pytest.raises(ScenarioError, match="test: participation: expected"):
        signing_worths(game, 0, 0, trust=1, bound=np.zeros(2, dtype=bool), expected=np.zeros(2))
