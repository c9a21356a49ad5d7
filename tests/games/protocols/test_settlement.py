"""What everyone has in the end, in figures worked by hand."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.moves import (
    Adjourn,
    Approach,
    Merge,
    OpenSignature,
    Pass,
    Pledge,
    PutToVote,
    Sign,
    Vote,
    WalkAway,
)
from games.participation.signatures import SIGNATURES
from games.parts.surroundings import Fund, SideDeal
from games.protocols.hall import HallState
from games.protocols.settlement import bound_parties, chosen_signatures, is_in_force
from games.scenario import Scenario
from games.session import payoffs, utilities
from tests.games.protocols.halls import (
    after,
    brings_on,
    hall_scenarios,
    opened,
    random_play,
    three,
    with_text,
)

FUND = Fund(
    label="a fund",
    members=("A", "B", "C"),
    cost={"A": 2, "B": 2, "C": 2},
    benefit={"A": 3, "B": 3, "C": 3},
    threshold=0.6,
)
SWAP = SideDeal(label="a swap", parties=("A", "B"), points={"A": 2, "B": 1}, instead=0.5)


def signing(**parts: object) -> HallState:
    """Return a forum whose text o1 lies open for signature; half of the weight must bind itself."""
    game = three(kind="forum", participation={"threshold": 0.5, "kappa": 0.5})
    return after(with_text(opened(game.model_copy(update=parts))), OpenSignature())


def test_signatures_settle_by_what_is_in_force() -> None:
    """Worth of o1: A 4, B 6, C 8; reservation values 1; declarations bring half the gain."""
    end = after(signing(), Sign("binding"), Sign("binding"), Sign("declaratory"))
    assert is_in_force(end)
    assert utilities(end) == {"A": 4, "B": 6, "C": 1 + 7 / 2}
    unbound = after(signing(), Sign("binding"), Sign("declaratory"), Sign("out"))
    assert not is_in_force(unbound)
    assert utilities(unbound) == {"A": 1 + 3 / 2, "B": 1 + 5 / 2, "C": 1}


def test_a_text_in_force_obliges_those_alone_who_signed_it_binding() -> None:
    end = after(signing(), Sign("binding"), Sign("declaratory"), Sign("binding"))
    assert bound_parties(end) == ("A", "C")
    unbound = after(signing(), Sign("binding"), Sign("declaratory"), Sign("out"))
    assert bound_parties(unbound) == ()


def test_a_forum_that_nobody_signs_ends_without_agreement() -> None:
    end = after(signing(), *[Sign("out")] * 3)
    assert (end.status, end.agreement, is_in_force(end)) == ("no-agreement", None, False)
    assert utilities(end) == {"A": 1, "B": 1, "C": 1}


def test_one_declaration_makes_an_agreement_of_a_forum() -> None:
    end = after(signing(), Sign("out"), Sign("declaratory"), Sign("out"))
    assert (end.status, end.agreement) == ("agreement", 1)


def test_who_left_has_not_signed_and_stays_out() -> None:
    game = three(kind="forum", participation={"threshold": 0.5, "kappa": 0.5})
    second = after(with_text(opened(game)), Adjourn(), Pass(), WalkAway(), Pass())
    end = after(second, OpenSignature(), Sign("binding"), Sign("binding"))
    assert end.signatures == ("binding", None, "binding")
    assert [SIGNATURES[one] for one in chosen_signatures(end)] == ["binding", "out", "binding"]
    assert utilities(end) == {"A": 4, "B": 1, "C": 8}


def test_who_left_has_what_spills_over_as_late_as_who_stayed_out() -> None:
    """The others sign a round later; a gain of .5 · 9 · 2 spills over to B either way."""
    behind = {"threshold": 0.5, "kappa": 0.5, "spill": 0.5}
    game = three(kind="forum", participation=behind, breakdown=0.5)
    second = after(with_text(opened(game)), Adjourn(), Pass())
    ends = [
        after(after(second, move, Pass()), OpenSignature(), Sign("binding"), *signed)
        for move, signed in (
            (WalkAway(), [Sign("binding")]),
            (Pass(), [Sign("out"), Sign("binding")]),
        )
    ]
    left, out = (payoffs(end)["B"] for end in ends)
    assert utilities(ends[0])["B"] == utilities(ends[1])["B"] > 1
    assert left == out == 1 + (utilities(ends[0])["B"] - 1) / 2


def test_the_fund_is_raised_among_those_who_signed() -> None:
    raising = after(signing(fund=FUND), Sign("binding"), Sign("binding"), Sign("out"))
    assert (raising.stage, raising.queue) == ("pledge", (0, 1))
    both = after(raising, Pledge(pays=True), Pledge(pays=True))
    # Two of three shares: each member gains 3 · 2/3, C without having signed or paid.
    assert utilities(both) == pytest.approx({"A": 4 - 2 + 2, "B": 6 - 2 + 2, "C": 1 + 2})
    one = after(raising, Pledge(pays=True), Pledge(pays=False))
    assert utilities(one) == {"A": 4, "B": 6, "C": 1}  # short of the threshold: paid back


def test_nobody_is_asked_to_pay_into_a_fund_that_the_text_does_not_have() -> None:
    scale = {"issue": "deal", "values": {"o0": 1, "o1": 0, "o2": 1, "o3": 1}}
    fund = Fund.model_validate({**FUND.model_dump(), "size": scale})
    assert not after(signing(fund=fund), *[Sign("binding")] * 3).is_open


def test_a_side_deal_stands_once_both_are_ready_and_whatever_becomes_of_the_text() -> None:
    game = three().model_copy(update={"side_deals": {"swap": SWAP}})
    one = after(opened(game), Approach("swap"), Pass())
    assert one.deals == ()
    both = after(one, Approach("swap"), Pass(), Pass(), Merge(1))
    assert both.deals == ("swap",)
    adopted = after(both, PutToVote(), *[Vote("yes")] * 3)
    # Half of what the text brings beyond the reservation value they have by the deal already.
    assert utilities(adopted) == {"A": 4 - 1.5 + 2, "B": 6 - 2.5 + 1, "C": 8}
    none = after(both, Adjourn(), Pass(), Pass(), Pass(), Adjourn())
    assert (none.status, utilities(none)) == ("no-agreement", {"A": 3, "B": 2, "C": 1})


def test_of_two_side_deals_neither_takes_from_what_the_other_brings() -> None:
    """Both take from what the text brings: half of A's 3 points is left, then half of that."""
    other = SWAP.model_copy(update={"parties": ("A", "C"), "points": {"A": 4, "C": 1}})
    game = three().model_copy(update={"side_deals": {"swap": SWAP, "other": other}})
    mine = after(opened(game), Approach("swap"), Pass(), Approach("swap"), Pass())
    tabled = after(mine, Approach("other"), Pass(), Merge(1), Adjourn(), Approach("other"), Pass())
    both = after(tabled, Pass(), Pass())
    assert both.deals == ("swap", "other")
    adopted = after(both, PutToVote(), *[Vote("yes")] * 3)
    assert utilities(adopted)["A"] == 1 + 3 / 4 + 2 + 4
    none = after(both, Adjourn())
    assert (none.status, utilities(none)) == ("no-agreement", {"A": 7, "B": 2, "C": 2})


def test_a_majority_binds_those_who_voted_against_and_not_those_who_left() -> None:
    voting = after(with_text(opened(three(agreement={"quorum": 0.5}))), PutToVote())
    outvoted = after(voting, Vote("no"), Vote("yes"), Vote("yes"))
    assert utilities(outvoted) == {"A": 4, "B": 6, "C": 8}
    gone = after(voting, WalkAway(), Vote("yes"), Vote("yes"))
    assert utilities(gone) == {"A": 1, "B": 6, "C": 8}
    assert (bound_parties(outvoted), bound_parties(gone)) == (("A", "B", "C"), ("B", "C"))


@settings(max_examples=60)
@given(hall_scenarios(), st.integers(0, 9_999))
def test_without_a_text_fund_deal_or_vow_everybody_has_its_reservation_value(
    game: Scenario, seed: int
) -> None:
    _, end = random_play(game, seed, prefers=brings_on)
    bare = replace(
        end, status="no-agreement", offer=None, approached=frozenset(), deals=(), vows=(), points=()
    )
    assert list(utilities(bare).values()) == [own.reservation for own in game.preferences]
