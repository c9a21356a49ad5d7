"""What stands behind a delegate: its mandate, its parliament, its public, and words left open."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np

from games.bargaining.solutions import bargain, nash_ranking
from games.parts.mandates import Mandate
from games.ratification import ratified
from games.scenario import Scenario
from games.sensitivity import drawn
from games.session import State, start
from tests.mechanisms.mechanism import Change, Mechanism, Metric, agrees, hall, payoff_of
from tests.mechanisms.years import kept

SCENARIO = "tungsten-accord"
ISSUE, OPEN_WORDS = "export", "in accordance with national law"
"""The issue on which words are left open, and the words."""


def each_mandate(**update: object) -> Change:
    """Return the change to every mandate."""

    def change(scenario: Scenario) -> Scenario:
        mandates = {
            party: one.model_copy(update=update) for party, one in scenario.mandates.items()
        }
        return scenario.model_copy(update={"mandates": mandates})

    return change


def without_shocks(scenario: Scenario) -> Scenario:
    """Return the scenario in which nothing strikes."""
    return scenario.model_copy(update={"shocks": {}})


def with_face(times: float) -> Change:
    """Return the change to every party's face, as a multiple of what it is."""

    def change(scenario: Scenario) -> Scenario:
        mandates = {
            party: one.model_copy(update={"face": times * one.face})
            for party, one in scenario.mandates.items()
        }
        return scenario.model_copy(update={"mandates": mandates})

    return change


def with_hurdle(party: str, added: float) -> Change:
    """Return the change to what a text must be worth at home in one party's country."""

    def change(scenario: Scenario) -> Scenario:
        mandate = scenario.mandates[party]
        assert mandate.ratify is not None
        ratify = mandate.ratify.model_copy(update={"threshold": mandate.ratify.threshold + added})
        mandates: dict[str, Mandate] = {
            **scenario.mandates,
            party: mandate.model_copy(update={"ratify": ratify}),
        }
        return scenario.model_copy(update={"mandates": mandates})

    return change


def without_open_words(scenario: Scenario) -> Scenario:
    """Return the scenario in which nobody may sign the words that each reads in its own way."""
    parties = {
        name: one.model_copy(update={"red_lines": (*one.red_lines, {ISSUE: OPEN_WORDS})})
        for name, one in scenario.parties.items()
    }
    return scenario.model_copy(update={"parties": parties})


def with_hazard(hazard: float) -> Change:
    """Return the change to the chance per year that the open words are disputed."""

    def change(scenario: Scenario) -> Scenario:
        issue = scenario.issues[ISSUE]
        words = issue.ambiguous[OPEN_WORDS].model_copy(update={"hazard": hazard})
        changed = issue.model_copy(update={"ambiguous": {OPEN_WORDS: words}})
        return scenario.model_copy(update={"issues": {**scenario.issues, ISSUE: changed}})

    return change


def takes_effect(state: State) -> float:
    """Return 1 if there is an agreement and enough capitals have ratified it, else 0."""
    found = ratified(state)
    return agrees(state) * float(found is None or found.holds)


def in_rooms(state: State) -> float:
    """Return the share of all concessions that was made in small rooms; 0 without any.

    Each party's by the span of its own points, so that no scale weighs more.
    """
    spans = np.array([one.span for one in state.scenario.preferences])
    before, apart = (
        float((np.array(one) / spans).sum())
        for one in (hall(state).yielded, hall(state).yielded_in_rooms)
    )
    return apart / (before + apart) if before + apart > 0 else 0.0


def open_text(scenario: Scenario, seed: int) -> State:
    """Return a session that ended in a text with the open words, one of the best that have them.

    Of the hundred best under Nash welfare among all that could be signed.
    """
    place = scenario.space.issues.index(ISSUE)
    level = scenario.issues[ISSUE].texts.index(OPEN_WORDS)
    ranked = [text for _, text in nash_ranking(scenario, 1000)]
    texts = [text for text in ranked if scenario.space.levels_of(text)[place] == level][:100]
    text = texts[Random(f"{seed}/text").randrange(len(texts))]
    return replace(start(scenario), offer=text, status="agreement")


