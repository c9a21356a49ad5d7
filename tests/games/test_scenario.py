"""Scenario files are read once, strictly, and written back equal."""

import hashlib

import pytest
from hypothesis import given

from games.errors import ScenarioError
from games.scenario import Scenario, bundled_scenarios, load_scenario, parse_scenario
from tests.support.domains import scenarios

GAME = """\
minilateral: 1
id: cobalt
title: A test
protocol: {rounds: 4}
issues:
  price:
    label: price
    options: [1, 2]
  tax:
    label: tax
    options: [low, high]
parties:
  A:
    name: Aland
    side: consumer
    points:
      price: {1: 0, 2: 5}
      tax: {low: 0, high: 5}
  B:
    name: Bland
    side: supplier
    points:
      price: {1: 0, 2: 5}
      tax: {low: 0, high: 5}
"""
PROTOCOL, PRICE, SIDE = "protocol: {rounds: 4}", "    label: price", "    side: consumer"


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "game.yaml")
    return str(caught.value)


def changed(old: str, new: str) -> str:
    """Return the game with its only, or first, `old` replaced."""
    assert old in GAME
    return GAME.replace(old, new, 1)


def test_a_scenario_is_read():
    game = parse_scenario(GAME)

    assert (game.id, game.ids, game.space.size) == ("cobalt", ("A", "B"), 4)
    assert game.protocol.opens == "alternate"
    assert game.preferences[0].utilities.tolist() == [0, 5, 5, 10]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minilateral: 1", "minilateral: 2", "1: minilateral: expected 1, found 2"),
        ("minilateral: 1\n", "", " minilateral: is missing"),
        ("id: cobalt", "id: 7 dwarfs", "2: id: expected a name that matches"),
        ("title: A test", "title: ' '", "3: title: must not be blank, found ' '"),
        (PROTOCOL, "protocol: {rounds: 0}", "4: protocol.rounds: expected at least 1"),
        (PROTOCOL, "protocol: {round: 9}", "4: protocol.round: no such key is known here"),
        (
            PROTOCOL,
            "protocol: {kind: vote}",
            "4: protocol.kind: expected 'alternating-offers'",
        ),
        (
            PROTOCOL,
            "protocol: {opens: B}",
            "4: protocol.opens: expected 'fixed', 'alternate'",
        ),
        (
            PROTOCOL,
            "protocol: {breakdown: 1}",
            "4: protocol.breakdown: expected less than 1",
        ),
        (
            PROTOCOL,
            "protocol: {agreement: all}",
            "4: protocol.agreement: expected 'unanimity'",
        ),
        (
            PROTOCOL,
            "protocol:\n  agreement: {quorum: 2}",
            "5: protocol.agreement.quorum: expected at most 1, found 2",
        ),
        (
            PROTOCOL,
            "protocol:\n  deadline: {from: 2}",
            "5: protocol.deadline.close: is missing",
        ),
        ("[1, 2]", "[1, true]", "8: issues.price.options.1: expected a number or text, found true"),
        ("[1, 2]", "[]", "8: issues.price.options: expected at least 1 of them, found 0"),
        (SIDE, "    side: left", "15: parties.A.side: expected 'consumer', 'supplier'"),
        (
            SIDE,
            f"{SIDE}\n    discount: 1.1",
            "16: parties.A.discount: expected at most 1, found 1.1",
        ),
        (SIDE, f"{SIDE}\n    weight: 0", "16: parties.A.weight: expected more than 0"),
        (
            SIDE,
            f"{SIDE}\n    reservation: high",
            "16: parties.A.reservation: expected a number, found 'high'",
        ),
        (SIDE, f"{SIDE}\n    reservation: 1e400", "16: parties.A.reservation: expected a"),
        (SIDE, f"{SIDE}\n    colour: red", "16: parties.A.colour: no such key is known here"),
        (SIDE, f'{SIDE}\n    "a\\nb": 1', "16: parties.A.a b: no such key is"),
        (
            SIDE,
            f'{SIDE}\n    "a\\e[31m": 1',
            "16: found 'a\\x1b[31m'; expected text",
        ),
        (
            SIDE,
            f"{SIDE}\n    brief: {'x' * 20_001}",
            "16: parties.A.brief: expected at most 20000 characters",
        ),
    ],
)
def test_a_value_at_fault_is_named_with_file_line_place_and_expectation(old, new, message):
    line = refusal(changed(old, new))

    assert line.startswith(f"game.yaml:{message}")
    assert len(line.splitlines()) == 1
    assert len(line) < 250


