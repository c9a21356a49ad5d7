"""What survives a change of every judgement is counted right, and called a finding by a rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.trials.endings import Ending, ending, played
from delegates.trials.robustness import AS_STATED, AT_ONCE, KEPT, Count, Finding, Survey, survey
from games.errors import UserError
from games.headlines import NOTHING, headlines, nash_text
from games.scenario import Scenario, load_scenario, parse_scenario
from games.sensitivity import drawn, factor_of, judged_numbers
from tests.delegates.sessions import MINI

NARROW = """
minilateral: 1
id: narrow
title: One outcome that both may accept
issues:
  tonnes: {label: tonnes, obligor: B, options: [1, 2]}
parties:
  A: {name: A, side: consumer, reservation: 8, points: {tonnes: {1: 0, 2: 10}}}
  B: {name: B, side: supplier, reservation: 3, points: {tonnes: {1: 100, 2: 50}}}
"""


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        # Wilson (1927), worked by hand for z = 1.96.
        (Count(176, 200), 0.82766, 0.91802),
        (Count(0, 10), 0.0, 0.2775),
        (Count(10, 10), 0.7225, 1.0),
        (Count(1, 2), 0.0945, 0.9055),
    ],
)
def test_the_interval_is_wilsons(count: Count, low: float, high: float) -> None:
    assert count.interval == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_is_symmetric(counted: tuple[int, int]) -> None:
    count = Count(*counted)
    low, high = count.interval
    other = Count(count.draws - count.survived, count.draws)

    assert 0 <= low <= count.share + 1e-12
    assert count.share - 1e-12 <= high <= 1
    assert other.interval == pytest.approx((1 - high, 1 - low))


def test_nothing_is_known_without_draws() -> None:
    assert (Count(0, 0).share, Count(0, 0).interval) == (0.0, (0.0, 1.0))


def made(at_once: Count, as_stated: Count | None = None, **alone: Count) -> Finding:
    counts = {
        "points": alone.get("points", Count(20, 20)),
        "trust": alone.get("trust", Count(9, 9)),
    }
    return Finding(
        about="x",
        found="y",
        as_stated=as_stated,
        at_once=at_once,
        alone=counts,  # pyright: ignore[reportArgumentType]
    )


@pytest.mark.parametrize(
    ("finding", "survives", "is_clear", "hangs_on"),
    [
        (made(Count(200, 200)), True, True, None),
        (made(Count(180, 200)), True, False, None),
        (made(Count(179, 200), points=Count(18, 20)), False, False, "points"),
        (made(Count(100, 200), points=Count(18, 20), trust=Count(4, 9)), False, True, "trust"),
        (made(Count(100, 200)), False, True, None),
        (made(Count(200, 200), Count(180, 200)), True, True, None),
        (made(Count(200, 200), Count(179, 200)), False, True, "seats"),
    ],
)
def test_a_finding_is_one_that_survives_in_nine_of_ten(
    finding: Finding, survives: bool, is_clear: bool, hangs_on: str | None
) -> None:
    assert KEPT == 0.9
    assert (finding.survives, finding.is_clear, finding.hangs_on) == (survives, is_clear, hangs_on)


def counts(found: Survey) -> list[object]:
    return [(one.about, one.found, one.as_stated, one.at_once, one.alone) for one in found.findings]


def test_nothing_fails_where_nothing_is_changed() -> None:
    found = survey(load_scenario("first-table"), 4, spread=1e-9, workers=1)

    # Which of two offers that are as good is made hangs on ties, which any change breaks; the
    # stable stances follow from such sessions.
    steady = [one for one in found.findings if one.as_stated is None]
    for one in steady:
        if one.about != "stances: stable":
            assert one.at_once == (4, 4)
            assert set(one.alone.values()) == {(4, 4)}


def test_processes_find_what_one_finds() -> None:
    scenario = load_scenario("first-table")

    alone, together = (survey(scenario, 6, seed=3, workers=workers) for workers in (1, 2))

    assert counts(alone) == counts(together)
    assert alone.endings == together.endings


def test_counts_are_those_of_the_draws_one_by_one() -> None:
    scenario = parse_scenario(MINI)
    text = nash_text(scenario)
    found = survey(scenario, 5, seed=11, workers=1)

    stated = dict(headlines(scenario, text))
    for one in found.findings:
        seen = 0
        for seed in range(11, 16):
            variant = drawn(scenario, seed).scenario
            told = {**dict(headlines(variant, text)), **ending(played(variant, seed)).found}
            seen += told[one.about] == one.found
        assert one.at_once == (seen, 5)
        assert one.about not in stated or one.found == stated[one.about]


def test_every_version_has_the_same_headlines() -> None:
    scenario = load_scenario("nickel-hub")
    text = nash_text(scenario)

    told = [
        [one.about for one in headlines(drawn(scenario, seed).scenario, text)] for seed in range(4)
    ]

    assert told == [[one.about for one in headlines(scenario, text)]] * 4


def test_areas_without_judged_numbers_are_left_out() -> None:
    scenario = parse_scenario(NARROW)

    found = survey(scenario, 3, workers=1)

    # Nothing counts of a part that the file does not state: what backing down costs, for one.
    assert list(found.numbers) == ["points", "alternatives"]
    assert list(found.endings) == [AS_STATED, AT_ONCE, *found.numbers]
    assert all(
        count == len(judged_numbers(scenario, (area,))) for area, count in found.numbers.items()
    )


def test_the_number_that_goes_with_failing_is_named() -> None:
    found = survey(parse_scenario(NARROW), 120, workers=1)

    (zopa,) = [one for one in found.findings if one.about == "ZOPA"]

    assert zopa.found == "some outcome is acceptable to all"
    assert not zopa.survives
    assert zopa.number in {"parties.A.reservation", "parties.A.points.tonnes.2"}
    assert zopa.fails_low == (zopa.number == "parties.A.points.tonnes.2")


def test_a_factor_is_that_of_the_number_drawn() -> None:
    scenario = load_scenario("first-table")

    for number in drawn(scenario, 7, 0.3).numbers:
        assert number.factor == factor_of(7, number.path, 0.3)


def test_an_empty_zopa_is_a_finding_like_any_other() -> None:
    scenario = parse_scenario(NARROW.replace("reservation: 8", "reservation: 80"))

    found = survey(scenario, 3, workers=1)

    assert nash_text(scenario) is None
    (zopa,) = [one for one in found.findings if one.about == "ZOPA"]
    assert (zopa.found, zopa.at_once) == (NOTHING, (3, 3))


def hall(scenario: Scenario) -> dict[str, str]:
    return ending(played(scenario, 1)).found


def test_sessions_of_a_hall_tell_signatures_and_text() -> None:
    scenario = load_scenario("price-floor-club")

    found = hall(scenario)

    labels = [issue.label for issue in scenario.issues.values()]
    assert list(found)[:3] == ["who declares", "in force", "ending"]
    assert list(found)[3:] == [f"text adopted: {label}" for label in labels]


@pytest.mark.parametrize(
    ("declaratory", "in_force", "told"),
    [
        (0.6, False, "more than half declare, no text in force"),
        (0.5, False, "no more than half declare, no text in force"),
        (0.6, True, "more than half declare, a text in force"),
    ],
)
def test_an_ending_is_told_by_who_declares_and_what_is_in_force(
    declaratory: float, in_force: bool, told: str
) -> None:
    one = Ending(agreed=True, in_force=in_force, binding=0.2, declaratory=declaratory)

    assert one.found["ending"] == told
    assert one.out == pytest.approx(0.8 - declaratory)


@pytest.mark.parametrize(
    ("draws", "spread", "line"),
    [
        (0, 0.5, "--sensitivity: expected 1 to 100,000 draws, found 0"),
        (-3, 0.5, "--sensitivity: expected 1 to 100,000 draws, found -3"),
        (5, 0.0, "--spread: expected a number above 0 and below 1, found 0.0"),
        (5, 1.0, "--spread: expected a number above 0 and below 1, found 1.0"),
        (5, float("nan"), "--spread: expected a number above 0 and below 1, found nan"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(draws: int, spread: float, line: str) -> None:
    with pytest.raises(UserError, match=line):
        survey(parse_scenario(MINI), draws, spread=spread)


def test_progress_is_told_after_each_draw() -> None:
    told: list[tuple[int, int]] = []

    survey(
        parse_scenario(NARROW), 2, workers=1, progress=lambda done, jobs: told.append((done, jobs))
    )

    assert told == [(done, 8) for done in range(1, 9)]
