"""Lets the processes of one user share one server: a lock held by its owner, and its address."""

import http.client
import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from errno import ENOLCK
from pathlib import Path

from pydantic import BaseModel, ValidationError

from games.files.writing import clear_drafts_of, put_in_place
from transcripts.writers import Lock, take

_PROBE_TIMEOUT_S = 2.0
_PAUSE_S = 0.1


class Address(BaseModel):
    """Where a server listens, and the word it wants to hear."""

    base_url: str
    token: str


@dataclass(frozen=True, kw_only=True)
class Lease:
    """An address in use; while it is kept, so is the lock of the server's owner."""

    address: Address
    server: object | None
    """Keeps the server running; `None` where another process runs it."""
    lock: Lock | None = None


def join_or_start(
    folder: Path,
    key: str,
    start: Callable[[], tuple[Address, object]],
    *,
    patience_s: float = 120.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Lease:
    """Return the server that another process shares under `key`, or start one and share it.

    Args:
        folder: Where the lock and the address lie.
        key: What the server serves.
        start: Starts the server.
        patience_s: How long an owner may take to load before a server of our own is started.
        clock: Measures that patience.
        sleep: Waits for the owner.
    """
    note = folder / f"{key}.json"
    until = clock() + patience_s
    while True:
        try:
            lock = take(folder / f"{key}.lock")
        except OSError as error:
            if error.errno != ENOLCK:
                raise
            # Where nothing can be locked nobody knows who owns a server: each has its own.
            return _unshared(start)
        if lock is not None:
            return _started(start, note, lock)
        shared = _read(note)
        if shared is not None and is_alive(shared):
            return Lease(address=shared, server=None)
        if clock() >= until:
            return _unshared(start)
        sleep(_PAUSE_S)


def is_alive(address: Address) -> bool:
    """Whether the server still answers to its own token."""
    request = urllib.request.Request(  # noqa: S310 - always http on loopback
        f"{address.base_url}/models", headers={"Authorization": f"Bearer {address.token}"}
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=_PROBE_TIMEOUT_S) as answer:
            return answer.status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def _unshared(start: Callable[[], tuple[Address, object]]) -> Lease:
    address, server = start()
    return Lease(address=address, server=server)


def _started(start: Callable[[], tuple[Address, object]], note: Path, lock: Lock) -> Lease:
    try:
        address, server = start()
        _publish(note, address)
    except BaseException:
        lock.release()
        raise
    return Lease(address=address, server=server, lock=lock)


def _publish(note: Path, address: Address) -> None:
    clear_drafts_of(note)
    put_in_place(note, json.dumps(address.model_dump()))


def _read(note: Path) -> Address | None:
    try:
        return Address.model_validate_json(note.read_bytes())
    except (OSError, ValidationError):
        return None
