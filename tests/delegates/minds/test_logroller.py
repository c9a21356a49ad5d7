"""Logroller: gives on the issue that the other weighs most and itself least."""

import pytest

from delegates.minds.firm import Firm
from delegates.minds.logroller import Logroller
from games.session import Accept, Offer
from games.tactics.aspirations import Stance
from tests.delegates.minds.pie import answer, pie
from tests.support.domains import party, scenario

POINTS = {
    "x": {"ours": 6, "theirs": 0},
    "y": {"ours": 3, "theirs": 0},
    "z": {"ours": 1, "theirs": 0},
}
GAME = scenario(
    {issue: list(row) for issue, row in POINTS.items()},
    {"A": party(POINTS), "B": party(POINTS)},
    protocol={"rounds": 4, "opens": "fixed"},
)
"""Ten points in all to A, who has them all where everything is "ours"."""


def of(letters: str) -> Offer:
    """Return the offer in which the issues x, y, z are "o"urs or "t"heirs."""
    words = {"o": "ours", "t": "theirs"}
    return Offer(GAME.space.index({i: words[k] for i, k in zip("xyz", letters, strict=True)}))


def asking(demand: float) -> Logroller:
    """Return a logroller that goes down to a share of its gain in even steps."""
    return Logroller(Stance(exponent=1.0, closing_demand=demand))


def test_it_opens_with_its_best() -> None:
    assert answer(Logroller(), GAME) == of("ooo")


@pytest.mark.parametrize(
    ("demand", "given"), [(1.0, "ooo"), (0.9, "oot"), (0.6, "ott"), (0.3, "ott"), (0.0, "ttt")]
)
def test_to_one_who_wants_everything_alike_it_gives_what_costs_it_least(
    demand: float, given: str
) -> None:
    # In the last round it asks for 10, 9, 6, 3 or 0 points: first z goes, then y, x only at last.
    talks = [of("ooo"), of("ttt")] * 3
    assert answer(asking(demand), GAME, *talks) == (of(given) if demand else Accept())


def test_it_gives_the_dearer_issue_if_the_other_cares_for_it_so_much_more() -> None:
    # B gave up y and z once and came back to them: it weighs x 3/5, y and z 1/5, liking "ours" a
    # quarter there. For a point of A's z gives it .15, x .1, y .05. At 3 points there is room for
    # z and x; to give y first, as the cheaper one, would leave none for x.
    talks = [of("ooo"), of("ttt"), of("ooo"), of("too"), of("ooo"), of("ttt")]
    assert answer(asking(0.3), GAME, *talks) == of("tot")


def test_it_keeps_what_the_other_does_not_pay_for() -> None:
    # Firm at the same aspiration of 3 looks at outcomes worth about 3 only, and gives x away.
    talks = [of("ooo"), of("ttt")] * 3
    assert answer(asking(0.3), GAME, *talks) == of("ott")
    assert answer(Firm(Stance(1.0, 0.3)), GAME, *talks) == of("tot")


def test_what_costs_nothing_is_given_at_once() -> None:
    points = {"x": {"ours": 6, "theirs": 0}, "idle": {"a": 2, "b": 2}}
    game = scenario(
        {issue: list(row) for issue, row in points.items()},
        {"A": party(points), "B": party(points)},
        protocol={"rounds": 3, "opens": "fixed"},
    )
    best, asked = ({"x": "ours", "idle": idle} for idle in "ab")
    talks = [Offer(game.space.index(best)), Offer(game.space.index(asked | {"x": "theirs"}))]
    assert answer(asking(1.0), game, *talks) == Offer(game.space.index(asked))


def test_it_accepts_what_reaches_its_aspiration() -> None:
    moves = [Offer(10), Offer(0), Offer(10)]
    assert answer(asking(0.5), pie(rounds=3), *moves, Offer(5)) == Accept()
    assert answer(asking(0.5), pie(rounds=3), *moves, Offer(4)) == Offer(5)
