"""The outside supplier's reply: by hand, in the games of signing and of joining, for any unit."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.participation.game import participation_game
from games.participation.membership import (
    ContributionGame,
    _floats,  # pyright: ignore[reportPrivateUsage]
    contribution_game,
    joining_gains,
    payoffs,
    stable_coalitions,
)
from games.participation.outside import (
    outside_reply,
    price_cut,
    reservation_after,
    squeeze_cost,
)
from games.participation.search import every_coalition, look_stable
from games.participation.signatures import (
    SIGNATURES,
    signature_game,
    signature_payoffs,
    stable_signatures,
)
from games.parts.aftermath import Signature
from games.scenario import Scenario
from tests.games.test_rescaling import rescaled
from tests.support.domains import party, scenario

SHALLOW, DEEP = 1, 2
REPLY: dict[str, Any] = {
    "name": "The outside supplier",
    "price_cut": {"issue": "text", "values": {"none": 0, "shallow": 0.5, "deep": 1}},
    "squeeze": {"issue": "text", "values": {"none": 0, "shallow": 0, "deep": 0.5}},
    "dependence": {"A": 4, "B": 2, "C": 10},
}
PATHS = {
    "A": [{"name": "buy outside", "points": 10, "exposure": 8, "undercut": 12}],
    "B": [
        {"name": "wait", "points": 6},
        {"name": "sell outside", "points": 7, "exposure": 8, "undercut": 9},
    ],
    "C": [],
}


def club(outside: dict[str, Any] | None = REPLY, **participation: Any) -> Scenario:
    """Return three parties before a shallow or a deep text; r = 8, 6 and 0, two bring it in force.

    The texts are worth 20 and 40 to A, 16 and 26 to B, 10 and 30 to C.
    """
    worth = {"A": (20, 40), "B": (16, 26), "C": (10, 30)}
    sides = {"A": "consumer", "B": "supplier", "C": "mixed"}
    return scenario(
        {"text": ["none", "shallow", "deep"]},
        {
            name: party(
                {"text": {"none": 0, "shallow": some, "deep": most}},
                {"A": 8.0, "B": 6.0, "C": 0.0}[name],
                side=sides[name],
                alternatives=PATHS[name],
            )
            for name, (some, most) in worth.items()
        },
        market={"supplier": "The outside supplier", "share": 0.5},
        participation={"threshold": 0.5, "kappa": 0.25, **participation},
        **({} if outside is None else {"outside": outside}),
    )


def points(game: Scenario, outcome: int, *signatures: Signature) -> list[float]:
    """Return what each party gets, in its points, if they sign like this."""
    own = signature_game(game, outcome)
    chosen = np.array([SIGNATURES.index(one) for one in signatures], dtype=np.int8)
    reservations = np.array([one.reservation for one in game.preferences])
    best = np.array([one.highest for one in game.preferences])
    return (reservations + own.payoffs(chosen) * (best - reservations)).tolist()


def test_the_cut_is_as_deep_as_the_text_and_as_wide_as_the_signatures():
    game = club()

    assert price_cut(game, DEEP, 2 / 3) == pytest.approx(2 / 3)
    assert price_cut(game, SHALLOW, 2 / 3) == pytest.approx(1 / 3)
    assert price_cut(club(None), DEEP, 1.0) == 0


@pytest.mark.parametrize(
    ("position", "share", "expected"),
    # A: 8 + 12m. B: 6 until selling outside, 5 + 9m, is worth more. C has nowhere else to go.
    [(0, 0, 8), (0, 1 / 3, 12), (0, 1, 20), (1, 0, 6), (1, 1 / 9, 6), (1, 2 / 3, 11), (2, 1, 0)],
)
def test_an_unbound_partys_best_alternative_is_worth_more_after_the_cut(position, share, expected):
    assert reservation_after(club(), position, DEEP, share) == pytest.approx(expected)


def test_licences_are_withheld_from_the_bound():
    game = club()

    assert [squeeze_cost(game, position, DEEP) for position in range(3)] == [2, 1, 5]
    assert [squeeze_cost(game, position, SHALLOW) for position in range(3)] == [0, 0, 0]
    assert squeeze_cost(club(None), 0, DEEP) == 0


@given(st.integers(0, 2), st.floats(0, 1), st.sampled_from([SHALLOW, DEEP]))
def test_all_parties_at_once_are_as_one_by_one(position, share, outcome):
    game = club()
    reply = outside_reply(game, outcome)

    assert reply is not None
    assert reply.rises(np.array(share), position) == pytest.approx(
        reservation_after(game, position, outcome, share) - game.preferences[position].reservation
    )
    assert reply.squeeze[position] == squeeze_cost(game, position, outcome)


@pytest.mark.parametrize(
    ("outcome", "signatures", "expected"),
    [
        (DEEP, ("binding", "binding", "binding"), [38, 25, 25]),
        (DEEP, ("out", "binding", "binding"), [16, 25, 25]),  # 8 + 12 · 2/3
        (DEEP, ("declaratory", "binding", "binding"), [22, 25, 25]),  # 16 + (40 − 16)/4
        (DEEP, ("binding", "declaratory", "binding"), [38, 14.75, 25]),  # 11 + (26 − 11)/4
        (DEEP, ("binding", "binding", "declaratory"), [38, 25, 7.5]),
        (DEEP, ("binding", "out", "declaratory"), [16, 6, 7.5]),  # not in force: nobody replies
        (SHALLOW, ("out", "binding", "binding"), [12, 16, 10]),
    ],
)
def test_each_way_of_signing_is_worth_what_the_reply_leaves(outcome, signatures, expected):
    assert points(club(), outcome, *signatures) == pytest.approx(expected, abs=1e-4)


def test_payoffs_in_points_are_not_rounded_to_shares():
    chosen = np.array([0, 1, 0], dtype=np.int8)

    assert signature_payoffs(club(), DEEP, chosen).tolist() == [38, 14.75, 25]


def test_a_reply_of_nothing_changes_nothing():
    idle = club({"name": "The outside supplier"})

    for outcome in (SHALLOW, DEEP):
        plain = club(None)
        assert stable_signatures(idle, outcome) == stable_signatures(plain, outcome)
        assert stable_coalitions(contribution_game(idle, outcome)) == stable_coalitions(
            contribution_game(plain, outcome)
        )


def test_the_price_cut_can_leave_a_club_without_its_members():
    cheap = {name: [{**one, "undercut": 200} for one in paths] for name, paths in PATHS.items()}
    fields = club(threshold=0.3).model_dump(by_alias=True)
    for name, paths in cheap.items():
        fields["parties"][name]["alternatives"] = paths
    tempted = Scenario.model_validate(fields)

    before = stable_signatures(club(None, threshold=0.3), DEEP).found[0].signatures
    after = stable_signatures(tempted, DEEP).found[0].signatures

    assert set(before.values()) == {"binding"}
    # Each of A and B would rather be outside while another is bound; C has no alternative.
    assert [after[name] for name in ("A", "B", "C")] == ["out", "out", "binding"]


@given(
    st.sampled_from([0.0, 0.4, 1.0]),
    st.sampled_from([0.0, 6.0]),
    st.sampled_from([0.0, 12.0, 60.0]),
    st.sampled_from([0.3, 0.5, 1.0]),
)
def test_exactly_the_profiles_that_nobody_would_leave_are_found(kappa, penalty, worst, threshold):
    game = club(
        {**REPLY, "dependence": worst},
        kappa=kappa,
        threshold=threshold,
        penalty=penalty,
        spill={"C": 0.2},
    )
    own = signature_game(game, DEEP)

    def worth(profile: tuple[int, ...]) -> list[int]:
        return np.rint(own.payoffs(np.array(profile, dtype=np.int8)) * 1e6).tolist()

    expected = {
        profile
        for profile in product(range(3), repeat=3)
        if all(
            worth((*profile[:i], other, *profile[i + 1 :]))[i] <= worth(profile)[i]
            for i in range(3)
            for other in range(3)
        )
    }

    assert {
        tuple(SIGNATURES.index(one) for one in profile.signatures.values())
        for profile in stable_signatures(game, DEEP).found
    } == expected


def test_the_blocs_game_has_the_reply_in_its_cells():
    matrix = participation_game(club(others="binding"), DEEP)

    assert matrix is not None
    assert matrix.points is not None
    assert matrix.points[0, 0].tolist() == pytest.approx([38, 25], abs=1e-4)
    assert matrix.points[2, 0].tolist() == pytest.approx([16, 25], abs=1e-4)


def joined(outside: dict[str, Any] | None = REPLY, **more: Any) -> ContributionGame:
    """Return the game of joining in the deep text, with b = .1 and c = 1 for all."""
    return contribution_game(club(outside, **{"benefit": 0.1, "cost": 1, **more}), DEEP)


def test_members_are_squeezed_and_outsiders_undercut():
    members = np.array([False, True, True])

    plain, replied = payoffs(joined(None), members), payoffs(joined(), members)

    changes = [float(b - a) for a, b in zip(plain, replied, strict=True)]
    assert changes == pytest.approx([8 / 32, -1 / 20, -5 / 30], abs=1e-6)


def test_no_coalition_no_reply():
    members = np.array([True, False, False])

    assert payoffs(joined(), members) == payoffs(joined(None), members)


@pytest.mark.parametrize("threshold", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("penalty", [0.0, 5.0, 20.0])
def test_the_search_in_floating_point_sees_the_reply_as_the_proof_does(threshold, penalty):
    game = joined(threshold=threshold, penalty=penalty)
    coalitions = every_coalition(3)

    gains = _floats(game).gains(coalitions)

    for row, members in zip(gains, coalitions, strict=True):
        assert row.tolist() == pytest.approx([float(one) for one in joining_gains(game, members)])
    assert look_stable(_floats(game), coalitions).any()


def test_the_reply_shrinks_the_club_and_a_penalty_restores_it():
    def sizes(outside: dict[str, Any] | None, penalty: float) -> set[int]:
        found = stable_coalitions(joined(outside, penalty=penalty, benefit=0.5)).found
        return {len(one.members) for one in found}

    # By the linear game's formula all three are just held together where nobody replies. Leaving
    # brings A 8 and saves it 2, B 5 and 1, C 0 and 5: from 15 points on a penalty of 2/3 holds all.
    assert sizes(None, 0) == {2, 3}
    assert 3 not in sizes(REPLY, 14.9)
    assert 3 in sizes(REPLY, 15.1)


@pytest.mark.parametrize("factor", [0.01, 1 / 3, 7.0, 1e5 / 3])
@pytest.mark.parametrize("name", ["A", "B"])
def test_no_unit_decides_how_the_reply_is_answered(name, factor):
    game = club(threshold=0.3)
    other = rescaled(game, name, factor, 12.3)

    for outcome in (SHALLOW, DEEP):
        assert stable_signatures(other, outcome) == stable_signatures(game, outcome)
        assert contribution_game(other, outcome) == contribution_game(game, outcome)
