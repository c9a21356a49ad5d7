import asyncio
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.contract import Decision, View
from delegates.minds.firm import Firm
from delegates.minds.llm import ATTEMPTS, LlmMind, decision_of, json_object
from delegates.models.chat import Reply
from games.errors import UnusableReply
from games.session import Accept, Offer, WalkAway
from tests.delegates.scripted_model import Log, ScriptedModel, line_to, model_of, reply
from tests.delegates.sessions import WORDS, mini, offer_of, said, view_at
from tests.support.domains import listed

GAME = mini()
TERMS = {"volume": "3", "price": "20", "rail": "rail"}
OPENING = offer_of(GAME, volume=4, price=10, rail="no rail")
EXCLUDED = listed({"A": [1, 2, 3], "B": [3, 2, 1]}, parties={"B": {"red_lines": [{"deal": "o0"}]}})


def decide(model: ScriptedModel, view: View, log: Log | None = None) -> Decision:
    return asyncio.run(LlmMind(line_to(model, log)).decide(view))


def refusal(text: str | Reply, view: View | None = None) -> str:
    with pytest.raises(UnusableReply) as caught:
        decision_of(view or view_at(GAME), reply(text) if isinstance(text, str) else text)
    return str(caught.value)


def test_a_decision_carries_the_models_move_and_words() -> None:
    model = model_of(said("offer", TERMS))
    log = Log()
    decision = decide(model, view_at(GAME), log)
    assert decision == Decision(offer_of(GAME, volume=3, price=20, rail="rail"), words=WORDS)
    assert log.kinds == ["asked", "replied"]


def test_the_question_carries_a_schema_of_the_options_there_are() -> None:
    model = model_of(said("offer", TERMS))
    decide(model, view_at(GAME))
    schema: Any = model.asks[0].schema
    offer = schema.json["properties"]["offer"]["anyOf"][0]
    assert offer["properties"]["rail"]["enum"] == ["no rail", "rail"]
    assert offer["required"] == list(GAME.issues)
    assert schema.json["properties"]["action"]["enum"] == ["offer", "walk_away"]


def test_the_schema_lets_a_model_accept_only_where_it_may() -> None:
    model = model_of(*[said("walk_away")] * 3)
    for view in (view_at(GAME, [OPENING]), view_at(EXCLUDED, [Offer(0)])):
        decide(model, view)
    allowed, forbidden = (ask.schema.json["properties"] for ask in model.asks if ask.schema)
    assert allowed["action"]["enum"] == ["offer", "accept", "walk_away"]  # pyright: ignore[reportIndexIssue]
    assert "accept" not in forbidden["action"]["enum"]  # pyright: ignore[reportIndexIssue]


def test_chance_is_the_seats_own_and_new_at_every_attempt() -> None:
    first, again = model_of("?", "?", "?"), model_of("?", "?", "?")
    decide(first, view_at(GAME, seed=4))
    decide(again, view_at(GAME, seed=4))
    seeds = [ask.seed for ask in first.asks]
    assert seeds == [ask.seed for ask in again.asks]
    assert len(set(seeds)) == ATTEMPTS


@pytest.mark.parametrize(
    ("text", "move"),
    [
        (said("offer", {"volume": 3, "price": 20, "rail": "rail"}), "offer"),
        (f"```json\n{said('accept')}\n```", "accept"),
        (f"Let me think: we need {{rail}}.\n{said('accept')}", "accept"),
        (f"<think>An {said('walk_away')}? No.</think>\n{said('accept')}", "accept"),
        (said("walk_away"), "walk"),
        (said("accept", {"volume": "4", "price": "10", "rail": "no rail"}), "accept"),
        (said("accept", {}), "accept"),
    ],
)
def test_replies_that_can_be_read(text: str, move: str) -> None:
    moves = {
        "offer": offer_of(GAME, volume=3, price=20, rail="rail"),
        "accept": Accept(),
        "walk": WalkAway(),
    }
    assert decision_of(view_at(GAME, [OPENING]), reply(text)).move == moves[move]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no JSON object"),
        ("I accept.", "no JSON object"),
        ("{action: accept}", "no JSON object"),
        ('{"action": "accept"', "no JSON object"),
        ("[1, 2]", "no JSON object"),
        ("{" * 3000, "no JSON object"),
        ('{"a":' * 3000, "no JSON object"),
        ("{}", "action: Field required"),
        ('{"action": "ACCEPT"}', "action: "),
        ('{"action": null}', "action: "),
        (said("offer"), '"offer" is null'),
        (said("offer", {}), "volume"),
        (said("offer", {"volume": "3"}), "price"),
        (said("offer", TERMS | {"volume": "5"}), "volume"),
        (said("offer", TERMS | {"volume": True}), "volume"),
        (said("offer", TERMS | {"volume": None}), "volume"),
        (said("offer", TERMS | {"extra": "1"}), "extra"),
        (said("accept", TERMS), "another than on the table"),
        (said("accept", {"volume": "3"}), "another than on the table"),
        (said("walk_away", TERMS), '"walk_away" but'),
        (f"{said('accept')} or rather {said('walk_away')}", "more than one"),
        ('{"action": "accept", "message": 3}', "message: "),
    ],
)
def test_replies_that_cannot_be_used_are_refused_with_the_reason(text: str, reason: str) -> None:
    assert reason in refusal(text, view_at(GAME, [OPENING]))


