"""Carries one request to a server and its answer back, whatever happens on the way."""

import asyncio
import ssl
import zlib
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from delegates.models import failures
from delegates.models.answer import Raw
from delegates.models.failures import Failure
from delegates.settings import Endpoint, is_loopback

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response
    from openai import AsyncOpenAI

MOST_BYTES = 8_000_000
"""The longest answer that is read: a hundred times what a model writes in one call."""

_CONNECT_TIMEOUT_S = 10.0
_GZIP_OR_ZLIB = 47
_UNREAD: dict[str, Any] = {"stream": True}
_COMPLETIONS = "chat/completions"
"""Asked for by its path: the library's own method checks a long prompt against its types part by
part, a quarter of a call's time."""

_BY_KEY: Any = {"bearer_auth": True}
_KEPT_HEADERS = (b"content-type", b"x-request-id", b"retry-after", b"retry-after-ms", b"location")


Pieces = Callable[[bytes], None]
"""Shown the body of a good answer piece by piece as it comes, before it is there as a whole."""

# The library between the two ends of an attempt hands nothing of its caller's on.
_pieces: ContextVar[Pieces | None] = ContextVar("pieces", default=None)


class GiantAnswer(Exception):  # noqa: N818 - it says what came, as `IllegalMove` does
    """Raised when an answer goes on beyond `MOST_BYTES`."""


class StrangeEncoding(Exception):  # noqa: N818 - likewise
    """Raised when an answer is compressed in a way that was not asked for."""


@dataclass(frozen=True)
class _Connected:
    """The library's client of one event loop, and whom it asks."""

    endpoint: Endpoint
    api: "AsyncOpenAI"
    completions: str
    """The whole address at which it asks; given in part, it would be put together every time."""


class Carrier(Protocol):
    """Carries requests to servers and their answers back: over a wire of this process, or not."""

    async def ask(
        self,
        endpoint: Endpoint,
        request: Mapping[str, object],
        timeout_s: float,
        pieces: Pieces | None = None,
    ) -> Raw | Failure:
        """Return the answer to a chat completion request that has a good status."""
        ...

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        ...


class Wire:
    """The connections to one server; each event loop that uses it has its own."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Connect to nothing yet."""
        self._now = now
        self._held: WeakKeyDictionary[asyncio.AbstractEventLoop, list[_Connected]] = (
            WeakKeyDictionary()
        )

    async def ask(
        self,
        endpoint: Endpoint,
        request: Mapping[str, object],
        timeout_s: float,
        pieces: Pieces | None = None,
    ) -> Raw | Failure:
        """Return the answer to a chat completion request that has a good status.

        Args:
            endpoint: Who is asked.
            request: What is sent.
            timeout_s: For the whole answer.
            pieces: Shown the answer as it comes, if it is not compressed.
        """
        from aiohttp import ClientError
        from openai import APIConnectionError, APIStatusError, Timeout

        limits = Timeout(timeout_s, connect=min(timeout_s, _CONNECT_TIMEOUT_S))
        extra = {"cache_prompt": False} if endpoint.embedded else {}
        try:
            # The library's time-out is between two bytes; this one is for the whole answer.
            async with asyncio.timeout(timeout_s):
                _pieces.set(pieces)
                to = self._connected(endpoint)
                got = await to.api.post(
                    to.completions,
                    cast_to=_response_class(),
                    body={**request, **extra},
                    options={"timeout": limits, "security": _BY_KEY},
                )
        except TimeoutError:
            return failures.of_timeout(timeout_s)
        except APIStatusError as error:
            answer = error.response
            text = answer.content.decode("utf-8", errors="replace")
            return failures.of_status(
                error.status_code, answer.headers, text, endpoint, self._now()
            )
        except (APIConnectionError, ClientError) as error:
            return failures.of_connection(error, endpoint, timeout_s)
        except GiantAnswer:
            return failures.of_giant(MOST_BYTES)
        except StrangeEncoding as error:
            return failures.of_encoding(str(error), endpoint)
        return Raw(status=got.status_code, headers=got.headers, body=got.content)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        for held in self._held.pop(asyncio.get_running_loop(), ()):
            await held.api.close()

    def _connected(self, endpoint: Endpoint) -> _Connected:
        """Return this event loop's client of a server, of late at this address."""
        held = self._held.setdefault(asyncio.get_running_loop(), [])
        if not held or held[-1].endpoint != endpoint:
            held.append(_connected(endpoint))
        return held[-1]


