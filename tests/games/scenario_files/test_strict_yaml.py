"""What is read is what is written, or it is refused with its line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.errors import ScenarioError
from games.scenario_files.strict_yaml import MAX_CHARACTERS, MAX_DEPTH, load_strict, locate

ROOT = Path(__file__).parents[3]
PLAIN = "; expected plain values"
QUOTES = "; expected quotes around it, or a number"


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_strict(text, "game.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 7", {"a": 7}),
        ("a: -7", {"a": -7}),
        ("a: 0.50", {"a": 0.5}),
        ("a: -1.5e+3", {"a": -1500.0}),
        ("a: true\nb: false", {"a": True, "b": False}),
        ("a: null\nb: ~\nc:", {"a": None, "b": None, "c": None}),
        ("a: some words", {"a": "some words"}),
        ("a: 'yes'", {"a": "yes"}),
        ('a: "010"', {"a": "010"}),
        ("date: 2026-02-04", {"date": "2026-02-04"}),
        ("'2026-02-04': '12:30'", {"2026-02-04": "12:30"}),
        ("- [1, 2]\n- {a: b}", [[1, 2], {"a": "b"}]),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ("a: København 钴 🜨", {"a": "København 钴 🜨"}),
        ("a: this & that! *really*", {"a": "this & that! *really*"}),
    ],
)
def test_plain_values_are_read_as_written(text, value):
    assert load_strict(text, "game.yaml") == value


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("yes", "bool"),
        ("no", "bool"),
        ("on", "bool"),
        ("off", "bool"),
        ("Yes", "bool"),
        ("True", "bool"),
        ("FALSE", "bool"),
        ("NULL", "null"),
        ("2026-02-04", "timestamp"),
        ("2026-02-04 12:30:00", "timestamp"),
        ("010", "int"),
        ("0x1F", "int"),
        ("0b101", "int"),
        ("12:30", "int"),
        ("12:30.5", "float"),
        (".5", "float"),
        (".inf", "float"),
        (".nan", "float"),
        ("1.0e+999", "float"),
        ("9" * 19, "int"),
        ("=", "value"),
    ],
)
@pytest.mark.parametrize("shape", ["first: 1\nsecond: {}", "first:\n- {}", "x: 1\n{}: 2"])
def test_a_value_that_yaml_would_turn_into_another_is_refused_with_its_line(value, kind, shape):
    message = refusal(shape.format(value))

    assert message == (
        f"game.yaml:2: found {value!r}, which YAML reads as {kind}; "
        "expected quotes around it, or a number"
    )


@pytest.mark.parametrize(
    ("value", "plainly"), [("60_000", "60000"), ("-1_000.5", "-1000.5"), ("1_2", "12")]
)
def test_a_number_with_underscores_is_told_as_it_was_written(value, plainly):
    assert refusal(f"first: 1\nsecond: {value}") == (
        f"game.yaml:2: found {value!r}; expected {plainly}, or quotes around it"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", "game.yaml:3: found the key 'a' a second time"),
        ("x:\n  1: a\n  '1': b", "game.yaml:3: found the key '1' a second time"),
        ("x:\n  1.5: a\n  1.50: b", "game.yaml:3: found the key '1.50' a second time"),
        ("x: 1\na: &name 1", "game.yaml:2: found the anchor 'name'; expected plain values"),
        ("x: 1\na: &name [1]", "game.yaml:2: found the anchor 'name'; expected plain values"),
        ("x: 1\na: *name", "game.yaml:2: found an alias; expected the value written out"),
        (
            "a: !!str yes",
            "game.yaml:1: found the tag 'tag:yaml.org,2002:str'; expected plain values",
        ),
        ("a: ! yes", "game.yaml:1: found the tag '!'; expected plain values"),
        ("a: !mine {}", "game.yaml:1: found the tag '!mine'; expected plain values"),
        (
            "a: 1\nb: !!python/object/apply:os.system [ls]",
            "game.yaml:2: found the tag 'tag:yaml.org,2002:python/object/apply:os.system'" + PLAIN,
        ),
        (
            "a:\n  <<: {b: 1}",
            "game.yaml:2: found '<<', which YAML reads as merge" + QUOTES,
        ),
        ("? [a, b]\n: 1", "game.yaml:1: found a key that is not a single word or number"),
        ("", "game.yaml: the file is empty; expected a mapping"),
        ("# only a comment", "game.yaml: the file is empty; expected a mapping"),
        ("a: 1\nb: \x00", r"game.yaml:2: found '\x00'; expected plain text"),
        ("a: 1\n\x1b[31mred", r"game.yaml:2: found '\x1b'; expected plain text"),
        ("\x7fELF\x02\x01", r"game.yaml:1: found '\x7f'; expected plain text"),
        ("a: \ud800", r"game.yaml:1: found '\ud800'; expected plain text"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(text, message):
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "line"), [("a: 1\n---\nb: 2", 2), ("a: 1\nb: [1, 2\nc: 3", 3), ("a: 1\nb:\t- c\n", 2)]
)
def test_what_is_not_one_yaml_document_is_refused_with_its_line(text, line):
    assert refusal(text).startswith(f"game.yaml:{line}: not valid YAML: ")


def test_a_long_number_is_not_quoted_in_full():
    assert len(refusal(f"a: {'9' * 5000}")) < 200


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")])
def test_nesting_is_read_to_its_limit_and_no_deeper(opening, closing):
    deepest = opening * MAX_DEPTH + "1" + closing * MAX_DEPTH

    load_strict(deepest, "game.yaml")

    assert refusal(f"{opening}{deepest}{closing}") == (
        f"game.yaml:1: found nested deeper than {MAX_DEPTH} levels"
    )


def test_nesting_that_would_overflow_the_stack_does_not_end_the_process():
    code = (
        "from games.scenario_files.strict_yaml import load_strict\n"
        "try: load_strict('[' * 400_000, 'deep')\n"
        "except Exception as error: print(type(error).__name__)\n"
    )

    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert (finished.returncode, finished.stdout) == (0, "ScenarioError\n")


def test_a_text_longer_than_the_limit_is_not_read():
    assert refusal("#" * (MAX_CHARACTERS + 1)) == (
        f"game.yaml: {MAX_CHARACTERS + 1} characters; at most {MAX_CHARACTERS} are read"
    )


plain = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**17), 10**17),
        st.text("abc é钴-:#'\"\\\n", max_size=8),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz ", max_size=3), inner),
    max_leaves=8,
)


@given(plain)
def test_json_is_read_as_json_reads_it(value):
    assert load_strict(json.dumps({"value": value}, ensure_ascii=False), "j") == {"value": value}


def complaint(text: str) -> str | None:
    """Return why a text is refused, or nothing."""
    try:
        load_strict(text, "any")
    except ScenarioError as error:
        return str(error)
    return None


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_one_line(text):
    message = complaint(text) or "any: nothing"

    assert message.startswith("any:")
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: yes\nb: *x", "game.yaml:2: found an alias; expected the value written out"),
        ("a: yes\nb: {c: &d 1}", "game.yaml:2: found the anchor 'd'; expected plain values"),
        ("a: yes\nb: [1", "game.yaml:3: not valid YAML: did not find expected ',' or ']'"),
        ("a: yes\n---\nb: 1", "game.yaml:2: not valid YAML: but found another document"),
        ("a: 1\n---\nb: *x", "game.yaml:3: found an alias; expected the value written out"),
        ("a: yes\nb: 010", "game.yaml:1: found 'yes', which YAML reads as bool" + QUOTES),
        ("a: 1\na: 010", "game.yaml:2: found the key 'a' a second time"),
        ("? {a: yes}\n: 1", "game.yaml:1: found a key that is not a single word or number"),
    ],
)
def test_what_is_no_plain_yaml_is_told_before_a_value_that_is_not_plain(text, message):
    assert refusal(text) == message


TEXT = "a:\n  b:\n  - 1\n  - c: 2\n"


@pytest.mark.parametrize(
    ("path", "line", "standing"),
    [
        ((), None, ()),
        (("nowhere",), None, ()),
        (("a",), 2, ("a",)),
        (("a", "b", "1", "c"), 4, ("a", "b", "1", "c")),
        (("a", "b", "7"), 3, ("a", "b")),
        (("a", "Alternative", "b", "0", "int"), 3, ("a", "b", "0")),
    ],
)
def test_a_place_is_located_by_the_parts_that_stand_in_the_text(path, line, standing):
    assert locate(TEXT, path) == (line, standing)


@pytest.mark.parametrize("escape", ["\\e[2J", "\\a", "\\u202e", "\\x9b31m", "\\r", "\\0"])
def test_text_that_a_terminal_would_act_on_is_refused_though_escapes_spell_it(escape):
    with pytest.raises(ScenarioError, match=r"^f:2: found .*expected text without control"):
        load_strict(f'a: 1\nb: "x{escape}y"', "f")


def test_line_breaks_and_tabs_are_text():
    assert load_strict('a: "x\\n\\ty"', "f") == {"a": "x\n\ty"}
