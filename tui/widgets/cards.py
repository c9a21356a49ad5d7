"""Scenarios, sessions and evaluations as rows of a list, and what is told of the current one."""

from __future__ import annotations

from textual.content import Content

from delegates.text import counted
from games.point_words import tenths
from tui.library import Card, Ending, EvaluationCard, PlanCard, ScenarioCard, SessionCard
from tui.text.endings import BRIEFLY
from tui.widgets.ending import STYLES
from tui.widgets.evaluation_cards import (
    NAMED,
    evaluation_content,
    evaluation_line,
    few_of,
    plan_content,
    plan_line,
)
from tui.widgets.listing import Row

DOTS = 5
"""Grades of difficulty."""

WITH_PROTOCOL = 88
"""Columns from which a scenario's row names its protocol."""

ENDINGS: dict[Ending, tuple[str, str]] = {
    "agreement": (f"★ {BRIEFLY['agreement']}", STYLES["agreement"]),
    "no-agreement": (BRIEFLY["no-agreement"], STYLES["no-agreement"]),
    "walked-away": (BRIEFLY["walked-away"], STYLES["walked-away"]),
    "unfinished": ("… unfinished", "$primary"),
    "damaged": ("✗ damaged", "$error"),
}
"""How a session stands, with the style it is shown in."""

_SCENARIO = "parties  issues  level    min"
_WHEN, _WHO, _ENDED = 18, 15, 14

BRANCH = "↳"
"""Stands before the title of a session that branched off another."""


def key_of(card: Card) -> str:
    """Return by which a card is known in a list."""
    match card:
        case ScenarioCard():
            return f"scenario:{card.source}"
        case SessionCard():
            return f"session:{card.path}"
        case PlanCard():
            return f"plan:{card.source}"
        case EvaluationCard():
            return f"evaluation:{card.path}"


def scenario_aside(width: int) -> str:
    """Return what stands over the columns of scenarios."""
    return f"{_SCENARIO}  {'protocol':<14}" if width >= WITH_PROTOCOL else _SCENARIO


def row_of(card: Card) -> Row:
    """Return a card as a row."""
    match card:
        case ScenarioCard():
            return Row(key_of(card), lambda width: _scenario_line(card, width))
        case SessionCard():
            return Row(key_of(card), lambda width: _session_line(card, width))
        case PlanCard():
            return Row(key_of(card), lambda width: plan_line(card, width))
        case EvaluationCard():
            return Row(key_of(card), lambda width: evaluation_line(card, width))


def difficulty_dots(card: ScenarioCard) -> str:
    """Return a difficulty as filled dots among hollow ones, and as a figure."""
    return f"{'●' * card.difficulty}{'○' * (DOTS - card.difficulty)} {card.difficulty}"


def _scenario_line(card: ScenarioCard, width: int) -> Content:
    figures = (
        f"{len(card.parties):>7}  {len(card.issues):>6}  {difficulty_dots(card):<7}  "
        f"{card.minutes:>3}"
    )
    if width >= WITH_PROTOCOL:
        figures += f"  {card.protocol:<14}"
    title = Content(card.title).truncate(max(width - len(figures) - 2, 1), ellipsis=True, pad=True)
    return Content.assemble(title, "  ", (figures, "$muted"))


def _session_line(card: SessionCard, width: int) -> Content:
    told, style = ENDINGS[card.ending]
    room = max(width - _WHEN - _WHO - _ENDED - 2, 1)
    named = f"{BRANCH} {card.title}" if card.branch_of else card.title
    title = Content(named).truncate(room, ellipsis=True, pad=True)
    who = Content(who_played(card)).truncate(_WHO - 1, ellipsis=True, pad=True)
    return Content.assemble(
        (f"{card.when:<{_WHEN}}", "$muted"), title, "  ", who, " ", (f"{told:<{_ENDED}}", style)
    )


def who_played(card: SessionCard) -> str:
    """Return in few words for whom a person sat, and what that brought."""
    if not card.seats:
        return ""
    if not card.persons:
        return "watched"
    return f"you: {', '.join(_with_points(card, seat.party) for seat in card.persons)}"


def _with_points(card: SessionCard, party: str) -> str:
    return f"{party} {tenths(card.points[party])}" if party in card.points else party


def card_content(card: Card) -> Content:
    """Return what is told of a card beside the list."""
    match card:
        case ScenarioCard():
            return _scenario_content(card)
        case SessionCard():
            return _session_content(card)
        case PlanCard():
            return plan_content(card)
        case EvaluationCard():
            return evaluation_content(card)


def _scenario_content(card: ScenarioCard) -> Content:
    parties, issues = few_of(card.parties), few_of(card.issues)
    return Content("\n").join(
        [
            Content.styled(card.title, "bold"),
            Content.styled(
                f"{card.protocol}, {counted(card.rounds, 'round')} · "
                f"{counted(card.outcomes, 'outcome')} · difficulty {card.difficulty} of {DOTS} · "
                f"about {counted(card.minutes, 'minute')}",
                "$muted",
            ),
            Content.assemble((f"{len(card.parties)} parties ", "$muted"), parties),
            Content.assemble((f"{counted(len(card.issues), 'issue')} ", "$muted"), issues),
            Content.styled("⏎ briefing · w watch · A analysis", "$muted"),
            Content(""),
            Content(card.setting),
        ]
    )


def _session_content(card: SessionCard) -> Content:
    told, style = ENDINGS[card.ending]
    in_round = "" if card.round is None else f" in round {card.round + 1}"
    lines = [
        Content.styled(card.title, "bold"),
        Content.assemble((f"{told}{in_round}", style), (f"  {card.when} UTC", "$muted")),
    ]
    if card.problem:
        lines = [lines[0], Content.assemble((told, style), f" {card.problem}")]
    seats = [f"{seat.name}: {'you' if seat.is_person else seat.spec}" for seat in card.seats]
    if len(seats) > NAMED:
        own = [f"{seat.name}: you" for seat in card.persons]
        seats = [*own, f"{len(seats) - len(own)} other seats"]
    lines += [Content(" · ").join(map(Content, seats))] if seats else []
    told = [_with_points(card, one.party) for one in card.persons if one.party in card.points]
    if told:
        lines.append(Content.styled(f"{', '.join(told)} points in the end", "bold"))
    if card.branch_of:
        lines.append(Content(f"branched off {card.branch_of}"))
    lines.append(Content.styled(card.path.name, "$muted"))
    if card.is_sound:
        enter = "replay" if card.is_finished else "carry on · r replay"
        keys = f"⏎ {enter} · v review · A analysis · m mark, C compare the marked"
        lines.append(Content.styled(keys, "$muted"))
    return Content("\n").join(lines)
