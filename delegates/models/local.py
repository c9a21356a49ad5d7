"""The embedded model: llama.cpp's server inside this process, started when first needed."""

import hashlib
import importlib
import importlib.metadata
import importlib.util
import os
import platform
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from delegates.models import weights
from delegates.models.sharing import Address, Lease, is_alive, join_or_start
from delegates.settings import EMBEDDED_HOST, EMBEDDED_MODELS, Endpoint, Settings
from games.errors import SettingError
from games.files.folders import make_folder

SLOTS = 2
"""How many asks the server works on at once: two took 7.5 s together, 12.1 s in turn."""

SLOT_TOKENS = 4096
"""How long prompt and answer of one ask may be together."""

_ENGINE = "xllamacpp"
_CPU_FACTS = Path("/proc/cpuinfo")


@dataclass(frozen=True, kw_only=True)
class EmbeddedModel:
    """A running embedded model."""

    base_url: str
    label: str
    api_key: SecretStr
    shared: bool
    """Whether another process runs it."""

    def endpoint(self) -> Endpoint:
        """Return it as an endpoint to ask."""
        return Endpoint(
            name=EMBEDDED_HOST, base_url=self.base_url, api_key=self.api_key, host=EMBEDDED_HOST
        )


_leases: dict[str, tuple[int, Lease]] = {}
"""By key, with the process that took it: a forked child must not believe the server is its own."""

_starting = threading.Lock()


def why_unavailable(name: str, settings: Settings) -> str | None:
    """Return in one line why an embedded model cannot be started here; None if it can.

    Nothing is imported or started for that.
    """
    return _weights_problem(name, settings) or _engine_problem()


def label(name: str, settings: Settings) -> str:
    """Return what to call an embedded model where people read it."""
    gguf = settings.gguf.value
    what = gguf.stem if gguf is not None else weights.PACKAGED[name].label
    return f"{what} (embedded)"


def embedded_model(name: str, settings: Settings) -> EmbeddedModel:
    """Return the running model, starting it if neither this nor another process has; blocks.

    Raises:
        SettingError: The engine or the weights are missing or cannot be used.
    """
    problem = why_unavailable(name, settings)
    if problem is not None:
        raise SettingError(f"embedded model {name!r}: {problem}")
    key = _key(name, settings)
    with _starting:
        lease = _own_lease(key)
        if lease is None:
            lease = _joined_or_started(name, settings, key)
            _leases[key] = (os.getpid(), lease)
    return EmbeddedModel(
        base_url=lease.address.base_url,
        label=label(name, settings),
        api_key=SecretStr(lease.address.token),
        shared=lease.server is None,
    )


def _joined_or_started(name: str, settings: Settings, key: str) -> Lease:
    folder = _folder(settings)
    try:
        return join_or_start(folder, key, lambda: _start(name, settings))
    except OSError as error:
        raise _unwritable(folder, error) from None


def _unwritable(folder: Path, error: OSError) -> SettingError:
    reason = error.strerror or error
    return SettingError(
        f"embedded model: cannot write {folder} ({reason}); expected a cache folder of the user's"
    )


def _own_lease(key: str) -> Lease | None:
    pid, lease = _leases.get(key, (None, None))
    if lease is None or pid != os.getpid():
        return None
    if lease.server is None and not is_alive(lease.address):
        return None
    return lease


def runs_here() -> bool:
    """Return whether the engine runs in this very process."""
    return any(pid == os.getpid() and lease.server is not None for pid, lease in _leases.values())


def _engine_problem() -> str | None:
    if importlib.util.find_spec(_ENGINE) is None:
        return "its engine is not installed: pip install 'minilateral[local]'"
    if platform.machine().lower() in ("x86_64", "amd64") and not _has_avx2():
        return "this CPU has no AVX2, which its engine needs"
    return None


def _has_avx2() -> bool:
    try:
        return "avx2" in _CPU_FACTS.read_text()
    except OSError:
        return True  # not Linux: the engine itself will tell


def _weights_problem(name: str, settings: Settings) -> str | None:
    if name not in EMBEDDED_MODELS:
        return f"there is no such model; expected one of {', '.join(EMBEDDED_MODELS)}"
    if settings.gguf.value is None:
        return weights.missing(weights.PACKAGED[name], settings.model_cache)
    try:
        weights.require_gguf(settings.gguf.value)
    except SettingError as error:
        return str(error)
    return None


def _folder(settings: Settings) -> Path:
    try:
        make_folder(settings.model_cache)
    except OSError as error:
        raise _unwritable(settings.model_cache, error) from None
    return settings.model_cache


def _key(name: str, settings: Settings) -> str:
    gguf = settings.gguf.value
    if gguf is None:
        return f"{name}-{weights.PACKAGED[name].sha256[:12]}"
    facts = gguf.stat()
    identity = f"{gguf.resolve()} {facts.st_size} {facts.st_mtime_ns}"
    return f"gguf-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def identity(name: str, settings: Settings) -> str:
    """Return what the replies of an embedded model depend on: its weights and its engine."""
    gguf = settings.gguf.value
    if gguf is None:
        what = f"sha256 {weights.PACKAGED[name].sha256}"
    else:
        facts = gguf.stat()
        what = f"gguf {gguf.resolve()} {facts.st_size} {facts.st_mtime_ns}"
    try:
        engine = importlib.metadata.version(_ENGINE)
    except importlib.metadata.PackageNotFoundError:
        engine = "not installed"
    return f"{EMBEDDED_HOST} {what}, {_ENGINE} {engine}"


def _start(name: str, settings: Settings) -> tuple[Address, object]:
    gguf = settings.gguf.value
    path = gguf or weights.joined(weights.PACKAGED[name], settings.model_cache)
    # Before the import: else idle threads of libgomp spin, 1.6 tokens/s instead of 27.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        engine = importlib.import_module(_ENGINE)
    except (ImportError, OSError) as error:
        raise SettingError(
            f"embedded model {name!r}: its engine cannot be loaded ({error}); expected the system"
            " libraries libgomp and libstdc++; --model none plays without it"
        ) from None
    token = secrets.token_urlsafe(16)
    try:
        server: Any = engine.Server(_parameters(engine, path, name, token))
    except RuntimeError:
        raise SettingError(
            f"embedded model {name!r}: {path} cannot be loaded; expected a GGUF model that the"
            " engine knows and memory to hold it"
        ) from None
    except OSError as error:
        raise SettingError(
            f"embedded model {name!r}: its server cannot be started ({error.strerror or error});"
            " --model none plays without it"
        ) from None
    return Address(base_url=f"{server.listening_address}/v1", token=token), server


def _parameters(engine: Any, path: Path, name: str, token: str) -> object:
    cores = os.cpu_count() or 1
    p = engine.CommonParams()
    p.model.path = str(path)
    p.model_alias = {name}
    p.hostnames = ["127.0.0.1"]
    p.port = 0
    p.api_keys = [token]
    p.n_parallel = SLOTS
    p.n_ctx = SLOTS * SLOT_TOKENS
    p.cpuparams.n_threads = max(1, cores - 1)
    p.cpuparams_batch.n_threads = cores
    p.cpuparams.poll = 0
    p.cpuparams_batch.poll = 0
    p.n_gpu_layers = 0
    p.use_jinja = True
    p.ui = False
    p.offline = True
    p.verbosity = -1  # the engine writes to the terminal's own file descriptors
    p.cache_ram_mib = 256
    return p
