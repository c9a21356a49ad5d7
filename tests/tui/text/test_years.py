"""The years one by one, in bars and a small table that fit the line."""

import pytest

from games.agreement import Agreement
from games.bargaining.solutions import bargain
from games.implementation.year_rows import outlook_rows
from games.scenario import load_scenario
from tests.games.implementation.test_outlook import seen, years_after
from tui.text.agreement import agreement_lines
from tui.text.wording import WIDTH
from tui.text.years import MOST_ROWS, bars, short, year_lines


def test_rows_are_the_estimates_of_each_year():
    game = years_after(floor=110, contract_price=100, years=3)
    found = seen(game)
    rows = outlook_rows(game, found)

    assert [row.year for row in rows] == [1, 2, 3]
    for row, year in zip(rows, found.by_year, strict=True):
        assert (row.tonnes, row.tonnes_low, row.tonnes_high) == (100, 100, 100)
        assert (row.money, row.money_high) == (year.worth.mean, year.worth.high)
        assert 0 <= row.floor_low <= row.floor <= row.floor_high


def test_a_table_says_mean_and_range_of_tonnes_and_money():
    # Nothing tempts and nothing is built: 100 a year for two years, then nothing.
    game = years_after(term=2, years=4, price={"spot": 120, "volatility": 0.001})

    assert year_lines(game, seen(game)) == [
        "  Delivered year by year, on average |██  |",
        "  Mean, and from the 5 % to the 95 % quantile:",
        "  year      delivered  worth at the market",
        "     1  100 (100–100)  12.0k (12.0k–12.0k)",
        "     2  100 (100–100)  12.0k (12.0k–12.0k)",
        "     3        0 (0–0)              0 (0–0)",
        "     4        0 (0–0)              0 (0–0)",
        "  Deliveries in the unit of volume, money in the unit of price times volume,",
        "  undiscounted.",
    ]


def test_what_never_delivers_has_no_table():
    game = years_after(term=0)

    assert year_lines(game, seen(game)) == []


@pytest.mark.parametrize("name", ["greenland-linkage", "nickel-hub", "price-floor-club"])
def test_the_tables_of_the_scenarios_fit_the_line(name: str):
    game = load_scenario(name)
    signed = Agreement(game, int(bargain(game).solutions["nash"][0]))
    assert signed.outlook is not None

    lines = year_lines(game, signed.outlook)

    assert max(len(line) for line in lines) <= WIDTH
    assert 4 <= len(lines) <= 3 + MOST_ROWS + 3
    assert set(lines) <= set(agreement_lines(signed))


def test_bars_are_as_high_as_their_figures():
    assert bars([0, 1, 4, 8]) == " ▁▄█"
    assert bars([0.0, 0.01, 100]) == " ▁█"
    assert bars([0, 0]) == "  "


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0, "0"),
        (2.5, "2.5"),
        (42.4, "42"),
        (9_999, "9,999"),
        (12_345, "12.3k"),
        (999_000, "999k"),
        (1.234e6, "1.23 M"),
        (3.46e8, "346 M"),
        (2.1e9, "2.10 bn"),
        (5e12, "5.00 tn"),
    ],
)
def test_figures_are_short(value: float, told: str):
    assert short(value) == told
