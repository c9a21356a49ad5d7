"""What is kept of a session: the same from its record and from its moves, counted by hand."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates import negotiate
from delegates.evaluation.playing.finish import failed, finished, finished_play
from delegates.evaluation.playing.journal import POINTS, read_line
from delegates.evaluation.playing.unrecorded import played_unrecorded
from delegates.negotiate import NOTHING_SPENT
from delegates.scripted import Play, play_scripted
from delegates.seating import scripted_mind
from delegates.seats import SCRIPTED_MINDS, parse_seat
from games import load_scenario
from games.scenario import Scenario
from games.session import Accept, Move, Offer, State, WalkAway, start, step
from tests.delegates.evaluation.made import made_design
from tests.delegates.halls import hall_of
from tests.delegates.sessions import mini
from tests.games.eventful import KINDS, eventful
from tests.support.domains import listed, scenarios
from transcripts.events import (
    Event,
    Failed,
    MoveMade,
    Replied,
    Retried,
    Tokens,
    Unusable,
)
from transcripts.record import SessionRecord

NAMES = sorted(SCRIPTED_MINDS)


class Leaving:
    """A mind that offers what it likes best until a turn, and then leaves."""

    def __init__(self, turn: int) -> None:
        self.turn = turn

    def choose(self, view):
        """Return its move."""
        if view.turn >= self.turn:
            return WalkAway()
        return Accept() if view.stands_by else Offer(int(view.own.ranking[0][-1]))


def record_of(play: Play) -> SessionRecord:
    """Return a play as a session's record."""
    return SessionRecord(
        session="s", state=play.state, moves=play.moves, turns=play.turns, spend=NOTHING_SPENT
    )


def by_hand(scenario: Scenario, moves: list[Move], events: list[Event] | None = None):
    """Return the record of some moves; of a session that is perhaps not over."""
    state: State = start(scenario, 0)
    for move in moves:
        state, _ = step(state, move)
    return SessionRecord(
        session="s", state=state, moves=moves, turns=range(len(moves)), events=events
    )


@given(scenarios(), st.lists(st.sampled_from(NAMES), min_size=4, max_size=4), st.integers(0, 99))
def test_a_play_and_its_record_come_to_the_same(game, names, seed):
    design = made_design(game)
    row = design.row(0)
    play = play_scripted(game, [scripted_mind(parse_seat(n)) for n in names[: len(game.ids)]], seed)

    quickly = finished_play(design, row, play, seconds=0.5, at="2026-02-04T00:00:00Z")
    slowly = finished(design, row, record_of(play), seconds=0.5, at="2026-02-04T00:00:00Z")

    assert quickly == slowly


@given(scenarios(), st.integers(0, 7))
def test_they_do_where_somebody_leaves(game, turn):
    design = made_design(game)
    play = play_scripted(game, [Leaving(turn) for _ in game.ids], 0)

    assert finished_play(design, design.row(0), play) == finished(
        design, design.row(0), record_of(play)
    )


def pie() -> Scenario:
    """Return a pie of ten slices; each party can gain 6 of 10 above its reservation value."""
    return listed(
        {"A": [*range(11)], "B": [*range(10, -1, -1)]},
        {"A": 2, "B": 2},
        protocol={"rounds": 6, "opens": "fixed"},
    )


def test_demands_are_those_of_the_last_own_offer_as_shares_of_what_can_be_gained():
    game = pie()
    design = made_design(game)
    # In round 1 A asks for 10, B (0 of 10 slices for A) for 10; in round 2 A asks for 8; B repeats;
    # in round 3 A asks for 5, which B accepts. Six rounds: a point of time is half a round.
    moves: list[Move] = [Offer(10), Offer(0), Offer(8), Offer(0), Offer(5), Accept()]

    line = finished(design, design.row(0), by_hand(game, moves))

    assert line.ended == "agreement"
    assert (line.agreement, line.agreed_round, line.rounds, line.moves) == (5, 3, 3, 6)
    gone = (None,) * 6
    assert line.seats[0].demands == (1333, 1333, 1000, 1000, 500, *gone)
    assert line.seats[1].demands == (1333, 1333, 1333, 1333, 1333, *gone)
    assert [seat.utility for seat in line.seats] == [5, 5]


def test_a_session_that_runs_to_its_end_has_demands_to_the_end():
    game = pie()
    design = made_design(game)

    line = finished(design, design.row(0), by_hand(game, [Offer(10), Offer(0)] * 6))

    assert line.ended == "no-agreement"
    assert (line.agreement, line.agreed_round) == (None, None)
    assert line.seats[0].demands == (1333,) * POINTS
    assert [seat.utility for seat in line.seats] == [2, 2]


def test_a_party_that_cannot_gain_anything_has_no_demands():
    game = listed({"A": [0, 1], "B": [1, 0]}, {"A": 1, "B": 0})
    design = made_design(game)

    line = finished(design, design.row(0), by_hand(game, [Offer(1), Accept()]))

    assert line.seats[0].demands == (None,) * POINTS
    assert line.seats[1].demands == (None,) * POINTS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mind", ["firm", "tit-for-tat", "random-walker"])
