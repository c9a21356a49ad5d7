from pathlib import Path

import pytest
from pydantic import SecretStr

from delegates.models.client import RetryPolicy
from delegates.models.connect import connect
from delegates.models.local import EmbeddedModel
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
