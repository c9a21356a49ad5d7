"""What theory says of a scenario, as a page of text."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

import numpy as np

from games.analysis import Analysis
from games.bargaining.perfect_play import OrderOfPlay
from games.bargaining.quorum import unanimous
from games.bargaining.solutions import utility_rows
from games.equilibrium.dynamics import Basins
from games.matrices.matrix import Matrix
from games.outcomes import IndexArray
from games.outset import mandates_words
from games.point_words import tenths
from games.scenario import Scenario
from games.utility import table_bytes
from tui.text.agreement import MANY, agreement_lines
from tui.text.columns import left, width_of
from tui.text.matrix import matrix_lines
from tui.text.scatter import scatter_lines
from tui.text.surroundings import NAME, name_of, surrounding_lines
from tui.text.wording import LIMITS, WIDTH, agenda, paragraph, terms

TITLES = {
    "nash": "Nash (greatest product of gains)",
    "kalai_smorodinsky": "Kalai–Smorodinsky (equal shares of what each could gain)",
    "egalitarian": "Egalitarian (equal points of gain; compares points between parties)",
    "utilitarian": "Utilitarian (most points in sum; compares points between parties)",
}


_LARGE = 100_000_000
"""Bytes of tables from which they are mentioned."""


def analysis_text(analysis: Analysis, basins: Mapping[str, Basins] | None = None) -> str:
    """Return the whole page, with basins of learning for the matrices they are given for."""
    scenario = analysis.scenario
    parts = [
        [paragraph(scenario.title), "=" * min(len(scenario.title), WIDTH), ""],
        overview_lines(analysis),
        [""],
    ]
    if len(scenario.ids) == 2 and scenario.space.count > 2:
        parts.append([*scatter_lines(scenario), ""])
    parts.append(solution_lines(analysis))
    parts.append(ranking_lines(analysis))
    parts.append([*perfect_play_lines(analysis), ""])
    before = [matrix for matrix in analysis.matrices if matrix.name == "stance"]
    shares = basins or {}
    parts.extend(
        [*matrix_lines(matrix, shares.get(matrix.name)), *leaver_lines(analysis, matrix), ""]
        for matrix in before
    )
    nash = analysis.bargain.solutions["nash"]
    parts.append(surrounding_lines(scenario, int(nash[0]) if len(nash) else None))
    parts.append(_if_signed(analysis, shares))
    if analysis.note:
        parts.append([paragraph(f"Left out: {analysis.note}"), ""])
    parts.append([paragraph(LIMITS)])
    return "\n".join(line for part in parts for line in part)


def _if_signed(analysis: Analysis, basins: Mapping[str, Basins]) -> list[str]:
    """Return what would follow from signing the Nash outcome, if anything can be said of that."""
    if analysis.agreement is None:
        return []
    lines = [
        line
        for matrix in analysis.agreement.matrices
        for line in (*matrix_lines(matrix, basins.get(matrix.name)), "")
    ]
    lines += agreement_lines(analysis.agreement)
    heading = "If the Nash outcome were signed"
    return [heading, "-" * len(heading), "", *lines] if lines else []


def leaver_lines(analysis: Analysis, matrix: Matrix) -> list[str]:
    """Return which members would leave their bloc's stance where it is stable, and for how much."""
    lines: list[str] = []
    for (i, j), members in analysis.leavers.items():
        told = ", ".join(
            f"{name_of(analysis.scenario, one.party)} “{one.act}” (+{one.regret:.0%} of its gain)"
            for one in members
        )
        if told:
            cell = f"“{matrix.report.rows[i]}” against “{matrix.report.columns[j]}”"
            lines.append(paragraph(f"At {cell} a member alone would rather: {told}."))
    return lines


def overview_lines(analysis: Analysis) -> list[str]:
    """Return how many outcomes there are, how many can be agreed, and what is had without."""
    scenario, found = analysis.scenario, analysis.bargain
    lines = [*_size(analysis), *_agreeable(analysis)]
    if found.pareto is None:
        lines.append(f"Pareto frontier {found.pareto_note}.")
    else:
        note = f": {found.pareto_note}" if found.pareto_note else ""
        lines.append(f"{len(found.pareto):,} of all are undominated (the Pareto frontier){note}.")
    lines += _core(analysis)
    if len(scenario.ids) == 2:
        lines.append(_conflict(scenario))
    lines = [paragraph(line) for line in lines]
    lines.append("")
    if len(scenario.ids) > MANY:
        return [*lines, *_roles(analysis)]
    longest = max(width_of(name_of(scenario, party)) for party in scenario.ids)
    for position, own in enumerate(scenario.preferences):
        best = f"   at best in the ZOPA {tenths(found.best[position]):>6}"
        best = best if len(found.zopa) else ""
        without = f"without agreement {tenths(own.reservation):>6}"
        lines.append(f"  {left(name_of(scenario, own.party), longest)} {without}{best}")
    left_out = found.left_out if len(found.zopa) else ()
    lines.extend(
        paragraph(
            f"{scenario.parties[party].name} cannot gain; Nash and Kalai–Smorodinsky ignore it.",
            "  ",
        )
        for party in left_out
    )
    return lines


