"""What a client learns of a model from real turns, and from nothing else."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from delegates.models.chat import Reply
from delegates.models.client import EmptyReply, ModelClient, RetryPolicy
from delegates.models.dialect import REASONING_ROOM, Dialect
from delegates.models.remembered import Dialects
from games.errors import ProviderError
from tests.delegates.models.world import ASK, FULL, World, always
from tests.support.openai_stub import (
    Answer,
    Fault,
    OpenAIStub,
    Said,
    error,
    in_turn,
    refusing,
)

JSON_REPLY = '{"action": "accept"}'
PROSE = "We gladly accept."


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "dialects.json"


def way(request: dict[str, Any]) -> str:
    """Return how the schema was put in a request."""
    if "tools" in request:
        return "tool"
    kind = request.get("response_format", {}).get("type")
    return {"json_schema": "strict", "json_object": "loose"}.get(kind, "words")


def refusing_ways(*refused: str, status: int = 400, message: str = "") -> Answer:
    """Refuse some ways to put a schema and answer in the others."""
    names = {"strict": "json_schema", "tool": "tools", "loose": "response_format"}

    def answer(request: dict[str, Any]) -> str | Said | Fault:
        put = way(request)
        if put in refused:
            return error(status, message or f"{names[put]} not supported")
        return Said(text=None, arguments=JSON_REPLY) if put == "tool" else JSON_REPLY

    return answer


@pytest.mark.parametrize(
    ("refused", "steps"),
    [
        ([], ["strict"]),
        (["strict"], ["strict", "tool"]),
        (["strict", "tool"], ["strict", "tool", "loose"]),
        (["strict", "tool", "loose"], ["strict", "tool", "loose", "words"]),
    ],
)
def test_a_schema_is_put_in_the_first_way_that_the_server_takes(
    world: World, refused: list[str], steps: list[str]
) -> None:
    with OpenAIStub(refusing_ways(*refused)) as stub:
        client = world.client(stub.url)
        (first,) = world.ask(client, FULL)
        (second,) = world.ask(client, FULL)
    assert [way(request) for request in stub.requests] == [*steps, steps[-1]]
    assert first.sent_as == second.sent_as == steps[-1]
    assert first.text == second.text == JSON_REPLY
    assert len(world.retries) == len(refused)
    assert world.waits == []


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (500, "tools param requires --jinja flag"),
        (500, "Unsupported param: tools"),
        (404, "No endpoints found that support tool use."),
        (422, "Extra inputs are not permitted: tools"),
        (400, "registry.ollama.ai/library/gemma3 does not support tools"),
    ],
)
def test_tools_are_refused_in_many_ways(world: World, status: int, message: str) -> None:
    answer = refusing_ways("tool", status=status, message=message)
    with OpenAIStub(answer) as stub:
        client = world.client(stub.url, dialects=knowing(stub, Dialect(schema="tool")))
        (reply,) = world.ask(client, FULL)
    assert reply.sent_as == "loose"
    assert [retry.billable for retry in world.retries] == [False]


def knowing(stub: OpenAIStub, dialect: Dialect) -> Dialects:
    """Return dialects that know the stub's model."""
    dialects = Dialects()
    dialects.try_out(World().client(stub.url)._at, dialect)
    return dialects


def test_a_fault_of_the_server_that_names_no_way_teaches_nothing(world: World) -> None:
    with OpenAIStub(in_turn([error(500, "the seed generator crashed"), "x"])) as stub:
        client = world.client(stub.url)
        world.ask(client, FULL)
    assert client.dialect == Dialect()
    assert len(world.waits) == 1


def test_a_question_without_a_schema_is_sent_as_it_is(world: World) -> None:
    with OpenAIStub(always("hello")) as stub:
        (reply,) = world.ask(world.client(stub.url))
    assert reply.sent_as == ""
    assert way(stub.requests[0]) == "words"


def test_a_forced_call_that_is_not_made_leaves_the_words(world: World) -> None:
    with OpenAIStub(always(PROSE)) as stub:
        client = world.client(stub.url, dialects=knowing(stub, Dialect(schema="tool")))
        (reply,) = world.ask(client, FULL)
    assert (reply.text, reply.sent_as) == (PROSE, "tool")


def test_a_forced_call_that_is_passed_on_undecoded_is_read(world: World) -> None:
    said = f'{{"name": "s", "arguments": {JSON_REPLY}}}'
    with OpenAIStub(always(said)) as stub:
        client = world.client(stub.url, dialects=knowing(stub, Dialect(schema="tool")))
        (reply,) = world.ask(client, FULL)
    assert (reply.text, reply.sent_as) == (JSON_REPLY, "tool")


def unheeded(client: ModelClient, world: World, usable: Iterator[bool]) -> list[str]:
    """Ask once for each of `usable`, report what is not, and return how each was put."""
    ways: list[str] = []
    for good in usable:
        reply = world.ask(client, FULL)[0]
        ways.append(reply.sent_as)
        if not good:
            client.note_unparsable(reply.sent_as)
    return ways


