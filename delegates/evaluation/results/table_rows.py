"""The rows of an evaluation's tables: what sessions came to, as the plan counts it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.planning.plan import OutcomeClasses, Treatment
from delegates.evaluation.playing.journal import Finished, SeatEnd
from delegates.evaluation.results.columns import DEMANDS
from delegates.evaluation.results.measures import MEASURES, measured, spans
from games.matrices.matrix import Bloc, bloc_mean, both_blocs
from games.outcomes import FloatArray
from games.scenario import Scenario

DECIMALS = 9
"""Decimals kept of figures that are computed: the last digits are those of the summation."""

Ended = tuple[Row, Finished]
"""A planned session and how it ended."""

Columns = dict[str, Sequence[object] | FloatArray]
"""Values by column."""


def counted(outcomes: OutcomeClasses, ended: Finished) -> Treatment:
    """Return how a session enters the means, as a plan's classes say.

    A failure's class decides before what a fallback mind did in it.
    """
    match ended.ended:
        case "timeout":
            return outcomes.timeout
        case "provider":
            return outcomes.provider
        case "error":
            return outcomes.error
        case "refused":
            return outcomes.refused
        case _:
            has_fallen_back = any(seat.fallbacks for seat in ended.seats)
            return outcomes.fallback if has_fallen_back else "as-it-ended"


@dataclass(frozen=True, kw_only=True)
class _Seating:
    """What follows from who sits where."""

    told: str
    consumers: str | None
    suppliers: str | None
    others: tuple[str, ...]


@dataclass
class ScenarioRows:
    """Makes the rows of one scenario's sessions."""

    design: Design
    number: int
    """Position of the scenario among the design's."""
    seatings: dict[tuple[str, ...], _Seating] = field(
        default_factory=dict[tuple[str, ...], _Seating]
    )

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.design.scenarios[self.number]

    @cached_property
    def reservations(self) -> FloatArray:
        """What no agreement is worth to each party, shape (parties,)."""
        return np.array([own.reservation for own in self.scenario.preferences])

    @cached_property
    def spans(self) -> FloatArray:
        """What each party can gain; NaN where that is nothing."""
        return spans(self.scenario)

    @cached_property
    def blocs(self) -> tuple[Bloc, Bloc] | None:
        """Consumers and suppliers; None where a side of the table is empty."""
        return both_blocs(self.scenario)

    def tables(self, listed: Sequence[Ended]) -> dict[str, Columns]:
        """Return the columns of all tables, in the order of the sessions."""
        self.seatings.clear()
        rows = [row for row, _ in listed]
        ended = [one for _, one in listed]
        classes = self.design.plan.outcomes
        treated: list[Treatment] = [counted(classes, one) for one in ended]
        shared = self._shared(rows, ended, treated)
        worth = _Worth(self, ended, treated)
        return {
            "sessions": {**shared, **self._sessions(rows, ended, worth)},
            "seats": self._seats(rows, ended, shared, worth),
            "timings": self._timings(shared, ended),
        }

    def _shared(
        self, rows: Sequence[Row], ended: Sequence[Finished], treated: Sequence[Treatment]
    ) -> Columns:
        """Return the columns that a session's seats repeat."""
        return {
            "row": [row.number for row in rows],
            "session": [self.design.session(row.number) for row in rows],
            "scenario": [self.scenario.id] * len(rows),
            "names": [row.names for row in rows],
            "repetition": [row.repetition for row in rows],
            "ended": [one.ended for one in ended],
            "counted": treated,
            "agreed": [_is_agreed(*both) for both in zip(ended, treated, strict=True)],
        }

    def _sessions(self, rows: Sequence[Row], ended: Sequence[Finished], worth: _Worth) -> Columns:
        seatings = [self._seating(row.seats) for row in rows]
        consumers, suppliers = worth.of_blocs()
        seats = [seat for one in ended for seat in one.seats]
        spent = {
            name: np.array(column, dtype=np.float64).reshape(len(rows), -1).sum(axis=1)
            for name, column in _spent(seats).items()
        }
        return {
            "scenario_sha256": [self.design.shas[self.number]] * len(rows),
            "seed": [row.seed for row in rows],
            "parties": [len(self.scenario.ids)] * len(rows),
            "seats": [one.told for one in seatings],
            "consumers": [one.consumers for one in seatings],
            "suppliers": [one.suppliers for one in seatings],
            "outcome": [one.agreement for one in ended],
            "agreement": self._agreements(ended),
            "in_force": [one.in_force for one in ended],
            "agreed_round": [one.agreed_round for one in ended],
            "rounds": [one.rounds for one in ended],
            "moves": [one.moves for one in ended],
            **dict(zip(MEASURES, worth.measures().T, strict=True)),
            "consumer_gain": consumers,
            "supplier_gain": suppliers,
            **spent,
        }

    def _seats(
        self,
        rows: Sequence[Row],
        ended: Sequence[Finished],
        shared: Columns,
        worth: _Worth,
    ) -> Columns:
        count, parties = len(rows), self.scenario.parties
        seats = [seat for one in ended for seat in one.seats]
        specs = self.design.specs
        strategies = [strategy for row in rows for strategy in row.seats]
        demands = np.array([seat.demands for seat in seats], dtype=np.float64) / 1000
        best = self.reservations + np.nan_to_num(self.spans)
        return {
            **{name: _repeated(column, len(parties)) for name, column in shared.items()},
            "party": [*parties] * count,
            "side": [party.side for party in parties.values()] * count,
            "strategy": strategies,
            "spec": [specs[strategy] for strategy in strategies],
            "tested": [is_tested for row in rows for is_tested in row.tested],
            "others": [other for row in rows for other in self._seating(row.seats).others],
            "utility": worth.utilities.ravel(),
            "payoff": worth.payoffs.ravel(),
            "reservation": np.tile(self.reservations, count),
            "best": np.tile(best, count),
            "advantage": worth.advantages.ravel(),
            "gain": worth.gains.ravel(),
            **dict(zip(DEMANDS, demands.T, strict=True)),
            **_spent(seats),
        }

    def _timings(self, shared: Columns, ended: Sequence[Finished]) -> Columns:
        return {
            "row": shared["row"],
            "session": shared["session"],
            "seconds": [one.seconds for one in ended],
            "at": [one.at for one in ended],
            "retries": [one.retries for one in ended],
            "lost_tokens": [one.lost_tokens for one in ended],
            "lost_cost_usd": [one.lost_cost_usd for one in ended],
            "transcript": [one.transcript for one in ended],
            "program": [one.program for one in ended],
            "problem": [one.problem for one in ended],
        }

    def _agreements(self, ended: Sequence[Finished]) -> list[str | None]:
        space = self.scenario.space
        agreed = {one.agreement for one in ended if one.agreement is not None}
        told = {one: json.dumps(space.outcome(one), ensure_ascii=False) for one in agreed}
        return [None if one.agreement is None else told[one.agreement] for one in ended]

    def _seating(self, seats: tuple[str, ...]) -> _Seating:
        found = self.seatings.get(seats)
        if found is None:
            found = self.seatings[seats] = self._seated(seats)
        return found

    def _seated(self, seats: tuple[str, ...]) -> _Seating:
        ids = self.scenario.ids
        sides: tuple[str | None, ...] = (None, None)
        if self.blocs is not None:
            sides = tuple(_only({seats[place] for place in bloc.members}) for bloc in self.blocs)
        return _Seating(
            told=" ".join(f"{party}={seat}" for party, seat in zip(ids, seats, strict=True)),
            consumers=sides[0],
            suppliers=sides[1],
            others=tuple(
                " ".join(seats[:place] + seats[place + 1 :]) for place in range(len(seats))
            ),
        )


