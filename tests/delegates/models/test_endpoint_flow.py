"""Requests in flight to one endpoint, as clients make them."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from delegates.models.client import ModelClient, RetryPolicy
from delegates.models.flow import flow_states
from delegates.models.local import SLOTS
from tests.delegates.models.heard import Heard
from tests.delegates.models.test_client import embedded_at
from tests.delegates.models.world import ASK, World, always
from tests.support.openai_stub import Fault, OpenAIStub, Said, in_turn, server_error, too_many


@pytest.fixture
def world() -> World:
    return World()


def real_client(url: str) -> ModelClient:
    """Return a client with a real clock, as a session of a batch has one of its own."""
    endpoint = World().client(url).endpoint
    return ModelClient(endpoint, "m", policy=RetryPolicy(budget_s=30))


async def sessions(url: str, crowd: int, turns: int) -> tuple[int, int]:
    """Let sessions take their turns side by side; return attempts that failed and the limit."""
    heard = Heard()

    async def session() -> None:
        client = real_client(url)
        for _ in range(turns):
            assert (await client.complete(ASK, attempts=heard)).text == "yes"
        await client.aclose()

    await asyncio.gather(*(session() for _ in range(crowd)))
    (state,) = flow_states().values()
    assert (state.in_flight, state.waiting) == (0, 0)
    return len(heard.retries), state.limit


def test_clients_converge_on_what_an_endpoint_serves() -> None:
    with OpenAIStub(always("yes"), latency_s=0.03, slots=6) as stub:
        failed, limit = asyncio.run(sessions(stub.url, crowd=30, turns=8))
    assert stub.count - stub.refused == 30 * 8
    assert failed == stub.refused
    # Everyone once at the start, then single trials.
    assert stub.refused <= (30 - 6) + 10
    assert 3 <= limit <= 7


def test_an_endpoint_that_serves_everyone_is_asked_by_everyone() -> None:
    with OpenAIStub(always("yes"), latency_s=0.4) as stub:
        failed, _ = asyncio.run(sessions(stub.url, crowd=20, turns=1))
    assert (stub.peak, failed) == (20, 0)


def test_an_embedded_model_is_asked_as_often_as_it_has_slots(world: World) -> None:
    with OpenAIStub(always("yes"), latency_s=0.02) as stub:
        client = world.client(stub.url, endpoint=embedded_at(stub.url))
        world.ask(client, *[ASK] * 8)
    assert stub.peak == SLOTS


def test_while_one_call_waits_as_told_no_other_asks_that_endpoint() -> None:
    released = asyncio.Event()
    world = World()

    async def sleep(seconds: float) -> None:
        await released.wait()
        world.time += seconds

    world.sleep = sleep  # type: ignore[method-assign]

    def answer(request: dict[str, Any]) -> str | Fault:
        return too_many("5") if stub.count == 1 else "yes"

    async def run() -> None:
        one, other = world.client(stub.url), world.client(stub.url)
        first = asyncio.create_task(one.complete(ASK, attempts=Heard()))
        while one.flow_state().refused == 0:
            await asyncio.sleep(0.001)
        second = asyncio.create_task(other.complete(ASK, attempts=Heard()))
        await asyncio.sleep(0.05)
        assert stub.count == 1
        assert one.flow_state().waiting == 1
        assert one.flow_state().held_s == 5.0
        released.set()
        await asyncio.gather(first, second)
        await asyncio.gather(one.aclose(), other.aclose())

    with OpenAIStub(answer) as stub:
        asyncio.run(run())
    assert stub.count == 3


def test_time_spent_behind_other_calls_is_not_time_struggled(world: World) -> None:
    struggling = in_turn([server_error(), server_error(), "yes"])

    def answer(request: dict[str, Any]) -> str | Said | Fault:
        if request["seed"] == 1:
            return struggling(request)
        time.sleep(0.1 if request["seed"] == 2 else 0.5)
        world.time += 100 if request["seed"] == 2 else 0
        return "yes"

    with OpenAIStub(answer) as stub:
        client = world.client(stub.url, endpoint=embedded_at(stub.url))
        asks = [replace(ASK, seed=seed) for seed in (1, 2, 3)]
        replies = world.ask(client, *asks)
    assert [reply.text for reply in replies] == ["yes"] * 3
    assert len(world.retries) == 2


def test_a_wait_longer_than_a_call_may_struggle_holds_nobody_up(world: World) -> None:
    def answer(request: dict[str, Any]) -> str | Fault:
        return too_many("3600") if request["seed"] == 1 else "yes"

    async def run() -> list[Any]:
        client = world.client(stub.url)
        calls = (
            client.complete(replace(ASK, seed=seed), attempts=world.heard) for seed in (1, 2, 1, 2)
        )
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        outcomes.append(await client.complete(replace(ASK, seed=2), attempts=world.heard))
        await client.aclose()
        return outcomes

    with OpenAIStub(answer) as stub:
        outcomes = asyncio.run(run())
    assert [getattr(one, "text", "failed") for one in outcomes] == [
        "failed",
        "yes",
        "failed",
        "yes",
        "yes",
    ]
    assert world.waits == []
