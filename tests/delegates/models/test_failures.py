import ssl
from datetime import UTC, datetime

import aiohttp
import pytest
from pydantic import SecretStr

import delegates.models.failures as failures
from delegates.settings import Endpoint

CANARY = "canary-0123456789abcdef"
NOW = datetime(2026, 2, 4, 12, 0, 0, tzinfo=UTC)
ENDPOINT = Endpoint(
    name="a",
    base_url="https://a.example/v1",
    api_key=SecretStr(CANARY),
    host="a.example",
    origin="CONFIG",
    key_origin="A_KEY",
)


def of_status(status: int, body: str = "", **headers: str) -> failures.Failure:
    return failures.of_status(status, headers, body, ENDPOINT, NOW)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after": "Wed, 04 Feb 2026 12:00:09 GMT"}, 9.0),
        ({"retry-after": "Wed, 04 Feb 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1e400"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "Wed, 04 Feb 2026 12:00:09"}, None),
        ({"retry-after": "Mon, 01 Jan 99999999999999 00:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_the_wait_a_server_asks_for_is_read_in_every_form(
    headers: dict[str, str], expected: float | None
) -> None:
    assert failures.retry_after_s(headers, NOW) == expected


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 529])
def test_passing_troubles_are_tried_again(status: int) -> None:
    assert of_status(status).retryable


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (301, "moved"),
        (400, "another model"),
        (401, "A_KEY"),
        (403, "A_KEY"),
        (404, "CONFIG"),
        (413, "another"),
    ],
)
def test_lasting_troubles_are_not_and_say_what_to_do(status: int, advice: str) -> None:
    failure = of_status(status)
    assert not failure.retryable
    assert advice in failure.advice


def test_an_empty_account_is_not_asked_again() -> None:
    failure = of_status(429, '{"error": {"message": "no", "code": "insufficient_quota"}}')
    assert not failure.retryable
    assert "credit" in failure.advice


@pytest.mark.parametrize(
    "body",
    [
        f'{{"error": {{"message": "bad key {CANARY}"}}}}',
        f'{{"error": "bad key {CANARY}"}}',
        f'{{"detail": [{{"msg": "{CANARY}"}}]}}',
        f"<html>{CANARY}</html>",
        '{"error": {"message": "Incorrect API key provided: sk-abcd****wxyz."}}',
        '{"error": {"message": "header was Bearer abcdefghijkl"}}',
    ],
)
def test_no_key_survives_in_a_failure(body: str) -> None:
    for status in (400, 401, 500):
        seen = repr(of_status(status, body))
        assert CANARY not in seen
        assert "wxyz" not in seen
        assert "abcdefghijkl" not in seen


def test_what_a_server_says_is_one_short_harmless_line() -> None:
    said = failures.redacted(f"a\nb\x1b[31m\u202e{'x' * 500}", SecretStr("none"))
    assert said.startswith("a b [31m xxx")
    assert len(said) < 210


def test_an_error_inside_a_good_answer_keeps_its_status() -> None:
    body = failures.ErrorBody(message="slow down", code=429)
    failure = failures.of_error_answer(body, ENDPOINT, NOW)
    assert failure.retryable
    assert "HTTP 429 (slow down)" in failure.reason


@pytest.mark.parametrize(
    ("code", "billable"), [(500, True), (503, True), ("server_error", True), (429, False)]
)
def test_a_model_that_fails_in_the_middle_of_an_answer_may_be_billed(
    code: int | str, billable: bool
) -> None:
    body = failures.ErrorBody(message="failed under way", code=code)
    assert failures.of_error_answer(body, ENDPOINT, NOW).billable == billable


def test_an_answer_that_is_no_completion_is_told_from_one_cut_short() -> None:
    assert failures.of_page("application/json", ENDPOINT, is_json=False).retryable
    assert failures.of_page("application/json", ENDPOINT, is_json=False).billable
    page = failures.of_page("text/html; charset=utf-8", ENDPOINT, is_json=False)
    assert not page.billable
    assert page.bears == failures.MOST_PAGES
    assert "text/html, not JSON" in page.reason
    assert "/v1" in failures.of_page("", ENDPOINT, is_json=True).advice
    assert "a page without type" in failures.of_page("", ENDPOINT, is_json=False).reason


def caused_by(cause: BaseException) -> BaseException:
    outer = OSError("connection error")
    outer.__cause__ = cause
    return outer


def test_connection_troubles_are_told_apart_by_their_causes() -> None:
    refused = failures.of_connection(caused_by(ConnectionRefusedError()), ENDPOINT, 5)
    grouped = failures.of_connection(
        caused_by(ExceptionGroup("all", [ConnectionRefusedError()])), ENDPOINT, 5
    )
    untrusted = failures.of_connection(caused_by(ssl.SSLCertVerificationError()), ENDPOINT, 5)
    dropped = failures.of_connection(caused_by(ConnectionResetError()), ENDPOINT, 5)
    unanswered = failures.of_connection(
        caused_by(aiohttp.ConnectionTimeoutError("to host")), ENDPOINT, 5
    )
    silent = failures.of_connection(caused_by(aiohttp.SocketTimeoutError("reading")), ENDPOINT, 5)
    broken = failures.of_connection(caused_by(aiohttp.ServerDisconnectedError()), ENDPOINT, 5)
    assert refused.unreachable
    assert grouped.unreachable
    assert unanswered.unreachable
    assert not unanswered.billable
    assert (silent.reason, silent.slow) == ("no answer within 5 s", True)
    assert (broken.reason, broken.billable) == ("connection dropped", True)
    assert not untrusted.retryable
    assert dropped.retryable
    assert not dropped.unreachable
