import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tui.cli.conftest import Cli
from tui.cli.main import application
from tui.cli.output import is_coloured
from tui.cli.verbs import VERBS as TOLD

ROOT = Path(__file__).resolve().parents[3]
VERBS = sorted(str(command.name) for command in application().registered_commands)
MAIN = (sys.executable, "-c", "from tui.cli import main; main()")
SCRIPTED = ("--seat", "USA=boulware", "--seat", "COD=linear")


@pytest.fixture
def played(cli: Cli, tmp_path: Path) -> Path:
    path = tmp_path / "played.jsonl"
    cli("run", "mini.yaml", *SCRIPTED, "--seed", "1", "--out", str(path))
    return path


def test_the_verbs_of_the_contract_that_exist_are_listed(cli: Cli) -> None:
    shown = cli("--help")
    listed = re.findall(r"^  ([a-z]+)  ", shown.out, re.MULTILINE)
    assert sorted(listed) == VERBS
    assert {"run", "resume", "replay", "verify", "analyze", "check", "scenarios"} <= set(VERBS)


def test_each_verb_has_its_whole_line_on_a_terminal_of_eighty_columns(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listed = cli("--help").out.partition("Commands:\n")[2].splitlines()

    assert listed == [f"  {name:<9}  {verb.line}" for name, verb in TOLD.items()]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("negotiate",), "'negotiate': no such command; `minilateral --help` lists them"),
        (("paly",), "'paly': no such command; is it play or replay?"),
        (("run", "--seed", "x"), "--seed 'x': expected a whole number"),
        (("run", "--max-time", "x"), "--max-time 'x': expected a number"),
        (("evaluate", "quick", "--workers", "0"), "--workers '0': expected at least 1"),
        (
            ("review", "t.jsonl", "--format", "pdf"),
            "--format 'pdf': 'pdf' is not one of 'md', 'html', 'json'.",
        ),
        (
            ("analyze", "mini.yaml", "--json", "--format", "md"),
            "--json and --format: expected one of them",
        ),
        (("play", "mini.yaml"), "--as ID is missing; expected whom you sit for: USA or COD"),
        (("play", "none.yaml"), "--as ID is missing; expected whom you sit for"),
        (("play",), "FILE|NAME is missing; expected a scenario, or --join LINK"),
        (("verify",), "Missing argument 'TRANSCRIPT'."),
    ],
)
def test_a_command_line_that_cannot_be_parsed_gets_a_line_on_what_was_expected(
    cli: Cli, arguments: tuple[str, ...], line: str
) -> None:
    shown = cli(*arguments)

    assert (shown.code, shown.out, shown.line) == (2, "", f"minilateral: {line}")


def test_why_a_command_failed_is_broken_between_words_on_a_terminal_and_nowhere_else(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    (whole,) = cli("run", "nowhere.yaml").err.splitlines()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    lines = cli("run", "nowhere.yaml").err.splitlines()

    assert " ".join(lines) == whole
    assert len(lines) > 1
    assert all(len(line) <= 40 for line in lines)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_names_no_verb_that_is_absent(cli: Cli, verb: str) -> None:
    shown = cli(verb, "--help")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(f"Usage: minilateral {verb}")
    assert set(re.findall(r"minilateral ([a-z]+)", shown.out)) <= set(VERBS)


def test_nothing_that_is_printed_names_a_verb_that_is_absent() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tui").rglob("*.py"))
    assert set(re.findall(r"\bminilateral ([a-z]+) \{", text)) <= set(VERBS)


def test_a_command_line_without_a_verb_shows_the_help(cli: Cli) -> None:
    shown = cli()
    assert shown.out.startswith("Usage: minilateral")
    assert len(shown.out.splitlines()) > len(VERBS)
    assert (shown.code, shown.err) == (0, "")


def test_the_version_is_said_alone(cli: Cli) -> None:
    shown = cli("--version")
    assert (shown.code, shown.err) == (0, "")
    assert re.fullmatch(r"minilateral \S+, Python 3\.\S+\n", shown.out)


HEAVY = """
import sys
from tui.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
heavy = ("numpy", "langgraph", "openai", "nashpy", "polars", "textual", "genai_prices")
print([name for name in heavy if name in sys.modules])
"""


def test_the_help_loads_no_heavy_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAVY],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_bundled_scenarios_are_listed_with_their_size(cli: Cli) -> None:
    shown = cli("scenarios")
    assert shown.code == 0
    assert shown.out.startswith("cobalt-offtake ")
    assert "United States – " in shown.out


