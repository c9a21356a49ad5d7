"""What the parts of a scenario file are made of: the frozen base and the fields they share."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from games.outcomes import Option, option_text

Basis = Literal["fact", "estimate", "judgement"]
Side = Literal["consumer", "supplier", "processor", "mixed"]


def _as_option_text(value: object) -> object:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return option_text(value)
    return value


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
Text = Annotated[str, Field(max_length=20_000)]
Title = Annotated[Text, AfterValidator(_not_blank)]
OptionText = Annotated[
    str,
    BeforeValidator(_as_option_text),
    Field(max_length=200),
    WithJsonSchema({"type": ["string", "number"], "maxLength": 200}),
]
Points = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]
Sources = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_tuple),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
PerParty = Amount | dict[Name, Amount]
"""One figure for all parties, or one a party; 0 for those not named."""


class Part(BaseModel):
    """What every part of a scenario has in common: it is frozen and knows no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def of_party(value: float | dict[str, float], party: str, default: float = 0.0) -> float:
    """Return one party's figure of those that may differ by party; `default` if not named."""
    return value.get(party, default) if isinstance(value, dict) else float(value)


class Scale(Part):
    """A figure in [0, 1] that depends on how one issue is settled."""

    issue: Name
    values: dict[OptionText, Share]


def of_scale(scale: float | Scale, settled: Mapping[str, Option]) -> float:
    """Return a figure in [0, 1] as an outcome, given as issue → option, settles it."""
    if isinstance(scale, Scale):
        return scale.values[option_text(settled[scale.issue])]
    return float(scale)
