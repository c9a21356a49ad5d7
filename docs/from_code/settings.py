"""The page of settings, from what reads the environment and the config file."""

from __future__ import annotations

from delegates.config_file import CONFIG_TABLES
from delegates.settings import CONFIG_NAME, ENVIRONMENT
from docs.from_code.markdown import code, page, table
from docs.from_code.plan import keys_of_model
from docs.from_code.scenario import key_table

_AHEAD = f"""\
A setting is taken from the command line, else from the environment, else from `{CONFIG_NAME}` in
the home folder, else from the scenario, else a default holds. `minilateral doctor` shows every
setting with its origin. How endpoints, keys and prices are set up is told in
[Models and endpoints](../how-to/models.md)."""


def settings_page() -> str:
    """Return the page: variables of the environment, then the tables of the config file."""
    variables = [[code(name), meaning] for name, meaning in ENVIRONMENT.items()]
    return page(
        "Settings",
        _AHEAD,
        f"## Environment\n\n{table(['variable', 'meaning'], variables)}",
        f"## `{CONFIG_NAME}`",
        _keys(""),
        "## `[endpoints.NAME]`",
        _keys("endpoints"),
        '## `[prices."MODEL"]`\n\nUSD per million tokens.',
        _keys("prices"),
    )


def _keys(name: str) -> str:
    return key_table(keys_of_model(CONFIG_TABLES[name]))
