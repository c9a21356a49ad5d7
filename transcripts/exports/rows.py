"""The rows of exported tables, from transcripts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, FiniteFloat, StrictBool, ValidationError

from games.errors import TranscriptError, UnsoundEvent
from games.protocols.hall import HallState
from games.protocols.settlement import is_in_force
from games.protocols.stages import is_signed
from games.ratification import Ratified, ratified
from games.scenario import Scenario
from games.session import payoffs, utilities
from transcripts.conduct import Conduct
from transcripts.events import Happened, MoveMade, Opened
from transcripts.exports.schema import NOTICE, Table
from transcripts.fold import Folded, follow, opened, require_shared, scenario_of
from transcripts.proceedings import signatures
from transcripts.record import SessionRecord, rounded
from transcripts.store import Transcript

Value = str | int | float | bool | None
Row = dict[str, Value]


class _Standing(BaseModel):
    """What recorded findings say of a party, as far as it is exported."""

    model_config = ConfigDict(frozen=True)

    gain: FiniteFloat | None = None


class _Found(BaseModel):
    """What recorded findings say, as far as it is exported."""

    model_config = ConfigDict(frozen=True)

    in_zopa: StrictBool | None = None
    undominated: StrictBool | None = None
    nash_ratio: FiniteFloat | None = None
    distance_to_frontier: FiniteFloat | None = None
    distance_to_nash: FiniteFloat | None = None
    standings: dict[str, _Standing] = {}


@dataclass(frozen=True)
class Session:
    """A transcript that was read and found sound."""

    path: Path
    folded: Folded

    @property
    def id(self) -> str:
        """The session's id."""
        return self.folded.header.session

    @property
    def is_complete(self) -> bool:
        """Whether the session ended."""
        return self.folded.closed is not None

    @cached_property
    def record(self) -> SessionRecord:
        """Its result."""
        return self.folded.record(self.path)

    @cached_property
    def signatures(self) -> Mapping[str, str | None]:
        """How each party signed; nothing where nobody did."""
        state = self.folded.state
        if not isinstance(state, HallState) or not is_signed(state.scenario):
            return {}
        return signatures(state) if state.agreement is not None else {}

    @cached_property
    def ratified(self) -> Ratified | None:
        """What became at home of what was agreed; None if no capital was asked."""
        return ratified(self.folded.state)

    @cached_property
    def findings(self) -> _Found:
        """What the transcript's own findings say; nothing where it has none.

        Raises:
            TranscriptError: If they are no findings.
        """
        found = self.folded.found
        if found is None:
            return _Found()
        try:
            return _Found.model_validate(found.findings)
        except ValidationError as error:
            place = ".".join(str(part) for part in error.errors(include_url=False)[0]["loc"])
            raise TranscriptError(
                f"{self.path}: event {found.n}: findings.{place}: expected what a referee finds"
            ) from None


MOST_SCENARIOS = 8
"""Scenarios that are kept while many transcripts are read: what one has computed serves all."""


@dataclass
class Scenarios:
    """The scenarios that were read last, each once."""

    known: dict[str, Scenario] = field(default_factory=dict[str, Scenario])

    def of(self, header: Opened) -> Scenario:
        """Return the scenario that a header holds.

        Raises:
            TranscriptError: If it holds none.
        """
        key = json.dumps(header.scenario)
        found = self.known.pop(key, None) or scenario_of(header)
        if len(self.known) >= MOST_SCENARIOS:
            self.known.pop(next(iter(self.known)))
        self.known[key] = found
        return found


def read_session(path: Path, scenarios: Scenarios | None = None) -> Session:
    """Return the session in a transcript of any format.

    Args:
        path: The transcript.
        scenarios: Those that were read before, and this one from then on.

    Raises:
        TranscriptError: If it cannot be read, its chain is broken, its last line is torn, or it
            tells of something impossible.
    """
    transcript = Transcript(path)
    folded = opened(transcript, (scenarios or Scenarios()).of)
    for _ in follow(transcript, folded):
        pass
    if transcript.tail:
        raise UnsoundEvent(len(transcript), "the last line is torn; `resume` cuts it off", path)
    try:
        require_shared(folded)
    except UnsoundEvent as error:
        raise error.of(path) from None
    return Session(path, folded)


def rows(table: Table, session: Session) -> Iterator[Row]:
    """Yield a session's rows of a table, columns in their order.

    Raises:
        TranscriptError: If its recorded findings are none.
    """
    match table:
        case "sessions":
            yield _session(session)
        case "seats":
            yield from _seats(session)
        case "moves":
            yield from _moves(session)