def test_what_is_played_unrecorded_is_what_the_table_records(kind: Any, mind: str):
    for game in (eventful(kind), *([] if kind == "alternating-offers" else [hall_of(kind)])):
        minds = [scripted_mind(parse_seat(mind)) for _ in game.ids]

        found = played_unrecorded(game, minds, 5, "s")

        record = negotiate(game, dict.fromkeys(game.ids, mind), seed=5)
        assert found.state == record.state
        assert list(found.moves) == list(record.moves)
        assert list(found.turns) == list(record.turns)
        assert list(found.when) == list(record.when)


def test_a_forum_says_whether_its_text_is_in_force():
    game = eventful("forum")
    design = made_design(game)
    told = [
        finished(
            design,
            design.row(0),
            played_unrecorded(game, [scripted_mind(parse_seat("linear"))] * 2, seed, "s"),
        )
        for seed in range(6)
    ]

    assert {line.in_force for line in told} <= {True, False}
    assert any(line.agreement is not None for line in told)
    assert any(line.in_force for line in told)


def test_a_table_at_which_nothing_is_signed_says_nothing_of_force():
    design = made_design(mini())

    line = finished(design, design.row(0), negotiate(mini(), {"USA": "linear", "COD": "linear"}))

    assert line.in_force is None


def test_a_session_that_is_not_over_is_not_finished():
    design = made_design(mini())

    with pytest.raises(AssertionError, match="session 0 is not over"):
        finished(design, design.row(0), by_hand(mini(), [Offer(0)]))


EVENTS: list[Event] = [
    Retried(
        turn=0, party="USA", attempt=1, reason="busy", wait_s=1, tokens=Tokens(input=7),
        cost_usd=0.25,
    ),
    Replied(
        turn=0, party="USA", purpose="decide", call=1, text="", cost_usd=0.5,
        tokens=Tokens(input=100, output=20, cached=60),
    ),
    Unusable(turn=0, party="USA", purpose="decide", call=1, reason="no move"),
    Replied(
        turn=0, party="USA", purpose="decide", call=2, text="", cost_usd=0.5,
        tokens=Tokens(input=110, output=20),
    ),
    MoveMade(turn=0, round=0, party="USA", act="offer", fallback="firm"),
    Replied(
        turn=1,
        party="COD",
        purpose="decide",
        call=1,
        text="",
        tokens=Tokens(input=9),
        cost_usd=None,
    ),
    Replied(
        turn=1, party="COD", purpose="word", call=1, text="", tokens=Tokens(input=5000),
        cost_usd=9.0, from_cache=True,
    ),
    Failed(turn=1, party="COD", reason="gone", tokens=Tokens(output=5), cost_usd=None),
]  # fmt: skip


def test_calls_are_counted_by_seat():
    game, design = mini(), made_design(mini())
    record = by_hand(game, [Offer(0), Accept()], EVENTS)

    line = finished(design, design.row(0), record, transcript="transcripts/s.jsonl")

    first, second = line.seats
    assert (first.calls, first.tokens_in, first.tokens_out, first.tokens_cached) == (2, 210, 40, 60)
    assert (first.cost_usd, first.fallbacks, first.unusable) == (1.0, 1, 1)
    # What the cache gave was asked, but neither sent nor bought.
    assert (second.calls, second.tokens_in, second.cost_usd) == (2, 9, None)
    assert (line.retries, line.lost_tokens, line.cost_usd) == (1, 12, None)
    assert line.transcript == "transcripts/s.jsonl"


def test_a_failed_session_is_worth_the_reservation_values():
    game, design = mini(), made_design(mini())

    line = failed(design, design.row(3), "provider", "refused\n  twice", seconds=1.5, at="now")

    assert (line.ended, line.problem, line.rounds, line.moves) == (
        "provider",
        "refused twice",
        0,
        0,
    )
    assert [seat.payoff for seat in line.seats] == [30, 30]
    assert line.session == design.session(3)
    assert [own.reservation for own in game.preferences] == [30, 30]


def test_what_a_failed_session_had_spent_and_asked_for_is_kept():
    design = made_design(mini())
    record = by_hand(mini(), [Offer(0)], EVENTS)

    line = failed(design, design.row(0), "timeout", "too long", record=record)

    assert (line.rounds, line.moves, line.seats[0].calls) == (1, 1, 2)
    assert line.seats[0].demands[0] is not None
    assert line.seats[0].demands[1:] == (None,) * 10
    assert [seat.utility for seat in line.seats] == [30, 30]


def test_a_line_reads_back():
    design = made_design(load_scenario("first-table"))
    game = design.scenarios[0]
    play = play_scripted(game, [scripted_mind(parse_seat("linear"))] * 2, 3)

    line = finished_play(design, design.row(1), play, seconds=0.25, at="2026-02-04T00:00:00Z")

    assert read_line(line.line) == line
    assert line.line.endswith(b"}\n")
    assert line.line.count(b"\n") == 1
    assert Path(line.session).name == line.session
