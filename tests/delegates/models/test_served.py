import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from delegates.models.served import listens, models_at
from tests.support.openai_stub import OpenAIStub


@contextmanager
def server(raw: bytes) -> Iterator[str]:
    """Yield the address of a server that answers its first request with these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(raw)
            except OSError:
                pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    thread.join(5)


def listing(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_the_models_of_a_server_are_listed() -> None:
    with OpenAIStub(lambda _: "x") as stub:
        assert listens(stub.url)
        assert models_at(stub.url) == ("stub",)


def test_nobody_there_offers_nothing() -> None:
    with OpenAIStub(lambda _: "x") as gone:
        url = gone.url
    assert not listens(url)
    assert models_at(url) == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense\r\n\r\n",
        listing(b""),
        listing(b"[]"),
        listing(b'{"data": 5}'),
        listing(b'{"data": [5, null, {"id": 7}, {}]}'),
        listing(b'{"data": [{"id": "a\\u001b[31m"}, {"id": ""}]}'),
        listing(b'{"data": [{"id": "m"}]}', status="401 Unauthorized"),
        listing(b'{"data": [{"id": "m"}]}')[:-3],
        listing(b"[" * 90_000),
        listing(b'{"data": [{"id": "' + b"x" * 2_000_000 + b'"}]}'),
    ],
)
def test_a_server_that_lists_nothing_usable_offers_nothing(raw: bytes) -> None:
    with server(raw) as url:
        assert models_at(url) == ()


def test_a_server_that_sends_us_elsewhere_is_not_followed() -> None:
    with OpenAIStub(lambda _: "x") as stub:
        moved = f"HTTP/1.1 302 Found\r\nLocation: {stub.url}/models\r\n\r\n".encode()
        with server(moved) as url:
            assert models_at(url) == ()


def test_good_names_among_bad_ones_are_kept() -> None:
    with server(listing(b'{"data": [{"id": "a:8b"}, 5, {"id": "b"}]}')) as url:
        assert models_at(url) == ("a:8b", "b")
