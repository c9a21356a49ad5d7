from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.models.chat import Ask, Message, Schema
from delegates.models.dialect import (
    DROPPABLE,
    LADDER,
    REASONING_ROOM,
    ROOMS,
    Dialect,
    refused_parameter,
)

ASK = Ask(
    messages=(Message(role="system", content="Be brief."), Message(role="user", content="Hello")),
    max_tokens=50,
    schema=Schema(name="line", json={"type": "object"}),
    temperature=0.2,
    seed=7,
    top_logprobs=3,
)


def test_an_ask_is_worded_in_full_at_first() -> None:
    assert Dialect().request(ASK, "m") == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello"},
        ],
        "max_tokens": 50,
        "temperature": 0.2,
        "seed": 7,
        "logprobs": True,
        "top_logprobs": 3,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "line", "schema": {"type": "object"}, "strict": True},
        },
    }


def test_what_an_ask_leaves_open_is_not_sent() -> None:
    bare = Ask(messages=ASK.messages, max_tokens=5)
    assert set(Dialect().request(bare, "m")) == {"model", "messages", "max_tokens"}


@pytest.mark.parametrize("parameter", ["seed", "temperature"])
def test_a_refused_parameter_is_dropped(parameter: str) -> None:
    learnt = Dialect().without(parameter)
    assert learnt is not None
    assert parameter not in learnt.request(ASK, "m")


@pytest.mark.parametrize("parameter", ["logprobs", "top_logprobs"])
def test_logprobs_are_dropped_together(parameter: str) -> None:
    learnt = Dialect().without(parameter)
    assert learnt is not None
    assert not {"logprobs", "top_logprobs"} & set(learnt.request(ASK, "m"))


def test_max_tokens_gets_its_new_name_and_no_third_one() -> None:
    learnt = Dialect().without("max_tokens")
    assert learnt is not None
    request = learnt.request(ASK, "m")
    assert request["max_completion_tokens"] == 50
    assert "max_tokens" not in request
    assert learnt.without("max_completion_tokens") is None


def step_down(times: int) -> Dialect:
    dialect = Dialect()
    for _ in range(times):
        lower = dialect.stepped_down()
        assert lower is not None
        dialect = lower
    return dialect


def test_a_tool_call_carries_the_schema_and_is_forced() -> None:
    request = step_down(1).request(ASK, "m")
    assert request["tools"] == [
        {"type": "function", "function": {"name": "line", "parameters": {"type": "object"}}}
    ]
    assert request["tool_choice"] == {"type": "function", "function": {"name": "line"}}
    assert "response_format" not in request


def test_json_mode_spells_the_schema_out() -> None:
    request = step_down(2).request(ASK, "m")
    assert request["response_format"] == {"type": "json_object"}
    assert 'JSON schema: {"type": "object"}' in str(request["messages"])
    assert "tools" not in request


def test_at_the_foot_of_the_ladder_only_words_are_left() -> None:
    words = step_down(3)
    request = words.request(ASK, "m")
    assert not {"response_format", "tools", "tool_choice"} & set(request)
    assert 'JSON schema: {"type": "object"}' in str(request["messages"])
    assert words.stepped_down() is None
    assert words.without("response_format") is None


@pytest.mark.parametrize(
    ("steps", "refused", "expected"),
    [
        (0, "response_format", "tool"),
        (1, "tools", "loose"),
        (1, "tool_choice", "loose"),
        (2, "response_format", "words"),
        (0, "tools", None),
        (1, "response_format", None),
        (3, "tools", None),
    ],
)
def test_a_refused_way_leads_one_step_down(steps: int, refused: str, expected: str | None) -> None:
    learnt = step_down(steps).without(refused)
    assert (None if learnt is None else learnt.schema) == expected


def test_without_a_schema_no_way_to_put_one_is_sent() -> None:
    bare = Ask(messages=ASK.messages, max_tokens=5)
    for steps in range(len(LADDER)):
        assert set(step_down(steps).request(bare, "m")) == {"model", "messages", "max_tokens"}


def test_a_system_message_is_folded_into_the_first_user_message() -> None:
    learnt = Dialect().without("system")
    assert learnt is not None
    assert learnt.request(ASK, "m")["messages"] == [
        {"role": "user", "content": "Be brief.\n\nHello"}
    ]
    assert learnt.without("system") is None


