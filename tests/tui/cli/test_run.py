import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.delegates.sessions import MINI, bare, events_of, haggle
from tests.support.openai_stub import OpenAIStub, Said, unauthorized
from tests.tui.cli.conftest import Cli
from transcripts import verify

SCRIPTED = ("--seat", "USA=boulware", "--seat", "COD=linear")
KEYS = [
    "session",
    "transcript",
    "status",
    "agreement",
    "utilities",
    "payoffs",
    "rounds",
    "moves",
    "model_calls",
    "tokens",
    "cost_usd",
    "seats",
    "referee",
    "hall",
    "happened",
]
KEY = "sk-canary-0123456789abcdef"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def test_a_session_is_shown_and_its_transcript_kept(cli: Cli, out: Path) -> None:
    shown = cli("run", "mini.yaml", *SCRIPTED, "--seed", "7", "--out", str(out))
    assert (shown.code, shown.err) == (0, "")
    for words in ("A small game", "United States", "Round 1 of 12", "seed 7", "SIMULATION"):
        assert words in shown.out
    assert "decided by code (boulware), worded by templates" in shown.out
    assert "\x1b" not in shown.out
    assert verify(out).complete


def test_json_is_one_object_and_nothing_else(cli: Cli, out: Path) -> None:
    shown = cli("run", "mini.yaml", *SCRIPTED, "--seed", "7", "--json", "--out", str(out))
    told: Any = json.loads(shown.out)
    assert shown.code == 0
    assert shown.out.count("\n") == 1
    assert list(told) == KEYS
    assert told["transcript"] == str(out)
    assert (told["model_calls"], told["cost_usd"]) == (0, 0.0)
    assert shown.line == "No model will be asked; this costs nothing."


