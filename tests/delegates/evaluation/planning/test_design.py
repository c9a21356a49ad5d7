"""What a plan means: every row by its number, its seed, its key, and the hash of it all."""

from __future__ import annotations

import pickle
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.evaluation.planning.design import (
    Design,
    designed,
    hash_of,
    read_design,
    require_endpoints,
)
from delegates.evaluation.planning.plan import Plan
from delegates.settings import Settings
from games.errors import PlanError, SettingError
from games.scenario import Scenario
from tests.delegates.evaluation.made import made_design
from tests.delegates.evaluation.planning.test_rows import game
from tests.delegates.sessions import mini, settings_at

PAIR, TRIO, FIVE = (
    game("consumer", "supplier", name="pair"),
    game("consumer", "supplier", "mixed", name="trio"),
    game("consumer", "supplier", "supplier", "consumer", "supplier", name="five"),
)

MINDS = {"hard": "boulware", "even": "linear", "soft": "conceder", "firm": "firm"}

plans = st.fixed_dictionaries(
    {
        "count": st.integers(2, 4),
        "repetitions": st.integers(1, 3),
        "seed": st.integers(0, 99),
        "names": st.sampled_from([("own",), ("alias", "own")]),
        "scenarios": st.lists(st.sampled_from([PAIR, TRIO, FIVE]), min_size=1, unique_by=id),
        "seats": st.fixed_dictionaries(
            {
                "many": st.sampled_from(["stratified", "one", "blocs"]),
                "tested": st.sampled_from([(), ("hard",), ("hard", "even")]),
                "against": st.sampled_from([(), ("even",)]),
                "draws": st.integers(1, 2),
            }
        ),
    }
)
"""What plans are drawn from."""


def drawn_design(said: dict[str, Any]) -> Design:
    """Return the design of a drawn plan."""
    said = dict(said)
    minds = dict(list(MINDS.items())[: said.pop("count")])
    scenarios: list[Scenario] = said.pop("scenarios")
    said["seats"] = {**said["seats"], "fixed": "even"}
    return made_design(*scenarios, strategies=minds, **said)


@given(plans)
@settings(deadline=None)
def test_rows_and_numbers_are_a_bijection(said: dict[str, Any]) -> None:
    design = drawn_design(said)

    rows = list(design.rows())

    assert [row.number for row in rows] == list(range(len(design)))
    assert len({row.key for row in rows}) == len(rows)
    what = {(row.scenario, row.names, row.seed, row.seats) for row in rows}
    assert len(what) == len(rows)
    assert all(design.row(row.number) == row for row in reversed(rows))
    assert all(any(row.tested) for row in rows)


@given(plans)
@settings(deadline=None)
def test_every_repetition_is_whole_before_the_next_begins(said: dict[str, Any]) -> None:
    design = drawn_design(said)

    rows = list(design.rows())

    places = [(row.repetition, row.scenario, design.plan.names.index(row.names)) for row in rows]
    assert places == sorted(places)
    counts = Counter(row.repetition for row in rows)
    assert counts == dict.fromkeys(range(design.plan.repetitions), counts[0])


@given(plans)
@settings(deadline=None)
def test_sessions_of_a_scenario_and_repetition_share_their_seed(said: dict[str, Any]) -> None:
    """Whoever sits there, under whatever names; each deal of a repetition has its own."""
    design = drawn_design(said)
    seeds: dict[tuple[str, int], set[int]] = defaultdict(set)

    for row in design.rows():
        seeds[design.scenarios[row.scenario].id, row.repetition].add(row.seed)

    for (name, _), found in seeds.items():
        dealt = name != "pair" and design.plan.seats.many == "stratified"
        assert len(found) == (design.plan.seats.draws if dealt else 1)
    every = [seed for found in seeds.values() for seed in found]
    assert len(set(every)) == len(every)


def test_seeds_of_other_scenarios_and_plans_lie_far_apart() -> None:
    firsts = [made_design(PAIR, TRIO, seed=seed).seed_of(k, 0) for seed in range(9) for k in (0, 1)]

    gaps = [abs(one - other) for one, other in combinations(firsts, 2)]

    assert min(gaps) > 1_000_000
    assert max(firsts) < 2**40
    assert made_design(PAIR).seed_of(0, 5, 2) == made_design(PAIR).seed_of(0, 0) + 2_000_005


def test_in_a_full_cross_each_cell_is_played_once_a_scenario_repetition_and_name() -> None:
    design = made_design(PAIR, mini(), repetitions=2, names=("own", "alias"))

    cells = Counter((row.scenario, row.repetition, row.names, row.seats) for row in design.rows())

    assert set(cells.values()) == {1}
    assert len(cells) == 2 * 2 * 2 * 9


