"""A party's unit of account is its own affair: no finding may depend on it.

One party's points, reservation value and stakes are put through a positive affine map; what the
referee finds must stay the same, except what is labelled as comparing parties.
"""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.agreement import Agreement
from games.bargaining.perfect_play import perfect_play
from games.bargaining.quorum import core
from games.bargaining.solutions import bargain, fair_share, nash_outcomes, nash_rank
from games.equilibrium.exact import Rows
from games.equilibrium.report import Equilibrium
from games.matrices.stance_game import stance_game
from games.scenario import Scenario
from tests.support.domains import party, random_scenario, scenarios
from tests.support.domains import scenario as scenario_of

INVARIANT = ("nash", "kalai_smorodinsky")


def rescaled(scenario: Scenario, name: str, factor: float, shift: float = 0.0) -> Scenario:
    """Return the scenario with one party's points put through u → factor · u + shift."""
    fields = scenario.model_dump(by_alias=True)
    own = fields["parties"][name]
    first = next(iter(scenario.issues))
    for issue, points in own["points"].items():
        for option in points:
            points[option] = factor * points[option] + (shift if issue == first else 0.0)
    for link in own["links"]:
        for row in link["points"].values():
            for option in row:
                row[option] *= factor
    own["reservation"] = factor * own["reservation"] + shift
    for path in own["alternatives"]:
        path["points"] = factor * path["points"] + shift
        path["exposure"] *= factor
        path["undercut"] *= factor
    _rescale_stakes(fields, name, factor)
    _rescale_hurdle((fields["mandates"].get(name) or {}).get("ratify"), factor, shift)
    return Scenario.model_validate(fields)


def _rescale_hurdle(ratify: dict[str, Any] | None, factor: float, shift: float) -> None:
    """Change what a capital asks for to another unit: q moves, β is a slope a point."""
    if ratify is not None:
        ratify["threshold"] = factor * ratify["threshold"] + shift
        ratify["slope"] /= factor
        ratify["audience_cost"] *= factor
        for points in ratify["points"].values():
            for option in points:
                points[option] *= factor


def _rescale_stakes(fields: dict[str, Any], name: str, factor: float) -> None:
    for stakes in (fields["dispute"] or {}).get("audience_cost"), *_stakes(fields):
        if isinstance(stakes, dict) and name in stakes:
            stakes[name] *= factor


def _stakes(fields: dict[str, Any]) -> list[Any]:
    behind, signing = fields["commitments"] or {}, fields["participation"] or {}
    return [
        (fields["outside"] or {}).get("dependence"),
        *(behind.get(kind) for kind in ("fine", "collapse", "sunk")),
        *(signing.get(kind) for kind in ("access", "reply", "penalty")),
    ]


def game(rows: Rows) -> list[list[float]]:
    """Return payoffs as plain numbers, for messages one can read."""
    return [[float(value) for value in row] for row in rows]


def profiles(found: tuple[Equilibrium, ...]) -> list[tuple[Any, Any]]:
    """Return the equilibria's probabilities."""
    return [(equilibrium.row, equilibrium.column) for equilibrium in found]


def shares_of_gain(scenario: Scenario) -> list[list[float]]:
    """Return what perfect play gives each party, as a share of what it could gain."""
    best = bargain(scenario).best
    rows = [order.payoffs for order in perfect_play(scenario).orders]
    return [
        [
            (worth - own.reservation) / (most - own.reservation)
            for own, worth, most in zip(scenario.preferences, row, best, strict=True)
            if own.party not in bargain(scenario).left_out
        ]
        for row in rows
        if row is not None
    ]


