"""The methods paragraph says what the plan means, in whole sentences."""

import pytest

from delegates.evaluation.judging.methods import methods
from games.scenario import load_scenario, parse_scenario
from tests.delegates.evaluation.made import made_design
from tests.delegates.sessions import MINI

PROGRAM = "1.2"


def test_a_small_plan_is_told_in_the_singular() -> None:
    design = made_design(strategies={"firm": "firm(demand=0.4)"}, repetitions=1)

    told = methods(design, program=PROGRAM)

    assert told == (
        "1 strategy is compared: firm (firm(demand=0.4)). It is 1 scenario: mini (2 parties, 32 "
        "outcomes, alternating-offers, 12 rounds). Where two negotiate, every strategy meets every "
        "strategy, itself included, from either seat. Everything is played once; sessions of one "
        "scenario and repetition share their seed, drawn from 7, whoever sits there: 1 session in "
        "all. No agreement is worth the reservation value to everybody and is counted, never "
        "dropped. Sessions that took too long or in which a delegate broke the protocol count as "
        "no agreement. Sessions whose endpoint failed for good or stopped by a fault of the "
        "program are left out of the means. Sessions in which a fallback mind moved at least once "
        "count as they ended. The advantage of a seat is (u − r)/(m − r): what it gained over its "
        "reservation value r, as a share of the most it could gain where all gain, m − r. Means "
        "weigh every scenario the same. No interval is given: it would stand on 1 scenario, and "
        f"none is to be trusted on fewer than 5. Played by Minilateral 1.2; plan made, "
        f"{design.hash[:12]}."
    )


def test_a_larger_plan_is_told_in_the_plural() -> None:
    scenarios = [
        parse_scenario(MINI.replace("id: mini", f"id: mini{k}"), f"mini{k}") for k in range(6)
    ]
    design = made_design(
        *scenarios,
        load_scenario("price-floor-club"),
        repetitions=3,
        names=("own", "alias"),
        seats={"tested": ["linear"], "against": ["boulware", "conceder"], "self_play": False},
        session={"timeout_s": 90},
        outcomes={"timeout": "left-out", "refused": "left-out", "fallback": "left-out"},
    )

    told = methods(design, program=PROGRAM, resamples=1000)

    for said in (
        "3 strategies are compared: boulware, linear and conceder.",
        "They are 7 scenarios: mini0 (2 parties",
        "Where two negotiate, linear meets boulware and conceder, itself left out",
        "Where more negotiate, strategies are dealt to seats so that each sits in each equally",
        "Everything is played 3 times, once under the parties' own names and once under invented",
        f"{len(design):,} sessions in all.",
        "A session may take 90 s.",
        "or in which a fallback mind moved at least once are left out of the means.",
        "Student's t of 6 degrees of freedom",
        "by 1,000 resampled games.",
    ):
        assert said in told
    assert "as they ended" not in told


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        ({"many": "blocs"}, "all consumers play one strategy and all suppliers another."),
        (
            {"many": "one", "fixed": "linear"},
            "one seat after the other is the tested strategy's and all others are linear's.",
        ),
        ({"many": "stratified", "draws": 2}, "(2 Latin squares a repetition)."),
    ],
)
def test_more_than_two_parties_are_seated_as_the_plan_says(
    seats: dict[str, object], said: str
) -> None:
    design = made_design(load_scenario("price-floor-club"), seats=seats)

    told = methods(design, program=PROGRAM)

    assert said in told
    assert "Where two negotiate" not in told


def test_many_scenarios_and_long_specifications_are_cut() -> None:
    scenarios = [
        parse_scenario(MINI.replace("id: mini", f"id: mini{k}"), f"mini{k}") for k in range(20)
    ]
    spec = "llm:" + "x" * 200
    design = made_design(*scenarios, strategies={"model": spec})

    told = methods(design, program=PROGRAM)

    assert "and 8 more." in told
    assert "x" * 100 not in told
    assert "…" in told


def test_what_a_terminal_would_act_on_is_not_in_it() -> None:
    design = made_design(strategies={"x": "firm"})

    told = methods(design, program="\x1b[31mevil\n\u202e")

    assert told.isprintable()
