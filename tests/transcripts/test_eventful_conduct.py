"""What seats let slip where shocks strike and capitals speak: each move by what was true then."""

from pathlib import Path

import pytest

from delegates import negotiate, resume
from delegates.fork import fork
from delegates.persons.person import Answer, PersonMove, Turn
from delegates.views import view_of
from delegates.voices.speech import flags_of_words
from games import parse_scenario
from games.moves import Accept, Offer, Pass, WalkAway
from games.session import replayed, start, step
from tests.delegates.sessions import settings_at
from tests.games.eventful import KINDS, TEXT, eventful
from tests.games.happenings.test_happening import LOW, outcome, quiet
from transcripts.conduct import Conduct
from transcripts.exports.rows import read_session, rows
from transcripts.leakage import heard_by_party

WORDS = "Wait until the new minister has been sworn in."
ASIDE = TEXT.replace("KIND", "alternating-offers").replace("Wait for the minister.", WORDS)
ASIDE = ASIDE.replace("requests: 2", "requests: 2\n    ratify: {threshold: 43.5, slope: 0.1}")
ASIDE = ASIDE.replace("words: Announced overnight.", "words: Only 61125 t may leave the country.")
GAME = parse_scenario(ASIDE, "eventful")
"""Aland's capital lets nothing be signed in round 2, and says why; 43.5 points pass at home."""


class Said:
    """Sits for Aland and says what is given for each of its turns."""

    def __init__(self, *said: PersonMove) -> None:
        self.said = list(said)

    async def move(self, turn: Turn) -> Answer:
        del turn
        return self.said.pop(0)

    def wants_back(self, party: str) -> bool:
        del party
        return False


def seats_after(tmp_path: Path, *said: PersonMove, shocks: tuple[str, ...] = ()) -> Conduct:
    record = negotiate(
        GAME,
        {"A": "human", "B": "hard-headed"},
        seed=quiet(),
        person=Said(*said, PersonMove(WalkAway())),
        transcript=tmp_path / "s.jsonl",
        shocks=shocks,
    )
    return record.seats["A"]


OPENING = PersonMove(Offer(LOW), "We open.")


def test_the_words_of_an_instruction_are_private_once_they_are_heard(tmp_path: Path) -> None:
    quoting = f"We must {WORDS}"
    told = seats_after(tmp_path, OPENING, PersonMove(Pass()), PersonMove(Offer(LOW), quoting))
    assert told.quotations_told == 1
    (tmp_path / "s.jsonl").unlink()
    before = seats_after(tmp_path, PersonMove(Offer(LOW), quoting))
    assert before.quotations_told == 0


def test_what_must_pass_at_home_is_a_private_figure(tmp_path: Path) -> None:
    told = seats_after(tmp_path, PersonMove(Offer(LOW), "At home 43.5 points would pass."))
    assert told.figures_told == 1
    view = view_of(start(GAME, quiet()), (), quiet())
    assert flags_of_words(view, Offer(LOW), "At home 43.5 points pass.") == ("own-figure-told",)


def test_a_figure_of_the_news_is_one_that_all_know(tmp_path: Path) -> None:
    words = PersonMove(Offer(LOW), "Of those 61125 we need some.")
    assert seats_after(tmp_path, words, shocks=("quota",)).unknown_figures == 0
    (tmp_path / "s.jsonl").unlink()
    assert seats_after(tmp_path, words).unknown_figures == 1


def test_a_move_is_measured_by_what_its_party_wanted_then() -> None:
    # What B offers is worth 0 to it against 27.5; once prices have fallen it is 30 against 24.5.
    record = negotiate(
        GAME,
        {"A": "firm", "B": "human"},
        seed=quiet(),
        person=Said(PersonMove(Offer(LOW)), PersonMove(Accept()), PersonMove(WalkAway())),
    )
    final = record.state.scenario.preferences[1]
    assert (record.status, record.state.round, final.falls_short(LOW)) == ("agreement", 2, False)
    assert record.seats["B"].below_reservation == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [0, 1, 3, 5])
def test_what_a_branch_shares_is_not_counted_as_its_own(tmp_path: Path, kind: str, at: int) -> None:
    path, out = tmp_path / "s.jsonl", tmp_path / "b.jsonl"
    game, seats = eventful(kind), {"A": "firm", "B": "firm"}
    whole = negotiate(game, seats, seed=quiet(), transcript=path)
    shared = sum(
        before.scenario.preferences[before.mover].falls_short(move.outcome)
        for move, (before, _) in list(
            zip(whole.moves, replayed(whole.state, whole.moves), strict=True)
        )[:at]
        if isinstance(move, Offer)
    )
    fork(path, at=at, out=out, settings=settings_at(home=tmp_path))
    branched = resume(out)
    assert branched.moves == whole.moves
    assert branched.as_json()["utilities"] == whole.as_json()["utilities"]
    counts = [sum(one.below_reservation for one in of.seats.values()) for of in (whole, branched)]
    assert counts[1] == counts[0] - shared
    (row,) = rows("sessions", read_session(out))
    assert row["parent_moves"] == at


def test_what_a_party_has_heard_is_what_all_have_and_what_it_alone_has() -> None:
    state = start(GAME, quiet())
    for move in (Offer(LOW), Offer(outcome(1000, "low")), Accept(), Pass()):
        state, _ = step(state, move)
    own, other = heard_by_party(state, "A"), heard_by_party(state, "B")
    assert own.public == other.public == ("Prices fall.",)
    assert own.private == (f"The capital lets nothing be signed in this round. {WORDS}",)
    assert other.private == ()
    assert (own.figures, other.figures) == ({43.5, 0.0}, frozenset())
