"""What the sessions of each cell of an empirical game came to, gathered from the tables.

A cell is a pair of strategies, the consumers' and the suppliers'. Its sessions are gathered by
*unit*, that is by repetition: sessions of one repetition share their seed, so that they are what
chance draws together. Of many repetitions several neighbouring ones make a unit, so that what is
held in memory grows with the number of cells, not of sessions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from delegates.contract import ScheduledMind
from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.notes import DRAWING_MINDS, draws_lots
from delegates.evaluation.planning.plan import Ended
from delegates.evaluation.planning.rows import PAIR
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.results.columns import DEMANDS
from delegates.evaluation.results.gather import DIGITS
from delegates.evaluation.results.measures import spans
from delegates.minds.registry import SCRIPTED_MINDS
from delegates.seating import scripted_mind
from delegates.seats import parse_seat
from games.matrices.matrix import Bloc, bloc_mean, blocs, both_blocs
from games.outcomes import BoolArray, FloatArray
from games.protocols.hall import is_hall

if TYPE_CHECKING:
    import polars as pl

    from games.scenario import Scenario

MOST_UNITS = 200
"""Units of a scenario; of more repetitions neighbouring ones are taken together."""

ALWAYS = 0.9995
"""Share of sessions from which it is said that all ended so."""

TALKED_OUT: tuple[Ended, ...] = ("no-agreement", "walked-away")
"""Ends without agreement that what was asked for explains: neither a clock nor a fault cut in."""

Cell = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class SeatConduct:
    """How one party fared in the sessions of a cell."""

    advantage: float | None
    """Mean (u − r)/(m − r), time not counted."""
    asked: float | None
    """What its last offer asked for, the same share, in sessions without agreement; a mean."""
    closing: float | None
    """What it asked for at the end of the rounds, in sessions that got there; a mean."""


@dataclass(frozen=True, kw_only=True)
class Cells:
    """The sessions of one scenario between its consumers and its suppliers."""

    scenario: Scenario
    rows: tuple[str, ...]
    """Strategies of the consumers, in the plan's order."""
    columns: tuple[str, ...]
    gains: FloatArray
    """Mean gains, time counted, shape (units, rows, columns, 2); NaN of no session."""
    weights: FloatArray
    """How many sessions stand behind them, shape (units, rows, columns)."""
    agreed: FloatArray
    """Share of sessions with an agreement, shape (rows, columns); NaN of no session."""
    cut: FloatArray
    """Share of sessions that count as no agreement as they took too long, broke off at a fault, or
    a fallback moved; shape (rows, columns)."""
    rounds: FloatArray
    """Mean round of the agreed offer; NaN without agreements."""
    has_chance: BoolArray
    """In which cells two sessions may differ, shape (rows, columns)."""
    conduct: Mapping[Cell, Mapping[str, SeatConduct]]
    """By cell and party."""
    closing: Mapping[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])
    """What a strategy asks of a party's gain in the last round, by both; of those strategies that
    depend on time alone, whatever the others offer."""

    @property
    def counts(self) -> FloatArray:
        """Sessions that count, shape (rows, columns)."""
        return self.weights.sum(axis=0)

    @property
    def sides(self) -> tuple[Bloc, Bloc]:
        """Consumers and suppliers."""
        return blocs(self.scenario)

    @property
    def can_gain(self) -> tuple[bool, bool]:
        """Whether each side has anything to gain, as far as sessions tell."""
        known = np.isfinite(self.gains) & (self.weights[..., None] > 0)
        return bool(known[..., 0].any()), bool(known[..., 1].any())

    def restricted(self, rows: Sequence[str], columns: Sequence[str]) -> Cells:
        """Return the cells of some of the strategies."""
        over = [self.rows.index(name) for name in rows]
        across = [self.columns.index(name) for name in columns]
        part = np.ix_(over, across)
        return replace(
            self,
            rows=tuple(rows),
            columns=tuple(columns),
            gains=self.gains[:, over][:, :, across],
            weights=self.weights[:, over][:, :, across],
            agreed=self.agreed[part],
            cut=self.cut[part],
            rounds=self.rounds[part],
            has_chance=self.has_chance[part],
            conduct={
                (i, j): self.conduct[row, column]
                for i, row in enumerate(over)
                for j, column in enumerate(across)
                if (row, column) in self.conduct
            },
        )

    def side_mean(self, cell: Cell, side: int, what: str) -> float | None:
        """Return the mean of a field of `SeatConduct` over a side's members, by their weights."""
        at = self.conduct.get(cell, {})
        values = [
            None if one is None else getattr(one, what) for one in map(at.get, self.members(side))
        ]
        known = [value for value in values if value is not None]
        if not known or len(known) < len(values):
            return sum(known) / len(known) if known else None
        placed = np.zeros(len(self.scenario.ids))
        placed[list(self.sides[side].members)] = values
        return float(bloc_mean(self.scenario, self.sides[side], placed))

    def closing_demand(self, cell: Cell, side: int) -> float | None:
        """Return what a side asks for in the last round, the mean over its members; None where that
        depends on what it hears, or it can gain nothing."""
        name = (self.rows, self.columns)[side][cell[side]]
        asked = [self.closing.get((name, party)) for party in self.members(side)]
        known = [demand for demand in asked if demand is not None and isfinite(demand)]
        return sum(known) / len(known) if len(known) == len(asked) else None

    def goes_by_the_clock(self, cell: Cell) -> bool:
        """Return whether both strategies of a cell depend on time alone."""
        timed = {name for name, _ in self.closing}
        return {self.rows[cell[0]], self.columns[cell[1]]} <= timed

    def members(self, side: int) -> tuple[str, ...]:
        """Return the parties of a side."""
        return tuple(self.scenario.ids[member] for member in self.sides[side].members)