def _roles(analysis: Analysis) -> list[str]:
    """Return what no agreement and the best in the ZOPA are worth to many parties, by role."""
    scenario, found = analysis.scenario, analysis.bargain
    lines = [f"  {'':<{NAME}}{'without agreement':>24}{'at best in the ZOPA':>26}"]
    roles: dict[str, list[int]] = {}
    for position, party in enumerate(scenario.parties.values()):
        roles.setdefault(party.side, []).append(position)
    for side, members in {**roles, "all": list(range(len(scenario.ids)))}.items():
        least = _spread([scenario.preferences[k].reservation for k in members])
        best = _spread([float(found.best[k]) for k in members]) if len(found.zopa) else "–"
        lines.append(f"  {f'{side} ({len(members)})':<{NAME}}{least:>24}{best:>26}")
    return [*lines, "  (least, median, most)"]


def _spread(values: list[float]) -> str:
    """Return the least, the median and the greatest of some values."""
    return f"{tenths(min(values))}  {tenths(median(values))}  {tenths(max(values))}"


def _size(analysis: Analysis) -> list[str]:
    """Return how many outcomes there are, and at what cost they were examined."""
    if analysis.sample is not None:
        drawn = f"A random sample of {analysis.sample.size:,} of {analysis.outcomes:,} outcomes"
        return [f"{drawn} (seed {analysis.sample.seed}): all that follows holds among these alone."]
    memory = table_bytes(analysis.scenario)
    if memory < _LARGE:
        return []
    return [f"The tables of all utilities take {memory / 1e6:,.0f} MB of memory."]


def _agreeable(analysis: Analysis) -> list[str]:
    """Return how many outcomes all accept, and how many enough of them do."""
    scenario, found = analysis.scenario, analysis.bargain
    count = scenario.space.count
    if len(found.zopa) == 0:
        lines = [f"{count:,} outcomes, none acceptable to all parties: the ZOPA is empty."]
    else:
        share = len(found.zopa) / count
        lines = [
            f"{count:,} outcomes; {len(found.zopa):,} ({share:.0%}) in the ZOPA: acceptable to all."
        ]
    narrowed = mandates_words(scenario)
    if narrowed is not None:
        lines.append(f"All that follows is {narrowed}.")
    if not unanimous(scenario):
        lines.append(f"{len(found.passing):,} can pass with a winning coalition.")
    return lines


def _core(analysis: Analysis) -> list[str]:
    """Return how many outcomes those who can agree would not replace."""
    found = analysis.core
    if found.outcomes is None:
        return [f"Core {found.note}."]
    count = len(found.outcomes)
    if unanimous(analysis.scenario):
        lines = [f"{count:,} in the core: acceptable, and no outcome is better for all at once."]
        return lines if count else []
    lines = [
        f"{count:,} of these in the core: no winning coalition prefers another outcome."
        if count
        else "The core is empty: whatever passes, some winning coalition prefers another outcome."
    ]
    if found.no_agreement:
        lines.append("No winning coalition prefers any outcome to having no agreement.")
    return lines


def _conflict(scenario: Scenario) -> str:
    space = scenario.space
    outcomes = np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)
    first, second = utility_rows(scenario, outcomes)
    if first.std() == 0 or second.std() == 0:
        return "To one side all outcomes are worth the same."
    return f"Correlation of the two utilities {np.corrcoef(first, second)[0, 1]:+.2f}."


def solution_lines(analysis: Analysis) -> list[str]:
    """Return the bargaining solutions, each with its terms and what they are worth."""
    found = {TITLES[name]: found for name, found in analysis.bargain.solutions.items()}
    if analysis.powered_nash is not None:
        given = ", ".join(
            f"{name_of(analysis.scenario, party)} {power:g}"
            for party, power in analysis.powers.items()
        )
        found[f"Nash with bargaining power {given}"] = analysis.powered_nash
    lines: list[str] = []
    shown: dict[int, str] = {}
    for title, outcomes in found.items():
        if len(outcomes) == 0:
            continue
        first = int(outcomes[0])
        if first in shown:
            lines += [paragraph(title), f"  the same outcome as {shown[first]}", ""]
            continue
        shown[first] = title.partition(" (")[0]
        lines += [paragraph(title), *_first_outcome(analysis.scenario, outcomes), ""]
    return lines


