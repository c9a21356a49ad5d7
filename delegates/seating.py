"""Who takes which seat of a session, and the delegates that sit down there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from delegates.contract import Mind, ScriptedMind, Voice
from delegates.line import Line
from delegates.minds.registry import MODEL_MINDS, PEER_MINDS, SCRIPTED_MINDS, rule_of
from delegates.minds.standing_in import StandingIn
from delegates.models.local import why_unavailable
from delegates.peers.presence import require_here
from delegates.seats import AWAITED, ModelName, SeatSpec, parse_seat
from delegates.settings import NO_MODEL, Settings
from delegates.voices.llm import LlmVoice
from delegates.voices.template import TemplateVoice
from games.errors import SeatError
from games.protocols.hall import is_hall
from games.scenario import Scenario


def default_seat(settings: Settings) -> tuple[str, str]:
    """Return the seat that is used where none is given, and why, in words."""
    model = settings.model.value
    if model == NO_MODEL:
        return "firm", "no model was wanted; decided by code, worded by templates"
    if model == "local-large":
        return "menu:local-large+llm:local-large", "chosen from a menu and worded by a local model"
    if model not in (None, "local"):
        return f"llm:{model}", f"decided and worded by {model} ({settings.model.origin})"
    problem = why_unavailable("local", settings)
    if problem is None:
        return "firm+llm:local", "decided by code, worded by a local model"
    if model == "local":
        raise SeatError(f"the embedded model cannot be used: {problem}")
    return "firm", f"decided by code, worded by templates; no embedded model: {problem}"


MANY = 12
"""Delegations above which a model that was asked for words, and does not decide, in a hall."""


def scripted_seats(scenario: Scenario, given: Mapping[str, str]) -> dict[str, SeatSpec] | None:
    """Return the seats if all are given and each follows a rule; no setting is looked at for that.

    Raises:
        SeatError: If a specification is not valid.
    """
    asking = (":", "llm", "menu", *AWAITED)
    asks = any(word in text for text in given.values() for word in asking)
    if asks or set(given) != set(scenario.ids):
        return None
    specs = {party: parse_seat(given[party]) for party in scenario.ids}
    require_playable(scenario, specs)
    return specs


def require_playable(scenario: Scenario, specs: Mapping[str, SeatSpec]) -> None:
    """Check that every mind is here and plays the scenario's protocol.

    Raises:
        SeatError: If one of another library is not, or does not.
    """
    in_hall = is_hall(scenario)
    for party, spec in specs.items():
        require_here(spec)
        if in_hall and spec.mind in PEER_MINDS:
            raise SeatError(
                f"seat {party}: {spec.text} plays alternating offers alone, and {scenario.id} is "
                f"a {scenario.protocol.kind}; expected another mind there"
            )


def seat_specs(
    scenario: Scenario, given: Mapping[str, str], settings: Settings
) -> dict[str, SeatSpec]:
    """Return every party's seat: the one given, else the scenario's, else the default one.

    Raises:
        SeatError: If a seat is for no party of the scenario, or its specification is not valid.
    """
    for party in given:
        if party not in scenario.parties:
            raise SeatError(
                f"seat {party!r}: no such party; {scenario.id} has {', '.join(scenario.ids)}"
            )
    asked = settings.model.value
    stated = seats_stated(scenario, settings)
    specs: dict[str, SeatSpec] = {}
    for party in scenario.ids:
        text = given.get(party) or stated.get(party)
        specs[party] = parse_seat(text or default_seat(settings)[0], asked)
    require_playable(scenario, specs)
    return specs


def seats_stated(scenario: Scenario, settings: Settings) -> Mapping[str, str]:
    """Return the seats that the scenario itself states, as far as they hold.

    Where no model was wanted, those that ask none. A model that was asked for takes every seat not
    given; but among many delegations in a hall it only words what those decide that follow a rule:
    fifty-six seats that ask it at every stage are for whoever names them.
    """
    model = settings.model.value
    if model is None:
        return scenario.seats
    by_rule = {party: text for party, text in scenario.seats.items() if parse_seat(text).scripted}
    if model == NO_MODEL:
        return by_rule
    if is_hall(scenario) and len(scenario.ids) > MANY:
        return {party: f"{text}+llm:{model}" for party, text in by_rule.items()}
    return {}


@dataclass(frozen=True)
class Delegate:
    """A seat taken: a mind and, where the mind does not word its own moves, a voice.

    In a person's or an outside agent's seat they are the stand-in's: the table asks who sits there.
    """

    spec: SeatSpec
    mind: ScriptedMind | Mind
    voice: Voice | None

    @property
    def scripted(self) -> bool:
        """Whether it moves without asking a model or anybody beyond the program."""
        return self.spec.scripted


def scripted_mind(spec: SeatSpec) -> ScriptedMind:
    """Return the mind of a seat that decides by rule."""
    rule = rule_of(spec.mind) or SCRIPTED_MINDS[spec.mind]
    return rule.make(spec.parameters)


def seat_delegate(spec: SeatSpec, line_to: Callable[[ModelName], Line]) -> Delegate:
    """Return the delegate of a seat, its models connected by `line_to`."""
    if spec.stand_in is not None:
        delegate = seat_delegate(spec.stand_in, line_to)
        mind = delegate.mind
        if isinstance(mind, ScriptedMind):
            mind = StandingIn(mind)
        return replace(delegate, spec=spec, mind=mind)
    voice: Voice | None = None
    if spec.voice_model is not None:
        voice = LlmVoice(line_to(spec.voice_model))
    elif spec.mind != "llm" or spec.templates:
        voice = TemplateVoice()
    if spec.model is not None:
        kind = MODEL_MINDS[spec.mind]
        mind = kind.make(line_to(spec.model), spec.parameters, voice is None)
        return Delegate(spec, mind, voice)
    return Delegate(spec, scripted_mind(spec), voice)
