import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from delegates.models.client import (
    EmptyReply,
    ModelClient,
    RetryPolicy,
)
from delegates.models.flow import flow_to
from delegates.settings import EMBEDDED_HOST, Endpoint
from games.errors import ProviderError, SettingError, UnusableReply
from tests.delegates.models.heard import Heard
from tests.delegates.models.world import ASK, CANARY, FULL, World, always, line_of, replies_to
from tests.support.openai_stub import (
    Fault,
    OpenAIStub,
    Said,
    dropped,
    error,
    half_body,
    in_turn,
    refusing,
    server_error,
    too_many,
    unauthorized,
    web_page,
)


@pytest.fixture
def world() -> World:
    return World()


def test_a_reply_carries_text_usage_and_where_it_came_from(world: World) -> None:
    said = Said(text="We propose 7,500 t.", finish="length", usage=(30, 9, 12))
    (reply,) = replies_to(world, always(said))
    assert reply.text == "We propose 7,500 t."
    assert reply.finish == "length"
    assert (reply.usage.input, reply.usage.output, reply.usage.cached) == (30, 9, 12)
    assert not reply.usage.estimated
    assert (reply.model, reply.request_id) == ("stub-model", "req-1")
    assert world.retries == []


def test_the_request_is_a_chat_completion_with_the_key_in_its_header(world: World) -> None:
    with OpenAIStub(always("hello")) as stub:
        world.ask(world.client(stub.url), FULL)
    assert stub.requests[0]["messages"] == [{"role": "user", "content": "A private brief."}]
    assert stub.requests[0]["response_format"]["json_schema"]["name"] == "s"
    assert "cache_prompt" not in stub.requests[0]
    assert stub.keys == [f"Bearer {CANARY}"]


def test_logprobs_are_those_of_the_first_token(world: World) -> None:
    said = Said(text="B", logprobs=(("B", -0.1), ("A", -2.5)))
    (reply,) = replies_to(world, always(said), FULL)
    assert reply.logprobs == (("B", -0.1), ("A", -2.5))


def test_missing_usage_is_replaced_by_upper_bounds(world: World) -> None:
    (reply,) = replies_to(world, always(Said(text="x", usage=None)))
    assert reply.usage.estimated
    assert reply.usage.input > len("A private brief.")
    assert reply.usage.output == 50


def test_latency_is_that_of_the_attempt_that_answered(world: World) -> None:
    def answer(_: dict[str, Any]) -> str | Fault:
        world.time += 2.0
        return server_error() if world.time < 3 else "x"

    (reply,) = replies_to(world, answer)
    assert reply.latency_s == pytest.approx(2.0)


@pytest.mark.parametrize("fault", [too_many(), server_error(), server_error(503), dropped()])
def test_passing_troubles_are_tried_again_after_growing_waits(world: World, fault: Fault) -> None:
    (reply,) = replies_to(world, in_turn([fault, fault, fault, "at last"]))
    assert reply.text == "at last"
    assert [r.attempt for r in world.retries] == [1, 2, 3]
    assert [r.wait_s for r in world.retries] == world.waits
    for wait, longest in zip(world.waits, (0.5, 1.0, 2.0), strict=True):
        assert longest / 2 <= wait <= longest


def test_half_a_body_is_a_dropped_connection(world: World) -> None:
    (reply,) = replies_to(world, in_turn([half_body(), "whole"]))
    assert reply.text == "whole"
    assert world.retries[0].reason == "connection dropped"


def test_half_a_body_with_a_good_length_is_tried_again_too(world: World) -> None:
    replies_to(world, in_turn([Fault(body='{"choices": [{"mess'), "whole"]))
    assert world.retries[0].reason == "the answer broke off"


@pytest.mark.parametrize(
    ("header", "wait"), [("7", 7.0), ("Wed, 04 Feb 2026 12:00:20 GMT", 20.0), ("0", 0.0)]
)
def test_retry_after_is_honoured_in_both_forms(world: World, header: str, wait: float) -> None:
    replies_to(world, in_turn([too_many(header), "x"]))
    assert [r.wait_s for r in world.retries] == [wait]


