"""A small OpenAI-compatible server on loopback, for tests and benchmarks.

    def answer(request):
        return "hello"

    with OpenAIStub(answer) as stub:
        ...  # ask stub.url
        assert stub.count == 1

The function gets the request's JSON and returns the reply's text, `Said` for more detail, or a
`Fault` (see the functions below).
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any, Self

JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Said:
    """A reply with details of its own."""

    text: str | list[dict[str, Any]] | None
    """What is said; a list gives it in parts, as some servers do."""
    finish: str = "stop"
    refusal: str | None = None
    usage: tuple[int, int, int] | None = (10, 5, 0)
    """Prompt, completion and cached tokens; `None` leaves usage out."""
    logprobs: tuple[tuple[str, float], ...] = ()
    """Candidates for the first token; sent only where the request asks."""
    latency_s: float = 0.0
    arguments: str | None = None
    """Of a call of the function that the request names."""
    thoughts: str | None = None
    """Private reasoning that comes along beside what is said."""
    thought_tokens: int | None = None
    """How many of the completion tokens were reasoning."""
    pieces: tuple[str, ...] | None = None
    """In which pieces the text comes where a stream is asked for; by default word by word."""
    hold: threading.Event | None = None
    """What a stream waits for after its first piece."""
    broken_after: int | None = None
    """After how many events a stream breaks off."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A reply that is not what was asked for."""

    status: int = 200
    body: str = ""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    cut: bool = False
    """Whether the connection ends in the middle of the body."""
    dropped: bool = False
    """Whether the connection ends before any answer."""
    raw: bytes | None = None
    """Everything that is sent, status line and headers included, before the connection ends."""
    endless: bytes = b""
    """What is sent again and again after the body, until the client hangs up."""
    drip_s: float = 0.0
    """How long until each next byte of the body."""
    latency_s: float = 0.0


Answer = Callable[[dict[str, Any]], "str | Said | Fault"]


def error(status: int, message: str, **details: object) -> Fault:
    """An HTTP error with OpenAI's error object."""
    return Fault(status=status, body=json.dumps({"error": {"message": message, **details}}))


def unauthorized(echo: str = "") -> Fault:
    """A refused key, which the body may echo."""
    return error(401, f"Incorrect API key provided: {echo}", code="invalid_api_key")


def too_many(retry_after: str | None = None, code: str = "rate_limit_exceeded") -> Fault:
    """A rate limit, with or without `Retry-After`."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Fault(
        status=429,
        body=json.dumps({"error": {"message": "Rate limit reached", "code": code}}),
        headers=headers,
    )


def server_error(status: int = 500) -> Fault:
    """A fault of the server."""
    return error(status, "The server had an error")


def dropped() -> Fault:
    """A connection closed without an answer."""
    return Fault(dropped=True)


def web_page() -> Fault:
    """A web page where JSON was expected."""
    return Fault(body="<html>Sign in to the hotel's network</html>", content_type="text/html")


def half_body() -> Fault:
    """An answer cut off in its middle."""
    return Fault(body=json.dumps(completion({}, Said(text="half of it"))), cut=True)


def half_chunked() -> Fault:
    """An answer in chunks of which the last never come."""
    body = json.dumps(completion({}, Said(text="half of it"))).encode()[:40]
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    return Fault(raw=head + f"{len(body):x}\r\n".encode() + body + b"\r\n")


def endless_body() -> Fault:
    """An answer that never ends."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    return Fault(raw=head, endless=b" " * 65536)


def dripping(pause_s: float) -> Fault:
    """A good answer that comes byte by byte."""
    return Fault(body=json.dumps(completion({}, Said(text="slow"))), drip_s=pause_s)