def cells_of(design: Design, folder: Folder) -> tuple[Cells, ...]:
    """Return the cells of every scenario that has consumers and suppliers, in the plan's order."""
    meeting = [one for one in design.scenarios if _is_two_sided(design, one)]
    if not meeting:
        return ()
    ids = [one.id for one in meeting]
    sessions = _by_scenario(_session_rows(design, folder, ids))
    seats = _by_scenario(_seat_rows(folder, ids))
    return tuple(
        _cells(design, one, sessions[one.id], seats.get(one.id, ()))
        for one in meeting
        if one.id in sessions
    )


def _is_two_sided(design: Design, scenario: Scenario) -> bool:
    """Return whether each session has one strategy of all consumers and one of all suppliers."""
    if len(scenario.ids) != PAIR and design.plan.seats.many != "blocs":
        return False
    return both_blocs(scenario) is not None


def _session_rows(design: Design, folder: Folder, ids: Sequence[str]) -> pl.DataFrame:
    """Return one row a scenario, unit and cell."""
    import polars as pl

    repetitions = design.plan.repetitions
    units = min(repetitions, MOST_UNITS)
    counts = pl.col("counted") != "left-out"
    return (
        pl.scan_parquet(folder.table("sessions"))
        .filter(
            pl.col("scenario").is_in(ids)
            & pl.col("consumers").is_not_null()
            & pl.col("suppliers").is_not_null()
            & counts
        )
        .with_columns((pl.col("repetition") * units // repetitions).alias("unit"))
        .group_by("scenario", "unit", "consumers", "suppliers")
        .agg(
            pl.len().alias("sessions"),
            pl.col("consumer_gain").mean().round(DIGITS),
            pl.col("supplier_gain").mean().round(DIGITS),
            pl.col("agreed").sum().alias("agreed"),
            (pl.col("agreed").not_() & pl.col("ended").is_in(TALKED_OUT).not_()).sum().alias("cut"),
            pl.col("agreed_round").filter(pl.col("agreed")).sum().alias("rounds"),
        )
        .sort("scenario", "unit", "consumers", "suppliers")
        .collect(engine="streaming")
    )


def _seat_rows(folder: Folder, ids: Sequence[str]) -> pl.DataFrame:
    """Return one row a scenario, party and seating."""
    import polars as pl

    last = pl.coalesce(*(pl.col(name) for name in reversed(DEMANDS)))
    return (
        pl.scan_parquet(folder.table("seats"))
        .filter(pl.col("scenario").is_in(ids) & (pl.col("counted") != "left-out"))
        .group_by("scenario", "party", "strategy", "others")
        .agg(
            pl.col("advantage").mean().round(DIGITS),
            last.filter(pl.col("ended").is_in(TALKED_OUT)).mean().round(DIGITS).alias("asked"),
            pl.col(DEMANDS[-1]).mean().round(DIGITS).alias("closing"),
        )
        .sort("scenario", "party", "strategy", "others")
        .collect(engine="streaming")
    )


def _by_scenario(table: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in table.iter_rows(named=True):
        found.setdefault(row["scenario"], []).append(row)
    return found


def _cells(
    design: Design,
    scenario: Scenario,
    sessions: Sequence[Mapping[str, Any]],
    seats: Iterable[Mapping[str, Any]],
) -> Cells:
    order = list(design.specs)
    rows = sorted({row["consumers"] for row in sessions}, key=order.index)
    columns = sorted({row["suppliers"] for row in sessions}, key=order.index)
    shape = (min(design.plan.repetitions, MOST_UNITS), len(rows), len(columns))
    gains, weights = np.full((*shape, 2), np.nan), np.zeros(shape)
    agreed, cut, rounds = (np.zeros(shape[1:]) for _ in range(3))
    for row in sessions:
        cell = rows.index(row["consumers"]), columns.index(row["suppliers"])
        weights[row["unit"], *cell] = row["sessions"]
        for side, name in enumerate(("consumer_gain", "supplier_gain")):
            gains[row["unit"], *cell, side] = np.nan if row[name] is None else row[name]
        agreed[cell] += row["agreed"]
        cut[cell] += row["cut"]
        rounds[cell] += row["rounds"]
    with np.errstate(invalid="ignore", divide="ignore"):
        total = weights.sum(axis=0)
        share, cut_short, mean_round = agreed / total, cut / total, rounds / agreed
    return Cells(
        scenario=scenario,
        rows=tuple(rows),
        columns=tuple(columns),
        gains=gains,
        weights=weights,
        agreed=share,
        cut=cut_short,
        rounds=mean_round,
        has_chance=_has_chance(design, scenario, rows, columns),
        conduct=_conduct(scenario, rows, columns, seats),
        closing=_closing(design, scenario, {*rows, *columns}),
    )


def _has_chance(
    design: Design, scenario: Scenario, rows: Sequence[str], columns: Sequence[str]
) -> BoolArray:
    """Return in which cells sessions of different seeds, or of one, may differ."""
    fixed = design.plan.seats.fixed if len(scenario.ids) != PAIR else None
    is_drawn = draws_lots(scenario) or (fixed is not None and draws(design.specs[fixed]))
    over = np.array([draws(design.specs[name]) for name in rows])
    across = np.array([draws(design.specs[name]) for name in columns])
    return over[:, None] | across[None, :] | is_drawn


def draws(spec: str) -> bool:
    """Return whether what sits in a seat may move otherwise in the same place."""
    seat = parse_seat(spec)
    return not seat.scripted or seat.mind in DRAWING_MINDS


def _closing(
    design: Design, scenario: Scenario, names: Iterable[str]
) -> dict[tuple[str, str], float]:
    """Return what strategies that go by the clock ask for in the last round."""
    if is_hall(scenario):
        return {}
    found: dict[tuple[str, str], float] = {}
    for name in names:
        seat = parse_seat(design.specs[name])
        mind = scripted_mind(seat) if seat.scripted and seat.mind in SCRIPTED_MINDS else None
        if isinstance(mind, ScheduledMind):
            for own, span in zip(scenario.preferences, spans(scenario), strict=True):
                offers, _ = mind.schedule(own, scenario.protocol.rounds)
                asked = (own.utility(int(offers[-1])) - own.reservation) / span
                found[name, own.party] = round(float(asked), 6)
    return found


def _conduct(
    scenario: Scenario,
    rows: Sequence[str],
    columns: Sequence[str],
    seats: Iterable[Mapping[str, Any]],
) -> dict[Cell, dict[str, SeatConduct]]:
    """Return how each party fared in each cell; the cell is read off who sat where."""
    sides = blocs(scenario)
    found: dict[Cell, dict[str, SeatConduct]] = {}
    for row in seats:
        place = scenario.ids.index(row["party"])
        others = row["others"].split()
        seated = [*others[:place], row["strategy"], *others[place:]]
        over, across = ({seated[member] for member in side.members} for side in sides)
        if len(over) == len(across) == 1:
            cell = rows.index(over.pop()), columns.index(across.pop())
            found.setdefault(cell, {})[row["party"]] = SeatConduct(
                advantage=row["advantage"],
                asked=row["asked"],
                closing=row["closing"],
            )
    return found
