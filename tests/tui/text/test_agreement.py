"""What signing comes to, told in few lines."""

import pytest

from games.compliance.dispute import DisputeLimit
from games.scenario import load_scenario
from tui.text.agreement import _dispute_lines  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    ("steady", "told"),
    [
        (12, ["  All 12 would sign this text whatever the quarrel."]),
        (
            11,
            [
                "  11 of 12 would sign this text whatever the quarrel.",
                "  Malaysia would sign this text up to a quarrel of 0.50 (on a scale to 1).",
            ],
        ),
    ],
)
def test_those_who_sign_whatever_the_quarrel_are_told_together(
    steady: int, told: list[str]
) -> None:
    club = load_scenario("price-floor-club")
    limits = [
        DisputeLimit(party=party, level=2.0 if number < steady else 0.5, depth=1.0, signs=True)
        for number, party in enumerate(club.ids)
    ]

    assert list(_dispute_lines(club, limits)) == told


def test_a_few_are_told_one_by_one() -> None:
    table = load_scenario("greenland-linkage")
    limits = [DisputeLimit(party=party, level=2.0, depth=1.0, signs=True) for party in table.ids]

    assert len(list(_dispute_lines(table, limits))) == len(table.ids)
