"""The table from one seat, as text: the brief, the own points, the offer, the talks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from delegates.contract import PublicMove, View
from delegates.last_word import last_word
from delegates.text import clean
from games.moves import AskCapital, Pass
from games.naming import called
from games.option_words import labelled, settled_words, with_unit, with_units
from games.outcomes import Option, option_text
from games.point_words import tenths
from games.scenario import Link
from games.session import Accept, Offer, WalkAway
from tui.text.asides import in_their_place, news_line, requests_made
from tui.text.columns import left, lines_of, width_of
from tui.text.hall_seat import (
    affairs_lines,
    face_counted,
    hall_situation,
    hall_talk_lines,
    parties_lines,
)
from tui.text.home import home_now, mandate_lines
from tui.text.wording import LABEL, WIDTH, amount, changes, hung, most_rounds, paragraph


def briefing(view: View) -> list[str]:
    """Return what a person is told when they sit down: setting, brief, points, least, red lines."""
    public = view.public
    own = public.parties[view.party]
    lines = [f"YOU ARE {clean(own.name).upper()}", ""]
    for part in clean(public.setting).split("\n\n"):
        lines += [paragraph(part, "  "), ""] if part.strip() else []
    if view.hall is not None:
        lines += parties_lines(view)
    else:
        for party, other in public.parties.items():
            if party != view.party:
                told = f"{clean(other.name)} ({other.side}): {clean(other.interests)}"
                lines.append(paragraph(told))
    lines += [paragraph(f"What all know of you: {clean(own.interests)}"), ""]
    if view.private.brief:
        lines += ["Your brief, for your eyes alone", *_paragraphs(view.private.brief), ""]
    lines += [*points_table(view), "", *least(view)]
    if view.mandate is not None:
        lines += ["", *mandate_lines(view)]
    affairs = [] if view.hall is None else affairs_lines(view, view.hall)
    return [*lines, "", *affairs] if affairs else lines


_NO_BREAK = "\N{NO-BREAK SPACE}"


def _paragraphs(text: str) -> list[str]:
    return [paragraph(part, "  ") for part in clean(text).split("\n\n") if part.strip()]


def points_table(view: View) -> list[str]:
    """Return what each option is worth to the seat, and what options are worth together."""
    width = max(len(name) for name in view.public.issues)
    lines = ["What is worth how much to you, for your eyes alone"]
    for name, issue in view.public.issues.items():
        unit = f", {clean(issue.unit)}" if issue.unit else ""
        owed = f" (from {giver})" if (giver := giver_of(view, name)) else ""
        lines.append(hung(f"  {name:<{width}}  ", f"{clean(issue.label)}{unit}{owed}"))
        worth = view.private.points[name]
        told = [f"{amount(one)}: {worth[option_text(one)]:g}" for one in issue.options]
        lines.append(_listed(" " * (width + 4), told))
        lines += [_open_words(view, name, option) for option in issue.ambiguous]
    for link in view.private.links:
        lines += _link(view, link)
    if view.dispute is not None and (cost := view.dispute.audience_cost.get(view.party)):
        lines.append(
            paragraph(f"Signing may cost you up to {cost:g} at home, for the quarrel's sake.", "  ")
        )
    return [*lines, *ratification_told(view)]


def ratification_told(view: View) -> list[str]:
    """Return what must pass at home once it is signed, and what it costs if it does not."""
    ratify = None if view.mandate is None else view.mandate.ratify
    if ratify is None:
        return []
    lines = [
        paragraph(
            f"What you sign must be ratified at home: a text worth {ratify.threshold:g} there "
            "passes with even chances; each point more raises the chance (slope "
            f"{ratify.slope:g}). If it fails you have "
            f"{tenths(view.private.reservation - ratify.audience_cost)} points.",
            "  ",
        )
    ]
    for name, options in ratify.points.items():
        worth = [f"{option}: {value:+g}" for option, value in options.items() if value]
        if worth:
            label = _label(view, name)
            lines.append(_listed("    ", worth, f"    at home {label} counts besides "))
    return lines


def _open_words(view: View, issue: str, option: str) -> str:
    """Return that an option is read by each in its own way, and how the seat reads it."""
    reading = view.readings.get(issue, {}).get(option)
    own = "" if reading is None else f"; you read it as {clean(reading)}"
    return paragraph(f"“{clean(option)}” is left open: each reads it in its own way{own}.", "    ")


def giver_of(view: View, issue: str) -> str:
    """Return who delivers what is agreed on an issue; nothing in a hall, where all who sign do."""
    party = view.public.issues[issue].obligor
    if party is None or view.hall is not None:
        return ""
    return "you" if party == view.party else _name(view, party)


def _label(view: View, issue: str) -> str:
    return clean(view.public.issues[issue].label) or issue


def _link(view: View, link: Link) -> Iterator[str]:
    first, second = (_label(view, issue) for issue in link.issues)
    yield paragraph(f"{first} and {second} together, besides:", "  ")
    for option, row in link.points.items():
        worth = [f"{other}: {value:+g}" for other, value in row.items() if value]
        if worth:
            yield _listed("    ", worth, f"    {clean(option)} with ")


def _listed(indent: str, items: list[str], first: str = "") -> str:
    """Return items wrapped between each other, never within one."""
    whole = " · ".join(clean(item).replace(" ", _NO_BREAK) for item in items)
    lines = lines_of(whole, WIDTH, first=first or indent, rest=indent, breaks_words=False)
    return "\n".join(lines).replace(_NO_BREAK, " ")


def least(view: View) -> list[str]:
    """Return what the seat has without agreement, what it must never sign, and what time costs."""
    own, rules = view.private, view.public.rules
    lines = [f"Without agreement you have {tenths(own.reservation)} points."]
    if own.reservation_basis:
        lines.append(paragraph(clean(own.reservation_basis), "  "))
    lines += [
        paragraph(f"Red line, never to be signed: {_together(view, line)}.")
        for line in own.red_lines
    ]
    for name, issue in view.public.issues.items():
        for option, excluded in issue.excludes.items():
            for other, others in excluded.items():
                barred = clean(with_units(view.public.issues[other], others, " or "))
                first = labelled(_label(view, name), clean(with_unit(issue, option)))
                told = f"{first} with {labelled(_label(view, other), barred)}"
                lines.append(paragraph(f"Impossible for anyone: {told}."))
    lost = 1 - view.own.discount * (1 - rules.breakdown)
    time = f" Each round of delay costs you {lost:.1%} of your gain." if lost > 0 else ""
    lines.append(paragraph(f"{most_rounds(rules.rounds)}.{time}"))
    return lines


def _together(view: View, combination: Mapping[str, str]) -> str:
    return clean(settled_words(view.public.issues, combination))


def worth_line(view: View, outcome: int) -> str:
    """Return what an outcome is worth to the seat, against what it has without agreement."""
    worth, without = view.own.utility(outcome), view.own.reservation
    if view.own.falls_short(outcome):
        measured = f"{tenths(without - worth)} LESS than without agreement"
    elif worth - without < view.own.tie:
        measured = "no more than without agreement"
    else:
        measured = f"{tenths(worth - without)} more than without agreement"
    yet = " before it is ratified" if view.own.in_force is not None else ""
    return f"worth {tenths(worth)} to you{yet}, {measured}{face_counted(view, outcome)}"


def offer_lines(view: View, outcome: int) -> list[str]:
    """Return an outcome issue by issue, with what each option is worth to the seat."""
    settled, issues = view.public.space.outcome(outcome), view.public.issues
    labels = {name: clean(issue.label) for name, issue in issues.items()}
    width = min(LABEL, max(map(width_of, labels.values())))
    lines: list[str] = []
    total = 0.0
    for name, option in settled.items():
        worth = view.private.points[name][option_text(option)]
        total += worth
        first, *more = lines_of(labels[name], width) or [""]
        settled_on = left(clean(with_unit(issues[name], option)), 18)
        lines.append(f"  {left(first, width)}  {settled_on} {worth:>7g}")
        lines += [f"    {rest}" for rest in more]
    in_force = view.own.utility_in_force(outcome)
    rest = in_force - total
    if abs(rest) > view.own.tie:
        together = "options that go together" if view.dispute is None else "together; the quarrel"
        lines.append(f"  {together:<{width}}  {'':<18} {rest:>+7g}")
    doubt = view.own.utility(outcome) - in_force
    if abs(doubt) > view.own.tie:
        lines.append(f"  {'it may fail at home':<{width}}  {'':<18} {doubt:>+7g}")
    return [*lines, f"  {worth_line(view, outcome)}"]


def situation(view: View) -> list[str]:
    """Return where the talks stand when it is the seat's turn."""
    if view.hall is not None:
        return [*hall_situation(view, view.hall), *home_now(view)]
    return [*_at_table(view), *home_now(view)]


