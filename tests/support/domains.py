"""Scenarios for tests: small ones by hand, random ones by seed, any by hypothesis."""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import product
from operator import mul
from random import Random
from typing import Any

from hypothesis import strategies as st

from games.outcomes import OutcomeSpace, option_text
from games.scenario import Scenario

SIDES = ("consumer", "supplier")


def party(
    points: Mapping[str, Mapping[str, float]], reservation: float = 0.0, **more: Any
) -> dict[str, Any]:
    """Return a party as a scenario file spells it."""
    return {
        "name": "A party",
        "side": "consumer",
        "points": points,
        "reservation": reservation,
        **more,
    }


def scenario(
    issues: Mapping[str, Any], parties: Mapping[str, dict[str, Any]], **more: Any
) -> Scenario:
    """Return a scenario; an issue may be given as its options alone."""
    spelled = {
        name: issue if isinstance(issue, dict) else {"label": name, "options": issue}
        for name, issue in issues.items()
    }
    return Scenario.model_validate(
        {
            "minilateral": 1,
            "id": "test",
            "title": "A test",
            "issues": spelled,
            "parties": parties,
            **more,
        }
    )


def listed(
    utilities: Mapping[str, Sequence[float]],
    reservations: Mapping[str, float] | None = None,
    parties: Mapping[str, dict[str, Any]] | None = None,
    **more: Any,
) -> Scenario:
    """Return a scenario with one issue whose option k is worth `utilities[party][k]`.

    Consumers and suppliers take turns; `parties` adds to a party's details.
    """
    size = len(next(iter(utilities.values())))
    options = [f"o{number}" for number in range(size)]
    return scenario(
        {"deal": options},
        {
            name: party(
                {"deal": dict(zip(options, values, strict=True))},
                (reservations or {}).get(name, 0.0),
                **{"side": SIDES[number % 2], **(parties or {}).get(name, {})},
            )
            for number, (name, values) in enumerate(utilities.items())
        },
        **more,
    )


def random_scenario(
    seed: int,
    *,
    parties: int = 2,
    outcomes: tuple[int, int] = (10, 1000),
    rounds: tuple[int, int] = (5, 100),
    scale: float = 1.0,
    tied: bool = False,
) -> Scenario:
    """Return a random additive scenario in which a fixed order of parties offers in turn.

    Utilities are sums without rounding, so nothing hangs on how a Python adds floats up (since 3.12
    `sum` makes up for what it rounds) or in which order another implementation does.

    Args:
        seed: Draws everything.
        parties: How many.
        outcomes: Least and greatest number of outcomes.
        rounds: Least and greatest number of rounds.
        scale: About the greatest utility of each party.
        tied: Points are whole tenths of the scale, so that many outcomes are worth the same;
            else no two are.
    """
    rng = Random(f"domain/{seed}")
    widths = random_widths(rng, *outcomes)
    options = {f"i{k}": [f"o{j}" for j in range(width)] for k, width in enumerate(widths)}
    ids = [f"P{position}" for position in range(parties)]
    return scenario(
        options,
        {name: _random_party(rng, options, scale, tied=tied) for name in ids},
        protocol={"rounds": rng.randint(*rounds), "opens": "fixed"},
    )


def random_widths(rng: Random, least: int, most: int) -> list[int]:
    """Return random numbers of options whose product lies between two bounds."""
    while True:
        widths = [rng.randint(2, 10) for _ in range(rng.randint(1, 5))]
        if least <= reduce(mul, widths) <= most:
            return widths


def _random_party(
    rng: Random, options: Mapping[str, list[str]], scale: float, *, tied: bool
) -> dict[str, Any]:
    highest = scale / len(options)
    points = {
        issue: {
            name: rng.randint(0, 10) * _exact(highest / 10)
            if tied
            else _exact(highest * rng.random())
            for name in names
        }
        for issue, names in options.items()
    }
    best = sum(max(row.values()) for row in points.values())
    worst = sum(min(row.values()) for row in points.values())
    # From below the worst outcome (every one is acceptable) to above the best (none is).
    share = rng.choice([-0.1, 0.0, rng.random(), rng.random() / 2, rng.random() / 2, 1.05])
    return party(points, worst + share * (best - worst))


def _exact(points: float) -> float:
    """Return the nearest multiple of 2⁻⁴⁰, of which thousands can be added up exactly."""
    return round(points * 2**40) / 2**40


