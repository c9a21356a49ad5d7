"""One table of a class: what its session came to, read from its transcript alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from delegates.classroom.efficiency import Efficiency, advantage, efficiency
from delegates.classroom.sitting import Sitting, sitting
from delegates.debriefing.recorded import Recorded
from delegates.text import one_line
from games.errors import TranscriptError, UserError
from games.happenings.happening import Answered, Instructed, Struck, changed
from games.review.close import read_close
from games.session import payoffs, utilities
from transcripts.fold import Folded, fold, scenario_of
from transcripts.record import ResultStatus
from transcripts.store import Transcript

if TYPE_CHECKING:
    from games.outcomes import Option
    from games.scenario import Scenario
    from games.session import State
    from transcripts.record import SessionRecord

Watch = Callable[[int, int], None]
"""Told how many tables are read, and of how many."""

ENDING = ".jsonl"
"""Of a transcript in a folder."""


@dataclass(frozen=True, kw_only=True)
class Strike:
    """A shock that struck at a table."""

    shock: str
    round: int
    """From 0."""
    by: Literal["date", "lot", "trainer"]


@dataclass(frozen=True, kw_only=True)
class SeatResult:
    """What a seat of a table came to."""

    party: str
    utility: float
    """Undiscounted points; r without agreement."""
    payoff: float
    """Likewise, time counted."""
    reservation: float
    attainable: float
    """m: its greatest utility in the ZOPA as it was at this table."""
    advantage: float | None
    """(u − r)/(m − r); None where it could not gain anything."""
    left: float
    """Most it could still have had with every other party as well off, own points."""
    left_share: float | None
    signature: str | None
    """Of a forum: binding, declaratory or out; None elsewhere."""
    sitting: Sitting


@dataclass(frozen=True, kw_only=True)
class Table:
    """What the session at one table came to."""

    name: str
    """Unlike that of any other table of its class."""
    path: Path
    session: str
    opening: str
    """SHA-256 of the transcript's header: two copies of one session have the same."""
    sha256: str
    """Of the scenario that it began with."""
    scenario: Scenario
    """As the session began."""
    now: Scenario = field(repr=False)
    """The same after the shocks that struck, with what capitals allowed at first."""
    status: ResultStatus
    agreement: dict[str, Option] | None
    rounds: int
    """Begun."""
    moves: int
    seats: tuple[SeatResult, ...]
    """In the order of moves."""
    efficiency: Efficiency
    shocks: tuple[Strike, ...]
    """In the order in which they struck."""
    words_from_capitals: int
    """Instructions and granted requests, which change what may be signed."""
    in_force: bool | None
    """Of a forum's text: whether enough have signed; None elsewhere."""
    branched_after: int | None
    """The moves that it shares with the session that it branched off, if it did."""

    @property
    def is_over(self) -> bool:
        """Whether the session has ended."""
        return self.status != "incomplete"

    @property
    def played(self) -> tuple[str, ...]:
        """By what it is comparable to another: its scenario, and the shocks in their order."""
        return (self.sha256, *(one.shock for one in self.shocks))

    @property
    def hand_overs(self) -> int:
        """How often a seat passed to a stand-in."""
        return sum(one.sitting.hand_overs for one in self.seats)

    @property
    def stand_in_moves(self) -> int:
        """Moves that stand-ins of persons decided."""
        return sum(one.sitting.stand_in_moves for one in self.seats)

    def seat(self, party: str) -> SeatResult:
        """Return what a party's seat came to."""
        return next(one for one in self.seats if one.party == party)


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A file that could not be read as a session."""

    name: str
    reason: str


def transcripts_in(given: Sequence[Path]) -> list[Path]:
    """Return the transcripts meant by files and folders, each once, in the order of their names.

    Raises:
        UserError: If a folder holds none, or there is no such file.
    """
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            held = [one for one in path.iterdir() if one.suffix == ENDING and one.is_file()]
            if not held:
                raise UserError(f"{path}: holds no transcript; expected files *{ENDING}")
            found += held
        elif not path.exists():
            raise UserError(f"{path}: does not exist; expected a transcript, or a folder of them")
        else:
            found.append(path)
    once = {path.resolve(): path for path in found}
    return sorted(once.values(), key=_in_order)


def _in_order(path: Path) -> tuple[list[tuple[int, int, str]], str]:
    """Return by what files are sorted: `table-9` before `table-10`, then by their folders."""
    return natural(path.stem), str(path)


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts numbers within names by their size."""
    parts = re.split(r"([0-9]+)", text)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def named(paths: Sequence[Path]) -> list[str]:
    """Return what each table is called: its file without the ending, with as much of its folders
    as sets it apart."""
    depth = 1
    while True:
        names = ["/".join((*path.resolve().parts[-depth:-1], path.stem)) for path in paths]
        if len(set(names)) == len(paths) or depth > max(len(one.parts) for one in paths) + 1:
            return [one_line(name) for name in names]
        depth += 1


