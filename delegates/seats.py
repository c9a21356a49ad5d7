"""Seat specifications: who decides and who words, as it is written and as it is read.

    mind[(key=value,…)][:model[@endpoint]][+voice[:model[@endpoint]]]

Examples: `boulware`, `firm(demand=0.4)+llm:local`, `menu:local-large`, `llm:gpt-5-mini@work`. A
person's seat, `human(limit=90,stand-in=firm)`, names the mind that moves in the person's place; a
model named is that mind's, `human:gpt-5-mini`. So do an outside agent's, `http(limit=30)`, `mcp`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from delegates.minds.human import (
    HINTS,
    HUMAN,
    LIMIT,
    MODEL_STAND_IN,
    PARAMETERS,
    SCRIPTED_STAND_IN,
    STAND_IN,
)
from delegates.minds.outside import PARAMETERS as OF_AN_AGENT
from delegates.minds.outside import WAYS
from delegates.minds.registry import (
    MODEL_MINDS,
    PEER_MINDS,
    SCRIPTED_MINDS,
    Parameter,
    Values,
    number_of,
    rule_of,
)
from delegates.settings import EMBEDDED_MODELS, NO_MODEL
from games.errors import SeatError
from games.naming import perhaps

VOICES = ("template", "llm")
"""Ways of wording."""

AWAITED: Mapping[str, Mapping[str, Parameter]] = {
    HUMAN: PARAMETERS,
    **dict.fromkeys(WAYS, OF_AN_AGENT),
}
"""Seats whose moves are awaited from beyond the program, and what can be set of each."""

_SPEC = re.compile(r"(?P<mind>[a-z][a-z0-9-]*)(?:\((?P<parameters>[^()]*)\))?(?::(?P<model>.*))?")


@dataclass(frozen=True, kw_only=True)
class ModelName:
    """A model and, where it is not the default one, the endpoint that serves it."""

    model: str
    endpoint: str | None = None

    @classmethod
    def parse(cls, text: str) -> ModelName:
        """Return the model and endpoint of `model[@endpoint]`."""
        model, _, endpoint = text.rpartition("@") if "@" in text else (text, "", "")
        return cls(model=model.strip(), endpoint=endpoint.strip() or None)

    @property
    def is_embedded(self) -> bool:
        """Whether it is the model inside this process."""
        return self.endpoint is None and self.model in EMBEDDED_MODELS

    def __str__(self) -> str:
        # A name that holds an @ of its own is closed by one, or its end would be an endpoint.
        at = "@" if self.endpoint or "@" in self.model else ""
        return f"{self.model}{at}{self.endpoint or ''}"


@dataclass(frozen=True, kw_only=True)
class SeatSpec:
    """Who decides and who words, read from a specification."""

    mind: str
    given: str = ""
    """The parameters as they were given."""
    parameters: Values = field(default_factory=dict[str, float | str])
    model: ModelName | None = None
    voice_model: ModelName | None = None
    templates: bool = False
    """Whether templates word the moves of a mind that would word its own."""

    @property
    def text(self) -> str:
        """The specification written out, every model named."""
        parameters = f"({self.given})" if self.given else ""
        model = f":{self.model}" if self.model else ""
        voice = f"+llm:{self.voice_model}" if self.voice_model else ""
        if not voice and (self.templates or "+" in model):
            voice = "+template"
        return f"{self.mind}{parameters}{model}{voice}"

    def with_model(self, model: str) -> SeatSpec:
        """Return the seat with another model in the place of those it names.

        Raises:
            SeatError: If that names no model.
        """
        name = _model(self.text, model.strip(), None)
        return replace(
            self,
            model=name if self.model else None,
            voice_model=name if self.voice_model else None,
        )

    def with_hints(self) -> SeatSpec:
        """Return a person's seat in which the adviser may be asked.

        Raises:
            SeatError: If the seat itself says that it may not be.
        """
        if self.may_ask_advice:
            return self
        if HINTS in self.given:
            raise SeatError(f"seat {self.text}: {HINTS}=no, and hints are to be allowed")
        given = f"{self.given},{HINTS}=yes" if self.given else f"{HINTS}=yes"
        return replace(self, given=given, parameters={**self.parameters, HINTS: "yes"})

    @property
    def is_person(self) -> bool:
        """Whether a person sits there."""
        return self.mind == HUMAN

    @property
    def is_outside(self) -> bool:
        """Whether a program of somebody else's negotiates there."""
        return self.mind in WAYS

    @property
    def is_awaited(self) -> bool:
        """Whether its moves come from beyond the program: a person's, or an outside agent's."""
        return self.mind in AWAITED

    @property
    def sitter(self) -> str:
        """Who sits there where moves are awaited, with an article."""
        return "an outside agent" if self.is_outside else "a person"

    @property
    def speaker(self) -> str:
        """Who words what they say there themselves."""
        return "the outside agent" if self.is_outside else "the person"

    @property
    def limit_s(self) -> float | None:
        """How long whoever is awaited may take over a move; None for as long as it takes."""
        return number_of(self.parameters, LIMIT) or None if self.is_awaited else None

    @property
    def may_ask_advice(self) -> bool:
        """Whether a person there may ask the adviser."""
        return self.is_person and self.parameters[HINTS] == "yes"

    @property
    def stand_in(self) -> SeatSpec | None:
        """Who moves in the place of whoever is awaited: when time runs out, or the seat is handed
        over."""
        if not self.is_awaited:
            return None
        mind = str(self.parameters[STAND_IN])
        return SeatSpec(
            mind=mind,
            parameters={name: one.default for name, one in parameters_of(mind).items()},
            model=self.model,
            voice_model=self.voice_model,
            templates=self.templates,
        )

    @property
    def decides(self) -> str:
        """Who decides, in words."""
        if self.is_awaited:
            model = f":{self.model.model}" if self.model else ""
            return f"{self.sitter} (stand-in: {self.parameters[STAND_IN]}{model})"
        if self.mind in PEER_MINDS:
            return f"code ({PEER_MINDS[self.mind].whose(self.parameters)})"
        if self.mind in SCRIPTED_MINDS:
            return f"code ({self.mind})"
        model = self.model.model if self.model else "a model"
        return f"{model} ({'from a menu' if self.mind == 'menu' else 'freely'})"

    @property
    def words(self) -> str:
        """Who words, in words."""
        if self.stand_in is not None:
            beside = self.voice_model.model if self.voice_model else "templates"
            return f"{self.speaker} or {beside}"
        if self.voice_model is not None:
            return self.voice_model.model
        own = self.mind == "llm" and not self.templates
        return self.model.model if own and self.model else "templates"

    @property
    def models(self) -> tuple[ModelName, ...]:
        """The models the seat asks."""
        return tuple(model for model in (self.model, self.voice_model) if model is not None)

    @property
    def scripted(self) -> bool:
        """Whether the seat asks neither a model nor anybody beyond the program."""
        return not self.models and not self.is_awaited


