"""How the time of a scripted forum grows with its delegations and rounds.

Run from the root of the repository: python -m benchmarks.forum_speed [--runs N]

Delegations of the bundled ministerial, the chair among them, play a forum of 5, 10 and 20 rounds
with breakouts, caucuses, side deals, threats, the fund and signatures, through the public
`negotiate`; every seat follows the same rule. Sizes and lengths are timed in turn, in one process,
by its own processor time: on shared cores a long session is interrupted more often than a short
one. Time must not grow faster than delegations × rounds: the last column but one is the time of a
delegation in a round against that of the smallest and shortest forum, which is 1.
"""

import argparse
import gc
from functools import cache
from statistics import median
from time import process_time
from typing import Any, cast

from delegates import negotiate
from games.scenario import Scenario, load_scenario

DELEGATIONS = (14, 27, 54)
ROUNDS = (5, 10, 20)
MIND = "linear"

FIRST = ("USA", "EUE", "JPN", "COD")
"""Delegations that every size has: the chair and those who must deliver."""


@cache
def forum(delegations: int, rounds: int) -> Scenario:
    """Return the ministerial among some of its delegations, with so many rounds.

    Under unanimity the text is open to the last round, so that all of them are played.
    """
    whole = load_scenario("ministerial")
    others = [name for name in whole.ids if name not in FIRST]
    kept = {*FIRST, *others[: delegations - len(FIRST)]}
    values = cast("dict[str, Any]", _among(kept, {*whole.ids}, whole.model_dump(by_alias=True)))
    values["protocol"] |= {
        "rounds": rounds,
        "deadline": None,
        "extension": 0,
        "agreement": "unanimity",
    }
    values["side_deals"] = {
        name: deal for name, deal in values["side_deals"].items() if len(deal["parties"]) == 2
    }
    craft = values["statecraft"]
    craft["measures"] = {name: one for name, one in craft["measures"].items() if one["effect"]}
    return Scenario.model_validate(values)


def _among(kept: set[str], everyone: set[str], value: object) -> object:
    """Return a scenario's values without what they say of parties that are not kept."""
    absent = everyone - kept
    if isinstance(value, dict):
        found = cast("dict[str, object]", value)
        return {
            name: _among(kept, everyone, one) for name, one in found.items() if name not in absent
        }
    if isinstance(value, list | tuple):
        listed = cast("list[object]", value)
        return [_among(kept, everyone, one) for one in listed if str(one) not in absent]
    return value


def seconds(delegations: int, rounds: int, seed: int) -> float:
    """Return the processor time of a session, its scenario having been played before."""
    scenario = forum(delegations, rounds)
    gc.collect()
    started = process_time()
    record = negotiate(scenario, dict.fromkeys(scenario.ids, MIND), seed=seed)
    passed = process_time() - started
    if record.state.rounds_begun != rounds:
        raise SystemExit(
            f"{delegations} delegations: {record.state.rounds_begun} of {rounds} rounds"
        )
    return passed


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time scripted forums of growing size.")
    parser.add_argument("--runs", type=int, default=5, help="timed sessions a row (default 5)")
    runs = parser.parse_args().runs
    sizes = [(delegations, rounds) for delegations in DELEGATIONS for rounds in ROUNDS]
    for size in sizes:
        seconds(*size, seed=0)  # utility tables and rankings are made once
    taken: dict[tuple[int, int], list[float]] = {size: [] for size in sizes}
    for seed in range(1, runs + 1):
        for size in sizes:
            taken[size].append(seconds(*size, seed=seed))
    print(f"a forum of scripted delegations ({MIND}), medians of {runs}")
    print(
        f"{'delegations':>12}{'rounds':>8}{'ms':>10}{'ms a delegation and round':>28}{'ratio':>8}"
        f"{'limit':>8}"
    )
    first = median(taken[sizes[0]]) / (sizes[0][0] * sizes[0][1])
    for delegations, rounds in sizes:
        passed = median(taken[delegations, rounds])
        each = passed / (delegations * rounds)
        print(
            f"{delegations:12}{rounds:8}{passed * 1e3:10.0f}{each * 1e3:28.3f}{each / first:8.2f}"
            f"{1:8}",
            flush=True,
        )


if __name__ == "__main__":
    main()
