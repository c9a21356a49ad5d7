"""The scenario `ministerial`, every number of it put in by formula.

Run as a module, it writes the numbers into `games/scenarios/ministerial.yaml` and leaves the words
as they are. The formulas are explained in docs/scenarios/ministerial.md.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.games.scenarios_made.ministerial_figures import DELEGATIONS
from tests.games.scenarios_made.ministerial_points import (
    AUDIENCE,
    DEPTH,
    HOST,
    OPTIONS,
    QUARREL,
    halves,
    need,
    points,
    stakes,
)
from tests.games.scenarios_made.ministerial_politics import (
    CUT,
    MEASURES,
    SQUEEZE,
    alternatives,
    dependence,
    fund,
    participation,
    side_deal,
    trust,
    weight,
)


def mind(party: str) -> str:
    """Return the scripted mind that takes a delegation's seat by default."""
    own = DELEGATIONS[party]
    if own.sensitivity >= 0.8 or (own.supply >= 10 and party != HOST):
        return "boulware"
    if need(own) >= 0.5 and own.supply < 5:
        return "conceder"
    return "linear"


def concerns(party: str) -> list[str]:
    """Return the three issues in which a delegation has most at stake, the first first."""
    at_stake = stakes(party)
    return sorted(at_stake, key=lambda issue: -at_stake[issue])[:3]


SIDES = {"host": "consumer", "financier": "mixed"}
DISCOUNT = 0.99
"""What a gain is worth to a delegation one round of talks later."""

NEUTRAL = {"form": "binding agreement", "floor": "floor with tariffs"}
SILENT = {"form": "binding agreement", "greenland": "silent"}
ORE_ONLY = {"form": "binding agreement", "processing": "0"}
RED_LINES: dict[str, list[dict[str, str]]] = {
    HOST: [{"greenland": "explicit"}, {"form": "binding agreement", "fund": "30000"}],
    "COD": [{"form": "binding agreement", "floor": "none"}],
    **{party: [NEUTRAL] for party in ("BHR", "IND", "KAZ", "MNG", "OMN", "PAK", "PER", "SGP")},
    **{party: [ORE_ONLY] for party in ("GIN", "ZMB")},
    **{party: [SILENT] for party, own in DELEGATIONS.items() if own.sensitivity >= 0.8},
}
"""What a delegation may never sign; by judgement."""


def delegation(party: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the scenario says of a delegation, the words given."""
    own = DELEGATIONS[party]
    written: dict[str, Any] = {
        "name": own.name,
        **({"also": words["also"]} if "also" in words else {}),
        "side": SIDES.get(own.role, own.role),
        "weight": weight(party),
        "interests": words["interests"],
        "brief": words["brief"],
        "reservation_basis": "Judgement: its best alternative at China's share of the market.",
        "alternatives": alternatives(party),
        "concerns": concerns(party),
        "discount": DISCOUNT,
    }
    if party in RED_LINES:
        written["red_lines"] = RED_LINES[party]
    return {**written, "points": points(party)}


def with_numbers(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scenario file's values with every number that follows from a formula put in."""
    made = dict(scenario)
    made["parties"] = {
        party: delegation(party, scenario["parties"][party]) for party in DELEGATIONS
    }
    weights = {party: weight(party) for party in DELEGATIONS}
    agreement = {**scenario["protocol"]["agreement"], "weights": weights}
    made["protocol"] = {**scenario["protocol"], "agreement": agreement}
    made["seats"] = {party: mind(party) for party in DELEGATIONS}
    made["dispute"] = {
        "level": {"issue": "greenland", "values": by_option("greenland", QUARREL)},
        "depth": {"issue": "form", "values": by_option("form", DEPTH)},
        "audience_cost": {
            party: halves(AUDIENCE * own.sensitivity)
            for party, own in DELEGATIONS.items()
            if own.sensitivity
        },
    }
    made["outside"] = {
        **scenario["outside"],
        "price_cut": {"issue": "floor", "values": by_option("floor", CUT)},
        "squeeze": {"issue": "form", "values": by_option("form", SQUEEZE)},
        "dependence": {party: dependence(party) for party in DELEGATIONS},
    }
    made["commitments"] = {
        **scenario["commitments"],
        "patience": {party: own.patience for party, own in DELEGATIONS.items()},
    }
    made["trust"] = {party: trust(party) for party in DELEGATIONS}
    made["participation"] = participation()
    made["statecraft"] = {**scenario["statecraft"], "measures": measures(scenario)}
    made["side_deals"] = {
        f"USA-{party}": side_deal(party)
        for party, own in DELEGATIONS.items()
        if own.instrument == "that day"
    }
    made["fund"] = {**scenario["fund"], **fund()}
    return made


def measures(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """Return the threats and promises of a scenario file with their effects put in."""
    return {
        name: {
            **measure,
            "effect": {to: MEASURES[name](DELEGATIONS[to]) for to in measure["towards"]},
        }
        for name, measure in scenario["statecraft"]["measures"].items()
    }


def by_option(issue: str, values: Sequence[float]) -> dict[int | str, float]:
    """Return figures by the option of an issue that they belong to."""
    return dict(zip(OPTIONS[issue], values, strict=True))


FILE = Path(__file__).resolve().parents[3] / "games" / "scenarios" / "ministerial.yaml"
HEAD = """\
# Numbers follow from the formulas of docs/scenarios/ministerial.md and are put in by
# `python -m tests.games.scenarios_made.ministerial`, which leaves the words as they are.
"""
ORDER = (
    "minilateral",
    "id",
    "title",
    "level",
    "date",
    "setting",
    "protocol",
    "issues",
    "parties",
    "seats",
    "dispute",
    "market",
    "outside",
    "statecraft",
    "side_deals",
    "commitments",
    "trust",
    "participation",
    "fund",
    "sources",
)


class Writer(yaml.SafeDumper):
    """Writes long texts folded, and what holds no other collection on one line."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def written_text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = ">" if len(text) > 72 else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style)


def written_float(writer: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    return writer.represent_scalar(
        "tag:yaml.org,2002:float", f"{value:.10g}" if value % 1 else f"{value:.1f}"
    )


Writer.add_representer(str, written_text)
Writer.add_representer(float, written_float)


def write(scenario: Mapping[str, Any]) -> None:
    """Write a scenario file's values, with the numbers put in, to their place."""
    made = with_numbers(scenario)
    text = yaml.dump(
        {name: made[name] for name in ORDER},
        Dumper=Writer,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100,
    )
    FILE.write_text(HEAD + text, encoding="utf-8")


def read() -> dict[str, Any]:
    """Return the values of the scenario file."""
    values = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {**values, "date": str(values["date"])}


if __name__ == "__main__":
    write(read())