def assert_same_play(one: Scenario, other: Scenario) -> None:
    """Compare core, perfect play, and Nash ranks and powers."""
    before, after = core(one), core(other)
    assert after.outcomes is not None
    assert before.outcomes is not None
    assert after.outcomes.tolist() == before.outcomes.tolist()
    assert after.no_agreement == before.no_agreement
    ours, theirs = perfect_play(one).orders, perfect_play(other).orders
    assert [(order.outcome, order.turn, order.ties, order.proposer) for order in theirs] == [
        (order.outcome, order.turn, order.ties, order.proposer) for order in ours
    ]
    for row, same in zip(shares_of_gain(one), shares_of_gain(other), strict=True):
        assert same == pytest.approx(row, abs=1e-5)
    powers = {one.ids[0]: 2.0}
    assert nash_outcomes(other, powers).tolist() == nash_outcomes(one, powers).tolist()
    some = range(0, one.space.size, 1 + one.space.size // 10)
    assert [nash_rank(other, k) for k in some] == [nash_rank(one, k) for k in some]


def assert_same_findings(one: Scenario, other: Scenario) -> None:
    """Compare all findings that must not depend on a party's unit."""
    before, after = bargain(one), bargain(other)
    assert after.zopa.tolist() == before.zopa.tolist()
    assert after.passing.tolist() == before.passing.tolist()
    assert (after.pareto is None) == (before.pareto is None)
    assert [list(x) for x in (after.pareto,) if x is not None] == [
        list(x) for x in (before.pareto,) if x is not None
    ]
    assert after.left_out == before.left_out
    assert {name: after.solutions[name].tolist() for name in INVARIANT} == {
        name: before.solutions[name].tolist() for name in INVARIANT
    }
    assert_same_play(one, other)
    assert fair_share(other) == pytest.approx(fair_share(one), abs=1e-9)
    ours, theirs = stance_game(one), stance_game(other)
    assert game(theirs.report.game.row_payoffs) == game(ours.report.game.row_payoffs)
    assert game(theirs.report.game.column_payoffs) == game(ours.report.game.column_payoffs)
    assert profiles(theirs.report.equilibria) == profiles(ours.report.equilibria)
    assert theirs.explanation == ours.explanation
    assert theirs.failures.tolist() == ours.failures.tolist()


@settings(max_examples=40)
@given(
    scenarios(parties=(2, 3), rounds=(1, 5)),
    st.sampled_from([2.0**k for k in range(-6, 7)]),
    st.integers(-64, 64).map(lambda number: number / 2),
)
def test_exact_rescaling_changes_no_finding(scenario, factor, shift):
    other = rescaled(scenario, "P0", factor, shift)

    assert_same_findings(scenario, other)


@settings(max_examples=40)
@given(
    scenarios(parties=(2, 3), rounds=(1, 5)),
    st.sampled_from([0.1, 0.3, 0.7, 1 / 3, 1.1, 3.7, 9.99]),
    st.sampled_from([0.0, 0.1, -7.3, 41.7]),
)
def test_rescaling_by_any_factor_changes_no_finding(scenario, factor, shift):
    other = rescaled(scenario, "P1", factor, shift)

    assert_same_findings(scenario, other)


@pytest.mark.parametrize("factor", [0.01, 0.3, 1 / 3, 0.7, 1.1, 7.0, 1e5 / 3, 1e7 / 7])
@pytest.mark.parametrize("seed", range(4))
def test_a_whole_numbered_scale_may_be_replaced_by_any_other(seed, factor):
    scenario = random_scenario(seed, scale=100.0, tied=True, outcomes=(50, 200), rounds=(8, 12))
    fields = scenario.model_dump(by_alias=True)
    fields["parties"]["P1"]["side"] = "supplier"
    scenario = Scenario.model_validate(fields)

    assert_same_findings(scenario, rescaled(scenario, "P0", factor, 12.3))


def owed(seed: int) -> Scenario:
    """Return a random scenario in which everything that follows a signature is at stake."""
    draw = Random(seed)
    names = ("P0", "P1", "P2")[: draw.choice([2, 2, 3])]
    issues = {
        f"i{k}": {"label": "x", "options": ["a", "b", "c"], "obligor": draw.choice(names)}
        for k in range(draw.choice([2, 3]))
    }
    parties = {
        name: party(
            {issue: {text: draw.randint(0, 10) / 10 for text in "abc"} for issue in issues},
            draw.randint(0, 5) / 5,
            side=("consumer", "supplier")[number % 2],
        )
        for number, name in enumerate(names)
    }

    def stakes(most: float) -> dict[str, float]:
        return {name: draw.randint(0, 10) / 10 * most for name in names}

    return scenario_of(
        issues,
        parties,
        protocol={"rounds": 4},
        dispute={"level": 0.5, "depth": 0.5, "audience_cost": stakes(0.5)},
        commitments={
            "enforcement": 0.5,
            "fine": stakes(1.0),
            "collapse": stakes(0.5),
            "sunk": stakes(0.3),
            "mutual": 0.5,
            "patience": 0.6,
        },
        participation={
            "threshold": 0.6,
            "kappa": 0.3,
            "access": stakes(0.3),
            "reply": stakes(0.3),
            "penalty": stakes(0.3),
            "spill": 0.1,
        },
    )


@pytest.mark.parametrize("factor", [0.01, 1 / 3, 7.0, 1e5 / 3])
@pytest.mark.parametrize("seed", range(25))
def test_no_unit_decides_who_keeps_an_agreement_and_who_signs_it(seed, factor):
    one = owed(seed)
    other = rescaled(one, "P0", factor, 12.3)
    outcome = seed % one.space.size
    before, after = Agreement(one, outcome), Agreement(other, outcome)

    for ours, theirs in zip(before.matrices, after.matrices, strict=True):
        assert game(theirs.report.game.row_payoffs) == game(ours.report.game.row_payoffs)
        assert game(theirs.report.game.column_payoffs) == game(ours.report.game.column_payoffs)
        assert theirs.explanation == ours.explanation
        assert theirs.unanimous == ours.unanimous
    assert before.verdict is not None
    assert after.verdict is not None
    assert after.verdict.kind == before.verdict.kind
    assert [(one.kind, one.game, one.honours) for one in after.verdict.parties] == [
        (one.kind, one.game, one.honours) for one in before.verdict.parties
    ]
    assert after.signatures == before.signatures
    assert after.coalitions == before.coalitions


@pytest.mark.parametrize("seed", range(12))
def test_a_hurdle_at_home_moves_with_its_unit(seed: int) -> None:
    fields = random_scenario(seed, parties=2 + seed % 2, scale=100.0).model_dump(by_alias=True)
    first = next(iter(fields["issues"]))
    fields["parties"]["P1"]["side"] = "supplier"
    hurdle = {
        "threshold": 40.0,
        "slope": 0.125,
        "audience_cost": 6.0,
        "points": {first: {"o0": 8.0}},
    }
    fields["mandates"] = {name: {"ratify": hurdle} for name in ("P0", "P1")}
    plain = Scenario.model_validate(fields)
    factor, shift = Random(f"hurdle/{seed}").choice([(2.0, 16.0), (0.5, -8.0), (4.0, 0.0)])
    changed = rescaled(plain, "P0", factor, shift)

    assert_same_findings(plain, changed)
    for before, after in zip(plain.preferences, changed.preferences, strict=True):
        moved = before.party == "P0"
        expected = factor * before.utilities + shift if moved else before.utilities
        assert after.utilities == pytest.approx(expected, abs=1e-6)
