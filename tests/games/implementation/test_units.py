"""In which unit the money and the prices of the years after are told."""

import pytest

from games.implementation.units import money_unit, price_unit, short, volume_unit
from games.implementation.words import explain_outlook
from games.scenario import Scenario
from tests.games.compliance.test_game import AGREED
from tests.games.implementation.test_outlook import seen, years_after


def priced(unit: str, scale: float, volume: str = "t/yr") -> Scenario:
    """Return a scenario whose floor is read off an issue in a unit, and so its volume."""
    fields = years_after(volume={"issue": "volume"}).model_dump(by_alias=True)
    fields["issues"]["volume"]["unit"] = volume
    fields["issues"]["floor"] = {"label": "floor", "options": [80, 120], "unit": unit}
    for party in fields["parties"].values():
        party["points"]["floor"] = {"80": 0, "120": 1}
    fields["implementation"]["floor"] = {"issue": "floor", "scale": scale}
    return Scenario.model_validate(fields)


@pytest.mark.parametrize(
    ("unit", "scale", "volume", "money", "price"),
    [
        ("USD/kg", 1000, "t/yr", "USD", "USD/t"),
        ("USD/kg", 1, "t/yr", "thousand USD", "USD/kg"),
        ("USD/kg NdPr", 1000, "t NdPr/yr", "USD", "USD/t"),
        ("USD/t", 1, "kt/yr", "thousand USD", "USD/t"),
        ("USD/t", 1, "t Co/yr", "USD", "USD/t"),
        ("EUR per t", 1, "Mt", "M EUR", "EUR per t"),
        ("USD/bbl", 1, "bbl/yr", "USD", "USD/bbl"),
        ("USD/bbl", 1, "t/yr", None, "USD/bbl"),
        ("USD per 10 kg WO3", 0.0885, "t/yr", None, None),
        ("USD/kg", 7, "t/yr", None, None),
        ("points", 1, "t/yr", None, None),
        ("", 1, "t/yr", None, None),
        ("USD/t", 1, "", None, "USD/t"),
    ],
)
def test_money_is_in_the_unit_of_price_times_volume(
    unit: str, scale: float, volume: str, money: str | None, price: str | None
) -> None:
    game = priced(unit, scale, volume)

    assert (money_unit(game), price_unit(game)) == (money, price)


def test_a_price_times_a_volume_is_as_much_as_the_unit_says() -> None:
    # 80 USD/kg on 50 t is 4,000,000 USD: read with scale 1 it is 4,000 of a thousand USD.
    assert 80 * 50 == 80 * 1000 * 50 / 1000
    assert money_unit(priced("USD/kg", 1)) == "thousand USD"


def test_what_the_floor_costs_is_told_in_money_or_said_to_be_in_no_unit_known() -> None:
    # The floor's options come last: of each outcome of the deal there are two.
    told, untold = (
        explain_outlook(game, seen(game, 2 * AGREED + 1))
        for game in (priced("USD/kg", 1000), priced("", 1000))
    )

    assert " The floor costs 13.3 M USD (13.2 M to 13.3 M) in present value." in told
    assert untold.endswith(" M) in the unit of price times volume, in present value.")


def test_volume_has_no_unit_where_no_issue_states_it() -> None:
    assert volume_unit(years_after()) is None
    assert volume_unit(priced("USD/t", 1, "t Co/yr")) == "t Co"


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0"), (9.46, "9.5"), (26.4, "26"), (9_999, "9,999"), (12_345, "12.3k"),
     (264_572_313, "265 M"), (6_932_215, "6.93 M"), (1.5e9, "1.50 bn"), (2e12, "2.00 tn")],
)  # fmt: skip
def test_large_numbers_are_short(value: float, told: str) -> None:
    assert short(value) == told
