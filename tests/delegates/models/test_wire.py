"""Bytes on a socket, good and bad, as a server may send them."""

import asyncio
import gzip
import json
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from delegates.models.answer import Raw
from delegates.models.chat import Ask, Message
from delegates.models.dialect import Dialect
from delegates.models.failures import Failure
from delegates.models.wire import MOST_BYTES, Wire
from delegates.settings import Endpoint
from tests.support.openai_stub import Fault, OpenAIStub, Said, completion

ASK = Ask(messages=(Message(role="user", content="x"),), max_tokens=5)
GOOD = json.dumps(completion({}, Said(text="yes"))).encode()


def endpoint(url: str) -> Endpoint:
    host = url.removeprefix("http://").removesuffix("/v1")
    key = SecretStr("sk-canary-0123456789")
    return Endpoint(name="a", base_url=url, api_key=key, host=host)


async def asked(url: str, timeout_s: float = 5.0) -> Raw | Failure:
    wire = Wire(lambda: datetime(2026, 2, 4, tzinfo=UTC))
    try:
        return await wire.ask(endpoint(url), Dialect().request(ASK, "m"), timeout_s)
    finally:
        await wire.aclose()


async def answers_to(raw: Sequence[bytes], timeout_s: float = 5.0) -> list[Raw | Failure]:
    """Return what is made of servers that send these bytes and hang up."""
    left = list(raw)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(left.pop(0))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        return [await asked(url, timeout_s) for _ in raw]


def answer_to(raw: bytes, timeout_s: float = 5.0) -> Raw | Failure:
    return asyncio.run(answers_to([raw], timeout_s))[0]


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def reason(got: Raw | Failure) -> str:
    assert isinstance(got, Failure)
    return got.reason


def test_an_answer_comes_with_its_headers() -> None:
    got = answer_to(response(GOOD, "Content-Type: application/json", "X-Request-Id: r1"))
    assert isinstance(got, Raw)
    assert (got.status, got.body) == (200, GOOD)
    assert got.headers["x-request-id"] == "r1"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(GOOD)),
        ("x-gzip", gzip.compress(GOOD)),
        ("deflate", zlib.compress(GOOD)),
        ("identity", GOOD),
    ],
    # A gzip body holds the time: workers would collect tests of different names.
    ids=["gzip", "x-gzip", "deflate", "identity"],
)
def test_common_compressions_are_undone(encoding: str, body: bytes) -> None:
    got = answer_to(response(body, f"Content-Encoding: {encoding}"))
    assert isinstance(got, Raw)
    assert got.body == GOOD


@pytest.mark.parametrize(
    ("encoding", "told"), [("br", "'br'"), ("gzip", "'gzip, broken'"), ("gzip, gzip", "gzip, gzip")]
)
def test_strange_compressions_are_told(encoding: str, told: str) -> None:
    got = answer_to(response(b"\x0b\x02\x80", f"Content-Encoding: {encoding}"))
    assert told in reason(got)


def test_an_answer_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * (4 * MOST_BYTES))
    assert len(bomb) < MOST_BYTES / 100
    got = answer_to(response(bomb, "Content-Encoding: gzip"))
    assert reason(got) == "answered more than 8 MB"


@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_endless_answer_is_read_no_further_than_allowed(status: int) -> None:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n\r\n".encode()
    endless = Fault(raw=head, endless=b" " * 65536)
    with OpenAIStub(lambda _: endless) as stub:
        got = asyncio.run(asked(stub.url, 60.0))
    assert isinstance(got, Failure)
    assert got.reason == "answered more than 8 MB"
    assert (got.billable, got.bears) == (True, 1)


def test_an_answer_that_drips_is_given_up_as_a_whole() -> None:
    drip = Fault(body=GOOD.decode(), drip_s=0.05)
    with OpenAIStub(lambda _: drip) as stub:
        got = asyncio.run(asked(stub.url, 0.3))
    assert reason(got) == "no answer within 0.3 s"


async def connected(crowds: Sequence[int]) -> list[int]:
    """Return how many requests were answered on each connection that crowds of them opened."""
    served: list[int] = []
    ends: list[asyncio.Event] = []
    together = asyncio.Event()
    arrived, wanted = 0, 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal arrived
        number = len(served)
        served.append(0)
        ends.append(asyncio.Event())
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split()[0])
                await reader.readexactly(length)
                arrived += 1
                if arrived == wanted:
                    together.set()
                await together.wait()
                served[number] += 1
                writer.write(response(GOOD))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            ends[number].set()

    wire = Wire(lambda: datetime(2026, 2, 4, tzinfo=UTC))
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        for wanted in crowds:
            arrived = 0
            together.clear()
            asks = [
                wire.ask(endpoint(url), Dialect().request(ASK, "m"), 5.0) for _ in range(wanted)
            ]
            assert all(isinstance(got, Raw) for got in await asyncio.gather(*asks))
        await wire.aclose()
        for end in ends:
            await end.wait()
    return served


