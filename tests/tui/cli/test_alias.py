"""`--alias`: models hear of no real name, and whoever leads the session is told who is who."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from games.scenario import load_scenario
from tests.delegates.sessions import MINI, haggle
from tests.games.test_aliases import called, left
from tests.support.openai_stub import OpenAIStub
from tests.tui.cli.conftest import Cli
from tests.tui.cli.test_play import stdin_of
from transcripts.store import Transcript

HAGGLED = ("--seat", "USA=llm:stub", "--seat", "COD=boulware+llm:stub", "--seed", "1")


def named_all_over() -> str:
    """Return the small game with its parties' names, ids and other words in every text."""
    words = "The United States, Americans, USA, DR Congo, Congolese of Kinshasa, COD."
    text = MINI.replace(
        "name: United States", "name: United States\n    also: [American, Americans]"
    )
    text = text.replace("name: DR Congo", "name: DR Congo\n    also: [Congolese, Kinshasa]")
    text = re.sub(r"( +)side:", rf"\1brief: {words}\n\1interests: {words}\n\1side:", text)
    return f"{text}\nsetting: {words}\n"


@pytest.fixture
def named(tmp_path: Path) -> Path:
    path = tmp_path / "named.yaml"
    path.write_text(named_all_over(), encoding="utf-8")
    assert len(left(path.read_text(), called(load_scenario(path)))) >= 7
    return path


def prompts(stub: OpenAIStub) -> str:
    return json.dumps([request["messages"] for request in stub.requests])


def asked(request: dict[str, Any]) -> str:
    """Answer as delegates do, whatever the parties are called."""
    return haggle(request)


def test_no_prompt_holds_a_real_name_an_id_or_another_word(
    cli: Cli, named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = called(load_scenario(named))
    with OpenAIStub(asked) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        shown = cli("run", "named.yaml", "--alias", *HAGGLED, "--out", "t.jsonl", "--plain")
        told = prompts(stub)
    kept = Path("t.jsonl").read_text(encoding="utf-8")

    assert shown.code == 0
    assert stub.count > 2
    assert left(told, words) == []
    assert left(told, {"Zorvane", "Kelmarra"}) != []
    assert left(kept, words) == []
    assert "is United States (USA)" in " ".join(shown.out.split())


def test_without_aliases_prompts_hold_all_of_them(
    cli: Cli, named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = called(load_scenario(named))
    with OpenAIStub(asked) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        cli("run", "named.yaml", *HAGGLED, "--plain")
        told = prompts(stub)

    assert set(left(told, words)) == words - {"American"}


@pytest.mark.parametrize("name", ["greenland-linkage", "nickel-hub", "price-floor-club"])
def test_no_prompt_of_a_bundled_scenario_holds_a_real_name(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "short.yaml").write_text(
        f"minilateral: 1\nid: short\ntitle: A round\nextends: {name}\nprotocol: {{rounds: 1}}\n",
        encoding="utf-8",
    )
    game = load_scenario("short.yaml")
    first, second, third = game.ids[:3]
    seats = (f"{first}=llm:stub", f"{second}=firm+llm:stub", f"{third}=menu:stub+llm:stub")
    with OpenAIStub(lambda _: "I cannot say.") as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        shown = cli(
            *("run", "short.yaml", "--alias", "--model", "none", "--seed", "1"),
            *(part for seat in seats for part in ("--seat", seat)),
            *("--out", "t.jsonl"),
        )
        told = prompts(stub)

    assert shown.code == 0
    assert stub.count > 3
    assert left(told, called(game)) == []
    assert left(Path("t.jsonl").read_text(encoding="utf-8"), called(game)) == []


def test_seats_are_given_by_real_id_or_by_alias(cli: Cli, named: Path) -> None:
    shown = cli(
        *("run", "named.yaml", "--alias", "--seat", "USA=boulware", "--seat", "KEL=conceder"),
        *("--as", "USA", "--out", "t.jsonl", "--plain", "--seed", "1"),
    )
    opened = next(iter(Transcript(Path("t.jsonl")).events()))

    assert shown.code == 0
    assert {party: seat.spec for party, seat in opened.seats.items()} == {  # pyright: ignore
        "ZOR": "boulware",
        "KEL": "conceder",
    }
    assert "KEL Kelmarra is DR Congo (COD)" in " ".join(shown.out.split())


def test_a_seat_named_by_both_is_given_twice(cli: Cli, named: Path) -> None:
    shown = cli("run", "named.yaml", "--alias", "--seat", "USA=firm", "--seat", "ZOR=firm")

    assert shown.code == 1
    assert shown.line == "minilateral: --seat ZOR=firm: ZOR is given twice"


def test_as_json_who_is_who_goes_to_stderr(cli: Cli, named: Path) -> None:
    shown = cli(
        *("run", "named.yaml", "--alias", "--seat", "USA=firm", "--seat", "COD=firm"),
        *("--seed", "1", "--json"),
    )

    assert set(json.loads(shown.out)["utilities"]) == {"ZOR", "KEL"}
    assert "ZOR Zorvane is United States (USA)" in shown.err


def test_an_aliased_session_is_played_like_any_other(cli: Cli, named: Path) -> None:
    seats = ("--seat", "USA=boulware", "--seat", "COD=conceder", "--seed", "3", "--json")
    plain = json.loads(cli("run", "named.yaml", *seats).out)
    neutral = json.loads(cli("run", "named.yaml", "--alias", *seats).out)

    assert list(plain["utilities"].values()) == list(neutral["utilities"].values())
    assert (plain["agreement"], plain["rounds"]) == (neutral["agreement"], neutral["rounds"])


def test_a_person_plays_under_an_alias(cli: Cli, named: Path) -> None:
    with stdin_of(b"leave\nyes\n"):
        shown = cli(
            *("play", "named.yaml", "--as", "USA", "--alias", "--seat", "COD=firm"),
            *("--model", "none", "--plain", "--out", "t.jsonl"),
        )

    assert shown.code == 0
    assert "ZOR Zorvane is United States (USA)" in " ".join(shown.out.split())
    assert left(Path("t.jsonl").read_text(encoding="utf-8"), {"USA", "COD", "DR Congo"}) == []
