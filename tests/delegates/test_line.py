import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest

from delegates.line import Calls, Line, Recall, credible, earlier_calls
from delegates.models.budget import Budget, most_of
from delegates.models.cache import ReplyCache
from delegates.models.chat import Ask, Usage
from delegates.models.chat import Message as Spoken
from delegates.settings import Price
from games.errors import CapReached, ProviderError, TranscriptError
from games.session import Offer
from tests.delegates.scripted_model import (
    SILENCE,
    Log,
    ScriptedModel,
    fails,
    line_to,
    model_of,
    reply,
)
from tests.delegates.sessions import mini, view_at
from transcripts.events import Asked, Event, Failed, Replied, Retried, Tokens, Unusable

VIEW = view_at(mini())
ASK = Ask(messages=(Spoken(role="user", content="Well?"),), max_tokens=9)
PRICE = Price(input=1.0, output=10.0)
MOST = most_of(ASK, PRICE)
MOST_USD = MOST.cost_usd or 0.0
MOST_TOKENS = Tokens(input=MOST.bound.input, output=MOST.bound.output)


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


def test_an_attempt_that_may_be_billed_is_charged_and_on_record() -> None:
    log, budget = Log(), Budget(max_cost_usd=1.0)
    model = ScriptedModel([fails(billable=True), fails(billable=False, attempt=2), reply("Yes.")])
    assert ask(line_to(model, log, budget, PRICE)) == ["Yes."]
    assert log.kinds == ["asked", "retried", "retried", "replied"]
    billed, free = (event for event in log.events if isinstance(event, Retried))
    assert (billed.tokens, billed.cost_usd) == (MOST_TOKENS, MOST_USD)
    assert (free.tokens, free.cost_usd) == (Tokens(), 0.0)
    spent = budget.spent
    assert (spent.calls, spent.cost_usd) == (1, pytest.approx((10 + 50) / 1e6))
    assert (spent.lost_cost_usd, spent.lost_tokens) == (MOST_USD, MOST.tokens)


@pytest.mark.parametrize(("billable", "cost"), [(True, MOST_USD), (False, 0.0)])
def test_the_last_failure_is_on_record_with_what_it_may_cost(billable: bool, cost: float) -> None:
    log, budget = Log(), Budget()
    with pytest.raises(ProviderError):
        ask(line_to(ScriptedModel([fails(billable=billable, wait_s=None)]), log, budget, PRICE))
    assert log.kinds == ["asked", "failed"]
    assert isinstance(log.events[1], Failed)
    assert (log.events[1].reason, log.events[1].cost_usd) == ("no answer", cost)
    assert budget.spent.lost_cost_usd == cost


def test_every_attempt_needs_room_of_its_own() -> None:
    log, budget = Log(), Budget(max_cost_usd=MOST_USD * 2.5)
    model = ScriptedModel([fails(billable=True, attempt=n) for n in range(1, 9)])
    with pytest.raises(CapReached, match=r"up to .* for lost answers"):
        ask(line_to(model, log, budget, PRICE))
    assert len(model.asks) == 2
    assert log.kinds == ["asked", "retried", "retried", "failed"]
    assert isinstance(log.events[-1], Failed)
    assert (log.events[-1].tokens, log.events[-1].cost_usd) == (Tokens(), 0.0)
    assert "--max-cost" in log.events[-1].reason


def test_a_call_in_flight_is_cut_off_when_time_is_up_and_may_be_billed() -> None:
    log, budget = Log(), Budget(max_time_s=0.05)
    with pytest.raises(
        CapReached, match=r"the cap of 0\.05 s is reached; raise it with --max-time"
    ):
        ask(line_to(ScriptedModel([SILENCE]), log, budget, PRICE))
    assert log.kinds == ["asked", "failed"]
    assert isinstance(log.events[1], Failed)
    assert (log.events[1].tokens, log.events[1].cost_usd) == (MOST_TOKENS, MOST_USD)
    assert budget.spent.lost_cost_usd == MOST_USD


