"""What `check` says of a scenario: its figures, what is worth mending, what is worth knowing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from delegates.text import clean, counted
from delegates.trials.drawn_sessions import drawn_sessions
from games.bargaining.quorum import unanimous
from games.bargaining.solutions import bargain, fair_share
from games.compliance.verdicts import verdict
from games.lint.standard import held_to_standard
from games.outset import mandates_words
from games.standard.figures import BilateralFigures
from games.utility import is_tabled
from tui.text.brackets import some
from tui.text.columns import left
from tui.text.surroundings import stated_lines
from tui.text.wording import WIDTH, hung, paragraph

if TYPE_CHECKING:
    from delegates.rehearsal.prompt_room import PromptRoom
    from games.lint.finding import Finding
    from games.scenario import Scenario
    from games.scenario_files.faults import Fault
    from games.scenario_files.written import Written

LEAD = 20
"""Columns of a figure's name."""

FEW = 6
"""Parties up to which each is named."""


def findings_text(
    named: str,
    scenario: Scenario,
    written: Written,
    found: Sequence[Finding],
    room: PromptRoom | None,
) -> str:
    """Return the page: a table of figures, then what was found, then the sum of it."""
    weak = [one for one in found if one.severity != "note"]
    notes = [one for one in found if one.severity == "note"]
    lines = [paragraph(clean(scenario.title)), "=" * min(WIDTH, len(scenario.title)), ""]
    lines += _table(scenario, room)
    lines += [paragraph(line, "  ") for line in stated_lines(scenario)]
    lines.append("")
    lines += _section("Worth mending", weak, written)
    lines += _section("Worth knowing", notes, written)
    size = (
        f"{len(scenario.parties)} parties, {counted(len(scenario.issues), 'issue')}, "
        f"{counted(scenario.space.count, 'outcome')}"
    )
    if weak:
        lines.append(paragraph(f"{named}: {counted(len(weak), 'thing')} worth mending; {size}"))
    else:
        beside = f", {counted(len(notes), 'thing')} worth knowing" if notes else ""
        lines.append(paragraph(f"{named}: clean: nothing to mend{beside}; {size}"))
    return "\n".join(lines)


def _section(heading: str, found: Sequence[Finding], written: Written) -> list[str]:
    """Return findings under a heading, those of one place together."""
    if not found:
        return []
    lines = [f"{heading} ({len(found)})", "-" * (len(heading) + len(str(len(found))) + 3)]
    groups: dict[str, list[Finding]] = {}
    told: set[str] = set()
    for one in found:
        groups.setdefault(one.where, []).append(one)
    for where, ones in groups.items():
        lines.append(_place(where, written))
        for one in ones:
            lines.append(hung("  - ", clean(one.what)))
            if one.why and one.why not in told:
                lines.append(paragraph(clean(one.why), "    "))
            told.add(one.why)
    return [*lines, ""]


def _place(where: str, written: Written) -> str:
    if where == "standard":
        return "the standard of interesting games, which a scenario need not meet"
    place = written.place(tuple(where.split(".")))
    return f"{place.text}: {where}"


def findings_json(one: Finding, written: Written) -> dict[str, object]:
    """Return a finding as plain JSON values."""
    place = None if one.where == "standard" else written.place(tuple(one.where.split(".")))
    return {
        "severity": one.severity,
        "where": one.where,
        "file": None if place is None else place.name,
        "line": None if place is None else place.line,
        "what": one.what,
        "why": one.why,
    }


def fault_json(one: Fault) -> dict[str, object]:
    """Return what keeps a file from being a scenario as plain JSON values, like a finding."""
    return _problem_json(one.where, one.place.name, one.place.line, one.what)


_UNREAD = re.compile(r"(?P<file>.+?):(?P<line>\d+): (?P<what>.*)", re.DOTALL)
"""How the line begins that tells why a file could not be read."""


def unread_json(line: str) -> dict[str, object]:
    """Return why a file could not be read at all as plain JSON values, like a finding."""
    found = _UNREAD.fullmatch(line)
    if found is None:
        return _problem_json("", None, None, line)
    return _problem_json("", found["file"], int(found["line"]), found["what"])


def _problem_json(where: str, file: str | None, line: int | None, what: str) -> dict[str, object]:
    return {
        "severity": "problem",
        "where": where,
        "file": file,
        "line": line,
        "what": what,
        "why": "",
    }


def _table(scenario: Scenario, room: PromptRoom | None) -> list[str]:
    rows = [
        *_parties(scenario),
        *_outcomes(scenario),
        *_theory(scenario),
        *_played(scenario),
        *_reading(room),
    ]
    return [hung(f"  {left(name, LEAD)}", told) for name, told in rows]