@given(st.lists(st.sampled_from(["system", "user", "assistant"]), min_size=1, max_size=8))
def test_folded_messages_alternate_and_lose_nothing(roles: list[Any]) -> None:
    said = tuple(Message(role=role, content=f"<{n}>") for n, role in enumerate(roles))
    request = Dialect(folds_system=True).request(Ask(messages=said, max_tokens=5), "m")
    messages: Any = request["messages"]
    for one, other in pairwise(messages):
        assert {one["role"], other["role"]} == {"user", "assistant"}
    whole = "".join(message["content"] for message in messages)
    assert [whole.index(m.content) for m in said] == sorted(whole.index(m.content) for m in said)


def test_a_model_that_reasons_gets_room_beside_its_answer() -> None:
    assert Dialect().as_sent(ASK) == ASK
    reasoning = Dialect(reasons=True)
    assert reasoning.as_sent(ASK).max_tokens == ASK.max_tokens + REASONING_ROOM
    assert reasoning.request(reasoning.as_sent(ASK), "m")["max_tokens"] == 50 + REASONING_ROOM


def test_room_that_a_server_finds_too_much_is_given_less() -> None:
    dialect: Dialect | None = Dialect(reasons=True)
    rooms: list[int] = []
    while dialect is not None:
        rooms.append(dialect.room)
        dialect = dialect.without("room")
    assert tuple(rooms) == ROOMS
    assert Dialect().without("room") is None


def test_a_server_that_wants_the_number_of_answers_is_told_it() -> None:
    learnt = Dialect().without("n")
    assert learnt is not None
    assert learnt.request(ASK, "m")["n"] == 1
    assert learnt.without("n") is None


dialects = st.builds(
    Dialect,
    schema=st.sampled_from(LADDER),
    limit=st.sampled_from(["max_tokens", "max_completion_tokens"]),
    dropped=st.frozensets(st.sampled_from(DROPPABLE)),
    wants_n=st.booleans(),
    folds_system=st.booleans(),
    reasons=st.booleans(),
    room=st.sampled_from(ROOMS),
)


@given(dialects, dialects, dialects)
def test_lessons_add_up_in_any_order(one: Dialect, other: Dialect, third: Dialect) -> None:
    assert one.joined(one) == one
    assert one.joined(other) == other.joined(one)
    assert one.joined(other).joined(third) == one.joined(other.joined(third))
    assert one.joined(Dialect()) == one


REFUSABLE = (
    *DROPPABLE,
    "response_format",
    "tools",
    "tool_choice",
    "max_tokens",
    "max_completion_tokens",
    "system",
    "n",
    "room",
    "messages",
)


@given(dialects, st.lists(st.sampled_from(REFUSABLE), max_size=40))
def test_learning_adds_up_and_ends(dialect: Dialect, refused: list[str]) -> None:
    lessons = 0
    for parameter in refused:
        learnt = dialect.without(parameter)
        if learnt is not None and learnt != dialect:
            assert dialect.joined(learnt) == learnt
            lessons += 1
            dialect = learnt
    assert lessons <= 12


@given(dialects)
def test_whatever_changes_a_request_is_told(dialect: Dialect) -> None:
    changed = dialect.request(dialect.as_sent(ASK), "m") != Dialect().request(ASK, "m")
    assert bool(dialect.told()) == changed or dialect.reasons


def test_the_words_in_which_lessons_are_told() -> None:
    assert Dialect().told() == ()
    learnt = Dialect(
        schema="tool",
        limit="max_completion_tokens",
        dropped=frozenset({"seed", "logprobs", "top_logprobs"}),
        folds_system=True,
        reasons=True,
        room=2000,
    )
    assert learnt.told() == (
        "tool call instead of schema",
        "no logprobs",
        "no seed",
        "max_completion_tokens",
        "no system role",
        "reasons before it answers (room for 2,000 tokens)",
    )


def test_there_is_no_way_round_an_unknown_parameter() -> None:
    assert Dialect().without("messages") is None


