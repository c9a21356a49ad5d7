"""The page on what follows a signature names every key of the simulated years."""

import re
from pathlib import Path

import pytest

from games.parts.aftermath import (
    Components,
    Implementation,
    Price,
    Project,
    Reading,
    Renegotiation,
    Reverting,
    Total,
)
from games.parts.base import Part

PAGE = (
    Path(__file__).resolve().parent.parent / "docs" / "theory" / "after-signature.md"
).read_text("utf-8")
KEYS = PAGE.partition("## The keys of `implementation`")[2].partition("## The years after")[0]


@pytest.mark.parametrize(
    "part",
    [Implementation, Price, Project, Components, Total, Renegotiation, Reading, Reverting],
    ids=lambda part: part.__name__,
)
def test_every_key_is_named(part: type[Part]) -> None:
    names = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`]*`", KEYS))))

    assert set(part.model_fields) <= names


def test_units_are_said() -> None:
    assert "**price × volume is the money**" in KEYS
    assert "a floor in USD/kg times 1000 is one in USD/t" in KEYS
