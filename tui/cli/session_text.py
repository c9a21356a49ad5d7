"""A session shown as it happens, one move after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from delegates.text import clean
from games.outcomes import Option
from games.point_words import tenths
from games.protocols.hall import HallState
from games.scenario import Scenario
from games.session import State
from transcripts.events import (
    Event,
    Failed,
    HandedOver,
    Happened,
    MoveMade,
    Opened,
    Resumed,
    Retried,
    Unusable,
)
from transcripts.fold import Folded
from tui.cli.hall_text import HallText
from tui.text.brackets import some
from tui.text.conduct import flag_words
from tui.text.happened import happened_words, requested
from tui.text.wording import carried_on, changes, handed_over, hung, origin, paragraph, shown_words

_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_COLOURS = ("\x1b[36m", "\x1b[33m", "\x1b[35m", "\x1b[32m", "\x1b[34m")
_ACTS = {
    "offer": "offers",
    "accept": "accepts",
    "walk-away": "walks away",
    "pass": "passes",
    "ask-capital": "asks for time to consult its capital",
}

FEW = 6
"""Seats up to which each is told of in a line of its own."""

NAMED = 3
"""Seats that are named where several are alike."""


@dataclass
class SessionText:
    """Writes events as lines; colour, where there is any, only repeats what the words say."""

    write: Callable[[str], None]
    colour: bool
    seat: str | None = None
    """The only party whose utilities and troubles are shown; None for all."""
    verbose: bool = False
    """Whether every move in a hall has a line."""
    at_table: bool = False
    """Whether a person who is asked here sees the talks go on."""
    round: int = -1
    hall: HallText | None = None
    """Tells a plenary or forum; None elsewhere."""
    last_offers: dict[str, dict[str, Option]] = field(default_factory=dict[str, dict[str, Option]])
    stands: dict[str, str] = field(default_factory=dict[str, str])
    """What it is to accept for whoever made the offer on the table, or has accepted it already."""

    def styled(self, text: str, style: str) -> str:
        """Return a text in a style, where colour is wanted."""
        return f"{style}{text}{_RESET}" if self.colour else text

    def open(self, folded: Folded) -> None:
        """Show what is about to be negotiated, and who decides and words each seat."""
        scenario, header = folded.scenario, folded.header
        self.write(self.styled(scenario.title, _BOLD))
        if len(header.seats) > FEW:
            for line in _alike(header, scenario):
                self.write(paragraph(line, "  "))
        else:
            for party, seat in header.seats.items():
                name = scenario.parties[party].name
                sits = f"{name}: decided by {seat.decides}, worded by {seat.words}"
                self.write(paragraph(sits, "  ").replace(name, self._name(scenario, party), 1))
        self.write(self.styled(f"  seed {header.seed}; {header.session}; SIMULATION", _DIM))
        if header.parent is not None:
            self.write(self.styled(paragraph(origin(header.parent), "  "), _DIM))
        self.stands = _stands(folded.state)
        if isinstance(folded.state, HallState):
            self.hall = HallText(
                self.write, folded.state, self.seat, self.verbose, shows_text=not self.at_table
            )

    def show(self, event: Event, folded: Folded) -> None:
        """Show one event, if there is anything to see in it."""
        match event:
            case MoveMade():
                self._move(event, folded)
            case Happened():
                self._happen(event, folded)
            case Retried() if self._may_see(event.party):
                self._aside(f"({clean(event.reason)}; trying again in {event.wait_s:.1f} s)")
            case Unusable() if self._may_see(event.party):
                self._aside(f"(a reply could not be used: {clean(event.reason)})")
            case Failed() if self._may_see(event.party):
                self._aside(f"(stopped here: {clean(event.reason)})")
            case HandedOver():
                name = folded.scenario.parties[event.party].name
                self._aside(f"({name}: {handed_over(event)})")
            case Resumed():
                self._aside(f"({carried_on(event)})")
            case _:
                pass

    def _is_heard(self, event: Happened) -> bool:
        return self.seat is None or event.heard_by is None or self.seat in event.heard_by

    def _happen(self, event: Happened, folded: Folded) -> None:
        """Show what happened between moves, in its place, to whoever may learn of it."""
        if self.hall is not None and isinstance(folded.state, HallState):
            self.hall.happen(folded.state)
        if not self._is_heard(event):
            return
        self._begin_round(event.round, folded)
        told = hung("  ◆ ", happened_words(event, folded.scenario, self.seat), "    ")
        self.write(self.styled(told, _BOLD))

    def _begin_round(self, number: int, folded: Folded) -> None:
        if number == self.round:
            return
        self.round = number
        self.write("")
        self.write(self.styled(f"Round {number + 1} of {folded.state.rounds}", _BOLD))

    def _move(self, event: MoveMade, folded: Folded) -> None:
        scenario = folded.scenario
        self._begin_round(event.round, folded)
        if self.hall is not None and isinstance(folded.state, HallState):
            self.hall.move(event, folded.state)
            self._remarks(event)
            return
        name = self._name(scenario, event.party)
        # What is wrapped is measured without colour.
        plain = scenario.parties[event.party].name
        told = hung(f"{plain} ", self._act(event, folded), "    ")
        self.write(told.replace(plain, name, 1))
        self.stands = _stands(folded.state)
        if event.outcome is not None:
            before = self.last_offers.get(event.party)
            self.write(paragraph(changes(scenario, before, event.outcome), "    "))
            self.last_offers[event.party] = event.outcome
        if event.words and event.act not in ("pass", "ask-capital"):
            self.write(self.styled(paragraph(f"“{shown_words(event.words)}”", "  "), "\x1b[3m"))
        self._remarks(event)
        self._worth(folded)

    def _act(self, event: MoveMade, folded: Folded) -> str:
        """Return what a party does; what it asks its capital for is its own business."""
        if event.act == "accept" and event.party in self.stands:
            return self.stands[event.party]
        asked = requested(event, folded.scenario) if self._may_see(event.party) else None
        return f"{_ACTS[event.act]}{f': {asked}' if asked else ''}"

    def _remarks(self, event: MoveMade) -> None:
        """Tell what went amiss with a move, and what is remarkable about it."""
        if event.fallback:
            self._aside(self._reasoned("decided by the fallback", event.party, event.fallback))
        if event.words_fallback:
            self._aside(self._reasoned("worded by a template", event.party, event.words_fallback))
        if event.flags and self._may_see(event.party):
            self._aside(f"({'; '.join(flag_words(event.flags))})")

    def _may_see(self, party: str) -> bool:
        return self.seat in (None, party)

    def _reasoned(self, what: str, party: str, reason: str) -> str:
        """Return what happened and why; why is private, for it may speak of red lines."""
        return f"({what}: {clean(reason)})" if self._may_see(party) else f"({what})"

    def _worth(self, folded: Folded) -> None:
        """Show what the offer on the table is worth, and what was spent so far."""
        offer = folded.state.offer
        if offer is None:
            return
        worth = [
            f"{own.party} {tenths(value)} ({value - own.reservation:+.1f}"
            f"{', to be ratified' if own.in_force is not None else ''})"
            for own in folded.state.scenario.preferences
            for value in (own.utility(offer),)
            if self._may_see(own.party)
        ]
        used = folded.spending.so_far
        cost = f"   {used.cost_usd:.4f} USD" if used.cost_usd else ""
        self._aside(f"on the table: {'   '.join(worth)}{cost}")

    def _aside(self, text: str) -> None:
        self.write(self.styled(paragraph(text, "    "), _DIM))

    def _name(self, scenario: Scenario, party: str) -> str:
        colour = _COLOURS[scenario.ids.index(party) % len(_COLOURS)]
        return self.styled(scenario.parties[party].name, _BOLD + colour)

    def watch(self, event: Event, folded: Folded) -> None:
        """Show an event as it is kept; the header opens the show."""
        if isinstance(event, Opened):
            self.open(folded)
        else:
            self.show(event, folded)


def _stands(state: State) -> dict[str, str]:
    """Return what those do by accepting who stand by the offer on the table."""
    ids = state.scenario.ids
    if isinstance(state, HallState):
        return {}
    return {
        ids[k]: "stands by its offer" if k == state.offerer else "stands by what it accepted"
        for k in state.standing
    }


def _alike(header: Opened, scenario: Scenario) -> Iterator[str]:
    """Yield who decides and who words, seats that are alike told together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for party, seat in header.seats.items():
        groups.setdefault((seat.decides, seat.words), []).append(scenario.parties[party].name)
    for (decides, words), names in groups.items():
        yield f"{some(names, NAMED)}: decided by {decides}, worded by {words}"
