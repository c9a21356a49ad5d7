from pathlib import Path

import pytest

from delegates.settings import (
    OPENAI_URL,
    Endpoint,
    Flags,
    Price,
    Settings,
    is_loopback,
    load_settings,
    resolve_endpoint,
)
from games.errors import SettingError

CANARY = "sk-canary-0123456789abcdef"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def load(home: Path, config: str = "", flags: Flags | None = None, **environ: str) -> Settings:
    (home / "config.toml").write_text(config, encoding="utf-8")
    return load_settings({"MINILATERAL_HOME": str(home), **environ}, flags)


def line_of(home: Path, config: str, **environ: str) -> str:
    with pytest.raises(SettingError) as caught:
        load(home, config, None, **environ)
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_a_flag_goes_before_the_environment_which_goes_before_the_config_file(home: Path) -> None:
    config = 'model = "from-config"\n'
    by_flag = load(home, config, Flags(model="from-flag"), MINILATERAL_MODEL="from-env").model
    by_env = load(home, config, MINILATERAL_MODEL="from-env").model
    by_config = load(home, config).model
    assert (by_flag.value, by_flag.origin) == ("from-flag", "--model")
    assert (by_env.value, by_env.origin) == ("from-env", "MINILATERAL_MODEL")
    assert (by_config.value, by_config.origin) == ("from-config", f"{home / 'config.toml'}: model")


def test_nothing_set_leaves_defaults_that_say_so(home: Path) -> None:
    settings = load_settings({"MINILATERAL_HOME": str(home / "never-made")})
    assert (settings.model.value, settings.model.origin) == (None, "default")
    assert (settings.base_url.value, settings.base_url.origin) == (OPENAI_URL, "default")
    assert settings.api_key.value is None
    assert settings.gguf.value is None
    assert not settings.asks_for_model
    assert settings.home.origin == "MINILATERAL_HOME"


def test_home_is_the_platforms_data_folder_by_default() -> None:
    settings = load_settings({"MINILATERAL_HOME": "  "})
    assert settings.home.value.name == "minilateral"
    assert settings.home.origin == "default"


def test_an_empty_variable_counts_as_unset(home: Path) -> None:
    assert load(home, MINILATERAL_MODEL="", OPENAI_API_KEY=" ").api_key.value is None


@pytest.mark.parametrize("model", ["", " "])
def test_an_empty_model_on_the_command_line_is_refused_by_its_name(home: Path, model: str) -> None:
    with pytest.raises(SettingError, match=f"^--model '{model}': expected MODEL"):
        load(home, "", Flags(model=model))


def test_model_none_asks_for_no_model(home: Path) -> None:
    settings = load(home, 'model = "gpt-5"', Flags(model="none"))
    assert settings.model.value == "none"
    assert not settings.asks_for_model
    with pytest.raises(SettingError, match="template voices"):
        resolve_endpoint(settings, "none")


def test_a_key_alone_does_not_ask_for_a_model(home: Path) -> None:
    assert not load(home, OPENAI_API_KEY=CANARY).asks_for_model
    assert load(home, MINILATERAL_MODEL="gpt-5").asks_for_model


def test_a_gguf_path_comes_from_flag_environment_or_config(home: Path) -> None:
    assert load(home, "", Flags(gguf="/a.gguf"), MINILATERAL_GGUF="/b.gguf").gguf.value == Path(
        "/a.gguf"
    )
    assert load(home, MINILATERAL_GGUF="/b.gguf").gguf.value == Path("/b.gguf")
    assert load(home, 'gguf = "c.gguf"').gguf.value == home / "c.gguf"


def test_prices_are_read_per_million_tokens(home: Path) -> None:
    settings = load(home, '[prices."gpt-4.1"]\ninput = 2\noutput = 8.0\ncached = 0.5\n')
    assert settings.prices == {"gpt-4.1": Price(input=2.0, output=8.0, cached=0.5)}


