"""Halls for tests: random scenarios of a plenary or forum, and what the rules allow, anew.

`is_allowed` says from the rules alone whether a move may be made; it shares nothing with `step` but
the state it reads. `tried_moves` is a pool of moves, most of them wrong at any one time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from typing import Any

from hypothesis import strategies as st

from games.errors import IllegalMove
from games.moves import (
    Accept,
    Adjourn,
    Approach,
    BreakSilence,
    CallCaucus,
    CallInformal,
    CarryOut,
    Extend,
    Group,
    KeepSilence,
    Merge,
    Move,
    Offer,
    OpenBreakouts,
    OpenSignature,
    OpenSilence,
    Park,
    Pass,
    Pledge,
    Promise,
    PutToVote,
    Reopen,
    Sign,
    Threaten,
    Vote,
    WalkAway,
)
from games.parts.base import Part
from games.parts.surroundings import Fund, Measure, SideDeal, Statecraft
from games.protocols.hall import HallState, most_acts
from games.protocols.rooms import matched
from games.scenario import Deadline, Quorum, Rooms, Scenario
from games.session import start, step
from tests.support.domains import listed, plainly_signable, scenarios

MOST_TRIED = 6
"""Outcomes of a space that are tried as offers and texts at each turn."""


@st.composite
def hall_scenarios(
    draw: st.DrawFn,
    *,
    kinds: tuple[str, ...] = ("plenary", "forum"),
    parties: tuple[int, int] = (2, 5),
    rounds: tuple[int, int] = (1, 3),
) -> Scenario:
    """Draw a small scenario of a plenary or forum, with every part of it that rules speak of."""
    game = draw(scenarios(parties=parties, rounds=rounds))
    ids = st.sampled_from(game.ids)
    kind = draw(st.sampled_from(kinds))
    quorums = st.builds(
        Quorum,
        quorum=st.sampled_from([0.3, 0.5, 0.75, 1.0]),
        weights=st.dictionaries(ids, st.sampled_from([1.0, 2.5]), max_size=3),
        vetoes=st.lists(ids, max_size=2, unique=True).map(tuple),
    )
    rules = {
        "kind": kind,
        "agreement": draw(st.one_of(st.just("unanimity"), quorums)),
        "deadline": draw(st.sampled_from([None, Deadline.model_validate(UNCERTAIN)])),
        "chair": draw(st.sampled_from([None, *game.ids])),
        "rooms": Rooms(size=draw(st.integers(2, 4)), turns=draw(st.integers(1, 2))),
        "caucuses": draw(st.integers(0, 2)),
        "silence": draw(st.sampled_from(["allowed", "never"])),
        "extension": draw(st.sampled_from([0, 0, 2])),
        "speakers": draw(st.sampled_from([None, 1])),
    }
    behind = {
        "threshold": draw(st.sampled_from([None, 0.3, 0.6])),
        "kappa": draw(st.sampled_from([0.0, 0.25, 0.75])),
    }
    signed = kind == "forum" or draw(st.booleans())
    return with_parts(game, protocol=rules, participation=behind if signed else None)


UNCERTAIN = {"from": 1, "close": 0.4}


def with_parts(
    game: Scenario, *, protocol: dict[str, Any], participation: dict[str, Any] | None = None
) -> Scenario:
    """Return a game with rules of a hall, measures of its first two, a side deal and a fund."""
    first, second = game.ids[:2]
    craft = Statecraft(
        measures={
            "tariff": Measure(
                label="a tariff", by=first, towards=(second,), effect={second: -6}, cost=2
            ),
            "credit": Measure(
                label="a credit", by=second, towards=(first,), effect={first: 4}, cost=3
            ),
        },
        backing_down=2.5,
    )
    deal = SideDeal(label="a swap", parties=(first, second), points={first: 2, second: 1})
    fund = Fund(
        label="a fund",
        members=(first, second),
        cost={first: 2, second: 1},
        benefit={first: 3, second: 4},
        threshold=0.5,
    )
    values = game.model_dump(by_alias=True)
    rules = {name: dumped(part) for name, part in protocol.items()}
    values |= {"protocol": {**values["protocol"], **rules}, "participation": participation}
    values |= {"statecraft": craft.model_dump(), "fund": fund.model_dump()}
    values |= {"side_deals": {"swap": deal.model_dump()}}
    return Scenario.model_validate(values)


def dumped(part: object) -> object:
    """Return a part of a scenario as plain values; plain values as they are."""
    return part.model_dump(by_alias=True) if isinstance(part, Part) else part


# --- a pool of moves

ALWAYS: tuple[Move, ...] = (
    Accept(),
    WalkAway(),
    Pass(),
    *(Vote(ballot) for ballot in ("yes", "no", "abstain")),
    KeepSilence(),
    BreakSilence(),
    *(Sign(signature) for signature in ("binding", "declaratory", "out")),
    Pledge(pays=True),
    Pledge(pays=False),
    CarryOut(does=True),
    CarryOut(does=False),
    Reopen(),
    OpenBreakouts(),
    OpenSilence(),
    PutToVote(),
    OpenSignature(),
    Extend(),
    Adjourn(),
    Approach("swap"),
    Approach("no such deal"),
)


def tried_moves(state: HallState, rng: Random) -> list[Move]:
    """Return moves to be tried in a state: every kind of act, outcomes and terms by lot."""
    game = state.scenario
    outcomes = rng.sample(range(game.space.size), min(MOST_TRIED, game.space.size))
    outcomes += [one for one in (state.offer, -1, game.space.size) if one is not None]
    return [
        *ALWAYS,
        *(kind(outcome) for outcome in outcomes for kind in (Offer, Merge)),
        *_tried_vows(game, rng),
        *_tried_meetings(game, rng),
        *(Park(name) for name in (*game.issues, "no such issue")),
        *(Group(pair) for pair in combinations(game.issues, 2)),
        Group((next(iter(game.issues)),)),
    ]


def _tried_vows(game: Scenario, rng: Random) -> Iterator[Move]:
    names = [*game.issues]
    for measure in ("tariff", "credit", "no such measure"):
        issue = rng.choice(names)
        option = rng.choice(game.issues[issue].texts)
        yield Threaten(measure, issue, option)
        yield Promise((rng.choice(game.ids),), issue, option, measure)
    yield Promise(tuple(rng.sample(game.ids, 2)), names[0], game.issues[names[0]].texts[0])
    yield Promise((), names[0], game.issues[names[0]].texts[0])
    yield Promise((game.ids[0],), names[0], "no such option")
    yield Threaten("tariff", "no such issue", "o0")


def _tried_meetings(game: Scenario, rng: Random) -> Iterator[Move]:
    for issue in (*game.issues, "no such issue"):
        members = tuple(rng.sample(game.ids, rng.randint(1, min(len(game.ids), 5))))
        yield CallInformal(issue, members)
        yield CallCaucus(members, (issue,))
    yield CallCaucus((game.ids[0], game.ids[0]), (next(iter(game.issues)),))
    yield CallCaucus((game.ids[1],), ())


# --- what the rules allow


def is_allowed(state: HallState, move: Move) -> bool:
    """Return whether the party to move may make a move, by the rules of its stage."""
    return _RULES[state.stage](state, move)


def _may_sign(state: HallState, outcome: int | None) -> bool:
    if outcome is None or not 0 <= outcome < state.scenario.space.size:
        return False
    return plainly_signable(state.scenario, state.party, outcome)


def _differs_on(state: HallState, one: int, other: int) -> set[str]:
    space = state.scenario.space
    first, second = space.outcome(one), space.outcome(other)
    return {name for name in first if first[name] != second[name]}


def _spoken_to(state: HallState) -> set[str]:
    """Return the issues that the floor may speak to, by name."""
    names = list(state.scenario.issues)
    grouped = range(len(names)) if state.group is None else state.group
    return {names[k] for k in grouped if k not in state.parked}


def _on_floor(state: HallState, move: Move) -> bool:
    match move:
        case Offer(outcome=outcome):
            unopened = state.offer is not None and _may_sign(state, outcome)
            beyond = (
                _differs_on(state, outcome, state.offer) - _spoken_to(state)
                if unopened and state.offer is not None
                else set()
            )
            return _may_sign(state, outcome) and not beyond
        case Accept():
            return _may_sign(state, state.offer)
        case Pass() | WalkAway():
            return True
        case Threaten() | Promise() | Approach() | CallCaucus():
            return not state.aside and _is_aside(state, move)
        case _:
            return False


def _is_aside(state: HallState, move: Move) -> bool:
    match move:
        case Approach(deal=name):
            deal = state.scenario.side_deals.get(name)
            ready = {party for one, party in state.approached if one == name}
            return deal is not None and state.party in deal.parties and state.mover not in ready
        case CallCaucus(members=members, issues=issues):
            rules = state.scenario.protocol
            gone = {state.scenario.ids[k] for k in state.left}
            everyone = {state.party, *members}
            return (
                state.offer is not None
                and state.caucuses[state.mover] < rules.caucuses
                and state.party not in members
                and len(everyone) == len(members) + 1
                and not everyone & gone
                and 2 <= len(everyone) <= rules.rooms.size
                and bool(issues)
                and all(name in state.scenario.issues for name in issues)
            )
        case Threaten() | Promise():
            return _is_vow(state, move)
        case _:
            return False


def _is_vow(state: HallState, move: Threaten | Promise) -> bool:
    game = state.scenario
    known = move.issue in game.issues and move.option in game.issues[move.issue].texts
    measure = None if move.measure is None else game.statecraft.measures.get(move.measure)
    announced = {vow.measure for vow in state.vows}
    is_threat = isinstance(move, Threaten)
    if not known or (move.measure is not None and measure is None):
        return False
    if measure is not None:
        harms = any(points < 0 for points in measure.effect.values())
        if measure.by != state.party or harms != is_threat or move.measure in announced:
            return False
    if isinstance(move, Threaten):
        return measure is not None
    private = state.room is not None and _in_caucus(state)
    there = {game.ids[k] for k in state.room.members} if private and state.room else set(game.ids)
    named = set(move.to)
    told = {
        (vow.by, vow.to, vow.settles, vow.measure)
        for vow in state.vows
        if vow.room == _caucus(state)
    }
    ids, names = [*game.ids], [*game.issues]
    settles = ((names.index(move.issue), game.issues[move.issue].texts.index(move.option)),)
    return (
        bool(move.to)
        and len(named) == len(move.to)
        and state.party not in named
        and named <= there
        and (state.mover, tuple(ids.index(one) for one in move.to), settles, move.measure)
        not in told
    )


def _in_caucus(state: HallState) -> bool:
    return state.room is not None and state.room.kind == "caucus"


def _caucus(state: HallState) -> int | None:
    return state.room.number if state.room is not None and _in_caucus(state) else None


def _in_room(state: HallState, move: Move) -> bool:
    room = state.rooms[0]
    names = [*state.scenario.issues]
    match move:
        case Offer(outcome=outcome):
            if not _may_sign(state, outcome):
                return False
            return _differs_on(state, outcome, room.base) <= {names[k] for k in room.issues}
        case Accept():
            return _may_sign(state, room.offer)
        case Pass() | WalkAway():
            return True
        case Promise():
            return not state.aside and _is_vow(state, move)
        case _:
            return False


def _in_chair(state: HallState, move: Move) -> bool:
    spent = state.acts >= most_acts(state)
    match move:
        case WalkAway() | Adjourn():
            return True
        case OpenSilence() | PutToVote() | OpenSignature():
            return _may_decide(state, move)
        case Merge(outcome=outcome):
            parked = {[*state.scenario.issues][k] for k in state.parked}
            touched = (
                parked & _differs_on(state, outcome, state.offer)
                if state.offer is not None and _may_sign(state, outcome)
                else set()
            )
            return not spent and _may_sign(state, outcome) and not touched
        case Extend():
            return not spent and state.scenario.protocol.extension > 0 and not state.is_extended
        case Park() | Reopen() | Group() | CallInformal() | OpenBreakouts():
            return not spent and state.offer is not None and _may_order(state, move)
        case _:
            return False


def _may_decide(state: HallState, move: Move) -> bool:
    kind, rules = state.scenario.protocol.kind, state.scenario.protocol
    whole = not state.parked and state.group is None
    due = {
        OpenSignature: kind == "forum",
        PutToVote: kind == "plenary" and not state.is_voted,
        OpenSilence: rules.silence == "allowed" and not state.is_silence_broken,
    }
    return whole and _may_sign(state, state.offer) and due[type(move)]


def _may_order(state: HallState, move: Move) -> bool:
    names, spoken = [*state.scenario.issues], _spoken_to(state)
    parked = {names[k] for k in state.parked}
    match move:
        case Park(issue=issue):
            return issue in names and issue not in parked and bool(spoken - {issue})
        case Reopen():
            return bool(parked) or state.group is not None
        case Group(issues=issues):
            return len(set(issues)) > 1 and {*issues} <= {*names} - parked
        case OpenBreakouts():
            return not state.met and bool(matched(state))
        case CallInformal(issue=issue, members=members):
            there = {state.scenario.ids[k] for k in state.present}
            return (
                issue in _in_brackets(state)
                and names.index(issue) not in state.informal_on
                and {*members} <= there
                and len({*members}) == len(members)
                and 2 <= len(members) <= state.scenario.protocol.rooms.size
            )
        case _:
            return False


def _in_brackets(state: HallState) -> set[str]:
    """Return the issues on which anybody's reading differs from the text's."""
    text = state.offer
    readings = [stand.outcome for stand in state.stands if stand is not None]
    return set() if text is None else set().union(*(_differs_on(state, r, text) for r in readings))


def _in_silence(state: HallState, move: Move) -> bool:
    if isinstance(move, KeepSilence):
        return _may_sign(state, state.offer)
    return isinstance(move, BreakSilence | WalkAway)


def _in_vote(state: HallState, move: Move) -> bool:
    if isinstance(move, Vote):
        return move.ballot != "yes" or _may_sign(state, state.offer)
    return isinstance(move, WalkAway)


def _in_signature(state: HallState, move: Move) -> bool:
    if not isinstance(move, Sign):
        return False
    return move.signature == "out" or _may_sign(state, state.offer)


_RULES: dict[str, Callable[[HallState, Move], bool]] = {
    "floor": _on_floor,
    "room": _in_room,
    "chair": _in_chair,
    "silence": _in_silence,
    "vote": _in_vote,
    "sign": _in_signature,
    "pledge": lambda _, move: isinstance(move, Pledge),
    "due": lambda _, move: isinstance(move, CarryOut),
}


# --- play


@dataclass(frozen=True)
class Turn:
    """A move that was made, and the state before it."""

    before: HallState
    move: Move


def opened(game: Scenario, seed: int = 0) -> HallState:
    """Return the state in which a hall opens."""
    state = start(game, seed)
    assert isinstance(state, HallState)
    return state


def after(state: HallState, *moves: Move) -> HallState:
    """Return the state after some moves, by whoever is to make them."""
    for move in moves:
        stepped, _ = step(state, move)
        assert isinstance(stepped, HallState)
        state = stepped
    return state


def allows(state: HallState, move: Move) -> bool:
    """Return whether `step` takes a move; where it does not, nothing has changed."""
    before, problem = replace(state), None
    try:
        step(state, move)
    except IllegalMove as error:
        problem = str(error)
    assert state == before
    assert problem is None or (problem.startswith(state.party) and "\n" not in problem)
    return problem is None


def random_play(
    game: Scenario, seed: int, *, prefers: Callable[[Move], float] = lambda _: 1.0
) -> tuple[list[Turn], HallState]:
    """Return a session of moves drawn from those that the rules allow, and its last state.

    Args:
        game: What is played.
        seed: Draws everything.
        prefers: How likely a move is, relative to the others that are allowed.
    """
    rng, state, turns = Random(f"play/{seed}"), opened(game, seed), list[Turn]()
    while state.is_open:
        allowed = [move for move in tried_moves(state, rng) if is_allowed(state, move)]
        move = rng.choices(allowed, [prefers(one) for one in allowed])[0]
        turns.append(Turn(state, move))
        state = after(state, move)
    return turns, state


def stays(move: Move) -> float:
    """Prefer to remain in the hall: a session in which nobody leaves goes furthest."""
    return 0.02 if isinstance(move, WalkAway) else 1.0


def brings_on(move: Move) -> float:
    """Prefer what leads to a text, to a decision and through it."""
    likely = Merge | OpenSilence | PutToVote | OpenSignature | KeepSilence | Accept
    if isinstance(move, likely) or move == Vote("yes"):
        return 8.0
    return stays(move)


# --- a hall of three


def three(*, participation: dict[str, Any] | None = None, **protocol: Any) -> Scenario:
    """Return a plenary of three over one issue: A wants much of it, C little, B the middle."""
    rules = {"kind": "plenary", "rounds": 2, "opens": "fixed", "agreement": {"quorum": 0.6}}
    rules |= protocol
    signed = {"kappa": 0.5} if rules["kind"] == "forum" else None
    return listed(
        {"A": [0, 4, 8, 10], "B": [3, 6, 6, 3], "C": [10, 8, 4, 0]},
        {"A": 1, "B": 1, "C": 1},
        protocol=rules,
        participation=participation or signed,
    )


def with_text(state: HallState, outcome: int = 1) -> HallState:
    """Return the hall once all have passed and the chair has put forward a text."""
    return after(state, *[Pass()] * len(state.queue), Merge(outcome))