def outcomes_of(space: OutcomeSpace) -> list[int]:
    """Return the indices that can happen, the slow and plain way."""
    return [index for index in range(space.size) if space.is_possible(index)]


def plain_utility(game: Scenario, name: str, index: int) -> float:
    """Return a party's utility of an outcome, computed from the scenario's text alone."""
    chosen = {issue: option_text(option) for issue, option in game.space.outcome(index).items()}
    own = game.parties[name]
    total = sum(own.points[issue][text] for issue, text in chosen.items())
    for link in own.links:
        first, second = link.issues
        total += link.points.get(chosen[first], {}).get(chosen[second], 0.0)
    return total


def plainly_signable(game: Scenario, name: str, index: int) -> bool:
    """Return whether a party may sign an outcome, read from the scenario's text alone."""
    chosen = {issue: option_text(option) for issue, option in game.space.outcome(index).items()}
    crossed = any(
        all(chosen[issue] == option for issue, option in red_line.items())
        for red_line in game.parties[name].red_lines
    )
    return not crossed and plainly_possible(game, chosen)


def plainly_possible(game: Scenario, chosen: Mapping[str, str]) -> bool:
    """Return whether no two chosen options exclude each other, read from the text alone."""
    return not any(
        chosen[name] == option and chosen[other] in excluded
        for name, issue in game.issues.items()
        for option, exclusions in issue.excludes.items()
        for other, excluded in exclusions.items()
    )


quarters = st.integers(-40, 80).map(lambda number: number / 4)
"""Points that sum, scale by powers of two and shift without rounding."""


@st.composite
def scenarios(
    draw: st.DrawFn,
    *,
    parties: tuple[int, int] = (2, 4),
    opens: Sequence[str] = ("fixed", "alternate", "lot"),
    limits: bool = True,
    rounds: tuple[int, int] = (1, 8),
) -> Scenario:
    """Draw a small scenario with ties, links, and (if `limits`) red lines and exclusions."""
    widths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    options = {f"i{k}": [f"o{j}" for j in range(width)] for k, width in enumerate(widths)}
    count = draw(st.integers(*parties))
    issues = {name: {"label": name, "options": names} for name, names in options.items()}
    if limits and len(widths) > 1 and draw(st.booleans()):
        last = f"i{len(widths) - 1}"
        issues["i0"]["excludes"] = {  # pyright: ignore[reportArgumentType]
            draw(st.sampled_from(options["i0"])): {last: [draw(st.sampled_from(options[last]))]}
        }
    spelled = {
        f"P{position}": draw(_drawn_party(options, SIDES[position % 2], limits=limits))
        for position in range(count)
    }
    protocol = {
        "rounds": draw(st.integers(*rounds)),
        "opens": draw(st.sampled_from(opens)),
        "breakdown": draw(st.sampled_from([0.0, 0.25])),
    }
    return _without_impossible_limits(issues, spelled, protocol)


@st.composite
def _drawn_party(
    draw: st.DrawFn, options: Mapping[str, list[str]], side: str, *, limits: bool
) -> dict[str, Any]:
    points = {issue: {name: draw(quarters) for name in names} for issue, names in options.items()}
    details = party(points, draw(quarters), side=side, discount=draw(st.sampled_from([1.0, 0.75])))
    names = list(options)
    if len(names) > 1 and draw(st.booleans()):
        pairs = list(product(options[names[0]], options[names[1]]))
        first, second = draw(st.sampled_from(pairs))
        details["links"] = [{"issues": names[:2], "points": {first: {second: draw(quarters)}}}]
    if limits and draw(st.booleans()):
        issue = draw(st.sampled_from(names))
        details["red_lines"] = [{issue: draw(st.sampled_from(options[issue]))}]
    return details


def _without_impossible_limits(
    issues: Mapping[str, Any], parties: Mapping[str, dict[str, Any]], protocol: dict[str, Any]
) -> Scenario:
    """Drop exclusions, then red lines, that leave nothing to agree on or to sign."""
    widths = {name: len(issue["options"]) for name, issue in issues.items()}
    if widths["i0"] == widths[f"i{len(widths) - 1}"] == 1:
        issues["i0"].pop("excludes", None)
    for details in parties.values():
        lines = [dict(line) for line in details.get("red_lines", [])]
        free = any(widths[issue] > 2 for line in lines for issue in line)
        details["red_lines"] = lines if free else []
    return scenario(issues, parties, protocol=protocol)
