"""What can be agreed in a scenario, as far as its author should know: ZOPA, options, gains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.bargaining.pareto import undominated
from games.bargaining.quorum import passing, zopa
from games.bargaining.solutions import PARETO_LIMIT, utility_rows
from games.lint.finding import Finding
from games.lint.options import dominated_options
from games.matrices.matrix import blocless
from games.naming import listed
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.outset import barring, limiting, without_limits
from games.ratification import passing_chances
from games.utility import TIE, is_tabled

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.utility import Preferences

THIN = 0.01
"""Share of the outcomes below which a ZOPA is called thin."""

WIDE = 0.80
"""Share of the outcomes above which there is little to be refused."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """By how much one party's reservation value keeps a ZOPA empty, all else as it is."""

    party: str
    points: float
    """What it would have to ask less for one outcome to be acceptable to all."""


def space_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield what keeps parties from agreeing, and what they will never agree on."""
    if not is_tabled(scenario):
        yield Finding(
            "issues",
            f"{scenario.space.count:,} outcomes: too many for tables; only samples of them",
            "Nothing is said of the ZOPA, of options that nobody can agree on, of the solutions or "
            "the equilibria, and it cannot be played; leave options out.",
        )
        return
    yield from _own_findings(scenario)
    yield from _bloc_findings(scenario)
    rational = zopa(scenario)
    if len(rational) == 0:
        yield Finding("parties", _emptiness(scenario), _why_empty(scenario))
    else:
        yield from _size_findings(scenario, len(rational) / scenario.space.count)
        yield from _gain_findings(scenario, rational)
    yield from _option_findings(scenario, rational)


def _own_findings(scenario: Scenario) -> Iterator[Finding]:
    for party in scenario.preferences:
        where = f"parties.{party.party}"
        if party.span == 0:
            yield Finding(
                where,
                "all outcomes are worth the same to it",
                "Nothing that is offered to it can matter; give its options different points.",
            )
        if party.highest < party.reservation:
            yield Finding(
                where,
                "no outcome reaches its reservation value",
                f"The best that it may sign is worth {party.highest:g} points and no agreement "
                f"{party.reservation:g}: it will never sign.",
            )
        elif party.highest <= party.reservation + party.tie and party.span > 0:
            yield Finding(
                where,
                "no outcome is worth more to it than no agreement",
                f"Its best is worth exactly its reservation value, {party.reservation:g}: it can "
                "never gain by signing.",
            )


def _bloc_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield that a side of the table is empty, with who could take it."""
    empty = [
        side
        for side in ("consumer", "supplier")
        if all(side not in (party.side, party.bloc) for party in scenario.parties.values())
    ]
    if not empty:
        return
    lacking = f"no party counts as a {' and none as a '.join(empty)}"
    why = (
        "There are no games between blocs then: no stance game, no compliance game, and nothing "
        "to measure several lines of the standard by."
    )
    loose = blocless(scenario)
    if not loose:
        yield Finding("parties", lacking, why, "note")
    for name in loose:
        side = scenario.parties[name].side
        yield Finding(
            f"parties.{name}",
            f"is {'a processor' if side == 'processor' else 'mixed'} without `bloc`, and {lacking}",
            f"{why} Add bloc: {empty[0]}.",
        )


def openings(scenario: Scenario) -> tuple[Opening, ...]:
    """Return the parties any one of which could open an empty ZOPA by asking less, least first.

    The least is that of which it is the smallest part of all that the party may get, so that no
    unit decides. Red lines stay as they are. Nothing if no single party can.
    """
    masks = [acceptable(party) for party in scenario.preferences]
    accepting = np.sum(masks, axis=0, dtype=np.int16)
    found: list[Opening] = []
    for own, mask in zip(scenario.preferences, masks, strict=True):
        rest = accepting - mask == len(masks) - 1
        if own.signable is not None:
            rest &= own.signable
        if rest.any():
            short = float(_asked_beyond(scenario, own)[rest].min())
            found.append(Opening(party=own.party, points=round(short, 9)))
    spans = {own.party: own.span if own.span > TIE else 1.0 for own in scenario.preferences}
    return tuple(sorted(found, key=lambda one: one.points / spans[one.party]))


def _asked_beyond(scenario: Scenario, own: Preferences) -> FloatArray:
    """Return how many points less a party must ask for each outcome to be acceptable to it.

    What must be ratified loses worth with r as well, where it fails: r − W falls by P a point.
    """
    in_force = own.utilities if own.in_force is None else own.in_force
    chances = passing_chances(scenario, own.party, in_force)
    short = own.reservation - own.utilities
    return np.divide(short, chances, out=np.full(len(short), np.inf), where=chances > 0)


def acceptable(party: Preferences) -> BoolArray:
    """Return which outcomes a party may sign without losing by it."""
    mask = party.utilities >= party.reservation - TIE
    return mask if party.signable is None else mask & party.signable


def _emptiness(scenario: Scenario) -> str:
    what = "no outcome is acceptable to all: the ZOPA is empty"
    found = openings(scenario)
    if not found:
        return f"{what}, and no single party can open it by asking less"
    first, *others = found
    told = (
        f"{what}; {first.party} keeps it so: with {first.points:.4g} points less as its "
        "reservation value there would be one"
    )
    if others:
        rest = [f"{one.party} ({one.points:.4g})" for one in others]
        told += f". So would there be with less for {listed(rest, 3)}"
    return told


