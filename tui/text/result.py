"""How a session ended and what the referee says of it, as text."""

from __future__ import annotations

from delegates.text import one_line
from games.naming import called
from games.outset import outside_words
from games.point_words import tenths
from games.referee import Findings
from games.scenario import Scenario
from games.session import payoffs, utilities
from games.utility import TIE
from transcripts.record import SessionRecord
from tui.text.agreement import MANY, agreement_lines
from tui.text.columns import cut, left
from tui.text.conduct import conduct_lines
from tui.text.endings import IN_FULL
from tui.text.hall_result import closing_lines, status_words, together_lines
from tui.text.happened import happened_lines
from tui.text.matrix import matrix_lines
from tui.text.ratification import before_lines, ratification_lines, turned_down
from tui.text.wording import LIMITS, agenda, money, paragraph


def result_text(record: SessionRecord) -> str:
    """Return result, standing, equilibrium check, cost and limits."""
    findings = record.referee
    scenario = findings.scenario
    lines = [*_outcome(record, scenario), *ratification_lines(record.state), ""]
    lines += happened_lines(record.state)
    if record.proceedings is not None:
        lines += closing_lines(record.proceedings)
    if len(scenario.ids) > MANY:
        lines += [*together_lines(findings, utilities(record.state), payoffs(record.state)), ""]
    else:
        lines += [*_standings(record, findings), *before_lines(record.state), ""]
    lines += [*_distances(findings), ""]
    for matrix in findings.matrices:
        lines += matrix_lines(matrix)
        if matrix.name == "stance" and findings.played_words:
            lines.append(paragraph(findings.played_words))
        lines.append("")
    if findings.agreement is not None:
        lines += agreement_lines(findings.agreement)
    lines += [spent_line(record), *conduct_lines(record), paragraph(LIMITS)]
    return "\n".join(lines)


def own_result_text(record: SessionRecord, party: str) -> str:
    """Return the result as one party may know it: what was agreed, and what that is worth to it."""
    scenario = record.state.scenario
    own = scenario.preferences[scenario.ids.index(party)]
    worth, in_time = utilities(record.state)[party], payoffs(record.state)[party]
    lines = [*_outcome(record, scenario), *ratification_lines(record.state, party), ""]
    lines += happened_lines(record.state, party)
    if record.proceedings is not None:
        lines += closing_lines(record.proceedings, party)
    lines.append(
        f"To {called(scenario.parties[party].name)}: {tenths(worth)} points, {tenths(in_time)} in "
        f"time; without agreement {tenths(own.reservation)}."
    )
    lines += before_lines(record.state, party)
    return "\n".join([*lines, *conduct_lines(record, party), "", paragraph(LIMITS)])


def _outcome(record: SessionRecord, scenario: Scenario) -> list[str]:
    agreed = record.state.agreement
    status = f"{IN_FULL[record.status]}."
    if record.status == "agreement":
        status = f"AGREEMENT in round {record.state.rounds_begun} of {record.state.rounds}"
    elif record.status == "incomplete":
        status = "The session was interrupted and can be resumed."
    if record.proceedings is not None:
        status = status_words(record.status, record.proceedings)
    status += turned_down(record.state)
    if agreed is None:
        return [status]
    return [
        paragraph(status),
        *agenda(scenario, scenario.space.outcome(agreed)),
    ]


def _standings(record: SessionRecord, findings: Findings) -> list[str]:
    discounted, had = payoffs(record.state), utilities(record.state)
    lines = [
        f"{'':<21}{'points':>8}{'without deal':>13}{'gain':>8}{'in time':>8}  of possible gain"
    ]
    for standing in findings.standings:
        name = one_line(findings.scenario.parties[standing.party].name)
        # What a signature, a side deal or a threat carried out brings is in it; the text alone not.
        worth = had[standing.party]
        gained, possible = worth - standing.reservation, standing.attainable - standing.reservation
        share = gained / possible if possible > TIE else 0.0
        lines.append(
            f"{left(cut(name, 20), 21)}{tenths(worth):>8}{tenths(standing.reservation):>13}"
            f"{gained:>+8.1f}{tenths(discounted[standing.party]):>8}  {_bar(share)} {share:.0%}"
        )
    return lines


def _bar(share: float) -> str:
    filled = round(10 * min(1.0, max(0.0, share)))
    return "█" * filled + "░" * (10 - filled)


def _distances(findings: Findings) -> list[str]:
    if findings.outcome is None:
        return [paragraph("Nothing was agreed; each side is left with its alternative.")]
    lines: list[str] = []
    if not findings.in_zopa:
        lines.append(outside_words(findings.scenario, findings.outcome))
    if findings.undominated:
        lines.append("Efficient: no other outcome is better for one side at nobody's cost.")
    elif findings.distance_to_frontier is not None:
        lines.append(
            f"Value was left on the table: {findings.distance_to_frontier:.2f} from the frontier "
            "(in shares of possible gain)."
        )
    if findings.distance_to_nash is not None and findings.nash_ratio is not None:
        lines.append(
            f"Distance to the Nash outcome {findings.distance_to_nash:.2f}; product of gains "
            f"{findings.nash_ratio:.0%} of the greatest."
        )
    return [paragraph(line) for line in lines]


def spent_line(record: SessionRecord) -> str:
    """Return what the session's model calls came to."""
    used = record.spend
    if used.calls == 0 and used.may_be_billed_usd == 0:
        return "No model was asked."
    return (
        f"{used.calls} model call{'' if used.calls == 1 else 's'}, {used.tokens.input:,} tokens in "
        f"({used.tokens.cached:,} cached), {used.tokens.output:,} out, {money(used.cost_usd)}."
    )