def test_the_wait_for_another_attempt_is_cut_off_when_time_is_up() -> None:
    log, budget = Log(), Budget(max_time_s=0.05)
    model = ScriptedModel([fails(billable=True, wait_s=3600)])
    with pytest.raises(CapReached, match="--max-time"):
        ask(line_to(model, log, budget, PRICE))
    assert log.kinds == ["asked", "retried", "failed"]
    assert isinstance(log.events[2], Failed)
    assert (log.events[2].tokens, log.events[2].cost_usd) == (Tokens(), 0.0)
    assert budget.spent.lost_cost_usd == MOST_USD


def test_a_call_that_waits_for_room_is_cut_off_when_time_is_up() -> None:
    log, shared = Log(), Budget(max_cost_usd=MOST_USD * 1.5)
    shared.reserve(ASK, PRICE)
    line = line_to(model_of("a"), log, Budget(max_time_s=0.05, within=shared), PRICE)
    with pytest.raises(CapReached, match="--max-time"):
        ask(line)
    assert log.events == []
    assert shared.spent.lost_cost_usd == 0.0


def test_time_alone_asks_nobody_when_it_is_up() -> None:
    log, model = Log(), model_of("a")
    with pytest.raises(CapReached, match="--max-time"):
        ask(line_to(model, log, Budget(max_time_s=0), PRICE))
    assert (log.events, model.asks) == ([], [])


def test_an_interrupted_call_is_on_record_as_such_and_may_be_billed() -> None:
    log, budget = Log(), Budget()

    async def main() -> None:
        line = line_to(ScriptedModel([SILENCE]), log, budget, PRICE)
        call = asyncio.create_task(line.ask(VIEW, "decide", ASK))
        await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(main())
    assert log.kinds == ["asked", "failed"]
    assert isinstance(log.events[1], Failed)
    assert log.events[1].reason == "interrupted while it was asked"
    assert log.events[1].cost_usd == MOST_USD
    assert budget.spent.lost_cost_usd == MOST_USD


def test_a_question_asked_before_has_a_failure_on_record_when_no_room_is_left() -> None:
    line, log = recalling(model_of("a"), interrupted("a", at=1))
    line = replace(line, calls=replace(line.calls, budget=Budget(max_tokens=1)))
    with pytest.raises(CapReached):
        ask(line)
    assert log.kinds == ["failed"]


BOUND = Usage(input=500, output=100)


@pytest.mark.parametrize(
    ("told", "text", "found"),
    [
        (Usage(input=40, output=10, cached=8, reasoning=3), "x", None),
        (Usage(input=0, output=0), "x", Usage(input=500, output=100, estimated=True)),
        (Usage(input=-40, output=-10), "x", Usage(input=500, output=100, estimated=True)),
        (Usage(input=40, output=0), "x", Usage(input=40, output=100, estimated=True)),
        (Usage(input=40, output=0), "", Usage(input=40, output=0)),
        (Usage(input=40, output=9, cached=-5), "x", Usage(input=40, output=9)),
        (Usage(input=40, output=9, cached=90), "x", Usage(input=40, output=9, cached=40)),
        (Usage(input=0, output=9, cached=90), "x", Usage(input=500, output=9, estimated=True)),
        (Usage(input=40, output=9, reasoning=99), "x", Usage(input=40, output=9, reasoning=9)),
        (Usage(input=9999, output=999), "x", None),
    ],
)
def test_usage_that_cannot_be_meant_is_taken_at_its_bound(
    told: Usage, text: str, found: Usage | None
) -> None:
    assert credible(replace(reply(text), usage=told), BOUND) == (found or told)


def test_what_was_settled_is_what_is_on_record() -> None:
    log, budget = Log(), Budget()
    said = replace(
        reply("Yes."),
        usage=Usage(input=20, output=9, cached=4, reasoning=5),
        sent_as="strict",
    )
    ask(line_to(model_of(said), log, budget, PRICE))
    answer = log.events[1]
    assert isinstance(answer, Replied)
    assert answer.tokens == Tokens(input=20, output=9, cached=4, reasoning=5)
    assert (answer.sent_as, answer.from_cache) == ("strict", False)
    assert budget.spent.reasoning == 5
    line, _ = recalling(model_of(), log.events)
    again = asyncio.run(line.ask(VIEW, "decide", ASK))
    assert (again.usage, again.sent_as) == (said.usage, "strict")


