"""Sessions played for how they end, with who sits there drawn by the seed; nothing is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from delegates.contract import PublicMove
from delegates.seating import scripted_mind
from delegates.seats import parse_seat
from delegates.views import view_of
from games.outcomes import option_text
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import HallState
from games.protocols.settlement import is_in_force
from games.protocols.stages import is_signed
from games.scenario import Scenario
from games.session import State, start, step

STRATEGIES = ("boulware", "linear", "conceder")
"""Who may sit in a seat: those who go by the clock alone, so that nothing else differs."""


def seated(scenario: Scenario, seed: int) -> dict[str, str]:
    """Return who sits for each party in the session of a seed, the same in every variant."""
    lots = Random(f"{seed}/seats")
    return {party: lots.choice(STRATEGIES) for party in scenario.ids}


def played(scenario: Scenario, seed: int) -> State:
    """Return how the session of a seed ends; nothing is recorded."""
    seats = seated(scenario, seed)
    minds = [scripted_mind(parse_seat(seats[party])) for party in scenario.ids]
    state, said = start(scenario, seed), list[PublicMove]()
    while state.is_open:
        mind = minds[state.mover]
        move = act_by_rule(
            state, lambda state=state, mind=mind: mind.choose(view_of(state, said, seed))
        )
        if not isinstance(state, HallState):
            said.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)
    return state


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How one session ended, as far as its findings go."""

    agreed: bool
    """Whether a text was adopted, or an offer accepted."""
    in_force: bool | None = None
    """Whether the text binds anyone; None where texts are not signed."""
    binding: float = 0.0
    """Share of the delegations that signed so."""
    declaratory: float = 0.0
    text: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of a hall, the text that was adopted: issue label → option."""

    @property
    def out(self) -> float:
        """Share of the delegations that signed nothing."""
        return 1 - self.binding - self.declaratory

    @property
    def found(self) -> dict[str, str]:
        """What is found, by what it is about."""
        adopted = {f"text adopted: {label}": option for label, option in self.text.items()}
        if self.in_force is None:
            end = "ends in agreement" if self.agreed else "ends without agreement"
            return {"session": end, **adopted}
        most = "more than half declare" if self.declaratory > 0.5 else "no more than half declare"
        force = "a text in force" if self.in_force else "no text in force"
        end = {"who declares": most, "in force": force, "ending": f"{most}, {force}"}
        return {**end, **adopted}


def ending(state: State) -> Ending:
    """Return how a session ended."""
    agreed = state.agreement
    if not isinstance(state, HallState):
        return Ending(agreed=agreed is not None)
    issues, settled = state.scenario.issues, {}
    if agreed is not None:
        settled = state.scenario.space.outcome(agreed)
    text = {
        issue.label: option_text(settled[name]) if settled else "none"
        for name, issue in issues.items()
    }
    if not is_signed(state.scenario):
        return Ending(agreed=agreed is not None, text=text)
    binding, declaratory = (
        sum(one == how for one in state.signatures) / len(state.signatures)
        for how in ("binding", "declaratory")
    )
    return Ending(
        agreed=agreed is not None,
        in_force=is_in_force(state),
        binding=binding,
        declaratory=declaratory,
        text=text,
    )
