"""What a scenario says of the time after signature is read strictly, refused in one line."""

import pytest

from games.errors import ScenarioError
from games.lint.findings import lint
from games.parts.base import of_party
from games.scenario import Scenario, load_scenario, parse_scenario
from games.scenario_files.writing import scenario_text
from tests.games.test_scenario import GAME

OWED = GAME.replace("    label: price\n", "    label: price\n    obligor: A\n", 1)
PATIENT = f"{OWED}commitments: {{patience: 0.9}}\n"
PLAN = """\
implementation:
  volume: {issue: price, scale: 1000}
  floor: {issue: tax, values: {low: 1, high: 2}}
  law: {A: 0.02}
  swing: {A: -3}
  price:
    spot: 5
    volatility: 0.4
  projects:
    - {name: mine, share: 0.5, capex: 9, lead: {kind: total, mu: 2.7, sigma: 0.3}}
"""
BOTH = (
    "implementation.projects.0.lead: a lead time is either its components (explore, permit, "
    "finance, build) or the total (mu, sigma), never both"
)
WAYS = "'binding', 'declaratory' or 'out'"
TOTAL = "{kind: total, mu: 2.7, sigma: 0.3}"


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "game.yaml")
    message = str(caught.value)
    assert "\n" not in message
    return message.partition(": ")[2]


def test_a_scenario_with_everything_reads_back_equal():
    text = f"""{PATIENT}{PLAN}trust: {{A: {{a: 2, kept: 3}}, B: {{broken: 1}}}}
participation: {{threshold: 0.6, kappa: {{A: 0.3}}, spill: 0.1, others: out}}
"""
    game = parse_scenario(text)

    assert parse_scenario(game.canonical()) == game
    assert parse_scenario(scenario_text(game)) == game
    assert lint(parse_scenario(game.canonical())) == lint(game)


def test_what_an_older_file_does_not_say_changes_nothing():
    game = load_scenario("cobalt-offtake").model_copy(update={"trust": {}})
    silent = Scenario.model_validate(
        {**game.model_dump(by_alias=True), "trust": {}, "participation": None}
    )

    assert silent.canonical() == game.canonical()
    assert "trust" not in game.canonical()


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        (
            "commitments: {patience: 1}",
            "commitments.patience: expected less than 1, found 1",
        ),
        (
            "commitments: {patience: {C: 0.9}}",
            "commitments.patience: unknown 'C'; expected one of A, B",
        ),
        (
            "commitments: {lag: 0}",
            "commitments.lag: expected at least 1, found 0",
        ),
        (
            "commitments: {detection: 0}",
            "commitments.detection: expected more than 0, found 0",
        ),
        ("trust: {C: {a: 1}}", "trust: unknown 'C'; expected one of A, B"),
        ("trust: {A: {a: 0}}", "trust.A.a: expected more than 0, found 0"),
        (
            "participation: {kappa: 2}",
            "participation.kappa: expected at most 1, found 2",
        ),
        (
            "participation: {penalty: {C: 1}}",
            "participation.penalty: unknown 'C'; expected one of A, B",
        ),
        (
            "participation: {spill: {C: 0.5}}",
            "participation.spill: unknown 'C'; expected one of A, B",
        ),
        (
            "participation: {others: maybe}",
            f"participation.others: expected {WAYS}, found 'maybe'",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(addition, message):
    assert refusal(f"{GAME}{addition}\n") == message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "  law: {A: 0.02}",
            "  renegotiation: {share: 0.5, cost: {C: 1}}",
            "implementation.renegotiation.cost: unknown 'C'; expected one of A, B",
        ),
        (
            "  law: {A: 0.02}",
            "  renegotiation: {share: 0}",
            "implementation.renegotiation.share: expected more than 0, found 0",
        ),
        (
            "share: 0.5",
            "share: 0.5, host: C",
            "implementation.projects.0.host: unknown 'C'; expected one of A, B",
        ),
        (
            TOTAL,
            "{kind: total, mu: 2.7, sigma: 0.3, permit: 0.2}",
            BOTH,
        ),
        (
            TOTAL,
            "{kind: components, build: 2, mu: 2.7}",
            BOTH,
        ),
        (
            TOTAL,
            "{kind: components, build: 2, permit: 0}",
            "implementation.projects.0.lead.permit: expected more than 0, found 0",
        ),
        (
            "share: 0.5",
            "share: 0.5, capped_until: {issue: tax, values: {low: 1}}",
            "implementation.projects.0.capped_until.values: the option 'high' has no value",
        ),
        (
            "share: 0.5, capex: 9",
            f"share: 0.6, capex: 9, lead: {TOTAL}}}\n    - {{name: other, share: 0.6, capex: 9",
            "implementation.projects: their shares sum to 1.2; expected at most 1",
        ),
        (
            "{issue: price, scale: 1000}",
            "{issue: toll}",
            "implementation.volume.issue: unknown 'toll'; expected one of price, tax",
        ),
        (
            "{issue: price, scale: 1000}",
            "{issue: price, scale: -1}",
            "implementation.volume: a figure is below 0; expected at least 0 for every option",
        ),
        (
            "{issue: tax, values: {low: 1, high: 2}}",
            "{issue: tax}",
            "implementation.floor: the option 'low' is no number; expected values for the options",
        ),
        (
            "{issue: tax, values: {low: 1, high: 2}}",
            "{issue: tax, values: {low: 1, mid: 1, high: 2}}",
            "implementation.floor.values: unknown 'mid'; expected one of low, high",
        ),
        ("law: {A", "law: {C", "implementation.law: unknown 'C'; expected one of A, B"),
        ("swing: {A", "swing: {C", "implementation.swing: unknown 'C'; expected one of A, B"),
        (
            "volatility: 0.4",
            "volatility: 0",
            ("implementation.price.volatility: expected at least 0.001, found 0"),
        ),
        (
            "volatility: 0.4",
            "volatility: 0.4\n    process: {kind: mean-reverting, reversion: 0.5}",
            "implementation.price.process.level: is missing",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_one_line(old, new, message):
    text = f"{PATIENT}{PLAN}"
    assert text.count(old) == 1

    assert refusal(text.replace(old, new)) == message


def test_years_are_simulated_only_where_someone_owes_something_and_is_known_to_be_patient():
    assert refusal(f"{GAME}commitments: {{patience: 0.9}}\n{PLAN}") == (
        "implementation: no issue names an obligor; nobody has to deliver anything"
    )
    for behind in ("", "commitments: {fine: 3}\n", "commitments: {patience: {B: 0.9}}\n"):
        assert refusal(f"{OWED}{behind}{PLAN}") == (
            "implementation: expected commitments.patience of 'A', who owes something"
        )


def test_a_figure_called_a_fact_names_its_source():
    fact = PLAN.replace("spot: 5", "basis: fact\n    spot: 5").replace(
        "share: 0.5", "share: 0.5, basis: estimate, source: nowhere"
    )

    findings = [
        (found.where, found.what)
        for found in lint(parse_scenario(f"{PATIENT}{fact}"))
        if "impl" in found.where
    ]

    assert findings == [
        ("implementation.price", "a figure called fact names no source"),
        ("implementation.projects.0.source", "'nowhere' is not among the sources"),
    ]


def test_a_figure_may_be_one_for_all_or_one_a_party():
    assert of_party(3, "A") == 3.0
    assert of_party({"A": 2.0}, "A") == 2.0
    assert of_party({"A": 2.0}, "B") == 0.0
    assert of_party({"A": 2.0}, "B", 1.0) == 1.0
