"""A session told in plain words, move by move, for people to read and for tests to compare."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from delegates.contract import PublicMove
from delegates.seating import scripted_mind
from delegates.seats import parse_seat
from delegates.views import labels_of, view_of
from games.moves import Accept, Merge, Move, Offer, Pass, Sign, Vote
from games.outcomes import option_text
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import Bracket, HallState, Room
from games.protocols.settlement import is_in_force
from games.protocols.voting import count
from games.protocols.words import act_words
from games.scenario import Scenario
from games.session import State, payoffs, start, step, utilities

SEED = 1
MIND = "firm"
"""Who sits where a scenario names no scripted mind: gives way late, and trades off."""

MANY = 20
"""Delegations from which on like moves are counted rather than told."""


@dataclass(frozen=True)
class Turn:
    """A move, the state before it and the state after it."""

    before: State
    move: Move
    after: State


def played(game: Scenario) -> list[Turn]:
    """Return a session of scripted seats, turn by turn."""
    minds = [scripted_mind(parse_seat(MIND)) for _ in game.ids]
    state, turns, history = start(game, SEED), list[Turn](), list[PublicMove]()
    while state.is_open:
        mind, view = minds[state.mover], view_of(state, history, SEED)
        move = act_by_rule(state, lambda: mind.choose(view))  # noqa: B023
        after, _ = step(state, move)
        turns.append(Turn(state, move, after))
        history.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state = after
    return turns


def told(game: Scenario) -> str:
    """Return a session of scripted seats as a text."""
    turns = played(game)
    lines = [*_setting(game), *_course(game, turns), *_end(turns[-1].after)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _setting(game: Scenario) -> Iterator[str]:
    rules = game.protocol
    yield f"{game.title} ({game.id}), as {rules.kind}; every seat: {MIND}; seed {SEED}"
    yield f"{len(game.ids)} delegations: {', '.join(game.ids)}"
    agreement = rules.agreement
    how = agreement if isinstance(agreement, str) else f"{agreement.quorum:.0%} of the weight"
    vetoes = () if isinstance(agreement, str) else agreement.vetoes
    against = f", and nobody of {', '.join(vetoes)} against" if vetoes else ""
    yield f"{rules.rounds} rounds; agreement by {how}{against}"
    for name, issue in game.issues.items():
        options = " | ".join(option_text(option) for option in issue.options)
        yield f"  {name}: {issue.label}: {options}"


def _course(game: Scenario, turns: Sequence[Turn]) -> Iterator[str]:
    for round_, in_round in groupby(turns, key=lambda turn: turn.before.round):
        yield ""
        yield f"ROUND {round_ + 1}"
        for (stage, _), group in groupby(in_round, key=lambda turn: _place(turn.before)):
            yield from _passage(game, stage, list(group))


def _place(state: State) -> tuple[str, int]:
    if not isinstance(state, HallState):
        return "table", 0
    return state.stage, -1 if state.room is None else state.room.number


def _passage(game: Scenario, stage: str, turns: list[Turn]) -> Iterator[str]:
    last, before = turns[-1].after, turns[0].before
    room = before.room if isinstance(before, HallState) else None
    yield f" {stage}" if room is None else f" {_room_words(game, room)}"
    counted = len(game.ids) >= MANY and stage != "chair"
    yield from _counted(turns) if counted else (f"  {_move_words(game, turn)}" for turn in turns)
    if not isinstance(last, HallState) or not isinstance(before, HallState):
        return
    if room is not None:
        yield f"  {_room_ends(before, turns)}"
    if stage == "floor":
        yield from (f"  [{_bracket_words(game, one)}]" for one in last.brackets())
        if last.offer is not None:
            behind = len(last.accepted)
            yield f"  {behind} of {len(last.present)} stand by the text as it is"
    if stage == "vote":
        yield f"  {count(last).words(game.ids)}"


def _counted(turns: Iterable[Turn]) -> Iterator[str]:
    """Return how many made each kind of move, and who made those that are told apart."""
    made = [
        (_kind_words(turn.move, in_room=_place(turn.before)[0] == "room"), turn.before.party)
        for turn in turns
    ]
    for words, number in Counter(words for words, _ in made).most_common():
        who = [party for one, party in made if one == words]
        yield f"  {number} × {words}: {', '.join(who)}"


def _kind_words(move: Move, *, in_room: bool) -> str:
    match move:
        case Accept() if in_room:
            return "agrees to what is proposed"
        case Offer() if in_room:
            return "proposes something else"
        case Offer():
            return "asks that the text read otherwise"
        case Accept() | Pass() | Vote() | Sign():
            return act_words(move, {}, {})
        case _:
            return act_words(move, {}, {}).split(":")[0].split(" into a caucus")[0][:60]


def _move_words(game: Scenario, turn: Turn) -> str:
    state, move = turn.before, turn.move
    if isinstance(move, Offer | Merge):
        base = state.room.base if isinstance(state, HallState) and state.room else state.offer
        verb = "puts forward" if isinstance(move, Merge) else "asks for"
        return f"{state.party} {verb} {_difference(game, move.outcome, base)}"
    if isinstance(state, HallState) and state.room is not None and isinstance(move, Accept):
        return f"{state.party} agrees"
    if not isinstance(state, HallState):
        words = {Accept: "accepts", Pass: "passes"}.get(type(move), "walks away")
        return f"{state.party} {words}"
    return f"{state.party} {act_words(move, dict.fromkeys((), ''), labels_of(game))}"


def _difference(game: Scenario, outcome: int, base: int | None) -> str:
    """Return an outcome as what it changes of a base, or in full where there is none."""
    chosen = game.space.outcome(outcome)
    before = {} if base is None else game.space.outcome(base)
    changed = [
        f"{name} = {option}" for name, option in chosen.items() if option != before.get(name)
    ]
    return ", ".join(changed) or "the text as it stands"


def _bracket_words(game: Scenario, bracket: Bracket) -> str:
    name = game.space.issues[bracket.issue]
    options = game.issues[name].texts
    readings: list[str] = []
    for one in bracket.alternatives:
        by = [game.ids[k] for k in one.proposers]
        who = f"{len(by)} delegations" if len(by) > 8 else ", ".join(by) or "nobody"
        text = " (text)" if one.level == bracket.text else ""
        readings.append(f"{options[one.level]}{text}: {who}")
    return f"{name} – {' | '.join(readings)}"


def _room_words(game: Scenario, room: Room) -> str:
    issues = ", ".join(game.space.issues[k] for k in room.issues)
    members = ", ".join(game.ids[k] for k in room.members)
    return f"{room.kind} {room.number} on {issues}: {members}"


def _room_ends(before: HallState, turns: list[Turn]) -> str:
    """Return what became of a room: the last move decides."""
    last = turns[-1]
    game, room = before.scenario, before.rooms[0]
    offers = [turn.move.outcome for turn in turns if isinstance(turn.move, Offer)]
    agreed = isinstance(last.move, Accept) and last.before.turn + 1 == last.after.turn
    closing = last.before.room if isinstance(last.before, HallState) else None
    whole = closing is not None and closing.accepted | {closing.mover} >= {*closing.members}
    if agreed and whole and offers:
        return f"→ agreed: {_difference(game, offers[-1], room.base)}"
    return "→ not agreed"


def _end(state: State) -> Iterator[str]:
    game, agreed = state.scenario, state.agreement
    yield ""
    yield f"END: {state.status} after {state.turn} moves"
    if agreed is not None:
        yield " " + ", ".join(f"{name} = {one}" for name, one in game.space.outcome(agreed).items())
    signatures: dict[str, str] = {}
    if isinstance(state, HallState) and agreed is not None and any(state.signatures):
        yield f" the text is {'' if is_in_force(state) else 'not '}in force"
        signed = zip(game.ids, state.signatures, strict=True)
        signatures = {party: one or "left" for party, one in signed}
        tally = Counter(signatures.values())
        yield " " + ", ".join(f"{number} {words}" for words, number in tally.most_common())
    if isinstance(state, HallState) and state.deals:
        yield f" side deals that stand: {', '.join(state.deals)}"
    gains, paid = utilities(state), payoffs(state)
    for party, own in zip(game.ids, game.preferences, strict=True):
        figures = f"{gains[party]:8.3f} points, {paid[party]:8.3f} discounted"
        without = f"{own.reservation:8.3f} without agreement"
        yield f"  {party:4} {figures}, {without}  {signatures.get(party, '')}"
