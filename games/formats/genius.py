"""Negotiation domains of the Genius platform (ANAC) made into scenarios, what is odd reported.

Parties are P1, P2, … in the order of their profiles, the first a consumer, the others suppliers;
they make alternating offers for 100 rounds, always in the same order, without breakdown.

- Points are 100 × utility: Σ_k w_k · e_k / max e_k with the scaling `issue-max`, which is Genius's
  own; Σ_k w_k · e_k with `raw`, which is what NegMAS reads. A reservation value is 100 × what the
  file says with either. Numbers are computed exactly from the decimals in the files and rounded
  once, to the nearest float.
- Genius's discount factor δ makes an agreement at time t of [0, 1] worth δ^t u. The session's 100
  rounds are that time, so a party's discount is δ^(1/100) a round, of the whole utility
  (`discounting: total`). Genius also discounts the reservation value; here walking away is worth r
  whenever it happens.
- Issues keep their names as labels; their ids are made from them. Items stay text, `18:00` and
  `3` too, unless the domain declares numbers.

Nothing is repaired in silence: every trap that is met is a warning.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePath
from typing import Literal

from pydantic import ValidationError

from games.errors import ScenarioError, UserError, plain, shown
from games.faults import fault_text, place_text
from games.formats.genius_files import (
    GeniusDomain,
    GeniusIssue,
    GeniusProfile,
    read_domain,
    read_profile,
)
from games.formats.genius_traps import traps
from games.formats.numbers import canonical_number, nearest_float
from games.outcomes import Option
from games.scenario import Scenario

Scaling = Literal["issue-max", "raw"]

ROUNDS = 100
"""Rounds of a session over an imported domain."""

LONGEST_ID = 40

NAMELESS = {"", "root", "any"}
"""What tools call an objective that nobody has named."""

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A scenario made of files of another tool, and what is odd about these files."""

    scenario: Scenario
    warnings: tuple[str, ...]
    """One line each, beginning with the file concerned."""


def read_genius(
    domain_text: str,
    profile_texts: Sequence[str],
    names: Sequence[str],
    *,
    scaling: Scaling = "issue-max",
) -> Imported:
    """Return the scenario of a domain and one profile a party.

    Args:
        domain_text: The XML of the domain.
        profile_texts: The XML of each party's profile, at least two.
        names: The names of the files, the domain's first; parties are called by theirs.
        scaling: Whether evaluations are divided by their issue's greatest one, or taken raw.

    Raises:
        UserError: If a file cannot be read, or the files do not belong together.
    """
    domain = read_domain(domain_text, names[0])
    profiles = [
        read_profile(text, name, domain)
        for text, name in zip(profile_texts, names[1:], strict=True)
    ]
    if len(profiles) < 2:
        raise UserError(f"{domain.file}: found {len(profiles)} profiles; expected at least two")
    spelled = _spelled(domain, profiles, scaling)
    try:
        scenario = Scenario.model_validate(spelled)
    except ValidationError as error:
        raise ScenarioError(f"{domain.file}: {_first_problem(error)}") from None
    return Imported(scenario=scenario, warnings=traps(scenario, domain, profiles, scaling))


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    where = place_text(problem["loc"])
    return plain(f"makes no scenario: {where + ': ' if where else ''}{fault_text(problem)}")


def _spelled(
    domain: GeniusDomain, profiles: Sequence[GeniusProfile], scaling: Scaling
) -> dict[str, object]:
    """Return the scenario as a file spells it."""
    stem = PurePath(domain.file).stem
    nameless = domain.title.strip() in NAMELESS
    ids = _ids(domain)
    options = [_options(issue) for issue in domain.issues]
    discounted = any(discount_per_round(profile.discount) < 1 for profile in profiles)
    protocol = {"rounds": ROUNDS, "opens": "fixed"}
    return {
        "minilateral": 1,
        "id": made_id(stem, "domain"),
        "title": (stem or "Genius domain") if nameless else domain.title,
        "protocol": protocol | ({"discounting": "total"} if discounted else {}),
        "issues": {
            name: {"label": issue.name, "options": own}
            for name, issue, own in zip(ids, domain.issues, options, strict=True)
        },
        "parties": {
            f"P{number}": _party(profile, domain, ids, scaling, first=number == 1)
            for number, profile in enumerate(profiles, 1)
        },
        "sources": [
            {
                "id": "genius",
                "title": f"The Genius domain {domain.file}",
                "note": f"scaling {scaling}",
            }
        ],
    }


