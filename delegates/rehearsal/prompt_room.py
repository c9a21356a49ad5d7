"""Whether what models would be told of a scenario fits into what they can read.

The prompts are the real ones, of a session that no model plays (`rehearsal`); their tokens are
estimated (`models.tokens`). The party with the longest private text stands for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from delegates.models.local import SLOT_TOKENS
from delegates.models.tokens import tokens_in
from delegates.rehearsal.hall import rehearse_hall
from delegates.rehearsal.turns import rehearse
from delegates.seats import parse_seat
from games.lint.finding import Finding
from games.protocols.hall import is_hall
from games.utility import is_tabled

if TYPE_CHECKING:
    from games.scenario import Scenario

COMMON_TOKENS = 32_768
"""What most models that are offered today can read at once, at the least."""

MOST_ROUNDS = 40
"""Rounds that are rehearsed; later prompts leave the oldest words out."""

_LED = "firm+llm:local"
_CHOSEN = "menu:local+llm:local"
_FREE = "llm:local"


@dataclass(frozen=True, kw_only=True)
class PromptRoom:
    """The longest prompts of a scenario, answers included, in tokens."""

    party: str
    """Who is told most."""
    worded: int
    """Where code decides, or the model chooses from a menu, and a small model words it."""
    decided: int
    """Where a model decides freely."""


def prompt_room(scenario: Scenario) -> PromptRoom | None:
    """Return the longest prompts of a scenario; None where it cannot be played for its size."""
    if not is_tabled(scenario):
        return None
    party = max(scenario.ids, key=lambda name: _private_tokens(scenario, name))
    short = _shortened(scenario)
    return PromptRoom(
        party=party,
        worded=max(_longest(short, party, spec) for spec in (_LED, _CHOSEN)),
        decided=_longest(short, party, _FREE),
    )


def _shortened(scenario: Scenario) -> Scenario:
    protocol = scenario.protocol
    if protocol.rounds <= MOST_ROUNDS:
        return scenario
    fewer = protocol.model_copy(update={"rounds": MOST_ROUNDS, "deadline": None})
    return scenario.model_copy(update={"protocol": fewer})


def _private_tokens(scenario: Scenario, party: str) -> int:
    own = scenario.parties[party]
    return tokens_in(own.brief) + tokens_in(own.interests) + tokens_in(str((own.points, own.links)))


def _longest(scenario: Scenario, party: str, spec: str) -> int:
    """Return the tokens of the longest prompt of one seat and the answer it leaves room for."""
    specs = {name: parse_seat(spec if name == party else "firm", "") for name in scenario.ids}
    if is_hall(scenario):
        asked, _ = rehearse_hall(scenario, specs)
    else:
        asked = rehearse(scenario, specs, is_smooth=True)
    return max((one.input + one.most_output for one in asked), default=0)


def prompt_findings(scenario: Scenario, room: PromptRoom | None) -> Iterator[Finding]:
    """Yield the models that could not read what they would be told."""
    if room is None:
        return
    where, own = f"parties.{room.party}", scenario.parties[room.party]
    parts = (
        f"Of that the setting takes about {tokens_in(scenario.setting):,}, its brief "
        f"{tokens_in(own.brief):,}."
    )
    if room.worded > SLOT_TOKENS:
        yield Finding(
            where,
            f"the embedded model reads {SLOT_TOKENS:,} tokens; what it is given to word a move "
            f"takes about {room.worded:,}",
            "It cannot even put moves into words: shorten title, names and labels.",
        )
    if room.decided > COMMON_TOKENS:
        yield Finding(
            where,
            f"a model that decides is told about {room.decided:,} tokens, more than the "
            f"{COMMON_TOKENS:,} that many models can read",
            f"Such models fail or forget how it began: shorten the texts. {parts}",
        )
    elif room.decided > SLOT_TOKENS:
        yield Finding(
            where,
            f"a model that decides is told up to about {room.decided:,} tokens, the embedded one "
            f"reads {SLOT_TOKENS:,}",
            "Do not seat it as llm:local; it words moves as in firm+llm:local, or chooses them as "
            f"in menu:local. Larger models can decide. {parts}",
            "note",
        )
