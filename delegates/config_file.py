"""The config file: its tables, read strictly and told of in one line where they are wrong."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from games.errors import SettingError
from games.faults import place_text
from games.files.reading import Unreadable, read_text

LARGEST_CONFIG = 200_000
"""Bytes of the largest config file that is read."""

_LONGEST_SHOWN = 60
_LONGEST_PROBLEM = 200


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class EndpointTable(_Table):
    """An endpoint, as the config file names it; seats ask it by `MODEL@NAME`."""

    base_url: str
    """Its address, as `https://models.example.org/v1`."""
    api_key: SecretStr | None = None
    """Its key; better in the environment, by `api_key_env`."""
    api_key_env: str | None = None
    """The environment variable that holds its key."""


class PriceTable(_Table):
    """What a model costs where that is not known, in USD per million tokens."""

    input: float = Field(ge=0)
    """Of the prompt."""
    output: float = Field(ge=0)
    """Of the reply, private reasoning included."""
    cached: float | None = Field(default=None, ge=0)
    """Of prompt tokens that the provider had cached; if not given, as other prompt tokens."""
    written: float | None = Field(default=None, ge=0)
    """Of prompt tokens that the provider puts into its cache, where that costs more."""
    per_call: float = Field(default=0.0, ge=0)
    """USD a call, whatever its length."""


class ConfigFile(_Table):
    """What the config file may say."""

    model: str | None = Field(default=None, min_length=1)
    """The model for seats that name none; `none` for templates only."""
    gguf: str | None = Field(default=None, min_length=1)
    """A GGUF file to use as the embedded model, from this file's folder."""
    cache: bool | None = None
    """Whether replies are kept and used again where everything about a question is the same."""
    trace: Literal["langsmith"] | None = None
    """Who is told of each step of a session; without this line nobody is."""
    endpoints: dict[str, EndpointTable] = {}
    """Further endpoints, by name."""
    prices: dict[str, PriceTable] = {}
    """Prices of models, by name."""


_KEYS: Mapping[str, type[_Table]] = {"endpoints": EndpointTable, "prices": PriceTable}

CONFIG_TABLES: Mapping[str, type[BaseModel]] = {"": ConfigFile, **_KEYS}
"""What the config file and each kind of table in it may say."""


def read_config(path: Path) -> ConfigFile:
    """Return what a config file says; nothing where there is none.

    Raises:
        SettingError: If it cannot be read, or says what no setting can be.
    """
    try:
        text = read_text(path, LARGEST_CONFIG)
    except Unreadable as error:
        if error.is_missing:
            return ConfigFile()
        raise SettingError(f"{error}; expected a TOML file") from None
    try:
        return ConfigFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        problem = f"is not valid TOML: {_cut(str(error), _LONGEST_PROBLEM)}"
    except ValidationError as error:
        problem = _problem(min(error.errors(include_url=False), key=_urgency))
    except RecursionError:
        problem = "is nested too deeply; expected tables of settings"
    except ValueError:
        problem = "holds a number of thousands of digits; expected one that a setting can have"
    # Raised out here so that no exception of a parser, which may hold a key, hangs on ours.
    raise SettingError(f"{path}: {problem}")


def _urgency(problem: ErrorDetails) -> Literal[0, 1]:
    # A misspelt key causes a missing one: name the misspelling.
    return 0 if problem["type"] == "extra_forbidden" else 1


_AS_TOML_SAYS = {
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a table",
    "model_type": "a table",
    "string_type": "text in quotation marks",
}
"""What a value should have been, by pydantic's kind of error, in words of the file's format."""


def _problem(problem: ErrorDetails) -> str:
    keys = [str(part) for part in problem["loc"]]
    where = place_text(keys)
    if problem["type"] == "extra_forbidden":
        table = _KEYS[keys[0]] if len(keys) > 1 else ConfigFile
        hint = ' (quote a name that has a dot: [prices."NAME"])' if keys[0] == "prices" else ""
        return f"{where}: unknown key; expected one of {', '.join(table.model_fields)}{hint}"
    if problem["type"] == "missing":
        return f"{where}: is missing; expected a value"
    told = problem["msg"].removeprefix("Input should be ")
    expected = _AS_TOML_SAYS.get(problem["type"], told)
    # Anything else of an endpoint may be, or hold, a key.
    showable = keys[0] != "endpoints" or keys[-1] == "base_url"
    value = shown(problem["input"]) if showable else "its value"
    return f"{where}: {value} cannot be used; expected {expected}"


def shown(value: object) -> str:
    """Return a value as a message quotes it, short."""
    try:
        return _cut(repr(value))
    except ValueError:
        # Hexadecimal digits may spell a number too long to be written.
        return "a number of thousands of digits"


def _cut(text: str, longest: int = _LONGEST_SHOWN) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
