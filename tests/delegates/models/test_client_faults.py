"""Every way in which a provider misbehaves, and what a call makes of it."""

import asyncio
import logging
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.models.client import EmptyReply, ModelClient, RetryPolicy
from delegates.models.remembered import Dialects
from games.errors import ProviderError
from tests.delegates.models.world import (
    CANARY,
    FULL,
    World,
    always,
    assert_sealed,
    replies_to,
)
from tests.support.openai_stub import (
    Fault,
    OpenAIStub,
    Said,
    dripping,
    dropped,
    error,
    half_body,
    half_chunked,
    in_turn,
    server_error,
    streamed,
    too_many,
    unauthorized,
    web_page,
)

PAGE_502 = Fault(status=502, body="<html>Bad gateway</html>", content_type="text/html")
BROKEN_JSON = Fault(body='{"choices": [{"mess')
FOREIGN_JSON = Fault(body='{"status": "fine"}')
HALF_A_STREAM = streamed("half of", whole=False)
MISFIRE = error(400, "Failed to generate JSON.", code="json_validate_failed")


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("fault", "reason", "is_billable"),
    [
        (too_many(), "HTTP 429 (Rate limit reached)", False),
        (too_many("7"), "HTTP 429 (Rate limit reached)", False),
        (server_error(500), "HTTP 500 (The server had an error)", False),
        (server_error(503), "HTTP 503 (The server had an error)", False),
        (server_error(529), "HTTP 529 (The server had an error)", False),
        (error(408, "slow"), "HTTP 408 (slow)", False),
        (PAGE_502, "HTTP 502", True),
        (server_error(504), "HTTP 504 (The server had an error)", True),
        (web_page(), "answered text/html, not JSON", False),
        (dropped(), "connection dropped", True),
        (half_body(), "connection dropped", True),
        (half_chunked(), "connection dropped", True),
        (HALF_A_STREAM, "the answer broke off", True),
        (BROKEN_JSON, "the answer broke off", True),
        (FOREIGN_JSON, "answered JSON that is no chat completion", True),
        (MISFIRE, "HTTP 400 (Failed to generate JSON.)", True),
        (Said(text="late", latency_s=30), "no answer within 0.2 s", True),
        (dripping(0.05), "no answer within 0.2 s", True),
    ],
)
def test_a_passing_fault_is_tried_again_and_charged_only_if_it_may_be_billed(
    world: World, fault: Said | Fault, reason: str, is_billable: bool
) -> None:
    with OpenAIStub(in_turn([fault, "at last"])) as stub:
        client = world.client(stub.url, policy=RetryPolicy(own_machine_timeout_s=0.2))
        (reply,) = world.ask(client)
    assert reply.text == "at last"
    (retry,) = world.retries
    assert (retry.reason, retry.billable) == (reason, is_billable)
    assert retry.wait_s == world.waits[0]
    assert stub.count == 2


@pytest.mark.parametrize(
    ("fault", "attempts"),
    [
        (unauthorized(), 1),
        (error(404, "no such model"), 1),
        (error(400, "too rude"), 1),
        (too_many(code="insufficient_quota"), 1),
        (too_many("3600"), 1),
        (web_page(), 3),
        (FOREIGN_JSON, 3),
        (BROKEN_JSON, 4),
        (HALF_A_STREAM, 4),
        (MISFIRE, 4),
    ],
)
def test_a_lasting_fault_ends_after_as_many_attempts_as_can_help(
    world: World, fault: Fault, attempts: int
) -> None:
    with OpenAIStub(always(fault)) as stub, pytest.raises(ProviderError):
        world.ask(world.client(stub.url))
    assert stub.count == attempts
    assert len(world.heard.last) == 1
    assert len(world.heard.begun) == attempts


def test_a_call_that_never_reached_anyone_is_not_billed(world: World) -> None:
    with OpenAIStub(always("x")) as gone:
        url = gone.url
    with pytest.raises(ProviderError):
        world.ask(world.client(url))
    assert not any(retry.billable for retry in (*world.retries, *world.heard.last))


def test_a_stream_that_is_whole_is_an_answer(world: World) -> None:
    (reply,) = replies_to(world, always(streamed("We ", "accept.")))
    assert (reply.text, reply.finish) == ("We accept.", "stop")
    assert (reply.usage.input, reply.usage.output) == (10, 5)


@pytest.mark.parametrize("header", ["7", "7.0", "Wed, 04 Feb 2026 12:00:07 GMT"])
def test_a_wait_that_is_asked_for_is_kept_to_the_second(world: World, header: str) -> None:
    replies_to(world, in_turn([too_many(header), "x"]))
    assert world.waits == [7.0]


def test_a_wait_in_milliseconds_goes_before_one_in_seconds(world: World) -> None:
    fault = Fault(status=429, headers={"Retry-After": "9", "Retry-After-Ms": "1500"})
    replies_to(world, in_turn([fault, "x"]))
    assert world.waits == [1.5]


