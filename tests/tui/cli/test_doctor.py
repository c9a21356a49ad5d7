"""What doctor says beyond settings: of servers on this machine, of lessons, of small models."""

from pathlib import Path

import pytest

from delegates.models.cache import ReplyCache
from delegates.models.dialect import Dialect
from delegates.models.remembered import FILE_NAME, Dialects, ModelAt
from tests.support.openai_stub import OpenAIStub
from tests.tui.cli.conftest import Cli
from tui.cli import doctor
from tui.text.wording import WIDTH


@pytest.fixture(autouse=True)
def servers(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The servers that are looked for: none unless a test names one."""
    looked_for: dict[str, str] = {}
    monkeypatch.setattr(doctor, "LOCAL_SERVERS", looked_for)
    return looked_for


def test_the_doctor_tells_what_was_learnt_of_models(cli: Cli, home: Path) -> None:
    assert "nothing yet" in cli("doctor").out
    learnt = Dialects(home / FILE_NAME)
    dialect = Dialect(schema="tool", dropped=frozenset({"seed"}), reasons=True)
    learnt.prove(ModelAt("api.example.org", "our-model"), dialect)

    shown = " ".join(cli("doctor").out.split())

    assert (
        "our-model at api.example.org: tool call instead of schema; no seed; reasons before it"
        " answers (since " in shown
    )
    assert "nothing yet" not in shown


def test_a_broken_memory_of_lessons_is_no_obstacle(cli: Cli, home: Path) -> None:
    (home / FILE_NAME).write_text("{", encoding="utf-8")
    shown = cli("doctor")
    assert (shown.code, shown.err) == (0, "")
    assert "nothing yet" in shown.out


def test_the_models_of_a_server_on_this_machine_are_listed_as_seats(
    cli: Cli, servers: dict[str, str]
) -> None:
    with OpenAIStub(lambda _: "x", models=("qwen3:8b", "llama3.2:1b")) as stub:
        servers["LM Studio"] = stub.url
        shown = cli("doctor").out
    assert f"LM Studio      answers at {stub.url}" in shown
    assert "    llm:qwen3:8b@lm-studio\n" in shown
    assert "    firm+llm:llama3.2:1b@lm-studio\n" in shown
    assert f'    [endpoints.lm-studio]\n    base_url = "{stub.url}"' in shown
    assert stub.keys == []


def test_a_server_that_is_named_in_the_config_is_called_by_its_name(
    cli: Cli, home: Path, servers: dict[str, str]
) -> None:
    with OpenAIStub(lambda _: "x", models=("qwen3:8b",)) as stub:
        servers["Ollama"] = stub.url
        config = f'[endpoints.desk]\nbase_url = "{stub.url}"\n'
        (home / "config.toml").write_text(config, encoding="utf-8")
        shown = cli("doctor").out
    assert "    llm:qwen3:8b@desk\n" in shown
    assert "[endpoints." not in shown


def test_a_long_list_of_models_is_cut(cli: Cli, servers: dict[str, str]) -> None:
    many = tuple(f"m{number}" for number in range(doctor.MOST_LISTED + 5))
    with OpenAIStub(lambda _: "x", models=many) as stub:
        servers["Ollama"] = stub.url
        shown = cli("doctor").out
    assert "    and 5 more\n" in shown


def test_a_server_that_is_not_there_is_said_not_to_answer(
    cli: Cli, servers: dict[str, str]
) -> None:
    with OpenAIStub(lambda _: "x") as gone:
        servers["Ollama"] = gone.url
    assert f"Ollama         does not answer at {gone.url}" in cli("doctor").out


@pytest.mark.parametrize(
    ("model", "warning"),
    [
        ("qwen3:0.6b", "warning: qwen3:0.6b is too small to decide: under 1.5B"),
        ("qwen2.5:1.5b", "let it choose from a menu, menu:qwen2.5:1.5b"),
        ("qwen3:8b", None),
        ("local-large", None),
    ],
)
def test_a_model_too_small_to_decide_is_warned_of(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, model: str, warning: str | None
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    shown = cli("doctor", "--model", model).out
    assert ("warning: " in shown) == (warning is not None)
    assert warning is None or warning in shown


def test_what_the_embedded_models_are_fit_for_is_said(cli: Cli) -> None:
    shown = cli("doctor").out
    assert "(words only)" in shown
    assert "(words; or menu:local-large decides)" in shown


def test_the_doctor_tells_of_the_cache_and_what_is_wrong_with_it(cli: Cli, home: Path) -> None:
    assert "replies" not in cli("doctor").out
    (home / "cache").mkdir()
    (home / "cache" / "replies.sqlite").write_text("no database", encoding="utf-8")
    shown = " ".join(cli("doctor").out.split())
    assert "cannot be used as cache of replies (file is not a database)" in shown
    (home / "cache" / "replies.sqlite").unlink()
    ReplyCache(home / "cache" / "replies.sqlite").close()
    assert "0 replies, " in cli("doctor").out


def test_the_doctor_warns_of_a_key_that_others_may_read(cli: Cli, home: Path) -> None:
    config = home / "config.toml"
    config.write_text('[endpoints.work]\nbase_url = "https://a.example/v1"\napi_key = "sk-1234"\n')
    config.chmod(0o644)

    told = " ".join(cli("doctor").out.split())

    assert f"warning: {config} holds a key, and others on this machine may read it" in told
    assert "sk-1234" not in told


def test_no_line_of_the_doctor_is_wider_than_the_page_but_for_one_word(cli: Cli) -> None:
    wide = [line for line in cli("doctor").out.splitlines() if len(line) > WIDTH]
    assert all("/" in line for line in wide)  # a path is never broken
