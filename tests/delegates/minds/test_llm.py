import asyncio
import json
import unicodedata
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.contract import Decision, View
from delegates.minds.firm import Firm
from delegates.minds.llm import ATTEMPTS, Guard, LlmMind, decision_of
from delegates.minds.registry import GUARD, MODEL_MINDS
from delegates.models.chat import Reply
from delegates.seating import seat_delegate
from delegates.seats import parse_seat
from games.errors import SeatError, UnusableReply
from games.session import Accept, Move, Offer, WalkAway, step
from tests.delegates.scripted_model import Log, ScriptedModel, line_to, model_of, reply
from tests.delegates.sessions import WORDS, mini, offer_of, played, said, view_at
from transcripts.events import Fault, Unusable

GAME = mini()
TERMS = {"volume": "3", "price": "20", "rail": "rail"}
OPENING = offer_of(GAME, volume=4, price=10, rail="no rail")
POOR = {"volume": "1", "price": "40", "rail": "rail"}
"""Worth nothing to the United States, whose reservation value is 30."""
STALE = "We have studied the offer with care and cannot sign what is on the table."
ELSEWHERE = (
    "The weather in Paris is lovely this spring, and the gardens are full of flowers. You should "
    "visit the museum in the old town when the sun is out."
)


def decide(model: ScriptedModel, view: View, log: Log | None = None, **how: Any) -> Decision:
    return asyncio.run(LlmMind(line_to(model, log), **how).decide(view))


def faults(log: Log) -> list[str | None]:
    return [event.fault for event in log.events if isinstance(event, Unusable)]


def having_said(words: str, *, times: int = 1) -> View:
    """Return a view of the United States after it offered the same terms so often, in words."""
    other = offer_of(GAME, volume=1, price=40, rail="rail")
    view = view_at(GAME, [OPENING, other] * times)
    heard = [seen._replace(words=words) if seen.party == "USA" else seen for seen in view.history]
    return replace(view, history=heard)


def test_a_decision_carries_the_models_move_and_words() -> None:
    log = Log()
    decision = decide(model_of(said("offer", TERMS)), view_at(GAME), log)
    assert decision == Decision(offer_of(GAME, volume=3, price=20, rail="rail"), words=WORDS)
    assert log.kinds == ["asked", "replied"]


def test_the_question_carries_a_schema_of_the_options_there_are() -> None:
    model = model_of(said("offer", TERMS))
    decide(model, view_at(GAME))
    schema: Any = model.asks[0].schema
    offer = schema.json["properties"]["offer"]["anyOf"][0]
    assert offer["properties"]["rail"]["enum"] == ["no rail", "rail"]
    assert offer["required"] == list(GAME.issues)


def test_the_schema_is_the_same_in_every_turn() -> None:
    model = model_of(*[said("walk_away")] * 2)
    for view in (view_at(GAME), view_at(GAME, [OPENING])):
        decide(model, view)
    first, second = (ask.schema for ask in model.asks)
    assert first == second


def test_chance_is_the_seats_own_and_new_at_every_attempt() -> None:
    first, again = model_of("?", "?", "?"), model_of("?", "?", "?")
    decide(first, view_at(GAME, seed=4))
    decide(again, view_at(GAME, seed=4))
    seeds = [ask.seed for ask in first.asks]
    assert seeds == [ask.seed for ask in again.asks]
    assert len(set(seeds)) == ATTEMPTS


def test_temperature_and_effort_are_the_seats() -> None:
    model = model_of(said("offer", TERMS))
    decide(model, view_at(GAME), temperature=0.2, effort="low")
    assert (model.asks[0].temperature, model.asks[0].effort) == (0.2, "low")


@pytest.mark.parametrize("bad", ["no", said("offer", {"volume": "9"}), said("accept"), ""])
def test_an_unusable_reply_is_asked_again_with_the_reason_at_most_twice(bad: str) -> None:
    log = Log()
    model = model_of(bad, bad, bad, said("offer", TERMS))
    decision = decide(model, view_at(GAME), log)
    assert len(model.asks) == ATTEMPTS == 3
    quoted = json.dumps(log.reasons[0])
    assert [model.told(call).count(quoted) for call in range(3)] == [0, 1, 2]
    assert log.kinds == ["asked", "replied", "unusable"] * 3
    assert decision.move == Firm().choose(view_at(GAME))
    assert "no usable move in 3 replies" in str(decision.fallback)
    assert log.reasons[2] in str(decision.fallback)
    assert decision.words is None


