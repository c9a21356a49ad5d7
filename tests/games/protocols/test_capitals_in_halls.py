"""What capitals order while a hall sits: what then lapses, and what stays."""

from typing import Any

from games.mandates import Instruction, Mandate
from games.moves import Adjourn, Merge, Offer, Pass
from games.protocols.hall import HallState
from tests.games.protocols.halls import after, opened, three


def ordered(*instructions: Instruction, **protocol: Any) -> HallState:
    """Return the first floor of a hall whose A gets these instructions."""
    game = three(**{"rounds": 4, **protocol})
    mandates = {"A": Mandate(instructions=instructions)}
    return opened(game.model_copy(update={"mandates": mandates}))


def test_a_stand_that_a_new_red_line_rules_out_lapses_whatever_the_text_reads() -> None:
    line = Instruction(round=2, kind="red-line", red_line={"deal": "o3"})
    spoken = after(ordered(line), Offer(3), Offer(1), Offer(0))
    assert [one.outcome for one in spoken.stands if one] == [3, 1, 0]
    told = after(spoken, Merge(1), Adjourn())
    assert told.may_sign(0, 1)
    assert told.stands[0] is None
    assert told.stands[1] is not None
    untabled = after(spoken, Adjourn())
    assert untabled.offer is None
    assert untabled.stands[0] is None


def test_what_may_still_be_signed_stays_what_a_delegation_stands_for() -> None:
    line = Instruction(round=2, kind="red-line", red_line={"deal": "o0"})
    told = after(ordered(line), Offer(3), Pass(), Offer(0), Merge(1), Adjourn())
    assert [None if one is None else one.outcome for one in told.stands] == [3, None, 0]