def test_a_clean_scenario_exits_with_0_and_its_size(cli: Cli) -> None:
    shown = cli("check", "cobalt-offtake")
    assert shown.code == 0
    assert "cobalt-offtake: clean: nothing to mend" in shown.out


def test_an_analysis_as_json_has_the_contracts_keys(cli: Cli) -> None:
    shown = cli("analyze", "mini.yaml", "--json")
    told: Any = json.loads(shown.out)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.count("\n") == 1
    assert {"outcomes", "parties", "zopa", "passing", "pareto", "solutions", "matrices"} <= set(
        told
    )
    assert told["outcomes"] == 32
    assert told["parties"] == ["USA", "COD"]
    assert set(told["solutions"]) == {
        "nash",
        "kalai_smorodinsky",
        "egalitarian",
        "utilitarian",
    }
    for solution in told["solutions"].values():
        assert len(solution["outcomes"]) == len(solution["utilities"]) > 0
    for matrix in told["matrices"]:
        assert {"name", "row_player", "column_player", "rows", "columns", "payoffs"} <= set(matrix)


def test_an_analysis_in_words_names_what_theory_finds(cli: Cli) -> None:
    shown = cli("analyze", "mini.yaml")
    assert shown.code == 0
    assert all(word in shown.out for word in ("Nash", "ZOPA", "United States"))


