"""Words of the page that compares a class."""

import pytest

from tui.text.class_words import share


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (0.0, "0%"), (-0.004, "0%"), (-0.006, "-1%"), (0.414, "41%"), (1.04, "104%")],
)
def test_a_share_is_told_in_whole_per_cent_and_nothing_is_never_less_than_nothing(
    value: float | None, said: str
) -> None:
    assert share(value) == said
