"""What the user has set: models, endpoints, keys and prices, and where each value comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import platformdirs
from pydantic import SecretStr

from delegates.config_file import ConfigFile, EndpointTable, read_config, shown
from games.errors import SettingError
from games.faults import place_text

NO_MODEL = "none"
"""The model name that asks for template voices."""

EMBEDDED_MODELS = ("local", "local-large")
"""The model names that mean the model inside this process."""

EMBEDDED_HOST = "embedded"
"""What a transcript names as host of the embedded model."""

OPENAI_URL = "https://api.openai.com/v1"
"""Where models are asked when nothing else is set."""

ENVIRONMENT: Mapping[str, str] = {
    "MINILATERAL_HOME": "The home folder: transcripts, evaluations, screenshots, log, config file.",
    "MINILATERAL_MODEL": "The model for seats that name none; `none` for templates only.",
    "MINILATERAL_GGUF": "A GGUF file to use as the embedded model.",
    "OPENAI_BASE_URL": f"The default endpoint's address, if it is not {OPENAI_URL}.",
    "OPENAI_API_KEY": "Its key; a server on this machine needs none.",
}
"""Each variable that is read, and what it sets; besides, what `api_key_env` names."""

DUMMY_KEY = "none"
"""Sent where no key is needed: the protocol wants one."""

CONFIG_NAME = "config.toml"
"""The config file's name inside the home folder."""

_UNSET = "default"

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Setting(Generic[T]):
    """A value and where it was set."""

    value: T
    origin: str
    """A flag, an environment variable, `FILE: KEY`, or `default`."""


@dataclass(frozen=True, kw_only=True)
class LongPrompts:
    """What a model costs, in USD per million tokens, where its prompt is longer than `above`."""

    above: int
    input: float
    output: float
    cached: float | None = None
    written: float | None = None


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a model costs, in USD per million tokens; its private reasoning is billed as output."""

    input: float
    output: float
    cached: float | None = None
    """Of prompt tokens read from the provider's cache; `None`: the same as other prompt tokens."""
    written: float | None = None
    """Of prompt tokens that the provider puts into its cache unasked, where that costs more."""
    per_call: float = 0.0
    """In USD, whatever its length."""
    longer: tuple[LongPrompts, ...] = ()
    """Prices of longer prompts, the shortest first."""


@dataclass(frozen=True, kw_only=True)
class Flags:
    """What the command line sets; it goes before everything else."""

    model: str | None = None
    gguf: str | None = None
    reply_cache: bool | None = None


@dataclass(frozen=True, kw_only=True)
class NamedEndpoint:
    """An endpoint of the config file."""

    base_url: str
    origin: str
    api_key: SecretStr | None = None
    api_key_env: str | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting with its origin; keys stay sealed in `SecretStr`."""

    home: Setting[Path]
    model: Setting[str | None]
    gguf: Setting[Path | None]
    base_url: Setting[str]
    api_key: Setting[SecretStr | None]
    model_cache: Path
    """Where the embedded model's joined weights and its address lie."""
    endpoints: Mapping[str, NamedEndpoint] = field(default_factory=dict[str, NamedEndpoint])
    prices: Mapping[str, Price] = field(default_factory=dict[str, Price])
    trace: Setting[str | None] = field(
        default_factory=lambda: Setting[str | None](value=None, origin=_UNSET)
    )
    """Who is told of each step of a session: LangSmith, or nobody."""
    reply_cache: Setting[bool] = field(
        default_factory=lambda: Setting[bool](value=False, origin=_UNSET)
    )
    """Whether replies of earlier sessions are used again for the very same questions."""

    @property
    def traced(self) -> bool:
        """Whether LangSmith is told of each step; only the config file can ask for it."""
        return self.trace.value is not None

    @property
    def config_file(self) -> Path:
        """The config file, whether or not it exists."""
        return self.home.value / CONFIG_NAME

    @property
    def asks_for_model(self) -> bool:
        """Whether a flag, the environment or the config file asks for a model."""
        return self.model.value not in (None, NO_MODEL)

    def origins(self) -> tuple[tuple[str, str, str], ...]:
        """List (setting, value as shown, origin); keys are shown as set or not set."""
        named = (
            (f"endpoints.{name}", f"{end.base_url}, key {_shown_key(end.api_key)}", end.origin)
            for name, end in self.endpoints.items()
        )
        priced = (
            (f"prices.{name}", f"{p.input:g} in, {p.output:g} out", str(self.config_file))
            for name, p in self.prices.items()
        )
        return (
            ("home", str(self.home.value), self.home.origin),
            ("model", self.model.value or "not set", self.model.origin),
            ("gguf", str(self.gguf.value or "not set"), self.gguf.origin),
            ("base_url", self.base_url.value, self.base_url.origin),
            ("api_key", _shown_key(self.api_key.value), self.api_key.origin),
            ("cache", "on" if self.reply_cache.value else "off", self.reply_cache.origin),
            ("trace", self.trace.value or "off", self.trace.origin),
            *named,
            *priced,
        )


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where a model is asked, and with which key."""

    name: str
    base_url: str
    """Empty for the embedded model until it is started."""
    api_key: SecretStr
    host: str
    """Host and port without path or key: what a transcript may keep."""
    origin: str = _UNSET
    """Where to mend the address."""
    key_origin: str = _UNSET
    """Where to mend the key."""

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded model."""
        return self.host == EMBEDDED_HOST


