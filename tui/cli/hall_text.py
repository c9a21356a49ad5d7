"""A plenary or forum shown as it happens: what each floor, room and decision came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from delegates.text import clean
from delegates.views import labels_of
from games.moves import (
    Accept,
    Adjourn,
    Approach,
    AskCapital,
    CallCaucus,
    CallInformal,
    Merge,
    Move,
    Offer,
    OpenBreakouts,
    OpenSilence,
    Pass,
    Promise,
    PutToVote,
    Threaten,
    WalkAway,
)
from games.option_words import settled_words
from games.point_words import tenths
from games.protocols.hall import HallState
from games.protocols.words import act_words
from transcripts.acts import move_of
from transcripts.events import MoveMade
from transcripts.places import audience
from transcripts.proceedings import Met, risen
from tui.text.brackets import Called, called_in, draft_lines, some
from tui.text.hall import (
    room_lines,
    signed_line,
    silence_line,
    vote_lines,
)
from tui.text.wording import hung, paragraph, shown_words

if TYPE_CHECKING:
    from games.scenario import Scenario

ALOUD = 6
"""Delegations up to which each tells its opening text; of more only that they table one."""

FEW_DEALS = 4
"""Side deals of a floor up to which each is told in a line."""

FEW_CHANGED = 3
"""Unchanged lines of the text from which on they are not shown again."""

NAMED = 4
"""Delegations that are named where several do the same."""

_TOLD_OTHERWISE = (Adjourn, CallInformal, OpenBreakouts, OpenSilence, PutToVote)
"""Acts of the chair that what follows tells: the next round, what rooms agreed, a decision."""

_HANGING = " " * 6

_WORDED_BY_CODE = ("", "templates", "code")


@dataclass
class _Floor:
    """What is not told at once of a floor."""

    opening: list[int] = field(default_factory=list[int])
    support: list[int] = field(default_factory=list[int])
    stand: list[int] = field(default_factory=list[int])
    silent: list[int] = field(default_factory=list[int])
    asking: list[int] = field(default_factory=list[int])
    """In writing."""
    on: Counter[int] = field(default_factory=Counter[int])
    """The issues they ask to change."""
    written_support: int = 0
    ready: list[tuple[str, int]] = field(default_factory=list["tuple[str, int]"])
    """Side deals, and who is ready for each."""


@dataclass
class HallText:
    """Writes a hall in few lines; `verbose` has a line for every move."""

    write: Callable[[str], None]
    state: HallState
    seat: str | None = None
    """The only party whose own worth, rooms and approaches are shown; None for all."""
    verbose: bool = False
    shows_text: bool = True
    """Whether the text is shown after each floor; a person is shown it when it is their turn."""
    called: Called = field(init=False)
    labels: dict[str, str] = field(init=False)
    floor: _Floor = field(default_factory=_Floor)
    rooms: list[Met] = field(default_factory=list[Met])
    draft: tuple[str, ...] = ()
    """The text as it was shown last."""

    def __post_init__(self) -> None:
        """Name everything once."""
        scenario = self.state.scenario
        self.called = called_in(self.state)
        self.labels = {**labels_of(scenario), **self.called.labels}

    def move(self, event: MoveMade, after: HallState) -> None:
        """Tell a move, and what it brought to an end."""
        before, self.state = self.state, after
        move = move_of(before.scenario, event)
        if self._may_hear(event, before):
            self._act(event, move, before)
        room = risen(before, move)
        if room is not None and (not room.is_private or self._is_in(room.members)):
            self.rooms.append(Met(room=room, round=before.now, moves=room.made))
        if before.stage != after.stage or before.now != after.now or not after.is_open:
            self._end_of(before, after)

    def happen(self, state: HallState) -> None:
        """Take in what happened between moves: points are others from here on."""
        self.state = state

    def _may_hear(self, event: MoveMade, before: HallState) -> bool:
        told = audience(event, before)
        return self.seat is None or told is None or before.scenario.ids.index(self.seat) in told

    def _is_in(self, members: Sequence[int]) -> bool:
        ids = self.state.scenario.ids
        return self.seat is None or self.seat in [ids[k] for k in members]

    def _act(self, event: MoveMade, move: Move, before: HallState) -> None:
        worded = event.worded_by not in _WORDED_BY_CODE
        if self.verbose or (worded and before.stage != "room"):
            self._in_full(event, move, before)
            if isinstance(move, Approach):
                self.floor.ready.append((move.deal, before.mover))
            return
        match before.stage:
            case "floor":
                self._on_floor(move, before)
            case "chair" if not isinstance(move, _TOLD_OTHERWISE):
                chair = f"The chair ({self.called.parties[before.mover]})"
                self.write(hung("  ", f"{chair} {self._words(move, before)}.", _HANGING))
            case _ if isinstance(move, WalkAway) and before.room is None:
                self._tell(before.mover, "leaves the talks")
            case _:
                pass

    def _in_full(self, event: MoveMade, move: Move, before: HallState) -> None:
        number = f" {before.room.number + 1}" if before.room and self.seat is None else ""
        lead = "  " if before.room is None else f"    Room{number}: "
        self._tell(before.mover, self._words(move, before), lead)
        if event.words:
            self.write(paragraph(f"“{shown_words(event.words)}”", "      "))

    def _tell(self, mover: int, what: str, lead: str = "  ") -> None:
        self.write(hung(lead, f"{self.called.parties[mover]} {what}.", _HANGING))

    def _words(self, move: Move, before: HallState) -> str:
        """Return a move as a phrase, its outcome told by what it changes."""
        match move:
            case Offer(outcome=outcome):
                return self._asks(outcome, before)
            case Accept() if before.room is not None:
                return "accepts"
            case Merge(outcome=outcome) if before.offer is None:
                levels = before.levels(outcome)
                return f"puts forward a text: {self.called.terms(levels)}"
            case Merge(outcome=outcome):
                text = before.levels(before.offer if before.offer is not None else outcome)
                return f"changes the text: {self.called.changes(text, before.levels(outcome))}"
            case _:
                names = dict(zip(before.scenario.ids, self.called.parties, strict=True))
                return act_words(move, names, self.labels)

    def _asks(self, outcome: int, before: HallState) -> str:
        levels, room = before.levels(outcome), before.room
        if room is not None:
            return f"proposes {self.called.terms(levels, room.issues)}"
        if before.offer is None:
            return f"asks for {self.called.terms(levels)}"
        stand, text = before.stands[before.mover], before.levels(before.offer)
        if levels == text:
            return "asks for the text as it stands"
        if stand is None:
            return f"asks for {self.called.changes(text, levels)}"
        moved = self._moved(stand.outcome, outcome, before)
        return f"moves: {moved}" if moved else "stands by what it asked"

    def _moved(self, was: int, now: int, before: HallState) -> str:
        """Return how an ask differs from the last, as far as it may be spoken to."""
        old, new = before.levels(was), before.levels(now)
        base = [new[k] if k not in before.open_issues else level for k, level in enumerate(old)]
        return self.called.changes(base, new)

    # --- the floor

    def _on_floor(self, move: Move, before: HallState) -> None:
        mover, floor = before.mover, self.floor
        match move:
            case Offer(outcome=outcome):
                self._offer(outcome, before)
            case Accept() if before.is_aloud:
                floor.support.append(mover)
            case Accept():
                floor.written_support += 1
            case Pass():
                floor.silent.append(mover)
            case Approach(deal=deal):
                floor.ready.append((deal, mover))
            case CallCaucus():
                pass  # told when the room rises
            case WalkAway():
                self._tell(mover, "leaves the talks")
            case Threaten() | Promise():
                self._tell(mover, self._words(move, before), "  ! ")
            case AskCapital():
                self._tell(mover, self._asked(move, before))
            case _:
                self._tell(mover, self._words(move, before))

    def _asked(self, move: AskCapital, before: HallState) -> str:
        """Return that a delegation asks its capital, and for what if that may be seen."""
        told = self._words(move, before)
        if self.seat not in (None, before.party):
            return told
        asked = settled_words(before.scenario.issues, {move.issue: move.option})
        return f"{told}: {clean(asked)}"

    def _offer(self, outcome: int, before: HallState) -> None:
        mover, floor, stand = before.mover, self.floor, before.stands[before.mover]
        is_opening = before.offer is None and len(before.present) > ALOUD
        stands = stand is not None and not self._moved(stand.outcome, outcome, before)
        if outcome == before.offer:
            floor.support.append(mover)
        elif stands and before.is_aloud:
            floor.stand.append(mover)
        elif is_opening:
            floor.opening.append(mover)
        elif before.is_aloud:
            self._tell(mover, self._asks(outcome, before))
        else:
            floor.asking.append(mover)
            if before.offer is not None:
                pairs = zip(before.levels(before.offer), before.levels(outcome), strict=True)
                floor.on.update(k for k, (was, now) in enumerate(pairs) if was != now)

    def _floor_closed(self) -> None:
        floor, self.floor = self.floor, _Floor()
        self._tell_group(floor.opening, "table a text of their own", "tables a text of its own")
        self._tell_group(floor.support, "support the text", "supports the text")
        self._tell_group(floor.stand, "stand by what they asked", "stands by what it asked")
        self._tell_group(floor.silent, "say nothing", "says nothing")
        parts: list[str] = []
        if floor.written_support:
            parts.append(f"{floor.written_support} support the text")
        if floor.asking:
            on = ", ".join(f"{self.called.issue(k)} ({n})" for k, n in floor.on.most_common())
            parts.append(f"{len(floor.asking)} ask for changes{f' on {on}' if on else ''}")
        if parts:
            self.write(paragraph(f"In writing: {'; '.join(parts)}.", "  "))
        self._tell_deals(floor)

    def _tell_group(self, who: list[int], many: str, one: str) -> None:
        if who:
            names = some([self.called.parties[k] for k in who], NAMED)
            self.write(paragraph(f"{names} {one if len(who) == 1 else many}.", "  "))

    def _tell_deals(self, floor: _Floor) -> None:
        """Tell side deals that were made, and who has said it is ready for one."""
        deals = dict.fromkeys(name for name, _ in floor.ready)
        made = [name for name in deals if name in self.state.deals]
        asked = [(name, who) for name, who in floor.ready if name not in made]
        scenario = self.state.scenario
        names = dict(zip(scenario.ids, self.called.parties, strict=True))
        pairs = [
            (" and ".join(names[party] for party in scenario.side_deals[name].parties), name)
            for name in made
        ]
        if len(made) + len(asked) > FEW_DEALS:
            if made:
                told = "; ".join(pair for pair, _ in pairs)
                self.write(paragraph(f"Side deals made ({len(made)}): {told}.", "  "))
            if asked:
                who = some([self.called.parties[k] for _, k in asked], NAMED)
                self.write(paragraph(f"Ready for a side deal: {who}.", "  "))
            return
        for pair, name in pairs:
            label = clean(scenario.side_deals[name].label)
            self.write(paragraph(f"Side deal of {pair}: {label}.", "  "))
        for name, who in asked:
            label, other = clean(scenario.side_deals[name].label), _other(scenario, name, who)
            lead = f"{self.called.parties[who]} is ready for a side deal with {names[other]}"
            self.write(paragraph(f"{lead}: {label}.", "  "))

    # --- what comes to an end

    def _end_of(self, before: HallState, after: HallState) -> None:
        match before.stage:
            case "floor":
                self._floor_closed()
                self._show_draft(after)
            case "room":
                self._rooms_closed()
            case "vote":
                self._show(vote_lines(after, self.called))
            case "silence":
                self.write(paragraph(silence_line(before, after, self.called), "  "))
            case "sign":
                self.write(paragraph(signed_line(after), "  "))
            case _:
                pass

    def _show(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.write(line)

    def _rooms_closed(self) -> None:
        rooms, self.rooms = self.rooms, []
        if rooms:
            self._show(room_lines(rooms, self.state, self.called, numbered=self.seat is None))

    def _show_draft(self, state: HallState) -> None:
        """Show the text with its brackets, unless it is as it was shown last."""
        lines = tuple(draft_lines(state, self.called))
        if not lines or not self.shows_text:
            return
        new = [line for line in lines[1:] if line not in self.draft]
        same = len(lines) - 1 - len(new)
        self.draft = lines
        if not new:
            self.write("  The text and its brackets stand as before.")
            return
        self.write(f"  {lines[0]}")
        self._show(lines[1:] if same < FEW_CHANGED else new)
        if same >= FEW_CHANGED:
            self.write(f"    ({same} other lines as before)")
        worth = self._worth(state)
        if worth:
            self.write(paragraph(worth, "    "))

    def _worth(self, state: HallState) -> str:
        """Return what the text is worth: to the seat, to each of a few, or to how many enough."""
        text = state.offer
        if text is None:
            return ""
        preferences = state.scenario.preferences
        if self.seat is not None or len(preferences) <= ALOUD:
            shown = [one for one in preferences if self.seat in (None, one.party)]
            told = "   ".join(
                f"{one.party} {tenths(value)} ({value - one.reservation:+.1f})"
                for one in shown
                for value in (one.utility(text),)
            )
            return f"worth {told}"
        short = [k for k in state.present if preferences[k].falls_short(text)]
        content = len(state.present) - len(short)
        less = f"; less to {self.called.some(short, NAMED)}" if short else ""
        return f"worth no agreement or more to {content} of {len(state.present)}{less}"


def _other(scenario: Scenario, deal: str, position: int) -> str:
    """Return the other party of a side deal."""
    first, second = scenario.side_deals[deal].parties
    return second if scenario.ids[position] == first else first