@pytest.mark.parametrize(
    ("usable", "ways"),
    [
        ([False, False, True], ["strict", "strict", "tool"]),
        ([False, True, False, True], ["strict", "strict", "strict", "strict"]),
        ([True, False, False, False, False, True], ["strict"] * 3 + ["tool"] * 2 + ["loose"]),
        ([False] * 9, ["strict"] * 2 + ["tool"] * 2 + ["loose"] * 2 + ["words"] * 3),
    ],
)
def test_a_way_that_is_taken_but_not_heeded_twice_running_is_given_up(
    world: World, usable: list[bool], ways: list[str]
) -> None:
    with OpenAIStub(always(PROSE)) as stub:
        client = world.client(stub.url)
        assert unheeded(client, world, iter(usable)) == ways
    assert world.retries == []
    assert stub.count == len(usable)


@pytest.mark.parametrize(("finish", "ways"), [("stop", "tool"), ("length", "strict")])
def test_a_way_that_twice_yields_nothing_is_given_up_unless_room_was_lacking(
    world: World, finish: str, ways: str
) -> None:
    empty = Said(text="", finish=finish)
    with OpenAIStub(in_turn([empty, empty, JSON_REPLY])) as stub:
        client = world.client(stub.url)
        for _ in range(2):
            with pytest.raises(EmptyReply):
                world.ask(client, FULL)
        world.ask(client, FULL)
    assert way(stub.requests[2]) == ways


def test_a_late_report_on_another_way_counts_for_nothing(world: World) -> None:
    with OpenAIStub(always(PROSE)) as stub:
        client = world.client(stub.url)
        world.ask(client, FULL)
        for _ in range(5):
            client.note_unparsable("loose")
    assert client.dialect == Dialect()


def test_a_generation_that_the_server_finds_broken_is_made_again_then_asked_otherwise(
    world: World,
) -> None:
    failed = error(
        400, "Failed to call a function. See 'failed_generation'", code="tool_use_failed"
    )

    def answer(request: dict[str, Any]) -> str | Fault:
        return failed if way(request) == "tool" else JSON_REPLY

    with OpenAIStub(answer) as stub:
        client = world.client(stub.url, dialects=knowing(stub, Dialect(schema="tool")))
        (reply,) = world.ask(client, FULL)
    assert [way(request) for request in stub.requests] == ["tool", "tool", "loose"]
    assert [retry.billable for retry in world.retries] == [True, True]
    assert reply.sent_as == "loose"


@pytest.mark.parametrize(
    "said",
    [
        Said(text="yes", usage=(10, 500, 0), thought_tokens=490),
        Said(text="yes", thoughts="The other side seems weak."),
        Said(text="<think>They seem weak.</think>yes"),
        Said(text="They seem weak.</think>yes"),
        Said(text=[{"type": "thinking", "thinking": "weak"}, {"type": "text", "text": "yes"}]),
    ],
)
def test_a_model_seen_to_reason_gets_more_room_from_then_on(world: World, said: Said) -> None:
    with OpenAIStub(always(said)) as stub:
        client = world.client(stub.url)
        (first,) = world.ask(client)
        assert client.dialect.as_sent(ASK).max_tokens == 50 + REASONING_ROOM
        (second,) = world.ask(client)
    assert first.text == second.text == "yes"
    assert [r["max_tokens"] for r in stub.requests] == [50, 50 + REASONING_ROOM]
    assert [ask.max_tokens for ask in world.heard.begun] == [50, 50 + REASONING_ROOM]


@pytest.mark.parametrize(("reasons", "attempts"), [(True, 1), (False, 2)])
def test_a_model_with_room_to_think_gets_time_to_think(
    world: World, monkeypatch: pytest.MonkeyPatch, *, reasons: bool, attempts: int
) -> None:
    monkeypatch.setattr("delegates.models.client.is_loopback", lambda _: False)
    policy = RetryPolicy(timeout_s=0.2, thinking_timeout_s=20)
    with OpenAIStub(in_turn([Said(text="yes", latency_s=0.6), "yes"])) as stub:
        known = knowing(stub, Dialect(reasons=reasons))
        world.ask(world.client(stub.url, dialects=known, policy=policy))
    assert stub.count == attempts


def test_a_model_that_refuses_a_parameter_and_reasons_gets_more_room_too(world: World) -> None:
    said = Said(text="yes", usage=(10, 500, 0), thought_tokens=490)
    with OpenAIStub(refusing("temperature", always(said))) as stub:
        client = world.client(stub.url)
        world.ask(client, FULL)
        world.ask(client, FULL)
    assert "temperature" not in stub.requests[-1]
    assert stub.requests[-1]["max_tokens"] == FULL.max_tokens + REASONING_ROOM


def test_a_model_cut_off_before_its_first_word_gets_more_room(world: World) -> None:
    with OpenAIStub(in_turn([Said(text="", finish="length"), "yes"])) as stub:
        client = world.client(stub.url)
        with pytest.raises(EmptyReply):
            world.ask(client)
        world.ask(client)
    assert stub.requests[1]["max_tokens"] == 50 + REASONING_ROOM


