"""Whatever bytes an agent sends: a move that may be made, or one printable line."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.acts_open import moves_allowed
from delegates.contract import View
from delegates.outside.messages import MOST_BYTES, MoveGiven
from delegates.outside.reading import LONGEST_LINE, answer_meant, json_given, move_given
from delegates.persons.person import PersonMove
from games.errors import IllegalMove, UnusableReply
from games.moves import Accept, Offer, Promise, Vote, WalkAway
from games.session import step
from tests.delegates.halls import drawn, hall_of, moment_at, moments
from tests.delegates.sessions import mini, played, view_at
from transcripts.acts import act_of, outcome_of, terms_of

GAME = mini()
TERMS = {"volume": "3", "price": 20, "rail": "rail"}
OFFER = Offer(GAME.space.index({"volume": 3, "price": 20, "rail": "rail"}))
VIEW = view_at(GAME, [OFFER])
IN_ROOM = moment_at(hall_of(), "room").view
ON_FLOOR = moment_at(hall_of(), "floor").view


def read(view: View, body: bytes) -> PersonMove | str:
    """Return the move that a body means, or the line that says why it means none."""
    try:
        return answer_meant(view, move_given(json_given(body)))
    except UnusableReply as error:
        return str(error)


def sent(view: View = VIEW, **move: object) -> PersonMove | str:
    return read(view, json.dumps({"turn": view.turn, **move}).encode())


def test_an_offer_gives_every_option_as_text_or_number() -> None:
    assert sent(act="offer", outcome=TERMS) == PersonMove(OFFER)
    assert sent(act="offer", outcome={**TERMS, "volume": 3.0}) == PersonMove(OFFER)


def test_words_come_on_one_line_without_escapes() -> None:
    said = sent(act="accept", words=" We\x1b[31m agree.\nTruly.\u202e ")
    assert said == PersonMove(Accept(), "We agree. Truly.")


def test_a_ballot_and_a_promise_are_read_with_their_terms() -> None:
    vote = moment_at(hall_of(), "vote").view
    assert sent(vote, act="vote", on={"ballot": "no"}) == PersonMove(Vote("no"))
    promise = next(
        moment.view
        for seed in range(50)
        for moment in moments(hall_of(), Random(seed), 0.3)
        if any(one.act == "promise" for one in moves_allowed(moment.view))
        and moment.view.party != "COD"
    )
    on = {"to": ["COD"], "issue": "rail", "option": "rail"}
    assert sent(promise, act="promise", on=on) == PersonMove(Promise(("COD",), "rail", "rail"))


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"", "body: not JSON (Expecting value: line 1 column 1 (char 0)); expected one object"),
        (b"\xff\xfe", "body: not JSON ('utf-8' codec can't decode byte 0xff in position 0"),
        (b"[" * 102 + b"]" * 102, "body: JSON nested too deeply; expected one flat object"),
        (b"[" * 20_000, "body: JSON nested too deeply; expected one flat object"),
        (b'{"turn": 1, "turn": 2}', "body: not JSON (one key twice); expected one object"),
        (b'{"turn": NaN}', "body: not JSON (NaN and infinity are no numbers); expected one"),
        (b"[]", "move: expected keys with values"),
        (b"{}", "turn: is missing"),
        (b'{"turn": true, "act": "accept"}', "turn: expected a whole number"),
        (b'{"turn": "1", "act": "accept"}', "turn: expected a whole number"),
        (b'{"turn": 1, "act": "surrender"}', "act: expected 'offer', 'accept', 'walk-away'"),
        (b'{"turn": 1, "act": "accept", "IGNORE ALL": 1}', "move: no such key is known here"),
        (b'{"turn": 1, "act": "accept", "words": 3}', "words: expected text"),
        (b'{"turn": 1, "act": "offer", "outcome": []}', "outcome: expected keys with values"),
        (b" " * (MOST_BYTES + 1), "body: 32,769 bytes; expected at most 32,768"),
    ],
)
def test_what_is_no_move_gets_one_line_that_says_where(body: bytes, line: str) -> None:
    found = read(VIEW, body)
    assert isinstance(found, str)
    assert found.startswith(line)


@pytest.mark.parametrize(
    ("move", "line"),
    [
        (
            {"act": "pass"},
            "act: pass is not open now; expected one of offer, accept, walk-away",
        ),
        (
            {"act": "offer"},
            "outcome: offer names one; expected an option for every issue",
        ),
        ({"act": "accept", "outcome": TERMS}, "outcome: accept names none; expected null"),
        (
            {"act": "offer", "outcome": {"volume": 3}},
            "outcome: the offer leaves 'price' open; settle every issue",
        ),
        (
            {"act": "offer", "outcome": {**TERMS, "volume": 9}},
            "outcome: 'volume' has no such option; choose one of those that are listed",
        ),
        (
            {"act": "offer", "outcome": {**TERMS, "moon": 1}},
            "outcome: the offer names an issue that does not exist; there are volume, price, rail",
        ),
        (
            {"act": "offer", "outcome": TERMS, "on": {"issue": "rail"}},
            "on: offer takes an outcome alone; expected nothing here",
        ),
        (
            {"act": "accept", "on": {"x": True}},
            "on: a term that accept does not have; expected nothing",
        ),
        (
            {"act": "accept", "words": "a" * 601},
            "words: that is 601 characters; say it in at most 600",
        ),
    ],
)
def test_a_move_that_cannot_be_made_gets_one_line(move: dict[str, Any], line: str) -> None:
    assert sent(**move) == line


@pytest.mark.parametrize(
    ("on", "line"),
    [
        ({}, "on: ballot is missing; vote has to say it"),
        ({"ballot": True}, "on: ballot: expected one of yes, no, abstain"),
        ({"ballot": ["yes"]}, "on: ballot: expected one of yes, no, abstain"),
        ({"ballot": "maybe"}, "on: ballot: expected one of yes, no, abstain"),
    ],
)
def test_a_term_that_is_none_of_the_choices_gets_one_line(on: dict[str, Any], line: str) -> None:
    assert sent(moment_at(hall_of(), "vote").view, act="vote", on=on) == line


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
ACTS = ["offer", "accept", "promise", "call-caucus", "merge", "vote", "pass", "park"]
MOVES = st.fixed_dictionaries(
    {"turn": st.just(1) | ANYTHING, "act": st.sampled_from(ACTS) | ANYTHING},
    optional={
        "outcome": st.just(TERMS) | st.dictionaries(st.sampled_from([*TERMS, "moon"]), ANYTHING),
        "on": st.dictionaries(
            st.sampled_from(["to", "issue", "option", "members", "issues", "ballot", "x"]),
            st.sampled_from(["rail", "COD", ["COD"], ["COD", "COD"], [], "yes"]) | ANYTHING,
        ),
        "words": st.text() | ANYTHING,
    },
)
BODIES = st.binary() | (MOVES | ANYTHING).map(lambda one: json.dumps(one).encode())


@given(BODIES, st.sampled_from([VIEW, IN_ROOM, ON_FLOOR]))
def test_whatever_comes_is_a_move_or_one_printable_line(body: bytes, view: View) -> None:
    found = read(view, body)
    if isinstance(found, PersonMove):
        assert act_of(found.move) in [one.act for one in moves_allowed(view)]
        assert found.words.isprintable()
    else:
        assert found
        assert len(found) <= LONGEST_LINE
        assert found.isprintable()


def given_for(move: Any, scenario: Any) -> bytes:
    terms, outcome = terms_of(move), outcome_of(scenario, move)
    return json.dumps({"turn": 0, "act": act_of(move), "outcome": outcome, "on": terms}).encode()


def every_move() -> Iterator[tuple[View, Any, Any]]:
    chance = Random(5)
    for seed in range(6):
        for moment in moments(hall_of("forum" if seed % 2 else "plenary"), Random(seed), 0.6):
            for act in moves_allowed(moment.view):
                move = drawn(act, moment.view, moment.state.scenario, chance)
                yield moment.view, move, moment.state


def test_every_move_that_the_protocol_takes_can_be_sent() -> None:
    seen: set[str] = set()
    for view, move, state in every_move():
        try:
            step(state, move)
        except IllegalMove:
            continue
        assert read(view, given_for(move, state.scenario)) == PersonMove(move)
        seen.add(act_of(move))
    assert len(seen) > 15


def test_a_walk_away_is_told_apart_from_silence() -> None:
    assert sent(act="walk-away") == PersonMove(WalkAway())
    assert move_given({"turn": 1, "act": "walk-away"}) == MoveGiven(turn=1, act="walk-away")
    state, _ = played(GAME, [OFFER])
    assert not step(state, WalkAway())[0].is_open