@pytest.mark.parametrize("text", ["[1]", "words", "3", "{}"])
def test_what_is_not_a_scenario_at_all_is_refused_in_one_line(text):
    assert len(refusal(text).splitlines()) == 1


def test_what_is_not_yaml_is_refused_by_the_reader():
    assert refusal("a: yes").startswith("game.yaml:1: found 'yes'")


def test_there_must_be_two_parties():
    alone = GAME[: GAME.index("  B:\n")]

    assert refusal(alone).startswith("game.yaml:13: parties: expected at least 2 of them, found 1")


@given(scenarios())
def test_canonical_json_reads_back_to_an_equal_scenario(scenario):
    text = scenario.canonical()

    assert Scenario.model_validate_json(text) == scenario
    assert parse_scenario(text) == scenario
    assert parse_scenario(text).canonical() == text


def test_the_sum_of_a_scenario_is_that_of_its_canonical_text():
    scenario = load_scenario("first-table")

    assert scenario.sha256() == hashlib.sha256(scenario.canonical().encode()).hexdigest()
    assert scenario.sha256() != scenario.model_copy(update={"title": "Another"}).sha256()


def test_canonical_json_keeps_options_as_they_were_written():
    game = parse_scenario(changed("[1, 2]", "[1, 2.50]").replace("2: 5", "2.5: 5"))

    assert game.issues["price"].texts == ("1", "2.5")
    assert parse_scenario(game.canonical()).issues["price"].options == (1, 2.5)


def test_canonical_json_keeps_a_deadline_under_its_own_name():
    game = parse_scenario(changed(PROTOCOL, "protocol: {deadline: {from: 3, close: 0.25}}"))

    assert '"from":3' in game.canonical()
    assert parse_scenario(game.canonical()) == game


def test_what_follows_from_a_scenario_is_computed_once():
    game = parse_scenario(GAME)
    calls: list[Scenario] = []

    def compute(scenario: Scenario) -> int:
        calls.append(scenario)
        return 7

    assert [game.once("seven", compute), game.once("seven", compute)] == [7, 7]
    assert calls == [game]
    assert game.preferences is game.preferences


def test_a_copy_has_computed_nothing_yet():
    game = parse_scenario(GAME)
    game.once("seven", lambda _: 7)
    tables = game.preferences

    copy = game.model_copy()

    assert copy == game
    assert copy.kept == {}
    assert copy.preferences is not tables
    assert game.preferences is tables


def test_a_changed_copy_computes_from_what_was_changed():
    game = parse_scenario(GAME)
    shorter = game.model_copy(update={"issues": {"price": game.issues["price"]}})

    assert (game.space.size, shorter.space.size) == (4, 2)


def test_a_scenario_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="frozen"):
        parse_scenario(GAME).title = "Another"  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("name", bundled_scenarios())
def test_bundled_scenarios_load_and_read_back(name):
    game = load_scenario(name)

    assert parse_scenario(game.canonical()) == game


def test_a_file_is_read(tmp_path):
    path = tmp_path / "game.yaml"
    path.write_text(GAME, encoding="utf-8")

    assert load_scenario(path) == load_scenario(str(path)) == parse_scenario(GAME)


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path):
    path = tmp_path / "game.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GAME.replace("\n", "\r\n").encode())

    assert load_scenario(path) == parse_scenario(GAME)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty; expected a mapping"),
        (b"\xff\xfe\x00\x00", "not UTF-8 text (byte 0)"),
        (b"a: 1\n\x00\x01\x02", r"2: found '\x00'; expected plain text"),
        (b"#" * 4_000_001, "larger than 4000000 bytes; not read"),
        (b"[" * 100_000, "1: found nested deeper than 20 levels"),
    ],
)
def test_a_file_that_is_no_text_is_refused_by_name(tmp_path, content, message):
    path = tmp_path / "game.yaml"
    path.write_bytes(content)

    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)

    assert str(caught.value).startswith(f"{path}:")
    assert str(caught.value).endswith(message)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no-such", "no-such: no such file, and no bundled scenario of that name"),
        (
            "first-tabel",
            "first-tabel: no such file, and no bundled scenario of that name; is it first-table?",
        ),
        (".", ".: cannot be read: Is a directory"),
        ("a\0b", r"'a\x00b': no file can have this name"),
        ("/dev/zero", "/dev/zero: larger than 4000000 bytes; not read"),
    ],
)
def test_a_name_that_leads_to_no_file_is_refused(name, message):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)

    assert str(caught.value).startswith(message)
