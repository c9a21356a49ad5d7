"""A dispute keeps from signing deep texts: thresholds by hand."""

from math import inf

import pytest

from games.compliance.dispute import dispute_limits, dispute_scales
from tests.support.domains import party, scenario


def text(level: float = 0.5, cost: float = 40.0):
    """Return a text whose depth is negotiated: worth 30 to A whatever its depth, with r = 10."""
    return scenario(
        {"law": ["soft", "deep"]},
        {
            "A": party({"law": {"soft": 30, "deep": 30}}, 10),
            "B": party({"law": {"soft": 0, "deep": 9}}, side="supplier"),
        },
        dispute={
            "level": level,
            "depth": {"issue": "law", "values": {"soft": 0.25, "deep": 1}},
            "audience_cost": {"A": cost},
        },
    )


def test_level_and_depth_are_read_off_the_outcome():
    assert dispute_scales(text(), 0) == (0.5, 0.25)
    assert dispute_scales(text(), 1) == (0.5, 1.0)
    assert dispute_scales(
        scenario({"x": [1]}, {"A": party({"x": {"1": 1}}), "B": party({"x": {"1": 1}})}), 0
    ) == (0, 0)


@pytest.mark.parametrize(
    ("outcome", "level", "cost", "threshold", "depth", "signs"),
    [
        (1, 0.5, 40, 0.5, 1.0, True),  # 20 ≥ 40·.5·1, with nothing to spare
        (1, 0.6, 40, 0.5, 20 / 24, False),
        (0, 0.6, 40, 2.0, 20 / 24, True),  # the shallow text is the release valve
        (1, 0.0, 40, 0.5, 1.0, True),
        (1, 1.0, 0, inf, 1.0, True),
    ],
)
def test_a_shallower_text_is_signed_under_more_dispute(
    outcome, level, cost, threshold, depth, signs
):
    found = dispute_limits(text(level, cost), outcome)[0]

    assert found.level == pytest.approx(threshold)
    assert found.depth == pytest.approx(depth)
    assert found.signs is signs


def test_who_gains_nothing_signs_at_no_depth():
    game = scenario(
        {"law": ["soft", "deep"]},
        {
            "A": party({"law": {"soft": 30, "deep": 30}}, 35),
            "B": party({"law": {"soft": 0, "deep": 9}}, side="supplier"),
        },
        dispute={"level": 0.5, "audience_cost": {"A": 10}},
    )

    found = dispute_limits(game, 0)[0]

    assert (found.level, found.depth, found.signs) == (-0.5, 0.0, False)
