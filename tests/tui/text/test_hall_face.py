"""What a person is told of its face: at the table its own, afterwards what everybody yielded."""

from typing import Any

from delegates.contract import View
from delegates.views import view_of
from games.moves import (
    Accept,
    Adjourn,
    CallCaucus,
    CallInformal,
    Merge,
    Move,
    Offer,
    Pass,
    PutToVote,
    Vote,
)
from games.parts.mandates import Mandate
from games.protocols.hall import HallState
from games.scenario import Scenario
from tests.games.protocols.halls import after, opened, three
from tests.games.protocols.test_face import FACES, spoken, with_face
from tests.tui.halls import crowd, held
from transcripts.proceedings import proceedings
from tui.text.hall_result import closing_lines
from tui.text.hall_seat import face_lines, worth_lines
from tui.text.seat import situation, worth_line


def seen(state: HallState) -> View:
    return view_of(state, [], 0)


def together(lines: list[str]) -> str:
    """Return lines as one, however they were broken."""
    return " ".join(" ".join(lines).split())


def standing(state: HallState) -> str:
    view = seen(state)
    assert view.hall is not None
    return together(face_lines(view.hall))


def test_a_person_is_told_where_it_stands_what_less_costs_and_what_was_lost_so_far() -> None:
    assert standing(opened(with_face(three()))) == (
        "Before the hall you stand for nothing yet; your first stand is free."
    )
    assert standing(spoken()) == (
        "What you stand for before the hall is worth 10.0 to you; to take less costs 0.5 more at "
        "home for each point."
    )
    hall = after(spoken(), Accept(), Pass(), Pass(), Merge(0), Adjourn())
    assert standing(hall).endswith("You have yielded 6.0 there so far and lost 3.0 at home.")
    assert standing(after(spoken(), Pass())) == ""  # B has no face to lose
    call = CallCaucus(("C",), ("deal",))
    room = after(spoken(caucuses=1), call, Pass(), Pass(), Pass())
    assert "in this room you may take less at no cost at home" in standing(room)
    view = seen(spoken())
    assert together(situation(view)).count("What you stand for before the hall") == 1


def test_the_worth_of_a_text_says_what_is_taken_off() -> None:
    view = seen(spoken())
    assert together(worth_lines(view)).startswith(
        "Worth 1.0 to you (+0.0 over no agreement, 3.0 lost at home taken off); what you last"
    )


def test_the_worth_of_other_terms_says_it_too() -> None:
    view = seen(spoken())
    told = "worth 1.0 to you, no more than without agreement, 3.0 lost at home taken off"
    assert worth_line(view, 1) == told
    assert "taken off" not in worth_line(view, 3)


def ended() -> tuple[HallState, list[Move]]:
    """Return a hall in which A and C meet, A then yields on the floor, and the text is adopted."""
    floor: list[Move] = [Offer(3), Offer(1), Offer(0), Merge(1)]
    room: list[Move] = [CallInformal("deal", ("A", "C")), Offer(2), Accept(), Adjourn()]
    moves = [*floor, *room, Accept(), Pass(), Pass(), PutToVote(), *[Vote("yes")] * 3]
    return after(opened(with_face(three(rounds=4))), *moves), moves


def test_the_close_tells_all_what_was_yielded_and_a_seat_its_own() -> None:
    state, moves = ended()
    found = proceedings(state, moves)
    everybodys = together(closing_lines(found))
    assert (
        "Yielded, in each one's points: A party 4.0 before the hall (2.0 lost at home), 2.0 in "
        "rooms; A party 0.0 before the hall, 6.0 in rooms."
    ) in everybodys
    own = together(closing_lines(found, "C"))
    assert "points: A party 0.0 before the hall, 6.0 in rooms." in own
    assert "4.0 before" not in own
    assert "points: nothing." in together(closing_lines(found, "B"))


def test_the_record_holds_what_each_yielded_and_lost() -> None:
    told: Any = proceedings(*ended()).as_json()
    assert told["yielded"] == {
        "A": {"in_plenary": 4, "in_rooms": 2, "face_lost": 2},
        "B": {"in_plenary": 0, "in_rooms": 0, "face_lost": 0},
        "C": {"in_plenary": 0, "in_rooms": 6, "face_lost": 0},
    }
    assert FACES["A"] * 4 == 2


def test_where_no_face_is_at_stake_the_close_says_nothing_of_it() -> None:
    state, moves = ended()
    plain = after(opened(three(rounds=4)), *moves)
    assert "Yielded" not in together(closing_lines(proceedings(plain, moves)))
    assert state.points != plain.points


def test_of_many_those_are_named_who_lost_most() -> None:
    game: Scenario = crowd(20)
    faced = game.model_copy(update={"mandates": {party: Mandate(face=0.1) for party in game.ids}})
    found = held(faced).proceedings
    assert found is not None
    told = together(closing_lines(found)).partition("Yielded, in each one's points: ")[2]
    assert told.count("in rooms") == 6
    assert "others." in told
