"""What a batch may use: the sum of what its sessions may use, found without playing any."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from delegates.connections import Caps
from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.dry_run import DryRun, dry_run
from delegates.rehearsal.estimate import estimate
from delegates.seats import parse_seat
from delegates.settings import Settings
from games.errors import SettingError
from games.scenario import load_scenario
from tests.delegates.evaluation.made import made_design
from tests.delegates.evaluation.planning.test_rows import game
from tests.delegates.sessions import mini, settings_at

PRICED = """
[prices."m"]
input = 2.0
output = 8.0
"""

URL = "http://127.0.0.1:9/v1"
"""Where nobody answers: whoever asked would fail."""

MODELS = {"free": "llm:m", "told": "firm+llm:m", "rule": "linear"}

AGAINST_RULES: dict[str, Any] = {"tested": ("free", "told"), "against": ("rule",)}


@pytest.fixture
def priced(tmp_path: Path) -> Settings:
    return settings_at(URL, PRICED, home=tmp_path)


def summed(design: Design, settings: Settings) -> tuple[int, int, float]:
    """Return calls, tokens and cost of all sessions, each estimated by itself."""
    calls, tokens, cost = 0, 0, 0.0
    for row in design.rows():
        scenario = design.scenarios[row.scenario]
        seats = {
            party: parse_seat(design.specs[name])
            for party, name in zip(scenario.ids, row.seats, strict=True)
        }
        found = estimate(scenario, seats, settings, Caps())
        calls, tokens = calls + found.calls, tokens + found.tokens
        cost += found.cost_usd or 0.0
    return calls, tokens, cost


def test_one_seat_at_a_time_adds_up_to_the_estimates_of_the_sessions(priced: Settings) -> None:
    trio = game("consumer", "supplier", "mixed")
    design = made_design(
        mini(rounds=4), trio, strategies=MODELS, seats=AGAINST_RULES, repetitions=2
    )

    found = dry_run(design, priced)

    calls, tokens, cost = summed(design, priced)
    assert (found.expected.calls, found.expected.tokens) == (calls, tokens)
    assert found.expected.cost_usd == pytest.approx(cost)
    assert calls > 0


def test_models_among_themselves_come_close_to_the_estimates(priced: Settings) -> None:
    """Exactly where all are of one kind; what others say differs in length where not."""
    design = made_design(mini(rounds=4), strategies=MODELS)
    alike = made_design(mini(rounds=4), strategies={"free": "llm:m"})

    found, same = dry_run(design, priced), dry_run(alike, priced)

    calls, tokens, _ = summed(design, priced)
    assert found.expected.calls == calls
    assert found.expected.tokens == pytest.approx(tokens, rel=0.05)
    assert (same.expected.calls, same.expected.tokens) == summed(alike, priced)[:2]


def test_strategies_are_told_apart_and_add_up(priced: Settings) -> None:
    found = dry_run(made_design(mini(), strategies=MODELS), priced)

    assert {name: one.seats for name, one in found.strategies.items()} == {
        "free": 6,
        "told": 6,
        "rule": 6,
    }
    assert found.strategies["rule"].worst.calls == 0
    assert found.expected.calls == sum(one.expected.calls for one in found.strategies.values())
    assert found.worst.tokens > found.expected.tokens


def test_finished_sessions_are_not_counted_again(priced: Settings) -> None:
    design = made_design(mini(), strategies=MODELS, repetitions=2)
    keys = [row.key for row in design.rows()]

    whole, half, none = (
        dry_run(design, priced, done=frozenset(keys[:count])) for count in (0, 9, 18)
    )

    assert [one.planned for one in (whole, half, none)] == [18, 18, 18]
    assert [one.left for one in (whole, half, none)] == [18, 9, 0]
    assert half.expected.calls * 2 == whole.expected.calls
    assert half.lines()[0].startswith("18 sessions, of which 9 are left; about ")
    assert none.expected.calls == none.seconds == 0


def test_many_rows_are_counted_not_listed(
    priced: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []

    def looked(*given: Any) -> Any:
        looked_at.append(given[0].id)
        return estimate(*given)

    monkeypatch.setattr("delegates.evaluation.planning.dry_run.estimate", looked)
    design = made_design(mini(rounds=4), strategies=MODELS, repetitions=100_000)

    found = dry_run(design, priced)

    assert found.planned == found.left == 900_000
    assert len(looked_at) == 6  # Two strategies, alone in either seat and among themselves.


def test_the_dry_runs_json_has_the_contracts_keys(priced: Settings) -> None:
    design = made_design(mini(), strategies=MODELS, budget={"max_tokens": 9000})

    told = json.loads(json.dumps(dry_run(design, priced).as_json()))

    assert {"planned", "calls", "tokens", "cost_usd", "seconds"} <= set(told)
    assert told["planned"] == told["left"] == 9
    assert told["tokens"] == told["tokens_in"] + told["tokens_out"]
    assert told["max_tokens"] == 9000
    assert told["cap_usd"] == 1.0
    assert told["worst"]["cost_usd"] > told["cost_usd"] > 0


def test_scripted_sessions_ask_nobody(tmp_path: Path) -> None:
    design = made_design(load_scenario("first-table"), load_scenario("price-floor-club"))

    found = dry_run(design, settings_at(home=tmp_path), workers=2)

    assert found.lines()[1] == "No model will be asked; this costs nothing."
    assert found.as_json()["cost_usd"] == 0
    assert found.cap_usd is None
    # 9 x 2 x 10 turns at 50 us and 3 x 12 x 9 turns at 5 ms, on two cores, and what a run takes
    # besides.
    assert found.seconds == pytest.approx(3 + 0.8)
    assert not [*tmp_path.glob("[!c]*")]


def test_the_embedded_model_is_one_for_all_and_costs_nothing(tmp_path: Path) -> None:
    settings = settings_at(home=tmp_path)
    seated = {"tested": ("model",), "against": ("rule",)}
    design = made_design(mini(), strategies={"model": "menu:local", "rule": "firm"}, seats=seated)
    seats = {"USA": parse_seat("menu:local"), "COD": parse_seat("firm")}
    session = estimate(design.scenarios[0], seats, settings, Caps())

    found = dry_run(design, settings)

    assert session.seconds is not None
    assert found.seconds == pytest.approx(2 * session.seconds, rel=0.2)
    assert "the embedded model on two cores" in found.assumed
    assert found.expected.cost_usd == 0


def test_the_plans_caps_hold_where_none_is_given(priced: Settings) -> None:
    design = made_design(
        mini(), strategies=MODELS, budget={"max_cost_usd": 3.0, "max_time_s": 60.0}
    )

    def caps(found: DryRun) -> tuple[float | None, float | None]:
        return found.cap_usd, found.max_time_s

    assert caps(dry_run(design, priced)) == (3.0, 60.0)
    assert caps(dry_run(design, priced, Caps(max_cost_usd=0.0, max_time_s=5.0))) == (0.0, 5.0)


def test_a_cap_on_what_has_no_price_is_refused_where_it_stands(tmp_path: Path) -> None:
    settings = settings_at(URL, home=tmp_path)
    capped = made_design(mini(), strategies=MODELS, budget={"max_cost_usd": 2.0})
    free = made_design(mini(), strategies=MODELS)

    with pytest.raises(SettingError, match=r"plan made: budget: max_cost_usd: 2: the price of 'm'"):
        dry_run(capped, settings)
    with pytest.raises(SettingError, match="--max-cost 3: the price of 'm' is unknown"):
        dry_run(capped, settings, Caps(max_cost_usd=3.0))
    assert dry_run(free, settings).as_json()["cost_usd"] is None
    assert "a price is not known" in dry_run(free, settings).lines()[1]
