"""Caps hold in a hall: the command line stops with exit 4, and the session is carried on."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.delegates.halls import hall_haggle
from tests.delegates.test_halls import SEATS, scenario_of
from tests.support.openai_stub import OpenAIStub, Said
from transcripts.record import spend
from transcripts.store import Transcript
from transcripts.verify import verify
from tui.cli import main

PRICES = '[prices."m"]\ninput = 1.0\noutput = 8.0\n'


def counted(request: Any) -> Said:
    """Answer by lot, and bill about as many tokens as were read and written."""
    text = hall_haggle(request, "u")
    read = sum(len(message["content"]) for message in request["messages"]) // 4
    return Said(text=text, usage=(read, len(text) // 4, 0))


@pytest.mark.parametrize("kind", ["plenary", "forum"])
@pytest.mark.parametrize("flag", ["--max-cost", "--max-tokens"])
def test_a_hall_stops_at_its_cap_with_exit_4_and_is_carried_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    flag: str,
) -> None:
    def cli(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit_:
            main(arguments)
        shown = capsys.readouterr()
        assert isinstance(exit_.value.code, int)
        return exit_.value.code, shown.out, shown.err

    monkeypatch.setenv("MINILATERAL_HOME", str(tmp_path))
    (tmp_path / "config.toml").write_text(PRICES, encoding="utf-8")
    (tmp_path / "hall.yaml").write_text(scenario_of(kind).canonical(), encoding="utf-8")
    seats = [part for party, spec in SEATS.items() for part in ("--seat", f"{party}={spec}")]
    path = tmp_path / "t.jsonl"
    with OpenAIStub(counted) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        run = ("run", str(tmp_path / "hall.yaml"), *seats, "--seed", "1", "--out", str(path))
        code, told, line = cli(*run[:-1], str(tmp_path / "whole.jsonl"), "--json")
        assert code == 0, line
        whole = json.loads(told)
        tokens = whole["tokens"]["input"] + whole["tokens"]["output"]
        cap = f"{whole['cost_usd'] / 2:.4f}" if flag == "--max-cost" else str(tokens // 2)
        stub.requests.clear()

        code, told, line = cli(*run, "--json", flag, cap)
        assert code == 4
        assert json.loads(told)["status"] == "incomplete"
        assert f"raise it with {flag}" in line
        bought = len(stub.requests)
        assert 0 < bought < whole["model_calls"]
        assert verify(path).ok
        used = spend(list(Transcript(path).events()))
        if flag == "--max-cost":
            assert (used.cost_usd or 0.0) <= float(cap)
        else:
            assert used.tokens.input + used.tokens.output <= int(cap)

        code, _, line = cli("resume", str(path), "--json", flag, cap)
        assert code == 4
        assert len(stub.requests) == bought, "what was spent before counts"

        code, told, line = cli("resume", str(path), "--json", flag, "100000000")
        assert code == 0, line
        assert json.loads(told)["model_calls"] == len(stub.requests)
    assert verify(path).complete