def test_a_million_rows_take_no_listing() -> None:
    design = made_design(PAIR, TRIO, repetitions=1_000_000)

    last = design.row(len(design) - 1)

    assert len(design) == 12_000_000
    assert (last.repetition, last.scenario) == (999_999, 1)
    for number in (-1, len(design)):
        with pytest.raises(IndexError, match=f"row {number}: expected one from 0 to 11999999"):
            design.row(number)


def test_a_row_worked_by_hand() -> None:
    """Of 2 names x 9 cells and 2 x 3 dealt rows a repetition: 53 = 2 x 24 + 5."""
    design = made_design(PAIR, TRIO, repetitions=3, names=("own", "alias"))

    row, later = design.row(53), design.row(24 + 18 + 4)

    assert len(design) == 3 * (18 + 6)
    assert (row.repetition, row.scenario, row.names) == (2, 0, "own")
    assert row.seats == ("linear", "conceder")
    assert (later.repetition, later.scenario, later.names) == (1, 1, "alias")


def test_what_plays_the_same_has_the_same_key_in_every_plan() -> None:
    """Other names of strategies, other companions, other orders, more repetitions: same keys."""
    small = made_design(PAIR, strategies={"a": "boulware", "b": "linear"})
    large = made_design(
        TRIO,
        PAIR,
        strategies={"x": "conceder", "y": "linear", "z": "boulware"},
        repetitions=2,
        names=("alias", "own"),
        seats={"tested": ("z",)},
    )

    keys = {row.key for row in large.rows()}

    shared = [row for row in small.rows() if row.key in keys]
    assert [row.seats for row in shared] == [("a", "a"), ("a", "b"), ("b", "a")]


@pytest.mark.parametrize(
    "said",
    [{"seed": 8}, {"names": ("alias",)}, {"strategies": {"boulware": "firm", "linear": "micro"}}],
)
def test_what_plays_otherwise_has_another_key(said: dict[str, Any]) -> None:
    before = made_design(PAIR, strategies={"boulware": "boulware", "linear": "linear"})
    after = made_design(
        PAIR, **{"strategies": {"boulware": "boulware", "linear": "linear"}, **said}
    )

    assert not {row.key for row in before.rows()} & {row.key for row in after.rows()}


BASE: dict[str, Any] = {"repetitions": 2, "seats": {"draws": 2}}


@pytest.mark.parametrize(
    "said",
    [
        {"repetitions": 3},
        {"seed": 8},
        {"names": ("own", "alias")},
        {"seats": {"draws": 1}},
        {"seats": {"draws": 2, "self_play": False}},
        {"seats": {"draws": 2, "tested": ("linear",)}},
        {"seats": {"draws": 2, "many": "blocs", "fixed": "linear"}},
        {"outcomes": {"timeout": "left-out"}},
        {"session": {"timeout_s": 5.0}},
        {"strategies": {"boulware": "boulware", "linear": "linear", "conceder": "firm"}},
        {"strategies": {"linear": "linear", "boulware": "boulware", "conceder": "conceder"}},
        {"id": "other"},
    ],
    ids=str,
)
def test_what_determines_results_changes_the_hash(said: dict[str, Any]) -> None:
    before, after = made_design(TRIO, **BASE), made_design(TRIO, **{**BASE, **said})

    assert before.hash != after.hash


@pytest.mark.parametrize(
    "said",
    [
        {"title": "Another"},
        {"question": "What?"},
        {"budget": {"max_cost_usd": 1.0}},
        {"session": {"retry_budget_s": 5.0}},
        {"at_once": 3},
        {"transcripts": "all"},
        {"seats": {"draws": 2, "tested": ("boulware", "linear", "conceder")}},
    ],
    ids=str,
)
def test_what_determines_nothing_leaves_the_hash(said: dict[str, Any]) -> None:
    before, after = made_design(TRIO, **BASE), made_design(TRIO, **{**BASE, **said})

    assert before.hash == after.hash


def test_another_scenario_or_order_changes_the_hash() -> None:
    hashes = {
        made_design(*scenarios).hash
        for scenarios in [(PAIR, TRIO), (TRIO, PAIR), (PAIR,), (mini(rounds=3),), (mini(rounds=4),)]
    }

    assert len(hashes) == 5


def test_the_hash_of_a_plan_is_the_same_on_every_machine() -> None:
    """A change here means that results of earlier versions are taken for another plan's."""
    assert made_design(PAIR).hash == (
        "4fd1e3f14ad4d671719a3caa340d6f0b022d5a9643c9d97abb166d5d44fdbcdb"
    )


