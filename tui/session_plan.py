"""What is to be played, before anything is: scenario, seats, caps and where it is written."""

from __future__ import annotations

import secrets
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from delegates.connections import Caps
from delegates.home import session_file
from delegates.negotiate import negotiate, negotiate_async
from delegates.openings import session_id
from delegates.rehearsal.estimate import Estimate, estimate
from delegates.seating import seat_specs
from delegates.seats import SeatSpec
from delegates.settings import Settings
from games.errors import TranscriptError

if TYPE_CHECKING:
    from delegates import Door
    from delegates.leading.lead import Lead
    from delegates.listening import Listener
    from delegates.persons.person import Person
    from delegates.table import Watcher
    from games.preparation import Sheet
    from games.scenario import Scenario
    from transcripts.record import SessionRecord


def seed_or_lot(seed: int | None = None) -> int:
    """Return a session's seed: the one that was given, else one drawn by lot."""
    return secrets.randbelow(10_000) if seed is None else seed


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """A session that is about to be played."""

    scenario: Scenario
    settings: Settings = field(repr=False)
    party: str | None = None
    """The party the person sits for; None to watch."""
    seats: Mapping[str, str] = field(default_factory=dict[str, str])
    """Party → seat specification, where it is not the scenario's or the default one."""
    caps: Caps = field(default_factory=Caps)
    seed: int = field(default_factory=seed_or_lot)
    shocks: tuple[str, ...] = ()
    out: Path | None = None
    """The transcript's file; by default a new one among the user's transcripts."""
    hints: bool = False
    """Whether the person may ask the adviser; holds where their own seat is not given."""

    @property
    def seats_given(self) -> dict[str, str]:
        """The seat specifications that are given, the person's among them."""
        given = dict(self.seats)
        if self.party is not None:
            given.setdefault(self.party, "human(hints=yes)" if self.hints else "human")
        return given

    def specs(self) -> dict[str, SeatSpec]:
        """Return every party's seat.

        Raises:
            SeatError: If a specification is not valid.
            SettingError: If an endpoint is missing.
        """
        return seat_specs(self.scenario, self.seats_given, self.settings)

    def estimate(self) -> Estimate:
        """Return what the session may use; it may take seconds.

        Raises:
            UserError: If a seat or a cap is at fault.
        """
        return estimate(self.scenario, self.specs(), self.settings, self.caps)

    def sheets(self, sheet: Sheet | None) -> dict[str, Sheet]:
        """Return party → preparation sheet: the person's, if they filled anything in."""
        if self.party is None or sheet is None or sheet.is_empty:
            return {}
        return {self.party: sheet}

    def require_new(self) -> None:
        """Check that no file is there already where the transcript is to be written.

        Raises:
            TranscriptError: If there is one.
        """
        if self.out is not None and self.out.exists():
            raise TranscriptError(f"{self.out}: exists already; a transcript is never overwritten")

    def new_file(self) -> tuple[str, Path]:
        """Return a new session's id and the file it is to be written to."""
        session = session_id(self.scenario, self.seed)
        return session, session_file(self.settings.home.value, session, self.out)

    def play(
        self,
        session: str,
        path: Path,
        watch: Watcher | None,
        person: Person | None,
        sheets: Mapping[str, Sheet],
        door: Door,
    ) -> SessionRecord:
        """Return the record of the session played to its end, as `negotiate` does; blocks.

        Args:
            session: Its id.
            path: Its file.
            watch: Shown each event once it is kept; None where nobody looks on.
            person: The front end of the person at the table; None where there is none.
            sheets: Party → preparation sheet.
            door: Where outside agents come in.

        Raises:
            MinilateralError: If it stopped before its end.
        """
        return negotiate(
            self.scenario,
            self.seats_given,
            seed=self.seed,
            transcript=path,
            session=session,
            settings=self.settings,
            caps=self.caps,
            watch=watch,
            person=person,
            shocks=self.shocks,
            sheets=sheets,
            door=door,
        )

    def played(
        self,
        session: str,
        path: Path,
        watch: Watcher,
        person: Person,
        listen: Listener,
        *,
        sheets: Mapping[str, Sheet] | None = None,
        lead: Lead | None = None,
    ) -> Coroutine[object, object, SessionRecord]:
        """Return what plays the session, as `negotiate_async` does.

        Args:
            session: Its id.
            path: Its file.
            watch: Shown each event once it is kept.
            person: The front end of the people at the table.
            listen: Shown the words of models as they come.
            sheets: Party → preparation sheet.
            lead: How whoever leads the exercise steers it.
        """
        return negotiate_async(
            self.scenario,
            self.seats_given,
            seed=self.seed,
            transcript=path,
            session=session,
            settings=self.settings,
            caps=self.caps,
            watch=watch,
            person=person,
            shocks=self.shocks,
            sheets=sheets,
            listen=listen,
            lead=lead,
        )
