"""What keeps a plan from being played, and what its author should know of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from delegates.evaluation.planning.plan import LONGEST_QUESTION, LONGEST_TITLE, Plan
from delegates.seats import SeatSpec, parse_seat
from games.errors import SeatError
from games.scenario_files.strict_yaml import ACTED_ON

Refused = tuple[tuple[str, ...], str]
"""A place in the plan, key by key, and what is wrong there."""


def refused(plan: Plan) -> Iterator[Refused]:
    """Yield all that keeps a plan from being played, as far as the plan alone shows it."""
    yield from _refused_seats(plan)
    seats = plan.seats
    known = ", ".join(plan.strategies)
    for key, named in (("tested", seats.tested), ("against", seats.against)):
        for number, name in enumerate(named):
            if name not in plan.strategies:
                yield (
                    ("seats", key, str(number)),
                    f"unknown strategy {name!r}; expected one of {known}",
                )
    if seats.fixed is not None and seats.fixed not in plan.strategies:
        yield ("seats", "fixed"), f"unknown strategy {seats.fixed!r}; expected one of {known}"
    lists: tuple[tuple[tuple[str, ...], Sequence[str]], ...] = (
        (("seats", "tested"), seats.tested),
        (("seats", "against"), seats.against),
        (("names",), plan.names),
        (("scenarios",), plan.scenarios),
    )
    for path, listed in lists:
        for number, one in enumerate(listed):
            if one in listed[:number]:
                yield (*path, str(number)), f"{one!r} stands there twice; expected each once"
    yield from _refused_texts(plan)


def _refused_texts(plan: Plan) -> Iterator[Refused]:
    for key, text, most in (
        ("title", plan.title, LONGEST_TITLE),
        ("question", plan.question, LONGEST_QUESTION),
    ):
        if len(text) > most:
            yield (key,), f"has {len(text):,} characters; expected at most {most:,}"
    texts: list[Refused] = [(("title",), plan.title), (("question",), plan.question)]
    for number, named in enumerate(plan.scenarios):
        path = ("scenarios", str(number))
        texts.append((path, named))
        if not named.strip():
            yield path, "expected a scenario's name or file, found nothing"
    for path, text in texts:
        if ACTED_ON.search(text):
            yield path, f"found {text[:60]!r}; expected text without control characters"


def _refused_seats(plan: Plan) -> Iterator[Refused]:
    for name, text in plan.strategies.items():
        try:
            # Which model is meant where none is named is known when it is played.
            spec = parse_seat(text, "local")
        except SeatError as error:
            yield ("strategies", name), str(error)
            continue
        if spec.is_awaited:
            yield (
                ("strategies", name),
                f"seat {text!r}: nobody sits at a batch; expected a strategy that plays by itself",
            )


def as_played(spec: SeatSpec) -> tuple[object, ...]:
    """Return what a seat does: equal of two that are written differently but play the same."""
    settled = tuple(sorted(spec.parameters.items()))
    return spec.mind, settled, spec.model, spec.voice_model, spec.templates
