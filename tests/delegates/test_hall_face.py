"""A seat knows what yielding costs it at home, is shown it where it counts, and nobody else is."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates import negotiate
from delegates.contract import View
from delegates.hall import Hall
from delegates.minds.candidates import candidates
from delegates.minds.menu import menu_messages
from delegates.models.hall_face import face_counted, face_of_move, face_standing
from delegates.models.hall_prompt import hall_messages, worth_words
from delegates.views import view_of
from games.moves import Accept, Adjourn, CallCaucus, Merge, Move, Offer, Pass, PutToVote, Sign, Vote
from games.parts.mandates import Mandate
from games.protocols.hall import HallState
from games.scenario import Scenario
from tests.delegates.halls import Moment, hall_of, moment_at, moments
from tests.delegates.test_hall_prompts import hall_in, told
from tests.delegates.test_separation import parts
from tests.games.protocols.halls import after
from tests.games.protocols.test_face import spoken
from transcripts.fold import fold
from transcripts.store import Transcript

KINDS = st.sampled_from(["plenary", "forum"])

CANARY = 0.7109375
"""F of DR Congo, which stands nowhere else."""


def faced(kind: str = "plenary", **protocol: object) -> Scenario:
    """Return the small hall in which DR Congo has a face to lose."""
    mandates = {"COD": Mandate(face=CANARY)}
    return hall_of(kind, **protocol).model_copy(update={"mandates": mandates})


@settings(max_examples=6, deadline=None)
@given(KINDS, st.integers(0, 10_000))
def test_nobody_is_told_what_another_seat_loses_by_yielding(kind: str, seed: int) -> None:
    """Neither F, nor what it has yielded so far, nor what it stands for beyond what all heard."""
    for moment in moments(faced(kind), Random(seed), 0.6):
        reached = [one for one in parts(moment.view, set()) if isinstance(one, float)]
        if moment.view.party == "COD":
            assert CANARY in reached
            continue
        assert hall_in(moment).face is None
        assert CANARY not in reached
        assert str(CANARY) not in told(moment)
        assert "at home" not in "\n".join(face_standing(hall_in(moment)))


def test_its_own_seat_is_told_the_rule_once_and_where_it_stands_at_each_turn() -> None:
    moment = moment_at(faced(), "vote", "COD")
    system, asked = hall_messages(moment.view, hall_in(moment), [])
    assert f"costs you {CANARY} points at home for every point" in system.content
    assert "What you stand for before the hall is worth" in asked.content
    other = moment_at(faced(), "vote", "USA")
    assert "FACE" not in told(other)


def view_at(state: HallState) -> tuple[View, Hall]:
    view = view_of(state, [], 0)
    assert view.hall is not None
    return view, view.hall


def test_what_would_be_lost_is_shown_with_each_outcome_and_taken_off_its_worth() -> None:
    """A stands for o3, worth 10 to it; o1 is worth 4, and half of the six points would be lost."""
    view, hall = view_at(spoken())
    assert hall.face_loss(1) == 3
    assert view.own.utility(1) == 4 - 3
    assert face_counted(view, 1) == " after 3 lost at home"
    assert face_counted(view, 3) == ""
    assert worth_words(view, 1) == "Worth 1 points to you after 3 lost at home; no agreement 1."
    (line,) = face_standing(hall)
    assert line == (
        "What you stand for before the hall is worth 10 points to you. Taking less costs 0.5 more "
        "per point; figures of what is worth less have that taken off."
    )


@pytest.mark.parametrize(
    ("move", "shown"),
    [
        (Accept(), True),
        (Vote("yes"), True),
        (Sign("declaratory"), True),
        (Offer(1), True),
        (Offer(3), False),
        (Vote("no"), False),
        (Sign("out"), False),
        (Pass(), False),
    ],
)
def test_moves_that_take_less_are_shown_with_what_they_cost(move: Move, shown: bool) -> None:
    view, _ = view_at(spoken())
    assert bool(face_of_move(view, move)) == shown


def test_in_a_room_nothing_is_taken_off_and_it_says_so() -> None:
    call = CallCaucus(("C",), ("deal",))
    view, hall = view_at(after(spoken(caucuses=1), call, Pass(), Pass(), Pass()))
    assert hall.room is not None
    assert face_counted(view, 1) == ""
    (line,) = face_standing(hall)
    assert line.endswith("To take less in this room costs nothing beside that.")


def test_what_was_yielded_so_far_is_told_with_what_it_has_cost() -> None:
    hall = after(spoken(), Accept(), Pass(), Pass(), Merge(0), Adjourn())
    _, seen = view_at(hall)
    (line,) = face_standing(seen)
    assert line.endswith("You have yielded 6 points there so far, which has cost you 3 at home.")


def test_a_menu_says_what_a_candidate_would_cost_at_home() -> None:
    voting = after(spoken(), Pass(), Pass(), Pass(), PutToVote())
    view, _ = view_at(voting)
    menu = candidates(view)
    text = menu_messages(view, menu, list(range(len(menu))))[1].content
    assert "votes yes (1 points for you after 3 lost at home," in text
    assert "votes no (1 points for you," in text


def test_a_moment_of_a_seat_without_face_reads_as_ever() -> None:
    plain: Moment = moment_at(hall_of(), "floor", "USA")
    other: Moment = moment_at(faced(), "floor", "USA")
    assert told(plain) == told(other)


@pytest.mark.parametrize("kind", ["plenary", "forum"])
def test_what_was_yielded_and_lost_is_the_same_when_a_record_is_read_again(
    kind: str, tmp_path: Path
) -> None:
    """Nothing of it is written down: it follows from the moves."""
    game = faced(kind)
    everybody = {party: Mandate(face=0.5) for party in game.ids}
    path = tmp_path / "out.jsonl"
    record = negotiate(
        game.model_copy(update={"mandates": everybody}),
        dict.fromkeys(game.ids, "linear"),
        seed=3,
        transcript=path,
    )
    again = fold(Transcript(path).events()).state
    assert isinstance(again, HallState)
    assert isinstance(record.state, HallState)
    assert sum(again.yielded) > 0
    assert (again.yielded, again.reference) == (record.state.yielded, record.state.reference)
    assert again.points == record.state.points
    assert "yielded" not in path.read_text(encoding="utf-8")