@pytest.mark.parametrize("header", ["0", "0.001", "5"])
def test_a_server_that_names_the_same_pause_again_and_again_is_not_stormed(
    world: World, header: str
) -> None:
    line_of(world, always(too_many(header)), policy=RetryPolicy(budget_s=60))
    waits = [retry.wait_s for retry in world.retries if retry.wait_s is not None]
    first, later = waits[:3], waits[3:]
    assert first == [float(header)] * 3
    assert 5 < len(later) < 20
    assert float(header) <= min(later) <= max(later) <= 8


def test_a_server_that_asks_for_more_than_the_budget_fails_at_once(world: World) -> None:
    line = line_of(world, always(too_many("3600")))
    assert "HTTP 429 (Rate limit reached)" in line
    assert world.waits == []


def test_the_retry_budget_ends_a_call(world: World) -> None:
    line = line_of(world, always(server_error()), policy=RetryPolicy(budget_s=20))
    assert sum(world.waits) == pytest.approx(20)
    assert f"after {len(world.waits) + 1} attempts" in line
    assert "HTTP 500" in line


def test_a_refused_connection_fails_after_ten_seconds(world: World) -> None:
    with OpenAIStub(always("x")) as stub:
        url = stub.url
    with pytest.raises(ProviderError, match=r"connection refused after .* attempts") as caught:
        world.ask(world.client(url))
    assert sum(world.waits) == pytest.approx(10)
    assert "start the server or check the address in OPENAI_BASE_URL" in str(caught.value)


def test_a_slow_answer_is_given_up_and_tried_again(world: World) -> None:
    slow = Said(text="late", latency_s=30)
    with OpenAIStub(in_turn([slow, "in time"])) as stub:
        client = world.client(stub.url, policy=RetryPolicy(own_machine_timeout_s=0.1))
        (reply,) = world.ask(client)
    assert reply.text == "in time"
    assert world.retries[0].reason == "no answer within 0.1 s"


def test_a_slow_server_is_not_tried_again_beyond_the_retry_budget(world: World) -> None:
    slow = Said(text="late", latency_s=30)
    line = line_of(world, always(slow), policy=RetryPolicy(own_machine_timeout_s=0.2, budget_s=0.1))
    assert "no answer within 0.2 s, model" in line


def test_a_retry_may_take_as_long_as_a_first_attempt(world: World) -> None:
    def answer(_: dict[str, Any]) -> str | Fault:
        world.time += 40.0
        return server_error() if world.time < 50 else "x"

    assert replies_to(world, answer)[0].text == "x"


@pytest.mark.parametrize(
    ("fault", "parts"),
    [
        (unauthorized(CANARY), ["HTTP 401", "[key]", "check the key in OPENAI_API_KEY"]),
        (error(403, f"no {CANARY}"), ["HTTP 403", "may not use this model"]),
        (error(404, "no such model"), ["HTTP 404 (no such model)", "check the model's name"]),
        (error(400, "context too long"), ["HTTP 400 (context too long)", "another model"]),
        (too_many(code="insufficient_quota"), ["HTTP 429", "add credit"]),
        (Fault(status=308, headers={"Location": "https://b.example/v1"}), ["HTTP 308", "moved"]),
    ],
)
def test_lasting_troubles_fail_at_once_in_one_line(
    world: World, fault: Fault, parts: list[str]
) -> None:
    line = line_of(world, always(fault))
    for part in parts:
        assert part in line
    assert world.retries == []


