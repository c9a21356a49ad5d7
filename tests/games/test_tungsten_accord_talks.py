"""How the three over Kazakhstan's tungsten talk: with capitals behind them, and news meanwhile."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from delegates.seating import scripted_mind
from delegates.seats import parse_seat
from delegates.trials.endings import played, seated
from delegates.views import view_of
from games.bargaining.solutions import bargain
from games.happenings.changes import struck
from games.happenings.happening import Answered, Instructed, Struck, changed, inject
from games.parts.mandates import Mandate
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import HallState
from games.ratification import chance_of, ratified
from games.scenario import Scenario, load_scenario
from games.session import State, start, step

WORDS = "in accordance with national law"
SEEDS = range(1, 31)


@pytest.fixture(scope="module")
def accord() -> Scenario:
    return load_scenario("tungsten-accord")


@pytest.fixture(scope="module")
def sessions(accord: Scenario) -> list[HallState]:
    return ended(accord, SEEDS)


def ended(scenario: Scenario, seeds: Sequence[int]) -> list[HallState]:
    states = [played(scenario, seed) for seed in seeds]
    return [state for state in states if isinstance(state, HallState)]


def signed_by_all(state: HallState) -> bool:
    return state.agreement is not None and set(state.signatures) == {"binding"}


def stands(state: HallState) -> bool:
    """Return whether a text was signed by all and ratified by all who must."""
    if not signed_by_all(state):
        return False
    found = ratified(state)
    return found is None or found.holds


def with_mandates(scenario: Scenario, **changes: Any) -> Scenario:
    mandates: dict[str, Mandate] = {
        party: mandate.model_copy(update=changes) for party, mandate in scenario.mandates.items()
    }
    return scenario.model_copy(update={"mandates": mandates})


def in_plain_words(scenario: Scenario) -> Scenario:
    """Return the scenario without its ambiguous option."""
    raw = json.loads(scenario.canonical())
    export = raw["issues"]["export"]
    export["options"].remove(WORDS)
    del export["ambiguous"]
    for party in raw["parties"].values():
        party["points"]["export"].pop(WORDS, None)
        for link in party["links"]:
            for row in link["points"].values():
                row.pop(WORDS, None)
    for mandate in raw["mandates"].values():
        for limits in (mandate["limits"], *(o.get("limits", {}) for o in mandate["instructions"])):
            if "export" in limits:
                limits["export"].remove(WORDS)
        mandate.get("ratify", {}).get("points", {}).get("export", {}).pop(WORDS, None)
    return Scenario.model_validate(raw)


def with_news(scenario: Scenario, seed: int, shocks: Mapping[str, int]) -> HallState:
    """Return how a session ends in which a trainer has shocks strike as rounds begin."""
    minds = [scripted_mind(parse_seat(spec)) for spec in seated(scenario, seed).values()]
    state, due = start(scenario, seed), dict(shocks)
    while state.is_open:
        for name in [name for name, round_ in due.items() if state.round + 1 >= round_]:
            state = inject(state, name)
            del due[name]
        state, _ = step(state, _moved(state, minds, seed))
    assert isinstance(state, HallState)
    return state


def _moved(state: State, minds: Sequence[Any], seed: int) -> Any:
    return act_by_rule(state, lambda: minds[state.mover].choose(view_of(state, [], seed)))


def test_the_host_holds_the_pen_of_a_plenary_that_all_must_support(accord: Scenario) -> None:
    rules = accord.protocol

    assert (rules.kind, rules.agreement, rules.chair) == ("plenary", "unanimity", "KAZ")
    assert (rules.rounds, rules.caucuses, rules.extension) == (12, 2, 1)


def test_each_has_a_face_of_its_own_and_two_have_parliaments(accord: Scenario) -> None:
    faces = {party: mandate.face for party, mandate in accord.mandates.items()}
    parliaments = {party for party, mandate in accord.mandates.items() if mandate.ratify}

    assert faces == {"USA": 0.05, "KAZ": 0.15, "EUE": 0.1}
    assert parliaments == {"USA", "EUE"}


def test_capitals_narrow_widen_forbid_and_hold(accord: Scenario) -> None:
    orders = {
        party: [(one.round, one.kind) for one in mandate.instructions]
        for party, mandate in accord.mandates.items()
    }

    assert orders == {
        "USA": [(4, "tighten"), (7, "widen")],
        "KAZ": [(3, "red-line"), (6, "tighten"), (8, "widen"), (10, "widen")],
        "EUE": [(5, "no-deal"), (7, "red-line"), (9, "widen")],
    }


def test_what_could_be_agreed_shrinks_until_a_cabinet_has_sat(accord: Scenario) -> None:
    orders = sorted(
        (one.round, party, number)
        for party, mandate in accord.mandates.items()
        for number, one in enumerate(mandate.instructions)
    )
    here, room = accord, {1: len(bargain(accord).zopa)}
    for week, party, number in orders:
        here = changed(here, Instructed(party, number))
        room[week] = len(bargain(here).zopa)

    assert room == {1: 264, 3: 264, 4: 170, 5: 170, 6: 47, 7: 101, 8: 577, 9: 741, 10: 1613}


def test_at_the_outset_the_ambiguous_words_are_all_that_everybody_may_sign(
    accord: Scenario,
) -> None:
    zopa = bargain(accord).zopa
    limits = [set(mandate.limits.get("export", ())) for mandate in accord.mandates.values()]

    assert {accord.space.outcome(int(outcome))["export"] for outcome in zopa} == {WORDS}
    assert set.intersection(*(one for one in limits if one)) == {WORDS}


def test_shocks_come_by_date_by_lot_in_private_and_by_the_trainer(accord: Scenario) -> None:
    shocks = accord.shocks
    called = {name for name, one in shocks.items() if one.round is None and not one.chance}

    assert {name for name, one in shocks.items() if one.round is not None} == {"rise"}
    assert {name for name, one in shocks.items() if one.chance} == {"squeeze", "bidder"}
    assert shocks["bidder"].heard_by == ("KAZ",)
    assert called == {"tariffs", "election"}


def test_about_half_of_the_sessions_end_in_a_text_and_fewer_in_one_that_stands(
    sessions: list[HallState],
) -> None:
    adopted = sum(state.agreement is not None for state in sessions)
    signed = sum(signed_by_all(state) for state in sessions)
    standing = sum(stands(state) for state in sessions)

    assert 0.3 * len(sessions) <= adopted <= 0.75 * len(sessions)
    assert adopted > signed > standing > 0


def test_texts_come_late_and_most_hang_on_the_ambiguous_words(sessions: list[HallState]) -> None:
    agreed = [state for state in sessions if state.agreement is not None]
    rounds = [state.round + 1 for state in agreed]
    words = Counter(
        state.scenario.space.outcome(state.agreement)["export"]
        for state in agreed
        if state.agreement is not None
    )

    assert min(rounds) >= 6
    assert words[WORDS] > len(agreed) / 2


def test_every_order_is_given_and_most_requests_are_answered_with_yes(
    sessions: list[HallState],
) -> None:
    causes = [one.cause for state in sessions for one in state.happened]
    orders = Counter((one.party, one.number) for one in causes if isinstance(one, Instructed))
    answers = Counter(one.is_granted for one in causes if isinstance(one, Answered))

    assert len(orders) == 9
    assert answers[True] > answers[False] > 0


def test_news_by_lot_comes_in_about_half_of_the_sessions(sessions: list[HallState]) -> None:
    causes = [one.cause for state in sessions for one in state.happened]
    news = Counter(one.shock for one in causes if isinstance(one, Struck))

    assert news["rise"] > 0.9 * len(sessions)
    assert all(0.3 < news[name] / len(sessions) < 0.75 for name in ("squeeze", "bidder"))
    assert not {"tariffs", "election"} & set(news)


def test_without_the_ambiguous_words_fewer_texts_are_adopted(
    accord: Scenario, sessions: list[HallState]
) -> None:
    plain = in_plain_words(accord)
    found = ended(plain, SEEDS)
    adopted = sum(state.agreement is not None for state in found)

    assert len(bargain(plain).zopa) == 0
    assert 0 < adopted < 0.75 * sum(state.agreement is not None for state in sessions)


def test_a_lost_majority_makes_congress_the_harder_hurdle(accord: Scenario) -> None:
    (outcome,) = (int(one) for one in bargain(accord).solutions["nash"])
    after = struck(accord, accord.shocks["election"])
    before, then = chance_of(accord, 0, outcome), chance_of(after, 0, outcome)

    assert before == pytest.approx(0.97, abs=0.005)
    assert then == pytest.approx(0.84, abs=0.005)
    assert chance_of(after, 2, outcome) == chance_of(accord, 2, outcome)


def test_a_threat_of_tariffs_heats_the_quarrel_and_lowers_what_two_have_without_a_text(
    accord: Scenario,
) -> None:
    after = struck(accord, accord.shocks["tariffs"])
    moved = [
        round(then.reservation - own.reservation, 6)
        for own, then in zip(accord.preferences, after.preferences, strict=True)
    ]

    assert moved == [0, -1.5, -2]
    assert after.dispute is not None
    assert after.dispute.level == pytest.approx(0.8)
    assert len(bargain(after).zopa) != len(bargain(accord).zopa)


def test_the_trainers_shocks_are_heard_in_a_session(accord: Scenario) -> None:
    state = with_news(accord, 2, {"tariffs": 6, "election": 9})
    called = [
        (one.round + 1, one.cause.shock)
        for one in state.happened
        if isinstance(one.cause, Struck) and one.cause.by == "trainer"
    ]

    assert called == [(6, "tariffs"), (9, "election")]


CHAIN = {
    "as stands": (100, 86, 70),
    "plain words": (38, 29, 25),
    "no limits, no orders": (68, 56, 41),
    "no orders": (110, 89, 73),
    "no requests": (94, 84, 68),
    "no ratification": (110, 91, 91),
    "no face": (108, 84, 56),
    "no shocks": (112, 84, 61),
    "no reply": (107, 95, 76),
    "tariffs": (101, 90, 63),
    "election": (86, 76, 46),
}
"""Of 200 sessions, how many texts are adopted, signed by all, and ratified by all who must."""


@pytest.mark.campaign
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", list(CHAIN))
def test_the_chain_from_adoption_to_ratification_is_as_the_page_says(
    accord: Scenario, name: str
) -> None:
    variants: dict[str, Scenario] = {
        "no limits, no orders": with_mandates(accord, limits={}, instructions=(), grants={}),
        "no orders": with_mandates(accord, instructions=()),
        "no requests": with_mandates(accord, requests=0, grants={}),
        "no ratification": with_mandates(accord, ratify=None),
        "no face": with_mandates(accord, face=0.0),
        "no shocks": accord.model_copy(update={"shocks": {}}),
        "plain words": in_plain_words(accord),
        "no reply": accord.model_copy(update={"outside": None}),
    }
    news = {"tariffs": {"tariffs": 6}, "election": {"election": 9}}
    game, seeds = variants.get(name, accord), range(1, 201)
    found = [with_news(game, seed, news.get(name, {})) for seed in seeds]
    chain = tuple(
        sum(test(state) for state in found)
        for test in (lambda state: state.agreement is not None, signed_by_all, stands)
    )

    assert chain == CHAIN[name]
