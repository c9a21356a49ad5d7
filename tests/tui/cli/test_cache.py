"""The cache of replies, and what a dry run tells, on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.delegates.sessions import haggle
from tests.support.openai_stub import OpenAIStub
from tests.tui.cli.conftest import Cli
from transcripts import verify

PRICED = '[prices."m"]\ninput = 1.0\noutput = 4.0\n'


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Any:
    with OpenAIStub(haggle) as found:
        monkeypatch.setenv("OPENAI_BASE_URL", found.url)
        yield found


def play(cli: Cli, path: Path, *more: str) -> dict[str, Any]:
    shown = cli(
        "run", "mini.yaml", "--model", "m", "--seed", "3", "--json", "--out", str(path), *more
    )
    assert shown.code == 0, shown.err
    assert verify(path).complete
    return json.loads(shown.out)


def test_the_same_session_again_asks_nobody_where_replies_are_kept(
    cli: Cli, home: Path, tmp_path: Path, stub: OpenAIStub
) -> None:
    (home / "config.toml").write_text(PRICED, encoding="utf-8")
    first = play(cli, tmp_path / "1.jsonl", "--cache")
    asked = stub.count
    again = play(cli, tmp_path / "2.jsonl", "--cache", "--max-cost", "0")
    assert (asked > 0, stub.count) == (True, asked)
    assert again["agreement"] == first["agreement"]
    assert (first["cost_usd"] > 0, again["cost_usd"]) == (True, 0.0)
    assert again["tokens"]["input"] == 0
    assert again["model_calls"] == first["model_calls"]
    assert sum(seat["from_cache"] for seat in again["seats"].values()) == asked


def test_replies_are_not_kept_unless_that_is_asked_for(
    cli: Cli, home: Path, tmp_path: Path, stub: OpenAIStub
) -> None:
    play(cli, tmp_path / "1.jsonl")
    play(cli, tmp_path / "2.jsonl")
    assert stub.count % 2 == 0
    assert not (home / "cache").exists()


def test_the_config_file_may_ask_for_it_and_a_flag_decline(
    cli: Cli, home: Path, tmp_path: Path, stub: OpenAIStub
) -> None:
    (home / "config.toml").write_text("cache = true\n", encoding="utf-8")
    play(cli, tmp_path / "1.jsonl")
    asked = stub.count
    play(cli, tmp_path / "2.jsonl")
    assert stub.count == asked
    play(cli, tmp_path / "3.jsonl", "--no-cache")
    assert stub.count == 2 * asked


def test_a_cache_that_cannot_be_used_is_one_line_and_the_session_runs(
    cli: Cli, home: Path, tmp_path: Path, stub: OpenAIStub
) -> None:
    (home / "cache").mkdir(parents=True)
    (home / "cache" / "replies.sqlite").write_text("no database " * 100, encoding="utf-8")
    shown = cli("run", "mini.yaml", "--model", "m", "--cache", "--out", str(tmp_path / "1.jsonl"))
    assert shown.code == 0
    assert stub.count > 0
    assert shown.line.startswith(
        f"minilateral: {home / 'cache' / 'replies.sqlite'}: cannot be used"
    )


def test_a_dry_run_tells_every_seat_that_asks_a_model(cli: Cli, home: Path) -> None:
    (home / "config.toml").write_text(PRICED, encoding="utf-8")
    seats = ("--seat", "USA=llm:m@here", "--seat", "COD=firm+llm:m@here")
    (home / "config.toml").write_text(
        PRICED + '[endpoints.here]\nbase_url = "http://127.0.0.1:9/v1"\n', encoding="utf-8"
    )
    shown = cli("run", "mini.yaml", *seats, "--dry-run")
    assert shown.code == 0
    told = " ".join(shown.out.split())
    assert "about 24 calls" in told
    assert "never more than 1.00 USD" in told
    assert "USA, llm:m@here: about 12 calls, " in told
    assert "COD, firm+llm:m@here: about 12 calls, " in told
    assert told.count("at worst") == 3, "of the session and of either seat"
