"""Every mind that follows a rule, where shocks strike and capitals speak between the moves."""

from pathlib import Path
from random import Random

import pytest

from delegates import negotiate, resume
from delegates.contract import PublicMove
from delegates.fork import fork
from delegates.seating import scripted_mind
from delegates.seats import SCRIPTED_MINDS, parse_seat
from delegates.views import view_of
from games.happenings.happening import inject, is_held
from games.moves import Accept, AskCapital, Offer, Pass
from games.protocols.by_rule import act_by_rule
from games.scenario import Scenario
from games.session import State, start, step
from tests.delegates.sessions import events_of, settings_at
from tests.games.eventful import KINDS, eventful
from transcripts import verify
from transcripts.events import Event, Happened

NAMES = sorted(SCRIPTED_MINDS)
SEEDS = range(3)


def play(
    game: Scenario, names: tuple[str, str], seed: int, called: int, *, renew: bool
) -> tuple[State, list[PublicMove]]:
    """Return a session in which a trainer has a shock strike before the move of this number."""
    minds = [scripted_mind(parse_seat(name)) for name in names]
    state, history = start(game, seed), list[PublicMove]()
    while state.is_open:
        if len(history) == called:
            state = inject(state, "quota")
        fresh = scripted_mind(parse_seat(names[state.mover]))
        mind = fresh if renew else minds[state.mover]
        view = view_of(state, tuple(history), seed)
        move = act_by_rule(state, lambda mind=mind, view=view: mind.choose(view))
        assert_fitting(state, move)
        seen = Pass() if isinstance(move, AskCapital) else move
        history.append(PublicMove(state.turn, state.round, state.party, seen, ""))
        state, _ = step(state, move)
    return state, history


def assert_fitting(state: State, move: object) -> None:
    """What is offered or accepted may be signed, as things are by then, and falls not short."""
    held = is_held(state, state.mover)
    assert not (held and isinstance(move, Offer | Accept))
    outcome = move.outcome if isinstance(move, Offer) else state.on_table
    if isinstance(move, Offer | Accept) and outcome is not None:
        assert state.may_sign(state.mover, outcome)
        assert not state.own(state.mover).falls_short(outcome)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_it_plays_on_whatever_happens_and_answers_as_a_new_one_would(name: str, kind: str) -> None:
    for seed in SEEDS:
        called = Random(f"{name}/{kind}/{seed}").randrange(10)
        for names in ((name, "conceder"), ("boulware", name)):
            state, moves = play(eventful(kind), names, seed, called, renew=False)
            again, same = play(eventful(kind), names, seed, called, renew=True)
            assert (moves, state.happened) == (same, again.happened)


def told(path: Path) -> list[tuple[object, ...]]:
    """Return what happened and was done in a session, however it was carried on."""
    return [_plainly(event) for event in events_of(path) if event.type in KEPT]


KEPT = ("moved", "happened", "closed", "found")


def _plainly(event: Event) -> tuple[object, ...]:
    return tuple(event.model_dump(exclude={"n", "at", "prev"}).items())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["firm", "tit-for-tat", "logroller", "micro", "random-walker"])
def test_a_session_cut_anywhere_and_carried_on_is_the_one_played_straight(
    tmp_path: Path, name: str, kind: str
) -> None:
    whole = tmp_path / "whole.jsonl"
    seats, shocks = {"A": name, "B": "conceder"}, ("quota@3",)
    negotiate(eventful(kind), seats, seed=5, transcript=whole, shocks=shocks)
    lines = whole.read_bytes().splitlines(keepends=True)
    last = next(k for k, event in enumerate(events_of(whole)) if event.type == "closed")
    happened = [event.n for event in events_of(whole) if event.type == "happened"]
    cuts = {1, *happened[:3], *(n + 1 for n in happened[:3]), last // 2, last}
    for cut in sorted(cuts):
        path = tmp_path / f"cut{cut}.jsonl"
        path.write_bytes(b"".join(lines[:cut]))
        resume(path)
        assert told(path) == told(whole), cut
        assert verify(path).problems == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_branch_lets_the_same_happen_again(tmp_path: Path, kind: str) -> None:
    whole = tmp_path / "whole.jsonl"
    seats = {"A": "firm", "B": "conceder"}
    record = negotiate(
        eventful(kind), seats, seed=5, transcript=whole, shocks=("quota@2", "fall@1")
    )
    for kept in (0, 1, 2, 4, len(record.moves) // 2):
        branched = fork(
            whole, at=kept, out=tmp_path / f"b{kept}.jsonl", settings=settings_at(home=tmp_path)
        )
        resume(branched.path)
        assert told(branched.path) == told(whole)
        assert verify(branched.path).problems == []


def test_what_is_planned_strikes_as_its_round_begins_and_once(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    negotiate(
        eventful(), {"A": "firm", "B": "firm"}, seed=3, transcript=path, shocks=["quota@2", "lot"]
    )
    struck = [event for event in events_of(path) if isinstance(event, Happened) and event.shock]
    assert [(one.shock, one.by, one.turn, one.round) for one in struck] == [
        ("lot", "trainer", 0, 0),
        ("quota", "trainer", 2, 1),
        ("fall", "date", 4, 2),
    ]
