"""Every mind there is, in one plain place: what it is called, how it is made, whose idea it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from delegates.contract import Mind, ScriptedMind
from delegates.line import Line
from delegates.minds.anac_agentk import AgentK
from delegates.minds.anac_hardheaded import AnacHardHeaded
from delegates.minds.anac_port import Port
from delegates.minds.cab import ACCEPTS, Cab
from delegates.minds.closer import Closer
from delegates.minds.firm import Firm
from delegates.minds.hard_headed import HardHeaded
from delegates.minds.llm import LlmMind, effort_of, guard_of
from delegates.minds.logroller import Logroller
from delegates.minds.menu import MenuMind
from delegates.minds.micro import Micro
from delegates.minds.naive_tit_for_tat import NaiveTitForTat
from delegates.minds.nash_seeker import NashSeeker
from delegates.minds.nice_tit_for_tat import NiceTitForTat
from delegates.minds.random_walker import RandomWalker
from delegates.minds.relative_tit_for_tat import RelativeTitForTat
from delegates.minds.stonewaller import Stonewaller
from delegates.minds.time_based import TimeBased
from delegates.minds.tit_for_tat import TitForTat
from delegates.peers.negmas_names import (
    AGENT,
    SCALE,
    SCALES,
    AgentName,
    agent_mind,
    called,
    release,
    require_agent,
)
from games.tactics.anac import CLOSING, LEAST_SHARE, PACE, TREMOR
from games.tactics.aspirations import ANSWERS, BLIND_EXPONENTS, STANCES, Stance

Values = Mapping[str, float | str]
"""What the parameters of a seat are set to."""


@dataclass(frozen=True)
class Number:
    """A parameter that is a number between two limits."""

    default: float
    least: float
    greatest: float
    is_whole: bool = False

    @property
    def expected(self) -> str:
        """What may be given, in words."""
        kind = "a whole number" if self.is_whole else "a number"
        return f"{kind} from {self.least:g} to {self.greatest:g}"

    def read(self, text: str) -> float:
        """Return the value that a text gives.

        Raises:
            ValueError: If it is no number within the limits.
        """
        number = float(text)
        if not self.least <= number <= self.greatest:
            raise ValueError
        if self.is_whole and not number.is_integer():
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


Parameter = Number | Choice | AgentName


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


def _stance(values: Values) -> Stance:
    return Stance(number_of(values, "exponent"), number_of(values, "demand"))


def _stances(default: Stance) -> dict[str, Parameter]:
    return {
        "exponent": Number(default.exponent, 0.01, 100.0),
        "demand": Number(default.closing_demand, 0.0, 1.0),
    }


SCRIPTED_MINDS: dict[str, Rule] = {
    "boulware": _clock(BLIND_EXPONENTS["boulware"]),
    "linear": _clock(BLIND_EXPONENTS["linear"]),
    "conceder": _clock(BLIND_EXPONENTS["conceder"]),
    "hard-headed": Rule(
        make=lambda values: HardHeaded(number_of(values, "least")),
        parameters={"least": Number(1.0, 0.0, 1.0)},
        source="Hardliner of GENIUS, Lin et al. 2014",
    ),
    "stonewaller": Rule(
        make=lambda values: Stonewaller(number_of(values, "until"), number_of(values, "gives")),
        parameters={"until": Number(0.8, 0.0, 0.99), "gives": Number(0.5, 0.0, 1.0)},
        source="on delay until the deadline: Roth, Murnighan and Schoumaker 1988",
    ),
    "random-walker": Rule(make=lambda _: RandomWalker(), source="Gode and Sunder 1993"),
    "tit-for-tat": Rule(
        make=lambda values: TitForTat(number_of(values, "goodwill"), str(values["answers"])),
        parameters={"goodwill": Number(0.1, 0.0, 1.0), "answers": Choice(ANSWERS)},
        source="Faratin, Sierra and Jennings 1998; niceness: Axelrod 1984",
    ),
    "relative-tit-for-tat": Rule(
        make=lambda values: RelativeTitForTat(
            number_of(values, "goodwill"), int(number_of(values, "window")), str(values["answers"])
        ),
        parameters={
            "goodwill": Number(0.1, 0.0, 1.0),
            "window": Number(1, 1, 1000, is_whole=True),
            "answers": Choice(ANSWERS),
        },
        source="Faratin, Sierra and Jennings 1998; niceness: Axelrod 1984",
    ),
    "naive-tit-for-tat": Rule(
        make=lambda values: NaiveTitForTat(number_of(values, "kindness"), str(values["answers"])),
        parameters={"kindness": Number(0.0, 0.0, 1.0), "answers": Choice(ANSWERS)},
        source="Baarslag, Hindriks and Jonker 2013, in the form of NegMAS (Mohammad et al. 2021)",
    ),
    "nice-tit-for-tat": Rule(
        make=lambda values: NiceTitForTat(
            number_of(values, "goodwill"),
            number_of(values, "late"),
            number_of(values, "floor"),
            str(values["answers"]),
        ),
        parameters={
            "goodwill": Number(0.1, 0.0, 1.0),
            "late": Number(0.8, 0.0, 1.0),
            "floor": Number(0.5, 0.0, 1.0),
            "answers": Choice(ANSWERS),
        },
        source="Baarslag, Hindriks and Jonker 2013",
    ),
    "micro": Rule(make=lambda _: Micro(), source="de Jonge 2022"),
    "cab": Rule(
        make=lambda values: Cab(str(values["accepts"])),
        parameters={"accepts": Choice(ACCEPTS)},
        source="Mohammad 2023",
    ),
    "firm": Rule(
        make=lambda values: Firm(_stance(values)),
        parameters=_stances(STANCES["firm"]),
        source="Faratin, Sierra and Jennings 2002",
    ),
    "logroller": Rule(
        make=lambda values: Logroller(_stance(values)),
        parameters=_stances(STANCES["balanced"]),
        source="Pruitt 1981; the others' weights: Hindriks and Tykhonov 2008",
    ),
    "nash-seeker": Rule(
        make=lambda values: NashSeeker(number_of(values, "exponent")),
        parameters={"exponent": Number(1.0, 0.01, 100.0)},
        source="Nash 1950; the others' utilities: Hindriks and Tykhonov 2008",
    ),
    "closer": Rule(
        make=lambda values: Closer(number_of(values, "aversion"), number_of(values, "risk")),
        parameters={"aversion": Number(0.5, 0.0, 0.95), "risk": Number(0.1, 0.0, 0.95)},
        source="Pratt 1964; when to accept: Baarslag and Hindriks 2013",
    ),
    "agentk-2010": Rule(
        make=lambda values: Port(number_of(values, "e"), number_of(values, "closing")),
        parameters={"e": Number(PACE, 0.01, 100.0), "closing": Number(CLOSING, 0.0, 1.0)},
        source="Kawaguchi, Fujita and Ito 2011, in the form of NegMAS (Mohammad et al. 2021)",
    ),
    "agentk-2010-original": Rule(
        make=lambda values: AgentK(number_of(values, "tremor")),
        parameters={"tremor": Number(TREMOR, 0.0, 5.0)},
        source="Kawaguchi, Fujita and Ito 2011",
    ),
    "hardheaded-2011": Rule(
        make=lambda values: Port(number_of(values, "e"), None),
        parameters={"e": Number(PACE, 0.01, 100.0)},
        source="van Krimpen, Looije and Hajizadeh 2013, in the form of NegMAS "
        "(Mohammad et al. 2021)",
    ),
    "hardheaded-2011-original": Rule(
        make=lambda values: AnacHardHeaded(number_of(values, "least")),
        parameters={"least": Number(LEAST_SHARE, 0.0, 1.0)},
        source="van Krimpen, Looije and Hajizadeh 2013",
    ),
}
"""Minds that follow a rule."""


@dataclass(frozen=True, kw_only=True)
class Peer(Rule):
    """A rule of another library, which may be absent: what it is, and whether it can sit down."""

    require: Callable[[str, Values], None]
    """Given the seat as it is written and what is set; raises `SeatError` where it cannot."""
    release: Callable[[], str]
    """Which release of which library it is of, as it is installed."""
    called: Callable[[Values], str]
    """What it is called there, and what it is told otherwise than by default."""
    licence: str
    """The library's, as SPDX writes it."""

    def whose(self, values: Values) -> str:
        """Return of which release of which library it is, and what it is called there."""
        return f"{self.release()}: {self.called(values)}"