@lru_cache(maxsize=1024)
def parse_seat(text: str, default_model: str | None = None) -> SeatSpec:
    """Return what a seat specification says; whether who it names is here, is not looked at.

    Args:
        text: The specification.
        default_model: The model meant where a mind or voice needs one and names none.

    Raises:
        SeatError: If it names a mind, voice or parameter that does not exist, or lacks a model.
    """
    spec = _parsed(text, default_model)
    if _parsed(spec.text, None) != spec:
        raise SeatError(
            f"seat {text!r}: {spec.text!r} would read otherwise; give the model another name"
        )
    return spec


def _parsed(text: str, default_model: str | None) -> SeatSpec:
    mind_text, plus, voice_text = _split_voice(text)
    found = _SPEC.fullmatch(mind_text.strip())
    if found is None:
        raise SeatError(f"seat {text!r}: expected mind[(key=value)][:model][+voice[:model]]")
    mind = found["mind"]
    voice, _, voice_model = voice_text.partition(":")
    _require_known_mind(text, mind, found["model"])
    if plus:
        _require_known_voice(text, voice, voice_model)
    given = found["parameters"] or ""
    parameters = _parameters(text, mind, given)
    decider = mind
    if mind in AWAITED:
        named = str(parameters[STAND_IN]) if STAND_IN in given else None
        decider = parameters[STAND_IN] = _stand_in(text, mind, named, found["model"], default_model)
    return SeatSpec(
        mind=mind,
        given=given,
        parameters=parameters,
        model=_model(text, found["model"], default_model) if decider in MODEL_MINDS else None,
        voice_model=_model(text, voice_model, default_model) if voice == "llm" else None,
        templates=voice == "template" and decider == "llm",
    )


