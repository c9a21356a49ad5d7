"""Every contradiction is refused in one line; what is merely odd is a finding."""

import pytest
from pydantic import ValidationError

from games.errors import ScenarioError
from games.lint.findings import findings, lint
from games.scenario import Scenario, bundled_scenarios, load_scenario, parse_scenario
from tests.games.test_scenario import GAME, PRICE, PROTOCOL, SIDE
from tests.support.domains import listed, party, scenario

DISPUTE = f"{PROTOCOL}\ndispute:\n  level: 1\n  audience_cost: {{}}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[1, 2]", "[1, 2, 2]", "8: issues.price.options: an option stands there twice"),
        ("[1, 2]", "[1, '1']", "8: issues.price.options: an option stands there twice"),
        (
            PRICE,
            f"{PRICE}\n    obligor: C",
            "8: issues.price.obligor: unknown 'C'; expected one of A, B",
        ),
        (
            PRICE,
            f"{PRICE}\n    unmet: 3",
            "8: issues.price.unmet: unknown '3'; expected one of 1, 2",
        ),
        (
            PRICE,
            f"{PRICE}\n    excludes: {{3: {{tax: [low]}}}}",
            "8: issues.price.excludes: unknown '3'; expected one of 1, 2",
        ),
        (
            PRICE,
            f"{PRICE}\n    excludes:\n      1: {{price: [2]}}",
            "9: issues.price.excludes.1: expected another issue, found 'price'",
        ),
        (
            PRICE,
            f"{PRICE}\n    excludes:\n      1: {{toll: [2]}}",
            "9: issues.price.excludes.1: expected another issue, found 'toll'",
        ),
        (
            PRICE,
            f"{PRICE}\n    excludes:\n      1: {{tax: [mid]}}",
            "9: issues.price.excludes.1.tax: unknown 'mid'; expected one of low, high",
        ),
        (
            PRICE,
            f"{PRICE}\n    excludes: {{1: {{tax: [low, high]}}, 2: {{tax: [low, high]}}}}",
            "6: issues: every outcome is excluded; nothing can be agreed",
        ),
        (
            "      price: {1: 0, 2: 5}\n",
            "",
            "17: parties.A.points: the issue 'price' is missing; expected points for its options",
        ),
        (
            "      price: {1: 0, 2: 5}\n",
            "      price: {1: 0, 2: 5}\n      toll: {1: 0}\n",
            "18: parties.A.points: unknown 'toll'; expected one of price, tax",
        ),
        ("{1: 0, 2: 5}", "{1: 0}", "17: parties.A.points.price: the option '2' has no points"),
        (
            "{1: 0, 2: 5}",
            "{1: 0, 2: 5, 3: 6}",
            "17: parties.A.points.price: unknown '3'; expected one of 1, 2",
        ),
        (
            SIDE,
            f"{SIDE}\n    links: [{{issues: [tax, tax], points: {{}}}}]",
            "16: parties.A.links.0: a link needs two different issues, found 'tax' twice",
        ),
        (
            SIDE,
            f"{SIDE}\n    links: [{{issues: [tax, price], points: {{mid: {{1: 3}}}}}}]",
            "16: parties.A.links.0.tax: unknown 'mid'; expected one of low, high",
        ),
        (
            SIDE,
            f"{SIDE}\n    links: [{{issues: [tax, price], points: {{low: {{3: 3}}}}}}]",
            "16: parties.A.links.0.price: unknown '3'; expected one of 1, 2",
        ),
        (
            SIDE,
            f"{SIDE}\n    links: [{{issues: [tax, toll], points: {{low: {{3: 3}}}}}}]",
            "16: parties.A.links.0: unknown 'toll'; expected one of price, tax",
        ),
        (
            SIDE,
            f"{SIDE}\n    links: [{{issues: [tax, toll], points: {{}}}}]",
            "16: parties.A.links.0: unknown 'toll'; expected one of price, tax",
        ),
        (
            SIDE,
            f"{SIDE}\n    red_lines: [{{}}]",
            "16: parties.A.red_lines.0: expected at least one issue",
        ),
        (
            SIDE,
            f"{SIDE}\n    red_lines: [{{toll: 1}}]",
            "16: parties.A.red_lines.0: unknown 'toll'; expected one of price, tax",
        ),
        (
            SIDE,
            f"{SIDE}\n    red_lines:\n    - {{tax: low}}\n    - {{tax: mid}}",
            "18: parties.A.red_lines.1.tax: unknown 'mid'; expected one of low, high",
        ),
        (
            SIDE,
            f"{SIDE}\n    red_lines: [{{tax: low}}, {{tax: high}}]",
            "16: parties.A.red_lines: they leave it nothing to sign",
        ),
        (
            PROTOCOL,
            "protocol:\n  rounds: 4\n  deadline: {from: 5, close: 0.5}",
            "6: protocol.deadline.from: round 5 is after the last of 4 rounds",
        ),
        (
            PROTOCOL,
            "protocol: {agreement: {quorum: 0.5, weights: {C: 1}}}",
            "4: protocol.agreement.weights: unknown 'C'; expected one of A, B",
        ),
        (
            PROTOCOL,
            "protocol: {agreement: {quorum: 0.5, vetoes: [A, C]}}",
            "4: protocol.agreement.vetoes: unknown 'C'; expected one of A, B",
        ),
        (
            PROTOCOL,
            f"{PROTOCOL}\ndispute: {{level: 1, audience_cost: {{C: 1}}}}",
            "5: dispute.audience_cost: unknown 'C'; expected one of A, B",
        ),
        (
            PROTOCOL,
            f"{PROTOCOL}\ndispute: {{level: {{issue: toll, values: {{}}}}, audience_cost: {{}}}}",
            "5: dispute.level: unknown 'toll'; expected one of price, tax",
        ),
        (
            PROTOCOL,
            f"{DISPUTE}\n  depth: {{issue: tax, values: {{low: 0.5}}}}",
            "8: dispute.depth.values: the option 'high' has no value",
        ),
        (
            PROTOCOL,
            f"{DISPUTE}\n  depth: {{issue: tax, values: {{low: 0.5, high: 1, mid: 1}}}}",
            "8: dispute.depth.values: unknown 'mid'; expected one of low, high",
        ),
        *(
            (
                PROTOCOL,
                f"{PROTOCOL}\ncommitments: {{{stake}: {{C: 1}}}}",
                f"5: commitments.{stake}: unknown 'C'; expected one of A, B",
            )
            for stake in ("fine", "collapse", "sunk")
        ),
        (
            PROTOCOL,
            f"{PROTOCOL}\nseats: {{C: firm}}",
            "5: seats: unknown 'C'; expected one of A, B",
        ),
    ],
)
def test_a_contradiction_is_named_with_file_line_place_and_expectation(old, new, message):
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(GAME.replace(old, new, 1), "game.yaml")

    assert str(caught.value) == f"game.yaml:{message}"