def _connected(endpoint: Endpoint) -> _Connected:
    from openai import AsyncOpenAI

    api = AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.api_key.get_secret_value(),
        max_retries=0,
        http_client=_client(endpoint.base_url),
    )
    return _Connected(endpoint, api, str(api.base_url.join(_COMPLETIONS)))


@cache
def _response_class() -> "type[Response]":
    from httpx2 import Response

    return Response


@cache
def _client_class() -> "type[AsyncClient]":
    from aiohttp import ClientSession, DummyCookieJar, TCPConnector
    from openai import DefaultAioHttpClient

    class Bounded(DefaultAioHttpClient):
        """An HTTP client that reads no answer beyond `MOST_BYTES`, and trusts nothing in it.

        Its connections are aiohttp's: with a hundred requests at a time the library's own take
        twice the work.
        """

        def _init_transport(self, *args: Any, **options: Any) -> Any:
            return _without_cookies(super()._init_transport(*args, **options))

        def _init_proxy_transport(self, *args: Any, **options: Any) -> Any:
            return _without_cookies(super()._init_proxy_transport(*args, **options))

        async def send(self, request: Any, **options: Any) -> Any:
            answer = await super().send(request, **(options | _UNREAD))
            try:
                body = await _bounded_body(answer)
            finally:
                await answer.aclose()
            headers = [
                # A charset may name a codec that is none: JSON is UTF-8 in any case.
                (name, value.partition(b";")[0] if name.lower() == b"content-type" else value)
                for name, value in answer.headers.raw
                if name.lower() in _KEPT_HEADERS
            ]
            return type(answer)(answer.status_code, headers=headers, content=body, request=request)

    def _without_cookies(transport: Any) -> Any:
        """Have a transport keep none: no endpoint needs them."""

        def session() -> ClientSession:
            limits = transport.limits
            connector = TCPConnector(
                limit=limits.max_connections or 0,
                keepalive_timeout=limits.keepalive_expiry,
                ssl=transport.ssl_context,
            )
            return ClientSession(connector=connector, cookie_jar=DummyCookieJar())

        transport.client = session
        return transport

    return Bounded


def _context(url: str) -> ssl.SSLContext:
    """Return what an encrypted connection needs; certificates take long to load."""
    from httpx2 import create_ssl_context

    here = is_loopback(url)
    if here and url.startswith("http://"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return create_ssl_context(trust_env=not here)


def _client(url: str) -> "AsyncClient":
    here = is_loopback(url)
    return _client_class()(
        # A proxy of the environment cannot reach this machine's own servers.
        trust_env=not here,
        verify=_context(url),
        # Prompts go to the host that the transcript names, and to no other.
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        cookies=_NoCookies(),
    )


class _NoCookies(CookieJar):
    def extract_cookies(self, response: object, request: object) -> None:
        """Keep none: no endpoint needs them, and the jar complains of broken ones on stderr."""


async def _bounded_body(answer: "Response") -> bytes:
    """Return the body of an answer.

    Raises:
        GiantAnswer: If it goes on beyond `MOST_BYTES`.
        StrangeEncoding: If it is compressed otherwise than by gzip or deflate.
    """
    body = bytearray()
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    is_shown = answer.is_success and encoding in ("", "identity")
    shown = _pieces.get() if is_shown else None
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise GiantAnswer
        if shown is not None:
            shown(piece)
    if encoding in ("", "identity"):
        return bytes(body)
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise StrangeEncoding(encoding)
    return _inflated(bytes(body), encoding)


def _inflated(body: bytes, encoding: str) -> bytes:
    unpack = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
    try:
        whole = unpack.decompress(body, MOST_BYTES)
    except zlib.error:
        raise StrangeEncoding(f"{encoding}, broken") from None
    if unpack.unconsumed_tail:
        raise GiantAnswer
    return whole