@pytest.mark.parametrize(
    ("fault", "parts"),
    [
        (web_page(), ["text/html, not JSON", "OPENAI_BASE_URL", "/v1", "sign-in page"]),
        (Fault(body='["ok"]'), ["JSON that is no chat completion", "/v1"]),
        (Fault(body='{"status": "fine"}'), ["JSON that is no chat completion", "/v1"]),
    ],
)
def test_what_is_no_answer_is_borne_twice_then_told(
    world: World, fault: Fault, parts: list[str]
) -> None:
    (reply,) = replies_to(world, in_turn([fault, fault, "x"]))
    assert reply.text == "x"
    line = line_of(world, always(fault))
    for part in ("after 3 attempts", *parts):
        assert part in line


def test_an_error_with_status_200_is_an_error(world: World) -> None:
    fault = Fault(body='{"error": {"message": "upstream is down", "code": 502}}')
    (reply,) = replies_to(world, in_turn([fault, "x"]))
    assert reply.text == "x"
    assert world.retries[0].reason == "HTTP 502 (upstream is down)"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (Said(text=""), "stop"),
        (Said(text=" \n"), "stop"),
        (Said(text=None, finish="length"), "length"),
        (Said(text=None, refusal="I cannot."), "refusal"),
        (Fault(body='{"choices": []}'), "no choice"),
    ],
)
def test_an_answer_without_a_word_is_unusable_but_counted(
    world: World, said: Said | Fault, word: str
) -> None:
    with pytest.raises(UnusableReply, match=word) as caught:
        replies_to(world, always(said))
    assert isinstance(caught.value, EmptyReply)
    assert caught.value.reply.usage.input > 0


@pytest.mark.parametrize("parameter", ["seed", "temperature", "logprobs", "max_tokens"])
def test_a_refused_parameter_is_left_out_and_remembered(world: World, parameter: str) -> None:
    with OpenAIStub(refusing(parameter, always("x"))) as stub:
        client = world.client(stub.url)
        world.ask(client, FULL)
        world.ask(client, FULL)
    assert [parameter in r for r in stub.requests] == [True, False, False]
    assert len(world.retries) == 1
    assert parameter in world.retries[0].reason
    assert world.waits == []


def test_max_tokens_is_replaced_by_its_new_name(world: World) -> None:
    with OpenAIStub(refusing("max_tokens", always("x"))) as stub:
        world.ask(world.client(stub.url))
    assert stub.requests[1]["max_completion_tokens"] == 50


def test_a_server_without_schemas_gets_the_schema_in_words(world: World) -> None:
    refusal = "response_format of type json_schema is not supported"
    answer = refusing("tools", refusing("response_format", always("{}"), refusal))
    with OpenAIStub(answer) as stub:
        (reply,) = world.ask(world.client(stub.url), FULL)
    ways = [r.get("response_format", {}).get("type") or "tools" in r for r in stub.requests]
    assert ways == ["json_schema", True, "json_object", False]
    assert "JSON schema" in stub.requests[3]["messages"][0]["content"]
    assert reply.sent_as == "words"


def test_several_refused_parameters_are_learnt_one_by_one(world: World) -> None:
    answer = refusing("seed", refusing("temperature", refusing("top_logprobs", always("x"))))
    (reply,) = replies_to(world, answer, FULL)
    assert reply.text == "x"
    assert len(world.retries) == 3


def test_concurrent_calls_learn_a_refusal_together(world: World) -> None:
    replies = replies_to(world, refusing("seed", always("x")), *[FULL] * 8)
    assert [r.text for r in replies] == ["x"] * 8


def test_a_parameter_without_a_way_round_fails(world: World) -> None:
    line = line_of(world, refusing("messages", always("x")))
    assert "HTTP 400" in line
    assert world.retries == []


def test_one_client_serves_several_event_loops(world: World) -> None:
    with OpenAIStub(always("x")) as stub:
        client = world.client(stub.url)
        texts = [world.ask(client)[0].text for _ in range(3)]
    assert texts == ["x"] * 3


def test_calls_run_beside_each_other(world: World) -> None:
    with OpenAIStub(always("x"), latency_s=0.2) as stub:
        world.ask(world.client(stub.url), *[ASK] * 10)
    assert stub.peak == 10


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (reply,) = replies_to(world, always("direct"))
    assert reply.text == "direct"


