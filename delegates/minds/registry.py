"""Every mind there is, in one plain place: what it is called, how it is made, whose idea it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from delegates.contract import Mind, ScriptedMind
from delegates.line import Line
from delegates.minds.firm import Firm
from delegates.minds.llm import LlmMind
from delegates.minds.menu import MenuMind
from delegates.minds.micro import Micro
from delegates.minds.time_based import TimeBased
from delegates.minds.tit_for_tat import TitForTat
from games.tactics import BLIND_EXPONENTS, STANCES, Stance

Values = Mapping[str, float | str]
"""What the parameters of a seat are set to."""


@dataclass(frozen=True)
class Number:
    """A parameter that is a number between two limits."""

    default: float
    least: float
    greatest: float

    @property
    def expected(self) -> str:
        """What may be given, in words."""
        return f"a number from {self.least:g} to {self.greatest:g}"

    def read(self, text: str) -> float:
        """Return the value that a text gives.

        Raises:
            ValueError: If it is no number within the limits.
        """
        number = float(text)
        if not self.least <= number <= self.greatest:
            raise ValueError
        return number


@dataclass(frozen=True)
class Choice:
    """A parameter that is one of a few words, the first of them if none is given."""

    words: tuple[str, ...]

    @property
    def default(self) -> str:
        """What holds if nothing is given."""
        return self.words[0]

    @property
    def expected(self) -> str:
        """What may be given, in words."""
        return f"one of {', '.join(self.words)}"

    def read(self, text: str) -> str:
        """Return the word that a text gives.

        Raises:
            ValueError: If it is none of the words.
        """
        word = text.strip()
        if word not in self.words:
            raise ValueError
        return word


Parameter = Number | Choice


def number_of(values: Values, name: str) -> float:
    """Return a parameter that is a number."""
    return float(values[name])


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A mind that follows a rule: how it is made, what can be set, and whose idea it is."""

    make: Callable[[Values], ScriptedMind]
    source: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])


def _clock(exponent: float) -> Rule:
    return Rule(
        make=lambda values: TimeBased(number_of(values, "exponent")),
        parameters={"exponent": Number(exponent, 0.01, 100.0)},
        source="Faratin, Sierra and Jennings 1998",
    )


SCRIPTED_MINDS: dict[str, Rule] = {
    "boulware": _clock(BLIND_EXPONENTS["boulware"]),
    "linear": _clock(BLIND_EXPONENTS["linear"]),
    "conceder": _clock(BLIND_EXPONENTS["conceder"]),
    "tit-for-tat": Rule(
        make=lambda values: TitForTat(number_of(values, "goodwill")),
        parameters={"goodwill": Number(0.1, 0.0, 1.0)},
        source="Faratin, Sierra and Jennings 1998; niceness: Axelrod 1984",
    ),
    "micro": Rule(make=lambda _: Micro(), source="de Jonge 2022"),
    "firm": Rule(
        make=lambda values: Firm(
            Stance(number_of(values, "exponent"), number_of(values, "demand"))
        ),
        parameters={
            "exponent": Number(STANCES["firm"].exponent, 0.01, 100.0),
            "demand": Number(STANCES["firm"].closing_demand, 0.0, 1.0),
        },
        source="Faratin, Sierra and Jennings 2002",
    ),
}
"""Minds that follow a rule."""


@dataclass(frozen=True, kw_only=True)
class ModelKind:
    """A mind that asks a model: how it is made, and what can be set."""

    make: Callable[[Line, Values], Mind]
    parameters: Mapping[str, Parameter]


GUARD = Choice(("flag", "off", "enforce"))
"""What happens to a move below the own reservation value: it is made and marked, made and only
counted, or refused like one that is illegal."""

MODEL_MINDS: dict[str, ModelKind] = {
    "llm": ModelKind(make=lambda line, _: LlmMind(line), parameters={"guard": GUARD}),
    "menu": ModelKind(make=lambda line, _: MenuMind(line), parameters={}),
}
"""Minds that ask a model."""
