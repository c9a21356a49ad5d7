"""Whoever leads an exercise: pauses it, has shocks strike, hands seats over and gives them back.

A `Lead` is steered from any thread, and obeyed by the session between two moves. What a pause stops
is the next move: one that is under way (a model asked, a person's move being worded) goes on record
when it is done. While the session is paused the clocks of all persons stand still; whoever is asked
can look and write, and what they send is taken once the session goes on. A pause leaves no trace in
the transcript. What strikes does, as a shock of the trainer, and so do seats handed over and back.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from delegates.leading.trainer import OpenShock, shocks_left
from delegates.persons.person import Timer
from delegates.text import one_line
from games.happenings.happening import problem_with_striking, shocks_over

if TYPE_CHECKING:
    from games.session import State
    from transcripts.fold import Folded, StandIn

PACE_S = 2.0
"""Seconds for which a move is looked at before the next one that is made by rule."""

TRAINER = "the trainer"
"""How the reason of a hand-over begins that whoever leads the exercise ordered."""

HANDED_OVER = f"{TRAINER} handed it over"
GIVEN_BACK = f"{TRAINER} gave it back"

NOT_UNDER_WAY = "the session is not under way"


@dataclass(frozen=True)
class _Seen:
    """The session as it was when the lead heard of it last."""

    state: State
    people: tuple[str, ...]
    """The seats that are awaited from beyond the program."""
    stand_ins: Mapping[str, StandIn]


class Lead:
    """How whoever leads an exercise steers a session under way, from any thread.

    One is for one session. What it orders is done between two moves, at once where a person is
    being asked or the session is paused. Orders that cannot be given are answered by a line that
    says why, and change nothing.
    """

    def __init__(self, *, pace_s: float = PACE_S, timer: Timer | None = None) -> None:
        """Lead a session that is about to be played.

        Args:
            pace_s: Seconds before each move that is made by rule, so that it can be followed.
            timer: The clock; persons' time is measured by it, and stands still in a pause.
        """
        self.pace_s = pace_s
        self._lock = threading.RLock()
        self._clock = timer or Timer()
        self._stood_s = 0.0
        self._since: float | None = None  # when the pause began
        self._seen: _Seen | None = None
        self._booked: list[str] = []
        self._held: dict[str, str] = {}
        self._returned: set[str] = set()
        self._listeners: list[Callable[[], object]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news: asyncio.Event | None = None
        self._is_led = False

    def tell(self, told: Callable[[], object]) -> None:
        """Have somebody told, from any thread, whenever something has been ordered or done."""
        with self._lock:
            self._listeners.append(told)

    def forget(self, told: Callable[[], object]) -> None:
        """Tell somebody no more."""
        with self._lock:
            self._listeners = [one for one in self._listeners if one != told]

    # --- pausing

    def pause(self) -> None:
        """Stop the session before its next move; one that is paused stays so.

        It may be said before the session begins.
        """
        with self._lock:
            if self._since is None:
                self._since = self._clock.now()
        self._stir()

    def go_on(self) -> None:
        """Let the session go on."""
        with self._lock:
            if self._since is not None:
                self._stood_s += self._clock.now() - self._since
                self._since = None
        self._stir()

    @property
    def is_paused(self) -> bool:
        """Whether the session is paused."""
        return self._since is not None

    @property
    def timer(self) -> Timer:
        """The clock by which persons' time is measured: it stands still in a pause."""
        return Timer(self._now, self._sleep)

    # --- ordering

    def strike(self, shock: str) -> str | None:
        """Have a shock strike before the next move; return why it cannot, or None if it will.

        It may be one that the party to move does not hear of.
        """
        with self._lock:
            seen = self._seen
            if seen is None:
                return NOT_UNDER_WAY
            if shock in self._booked:
                return f"{shock} strikes before the next move already; expected another shock"
            problem = problem_with_striking(seen.state, shock)
            if problem is not None:
                return problem
            if not self._is_led:
                return NOT_UNDER_WAY
            self._booked.append(shock)
        self._stir()
        return None

    def hand_over(self, party: str, reason: str = HANDED_OVER) -> str | None:
        """Let a seat's stand-in move until the seat is given back; return why not, or None.

        At once where the person is being asked; else from the seat's next turn on. What they have
        sent and was not taken yet is not made.

        Args:
            party: The seat, of a person or an outside agent.
            reason: As it stands on record. One that begins with "the trainer" also holds for who
                leads the session once it is resumed.
        """
        with self._lock:
            problem = self._problem_with_seat(party)
            if problem is None and party in self._held:
                problem = f"{party} is held by its stand-in already; expected another seat"
            if problem is not None:
                return problem
            self._held[party] = one_line(reason) or HANDED_OVER
            self._returned.discard(party)
        self._stir()
        return None

    def give_back(self, party: str) -> str | None:
        """Give a seat back to its person, whoever handed it over; return why not, or None."""
        with self._lock:
            problem = self._problem_with_seat(party)
            if problem is None and not self.is_stood_in_for(party):
                problem = f"{party} is its person's own; expected a seat that was handed over"
            if problem is not None:
                return problem
            self._held.pop(party, None)
            if self._seen is not None and party in self._seen.stand_ins:
                self._returned.add(party)
        self._stir()
        return None

    def _problem_with_seat(self, party: str) -> str | None:
        seen = self._seen
        if seen is None or not self._is_led or not seen.state.is_open:
            return NOT_UNDER_WAY
        if party not in seen.people:
            seats = ", ".join(seen.people) or "none: nobody is awaited in this session"
            return f"no seat of a person {party!r}; expected one of {seats}"
        return None

    # --- what it knows

    @property
    def people(self) -> tuple[str, ...]:
        """The seats that can be handed over: those of persons and outside agents."""
        seen = self._seen
        return () if seen is None else seen.people

    @property
    def is_under_way(self) -> bool:
        """Whether the session is being played and a move is awaited."""
        seen = self._seen
        return self._is_led and seen is not None and seen.state.is_open

    @property
    def shocks_left(self) -> tuple[OpenShock, ...]:
        """The shocks that can still be ordered, whoever hears of them."""
        with self._lock:
            if self._seen is None:
                return ()
            booked = set(self._booked)
            return tuple(one for one in shocks_left(self._seen.state) if one.name not in booked)

    @property
    def booked(self) -> tuple[str, ...]:
        """The shocks that will strike before the next move; once it is over, those that did not."""
        with self._lock:
            return tuple(self._booked)

    @property
    def held(self) -> Mapping[str, str]:
        """Party → why, of the seats that are held by their stand-ins by order."""
        with self._lock:
            return dict(self._held)

    def is_stood_in_for(self, party: str) -> bool:
        """Return whether a seat's next move is its stand-in's, whoever said so."""
        with self._lock:
            if party in self._held:
                return True
            stands_in = self._seen is not None and party in self._seen.stand_ins
            return stands_in and party not in self._returned

    # --- the session's side

    @contextmanager
    def leading(self, folded: Folded, people: Sequence[str]) -> Generator[None]:
        """Lead a session for as long as it is played in the running event loop.

        Args:
            folded: The session so far. Seats that a trainer handed over before stay so.
            people: The seats that are awaited from beyond the program.
        """
        with self._lock:
            self._is_led = True
            for party, holds in folded.stand_ins.items():
                if holds.turns is None and holds.reason.startswith(TRAINER):
                    self._held.setdefault(party, holds.reason)
            self._seen = _Seen(folded.state, tuple(people), dict(folded.stand_ins))
        self._stir()
        try:
            yield
        finally:
            with self._lock:
                self._is_led = False
            self.go_on()

    def hear(self, folded: Folded) -> None:
        """Take in what has gone on record."""
        with self._lock:
            if self._seen is None:
                return
            self._seen = _Seen(folded.state, self._seen.people, dict(folded.stand_ins))
            self._returned &= self._seen.stand_ins.keys()
        self._stir()

    def due(self, state: State) -> list[str]:
        """Return the shocks that are to strike now, which are booked no more."""
        over = shocks_over(state)
        with self._lock:
            booked, self._booked = self._booked, []
        return [shock for shock in booked if shock not in over]

    def is_returned(self, party: str) -> bool:
        """Return whether a seat that its stand-in holds is to be given back."""
        return party in self._returned

    @property
    def news(self) -> asyncio.Event:
        """Set once something is ordered from now on; to be asked for in the session's own loop."""
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._news is None or self._loop is not loop:
                self._loop, self._news = loop, asyncio.Event()
            return self._news

    def has_order(self, folded: Folded) -> bool:
        """Return whether something is ordered that comes before the next move."""
        party = folded.state.party
        with self._lock:
            holds, reason = folded.stand_ins.get(party), self._held.get(party)
            is_to_pass = reason is not None and (holds is None or holds.reason != reason)
            return self.is_paused or bool(self._booked) or is_to_pass or self.is_returned(party)

    def _stir(self) -> None:
        """Have the session look for what was ordered, and tell those who want to know."""
        with self._lock:
            if self._loop is not None:
                with suppress(RuntimeError):  # the loop is closed, and nobody waits in it
                    self._loop.call_soon_threadsafe(self._wake)
            listeners = tuple(self._listeners)
        for told in listeners:
            told()

    def _wake(self) -> None:
        with self._lock:
            news, self._news = self._news, None
        if news is not None:
            news.set()

    # --- its clock

    def _stood(self) -> float:
        """Return for how many seconds the clock has stood still so far."""
        with self._lock:
            now = 0.0 if self._since is None else self._clock.now() - self._since
            return self._stood_s + now

    def _now(self) -> float:
        with self._lock:
            return self._clock.now() - self._stood()

    async def _sleep(self, seconds: float) -> None:
        """Wait for so long, and for as long again as the clock stood still meanwhile."""
        left = seconds
        while left > 0:
            await self._going()
            before = self._stood()
            await self._clock.sleep(left)
            left = self._stood() - before

    async def _going(self) -> None:
        """Wait until the session is not paused."""
        while True:
            news = self.news
            if not self.is_paused:
                return
            await news.wait()
