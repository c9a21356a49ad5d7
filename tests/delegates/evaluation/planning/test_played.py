"""A plan that is kept with its results: it means the same when all it names is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from delegates.evaluation.planning.design import Design, read_design
from delegates.evaluation.planning.played import kept_texts, plan_text, played_plan
from delegates.evaluation.playing.folder import Folder
from games.errors import PlanError
from tests.delegates.evaluation.made import made_design
from tests.delegates.evaluation.planning.test_design import drawn_design, plans
from tests.delegates.sessions import MINI, settings_at


def kept(design: Design, path: Path) -> Folder:
    """Keep what is to be kept of a design, and return the folder."""
    folder = Folder(path)
    folder.scenarios.mkdir(parents=True, exist_ok=True)
    folder.plan.write_text(plan_text(design), encoding="utf-8")
    for sha, text in kept_texts(design).items():
        (folder.scenarios / f"{sha}.json").write_text(text, encoding="utf-8")
    return folder


@given(plans)
@settings(deadline=None, max_examples=25)
def test_what_was_kept_means_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, said: dict[str, Any]
) -> None:
    design = drawn_design(said)
    folder = kept(design, tmp_path_factory.mktemp("out"))

    found = played_plan(folder.plan, folder.scenarios)

    assert found.hash == design.hash
    assert found.scenarios == design.scenarios
    assert list(found.rows()) == list(design.rows())
    assert plan_text(found) == plan_text(design)


def test_files_and_settings_may_change_after_the_run(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(MINI, encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(
        "minilateral-plan: 1\nid: p\ntitle: 'On: time'\nquestion: |\n  What\n  for?\n"
        "strategies: {yes: linear, '010': llm, '2026-02-04': firm}\nscenarios: ['*.yaml']\n"
        "session: {timeout_s: 0.0000001}\n".replace("yes:", "'yes':"),
        encoding="utf-8",
    )
    design = read_design(tmp_path / "plan.yaml", settings_at(home=tmp_path))
    folder = kept(design, tmp_path / "out")
    mine.write_text(MINI.replace("reservation: 30", "reservation: 20"), encoding="utf-8")
    elsewhere = settings_at(home=tmp_path, MINILATERAL_MODEL="another")

    alone = played_plan(folder.plan, folder.scenarios)
    as_plan = read_design(folder.plan, elsewhere)

    for found in (alone, as_plan):
        assert found.hash == design.hash
        assert found.specs == {"yes": "linear", "010": "llm:local", "2026-02-04": "firm"}
        assert found.plan.question == "What\nfor?\n"
        assert list(found.rows()) == list(design.rows())


def test_a_kept_plan_that_was_changed_is_refused(tmp_path: Path) -> None:
    folder = kept(made_design(), tmp_path)
    text = folder.plan.read_text(encoding="utf-8")
    folder.plan.write_text(text.replace("repetitions: 1", "repetitions: 2"), encoding="utf-8")

    with pytest.raises(PlanError, match=r"plan\.yaml:\d+: played\.hash: found [0-9a-f]{64}, but"):
        played_plan(folder.plan, folder.scenarios)


def test_a_kept_scenario_that_is_gone_or_changed_is_refused(tmp_path: Path) -> None:
    folder = kept(made_design(), tmp_path)
    (file,) = folder.scenarios.iterdir()
    file.write_text(f"{file.read_text(encoding='utf-8')} ", encoding="utf-8")

    with pytest.raises(PlanError, match="was changed; its SHA-256 is not its name any more"):
        played_plan(folder.plan, folder.scenarios)
    file.unlink()
    with pytest.raises(PlanError, match=r"played\.scenarios\.0: .* cannot be read: No such file"):
        played_plan(folder.plan, folder.scenarios)


def test_a_plan_that_no_run_kept_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(
        "minilateral-plan: 1\nid: p\ntitle: P\nstrategies: [linear]\nscenarios: [first-table]\n",
        encoding="utf-8",
    )

    with pytest.raises(PlanError) as caught:
        played_plan(file, tmp_path)

    assert str(caught.value) == (
        f"{file}: played: is missing; expected a plan that was kept by a run"
    )