def streamed(*pieces: str, whole: bool = True) -> Fault:
    """An event stream, though none was asked for."""
    chunks = [
        {"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"content": piece}}]}
        for piece in pieces
    ]
    end: dict[str, Any] = {
        "id": "c",
        "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }
    events = [json.dumps(chunk) for chunk in [*chunks, *([end] if whole else [])]]
    lines = [f"data: {event}\n\n" for event in [*events, *(["[DONE]"] if whole else [])]]
    body = ": keep-alive\n\n" + "".join(lines)
    return Fault(body=body, content_type="text/event-stream; charset=utf-8")


def refusing(parameter: str, answer: Answer, message: str | None = None) -> Answer:
    """Wrap `answer` so that requests with `parameter` are refused with a 400 that names it."""
    text = message or f"Unsupported parameter: '{parameter}' is not supported with this model."

    def wrapped(request: dict[str, Any]) -> str | Said | Fault:
        if parameter in request:
            return error(400, text, param=None if message else parameter, code="unsupported")
        return answer(request)

    return wrapped


def in_turn(answers: Iterable[str | Said | Fault]) -> Answer:
    """Give the answers one after the other."""
    left = iter(answers)
    lock = threading.Lock()

    def answer(_: dict[str, Any]) -> str | Said | Fault:
        with lock:
            return next(left)

    return answer


def completion(request: dict[str, Any], said: Said) -> dict[str, Any]:
    """The JSON of a chat completion."""
    message: dict[str, Any] = {"role": "assistant", "content": said.text, "refusal": said.refusal}
    if said.arguments is not None:
        name = request.get("tool_choice", {}).get("function", {}).get("name", "unasked")
        call = {"name": name, "arguments": said.arguments}
        message["tool_calls"] = [{"id": "call-1", "type": "function", "function": call}]
    if said.thoughts is not None:
        message["reasoning_content"] = said.thoughts
    choice: dict[str, Any] = {"index": 0, "message": message, "finish_reason": said.finish}
    if request.get("logprobs"):
        top = [{"token": token, "logprob": value} for token, value in said.logprobs]
        choice["logprobs"] = {"content": [{**first, "top_logprobs": top} for first in top[:1]]}
    body: dict[str, Any] = {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 0,
        "model": request.get("model", "stub"),
        "choices": [choice],
    }
    if said.usage is not None:
        prompt, output, cached = said.usage
        body["usage"] = {
            "prompt_tokens": prompt,
            "completion_tokens": output,
            "total_tokens": prompt + output,
            "prompt_tokens_details": {"cached_tokens": cached},
        }
        if said.thought_tokens is not None:
            details = {"reasoning_tokens": said.thought_tokens}
            body["usage"]["completion_tokens_details"] = details
    return body


def chunks(request: dict[str, Any], said: Said) -> list[str]:
    """The events of a streamed completion; the last but one counts, where the request asks."""
    whole = completion(request, said)
    message, choice = whole["choices"][0]["message"], whole["choices"][0]
    about = {"id": whole["id"], "model": whole["model"], "object": "chat.completion.chunk"}
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    if "reasoning_content" in message:
        deltas.append({"reasoning_content": message["reasoning_content"]})
    for piece in pieces_of(said):
        if said.arguments is None:
            deltas.append({"content": piece})
        else:
            deltas.append({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
    found = [{**about, "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    if "logprobs" in choice:
        found[1]["choices"][0]["logprobs"] = choice["logprobs"]
    end = {"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}
    found.append({**about, "choices": [end]})
    if "usage" in whole and request.get("stream_options", {}).get("include_usage"):
        found.append({**about, "choices": [], "usage": whole["usage"]})
    return [*(json.dumps(one) for one in found), "[DONE]"]


def pieces_of(said: Said) -> list[str]:
    """The pieces in which a text is streamed."""
    text = said.arguments if said.arguments is not None else said.text
    return list(said.pieces) if said.pieces is not None else re.findall(r"\s*\S+", str(text))


class OpenAIStub:
    """The server; a context manager."""

    def __init__(
        self,
        answer: Answer,
        *,
        latency_s: float = 0.0,
        slots: int | None = None,
        models: tuple[str, ...] = ("stub",),
    ) -> None:
        """Serve on a free port once entered.

        Args:
            answer: Answers a request.
            latency_s: How long an answer takes.
            slots: How many requests are served at once; those beyond get a 429 at once.
            models: The models it lists.
        """
        self.answer = answer
        self.latency_s = latency_s
        self.slots = slots
        self.models = models
        self.refused = 0
        """Requests that found no slot."""
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        """The Authorization header of each request."""
        self.flying = 0
        self.peak = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/v1"

    @property
    def count(self) -> int:
        return len(self.requests)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: clients that hang up are part of the tests."""


def _handler_of(stub: OpenAIStub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # With Nagle's algorithm on, each reply on a kept connection takes 40 ms more.
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            listed = [{"id": name, "object": "model"} for name in stub.models]
            self._send(Fault(body=json.dumps({"data": listed})))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            request = json.loads(self.rfile.read(length))
            if not _let_in(stub, request, self.headers.get("Authorization", "")):
                self._send(too_many())
                return
            try:
                said = self._answer(request)
            finally:
                with stub.lock:
                    stub.flying -= 1
            if isinstance(said, Fault):
                self._send(said)
            elif request.get("stream"):
                _send_stream(self, request, said, stub)
            else:
                self._send(Fault(body=json.dumps(completion(request, said))))

        def _answer(self, request: dict[str, Any]) -> Said | Fault:
            began = time.monotonic()
            answer = stub.answer(request)
            said = Said(text=answer) if isinstance(answer, str) else answer
            taken = time.monotonic() - began
            stub.closing.wait(max(0.0, stub.latency_s + said.latency_s - taken))
            return said

        def _send(self, fault: Fault) -> None:
            if fault.dropped or fault.raw is not None:
                self.close_connection = True
                self.wfile.write(fault.raw or b"")
                _send_on(self.wfile, fault.endless, stub.closing)
                return
            body = fault.body.encode("utf-8", "surrogatepass")
            self.send_response(fault.status)
            headers = {
                "Content-Type": fault.content_type,
                "Content-Length": str(len(body)),
                "x-request-id": f"req-{stub.count}",
                **fault.headers,
            }
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            _drip(self.wfile, body[: len(body) // 2] if fault.cut else body, fault.drip_s, stub)
            self.wfile.flush()
            self.close_connection = self.close_connection or fault.cut

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Keep quiet."""

    return Handler


def _let_in(stub: OpenAIStub, request: dict[str, Any], key: str) -> bool:
    """Count a request and return whether it finds a slot."""
    with stub.lock:
        stub.requests.append(request)
        stub.keys.append(key)
        full = stub.slots is not None and stub.flying >= stub.slots
        stub.refused += full
        stub.flying += not full
        stub.peak = max(stub.peak, stub.flying)
    return not full


def _send_stream(
    handler: BaseHTTPRequestHandler, request: dict[str, Any], said: Said, stub: OpenAIStub
) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
    handler.send_header("x-request-id", f"req-{stub.count}")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for sent, event in enumerate(chunks(request, said)):
        if sent == said.broken_after:
            handler.close_connection = True
            return
        data = f"data: {event}\n\n".encode()
        handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        handler.wfile.flush()
        if sent == 1 and said.hold is not None:
            _wait_for(said.hold, stub.closing)
    handler.wfile.write(b"0\r\n\r\n")


def _wait_for(hold: threading.Event, closing: threading.Event) -> None:
    while not hold.wait(0.02) and not closing.is_set():
        pass


def _send_on(out: BufferedIOBase, endless: bytes, closing: threading.Event) -> None:
    while endless and not closing.is_set():
        out.write(endless)


def _drip(out: BufferedIOBase, body: bytes, pause_s: float, stub: OpenAIStub) -> None:
    if not pause_s:
        out.write(body)
        return
    for at in range(len(body)):
        out.write(body[at : at + 1])
        out.flush()
        if stub.closing.wait(pause_s):
            return
