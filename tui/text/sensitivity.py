"""What survives if the judged numbers are others, as text and as rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from delegates.trials.endings import Ending
from delegates.trials.robustness import AS_STATED, AT_ONCE, KEPT, Count, Finding, Survey
from tui.text.wording import LIMITS, WIDTH, paragraph

_MANY = 100
"""Draws from which tenths of a per cent are told: the rule may turn on one."""


def survey_text(found: Survey) -> str:
    """Return what survives, as plain text: findings first, then what hangs on a judgement."""
    title = f"{found.scenario.title}: what hangs on judgements"
    kept = [one for one in found.findings if one.survives]
    lost = [one for one in found.findings if not one.survives]
    lines = [paragraph(title), "=" * min(len(title), WIDTH), "", *map(paragraph, method(found)), ""]
    lines += ["Findings", *(paragraph(finding_words(one), "  ") for one in kept)]
    lines += ["  none"] if not kept else []
    lines += ["", "Not findings: they hang on a judgement"]
    lines += [paragraph(finding_words(one), "  ") for one in lost] or ["  none"]
    return "\n".join([*lines, "", paragraph(LIMITS)])


def method(found: Survey) -> list[str]:
    """Return in sentences what was drawn how often, and what is called a finding."""
    numbers = ", ".join(f"{area} {count:,}" for area, count in found.numbers.items())
    total = sum(found.numbers.values())
    low, high = 1 - found.spread, 1 + found.spread
    drawn = (
        f"{total:,} numbers are judgements ({numbers}). Each is multiplied by a factor of its own, "
        f"drawn evenly between {low:g} and {high:g} (±{found.spread:.0%}): all at once in "
        f"{found.draws} draws, and each area alone in {found.few}; first seed {found.seed}."
    )
    rule = (
        f"A finding is called one that survives in at least {KEPT:.0%} of the draws of all at "
        "once; intervals are 95 % (Wilson). Sessions are played by scripted seats drawn by the "
        "seed; what they end in counts only if it does so in as many with the stated numbers."
    )
    told = [drawn, rule]
    if found.leaves_out_stances:
        told.append(
            "The stance game is left out: each draw would take sixteen sessions of so many parties."
        )
    if found.refused:
        told.append(f"{found.refused} draws made no valid scenario and are not counted.")
    return told


def finding_words(one: Finding) -> str:
    """Return one finding in a sentence: how often it survives and, if it does not, on what it
    hangs."""
    lead = f"{one.about}: {one.found}. Survives in {share_words(one.at_once)}"
    if one.as_stated is not None and one.as_stated.share < 1:
        lead += f" (with the stated numbers: {one.as_stated.share:.0%} of sessions)"
    unclear = (
        ""
        if one.is_clear or one.hangs_on_seats
        else f"; the interval leaves open whether it reaches {KEPT:.0%}"
    )
    hangs = "" if one.survives else f": {hangs_on(one)}"
    return f"{lead}{hangs}{unclear}."


def share_words(count: Count) -> str:
    """Return a share of draws with its interval."""
    low, high = count.interval
    return f"{percent(count)} ({low:.0%} to {high:.0%}) of {count.draws} draws"


def percent(count: Count) -> str:
    """Return a share in per cent, to a tenth where there are draws enough to tell."""
    return f"{count.share:.1%}" if count.draws >= _MANY else f"{count.share:.0%}"


def hangs_on(one: Finding) -> str:
    """Return on which judgements a finding that does not survive hangs."""
    if one.hangs_on_seats:
        return "hangs on who sits there and on the lots of a session"
    if one.worst is None:
        return "hangs on several areas together; none alone upsets it"
    count = one.alone[one.worst]
    told = f"hangs on {one.worst} ({count.share:.0%} of {count.draws} draws of these alone)"
    if one.number is None:
        return told
    return f"{told}, above all on {one.number} where it is {'low' if one.fails_low else 'high'}"


FINDINGS_HEAD = ("about", "as stated", "survives, all at once", "most upset by", "a finding?")
"""What is told of findings in a table."""


def finding_rows(found: Survey) -> Iterator[tuple[str, ...]]:
    """Yield the findings: how often each survives, what upsets it most, whether it is one."""
    for one in found.findings:
        low, high = one.at_once.interval
        share = f"{percent(one.at_once)} ({low:.0%}–{high:.0%})"
        yield (one.about, one.found, share, _worst(one), _verdict(one))


def _worst(one: Finding) -> str:
    if one.hangs_on_seats and one.as_stated is not None:
        return f"who sits there {one.as_stated.share:.0%}"
    if one.worst is None:
        return "–"
    number = "" if one.number is None else f", {'low' if one.fails_low else 'high'} {one.number}"
    return f"{one.worst} {one.alone[one.worst].share:.0%}{number}"


def _verdict(one: Finding) -> str:
    told = "yes" if one.survives else "no"
    is_clear = one.is_clear or one.hangs_on_seats
    return told if is_clear else f"{told} (not clear)"


ENDINGS_HEAD = ("sessions", "declaratory", "binding", "out", "in force", "as it was")
"""What is told of how sessions ended."""


def signs(found: Survey) -> bool:
    """Return whether sessions of a scenario end in signatures."""
    return any(one.in_force is not None for line in found.endings.values() for one in line)


def ending_rows(found: Survey) -> Iterator[tuple[str, ...]]:
    """Yield how sessions ended, area by area; *as it was* is the ending with the stated numbers."""
    whole = next((one.found for one in found.findings if one.about == "ending"), None)
    for name, line in found.endings.items():
        told = {AS_STATED: "nothing", AT_ONCE: "every judgement"}.get(name, f"{name} alone")
        figures = (
            [one.declaratory for one in line],
            [one.binding for one in line],
            [one.out for one in line],
            [bool(one.in_force) for one in line],
            [one.found.get("ending") == whole for one in line],
        )
        yield (told, str(len(line)), *(_mean(one, line) for one in figures))


def _mean(figures: Sequence[float], line: Sequence[Ending]) -> str:
    return f"{sum(figures) / len(line):.0%}" if line else "–"