def _stand_in(
    text: str, mind: str, named: str | None, model: str | None, default: str | None
) -> str:
    """Return the mind that stands in where moves are awaited, the one named or one that fits."""
    if named is None:
        # An embedded model that was asked for in general may be too small to decide.
        asked = model if model is not None or default in (NO_MODEL, *EMBEDDED_MODELS) else default
        return SCRIPTED_STAND_IN if asked is None else MODEL_STAND_IN
    if model is not None and named in SCRIPTED_MINDS:
        raise SeatError(
            f"seat {text!r}: {named} decides by rule and takes no model; for a model to stand in, "
            f"write {mind}(stand-in={MODEL_STAND_IN}):{model}"
        )
    return named


def _require_known_mind(text: str, mind: str, model: str | None) -> None:
    if rule_of(mind) is None and mind not in MODEL_MINDS and mind not in AWAITED:
        known = (*SCRIPTED_MINDS, *PEER_MINDS, *MODEL_MINDS, *AWAITED)
        meant = perhaps(mind, known) or f"; the minds are {', '.join(known)}"
        raise SeatError(f"seat {text!r}: unknown mind {mind!r}{meant}")
    if model is not None and rule_of(mind) is not None:
        raise SeatError(
            f"seat {text!r}: {mind} decides by rule and takes no model; "
            f"to let a model word it, write {mind}+llm:{model}"
        )


def _require_known_voice(text: str, voice: str, model: str) -> None:
    if voice not in VOICES:
        raise SeatError(
            f"seat {text!r}: unknown voice {voice!r}; the voices are {', '.join(VOICES)}"
        )
    if voice == "template" and model:
        raise SeatError(f"seat {text!r}: template takes no model; to let one word, write +llm")


def _split_voice(text: str) -> tuple[str, str, str]:
    for voice in VOICES:
        head, plus, tail = text.rpartition(f"+{voice}")
        if plus and (not tail or tail.startswith(":")):
            return head, plus, voice + tail
    return text.partition("+")


def _model(text: str, given: str | None, default: str | None) -> ModelName:
    found = ModelName.parse(given or default or NO_MODEL)
    if found.model == NO_MODEL or found == ModelName(model=""):
        raise SeatError(
            f"seat {text!r}: names no model; write e.g. llm:MODEL, or give --model or "
            "MINILATERAL_MODEL"
        )
    if not found.model:
        raise SeatError(f"seat {text!r}: an endpoint without a model; expected model@endpoint")
    return found


def _parameters(text: str, mind: str, given: str) -> dict[str, float | str]:
    known = parameters_of(mind)
    values = {name: parameter.default for name, parameter in known.items()}
    seen: set[str] = set()
    for part in filter(None, (part.strip() for part in given.split(","))):
        key, value = (side.strip() for side in part.partition("=")[::2])
        if key not in known:
            expected = ", ".join(known) or "none"
            raise SeatError(f"seat {text!r}: unknown parameter {key!r}; {mind} takes {expected}")
        if key in seen:
            raise SeatError(f"seat {text!r}: {key} is given twice; expected one value")
        seen.add(key)
        try:
            values[key] = known[key].read(value)
        except ValueError:
            expected = known[key].expected
            raise SeatError(f"seat {text!r}: {key}={value!r}; expected {expected}") from None
    return values


def parameters_of(mind: str) -> Mapping[str, Parameter]:
    """Return what can be set of a mind."""
    if mind in AWAITED:
        return AWAITED[mind]
    kind = rule_of(mind) or MODEL_MINDS[mind]
    return kind.parameters
