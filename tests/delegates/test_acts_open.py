"""What a seat is said to be able to do now is what the protocol allows, and nothing is left out."""

from collections.abc import Callable
from random import Random
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.acts_open import OpenAct, Term, moves_allowed, named
from delegates.persons.person import PersonMove, packed, unpacked
from games.errors import IllegalMove
from games.moves import Accept, Merge, Offer, Promise, WalkAway
from games.scenario import Scenario
from games.session import step
from tests.delegates.halls import any_move, drawn, hall_of, moment_at, moments
from tests.delegates.sessions import mini, offer_of, view_at
from tests.games.eventful import eventful
from transcripts.acts import ACTS, move_from, terms_of

KINDS = st.sampled_from(["plenary", "forum"])
HALLS = st.sampled_from([hall_of, eventful])
"""A hall with all that a hall knows, and one in which shocks strike and capitals speak."""


@settings(max_examples=25, deadline=None)
@given(HALLS, KINDS, st.integers(0, 10_000))
def test_every_choice_of_an_act_of_one_term_is_legal(
    hall: Callable[[str], Scenario], kind: str, seed: int
) -> None:
    chance = Random(seed)
    for moment in moments(hall(kind), chance, 0.7):
        acts = moves_allowed(moment.view)
        assert acts, moment.state.stage
        for act in acts:
            if act.options or len(act.terms) > 1:
                continue
            for terms in _each(act):
                step(moment.state, move_from(moment.state.scenario, act.act, None, terms))


def _each(act: OpenAct) -> list[dict[str, Any]]:
    if not act.terms:
        return [{}]
    ((name, term),) = act.terms.items()
    if term.is_list:
        return [{name: list(term.choices[: term.least])}]
    return [{name: choice} for choice in term.choices]


@settings(max_examples=25, deadline=None)
@given(HALLS, KINDS, st.integers(0, 10_000))
def test_what_the_rule_does_is_among_the_open_acts(
    of: Callable[[str], Scenario], kind: str, seed: int
) -> None:
    for moment in moments(of(kind), Random(seed), 0.5):
        hall = moment.view.hall
        assert hall is not None
        assert any_move(moment.view, moment.state, Random(seed)) is not None
        for word, act in ACTS.items():
            if named(moves_allowed(moment.view), word) is None and not _takes_terms(act):
                assert hall.problem(cast("Any", act)()) is not None, (moment.state.stage, word)


def _takes_terms(act: type) -> bool:
    return bool(getattr(act, "__dataclass_fields__", {}))


@settings(max_examples=25, deadline=None)
@given(KINDS, st.integers(0, 10_000))
def test_any_answer_of_a_person_comes_back_from_the_graph_as_it_was(kind: str, seed: int) -> None:
    chance = Random(seed)
    for moment in moments(hall_of(kind), chance, 0.6):
        for act in moves_allowed(moment.view):
            answer = PersonMove(drawn(act, moment.view, moment.state.scenario, chance), "So be it.")
            assert unpacked(packed(answer)) == answer


def test_closed_issues_leave_one_option_each() -> None:
    moment = moment_at(hall_of(), "room")
    hall = moment.view.hall
    assert hall is not None
    offer = named(moves_allowed(moment.view), "offer")
    assert offer is not None
    counts = {name: len(options) for name, options in offer.options.items()}
    assert {name for name, n in counts.items() if n > 1} <= set(hall.open_issues)


def test_an_act_that_is_not_open_is_not_legal() -> None:
    moment = moment_at(hall_of(), "vote")
    assert {one.act for one in moves_allowed(moment.view)} == {"vote", "walk-away"}
    with pytest.raises(IllegalMove):
        step(moment.state, Accept())


def test_at_a_table_there_are_three_acts_and_acceptance_once_there_is_an_offer() -> None:
    game = mini()
    assert [one.act for one in moves_allowed(view_at(game))] == ["offer", "walk-away"]
    offer = offer_of(game, volume=3, price=20, rail="rail")
    acts = moves_allowed(view_at(game, [offer]))
    assert [one.act for one in acts] == ["offer", "accept", "walk-away"]
    assert acts[0].options["price"] == ("10", "20", "30", "40")


def test_asides_are_offered_to_those_who_have_them() -> None:
    usa, cod = (moment_at(hall_of(), "floor", party) for party in ("USA", "COD"))
    threat = named(moves_allowed(usa.view), "threaten")
    assert threat is not None
    assert threat.terms["measure"] == Term(choices=("tariffs",))
    assert named(moves_allowed(cod.view), "threaten") is None
    assert named(moves_allowed(cod.view), "approach") is not None


def test_moves_without_terms_say_none() -> None:
    assert terms_of(WalkAway()) == terms_of(Offer(1)) == terms_of(Merge(1)) == {}
    assert terms_of(Promise(("EUE",), "price", "10"))["to"] == ["EUE"]
