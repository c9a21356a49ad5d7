"""How an evaluation was done, as a paragraph made from its plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from delegates.evaluation.judging.found import LEAST_SCENARIOS
from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.plan import FAILURES, OutcomeClasses, Plan, Treatment
from delegates.text import one_line
from games.scenario import Scenario

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
    "error": "stopped by a fault of the program",
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
        _scenarios(design.scenarios),
        *_seating(plan, design.scenarios),
        _repetitions(design),
        *_limits(plan),
        *_classes(plan.outcomes),
        _measures(),
        _statistic(len(design.scenarios)),
        *_resampling(resamples),
        f"Played by Minilateral {one_line(program)}; plan {plan.id}, {design.hash[:12]}.",
    )
    return " ".join(parts)


def _strategies(design: Design) -> str:
    told = [
        name if one_line(spec, LONGEST_SPEC) == name else f"{name} ({one_line(spec, LONGEST_SPEC)})"
        for name, spec in design.specs.items()
    ]
    count = len(told)
    return f"{_counted(count, 'strategy', 'strategies')} {_is(count)} compared: {_listed(told)}."


def _scenarios(scenarios: Sequence[Scenario]) -> str:
    told = [
        f"{one_line(one.id)} ({_counted(len(one.ids), 'party', 'parties')}, "
        f"{_counted(one.space.count, 'outcome')}, {one.protocol.kind}, "
        f"{_counted(one.protocol.rounds, 'round')})"
        for one in scenarios
    ]
    count = len(told)
    return (
        f"{'It is' if count == 1 else 'They are'} {_counted(count, 'scenario')}: {_listed(told)}."
    )


def _seating(plan: Plan, scenarios: Sequence[Scenario]) -> Iterator[str]:
    sizes = [len(one.ids) for one in scenarios]
    seats = plan.seats
    if 2 in sizes:
        tested = _listed(plan.tested) if seats.tested else "every strategy"
        against = _listed(plan.against) if seats.against else "every strategy"
        own = "itself included" if seats.self_play else "itself left out"
        yield f"Where two negotiate, {tested} meets {against}, {own}, from either seat."
    if max(sizes, default=0) > 2:
        yield _many(plan)


def _many(plan: Plan) -> str:
    seats = plan.seats
    fixed = "a fixed opponent" if seats.fixed is None else seats.fixed
    match seats.many:
        case "stratified":
            draws = _counted(seats.draws, "Latin square")
            return (
                "Where more negotiate, strategies are dealt to seats so that each sits in each "
                f"equally often ({draws} a repetition)."
            )
        case "one":
            return (
                "Where more negotiate, one seat after the other is the tested strategy's and all "
                f"others are {fixed}'s."
            )
        case "blocs":
            rest = "" if seats.fixed is None else f"; whoever belongs to neither plays {fixed}"
            return (
                "Where more negotiate, all consumers play one strategy and all suppliers "
                f"another{rest}."
            )


def _repetitions(design: Design) -> str:
    plan = design.plan
    if plan.names == ("own",):
        names = ""
    elif plan.names == ("alias",):
        names = ", under invented names of the parties"
    else:
        names = ", once under the parties' own names and once under invented ones"
    return (
        f"Everything is played {_times(plan.repetitions)}{names}; sessions of one scenario and "
        f"repetition share their seed, drawn from {plan.seed}, whoever sits there: "
        f"{_counted(len(design), 'session')} in all."
    )


def _limits(plan: Plan) -> Iterator[str]:
    limit = plan.session.timeout_s
    if limit is not None:
        yield f"A session may take {limit:g} s."


def _classes(classes: OutcomeClasses) -> Iterator[str]:
    """Yield how sessions that did not simply end are treated, those treated alike together."""
    yield "No agreement is worth the reservation value to everybody and is counted, never dropped."
    treated: dict[Treatment, list[str]] = {}
    for name in (*FAILURES, "fallback"):
        treatment: Treatment = getattr(classes, name)
        treated.setdefault(treatment, []).append(_CLASSES[name])
    for treatment, told in treated.items():
        yield f"Sessions {_listed(told, 'or')} {_TREATMENTS[treatment]}."


def _measures() -> str:
    return (
        "The advantage of a seat is (u − r)/(m − r): what it gained over its reservation value r, "
        "as a share of the most it could gain where all gain, m − r."
    )


def _statistic(scenarios: int) -> str:
    if scenarios < LEAST_SCENARIOS:
        return (
            "Means weigh every scenario the same. No interval is given: it would stand on "
            f"{_counted(scenarios, 'scenario')}, and none is to be trusted on fewer than "
            f"{LEAST_SCENARIOS}."
        )
    return (
        "Means weigh every scenario the same, and 95 % intervals rest on how scenarios differ, by "
        f"Student's t of {scenarios - 1} degrees of freedom: the score interval (Wilson 1927) of "
        "what lies between 0 and 1, else x̄ ± t·s/√G. Differences are paired: the same scenario, "
        "seat, opponents and seed; their p-values are adjusted for all comparisons (Holm 1979)."
    )


def _resampling(resamples: int) -> Iterator[str]:
    if resamples:
        yield (
            "The empirical games between consumers' and suppliers' strategies are solved exactly; "
            f"how far their equilibria may be trusted is told by {resamples:,} resampled games."
        )


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def _listed(items: Sequence[str], last: str = "and") -> str:
    """Return items in a row, the last behind a word; of many the first ones and how many more."""
    told = list(items[:NAMED])
    more = len(items) - len(told)
    if more > 0:
        told.append(f"{more:,} more")
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} {last} {told[-1]}"