def load_settings(environ: Mapping[str, str], flags: Flags | None = None) -> Settings:
    """Read every setting: flag before environment before config file before default.

    Raises:
        SettingError: A value in the environment or the config file cannot be used.
    """
    given = flags or Flags()
    if given.model is not None and not given.model.strip():
        raise SettingError(f"--model {given.model!r}: expected MODEL[@ENDPOINT], local, or none")
    home = _home(environ)
    path = home.value / CONFIG_NAME
    config = read_config(path)
    gguf = _first(
        ("--gguf", given.gguf), _env(environ, "MINILATERAL_GGUF"), (f"{path}: gguf", config.gguf)
    )
    model = _first(
        ("--model", given.model),
        _env(environ, "MINILATERAL_MODEL"),
        (f"{path}: model", config.model),
    )
    trace = _first((f"{path}: trace", config.trace))
    url = _first(_env(environ, "OPENAI_BASE_URL"), (_UNSET, OPENAI_URL))
    key = _first(_env(environ, "OPENAI_API_KEY"))
    return Settings(
        home=home,
        model=model,
        gguf=Setting(value=_gguf(gguf, path), origin=gguf.origin),
        base_url=Setting(
            value=_checked_url(url.value or OPENAI_URL, url.origin), origin=url.origin
        ),
        api_key=Setting(value=_checked_key(key.value, key.origin), origin=key.origin),
        model_cache=platformdirs.user_cache_path("minilateral"),
        endpoints={n: _named(n, t, environ, path) for n, t in config.endpoints.items()},
        prices={n: Price(**t.model_dump()) for n, t in config.prices.items()},
        trace=trace,
        reply_cache=_reply_cache(given, config, path),
    )


def _reply_cache(given: Flags, config: ConfigFile, path: Path) -> Setting[bool]:
    if given.reply_cache is not None:
        return Setting(value=given.reply_cache, origin="--cache")
    if config.cache is not None:
        return Setting(value=config.cache, origin=f"{path}: cache")
    return Setting(value=False, origin=_UNSET)


def resolve_endpoint(settings: Settings, model: str, endpoint: str | None = None) -> Endpoint:
    """Return where `model` is asked: a named endpoint, the embedded model, or the default one.

    Raises:
        SettingError: There is no endpoint of that name, or a key is missing.
    """
    if endpoint is not None:
        return _resolve_named(settings, endpoint)
    if model == NO_MODEL:
        raise SettingError(f"model {model!r}: means template voices; expected a model to ask")
    if model in EMBEDDED_MODELS:
        return Endpoint(
            name=EMBEDDED_HOST, base_url="", api_key=SecretStr(DUMMY_KEY), host=EMBEDDED_HOST
        )
    return _resolve_default(settings, model)


