"""Verdicts on agreements: every kind by hand, monotone in the fine, free of a party's unit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.compliance.verdicts import STRENGTH, verdict
from games.scenario import Scenario
from tests.games.compliance.test_game import AGREED, deal
from tests.games.test_rescaling import rescaled
from tests.support.domains import party, scenario

# At what is agreed A has T 40, R 20, P 0, S −20 (δ* .5) and can gain 60; B has T 30, R 20, P 0,
# S −10 (δ* 1/3) and can gain 40.


def with_trust(game: Scenario, **beliefs: dict[str, float]) -> Scenario:
    """Return the scenario with beliefs of its parties added."""
    return Scenario.model_validate({**game.model_dump(by_alias=True), "trust": beliefs})


@pytest.mark.parametrize(
    ("more", "kinds", "whole"),
    [
        ({"patience": 0.6}, ("self-enforcing",) * 2, "self-enforcing"),
        ({"patience": 0.5}, ("self-enforcing",) * 2, "self-enforcing"),
        ({"patience": 0.4}, ("needs a fine", "self-enforcing"), "declaratory"),
        ({"patience": {"A": 0.6, "B": 0.3}}, ("self-enforcing", "needs a fine"), "declaratory"),
        (
            {"patience": 0.1, "enforcement": 0.5, "fine": 4},
            ("needs a fine", "needs a fine"),
            "needs a fine",
        ),
        (
            {"patience": {"A": 0.6, "B": 0.3}, "enforcement": 1, "fine": {"A": 4}},
            ("self-enforcing", "needs a fine"),
            "needs a fine",
        ),
        ({}, ("needs patience", "needs patience"), "needs patience"),
        ({"patience": {"A": 0.9}}, ("self-enforcing", "needs patience"), "needs patience"),
        (
            {"enforcement": 1, "fine": 30},
            ("holds if each expects it",) * 2,
            "holds if each expects it",
        ),
        ({"enforcement": 1, "fine": 30, "mutual": 1}, ("self-enforcing",) * 2, "self-enforcing"),
        (
            {"audience": 20, "patience": 0.9},
            ("not worth keeping", "self-enforcing"),
            "not worth keeping",
        ),
    ],
)
def test_every_verdict_is_reached(more, kinds, whole):
    found = verdict(deal(**more), AGREED)

    assert tuple(one.kind for one in found.parties) == kinds
    assert found.kind == whole


def test_a_declaration_is_mended_by_the_fine_it_names():
    found = verdict(deal(patience=0.4), AGREED)

    # 40 − (20 − .4·0)/.6 = 6.67, of the 60 points that A can gain.
    assert found.parties[0].fine == pytest.approx(20 / 3)
    assert found.parties[0].fine_share == pytest.approx(1 / 9)
    assert found.parties[1].fine is None
    assert found.paragraph == (
        "The agreement is declaratory: nothing enforces it, and it will not be kept. "
        "A party keeps its word from a patience of 0.50 a year, and has 0.40; an expected fine of "
        "6.67 points (11% of what it can gain) would hold it. "
        "A party is patient enough to keep its word: 0.40 a year, where 0.33 would do."
    )


@pytest.mark.parametrize("mutual", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("collapse", [0.0, 7.0, 25.0])
@pytest.mark.parametrize("delta", [0.0, 0.2, 0.3])
def test_the_fine_named_is_the_smallest_that_holds(mutual, collapse, delta):
    def held(fine: float) -> bool:
        game = deal(
            patience=delta, enforcement=1, fine={"A": fine}, mutual=mutual, collapse=collapse
        )
        return verdict(game, AGREED).parties[0].kind in (
            "self-enforcing",
            "holds if each expects it",
        )

    named = verdict(deal(patience=delta, mutual=mutual, collapse=collapse), AGREED).parties[0].fine

    assert named is not None
    assert held(named + 1e-6)
    assert not held(named - 1e-3)


def test_a_fine_already_stated_counts_towards_the_one_needed():
    bare = verdict(deal(patience=0.2), AGREED).parties[0]
    fined = verdict(deal(patience=0.2, enforcement=0.5, fine=6), AGREED).parties[0]

    assert bare.fine is not None
    assert fined.fine == pytest.approx(bare.fine)
    assert fined.standing_fine == 3


@pytest.mark.parametrize(
    ("more", "expected"),
    [({}, 0.5), ({"lag": 2}, 0.5**0.5), ({"detection": 0.5}, 2 / 3)],
)
def test_reneging_that_is_noticed_late_needs_more_patience(more, expected):
    found = verdict(deal(patience=0.6, **more), AGREED).parties[0]

    assert found.critical_discount == pytest.approx(expected)
    assert (found.kind == "self-enforcing") == (expected <= 0.6)


def test_trust_decides_whether_a_stag_hunt_is_honoured():
    # T 10, R 20, P 0, S −20: p* = 2/3.
    game = deal(enforcement=1, fine={"A": 30})

    low, high = (
        verdict(with_trust(game, A={"a": a, "b": 1}), AGREED).parties[0] for a in (1.9, 2.1)
    )

    assert (low.honours, high.honours) == (False, True)
    assert low.threshold_belief == pytest.approx(2 / 3)


def test_what_was_seen_counts_as_trust_and_not_as_patience():
    game = deal(enforcement=1, fine={"A": 30}, patience=0.3)

    found = verdict(
        with_trust(game, A={"kept": 5, "broken": 0}, B={"kept": 0, "broken": 5}), AGREED
    )

    assert [one.belief for one in found.parties] == pytest.approx([6 / 7, 1 / 7])
    assert [one.patience for one in found.parties] == [0.3, 0.3]
    assert found.lines[0] == (
        "A party honours if it is at least 67% sure that the others do; its trust of 86% is enough."
    )


def test_a_distrustful_party_does_not_sign_what_it_would_sign_in_trust():
    # Honouring is worth 40 − (1−p)·40, reneging 40 − 10p − 20(1−p): with p = 1/2, 2/3, .9 that is
    # 25, 26.7 and 36.
    fields = deal(enforcement=1, fine={"A": 30}).model_dump(by_alias=True)
    fields["parties"]["A"]["reservation"] = 26
    game = Scenario.model_validate(fields)

    signs = [
        verdict(with_trust(game, A={"a": a, "b": 1}), AGREED).parties[0].signs for a in (1, 2, 9)
    ]

    assert signs == [False, True, True]


def test_without_a_belief_nothing_is_said_of_what_it_does():
    found = verdict(deal(), AGREED).parties[0]

    assert (found.belief, found.honours, found.signs) == (None, None, None)


def test_who_owes_nothing_has_nothing_to_break():
    game = scenario(
        {"volume": {"label": "volume", "options": [0, 10], "obligor": "B"}},
        {
            "A": party({"volume": {"0": 0, "10": 40}}),
            "B": party({"volume": {"0": 10, "10": 8}}, side="supplier"),
        },
        trust={"A": {}},
    )

    found = verdict(game, 1)

    assert found.parties[0].kind == "self-enforcing"
    assert found.parties[0].honours is True
    assert found.lines[0] == "A party owes nothing."


def test_a_threat_that_nobody_would_carry_out_is_pointed_out():
    # B would rather honour alone than see the project fail.
    hollow = verdict(deal(patience=0.9, collapse={"B": 12}), AGREED)
    real = verdict(deal(patience=0.9), AGREED)

    assert hollow.lines[0].endswith("though the others would rather go on than punish it.")
    assert "though" not in real.lines[0]


@pytest.mark.parametrize("stated", [{"patience": 0.9}, {}])
def test_a_party_that_cannot_be_punished_is_told_so(stated):
    # The other's contribution is worth nothing to A, whom a collapse would hurt.
    game = scenario(
        {
            "volume": {"label": "volume", "options": [0, 10], "obligor": "B"},
            "price": {"label": "price", "options": ["low", "high"], "obligor": "A"},
        },
        {
            "A": party({"volume": {"0": 0, "10": 0}, "price": {"low": 20, "high": 0}}),
            "B": party(
                {"volume": {"0": 10, "10": 0}, "price": {"low": 0, "high": 30}}, side="supplier"
            ),
        },
        commitments={"collapse": {"A": 30}, **stated},
    )

    found = verdict(game, AGREED)

    assert found.parties[0].kind == "needs a fine"
    assert found.parties[0].critical_discount is None
    assert found.parties[0].fine == pytest.approx(20)
    assert "nothing that follows would make up for it" in found.lines[0]


def test_nothing_is_asked_of_those_whom_the_agreement_does_not_oblige():
    """A would need a fine; where it stays out B alone is to keep its word, which it does."""
    game = deal(patience=0.4)

    assert verdict(game, AGREED).kind == "declaratory"
    found = verdict(game, AGREED, ("B",))
    assert [one.party for one in found.parties] == ["B"]
    assert (found.kind, len(found.lines)) == ("self-enforcing", 1)


stakes = st.fixed_dictionaries(
    {
        "patience": st.sampled_from([None, 0.0, 0.3, 0.5, 0.8]),
        "mutual": st.sampled_from([0.0, 0.5, 1.0]),
        "collapse": st.sampled_from([0.0, 5.0, 25.0, 45.0]),
        "sunk": st.sampled_from([0.0, 9.0]),
        "audience": st.sampled_from([0.0, 6.0, 21.0]),
        "lag": st.sampled_from([1, 3]),
        "detection": st.sampled_from([0.4, 1.0]),
    }
)


@given(stakes, st.lists(st.integers(0, 80).map(float), min_size=2, max_size=2))
def test_a_heavier_fine_never_weakens_a_verdict(more: dict[str, Any], fines):
    light, heavy = (
        verdict(deal(**more, enforcement=1, fine=fine), AGREED) for fine in sorted(fines)
    )

    assert STRENGTH[heavy.kind] >= STRENGTH[light.kind]
    for before, after in zip(light.parties, heavy.parties, strict=True):
        assert STRENGTH[after.kind] >= STRENGTH[before.kind]


@given(stakes, st.sampled_from([1 / 3, 0.3, 4.0, 7.7]), st.sampled_from([0.0, -3.1, 12.5]))
def test_a_partys_unit_changes_no_verdict(more: dict[str, Any], factor, shift):
    sides = {
        **more,
        "enforcement": 0.5,
        "fine": {"A": 9.0, "B": 14.0},
        "collapse": {"A": more["collapse"], "B": 3.0},
        "sunk": {"A": more["sunk"], "B": 0.0},
    }
    game = with_trust(deal(**sides), A={"a": 3}, B={"a": 1})

    before, after = verdict(game, AGREED), verdict(rescaled(game, "A", factor, shift), AGREED)

    assert after.kind == before.kind
    for one, other in zip(before.parties, after.parties, strict=True):
        assert (other.kind, other.game, other.credible) == (one.kind, one.game, one.credible)
        assert (other.honours, other.signs) == (one.honours, one.signs)
        assert other.critical_discount == pytest.approx(one.critical_discount, abs=1e-9)
        assert other.threshold_belief == pytest.approx(one.threshold_belief, abs=1e-9)
        assert other.fine_share == pytest.approx(one.fine_share, abs=1e-9)
    assert (after.parties[0].fine or 0.0) == pytest.approx(factor * (before.parties[0].fine or 0.0))
