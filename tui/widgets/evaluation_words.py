"""An evaluation's answer and its methods as lines of a screen, and how far a batch has come."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from delegates.evaluation.judging.found import POOLED, Found
from delegates.evaluation.planning.plan import FAILURES
from delegates.evaluation.playing.progress import Progress
from tui.text.evaluation import brief_words
from tui.text.evaluation_words import (
    answer,
    interval,
    name,
    played,
    standing_on,
)
from tui.text.wording import LIMITS, money
from tui.widgets.fitted import title, wrapped
from tui.widgets.standing_lines import in_order

_FEW = 5
"""Strategies and games that the answer names; the other parts have them all."""


def answer_lines(found: Found, width: int) -> list[Content]:
    """Return the answer in words: the question, who leads, the games, what to know."""
    lines: list[Content] = []
    if found.question.strip():
        lines += wrapped(name(found.question, 2000), width, style="bold")
        lines.append(Content(""))
    for sentence in answer(found):
        lines += wrapped(sentence, width, first="▸ ", rest="  ")
    if found.standings:
        lines += [Content(""), title("Advantage, per cent of what there was to gain")]
    for place, one in enumerate(found.standings[:_FEW], start=1):
        told = f"{name(one.strategy)} {interval(one.advantage)}; {standing_on(one.advantage)}"
        lines += wrapped(told, width, first=f"{place:>2} ")
    lines += _more(len(found.standings), "strategies", 2)
    each = [game for game in found.games if game.scope != POOLED]
    if each:
        lines += [Content(""), title("Where play is stable (consumers / suppliers)")]
    for game in each[:_FEW]:
        lines += wrapped(brief_words(found, game), width, first="- ", rest="  ")
    lines += _more(len(each), "games", 6)
    lines += [Content(""), title("Sessions"), *wrapped(played(found), width)]
    # The answer has told where there is no advantage.
    notes = [*found.notes, *(one for one in found.caveats if one not in found.undefined)]
    if notes:
        lines += [Content(""), title("To be known")]
    for note in notes:
        lines += wrapped(name(note, 2000), width, first="! ", rest="  ")
    return [*lines, Content(""), *wrapped(LIMITS, width, style="$muted")]


def _more(count: int, what: str, part: int) -> list[Content]:
    if count <= _FEW:
        return []
    return [Content.styled(f"   … and {count - _FEW} more {what}: {part} has them all", "$muted")]


def methods_lines(found: Found, width: int) -> list[Content]:
    """Return how it was done."""
    lines = wrapped(name(found.methods, 8000), width)
    for table, where in found.tables.items():
        lines += wrapped(f"{name(table)}: {name(where, 400)}", width, style="$muted")
    return lines


def duration(seconds: float) -> str:
    """Return a time as people say it: seconds, minutes and seconds, hours and minutes."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60:02} min"


def progress_lines(found: Progress, width: int) -> list[Content]:
    """Return how far a batch has come: a bar, rate, time left, how sessions ended, what it cost."""
    share = found.done / found.planned if found.planned else 1.0
    known = found.earlier / found.planned if found.planned else 0.0
    told = f" {found.done:,} of {found.planned:,} · {int(100 * share)} %"
    room = max(min(width - len(told), 100), 10)
    filled, before = (int(room * min(part, 1.0)) for part in (share, known))
    bar = Content.assemble(
        ("▓" * before, "$secondary"),
        ("█" * (filled - before), "$primary"),
        ("░" * (room - filled), "$faint"),
        (told, "bold"),
    )
    rows = {
        "rate": "–" if found.rate is None else f"{found.rate:,.1f} sessions a second",
        "time": f"{duration(found.elapsed_s)} so far{_left(found)}",
        "running": f"{found.running:,} at this moment",
        "cost": _cost(found),
    }
    if found.earlier:
        rows["earlier"] = f"{found.earlier:,} finished by earlier runs (▓)"
    lines = [bar, Content("")]
    lines += [Content.assemble((f"{row:<10}", "$muted"), told) for row, told in rows.items()]
    return [*lines, Content(""), *_ended_lines(found.ended, width)]


def _left(found: Progress) -> str:
    if found.is_over or found.eta_s is None:
        return ""
    return f", about {duration(found.eta_s)} to go"


def _cost(found: Progress) -> str:
    told = money(found.cost_usd)
    if found.cap_usd is None:
        return told if found.cost_usd == 0 else f"{told}, no cap"
    return f"{told} of at most {found.cap_usd:.2f} USD"


def _ended_lines(ended: Mapping[str, int], width: int) -> list[Content]:
    """Return how many sessions ended how, a bar each; failures have their sign."""
    lines = [title("How sessions ended")]
    most = max(ended.values(), default=0)
    if not most:
        return [*lines, Content.styled("none has finished yet", "$muted")]
    room = max(min(width - 28, 60), 4)
    for kind, count in in_order(ended).items():
        failed = kind in FAILURES
        told = f"{'✗ ' if failed else '  '}{name(kind, 14).replace('-', ' '):<14}{count:>9,} "
        bar = "█" * max(round(room * count / most), 1)
        lines.append(
            Content.assemble(
                (told, "$error" if failed else ""), (bar, "$error" if failed else "$primary")
            )
        )
    return lines
