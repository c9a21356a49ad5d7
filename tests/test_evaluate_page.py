"""What the page on comparing strategies shows is what holds."""

import os
import re
import subprocess
from pathlib import Path

import duckdb
import pytest
import yaml

from delegates import evaluate
from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.playing.folder import Folder
from tui.report.evaluation import write_report

PAGE = Path(__file__).resolve().parent.parent / "docs" / "how-to" / "evaluate.md"
OWN = ("minilateral-plan", "id", "title", "strategies", "scenarios")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_the_plan_shown_states_every_key_and_its_default() -> None:
    shown = yaml.safe_load(blocks("yaml")[0])

    plan = Plan.model_validate(shown)
    plain = Plan.model_validate({key: shown[key] for key in OWN})

    assert plan == plain
    own = {
        name.replace("_", "-") if name == "minilateral_plan" else name for name in Plan.model_fields
    }
    assert set(shown) == own - {"played"}


def test_a_folder_is_shared_as_shown_and_carried_on_in_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = made_plan(transcripts="all")
    out = tmp_path / "results"
    write_report(evaluate(plan, out=out, workers=1).found, Folder(out))
    section = PAGE.read_text("utf-8").partition("## Sharing the folder\n")[2].partition("\n## ")[0]
    published, grouped, copied = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert modes(out) == {0o700, 0o600}

    run(published)
    assert modes(tmp_path / "published") == {0o755, 0o644}
    assert {one.name for one in (tmp_path / "published").iterdir()} == {"figures", "report.html"}

    run(grouped.replace(" class ", f" {os.getgid()} "))
    assert modes(out) == {0o750, 0o640}

    write_report(evaluate(plan, out=out, workers=1).found, Folder(out))
    assert (out / "report.html").stat().st_mode & 0o777 == 0o600
    assert out.stat().st_mode & 0o777 == 0o750

    *before, last = copied.splitlines()
    run("\n".join(before))
    assert modes(tmp_path / "mine") == {0o700, 0o600}
    assert last == "minilateral evaluate mine"
    again = evaluate(tmp_path / "mine" / "plan.yaml", out=tmp_path / "mine", workers=1)
    assert again.resumed == again.sessions == again.planned


def run(commands: str) -> None:
    """Run lines as a shell would, all of which succeed."""
    subprocess.run(["sh", "-e", "-c", commands], check=True)


def modes(folder: Path) -> set[int]:
    """Return who may do what with a folder and all that is in it."""
    return {one.stat().st_mode & 0o777 for one in (folder, *folder.rglob("*"))}


def made_plan(**more: object) -> Plan:
    """Return a plan of four short sessions."""
    return Plan.model_validate(
        {
            "minilateral-plan": 1,
            "id": "two",
            "title": "Two",
            "strategies": ["boulware", "conceder"],
            "scenarios": ["first-table"],
            **more,
        }
    )


def test_the_query_shown_gives_the_means_of_the_report(tmp_path: Path) -> None:
    found = evaluate(made_plan(), out=tmp_path / "results", workers=1).found
    query = blocks("sql")[0].replace("results/", f"{tmp_path}/results/")

    told = {name: (mean, n) for name, mean, n in duckdb.connect().execute(query).fetchall()}

    for standing in found.standings:
        mean, n = told[standing.strategy]
        assert n == standing.advantage.sessions
        assert abs(mean - (standing.advantage.mean or 0.0)) < 1e-9