def _first_outcome(scenario: Scenario, outcomes: IndexArray) -> list[str]:
    """Return the first of tied outcomes: what it is worth, and its terms."""
    first = int(outcomes[0])
    tied = f" ({len(outcomes)} outcomes tie; the first is shown)" if len(outcomes) > 1 else ""
    terms = agenda(scenario, scenario.space.outcome(first), "    ")
    return [paragraph(f"{_worth(scenario, first)}{tied}", "  "), *terms]


def _worth(scenario: Scenario, outcome: int) -> str:
    if len(scenario.ids) > MANY:
        gains = {one.party: one.utility(outcome) - one.reservation for one in scenario.preferences}
        low, high = min(gains, key=lambda p: gains[p]), max(gains, key=lambda p: gains[p])
        return (
            f"gain over no agreement: median {median(gains.values()):+.1f}, least "
            f"{gains[low]:+.1f} ({name_of(scenario, low)}), most {gains[high]:+.1f} "
            f"({name_of(scenario, high)})"
        )
    return ", ".join(
        f"{name_of(scenario, own.party)} {tenths(own.utility(outcome))}"
        for own in scenario.preferences
    )


def ranking_lines(analysis: Analysis) -> list[str]:
    """Return the first outcomes under Nash welfare, where nearly everything is undominated."""
    if not analysis.ranking:
        return []
    scenario = analysis.scenario
    lines = ["First under Nash welfare (with so many parties the frontier tells little)"]
    lines += [
        paragraph(f"{rank}. {terms(scenario, scenario.space.outcome(index))}", "  ")
        for rank, index in analysis.ranking
    ]
    return [*lines, ""]


_ORDERS = {"scenario": "as listed", "reversed": "reversed", "lot": "by lot"}
"""Orders of play, as headings."""


def perfect_play_lines(analysis: Analysis) -> list[str]:
    """Return what flawless play leads to under three orders, and the worth of the last word."""
    scenario, found = analysis.scenario, analysis.perfect_play
    title = "Perfect play (everyone reckons back from the last turn)"
    if found.note is not None:
        return [title, paragraph(f"{found.note[0].upper()}{found.note[1:]}.", "  ")]
    heads = "".join(f"{_ORDERS[order.name]:>11}" for order in found.orders)
    lines = [title, f"  {'order of moves':<{NAME}}{heads}{'last word':>13}"]
    for position, party in enumerate(scenario.ids[:MANY]):
        values = "".join(
            f"{'–' if order.payoffs is None else tenths(order.payoffs[position]):>11}"
            for order in found.orders
        )
        word = "–" if found.last_word is None else tenths(found.last_word[position])
        lines.append(f"  {left(name_of(scenario, party), NAME)}{values}{word:>13}")
    if len(scenario.ids) > MANY:
        lines.append(f"  … and {len(scenario.ids) - MANY} more")
    lines.extend(paragraph(_order_note(scenario, order), "  ") for order in found.orders)
    if scenario.protocol.breakdown == 0 and all(one.discount == 1 for one in scenario.preferences):
        lines.append("  Time costs nothing here: an earlier round would do as well.")
    lines.append(
        paragraph(
            "Points in the end, time counted. Whoever makes the last offer that can still be "
            "answered can leave the other hardly more than no agreement would: the worth of the "
            "last word is what changing the order changes. It says what the calendar is worth, not "
            "what people will do.",
            "  ",
        )
    )
    return lines


def _order_note(scenario: Scenario, order: OrderOfPlay) -> str:
    """Return who proposes what when in one order of play."""
    lead = f"{_ORDERS[order.name].capitalize()}:"
    if order.note is not None:
        return f"{lead} {order.note}."
    if order.outcome is None or order.turn is None or order.proposer is None:
        return f"{lead} no agreement."
    round_ = order.turn // len(scenario.ids) + 1
    tied = f"; {order.ties} offers are as good to it and the next mover" if order.ties > 1 else ""
    likely = f", if talks last so long ({order.chance:.0%})" if order.chance < 1 else ""
    return (
        f"{lead} {name_of(scenario, order.proposer)} proposes and all accept in round {round_}"
        f"{likely}: {terms(scenario, scenario.space.outcome(order.outcome))}{tied}."
    )
