"""The verb that plays a plan: what it says first, what it leaves, and how it is carried on."""

import json
import re
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from delegates.evaluation import evaluate as engine
from delegates.evaluation.playing.progress import Progress
from games.errors import CapReached
from tests.delegates.sessions import haggle
from tests.support.openai_stub import OpenAIStub
from tests.tui.cli.conftest import Cli, Shown
from tests.tui.report.test_report import Page
from tui.evaluating.reading import read_found

PLAN = """
minilateral-plan: 1
id: small
title: Two tactics at one table
question: Does patience pay?
strategies: [boulware, linear]
scenarios: [mini.yaml]
"""
KEYS = {
    "out",
    "planned",
    "sessions",
    "failed",
    "cost_usd",
    "resumed",
    "leaderboard",
    "matrices",
}


@pytest.fixture(autouse=True)
def plan(home: Path, tmp_path: Path) -> Path:
    del home  # makes the scenario
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def interrupts_as_ever() -> Iterator[None]:
    """A command that was interrupted takes no further notice of interrupts: it ends."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def told(shown: Shown) -> dict[str, Any]:
    assert shown.out.count("\n") == 1
    found = json.loads(shown.out)
    assert isinstance(found, dict)
    return found


def test_a_plan_is_played_told_and_kept(cli: Cli, home: Path) -> None:
    shown = cli("evaluate", "plan.yaml")

    folder = home / "evaluations" / "small"
    assert shown.code == 0
    lines = shown.out.splitlines()
    assert lines[0] == "Two tactics at one table"
    assert lines[1].startswith("4 sessions; about ")
    assert "No model will be asked; this costs nothing." in lines
    assert "4 of 4 planned sessions played" in shown.out
    assert "LEADERBOARD" in lines
    assert max(len(line) for line in lines if str(folder) not in line) <= 80
    assert str(folder) in shown.out
    assert "4 of 4 sessions (100 %)" in shown.err
    for name in ("plan.yaml", "journal.jsonl", "report.html", "report.md"):
        assert (folder / name).stat().st_size > 0
    for name in ("sessions", "seats", "timings"):
        assert (folder / f"{name}.parquet").is_file()
    assert (folder / "figures" / "leaderboard.csv").is_file()
    Page((folder / "report.html").read_text(encoding="utf-8"))
    assert "\x1b" not in shown.out + shown.err


def test_json_is_one_object_and_nothing_else(cli: Cli, tmp_path: Path) -> None:
    shown = cli("evaluate", "plan.yaml", "--out", "here", "--json")

    found = told(shown)
    assert shown.code == 0
    assert set(found) == KEYS
    assert found["out"] == "here"
    assert (found["planned"], found["sessions"], found["failed"]) == (4, 4, 0)
    assert (found["cost_usd"], found["resumed"]) == (0.0, 0)
    assert {one["strategy"] for one in found["leaderboard"]} == {"boulware", "linear"}
    assert {"mean", "low", "high", "n", "scenarios"} <= set(found["leaderboard"][0]["advantage"])
    (game,) = found["matrices"]
    assert {"name", "rows", "columns", "payoffs", "equilibria", "errors", "words"} <= set(game)
    assert (game["row_player"], game["column_player"]) == ("consumers", "suppliers")
    assert len(game["payoffs"]) == len(game["payoffs"][0]) == len(game["payoffs"][0][0]) == 2
    assert "Two tactics at one table" in shown.err
    assert (tmp_path / "here" / "report.html").is_file()


def test_a_dry_run_says_what_it_takes_and_does_nothing(cli: Cli, home: Path) -> None:
    shown, as_json = cli("evaluate", "plan.yaml", "--dry-run"), None
    as_json = told(cli("evaluate", "plan.yaml", "--dry-run", "--json"))

    assert (shown.code, shown.err) == (0, "")
    assert "4 sessions" in shown.out
    assert {"planned", "calls", "tokens", "cost_usd", "seconds"} <= set(as_json)
    assert (as_json["planned"], as_json["calls"], as_json["cost_usd"]) == (4, 0, 0.0)
    assert not (home / "evaluations").exists()


def test_what_was_played_is_not_played_again(cli: Cli) -> None:
    first = told(cli("evaluate", "plan.yaml", "--json"))
    again = cli("evaluate", "plan.yaml", "--json")

    assert again.err == ""
    assert told(again) == {**first, "resumed": 4}
    shown = cli("evaluate", "plan.yaml")
    assert shown.err == ""
    assert shown.out.startswith("Two tactics at one table\n====")


def test_a_folder_is_carried_on_by_itself(cli: Cli, plan: Path) -> None:
    first = told(cli("evaluate", "plan.yaml", "--out", "here", "--json"))
    journal = Path("here/journal.jsonl")
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:1]))
    plan.unlink()

    found = told(cli("evaluate", "here", "--json"))

    assert found == {**first, "resumed": 1}
    dry = told(cli("evaluate", "here", "--dry-run", "--json"))
    assert (dry["planned"], dry["left"]) == (4, 0)


def test_the_name_of_a_bundled_plan_means_it_and_a_folder_called_so_is_meant_by_its_path(
    cli: Cli, plan: Path
) -> None:
    first = told(cli("evaluate", str(plan), "--out", "quick", "--json"))

    by_name = cli("evaluate", "quick", "--dry-run", "--json")
    by_path = cli("evaluate", "./quick", "--dry-run", "--json")

    assert told(by_name)["planned"] > told(by_path)["planned"] == first["sessions"]
    assert by_name.err == (
        "quick: the bundled plan; the evaluation in the folder quick is carried on by: minilateral "
        "evaluate ./quick\n"
    )
    assert by_path.err == ""
    assert "bundled plan; " not in cli("evaluate", "quick", "--out", "quick", "--dry-run").err


def test_a_folder_that_holds_no_evaluation_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    shown = cli("evaluate", "empty")

    assert (shown.code, shown.out) == (1, "")
    assert shown.line == (
        "minilateral: empty: holds no plan.yaml; expected an evaluation's folder, or a plan"
    )
    assert not list((tmp_path / "empty").iterdir())


def test_a_folder_is_not_carried_on_in_another_place(cli: Cli) -> None:
    cli("evaluate", "plan.yaml", "--out", "here")

    assert cli("evaluate", "here", "--out", "here", "--json").code == 0
    shown = cli("evaluate", "here", "--out", "there")
    assert shown.code == 1
    assert shown.line.startswith("minilateral: --out there: here is an evaluation's folder")


def test_an_unknown_plan_is_one_line_that_names_the_bundled_ones(cli: Cli, home: Path) -> None:
    shown = cli("evaluate", "no\x1b[31mne")

    assert (shown.code, shown.out) == (1, "")
    assert shown.line.endswith("(models, quick)")
    assert shown.line.isprintable()
    assert not (home / "evaluations").exists()


def test_without_a_plan_the_command_line_is_refused(cli: Cli) -> None:
    shown = cli("evaluate")

    assert shown.code == 2
    assert "PLAN.yaml|NAME" in shown.line


@pytest.mark.parametrize(
    ("options", "code"),
    [(("--max-cost", "-1"), 1), (("--max-cost", "nan"), 1), (("--workers", "0"), 2)],
)
def test_a_number_that_is_none_to_play_by_is_refused(
    cli: Cli, home: Path, options: tuple[str, ...], code: int
) -> None:
    shown = cli("evaluate", "plan.yaml", *options)

    assert (shown.code, shown.out) == (code, "")
    assert shown.line
    assert not (home / "evaluations").exists()


def test_another_plan_is_refused_unless_it_extends_the_first(cli: Cli, plan: Path) -> None:
    cli("evaluate", "plan.yaml", "--out", "here")
    plan.write_text(PLAN.replace("linear]", "linear, conceder]"), encoding="utf-8")

    refused = cli("evaluate", "plan.yaml", "--out", "here")
    extended = told(cli("evaluate", "plan.yaml", "--out", "here", "--extend", "--json"))

    assert refused.code == 1
    assert "--extend" in refused.err
    assert (extended["planned"], extended["resumed"]) == (9, 4)


def stops(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Have the batch stop half-way, for some reason."""
    play = engine.evaluate

    def stopped(*arguments: Any, watch: Any, **options: Any) -> Any:
        def told(progress: Progress) -> None:
            watch(progress)
            if progress.done >= 2:
                raise error

        return play(*arguments, watch=told, **options)

    monkeypatch.setattr(engine, "evaluate", stopped)
    monkeypatch.setattr("delegates.evaluation.playing.progress.TELL_S", 0.0)