def _session(session: Session) -> Row:
    folded, record, found = session.folded, session.record, session.findings
    header, scenario, state = folded.header, folded.scenario, folded.state
    parent, agreed = header.parent, state.agreement
    held = record.proceedings
    ways = list(session.signatures.values())
    return {
        "session": header.session,
        "file": session.path.name,
        "format": header.format,
        "program": header.program,
        "opened": header.at,
        "scenario": scenario.id,
        "title": scenario.title,
        "protocol": scenario.protocol.kind,
        "seed": header.seed,
        "parent": None if parent is None else parent.session,
        "parent_moves": None if parent is None else parent.moves,
        "parties": len(scenario.ids),
        "status": record.status,
        "agreement": None if agreed is None else _json(scenario.space.outcome(agreed)),
        "holds": None if session.ratified is None else session.ratified.holds,
        "rounds": state.rounds_begun,
        "moves": len(record.moves),
        "in_force": is_in_force(state) if ways and isinstance(state, HallState) else None,
        "adopted_by": None if held is None else held.adopted_by,
        "signed_binding": ways.count("binding") if ways else None,
        "signed_declaratory": ways.count("declaratory") if ways else None,
        "in_zopa": found.in_zopa,
        "undominated": found.undominated,
        "nash_ratio": found.nash_ratio,
        "distance_to_frontier": found.distance_to_frontier,
        "distance_to_nash": found.distance_to_nash,
        "referee": None if folded.found is None else folded.found.version,
        "model_calls": record.spend.calls,
        "tokens_input": record.spend.tokens.input,
        "tokens_output": record.spend.tokens.output,
        "tokens_cached": record.spend.tokens.cached,
        "cost_usd": record.spend.cost_usd,
        "notice": NOTICE,
    }


def _seats(session: Session) -> Iterator[Row]:
    folded, record = session.folded, session.record
    scenario, state = folded.scenario, folded.state
    ended = session.is_complete
    worth = rounded(utilities(state)) if ended else {}
    asked = () if session.ratified is None else session.ratified.capitals
    capitals = {one.party: one.has_ratified for one in asked}
    paid = rounded(payoffs(state)) if ended else {}
    for number, (party, details) in enumerate(scenario.parties.items(), 1):
        seat = folded.header.seats.get(party)
        made = [event for event in folded.made if event.party == party]
        standing = session.findings.standings.get(party)
        signed = session.signatures
        yield {
            "session": session.id,
            "scenario": scenario.id,
            "seat": number,
            "party": party,
            "name": details.name,
            "side": details.side,
            "spec": None if seat is None else seat.spec,
            "decides": None if seat is None else seat.decides,
            "words": None if seat is None else seat.words,
            "models": None if seat is None else " ".join(seat.models),
            "utility": worth.get(party),
            "payoff": paid.get(party),
            "gain": None if standing is None else standing.gain,
            "signature": (signed[party] or "out") if signed else None,
            "ratified": capitals.get(party),
            "moves": len(made),
            "offers": sum(event.act == "offer" for event in made),
            **_conduct(record.seats[party]),
            "notice": NOTICE,
        }


def _conduct(seat: Conduct) -> Row:
    return {
        "model_calls": seat.model_calls,
        "tokens_input": seat.tokens.input,
        "tokens_output": seat.tokens.output,
        "tokens_cached": seat.tokens.cached,
        "cost_usd": seat.cost_usd,
        "retries": seat.retries,
        "unusable": sum(seat.unusable.values()),
        "fallback_moves": seat.fallback_moves,
        "template_worded": seat.template_worded,
        "below_reservation": seat.below_reservation,
        "figures_told": seat.figures_told,
        "quotations_told": seat.quotations_told,
    }


def _moves(session: Session) -> Iterator[Row]:
    told = [event for event in session.folded.events if isinstance(event, MoveMade | Happened)]
    for number, event in enumerate(told, 1):
        row: Row = {
            "session": session.id,
            "scenario": session.folded.scenario.id,
            "kind": event.type,
            "number": number,
            "event": event.n,
            "at": event.at,
            "round": event.round + 1,
            "turn": event.turn,
        }
        row |= _moved(event) if isinstance(event, MoveMade) else _happened(event)
        yield row | {"notice": NOTICE}


def _moved(event: MoveMade) -> Row:
    """Return what is exported of a move: what a delegate asks its capital for is private."""
    about = event.on if event.act != "ask-capital" else {}
    return {
        "party": event.party,
        "act": event.act,
        "outcome": None if event.outcome is None else _json(event.outcome),
        "about": _json(about) if about else None,
        "words": event.words,
        "decided_by": event.decided_by,
        "worded_by": event.worded_by,
        "fallback": event.fallback,
        "words_fallback": event.words_fallback,
        "flags": " ".join(event.flags),
        "stage": event.stage,
        "room": event.room,
        "heard_by": None if event.heard_by is None else " ".join(event.heard_by),
    }


def _happened(event: Happened) -> Row:
    """Return what is exported of a happening: what a capital told its delegate is private."""
    is_public = event.heard_by is None
    about: dict[str, object] = {"by": event.by}
    if event.shock is not None:
        about["shock"] = event.shock
    if is_public and event.issue is not None:
        about |= {"issue": event.issue, "option": event.option, "granted": event.granted}
    return {
        "party": event.party,
        "act": event.what,
        "outcome": None,
        "about": _json(about),
        "words": event.words if is_public else None,
        "decided_by": "",
        "worded_by": "",
        "fallback": None,
        "words_fallback": None,
        "flags": "",
        "stage": "",
        "room": None,
        "heard_by": None if event.heard_by is None else " ".join(event.heard_by),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