def test_a_reason_is_added_to_a_prompt_that_stays_as_it_was() -> None:
    model = model_of("no", "no", "no")
    decide(model, view_at(GAME))
    assert model.told(1).startswith(model.told(0))
    assert model.told(2).startswith(model.told(1))
    assert {len(ask.messages) for ask in model.asks} == {2}


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


class Heard:
    """A client that keeps what it is told of replies that hold no answer."""

    def __init__(self, *replies: Reply) -> None:
        self.model = ScriptedModel([*replies])
        self.noted: list[str] = []

    async def complete(self, ask: Any, *, attempts: Any, hear: Any = None) -> Reply:
        return await self.model.complete(ask, attempts=attempts)

    def note_unparsable(self, sent_as: str) -> None:
        self.noted.append(sent_as)


def test_the_client_hears_of_replies_that_do_not_hold_what_the_schema_asked_for() -> None:
    replies = ["well", said("accept"), said("walk_away")]
    heard: Any = Heard(*(replace(reply(text), sent_as="strict") for text in replies))
    decide(heard, view_at(GAME))
    assert heard.noted == ["strict"]


# Moves below the own reservation value.


@pytest.mark.parametrize(
    ("guard", "flags"), [("flag", ("below-reservation",)), ("off", ()), ("enforce", None)]
)
@pytest.mark.parametrize(
    ("text", "view"),
    [
        (said("offer", POOR), view_at(GAME)),
        (said("accept"), view_at(GAME, [OPENING])),
    ],
)
def test_a_move_worth_less_than_no_agreement_is_made_marked_or_refused(
    text: str, view: View, guard: Guard, flags: tuple[str, ...] | None
) -> None:
    log = Log()
    decision = decide(model_of(text, text, text), view, log, guard=guard)
    if flags is None:
        assert decision.fallback is not None
        assert faults(log) == ["below-reservation"] * 3
        assert "30" not in log.reasons[0]
    else:
        assert (decision.flags, decision.fallback) == (flags, None)
        assert faults(log) == []


@pytest.mark.parametrize("guard", get_args(Guard))
def test_a_good_move_and_leaving_pass_every_guard(guard: Guard) -> None:
    for text in (said("offer", TERMS), said("walk_away")):
        assert decide(model_of(text), view_at(GAME), guard=guard).flags == ()


def test_a_seat_may_name_its_guard_temperature_and_effort() -> None:
    spec = parse_seat("llm(guard=enforce,temperature=1.5,effort=high):m")
    mind: Any = seat_delegate(spec, lambda _: line_to(model_of())).mind
    assert (mind.guard, mind.temperature, mind.effort) == ("enforce", 1.5, "high")
    plain: Any = seat_delegate(parse_seat("llm:m"), lambda _: line_to(model_of())).mind
    assert (plain.guard, plain.temperature, plain.effort) == ("flag", 0.7, None)
    assert set(GUARD.words) == set(get_args(Guard))
    with pytest.raises(SeatError, match="guard='never'; expected one of flag, off, enforce"):
        parse_seat("llm(guard=never):m")
    assert "guard" not in MODEL_MINDS["menu"].parameters


# Words.


@given(st.text())
def test_words_never_contain_control_characters_or_escapes(message: str) -> None:
    hostile = f"\x1b[31m{message}\x1b]0;title\x07\u202e\x00\u200b"
    text = json.dumps({"action": "walk_away", "message": hostile})
    words = decision_of(view_at(GAME), reply(text)).words or ""
    assert "\x1b" not in words
    assert {c for c in words if unicodedata.category(c).startswith("C")} <= {"\n", "\t"}


@pytest.mark.parametrize(
    ("message", "kind", "flags"),
    [
        ("x" * 1201, "over-long", ()),
        (ELSEWHERE, "off-topic", ("off-topic",)),
        ("```python\nprint(1)\n```", "off-topic", ("off-topic",)),
        ("As an AI, I would offer this.", "out-of-role", ()),
        (STALE, "repeating", ("repeating",)),
    ],
)
def test_a_legal_move_stands_where_only_its_words_cannot_be_spoken(
    message: str, kind: Fault, flags: tuple[str, ...]
) -> None:
    log, text = Log(), said("offer", TERMS, message)
    decision = decide(model_of(text, text, text), having_said(STALE), log)
    assert decision.move == offer_of(GAME, volume=3, price=20, rail="rail")
    assert (decision.words, decision.fallback) == (None, None)
    assert faults(log) == [kind] * 3
    assert log.reasons[2] in str(decision.unworded)
    assert decision.flags == flags


