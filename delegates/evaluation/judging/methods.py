"""How an evaluation was done, as a paragraph made from its plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from delegates.evaluation.judging.paired import alike_elsewhere
from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.plan import (
    FAILURES,
    LEAST_SCENARIOS,
    OutcomeClasses,
    Plan,
    Treatment,
)
from delegates.evaluation.planning.rows import PAIR, Fixed, Joined, Rotated, Seatings, Squares
from delegates.minds.registry import PEER_MINDS, SCRIPTED_MINDS, Peer
from delegates.seats import SeatSpec, parse_seat
from delegates.text import counted, one_line
from games.naming import listed, series

NAMED = 12
"""Scenarios and strategies up to which each is named."""

LONGEST_SPEC = 80
"""Characters of a seat specification that are told."""

_TREATMENTS: dict[Treatment, str] = {
    "as-it-ended": "count as they ended",
    "no-agreement": "count as no agreement",
    "left-out": "are left out of the means",
}

_CLASSES = {
    "timeout": "that took too long",
    "provider": "whose endpoint failed for good",
    "error": "that a fault of the program stopped",
    "refused": "in which a delegate broke the protocol",
    "fallback": "in which a fallback mind moved at least once",
}


def methods(design: Design, *, program: str, resamples: int = 0) -> str:
    """Return the methods paragraph of a report.

    Args:
        design: What was planned.
        program: The version that played it, or several.
        resamples: How often the empirical games were resampled; 0 where there are none.
    """
    plan = design.plan
    parts = (
        _strategies(design),
        *_sources(design),
        _scenarios(design),
        *_seating(design),
        _repetitions(design),
        *_limits(plan),
        *_classes(plan.outcomes),
        _measures(),
        _statistic(len(design.scenarios)),
        *_paired(design),
        *_resampling(resamples),
        f"Played by Minilateral {one_line(program)}; plan {plan.id}, {design.hash[:12]}.",
    )
    return " ".join(parts)


def _strategies(design: Design) -> str:
    tested = design.plan.tested
    count, met = len(tested), only_met(design)
    told = f"{counted(count, 'strategy', 'strategies')} {_is(count)} compared: "
    told += f"{listed([_written(design, name) for name in tested], NAMED)}."
    if met:
        others = listed([_written(design, name) for name in met], NAMED)
        told += f" Only met, and not compared, {_is(len(met))} {others}."
    return told


def _sources(design: Design) -> Iterator[str]:
    """Yield whose ideas the strategies are, where some come from another library."""
    if not design.releases:
        return
    seats = {name: parse_seat(spec) for name, spec in design.specs.items()}
    ours: dict[str, list[str]] = {}
    for name, seat in seats.items():
        rule = SCRIPTED_MINDS.get(seat.mind)
        if rule is not None:
            ours.setdefault(rule.source, []).append(name)
    if ours:
        told = "; ".join(f"{series(names)} ({source})" for source, names in ours.items())
        yield f"Rules of this program, and after whom: {told}."
    for mind, peer in PEER_MINDS.items():
        theirs = {name: seat for name, seat in seats.items() if seat.mind == mind}
        if theirs:
            classes = [_called(name, peer, seat) for name, seat in theirs.items()]
            yield (
                f"Negotiators of {design.releases[mind]} ({peer.source}; {peer.licence}), which is "
                f"no part of this program, unmodified: {series(classes)}."
            )


def _called(name: str, peer: Peer, seat: SeatSpec) -> str:
    called = one_line(peer.called(seat.parameters))
    return called if name == seat.text else f"{name} ({called})"


def _written(design: Design, name: str) -> str:
    seat = parse_seat(design.specs[name])
    if seat.mind in PEER_MINDS and not seat.models:
        # What it is called there is told where it is told whose it is.
        return name
    spec = one_line(design.specs[name], LONGEST_SPEC)
    return name if spec == name else f"{name} ({spec})"


def _scenarios(design: Design) -> str:
    told = [
        f"{one_line(one.id)} ({counted(len(one.ids), 'party', 'parties')}, "
        f"{counted(one.space.count, 'outcome')}, {one.protocol.kind}, "
        f"{counted(one.protocol.rounds, 'round')})"
        for one in design.scenarios
    ]
    lead = "It plays" if len(design.specs) == 1 else "They meet"
    return f"{lead} in {counted(len(told), 'scenario')}: {listed(told, NAMED)}."


def _seating(design: Design) -> Iterator[str]:
    pairs = list(zip(design.scenarios, design.layouts, strict=True))
    if any(len(one.ids) == PAIR for one, _ in pairs):
        yield _crossing(design.plan)
    many = [layout for one, layout in pairs if len(one.ids) > PAIR]
    if many:
        yield from _many(design.plan, many)


def _crossing(plan: Plan) -> str:
    """Return who meets whom where two negotiate."""
    tested = "every strategy"
    if plan.seats.tested:
        tested = f"{'each of ' if len(plan.tested) > 1 else ''}{listed(plan.tested, NAMED)}"
    against = listed(plan.against, NAMED) if plan.seats.against else "every strategy"
    both = set(plan.tested) & set(plan.against)
    own = ""
    if both and not plan.seats.self_play:
        own = ", itself left out"
    elif both == set(plan.tested):
        own = ", itself included"
    elif both:
        own = ", itself included where it is among them"
    return f"Where two negotiate, {tested} meets {against}{own}, from either seat."


def _many(plan: Plan, layouts: Sequence[Seatings]) -> Iterator[str]:
    """Yield who sits where with more than two parties."""
    seats = plan.seats
    fixed = "a fixed opponent" if seats.fixed is None else seats.fixed
    if seats.many == "one":
        yield (
            "Where more negotiate, one seat after the other is the tested strategy's and all "
            f"others are {fixed}'s."
        )
    elif seats.many == "blocs":
        rest = "" if seats.fixed is None else f"; whoever belongs to neither plays {fixed}"
        yield (
            "Where more negotiate, all consumers play one strategy and all suppliers "
            f"another{rest}."
        )
    else:
        yield from _dealt(layouts[0], f"{counted(seats.draws, 'Latin square')} a repetition")


def _dealt(layout: Seatings, draws: str) -> Iterator[str]:
    """Yield how strategies are dealt to seats."""
    for number, part in enumerate(parts_of(layout)):
        where = "Besides" if number else "Where more negotiate"
        if isinstance(part, Squares):
            yield (
                f"{where}, {listed(part.strategies, NAMED)} "
                f"{'is' if len(part.strategies) == 1 else 'are'} dealt to seats so that each sits "
                f"in each equally often ({draws})."
            )
        elif isinstance(part, Rotated):
            yield (
                f"{where}, one seat after the other is a tested strategy's "
                f"({listed(part.strategies, NAMED, 'or')}), and {listed(part.others, NAMED)} "
                f"{'are dealt to' if len(part.others) > 1 else 'takes'} the others ({draws})."
            )


def parts_of(layout: Seatings) -> tuple[Seatings, ...]:
    """Return the kinds of sessions that a layout joins."""
    return layout.parts if isinstance(layout, Joined) else (layout,)


def only_met(design: Design) -> tuple[str, ...]:
    """Return the strategies that sit in some seat and are under test in none."""
    seated: set[str] = set()
    for layout in design.layouts:
        for part in parts_of(layout):
            if isinstance(part, Fixed):
                seated.update(*(session.seats for session in part.sessions))
            elif isinstance(part, Squares):
                seated.update(part.strategies)
            elif isinstance(part, Rotated):
                seated.update(part.strategies, part.others)
    return tuple(name for name in design.specs if name in seated and name not in design.plan.tested)


def _repetitions(design: Design) -> str:
    plan = design.plan
    count = plan.repetitions
    dealt = any(layout.is_dealt for layout in design.layouts)
    what, names = "Every seating" if not dealt else "Everything", ""
    if set(plan.names) == {"alias"}:
        names = ", under invented names of the parties"
    elif len(set(plan.names)) > 1:
        each = _times(count)
        names = f", {each} under the parties' own names and {each} under invented ones"
        count *= 2
    place = "scenario and repetition"
    if dealt and plan.seats.draws > 1:
        place = "scenario, repetition and Latin square"
    anew = ", seats dealt anew each time" if dealt and plan.repetitions > 1 else ""
    return (
        f"{what} is played {_times(count)}{names}{anew}; sessions of one {place} share their "
        f"seed, drawn from {plan.seed}, whoever sits there: "
        f"{counted(len(design), 'session')} in all."
    )


def _limits(plan: Plan) -> Iterator[str]:
    limit = plan.session.timeout_s
    if limit is not None:
        yield f"A session may take {limit:g} s."


def _classes(classes: OutcomeClasses) -> Iterator[str]:
    """Yield how sessions that did not simply end are treated, those treated alike together."""
    yield (
        "No agreement is worth r to a party, its reservation value, less or plus what happened in "
        "the talks (broken vows, side deals, measures), and is counted, never dropped."
    )
    treated: dict[Treatment, list[str]] = {}
    for name in (*FAILURES, "fallback"):
        treatment: Treatment = getattr(classes, name)
        treated.setdefault(treatment, []).append(_CLASSES[name])
    for treatment, told in treated.items():
        yield f"Sessions {listed(told, NAMED, 'or')} {_TREATMENTS[treatment]}."


def _measures() -> str:
    return (
        "The advantage of a seat is (u − r)/(m − r): what it gained over r, as a share of the most "
        "it could gain where all gain, m − r."
    )


def _statistic(scenarios: int) -> str:
    if scenarios < LEAST_SCENARIOS:
        return (
            "Means weigh every scenario the same. No interval is given: it would stand on "
            f"{counted(scenarios, 'scenario')}, and none is to be trusted on fewer than "
            f"{LEAST_SCENARIOS}."
        )
    return (
        "Means weigh every scenario the same, and 95 % intervals rest on how scenarios differ, by "
        "Student's t, its degrees of freedom one less than the scenarios that a figure stands on: "
        "the score interval (Wilson 1927) of what lies between 0 and 1, else x̄ ± t·s/√G. Where "
        f"they are fewer than {LEAST_SCENARIOS}, there is none."
    )


def _paired(design: Design) -> Iterator[str]:
    """Yield what is the same in the sessions that differences are taken between."""
    if len(design.plan.tested) == 1:
        return
    told = "Differences are paired: the same scenario, seat and repetition"
    if len(set(design.plan.names)) > 1:
        told = "Differences are paired: the same scenario, names, seat and repetition"
    follow = [one.id for one in design.scenarios if one.id not in alike_elsewhere(design)]
    if len(follow) == len(design.scenarios):
        told += (
            "; the other seats have not the same strategies, as those are dealt with the seat's "
            "own. Of several such sessions the mean is taken."
        )
    elif follow:
        told += (
            f", and the same opponents; but in {listed([*map(one_line, follow)], NAMED)} these are "
            "dealt with the seat's own strategy and not the same: the mean of that repetition is "
            "taken."
        )
    else:
        told += ", and the same opponents."
    yield told
    if len(design.scenarios) >= LEAST_SCENARIOS and len(design.plan.tested) > PAIR:
        yield "Their p-values are adjusted for all comparisons (Holm 1979)."


def _resampling(resamples: int) -> Iterator[str]:
    if resamples:
        yield (
            "The empirical games between consumers' and suppliers' strategies are solved exactly; "
            f"how far their equilibria may be trusted is told by {resamples:,} resampled games."
        )


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")
