"""Whatever a server answers is read as a reply or as a failure, and never breaks."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from delegates.models.answer import (
    MOST_TOKENS,
    Raw,
    ReadReply,
    call_left_in_words,
    read_answer,
    spoken_part,
)
from delegates.models.chat import Ask, Message, Usage, token_bound
from delegates.models.failures import Failure
from delegates.settings import Endpoint

KEY = "sk-canary-0123456789abcdef"
NOW = datetime(2026, 2, 4, 12, 0, 0, tzinfo=UTC)
ENDPOINT = Endpoint(
    name="a", base_url="https://a.example/v1", api_key=SecretStr(KEY), host="a.example"
)
ASK = Ask(messages=(Message(role="user", content="x"),), max_tokens=50)


def read(
    body: object, kind: str = "application/json", sent_as: str = "", **headers: str
) -> ReadReply | Failure:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    raw = Raw(
        status=200,
        headers={"content-type": kind, **headers},
        body=text.encode() if isinstance(text, str) else text,
    )
    return read_answer(raw, ASK, ENDPOINT, "m", sent_as=sent_as, now=NOW)


def answer(body: object, **how: Any) -> ReadReply:
    got = read(body, **how)
    assert isinstance(got, ReadReply)
    return got


def failure(body: object, **how: Any) -> Failure:
    got = read(body, **how)
    assert isinstance(got, Failure)
    return got


def saying(message: object, **more: object) -> dict[str, object]:
    return {"choices": [{"message": message, "finish_reason": "stop"}], **more}


def usage_of(usage: object) -> Usage:
    return answer(saying({"content": "x"}, usage=usage)).reply.usage


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 4}, (9, 4, 0, 0)),
        ({"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}, (9, 4, 0, 0)),
        # Reasoning inside the completion's count, as OpenAI reports it.
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 400,
                "total_tokens": 409,
                "completion_tokens_details": {"reasoning_tokens": 390},
            },
            (9, 400, 0, 390),
        ),
        # Beside it, counted in the total alone: xAI with the figure, Gemini without.
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 10,
                "total_tokens": 409,
                "completion_tokens_details": {"reasoning_tokens": 390},
            },
            (9, 400, 0, 390),
        ),
        ({"prompt_tokens": 20, "completion_tokens": 198, "total_tokens": 623}, (20, 603, 0, 405)),
        # Beside it, and not even in a total.
        (
            {
                "prompt_tokens": 21,
                "completion_tokens": 0,
                "completion_tokens_details": {"reasoning_tokens": 60},
            },
            (21, 60, 0, 60),
        ),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 4,
                "prompt_tokens_details": {"cached_tokens": 8},
            },
            (9, 4, 8, 0),
        ),
        ({"prompt_tokens": 9, "completion_tokens": 4, "prompt_cache_hit_tokens": 5}, (9, 4, 5, 0)),
        # More read from a cache than was read at all.
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 4,
                "prompt_tokens_details": {"cached_tokens": 99},
            },
            (9, 4, 9, 0),
        ),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 4,
                "total_tokens": -3,
                "prompt_tokens_details": {"cached_tokens": -1},
                "completion_tokens_details": "many",
            },
            (9, 4, 0, 0),
        ),
    ],
)
def test_usage_is_read_in_every_dialect(
    usage: dict[str, Any], expected: tuple[int, int, int, int]
) -> None:
    got = usage_of(usage)
    assert (got.input, got.output, got.cached, got.reasoning) == expected
    assert not got.estimated


@pytest.mark.parametrize(
    "usage",
    [
        None,
        "lots",
        [],
        {},
        {"prompt_tokens": 9},
        {"prompt_tokens": -9, "completion_tokens": 4},
        {"prompt_tokens": 9, "completion_tokens": -4},
        {"prompt_tokens": "9", "completion_tokens": "4"},
        {"prompt_tokens": 9, "completion_tokens": 1e300},
        {"prompt_tokens": MOST_TOKENS + 1, "completion_tokens": 4},
        {"prompt_tokens": True, "completion_tokens": None},
    ],
)
def test_counts_that_cannot_be_are_replaced_by_the_most_it_can_be(usage: object) -> None:
    assert usage_of(usage) == token_bound(ASK)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "prompt_tokens",
                "completion_tokens",
                "total_tokens",
                "completion_tokens_details",
                "prompt_tokens_details",
            ]
        ),
        st.one_of(
            st.integers(),
            st.floats(),
            st.text(max_size=3),
            st.none(),
            st.dictionaries(st.sampled_from(["reasoning_tokens", "cached_tokens"]), st.integers()),
        ),
    )
)
def test_whatever_is_reported_the_counts_hold_together(usage: dict[str, Any]) -> None:
    got = usage_of(usage)
    assert 0 <= got.cached <= got.input <= MOST_TOKENS
    assert 0 <= got.reasoning <= got.output <= 2 * MOST_TOKENS


@pytest.mark.parametrize(
    ("message", "sent_as", "text"),
    [
        ({"content": "yes"}, "", "yes"),
        ({"content": ["y", {"type": "text", "text": "es"}]}, "", "yes"),
        ({"content": [{"type": "output_text", "text": "yes"}, {"type": "image"}]}, "", "yes"),
        (
            {"content": [{"type": "thinking", "text": "hm"}, {"type": "text", "text": "yes"}]},
            "",
            "yes",
        ),
        ({"content": None, "tool_calls": [{"function": {"arguments": "{}"}}]}, "tool", "{}"),
        ({"content": "so:", "tool_calls": [{"function": {"arguments": "{}"}}]}, "tool", "{}"),
        (
            {"content": "", "tool_calls": [{"function": {"arguments": {"a": "é"}}}]},
            "tool",
            '{"a": "é"}',
        ),
        ({"content": "yes", "tool_calls": []}, "tool", "yes"),
        ({"content": "yes", "tool_calls": "none"}, "tool", "yes"),
        ({"content": "yes", "tool_calls": [{"function": 5}]}, "tool", "yes"),
        ({"content": None, "function_call": {"arguments": "{}"}}, "tool", "{}"),
        ({"content": "yes", "tool_calls": [{"function": {"arguments": "{}"}}]}, "strict", "yes"),
        ({"content": "", "tool_calls": [{"function": {"arguments": "{}"}}]}, "strict", "{}"),
        ({"content": "yes", "reasoning_content": "weak", "reasoning": "weak"}, "", "yes"),
        ({"content": None, "reasoning_content": "the answer is yes"}, "", ""),
        (None, "", ""),
    ],
)
def test_what_is_said_is_found_wherever_it_stands(message: Any, sent_as: str, text: str) -> None:
    assert answer(saying(message), sent_as=sent_as).reply.text == text


@pytest.mark.parametrize(
    ("text", "spoken", "is_thought"),
    [
        ("yes", "yes", False),
        ("<think>weak</think>yes", "yes", True),
        ("\n<THINK>weak</THINK>\n\nyes", "yes", True),
        ("<thinking>weak</thinking>yes", "yes", True),
        ("[THINK]weak[/THINK]yes", "yes", True),
        ("weak</think>yes", "yes", True),
        ("<think>weak", "", True),
        ("<think></think>yes", "yes", False),
        # A thought that quotes the other side's tag does not end there.
        ("<think>they say </think> and are weak</think>yes", "yes", True),
        ('{"message": "</think>"}', '{"message": "</think>"}', False),
        ("We mean what we <think> of it", "We mean what we <think> of it", False),
        (
            "<|channel|>analysis<|message|>weak<|end|><|start|>assistant<|channel|>final<|message|>yes",
            "yes",
            True,
        ),
        ("<|channel|>final<|message|>yes<|return|>", "yes", True),
        ("<|channel|>analysis<|message|>weak", "", True),
        ("", "", False),
    ],
)
def test_thoughts_never_become_words(text: str, spoken: str, is_thought: bool) -> None:
    assert spoken_part(text) == (spoken, is_thought)


@given(st.text(), st.text(), st.sampled_from(["<think>", "[THINK]", "<reasoning>", ""]))
def test_no_thought_before_a_closing_tag_is_spoken(secret: str, words: str, opening: str) -> None:
    thought = f"{opening}SECRET{secret}SECRET</think>{words}"
    assert "SECRET" not in spoken_part(thought)[0].replace(words, "")


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ('{"name": "move", "arguments": {"a": "é"}}', '{"a": "é"}'),
        ('<tool_call>\n{"name": "move", "arguments": {"a": 1}}\n</tool_call>', '{"a": 1}'),
        ('{"name": "move", "parameters": {"a": 1}}', '{"a": 1}'),
        ('{"name": "shout", "arguments": {"a": 1}}', None),
        ('{"name": "move", "arguments": {"a": 1}, "reason": "x"}', None),
        ('{"name": "move", "arguments": "none"}', None),
        ('{"name": "move"}', None),
        ('So: {"name": "move", "arguments": {"a": 1}}', None),
        ('{"a": 1}', None),
        ("We accept.", None),
        ("[" * 9000, None),
        ("", None),
    ],
)
def test_a_call_that_a_server_leaves_undecoded_is_read(text: str, arguments: str | None) -> None:
    assert call_left_in_words(text, "move") == arguments


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "5",
        "[]",
        '["ok"]',
        "{}",
        '{"status": "ok"}',
        '{"choices": "x"}',
        '{"choices": {"0": {}}}',
        '{"choices": [5]}',
        '{"choices": [[]]}',
        '{"choices": [{"message": "hi"}]}',
        '{"choices": [{"message": {"content": 5}}]}',
        '{"choices": [{"message": {"content": [5]}}]}',
    ],
)
def test_json_of_another_shape_is_no_completion(body: str) -> None:
    got = failure(body)
    assert got.reason == "answered JSON that is no chat completion"
    assert (got.retryable, got.billable, got.bears) == (True, True, 2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"choices": [{"mess',
        b"\xff\xfe\x00\x01",
        b"[" * 200_000,
        b'{"choices": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"usage": {"prompt_tokens": ' + b"9" * 6000 + b"}, ",
    ],
)
def test_json_that_cannot_be_read_broke_off(body: bytes) -> None:
    got = failure(body)
    assert got.reason == "the answer broke off"
    assert (got.retryable, got.billable) == (True, True)


def test_a_web_page_is_told_from_an_answer() -> None:
    got = failure("<html>Sign in</html>", kind="text/html; charset=utf-8")
    assert (got.reason, got.billable) == ("answered text/html, not JSON", False)


def test_the_media_type_does_not_matter_where_the_body_is_an_answer() -> None:
    assert answer(saying({"content": "yes"}), kind="text/plain").reply.text == "yes"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'\xef\xbb\xbf{"choices": [{"message": {"content": "yes"}}]}', "yes"),
        (b' \n\n{"choices": [{"message": {"content": "yes"}}]}', "yes"),
        (b'{"choices": [{"message": {"content": "a\xffb"}}]}', "a\ufffdb"),
        (b'{"choices": [{"message": {"content": "cut \\ud83d"}}]}', "cut ?"),
        (b'{"choices": [{"message": {"content": "\\ud83d\\ude00"}}]}', "😀"),
    ],
)
def test_text_that_is_not_quite_utf_8_can_be_read_and_written(body: bytes, text: str) -> None:
    got = answer(body).reply.text
    assert got == text
    got.encode("utf-8")


@pytest.mark.parametrize(
    ("error", "reason", "retryable"),
    [
        ({"message": "slow down", "code": 429}, "HTTP 429 (slow down)", True),
        ({"message": "slow down", "code": "rate_limit_exceeded"}, "HTTP 429 (slow down)", True),
        ({"message": "no such model", "code": 404}, "HTTP 404 (no such model)", False),
        ({"message": "down", "code": 7}, "HTTP 502 (down)", True),
        ("down", "HTTP 502 (down)", True),
        ({"detail": "down"}, "HTTP 502", True),
    ],
)
def test_an_error_in_place_of_an_answer_is_read(
    error: object, reason: str, retryable: bool
) -> None:
    got = failure({"error": error})
    assert got.reason.startswith(reason)
    assert got.retryable == retryable


def test_an_error_beside_an_answer_is_none() -> None:
    assert answer(saying({"content": "yes"}, error=None)).reply.text == "yes"
    assert answer(saying({"content": "yes"}, error={"code": 1})).reply.text == "yes"


@pytest.mark.parametrize(
    "logprobs",
    [
        None,
        "x",
        {},
        {"content": None},
        {"content": []},
        {"content": [{}]},
        {"content": [{"top_logprobs": [{"token": 5}]}]},
        {"content": [{"top_logprobs": [{"token": "A", "logprob": float("-inf")}]}]},
        {"content": [{"top_logprobs": [{"token": "A", "logprob": float("nan")}]}]},
        {"content": [{"top_logprobs": [{"token": "A", "logprob": 1e5}]}]},
    ],
)
def test_letters_without_a_probability_are_left_out(logprobs: object) -> None:
    body = {"choices": [{"message": {"content": "A"}, "logprobs": logprobs}]}
    assert answer(body).reply.logprobs == ()


def test_details_of_wrong_types_are_left_out() -> None:
    got = answer(
        {"id": 5, "model": [], "choices": [{"message": {"content": "yes"}, "finish_reason": 3}]}
    ).reply
    assert (got.model, got.request_id, got.finish) == ("m", None, "no reason given")


def test_names_from_a_server_are_short_and_printable() -> None:
    got = answer(saying({"content": "yes"}, model="m\x1b[31m" + "x" * 5000)).reply
    assert got.model.isprintable()
    assert len(got.model) == 200


def test_a_key_that_is_echoed_reaches_nobody() -> None:
    body = {
        "id": KEY,
        "model": KEY,
        "choices": [
            {
                "message": {"content": f"Your key is {KEY}."},
                "finish_reason": KEY,
                "logprobs": {"content": [{"top_logprobs": [{"token": KEY, "logprob": -1.0}]}]},
            }
        ],
    }
    got = answer(body)
    assert KEY not in repr(got)
    assert got.reply.text == "Your key is [key]."
    assert KEY not in repr(answer(saying({"content": "x"}), **{"x-request-id": f"r-{KEY}"}))


json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "choices",
                    "message",
                    "content",
                    "usage",
                    "error",
                    "code",
                    "message",
                    "text",
                    "type",
                    "tool_calls",
                    "function",
                    "arguments",
                    "logprobs",
                    "top_logprobs",
                    "finish_reason",
                    "model",
                    "id",
                    "prompt_tokens",
                    "refusal",
                    "delta",
                ]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)
near_answers = st.fixed_dictionaries(
    {"choices": st.lists(st.fixed_dictionaries({"message": json_values}), max_size=2)},
    optional={"usage": json_values, "error": json_values, "model": json_values, "id": json_values},
)


@settings(max_examples=200)
@given(
    st.one_of(
        st.binary(max_size=200),
        json_values.map(lambda value: json.dumps(value).encode()),
        near_answers.map(lambda value: json.dumps(value).encode()),
        st.lists(near_answers, max_size=3).map(
            lambda chunks: b"".join(b"data: " + json.dumps(c).encode() + b"\n\n" for c in chunks)
        ),
    ),
    st.sampled_from(["application/json", "text/event-stream", "text/html", "", "\x00;"]),
    st.sampled_from(["", "strict", "tool"]),
)
def test_nothing_that_a_server_sends_breaks_the_reading(
    body: bytes, kind: str, sent_as: str
) -> None:
    got = read(body, kind=kind, sent_as=sent_as)
    if isinstance(got, ReadReply):
        got.reply.text.encode("utf-8")
        assert got.reply.model.isprintable()
        assert 0 <= got.reply.usage.input <= MOST_TOKENS
    else:
        assert got.reason.isprintable()
        assert "\n" not in got.advice