@pytest.mark.parametrize(
    ("error", "code", "last"),
    [
        (KeyboardInterrupt(), 130, "minilateral: interrupted"),
        (CapReached("the cap on money, 1 USD, is met"), 4, "minilateral: the cap on money"),
    ],
)
def test_a_batch_that_stops_says_what_is_kept_and_how_to_carry_on(
    cli: Cli,
    plan: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    last: str,
) -> None:
    plan.write_text(f"{PLAN}repetitions: 500\n", encoding="utf-8")

    with monkeypatch.context() as patched:
        stops(patched, error)
        shown = cli("evaluate", "plan.yaml", "--out", "my batch", "--workers", "1", "--json")

    found = told(shown)
    assert shown.code == code
    assert set(found) == KEYS
    assert found["planned"] == 2000
    assert 2 <= found["sessions"] < 2000
    kept, *_, final = shown.err.splitlines()[-2:]
    assert final.startswith(last)
    told_last = re.fullmatch(
        r"minilateral: ([\d,]+) of 2,000 sessions kept in my batch; "
        r"(?:raise the cap \(--max-cost, or the plan's budget\) and )?"
        r"carry on with: minilateral (.*)",
        kept,
    )
    assert told_last is not None
    number, command = int(told_last[1].replace(",", "")), told_last[2]
    assert number == found["sessions"]
    again = told(cli(*shlex.split(command), "--json"))
    assert (again["sessions"], again["resumed"]) == (2000, number)


