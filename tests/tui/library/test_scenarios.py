"""What a list tells of scenarios, evaluations and models."""

from pathlib import Path

from delegates.evaluation.planning.plan_files import bundled_plans
from delegates.settings import Flags, load_settings
from games.scenario import bundled_scenarios
from tests.tui.recordings import pair
from tui.library import (
    RECOMMENDED,
    SECTIONS,
    card_of,
    models_line,
    scenario_cards,
)


def test_every_bundled_scenario_has_a_card_and_the_recommended_one_is_first() -> None:
    cards = scenario_cards()

    assert {card.source for card in cards} == set(bundled_scenarios())
    assert cards[0].source == RECOMMENDED
    assert [card.difficulty for card in cards] == sorted(card.difficulty for card in cards)


def test_a_card_tells_parties_issues_and_protocol() -> None:
    card = card_of(pair(), "pair.yaml")

    assert card.parties == ("Buyer", "Supplier")
    assert card.issues == ("volume", "price")
    assert card.outcomes == 9
    assert card.protocol == "offers in turn"
    assert "buyer" in card.searched


def test_every_section_reads_an_empty_folder(tmp_path: Path) -> None:
    found = {name: len(section.read(tmp_path)) for name, section in SECTIONS.items()}
    plans = bundled_plans()

    assert found == {
        "scenarios": len(bundled_scenarios()),
        "sessions": 0,
        "evaluations": len(plans),
    }


def test_the_line_on_models_says_who_decides_and_why() -> None:
    assert models_line(load_settings({}, Flags(model="none"))) == (
        "firm: no model was wanted; decided by code, worded by templates"
    )


def test_the_line_on_models_says_what_is_missing(tmp_path: Path) -> None:
    environ = {"MINILATERAL_HOME": str(tmp_path)}
    told = models_line(load_settings(environ, Flags(model="gpt-5-mini")))

    assert told.startswith("llm:gpt-5-mini: decided and worded by gpt-5-mini")
