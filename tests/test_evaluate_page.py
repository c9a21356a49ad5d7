"""What the page on comparing strategies shows is what holds."""

import re
from pathlib import Path

import duckdb
import yaml

from delegates import evaluate
from delegates.evaluation.planning.plan import Plan

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


def test_the_query_shown_gives_the_means_of_the_report(tmp_path: Path) -> None:
    plan = Plan.model_validate(
        {
            "minilateral-plan": 1,
            "id": "two",
            "title": "Two",
            "strategies": ["boulware", "conceder"],
            "scenarios": ["first-table"],
        }
    )
    found = evaluate(plan, out=tmp_path / "results", workers=1).found
    query = blocks("sql")[0].replace("results/", f"{tmp_path}/results/")

    told = {name: (mean, n) for name, mean, n in duckdb.connect().execute(query).fetchall()}

    for standing in found.standings:
        mean, n = told[standing.strategy]
        assert n == standing.advantage.sessions
        assert abs(mean - (standing.advantage.mean or 0.0)) < 1e-9
