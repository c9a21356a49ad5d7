"""The equilibria of a game file, as a page of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction

from delegates.text import clean
from games.equilibrium.components import Component, NashSubset
from games.equilibrium.dynamics import Basins
from games.equilibrium.exact import Mixture, support
from games.equilibrium.many_players import PureReport
from games.equilibrium.normal_form import NormalForm
from games.equilibrium.report import EquilibriumReport
from games.equilibrium.words import explanation, plain_phrases
from tui.text.grid import EQUILIBRIUM, grid_lines
from tui.text.wording import WIDTH, paragraph

GREATEST = 10**300
"""Payoffs from which floats do not do to write them."""

LISTED = 40
"""Equilibria that are written out; the JSON has them all."""


def game_text(
    game: NormalForm, report: EquilibriumReport | PureReport, basins: Basins | None
) -> str:
    """Return the whole page."""
    title = game.title or "An untitled game"
    head = [paragraph(title), "=" * min(len(title), WIDTH), ""]
    if isinstance(report, PureReport):
        return "\n".join([*head, *_pure(report)])
    players = game.players[0], game.players[1]
    return "\n".join(
        [
            *head,
            paragraph(f"rows {players[0]}, columns {players[1]}"),
            "",
            *report_grid(report),
            "",
            *_equilibria(report, players),
            "",
            paragraph(explanation(report, plain_phrases(report, players))),
            "",
            *component_lines(report, basins),
            *_dominated(report, players),
            *nashpy_lines(report),
        ]
    )


def cleaned(game: NormalForm) -> NormalForm:
    """Return a game whose names are safe to print: without escapes and controls, on one line."""

    def safe(text: str) -> str:
        return " ".join(clean(text).split()) or "?"

    return replace(
        game,
        title=" ".join(clean(game.title).split()),
        players=tuple(map(safe, game.players)),
        strategies=tuple(tuple(map(safe, names)) for names in game.strategies),
    )


def report_grid(report: EquilibriumReport) -> list[str]:
    """Return the payoffs as a grid, equilibria marked; a line instead where it does not fit."""
    game = report.game
    marked = {one.cell for one in report.equilibria}
    height, width = game.shape
    grid: list[str] = []
    for digits in (5, 4, 3, 2) if width <= 12 and height <= 24 else ():
        cells = [
            [
                f"{figure(a, digits)} | {figure(b, digits)}"
                + (f" {EQUILIBRIUM}" if (i, j) in marked else "")
                for j, (a, b) in enumerate(zip(own, other, strict=True))
            ]
            for i, (own, other) in enumerate(
                zip(game.row_payoffs, game.column_payoffs, strict=True)
            )
        ]
        grid = grid or grid_lines(report.rows, report.columns, cells)
    if not grid:
        return [f"({height}×{width} payoffs do not fit on the page.)"]
    legend = f"  {EQUILIBRIUM} equilibrium: neither gains by changing its own strategy"
    return [*grid, legend] if marked - {None} else grid


def figure(value: Fraction, digits: int = 5) -> str:
    """Return a payoff with so many digits at most, whatever its size."""
    if abs(value) < GREATEST:
        return f"{float(value):.{digits}g}"
    whole = Context(prec=digits, Emax=10**6).divide(
        Decimal(value.numerator), Decimal(value.denominator)
    )
    return f"{whole:.{digits}g}"


def _equilibria(report: EquilibriumReport, players: tuple[str, str]) -> Iterator[str]:
    count = len(report.equilibria)
    kind = "extreme " if report.degenerate else ""
    noun = "equilibrium" if count == 1 else "equilibria"
    listing = "the list is complete" if report.complete else "the list may be incomplete"
    yield paragraph(
        f"{count} {kind}{noun}, verified exactly; {listing}: {report.completeness_reason}."
    )
    if report.degenerate:
        yield paragraph(
            "The game is degenerate: someone has ties. Mixtures of equilibria of one set are "
            "equilibria too."
        )
    for place, (one, marks) in enumerate(zip(report.equilibria, report.marks, strict=True)):
        if place == LISTED:
            yield f"  … and {count - LISTED} more"
            return
        worth = f"{figure(one.payoffs[0])} | {figure(one.payoffs[1])}"
        told = f", {', '.join(marks)}" if marks else ""
        profile = "; ".join(
            f"{player} {mixture_text(names, mixture)}"
            for player, names, mixture in (
                (players[0], report.rows, one.row),
                (players[1], report.columns, one.column),
            )
        )
        yield paragraph(f"{place + 1}. {profile}. Worth {worth}{told}.", "  ")


def mixture_text(names: Sequence[str], mixture: Mixture) -> str:
    """Return a mixture with exact probabilities, as far as they are short enough to read."""
    return ", ".join(
        names[place] if mixture[place] == 1 else f"{names[place]}: {_probability(mixture[place])}"
        for place in support(mixture)
    )


def _probability(value: Fraction) -> str:
    return str(value) if len(str(value)) <= 9 else f"{float(value):.4f}"


def component_lines(report: EquilibriumReport, basins: Basins | None) -> Iterator[str]:
    """Yield the components of the equilibria with their indices."""
    if not report.components:
        return
    places = {(one.row, one.column): k for k, one in enumerate(report.equilibria, 1)}
    yield "Components (indices sum to +1):"
    for number, component in enumerate(report.components):
        listed = sorted(places[member] for member in component.members)
        members = ", ".join(map(str, listed[:LISTED]))
        shape = "" if component.is_point else f"; {_shape(component)}"
        basin = "" if basins is None else f"; {basins.shares[number]:.0%} of starts end here"
        index = f"{component.index:+d}" if component.index else "0"
        yield paragraph(f"index {index}: {members}{shape}{basin}", "  ")
    if basins is not None:
        yield paragraph(
            f"(replicator dynamics from {basins.starts} random starts; {basins.unsettled:.0%} "
            "settled nowhere)",
            "  ",
        )
    yield ""


def _shape(component: Component) -> str:
    def span(ends: tuple[Fraction, Fraction]) -> str:
        low, high = map(figure, ends)
        return low if ends[0] == ends[1] else f"{low} to {high}"

    products = " and ".join(_product(subset) for subset in component.subsets[:4])
    more = " …" if len(component.subsets) > 4 else ""
    return (
        f"a set of {products}{more}, worth {span(component.row_payoff)} | "
        f"{span(component.column_payoff)}"
    )


def _product(subset: NashSubset) -> str:
    return f"{len(subset.rows)}×{len(subset.columns)} extreme strategies"


def _dominated(report: EquilibriumReport, players: tuple[str, str]) -> Iterator[str]:
    for one in report.dominated[:LISTED]:
        mine = one.player == "row"
        names = report.rows if mine else report.columns
        by = "a mixture" if one.by is None else names[one.by]
        yield paragraph(
            f"{players[0 if mine else 1]}: {names[one.strategy]} is {one.kind} dominated by {by}."
        )

    if len(report.dominated) > LISTED:
        yield f"… and {len(report.dominated) - LISTED} more dominated strategies"


def nashpy_lines(report: EquilibriumReport) -> Iterator[str]:
    """Yield how Nashpy's list compares, where it was run beside."""
    check = report.nashpy
    if check is None:
        return
    told = f"Nashpy confirms {check.confirmed} of {len(report.equilibria)} as best replies"
    if check.agrees:
        yield paragraph(f"{told} and lists the same.")
        return
    differences = [
        f"misses {len(check.missed)} of these" if check.missed else "",
        f"returns {check.unknown} that the exact list has not" if check.unknown else "",
    ]
    yield paragraph(
        f"{told}; run beside in floating point, its list {' and '.join(filter(None, differences))}."
    )


def _pure(report: PureReport) -> list[str]:
    game = report.game
    lines = [
        paragraph(
            f"{len(game.players)} player{'s' if len(game.players) > 1 else ''}, {game.size:,} "
            f"cells; pure equilibria: {len(report.profiles)}. "
            f"{report.completeness_reason.capitalize()}."
        )
    ]
    for profile in report.profiles[:LISTED]:
        told = "; ".join(
            f"{player} {names[strategy]}"
            for player, names, strategy in zip(game.players, game.strategies, profile, strict=True)
        )
        worth = " | ".join(figure(payoff) for payoff in report.payoffs(profile))
        lines.append(paragraph(f"{told}. Worth {worth}.", "  "))
    if len(report.profiles) > LISTED:
        lines.append(f"  … and {len(report.profiles) - LISTED} more")
    return lines
