"""What an author may try where a scenario misses a line of the standard.

Each lever was found by changing one thing in a small scenario and measuring again; the page on
writing scenarios says by how much. A lever moves other lines as well.
"""

from __future__ import annotations

from collections.abc import Mapping

LEVERS: Mapping[str, str] = {
    "possible outcomes": "another issue or more options an issue, or fewer of them",
    "ZOPA": "higher reservation values narrow it, lower ones widen it",
    "utility correlation": (
        "nearer to −1: fewer links, or none; nearer to 0: let each want another issue most, raise "
        "links, or add an issue on which both agree"
    ),
    "distance of the frontier from the ideal point": (
        "let both want the same issues, in opposite directions; give middle options fewer points"
    ),
    "Pareto-optimal outcomes": "more options, or another issue; fewer where there are too many",
    "issues interior in the Nash outcome": (
        "let the first step from each party's best option cost it little and the last one much"
    ),
    "links forbid the impossible": "name under `excludes` what cannot be had together",
    "issues that both order alike": "add an issue whose options both parties order alike",
    "middle compromise": (
        "too good: raise the reservation value of who gains less by it, or raise links; not good "
        "enough: give middle options more points"
    ),
    "k*": (
        "lower: higher reservation values for both; higher: lower ones, or more points for middle "
        "options"
    ),
    "breakdown a round": "set protocol.breakdown",
    "Nash gains": "lower the reservation value of who gains less",
    "different verdicts on the reported solutions": (
        "less patience (about .8), or a collapse that costs more, under `commitments`"
    ),
    "loss of hard against hard to the best reply": (
        "give middle options more points, so that there is more to lose; lower reservation values"
    ),
    "cells with a session without agreement": (
        "more rounds, a lower reservation value, or more points for middle options"
    ),
    "equilibria of the stance game": "another number of rounds, or links of another size",
    "best equilibrium of each seat over r": (
        "another number of rounds, or lower reservation values"
    ),
    "largest move of a cell when the opener is swapped": (
        "opens: lot, which makes it 0; or many more rounds"
    ),
    "class of the stance game under ±50 % on the points": (
        "move k* well away from .55, the edge between two classes: lower reservation values, or "
        "more points for middle options; the line on k* may then be missed"
    ),
    "greatest correlation of two parties": (
        "give one of the two another issue to want most, or reverse its points on one"
    ),
    "issues that are nobody's": "give the options of the issue different points, or leave it out",
    "level of the dispute in the Nash outcome": (
        "let whoever settles the quarrel lose points by it, so that it is settled at a price"
    ),
}
"""By the name of a line, what is likely to bring a scenario nearer to it."""
