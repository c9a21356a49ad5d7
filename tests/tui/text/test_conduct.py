"""What is told of the seats' conduct, in the result, live and in the replay."""

from dataclasses import replace
from typing import get_args

import pytest

from delegates import negotiate
from games.session import Offer
from tests.delegates.sessions import mini, offer_of
from transcripts.conduct import Conduct
from transcripts.events import Event, Flag, MoveMade, Opened, Tokens
from transcripts.fold import Folded, begin
from transcripts.record import SessionRecord
from tui.cli.session_text import SessionText
from tui.replay.spoken_move import own_notices
from tui.text.conduct import FLAGS, conduct_lines
from tui.text.result import own_result_text, result_text
from tui.text.wording import WIDTH

GAME = mini()
BUSY = Conduct(
    model_calls=12,
    from_cache=1,
    tokens=Tokens(input=8120, output=1000, cached=7400, reasoning=300),
    cost_usd=0.0123,
    retries=1,
    may_be_billed_usd=0.002,
    unusable={"illegal": 1, "truncated": 2},
    fallback_moves=1,
    template_worded=2,
    below_reservation=1,
    figures_told=2,
    tellable_figures=14,
    quotations_told=1,
    unknown_figures=3,
)


def record_of(**seats: Conduct) -> SessionRecord:
    record = negotiate(GAME, {"USA": "boulware", "COD": "linear"}, seed=1)
    found = replace(record)
    vars(found)["seats"] = {"USA": Conduct(), "COD": Conduct(), **seats}
    return found


def test_a_busy_seat_is_told_of_in_one_sentence() -> None:
    (line,) = conduct_lines(record_of(USA=BUSY))
    assert " ".join(line.split()) == (
        "USA: 12 calls, 1 of them replies kept from before, 9,120 tokens (7,400 cached, 300 "
        "thought), 0.0123 USD, tried again 1 time, failed attempts may be billed at most 0.0020 "
        "USD, 3 replies unusable (2 truncated, 1 illegal), 1 move by the fallback, 2 worded by a "
        "template instead, 1 move below its reservation value, 2 private figures told (of 14 that "
        "could be), 1 passage of its brief told, 3 figures that nobody gave it."
    )
    assert max(map(len, line.splitlines())) <= WIDTH


def test_a_seat_of_which_there_is_nothing_to_tell_has_no_line() -> None:
    assert conduct_lines(record_of()) == []


def test_what_is_not_known_is_said_to_be_so() -> None:
    seat = Conduct(model_calls=1, cost_usd=None, may_be_billed_usd=None)
    (line,) = conduct_lines(record_of(COD=seat))
    told = "COD: 1 call, 0 tokens (0 cached), cost not known, failed attempts may be billed an "
    assert " ".join(line.split()) == f"{told}amount not known."


def test_a_result_tells_of_every_seat_and_an_own_one_of_its_own() -> None:
    record = record_of(USA=BUSY, COD=Conduct(fallback_moves=4))
    whole, own = result_text(record), own_result_text(record, "USA")
    assert "USA: 12 calls" in whole
    assert "COD: 4 moves by the fallback." in whole
    assert "USA: 12 calls" in own
    assert "COD: 4 moves" not in own


def flagged(flags: tuple[Flag, ...]) -> tuple[MoveMade, Folded]:
    move = offer_of(GAME, volume=1, price=40, rail="rail")
    assert isinstance(move, Offer)
    outcome = GAME.space.outcome(move.outcome)
    event = MoveMade(turn=0, round=0, party="USA", act="offer", outcome=outcome, flags=flags)
    return event, begin(opened())


def opened() -> Opened:
    seen: list[Event] = []
    negotiate(GAME, {"USA": "firm", "COD": "firm"}, watch=lambda event, _: seen.append(event))
    header = seen[0]
    assert isinstance(header, Opened)
    return header


@pytest.mark.parametrize(("seat", "shown"), [(None, True), ("USA", True), ("COD", False)])
def test_a_marked_move_is_shown_to_those_who_may_see_it(seat: str | None, shown: bool) -> None:
    lines: list[str] = []
    live = SessionText(lines.append, colour=False, seat=seat)
    live.show(*flagged(("below-reservation", "own-figure-told")))
    marks = "(worth less to it than no agreement; tells a private figure of its own)"
    assert any(marks in " ".join(line.split()) for line in lines) is shown


def test_a_replay_shows_the_marks() -> None:
    event, _ = flagged(("off-topic",))
    assert own_notices(event, None) == ["the model strayed from the talks"]


def test_every_mark_has_words() -> None:
    assert set(FLAGS) == set(get_args(Flag))
