"""What stands behind a signature, in figures: enforcement, fines, patience, trust, prices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from delegates.text import one_line
from games.implementation.units import price_unit, short
from games.parts.aftermath import Walk
from games.parts.base import of_party
from games.point_words import tenths
from tui.report.document import Block, Heading, Listed

if TYPE_CHECKING:
    from games.scenario import Scenario


def behind_blocks(scenario: Scenario) -> Iterator[Block]:
    """Yield what keeping and breaking an agreement hang on; nothing where nothing is stated."""
    told = (*_commitments(scenario), *_trust(scenario), *_years(scenario))
    if told:
        yield Heading("What keeping it hangs on")
        yield Listed(told)


def _commitments(scenario: Scenario) -> Iterator[str]:
    known = scenario.commitments
    if known is None:
        return
    yield (
        f"Reneging that is noticed is punished with a chance of {known.enforcement:.0%}; noticed "
        f"it is {known.detection:.0%} a year, from year {known.lag} on. Of the fine "
        f"{known.mutual:.0%} is levied where all renege ({known.basis})."
    )
    for code, party in scenario.parties.items():
        figures = (
            ("fine a year", known.fine),
            ("lost if the project collapses", known.collapse),
            ("gained by seizing what is sunk", known.sunk),
        )
        parts = [
            f"{what} {tenths(value)}"
            for what, figure in figures
            if (value := of_party(figure, code))
        ]
        patience = known.patience
        own = patience.get(code) if isinstance(patience, dict) else patience
        if own is not None:
            parts.append(f"a year's gain a year later counts {own:g}")
        if parts:
            yield f"{one_line(party.name)}: {'; '.join(parts)}."


def _trust(scenario: Scenario) -> Iterator[str]:
    for code, one in scenario.trust.items():
        honoured, broken = one.a + one.kept, one.b + one.broken
        note = f" {one_line(one.note)}" if one.note.strip() else ""
        yield (
            f"{one_line(scenario.parties[code].name)} trusts the others to honour with "
            f"{honoured / (honoured + broken):.0%} (weights {honoured:g} to {broken:g}, "
            f"{one.basis}).{note}"
        )


def _years(scenario: Scenario) -> Iterator[str]:
    plan = scenario.implementation
    if plan is None:
        return
    price = plan.price
    unit = price_unit(scenario)
    how = (
        "moves at random"
        if isinstance(price.process, Walk)
        else "returns to a level (" + price.process.kind + ")"
    )
    note = f" {one_line(price.note)}" if price.note.strip() else ""
    yield (
        f"The market price is {short(price.spot)}{f' {unit}' if unit else ''} at signature, {how}, "
        f"and a year's change of its logarithm has a standard deviation of {price.volatility:g} "
        f"({price.basis}).{note}"
    )
    for code, party in scenario.parties.items():
        law, swing = of_party(plan.law, code), plan.swing.get(code, 0.0)
        parts = [
            *([f"a change of law ends it {law:.0%} a year"] if law else []),
            *([f"a price twice the agreed one tempts it by {swing:+g} points"] if swing else []),
        ]
        if parts:
            yield f"{one_line(party.name)}: {'; '.join(parts)}."