@lru_cache(maxsize=256)
def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _resolve_named(settings: Settings, name: str) -> Endpoint:
    found = settings.endpoints.get(name)
    if found is None:
        known = ", ".join(sorted(settings.endpoints)) or "none is defined"
        raise SettingError(
            f"endpoint {name!r}: not in {settings.config_file}; expected one of its"
            f" [endpoints.NAME] tables ({known})"
        )
    local = is_loopback(found.base_url)
    if found.api_key is None and found.api_key_env is not None and not local:
        raise SettingError(
            f"{found.origin}: no key for {_host(found.base_url)}; expected one in the"
            f" environment variable {found.api_key_env}"
        )
    return Endpoint(
        name=name,
        base_url=found.base_url,
        api_key=found.api_key or SecretStr(DUMMY_KEY),
        host=_host(found.base_url),
        origin=f"{found.origin}.base_url",
        key_origin=found.api_key_env or f"{found.origin}.api_key",
    )


def _resolve_default(settings: Settings, model: str) -> Endpoint:
    url = settings.base_url.value
    key = settings.api_key.value
    if key is None and not is_loopback(url):
        raise SettingError(
            f"model {model!r}: no key for {_host(url)}; expected one in the environment variable"
            " OPENAI_API_KEY (any word if the server needs none), or --model none"
        )
    return Endpoint(
        name="openai" if settings.base_url.origin == _UNSET else "OPENAI_BASE_URL",
        base_url=url,
        api_key=key or SecretStr(DUMMY_KEY),
        host=_host(url),
        origin="OPENAI_BASE_URL",
        key_origin="OPENAI_API_KEY",
    )


def _first(*candidates: tuple[str, str | None]) -> Setting[str | None]:
    for origin, value in candidates:
        if value is not None:
            return Setting(value=value, origin=origin)
    return Setting(value=None, origin=_UNSET)


def _env(environ: Mapping[str, str], name: str) -> tuple[str, str | None]:
    return name, environ.get(name, "").strip() or None


def _home(environ: Mapping[str, str]) -> Setting[Path]:
    origin, value = _env(environ, "MINILATERAL_HOME")
    if value is None:
        return Setting(value=platformdirs.user_data_path("minilateral"), origin=_UNSET)
    return Setting(value=_expanded(value, origin), origin=origin)


def _expanded(value: str, origin: str) -> Path:
    problem = "is no name of a file"
    try:
        if "\0" not in value:
            return Path(value).expanduser().absolute()
    except RuntimeError:
        problem = "names no known home"
    raise SettingError(f"{origin}: {shown(value)} {problem}; expected a path")


def _gguf(setting: Setting[str | None], config: Path) -> Path | None:
    if setting.value is None:
        return None
    path = _expanded(setting.value, setting.origin)
    if setting.origin.startswith(f"{config}: "):
        # A path in a file means the same wherever the command is run from.
        return config.parent / Path(setting.value).expanduser()
    return path


def _named(name: str, table: EndpointTable, env: Mapping[str, str], path: Path) -> NamedEndpoint:
    origin = f"{path}: {place_text(('endpoints', name))}"
    if table.api_key is not None and table.api_key_env is not None:
        raise SettingError(f"{origin}: has api_key and api_key_env; expected one of them")
    written = table.api_key.get_secret_value() if table.api_key else None
    found = _env(env, table.api_key_env)[1] if table.api_key_env else written
    return NamedEndpoint(
        base_url=_checked_url(table.base_url, f"{origin}.base_url"),
        origin=origin,
        api_key=_checked_key(found, table.api_key_env or f"{origin}.api_key"),
        api_key_env=table.api_key_env,
    )


def _checked_key(key: str | None, origin: str) -> SecretStr | None:
    if key is None:
        return None
    if not (key.isascii() and key.isprintable()) or " " in key or not key:
        raise SettingError(f"{origin}: is no key; expected printable ASCII without spaces")
    return SecretStr(key)


def _checked_url(url: str, origin: str) -> str:
    expected = "expected an address such as http://127.0.0.1:11434/v1"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SettingError(f"{origin}: {shown(url)} is no URL; {expected}") from None
    if "@" in url:
        raise SettingError(f"{origin}: holds a user name or password; {expected}, the key apart")
    if parts.query or parts.fragment:
        raise SettingError(f"{origin}: has a ? or # part; {expected}")
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in url):
        raise SettingError(f"{origin}: {shown(url)} is no http(s) URL; {expected}")
    return url.rstrip("/")


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _shown_key(key: SecretStr | None) -> str:
    return "not set" if key is None else "set"
