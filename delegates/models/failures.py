"""What a failed call means: whether to try again, and what to tell the user."""

import base64
import json
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import quote

from pydantic import BaseModel, SecretStr, ValidationError

from delegates.models.chat import Ask
from delegates.settings import DUMMY_KEY, Endpoint
from games.errors import plain

CROWDED = frozenset({429, 503, 529})
"""Statuses by which servers say that they are asked too much."""

GAVE_UP = frozenset({502, 504, 520, 524})
"""Statuses by which a gateway says that it had no answer from the server behind it, which may have
worked on the request to its end, and may bill it."""

MOST_PAGES = 2
"""How many web pages or foreign JSON one call bears before it gives up: a proxy's page passes, that
of a hotel's network or of a wrong address stays."""

MOST_MANGLED = 3
"""How many answers that cannot be read one call bears: each may have been paid for."""

_RETRIED = frozenset({408, 409, 425, 429})
_REFUSALS = frozenset({400, 403, 422})
_UNSURE_REFUSALS = frozenset({404, 405, 415, 500, 501})
_MISFIRES = frozenset({"tool_use_failed", "json_validate_failed"})
_SERVER_ERROR = 500
_REDIRECT = 300
_BAD_REQUEST = 400
_LONGEST_QUOTE = 200
_ECHO = 16
_SHORTEST_SECRET = 12
_URL_SAFE = str.maketrans("+/", "-_")
_KEY_LIKE = re.compile(r"\b(?:sk|pk|gsk|key|xai)-[\w*.-]{6,}|(?i:\bbearer\s+)[^\s\"',}]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One failed attempt; no text in it holds a key."""

    reason: str
    """What happened, without host or model."""
    advice: str
    """What the user can do."""
    retryable: bool
    billable: bool = False
    """Whether it may be billed: the request may have reached the model."""
    bears: int | None = None
    """How many failures of such kinds one call bears; None for as long as its time allows."""
    crowded: bool = False
    """Whether the server says that it is asked too much."""
    misfired: bool = False
    """Whether the model failed to fill in the schema, as the server saw itself."""
    unreachable: bool = False
    """Whether no server was found; waiting long seldom helps."""
    slow: bool = False
    """Whether the whole time-out was spent on it."""
    retry_after_s: float | None = None
    refusal: str | None = None
    """The body of an answer that may refuse one parameter."""
    sure: bool = True
    """Whether the status itself says that the request is at fault."""
    refused: str | None = None
    """The parameter that the answer itself names."""


class ErrorBody(BaseModel):
    """The error object of an OpenAI-compatible answer."""

    message: str | None = None
    param: str | None = None
    code: str | int | None = None


class _ErrorPage(BaseModel):
    error: ErrorBody


def redacted(text: str, key: SecretStr) -> str:
    """Return `text` on one line, shortened, without the key or anything like one."""
    text = _CONTROL.sub(" ", _sealed(text, key)).strip()
    return plain(text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…")


def without_key(text: str, key: SecretStr) -> str:
    """Return what a model or server said, the key taken out should it echo it.

    Short words that stand in for a key where none is needed may be said: they are no secret.
    """
    secret = key.get_secret_value()
    if len(secret) < _SHORTEST_SECRET:
        return text
    for guise in guises(secret):
        text = text.replace(guise, "[key]")
    return text


@lru_cache(maxsize=64)
def guises(secret: str) -> tuple[str, ...]:
    """Return the forms in which a server may echo a key: as it is, in a URL, in JSON, in base64."""
    raw = secret.encode()
    coded: list[str] = []
    for before in range(3):
        # Of a key within a longer text, the characters of base64 that depend on nothing else.
        whole = base64.b64encode(b"\0" * before + raw).decode()
        part = whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        coded += [part, part.translate(_URL_SAFE)]
    forms = [secret, quote(secret, safe=""), quote(secret), json.dumps(secret)[1:-1], *coded]
    return tuple(sorted(set(forms), key=len, reverse=True))


def _sealed(text: str, key: SecretStr) -> str:
    secret = key.get_secret_value()
    plainly = text if secret == DUMMY_KEY else text.replace(secret, "[key]")
    return _KEY_LIKE.sub("[key]", without_key(plainly, key))


def without_prompt(failure: Failure, ask: Ask) -> Failure:
    """Return a failure whose reason repeats nothing long of what was asked.

    Some servers quote a whole request in their errors: a seat's brief would be shown to another's.
    """
    asked = [form for message in ask.messages for form in _spellings(message.content)]
    reason = failure.reason
    echoed = {
        place
        for start in range(len(reason) - _ECHO + 1)
        if any(reason[start : start + _ECHO] in text for text in asked)
        for place in range(start, start + _ECHO)
    }
    kept = (
        character if place not in echoed else "" if place - 1 in echoed else "…"
        for place, character in enumerate(reason)
    )
    return replace(failure, reason="".join(kept)) if echoed else failure


def _spellings(text: str) -> list[str]:
    forms = (text, json.dumps(text), json.dumps(text, ensure_ascii=False), repr(text))
    return [plain(_CONTROL.sub(" ", form)) for form in forms]


def of_status(
    status: int, headers: Mapping[str, str], text: str, endpoint: Endpoint, now: datetime
) -> Failure:
    """Read an answer that carries an HTTP error."""
    body = _error_body(text)
    where = headers.get("location", "") if _REDIRECT <= status < _BAD_REQUEST else ""
    said = redacted(body.message or where, endpoint.api_key)
    spent = body.code == "insufficient_quota"
    misfired = body.code in _MISFIRES
    refusing = (status in _REFUSALS or status in _UNSURE_REFUSALS) and not misfired
    passes = status in _RETRIED or status >= _SERVER_ERROR or misfired
    return Failure(
        reason=f"HTTP {status}" + (f" ({said})" if said else ""),
        advice="add credit to the account" if spent else _advice(status, endpoint),
        retryable=passes and not spent,
        billable=misfired or status in GAVE_UP,
        bears=MOST_MANGLED if misfired else None,
        crowded=status in CROWDED and not spent,
        misfired=misfired,
        retry_after_s=retry_after_s(headers, now),
        refusal=_sealed(text, endpoint.api_key) if refusing else None,
        sure=status in _REFUSALS,
        refused=body.param,
    )


def of_error_answer(error: ErrorBody, endpoint: Endpoint, now: datetime) -> Failure:
    """Read an error that came with HTTP 200, as some routers send it."""
    status = _SERVER_ERROR + 2
    if isinstance(error.code, int) and _BAD_REQUEST <= error.code < _SERVER_ERROR + 100:
        status = error.code
    elif "rate_limit" in str(error.code):
        status = 429
    failure = of_status(status, {}, json.dumps({"error": error.model_dump()}), endpoint, now)
    # The router had begun to answer: a model may have worked on it until it failed.
    return replace(failure, billable=failure.billable or status >= _SERVER_ERROR)


def of_page(content_type: str, endpoint: Endpoint, *, is_json: bool) -> Failure:
    """Read an answer that is no chat completion: another service's, or one cut short."""
    check = f"check the address in {endpoint.origin}: it usually ends in /v1"
    if is_json:
        return Failure(
            reason="answered JSON that is no chat completion",
            advice=check,
            retryable=True,
            billable=True,
            bears=MOST_PAGES,
        )
    if "json" in content_type or "event-stream" in content_type:
        return Failure(
            reason="the answer broke off",
            advice="check the server and the connection",
            retryable=True,
            billable=True,
            bears=MOST_MANGLED,
        )
    kind = redacted(content_type.partition(";")[0], endpoint.api_key) or "a page without type"
    return Failure(
        reason=f"answered {kind}, not JSON",
        advice=f"{check}; a proxy or the sign-in page of this network may stand between",
        retryable=True,
        bears=MOST_PAGES,
    )


def of_giant(limit: int) -> Failure:
    """Describe an answer that went on beyond what is read."""
    return Failure(
        reason=f"answered more than {limit / 1_000_000:g} MB",
        advice="no model answers so much: check the server, or try another",
        retryable=True,
        billable=True,
        bears=1,
    )


def of_encoding(encoding: str, endpoint: Endpoint) -> Failure:
    """Describe an answer in a compression that was not asked for."""
    kind = redacted(encoding, endpoint.api_key)
    return Failure(
        reason=f"answered in the encoding {kind!r}",
        advice="a proxy between may compress wrongly: try without it",
        retryable=True,
        billable=True,
        bears=1,
    )


def of_connection(error: BaseException, endpoint: Endpoint, timeout_s: float) -> Failure:
    """Read a connection that could not be made, or was lost, or said nothing for so long."""
    import aiohttp

    causes = tuple(_causes(error))
    check = f"start the server or check the address in {endpoint.origin}"

    def is_any(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if is_any(ssl.SSLCertVerificationError):
        return Failure(reason="its certificate is not trusted", advice=check, retryable=False)
    if is_any(ConnectionRefusedError):
        return Failure(reason="connection refused", advice=check, retryable=True, unreachable=True)
    if is_any(aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        return Failure(reason="not reachable", advice=check, retryable=True, unreachable=True)
    if is_any(aiohttp.SocketTimeoutError):
        return of_timeout(timeout_s)
    if any(type(cause).__name__ == "UnsupportedProtocol" for cause in causes):
        return Failure(reason="is no http address", advice=check, retryable=False)
    return Failure(
        reason="connection dropped",
        advice="check the server and the connection",
        retryable=True,
        billable=True,
    )


def of_timeout(timeout_s: float) -> Failure:
    """Describe an attempt that took too long."""
    return Failure(
        reason=f"no answer within {timeout_s:.3g} s",
        advice="the server may be overloaded: try later or another model",
        retryable=True,
        billable=True,
        slow=True,
    )


def of_dead_worker() -> Failure:
    """Describe an attempt whose answer was lost with the worker of a cluster that carried it."""
    return Failure(
        reason="the worker that carried the request died",
        advice="look at the cluster with ray status, then try again",
        retryable=True,
        billable=True,
    )


def of_no_worker() -> Failure:
    """Describe an attempt that was not sent, since a cluster had no worker to carry it."""
    return Failure(
        reason="no worker of the cluster is there to carry the request",
        advice="look at the cluster with ray status, then try again",
        retryable=True,
    )


def of_worker_settings(host: str, problem: str) -> Failure:
    """Describe an attempt that a worker of a cluster did not send, for want of its settings."""
    return Failure(
        reason=f"the worker on {host}: {plain(problem)}",
        advice="give every node of the cluster the same endpoints, and keys of its own",
        retryable=False,
    )


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return how long the server asks to wait, given as milliseconds, seconds or a date."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        return seconds if 0 <= seconds < float("inf") else None
    try:
        date = parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, (date - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _advice(status: int, endpoint: Endpoint) -> str:
    match status:
        case 401:
            return f"check the key in {endpoint.key_origin}"
        case 403:
            return f"the key in {endpoint.key_origin} may not use this model"
        case 404:
            return f"check the model's name, and the address in {endpoint.origin}"
        case 429:
            return "the rate limit holds: try later or run fewer sessions at once"
        case _ if _REDIRECT <= status < _BAD_REQUEST:
            # Not followed: prompts go to the host that the transcript names, and to no other.
            return f"it has moved: give its new address in {endpoint.origin}"
        case _ if status >= _SERVER_ERROR:
            return "the server is at fault: try later or another model"
        case _:
            return "the server does not take this request: try another model"


def _error_body(text: str) -> ErrorBody:
    try:
        return _ErrorPage.model_validate_json(text).error
    except ValidationError:
        # Some servers give {"error": "..."} or {"detail": [...]}: their text is quoted whole.
        is_json = text.lstrip().startswith("{")
        return ErrorBody(message=text if is_json else None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
            yield from _causes(member)  # pyright: ignore[reportUnknownArgumentType]
    cause = error.__cause__ or error.__context__
    if cause is not None:
        yield from _causes(cause)
