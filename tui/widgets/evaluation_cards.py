"""Plans and evaluations as rows of the home screen's list, and what is told of the current one."""

from __future__ import annotations

from textual.content import Content

from delegates.text import counted, one_line
from tui.library.evaluations import EvaluationCard, PlanCard
from tui.text.brackets import some
from tui.text.wording import money
from tui.widgets.standing_lines import ended_words

_STATE = 26
"""Columns of how an evaluation stands."""

NAMED = 6
"""Parties, issues, strategies or scenarios that are named; of more the first half."""


def plan_line(card: PlanCard, width: int) -> Content:
    """Return a plan's row: what it is, and that it can be started."""
    state = "▷ plan, asks models" if card.asks_models else "▷ plan, by rules"
    return _line(f"{card.source}: {card.title}", state, "$primary", width)


def evaluation_line(card: EvaluationCard, width: int) -> Content:
    """Return an evaluation's row: what it is, and how it stands."""
    folder = one_line(card.path.name)
    told = f"{folder}: {card.title}" if card.is_sound else folder
    return _line(told, *standing_of(card), width)


def _line(told: str, state: str, style: str, width: int) -> Content:
    title = Content(told).truncate(max(width - _STATE - 2, 1), ellipsis=True, pad=True)
    return Content.assemble(title, "  ", (f"{state:<{_STATE}}", style))


def standing_of(card: EvaluationCard) -> tuple[str, str]:
    """Return how an evaluation stands in a few words, and their style."""
    counts = card.counted
    match card.state:
        case "finished":
            return f"✓ {counted(counts.sessions, 'session')}", "$success"
        case "failures":
            return f"✓ {counts.sessions:,}, ✗ {counts.retried:,} failed", "$warning"
        case "unfinished":
            return f"… {counts.sessions:,} of {card.planned:,}", "$primary"
        case "damaged":
            return "✗ damaged", "$error"


def plan_content(card: PlanCard) -> Content:
    """Return what is told of a plan beside the list."""
    asks = "asks models: the price is told first" if card.asks_models else "asks no model"
    return Content("\n").join(
        [
            Content.styled(card.title, "bold"),
            Content.styled(
                f"plan {card.source} · {counted(card.repetitions, 'repetition')} · {asks}", "$muted"
            ),
            Content.assemble(
                (f"{counted(len(card.strategies), 'strategy', 'strategies')} ", "$muted"),
                few_of(card.strategies),
            ),
            Content.assemble(("scenarios ", "$muted"), few_of(card.scenarios)),
            Content.styled("⏎ what it would play", "$muted"),
            Content(""),
            Content(card.question),
        ]
    )


def evaluation_content(card: EvaluationCard) -> Content:
    """Return what is told of an evaluation beside the list."""
    told, style = standing_of(card)
    lines = [Content.styled(card.title, "bold")]
    if not card.is_sound:
        lines.append(Content.assemble((told, style), f" {card.problem}"))
        return Content("\n").join([*lines, _folder(card)])
    lines.append(Content.assemble((told, style), (f" · {money(card.counted.cost_usd)}", "$muted")))
    if card.counted.sessions:
        lines.append(Content(ended_words(card.counted.ended)))
    lines.append(Content.assemble(("strategies ", "$muted"), few_of(card.strategies)))
    lines.append(_folder(card))
    lines.append(Content.styled(_keys(card), "$muted"))
    return Content("\n").join([*lines, Content(""), Content(card.question)])


def _folder(card: EvaluationCard) -> Content:
    return Content.styled(f"folder {one_line(card.path.name)}", "$muted")


def few_of(names: tuple[str, ...]) -> str:
    """Return some names, or the first half of so many as can be named and how many more."""
    return some(names, NAMED if len(names) <= NAMED + 1 else NAMED // 2)


def _keys(card: EvaluationCard) -> str:
    if card.is_played:
        return "⏎ report"
    so_far = " · v what was found so far" if card.has_report else ""
    return f"⏎ {'continue' if card.counted.sessions else 'start'}{so_far}"