def test_the_same_seed_gives_the_same_moves(cli: Cli, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.jsonl" for number in range(2)]
    for path in paths:
        cli("run", "mini.yaml", "--model", "none", "--seed", "7", "--out", str(path))
    assert bare(events_of(paths[0])) == bare(events_of(paths[1]))


def test_what_a_run_left_that_was_killed_before_its_first_line_goes_with_the_next_one(
    cli: Cli, out: Path, home: Path
) -> None:
    run = ("run", "mini.yaml", *SCRIPTED)
    assert cli(*run, "--out", str(out)).code == 0
    code = (
        "import os, sys; from pathlib import Path; from transcripts import Transcript\n"
        "from transcripts.store import TranscriptFile\n"
        "os.fsync = lambda _: os.kill(os.getpid(), 9)\n"
        "TranscriptFile.create(Path(sys.argv[2]), Transcript(Path(sys.argv[1])).header())"
    )
    folder = home / "transcripts"
    killed = [sys.executable, "-c", code, str(out), str(folder / "killed.jsonl")]
    assert subprocess.run(killed, check=False).returncode == -signal.SIGKILL
    (left,) = folder.iterdir()
    assert left.name.startswith(".killed.jsonl.")

    shown = cli(*run)

    assert shown.code == 0
    (path,) = folder.iterdir()
    assert verify(path).complete


def test_without_a_seed_one_is_drawn_and_said(cli: Cli, out: Path) -> None:
    shown = cli("run", "mini.yaml", *SCRIPTED, "--out", str(out))
    header: Any = events_of(out)[0]
    assert f"seed {header.seed};" in shown.out


def test_a_transcript_lies_in_the_home_folder_where_no_path_is_given(cli: Cli, home: Path) -> None:
    told = json.loads(cli("run", "mini.yaml", *SCRIPTED, "--json").out)
    (kept,) = (home / "transcripts").iterdir()
    assert told["transcript"] == str(kept)
    assert kept.stem == told["session"]


def test_the_bundled_scenario_is_the_default(cli: Cli) -> None:
    told = json.loads(cli("run", "--model", "none", "--seed", "1", "--json").out)
    assert told["session"].startswith("cobalt-offtake-")


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_dry_run_plays_nothing_and_asks_nobody(
    cli: Cli, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    with OpenAIStub(haggle) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        shown = cli("run", "mini.yaml", "--model", "m", "--dry-run", "--out", str(out), *more)
    assert (shown.code, stub.count) == (0, 0)
    assert not out.exists()
    assert not (home / "transcripts").exists()
    assert "24" in shown.out


def test_a_dry_run_as_json_has_the_contracts_keys(cli: Cli) -> None:
    told = json.loads(cli("run", "mini.yaml", *SCRIPTED, "--dry-run", "--json").out)
    assert {"planned", "calls", "tokens", "cost_usd"} <= told.keys()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "nowhere.yaml"], 1, "nowhere.yaml: no such file"),
        (["run", "bad.yaml"], 1, "bad.yaml:2: "),
        (["run", "mini.yaml", "--seat", "USA=nobody"], 1, "unknown mind 'nobody'"),
        (["run", "mini.yaml", "--seat", "FRA=firm"], 1, "no such party; mini has USA, COD"),
        (["run", "mini.yaml", "--seat", "USA"], 1, "expected ID=SPEC"),
        (["run", "mini.yaml", "--seat", "USA="], 1, "expected ID=SPEC"),
        (["run", "mini.yaml", "--seat", "USA=firm", "--seat", "USA=linear"], 1, "given twice"),
        (["run", "mini.yaml", "--seat", "USA=firm+sung"], 1, "unknown voice 'sung'"),
        (["run", "mini.yaml", "--seat", "USA=llm:m@nowhere"], 1, "endpoint 'nowhere'"),
        (["run", "mini.yaml", "--seat", "USA=llm:gpt-5", "--seat", "COD=firm"], 1, "no key for"),
        (["run", "mini.yaml", "--as", "FRA"], 1, "no such party"),
        (["run", "mini.yaml", "--model", "local", "--gguf", "no.gguf"], 1, "no.gguf"),
        (["run", "mini.yaml", *SCRIPTED, "--max-cost", "inf"], 1, "--max-cost inf"),
        (["run", "mini.yaml", *SCRIPTED, "--max-time", "inf"], 1, "--max-time inf"),
        (
            ["run", "mini.yaml", *SCRIPTED, "--retry-budget", "nan"],
            1,
            "--retry-budget nan: expected",
        ),
        (["run", "mini.yaml", *SCRIPTED, "--max-tokens", "0"], 1, "--max-tokens 0: expected at"),
        (["run", "mini.yaml", *SCRIPTED, "--max-cost", "-1"], 1, "--max-cost -1.0: expected a"),
        (["run", "mini.yaml", *SCRIPTED, "--seed", "seven"], 2, "--seed"),
        (["run", "mini.yaml", "--bogus"], 2, "--bogus"),
        (["run", "mini.yaml", "more"], 2, "more"),
        (["runn"], 2, "runn"),
        (["resume"], 2, "TRANSCRIPT"),
        (["resume", "nowhere.jsonl"], 1, "nowhere.jsonl: cannot be opened"),
        (["resume", "mini.yaml"], 1, "mini.yaml: event 0"),
        (["verify", "nowhere.jsonl"], 1, "nowhere.jsonl: cannot be read"),
        (["replay", "nowhere.jsonl", "--plain"], 1, "nowhere.jsonl: cannot be read"),
        (["check", "nowhere"], 1, "no such file"),
        (["analyze", "bad.yaml", "--json"], 1, "bad.yaml:2: "),
    ],
)
def test_a_mistake_gets_one_line_and_its_exit_code(
    cli: Cli, home: Path, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    (tmp_path / "bad.yaml").write_text("minilateral: 1\nid: [1]\ntitle: x\n", encoding="utf-8")
    before = (tmp_path / "mini.yaml").read_bytes()
    shown = cli(*arguments)
    assert shown.code == code
    assert words in shown.line
    assert shown.line.startswith("minilateral: ")
    assert shown.out == ""
    assert not (home / "transcripts").exists()
    assert (tmp_path / "mini.yaml").read_bytes() == before


def test_an_existing_transcript_is_left_untouched(cli: Cli, out: Path) -> None:
    out.write_text("mine", encoding="utf-8")
    shown = cli("run", "mini.yaml", *SCRIPTED, "--json", "--out", str(out))
    assert shown.code == 1
    assert shown.out == ""
    assert shown.err.splitlines()[-1] == (
        f"minilateral: {out}: exists already; a transcript is never overwritten"
    )
    assert out.read_text(encoding="utf-8") == "mine"


def test_an_unreachable_endpoint_keeps_a_session_that_resume_finishes(
    cli: Cli, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIStub(haggle) as stub:
        pass  # its port is free again, and nobody answers there
    monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
    arguments = ("run", "mini.yaml", "--model", "m", "--seed", "3", "--retry-budget", "0.2")
    shown = cli(*arguments, "--json", "--out", str(out))
    assert shown.code == 3
    assert json.loads(shown.out)["status"] == "incomplete"
    assert f"carry on with: minilateral resume {out}" in shown.err
    assert stub.host in shown.err.splitlines()[-1]
    assert "connection refused" in shown.err.splitlines()[-1]
    with OpenAIStub(haggle) as up:
        monkeypatch.setenv("OPENAI_BASE_URL", up.url)
        finished = cli("resume", str(out), "--json")
    assert finished.code == 0
    assert list(json.loads(finished.out)) == KEYS
    assert json.loads(finished.out)["status"] == "agreement"
    assert verify(out).complete


def test_a_wrong_key_is_a_providers_failure_and_never_shown(
    cli: Cli, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIStub(lambda _: unauthorized(KEY)) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        shown = cli("run", "mini.yaml", "--model", "m", "-v", "--out", str(out))
    assert shown.code == 3
    assert "check the key in OPENAI_API_KEY" in shown.err.splitlines()[-1]
    assert stub.keys == [f"Bearer {KEY}"]
    kept = "".join(path.read_text() for path in home.rglob("*") if path.is_file())
    assert "canary" not in shown.out + shown.err + out.read_text() + kept


def test_a_cap_that_is_reached_leaves_a_session_that_a_higher_one_finishes(
    cli: Cli, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIStub(lambda asked: Said(text=haggle(asked), usage=(3000, 1000, 0))) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        capped = cli("run", "mini.yaml", "--model", "m", "--max-tokens", "9000", "--out", str(out))
        assert stub.count > 0
        finished = cli("resume", str(out), "--max-tokens", "1000000")
    assert capped.code == 4
    assert "raise it with --max-tokens" in capped.err.splitlines()[-1]
    assert f"minilateral resume {out}" in capped.err
    assert finished.code == 0
    assert verify(out).complete


INTERRUPTED = """
import sys
from tui.cli import main
main(sys.argv[1:])
"""


def test_an_interrupt_keeps_the_session(cli: Cli, out: Path) -> None:
    asked = threading.Event()

    def answer(request: Any) -> str:
        if stub.count == 3:
            asked.set()
        return haggle(request)

    with OpenAIStub(answer, latency_s=0.1) as stub:
        command = [sys.executable, "-c", INTERRUPTED, "run", "mini.yaml", "--model", "m"]
        environ = {**os.environ, "OPENAI_BASE_URL": stub.url, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            [*command, "--json", "--seed", "3", "--out", str(out)],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert asked.wait(60)
            process.send_signal(signal.SIGINT)
            told, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(told)["status"] == "incomplete"
    assert err.splitlines()[-1] == "minilateral: interrupted"
    assert f"minilateral resume {out}" in err
    assert "Traceback" not in err
    assert verify(out).ok
    bought = sum(event.type == "replied" for event in events_of(out))
    with OpenAIStub(haggle) as again, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", again.url)
        assert cli("resume", str(out)).code == 0
    assert verify(out).complete
    assert sum(event.type == "replied" for event in events_of(out)) == bought + again.count


ROOT = Path(__file__).resolve().parents[3]


def test_resume_mends_a_half_written_transcript_and_finishes_it(
    cli: Cli, out: Path, tmp_path: Path
) -> None:
    cli("run", "mini.yaml", *SCRIPTED, "--seed", "7", "--out", str(out))
    whole = out.read_bytes()
    events = bare(events_of(out))
    out.write_bytes(whole[: len(whole) // 2])
    shown = cli("resume", str(out))
    assert (shown.code, shown.err) == (0, "")
    assert bare(events_of(out)) == events
    assert (tmp_path / "out.jsonl.torn").exists()


def test_resume_of_a_finished_session_prints_its_result(cli: Cli, out: Path) -> None:
    told = cli("run", "mini.yaml", *SCRIPTED, "--json", "--out", str(out)).out
    before = out.read_bytes()
    shown = cli("resume", str(out), "--json")
    assert (shown.code, shown.err, shown.out) == (0, "", told)
    assert out.read_bytes() == before


def test_resume_of_a_changed_transcript_names_the_event(cli: Cli, out: Path) -> None:
    cli("run", "mini.yaml", *SCRIPTED, "--out", str(out))
    out.write_bytes(out.read_bytes().replace(b"moved", b"mooed", 1))
    shown = cli("resume", str(out))
    assert shown.code == 1
    assert f"{out}: event 1: " in shown.line


def test_only_one_process_writes_to_a_transcript(cli: Cli, out: Path) -> None:
    from transcripts.store import TranscriptFile

    cli("run", "mini.yaml", *SCRIPTED, "--out", str(out))
    with TranscriptFile.reopen(out)[0]:
        shown = cli("resume", str(out))
    assert shown.code == 1
    assert "is writing to it" in shown.line


def test_a_model_worded_session_counts_its_calls(
    cli: Cli, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIStub(haggle) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        seats = ("--seat", "USA=firm+llm:m", "--seat", "COD=menu:m")
        told = json.loads(cli("run", "mini.yaml", *seats, "--json", "--out", str(out)).out)
    assert told["model_calls"] == stub.count > 0
    assert told["tokens"]["input"] == 10 * stub.count


def test_who_watches_one_seat_sees_no_other_seats_utilities(cli: Cli) -> None:
    shown = cli("run", "mini.yaml", *SCRIPTED, "--as", "USA")
    tables = [line for line in shown.out.splitlines() if line.startswith("    on the table:")]
    assert tables
    assert all("USA" in line and "COD" not in line for line in tables)


def test_default_seats_are_explained_only_where_they_are_used(cli: Cli, tmp_path: Path) -> None:
    seated = f"{MINI}seats: {{USA: linear, COD: firm}}\n"
    (tmp_path / "seated.yaml").write_text(seated, encoding="utf-8")
    assert "Seats not given" not in cli("run", "seated.yaml").out
    assert "Seats not given" not in cli("run", "seated.yaml", "--model", "none").out
    assert "Seats not given" in cli("run", "mini.yaml").out
    assert "Seats not given" not in cli("run", "mini.yaml", *SCRIPTED).out


def test_whoever_has_read_enough_of_the_output_is_not_scolded(tmp_path: Path) -> None:
    code = "from tui.cli import main; main(['scenarios'])"
    reading, writing = os.pipe()
    os.close(reading)
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=environ,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
