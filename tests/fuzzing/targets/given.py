"""What is given to the program beside games: config, environment, seats; and what it keeps."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from delegates.models import remembered, served, sharing
from delegates.models.cache import _Kept, cache_facts, open_cache
from delegates.models.local import why_unavailable
from delegates.models.remembered import Dialects, ModelAt
from delegates.models.weights import require_gguf
from delegates.seating import require_playable
from delegates.seats import parse_seat
from delegates.settings import Settings, is_loopback, load_settings, resolve_endpoint
from games.errors import SeatError, SettingError
from tests.delegates.sessions import mini
from tests.fuzzing.changes import (
    by_tree,
    from_json,
    from_toml,
    of_kind,
    spelt,
    to_json,
    to_toml,
)
from tests.fuzzing.confinement import room
from tests.fuzzing.target import Target, refused, require_line, require_same

_CONFIG = """
model = "gpt-5-mini@work"
gguf = "models/x.gguf"
cache = true
trace = "langsmith"
[endpoints.work]
base_url = "https://a.example/v1"
api_key_env = "WORK_KEY"
[endpoints.home]
base_url = "http://127.0.0.1:11434/v1"
api_key = "sk-abc"
[prices."gpt-5-mini"]
input = 0.25
output = 2
cached = 0.025
per_call = 0.01
"""
_CONFIG_WORDS = (
    "model", "gguf", "cache", "trace", "langsmith", "endpoints", "prices", "base_url", "api_key",
    "api_key_env", "input", "output", "cached", "written", "per_call", "local", "none", "nan",
    "inf", "http://[::1]:99999/v1", "https://u:p@h/?q#f", "file:///etc/passwd",
)  # fmt: skip


@cache
def config_seeds() -> Sequence[bytes]:
    """Return config files."""
    return [_CONFIG.encode(), b'model = "local"\n', b'gguf = "~/x.gguf"\n']


@cache
def _home() -> Path:
    home = room() / "config"
    home.mkdir(exist_ok=True)
    return home


def _uses(settings: Settings) -> None:
    """Use settings as the program does that has read them."""
    settings.origins()
    for name, model in [*((name, "m") for name in settings.endpoints), (None, "m")]:
        with refused(SettingError):
            found = resolve_endpoint(settings, model, name)
            is_loopback(found.base_url)
    if settings.gguf.value is not None:
        with refused(SettingError):
            require_gguf(settings.gguf.value)
        require_line(why_unavailable("local", settings) or "-")


def reads_config(read: bytes) -> None:
    """Read a config file and use what it sets."""
    (_home() / "config.toml").write_bytes(read)
    with refused(SettingError):
        _uses(load_settings({"MINILATERAL_HOME": str(_home()), "WORK_KEY": "sk-x"}))


CONFIG = Target(
    name="config",
    reads=reads_config,
    seeds=config_seeds,
    change=by_tree(from_toml, to_toml, config_seeds, _CONFIG_WORDS),
    words=_CONFIG_WORDS,
)

_VARIABLES = (
    "MINILATERAL_HOME",
    "MINILATERAL_MODEL",
    "MINILATERAL_GGUF",
    "OPENAI_BASE_URL",
    "OPENAI_API_KEY",
    "WORK_KEY",
)


@cache
def environment_seeds() -> Sequence[bytes]:
    """Return environments: the values of the variables, each on a line of its own."""
    whole = ("", "gpt-5-mini@work", "/models/x.gguf", "https://a.example:8443/v1", "sk-abc", "sk-x")
    return ["\n".join(whole).encode(), b"~\nlocal\n~/x.gguf\nhttp://localhost/v1\n\n"]


def _environment(read: bytes) -> Mapping[str, str]:
    # As the operating system hands values over: without NUL, and decoded so that any bytes can be.
    lines = read.replace(b"\0", b"").decode("utf-8", "surrogateescape").split("\n")
    return dict(zip(_VARIABLES, lines, strict=False))


def reads_environment(read: bytes) -> None:
    """Read the environment, with a config file that names one of its variables."""
    (_home() / "config.toml").write_text(_CONFIG.partition("[prices")[0], encoding="utf-8")
    environ = dict(_environment(read))
    if not environ.get("MINILATERAL_HOME", "").strip():
        environ["MINILATERAL_HOME"] = str(_home())
    with refused(SettingError):
        _uses(load_settings(environ))


_ENVIRONMENT_WORDS = (
    "http://", "https://", "127.0.0.1", "[::1]", ":99999", "/v1", "@", "?", "#", "~", "~root",
    "~nobody-here", "local", "none", "localhost.", "%00",
)  # fmt: skip

ENVIRONMENT = Target(
    name="environment",
    reads=reads_environment,
    seeds=environment_seeds,
    change=spelt(environment_seeds, _ENVIRONMENT_WORDS),
    words=_ENVIRONMENT_WORDS,
)

_SEATS = (
    "boulware",
    "firm(demand=0.4)+llm:local",
    "menu:local-large",
    "llm:gpt-5-mini@work",
    "human(limit=90,stand-in=firm)",
    "human:gpt-5-mini",
    "http(limit=30)",
    "mcp",
    "negmas(agent=BoulwareTBNegotiator)",
    "llm(guard=enforce,effort=low):m+template",
    "llm:a+llm:b@c",
    "random-walker+template",
)
_SEAT_WORDS = (
    "firm", "boulware", "menu", "llm", "human", "http", "mcp", "negmas", "limit", "stand-in",
    "hints", "agent", "scale", "demand", "template", "local", "+llm", "+template", "@", ":", "(",
    ")", "=", ",", "none", "nan", "inf", "1e999", "negmas.sao", "os.system", "negmas.__import__",
)  # fmt: skip


@cache
def seat_seeds() -> Sequence[bytes]:
    """Return seat specifications."""
    return [text.encode() for text in _SEATS]


def reads_seat(read: bytes) -> None:
    """Read a seat; what it says of itself reads back the same."""
    text = read.decode("utf-8", "surrogateescape")
    for default in (None, "gpt-5-mini"):
        with refused(SeatError):
            spec = parse_seat(text, default)
            require_same(parse_seat(spec.text), spec, "seat")
            if not (spec.decides and spec.words):
                raise AssertionError("a seat that does not say who sits there")
            require_same(spec.scripted, not spec.models and not spec.is_awaited, "who decides")
            require_same(spec.stand_in is None, not spec.is_awaited, "stand-in")
            with refused(SeatError):
                parse_seat(spec.with_model("another").text)
            with refused(SeatError):
                spec.with_hints()
            require_playable(mini(), {"USA": spec, "COD": spec})
    parse_seat.cache_clear()


SEATS = Target(
    name="seats",
    reads=reads_seat,
    seeds=seat_seeds,
    change=spelt(seat_seeds, _SEAT_WORDS),
    words=_SEAT_WORDS,
)

_DIALECTS = {
    "format": 1,
    "dialects": [
        {"host": "h", "model": "m", "since": "2026-02-01", "schema_as": "tool", "reasons": True,
         "dropped": ["seed"], "limit": "max_completion_tokens", "room": 100},
    ],
}  # fmt: skip
_KEPT = {
    "text": "{}", "finish": "stop", "input": 1, "output": 1, "cached": 0, "reasoning": 0,
    "estimated": False, "model": "m", "logprobs": [["A", -0.1]], "sent_as": "strict",
}  # fmt: skip
_LISTING = {"data": [{"id": "m"}, {"id": "n"}]}
_ADDRESS = {"base_url": "http://127.0.0.1:1/v1", "token": "t"}


@cache
def kept_seeds() -> Sequence[bytes]:
    """Return what the program keeps for itself; the first byte says which."""
    texts = (_DIALECTS, _KEPT, _LISTING, _ADDRESS)
    return [bytes([n]) + json.dumps(text).encode() for n, text in enumerate(texts)] + [b"\4SQLite"]


def reads_kept(read: bytes) -> None:
    """Read one of the files in the user's folders."""
    body = read[1:]
    path = room() / "kept"
    path.write_bytes(body)
    match (read[:1] or b"\0")[0] % 5:
        case 0:
            known = Dialects(path, today=lambda: date(2026, 2, 4))
            for dialect in known.proven().values():
                require_line("; ".join(("-", *dialect.dialect.told())))
            known.of(ModelAt("h", "m"))
            remembered._is_foreign(path)
        case 1:
            _reads_reply(body)
        case 2:
            for name in served._names(body):
                require_line(name)
        case 3:
            sharing._read(path)
        case _:
            found = cache_facts(path)
            if isinstance(found, str):
                require_line(found)


def _reads_reply(body: bytes) -> None:
    path = room() / "cache" / "replies.sqlite"
    cache = open_cache(path)
    if isinstance(cache, str):
        raise AssertionError(cache)  # noqa: TRY004 - what it says is wrong, not its type
    cache._do("INSERT OR REPLACE INTO replies VALUES ('k', ?)", body.decode("utf-8", "replace"))
    found = cache.reply("k")
    cache.close()
    if found is not None:
        used = found.usage
        counts = (used.input, used.output, used.cached, used.reasoning)
        if min(counts) < 0:
            raise AssertionError(f"fewer than no tokens: {counts}")


_KEPT_WORDS = (*_Kept.model_fields, "format", "dialects", "host", "since", "room", "data", "id")
_BY_TREE = by_tree(from_json, to_json, lambda: [one[1:] for one in kept_seeds()[:4]], _KEPT_WORDS)

KEPT = Target(
    name="kept",
    reads=reads_kept,
    seeds=kept_seeds,
    change=of_kind([_BY_TREE] * 4 + [spelt(kept_seeds, _KEPT_WORDS)]),
    words=_KEPT_WORDS,
)
