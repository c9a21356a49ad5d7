"""Tables of batches that were really played: what sessions came to, the same however played."""

import json

import numpy as np
import polars as pl
import pytest

from delegates import evaluate, negotiate
from delegates.evaluation.judging.figures import clouds
from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.results.columns import TABLES
from games.bargaining.solutions import normalised_gains
from games.session import payoffs, utilities


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Return a batch of two strategies in a negotiation of two and one of three."""
    plan = Plan.model_validate(
        {
            "minilateral-plan": 1,
            "id": "whole",
            "title": "Two strategies",
            "strategies": ["boulware", "linear"],
            "scenarios": ["first-table", "nickel-hub"],
            "seats": {"many": "blocs", "fixed": "linear"},
        }
    )
    return evaluate(plan, out=tmp_path_factory.mktemp("whole"), workers=1)


def test_rows_of_played_sessions_are_those_of_the_same_session_played_alone(played):
    design, folder = played.design, played.folder
    seats = pl.read_parquet(folder.table("seats"))

    for session in pl.read_parquet(folder.table("sessions")).iter_rows(named=True):
        row = design.row(session["row"])
        scenario = design.scenarios[row.scenario]
        specs = {p: design.specs[s] for p, s in zip(scenario.ids, row.seats, strict=True)}
        record = negotiate(scenario, specs, seed=row.seed, transcript=None)
        own = seats.filter(pl.col("row") == session["row"])
        assert session["ended"] == record.status
        assert session["rounds"] == record.state.rounds_begun
        assert session["moves"] == len(record.moves)
        agreed = record.state.agreement
        assert session["outcome"] == agreed
        assert session["agreement"] == (
            None if agreed is None else json.dumps(scenario.space.outcome(agreed))
        )
        assert own["utility"].to_list() == pytest.approx([*utilities(record.state).values()])
        assert own["payoff"].to_list() == pytest.approx([*payoffs(record.state).values()])
        gained = normalised_gains(scenario, np.array([agreed or 0]))[:, 0]
        assert own["advantage"].to_list() == pytest.approx(gained * (agreed is not None))


def test_a_cloud_holds_every_session_of_its_scenario(played):
    (cloud,) = clouds(played.design, played.folder)

    sessions = pl.read_parquet(played.folder.table("sessions"))
    of_two = sessions.filter(pl.col("scenario") == "first-table")
    assert sum(count for _, _, count in cloud.agreed) + cloud.not_agreed == of_two.height


def test_two_workers_make_the_same_tables(played, tmp_path):
    again = evaluate(played.design, out=tmp_path, workers=2)

    for name in ("sessions", "seats"):
        assert again.folder.table(name).read_bytes() == played.folder.table(name).read_bytes()
    assert set(TABLES) == {path.stem for path in tmp_path.glob("*.parquet")}
