"""A scenario may extend another: what it states holds, the rest is its parent's."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import ScenarioError
from games.scenario import Scenario, bundled_scenarios, load_scenario, parse_scenario
from games.scenario_files.strict_yaml import MAX_CHARACTERS
from games.scenario_files.written import MAX_PARENTS, read_written
from tests.games.test_scenario import GAME
from tests.support.domains import scenarios

OWN = "minilateral: 1\nid: child\ntitle: A child\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with the small game in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parent.yaml").write_text(GAME, encoding="utf-8")
    return tmp_path


def child(more: str = "", extends: str = "parent.yaml", name: str = "child.yaml") -> Scenario:
    Path(name).write_text(f"{OWN}extends: {extends}\n{more}\n", encoding="utf-8")
    return load_scenario(name)


def refusal(more: str = "", extends: str = "parent.yaml") -> str:
    with pytest.raises(ScenarioError) as caught:
        child(more, extends)
    return str(caught.value)


def but_for_its_name(game: Scenario) -> Scenario:
    return game.model_copy(update={"id": "any", "title": "any"})


@pytest.mark.parametrize("name", bundled_scenarios())
def test_extending_with_nothing_is_the_parent_but_for_id_and_title(name):
    found = child(extends=name)

    assert (found.id, found.title) == ("child", "A child")
    assert but_for_its_name(found) == but_for_its_name(load_scenario(name))
    assert "extends" not in found.canonical()


@settings(max_examples=40, deadline=None)
@given(scenarios(), st.floats(-10, 10).map(lambda number: round(number, 3)))
def test_any_scenario_can_be_extended_and_one_figure_changed(game: Scenario, reservation: float):
    Path("parent.json.yaml").write_text(game.canonical(), encoding="utf-8")
    party = game.ids[-1]

    same = child(extends="parent.json.yaml")
    other = child(f"parties: {{{party}: {{reservation: {reservation:.3f}}}}}", "parent.json.yaml")

    assert but_for_its_name(same) == but_for_its_name(game)
    assert other.parties[party].reservation == reservation
    assert other.parties[party].points == game.parties[party].points
    assert {**other.parties, party: None} == {**game.parties, party: None}
    assert other.ids == game.ids


def test_mappings_are_joined_and_lists_replaced():
    found = child(
        "issues: {price: {options: [1]}}\nparties: {A: {points: {price: {1: 7, 2: null}}},"
        " B: {points: {price: {2: null}}}}"
    )
    parent = load_scenario("parent.yaml")

    assert found.issues["price"].options == (1,)
    assert found.issues["price"].label == parent.issues["price"].label
    assert found.parties["A"].points["price"] == {"1": 7}
    assert found.parties["A"].points["tax"] == parent.parties["A"].points["tax"]


def test_null_removes_an_issue_with_the_points_for_it():
    found = child(
        "issues: {tax: null}\nparties: {A: {points: {tax: null}}, B: {points: {tax: null}}}"
    )

    assert tuple(found.issues) == ("price",)


def test_a_number_as_a_key_is_the_same_key_quoted_or_not():
    found = child("parties: {A: {points: {price: {'1': 3.5}}}}")

    assert found.parties["A"].points["price"]["1"] == 3.5


def test_new_parties_move_last():
    new = "{name: C, side: mixed, points: {price: {1: 0, 2: 1}, tax: {low: 0, high: 1}}}"

    assert child(f"parties: {{C: {new}}}").ids == ("A", "B", "C")


def test_a_chain_is_joined_from_its_beginning():
    Path("middle.yaml").write_text(
        f"{OWN}extends: parent.yaml\nparties: {{A: {{reservation: 1, discount: 0.5}}}}\n"
    )
    found = child("parties: {A: {reservation: 2}}", "middle.yaml")

    assert (found.parties["A"].reservation, found.parties["A"].discount) == (2, 0.5)


def test_a_file_that_begins_with_a_byte_order_mark_can_be_extended():
    Path("parent.yaml").write_text(GAME.lstrip(), encoding="utf-8-sig")

    assert child().ids == ("A", "B")


def test_a_file_is_looked_for_beside_the_one_that_names_it(folder):
    (folder / "deep").mkdir()
    Path("deep/middle.yaml").write_text(f"{OWN}extends: ../parent.yaml\n")

    assert child(extends="deep/middle.yaml").ids == ("A", "B")


@pytest.mark.parametrize("key", ["id", "title", "minilateral"])
def test_version_id_and_title_are_never_taken_from_the_parent(key):
    lines = [line for line in OWN.splitlines() if not line.startswith(f"{key}:")]
    Path("child.yaml").write_text("\n".join([*lines, "extends: parent.yaml\n"]))

    with pytest.raises(ScenarioError, match=rf"^child\.yaml: {key}: is missing$"):
        load_scenario("child.yaml")


def test_what_is_wrong_in_the_child_is_found_there():
    assert refusal("parties:\n  A:\n    discount: 7\n") == (
        "child.yaml:7: parties.A.discount: expected at most 1, found 7"
    )


def test_what_is_wrong_in_the_parent_is_found_there():
    Path("parent.yaml").write_text(GAME.replace("{1: 0, 2: 5}", "{1: 0, 2: much}", 1))

    line = Path("parent.yaml").read_text().splitlines().index("      price: {1: 0, 2: much}") + 1
    assert refusal("parties: {A: {discount: 0.9}}") == (
        f"parent.yaml:{line}: parties.A.points.price.2: expected a number, found 'much'"
    )


def test_what_the_parent_lacks_for_what_the_child_adds_is_found_in_the_parent():
    assert refusal("issues:\n  price:\n    options: [1, 2, 3]").startswith(
        "parent.yaml:17: parties.A.points.price: the option '3' has no points"
    )


def test_a_list_that_was_replaced_is_the_childs():
    lines = "    red_lines: [{tax: low}, {price: 1}]\n"
    Path("parent.yaml").write_text(GAME.replace("    name: Aland\n", f"    name: Aland\n{lines}"))

    assert refusal("parties:\n  A:\n    red_lines:\n      - {}") == (
        "child.yaml:8: parties.A.red_lines.0: expected at least one issue"
    )


SOURCES = "sources: [{id: a, title: one, note: Old.}, {id: b, title: two}]\n"


def test_sources_are_joined_by_id():
    Path("parent.yaml").write_text(f"{GAME}{SOURCES}", encoding="utf-8")
    found = child("sources:\n  - {id: c, title: three}\n  - {id: a, note: New.}").sources

    assert [(one.id, one.title, one.note) for one in found] == [
        ("a", "one", "New."),
        ("b", "two", ""),
        ("c", "three", ""),
    ]


def test_a_source_that_is_wrong_is_found_in_the_file_that_says_so():
    Path("parent.yaml").write_text(f"{GAME}{SOURCES}", encoding="utf-8")
    line = len(GAME.splitlines()) + 1

    assert refusal("sources:\n  - {id: c}") == "child.yaml:6: sources.2.title: is missing"
    assert refusal("sources:\n  - {id: b, basis: hearsay}").startswith(
        "child.yaml:6: sources.1.basis: expected 'fact', 'estimate' or 'judgement'"
    )
    Path("parent.yaml").write_text(f"{GAME}{SOURCES}".replace("title: two", "titel: two"))
    assert refusal("sources:\n  - {id: c, title: three}") == (
        f"parent.yaml:{line}: sources.1.title: is missing"
    )


def test_without_sources_the_childs_are_the_only_ones_and_null_removes_all():
    assert [one.id for one in child("sources: [{id: c, title: three}]").sources] == ["c"]
    Path("parent.yaml").write_text(f"{GAME}{SOURCES}", encoding="utf-8")
    assert child("sources: null").sources == ()


def test_a_stray_key_is_found_in_the_file_and_line_in_which_it_stands():
    # The child takes an issue away and says other things of the points that its parent states.
    text = GAME.replace("  B:\n", "  B:\n    discount: 0.9\n")
    Path("parent.yaml").write_text(text, encoding="utf-8")
    more = (
        "issues: {tax: null}\nparties:\n  A: {points: {tax: null}}\n  B: {points: {price: {2: 4}}}"
    )
    line = [number for number, one in enumerate(text.splitlines(), 1) if "tax: {" in one][-1]

    assert (
        refusal(more)
        == f"parent.yaml:{line}: parties.B.points: unknown 'tax'; expected one of price"
    )


def test_yaml_that_is_none_is_told_of_the_parent():
    Path("parent.yaml").write_text("minilateral: 1\na: [1\n")

    assert refusal().startswith("parent.yaml:3: not valid YAML")


def test_a_parent_that_is_missing_is_told_in_the_line_that_names_it():
    assert refusal(extends="nowhere.yaml").startswith(
        "child.yaml:4: extends: nowhere.yaml: no such file, and no bundled scenario of that name ("
    )


@pytest.mark.parametrize("named", ["[a]", "3", "null", "''"])
def test_extends_wants_a_name(named):
    assert refusal(extends=named).startswith(
        "child.yaml:4: extends: expected a bundled scenario's name or a file, found "
    )


def test_a_folder_is_no_parent(folder):
    (folder / "deep").mkdir()

    assert refusal(extends="deep") == "deep: cannot be read: Is a directory"


def test_a_file_that_holds_no_keys_is_no_parent():
    Path("parent.yaml").write_text("[{minilateral: 1}]\n")

    assert refusal() == "child.yaml:4: extends: parent.yaml holds no keys with values"


@pytest.mark.parametrize(
    "secret",
    [
        "password: hunter2\n",
        "mode: 0777\nhunter2: x\n",
        "hunter2: [1\n",
        "hunter2\n",
        "- hunter2\n",
        "&hunter2 a: b\n",
        "hunter2: 1\nhunter2: 2\n",
        "Name: minilateral is not hunter2\n",
    ],
)
def test_nothing_is_told_of_a_file_that_is_no_scenario(folder, secret):
    """A scenario of somebody else's may name any file of its reader's."""
    (folder / "secret.yaml").write_text(secret)

    assert refusal(extends="secret.yaml") == (
        "secret.yaml: no scenario's file: it does not say `minilateral: 1`"
    )


@pytest.mark.parametrize("named", ["/dev/zero", "pipe", "/dev/stdin"])
def test_only_a_plain_file_is_read_for_another(folder, named):
    os.mkfifo(folder / "pipe")

    assert "plain file" in refusal(extends=named)


def test_a_circle_is_found_whatever_way_leads_round_it(folder):
    (folder / "deep").mkdir()
    Path("parent.yaml").write_text(f"{OWN}extends: deep/../child.yaml\n")

    assert refusal() == (
        "parent.yaml:4: extends: deep/../child.yaml comes back to itself; expected another one"
    )


def test_a_file_that_extends_itself_is_a_circle():
    assert refusal(extends="child.yaml") == (
        "child.yaml:4: extends: child.yaml comes back to itself; expected another one"
    )


@pytest.mark.parametrize(("length", "is_read"), [(MAX_PARENTS, True), (MAX_PARENTS + 1, False)])
def test_so_many_files_may_extend_one_another_and_no_more(length, is_read):
    Path("f0.yaml").write_text(GAME)
    for number in range(1, length + 1):
        Path(f"f{number}.yaml").write_text(f"{OWN}extends: f{number - 1}.yaml\n")

    if is_read:
        assert load_scenario(f"f{length}.yaml").ids == ("A", "B")
    else:
        with pytest.raises(ScenarioError, match="more than 8 files extend one another"):
            load_scenario(f"f{length}.yaml")


def test_null_where_there_is_nothing_to_remove_is_refused():
    assert refusal("parties:\n  C: null") == (
        "child.yaml:6: parties.C: null removes a key; there is none of this name to remove"
    )


def test_a_parent_is_read_as_far_as_any_scenario():
    Path("parent.yaml").write_text("a" * (4 * MAX_CHARACTERS + 1))

    assert "larger than 4000000 bytes; not read" in refusal()


def test_a_text_that_is_no_file_can_extend_bundled_scenarios_only():
    found = parse_scenario(f"{OWN}extends: first-table\nlevel: {{minutes: 7}}\n")

    assert found.level.minutes == 7
    with pytest.raises(ScenarioError, match=r"^scenario:4: extends: expected a bundled scenario"):
        parse_scenario(f"{OWN}extends: parent.yaml\n")


def test_a_scenario_that_is_loaded_knows_no_such_key():
    with pytest.raises(ValueError, match="extends"):
        Scenario.model_validate({**load_scenario("parent.yaml").model_dump(), "extends": "a"})


def test_places_are_those_of_whoever_has_the_last_word():
    Path("child.yaml").write_text(f"{OWN}extends: parent.yaml\nparties: {{A: {{discount: 0.5}}}}\n")
    found = read_written("child.yaml")

    assert found.place(("parties", "A", "discount")).text == "child.yaml:5"
    assert found.place(("parties", "A", "points")).text.startswith("parent.yaml:")
    assert found.place(("nothing",)).text == "child.yaml"