def test_a_space_whose_outcomes_cannot_be_numbered_is_refused():
    options = [f"o{k}" for k in range(100)]
    points = {f"i{k}": dict.fromkeys(options, 0.0) for k in range(10)}

    with pytest.raises(
        ValueError, match=f"issues: {100**10} outcomes; at most {2**63 - 1} can be numbered"
    ):
        scenario(dict.fromkeys(points, options), {"A": party(points), "B": party(points)})


def test_exclusions_that_tie_too_many_combinations_together_are_refused():
    options = [f"o{k}" for k in range(200)]
    points = {f"i{k}": dict.fromkeys(options, 0.0) for k in range(5)}
    issues = {name: {"label": name, "options": options} for name in points}
    issues["i0"]["excludes"] = {"o0": {f"i{k}": ["o1"] for k in range(1, 5)}}  # pyright: ignore[reportArgumentType]

    with pytest.raises(ValueError, match=f"issues: exclusions tie {200**5} combinations together"):
        scenario(issues, {"A": party(points), "B": party(points)})


def test_a_space_too_large_for_tables_can_be_loaded_and_is_remarked_on():
    options = [f"o{k}" for k in range(100)]
    points = {f"i{k}": dict.fromkeys(options, 0.0) for k in range(4)}

    large = scenario(dict.fromkeys(points, options), {"A": party(points), "B": party(points)})

    assert [finding.what for finding in lint(large) if finding.where == "issues"] == [
        "100,000,000 outcomes: too many for tables; only samples of them"
    ]


@pytest.mark.parametrize("number", ["1e400", "-1e400"])
def test_an_option_that_is_no_finite_number_is_kept_as_the_text_it_is(number):
    game = parse_scenario(
        GAME.replace("[1, 2]", f"[{number}, 2]", 1).replace(
            "{1: 0, 2: 5}", f"{{{number}: 0, 2: 5}}"
        )
    )

    assert game.issues["price"].texts[0] == number


def test_a_clean_scenario_has_no_findings():
    clean = scenario(
        {"deal": {"label": "deal", "options": ["a", "b"], "obligor": "A"}},
        {
            "A": party({"deal": {"a": 0, "b": 1}}, name="one"),
            "B": party({"deal": {"a": 1, "b": 0}}, name="another", side="supplier"),
        },
    )

    assert lint(clean) == ()


def test_parties_of_one_name_are_told_apart_by_nobody():
    game = listed({"A": [0, 1], "B": [1, 0]})

    assert ("parties.B", "has the same name as A: 'A party'") in remarks(game)


def test_a_truth_value_is_no_number():
    with pytest.raises(ValidationError, match=r"parties\.A\.reservation: expected a number"):
        listed({"A": [0, 1], "B": [1, 0]}, {"A": True})


