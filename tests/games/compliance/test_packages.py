"""Linking the parts of an agreement: by hand, on a deal of two parts."""

import pytest

from games.compliance.packages import packages
from games.scenario import Scenario
from tests.games.test_rescaling import rescaled
from tests.support.domains import party, scenario


def two_parts():
    """Return a deal on ore for money and on a plant for training, both between A and B.

    A gives up 4 and gets 5 on the first part (g 4, c 1), 1 and 7 on the second (g 1, c 6).
    """
    issues = {
        "money": {"kind": "supply", "obligor": "A"},
        "ore": {"kind": "supply", "obligor": "B"},
        "training": {"kind": "political", "obligor": "A"},
        "plant": {"kind": "political", "obligor": "B"},
        "anthem": {"kind": "legal"},
    }
    worth = {
        "A": {"money": -4, "ore": 5, "training": -1, "plant": 7, "anthem": 0},
        "B": {"money": 9, "ore": -3, "training": 0, "plant": -2, "anthem": 0},
    }
    return scenario(
        {
            name: {"label": name, "options": ["no", "yes"], **details}
            for name, details in issues.items()
        },
        {
            name: party(
                {issue: {"no": 0, "yes": value} for issue, value in points.items()},
                side="consumer" if name == "A" else "supplier",
            )
            for name, points in worth.items()
        },
    )


ALL = 0b11110


def test_a_package_holds_the_hard_part_and_loses_the_easy_one():
    own = packages(two_parts(), ALL)[0]

    assert (own.party, own.kinds) == ("A", ("supply", "political"))
    assert [round(alone, 2) for alone in own.linkage.apart] == [0.80, 0.14]
    assert round(own.linkage.pooled, 2) == 0.42
    assert own.linkage.gained == (0,)
    assert [part for part, _, _ in own.linkage.lost] == [1]


def test_what_is_owed_for_nothing_holds_only_in_the_package():
    # B owes the plant (2) and gets no worthwhile training for it; on ore it gives 3 for 9.
    own = packages(two_parts(), ALL)[1]

    assert own.linkage.apart == (pytest.approx(3 / 9), 1.0)
    assert own.linkage.pooled == pytest.approx(5 / 9)


def test_the_whole_counts_what_links_its_parts():
    fields = two_parts().model_dump(by_alias=True)
    fields["parties"]["A"]["links"] = [{"issues": ["ore", "plant"], "points": {"yes": {"yes": 8}}}]

    own = packages(Scenario.model_validate(fields), ALL)[0]

    # g = 5 and b = 12 + 8; each part alone loses the 8 as well when it fails.
    assert own.linkage.pooled == pytest.approx(5 / 20)
    assert own.linkage.apart == pytest.approx((4 / 13, 1 / 15))


@pytest.mark.parametrize("factor", [0.3, 4.0])
def test_a_partys_unit_changes_nothing(factor):
    before, after = (
        packages(one, ALL) for one in (two_parts(), rescaled(two_parts(), "A", factor, 3.1))
    )

    assert after[0].linkage.pooled == pytest.approx(before[0].linkage.pooled)
    assert after[0].linkage.apart == pytest.approx(before[0].linkage.apart)
    assert after[1] == before[1]
