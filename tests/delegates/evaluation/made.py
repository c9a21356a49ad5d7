"""Evaluations made by hand: designs of scenarios given as such, and sessions drawn by lot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from delegates.evaluation.planning.design import (
    Design,
    Row,
    hash_of,
    releases_here,
)
from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import POINTS, Finished, SeatEnd
from delegates.evaluation.results.tables import write_tables
from games.bargaining.solutions import bargain
from games.scenario import Scenario, parse_scenario
from tests.delegates.sessions import MINI

STRATEGIES = {"boulware": "boulware", "linear": "linear", "conceder": "conceder"}

Ending = Callable[[Design, Row], Finished]
"""How a session ends."""


def made_design(
    *scenarios: Scenario,
    strategies: dict[str, str] | None = None,
    repetitions: int = 1,
    seed: int = 7,
    **said: Any,
) -> Design:
    """Return a design of these scenarios; of MINI if none is given."""
    listed = scenarios or (parse_scenario(MINI, "mini"),)
    specs = strategies or STRATEGIES
    plan = Plan.model_validate(
        {
            "minilateral-plan": 1,
            "id": "made",
            "title": "made by hand",
            "strategies": specs,
            "scenarios": tuple(scenario.id for scenario in listed),
            "repetitions": repetitions,
            "seed": seed,
            **said,
        }
    )
    releases = releases_here(specs)
    digest = hash_of(plan, [one.sha256() for one in listed], specs, releases)
    return Design(
        plan=plan, folder=None, scenarios=listed, specs=specs, hash=digest, releases=releases
    )


def ending(design: Design, row: Row, agreed: int | None, **said: Any) -> Finished:
    """Return the end of a session with an agreement on an outcome, at once, or with none."""
    preferences = design.scenarios[row.scenario].preferences
    worth = [own.reservation if agreed is None else own.utility(agreed) for own in preferences]
    fields: dict[str, Any] = {
        "key": row.key,
        "session": design.session(row.number),
        "ended": "no-agreement" if agreed is None else "agreement",
        "agreement": agreed,
        "agreed_round": None if agreed is None else 1,
        "rounds": 1,
        "moves": 2,
        "seats": tuple(
            SeatEnd(utility=round(u, 9), payoff=round(u, 9), demands=(1000,) + (None,) * 10)
            for u in worth
        ),
        "program": "0",
        "at": "2026-02-04T00:00:00Z",
    }
    return Finished(**{**fields, **said})


def drawn(design: Design, row: Row) -> Finished:
    """Return an end drawn by lot from the row alone: classes, outcomes, spending, demands."""
    lots = Random(f"{row.key}/{row.number}")
    scenario = design.scenarios[row.scenario]
    ended = lots.choices(
        ("agreement", "no-agreement", "walked-away", "timeout", "provider", "error", "refused"),
        (12, 3, 2, 1, 1, 1, 1),
    )[0]
    zopa = bargain(scenario).zopa
    agreed = int(lots.choice(zopa)) if ended == "agreement" else None
    late = lots.uniform(0.5, 1)
    ends = []
    for own in scenario.preferences:
        worth = own.reservation if agreed is None else own.utility(agreed)
        until = lots.randrange(POINTS + 1)
        ends.append(
            SeatEnd(
                utility=round(worth, 9),
                payoff=round(own.reservation + late * (worth - own.reservation), 9),
                demands=tuple(
                    lots.randint(-99, 1000) if p < until else None for p in range(POINTS)
                ),
                calls=lots.randrange(5),
                tokens_in=lots.randrange(5000),
                tokens_out=lots.randrange(500),
                cost_usd=lots.choice((0.0, 0.00125, None)),
                fallbacks=lots.choice((0, 0, 0, 1)),
                unusable=lots.randrange(2),
            )
        )
    return ending(
        design,
        row,
        agreed,
        ended=ended,
        seats=tuple(ends),
        rounds=lots.randint(1, 12),
        seconds=lots.random(),
        problem="what happened" if ended == "error" else "",
    )


class Kept:
    """Sessions that ended, as a journal tells them; in whatever order they were kept."""

    def __init__(self, ended: Iterable[Finished]) -> None:
        self.by_key = {one.key: one for one in ended}

    def in_order(self, design: Design) -> Iterator[tuple[Row, Finished]]:
        for row in design.rows():
            if row.key in self.by_key:
                yield row, self.by_key[row.key]


def tables_of(
    design: Design,
    path: Path,
    how: Ending = drawn,
    numbers: Sequence[int] | None = None,
) -> Folder:
    """Write the tables of sessions that end as `how` says, all of them or some, into a folder."""
    rows = [*design.rows()] if numbers is None else [design.row(number) for number in numbers]
    folder = Folder(path)
    write_tables(design, folder, Kept(how(design, row) for row in rows))
    return folder
