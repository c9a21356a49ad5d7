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
        "1 strategy is compared: firm (firm(demand=0.4)). It plays in 1 scenario: mini (2 parties, "
        "32 outcomes, alternating-offers, 12 rounds). Where two negotiate, every strategy meets "
        "every strategy, itself included, from either seat. Every seating is played once; sessions "
        "of one scenario and repetition share their seed, drawn from 7, whoever sits there: 1 "
        "session in all. No agreement is worth r to a party, its reservation value, less or plus "
        "what happened in the talks (broken vows, side deals, measures), and is counted, never "
        "dropped. Sessions that took too long or in which a delegate broke the protocol count as "
        "no agreement. Sessions whose endpoint failed for good or that a fault of the program "
        "stopped are left out of the means. Sessions in which a fallback mind moved at least once "
        "count as they ended. The advantage of a seat is (u − r)/(m − r): what it gained over r, "
        "as a share of the most it could gain where all gain, m − r. Means weigh every scenario "
        "the same. No interval is given: it would stand on 1 scenario, and none is to be trusted "
        f"on fewer than 5. Played by Minilateral 1.2; plan made, {design.hash[:12]}."
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
        "1 strategy is compared: linear. Only met, and not compared, are boulware and conceder.",
        "They meet in 7 scenarios: mini0 (2 parties",
        "Where two negotiate, linear meets boulware and conceder, from either seat.",
        (
            "Where more negotiate, one seat after the other is a tested strategy's (linear), and "
            "boulware and conceder are dealt to the others (1 Latin square a repetition)."
        ),
        (
            "Everything is played 6 times, 3 times under the parties' own names and 3 times under "
            "invented ones, seats dealt anew each time;"
        ),
        f"{len(design):,} sessions in all.",
        "A session may take 90 s.",
        "or in which a fallback mind moved at least once are left out of the means.",
        "Student's t, its degrees of freedom one less than the scenarios that a figure stands on",
        "by 1,000 resampled games.",
    ):
        assert said in told
    assert "as they ended" not in told
    # One strategy is tested: there are no differences, and no tests of them.
    assert "Differences" not in told
    assert "Holm" not in told


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        ({"many": "blocs"}, "all consumers play one strategy and all suppliers another."),
        (
            {"many": "one", "fixed": "linear"},
            "one seat after the other is the tested strategy's and all others are linear's.",
        ),
        (
            {"many": "stratified", "draws": 2},
            (
                "boulware, linear and conceder are dealt to seats so that each sits in each "
                "equally often (2 Latin squares a repetition)."
            ),
        ),
        (
            {"many": "stratified", "draws": 2},
            "sessions of one scenario, repetition and Latin square share their seed",
        ),
        (
            {"many": "stratified"},
            (
                "Differences are paired: the same scenario, seat and repetition; the other seats "
                "have not the same strategies, as those are dealt with the seat's own."
            ),
        ),
        (
            {"many": "one", "fixed": "linear"},
            "the same scenario, seat and repetition, and the same opponents.",
        ),
    ],
)
def test_more_than_two_parties_are_seated_as_the_plan_says(
    seats: dict[str, object], said: str
) -> None:
    design = made_design(load_scenario("price-floor-club"), seats=seats)

    told = methods(design, program=PROGRAM)

    assert said in told
    assert "Where two negotiate" not in told


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        ({}, "every strategy meets every strategy, itself included, from"),
        ({"self_play": False}, "every strategy meets every strategy, itself left out, from"),
        ({"tested": ["linear"]}, "linear meets every strategy, itself included, from"),
        (
            {"tested": ["linear", "boulware"], "against": ["conceder"]},
            "each of boulware and linear meets conceder, from",
        ),
        (
            {"tested": ["linear", "boulware"], "against": ["conceder", "linear"]},
            "meets linear and conceder, itself included where it is among them, from",
        ),
    ],
)
def test_who_meets_itself_is_told_only_where_it_does(seats: dict[str, object], said: str) -> None:
    assert said in methods(made_design(seats=seats), program=PROGRAM)


def test_where_some_opponents_cannot_be_the_same_their_scenarios_are_named() -> None:
    design = made_design(
        parse_scenario(MINI, "mini"), load_scenario("price-floor-club"), names=("own", "alias")
    )

    told = methods(design, program=PROGRAM)

    assert (
        "Differences are paired: the same scenario, names, seat and repetition, and the same "
        "opponents; but in price-floor-club these are dealt with the seat's own strategy and not "
        "the same: the mean of that repetition is taken."
    ) in told
    assert "Everything is played twice, once under the parties' own names and once under" in told
    assert "Holm" not in told  # two scenarios give no p-value


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
