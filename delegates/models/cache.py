"""Replies kept from earlier sessions, used again where the very same question comes up.

Only where the user asks for it (`--cache`, or `cache = true` in the config file). The file holds
replies and digests of questions, never a question or a key; deleting it clears the cache.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, FiniteFloat, NonNegativeInt, ValidationError

from delegates.models.chat import Ask, Reply, Usage
from games.files.folders import make_folder
from games.files.writing import privately

CACHE_VERSION = 1
"""The format of the questions' digests and of the replies kept; no other version's are used."""

_log = logging.getLogger("minilateral.models")

_FINISHED = frozenset({"stop", "tool_calls", "function_call", "eos", "end_turn", "stop_sequence"})
"""What models say they stopped for when they had said all they wanted."""

_PATIENCE_S = 2.0
"""How long another process may be writing before a reply is done without."""


def cache_path(home: Path) -> Path:
    """Return where the cache of a home folder lies."""
    return home / "cache" / "replies.sqlite"


def question_key(served_by: str, request: Mapping[str, object], ask: Ask) -> str:
    """Return the digest of a question: equal only if everything that a reply depends on is.

    Args:
        served_by: The endpoint's whole address, or the identity of the embedded model's weights.
        request: The request as it would be sent: model, messages, and how the server wants it.
        ask: What is asked for, with what the server may not take.
    """
    facts = {
        "version": CACHE_VERSION,
        "served_by": served_by,
        "request": request,
        "ask": asdict(ask),
    }
    # The order of a schema's keys is the order in which a model writes them: it is kept.
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def is_worth_keeping(ask: Ask, reply: Reply) -> bool:
    """Whether a reply may be used again: it says something, and all that was to be said.

    Of a choice by letter only the first token is read, so that what is cut off does not matter.
    """
    by_letter = ask.top_logprobs is not None and reply.finish == "length"
    return bool(reply.text.strip()) and (reply.finish in _FINISHED or by_letter)


class _Kept(BaseModel):
    """A reply as it lies in the file."""

    model_config = ConfigDict(extra="forbid")

    text: str
    finish: str
    input: NonNegativeInt
    output: NonNegativeInt
    cached: NonNegativeInt
    reasoning: NonNegativeInt
    estimated: bool
    model: str
    logprobs: tuple[tuple[str, FiniteFloat], ...]
    sent_as: str


class ReplyCache:
    """A file of replies that several processes may use at once; a fault in it is never fatal."""

    def __init__(self, path: Path) -> None:
        """Open the file, which is made if it is missing.

        Raises:
            OSError: If it cannot be opened.
            sqlite3.Error: If it is something else.
        """
        self.path = path
        self._lock = threading.Lock()
        self._file: sqlite3.Connection | None = _opened(path)

    def reply(self, key: str) -> Reply | None:
        """Return the reply kept under a question's digest, if there is one."""
        row = self._do("SELECT reply FROM replies WHERE key = ?", key)
        if row is None:
            return None
        try:
            kept = _Kept.model_validate_json(row)
        except ValidationError:
            return None
        return Reply(
            text=kept.text,
            finish=kept.finish,
            usage=Usage(
                input=kept.input,
                output=kept.output,
                cached=kept.cached,
                reasoning=kept.reasoning,
                estimated=kept.estimated,
            ),
            latency_s=0.0,
            model=kept.model,
            request_id=None,
            logprobs=kept.logprobs,
            sent_as=kept.sent_as,
        )

    def keep(self, key: str, reply: Reply) -> None:
        """Keep a reply under a question's digest; the first one kept stays."""
        used = reply.usage
        kept = _Kept(
            text=reply.text,
            finish=reply.finish,
            input=used.input,
            output=used.output,
            cached=used.cached,
            reasoning=used.reasoning,
            estimated=used.estimated,
            model=reply.model,
            logprobs=reply.logprobs,
            sent_as=reply.sent_as,
        )
        self._do("INSERT OR IGNORE INTO replies VALUES (?, ?)", key, kept.model_dump_json())

    def entries(self) -> int:
        """Return how many replies are kept."""
        return int(self._do("SELECT COUNT(*) FROM replies") or 0)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None

    def _do(self, statement: str, *values: str) -> str | None:
        with self._lock:
            if self._file is None:
                return None
            try:
                row = self._file.execute(statement, values).fetchone()
            except sqlite3.Error as error:
                _log.warning("%s; nothing is reused from here on", problem_line(self.path, error))
                self._file.close()
                self._file = None
                return None
            return None if row is None else str(row[0])


def open_cache(path: Path) -> ReplyCache | str:
    """Return the cache in a file, or in one line why there is none; sessions run without it."""
    try:
        return ReplyCache(path)
    except (OSError, sqlite3.Error) as error:
        return problem_line(path, error)


def problem_line(path: Path, error: Exception) -> str:
    """Return in one line what is wrong with a cache file and how to mend it."""
    said = error.strerror if isinstance(error, OSError) else str(error)
    return f"{path}: cannot be used as cache of replies ({said}); delete it to begin a new one"


@dataclass(frozen=True, kw_only=True)
class CacheFacts:
    """How large a cache is."""

    path: Path
    entries: int
    size_bytes: int


def cache_facts(path: Path) -> CacheFacts | str | None:
    """Return how large a cache is, in one line why it cannot be used, or None if there is none."""
    if not path.exists():
        return None
    cache = open_cache(path)
    if isinstance(cache, str):
        return cache
    try:
        entries = cache.entries()
    finally:
        cache.close()
    files = [path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))]
    size = sum(file.stat().st_size for file in files if file.exists())
    return CacheFacts(path=path, entries=entries, size_bytes=size)


def _opened(path: Path) -> sqlite3.Connection:
    make_folder(path.parent)
    # Replies hold a delegate's private reasoning: for the user's eyes alone.
    os.close(privately(str(path), os.O_RDWR | os.O_CREAT))
    # One connection serves every thread of a process; the lock lets in one at a time.
    file = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
    try:
        file.execute("PRAGMA journal_mode = WAL").fetchone()
        file.execute("PRAGMA synchronous = NORMAL")
        file.execute(
            "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT NOT NULL)"
            " WITHOUT ROWID"
        )
        file.execute("SELECT key, reply FROM replies LIMIT 1").fetchone()
    except BaseException:
        file.close()
        raise
    return file