def test_a_server_error_may_ask_for_a_wait_too(world: World) -> None:
    fault = Fault(status=503, headers={"Retry-After": "4"})
    replies_to(world, in_turn([fault, "x"]))
    assert world.waits == [4.0]


def test_a_server_that_refuses_everyone_ends_new_calls_soon(world: World) -> None:
    with OpenAIStub(always(too_many())) as stub:
        client = world.client(stub.url, policy=RetryPolicy(budget_s=20))

        async def run() -> int:
            outcomes = await asyncio.gather(
                *(client.complete(FULL, attempts=world.heard) for _ in range(12)),
                return_exceptions=True,
            )
            await client.aclose()
            return sum(isinstance(one, ProviderError) for one in outcomes)

        assert asyncio.run(run()) == 12
    assert world.time <= 40
    assert len(world.heard.last) == 12


def test_words_outlast_a_mixture_of_troubles(world: World) -> None:
    troubles = [
        too_many(),
        web_page(),
        dropped(),
        half_body(),
        PAGE_502,
        BROKEN_JSON,
        server_error(),
    ]
    (reply,) = replies_to(world, in_turn([*troubles, "at last"]))
    assert reply.text == "at last"
    assert len(world.retries) == len(troubles)


SECRET_FAULTS: list[Any] = [
    unauthorized(CANARY),
    error(400, f"no {CANARY}", param=CANARY, code=CANARY),
    error(500, CANARY),
    Fault(status=429, body=CANARY, headers={"Retry-After": CANARY}),
    Fault(status=302, headers={"Location": f"https://b.example/?key={CANARY}"}),
    Fault(body=f"<html>{CANARY}</html>", content_type=f"text/{CANARY}"),
    Fault(body=f'{{"error": {{"message": "{CANARY}", "code": 500}}}}'),
    Fault(body=f'{{"error": "{CANARY}"}}'),
    Fault(body=f'{{"status": "{CANARY}"}}'),
    Fault(body=f'{{"choices": "{CANARY}'),
    Fault(body="x", headers={"Content-Encoding": CANARY}),
    Said(text=f"Your key is {CANARY}", finish=CANARY),
    Said(text=None, arguments=f'{{"key": "{CANARY}"}}', thoughts=CANARY),
    Said(text="", refusal=CANARY),
    Fault(body='{"choices": [{"message": {"content": "x"}}]}', headers={"x-request-id": CANARY}),
]


@pytest.mark.parametrize("fault", SECRET_FAULTS)
def test_a_key_that_a_server_echoes_reaches_no_reply_error_log_or_file(
    world: World, fault: Said | Fault, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="minilateral")
    caplog.set_level(logging.INFO)
    home = tmp_path / "dialects.json"
    seen: list[object] = []
    with OpenAIStub(always(fault)) as stub:
        client = world.client(
            stub.url, dialects=Dialects(home), policy=RetryPolicy(budget_s=1, unreachable_s=1)
        )
        try:
            seen += world.ask(client, FULL)
        except (ProviderError, EmptyReply) as caught:
            assert_sealed(caught)
            seen.append(getattr(caught, "reply", None))
        client.note_unparsable("strict")
        seen += [client, vars(client), client.label, client.dialect, client.request(FULL)]
    seen += [world.heard, caplog.text, home.read_text() if home.exists() else ""]
    assert CANARY not in repr(seen)
    assert stub.keys[0] == f"Bearer {CANARY}"


mixed = st.lists(
    st.sampled_from(
        [
            too_many(),
            too_many("0.5"),
            server_error(),
            server_error(503),
            dropped(),
            half_body(),
            half_chunked(),
            web_page(),
            BROKEN_JSON,
            HALF_A_STREAM,
            FOREIGN_JSON,
            MISFIRE,
            error(400, "json_schema is not supported"),
            error(400, "'seed' is not supported", param="seed"),
            error(400, "System role not supported"),
            Said(text=""),
            Said(text="", finish="length"),
            Said(text="<think>weak"),
            Said(text="yes", usage=None),
            Said(text="yes", usage=(-1, 5, 0)),
            streamed("yes"),
            unauthorized(),
        ]
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40)
@given(mixed, st.integers(0, 9))
def test_whatever_comes_a_call_ends_in_a_reply_or_in_one_line(
    faults: list[Said | Fault], seed: int
) -> None:
    world = World()
    with OpenAIStub(in_turn([*faults, *["yes"] * 40])) as stub:
        ended = how_it_ends(world, world.client(stub.url, random=Random(seed)))
    assert ended == "yes" or ended.startswith((f"{stub.host}: ", "stub-model at "))
    assert ended.isprintable()
    # Every attempt was begun once, and ended once: failed, or delivered.
    delivered = len(world.heard.begun) - len(world.retries) - len(world.heard.last)
    assert stub.count == len(world.heard.begun)
    assert delivered + len(world.heard.last) == 1


def how_it_ends(world: World, client: ModelClient) -> str:
    try:
        return world.ask(client, FULL)[0].text
    except (EmptyReply, ProviderError) as caught:
        return str(caught)
