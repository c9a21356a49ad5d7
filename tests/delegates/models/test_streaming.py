"""An answer that is heard while it comes is the answer that would have come as a whole."""

import itertools
import json
import threading
from dataclasses import replace
from typing import Any

import pytest

from delegates.models.client import ModelClient, RetryPolicy
from delegates.models.dialect import Dialect
from delegates.models.stream import STREAMED
from games.errors import ProviderError
from tests.delegates.models.world import ASK, FULL, World, always
from tests.support.openai_stub import (
    Answer,
    Fault,
    OpenAIStub,
    Said,
    chunks,
    dropped,
    error,
    in_turn,
    streamed,
    too_many,
    unauthorized,
)

WORDS = "We propose 7,500 t a year."


class Ticking(World):
    """A world in which every look at the clock takes a second: nothing is held back."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = itertools.count()

    def clock(self) -> float:
        return float(next(self.seconds))


def heard_of(
    answer: Answer, world: World | None = None, **options: Any
) -> tuple[list[str], Any, OpenAIStub, ModelClient]:
    """Return what was heard of one call, its reply, the server and the client."""
    world, heard = world or Ticking(), list[str]()
    with OpenAIStub(answer) as stub:
        client = world.client(stub.url, **options)
        (reply,) = world.ask(client, hear=heard.append)
    return heard, reply, stub, client


def test_words_are_heard_as_they_come() -> None:
    heard, reply, stub, _ = heard_of(always(Said(text=WORDS)))
    assert heard == list(itertools.accumulate(["We", " propose", " 7,500", " t", " a", " year."]))
    assert reply.text == WORDS
    assert stub.requests[0]["stream"] is True
    assert stub.requests[0]["stream_options"] == {"include_usage": True}


def test_words_are_told_at_most_twenty_times_a_second() -> None:
    heard, _, _, _ = heard_of(always(Said(text=WORDS)), World())
    assert heard == ["We", WORDS]


def test_without_a_listener_the_request_is_what_it_was() -> None:
    world = World()
    with OpenAIStub(always("yes")) as stub:
        client = world.client(stub.url)
        world.ask(client, FULL)
        world.ask(client, FULL, hear=lambda _: None)
    assert stub.requests[0] == client.request(FULL)
    assert stub.requests[1] == {**stub.requests[0], **STREAMED}


@pytest.mark.parametrize(
    "said",
    [
        Said(text=WORDS, finish="length", usage=(30, 9, 12)),
        Said(text="B", logprobs=(("B", -0.1), ("A", -2.5))),
        Said(text=WORDS, thoughts="They are weak.", usage=(9, 40, 0), thought_tokens=30),
        Said(text=WORDS, pieces=("We pro", "pose 7,", "500 t a y", "ear.")),
        Said(text="Größe 🪨", pieces=("Grö", "ße ", "🪨")),
    ],
)
def test_a_streamed_reply_is_the_unstreamed_one(said: Said) -> None:
    world = World()
    ask = replace(FULL, schema=None)
    with OpenAIStub(always(said)) as stub:
        (whole,) = world.ask(world.client(stub.url), ask)
        (heard,) = world.ask(world.client(stub.url), ask, hear=lambda _: None)
    assert replace(heard, request_id="", latency_s=0.0) == replace(
        whole, request_id="", latency_s=0.0
    )


def test_the_arguments_of_a_call_are_heard() -> None:
    world, heard = Ticking(), list[str]()
    said = Said(text=None, arguments='{"action": "accept"}', pieces=('{"action"', ': "accept"}'))

    def answer(request: dict[str, Any]) -> Said | Fault:
        return said if "tools" in request else error(400, "json_schema not supported")

    with OpenAIStub(answer) as stub:
        (reply,) = world.ask(world.client(stub.url), FULL, hear=heard.append)
    assert (reply.text, reply.sent_as) == ('{"action": "accept"}', "tool")
    assert heard == ["", '{"action"', '{"action": "accept"}']


def test_thoughts_that_come_apart_are_never_heard() -> None:
    heard, _, _, _ = heard_of(always(Said(text="Yes.", thoughts="Never below 41.")))
    assert "41" not in "".join(heard)


def test_a_character_cut_in_two_is_heard_whole() -> None:
    data = "".join(f"data: {event}\n\n" for event in chunks({}, Said(text="Grö 🪨")))
    raw = json.loads(json.dumps(data)).encode()
    body = raw.decode().replace("\\u00f6", "ö").replace("\\ud83e\\udea8", "🪨")
    drip = Fault(body=body, content_type="text/event-stream", drip_s=0.0001)
    heard, reply, _, _ = heard_of(always(drip))
    assert (heard[-1], reply.text) == ("Grö 🪨", "Grö 🪨")


@pytest.mark.parametrize(
    "refusal",
    [
        error(400, "Unsupported parameter: 'stream' is not supported", param="stream"),
        error(400, "Unrecognized request argument supplied: stream_options"),
        error(422, "Extra inputs are not permitted: stream_options"),
        error(400, "Streaming is not supported for this model."),
        error(403, "Your organization must be verified to stream this model.", param="stream"),
    ],
)
def test_a_server_that_refuses_to_stream_is_asked_for_the_whole_from_then_on(
    refusal: Fault,
) -> None:
    def answer(request: dict[str, Any]) -> str | Fault:
        return refusal if "stream" in request else "yes"

    world, heard = World(), list[str]()
    with OpenAIStub(answer) as stub:
        client = world.client(stub.url)
        replies = world.ask(client, hear=heard.append)
        replies += world.ask(client, hear=heard.append)
    assert [reply.text for reply in replies] == ["yes", "yes"]
    assert ["stream" in request for request in stub.requests] == [True, False, False]
    assert client.dialect == Dialect(is_whole=True)
    assert [retry.billable for retry in world.retries] == [False]
    assert "".join(heard) == ""


def test_a_server_that_streams_without_counting_is_asked_for_the_whole_next_time() -> None:
    def answer(request: dict[str, Any]) -> Said:
        return Said(text="yes", usage=None if "stream" in request else (10, 5, 0))

    world = World()
    with OpenAIStub(answer) as stub:
        client = world.client(stub.url)
        (first,) = world.ask(client, hear=lambda _: None)
        (second,) = world.ask(client, hear=lambda _: None)
    assert (first.usage.estimated, second.usage.estimated) == (True, False)
    assert ["stream" in request for request in stub.requests] == [True, False]


def test_a_server_that_answers_as_a_whole_though_asked_to_stream_is_understood() -> None:
    whole = json.dumps({"choices": [{"message": {"content": "yes"}, "finish_reason": "stop"}]})
    heard, reply, _, _ = heard_of(always(Fault(body=whole)))
    assert (heard, reply.text) == ([], "yes")


@pytest.mark.parametrize(
    "torn",
    [
        Said(text=WORDS, broken_after=3),
        streamed("We", " propose", whole=False),
        Fault(
            body='data: {"choices": [{"delta": {"content": "We"}}]}\n\n'
            'data: {"error": {"message": "upstream is down", "code": 502}}\n\n',
            content_type="text/event-stream",
        ),
    ],
    ids=["connection lost", "no end", "error"],
)
def test_half_a_stream_is_asked_for_again_as_a_whole(torn: Said | Fault) -> None:
    world = Ticking()
    heard, reply, stub, client = heard_of(in_turn([torn, WORDS]), world)
    assert reply.text == WORDS
    assert heard[0] == "We"
    assert heard[-1] == ""
    assert ["stream" in request for request in stub.requests] == [True, False]
    assert [retry.billable for retry in world.retries] == [True]
    assert client.dialect == Dialect()


def test_a_call_turned_away_before_it_was_answered_is_streamed_the_next_time() -> None:
    heard, _, stub, _ = heard_of(in_turn([too_many("0.01"), WORDS]))
    assert heard[-1] == WORDS
    assert ["stream" in request for request in stub.requests] == [True, True]


def test_a_key_that_is_refused_is_told_in_a_line() -> None:
    world = World()
    with OpenAIStub(always(unauthorized())) as stub, pytest.raises(ProviderError, match="HTTP 401"):
        world.ask(world.client(stub.url), hear=lambda _: None)


def test_a_stream_that_stops_in_the_middle_is_given_up_in_time() -> None:
    never = threading.Event()
    world, heard = World(), list[str]()
    policy = RetryPolicy(own_machine_timeout_s=0.5, budget_s=0.0)
    with OpenAIStub(always(Said(text=WORDS, hold=never))) as stub:
        client = world.client(stub.url, policy=policy)
        with pytest.raises(ProviderError, match="no answer within"):
            world.ask(client, hear=heard.append)
    assert heard == ["We", ""]
    assert [retry.billable for retry in world.heard.last] == [True]


@pytest.mark.parametrize("fault", [dropped(), Fault(body="<html>", content_type="text/html")])
def test_what_is_no_stream_is_a_failure_as_ever(fault: Fault) -> None:
    _, reply, stub, _ = heard_of(in_turn([fault, WORDS]))
    assert (reply.text, stub.count) == (WORDS, 2)


def test_an_endless_stream_is_read_no_further_than_allowed_and_told_in_bounds() -> None:
    chunk = b'data: {"choices": [{"delta": {"content": "' + b"x" * 4000 + b'"}}]}\n\n'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    heard, reply, _, _ = heard_of(in_turn([Fault(raw=head, endless=chunk), WORDS]))
    assert reply.text == WORDS
    assert max(len(text) for text in heard) == 40_000
    assert len(heard) <= 12


def test_an_ask_counts_the_same_whether_it_is_heard_or_not() -> None:
    world = World()
    with OpenAIStub(always("yes")) as stub:
        world.ask(world.client(stub.url), hear=lambda _: None)
        world.ask(world.client(stub.url))
    assert world.heard.begun == [ASK, ASK]