def embedded_at(url: str) -> Endpoint:
    return Endpoint(
        name=EMBEDDED_HOST, base_url=url, api_key=SecretStr("token"), host=EMBEDDED_HOST
    )


def test_only_the_embedded_model_is_told_not_to_cache_prompts(world: World) -> None:
    with OpenAIStub(always("x")) as stub:
        world.ask(world.client(stub.url, endpoint=embedded_at(stub.url)))
    assert stub.requests[0]["cache_prompt"] is False


def test_a_vanished_embedded_model_is_found_anew(world: World) -> None:
    with OpenAIStub(always("x")) as gone:
        url = gone.url
    with OpenAIStub(always("back")) as stub:
        client = world.client(
            url, endpoint=embedded_at(url), relocate=lambda: embedded_at(stub.url)
        )
        replies = world.ask(client)
    assert replies[0].text == "back"
    assert [r.reason for r in world.retries] == ["connection refused"]
    assert world.waits == []


def test_an_embedded_model_that_cannot_be_found_anew_is_a_failed_provider(world: World) -> None:
    def relocate() -> Endpoint:
        raise SettingError("embedded model 'local': its engine is not installed")

    with OpenAIStub(always("x")) as gone:
        url = gone.url
    client = world.client(url, endpoint=embedded_at(url), relocate=relocate)
    with pytest.raises(ProviderError, match="engine is not installed"):
        world.ask(client)


def test_logs_tell_latency_retries_and_request_but_neither_words_nor_keys(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, logger="minilateral.models")
    replies_to(world, in_turn([unauthorized_later(), "Secret words."]))
    line_of(world, always(unauthorized(CANARY)))
    assert "1 retries, request req-2" in caplog.text
    assert "HTTP 500" in caplog.text
    for hidden in (CANARY, "A private brief.", "Secret words."):
        assert hidden not in caplog.text


def unauthorized_later() -> Fault:
    return error(500, f"cannot check {CANARY} now")


def test_a_retry_reason_holds_no_key(world: World) -> None:
    replies_to(world, in_turn([unauthorized_later(), "x"]))
    assert world.retries[0].reason == "HTTP 500 (cannot check [key] now)"


def test_the_client_shows_no_key(world: World) -> None:
    client = world.client("http://127.0.0.1:9/v1")
    assert CANARY not in f"{client!r} {vars(client)!r} {client.label}"


def test_cancelling_a_call_ends_it(world: World) -> None:
    async def run(client: ModelClient) -> None:
        call = asyncio.create_task(client.complete(ASK, attempts=Heard(world.retries)))
        await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await client.aclose()

    with OpenAIStub(always("x"), latency_s=30) as stub:
        asyncio.run(run(world.client(stub.url)))
    assert world.retries == []


def test_a_call_cut_off_in_the_queue_was_never_sent_and_is_not_billed(world: World) -> None:
    with OpenAIStub(always(Said(text="late", latency_s=0.5))) as stub:
        client = world.client(stub.url)
        queued = Heard()

        async def run() -> None:
            flow_to(client.endpoint.host, most=1)
            first = asyncio.create_task(client.complete(ASK, attempts=world.heard))
            second = asyncio.create_task(client.complete(ASK, attempts=queued))
            while client.flow_state().waiting == 0:
                await asyncio.sleep(0.01)
            second.cancel()
            await asyncio.wait((first, second))
            await client.aclose()

        asyncio.run(run())
    assert stub.count == len(queued.begun) == len(queued.last) == 1
    assert not queued.last[0].billable


def test_closing_an_unused_client_is_harmless(world: World) -> None:
    close: Callable[[], Any] = world.client("http://127.0.0.1:9/v1").aclose
    asyncio.run(close())


def test_importing_the_client_does_not_import_openai() -> None:
    code = "import sys, delegates.models.client; print('openai' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
