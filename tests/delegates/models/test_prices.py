from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from delegates.models.chat import Usage
from delegates.models.prices import (
    DEFAULT_MAX_COST_USD,
    FREE,
    cost_cap,
    cost_usd,
    find_price,
    most_usd,
)
from delegates.settings import (
    Endpoint,
    LongPrompts,
    Price,
    Settings,
    load_settings,
    resolve_endpoint,
)
from games.errors import SettingError

PRICE = Price(input=1.0, output=10.0, cached=0.1)
TIERED = Price(
    input=1.0,
    output=10.0,
    cached=0.1,
    longer=(
        LongPrompts(above=1000, input=2.0, output=15.0, cached=0.2),
        LongPrompts(above=5000, input=3.0, output=12.0, cached=0.3),
    ),
)


def settings_of(home: Path, config: str = "") -> Settings:
    (home / "config.toml").write_text(config)
    return load_settings({"MINILATERAL_HOME": str(home), "OPENAI_API_KEY": "k"})


def endpoint_of(url: str) -> Endpoint:
    return Endpoint(name="x", base_url=url, api_key=SecretStr("k"), host="x")


def test_cost_is_per_million_tokens_with_cached_ones_apart() -> None:
    usage = Usage(input=1_000_000, output=100_000, cached=500_000)
    assert cost_usd(PRICE, usage) == pytest.approx(0.5 + 0.05 + 1.0)
    assert cost_usd(Price(input=1.0, output=10.0), usage) == pytest.approx(1.0 + 1.0)


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


@pytest.mark.parametrize(
    ("tokens", "input_", "output", "cached"),
    [
        (1000, 1.0, 10.0, 0.1),
        (1001, 2.0, 15.0, 0.2),
        (5000, 2.0, 15.0, 0.2),
        (5001, 3.0, 12.0, 0.3),
    ],
)
def test_the_price_of_all_tokens_depends_on_the_prompts_length(
    tokens: int, input_: float, output: float, cached: float
) -> None:
    usage = Usage(input=tokens, output=100, cached=400)
    expected = ((tokens - 400) * input_ + 400 * cached + 100 * output) / 1e6
    assert cost_usd(TIERED, usage) == pytest.approx(expected)


def test_prompts_put_into_a_cache_and_calls_have_prices_too() -> None:
    usage = Usage(input=1000, output=100, cached=400)
    price = Price(input=1.0, output=10.0, cached=0.1, written=1.25, per_call=0.01)
    assert cost_usd(price, usage) == pytest.approx((600 * 1.25 + 40 + 1000) / 1e6 + 0.01)


RATES = st.floats(0, 20)
PRICES = st.builds(
    Price,
    input=RATES,
    output=RATES,
    cached=st.none() | RATES,
    written=st.none() | RATES,
    per_call=st.floats(0, 0.1),
    longer=st.lists(
        st.builds(
            LongPrompts,
            above=st.integers(1, 5000),
            input=RATES,
            output=RATES,
            cached=st.none() | RATES,
            written=st.none() | RATES,
        ),
        max_size=3,
    ).map(tuple),
)


@given(PRICES, st.data())
def test_no_call_costs_more_than_its_bound(price: Price, data: st.DataObject) -> None:
    bound = Usage(input=data.draw(st.integers(1, 9000)), output=data.draw(st.integers(1, 2000)))
    prompt = data.draw(st.integers(0, bound.input))
    used = Usage(
        input=prompt,
        output=data.draw(st.integers(0, bound.output)),
        cached=data.draw(st.integers(0, prompt)),
    )
    assert cost_usd(price, used) <= most_usd(price, bound) * (1 + 1e-12)


def listed(tmp_path: Path, model: str, url: str, now: datetime | None = None) -> Price | None:
    return find_price(settings_of(tmp_path), model, endpoint_of(url), now=now)


def test_a_listed_model_has_dearer_long_prompts(tmp_path: Path) -> None:
    price = listed(tmp_path, "gemini-2.5-pro", "https://generativelanguage.googleapis.com/v1beta")
    assert price is not None
    assert (price.input, price.output) == (1.25, 10.0)
    (longer,) = price.longer
    assert (longer.above, longer.input, longer.output) == (200_000, 2.5, 15.0)


def test_a_listed_model_at_its_dearest_hour(tmp_path: Path) -> None:
    night = datetime(2025, 6, 1, 20, tzinfo=UTC)
    price = listed(tmp_path, "deepseek-chat", "https://api.deepseek.com", night)
    assert price is not None
    assert (price.input, price.output, price.cached) == (0.27, 1.1, 0.07)


def test_what_a_provider_charges_for_its_cache_is_listed_where_it_caches_unasked(
    tmp_path: Path,
) -> None:
    price = listed(tmp_path, "gpt-5.6-sol", "https://api.openai.com/v1")
    assert price is not None
    assert price.written == pytest.approx(price.input * 1.25)
    claude = listed(tmp_path, "claude-sonnet-4-5", "https://api.anthropic.com/v1")
    assert claude is not None
    assert claude.written is None


def test_a_fee_a_call_is_listed(tmp_path: Path) -> None:
    price = listed(tmp_path, "sonar", "https://api.perplexity.ai")
    assert price is not None
    assert price.per_call == pytest.approx(0.012)


@pytest.mark.parametrize(
    ("model", "url"),
    [
        ("sonar-deep-research", "https://api.perplexity.ai"),
        ("text-embedding-3-small", "https://api.openai.com/v1"),
        ("whisper-1", "https://api.openai.com/v1"),
    ],
)
def test_a_price_that_nobody_could_foresee_is_unknown(tmp_path: Path, model: str, url: str) -> None:
    assert listed(tmp_path, model, url) is None


def test_a_model_that_is_given_away_is_free(tmp_path: Path) -> None:
    price = listed(tmp_path, "deepseek/deepseek-r1:free", "https://openrouter.ai/api/v1")
    assert price is not None
    assert most_usd(price, Usage(input=1000, output=1000)) == 0


def test_the_users_own_price_may_name_what_else_is_charged(tmp_path: Path) -> None:
    config = '[prices."m"]\ninput = 1\noutput = 2\nwritten = 1.5\nper_call = 0.01\n'
    price = find_price(settings_of(tmp_path, config), "m", endpoint_of("http://x/v1"))
    assert price == Price(input=1, output=2, written=1.5, per_call=0.01)