def _ids(domain: GeniusDomain) -> list[str]:
    """Return the ids of the issues: those that our own files give, or made from the names."""
    given = [issue.id or "" for issue in domain.issues]
    if all(map(_ID.fullmatch, given)) and len(set(given)) == len(given):
        return given
    return issue_ids([issue.name for issue in domain.issues])


def _options(issue: GeniusIssue) -> tuple[Option, ...]:
    numbers = [canonical_number(item) for item in issue.items]
    if issue.numeric and None not in numbers:
        return tuple(number for number in numbers if number is not None)
    return issue.items


def _party(
    profile: GeniusProfile,
    domain: GeniusDomain,
    ids: Sequence[str],
    scaling: Scaling,
    *,
    first: bool,
) -> dict[str, object]:
    return {
        "name": PurePath(profile.file).stem or "party",
        "side": "consumer" if first else "supplier",
        "reservation": nearest_float(100 * (profile.reservation or Fraction(0))),
        "reservation_basis": f"100 times the reservation value in {profile.file}",
        "discount": discount_per_round(profile.discount),
        "points": {
            name: dict(
                zip(issue.items, item_points(profile, domain, position, scaling), strict=True)
            )
            for position, (name, issue) in enumerate(zip(ids, domain.issues, strict=True))
        },
    }


def item_points(
    profile: GeniusProfile, domain: GeniusDomain, position: int, scaling: Scaling
) -> list[float]:
    """Return the points of an issue's items.

    A weight that is not given counts as 1 (as in NegMAS), an evaluation as 0.

    Raises:
        UserError: If all evaluations are 0 or less and some are less: dividing by the greatest
            would turn the order round, or has no meaning.
    """
    weight = profile.weights[position]
    evaluations = [value or Fraction(0) for value in profile.evaluations[position]]
    unit = Fraction(100) if weight is None else 100 * weight
    greatest = max(evaluations)
    if scaling == "issue-max" and any(evaluations):
        if greatest <= 0:
            issue = domain.issues[position].name
            raise UserError(
                f"{profile.file}: the greatest evaluation of the issue {shown(issue)} is "
                f"{nearest_float(greatest):g}; expected one above 0 to divide by "
                "(raw scaling reads it)"
            )
        unit /= greatest
    return [nearest_float(unit * value) for value in evaluations]


def discount_per_round(discount: Fraction | None) -> float:
    """Return what one of a session's rounds leaves of a utility; 0 and None are no discount."""
    return float(discount) ** (1 / ROUNDS) if discount else 1.0


def issue_ids(names: Sequence[str]) -> list[str]:
    """Return an id made from each name, all different."""
    ids: dict[str, None] = {}
    tried: Counter[str] = Counter()
    for name in names:
        base = made_id(name, "issue")
        unique = base
        while unique in ids:
            # From where it was left: many names may make the same id.
            tried[base] += 1
            number = tried[base] + 1
            unique = f"{base[: LONGEST_ID - len(str(number)) - 1]}_{number}"
        ids[unique] = None
    return list(ids)


def made_id(name: str, fallback: str) -> str:
    """Return a name as an id: letters, digits, `_` and `-` of ASCII, a letter first."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    made = re.sub(r"[^A-Za-z0-9_-]+", "_", letters).strip("_-")
    if not made:
        return fallback
    return (made if made[0].isalpha() else f"{fallback}_{made}")[:LONGEST_ID]