def _parties(scenario: Scenario) -> Iterator[tuple[str, str]]:
    names = [f"{clean(one.name)} ({name})" for name, one in scenario.parties.items()]
    listed = ", ".join(names) if len(names) <= FEW else some(names, FEW // 2)
    yield "parties", f"{len(names)}: {listed}"
    yield "issues", f"{len(scenario.issues)}: {', '.join(scenario.issues)}"


def _outcomes(scenario: Scenario) -> Iterator[tuple[str, str]]:
    space = scenario.space
    apart = space.size - space.count
    yield (
        "outcomes",
        f"{space.count:,}" + (f"; {apart:,} more cannot happen" if apart else ""),
    )
    if not is_tabled(scenario):
        return
    found = bargain(scenario)
    narrowed = mandates_words(scenario)
    yield (
        "ZOPA",
        f"{len(found.zopa):,} ({len(found.zopa) / space.count:.1%}), acceptable to all"
        + (f", {narrowed}" if narrowed else ""),
    )
    if not unanimous(scenario):
        yield "can pass", f"{len(found.passing):,} ({len(found.passing) / space.count:.1%})"
    pareto = found.pareto_note if found.pareto is None else f"{len(found.pareto):,} undominated"
    yield "Pareto frontier", str(pareto)


def _theory(scenario: Scenario) -> Iterator[tuple[str, str]]:
    if not is_tabled(scenario) or len(bargain(scenario).zopa) == 0:
        return
    nash = bargain(scenario).solutions["nash"]
    first = int(nash[0])
    gains = {one.party: one.utility(first) - one.reservation for one in scenario.preferences}
    told = ", ".join(f"{name} {gain:+.1f}" for name, gain in gains.items())
    if len(gains) > FEW:
        low, high = min(gains, key=lambda name: gains[name]), max(gains, key=lambda n: gains[n])
        told = f"from {gains[low]:+.1f} ({low}) to {gains[high]:+.1f} ({high})"
    tied = f"; {len(nash)} outcomes tie" if len(nash) > 1 else ""
    yield "Nash, over r", f"{told}{tied}"
    share = fair_share(scenario)
    if share is not None:
        yield "k*", f"{share:.3f} of its possible gain can be had by everyone at once"
    yield from _classes(scenario, first)


def _classes(scenario: Scenario, outcome: int) -> Iterator[tuple[str, str]]:
    held = held_to_standard(scenario)
    figures = None if held is None else held.figures
    if isinstance(figures, BilateralFigures) and figures.survival and figures.stances:
        survival = figures.survival
        yield (
            "stance game",
            (
                f"{survival.stance_class}; in {min(survival.by_issue, survival.by_entry):.0%} of "
                "draws with points ±50 %"
            ),
        )
    if any(issue.obligor is not None for issue in scenario.issues.values()):
        games = Counter(one.game or "owes nothing" for one in verdict(scenario, outcome).parties)
        told = ", ".join(f"{game} ({count})" for game, count in games.items())
        yield "honouring Nash", told
    if held is not None:
        reached = len(held.lines) - len(held.missed)
        kind = "bilaterals"
        if not isinstance(figures, BilateralFigures):
            kind = f"three or more: {', '.join(line.name for line in held.lines)}"
        yield "standard", f"{reached} of the {len(held.lines)} lines for {kind}"


def _played(scenario: Scenario) -> Iterator[tuple[str, str]]:
    found = drawn_sessions(scenario)
    if found is not None:
        yield "sessions", found.words


def _reading(room: PromptRoom | None) -> Iterator[tuple[str, str]]:
    if room is not None:
        yield (
            "longest prompt",
            (
                f"about {room.decided:,} tokens where a model decides, {room.worded:,} where it "
                f"words moves ({room.party})"
            ),
        )


def figures_json(scenario: Scenario, room: PromptRoom | None) -> dict[str, object]:
    """Return the figures of the table as plain JSON values."""
    space = scenario.space
    figures: dict[str, object] = {"outcomes": space.count}
    if is_tabled(scenario):
        found = bargain(scenario)
        figures |= {
            "zopa": len(found.zopa),
            "passing": len(found.passing),
            "pareto": None if found.pareto is None else len(found.pareto),
            "k_star": fair_share(scenario),
        }
    held = held_to_standard(scenario)
    if held is not None:
        figures["standard"] = {
            "lines": len(held.lines),
            "missed": [one.name for one in held.missed],
        }
    drawn = drawn_sessions(scenario)
    if drawn is not None:
        figures["sessions"] = {"played": drawn.sessions, "agreed": drawn.agreed}
    if room is not None:
        figures["prompt_tokens"] = {"decided": room.decided, "worded": room.worded}
    return figures