@pytest.fixture
def remembering(tmp_path: Path) -> Iterator[Callable[[str], Recall]]:
    opened: list[ReplyCache] = []

    def made(served_by: str) -> Recall:
        opened.append(ReplyCache(tmp_path / "replies.sqlite"))
        return Recall(opened[-1], served_by)

    yield made
    for cache in opened:
        cache.close()


def test_a_reply_kept_from_before_costs_nothing_and_is_marked(
    remembering: Callable[[str], Recall],
) -> None:
    recall, log = remembering("http://h/v1"), Log()
    said = reply("Yes.", logprobs=(("Y", -0.1),))
    ask(line_to(model_of(said), price=PRICE, recall=recall))
    model, broke = ScriptedModel([]), Budget(max_cost_usd=0.0, max_tokens=1)
    assert ask(line_to(model, log, broke, PRICE, recall)) == ["Yes."]
    assert (model.asks, log.kinds) == ([], ["asked", "replied"])
    answer = log.events[1]
    assert isinstance(answer, Replied)
    assert answer.from_cache
    assert (answer.cost_usd, answer.latency_s, answer.request_id) == (0.0, 0.0, "")
    assert answer.tokens == Tokens(input=10, output=5)
    assert answer.logprobs == said.logprobs
    assert (broke.spent.calls, broke.spent.tokens) == (0, 0)
    recall.cache.close()


@pytest.mark.parametrize(
    "said",
    [reply(""), reply("  "), reply("Yes, b", "length"), reply("No.", "content_filter")],
    ids=["empty", "blank", "cut off", "filtered"],
)
def test_a_reply_that_says_nothing_whole_is_asked_for_anew(
    remembering: Callable[[str], Recall], said: Any
) -> None:
    recall = remembering("http://h/v1")
    for _ in range(2):
        model = ScriptedModel([said])
        ask(line_to(model, recall=recall))
        assert len(model.asks) == 1
    recall.cache.close()


def test_a_failed_call_leaves_nothing_to_be_used_again(
    remembering: Callable[[str], Recall],
) -> None:
    recall = remembering("http://h/v1")
    with pytest.raises(ProviderError):
        ask(line_to(ScriptedModel([fails(billable=True, wait_s=None)]), recall=recall))
    assert recall.cache.entries() == 0
    recall.cache.close()


class FullDisk(Log):
    """Writes down what it is told, and cannot put replies on disk."""

    async def record_durably(self, event: Event) -> None:
        self.record(event)
        raise OSError(ENOSPC, "No space left on device")


def test_a_reply_that_is_not_on_disk_is_neither_used_nor_kept_for_others_but_paid_for(
    remembering: Callable[[str], Recall],
) -> None:
    recall, log, budget = remembering("http://h/v1"), FullDisk(), Budget()
    with pytest.raises(OSError, match="No space left"):
        ask(line_to(model_of("Yes."), log, budget, PRICE, recall))
    assert log.kinds == ["asked", "replied"]
    assert recall.cache.entries() == 0
    assert budget.spent.cost_usd == pytest.approx(10 * 1e-6 + 5 * 1e-5)
    assert budget.spent.lost_tokens == 0
    again, _ = recalling(model_of(), log.events)
    assert ask(again) == ["Yes."]
    recall.cache.close()


def test_another_server_is_asked_anew(remembering: Callable[[str], Recall]) -> None:
    first, second = (remembering(by) for by in ("http://h/v1", "http://h/v2"))
    ask(line_to(model_of("a"), recall=first))
    assert ask(line_to(model_of("b"), recall=second)) == ["b"]
    assert ask(line_to(ScriptedModel([]), recall=first)) == ["a"]
    for recall in (first, second):
        recall.cache.close()
