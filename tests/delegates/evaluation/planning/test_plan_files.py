"""Plans as they are written: what is read of them, and the line that tells what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from delegates.evaluation.planning.design import designed
from delegates.evaluation.planning.notes import notes_of
from delegates.evaluation.planning.plan import LEAST_SCENARIOS
from delegates.evaluation.planning.plan_files import bundled_plans, load_plan, parse_plan, read_plan
from delegates.seats import parse_seat
from games.errors import PlanError
from tests.delegates.evaluation.made import STRATEGIES, made_design
from tests.delegates.sessions import settings_at

BASE = """minilateral-plan: 1
id: small
title: A small plan
strategies: [boulware, linear]
scenarios: [first-table]
"""

KNOWN_LAYOUTS = "'stratified', 'one' or 'blocs'"


def strategies(written: str) -> str:
    """Return the plan with other strategies."""
    return BASE.replace("[boulware, linear]", written)


def scenarios(written: str) -> str:
    """Return the plan with other scenarios."""
    return BASE.replace("[first-table]", written)


FAULTS = [
    ("", "p.yaml: the file is empty; expected a mapping"),
    ("[]", "p.yaml: expected keys with values"),
    ("plan", "p.yaml: expected keys with values, found 'plan'"),
    ("id: a", "p.yaml: minilateral-plan: is missing; expected the format's version, 1"),
    (
        "minilateral: 1",
        (
            "p.yaml: minilateral-plan: is missing; this is a scenario; a plan names it under "
            "`scenarios`"
        ),
    ),
    (BASE.replace(": 1\n", ": 2\n"), "p.yaml:1: minilateral-plan: expected 1, found 2"),
    (
        BASE.replace("id: small", "id: 1st"),
        "p.yaml:2: id: expected a name that matches '^[A-Za-z][A-Za-z0-9_-]{0,39}$', found '1st'",
    ),
    (BASE.replace("id: small\n", ""), "p.yaml: id: is missing"),
    (BASE.replace("A small plan", "' '"), "p.yaml:3: title: must not be blank, found ' '"),
    (
        BASE.replace("A small plan", '"a\\eb"'),
        "p.yaml:3: found 'a\\x1bb'; expected text without control characters",
    ),
    (BASE + "bogus: 1", "p.yaml:6: bogus: no such key is known here, found 1"),
    (BASE + "id: small", "p.yaml:6: found the key 'id' a second time"),
    (strategies("[]"), "p.yaml:4: strategies: expected at least 1 of them, found 0"),
    (strategies("{}"), "p.yaml:4: strategies: expected at least 1 of them, found 0"),
    (
        strategies("boulware"),
        (
            "p.yaml:4: strategies: expected a list of seat specifications, or NAME: SPECIFICATION "
            "line by line, found 'boulware'"
        ),
    ),
    (
        strategies("\n  - linear\n  - boulware\n  - linear"),
        "p.yaml:7: strategies.2: 'linear' stands there twice; expected each once",
    ),
    (strategies("[linear, 3]"), "p.yaml:4: strategies.1: expected a seat specification, found 3"),
    (
        strategies(f"[linear, 'firm({'demand=0.4,' * 8})']"),
        (
            "p.yaml:4: strategies.1: longer than 80 characters; expected a name before it, NAME: "
            "SPECIFICATION"
        ),
    ),
    (
        strategies("\n  - linear\n  - firm(hope=1)"),
        (
            "p.yaml:6: strategies.1: seat 'firm(hope=1)': unknown parameter 'hope'; firm takes "
            "exponent, demand"
        ),
    ),
    (
        strategies("\n  even: linear\n  sharp: firm(demand=2)"),
        (
            "p.yaml:6: strategies.sharp: seat 'firm(demand=2)': demand='2'; expected a number from "
            "0 to 1"
        ),
    ),
    (
        strategies("[linear, human]"),
        (
            "p.yaml:4: strategies.1: seat 'human': nobody sits at a batch; expected a strategy "
            "that plays by itself"
        ),
    ),
    (
        strategies("\n  a: linear\n  b: human(stand-in=firm)"),
        (
            "p.yaml:6: strategies.b: seat 'human(stand-in=firm)': nobody sits at a batch; expected "
            "a strategy that plays by itself"
        ),
    ),
    (
        strategies("\n  too hard: boulware"),
        (
            "p.yaml:5: strategies.too hard: expected 1 to 80 printable characters without spaces, "
            "found 'too hard'"
        ),
    ),
    (strategies("\n  3: boulware"), "p.yaml:5: strategies.3: expected text, found 3"),
    (strategies("\n  a: 3"), "p.yaml:5: strategies.a: expected text, found 3"),
    (scenarios("[]"), "p.yaml:5: scenarios: expected at least 1 of them, found 0"),
    (scenarios("first-table"), "p.yaml:5: scenarios: expected a list, found 'first-table'"),
    (
        scenarios("\n  - first-table\n  - first-table"),
        "p.yaml:7: scenarios.1: 'first-table' stands there twice; expected each once",
    ),
    (
        scenarios("[' ']"),
        "p.yaml:5: scenarios.0: expected a scenario's name or file, found nothing",
    ),
    (BASE + "repetitions: 0", "p.yaml:6: repetitions: expected at least 1, found 0"),
    (BASE + "repetitions: true", "p.yaml:6: repetitions: expected a whole number, found True"),
    (BASE + "repetitions: 1.5", "p.yaml:6: repetitions: expected a whole number, found 1.5"),
    (BASE + "repetitions: '3'", "p.yaml:6: repetitions: expected a whole number, found '3'"),
    (BASE + "seed: -1", "p.yaml:6: seed: expected at least 0, found -1"),
    (BASE + "names: []", "p.yaml:6: names: expected at least 1 of them, found 0"),
    (BASE + "names: [own, own]", "p.yaml:6: names.1: 'own' stands there twice; expected each once"),
    (BASE + "names: [mine]", "p.yaml:6: names.0: expected 'own' or 'alias', found 'mine'"),
    (
        BASE + "seats:\n  tested: [linear, lineal]",
        "p.yaml:7: seats.tested.1: unknown strategy 'lineal'; expected one of boulware, linear",
    ),
    (
        BASE + "seats:\n  tested: [linear]\n  against: [x]",
        "p.yaml:8: seats.against.0: unknown strategy 'x'; expected one of boulware, linear",
    ),
    (
        BASE + "seats: {fixed: x}",
        "p.yaml:6: seats.fixed: unknown strategy 'x'; expected one of boulware, linear",
    ),
    (
        BASE + "seats: {tested: [linear, linear]}",
        "p.yaml:6: seats.tested.1: 'linear' stands there twice; expected each once",
    ),
    (
        BASE + "seats: {many: all}",
        f"p.yaml:6: seats.many: expected {KNOWN_LAYOUTS}, found 'all'",
    ),
    (BASE + "seats: {draws: 0}", "p.yaml:6: seats.draws: expected at least 1, found 0"),
    (
        BASE + "seats: {self_play: 'no'}",
        "p.yaml:6: seats.self_play: expected true or false, found 'no'",
    ),
    (
        BASE + "budget: {max_cost_usd: -1}",
        "p.yaml:6: budget.max_cost_usd: expected at least 0, found -1",
    ),
    (BASE + "budget: {max_usd: 1}", "p.yaml:6: budget.max_usd: no such key is known here, found 1"),
    (
        BASE + "budget: {max_tokens: 1e9}",
        "p.yaml:6: budget.max_tokens: expected a whole number, found '1e9'",
    ),
    (
        BASE + "session: {timeout_s: 0}",
        "p.yaml:6: session.timeout_s: expected more than 0, found 0",
    ),
    (
        BASE + "outcomes:\n  timeout: dropped",
        (
            "p.yaml:7: outcomes.timeout: expected 'as-it-ended', 'no-agreement' or 'left-out', "
            "found 'dropped'"
        ),
    ),
    (
        BASE + "transcripts: some",
        "p.yaml:6: transcripts: expected 'none', 'failed' or 'all', found 'some'",
    ),
    (BASE + "at_once: 0", "p.yaml:6: at_once: expected at least 1, found 0"),
]


@pytest.mark.parametrize(("text", "line"), FAULTS, ids=lambda one: one[-40:])
def test_what_is_wrong_with_a_plan_is_told_in_one_line(text: str, line: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_plan(text, "p.yaml")

    assert str(caught.value) == line


def test_a_name_that_is_nobodys_lists_the_bundled_plans() -> None:
    with pytest.raises(PlanError) as caught:
        load_plan("quikc")

    assert str(caught.value) == (
        "quikc: no such file, and no bundled plan of that name (models, quick)"
    )


def test_a_folder_and_bytes_are_no_plan(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_bytes(b"\xff\xfe")

    with pytest.raises(PlanError, match="cannot be read: Is a directory"):
        load_plan(tmp_path)
    with pytest.raises(PlanError, match=r"p\.yaml: not UTF-8 text \(byte 0\)"):
        load_plan(tmp_path / "p.yaml")


def test_a_plan_in_a_file_knows_its_folder_and_a_bundled_one_has_none(tmp_path: Path) -> None:
    (tmp_path / "quick").write_text(BASE, encoding="utf-8")

    assert read_plan(tmp_path / "quick").folder == tmp_path
    assert read_plan(str(tmp_path / "quick")).plan.id == "small"
    assert read_plan("quick").folder is None


def test_listed_specifications_name_themselves_without_spaces() -> None:
    plan = parse_plan(strategies("[boulware, 'firm(exponent=2, demand=0.4)+llm:m@e']")).plan

    assert plan.strategies == {
        "boulware": "boulware",
        "firm(exponent=2,demand=0.4)+llm:m@e": "firm(exponent=2, demand=0.4)+llm:m@e",
    }


def test_a_plan_made_in_code_is_told_of_without_a_line(tmp_path: Path) -> None:
    plan = made_design(strategies=STRATEGIES, seats={"tested": ("soft",)}).plan

    with pytest.raises(PlanError) as caught:
        designed(plan, tmp_path, settings_at(home=tmp_path))

    assert str(caught.value) == (
        "plan made: seats.tested.0: unknown strategy 'soft'; expected one of boulware, linear, "
        "conceder"
    )


@pytest.mark.parametrize("name", bundled_plans())
def test_bundled_plans_are_valid_and_named_by_themselves(name: str, tmp_path: Path) -> None:
    written = read_plan(name)

    design = designed(written.plan, None, settings_at(home=tmp_path), source=written)

    assert design.plan.id == name
    assert len(design) > 0
    assert written.page.text.startswith("# ")


def test_quick_follows_rules_in_five_scenarios_whose_blocs_meet(tmp_path: Path) -> None:
    design = designed(load_plan("quick"), None, settings_at(home=tmp_path))

    assert all(parse_seat(spec).scripted for spec in design.specs.values())
    assert len(design.scenarios) >= LEAST_SCENARIOS
    assert len(design) == len(design.scenarios) * len(design.specs) ** 2
    assert notes_of(design) == ()


def test_models_asks_whichever_model_is_set(tmp_path: Path) -> None:
    plan = load_plan("models")

    embedded = designed(plan, None, settings_at(home=tmp_path)).specs
    named = designed(plan, None, settings_at(home=tmp_path, MINILATERAL_MODEL="m@lab")).specs

    rules = {"firm": "firm", "conceder": "conceder"}
    assert embedded == {"menu": "menu:local", "llm": "llm:local", **rules}
    assert named == {"menu": "menu:m@lab", "llm": "llm:m@lab", **rules}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "transcripts: yes",
            (
                "transcripts: found 'yes', which YAML reads as bool; "
                "expected 'none', 'failed' or 'all'"
            ),
        ),
        (
            "seats: {self_play: yes}",
            "self_play: found 'yes', which YAML reads as bool; expected true or false",
        ),
        (
            "repetitions: 0x10",
            "repetitions: found '0x10', which YAML reads as int; expected a whole number",
        ),
        (
            "question: off",
            "question: found 'off', which YAML reads as bool; expected quotes around it",
        ),
    ],
)
def test_a_value_that_yaml_misreads_is_told_with_its_key_and_what_helps(line, told):
    with pytest.raises(PlanError) as caught:
        parse_plan(f"{BASE}{line}\n", "p.yaml")

    assert str(caught.value) == f"p.yaml:6: {told}"


@pytest.mark.parametrize(
    "text",
    [
        BASE.replace("A small plan", "x" * 500),
        f"{BASE}question: {'why? ' * 500}\n",
        strategies("{" + "x" * 500 + ": linear}"),
        strategies("[" + "x" * 500 + "]"),
        strategies("{a: " + "x" * 500 + "}"),
        f"{BASE}seats: {{fixed: {'x' * 500}}}\n",
    ],
)
def test_long_texts_are_refused_in_a_short_line(text):
    with pytest.raises(PlanError) as caught:
        parse_plan(text, "p.yaml")

    assert "x" * 200 not in str(caught.value)
    assert str(caught.value).count("why?") <= 1


def test_a_scenario_is_no_plan_by_name_either():
    with pytest.raises(PlanError) as caught:
        load_plan("first-table")

    assert str(caught.value) == (
        "first-table: this is a scenario; a plan names it under `scenarios`"
    )
