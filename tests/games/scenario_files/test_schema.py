"""Editors complete and underline scenario files by a schema that agrees with what is loaded."""

from importlib.resources import files
from typing import Any

import pytest

from games.errors import ScenarioError
from games.scenario import bundled_scenarios, parse_scenario
from games.scenario_files.schema import field_sentences, scenario_schema
from games.scenario_files.strict_yaml import load_strict
from tests.games.test_scenario import GAME
from tests.support.json_schema import faults

SCHEMA = scenario_schema()


def as_json(value: Any) -> Any:
    """Return what YAML holds as an editor sees it: keys are text."""
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    return [as_json(inner) for inner in value] if isinstance(value, list) else value


def found(text: str) -> list[str]:
    return faults(SCHEMA, as_json(load_strict(text, "game.yaml")))


def bundled(name: str) -> str:
    return (files("games") / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", bundled_scenarios())
def test_every_bundled_scenario_satisfies_the_schema(name):
    assert found(bundled(name)) == []


def test_the_small_game_satisfies_the_schema():
    assert found(GAME) == []


BROKEN = [
    ("minilateral: 1", "minilateral: 2"),
    ("id: ", "nonsense: 1\nid: "),
    ("options: [1, 2]", "options: []"),
    ("options: [1, 2]", "options: 3"),
    ("{1: 0, 2: 5}", "{1: 0, 2: much}"),
    ("side: consumer", "side: buyer"),
    ("price:", "1price:"),
    ("    name:", "    nam:"),
]


@pytest.mark.parametrize(("old", "new"), BROKEN)
def test_what_is_not_loaded_for_its_form_does_not_satisfy_the_schema(old, new):
    broken = GAME.replace(old, new, 1)

    assert broken != GAME
    assert found(broken) != []
    with pytest.raises(ScenarioError):
        parse_scenario(broken)


@pytest.mark.parametrize(
    "key",
    [
        "level: {difficulty: 9}",
        "date: yesterday",
        "protocol: {breakdown: 1}",
        "protocol: {agreement: majority}",
        "protocol: {agreement: {quorum: 0}}",
        "protocol: {deadline: {start: 3, close: 0.5}}",
        "market: {supplier: China, share: 98}",
        "sources: [{id: a}]",
        "implementation: {volume: -1, price: {spot: 1, volatility: 0.2}}",
        "mandates: {A: {limits: {price: 1}}}",
        "shocks: {flood: {label: a flood, kind: weather}}",
    ],
)
def test_broken_parts_satisfy_neither_schema_nor_loader(key):
    text = "\n".join(
        line for line in GAME.splitlines() if not line.startswith(key.partition(":")[0] + ":")
    )

    assert found(f"{text}\n{key}\n") != []
    with pytest.raises(ScenarioError):
        parse_scenario(f"{text}\n{key}\n")


CHILD = "minilateral: 1\nid: child\ntitle: A child\nextends: cobalt-offtake\n"


@pytest.mark.parametrize(
    "more",
    [
        "",
        "parties: {USA: {reservation: 30}}",
        "dispute: null",
        "issues: {volume: {options: [1, 2]}, quota: null}",
        "protocol: {rounds: 5, deadline: {close: 0.1}}",
    ],
)
def test_a_file_that_extends_another_may_state_any_part(more):
    assert found(f"{CHILD}{more}\n") == []


@pytest.mark.parametrize(
    "more",
    [
        "partys: {}",
        "parties: {USA: {reservations: 30}}",
        "protocol: {rounds: none}",
        "issues: {volume: {options: []}}",
        "sources: [{id: a}]",
    ],
)
def test_what_it_states_must_still_be_known(more):
    assert found(f"{CHILD}{more}\n") != []


@pytest.mark.parametrize("key", ["id", "title", "minilateral"])
def test_it_must_have_a_version_an_id_and_a_title_of_its_own(key):
    lines = [line for line in CHILD.splitlines() if not line.startswith(f"{key}:")]

    assert found("\n".join(lines)) != []


def test_keys_stand_in_the_schema_as_files_spell_them():
    assert set(SCHEMA["$defs"]["Deadline"]["properties"]) == {"from", "close"}
    assert "extends" in SCHEMA["then"]["properties"]
    assert "extends" not in SCHEMA["else"]["properties"]


def test_the_sentence_under_a_field_explains_its_key():
    issue = SCHEMA["$defs"]["Issue"]["properties"]

    assert issue["obligor"]["description"] == "The party that must deliver what is agreed."
    assert SCHEMA["$defs"]["Deadline"]["properties"]["from"]["description"]
    assert SCHEMA["else"]["properties"]["date"]["description"].startswith("Delegates know nothing")


@pytest.mark.parametrize(
    "name", ["Issue", "Party", "Protocol", "Level", "Deadline", "Quorum", "Dispute", "Source"]
)
def test_every_key_of_the_main_parts_is_explained(name):
    fields = SCHEMA["$defs"][name]["properties"]

    assert [key for key, field in fields.items() if not field.get("description")] == []


def test_every_top_level_key_is_explained():
    fields = SCHEMA["else"]["properties"]

    assert [key for key, field in fields.items() if not field.get("description")] == []


def test_a_constant_that_stands_under_no_field_is_no_sentence():
    from games.parts.surroundings import Alternative

    assert set(field_sentences(Alternative)) == {"points", "exposure", "undercut"}
