"""Every way in which the command line lets something out, and what each may hold.

`test_every_way_out` holds the list against the verbs' own options, so that a new verb, a new
option or a new form cannot be forgotten, and looks for canaries in whatever comes out.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from tui.cli.verbs import VERBS

Holds = Literal["public", "results", "all"]
"""`public`: nothing of another seat's; `results`: what a finished session came to for everybody,
but no papers; `all`: whatever the session or the scenario holds. Keys are in none of them."""


@dataclass(frozen=True)
class Way:
    """A verb with options, what it reads, and what may come out."""

    holds: Holds
    verb: str
    reads: Literal["session", "scenario", "nothing", "plan"]
    options: tuple[str, ...] = ()
    writes: str = ""
    """The name of a file that is given last."""

    @property
    def name(self) -> str:
        """How a test calls it."""
        return " ".join((self.verb, *self.options, *filter(None, (self.writes,))))


def _ways() -> Iterator[Way]:
    yield Way("public", "scenarios", "nothing")
    yield Way("public", "doctor", "nothing")
    yield from (Way("all", "check", "scenario", more) for more in ((), ("--json",)))
    yield Way("public", "check", "nothing", ("--schema",))
    yield from (Way("all", "analyze", "scenario", more) for more in ((), ("--json",)))
    for form in ("text", "md", "html"):
        if form != "text":
            public = ("--format", form, "--public-only", "--out", f"all.{form}")
            yield Way("public", "analyze", "scenario", public)
            yield Way("results", "analyze", "scenario", ("--format", form))
            yield Way("all", "analyze", "scenario", ("--format", form, "--with-private"))
        else:
            yield Way("all", "analyze", "scenario", ("--format", form))
    play = ("--seat", "USA=llm:m", "--seat", "COD=llm:m+llm:m", "--seed", "1")
    yield Way("public", "run", "scenario", (*play, "--plain", "--verbose", "--as", "USA"))
    yield Way("results", "run", "scenario", (*play, "--plain"))
    yield Way("results", "run", "scenario", (*play, "--json", "--out", "r.jsonl"))
    yield Way("public", "run", "scenario", (*play, "--dry-run", "--json"))
    yield Way("results", "resume", "session", ("--plain", "--verbose"))
    yield Way("results", "resume", "session", ("--json",))
    yield Way("results", "resume", "session", ("--json", "--from-last-sound"))
    yield Way("public", "fork", "session", ("--at", "2", "--out", "f.jsonl"))
    for more in ((), ("--prompts",), ("--move", "1", "--prompts")):
        yield Way("public", "replay", "session", ("--plain", "--verbose", "--as", "USA", *more))
        yield Way("all" if more else "results", "replay", "session", ("--plain", *more))
    yield Way("results", "review", "session", ("--as", "USA", "--plain"))
    for form in ("md", "html", "json"):
        yield Way("results", "review", "session", ("--as", "USA", "--format", form))
    for form in ("text", "md", "html", "json"):
        yield Way("results", "debrief", "session", ("--plain", "--stopped", "--format", form))
    yield Way("results", "debrief", "session", ("--out", "sides.html"))
    yield from (Way("public", "verify", "session", more) for more in ((), ("--json",)))
    for more in ((), ("--json",)):
        yield Way("results", "solve", "nothing", ("game.nfg", *more))
    for table in ("sessions", "seats", "moves"):
        for ending in ("csv", "parquet"):
            yield Way("results", "convert", "session", ("--table", table), f"{table}.{ending}")
    yield from (
        Way("results", "convert", "session", ("--format", form), "tables/")
        for form in ("csv", "parquet")
    )
    yield Way("results", "convert", "scenario", ("--matrix", "compliance"), "out.nfg")
    yield Way("all", "convert", "scenario", (), "domain.xml")
    yield Way("results", "evaluate", "plan", ("--plain", "--verbose", "--out", "batch"))
    yield Way("results", "evaluate", "plan", ("--json",))
    yield Way("public", "evaluate", "plan", ("--dry-run",))


WAYS = tuple(_ways())

ELSEWHERE = {
    "host": "tests/tui/hosting/test_secrecy.py",
    "play": "tests/tui/table/test_secrecy.py",
    "serve": "tests/tui/serving/test_server.py",
}
"""Verbs that draw screens, and what looks for canaries there."""

INERT = frozenset(
    {
        *("seat", "seed", "model", "gguf", "max_cost", "max_tokens", "max_time", "retry_budget"),
        *("cache", "shock", "port", "alias", "workers", "ray", "extend", "at", "party"),
        *("sample", "power", "basins", "sensitivity", "spread", "budget", "scaling", "accuracy"),
        *("scenario", "game", "transcript", "transcripts", "files", "plan", "room"),
    }
)
"""What shapes no output but by what is played or reckoned; `--accuracy` adds figures of results."""

FILES_OF_KEYS = frozenset({"invitations"})
"""What writes keys to seats into a file of the user's own: tested with the doors."""


def shaping(verb: str) -> Iterator[tuple[str, str | None]]:
    """Yield every option of a verb that shapes what comes out, with each value it can have."""
    for given in inspect.signature(VERBS[verb].load(), eval_str=True).parameters.values():
        if given.name in INERT | FILES_OF_KEYS:
            continue
        for value in _values(given.annotation):
            yield _flag(given.name, given.annotation), value


def _flag(name: str, annotation: Any) -> str:
    for told in get_args(annotation):
        # Typer keeps the first name that stands in an annotation as if it were the default.
        for flag in (getattr(told, "default", None), *(getattr(told, "param_decls", None) or ())):
            if isinstance(flag, str) and flag.startswith("--"):
                return flag
    return f"--{name.replace('_', '-')}"


def _values(annotation: Any) -> list[str | None]:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    kinds = [annotation]
    if get_origin(annotation) is Union or type(annotation).__name__ == "UnionType":
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    found: list[str | None] = []
    for kind in kinds:
        if get_origin(kind) is Literal:
            found += map(str, get_args(kind))
        elif isinstance(kind, type) and issubclass(kind, Enum):
            found += [str(one.value) for one in kind]
    return found or [None]
