"""Signatures: payoffs by hand, stable profiles by definition, search among many parties."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.errors import ScenarioError
from games.participation.signatures import (
    BINDING,
    DECLARATORY,
    OUT,
    SIGNATURES,
    signature_game,
    signature_weights,
    stable_signatures,
)
from games.parts.aftermath import Signature
from games.scenario import Scenario
from tests.games.test_rescaling import rescaled
from tests.support.domains import party, scenario

TEXT = 1


def forum(
    worth: dict[str, float] | None = None,
    parties: dict[str, dict[str, Any]] | None = None,
    **more: Any,
) -> Scenario:
    """Return parties that sign a text, worth so much to each; without one each has 0, and r = 0."""
    values = worth or {"A": 10.0, "B": 20.0, "C": 40.0}
    sides = ("consumer", "supplier", "mixed")
    protocol = more.pop("protocol", {})
    extra = {name: more.pop(name) for name in ("dispute",) if name in more}
    return scenario(
        {"text": ["none", "forge"]},
        {
            name: party(
                {"text": {"none": 0, "forge": value}},
                side=sides[number % 3],
                **(parties or {}).get(name, {}),
            )
            for number, (name, value) in enumerate(values.items())
        },
        protocol=protocol,
        participation=more,
        **extra,
    )


def points(game: Scenario, *signatures: Signature) -> list[float]:
    """Return what each party gets in its points (r = 0) if they sign like this."""
    own = signature_game(game, TEXT)
    chosen = np.array([SIGNATURES.index(one) for one in signatures], dtype=np.int8)
    best = [max(preferences.utilities) for preferences in game.preferences]
    return (own.payoffs(chosen) * best).tolist()


def test_each_way_of_signing_is_worth_what_the_theory_says():
    game = forum(
        threshold=0.5,
        kappa={"A": 0.5, "B": 0.25},
        access={"A": 3},
        reply={"B": 2},
        spill={"C": 0.2},
        penalty={"A": 6, "B": 9},
        dispute={"level": 0.5, "audience_cost": {"A": 8}},
    )
    # u = 6 (10 undisputed), 20, 40.

    assert points(game, "binding", "binding", "out") == pytest.approx([6, 20, 0])
    assert points(game, "out", "binding", "binding") == pytest.approx([0.2 * 6 - 6 * 2 / 3, 20, 40])
    assert points(game, "declaratory", "binding", "binding") == pytest.approx([8, 20, 40])
    # One of three is not enough: who signed binding gets what a declaration brings.
    assert points(game, "binding", "declaratory", "out") == pytest.approx([8, 3, 0])
    assert points(game, "out", "out", "out") == [0, 0, 0]


def test_the_text_is_in_force_from_the_threshold_on():
    own = signature_game(forum(threshold=0.75, weights={"C": 2}), TEXT)
    profiles = np.array([[BINDING, BINDING, OUT], [BINDING, OUT, BINDING]], dtype=np.int8)

    assert own.force(profiles).tolist() == [False, True]


def test_a_text_that_nobody_signs_binding_is_not_in_force():
    own = signature_game(forum(threshold=0), TEXT)

    assert not own.force(np.array([DECLARATORY, OUT, OUT], dtype=np.int8))
    assert own.force(np.array([DECLARATORY, BINDING, OUT], dtype=np.int8))


@pytest.mark.parametrize(
    ("protocol", "stated", "expected"),
    [
        ({}, {}, ([1, 1, 1], 1.0)),
        ({"agreement": {"quorum": 0.6, "weights": {"B": 3}}}, {}, ([1, 3, 1], 0.6)),
        (
            {"agreement": {"quorum": 0.6, "weights": {"B": 3}}},
            {"threshold": 0.2, "weights": {"A": 4}},
            ([4, 1, 1], 0.2),
        ),
    ],
)
def test_entry_into_force_follows_the_protocol_unless_stated(protocol, stated, expected):
    weights, threshold = signature_weights(forum(protocol=protocol, **stated))

    assert (weights.tolist(), threshold) == expected


def test_nothing_is_found_where_nothing_is_said_of_participation():
    game = scenario({"x": [1]}, {"A": party({"x": {"1": 1}}), "B": party({"x": {"1": 1}})})

    with pytest.raises(ScenarioError, match="test: participation: expected"):
        stable_signatures(game, 0)


def test_a_red_line_keeps_a_party_out():
    game = forum(parties={"B": {"red_lines": [{"text": "forge"}]}}, threshold=0.5)

    found = stable_signatures(game, TEXT)

    assert {profile.signatures["B"] for profile in found.found} == {"out"}
    assert found.note == "all of 9 profiles of signatures were looked at"


def test_a_minimum_that_needs_everyone_is_a_game_of_trust():
    # In force only together; a declaration brings half, staying out nothing.
    found = stable_signatures(forum(threshold=1, kappa=0.5), TEXT).found

    assert found[0].signatures == {"A": "binding", "B": "binding", "C": "binding"}
    assert found[0].in_force
    assert found[0].strict
    assert {"A": "declaratory", "B": "declaratory", "C": "declaratory"} in [
        profile.signatures for profile in found
    ]


def test_spill_overs_invite_free_riding_and_a_penalty_ends_it():
    free = stable_signatures(forum(threshold=0.5, spill=0.7), TEXT).found
    taxed = stable_signatures(
        forum(threshold=0.5, spill=0.7, penalty={"A": 12, "B": 24, "C": 48}), TEXT
    ).found

    # Two sign and the third enjoys 1.4 of what it could gain; with 6/5 · 2/3 taken it has 0.6.
    assert [list(one.signatures.values()).count("out") for one in free if one.in_force] == [1] * 3
    assert [set(one.signatures.values()) for one in taxed if one.in_force] == [{"binding"}]


stated = st.fixed_dictionaries(
    {
        "threshold": st.sampled_from([0.0, 0.5, 0.7, 1.0]),
        "kappa": st.sampled_from([0.0, 0.4, 1.0]),
        "access": st.sampled_from([0.0, 3.0]),
        "reply": st.sampled_from([0.0, 2.0, 5.0]),
        "spill": st.sampled_from([0.0, 0.3, 0.8]),
        "penalty": st.sampled_from([0.0, 15.0]),
    }
)


@given(stated)
def test_exactly_the_profiles_that_nobody_would_leave_are_found(more):
    game = forum(**more)
    own = signature_game(game, TEXT)

    def worth(profile: tuple[int, ...]) -> list[int]:
        return np.rint(own.payoffs(np.array(profile, dtype=np.int8)) * 1e6).tolist()

    def stable(profile: tuple[int, ...]) -> bool:
        return all(
            worth((*profile[:i], other, *profile[i + 1 :]))[i] <= worth(profile)[i]
            for i in range(3)
            for other in range(3)
        )

    expected = {profile for profile in product(range(3), repeat=3) if stable(profile)}
    found = stable_signatures(game, TEXT)

    assert found.complete
    assert {
        tuple(SIGNATURES.index(one) for one in profile.signatures.values())
        for profile in found.found
    } == expected


@given(stated, st.sampled_from([0.3, 1 / 3, 4.0, 9.9]), st.sampled_from([0.0, 2.7, -11.0]))
def test_a_partys_unit_changes_no_stable_profile(more, factor, shift):
    scales = {"A": 1.0, "B": 1.0, "C": 1.0}
    stakes = ("access", "reply", "penalty")
    split = {**more, **{name: dict.fromkeys(scales, more[name]) for name in stakes}}
    before = stable_signatures(forum(**split), TEXT)
    after = stable_signatures(rescaled(forum(**split), "A", factor, shift), TEXT)

    assert after == before


def many(threshold: float, **more: Any) -> Scenario:
    """Return 54 parties to which the text is worth more and more."""
    return forum({f"P{k}": 1.0 + k for k in range(54)}, threshold=threshold, **more)


def test_among_54_parties_stable_profiles_are_found_quickly_and_called_incomplete():
    found = stable_signatures(many(0.5, kappa=0.3, spill=0.02, penalty=2.0), TEXT)

    assert found.found[0].in_force
    assert not found.complete
    assert found.unsettled == 0
    assert found.note == "found from 256 random starts, more may exist"


def test_a_profile_found_among_54_parties_is_one_that_nobody_would_leave():
    game = many(0.6, kappa=0.9, spill=0.03)
    own = signature_game(game, TEXT)

    found = stable_signatures(game, TEXT, seed=2)

    assert len(found.found) > 1
    for profile in found.found:
        chosen = np.array(
            [SIGNATURES.index(one) for one in profile.signatures.values()], dtype=np.int8
        )
        now = own.payoffs(chosen)
        for position, other in product(range(54), range(3)):
            moved = chosen.copy()
            moved[position] = other
            assert own.payoffs(moved)[position] <= now[position] + 1e-9


def test_a_seed_makes_the_search_repeatable():
    game = many(0.6, kappa=0.9, spill=0.03)

    assert stable_signatures(game, TEXT, 5) == stable_signatures(game, TEXT, 5)
