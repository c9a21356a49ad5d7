"""A seat's points as bars: what each option is worth to it, on its own scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from textual.content import Content

from delegates.contract import View
from delegates.text import clean, one_line
from games.option_words import labelled, settled_words, with_units
from games.outcomes import Option, option_text
from games.scenario import Link
from tui.text.home import mandate_lines
from tui.text.labels import option_with_unit
from tui.text.seat import giver_of, least, ratification_told
from tui.widgets.fitted import title, wrapped

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LABEL, _FIGURE, _BAR = 26, 7, 24
"""Columns of an option, of its points, and of the longest bar at most."""

MOST_OPTIONS = 12
"""Options of an issue that are drawn; of more, so many spread over all."""


def points_lines(view: View, width: int) -> list[Content]:
    """Return what each option of each issue is worth to a seat.

    Args:
        view: What the seat may know.
        width: Columns.
    """
    worth = [value for options in view.private.points.values() for value in options.values()]
    largest = max(map(abs, worth), default=0.0) or 1.0
    longest = max(
        len(option_with_unit(issue, option))
        for issue in view.public.issues.values()
        for option in _drawn(issue.options)
    )
    label = min(longest, _LABEL)
    lines = [title("What is worth how much to you, for your eyes alone")]
    for name in view.public.issues:
        lines += _issue(view, name, _Scale(largest, label, width))
    for link in view.private.links:
        lines += _link(view, link, width)
    return [*lines, *_home(view, width)]


@dataclass(frozen=True)
class _Scale:
    """How a seat's points are drawn, the same for all issues."""

    largest: float
    """The points of the longest bar."""
    label: int
    """Columns of an option."""
    width: int
    """Columns there are."""

    @property
    def room(self) -> int:
        """Columns of the longest bar."""
        return min(max(self.width - self.label - _FIGURE - 16, 6), _BAR)


def _issue(view: View, name: str, scale: _Scale) -> Iterator[Content]:
    issue = view.public.issues[name]
    giver = giver_of(view, name)
    owner = f", from {one_line(giver)}" if giver else ""
    unit = f", {one_line(issue.unit)}" if issue.unit else ""
    yield Content("")
    yield Content.assemble((one_line(issue.label) or name, "bold"), (f"{unit}{owner}", "$muted"))
    options = _drawn(issue.options)
    for option in options:
        value = view.private.points[name][option_text(option)]
        told = Content(option_with_unit(issue, option)).truncate(
            scale.label, ellipsis=True, pad=True
        )
        yield Content.assemble(
            "  ", told, " ", bar(value, scale.largest, scale.room), f"{value:>{_FIGURE}g}",
            _noted(view, name, option),
        )  # fmt: skip
    if len(options) < len(issue.options):
        yield Content.styled(f"  … {len(options)} of {len(issue.options)} options", "$muted")
    for option in issue.ambiguous:
        reading = view.readings.get(name, {}).get(option)
        own = "" if reading is None else f"; you read it as {one_line(reading)}"
        told = f"“{one_line(option)}” is left open: each reads it in its own way{own}."
        yield from wrapped(told, scale.width, style="$muted", first="  ")


def _drawn(options: tuple[Option, ...]) -> list[Option]:
    if len(options) <= MOST_OPTIONS:
        return list(options)
    last = len(options) - 1
    return [options[round(k * last / (MOST_OPTIONS - 1))] for k in range(MOST_OPTIONS)]


def bar(value: float, largest: float, room: int) -> Content:
    """Return points as a bar; hatched where they are negative.

    Args:
        value: The points.
        largest: The points of the longest bar.
        room: Columns of the longest bar.
    """
    eighths = round(min(abs(value) / largest, 1.0) * room * 8)
    whole, rest = divmod(eighths, 8)
    if value < 0:
        drawn = "▒" * max(whole, 1)
        return Content.styled(f"{drawn:<{room}}", "$error")
    drawn = "█" * whole + (_EIGHTHS[rest] if rest else "")
    return Content.styled(f"{drawn:<{room}}", "$primary")


def _noted(view: View, issue: str, option: Option) -> Content:
    text = option_text(option)
    if {issue: text} in view.private.red_lines:
        return Content.styled("  ✗ red line", "bold $error")
    limits: Mapping[str, tuple[str, ...]] = {} if view.mandate is None else view.mandate.limits
    if issue in limits and text not in limits[issue]:
        return Content.styled("  ⊘ no mandate", "$warning")
    return Content("")


def _link(view: View, link: Link, width: int) -> Iterator[Content]:
    first, second = (view.public.issues[name] for name in link.issues)
    yield Content("")
    yield from wrapped(
        f"{one_line(first.label)} with {one_line(second.label)}, besides", width, style="bold"
    )
    for option, row in link.points.items():
        worth = [f"{one_line(other)} {value:+g}" for other, value in row.items() if value]
        if worth:
            yield from wrapped(
                " · ".join(worth), width, first=f"  {one_line(option)} with ", rest="    "
            )


def _home(view: View, width: int) -> Iterator[Content]:
    """Yield what signing costs at home, and what must pass there."""
    cost = None if view.dispute is None else view.dispute.audience_cost.get(view.party)
    told = [f"Signing may cost you up to {cost:g} at home, for the quarrel's sake."] if cost else []
    told += ratification_told(view)
    if told:
        yield Content("")
    for line in told:
        yield from wrapped(line, width)


def least_lines(view: View, width: int) -> list[Content]:
    """Return what a seat has without agreement, its red lines, its mandate and what time costs.

    Args:
        view: What the seat may know.
        width: Columns.
    """
    issues = view.public.issues
    told, time = least(view)[0], least(view)[-1]
    lines = [title("The least you can take"), *wrapped(told, width, style="bold")]
    lines += wrapped(clean(view.private.reservation_basis), width)
    for line in view.private.red_lines:
        crossed = f"Red line, never to be signed: {one_line(settled_words(issues, line))}."
        lines += wrapped(crossed, width, style="$error", first="✗ ")
    lines += wrapped(time, width)
    if view.mandate is None:
        return lines
    heading, *told = mandate_lines(view)
    lines += [Content(""), *wrapped(heading, width, style="bold")]
    for line in told:
        lines += wrapped(line.replace(": ask ISSUE OPTION. That", ". That"), width, first="  ")
    return lines


def impossible_lines(view: View, width: int) -> list[Content]:
    """Return which options can go together for nobody; nothing where all can.

    Args:
        view: What the seat may know.
        width: Columns.
    """
    issues = view.public.issues
    lines: list[Content] = []
    for name, issue in issues.items():
        for option, excluded in issue.excludes.items():
            for other, others in excluded.items():
                first = settled_words(issues, {name: option})
                barred = with_units(issues[other], others, " or ")
                told = f"{first} with {labelled(issues[other].label or other, barred)}"
                lines += wrapped(one_line(told), width, first="· ")
    return [Content(""), title("Impossible for anyone"), *lines] if lines else []