def _why_empty(scenario: Scenario) -> str:
    why = "Without a ZOPA there are no bargaining solutions, no equilibria and no verdict."
    needed = _evenly(scenario)
    if needed is None:
        what = "Red lines and mandates" if limiting(scenario) else "Red lines"
        return f"{why} {what} leave no outcome that all may sign: give one of them up."
    if len(scenario.ids) > 1 and not openings(scenario):
        why += f" If all asked {needed:.4g} points less, each of its own, there would be one."
    return why


def _evenly(scenario: Scenario) -> float | None:
    """Return how many points less all would have to ask alike; None if red lines forbid all."""
    short = np.full(scenario.space.size, -np.inf)
    for party in scenario.preferences:
        np.maximum(short, _asked_beyond(scenario, party), out=short)
        if party.signable is not None:
            short[~party.signable] = np.inf
    least = float(short.min())
    return least if np.isfinite(least) else None


def _size_findings(scenario: Scenario, share: float) -> Iterator[Finding]:
    if share < THIN and len(scenario.ids) == 2:
        yield Finding(
            "parties",
            f"the ZOPA holds {share:.2%} of the outcomes",
            "Delegates may miss it altogether; that can be meant.",
            "note",
        )
    elif share > WIDE:
        yield Finding(
            "parties",
            f"the ZOPA holds {share:.0%} of the outcomes",
            "Nearly whatever is offered is better than no agreement: raise reservation values, "
            "or let the parties want more different things.",
            "note",
        )


def _gain_findings(scenario: Scenario, rational: IndexArray) -> Iterator[Finding]:
    for own in scenario.preferences:
        best = float(own.utilities[rational].max())
        if best <= own.reservation + TIE < own.highest:
            yield Finding(
                f"parties.{own.party}",
                "can gain nothing by any outcome that is acceptable to all",
                f"At best it gets its reservation value, {own.reservation:g}; the Nash and the "
                "Kalai–Smorodinsky solution ignore it.",
            )


def _option_findings(scenario: Scenario, rational: IndexArray) -> Iterator[Finding]:
    """Yield the options that no acceptable outcome holds, or no efficient one."""
    agreeable = passing(scenario)
    if len(agreeable) == 0:
        return
    within = "outcome that can pass" if scenario.protocol.agreement != "unanimity" else "ZOPA"
    efficient = _efficient(scenario, rational)
    for name in scenario.issues:
        missing = unused_options(scenario, name, agreeable)
        barred = _barred(scenario, name, missing)
        yield from _beyond_mandates(scenario, name, barred)
        rest = [option for option in missing if option not in barred]
        left = len(scenario.issues[name].texts) - len(missing)
        yield from _unattainable(scenario, name, rest, left, within)
        if len(efficient):
            told = {*missing, *dominated_options(scenario).get(name, ())}
            wasteful = [
                option for option in unused_options(scenario, name, efficient) if option not in told
            ]
            yield from _inefficient(name, wasteful)


def _efficient(scenario: Scenario, rational: IndexArray) -> IndexArray:
    """Return the outcomes of the ZOPA that no other one of it dominates; none if too many."""
    if len(scenario.ids) > PARETO_LIMIT[0] or len(rational) > PARETO_LIMIT[1]:
        return rational[:0]
    return rational[undominated(utility_rows(scenario, rational))]


def unused_options(scenario: Scenario, issue: str, outcomes: IndexArray) -> list[str]:
    """Return the options of an issue that none of some outcomes holds, in their order."""
    space = scenario.space
    axis = space.issues.index(issue)
    levels = outcomes // space.strides[axis] % space.shape[axis]
    used = np.bincount(levels, minlength=space.shape[axis])
    texts = scenario.issues[issue].texts
    return [text for text, count in zip(texts, used.tolist(), strict=True) if count == 0]


def _barred(scenario: Scenario, name: str, missing: list[str]) -> list[str]:
    """Return the options that could be agreed on but for what delegates may sign at the outset."""
    if not missing or not limiting(scenario):
        return []
    lost = unused_options(scenario, name, passing(without_limits(scenario)))
    return [option for option in missing if option not in lost]


def _beyond_mandates(scenario: Scenario, name: str, barred: list[str]) -> Iterator[Finding]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for option in barred:
        groups.setdefault(barring(scenario, name, option), []).append(option)
    for parties, options in groups.items():
        owners = [f"{party}'s" for party in parties]
        whose = f"{listed(owners)} mandate" if owners else "the mandates"
        yield Finding(
            f"issues.{name}.options",
            f"{listed(options)}: beyond {whose} at the outset",
            "Without limits it could be agreed on; an instruction or a grant may open it, which "
            "theory does not count.",
            "note",
        )


def _unattainable(
    scenario: Scenario, name: str, missing: list[str], kept: int, within: str
) -> Iterator[Finding]:
    texts = scenario.issues[name].texts
    if not missing:
        return
    left = [text for text in texts if text not in missing]
    if kept == len(left) == 1:
        yield Finding(
            f"issues.{name}.options",
            f"{listed(missing)}: in no {_of(within)}, so that {left[0]} is settled from the outset",
            "There is nothing to negotiate about it; if that is not meant, change its points, the "
            "red lines or the reservation values.",
            "note",
        )
        return
    yield Finding(
        f"issues.{name}.options",
        f"{listed(missing)}: in no {_of(within)}",
        "Nobody can get it; as a demand to begin with it may be meant.",
        "note",
    )


def _of(within: str) -> str:
    return "outcome of the ZOPA" if within == "ZOPA" else within


def _inefficient(name: str, wasteful: list[str]) -> Iterator[Finding]:
    if not wasteful:
        return
    yield Finding(
        f"issues.{name}.options",
        f"{listed(wasteful)}: in no Pareto-optimal outcome of the ZOPA",
        "Whoever settles for it leaves something on the table.",
        "note",
    )
