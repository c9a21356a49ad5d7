"""Plays a session against faulty models to its end, and holds its counts against the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from delegates import negotiate, resume
from delegates.connections import Caps
from delegates.models.client import RetryPolicy
from games.errors import CapReached, ProviderError
from games.scenario import Scenario
from tests.delegates.faults.faulty import LASTING, PASSING, Faulty, decisions
from tests.delegates.sessions import events_of, mini, settings_at
from tests.support.openai_stub import OpenAIStub
from transcripts import SessionRecord, verify
from transcripts.events import Failed, MoveMade

ATTEMPT_S = 2.0
"""How long an attempt may take, as a rule."""

MORE_S = 0.8
"""By how much longer a slow server takes."""

MOST_STOPS = 6
"""How often a session may stop before its provider recovers."""

MINDS = ("llm", "llm(guard=enforce)", "llm(guard=off)", "menu", "firm", "tit-for-tat")
PRICES = (
    '[prices."m-USA"]\ninput = 1.0\noutput = 4.0\n[prices."m-COD"]\ninput = 1.0\noutput = 4.0\n'
)


def hurry(patch: pytest.MonkeyPatch, attempt_s: float = ATTEMPT_S) -> None:
    """Let attempts time out soon, and be made again within fractions of a second.

    Args:
        patch: Undoes it.
        attempt_s: How long an attempt may take; the server is slow by more than that.
    """
    patch.setattr("tests.delegates.faults.faulty.SLOW_S", attempt_s + MORE_S)
    patch.setattr("delegates.models.client._FIRST_WAIT_S", 0.005)
    patch.setattr("delegates.models.client._LONGEST_WAIT_S", 0.05)
    quick = partial(RetryPolicy, own_machine_timeout_s=attempt_s)
    patch.setattr("delegates.connections.RetryPolicy", quick)


def guarded(rounds: int) -> Scenario:
    """Return the small game with a red line for either party."""
    plain: dict[str, Any] = mini(rounds=rounds).model_dump(mode="json", by_alias=True)
    plain["parties"]["USA"]["red_lines"] = [{"volume": "1", "rail": "no rail"}]
    plain["parties"]["COD"]["red_lines"] = [{"volume": "4", "price": "10"}]
    return Scenario.model_validate(plain)


def seats_by_lot(random: Random) -> dict[str, str]:
    """Return two seats, at least one of which asks a model."""
    seats: dict[str, str] = {}
    for party in ("USA", "COD"):
        mind = random.choice(MINDS)
        asks = mind.startswith(("llm", "menu"))
        voice = random.choice(["", f"+llm:m-{party}"])
        seats[party] = f"{mind}:m-{party}{voice}" if asks else f"{mind}{voice}"
    if not any("m-" in seat for seat in seats.values()):
        seats["USA"] = "llm:m-USA"
    return seats


@dataclass
class Story:
    """How a session went, stops and all."""

    record: SessionRecord
    path: Path
    stops: list[str] = field(default_factory=list[str])
    """Why it stopped before its end, each time."""


def play(
    faulty: Faulty,
    seats: Mapping[str, str],
    home: Path,
    *,
    seed: int,
    caps: Caps | None = None,
    server: OpenAIStub | None = None,
) -> Story:
    """Play a session, resuming it whenever it stops; a provider that never mends is mended.

    Nothing but a provider's failure or a cap may stop it.

    Args:
        faulty: What the models answer.
        seats: Party → seat.
        home: The user's folder.
        seed: Of the session.
        caps: At first; when it is resumed there are none but for the retry budget.
        server: Serves many sessions, one after the other; by default one of its own.
    """
    home.mkdir(exist_ok=True)
    faulty.unheard = frozenset(party for party, seat in seats.items() if "+llm" in seat)
    path = home / f"{seed}.jsonl"
    first = caps or Caps(retry_budget_s=1.0)
    stops: list[str] = []
    with nullcontext(server) if server else OpenAIStub(faulty) as serving:
        serving.answer = faulty
        settings = settings_at(serving.url, PRICES, home=home)
        while True:
            faulty.healthy = faulty.healthy or len(stops) >= MOST_STOPS
            try:
                if path.exists():
                    record = resume(path, settings=settings, caps=Caps(retry_budget_s=1.0))
                else:
                    record = negotiate(
                        faulty.scenario, seats, seed=seed, transcript=path, settings=settings,
                        caps=first,
                    )  # fmt: skip
            except (ProviderError, CapReached) as stop:
                stops.append(type(stop).__name__)
                found = verify(path)
                assert found.ok, found.problems
                assert not found.complete
                if len(stops) > MOST_STOPS:
                    pytest.fail(f"stopped {len(stops)} times, though all is well: {stop}")
            else:
                return Story(record, path, stops)


def check(story: Story, faulty: Faulty) -> None:
    """Hold a finished session against the ledger of what was done to it."""
    found = verify(story.path)
    assert found.ok, found.problems
    assert found.complete
    events = events_of(story.path)
    for party in faulty.scenario.ids:
        seat = story.record.seats[party]
        ended = [event for event in events if isinstance(event, Failed) and event.party == party]
        given = faulty.faults(party)
        low = given.pop("below-reservation", 0)
        told = dict(seat.unusable)
        told.pop("below-reservation", 0)
        assert told == dict(given), (party, told, dict(given))
        assert seat.retries + len(ended) == sum(faulty.failures(party).values()), party
        assert seat.model_calls == len(faulty.replies(party)), party
        assert seat.below_reservation + seat.unusable.get("below-reservation", 0) == low, party
    _check_fallbacks(story, faulty, [event for event in events if isinstance(event, MoveMade)])


def _check_fallbacks(story: Story, faulty: Faulty, moves: list[MoveMade]) -> None:
    for party in faulty.scenario.ids:
        own = [move for move in moves if move.party == party]
        replies = [given for given in faulty.replies(party) if given.purpose == "decide"]
        if not replies or any(one.model_fault == "below-reservation" for one in replies):
            continue
        expected = list(decisions(replies))
        assert [move.fallback is not None for move in own] == [one.falls_back for one in expected]


def mixed(
    seed: int,
    home: Path,
    server: OpenAIStub | None = None,
    game: Callable[[int], Scenario] = guarded,
) -> list[str]:
    """Play a session in which everything goes wrong by lot, and return why it stopped.

    Args:
        seed: Draws the lots.
        home: The user's folder.
        server: Serves many sessions, one after the other; by default one of its own.
        game: Returns the scenario of so many rounds.
    """
    random = Random(f"mixed/{seed}")
    faulty = Faulty(
        game(random.randint(1, 4)),
        seed,
        provider_faults=[*PASSING, *(LASTING if random.random() < 0.3 else ())],
        model_rate=random.choice([0.1, 0.4, 0.9]),
        provider_rate=random.choice([0.0, 0.1, 0.3]),
    )
    story = play(faulty, seats_by_lot(random), home, seed=seed, server=server)
    check(story, faulty)
    return story.stops
