"""The threat model names tests and pages that are there."""

import re

import pytest

from tests.test_house import ROOT

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_test_that_the_threat_model_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", PAGE)

    assert len(named) > 20
    assert [one for one in named if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", PAGE))
def test_every_page_that_the_threat_model_links_is_there(link: str) -> None:
    assert (ROOT / link).is_file()