def test_what_is_odd_but_playable_is_found():
    odd = scenario(
        {
            "price": {"label": "price", "options": [1, 2], "basis": "fact", "obligor": "A"},
            "law": {"label": "law", "options": ["x"], "source": "nowhere"},
        },
        {
            "A": party({"price": {"1": 0, "2": 0}, "law": {"x": 0}}),
            "B": party({"price": {"1": 0, "2": 5}, "law": {"x": 0}}, reservation=9, name="B"),
        },
    )

    assert remarks(odd) == [
        ("issues.price", "a figure called fact names no source"),
        ("issues.law.source", "'nowhere' is not among the sources"),
        ("issues.law", "names no obligor: nobody has to deliver it"),
        ("parties.A", "all outcomes are worth the same to it"),
        ("parties.B", "no outcome reaches its reservation value"),
        (
            "parties",
            (
                "no outcome is acceptable to all: the ZOPA is empty; B keeps it so: with 4 points "
                "less as its reservation value there would be one"
            ),
        ),
    ]


def remarks(game: Scenario) -> list[tuple[str, str]]:
    """Return what is worth mending in a scenario, as place and sentence."""
    return [(one.where, one.what) for one in lint(game)]


def test_a_source_that_nothing_names_is_worth_knowing():
    def idle(more: str) -> list[tuple[str, str]]:
        game = parse_scenario(f"{GAME}sources: [{{id: usgs, title: A survey}}]\n{more}")
        return [(one.what, one.severity) for one in findings(game) if one.where == "sources.0"]

    assert idle("") == [("nothing names the source 'usgs'", "note")]
    assert idle("dispute: {level: 1, audience_cost: {}}") == idle("")
    assert idle("commitments: {note: 'As usgs says.'}") == []


def test_a_reservation_value_is_left_out_rather_than_null():
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(GAME.replace(SIDE, f"{SIDE}\n    reservation: null", 1), "game.yaml")

    assert str(caught.value).endswith(
        "parties.A.reservation: found null; leave it out: alternatives give it, and without any it "
        "is 0"
    )


def test_an_issue_may_say_in_a_note_what_it_rests_on():
    text = GAME.replace(PRICE, f"{PRICE}\n    note: As of 2025.", 1)

    assert parse_scenario(text).issues["price"].note == "As of 2025."


def test_an_empty_zopa_is_found_where_each_party_alone_could_be_content():
    game = listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5})

    assert (
        "parties",
        (
            "no outcome is acceptable to all: the ZOPA is empty; A keeps it so: with 5 points "
            "less as its reservation value there would be one. So would there be with less for "
            "B (5)"
        ),
    ) in remarks(game)


def test_facts_and_estimates_want_sources_and_judgements_do_not():
    for basis, wants in (("fact", True), ("estimate", True), ("judgement", False)):
        issue = {"label": "deal", "options": ["a", "b"], "obligor": "A", "basis": basis}
        game = scenario(
            {"deal": issue},
            {
                "A": party({"deal": {"a": 0, "b": 1}}, name="one"),
                "B": party({"deal": {"a": 1, "b": 0}}, name="another"),
            },
        )

        assert bool(remarks(game)) is wants, basis


@pytest.mark.parametrize(
    ("more", "wants"),
    [("", True), (", note: our own count of 2025", False), (", note: ' '", True)],
)
def test_a_fact_that_can_name_no_source_says_in_its_note_whence_it_comes(more, wants):
    trust = f"trust: {{A: {{a: 2, basis: fact{more}}}}}"
    game = parse_scenario(GAME.replace(PROTOCOL, f"{PROTOCOL}\n{trust}"))

    assert (
        ("trust.A", "called fact, and no note says where it comes from") in remarks(game)
    ) is wants


@pytest.mark.parametrize("kind", ["supply", "price", "investment", "processing"])
def test_an_issue_by_which_something_is_delivered_wants_an_obligor(kind):
    assert ("issues.deal", "names no obligor: nobody has to deliver it") in remarks(owed(kind))


@pytest.mark.parametrize("kind", ["legal", "political"])
def test_that_nobody_delivers_a_legal_or_political_issue_is_but_a_note(kind):
    game = owed(kind)

    assert remarks(game) == []
    assert "issues.deal" in [one.where for one in findings(game) if one.severity == "note"]


def owed(kind: str) -> Scenario:
    return scenario(
        {"deal": {"label": "deal", "options": ["a", "b"], "kind": kind}},
        {
            "A": party({"deal": {"a": 0, "b": 1}}, name="one"),
            "B": party({"deal": {"a": 1, "b": 0}}, name="another", side="supplier"),
        },
    )


@pytest.mark.parametrize("name", bundled_scenarios())
def test_nothing_is_worth_mending_in_a_bundled_scenario(name):
    found = findings(load_scenario(name))

    assert {one.severity for one in found} <= {"note"}
    assert all(one.where and one.what for one in found)
