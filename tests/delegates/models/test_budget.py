import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from delegates.models.budget import (
    DEFAULT_MAX_COST_USD,
    FREE,
    Budget,
    Spent,
    cost_cap,
    cost_usd,
    find_price,
)
from delegates.models.chat import Ask, Message, Usage, token_bound
from delegates.settings import Endpoint, Price, Settings, load_settings, resolve_endpoint
from games.errors import CapReached, SettingError

PRICE = Price(input=1.0, output=10.0, cached=0.1)
ASK = Ask(messages=(Message(role="user", content="x" * 1000),), max_tokens=100)
BOUND = token_bound(ASK)
MOST_USD = cost_usd(PRICE, BOUND)
USED = Usage(input=250, output=50, cached=50)


def settings_of(home: Path, config: str = "") -> Settings:
    (home / "config.toml").write_text(config)
    return load_settings({"MINILATERAL_HOME": str(home), "OPENAI_API_KEY": "k"})


def endpoint_of(url: str) -> Endpoint:
    return Endpoint(name="x", base_url=url, api_key=SecretStr("k"), host="x")


def test_cost_is_per_million_tokens_with_cached_ones_apart() -> None:
    usage = Usage(input=1_000_000, output=100_000, cached=500_000)
    assert cost_usd(PRICE, usage) == pytest.approx(0.5 + 0.05 + 1.0)
    assert cost_usd(Price(input=1.0, output=10.0), usage) == pytest.approx(1.0 + 1.0)


def test_settling_replaces_the_bound_by_what_was_used() -> None:
    budget = Budget(max_cost_usd=1.0, clock=lambda: 0.0)
    cost = budget.settle(budget.reserve(ASK, PRICE), USED)
    assert cost == pytest.approx((200 + 5 + 500) / 1e6)
    assert budget.spent == Spent(cost_usd=cost or 0, input=250, output=50, cached=50, calls=1)
    assert budget.spent.tokens == 300


def test_a_call_that_could_pass_the_cap_on_money_is_not_made() -> None:
    budget = Budget(max_cost_usd=MOST_USD * 0.99)
    with pytest.raises(CapReached, match=r"raise it with --max-cost") as caught:
        budget.reserve(ASK, PRICE)
    assert "\n" not in str(caught.value)
    assert Budget(max_cost_usd=MOST_USD).reserve(ASK, PRICE).cost_usd == MOST_USD


def test_a_call_that_could_pass_the_cap_on_tokens_is_not_made() -> None:
    most = BOUND.input + BOUND.output
    Budget(max_tokens=most).reserve(ASK, None)
    with pytest.raises(CapReached, match=rf"{most - 1} tokens .*--max-tokens"):
        Budget(max_tokens=most - 1).reserve(ASK, None)


def test_no_call_is_made_after_the_cap_on_time() -> None:
    now = [0.0]
    budget = Budget(max_time_s=60, spent=Spent(time_s=50), clock=lambda: now[0])
    budget.release(budget.reserve(ASK, PRICE))
    assert budget.time_left_s == pytest.approx(10)
    now[0] = 10.0
    with pytest.raises(CapReached, match="60 s is reached"):
        budget.reserve(ASK, PRICE)
    assert budget.time_left_s == 0


def test_earlier_spending_counts() -> None:
    budget = Budget(max_cost_usd=1.0, spent=Spent(cost_usd=1.0 - MOST_USD / 2))
    with pytest.raises(CapReached):
        budget.reserve(ASK, PRICE)


def test_calls_in_flight_count_until_settled_or_released() -> None:
    budget = Budget(max_cost_usd=MOST_USD * 2.1)
    first, second = budget.reserve(ASK, PRICE), budget.reserve(ASK, PRICE)
    with pytest.raises(CapReached, match="in flight"):
        budget.reserve(ASK, PRICE)
    budget.release(first)
    budget.settle(second, USED)
    budget.reserve(ASK, PRICE)


def test_a_free_call_passes_any_cap_on_money() -> None:
    budget = Budget(max_cost_usd=0.0)
    assert budget.settle(budget.reserve(ASK, FREE), USED) == 0.0


