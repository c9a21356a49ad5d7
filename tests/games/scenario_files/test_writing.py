"""A scenario written out reads back equal, whatever its words and numbers are."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from games.errors import ScenarioError
from games.scenario import Scenario, bundled_scenarios, load_scenario, parse_scenario
from games.scenario_files.strict_yaml import ACTED_ON
from games.scenario_files.writing import scenario_text
from tests.support.domains import party, scenario, scenarios

TRICKY = ["yes", "no", "on", "off", "~", "null", "true", "010", "0x1F", "1_000", "12:30", "3000",
          "1.5", "1e-07", ".5", "5.", "-0", "nan", ".inf", "2026-02-04", "2026-02-04 12:00:00", "=",
          "<<", "- a", "a: b", "a #b", "#a", "'", '"', "'quoted'", "{a}", "[a]", "*a", "&a", "!a",
          "|", ">", "%", "@", "`", "", " ", " a ", "a\nb", "\n", "a\n\n b\n", "\t",
          "\u2028", "\n\u2028", " \u2029 a", "\xa0", "钴 🜨", "---", "...", "?", "? a",
          ":", ",", "\\", "\ufffe"]  # fmt: skip

words = st.one_of(
    st.sampled_from(TRICKY),
    st.lists(st.sampled_from("ab \t\n\u2028\u2029'\":#-\\"), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(
        lambda text: not ACTED_ON.search(text)
    ),
)
numbers = st.one_of(
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
)
points = st.floats(-1e9, 1e9)


@st.composite
def worded_scenarios(draw: st.DrawFn) -> Scenario:
    """Draw a scenario of two issues with any words and numbers in all places."""
    options = draw(
        st.lists(st.one_of(words, numbers), min_size=1, max_size=4, unique_by=lambda o: str(o))
    )
    texts = [option if isinstance(option, str) else repr(option) for option in options]
    first = {"label": draw(words), "unit": draw(words), "options": options, "unmet": texts[0]}
    spelled = {
        name: party(
            {
                "i": {text: draw(points) for text in texts},
                "yes": dict.fromkeys(["010", "12:30"], draw(points)),
            },
            draw(points),
            name=draw(words),
            brief=draw(words),
            side=side,
            links=[{"issues": ["i", "yes"], "points": {texts[-1]: {"010": draw(points)}}}],
        )
        for name, side in (("no", "consumer"), ("NULL", "supplier"))
    }
    return scenario(
        {"i": first, "yes": ["010", "12:30"]},
        spelled,
        title="T" + draw(words),
        setting=draw(words),
        date=draw(st.sampled_from(["", "2026-02-04"])),
        protocol={"rounds": 5, "deadline": {"from": 2, "close": 0.25}},
    )


@given(worded_scenarios())
def test_any_words_and_numbers_read_back_equal(original: Scenario) -> None:
    again = parse_scenario(scenario_text(original))

    assert again == original
    assert again.canonical() == original.canonical()
    assert scenario_text(again) == scenario_text(original)


@given(scenarios())
def test_games_with_links_limits_and_protocols_read_back_equal(original: Scenario) -> None:
    assert parse_scenario(scenario_text(original)) == original


@pytest.mark.parametrize("name", bundled_scenarios())
def test_bundled_scenarios_read_back_equal(name: str) -> None:
    original = load_scenario(name)

    assert parse_scenario(scenario_text(original)) == original


@given(points)
@example(1e-07)
@example(123456789.12345679)
@example(-1.5e-300)
@example(5e-324)
@example(0.1 + 0.2)
def test_points_keep_every_bit(value: float) -> None:
    original = scenario({"i": ["a"]}, {name: party({"i": {"a": value}}) for name in ("A", "B")})

    again = parse_scenario(scenario_text(original))

    assert again.parties["A"].points["i"]["a"].hex() == value.hex()


def test_a_file_looks_as_if_written_by_hand() -> None:
    original = scenario(
        {"volume": [3000, 7500.5, "none"], "time": {"label": "when", "options": ["12:30", "no"]}},
        {
            name: party(
                {
                    "volume": {"3000": 0, "7500.5": 2.5, "none": 9},
                    "time": {"12:30": 1, "no": 0},
                }
            )
            for name in ("A", "B")
        },
    )

    lines = scenario_text(original).splitlines()

    assert "    options: [3000, 7500.5, none]" in lines
    assert "    options: ['12:30', 'no']" in lines
    assert "      volume: {3000: 0.0, 7500.5: 2.5, none: 9.0}" in lines
    assert "      time: {'12:30': 1.0, 'no': 0.0}" in lines


def test_a_scenario_too_long_to_be_read_is_not_written() -> None:
    words = {f"i{number}": {"label": "x" * 20_000, "options": ["a"]} for number in range(64)}
    own = party({name: {"a": 0} for name in words})
    original = scenario(words, {"A": own, "B": own})

    with pytest.raises(ScenarioError, match=r"test: \d+ characters .*; at most 1000000 are read"):
        scenario_text(original)


@pytest.mark.parametrize("sign", [1, -1])
def test_whole_numbers_are_written_as_long_as_they_can_be_read(sign: int) -> None:
    def with_option(option: int) -> Scenario:
        own = party({"i": {str(option): 0}})
        return scenario({"i": [option]}, {"A": own, "B": own})

    longest = with_option(sign * (10**18 - 1))

    assert parse_scenario(scenario_text(longest)) == longest
    with pytest.raises(ScenarioError, match="has more than 18 digits"):
        scenario_text(with_option(sign * 10**18))


@pytest.mark.parametrize("title", TRICKY)
def test_words_that_yaml_would_change_are_kept(title: str) -> None:
    own = party({"i": {"a": 0}})
    original = scenario({"i": ["a"]}, {"A": own, "B": own}, title=f"T{title}", setting=title)

    assert parse_scenario(scenario_text(original)) == original
