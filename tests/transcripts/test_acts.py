"""Every act of every protocol, from a move to its line in a transcript and back."""

from dataclasses import fields
from typing import Any, cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from games.moves import Merge, Move, Offer
from tests.delegates.sessions import mini
from transcripts.acts import ACTS, act_of, move_from, move_of, outcome_of, terms_of
from transcripts.events import Act, Decided, MoveMade

GAME = mini()
WITH_OUTCOME = {"offer", "merge"}
WITHOUT_TERMS = sorted(act for act, kind in ACTS.items() if not fields(cast("Any", kind)))
WITH_TERMS = sorted({*ACTS} - {*WITHOUT_TERMS} - WITH_OUTCOME)


def moves_of(kind: type[Move]) -> st.SearchStrategy[Move]:
    """Return any moves of a kind, an outcome being one of the game's."""
    if kind in (Offer, Merge):
        return st.builds(cast("Any", kind), st.integers(0, GAME.space.size - 1))
    return st.from_type(kind)


def test_every_kind_of_move_has_one_word_and_every_word_one_kind() -> None:
    assert {*ACTS} == {*get_args(Act)}
    assert {*ACTS.values()} == {*get_args(Move)}
    assert len({*ACTS.values()}) == len(ACTS)


@pytest.mark.parametrize("act", sorted(ACTS))
@given(data=st.data())
def test_every_act_is_read_back_as_it_was_written(act: Act, data: st.DataObject) -> None:
    move = data.draw(moves_of(ACTS[act]))
    assert act_of(move) == act
    made = MoveMade(
        turn=0,
        round=0,
        party="USA",
        act=act,
        outcome=outcome_of(GAME, move),
        on=terms_of(move),
    )
    read = MoveMade.model_validate_json(made.model_dump_json())
    assert move_of(GAME, read) == move
    decided = Decided(turn=0, party="USA", act=act, outcome=read.outcome, on=read.on)
    assert move_of(GAME, decided) == move


@pytest.mark.parametrize("act", sorted(ACTS))
def test_only_offers_and_texts_name_an_outcome(act: Act) -> None:
    named = {one.name for one in fields(cast("Any", ACTS[act]))}
    assert ("outcome" in named) == (act in WITH_OUTCOME)


def test_an_outcome_is_no_term_of_the_move_that_names_it() -> None:
    assert terms_of(Offer(3)) == terms_of(Merge(3)) == {}


def refusal(act: Act, terms: dict[str, JsonValue]) -> str:
    """Return the one line with which terms are refused."""
    with pytest.raises(ValueError, match=f"^{act}") as refused:
        move_from(GAME, act, None, terms)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("act", WITH_TERMS)
def test_an_act_whose_terms_are_missing_is_refused_in_one_line(act: Act) -> None:
    assert "is missing" in refusal(act, {})


@pytest.mark.parametrize("act", WITH_TERMS)
def test_an_act_whose_terms_are_of_the_wrong_kind_is_refused_in_one_line(act: Act) -> None:
    wrong: dict[str, JsonValue] = {
        one.name: {"no": "such term"} for one in fields(cast("Any", ACTS[act]))
    }
    refusal(act, wrong)


@pytest.mark.parametrize("act", sorted({*ACTS} - WITH_OUTCOME))
def test_a_term_that_an_act_does_not_know_is_refused_in_one_line(act: Act) -> None:
    assert refusal(act, {"hidden": 1}) == f"{act} knows no 'hidden'"


@pytest.mark.parametrize("act", sorted(WITH_OUTCOME))
def test_an_offer_or_text_without_an_outcome_is_refused_in_one_line(act: Act) -> None:
    assert refusal(act, {}) == f"{act} without an outcome"


@pytest.mark.parametrize(
    ("act", "terms", "problem"),
    [
        ("vote", {"ballot": "perhaps"}, "vote: ballot: expected 'yes', 'no' or 'abstain'"),
        ("sign", {"signature": "maybe"}, "sign: signature: expected 'binding'"),
        ("pledge", {"pays": "a little"}, "pledge: pays: expected true or false"),
        ("park", {"issue": 3}, "park: issue: expected text"),
        ("group", {"issues": "volume"}, "group: issues: expected a list"),
        ("group", {"issues": ["volume", 3]}, "group: issues.1: expected text"),
        ("promise", {"to": ["COD"], "issue": "price"}, "promise: option: is missing"),
    ],
)
def test_a_wrong_term_is_named(act: Act, terms: dict[str, JsonValue], problem: str) -> None:
    assert refusal(act, terms).startswith(problem)
