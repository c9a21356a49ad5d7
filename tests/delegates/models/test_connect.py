from pathlib import Path

import pytest
from pydantic import SecretStr

from delegates.models.client import RetryPolicy
from delegates.models.connect import connect
from delegates.models.dialect import Dialect
from delegates.models.local import EmbeddedModel
from delegates.models.remembered import FILE_NAME, Dialects, ModelAt
from delegates.settings import Settings, load_settings
from games.errors import SettingError


def settings_of(home: Path, **environ: str) -> Settings:
    return load_settings({"MINILATERAL_HOME": str(home), **environ})


def test_a_model_behind_an_endpoint_is_labelled_with_its_host(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, OPENAI_BASE_URL="http://127.0.0.1:11434/v1")
    client = connect(settings, "qwen3", policy=RetryPolicy(budget_s=1))
    assert client.label == "qwen3 at 127.0.0.1:11434"
    assert client.model == "qwen3"


def test_the_embedded_model_is_started_and_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def start(name: str, _: Settings) -> EmbeddedModel:
        started.append(name)
        url = f"http://127.0.0.1:{len(started)}/v1"
        return EmbeddedModel(
            base_url=url, label="Small (embedded)", api_key=SecretStr("t"), shared=False
        )

    monkeypatch.setattr("delegates.models.connect.embedded_model", start)
    client = connect(settings_of(tmp_path), "local")
    assert client.label == "Small (embedded)"
    assert client.endpoint.base_url == "http://127.0.0.1:1/v1"
    assert client._relocate is not None
    assert client._relocate().base_url == "http://127.0.0.1:2/v1"
    assert started == ["local", "local"]


def test_a_missing_key_is_told_before_any_call(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="OPENAI_API_KEY"):
        connect(settings_of(tmp_path), "gpt-5")


def test_a_model_is_asked_as_an_earlier_run_has_learnt(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, OPENAI_BASE_URL="http://127.0.0.1:11434/v1")
    before = connect(settings, "qwen3")
    # Another process learns meanwhile.
    learnt = Dialect(schema="tool", reasons=True)
    Dialects(tmp_path / FILE_NAME).prove(ModelAt("127.0.0.1:11434", "qwen3"), learnt)

    assert connect(settings, "qwen3").dialect == learnt
    assert before.dialect == learnt
    assert connect(settings, "llama3").dialect == Dialect()


def test_a_broken_memory_of_models_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("{")
    settings = settings_of(tmp_path, OPENAI_BASE_URL="http://127.0.0.1:11434/v1")
    assert connect(settings, "qwen3").dialect == Dialect()


def test_what_is_learnt_of_an_embedded_model_is_kept_by_its_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = iter(("One (embedded)", "Other (embedded)", "One (embedded)"))

    def start(_: str, __: Settings) -> EmbeddedModel:
        url = "http://127.0.0.1:1/v1"
        key = SecretStr("t")
        return EmbeddedModel(base_url=url, label=next(labels), api_key=key, shared=False)

    monkeypatch.setattr("delegates.models.connect.embedded_model", start)
    settings = settings_of(tmp_path)
    reasoning = Dialect(reasons=True)
    Dialects(tmp_path / FILE_NAME).prove(ModelAt("embedded", "One (embedded)"), reasoning)
    known = [connect(settings, "local").dialect for _ in range(3)]
    assert known == [reasoning, Dialect(), reasoning]