def read_tables(
    paths: Sequence[Path], watch: Watch | None = None
) -> tuple[tuple[Table, ...], tuple[Unread, ...]]:
    """Return the tables of a class, and the files that could not be read.

    Tables of one scenario share what is computed of it.

    Args:
        paths: Their transcripts.
        watch: Told how many are read.
    """
    known: dict[str, Scenario] = {}
    tables: list[Table] = []
    unread: list[Unread] = []
    for done, (path, name) in enumerate(zip(paths, named(paths), strict=True), 1):
        try:
            tables.append(read_table(path, name, known))
        except TranscriptError as error:
            told = one_line(str(error)).removeprefix(f"{path}: ")
            unread.append(Unread(name=name, reason=told))
        if watch is not None:
            watch(done, len(paths))
    return tuple(tables), tuple(unread)


def read_table(path: Path, name: str, known: dict[str, Scenario]) -> Table:
    """Return what the session at one table came to, as far as it went.

    Args:
        path: Its transcript.
        name: What the table is called.
        known: Scenarios that are at hand, by their hashes; this one's is added.

    Raises:
        TranscriptError: If it cannot be read.
    """
    transcript = Transcript(path)
    scenario = scenario_of(transcript.header())
    sha256 = scenario.sha256()
    scenario = known.setdefault(sha256, scenario)
    folded = fold(transcript.events(), scenario)
    record = folded.record(path)
    return _table(path, name, sha256, folded, record)


def _table(path: Path, name: str, sha256: str, folded: Folded, record: SessionRecord) -> Table:
    state, parent = record.state, folded.header.parent
    held = None if record.proceedings is None else record.proceedings.as_json()
    agreed = state.agreement
    return Table(
        name=name,
        path=path,
        session=one_line(folded.header.session),
        opening=hashlib.sha256(folded.header.model_dump_json().encode()).hexdigest(),
        sha256=sha256,
        scenario=folded.scenario,
        now=_after_shocks(state),
        status=record.status,
        agreement=None if agreed is None else state.scenario.space.outcome(agreed),
        rounds=state.rounds_begun,
        moves=len(record.moves),
        seats=_seats(path, folded, record, held),
        efficiency=efficiency(record.referee),
        shocks=tuple(
            Strike(shock=one.cause.shock, round=one.round, by=one.cause.by)
            for one in state.happened
            if isinstance(one.cause, Struck)
        ),
        words_from_capitals=sum(
            isinstance(one.cause, Instructed)
            or (isinstance(one.cause, Answered) and one.cause.is_granted)
            for one in state.happened
        ),
        in_force=None if held is None or held["signatures"] is None else bool(held["in_force"]),
        branched_after=None if parent is None else parent.moves,
    )


def _after_shocks(state: State) -> Scenario:
    """Return the scenario after the shocks that struck, whatever capitals said meanwhile."""
    scenario = state.opening
    for one in state.happened:
        if isinstance(one.cause, Struck):
            scenario = changed(scenario, one.cause)
    return scenario


def _seats(
    path: Path, folded: Folded, record: SessionRecord, held: Mapping[str, object] | None
) -> tuple[SeatResult, ...]:
    state = record.state
    worth, in_time = utilities(state), payoffs(state)
    left = {one.party: one for one in read_close(state, (), 0).left}
    attainable = {one.party: one.attainable for one in record.referee.standings}
    signed = cast("Mapping[str, str]", (held or {}).get("signatures") or {})
    return tuple(
        SeatResult(
            party=own.party,
            utility=worth[own.party],
            payoff=in_time[own.party],
            reservation=own.reservation,
            attainable=attainable[own.party],
            advantage=advantage(worth[own.party], own.reservation, attainable[own.party]),
            left=left[own.party].points,
            left_share=left[own.party].share,
            signature=signed.get(own.party),
            sitting=sitting(Recorded(path, folded, own.party), own.party),
        )
        for own in state.scenario.preferences
    )
