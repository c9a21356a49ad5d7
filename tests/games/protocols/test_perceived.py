"""What threats, promises and side deals do to what a party wants, where they are believed."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.parts.surroundings import Measure, SideDeal, Statecraft
from games.protocols.hall import Vow
from games.protocols.perceived import MOST_SLICES, believed_worth, is_credible, perceived, within
from games.scenario import Scenario
from tests.games.protocols.halls import three
from tests.support.domains import party, plainly_signable, scenario, scenarios

THREAT = Vow(by=0, to=(1,), settles=((0, 2),), measure="tariff", is_threat=True)
PROMISE = Vow(by=0, to=(2,), settles=((0, 0),), measure="credit")


def game(*, cost: float, backing_down: float, instead: float = 0.0) -> Scenario:
    craft = Statecraft(
        measures={
            "tariff": Measure(label="t", by="A", towards=("B",), effect={"B": -6}, cost=cost),
            "credit": Measure(label="c", by="A", towards=("C",), effect={"C": 4}, cost=cost),
        },
        backing_down=backing_down,
    )
    deals = {
        "swap": SideDeal(label="s", parties=("A", "B"), points={"A": 2, "B": 1}, instead=instead)
    }
    return three().model_copy(update={"statecraft": craft, "side_deals": deals})


@pytest.mark.parametrize(("cost", "backing_down", "believed"), [(2, 2, True), (2, 1.9, False)])
def test_a_measure_is_believed_where_backing_down_costs_as_much(
    cost: float, backing_down: float, believed: bool
) -> None:
    stated = game(cost=cost, backing_down=backing_down)
    assert is_credible(stated, "tariff") == believed
    assert believed_worth(stated, THREAT, 1) == (-6 if believed else 0)


def test_a_believed_threat_lowers_what_lacks_the_demand_and_no_agreement_with_it() -> None:
    stated = game(cost=2, backing_down=3)
    target = perceived(stated, 1, [THREAT])
    assert target.utilities.tolist() == [3 - 6, 6 - 6, 6, 3 - 6]
    assert target.reservation == 1 - 6
    author = perceived(stated, 0, [THREAT])
    assert author.utilities.tolist() == [0 - 2, 4 - 2, 8, 10 - 2]
    assert author.reservation == 1 - 2


def test_of_carrying_out_and_backing_down_the_author_expects_the_cheaper() -> None:
    author = perceived(game(cost=5, backing_down=3), 0, [THREAT])
    assert author.reservation == 1 - 3


def test_a_believed_promise_raises_what_meets_it_and_nothing_else() -> None:
    stated = game(cost=2, backing_down=3)
    assert perceived(stated, 2, [PROMISE]).utilities.tolist() == [10 + 4, 8, 4, 0]
    assert perceived(stated, 2, [PROMISE]).reservation == 1
    assert perceived(stated, 0, [PROMISE]).utilities.tolist() == [0 - 2, 4, 8, 10]


def test_whom_nothing_was_vowed_to_sees_nothing() -> None:
    stated = game(cost=2, backing_down=3)
    assert perceived(stated, 2, [THREAT]) is stated.preferences[2]
    support = Vow(by=0, to=(2,), settles=((0, 0),))
    assert perceived(stated, 2, [support]) is stated.preferences[2]


def test_a_side_deal_takes_away_its_share_of_what_the_text_would_bring() -> None:
    stated = game(cost=2, backing_down=3, instead=0.5)
    assert perceived(stated, 0, [], ["swap"]).utilities.tolist() == [0.5, 2.5, 4.5, 5.5]
    assert perceived(stated, 2, [], ["swap"]) is stated.preferences[2]


def test_what_was_perceived_once_is_not_computed_again() -> None:
    stated = game(cost=2, backing_down=3)
    assert perceived(stated, 1, [THREAT]) is perceived(stated, 1, [THREAT, PROMISE])


def test_slices_are_worked_out_once_and_so_many_kept_at_most() -> None:
    points = {
        "x": {f"o{k}": float(k) for k in range(MOST_SLICES + 1)},
        "y": {f"o{k}": 1.0 for k in range(2)},
    }
    stated = scenario(
        {name: list(row) for name, row in points.items()}, dict.fromkeys("AB", party(points))
    )
    own, one = stated.preferences[0], frozenset({1})
    first = [within(stated, own, 2 * level, one) for level in range(MOST_SLICES)]
    again = [within(stated, own, 2 * level, one) for level in range(MOST_SLICES)]
    assert all(here is there for here, there in zip(first, again, strict=True))
    within(stated, own, 2 * MOST_SLICES, one)
    assert own.once("slices", lambda _: {}).keys() == {(MOST_SLICES, -1)}


@given(scenarios(parties=(2, 3)), st.data())
def test_a_slice_holds_what_may_be_signed_and_is_like_the_text_elsewhere(
    stated: Scenario, data: st.DataObject
) -> None:
    base = data.draw(st.integers(0, stated.space.size - 1))
    issues = frozenset(data.draw(st.sets(st.integers(0, len(stated.issues) - 1))))
    sliced = within(stated, stated.preferences[0], base, issues)
    text = stated.space.levels_of(base)
    for outcome, levels in enumerate(product(*(range(width) for width in stated.space.shape))):
        alike = all(levels[k] == text[k] for k in range(len(text)) if k not in issues)
        assert sliced.may_sign(outcome) == (alike and plainly_signable(stated, "P0", outcome))
    assert sliced.utilities.tolist() == stated.preferences[0].utilities.tolist()


@pytest.mark.parametrize(
    ("issues", "signable"),
    [
        ({0}, [1, 4, 7]),  # x is open, y as in the text
        ({1}, [3, 5]),  # y is open; o1 of both is beyond the red line
        (set(), []),  # the text itself is beyond it
    ],
)
def test_of_two_issues_the_one_that_is_open_may_be_read_in_any_way(
    issues: set[int], signable: list[int]
) -> None:
    points = {name: {f"o{k}": 1.0 for k in range(3)} for name in "xy"}
    lines = [{"x": "o1", "y": "o1"}]
    stated = scenario(
        {name: list(row) for name, row in points.items()},
        {"A": party(points, red_lines=lines), "B": party(points)},
    )
    sliced = within(stated, stated.preferences[0], 4, frozenset(issues))
    expected = [outcome for outcome in signable if outcome != 4]
    assert [outcome for outcome in range(9) if sliced.may_sign(outcome)] == expected
    other = within(stated, stated.preferences[1], 4, frozenset(issues))
    assert [outcome for outcome in range(9) if other.may_sign(outcome)] == sorted({*signable, 4})