@pytest.mark.parametrize(
    "said",
    [
        Said(text="yes", thought_tokens=0),
        Said(text="cut o", finish="length"),
        Said(text="", finish="stop"),
        Said(text='{"message": "we say </think> aloud"}'),
        Said(text="<think>\n\n</think>yes"),
    ],
)
def test_a_model_not_seen_to_reason_gets_what_was_asked_for(world: World, said: Said) -> None:
    with OpenAIStub(always(said)) as stub:
        client = world.client(stub.url)
        with contextlib.suppress(EmptyReply):
            world.ask(client)
    assert not client.dialect.reasons


def test_reasoning_is_counted_and_never_said(world: World) -> None:
    said = Said(text="yes", thoughts="weak", usage=(10, 300, 0), thought_tokens=280)
    with OpenAIStub(always(said)) as stub:
        (reply,) = world.ask(world.client(stub.url))
    assert (reply.usage.output, reply.usage.reasoning) == (300, 280)
    assert "weak" not in repr(reply)


@pytest.mark.parametrize(("most", "room"), [(9000, 8000), (4096, 2000), (1000, 0)])
def test_room_shrinks_to_what_the_server_allows(world: World, most: int, room: int) -> None:
    def answer(request: dict[str, Any]) -> str | Fault:
        if request["max_tokens"] > most:
            return error(400, f"max_tokens is too large: this model supports at most {most}")
        return "yes"

    with OpenAIStub(answer) as stub:
        client = world.client(stub.url, dialects=knowing(stub, Dialect(reasons=True)))
        world.ask(client)
    assert client.dialect.room == room
    assert stub.requests[-1]["max_tokens"] == 50 + room


def test_a_limit_too_high_without_any_room_is_told(world: World) -> None:
    answer = always(error(400, "max_tokens is too large"))
    with OpenAIStub(answer) as stub, pytest.raises(ProviderError, match="too large"):
        world.ask(world.client(stub.url))
    assert stub.count == 1


def test_a_model_without_a_system_role_gets_its_instructions_from_the_user(world: World) -> None:
    def answer(request: dict[str, Any]) -> str | Fault:
        roles = [message["role"] for message in request["messages"]]
        return error(400, "System role not supported") if "system" in roles else "yes"

    system = replace(ASK.messages[0], role="system", content="You speak for the United States.")
    ask = replace(ASK, messages=(system, *ASK.messages))
    with OpenAIStub(answer) as stub:
        world.ask(world.client(stub.url), ask)
    assert stub.requests[1]["messages"] == [
        {"role": "user", "content": "You speak for the United States.\n\nA private brief."}
    ]


def test_a_server_that_wants_the_number_of_answers_gets_it(world: World) -> None:
    def answer(request: dict[str, Any]) -> str | Fault:
        missing = json.dumps({"detail": [{"loc": ["body", "n"], "msg": "field required"}]})
        return "yes" if "n" in request else Fault(status=422, body=missing)

    with OpenAIStub(answer) as stub:
        world.ask(world.client(stub.url))
    assert stub.requests[1]["n"] == 1


def test_what_would_be_sent_is_what_is_sent(world: World) -> None:
    with OpenAIStub(refusing("seed", refusing_ways("strict"))) as stub:
        client = world.client(stub.url)
        world.ask(client, FULL)
        foretold = client.request(FULL)
        world.ask(client, FULL)
    assert stub.requests[-1] == foretold


def test_what_was_learnt_serves_every_client_and_the_next_run(world: World, home: Path) -> None:
    with OpenAIStub(refusing("seed", refusing_ways("strict"))) as stub:
        dialects = Dialects(home)
        replies: list[Reply] = []
        replies += world.ask(world.client(stub.url, dialects=dialects), FULL)
        replies += world.ask(world.client(stub.url, dialects=dialects), FULL)
        replies += world.ask(world.client(stub.url, dialects=Dialects(home)), FULL)
    assert stub.count == 5
    assert [reply.sent_as for reply in replies] == ["tool"] * 3


def test_nothing_is_written_where_nothing_was_learnt(world: World, home: Path) -> None:
    with OpenAIStub(always("x")) as stub:
        world.ask(world.client(stub.url, dialects=Dialects(home)), FULL)
    assert not home.exists()


def test_what_did_not_help_is_neither_kept_nor_written(world: World, home: Path) -> None:
    with OpenAIStub(always(error(400, "your 'seed', temperature and json_schema are odd"))) as stub:
        client = world.client(stub.url, dialects=Dialects(home))
        with pytest.raises(ProviderError):
            world.ask(client, FULL)
    assert client.dialect == Dialect()
    assert not home.exists()


def test_lessons_are_told_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="minilateral.models")
    with OpenAIStub(refusing_ways("strict")) as stub:
        world.ask(world.client(stub.url), FULL)
    assert "response_format was refused; from now on: tool call instead of schema" in caplog.text