def test_an_acceptance_without_an_offer_on_the_table_is_refused() -> None:
    assert "no offer on the table" in refusal(said("accept"))


def test_a_reply_cut_off_for_length_is_refused_even_where_it_can_be_read() -> None:
    assert "cut off for length" in refusal(reply(said("walk_away"), finish="length"))


def test_own_red_lines_are_refused_in_offers_and_acceptances() -> None:
    view = view_at(EXCLUDED, [Offer(0)])
    assert "red lines" in refusal(said("offer", {"deal": "o0"}), view)
    assert "red lines" in refusal(said("accept"), view)


@pytest.mark.parametrize("bad", ["no", said("offer", {"volume": "9"}), said("accept"), ""])
def test_an_unusable_reply_is_asked_again_with_the_reason_at_most_twice(bad: str) -> None:
    log = Log()
    model = model_of(bad, bad, bad, said("offer", TERMS))
    decision = decide(model, view_at(GAME), log)
    assert len(model.asks) == ATTEMPTS == 3
    assert all(log.reasons[0] in model.told(call) for call in (1, 2))
    assert log.reasons[0] not in model.told(0)
    assert log.kinds == ["asked", "replied", "unusable"] * 3
    assert decision.move == Firm().choose(view_at(GAME))
    assert "no usable move in 3 replies" in str(decision.fallback)
    assert log.reasons[2] in str(decision.fallback)
    assert decision.words is None


def test_the_second_reply_counts_where_the_first_cannot_be_used() -> None:
    log = Log()
    decision = decide(model_of("well", said("offer", TERMS)), view_at(GAME), log)
    assert decision.fallback is None
    assert log.kinds == ["asked", "replied", "unusable", "asked", "replied"]


def test_unusable_replies_never_become_an_acceptance_that_the_fallback_would_not_make() -> None:
    poor = offer_of(GAME, volume=4, price=10, rail="no rail")
    decision = decide(model_of("accept", "yes, accept", "ACCEPT!"), view_at(GAME, [poor]))
    assert isinstance(decision.move, Offer)
    assert decision.fallback is not None


@given(st.text())
def test_words_never_contain_control_characters_or_escapes(message: str) -> None:
    hostile = f"\x1b[31m{message}\x1b]0;title\x07\u202e\x00\u200b"
    text = json.dumps({"action": "walk_away", "message": hostile})
    words = decision_of(view_at(GAME), reply(text)).words or ""
    assert "\x1b" not in words
    assert {c for c in words if unicodedata.category(c).startswith("C")} <= {"\n", "\t"}


def test_words_are_bounded() -> None:
    decision = decision_of(view_at(GAME), reply(said("walk_away", message="x" * 5000)))
    assert len(decision.words or "") == 1200


@given(st.text() | st.text(alphabet='{}[]":,\\ntrue10accept'))
def test_no_text_is_more_than_a_decision_or_a_refusal(text: str) -> None:
    try:
        move = decision_of(view_at(GAME, [OPENING]), reply(text)).move
    except UnusableReply as error:
        move = str(error)
    assert move


@given(
    st.dictionaries(
        st.sampled_from(["action", "offer", "message"]),
        st.none()
        | st.sampled_from(["offer", "accept", "walk_away"])
        | st.integers()
        | st.dictionaries(st.sampled_from([*TERMS, "x"]), st.sampled_from([*TERMS.values(), 3])),
    )
)
def test_no_object_is_more_than_a_decision_or_a_refusal(value: dict[str, object]) -> None:
    view = view_at(GAME, [OPENING])
    try:
        accepted = decision_of(view, reply(json.dumps(value))).move == Accept()
    except UnusableReply:
        accepted = False
    assert not accepted or value["action"] == "accept"


def test_the_first_object_in_a_text_is_found_whatever_stands_around_it() -> None:
    assert json_object('a {b} {"c": {"d": 1}} e') == '{"c": {"d": 1}}'