def test_a_crowd_of_requests_is_in_flight_at_once_and_its_connections_serve_the_next() -> None:
    served = asyncio.run(connected([13, 13, 1]))
    assert sorted(served) == [2] * 12 + [3]


def test_requests_one_after_the_other_share_one_connection() -> None:
    assert asyncio.run(connected([1] * 5)) == [5]


def test_a_server_elsewhere_is_asked_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(response(GOOD))
        await writer.drain()
        writer.close()

    async def through() -> Raw | Failure:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            monkeypatch.setenv("http_proxy", proxy)
            return await asked("http://models.example/v1")

    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert isinstance(asyncio.run(through()), Raw)
    (head,) = heads
    assert head.startswith(b"POST http://models.example/v1/chat/completions HTTP/1.1\r\n")
    assert b"authorization: bearer sk-canary-0123456789\r\n" in head.lower()


def test_a_redirect_is_told_and_not_followed() -> None:
    moved = response(b"", "Location: https://b.example/v1", status="307 Temporary Redirect")
    got = answer_to(moved)
    assert reason(got) == "HTTP 307 (https://b.example/v1)"
    assert isinstance(got, Failure)
    assert not got.retryable


def test_a_broken_cookie_is_nobodys_business() -> None:
    cookies = "Set-Cookie: a=b; expires=\x01never; max-age=99999999999999999999"
    assert isinstance(answer_to(response(GOOD, cookies)), Raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n",
        response(GOOD)[:-5],
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a"',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
    ],
)
def test_a_connection_that_breaks_may_have_been_paid_for(raw: bytes) -> None:
    got = answer_to(raw)
    assert isinstance(got, Failure)
    assert got.reason == "connection dropped"
    assert (got.retryable, got.billable, got.unreachable) == (True, True, False)


def test_a_server_that_says_nothing_is_slow() -> None:
    with OpenAIStub(lambda _: Fault(latency_s=1.0)) as stub:
        assert reason(asyncio.run(asked(stub.url, 0.3))) == "no answer within 0.3 s"


def test_no_cookie_is_sent_back() -> None:
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        length = int(heads[-1].lower().partition(b"content-length: ")[2].split()[0])
        await reader.readexactly(length)
        writer.write(response(GOOD, "Set-Cookie: seat=canary; Path=/", "Connection: close"))
        await writer.drain()
        writer.close()

    async def twice() -> None:
        wire = Wire(lambda: datetime(2026, 2, 4, tzinfo=UTC))
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            # A name, since cookies of bare addresses are not kept by anybody.
            url = f"http://localhost:{server.sockets[0].getsockname()[1]}/v1"
            for _ in range(2):
                got = await wire.ask(endpoint(url), Dialect().request(ASK, "m"), 5.0)
                assert isinstance(got, Raw)
        await wire.aclose()

    asyncio.run(twice())
    assert len(heads) == 2
    assert b"canary" not in heads[1].replace(b"sk-canary", b"")


@pytest.mark.parametrize("charset", ["hex", "utf-16", "idna", "no-such", "\xff"])
def test_a_charset_that_is_none_does_no_harm(charset: str) -> None:
    header = f"Content-Type: application/json; charset={charset}"
    assert isinstance(answer_to(response(GOOD, header)), Raw)
    error = b'{"error": {"message": "no"}}'
    assert reason(answer_to(response(error, header, status="400 Bad"))) == "HTTP 400 (no)"


HEADERS = (
    "Location: http://[::1",
    "Location: http://a:99999999/",
    "Location: /\x00",
    "Set-Cookie: \xff=\xfe; path=\x01",
    "Content-Type: \xff\xff",
    "Content-Type: text/html; charset=hex",
    "Content-Encoding: gzip",
    "Content-Encoding: br",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: weird",
    "Content-Length: 99999999999999999999",
    "Retry-After: 1e400",
    "Retry-After: Mon, 01 Jan 99999999999999 00:00:00 GMT",
    "X-Request-Id: \xc3\xff",
    "WWW-Authenticate: Digest \xff",
    "no header at all",
)
STATUSES = ("200", "204", "100", "101", "302", "304", "400", "401", "429", "500", "999", "0", "x")
BODIES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"null", b"[" * 9000, b'{"error":{"message":5}}', b'{"error":' + b"[" * 3000, b"zz\r\n"]
    ),
)
raw_answers = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda status, headers, body, cut: (
            "\r\n".join([f"HTTP/1.1 {status} X", *headers, "", ""]).encode("latin-1") + body
        )[:cut],
        st.sampled_from(STATUSES),
        st.lists(st.sampled_from(HEADERS), max_size=4),
        BODIES,
        st.one_of(st.none(), st.integers(0, 80)),
    ),
)


@settings(max_examples=12)
@given(st.lists(raw_answers, min_size=20, max_size=20))
def test_whatever_bytes_come_they_are_an_answer_or_a_failure(raw: list[bytes]) -> None:
    for got in asyncio.run(answers_to(raw, 1.0)):
        if isinstance(got, Failure):
            assert got.reason.isprintable()
            assert "canary" not in repr(got)
