"""The page on strategies tells of every mind there is, and of no other."""

import re
from pathlib import Path

import pytest

from delegates.minds.registry import SCRIPTED_MINDS, Choice

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "strategies.md"
ROWS = {
    row[0].strip("` "): row
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
    for row in [line.strip("|").split("|")]
}


def test_every_mind_has_a_row_and_every_row_a_mind() -> None:
    assert list(ROWS) == list(SCRIPTED_MINDS)
    assert len(SCRIPTED_MINDS) >= 18


@pytest.mark.parametrize("name", SCRIPTED_MINDS)
def test_its_parameters_and_their_defaults_are_told(name: str) -> None:
    told = dict(re.findall(r"`([a-z]+)=([^`]+)`", ROWS[name][2]))
    known = SCRIPTED_MINDS[name].parameters
    assert list(told) == list(known)
    for key, parameter in known.items():
        given = told[key] if isinstance(parameter, Choice) else float(told[key])
        assert given == parameter.default


@pytest.mark.parametrize("name", SCRIPTED_MINDS)
def test_its_source_is_told_with_its_year_or_as_that_of_the_row_above(name: str) -> None:
    assert re.search(r"\d{4}|same", ROWS[name][3])
