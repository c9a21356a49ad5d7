"""Plays scripted sessions for whoever asks it to, in a process of its own that dies with them."""

from __future__ import annotations

import os
import pickle
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread
from time import perf_counter
from typing import IO

from delegates.evaluation.planning.design import Design
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.scripted_session import (
    Line,
    interruptible,
    scripted_session,
    written,
)

FLUSH_S = 0.05
"""How long sessions are collected before they are told."""

_LENGTH = struct.Struct("!Q")


@dataclass(frozen=True)
class Work:
    """What a worker is told before its first sessions."""

    design: Design
    folder: Folder


@dataclass(frozen=True)
class Asked:
    """Sessions that a worker is to play, by number."""

    numbers: Sequence[int]


@dataclass(frozen=True)
class Told:
    """What a worker tells: that it is ready, or some sessions that ended, in the order given."""

    lines: Sequence[Line] = ()
    seconds: float = 0.0
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """What they left beside, by its name in the evaluation's folder; empty of whoever can write
    there."""


def send(pipe: IO[bytes], message: object) -> None:
    """Send a message whole."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> object:
    """Return the next message.

    Raises:
        EOFError: If the other end is closed, be it in the middle of a message.
    """
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    length = _LENGTH.unpack(head)[0]
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    # Both ends are this program.
    return pickle.loads(content)  # noqa: S301


def serve() -> None:
    """Play whatever sessions are asked for on standard input until it is closed.

    It ends at once and in silence when nobody is there any more to ask or to be told: whoever
    started it was killed, and has no use for a traceback at their prompt.
    """
    try:
        _serve()
    except BrokenPipeError:
        os._exit(0)


def _serve() -> None:
    # What a library prints must not come between the messages.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    inbox: SimpleQueue[object] = SimpleQueue()
    Thread(target=_listen, args=(sys.stdin.buffer, inbox), daemon=True).start()
    work = inbox.get()
    if not isinstance(work, Work):
        raise TypeError(f"{work!r}: expected what is evaluated")
    send(out, Told())
    with interruptible(work.design):
        while True:
            asked = inbox.get()
            if not isinstance(asked, Asked):
                raise TypeError(f"{asked!r}: expected the numbers of sessions")
            _play(work, asked.numbers, out)


def _listen(pipe: IO[bytes], inbox: SimpleQueue[object]) -> None:
    """Pass on what is asked for; end at once when nobody is there to ask any more."""
    while True:
        try:
            inbox.put(receive(pipe))
        except (EOFError, OSError):
            os._exit(0)


def _play(work: Work, numbers: Sequence[int], out: IO[bytes]) -> None:
    for told in told_of(work, numbers):
        send(out, told)


def told_of(work: Work, numbers: Iterable[int]) -> Iterator[Told]:
    """Yield how sessions end, those of a short while together, in the order given."""
    lines: list[Line] = []
    began = perf_counter()
    for number in numbers:
        row = work.design.row(number)
        lines.append(written(scripted_session(work.design, row, work.folder)))
        now = perf_counter()
        if now - began >= FLUSH_S:
            yield Told(lines, now - began)
            lines, began = [], now
    if lines:
        yield Told(lines, perf_counter() - began)