@pytest.mark.parametrize(
    ("config", "parts"),
    [
        ("modle = 'x'", ["modle", "unknown key", "model, gguf, cache, trace, endpoints, prices"]),
        ("model = 3", ["model", "3", "expected text in quotation marks"]),
        ("model = ''", ["model", "at least 1 character"]),
        ("model = ", ["is not valid TOML", "Invalid value"]),
        ("[endpoints.a]\nurl = 'http://x'", ["endpoints.a.url", "unknown key", "base_url"]),
        ("[endpoints.a]\napi_key = 'k'", ["endpoints.a.base_url", "missing"]),
        ("[endpoints.a]\nbase_url = 'x:1/v1'", ["endpoints.a.base_url", "'x:1/v1'", "http"]),
        ("[endpoints.a]\nbase_url = 'http://h:99999'", ["endpoints.a.base_url", "no URL"]),
        ("[endpoints.a]\nbase_url = 'http://h/?k=1'", ["endpoints.a.base_url", "?"]),
        (
            "[endpoints.a]\nbase_url = 'http://h'\napi_key = 'k'\napi_key_env = 'K'",
            ["endpoints.a", "expected one of them"],
        ),
        ("[prices.a]\ninput = -1\noutput = 1", ["prices.a.input", "-1", "greater"]),
        ("[prices.a]\ninput = nan\noutput = 1", ["prices.a.input", "nan", "finite"]),
        ("[prices.a]\ninput = '1'\noutput = 1", ["prices.a.input", "'1'", "number"]),
        ("[prices.gpt-4.1]\ninput = 1\noutput = 1", ["prices.gpt-4.1", "quote a name"]),
        ("[prices]\nm = 5", ["prices.m", "5", "expected a table"]),
        ("cache = 'yes'", ["cache", "'yes'", "expected true or false"]),
        ("prices = 5", ["prices", "5", "expected a table"]),
    ],
)
def test_a_bad_config_file_gives_one_line_naming_file_key_and_expectation(
    home: Path, config: str, parts: list[str]
) -> None:
    line = line_of(home, config)
    assert line.startswith(str(home / "config.toml"))
    for part in parts:
        assert part in line