def test_an_endpoint_that_never_answers_ends_the_batch_with_3(
    cli: Cli, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    plan.write_text(
        PLAN.replace("[boulware, linear]", "{model: 'menu:gpt-5-mini', linear: linear}")
        + "seats: {tested: [model], against: [linear]}\nsession: {retry_budget_s: 0}\n",
        encoding="utf-8",
    )

    first = cli("evaluate", "plan.yaml", "--max-cost", "1")

    assert first.code == 3
    assert "Two tactics at one table" in first.out
    assert "1 USD" in first.out
    line = first.err.splitlines()[-1]
    assert line.startswith("minilateral: sessions failed: 2 of class provider (")
    assert "127.0.0.1:9" in line
    assert line.endswith("play those again with: minilateral evaluate plan.yaml --max-cost 1.0")
    assert "; 0 of 2 are kept in " in line
    assert "provider 2" in first.out
    assert "canary" not in first.out + first.err


def test_the_commands_that_were_given_are_the_commands_that_carry_on() -> None:
    from tui.cli.evaluate import Wanted

    wanted = Wanted(
        plan="my plan.yaml",
        out=Path("a b"),
        workers=3,
        max_cost=2.5,
        model="gpt-5-mini@lab",
        extend=True,
    )

    assert shlex.split(wanted.command) == [
        *("minilateral", "evaluate", "my plan.yaml", "--out", "a b", "--workers", "3"),
        *("--max-cost", "2.5", "--model", "gpt-5-mini@lab", "--extend"),
    ]


PRICED = '[prices."m"]\ninput = 1.0\noutput = 10.0\n'
"""USD per million tokens."""

MODELS = f"""{PLAN}seats: {{tested: [llm], against: [linear]}}
names: [own, alias]
""".replace("[boulware, linear]", "{llm: 'llm:m', linear: linear}")


@pytest.fixture
def model(home: Path, plan: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIStub]:
    """A model on this machine that has a price, and a plan of two names for the parties."""
    (home / "config.toml").write_text(PRICED, encoding="utf-8")
    plan.write_text(MODELS, encoding="utf-8")
    with OpenAIStub(haggle) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        yield stub


def test_what_models_cost_and_what_names_do_is_told(cli: Cli, model: OpenAIStub) -> None:
    shown = cli("evaluate", "plan.yaml", "--max-cost", "1")

    assert shown.code == 0
    assert model.count > 4
    assert "never more than 1 USD in all" in " ".join(shown.out.split())
    table = shown.out.split("WHAT MODELS USED")[1]
    row = re.search(r"llm +([\d.]+) +([\d,]+) +([\d.]+) +(\S+) +(\d+)\n", table)
    assert row is not None
    calls, tokens, cost, point, n = row.groups()
    assert float(calls) == pytest.approx(model.count / int(n), abs=0.06)
    assert float(cost) > 0
    assert int(tokens.replace(",", "")) > 0
    assert "OWN NAMES AGAINST ALIASES" in shown.out
    last = shown.err.splitlines()[-1]
    assert last.startswith("4 of 4 sessions (100 %); ")
    assert f"{float(cost):.4f} of 1 USD" in last
    assert point != ""


def test_a_cap_that_is_met_ends_it_with_4_and_a_higher_one_carries_on(
    cli: Cli, model: OpenAIStub
) -> None:
    whole = told(cli("evaluate", "plan.yaml", "--out", "whole", "--max-cost", "1", "--json"))
    asked = model.count

    first = cli("evaluate", "plan.yaml", "--out", "part", "--max-cost", "0.001", "--json")
    found = told(first)
    again = told(cli("evaluate", "plan.yaml", "--out", "part", "--max-cost", "1", "--json"))

    assert first.code == 4
    assert found["sessions"] < 4
    assert bool(found["leaderboard"]) == (found["sessions"] > 0)
    assert found["cost_usd"] <= 0.001
    assert re.search(r"kept in part, and \d begun, whose replies will not be bought", first.err)
    assert first.err.splitlines()[-2].endswith(
        "; raise the cap (--max-cost, or the plan's budget) and carry on with: "
        "minilateral evaluate plan.yaml --out part --max-cost 0.001"
    )
    assert again["sessions"] == 4
    assert again["cost_usd"] == pytest.approx(whole["cost_usd"])
    assert model.count == 2 * asked


def test_at_a_cap_what_was_found_so_far_is_told(
    cli: Cli, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.write_text(f"{PLAN}repetitions: 500\n", encoding="utf-8")

    with monkeypatch.context() as patched:
        stops(patched, CapReached("the cap on time, 1 s, is met"))
        shown = cli("evaluate", "plan.yaml", "--out", "here", "--workers", "1")

    assert shown.code == 4
    assert "LEADERBOARD" in shown.out
    assert "these are the findings so far." in " ".join(shown.out.split())
    assert Path("here/report.html").is_file()
    assert shown.err.splitlines()[-1] == "minilateral: the cap on time, 1 s, is met"
    assert "of 2,000 sessions kept in here; raise the cap " in shown.err


def test_the_report_of_a_stopped_batch_tells_what_sessions_under_way_have_cost(
    cli: Cli, plan: Path, model: OpenAIStub
) -> None:
    plan.write_text(f"{MODELS}repetitions: 60\nat_once: 1\n", encoding="utf-8")

    first = cli("evaluate", "plan.yaml", "--out", "part", "--max-cost", "0.02")
    found = told(cli("evaluate", "plan.yaml", "--out", "part", "--max-cost", "0.02", "--json"))

    assert first.code == 4
    assert 0 < found["sessions"] < 240
    assert list(Path("part/open").glob("*.jsonl"))
    table = pl.read_parquet("part/sessions.parquet")
    assert found["cost_usd"] > table["cost_usd"].sum()
    for text in (first.out, Path("part/report.md").read_text(encoding="utf-8")):
        assert f"{found['cost_usd']:.4f} USD" in text
    # The screen reads the folder anew.
    assert read_found(Path("part").resolve()).cost_usd == pytest.approx(found["cost_usd"])
    # The answer stands at the end, in a pipe as well.
    assert "In short: " in first.out
