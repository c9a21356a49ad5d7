"""What theory says of a scenario, as a page of text."""

from __future__ import annotations

import numpy as np

from games.analysis import Analysis
from games.bargaining import utility_rows
from games.scenario import Scenario
from tui.text.matrix import matrix_lines
from tui.text.scatter import scatter_lines
from tui.text.wording import LIMITS, agenda, paragraph, points

TITLES = {
    "nash": "Nash (greatest product of gains)",
    "kalai_smorodinsky": "Kalai–Smorodinsky (equal shares of what each could gain)",
    "egalitarian": "Egalitarian (equal points of gain; compares points between parties)",
    "utilitarian": "Utilitarian (most points in sum; compares points between parties)",
}


def analysis_text(analysis: Analysis) -> str:
    """Return the whole page."""
    scenario = analysis.scenario
    parts = [
        [scenario.title, "=" * len(scenario.title), ""],
        _overview(analysis),
        [""],
    ]
    if len(scenario.ids) == 2:
        parts.append([*scatter_lines(scenario), ""])
    parts.append(_solutions(analysis))
    parts.extend([*matrix_lines(matrix), ""] for matrix in analysis.matrices)
    if analysis.note:
        parts.append([paragraph(f"Left out: {analysis.note}"), ""])
    parts.append([paragraph(LIMITS)])
    return "\n".join(line for part in parts for line in part)


def _overview(analysis: Analysis) -> list[str]:
    scenario, found = analysis.scenario, analysis.bargain
    count = scenario.space.count
    share = len(found.zopa) / count
    lines = [
        f"{count:,} outcomes; {len(found.zopa):,} ({share:.0%}) in the ZOPA: acceptable to all.",
        found.pareto_note
        if found.pareto is None
        else f"{len(found.pareto):,} of all outcomes are undominated (the Pareto frontier).",
    ]
    if len(found.passing) != len(found.zopa):
        lines.append(f"{len(found.passing):,} can pass with a winning coalition.")
    if len(found.zopa) == 0:
        lines.append("No outcome is acceptable to all parties: the ZOPA is empty.")
    if len(scenario.ids) == 2:
        lines.append(_conflict(scenario))
    lines.append("")
    for position, own in enumerate(scenario.preferences):
        name = scenario.parties[own.party].name
        lines.append(
            f"  {name:<24} without agreement {points(own.reservation):>6}   "
            f"at best in the ZOPA {points(found.best[position]):>6}"
        )
    lines.extend(
        f"  {scenario.parties[party].name} cannot gain; Nash and Kalai–Smorodinsky ignore it."
        for party in found.left_out
    )
    return [line for line in lines if line is not None]


def _conflict(scenario: Scenario) -> str:
    space = scenario.space
    outcomes = np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)
    first, second = utility_rows(scenario, outcomes)
    if first.std() == 0 or second.std() == 0:
        return "To one side all outcomes are worth the same."
    return f"Correlation of the two utilities {np.corrcoef(first, second)[0, 1]:+.2f}."


def _solutions(analysis: Analysis) -> list[str]:
    scenario = analysis.scenario
    lines: list[str] = []
    for name, outcomes in analysis.bargain.solutions.items():
        if len(outcomes) == 0:
            continue
        first = int(outcomes[0])
        worth = ", ".join(
            f"{scenario.parties[own.party].name} {points(own.utility(first))}"
            for own in scenario.preferences
        )
        tied = f" ({len(outcomes)} outcomes tie; the first is shown)" if len(outcomes) > 1 else ""
        lines += [TITLES[name], paragraph(f"{worth}{tied}", "  ")]
        lines += agenda(scenario, scenario.space.outcome(first), "    ")
        lines.append("")
    return lines