@given(plans)
@settings(deadline=None, max_examples=20)
def test_a_design_travels_to_another_process_whole_and_light(said: dict[str, Any]) -> None:
    design = drawn_design(said)
    rows = list(design.rows())
    sent = pickle.dumps(design)

    received = pickle.loads(sent)

    assert received == design
    assert list(received.rows()) == rows
    for scenario in design.scenarios:
        assert scenario.preferences
    assert len(pickle.dumps(design)) == len(sent)


def test_a_row_is_played_under_aliases_where_it_says_so() -> None:
    design = made_design(PAIR, names=("own", "alias"))
    own, aliased = design.row(0), design.row(9)

    twin = design.played_as(aliased)

    assert design.played_as(own) is PAIR
    assert twin.id == "pair-aliased"
    assert not set(twin.ids) & set(PAIR.ids)
    assert design.played_as(design.row(10)) is twin


def test_sessions_are_named_by_plan_hash_and_row() -> None:
    design = made_design(PAIR)

    assert design.session(7) == f"made-{design.hash[:8]}-000007"


def plan(**strategies: str) -> Plan:
    """Return a plan of these strategies."""
    values = {"id": "p", "title": "P", "scenarios": ["first-table"], "strategies": strategies}
    return Plan.model_validate({"minilateral-plan": 1, **values})


@pytest.mark.parametrize(
    ("environ", "spec"),
    [({}, "llm:local"), ({"MINILATERAL_MODEL": "gpt-5-mini"}, "llm:gpt-5-mini")],
)
def test_every_model_is_named(environ: dict[str, str], spec: str, tmp_path: Path) -> None:
    found = designed(plan(a="llm", b="firm+llm:x"), None, settings_at(home=tmp_path, **environ))

    assert found.specs == {"a": spec, "b": "firm+llm:x"}


@pytest.mark.parametrize(
    ("strategies", "model", "line"),
    [
        (
            {"a": "boulware", "b": "boulware()"},
            None,
            "plan p: strategies.b: 'boulware' plays as a does; expected each strategy once",
        ),
        (
            {"a": "firm(demand=0.4,exponent=2)", "b": "firm(exponent=2.0,demand=.4)"},
            None,
            (
                "plan p: strategies.b: 'firm(exponent=2.0,demand=.4)' plays as a does; expected "
                "each strategy once"
            ),
        ),
        (
            {"a": "llm", "b": "llm:x"},
            "x",
            "plan p: strategies.b: 'llm:x' plays as a does; expected each strategy once",
        ),
        (
            {"a": "firm", "b": "llm"},
            "none",
            (
                "plan p: strategies.b: seat 'llm': names no model; write e.g. llm:MODEL, or give "
                "--model or MINILATERAL_MODEL"
            ),
        ),
    ],
)
def test_strategies_that_cannot_be_told_apart_or_asked_are_refused(
    strategies: dict[str, str], model: str | None, line: str, tmp_path: Path
) -> None:
    found: Settings = settings_at(
        home=tmp_path, **({} if model is None else {"MINILATERAL_MODEL": model})
    )

    with pytest.raises(PlanError) as caught:
        designed(plan(**strategies), None, found)

    assert str(caught.value) == line


def test_the_hash_counts_scenarios_and_specifications_as_they_are_given() -> None:
    found = plan(a="linear")

    assert hash_of(found, ["x"], {"a": "linear"}) != hash_of(found, ["y"], {"a": "linear"})
    assert hash_of(found, ["x"], {"a": "linear"}) != hash_of(found, ["x"], {"a": "firm"})


def test_another_layout_of_rows_makes_other_keys_and_another_hash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = made_design()
    keys = {row.key for row in before.rows()}
    monkeypatch.setattr("delegates.evaluation.planning.design.FORMAT", 10**6)
    after = made_design()

    assert after.hash != before.hash
    assert {row.key for row in after.rows()}.isdisjoint(keys)


@pytest.mark.parametrize("spec", ["llm:gpt-5-mini", "llm:m@nowhere"])
def test_a_strategy_whose_model_cannot_be_asked_is_told_by_its_line(
    tmp_path: Path, spec: str
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        "minilateral-plan: 1\nid: p\ntitle: P\nscenarios: [first-table]\n"
        f"strategies:\n  easy: linear\n  hard: {spec!r}\n",
        encoding="utf-8",
    )
    settings = settings_at(home=tmp_path, OPENAI_API_KEY="")

    design = read_design(path, settings)
    with pytest.raises(SettingError) as caught:
        require_endpoints(design, settings)

    assert str(caught.value).startswith(f"{path}:7: strategies.hard: ")
    made = made_design(strategies={"easy": "linear", "hard": spec})
    with pytest.raises(SettingError, match=r"^plan made: strategies\.hard: "):
        require_endpoints(made, settings)