def test_a_call_of_unknown_price_is_counted_as_such() -> None:
    budget = Budget(max_cost_usd=1.0)
    assert budget.settle(budget.reserve(ASK, None), USED) is None
    assert budget.spent.unpriced_calls == 1


def test_a_failed_call_gives_its_reservation_back() -> None:
    budget = Budget(max_cost_usd=MOST_USD)
    held = budget.reserve(ASK, PRICE)
    with pytest.raises(KeyError), budget.releasing(held):
        raise KeyError
    budget.reserve(ASK, PRICE)
    assert budget.spent.calls == 0


def test_waiting_calls_use_what_others_turn_out_not_to_need() -> None:
    budget = Budget(max_cost_usd=MOST_USD * 3)
    seen: list[float] = []

    async def call() -> None:
        held = await budget.acquire(ASK, PRICE)
        seen.append(budget.spent.cost_usd)
        await asyncio.sleep(0)
        budget.settle(held, USED)

    async def main() -> None:
        await asyncio.gather(*(call() for _ in range(5)))

    asyncio.run(main())
    assert seen[:3] == [0.0, 0.0, 0.0]
    assert seen[4] > 0
    assert budget.spent.calls == 5


def test_concurrent_calls_never_pass_the_cap_together() -> None:
    budget = Budget(max_cost_usd=MOST_USD * 3.5)

    async def call() -> bool:
        try:
            held = await budget.acquire(ASK, PRICE)
        except CapReached:
            return False
        await asyncio.sleep(0)
        budget.settle(held, BOUND)
        return True

    async def main() -> list[bool]:
        return await asyncio.gather(*(call() for _ in range(10)))

    assert sum(asyncio.run(main())) == 3
    assert budget.spent.cost_usd <= MOST_USD * 3.5


def test_a_waiting_call_raises_once_nothing_is_in_flight() -> None:
    budget = Budget(max_cost_usd=MOST_USD / 2)
    with pytest.raises(CapReached):
        asyncio.run(budget.acquire(ASK, PRICE))


def test_the_users_own_price_goes_first(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, '[prices."gpt-5-mini"]\ninput = 3\noutput = 4\n')
    endpoint = resolve_endpoint(settings, "gpt-5-mini")
    assert find_price(settings, "gpt-5-mini", endpoint) == Price(input=3, output=4)


def test_the_embedded_model_is_free(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    assert find_price(settings, "local", resolve_endpoint(settings, "local")) == FREE


def test_known_models_have_a_price_offline(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    price = find_price(settings, "gpt-4o-mini", resolve_endpoint(settings, "gpt-4o-mini"))
    assert price is not None
    assert (price.input, price.output) == (0.15, 0.6)
    assert price.cached == 0.075


def test_a_known_model_behind_an_unknown_server_costs_what_its_maker_charges(
    tmp_path: Path,
) -> None:
    settings = settings_of(tmp_path)
    price = find_price(settings, "gpt-4o-mini", endpoint_of("http://127.0.0.1:1/v1"))
    assert price == Price(input=0.15, output=0.6, cached=0.075)


def test_a_server_in_the_table_has_prices_of_its_own(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    groq = endpoint_of("https://api.groq.com/openai/v1")
    assert find_price(settings, "llama-3.1-8b-instant", groq) is not None


@pytest.mark.parametrize("model", ["qwen2.5:7b", "my-model", ""])
def test_an_unknown_model_has_no_price(tmp_path: Path, model: str) -> None:
    settings = settings_of(tmp_path)
    assert find_price(settings, model, endpoint_of("http://127.0.0.1:1/v1")) is None


def test_a_cap_on_an_unknown_price_tells_how_to_give_it(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r'\[prices."m"\] with input= and output=.*config.toml'):
        cost_cap(settings_of(tmp_path), {"m": None, "n": PRICE}, 2.0)


def test_the_default_cap_holds_where_a_price_is_known(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    assert cost_cap(settings, {"n": PRICE}, None) == DEFAULT_MAX_COST_USD == 1.0
    assert cost_cap(settings, {"n": PRICE}, 5.0) == 5.0
    assert cost_cap(settings, {"m": None}, None) is None
    assert cost_cap(settings, {"local": FREE}, None) is None