def _at_table(view: View) -> list[str]:
    last = ", the last" if view.round + 1 == view.rounds else ""
    title = f"Your move, round {view.round + 1} of {view.rounds}{last}."
    last_told = last_word(view)
    end = [] if last_told is None else [paragraph(last_told)]
    if view.offer is None or view.offerer is None:
        return [title, "Nothing is on the table.", *end]
    worth = worth_line(view, view.offer)
    if view.offerer == view.party:
        return [title, paragraph(f"Your own offer is on the table: {worth}."), *end]
    stands = ", and you stand by it" if view.stands_by else ""
    offer = f"The offer of {_name(view, view.offerer)} is on the table{stands}: {worth}."
    told = [paragraph(f"{offer}{_moved(view, view.offerer)}")]
    barred = _barred(view, view.offer)
    if barred is not None:
        told.append(paragraph(f"You may not sign it: {barred}."))
    return [title, *told, *end]


def _moved(view: View, offerer: str) -> str:
    """Return how an offer compares with the same party's last one, in the seat's own points."""
    offers = view.offers_of(offerer)
    if len(offers) < 2:
        return ""
    gained = view.own.utility(offers[-1]) - view.own.utility(offers[-2])
    if abs(gained) < view.own.tie:
        return ""
    return (
        f" Their last one was {tenths(abs(gained))} {'worse' if gained > 0 else 'better'} for you."
    )


