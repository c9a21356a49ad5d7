"""The page of the forum holds what the command finds, and calls findings what the rule calls so.

The whole table is `python -m pytest -m campaign tests/mechanisms/test_ministerial_page.py`.
"""

from pathlib import Path

import pytest

from delegates.trials.robustness import KEPT, survey
from games.headlines import headlines, nash_text
from games.scenario import load_scenario
from tui.text.sensitivity import ending_rows, finding_rows

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "theory" / "ministerial.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ")
]
FINDINGS = [row for row in ROWS if row[-1].startswith(("yes", "no"))]


def test_the_page_tells_every_headline_as_the_scenario_has_it() -> None:
    scenario = load_scenario("ministerial")

    told = {(row[0], row[1]) for row in FINDINGS}

    assert set(map(tuple, headlines(scenario, nash_text(scenario)))) <= told


def test_the_page_calls_a_finding_what_survives_in_nine_draws_of_ten() -> None:
    for about, _, share, upset, verdict in FINDINGS:
        survives = float(share.partition("%")[0]) / 100 >= KEPT
        hangs_on_seats = upset.startswith("who sits there")
        assert verdict.startswith("yes") == (survives and not hangs_on_seats), about


@pytest.mark.campaign
@pytest.mark.timeout(7200)
def test_the_tables_are_those_that_the_command_prints() -> None:
    found = survey(load_scenario("ministerial"), 200)

    assert [list(row) for row in finding_rows(found)] == FINDINGS
    assert all(list(row) in ROWS for row in ending_rows(found))
