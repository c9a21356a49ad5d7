"""A quorum, a veto or a number of signatures that cannot be reached is found, with who is short."""

import pytest

from games.lint.findings import findings
from games.scenario import Scenario
from tests.support.domains import listed


def told(game: Scenario) -> list[tuple[str, str]]:
    return [
        (one.where, one.what)
        for one in findings(game)
        if one.where.startswith(("protocol.agreement", "participation"))
    ]


def voting(reservations: dict[str, float], **rule: object) -> Scenario:
    """Return three parties, each of which likes an option of its own, voting by a rule."""
    return listed(
        {"A": [9, 1, 1], "B": [1, 9, 1], "C": [1, 1, 9]},
        reservations,
        protocol={"agreement": {"quorum": 0.5, **rule}},
    )


def test_a_veto_of_one_who_accepts_nothing_is_found():
    assert told(voting({"A": 20}, vetoes=["A"])) == [
        (
            "protocol.agreement.vetoes",
            "A can accept nothing and may veto everything: nothing can pass",
        )
    ]


def test_a_quorum_above_the_weight_of_those_who_can_accept_anything_is_found():
    game = voting({"A": 20}, quorum=0.6, weights={"A": 2})

    assert told(game) == [
        (
            "protocol.agreement.quorum",
            (
                "60% of the weight must accept, but only 50% can accept anything at all (not A): "
                "nothing can pass"
            ),
        )
    ]


def test_vetoes_that_rule_each_other_out_are_found():
    assert told(voting({"A": 5, "B": 5}, vetoes=["A", "B"])) == [
        (
            "protocol.agreement.vetoes",
            "nothing is acceptable to all who may veto (A and B): nothing can pass",
        )
    ]


def test_a_quorum_that_no_outcome_gathers_is_found_with_the_most_that_one_does():
    assert told(voting({"A": 5, "B": 5, "C": 5})) == [
        (
            "protocol.agreement.quorum",
            (
                "50% of the weight must accept, but no outcome is acceptable to more than 33%: "
                "nothing can pass"
            ),
        )
    ]


@pytest.mark.parametrize(("quorum", "needs_all"), [(0.5, False), (0.66, False), (0.67, True)])
def test_a_quorum_that_needs_everyone_is_noted(quorum, needs_all):
    found = told(voting({}, quorum=quorum))

    assert [where for where, _ in found] == ["protocol.agreement.quorum"] * needs_all


def test_unanimity_needs_no_remark():
    assert told(listed({"A": [9, 1], "B": [1, 9]})) == []


@pytest.mark.parametrize(("threshold", "reached"), [(0.6, True), (0.7, False)])
def test_a_number_of_signatures_beyond_those_who_gain_is_found(threshold, reached):
    game = listed(
        {"A": [9, 1], "B": [9, 1], "C": [0, 0]},
        {"C": 5},
        protocol={"agreement": {"quorum": 0.5}},
        participation={"threshold": threshold},
    )

    assert [where for where, _ in told(game)] == ["participation.threshold"] * (not reached)


@pytest.mark.parametrize(("penalty", "reached"), [(0, False), (4, False), (5, True), (20, True)])
def test_who_would_rather_sign_than_be_punished_counts_among_those_who_sign(penalty, reached):
    """C has 0 by any text and 5 without: it is bound only where staying out costs it as much."""
    game = listed(
        {"A": [9, 1], "B": [9, 1], "C": [0, 0]},
        {"C": 5},
        protocol={"agreement": {"quorum": 0.5}},
        participation={"threshold": 0.7, "penalty": {"C": penalty}},
    )

    assert [where for where, _ in told(game)] == ["participation.threshold"] * (not reached)
