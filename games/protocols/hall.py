"""A hall of delegations: a text with brackets, small rooms beside it, and what was promised.

Plenaries and forums share it. The chair holds the pen of a single negotiating text; every
delegation stands for some reading of it. Where they differ from the text, or it has none yet, the
text is in brackets, each alternative with those who propose it. A round is the floor, then the
chair; the chair may send delegations into rooms, and bring the text to a decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from games.moves import Ballot
from games.participation.trust import Seen, belief
from games.parts.aftermath import Signature
from games.protocols.face import PUBLIC, face_lost, facing, standing_by
from games.protocols.perceived import perceived, within
from games.session import State
from games.utility import Preferences

if TYPE_CHECKING:
    from games.scenario import Scenario

Stage = Literal["floor", "room", "chair", "silence", "vote", "sign", "pledge", "due"]
"""What is going on: delegations speak in turn; a room meets; the chair acts; a text may be broken;
is voted on; is signed; the fund is raised; threats and promises fall due."""

RoomKind = Literal["informal", "breakout", "caucus"]


@dataclass(frozen=True, slots=True)
class Stand:
    """What a delegation last asked the text to read, and since when."""

    outcome: int
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vow:
    """A threat or promise, and what became of it."""

    by: int
    to: tuple[int, ...]
    settles: tuple[tuple[int, int], ...]
    """Issues, and the options by which the text must settle them for a promise to fall due; unless
    it does, a threat falls due."""
    measure: str | None = None
    """What is then to be done; None where only support was promised."""
    is_threat: bool = False
    room: int | None = None
    """The room in which it was made, where not all heard it."""
    carried_out: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A few delegations settling a few issues, the rest of the text standing as it stood."""

    number: int
    kind: RoomKind
    members: tuple[int, ...]
    """In the order of their moves."""
    issues: tuple[int, ...]
    base: int
    """The text when the room opened."""
    turns: int
    """Moves each member has at most."""
    made: int = 0
    offer: int | None = None
    offerer: int | None = None
    accepted: frozenset[int] = frozenset()
    is_across: bool = False
    """Whether its members stood for different readings of its issues when it was called."""

    @property
    def mover(self) -> int:
        """The member whose move is awaited."""
        return self.members[self.made % len(self.members)]

    @property
    def round(self) -> int:
        """How many moves every member has made."""
        return self.made // len(self.members)

    @property
    def is_over(self) -> bool:
        """Whether all have moved as often as they may, agree, or are alone."""
        spent = self.made >= self.turns * len(self.members)
        return len(self.members) < 2 or spent or self.is_agreed

    @property
    def is_agreed(self) -> bool:
        """Whether all members stand by the same offer."""
        return self.offer is not None and self.accepted.issuperset(self.members)

    def without(self, member: int) -> Room:
        """Return the room once a member has left it; its turn passes to the next."""
        place = self.made % len(self.members)
        place -= self.members.index(member) < place
        members = tuple(one for one in self.members if one != member)
        gone = self.offerer == member
        return replace(
            self,
            members=members,
            made=self.round * len(members) + place,
            offer=None if gone else self.offer,
            offerer=None if gone else self.offerer,
            accepted=frozenset() if gone else self.accepted - {member},
        )

    @property
    def is_private(self) -> bool:
        """Whether nobody outside hears what is said in it."""
        return self.kind == "caucus"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One reading of a bracket, and who proposes it, the first to do so first."""

    level: int
    proposers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bracket:
    """An issue on which delegations differ from the text or from one another."""

    issue: int
    text: int | None
    """The chair's reading."""
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HallState(State):
    """Where a plenary or forum stands; `offer` is the chair's text, brackets read as the chair has
    them."""

    stage: Stage = "floor"
    queue: tuple[int, ...] = ()
    """Who is still to move in this stage, the next first."""
    chair: int = 0
    now: int = 0
    """The round, from 0."""
    known_rounds: int = 1
    """How many rounds there are as far as delegates know, an extension included."""
    last_round: int = 1
    """How many there are; fewer where an uncertain end was drawn."""
    stands: tuple[Stand | None, ...] = ()
    granted: tuple[tuple[int, frozenset[int]] | None, ...] = ()
    """What each delegation last accepted of a text: its outcome, on these issues."""
    reference: tuple[int | None, ...] = ()
    """What each delegation last stood for before the hall; see `games.protocols.face`."""
    yielded: tuple[float, ...] = ()
    """Points by which each has fallen short of it by public acts."""
    yielded_in_rooms: tuple[float, ...] = ()
    """Points by which rooms have moved it, with each one's consent."""
    settled_apart: tuple[tuple[int, frozenset[int]] | None, ...] = ()
    """What each has agreed, on these issues, in a caucus of those at odds, and not yet said on the
    floor."""
    parked: frozenset[int] = frozenset()
    group: frozenset[int] | None = None
    """The issues that the next floor speaks to; None for all."""
    grouped_in: int = -2
    """The round in which the chair last had issues taken together."""
    acts: int = 0
    """What the chair has done in this round."""
    merged: int = 0
    """How often it has merged the text in this round."""
    rooms: tuple[Room, ...] = ()
    """Rooms that are to meet, the one that meets first."""
    rooms_opened: int = 0
    met: bool = False
    """Whether the chair has sent delegations into rooms in this round."""
    informal_on: frozenset[int] = frozenset()
    """The brackets on which it has called an informal in this round."""
    is_silence_broken: bool = False
    """In this round."""
    is_voted: bool = False
    """In this round."""
    is_extended: bool = False
    is_broken_off: bool = False
    """Whether so many have left that nothing can be adopted."""
    ballots: tuple[Ballot | None, ...] = ()
    """Of the last roll call."""
    signatures: tuple[Signature | None, ...] = ()
    pledges: tuple[bool | None, ...] = ()
    vows: tuple[Vow, ...] = ()
    announced: tuple[int, ...] = ()
    """Those of them by which a measure was threatened or promised, by number."""
    approached: frozenset[tuple[str, int]] = frozenset()
    """Side deals and who of the two is ready for each."""
    deals: tuple[str, ...] = ()
    """The side deals that stand, for which both are ready; in the scenario's order."""
    caucuses: tuple[int, ...] = ()
    """How many each delegation has called."""
    aside: bool = False
    """Whether the one who has the floor has already made a threat, promise or approach."""
    seen: Seen = field(default_factory=Seen, repr=False)
    """What each has seen the others keep and break."""
    points: tuple[float, ...] = ()
    """What each party has once the session is over, undiscounted."""

    @property
    def mover(self) -> int:
        """Position of the party whose move is awaited."""
        match self.stage:
            case "room":
                return self.rooms[0].mover
            case "chair":
                return self.chair
            case "due":
                return self.vows[self.queue[0]].by
            case _:
                return self.queue[0]

    @property
    def round(self) -> int:
        """The round of the awaited move, from 0."""
        return self.now

    @property
    def rounds(self) -> int:
        """How many rounds there are at most, as far as the delegates know."""
        return self.known_rounds

    @property
    def rounds_begun(self) -> int:
        """How many rounds have had a move."""
        return self.now + 1 if self.turn else 0

    @property
    def most_turns(self) -> int:
        """More turns than this the session cannot have."""
        return most_turns(self)

    @property
    def offerer(self) -> int | None:
        """The chair, once there is a text; in a room, whose offer is on its table."""
        if self.room is not None:
            return self.room.offerer
        return None if self.offer is None else self.chair

    @property
    def agreed_after(self) -> float:
        """How many rounds had passed when the text was adopted or signed."""
        return float(self.now)

    @property
    def room(self) -> Room | None:
        """The room that meets, if one does."""
        return self.rooms[0] if self.stage == "room" else None

    @property
    def on_table(self) -> int | None:
        """The outcome that the party to move is asked about."""
        return self.offer if self.room is None else self.room.offer

    @property
    def standing(self) -> frozenset[int]:
        """Those who stand by what the party to move is asked about."""
        return self.accepted if self.room is None else self.room.accepted

    @property
    def present(self) -> tuple[int, ...]:
        """Those who have not left, in the scenario's order."""
        return tuple(k for k in range(len(self.scenario.ids)) if k not in self.left)

    @property
    def open_issues(self) -> frozenset[int]:
        """The issues that the party to move may speak to."""
        if self.room is not None:
            return frozenset(self.room.issues)
        every = frozenset(range(len(self.scenario.space.issues)))
        if self.offer is None:
            return every
        return (every if self.group is None else self.group) - self.parked

    @property
    def is_aloud(self) -> bool:
        """Whether the party to move speaks so that the hall hears it, rather than in writing."""
        speakers = self.scenario.protocol.speakers
        if speakers is None:
            return True
        if self.stage == "floor":
            there = len(self.scenario.ids) - len(self.left)
            return there - len(self.queue) < speakers
        return self.stage == "chair"

    def own(self, position: int) -> Preferences:
        """Return a party's preferences over what it can now propose or accept.

        What it has been threatened with and promised counts, as far as it believes it, and before
        the hall what it would lose at home by yielding.
        """
        measures = [self.vows[number] for number in self.announced]
        own = perceived(self.scenario, position, measures, self.deals)
        if self.scenario.mandates and self.stage in PUBLIC:
            beside = standing_by(self, position)
            own = facing(self.scenario, own, position, self.reference[position], beside)
        base = self.offer if self.room is None else self.room.base
        if base is None or self.stage not in ("floor", "room"):
            return own
        return within(self.scenario, own, base, self.open_issues)

    def worth(self, position: int) -> float:
        """Return what a party has in the end, undiscounted: text, signature and politics."""
        from games.protocols.settlement import settled

        return (self.points or settled(self))[position]

    @property
    def lost_meanwhile(self) -> tuple[float, ...]:
        """Points that each has lost at home by what it yielded before the hall."""
        return face_lost(self)

    def trust(self) -> float:
        """Return how far the party to move trusts the others to honour."""
        return belief(self.scenario, self.seen, self.mover, self.present)

    def brackets(self) -> tuple[Bracket, ...]:
        """Return the issues in brackets, in the scenario's order."""
        return tuple(_brackets(self))

    def levels(self, outcome: int) -> tuple[int, ...]:
        """Return the option positions of an outcome."""
        return self.scenario.space.levels_of(outcome)


