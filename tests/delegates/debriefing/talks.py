"""Transcripts of sessions that are made up move by move, and what is found in them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from delegates.debriefing.lessons import findings
from delegates.debriefing.lessons.evidence import Finding, evidence_of
from delegates.debriefing.readings import readings
from delegates.debriefing.recorded import read
from games.moves import AskCapital
from games.preparation import Sheet
from games.protocols.hall import HallState
from games.review.accuracy import judge
from games.review.positions import Act
from games.review.prospects import prospect
from games.scenario import Scenario
from games.session import Accept, Move, Offer, State, WalkAway, start, step
from tests.support.domains import listed, party, scenario
from transcripts.acts import act_of, outcome_of, terms_of
from transcripts.events import Event, MoveMade, Opened, Prepared, Seat, Suggested
from transcripts.happenings import told
from transcripts.store import seal

ACCEPT, WALK = Accept(), WalkAway()
NOON = "2026-02-04T12:00:00.000Z"


def ladder(rounds: int = 4, reservations: tuple[float, float] = (20.0, 20.0), **more) -> Scenario:
    """Return two parties who share 100 points in steps of ten; A opens every round.

    Outcome k is worth 10k to A and 100 − 10k to B.
    """
    steps = [10 * k for k in range(11)]
    return listed(
        {"A": steps, "B": [*reversed(steps)]},
        dict(zip("AB", reservations, strict=True)),
        protocol={"rounds": rounds, "opens": "fixed", **more},
    )


def swap(rounds: int = 4, **more) -> Scenario:
    """Return two parties of which A cares most for gold and B most for time; A opens.

    A: gold 0/40/80, time 20/10/0. B: gold 20/10/0, time 0/40/80. Both have r = 30, so that gold 2
    and time 2 (80 each) is on the frontier and in the middle.
    """
    return scenario(
        {"gold": ["0", "1", "2"], "time": ["0", "1", "2"]},
        {
            "A": party(
                {"gold": {"0": 0, "1": 40, "2": 80}, "time": {"0": 20, "1": 10, "2": 0}}, 30.0
            ),
            "B": party(
                {"gold": {"0": 20, "1": 10, "2": 0}, "time": {"0": 0, "1": 40, "2": 80}},
                30.0,
                side="supplier",
            ),
        },
        protocol={"rounds": rounds, "opens": "fixed"},
        **more,
    )


def of(game: Scenario, **options: str) -> Offer:
    """Return an offer by its options."""
    return Offer(game.space.index(options))


def written(
    path: Path,
    game: Scenario,
    moves: Sequence[Move],
    *,
    seats: Mapping[str, str] | None = None,
    words: Mapping[int, str] | None = None,
    sheet: Sheet | None = None,
    half_time: Sheet | None = None,
    advice: Mapping[int, Move] | None = None,
    seed: int = 0,
) -> Path:
    """Write the transcript of a session and return where it is.

    Args:
        path: The file.
        game: What is negotiated.
        moves: Every move.
        seats: Party → seat; `firm` by default.
        words: Move, from 1 → what is said with it.
        sheet: The first party's preparation sheet.
        half_time: Its guesses, written before its last move.
        advice: Move, from 1 → what the adviser said before it.
        seed: The session's.
    """
    given = {**dict.fromkeys(game.ids, "firm"), **(seats or {})}
    header = Opened(
        program="test",
        session="made-up",
        scenario=json.loads(game.canonical()),
        seats={name: Seat(spec=spec, decides=spec, words="x") for name, spec in given.items()},
        seed=seed,
    )
    events: list[Event] = [header]
    if sheet is not None:
        events.append(Prepared(turn=0, party=game.ids[0], when="before", sheet=sheet))
    state = start(game, seed)
    last = max(
        (n for n in range(len(moves)) if _mover(game, moves, n, seed) == game.ids[0]), default=None
    )
    happened = 0
    for number, move in enumerate(moves, 1):
        if half_time is not None and number - 1 == last:
            events.append(
                Prepared(turn=state.turn, party=state.party, when="half-time", sheet=half_time)
            )
        events += [told(state.scenario, one) for one in state.happened[happened:]]
        happened = len(state.happened)
        if advice and number in advice:
            events.append(_advised(game, state, advice[number]))
        events.append(_made(game, state, move, (words or {}).get(number, "")))
        state, _ = step(state, move)
    return sealed(path, events)


def _mover(game: Scenario, moves: Sequence[Move], number: int, seed: int) -> str:
    state = start(game, seed)
    for move in moves[:number]:
        state, _ = step(state, move)
    return state.party


def _advised(game: Scenario, state: State, move: Move) -> Suggested:
    return Suggested(
        turn=state.turn,
        party=state.party,
        act=act_of(move),
        outcome=outcome_of(game, move),
        on=terms_of(move),
        words="Do this.",
    )


def _made(game: Scenario, state: State, move: Move, words: str) -> MoveMade:
    return MoveMade(
        turn=state.turn,
        round=state.round,
        party=state.party,
        act=act_of(move),
        outcome=outcome_of(game, move),
        on=terms_of(move),
        words=words,
        heard_by=(state.party,) if isinstance(move, AskCapital) else None,
        stage=state.stage if isinstance(state, HallState) else "",
    )


def sealed(path: Path, events: Sequence[Event]) -> Path:
    """Write events as a transcript and return where it is."""
    last, lines = "", list[bytes]()
    for number, event in enumerate(events):
        kept = event.model_copy(update={"n": number, "at": NOON, "prev": last})
        line, last = seal(kept.model_dump_json().encode()[:-1])
        lines.append(line)
    path.write_bytes(b"".join(lines))
    return path


def evidence(path: Path, party: str | None = None) -> Any:
    """Return what lessons are drawn from."""
    recorded = read(path, party)
    return evidence_of(recorded, readings(recorded, lambda _: None))


def found(path: Path, party: str | None = None) -> dict[str, Finding]:
    """Return everything that is found in a session, by kind."""
    return {one.kind: one for one in findings(evidence(path, party))}


def best_play(
    game: Scenario, party: str, reply, *, seed: int = 0, instead: Mapping[int, Move] | None = None
) -> list[Move]:
    """Return a session in which a party makes the best of the moves compared at every turn.

    Args:
        game: What is negotiated.
        party: The party.
        reply: How the other one answers.
        seed: The session's.
        instead: Move, from 1 → what the party does instead at that move.
    """
    seat = game.ids.index(party)
    prepared = prospect(game, seat, seed=seed)
    state, made, moves = start(game, seed), list[Act](), list[Move]()
    while state.is_open:
        if state.mover != seat:
            move = reply(state, made)
        elif len(moves) + 1 in (instead or {}):
            move = (instead or {})[len(moves) + 1]
        else:
            judgement = judge(prepared, state, made)
            move = judgement.candidates[judgement.best].move
        made.append(Act(state.turn, state.mover, move))
        moves.append(move)
        state, _ = step(state, move)
    return moves
