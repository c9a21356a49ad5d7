from pathlib import Path

import pytest

from delegates import Caps, negotiate
from delegates.estimate import Estimate, estimate
from delegates.seats import parse_seat
from games.errors import SettingError
from tests.delegates.sessions import haggle, mini, settings_at
from tests.support.openai_stub import OpenAIStub

PRICED = '[prices."m"]\ninput = 1.0\noutput = 4.0\n'


def expected(tmp_path: Path, seat: str, caps: Caps | None = None, config: str = "") -> Estimate:
    settings = settings_at("http://127.0.0.1:9/v1", config, home=tmp_path)
    specs = {"USA": parse_seat(seat), "COD": parse_seat("firm")}
    return estimate(mini(), specs, settings, caps or Caps())


@pytest.mark.parametrize(
    ("seat", "calls"),
    [("firm", 0), ("llm:m", 12), ("firm+llm:m", 12), ("menu:m", 36), ("menu:m+llm:m", 48)],
)
def test_calls_are_counted_to_the_last_round(tmp_path: Path, seat: str, calls: int) -> None:
    assert expected(tmp_path, seat).calls == calls


def test_nothing_is_asked_and_nothing_costs_where_every_seat_is_scripted(tmp_path: Path) -> None:
    found = expected(tmp_path, "firm")
    assert found.line() == "No model will be asked; this costs nothing."
    assert found.as_json() == {
        "planned": 1,
        "calls": 0,
        "tokens": 0,
        "cost_usd": 0,
        "cap_usd": None,
    }


def test_a_price_that_is_not_known_is_said_to_be_so(tmp_path: Path) -> None:
    found = expected(tmp_path, "llm:m")
    assert found.cost_usd is None
    assert "its price is not known" in found.line()


def test_a_known_price_gives_a_cost_and_a_cap(tmp_path: Path) -> None:
    found = expected(tmp_path, "llm:m", config=PRICED)
    assert 0 < (found.cost_usd or 0) < 1
    assert found.cap_usd == 1.0
    assert "never more than 1.00 USD" in found.line()
    assert expected(tmp_path, "llm:m", Caps(max_cost_usd=3), PRICED).cap_usd == 3


def test_the_embedded_model_costs_nothing(tmp_path: Path) -> None:
    found = expected(tmp_path, "firm+llm:local")
    assert found.cost_usd == 0
    assert "on this machine: no cost" in found.line()


def test_a_cap_on_money_needs_a_price(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="the price of 'm' is unknown"):
        expected(tmp_path, "llm:m", Caps(max_cost_usd=1))


@pytest.mark.parametrize("seat", ["llm:m", "menu:m", "firm+llm:m"])
def test_a_session_asks_no_oftener_than_estimated(tmp_path: Path, seat: str) -> None:
    with OpenAIStub(haggle) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        negotiate(mini(), {"USA": seat, "COD": "firm"}, settings=settings)
    assert 0 < stub.count <= expected(tmp_path, seat).calls
