"""A plan as it was played, kept with its results: read back when files it names have changed."""

from __future__ import annotations

from pathlib import Path

import yaml

from delegates.evaluation.planning.design import Design, design_of
from delegates.evaluation.planning.plan import Played
from delegates.evaluation.planning.plan_files import read_plan
from delegates.evaluation.planning.plan_scenarios import kept_scenarios

_SAID = "# The plan of this evaluation as it was played; its scenarios lie beside it, by SHA-256.\n"


def plan_text(design: Design) -> str:
    """Return a plan as it is played: every model named, every default written out, its hash beside.

    It is a plan itself: beside its folder `scenarios` it means the same sessions.
    """
    kept = design.plan.model_copy(
        update={
            "strategies": dict(design.specs),
            "played": Played(
                hash=design.hash, scenarios=design.shas, releases=dict(design.releases) or None
            ),
        }
    )
    values = kept.model_dump(mode="json", by_alias=True, exclude_none=True)
    return _SAID + yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)


def kept_texts(design: Design) -> dict[str, str]:
    """Return each scenario's canonical text by its SHA-256: what lies beside a kept plan."""
    return {sha: one.canonical() for sha, one in zip(design.shas, design.scenarios, strict=True)}


def played_plan(path: Path, scenarios: Path) -> Design:
    """Return what was played, from what was kept of it alone.

    Args:
        path: The plan that was kept.
        scenarios: The folder of its scenarios, each named by its SHA-256.

    Raises:
        PlanError: If a file is missing or broken, or was changed.
    """
    written = read_plan(path)
    plan = written.plan
    if plan.played is None:
        raise written.error(("played",), "is missing; expected a plan that was kept by a run")
    found = kept_scenarios(plan.played.scenarios, scenarios, written.error)
    return design_of(plan, path.parent, found, plan.strategies, written.error)
