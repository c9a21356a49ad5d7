"""What servers echo of keys and prompts is taken out before anyone sees or keeps it."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from delegates.models import failures
from delegates.models.chat import Ask, Message
from delegates.models.failures import guises, redacted, without_key, without_prompt
from delegates.settings import Endpoint

KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=60)
BRIEF = "Never let them see that 391.625 points\nare what we have without them: “patience”."
ASK = Ask(
    messages=(
        Message(role="system", content=f"You are the chief delegate. {BRIEF} Be brief."),
        Message(role="user", content="NOW: round 1 of 4. Your move."),
    ),
    max_tokens=10,
)


@given(KEYS, st.sampled_from(["", "Bearer ", ":", "user:", "a"]), st.sampled_from(["", "x", "\n"]))
def test_a_key_is_found_in_every_form_a_server_may_echo(key: str, before: str, after: str) -> None:
    whole = (before + key + after).encode()
    echoes = [
        key,
        quote(key, safe=""),
        json.dumps(key),
        base64.b64encode(whole).decode(),
        base64.urlsafe_b64encode(whole).decode(),
    ]
    for echo in echoes:
        assert without_key(echo, SecretStr(key)) != echo
        assert "[key]" in redacted(f"{echo} is wrong"[:199], SecretStr(key))
    assert key not in without_key(" ".join(echoes), SecretStr(key))


@pytest.mark.parametrize("word", ["none", "ollama", "lm-studio", "EMPTY"])
def test_words_that_stand_in_for_a_key_may_be_said(word: str) -> None:
    assert without_key(f"We say {word}.", SecretStr(word)) == f"We say {word}."


def test_no_guise_of_a_key_is_so_short_that_speech_could_hold_it() -> None:
    assert min(map(len, guises("a" * 12))) >= 12


def failure_of(body: str, status: int = 422) -> failures.Failure:
    endpoint = Endpoint(
        name="t", base_url="http://127.0.0.1:1/v1", api_key=SecretStr("none"), host="127.0.0.1:1"
    )
    return failures.of_status(status, {}, body, endpoint, datetime.now(UTC))


@pytest.mark.parametrize(
    "body",
    [
        {"detail": [{"type": "extra", "loc": ["body", "seed"], "input": ASK.messages[0].content}]},
        {"error": {"message": f"Invalid request: {ASK.messages[0].content}"}},
        {"error": {"message": f"Invalid request: {ASK.messages[0].content!r}"}},
        {"error": {"message": f"Bad: {json.dumps(ASK.messages[0].content, ensure_ascii=False)}"}},
        {"error": {"message": f"Bad: {json.dumps({'content': ASK.messages[0].content})}"}},
        {"error": {"message": f"near '{BRIEF[20:60]}'"}},
    ],
)
def test_an_error_that_quotes_the_prompt_tells_nothing_of_it(body: Any) -> None:
    told = failure_of(json.dumps(body)).reason
    assert "391.625" in told
    kept = without_prompt(failure_of(json.dumps(body)), ASK).reason
    assert kept.startswith("HTTP 422 (")
    assert "…" in kept
    assert "391.625" not in kept
    assert "without them" not in kept


@pytest.mark.parametrize(
    "message",
    [
        "Unsupported parameter: 'seed' is not supported with this model.",
        "Rate limit reached for model m: 3 requests per minute. Try again in 20 s.",
        "Invalid schema for response_format 'move': in context=('properties',), is not permitted.",
        "This model's maximum context length is 4096 tokens; you asked for 5120.",
    ],
)
def test_an_error_that_quotes_nothing_stays_as_it_is(message: str) -> None:
    failure = failure_of(json.dumps({"error": {"message": message}}))
    assert without_prompt(failure, ASK) is failure
    assert message in failure.reason