def test_a_config_file_that_is_no_text_or_no_file_gives_one_line(home: Path) -> None:
    (home / "config.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match="not UTF-8 text"):
        load_settings({"MINILATERAL_HOME": str(home)})
    (home / "config.toml").unlink()
    (home / "config.toml").mkdir()
    with pytest.raises(SettingError, match="cannot be read"):
        load_settings({"MINILATERAL_HOME": str(home)})


@pytest.mark.parametrize("url", ["localhost:11434/v1", "ftp://h/v1", "http://", "http://a b/v1"])
def test_a_bad_base_url_names_its_variable(home: Path, url: str) -> None:
    assert line_of(home, "", OPENAI_BASE_URL=url).startswith("OPENAI_BASE_URL: ")


@pytest.mark.parametrize("url", ["http://u:{}@h/v1", "u:{}@h/v1", "http://h/v1?key={}"])
def test_a_key_inside_a_url_is_refused_and_not_repeated(home: Path, url: str) -> None:
    assert CANARY not in line_of(home, "", OPENAI_BASE_URL=url.format(CANARY))


@pytest.mark.parametrize(
    "config",
    [
        "[endpoints.a]\nbase_url = 'http://h'\napi_key = ['{}']",
        "[endpoints.a]\nbase_url = 'http://h'\napikey = '{}'",
        "[[endpoints]]\napi_key = '{}'",
        "endpoints.a = '{}'",
        "[endpoints.a]\nbase_url = 'http://h'\napi_key = '{}é'",
    ],
)
def test_a_wrong_key_entry_is_not_repeated(home: Path, config: str) -> None:
    assert CANARY not in line_of(home, config.format(CANARY))


def test_a_key_that_no_header_can_carry_is_refused_unseen(home: Path) -> None:
    line = line_of(home, "", OPENAI_API_KEY=f"{CANARY}\n{CANARY}")
    assert line.startswith("OPENAI_API_KEY: ")
    assert CANARY not in line


def test_keys_never_show_in_repr_str_or_origins(home: Path) -> None:
    config = f"[endpoints.a]\nbase_url = 'https://h/v1'\napi_key = '{CANARY}'\n"
    settings = load(home, config, OPENAI_API_KEY=CANARY)
    endpoint = resolve_endpoint(settings, "m", "a")
    seen = f"{settings!r} {settings} {endpoint!r} {settings.origins()}"
    assert CANARY not in seen
    assert ("api_key", "set", "OPENAI_API_KEY") in settings.origins()


def test_origins_list_every_setting_endpoint_and_price(home: Path) -> None:
    config = (
        "[endpoints.a]\nbase_url = 'http://h/v1'\napi_key_env = 'A'\n"
        "[prices.m]\ninput = 1\noutput = 2\n"
    )
    names = [name for name, _, _ in load(home, config).origins()]
    plain = ["home", "model", "gguf", "base_url", "api_key", "cache", "trace"]
    assert names == [*plain, "endpoints.a", "prices.m"]


def test_only_the_config_file_can_ask_to_be_traced(home: Path) -> None:
    asked = load(home, LANGSMITH_TRACING="true", LANGCHAIN_TRACING_V2="true")
    assert not asked.traced
    found = load(home, 'trace = "langsmith"\n')
    assert (found.traced, found.trace.origin) == (True, f"{home / 'config.toml'}: trace")
    with pytest.raises(SettingError, match="trace: 'yes' cannot be used; expected 'langsmith'"):
        load(home, 'trace = "yes"\n')


def test_a_model_goes_to_the_default_endpoint_with_its_key(home: Path) -> None:
    endpoint = resolve_endpoint(load(home, OPENAI_API_KEY=CANARY), "gpt-5")
    assert (endpoint.name, endpoint.base_url, endpoint.host) == (
        "openai",
        OPENAI_URL,
        "api.openai.com",
    )
    assert endpoint.api_key.get_secret_value() == CANARY


def test_a_missing_key_names_its_variable(home: Path) -> None:
    with pytest.raises(SettingError, match="OPENAI_API_KEY"):
        resolve_endpoint(load(home), "gpt-5")
    config = "[endpoints.a]\nbase_url = 'https://h/v1'\napi_key_env = 'A_KEY'"
    with pytest.raises(SettingError, match="environment variable A_KEY"):
        resolve_endpoint(load(home, config), "m", "a")


def test_a_loopback_server_needs_no_key(home: Path) -> None:
    settings = load(
        home,
        "[endpoints.a]\nbase_url = 'http://localhost:1/v1'\napi_key_env = 'A'",
        OPENAI_BASE_URL="http://127.0.0.1:11434/v1/",
    )
    endpoint = resolve_endpoint(settings, "qwen")
    assert (endpoint.name, endpoint.base_url) == ("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1")
    assert endpoint.host == "127.0.0.1:11434"
    assert endpoint.api_key.get_secret_value() == "none"
    assert resolve_endpoint(settings, "m", "a").api_key.get_secret_value() == "none"


def test_a_named_endpoint_uses_its_own_key_only(home: Path) -> None:
    config = (
        "[endpoints.a]\nbase_url = 'https://a/v1'\napi_key_env = 'A_KEY'\n"
        "[endpoints.b]\nbase_url = 'https://b/v1'\napi_key = 'written'\n"
        "[endpoints.c]\nbase_url = 'http://10.0.0.2/v1'\n"
    )
    settings = load(home, config, OPENAI_API_KEY=CANARY, A_KEY="from-env")
    keys = [resolve_endpoint(settings, "m", n).api_key.get_secret_value() for n in "abc"]
    assert keys == ["from-env", "written", "none"]


def test_an_unknown_endpoint_lists_the_known_ones(home: Path) -> None:
    with pytest.raises(SettingError, match=r"'z'.*\(a\)"):
        resolve_endpoint(load(home, "[endpoints.a]\nbase_url = 'http://h'"), "m", "z")
    with pytest.raises(SettingError, match="none is defined"):
        resolve_endpoint(load(home), "m", "z")


@pytest.mark.parametrize("model", ["local", "local-large"])
def test_the_embedded_model_needs_neither_address_nor_key(home: Path, model: str) -> None:
    endpoint = resolve_endpoint(load(home, OPENAI_API_KEY=CANARY), model)
    assert endpoint.embedded
    assert endpoint.api_key.get_secret_value() != CANARY


def test_a_named_endpoint_may_serve_a_model_called_local(home: Path) -> None:
    settings = load(home, "[endpoints.a]\nbase_url = 'http://localhost:1/v1'")
    assert isinstance(resolve_endpoint(settings, "local", "a"), Endpoint)
    assert not resolve_endpoint(settings, "local", "a").embedded


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost/v1", True),
        ("http://127.9.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://0.0.0.0:1", True),
        ("http://192.168.0.2", False),
        ("http://localhost.evil.com", False),
    ],
)
def test_loopback_is_this_machine_only(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_a_home_of_an_unknown_user_is_refused() -> None:
    with pytest.raises(SettingError, match="MINILATERAL_HOME"):
        load_settings({"MINILATERAL_HOME": "~nobody-of-that-name/x"})


@pytest.mark.parametrize(
    ("flag", "config", "value", "origin"),
    [
        (None, "", False, "default"),
        (None, "cache = true", True, "config.toml: cache"),
        (True, "", True, "--cache"),
        (False, "cache = true", False, "--cache"),
    ],
)
def test_replies_are_kept_only_where_that_is_asked_for(
    home: Path, flag: bool | None, config: str, value: bool, origin: str
) -> None:
    found = load(home, config, Flags(reply_cache=flag)).reply_cache
    assert found.value is value
    assert found.origin.endswith(origin)


@pytest.mark.parametrize("value", ["nan", "inf", "-1"])
@pytest.mark.parametrize("key", ["cached", "written", "per_call"])
def test_a_price_that_is_no_number_from_zero_is_refused(home: Path, key: str, value: str) -> None:
    line = line_of(home, f"[prices.m]\ninput = 1\noutput = 1\n{key} = {value}\n")
    assert f"prices.m.{key}" in line
