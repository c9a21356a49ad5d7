"""What seats are asked after an attempt was said: prompts alone, without a session around them."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from delegates.contract import View
from delegates.minds.menu import candidates, menu_messages
from delegates.models.chat import Message
from delegates.models.prompt import decision_messages, decision_schema
from games.session import Move, Offer
from tests.delegates.injection.sessions import GAME, GOOD_DAY, SPEAKER
from tests.delegates.sessions import view_at

NORTH, SOUTH, EAST = (
    Offer(GAME.space.index({"route": route, "volume": volume}))
    for route, volume in (("north", "3"), ("south", "1"), ("east", "1"))
)
ROUND = [NORTH, SOUTH, EAST]


def listening(parts: Sequence[str], moves: Sequence[Move]) -> View:
    """Return a view of talks in which DR Congo says some words, a part a round."""
    view = view_at(GAME, moves)
    heard = [
        seen._replace(words=parts[seen.round] if seen.party == SPEAKER else GOOD_DAY[0])
        for seen in view.history
    ]
    return dataclasses.replace(view, history=heard)


def asked(view: View) -> dict[str, Any]:
    """Return a question to an `llm` seat as it goes out."""
    schema = {"schema": decision_schema(view).json}
    return {
        "messages": plain(decision_messages(view, [])),
        "response_format": {"json_schema": schema},
    }


def asked_of_menu(view: View) -> dict[str, Any]:
    """Return a question to a `menu` seat as it goes out."""
    menu = candidates(view)
    return {"messages": plain(menu_messages(view, menu, range(len(menu))))}


def plain(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [dataclasses.asdict(message) for message in messages]


QUESTIONS: tuple[tuple[Callable[[View], dict[str, Any]], list[Move]], ...] = (
    (asked, [NORTH]),
    (asked_of_menu, [NORTH, SOUTH]),
)
"""What each seat is asked in the first round, and after which moves."""


def questions(parts: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return what is asked after the last part was said."""
    before: list[Move] = [*ROUND * (len(parts) - 1)]
    return [ask(listening(parts, before + moves)) for ask, moves in QUESTIONS]