def test_the_last_legal_move_stands_and_not_one_without_any() -> None:
    first = said("offer", TERMS, ELSEWHERE)
    second = said("offer", {**TERMS, "volume": "4"}, ELSEWHERE)
    log = Log()
    decision = decide(model_of(first, second, "what?"), view_at(GAME), log)
    assert decision.move == offer_of(GAME, volume=4, price=20, rail="rail")
    assert faults(log) == ["off-topic", "off-topic", "unparsable"]


def test_words_that_are_mended_are_spoken() -> None:
    decision = decide(
        model_of(said("offer", TERMS, ELSEWHERE), said("offer", TERMS)), view_at(GAME)
    )
    assert (decision.words, decision.unworded, decision.flags) == (WORDS, None, ())


def test_words_that_a_voice_replaces_are_not_judged() -> None:
    text = said("offer", TERMS, ELSEWHERE)
    decision = decide(model_of(text), view_at(GAME), speaks=False)
    assert decision.unworded is None
    for spec, speaks in (("llm:a", True), ("llm:a+llm:b", False), ("llm:a+template", False)):
        mind: Any = seat_delegate(parse_seat(spec), lambda _: line_to(model_of())).mind
        assert mind.speaks is speaks


def test_a_private_figure_said_aloud_is_marked_and_not_asked_for_again() -> None:
    words = "We cannot go below 30, and 87.5 points is what we want."
    log = Log()
    decision = decide(model_of(said("offer", TERMS, words)), view_at(GAME), log)
    # A price of 30 is an option; in a sentence that speaks of points it tells the own value.
    assert decision.flags == ("own-figure-told",)
    assert log.kinds == ["asked", "replied"]
    silent = decide(model_of(said("offer", TERMS, words)), view_at(GAME), speaks=False)
    assert silent.flags == ()


@pytest.mark.parametrize(
    ("text", "move"),
    [
        (said("offer", TERMS, "We accept the offer on the table."), None),
        (said("accept", message="We cannot accept your offer."), None),
        (said("offer", TERMS, "If you move, we accept the offer on the table."), Offer),
        (said("accept", message="We accept your offer."), Accept),
    ],
)
def test_words_that_say_the_opposite_of_the_move_contradict_it(
    text: str, move: type[Move] | None
) -> None:
    if move is None:
        with pytest.raises(UnusableReply, match="the message") as caught:
            decision_of(view_at(GAME, [OPENING]), reply(text))
        assert caught.value.fault == "contradictory"
    else:
        assert isinstance(decision_of(view_at(GAME, [OPENING]), reply(text)).move, move)


def test_a_move_without_a_word_is_made() -> None:
    assert decision_of(view_at(GAME), reply('{"action": "walk_away"}')) == Decision(
        WalkAway(), words=""
    )


POOL = [
    "",
    "no",
    said("accept"),
    said("walk_away"),
    said("offer", TERMS),
    said("offer", POOR),
    said("offer", TERMS, ELSEWHERE),
    said("offer", {**TERMS, "volume": "9"}),
    said("accept", message="We cannot accept your offer."),
    f"<think>{said('accept')}",
]


@given(
    texts=st.lists(st.sampled_from(POOL) | st.text(), min_size=3, max_size=3),
    finishes=st.lists(st.sampled_from(["stop", "length", "refusal", ""]), min_size=3, max_size=3),
    tabled=st.booleans(),
    guard=st.sampled_from(get_args(Guard)),
)
def test_whatever_a_model_replies_a_legal_move_is_made_and_none_it_did_not_name(
    texts: list[str], finishes: list[str], tabled: bool, guard: Guard
) -> None:
    moves = [OPENING] if tabled else []
    log = Log()
    replies = [reply(text, finish) for text, finish in zip(texts, finishes, strict=True)]
    decision = decide(model_of(*replies), view_at(GAME, moves), log, guard=guard)
    state, _ = played(GAME, moves)
    step(state, decision.move)
    assert log.kinds.count("asked") <= ATTEMPTS
    assert log.kinds.count("unusable") >= log.kinds.count("asked") - 1
    assert decision.fallback is None or decision.move == Firm().choose(view_at(GAME, moves))
    named = any("accept" in text for text in texts)
    assert named or decision.fallback or not isinstance(decision.move, Accept)
    if guard == "enforce":
        own = view_at(GAME, moves).own
        settled = moves[-1].outcome if moves else None
        chosen = decision.move.outcome if isinstance(decision.move, Offer) else settled
        left = isinstance(decision.move, WalkAway)
        assert left or chosen is None or own.utility(chosen) >= own.reservation