class _Worth:
    """What some sessions of a scenario came to, as it counts; NaN where they are left out.

    All arrays have one row a session and one column a party.
    """

    def __init__(
        self, of: ScenarioRows, ended: Sequence[Finished], treated: Sequence[Treatment]
    ) -> None:
        self._of = of
        reservations = of.reservations
        treatments = np.array(treated)
        self.utilities = np.array([[seat.utility for seat in one.seats] for one in ended])
        self.payoffs = np.array([[seat.payoff for seat in one.seats] for one in ended])
        for worth in (self.utilities, self.payoffs):
            worth[treatments == "no-agreement"] = reservations
            worth[treatments == "left-out"] = np.nan
        self.advantages, self.gains = (
            _rounded((worth - reservations) / of.spans) for worth in (self.utilities, self.payoffs)
        )

    def measures(self) -> FloatArray:
        """Return the `MEASURES` of each session."""
        found = np.full((len(self.utilities), len(MEASURES)), np.nan)
        kept = ~np.isnan(self.utilities).any(axis=1)
        found[kept] = _rounded(measured(self._of.scenario, self.advantages[kept]))
        return found

    def of_blocs(self) -> tuple[FloatArray, FloatArray]:
        """Return the mean gains of consumers and of suppliers, time counted."""
        of, nothing = self._of, np.full(len(self.gains), np.nan)
        if of.blocs is None:
            return nothing, nothing
        left_out = np.isnan(self.payoffs).any(axis=1)
        known = np.nan_to_num(self.gains)
        found = [_rounded(bloc_mean(of.scenario, bloc, known)) for bloc in of.blocs]
        for bloc, means in zip(of.blocs, found, strict=True):
            cannot_gain = bool(np.isnan(of.spans[list(bloc.members)]).all())
            means[left_out | cannot_gain] = np.nan
        return found[0], found[1]


def _is_agreed(ended: Finished, treated: Treatment) -> bool | None:
    if treated == "left-out":
        return None
    return treated == "as-it-ended" and ended.ended == "agreement"


def _spent(seats: Sequence[SeatEnd]) -> Mapping[str, Sequence[float | None]]:
    """Return what each of some seats used, in the order of the columns."""
    return {
        "calls": [seat.calls for seat in seats],
        "tokens_in": [seat.tokens_in for seat in seats],
        "tokens_out": [seat.tokens_out for seat in seats],
        "tokens_cached": [seat.tokens_cached for seat in seats],
        "cost_usd": [seat.cost_usd for seat in seats],
        "fallbacks": [seat.fallbacks for seat in seats],
        "unusable": [seat.unusable for seat in seats],
    }


def _repeated(column: Iterable[object], times: int) -> list[object]:
    return [value for value in column for _ in range(times)]


def _only(values: set[str]) -> str | None:
    return next(iter(values)) if len(values) == 1 else None


def _rounded(values: FloatArray) -> FloatArray:
    # Adding nothing turns a negative zero into zero.
    return np.round(values, DECIMALS) + 0.0
