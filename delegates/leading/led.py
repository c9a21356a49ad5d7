"""A session that somebody leads: what the lead has ordered is done between its moves.

Nothing is done between a question to a model and the move it leads to: a session that is resumed
there asks the very same question again, so what the seat knows must not have changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from delegates.contract import ScriptedMind
from delegates.leading.lead import GIVEN_BACK, Lead
from delegates.persons.person import (
    Answer,
    AskAdvice,
    GuessAgain,
    HandOver,
    HaveStrike,
    Person,
    PersonMove,
)
from delegates.table import Table
from transcripts.events import HandedOver


@contextmanager
def steered(table: Table) -> Generator[None]:
    """Let whoever leads the exercise, if anybody does, steer a table for as long as it is played in
    the running event loop."""
    lead = table.lead
    if lead is None:
        yield
        return
    people = [party for party, own in table.delegates.items() if own.spec.is_awaited]
    table.timer = lead.timer
    with lead.leading(table.folded, people):
        yield


async def obey(table: Table, lead: Lead) -> None:
    """Do what was ordered before the next move, and wait while the session is paused.

    Who has the next move of their own is asked even in a pause: they can look and write. A move
    that is made by rule waits as long besides as the lead lets each move be looked at.
    """
    pace: asyncio.Task[None] | None = None
    try:
        while table.is_between_moves:
            news = lead.news
            _strike_due(table, lead)
            _pass_seat(table, lead)
            if table.is_own_turn:
                return
            if pace is None and _is_by_rule(table, lead):
                pace = asyncio.ensure_future(lead.timer.sleep(lead.pace_s))
            if lead.is_paused or (pace is not None and not pace.done()):
                await _first(news.wait(), pace)
                continue
            table.ask_back(held=table.folded.state.party in lead.held)
            # Asking may take a little, and what was ordered meanwhile comes before the move.
            if not lead.has_order(table.folded):
                return
    finally:
        await _drop(pace)


async def answer_led(table: Table, lead: Lead, person: Person) -> Answer | None:
    """Return what the person to move answers, once it can be taken; None if the seat is handed over
    by order meanwhile.

    A shock that strikes meanwhile has them asked again, and what they had sent is shown to them.
    What moves nothing is taken in a pause as well.

    Raises:
        Paused: If the person leaves for now.
    """
    party = table.folded.state.party
    asking: asyncio.Task[Answer] | None = None
    try:
        while True:
            news = lead.news
            has_struck = _strike_due(table, lead)
            answer = asking.result() if asking is not None and asking.done() else None
            if isinstance(answer, GuessAgain | AskAdvice | HaveStrike):
                return answer
            if isinstance(answer, PersonMove):
                table.sent = (table.folded.state.turn, answer)
            if party in lead.held:
                return None
            if has_struck and not isinstance(answer, HandOver):
                await _drop(asking)
                asking = answer = None
            if answer is not None and not lead.is_paused:
                return answer
            if asking is None:
                asking = asyncio.ensure_future(table.ask_person(person))
            await _first(news.wait(), asking)
    finally:
        await _drop(asking)


def _strike_due(table: Table, lead: Lead) -> bool:
    """Have strike what was ordered to; return whether anything did."""
    due = lead.due(table.folded.state)
    for shock in due:
        table.inject(shock)
    return bool(due)


def _pass_seat(table: Table, lead: Lead) -> None:
    """Put on record that the seat to move passes to its stand-in, or back, as was ordered."""
    state, party = table.folded.state, table.folded.state.party
    holds, reason = table.folded.stand_ins.get(party), lead.held.get(party)
    if reason is not None:
        if holds is None or holds.turns is not None or holds.reason != reason:
            table.record(
                HandedOver(turn=state.turn, party=party, to="stand-in", reason=reason),
                durable=True,
            )
    elif holds is not None and lead.is_returned(party):
        table.record(
            HandedOver(turn=state.turn, party=party, to="person", reason=GIVEN_BACK), durable=True
        )


def _is_by_rule(table: Table, lead: Lead) -> bool:
    """Return whether the next move is made at once; a stand-in that its person let move waits for
    the person itself."""
    if table.mover.scripted:
        return True
    own = table.mover
    return (
        table.folded.state.party in lead.held
        and isinstance(own.mind, ScriptedMind)
        and own.spec.voice_model is None
    )


async def _first(waiting: Any, beside: asyncio.Task[Any] | None) -> None:
    """Wait until one of two is done; the first is dropped then."""
    news = asyncio.ensure_future(waiting)
    tasks = {news} if beside is None or beside.done() else {news, beside}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _drop(news)


async def _drop(task: asyncio.Task[Any] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
