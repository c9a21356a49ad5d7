"""Writes the golden playthroughs anew.

Run from the root of the repository: python -m tests.games.playthroughs.write [NAME …]
"""

import sys
from pathlib import Path

from games.parts.aftermath import Participation
from games.scenario import Scenario, bundled_scenarios, load_scenario
from tests.games.playthroughs.told import told

FOLDER = Path(__file__).parent

MORE = ("nickel-hub.plenary", "price-floor-club.forum")
"""Scenarios under another protocol than their own."""


def files() -> list[str]:
    """Return the names of all playthroughs: a scenario's, and what protocol it is played by."""
    own = [f"{name}.{load_scenario(name).protocol.kind}" for name in bundled_scenarios()]
    return [*own, *(name for name in MORE if name not in own)]


def scenario_of(name: str) -> Scenario:
    """Return what a playthrough plays."""
    scenario, _, kind = name.partition(".")
    game = load_scenario(scenario)
    if kind == game.protocol.kind:
        return game
    signed = game.participation or (Participation(kappa=0.25) if kind == "forum" else None)
    return game.model_copy(
        update={
            "protocol": game.protocol.model_copy(update={"kind": kind}),
            "participation": signed,
        }
    )


def main() -> None:
    """Write those that are named, or all, and then remove what is played no longer."""
    if not sys.argv[1:]:
        for path in FOLDER.glob("*.txt"):
            path.unlink()
    for name in sys.argv[1:] or files():
        (FOLDER / f"{name}.txt").write_text(told(scenario_of(name)), encoding="utf-8")


if __name__ == "__main__":
    main()