PEER_MINDS: dict[str, Peer] = {
    "negmas": Peer(
        make=lambda values: agent_mind(str(values[AGENT]), str(values[SCALE])),
        parameters={AGENT: AgentName(), SCALE: Choice(SCALES)},
        source="Mohammad, Nakadai and Greenwald 2021",
        require=lambda seat, values: require_agent(seat, str(values[AGENT])),
        release=release,
        called=lambda values: called(str(values[AGENT]), str(values[SCALE])),
        licence="AGPL-3.0-or-later",
    ),
}
"""Minds that follow a rule of another library. They play alternating offers alone."""


def rule_of(mind: str) -> Rule | None:
    """Return how a mind that follows a rule is made; None if there is none of that name."""
    return SCRIPTED_MINDS.get(mind) or PEER_MINDS.get(mind)


@dataclass(frozen=True, kw_only=True)
class ModelKind:
    """A mind that asks a model: how it is made, and what can be set."""

    make: Callable[[Line, Values, bool], Mind]
    """From the line to its model, what is set, and whether it words its own moves."""
    parameters: Mapping[str, Parameter]


GUARD = Choice(("flag", "off", "enforce"))
"""What happens to a move below the own reservation value: it is made and marked, made and only
counted, or refused like one that is illegal."""

EFFORT = Choice(("default", "none", "minimal", "low", "medium", "high"))
"""How hard a model that reasons is to think before it answers."""


def _llm(line: Line, values: Values, speaks: bool) -> Mind:
    return LlmMind(
        line,
        guard=guard_of(values["guard"]),
        temperature=number_of(values, "temperature"),
        effort=effort_of(values["effort"]),
        speaks=speaks,
    )


MODEL_MINDS: dict[str, ModelKind] = {
    "llm": ModelKind(
        make=_llm,
        parameters={"guard": GUARD, "temperature": Number(0.7, 0.0, 2.0), "effort": EFFORT},
    ),
    # No guard: nothing below the own reservation value is ever on a menu.
    "menu": ModelKind(
        make=lambda line, values, _: MenuMind(line, effort_of(values["effort"])),
        parameters={"effort": EFFORT},
    ),
}
"""Minds that ask a model."""
