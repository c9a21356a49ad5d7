"""A client against a stub server, with a clock that only sleeping moves."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from pydantic import SecretStr

from delegates.models.chat import Ask, Hear, Message, Reply, Retry, Schema
from delegates.models.client import ModelClient
from delegates.settings import Endpoint
from games.errors import ProviderError
from tests.delegates.models.heard import Heard
from tests.support.openai_stub import Answer, Fault, OpenAIStub, Said

CANARY = "sk-canary-0123456789abcdef"
NOW = datetime(2026, 2, 4, 12, 0, 0, tzinfo=UTC)
ASK = Ask(messages=(Message(role="user", content="A private brief."),), max_tokens=50)
FULL = replace(
    ASK, schema=Schema(name="s", json={"type": "object"}), temperature=0.5, seed=1, top_logprobs=2
)


class World:
    """A clock that only sleeping moves, and what was seen of retries."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []
        self.heard = Heard()

    @property
    def retries(self) -> list[Retry]:
        return self.heard.retries

    def clock(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds

    def client(self, url: str, **options: Any) -> ModelClient:
        host = url.removeprefix("http://").removesuffix("/v1")
        endpoint = Endpoint(
            name="stub",
            base_url=url,
            api_key=SecretStr(CANARY),
            host=host,
            origin="OPENAI_BASE_URL",
            key_origin="OPENAI_API_KEY",
        )
        return ModelClient(
            options.pop("endpoint", endpoint),
            "stub-model",
            clock=self.clock,
            sleep=self.sleep,
            now=lambda: NOW,
            **{"random": Random(1), **options},
        )

    def ask(self, client: ModelClient, *asks: Ask, hear: Hear | None = None) -> list[Reply]:
        async def run() -> list[Reply]:
            try:
                calls = (client.complete(a, attempts=self.heard, hear=hear) for a in asks or (ASK,))
                return await asyncio.gather(*calls)
            finally:
                await client.aclose()

        return asyncio.run(run())


def replies_to(world: World, answer: Answer, *asks: Ask) -> list[Reply]:
    with OpenAIStub(answer) as stub:
        return world.ask(world.client(stub.url), *asks)


def line_of(world: World, answer: Answer, **options: Any) -> str:
    with OpenAIStub(answer) as stub, pytest.raises(ProviderError) as caught:
        world.ask(world.client(stub.url, **options))
    line = str(caught.value)
    assert "\n" not in line
    assert stub.host in line
    assert "'stub-model'" in line
    assert_sealed(caught.value)
    return line


def assert_sealed(error: BaseException | None) -> None:
    while error is not None:
        assert CANARY not in f"{error!r} {error} {error.args}"
        error = error.__cause__ or error.__context__


def always(fault: str | Said | Fault) -> Answer:
    return lambda _: fault
