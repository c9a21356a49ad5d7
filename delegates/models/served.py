"""Which models a server on this machine offers, asked without a key and within a moment."""

import http.client
import socket
import time
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from games.errors import plain

MOST_SHOWN = 200
"""The longest name, in characters, that is taken for one of a model."""

_MOST_BYTES = 1_000_000
_PATIENCE_S = 0.5


class _Model(BaseModel):
    id: str


class _Listing(BaseModel):
    data: list[Any]


def listens(base_url: str, timeout_s: float = _PATIENCE_S) -> bool:
    """Return whether a server takes connections."""
    parts = urlsplit(base_url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout_s):
            return True
    except OSError:
        return False


def models_at(base_url: str, timeout_s: float = _PATIENCE_S) -> tuple[str, ...]:
    """Return the names of the models that a server lists; none if it lists none in time."""
    # No proxy of the environment, which cannot reach this machine's own servers.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere)
    request = urllib.request.Request(f"{base_url}/models")  # noqa: S310 - http by the settings
    try:
        with direct.open(request, timeout=timeout_s) as answer:
            return _names(_read(answer, time.monotonic() + timeout_s))
    except (OSError, http.client.HTTPException, ValueError):
        return ()


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nobody: only this machine is asked."""


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    body = b""
    while time.monotonic() < until and len(body) <= _MOST_BYTES:
        piece = answer.read1(65536)
        if not piece:
            return body
        body += piece
    return b""


def _names(body: bytes) -> tuple[str, ...]:
    try:
        listed = _Listing.model_validate_json(body).data
    except ValidationError:
        return ()
    names: list[str] = []
    for entry in listed:
        try:
            name = _Model.model_validate(entry).id
        except ValidationError:
            continue
        if 0 < len(name) <= MOST_SHOWN and plain(name) == name:
            names.append(name)
    return tuple(names)