@pytest.mark.parametrize(
    ("variable", "value", "coloured"),
    [("NO_COLOR", "1", False), ("NO_COLOR", "", True), ("TERM", "dumb", False)],
)
def test_colour_is_left_out_where_it_is_not_wanted(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, coloured: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert is_coloured(plain=False)
    monkeypatch.setenv(variable, value)
    assert is_coloured(plain=False) == coloured
    assert not is_coloured(plain=True)


def test_one_event_is_counted_as_one(cli: Cli, played: Path) -> None:
    played.write_bytes(played.read_bytes().splitlines(keepends=True)[0])
    assert cli("verify", str(played)).out == f"{played}: sound, unfinished, 1 event\n"


def test_commands_that_are_proposed_can_be_pasted_whatever_the_folder_is_called(
    cli: Cli, tmp_path: Path
) -> None:
    path = tmp_path / "my talks" / "a.jsonl"
    told = cli("run", "mini.yaml", *SCRIPTED, "--seed", "1", "--out", str(path)).out
    branched = cli("fork", str(path), "--at", "1", "--out", str(path.with_name("b.jsonl"))).out
    proposed = re.findall(r"minilateral ((?:replay|resume) .*)", told + branched)
    assert [shlex.split(line)[1:] for line in proposed] == [
        [str(path)],
        [str(path.with_name("b.jsonl"))],
    ]


def test_a_sound_transcript_is_said_to_be_so(cli: Cli, played: Path) -> None:
    shown = cli("verify", str(played))
    assert shown.code == 0
    assert shown.out == f"{played}: sound, complete, 23 events\n"
    told = json.loads(cli("verify", str(played), "--json").out)
    assert told == {"ok": True, "complete": True, "events": 23, "problems": [], "notes": []}


def test_an_unfinished_transcript_is_sound(cli: Cli, played: Path) -> None:
    played.write_bytes(b"".join(played.read_bytes().splitlines(keepends=True)[:5]))
    shown = cli("verify", str(played))
    assert (shown.code, shown.out) == (0, f"{played}: sound, unfinished, 5 events\n")


def test_a_changed_transcript_exits_with_1_and_names_the_event(cli: Cli, played: Path) -> None:
    played.write_bytes(played.read_bytes().replace(b"moved", b"mooed", 1))
    shown = cli("verify", str(played))
    assert shown.code == 1
    assert "NOT sound" in shown.out
    assert "  event 1: " in shown.out
    again = cli("verify", str(played), "--json")
    assert again.code == 1
    told: Any = json.loads(again.out)
    assert (told["ok"], len(told["problems"])) == (False, 1)


def test_a_replay_in_plain_text_is_what_was_shown_live(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    live = cli("run", "mini.yaml", *SCRIPTED, "--seed", "1", "--out", str(path)).out
    shown = cli("replay", str(path), "--plain")
    assert shown.code == 0
    assert shown.out.strip() in live
    assert len(shown.out.splitlines()) > 60


def test_a_replay_of_an_unfinished_session_shows_what_there_is(cli: Cli, played: Path) -> None:
    content = played.read_bytes()
    played.write_bytes(b"".join(content.splitlines(keepends=True)[:5]) + b'{"torn')
    shown = cli("replay", str(played), "--plain")
    assert shown.code == 0
    assert shown.line.endswith("the last line is torn; everything before it is shown")
    assert "Round 2 of 12" in shown.out
    assert "Round 3 of 12" not in shown.out


def test_a_replay_of_a_changed_transcript_names_the_event(cli: Cli, played: Path) -> None:
    lines = played.read_bytes().splitlines(keepends=True)
    played.write_bytes(b"".join([lines[0], *lines[2:]]))
    shown = cli("replay", str(played), "--plain")
    assert shown.code == 1
    assert f"{played}: sound up to event 0; event 1: it is numbered 2: " in shown.line


def test_the_doctor_says_what_is_set_and_shows_no_key(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    shown = cli("doctor")
    assert (shown.code, shown.err) == (0, "")
    assert str(home) in shown.out
    assert "(OPENAI_BASE_URL)" in shown.out
    assert "set (OPENAI_API_KEY)" in shown.out
    assert "canary" not in shown.out


def test_the_doctor_says_what_a_model_costs(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    assert "per million tokens" in cli("doctor", "--model", "gpt-5-mini").out
    assert "price not known" in cli("doctor", "--model", "nobodys-model").out


def test_the_doctor_says_what_is_missing(cli: Cli) -> None:
    shown = cli("doctor", "--model", "gpt-5-mini")
    assert shown.code == 0
    assert "missing: " in shown.out
    assert "OPENAI_API_KEY" in shown.out


def test_doctor_says_what_is_missing_for_the_model_asked_for(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MINILATERAL_MODEL", "local")
    monkeypatch.setenv("MINILATERAL_GGUF", str(tmp_path / "none.gguf"))

    shown = cli("doctor")

    assert shown.code == 0
    assert "missing: the embedded model cannot be used" in shown.out


def test_a_seat_nobody_could_take_is_a_finding(cli: Cli, tmp_path: Path) -> None:
    text = (tmp_path / "mini.yaml").read_text(encoding="utf-8")
    (tmp_path / "seats.yaml").write_text(f"{text}\nseats: {{USA: nonsense}}\n", encoding="utf-8")

    shown = cli("check", "seats.yaml")

    assert shown.code == 1
    assert ": seats.USA\n  - seat 'nonsense': unknown mind 'nonsense'" in shown.out


def test_what_a_terminal_would_act_on_never_reaches_stderr(cli: Cli) -> None:
    shown = cli("analyze", "cobalt\x1b[31m\u202e")

    assert shown.code == 1
    assert shown.line.isprintable()


def test_a_stdout_that_knows_few_letters_gets_what_it_can_write() -> None:
    command = [
        sys.executable,
        "-c",
        "from tui.cli import main; main()",
        "analyze",
        "cobalt-offtake",
    ]
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}

    plain = subprocess.run(command, env=environ, capture_output=True, check=False)
    as_json = subprocess.run([*command, "--json"], env=environ, capture_output=True, check=False)

    assert (plain.returncode, plain.stderr) == (0, b"")
    assert b"Kalai?Smorodinsky" in plain.stdout
    assert json.loads(as_json.stdout)["scenario"] == "cobalt-offtake"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_stdout_that_is_full_gets_one_line() -> None:
    command = [*MAIN, "scenarios"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}

    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, env=environ, stdout=full, stderr=-1, check=False)

    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "minilateral: stdout: cannot be written: No space left on device"
    ]