def talk_lines(view: View) -> list[str]:
    """Return what was done and said so far, oldest first."""
    if view.hall is not None:
        return hall_talk_lines(view)
    if not view.history:
        return ["Nobody has spoken yet.", *map(news_line, view.news)]
    lines: list[str] = []
    last: dict[str, dict[str, Option]] = {}
    asked = requests_made(view)
    stands: dict[str, str] = {}
    for seen, happened in in_their_place(view, view.history):
        if happened is not None:
            lines.append(news_line(happened))
        if seen is None:
            continue
        did = _did(view, seen, asked.get(seen.turn), stands.get(seen.party))
        lines.append(hung("", f"Round {seen.round + 1}, {_who(view, seen)} {did}", "    "))
        if isinstance(seen.move, Offer):
            outcome = view.public.space.outcome(seen.move.outcome)
            lines.append(paragraph(changes(view.public, last.get(seen.party), outcome), "    "))
            last[seen.party] = outcome
            stands = {seen.party: "stood by the own offer."}
        elif isinstance(seen.move, Accept):
            stands.setdefault(seen.party, "stood by the offer accepted before.")
        if seen.words and not isinstance(seen.move, Pass):
            lines.append(paragraph(f"“{clean(seen.words)}”", "    "))
    return lines


def _who(view: View, seen: PublicMove) -> str:
    return "you" if seen.party == view.party else _name(view, seen.party)


def _did(view: View, seen: PublicMove, asked: str | None, stands: str | None) -> str:
    match seen.move:
        case Offer(outcome=outcome):
            return f"offered ({tenths(view.own.utility(outcome))} to you):"
        case Accept() if stands is not None:
            return stands
        case Accept():
            return "accepted the offer on the table."
        case WalkAway():
            return "left the table."
        case _ if asked is not None:
            return f"asked your capital for {asked}."
        case _ if seen.words.endswith(f"{view.act_words(AskCapital('', ''))}."):
            return "asked for time to consult its capital."
        case _:
            return "passed."


def _name(view: View, party: str) -> str:
    return called(clean(view.public.parties[party].name))


def hindrance(view: View, outcome: int) -> str | None:
    """Return why the seat cannot sign an outcome: its capital, a red line, or it cannot happen."""
    if view.is_held:
        return "your capital lets you sign nothing in this round"
    barred = _barred(view, outcome)
    if barred is not None:
        return barred
    beyond = view.outside_mandate(outcome)
    if beyond is None:
        return None
    return f"your mandate does not reach as far as {_together(view, dict((beyond,)))}"


def _barred(view: View, outcome: int) -> str | None:
    """Return why the seat may never sign an outcome, whatever its capital says."""
    settled = {
        name: option_text(option) for name, option in view.public.space.outcome(outcome).items()
    }
    for name, issue in view.public.issues.items():
        for other, others in issue.excludes.get(settled[name], {}).items():
            if settled[other] in others:
                first = _together(view, {name: settled[name]})
                return f"{first} cannot go with {_together(view, {other: settled[other]})}"
    line = view.red_line_crossed(outcome)
    return None if line is None else f"it crosses a red line of yours: {_together(view, line)}"
