"""Scenarios that Genius can express survive the way there and back; the others are refused."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.errors import ScenarioError, UserError
from games.formats.genius import read_genius
from games.formats.genius_writer import left_behind, write_genius
from games.scenario import Scenario
from tests.games.formats.genius_domains import PLAIN
from tests.support.domains import party, scenario

DOMAIN = """\
<negotiation_template>
<utility_space number_of_issues="2">
<objective index="0" etype="objective" type="objective" description="" name="A &lt;test&gt;">
<issue index="1" etype="discrete" type="discrete" vtype="integer" name="annual volume" id="volume">
<item index="1" value="3000" cost="0" description=""/>
<item index="2" value="5000" cost="0" description=""/>
<item index="3" value="7500" cost="0" description=""/>
</issue>
<issue index="2" etype="discrete" type="discrete" vtype="discrete" name="quota" id="quota">
<item index="1" value="none" cost="0" description=""/>
<item index="2" value="&quot;best effort&quot;" cost="0" description=""/>
</issue>
</objective>
</utility_space>
</negotiation_template>
"""

PROFILE = """\
<utility_space number_of_issues="2">
<objective index="0" etype="objective" type="objective" description="" name="A &lt;test&gt;">
<issue index="1" etype="discrete" type="discrete" vtype="integer" name="annual volume">
<item index="1" value="3000" evaluation="0"/>
<item index="2" value="5000" evaluation="0.25"/>
<item index="3" value="7500" evaluation="1"/>
</issue>
<issue index="2" etype="discrete" type="discrete" vtype="discrete" name="quota">
<item index="1" value="none" evaluation="-0.3333333333333333333333333"/>
<item index="2" value="&quot;best effort&quot;" evaluation="1"/>
</issue>
<weight index="1" value="0.4"/>
<weight index="2" value="0.6"/>
</objective>
<discount_factor value="0.25"/>
<reservation value="0.305"/>
</utility_space>
"""

ISSUES = {
    "volume": {"label": "annual volume", "options": [3000, 5000, 7500]},
    "quota": {"label": "quota", "options": ["none", '"best effort"']},
}
POINTS = {
    "volume": {"3000": 0, "5000": 10, "7500": 40},
    "quota": {"none": -20, '"best effort"': 60},
}


EXCLUDING = {**ISSUES["quota"], "excludes": {"none": {"volume": [3000]}}}
GAIN = (
    "parties.USA.discount: it acts on the gain alone, in Genius on the whole utility; "
    "expected `discounting: total`, or no discount"
)
NOTHING = (
    "parties.USA.points.quota: no option is worth more than 0; "
    "expected one, for Genius divides by the greatest"
)


def small(
    issues: Mapping[str, Any] | None = None,
    own: Mapping[str, Any] | None = None,
    **more: Any,
) -> Scenario:
    """Return a scenario that Genius can express, changed."""
    details = {**party(POINTS, 30.5), "discount": 0.5, **(own or {})}
    other = party(POINTS, 10, side="supplier")
    protocol = {"rounds": 2, "opens": "fixed", "discounting": "total"}
    return scenario(
        issues or ISSUES,
        {"USA": details, "COD": other},
        **{"title": "A <test>", "protocol": protocol, **more},
    )


def back(original: Scenario) -> Scenario:
    """Return a scenario read again from what is written of it."""
    domain, profiles = write_genius(original)
    names = ["d.xml", "one.xml", "two.xml", "three.xml"]
    return read_genius(domain, list(profiles.values()), names[: len(profiles) + 1]).scenario


def test_a_scenario_is_written_as_a_domain_and_a_profile_for_each_party() -> None:
    domain, profiles = write_genius(small())

    assert domain == DOMAIN
    assert list(profiles) == ["USA", "COD"]
    assert profiles["USA"] == PROFILE


def test_issues_options_points_reservations_and_discounts_survive() -> None:
    original = small()

    again = back(original)

    assert list(again.issues) == list(original.issues)
    for name, issue in original.issues.items():
        assert (again.issues[name].label, again.issues[name].options) == (
            issue.label,
            issue.options,
        )
    for one, other in zip(again.parties.values(), original.parties.values(), strict=True):
        assert (one.points, one.reservation) == (other.points, other.reservation)
        # Half a round's loss twice over is what a hundred rounds lose now.
        assert one.discount**100 == pytest.approx(other.discount**2)


points = st.floats(-1e6, 1e6) | st.integers(-100, 100).map(float) | st.floats(0, 1e-300)
words = st.text(PLAIN, max_size=12)
options = words | st.integers(-(10**6), 10**6) | st.floats(-100, 100)


@st.composite
def expressible(draw: st.DrawFn) -> Scenario:
    """Draw a scenario that Genius can express, with any labels, options and points."""
    issues: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 3))):
        issues[f"i{number}"] = {
            "label": draw(words),
            "options": draw(st.lists(options, min_size=1, max_size=4, unique_by=str)),
        }
    parties: dict[str, Any] = {}
    for name in ("A", "B", "C")[: draw(st.integers(2, 3))]:
        own: dict[str, dict[str, float]] = {}
        for issue, details in issues.items():
            texts = [one if isinstance(one, str) else repr(one) for one in details["options"]]
            best = draw(st.floats(1e-3, 1e6))
            values = [min(draw(points), best) for _ in texts[1:]]
            own[issue] = dict(zip(texts, [best, *values], strict=True))
        parties[name] = party(own, draw(points), discount=draw(st.floats(1e-4, 1)))
    return scenario(issues, parties, protocol={"rounds": 3, "discounting": "total"})


@given(expressible())
def test_every_float_survives_to_the_last_bit_and_the_second_writing_is_the_first(original) -> None:
    again = back(original)

    assert list(again.issues) == list(original.issues)
    for one, other in zip(again.issues.values(), original.issues.values(), strict=True):
        assert one.texts == other.texts
    for one, other in zip(again.parties.values(), original.parties.values(), strict=True):
        assert one.points == other.points
        assert one.reservation == other.reservation
        assert one.discount**100 == pytest.approx(other.discount**3, rel=1e-12)
    assert back(again) == again
    assert write_genius(back(again)) == write_genius(again)


@given(st.integers(1, 10**6).map(lambda k: f"0.{k:06d}") | st.floats(1e-9, 1).map(repr))
def test_a_discount_read_is_written_so_that_it_is_read_again(discount: str) -> None:
    domain, profiles = write_genius(small())
    texts = [text.replace('"0.25"', f'"{discount}"') for text in profiles.values()]

    first = read_genius(domain, texts, ["d.xml", "USA", "COD"]).scenario

    assert back(first).parties["P1"].discount == first.parties["P1"].discount


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"own": {"links": [{"issues": ["volume", "quota"], "points": {}}]}}, "parties.USA.links"),
        ({"own": {"red_lines": [{"quota": "none"}]}}, "parties.USA.red_lines"),
        (
            {"issues": {**ISSUES, "quota": EXCLUDING}},
            "issues.quota.excludes",
        ),
        ({"dispute": {"level": 0.5, "audience_cost": {"USA": 3}}}, "dispute"),
        ({"protocol": {"breakdown": 0.1, "discounting": "total"}}, "protocol.breakdown"),
        (
            {"protocol": {"agreement": {"quorum": 0.5}, "discounting": "total"}},
            "protocol.agreement",
        ),
        (
            {"protocol": {"deadline": {"from": 2, "close": 0.5}, "discounting": "total"}},
            "protocol.deadline",
        ),
    ],
)  # fmt: skip
def test_what_genius_cannot_say_is_refused_by_name(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        write_genius(small(**changes))

    assert str(caught.value) == (
        f"test: {message}: Genius's files cannot hold it; expected a scenario without"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"protocol": {"rounds": 10}},
            GAIN,
        ),
        (
            {"protocol": {"rounds": 100_000, "discounting": "total"}},
            "parties.USA.discount: nothing is left after 100000 rounds",
        ),
        (
            {"own": {"points": {**POINTS, "quota": {"none": -20, '"best effort"': 0}}}},
            NOTHING,
        ),
        (
            {"own": {"points": {**POINTS, "quota": {"none": -1e9, '"best effort"': 1e-300}}}},
            "parties.USA.points.quota: they differ by more than floats can hold",
        ),
    ],
)
def test_what_genius_would_take_for_something_else_is_refused(changes, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        write_genius(small(**changes))

    assert str(caught.value) == f"test: {message}"


def test_words_that_xml_cannot_hold_are_refused() -> None:
    with pytest.raises(UserError, match="XML cannot hold its character"):
        write_genius(small(title="bell \x07"))


def test_issues_worth_nothing_survive() -> None:
    idle = {**POINTS, "quota": {"none": 0.0, '"best effort"': 0.0}}

    assert back(small(own={"points": idle})).parties["P1"].points == idle


def test_issues_that_share_a_label_are_told_apart_by_their_ids() -> None:
    alike = {name: {**issue, "label": "x"} for name, issue in ISSUES.items()}

    again = back(small(alike))

    assert list(again.issues) == ["volume", "quota"]
    assert [issue.label for issue in again.issues.values()] == ["volume", "quota"]
    assert "issue.label" in left_behind(small(alike))


def test_what_changes_no_utility_is_left_behind_and_named() -> None:
    original = small(
        setting="A long time ago",
        own={"brief": "Be nice."},
        protocol={"rounds": 5, "discounting": "total"},
        commitments={"fine": 3},
        issues={**ISSUES, "quota": {**ISSUES["quota"], "obligor": "COD"}},
    )

    assert left_behind(original) == (
        "protocol.rounds",
        "protocol.opens",
        "scenario.commitments",
        "scenario.setting",
        "issue.obligor",
        "party.brief",
        "party.name",
        "party.side",
    )
