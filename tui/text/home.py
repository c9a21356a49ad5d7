"""What stands behind a seat, as text for a person: news, mandate, ratification, shocks to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from delegates.acts_open import options_to_ask_for
from delegates.contract import News, OwnMandate, View
from delegates.leading.trainer import OpenShock
from delegates.text import clean
from games.option_words import labelled, settled_words, with_units
from games.point_words import tenths
from tui.text.wording import hung, paragraph

_FROM = {"instruction": ", your capital", "answer": ", your capital", "shock": ""}


def news_lines(view: View) -> list[str]:
    """Return what has happened between moves, as far as the seat knows, oldest first."""
    return [_told(one) for one in view.news] or ["Nothing has happened between moves so far."]


def _told(one: News) -> str:
    alone = " (not all have heard it)" if one.is_private and one.kind == "shock" else ""
    lead = f"Round {one.round + 1}{_FROM[one.kind]}:"
    return hung("  ", f"{lead} {clean(one.words)}{alone}", "    ")


def mandate_lines(view: View) -> list[str]:
    """Return what a seat may sign, what it has asked for, and what yielding costs it at home."""
    mandate = view.mandate
    if mandate is None:
        return ["Nobody at home limits what you may sign."]
    lines = [*_limits(view, mandate), *_hurdles(view, mandate)]
    if not lines:
        return ["Your capital limits nothing that you may sign."]
    return ["Your mandate, for your eyes alone", *lines]


def _limits(view: View, mandate: OwnMandate) -> Iterator[str]:
    labels = {name: clean(issue.label) for name, issue in view.public.issues.items()}
    for issue, options in mandate.limits.items():
        if len(options) < len(view.public.issues[issue].texts):
            listed = clean(with_units(view.public.issues[issue], options))
            yield hung("  ", f"You may sign of {labels[issue]}: {listed}.", "    ")
    for issue, option, answer in mandate.asked:
        became = {True: "granted", False: "refused", None: "no answer yet"}[answer]
        asked = clean(settled_words(view.public.issues, {issue: option}))
        yield hung("  ", f"You asked for {asked}: {became}.", "    ")
    if mandate.limits:
        times = "time" if mandate.requests_left == 1 else "times"
        yield hung(
            "  ",
            f"You may ask your capital {mandate.requests_left} more {times}: ask ISSUE OPTION. "
            "That costs your turn; the answer comes with the next round.",
            "    ",
        )
    open_now = options_to_ask_for(view)
    if open_now:
        issues = view.public.issues
        found = [
            labelled(clean(issues[name].label), clean(with_units(issues[name], some, " or ")))
            for name, some in open_now.items()
        ]
        yield hung("  ", f"Now you could ask for {'; '.join(found)}.", "    ")


def _hurdles(view: View, mandate: OwnMandate) -> Iterator[str]:
    if mandate.face and view.hall is not None:
        yield hung(
            "  ",
            f"What you yield before the hall costs you {tenths(mandate.face)} points at home for "
            "each of your points; in a small room it costs nothing.",
            "    ",
        )


def home_now(view: View) -> list[str]:
    """Return what home says to what the seat is asked about now."""
    mandate = view.mandate
    if mandate is None:
        return []
    lines: list[str] = []
    if mandate.is_held:
        lines.append(f"Your capital lets you sign nothing in this round{_instead(view)}.")
    elif view.offer is not None and (beyond := view.outside_mandate(view.offer)) is not None:
        issue, option = beyond
        settled = settled_words(view.public.issues, {issue: option})
        lines.append(f"It is beyond your mandate: {clean(settled)}.")
    if mandate.chance is not None:
        lines.append(f"At home it would be ratified with a chance of {mandate.chance:.0%}.")
    return [paragraph(line) for line in lines]


def _instead(view: View) -> str:
    """Return what a seat can do while it may sign nothing, where it is asked to speak."""
    if view.hall is not None and view.hall.stage not in ("floor", "room"):
        return ""
    return ": pass, or ask for more" if options_to_ask_for(view) else ": pass"


def shock_lines(shocks: Sequence[OpenShock]) -> list[str]:
    """Return what can be had strike, and what each changes."""
    if not shocks:
        return ["There is nothing that could strike."]
    lines: list[str] = []
    for one in shocks:
        alone = f" (heard by {', '.join(one.heard_by)} alone)" if one.heard_by else ""
        lines.append(hung("  ", f"{one.name}: {clean(one.label)}{alone}", "    "))
        if one.words:
            lines.append(paragraph(f"“{clean(one.words)}”", "    "))
        if one.changes:
            lines.append(paragraph(f"changes {clean('; '.join(one.changes))}", "    "))
    return lines
