"""A plenary from its first bracket to a text adopted, signed or lost."""

import pytest

from games.errors import IllegalMove
from games.moves import (
    Accept,
    Adjourn,
    Merge,
    Move,
    Offer,
    OpenSilence,
    Pass,
    PutToVote,
    Sign,
    Vote,
)
from games.protocols import plenary
from games.protocols.hall import Alternative, Bracket
from games.session import payoffs, step, utilities
from tests.games.protocols.halls import after, opened, three, with_text

YES = [Vote("yes")] * 3


def test_brackets_carry_the_alternatives_and_who_proposes_them_in_the_order_of_speaking() -> None:
    hall = after(opened(three()), Offer(3), Offer(1), Offer(3))
    assert hall.brackets() == (Bracket(0, None, (Alternative(3, (0, 2)), Alternative(1, (1,)))),)
    merged = after(hall, Merge(2))
    (bracket,) = merged.brackets()
    assert (bracket.text, bracket.alternatives[0]) == (2, Alternative(2, ()))
    later = after(merged, Adjourn(), Pass(), Accept(), Accept())
    assert later.brackets()[0].alternatives == (Alternative(2, (1, 2)), Alternative(3, (0,)))


def test_a_text_on_which_all_are_of_one_mind_has_no_brackets() -> None:
    assert after(opened(three()), Offer(1), Offer(1), Offer(1), Merge(1)).brackets() == ()


def test_before_there_is_a_text_nobody_can_accept_or_call_a_vote() -> None:
    hall = opened(three())
    with pytest.raises(IllegalMove, match="A: there is no text yet"):
        step(hall, Accept())
    chair = after(hall, Pass(), Pass(), Pass())
    for move in (PutToVote(), OpenSilence()):
        with pytest.raises(IllegalMove, match="A: there is no text yet"):
            step(chair, move)
    assert after(chair, Adjourn()).now == 1


def test_a_text_that_is_voted_down_in_the_last_round_is_no_agreement() -> None:
    lost = after(with_text(opened(three(rounds=1))), PutToVote(), *[Vote("no")] * 3, Adjourn())
    assert (lost.status, lost.agreement, lost.is_open) == ("no-agreement", None, False)
    assert utilities(lost) == payoffs(lost) == {"A": 1, "B": 1, "C": 1}


def test_an_adopted_text_is_signed_where_the_scenario_speaks_of_participation() -> None:
    game = three(participation={"kappa": 0.5})
    signing = after(with_text(opened(game)), PutToVote(), *YES)
    assert (signing.stage, signing.party) == ("sign", "A")
    out = after(signing, Sign("binding"), Sign("binding"), Sign("out"))
    # Two of three reach the protocol's quorum of .6.
    assert utilities(out) == {"A": 4, "B": 6, "C": 1}


def test_where_it_does_not_adoption_is_the_agreement() -> None:
    end = after(with_text(opened(three())), PutToVote(), *YES)
    assert (end.status, end.signatures) == ("agreement", (None, None, None))


@pytest.mark.parametrize(
    ("move", "problem"),
    [
        (Vote("yes"), "A: Vote is no move of the floor stage; expected an offer, acceptance"),
        (Adjourn(), "A: Adjourn is no move of the floor stage; expected an offer, acceptance"),
        (Offer(9), "A: no outcome 9; expected one below 4"),
    ],
)
def test_what_the_floor_does_not_know_is_refused_in_one_line(move: Move, problem: str) -> None:
    with pytest.raises(IllegalMove) as refused:
        step(opened(three()), move)
    assert str(refused.value).startswith(problem)


def test_a_plenary_is_a_hall() -> None:
    assert plenary.start(three(), 0) == opened(three())
