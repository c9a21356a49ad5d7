"""What holds for every test: nothing of the user's own is read, and nobody beyond here is asked."""

import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("house")

_FOREIGN = ("OPENAI_", "MINILATERAL_", "LANGSMITH_", "LANGCHAIN_")
_HERE = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def no_settings_but_the_tests(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> None:
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MINILATERAL_HOME", str(empty_home))


@pytest.fixture(autouse=True)
def nobody_beyond_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        beyond = isinstance(address, tuple) and address[0] not in _HERE
        assert not beyond, f"a test reached out to {address}"
        real(self, address)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def log_is_closed_afterwards() -> Iterator[None]:
    logger = logging.getLogger("minilateral")
    propagate, level = logger.propagate, logger.level
    yield
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = propagate
    logger.setLevel(level)
