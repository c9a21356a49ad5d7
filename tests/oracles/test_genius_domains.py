"""Genius domains are read as their definition says, and with raw scaling as NegMAS reads them."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from negmas.inout import load_genius_domain

from games.formats.genius import read_genius
from games.formats.genius_writer import write_genius
from games.scenario import Scenario, parse_scenario
from games.scenario_files.writing import scenario_text
from tests.games.formats.genius_domains import GeniusDomainText, random_domain

SEEDS = range(120)


def utilities_by_definition(text: GeniusDomainText, party: int) -> list[float]:
    """Return 100 Σ w·e/max e of every outcome, computed from the profile's XML alone."""
    objective = ET.fromstring(text.profile(party)).find("objective")
    assert objective is not None
    weights = {one.get("index"): float(one.attrib["value"]) for one in objective.iter("weight")}
    parts: dict[str, dict[str, float]] = {}
    for issue in objective.iter("issue"):
        row = {item.attrib["value"]: float(item.attrib["evaluation"]) for item in issue}
        weight = weights[issue.get("index")]
        parts[issue.attrib["name"]] = {
            item: 100 * weight * value / max(row.values()) for item, value in row.items()
        }
    return [sum(parts[name][item] for name, item in one.items()) for one in text.outcomes()]


def utilities_by_negmas(
    domain: str, profiles: Sequence[str], folder: Path
) -> tuple[list[list[float]], list[float]]:
    """Return 100 times NegMAS's utilities of every outcome and its reservation values."""
    (folder / "domain.xml").write_text(domain, encoding="utf-8")
    paths = [folder / f"profile{number}.xml" for number in range(len(profiles))]
    for path, profile in zip(paths, profiles, strict=True):
        path.write_text(profile, encoding="utf-8")
    loaded = load_genius_domain(folder / "domain.xml", paths)
    outcomes = list(loaded.outcome_space.enumerate())  # pyright: ignore[reportAttributeAccessIssue]
    return (
        [[100 * float(one(outcome)) for outcome in outcomes] for one in loaded.ufuns],
        [100 * float(one.reserved_value) for one in loaded.ufuns],
    )


def utilities(scenario: Scenario) -> list[list[float]]:
    return [own.utilities.tolist() for own in scenario.preferences]


@pytest.mark.parametrize("seed", SEEDS)
def test_points_are_the_weighted_sum_of_evaluations_over_their_greatest(seed: int) -> None:
    text = random_domain(seed)

    scenario = read_genius(text.domain(), text.profiles(), text.names).scenario

    for party, own in enumerate(scenario.preferences):
        expected = utilities_by_definition(text, party)
        assert own.utilities.tolist() == pytest.approx(expected, abs=1e-9)
        assert own.reservation == pytest.approx(100 * float(text.reservations[party] or 0))


@pytest.mark.parametrize("seed", SEEDS)
def test_raw_points_are_a_hundred_times_the_utilities_that_negmas_loads(
    seed: int, tmp_path: Path
) -> None:
    text = random_domain(seed)
    theirs, reservations = utilities_by_negmas(text.domain(), text.profiles(), tmp_path)

    scenario = read_genius(text.domain(), text.profiles(), text.names, scaling="raw").scenario

    assert np.array(utilities(scenario)) == pytest.approx(np.array(theirs), abs=1e-9)
    assert [own.reservation for own in scenario.preferences] == pytest.approx(reservations)


@pytest.mark.parametrize("scaling", ["issue-max", "raw"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_domain_survives_the_way_out_and_back_to_the_last_bit(seed: int, scaling) -> None:
    text = random_domain(seed)
    first = read_genius(text.domain(), text.profiles(), text.names, scaling=scaling).scenario

    domain, profiles = write_genius(first)
    again = read_genius(domain, list(profiles.values()), text.names).scenario

    assert again.model_copy(update={"sources": first.sources}) == first
    assert write_genius(again) == (domain, profiles)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_written_negmas_loads_with_the_same_utilities(seed: int, tmp_path: Path) -> None:
    text = random_domain(seed)
    scenario = read_genius(text.domain(), text.profiles(), text.names).scenario

    domain, profiles = write_genius(scenario)

    theirs, reservations = utilities_by_negmas(domain, list(profiles.values()), tmp_path)
    assert np.array(utilities(scenario)) == pytest.approx(np.array(theirs), abs=1e-9)
    assert [own.reservation for own in scenario.preferences] == pytest.approx(reservations)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_domain_becomes_a_scenario_file_that_reads_back_equal(seed: int) -> None:
    text = random_domain(seed)
    scenario = read_genius(text.domain(), text.profiles(), text.names).scenario

    assert parse_scenario(scenario_text(scenario)) == scenario


def test_the_random_domains_hold_the_traps_they_are_meant_to_hold() -> None:
    texts = [random_domain(seed) for seed in SEEDS]

    warnings = [
        "\n".join(read_genius(text.domain(), text.profiles(), text.names).warnings)
        for text in texts
    ]

    for trap in ("weights sum to", "no outcome reaches", "ZOPA is empty", "no reservation value"):
        assert sum(trap in one for one in warnings) >= 5, trap
    assert {len(text.weights) for text in texts} == {2, 3, 4, 5}
