"""The transcript of a session of scripted minds, written when it is over, all at once.

Nothing in such a session was paid for, and the same seed plays it again, so nothing is lost if the
machine stops before the file is there. The events are those that the table records move by move, to
the byte, but for times and hashes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pydantic_core import to_json

from delegates.models.prompt import described
from delegates.scripted import Play
from delegates.seats import SeatSpec
from delegates.views import view_of
from delegates.voices.template import MOST_TERMS, PHRASES, lot, patterns_for
from games.board import Board
from games.matrices.stance_game import offers_among, played_cell
from games.naming import called, series
from games.outcomes import OutcomeSpace
from games.ratification import parties_bound
from games.referee import REFEREE_VERSION, referee
from games.scenario import Scenario
from games.session import Offer, start
from transcripts.acts import act_of
from transcripts.events import Found, Opened
from transcripts.record import closing
from transcripts.store import content, write_whole

MOST_SPELLED = 50_000
"""Offers whose spelling is kept on a scenario; more would cost memory rather than save time."""


def transcribe(path: Path, header: Opened, play: Play, specs: Mapping[str, SeatSpec]) -> None:
    """Write a session of scripted minds that is over.

    Args:
        path: The file, which must not exist.
        header: The header, its scenario left out: it is that of the session.
        play: The session.
        specs: Every party's seat.

    Raises:
        TranscriptError: If the file exists or cannot be written.
    """
    write_whole(path, _contents(header, play, specs))


def _contents(header: Opened, play: Play, specs: Mapping[str, SeatSpec]) -> Iterator[bytes]:
    scenario = play.state.scenario
    yield _header(header, scenario)
    yield from _moves(scenario, play, specs, header.seed)
    yield content(closing(play.state))
    agreed = play.state.agreement
    parties, order = len(scenario.ids), play.state.turns
    when = [(turn // parties, order[turn]) for turn in play.turns]
    played = played_cell(scenario, offers_among(play.moves, when))
    bound = parties_bound(play.state)
    yield scenario.once(
        f"found/{agreed}/{played}/{bound}", lambda same: _found(same, agreed, played, bound)
    )


def _header(header: Opened, scenario: Scenario) -> bytes:
    # Within a JSON string quotes are escaped, so this can only be the key itself.
    return content(header).replace(
        b'"scenario":{}', b'"scenario":' + scenario.once("canonical", _canonical), 1
    )


def _canonical(scenario: Scenario) -> bytes:
    return scenario.canonical().encode()


def _found(
    scenario: Scenario,
    agreed: int | None,
    played: tuple[int, int] | None,
    bound: tuple[str, ...] | None,
) -> bytes:
    findings = cast("Any", referee(scenario, agreed, played, bound=bound).as_json())
    return content(Found(version=REFEREE_VERSION, findings=findings))


@dataclass
class Spelling:
    """How a scenario's outcomes are written: as JSON, and as a person would say their terms.

    What is said stands here as it stands in a JSON string, without the quotes.
    """

    space: OutcomeSpace
    terms: tuple[tuple[str, ...], ...]
    """Each issue's options in words."""
    offers: dict[tuple[int | None, int], tuple[bytes, bytes]] = field(
        default_factory=dict[tuple[int | None, int], tuple[bytes, bytes]]
    )
    """What was spelled already."""

    def of(self, last: int | None, outcome: int) -> tuple[bytes, bytes]:
        """Return an offer's JSON and the terms said aloud with it.

        Said is what moved since the party's own last offer; nothing when that is repeated.
        """
        found = self.offers.get((last, outcome))
        if found is None:
            if len(self.offers) >= MOST_SPELLED:
                self.offers.clear()
            found = to_json(self.space.outcome(outcome)), self._terms(last, outcome)
            self.offers[last, outcome] = found
        return found

    def _terms(self, last: int | None, outcome: int) -> bytes:
        if last == outcome:
            return b""
        levels = self.space.levels_of(outcome)
        before = (None,) * len(levels) if last is None else self.space.levels_of(last)
        moved = [
            options[level]
            for options, level, old in zip(self.terms, levels, before, strict=True)
            if level != old
        ]
        return series(moved[:MOST_TERMS]).encode()


def spelling_of(scenario: Scenario) -> Spelling:
    """Return how a scenario's outcomes are written, kept on the scenario."""
    return scenario.once("spelling", _spelling)


def _spelling(scenario: Scenario) -> Spelling:
    view = view_of(start(scenario), (), 0)  # any seat's: what is read of it is public
    return Spelling(
        scenario.space,
        tuple(
            tuple(_in_json(described(view, {name: option})[0]).decode() for option in issue.options)
            for name, issue in scenario.issues.items()
        ),
    )


def _in_json(text: str) -> bytes:
    return to_json(text)[1:-1]


@dataclass(frozen=True)
class Seated:
    """What every event of one party's moves has in common."""

    party: str
    head: bytes
    tail: bytes
    phrases: dict[str, tuple[bytes, bytes]]
    """Each set phrase before and after its terms, as in a JSON string."""


def _seated(scenario: Scenario, party: str, spec: SeatSpec) -> Seated:
    decides, words = spec.decides, spec.words

    def compute(same: Scenario) -> Seated:
        name = same.parties[party].name
        return Seated(
            party,
            to_json(party),
            b',"decided_by":%b,"worded_by":%b,"fallback":null,"words_fallback":null,"flags":[],'
            b'"on":{},"stage":"","room":null,"heard_by":null' % (to_json(decides), to_json(words)),
            {pattern: _around_terms(pattern, name) for pattern in PHRASES},
        )

    return scenario.once(f"seated/{party}/{decides}/{words}", compute)


def _around_terms(pattern: str, name: str) -> tuple[bytes, bytes]:
    before, _, after = pattern.partition("{terms}")
    names = {"name": called(name), "Name": called(name, begins=True)}
    return _in_json(before.format(**names)), _in_json(after.format(**names))


_MOVED = (
    b',"type":"moved","turn":%d,"round":%d,"party":%b,"act":"%b","outcome":%b,"words":"%b%b%b"%b'
)


def _moves(
    scenario: Scenario, play: Play, specs: Mapping[str, SeatSpec], seed: int
) -> Iterator[bytes]:
    """Yield the content of every move's event, its fields in their order."""
    spelling, board = spelling_of(scenario), Board(start(scenario, seed))
    seats = [_seated(scenario, party, specs[party]) for party in scenario.ids]
    last: list[int | None] = [None] * len(seats)
    for turn, move in zip(play.turns, play.moves, strict=True):
        mover = board.turns[turn]
        seat, before = seats[mover], last[mover]
        patterns = patterns_for(
            move, last=before, is_opening=board.offer is None, stands_by=board.stands_by(mover)
        )
        opening, closing = seat.phrases[patterns[lot(seed, seat.party, turn, len(patterns))]]
        outcome, terms = b"null", b""
        if isinstance(move, Offer):
            last[mover] = move.outcome
            outcome, terms = spelling.of(before, move.outcome)
        act = act_of(move).encode()
        round_ = turn // len(seats)
        yield _MOVED % (turn, round_, seat.head, act, outcome, opening, terms, closing, seat.tail)
        board.make(move)
