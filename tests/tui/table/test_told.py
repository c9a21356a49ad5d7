"""What the table tells in few words of what models came to."""

import pytest

from tui.table.told import spent_told


@pytest.mark.parametrize(
    ("cost", "tokens", "told"),
    [
        (0.0, 0, "no cost"),
        (0.0, 6590, "no cost · 6,590 tokens"),
        (0.0123, 6590, "0.0123 USD · 6,590 tokens"),
        (None, 12, "cost not known · 12 tokens"),
    ],
)
def test_what_costs_nothing_says_so(cost: float | None, tokens: int, told: str) -> None:
    assert spent_told(cost, tokens) == told
