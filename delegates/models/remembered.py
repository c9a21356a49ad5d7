"""What is known of how models want to be asked: shared in this process, kept between runs.

`dialects.json` in the home folder holds one entry a model and endpoint host. Nothing is asked of a
server to fill it: whatever a real turn taught is kept once a reply has shown that it works. An
entry is forgotten `KEPT_DAYS` after its first lesson, so that a server which has learnt more since
is asked in the best way again. Keys and addresses beyond the host never enter it.
"""

import json
import logging
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from delegates.models.dialect import DROPPABLE, REASONING_ROOM, Dialect, Limit, Put
from games.files.folders import make_folder
from games.files.writing import clear_drafts_of, put_in_place
from transcripts.writers import take

FILE_NAME = "dialects.json"
"""The file's name inside the home folder."""

KEPT_DAYS = 30
"""How long a lesson is believed."""

_FORMAT = 1
_LONGEST_FILE = 4_000_000
_LOCK_PATIENCE_S = 1.0

_log = logging.getLogger("minilateral.models")


@dataclass(frozen=True, order=True)
class ModelAt:
    """A model of one server."""

    host: str
    model: str


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """A dialect, and the day on which its first lesson was learnt."""

    dialect: Dialect
    since: date


class Dialects:
    """The dialects that this process knows; safe to use from several threads."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        """Begin with what the file holds.

        Args:
            path: Where they are kept; `None` keeps them in this process only.
            today: Tells the date, by which entries grow old.
        """
        self._path = path
        self._today = today
        self._lock = threading.Lock()
        self._tried: dict[ModelAt, Dialect] = {}
        self._proven: dict[ModelAt, Learnt] = {}
        self.reload()

    def of(self, model: ModelAt) -> Dialect:
        """Return how a model is to be asked, as far as is known."""
        known, tried = self._proven.get(model), self._tried.get(model)
        held = known.dialect if known else Dialect()
        # A reply may have taught more than it was asked with: both count.
        return held if tried is None else held.joined(tried)

    def proven(self) -> Mapping[ModelAt, Learnt]:
        """Return what replies have shown to work, by model."""
        with self._lock:
            return dict(sorted(self._proven.items()))

    def reload(self) -> None:
        """Take in what other processes have learnt, and forget what is too old."""
        with self._lock:
            self._proven = _joined(self._fresh(self._proven), self._fresh(_read(self._path)))

    def try_out(self, model: ModelAt, dialect: Dialect) -> None:
        """Ask a model in another way from now on; it is kept once `prove` says that it works."""
        with self._lock:
            self._tried[model] = self.of(model).joined(dialect)

    def withdraw(self, model: ModelAt) -> None:
        """Drop what was tried out and has not helped."""
        with self._lock:
            self._tried.pop(model, None)

    def prove(self, model: ModelAt, dialect: Dialect) -> None:
        """Hear that a model answered when asked in a dialect, and keep that if it is news."""
        known = self._proven.get(model)
        if (known.dialect if known else Dialect()) == dialect:
            return
        with self._lock:
            held = self._fresh(self._proven)
            news = {model: Learnt(dialect=dialect, since=self._today())}
            self._proven = _joined(held, news)
            if self.of(model) == self._proven[model].dialect:
                self._tried.pop(model, None)
            if self._proven != held:
                self._save()

    def _fresh(self, entries: Mapping[ModelAt, Learnt]) -> dict[ModelAt, Learnt]:
        # A lesson from tomorrow was learnt while the clock was wrong: nobody knows its age.
        oldest, today = timedelta(days=KEPT_DAYS), self._today()
        return {m: one for m, one in entries.items() if timedelta() <= today - one.since < oldest}

    def _save(self) -> None:
        if self._path is None:
            return
        try:
            make_folder(self._path.parent)
            with _alone(self._path):
                if _is_foreign(self._path):
                    return
                clear_drafts_of(self._path)
                _replace(self._path, _joined(self._fresh(_read(self._path)), self._proven))
        except OSError as error:
            _log.warning("%s: cannot be written (%s)", self._path, error.strerror)


@cache
def dialects_at(home: Path) -> Dialects:
    """Return the dialects kept in a home folder, shared by all who ask in this process."""
    return Dialects(home / FILE_NAME)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore")

    host: str
    model: str
    since: date
    schema_as: Put = "strict"
    limit: Limit = "max_tokens"
    dropped: list[str] = []
    wants_n: bool = False
    folds_system: bool = False
    reasons: bool = False
    room: int = Field(default=REASONING_ROOM, ge=0, le=REASONING_ROOM)
    is_whole: bool = False

    def read(self) -> tuple[ModelAt, Learnt]:
        dialect = Dialect(
            schema=self.schema_as,
            limit=self.limit,
            dropped=frozenset(name for name in DROPPABLE if name in self.dropped),
            wants_n=self.wants_n,
            folds_system=self.folds_system,
            reasons=self.reasons,
            room=self.room,
            is_whole=self.is_whole,
        )
        return ModelAt(self.host, self.model), Learnt(dialect=dialect, since=self.since)


class _File(BaseModel):
    format: Literal[1]
    dialects: list[Any] = []


def _joined(
    one: Mapping[ModelAt, Learnt], other: Mapping[ModelAt, Learnt]
) -> dict[ModelAt, Learnt]:
    joined = dict(one)
    for model, learnt in other.items():
        known = joined.get(model, learnt)
        joined[model] = Learnt(
            dialect=known.dialect.joined(learnt.dialect), since=min(known.since, learnt.since)
        )
    return joined


def _read(path: Path | None) -> dict[ModelAt, Learnt]:
    """Return the entries of a file that can be used; nothing in it can break a session."""
    found: dict[ModelAt, Learnt] = {}
    for entry in _entries(path):
        try:
            model, learnt = _Entry.model_validate(entry).read()
        except ValidationError:
            continue
        found = _joined(found, {model: learnt})
    return found


def _entries(path: Path | None) -> list[Any]:
    text = _text(path)
    if text is None:
        return []
    try:
        return _File.model_validate_json(text).dialects
    except ValidationError:
        return []


def _is_foreign(path: Path) -> bool:
    """Whether the file is whole, but of a format that another version wrote."""
    try:
        _File.model_validate_json(_text(path) or b"")
    except ValidationError as error:
        return any(p["loc"] == ("format",) and p["type"] == "literal_error" for p in error.errors())
    return False


def _text(path: Path | None) -> bytes | None:
    try:
        if path is None or path.stat().st_size > _LONGEST_FILE:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _replace(path: Path, entries: Mapping[ModelAt, Learnt]) -> None:
    body = {"format": _FORMAT, "dialects": [_written(m, one) for m, one in sorted(entries.items())]}
    text = json.dumps(body, indent=1) + "\n"
    put_in_place(path, text)


def _written(model: ModelAt, learnt: Learnt) -> dict[str, Any]:
    dialect = learnt.dialect
    facts = {
        "schema_as": dialect.schema,
        "limit": dialect.limit,
        "dropped": sorted(dialect.dropped),
        "wants_n": dialect.wants_n,
        "folds_system": dialect.folds_system,
        "reasons": dialect.reasons,
        "room": dialect.room,
        "is_whole": dialect.is_whole,
    }
    return {
        "host": model.host,
        "model": model.model,
        "since": learnt.since.isoformat(),
        **{k: v for k, v in facts.items() if v != _Entry.model_fields[k].default},
    }


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """Keep other processes from writing meanwhile, unless one of them hangs."""
    lock = None
    # What one of two writes may be lost without a lock, and is learnt again then.
    with suppress(OSError):
        lock = take(path.with_suffix(".lock"), patience_s=_LOCK_PATIENCE_S)
    try:
        yield
    finally:
        if lock is not None:
            lock.release()
