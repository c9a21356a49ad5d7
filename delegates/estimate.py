"""What a session may cost, before a model is asked anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from delegates.connections import Caps, prices
from delegates.contract import view_of
from delegates.minds.menu import ROTATIONS
from delegates.models.budget import cost_cap, cost_usd
from delegates.models.chat import Usage
from delegates.models.prompt import instructions
from delegates.seats import ModelName, SeatSpec
from delegates.settings import Settings
from games.scenario import Scenario
from games.session import start

CHARACTERS_PER_TOKEN = 3.5
"""Of English and JSON with most tokenisers; an estimate, not a bound."""

TYPICAL_REPLY_TOKENS = 250
MOVE_CHARACTERS = 700
"""What one move adds to the record that later prompts repeat."""

VOICE_PROMPT_TOKENS = 280
VOICE_REPLY_TOKENS = 60


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Expected use of a session that runs to its last round."""

    calls: int
    tokens: int
    cost_usd: float | None
    """None where a price is not known."""
    models: tuple[str, ...]
    cap_usd: float | None

    def as_json(self) -> dict[str, object]:
        """Return the estimate as plain JSON values."""
        return {
            "planned": 1,
            "calls": self.calls,
            "tokens": self.tokens,
            "cost_usd": self.cost_usd,
            "cap_usd": self.cap_usd,
        }

    def line(self) -> str:
        """Return the estimate in one line."""
        if not self.models:
            return "No model will be asked; this costs nothing."
        names = ", ".join(self.models)
        use = f"At most about {self.calls} calls and {self.tokens:,} tokens of {names}"
        if self.cost_usd == 0:
            return f"{use}, on this machine: no cost."
        if self.cost_usd is None:
            return f"{use}; its price is not known, and no cap on money holds."
        return f"{use}: about {self.cost_usd:.2f} USD; never more than {self.cap_usd:.2f} USD."


def estimate(
    scenario: Scenario, specs: Mapping[str, SeatSpec], settings: Settings, caps: Caps
) -> Estimate:
    """Return what a session may use if it runs to its last round.

    Raises:
        SettingError: If a cap on money is given but a price is not known.
    """
    known = prices(specs.values(), settings)
    cap = cost_cap(
        settings, {name.model: price for name, price in known.items()}, caps.max_cost_usd
    )
    uses = [use for spec in specs.values() for use in _uses(scenario, spec)]
    costs: list[float | None] = []
    for name, _, usage in uses:
        price = known[name]
        costs.append(None if price is None else cost_usd(price, usage))
    return Estimate(
        calls=sum(calls for _, calls, _ in uses),
        tokens=sum(usage.input + usage.output for _, _, usage in uses),
        cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
        models=tuple(name.model for name in known),
        cap_usd=cap,
    )


def _uses(scenario: Scenario, spec: SeatSpec) -> list[tuple[ModelName, int, Usage]]:
    """Return model, calls and tokens of one seat over all rounds."""
    rounds = scenario.protocol.rounds
    fixed = int(len(instructions(view_of(start(scenario), [], 0))) / CHARACTERS_PER_TOKEN)
    growing = int(
        len(scenario.ids) * rounds * (rounds - 1) / 2 * MOVE_CHARACTERS / CHARACTERS_PER_TOKEN
    )
    uses: list[tuple[ModelName, int, Usage]] = []
    if spec.model is not None:
        asked = ROTATIONS if spec.mind == "menu" else 1
        reply = 2 if spec.mind == "menu" else TYPICAL_REPLY_TOKENS
        usage = Usage(input=asked * (rounds * fixed + growing), output=asked * rounds * reply)
        uses.append((spec.model, asked * rounds, usage))
    if spec.voice_model is not None:
        usage = Usage(input=rounds * VOICE_PROMPT_TOKENS, output=rounds * VOICE_REPLY_TOKENS)
        uses.append((spec.voice_model, rounds, usage))
    return uses
