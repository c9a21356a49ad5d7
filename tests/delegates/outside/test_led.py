"""An outside agent in a session that somebody leads: its move is taken, or it is told why not."""

import asyncio
import json
from collections.abc import Callable

from delegates.leading.lead import HANDED_OVER
from delegates.outside.reading import move_given
from delegates.outside.seat import OutsideSeat, Verdict
from delegates.persons.person import PersonMove, Turn
from games.moves import Offer
from tests.delegates.sessions import view_at
from tests.games.eventful import eventful
from tests.games.happenings.test_happening import LOW
from transcripts.events import HandedOver

OFFER = json.dumps(
    {"turn": 0, "act": "offer", "outcome": {"tonnes": 3000, "floor": "low"}, "words": "We open."}
).encode()


async def sent_again(then: Callable[[OutsideSeat], object]) -> Verdict:
    """Return what became of a move that was not taken; the seat is asked again, and answers."""
    seat = OutsideSeat("A")
    turn = Turn(view=view_at(eventful()))
    asking = asyncio.ensure_future(seat.move(turn))
    await asyncio.sleep(0)
    sent = asyncio.ensure_future(seat.answered(lambda: move_given(json.loads(OFFER))))
    await asking
    then(seat)
    again = asyncio.ensure_future(seat.move(turn))
    verdict = await sent
    second = asyncio.ensure_future(seat.answered(lambda: move_given(json.loads(OFFER))))
    assert await again == PersonMove(Offer(LOW), "We open.")
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    return verdict


def test_a_move_sent_before_a_shock_struck_is_refused_and_another_is_taken() -> None:
    verdict = asyncio.run(sent_again(lambda _: None))
    assert verdict.kind == "not-awaited"
    assert verdict.line == (
        "turn: something has happened in 0 since; ask for it again, and move anew"
    )


def test_a_move_sent_before_the_seat_was_handed_over_is_refused_with_the_reason() -> None:
    def handed(reason: str) -> Callable[[OutsideSeat], object]:
        event = HandedOver(turn=0, party="A", to="stand-in", reason=reason)
        return lambda seat: seat.hear(event)

    by_order = asyncio.run(sent_again(handed(HANDED_OVER)))
    assert by_order.line == f"turn: 0 is over, as {HANDED_OVER}; the stand-in moves"
    late = asyncio.run(sent_again(handed("time ran out after 30 s")))
    assert late.line == "turn: 0 is over, as time ran out; the stand-in moves"
