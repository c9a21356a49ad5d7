"""The words of a briefing: the setting, the private brief, the others, the rules, the seats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content

from delegates.contract import View
from delegates.rehearsal.estimate import Estimate
from delegates.seats import SeatSpec
from delegates.text import clean, one_line
from games.scenario import Scenario
from tui.session_plan import SessionPlan
from tui.text.beforehand import rules_lines
from tui.text.hall_seat import affairs_lines
from tui.text.home import news_lines
from tui.text.labels import PartyLabel, party_labels
from tui.widgets.fitted import title, wrapped

FEW = 6
"""Seats up to which each is listed; of more, how many are of each kind."""


def brief_lines(scenario: Scenario, view: View | None, width: int) -> list[Content]:
    """Return the setting and, of a seat, what all know it wants and its private brief.

    Args:
        scenario: What is negotiated.
        view: What the seat may know; None for whoever only watches.
        width: Columns.
    """
    lines: list[Content] = []
    if view is not None:
        own = view.public.parties[view.party]
        label = next(one for one in party_labels(scenario) if one.id == view.party)
        lines += [
            Content.assemble(
                ("You are ", "bold"),
                (f"{label.glyph} {label.name}", f"bold {label.style}"),
                (f"  {own.side}", "$muted"),
            ),
            *wrapped(f"All know that you want: {clean(own.interests)}", width),
            Content(""),
        ]
    if view is not None and view.private.brief:
        lines.append(title("Your brief, for your eyes alone"))
        lines += [*_paragraphs(view.private.brief, width), Content("")]
    if view is not None and view.news:
        lines.append(title("What has just happened"))
        for line in news_lines(view):
            lines += wrapped(line, width, first="· ")
        lines.append(Content(""))
    lines.append(title("The setting"))
    dated = f"{scenario.date}: nobody at the table knows anything later." if scenario.date else ""
    lines += [*_paragraphs(scenario.setting, width), *wrapped(dated, width, style="$muted")]
    return lines


def _paragraphs(text: str, width: int) -> Iterator[Content]:
    parts = [part for part in clean(text).split("\n\n") if part.strip()]
    for place, part in enumerate(parts):
        if place:
            yield Content("")
        yield from wrapped(part, width)


def around_lines(scenario: Scenario, view: View | None, width: int) -> list[Content]:
    """Return what is known of the others, what a seat can do beside the text, and the rules.

    Args:
        scenario: What is negotiated.
        view: What the seat may know; None for whoever only watches.
        width: Columns.
    """
    own = None if view is None else view.party
    others = [label for label in party_labels(scenario) if label.id != own]
    lines = [title("What is known of the others" if view is not None else "The delegations")]
    for label in others:
        party = scenario.parties[label.id]
        lines.append(
            Content.assemble(
                (f"{label.signed_id} {label.name}", f"bold {label.style}"),
                (f"  {party.side}", "$muted"),
            )
        )
        lines += wrapped(clean(party.interests), width, first="  ")
    lines += [Content(""), title("How it is played")]
    for line in rules_lines(scenario):
        lines += wrapped(line, width, first="· ")
    if view is not None and view.hall is not None:
        told = affairs_lines(view, view.hall)
        lines += [Content(""), title("What you can do beside the text")] if told else []
        for line in told:
            lines += wrapped(line, width, first="· ")
    return lines


def table_lines(
    plan: SessionPlan,
    specs: Mapping[str, SeatSpec] | None,
    price: Estimate | str | None,
    width: int,
) -> list[Content]:
    """Return who decides and who words each seat, what that may cost, and what else is set.

    Args:
        plan: What is to be played.
        specs: The seats, once they are known.
        price: What it may use, or why that cannot be said; None while it is worked out.
        width: Columns.
    """
    lines = [title("At the table")]
    if specs is not None:
        lines += _seats(plan, specs, width)
    lines.append(Content(""))
    if isinstance(price, str):
        lines += wrapped(f"✗ {price}", width, style="bold $error")
    elif price is None:
        lines.append(Content.styled("Working out the price…", "$muted"))
    else:
        lines += wrapped(one_line(price.line()), width, style="bold")
        for line in price.seat_lines()[:FEW]:
            lines += wrapped(one_line(line), width, first="  ", style="$muted")
    return [*lines, *wrapped(" · ".join(_set(plan)), width, style="$muted")]


def _seats(plan: SessionPlan, specs: Mapping[str, SeatSpec], width: int) -> Iterator[Content]:
    labels = party_labels(plan.scenario)
    named: Sequence[PartyLabel] = labels
    if len(labels) > FEW:
        named = [label for label in labels if specs[label.id].is_person]
    longest = max((len(label.id) for label in named), default=0)
    for label in named:
        spec = specs[label.id]
        who = "you" if label.id == plan.party else spec.text
        told = f"{spec.decides} decides; {spec.words} word{'s' if _is_one(spec) else ''}"
        if spec.stand_in is not None:
            told = f"stand-in: {spec.stand_in.text}"
        yield Content.assemble(
            (f"{label.glyph} {label.id:<{longest}}", label.style),
            (f"  {one_line(who)}", "bold"),
            (f"  {one_line(told)}", "$muted"),
        ).truncate(width, ellipsis=True)
    if len(labels) > FEW:
        rest = [spec for party, spec in specs.items() if not specs[party].is_person]
        for (text, decides, words), count in Counter(
            (spec.text, spec.decides, spec.words) for spec in rest
        ).most_common(FEW):
            told = f"{count} × {one_line(text)}: {one_line(decides)} decides, {one_line(words)}"
            yield from wrapped(f"{told} word{'' if words == 'templates' else 's'}", width)


def _is_one(spec: SeatSpec) -> bool:
    return spec.words != "templates"


def _set(plan: SessionPlan) -> Iterator[str]:
    cap = plan.caps.max_cost_usd
    yield "no cap on money given" if cap is None else f"never more than {cap:g} USD"
    yield f"seed {plan.seed}"
    if plan.party is not None:
        yield f"hints {'allowed' if plan.hints else 'off'}"
    if plan.shocks:
        yield f"shocks {', '.join(map(one_line, plan.shocks))}"