@pytest.mark.parametrize(
    ("named", "body", "expected"),
    [
        ("seed", "anything", "seed"),
        ("response_format.json_schema.strict", "bad", "response_format"),
        (None, "Unknown field: seed", "seed"),
        (None, "This model does not support json_schema", "response_format"),
        (None, "'max_tokens' no; use 'max_completion_tokens'", "max_tokens"),
        (None, '[{"loc":["body","top_logprobs"]}]', "top_logprobs"),
        ("messages", "too long", None),
        (None, "the seeds were planted", None),
    ],
)
def test_the_refused_parameter_is_found_by_name_or_in_the_text(
    named: str | None, body: str, expected: str | None
) -> None:
    assert refused_parameter(named, body, Dialect().request(ASK, "m")) == expected


# What servers say, shortened: OpenAI, DeepSeek, Groq, Ollama, llama.cpp, vLLM, Google, OpenRouter.
@pytest.mark.parametrize(
    ("way", "body", "expected"),
    [
        (
            "strict",
            (
                "Invalid parameter: 'response_format' of type 'json_schema' is not supported"
                " with this model."
            ),
            "response_format",
        ),
        ("strict", "This response_format type is unavailable now", "response_format"),
        ("strict", "This model does not support response format `json_schema`", "response_format"),
        ("strict", "Structured outputs are not available for this model", "response_format"),
        ("tool", "registry.ollama.ai/library/gemma3:27b does not support tools", "tools"),
        ("tool", "tools param requires --jinja flag", "tools"),
        ("tool", "Unsupported param: tools", "tools"),
        ("tool", "No endpoints found that support tool use.", "tools"),
        ("tool", "tool_choice 'specified' is incompatible with thinking enabled", "tool_choice"),
        ("tool", "Function calling is not enabled for this model", "tools"),
        ("loose", "'response_format.type' must be 'json_schema' or 'text'", "response_format"),
        ("loose", "JSON mode is not supported", "response_format"),
        ("words", "tools, json_schema and response_format are fine", None),
        ("words", "Developer instruction is not enabled for models/gemma-3-1b-it", "system"),
        ("words", "System role not supported", "system"),
        (
            "words",
            "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
            "system",
        ),
        ("words", "Conversation roles must alternate user/assistant/user/assistant/...", "system"),
        (
            "words",
            (
                "Unsupported value: 'temperature' does not support 0.2 with this model. Only the"
                " default (1) value is supported."
            ),
            "temperature",
        ),
        (
            "words",
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use"
                " 'max_completion_tokens' instead."
            ),
            "max_tokens",
        ),
        (
            "words",
            (
                "max_tokens is too large: 20000. This model supports at most 16384 completion"
                " tokens, whereas you provided 20000."
            ),
            "room",
        ),
        (
            "words",
            (
                "This model's maximum context length is 4096 tokens. However, you requested 9000"
                " tokens (800 in the messages, 8200 in the completion)."
            ),
            "room",
        ),
        ("words", "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", "room"),
        ("words", "max_tokens must be at least 1, got -186.", "room"),
        ("words", '{"detail":[{"loc":["body","n"],"msg":"field required"}]}', "n"),
        ("words", "Your prompt was flagged as a violation of our usage policy", None),
        ("words", "temperature: cannot be shown in a system of units", "temperature"),
    ],
)
def test_what_servers_say_is_understood(way: Any, body: str, expected: str | None) -> None:
    request = Dialect(schema=way).request(ASK, "m")
    assert refused_parameter(None, body, request) == expected


def test_a_refused_role_is_found_by_the_path_that_is_named() -> None:
    body = "Unsupported value: 'messages[0].role' does not support 'system' with this model."
    assert refused_parameter("messages[0].role", body, Dialect().request(ASK, "m")) == "system"


def test_without_a_system_message_none_was_refused() -> None:
    folded = Dialect(folds_system=True).request(ASK, "m")
    assert refused_parameter(None, "System role not supported", folded) is None


@given(st.one_of(st.none(), st.text()), st.text(), dialects)
def test_whatever_a_server_says_a_lesson_is_found_or_none(
    named: str | None, body: str, dialect: Dialect
) -> None:
    refused = refused_parameter(named, body, dialect.request(ASK, "m"))
    assert refused is None or refused in REFUSABLE


def test_a_parameter_that_was_not_sent_was_not_refused() -> None:
    bare = Dialect().request(Ask(messages=ASK.messages, max_tokens=5), "m")
    assert refused_parameter("seed", "seed and json_schema", bare) is None