def is_hall(scenario: Scenario) -> bool:
    """Return whether a scenario is negotiated in a hall, not by alternating offers."""
    return scenario.protocol.kind != "alternating-offers"


def _brackets(state: HallState) -> Iterator[Bracket]:
    text = None if state.offer is None else state.levels(state.offer)
    standing = sorted(
        ((stand, party) for party, stand in enumerate(state.stands) if stand is not None),
        key=lambda pair: pair[0].turn,
    )
    readings = [(state.levels(stand.outcome), party) for stand, party in standing]
    for issue in range(len(state.scenario.space.issues)):
        held: dict[int, list[int]] = {} if text is None else {text[issue]: []}
        for levels, party in readings:
            held.setdefault(levels[issue], []).append(party)
        if len(held) > 1:
            alternatives = tuple(Alternative(level, tuple(by)) for level, by in held.items())
            yield Bracket(issue, None if text is None else text[issue], alternatives)


def most_turns(state: HallState) -> int:
    """Return a bound on the turns of a session, from its rules alone.

    Whoever holds the floor or sits in a room may add one aside to each move; the chair may bring
    the text under silence and to a vote once a round, and must then close it.
    """
    scenario, rules = state.scenario, state.scenario.protocol
    parties, issues = len(scenario.ids), len(scenario.issues)
    a_room = 2 * min(parties, rules.rooms.size) * rules.rooms.turns
    rooms = issues * a_room + 2 * parties * rules.rooms.turns
    rolls = 2 * parties
    a_round = 2 * parties + most_acts(state) + 3 + rooms + rolls
    caucuses = parties * rules.caucuses * a_room
    signed_and_left = 3 * parties
    rounds = rules.rounds + rules.extension
    return rounds * a_round + caucuses + signed_and_left + len(scenario.statecraft.measures)


def most_acts(state: HallState) -> int:
    """Return how often the chair may act in a round before it must decide or close it."""
    return 8 + 2 * len(state.scenario.issues)