def nash_of_drawn(scenario: Scenario, seed: int) -> State:
    """Return a session that ended in the Nash outcome, every judgement of points drawn anew."""
    variant = drawn(scenario, seed, what=("points",)).scenario
    found = bargain(variant).solutions["nash"]
    opened = start(variant)
    if not len(found):
        return replace(opened, status="no-agreement")
    return replace(opened, offer=int(found[0]), status="agreement")


def zopa_share(state: State) -> float:
    """Return the share of possible texts that lie in the ZOPA."""
    return len(bargain(state.scenario).zopa) / state.scenario.space.count


def raw_worth(party: str) -> Metric:
    """Return the metric of what the text is worth to a party once in force; r without a text."""

    def metric(state: State) -> float:
        own = state.scenario.preferences[state.scenario.ids.index(party)]
        agreed = state.agreement
        return own.reservation if agreed is None else own.utility_in_force(agreed)

    return metric


PAYOFFS = {
    "payoff of the United States": payoff_of("USA"),
    "payoff of Kazakhstan": payoff_of("KAZ"),
    "payoff of the Union": payoff_of("EUE"),
}

UNLIMITED = each_mandate(limits={}, instructions=(), grants={})
"""The change to delegates that may sign whatever their red lines allow."""

CAPITALS: dict[str, Mechanism] = {
    "mandates": Mechanism(
        title="Capitals limit what may be signed",
        scenario=SCENARIO,
        ends=nash_of_drawn,
        off=UNLIMITED,
        metric=zopa_share,
        measures="texts that all may sign and gain by, of those possible",
        sign=-1,
        by_construction=True,
        others={
            "the Nash outcome to the United States": raw_worth("USA"),
            "to Kazakhstan": raw_worth("KAZ"),
            "to the Union": raw_worth("EUE"),
        },
    ),
    "mandates at the table": Mechanism(
        title="Capitals limit what may be signed, and instruct meanwhile",
        scenario=SCENARIO,
        off=UNLIMITED,
        metric=agrees,
        measures="agreements among the three over tungsten",
        sign=0,
        others=PAYOFFS,
    ),
    "asking the capital": Mechanism(
        title="A delegate may ask its capital for more, and loses its turn",
        scenario=SCENARIO,
        off=each_mandate(requests=0),
        metric=agrees,
        measures="agreements among the three over tungsten",
        sign=0,
        hangs_on_chance=True,
        others=PAYOFFS,
    ),
    "ratification": Mechanism(
        title="Congress and the member states must ratify",
        scenario=SCENARIO,
        off=each_mandate(ratify=None),
        metric=takes_effect,
        measures="agreements that take effect",
        sign=-1,
        hangs_on_chance=True,
        others={"agreements": agrees, **PAYOFFS},
    ),
    "a harder parliament": Mechanism(
        title="What must be ratified in the United States must be worth 15 points more there",
        scenario=SCENARIO,
        ends=nash_of_drawn,
        off=with_hurdle("USA", 0.0),
        on=with_hurdle("USA", 15.0),
        metric=raw_worth("USA"),
        measures="what the Nash outcome is worth to the United States once in force",
        sign=1,
        others={
            "to Kazakhstan": raw_worth("KAZ"),
            "to the Union": raw_worth("EUE"),
            "a Nash outcome exists": agrees,
        },
    ),
    "face": Mechanism(
        title="Publics punish what is yielded before the plenary",
        scenario=SCENARIO,
        off=with_face(0.0),
        metric=in_rooms,
        measures="share of concessions made in small rooms",
        sign=1,
        hangs_on_chance=True,
        others={"agreements": agrees, **PAYOFFS},
    ),
    "ambiguity at signature": Mechanism(
        title="Words that each may read in its own way may be signed",
        scenario=SCENARIO,
        off=without_open_words,
        metric=agrees,
        measures="agreements among the three over tungsten",
        sign=1,
        hangs_on_chance=True,
        others=PAYOFFS,
    ),
    "ambiguity in the years": Mechanism(
        title="Words left open are disputed some day, and arbitrated",
        scenario=SCENARIO,
        ends=open_text,
        off=with_hazard(0.0),
        metric=kept,
        measures="due and honoured by all",
        sign=-1,
    ),
}
"""By the name that its row has."""
