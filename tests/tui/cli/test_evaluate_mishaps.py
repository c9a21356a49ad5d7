"""Batches refused, damaged, interrupted or killed: one line says so, and nothing is lost."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from delegates.evaluation import evaluate as engine
from delegates.evaluation.playing.progress import Progress
from tests.delegates.sessions import haggle
from tests.support.openai_stub import OpenAIStub
from tests.tui.cli.conftest import Cli
from tests.tui.cli.test_evaluate import PLAN, told


@pytest.fixture(autouse=True)
def plan(home: Path, tmp_path: Path) -> Path:
    del home  # makes the scenario
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.mark.parametrize("out", ["", "  "])
def test_an_out_that_names_no_folder_is_refused(cli: Cli, tmp_path: Path, out: str) -> None:
    shown = cli("evaluate", "plan.yaml", "--out", out)

    assert (shown.code, shown.out) == (1, "")
    assert shown.line == f"minilateral: --out {out!r}: names no folder; expected one"
    assert not (tmp_path / "journal.jsonl").exists()
    assert cli("evaluate", "").line == (
        "minilateral: '': names no plan; expected a file, a name or a folder"
    )


def test_what_is_refused_is_refused_before_anything_is_announced(
    cli: Cli, plan: Path, tmp_path: Path
) -> None:
    from delegates.evaluation.playing.folder import Folder
    from delegates.evaluation.playing.held import held

    (tmp_path / "file").write_text("mine")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("mine")
    assert cli("evaluate", "plan.yaml", "--out", "here").code == 0
    with held(Folder(Path("here"))):
        plan.write_text(f"{PLAN}repetitions: 2\n", encoding="utf-8")
        in_use = cli("evaluate", "plan.yaml", "--out", "here", "--extend")
    changed = cli("evaluate", "plan.yaml", "--out", "here")
    a_file = cli("evaluate", "plan.yaml", "--out", "file")
    foreign = cli("evaluate", "plan.yaml", "--out", "mine")

    for shown, why in (
        (in_use, "another evaluation is writing to it"),
        (changed, "holds results of a plan that differs in repetitions"),
        (a_file, "is a file; expected a folder"),
        (foreign, "holds thesis.tex but no plan.yaml"),
    ):
        assert (shown.code, shown.out) == (1, "")
        assert why in shown.line
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["thesis.tex"]


def test_a_folder_without_its_plan_says_what_is_missing(cli: Cli) -> None:
    cli("evaluate", "plan.yaml", "--out", "here")
    Path("here/plan.yaml").unlink()

    for shown in (cli("evaluate", "here"), cli("evaluate", "plan.yaml", "--out", "here")):
        assert (shown.code, shown.out) == (1, "")
        assert shown.line == (
            "minilateral: here: holds journal.jsonl but no plan.yaml, the copy of its plan that "
            "says what was played; expected it to be put back, or another folder"
        )


def test_damaged_tables_are_made_again(cli: Cli) -> None:
    first = told(cli("evaluate", "plan.yaml", "--out", "here", "--json"))
    before = Path("here/sessions.parquet").read_bytes()
    Path("here/sessions.parquet").write_text("garbage\n")

    again = cli("evaluate", "here", "--json")

    assert told(again) == {**first, "resumed": 4}
    assert Path("here/sessions.parquet").read_bytes() == before


def test_a_changed_line_of_the_journal_is_one_line_that_says_the_way_out(cli: Cli) -> None:
    first = told(cli("evaluate", "plan.yaml", "--out", "here", "--json"))
    journal = Path("here/journal.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[2] = re.sub(rb'"utility":[\d.]+', b'"utility":99', lines[2])
    journal.write_bytes(b"".join(lines))

    shown = cli("evaluate", "here")

    assert (shown.code, shown.out) == (1, "")
    assert shown.line == (
        "minilateral: here/journal.jsonl: line 3: was changed since it was written: its checksum "
        "is another; take the line out: its session is played again"
    )
    journal.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert told(cli("evaluate", "here", "--json")) == {**first, "resumed": 3}


def test_a_folder_that_goes_while_it_is_played_is_one_line(
    cli: Cli, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.write_text(f"{PLAN}repetitions: 500\n", encoding="utf-8")
    play = engine.evaluate

    def removing(*arguments: Any, watch: Any, **options: Any) -> Any:
        def seen(progress: Progress) -> None:
            watch(progress)
            if progress.done >= 2:
                shutil.rmtree("here", ignore_errors=True)

        return play(*arguments, watch=seen, **options)

    monkeypatch.setattr(engine, "evaluate", removing)
    monkeypatch.setattr("delegates.evaluation.playing.progress.TELL_S", 0.0)
    shown = cli("evaluate", "plan.yaml", "--out", "here", "--workers", "1")

    assert shown.code == 1
    assert shown.err.splitlines()[-1].startswith(
        "minilateral: here/journal.jsonl: was removed or replaced while sessions were played"
    )
    assert "Traceback" not in shown.err


@pytest.mark.parametrize("way", [shutil.rmtree, lambda path: (path / "journal.jsonl").unlink()])
def test_a_folder_that_goes_while_models_are_asked_is_one_line(
    cli: Cli, plan: Path, monkeypatch: pytest.MonkeyPatch, way: Callable[[Path], None]
) -> None:
    text = PLAN.replace("[boulware, linear]", "{llm: 'llm:m', linear: linear}")
    plan.write_text(f"{text}repetitions: 4\n", encoding="utf-8")

    def answer(request: dict[str, Any]) -> str:
        if stub.count == 20:
            way(Path("here"))
        return haggle(request)

    with OpenAIStub(answer) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        shown = cli("evaluate", "plan.yaml", "--out", "here")

    assert shown.code == 1
    assert shown.err.splitlines()[-1].startswith(
        "minilateral: here/journal.jsonl: was removed or replaced while sessions were played"
    )
    assert "Traceback" not in shown.err


def test_a_batch_of_errors_alone_is_no_success(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nought")

    with monkeypatch.context() as patched:
        patched.setattr("delegates.evaluation.playing.scripted_session._played", broken)
        shown = cli("evaluate", "plan.yaml", "--out", "here")

    assert shown.code == 1
    assert shown.err.splitlines()[-1].startswith(
        "minilateral: sessions failed: 4 of class error (ZeroDivisionError: by nought); 0 of 4"
    )
    assert cli("evaluate", "plan.yaml", "--out", "here").code == 0


def interrupted(home: Path, plan: Path, out: Path) -> subprocess.Popen[str]:
    """Return a batch of two processes that has begun to play, in a process of its own."""
    plan.write_text(f"{PLAN}repetitions: 30000\n", encoding="utf-8")
    root = Path(__file__).resolve().parents[3]
    batch = subprocess.Popen(
        [
            *(sys.executable, "-c", "from tui.cli import main; main()"),
            *("evaluate", str(plan), "--out", str(out), "--json", "--workers", "2"),
        ],
        env={**os.environ, "MINILATERAL_HOME": str(home), "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    journal, until = out / "journal.jsonl", monotonic() + 60
    while not (journal.exists() and journal.stat().st_size > 100_000) and monotonic() < until:
        sleep(0.01)
    return batch


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts by a signal")
@pytest.mark.parametrize("pauses", [(), (0.02, 0.02), (0.3, 0.3), (0.0, 0.6)])
def test_interrupted_as_often_as_one_likes_it_says_how_many_are_kept(
    home: Path, plan: Path, tmp_path: Path, pauses: tuple[float, ...]
) -> None:
    out = tmp_path / "here"
    with interrupted(home, plan, out) as batch:
        batch.send_signal(signal.SIGINT)
        for pause in pauses:
            sleep(pause)
            batch.send_signal(signal.SIGINT)
        told_out, told_err = batch.communicate(timeout=60)

    assert batch.returncode == 130
    kept, last = told_err.splitlines()[-2:]
    assert last == "minilateral: interrupted"
    found = re.match(r"minilateral: ([\d,]+) of 120,000 sessions kept in .*; carry on with: ", kept)
    assert found is not None
    assert "Traceback" not in told_err
    lines = (out / "journal.jsonl").read_bytes().count(b"\n")
    assert json.loads(told_out)["sessions"] == int(found[1].replace(",", "")) == lines


@pytest.mark.skipif(sys.platform == "win32", reason="kills by a signal")
def test_a_killed_batch_leaves_its_workers_nothing_to_say(
    home: Path, plan: Path, tmp_path: Path
) -> None:
    with interrupted(home, plan, tmp_path / "here") as batch:
        batch.kill()
        _, told_err = batch.communicate(timeout=60)

    _, begun, after = told_err.partition("0 of 120,000 sessions (0 %)\n")
    assert begun
    assert all(" of 120,000 sessions (" in line for line in after.splitlines())
