import asyncio
from typing import Any

import pytest

from delegates.line import Calls, Line, earlier_calls
from delegates.models.budget import Budget
from delegates.models.chat import Ask
from delegates.models.chat import Message as Spoken
from games.errors import CapReached, TranscriptError
from games.session import Offer
from tests.delegates.scripted_model import Log, ScriptedModel, line_to, model_of, reply
from tests.delegates.sessions import mini, view_at
from transcripts.events import Asked, Event, Replied, Unusable

VIEW = view_at(mini())
ASK = Ask(messages=(Spoken(role="user", content="Well?"),), max_tokens=9)


def ask(line: Line, *asks: Ask) -> list[str]:
    async def run() -> list[str]:
        return [(await line.ask(VIEW, "decide", one)).text for one in asks or (ASK,)]

    return asyncio.run(run())


def recalling(model: ScriptedModel, before: list[Event], name: str = "m") -> tuple[Line, Log]:
    """Return a line that remembers the events of an interrupted turn."""
    log = Log()
    old = line_to(model, log)
    calls = Calls(log, Budget(), earlier_calls(before))
    return Line(old.client, name, old.host, old.price, calls), log


def interrupted(*texts: str, at: int) -> list[Event]:
    """Return the first events of a turn in which a model said some words, all unusable."""
    log = Log()
    line = line_to(model_of(*texts), log)
    for _ in texts:
        ask(line)
        line.unusable(VIEW, "decide", "why not")
    return log.events[:at]


def test_question_and_reply_are_recorded_the_reply_durably() -> None:
    log = Log()
    line = line_to(model_of(reply("Yes.", logprobs=(("Y", -0.1),))), log)
    assert ask(line) == ["Yes."]
    question, answer = log.events
    assert isinstance(question, Asked)
    assert isinstance(answer, Replied)
    assert [message.content for message in question.messages] == ["Well?"]
    assert question.settings == {"max_tokens": 9}
    assert (question.model, question.host, question.call) == ("m", "host:1", 0)
    assert (answer.text, answer.call, answer.cost_usd) == ("Yes.", 0, 0.0)
    assert answer.logprobs == (("Y", -0.1),)
    assert (answer.tokens.input, answer.tokens.output) == (10, 5)


def test_a_silent_reply_is_paid_for_recorded_and_returned() -> None:
    log = Log()
    assert ask(line_to(model_of(""), log)) == [""]
    assert log.kinds == ["asked", "replied"]


def test_calls_of_a_turn_are_numbered() -> None:
    log = Log()
    ask(line_to(model_of("a", "b"), log), ASK, ASK)
    assert [event.call for event in log.events if isinstance(event, Asked)] == [0, 1]


def test_a_cap_is_met_before_anything_is_recorded() -> None:
    log, model = Log(), model_of("a")
    with pytest.raises(CapReached):
        ask(line_to(model, log, Budget(max_tokens=10)))
    assert (log.events, model.asks) == ([], [])


@pytest.mark.parametrize(
    ("kept", "bought", "recorded"),
    [
        (0, 2, ["asked", "replied", "unusable", "asked", "replied"]),
        (1, 2, ["replied", "unusable", "asked", "replied"]),
        (2, 1, ["unusable", "asked", "replied"]),
        (3, 1, ["asked", "replied"]),
        (4, 1, ["replied"]),
        (5, 0, []),
    ],
)
def test_an_interrupted_turn_is_carried_on_where_it_ended(
    kept: int, bought: int, recorded: list[str]
) -> None:
    before = interrupted("a", "b", at=kept)
    model = model_of(*["a", "b"][2 - bought :])
    line, log = recalling(model, before)
    assert ask(line) == ["a"]
    line.unusable(VIEW, "decide", "why not")
    assert ask(line) == ["b"]
    assert log.kinds == recorded
    assert len(model.asks) == bought


def test_another_question_than_before_is_an_error_and_buys_nothing() -> None:
    model = model_of("a")
    line, log = recalling(model, interrupted("a", at=2))
    other = Ask(messages=(Spoken(role="user", content="Else?"),), max_tokens=9)
    with pytest.raises(TranscriptError, match="resume with the version that began it"):
        ask(line, other)
    assert (model.asks, log.events) == ([], [])


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_another_model_is_asked_anew_and_on_record(kept: int) -> None:
    model = model_of("b")
    line, log = recalling(model, interrupted("a", at=kept), "other")
    assert ask(line) == ["b"]
    line.unusable(VIEW, "decide", "nor this")
    assert log.kinds == ["asked", "replied", "unusable"]
    assert [event.model for event in log.events if isinstance(event, Asked)] == ["other"]
    assert [event.reason for event in log.events if isinstance(event, Unusable)] == ["nor this"]


def test_the_reply_of_one_model_is_never_taken_for_anothers() -> None:
    first = interrupted("a", at=3)
    line, log = recalling(model_of("b"), first, "other")
    ask(line)
    both: list[Any] = [*first, *log.events]
    unanswered, answered = recalling(model_of("c"), both[:4], "other"), both
    assert ask(unanswered[0]) == ["c"]
    model = model_of()
    assert ask(recalling(model, answered, "other")[0]) == ["b"]
    assert model.asks == []


def test_a_new_turn_remembers_nothing_of_the_one_before() -> None:
    model = model_of("b")
    line, log = recalling(model, interrupted("a", at=3))
    assert ask(line) == ["a"]
    later = view_at(mini(), [Offer(0)])
    assert asyncio.run(line.ask(later, "decide", ASK)).text == "b"
    assert log.kinds == ["asked", "replied"]
