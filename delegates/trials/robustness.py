"""Which findings of a scenario survive if every number it states by judgement is another one.

A finding is kept that survives in nine of ten draws in which all judged numbers are drawn at once
and, of what sessions end in, in nine of ten sessions with the stated numbers as well. Of any other
it is told on what it hangs: on who sits there, or on the area that upsets it most when drawn alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal, NamedTuple

import numpy as np

from delegates.processes import process_count, processes
from delegates.trials.endings import Ending, ending, played
from games.errors import UserError
from games.headlines import headlines, nash_text, plays_stances
from games.scenario import Scenario
from games.sensitivity import AREAS, SPREAD, Area, drawn, factor_of, judged_numbers
from games.utility import is_tabled

KEPT = 0.9
"""A finding survives if it does in at least this share of the draws of all areas at once."""

FEW = 20
"""Least draws of each area alone; else a fifth of those of all at once."""

MOST_DRAWS = 100_000

AS_STATED = "as stated"
AT_ONCE = "all at once"
"""What the series of draws are called that are of no area alone."""

_Z = 1.959963984540054
"""Of a two-sided interval of 95 %."""

_TELLING = 4.0
"""Standard errors from which one number among many is said to go with a finding's failing."""

Progress = Callable[[int, int], None]
"""Is told after each draw how many are done, of how many."""


class Count(NamedTuple):
    """In how many draws a finding survived."""

    survived: int
    draws: int

    @property
    def share(self) -> float:
        """The share of the draws; 0 of none."""
        return self.survived / self.draws if self.draws else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval of the share (Wilson 1927); from 0 to 1 without draws."""
        if not self.draws:
            return 0.0, 1.0
        shift, size = _Z**2 / self.draws, self.share
        middle = (size + shift / 2) / (1 + shift)
        half = _Z * sqrt(size * (1 - size) / self.draws + shift / (4 * self.draws)) / (1 + shift)
        return max(middle - half, 0.0), min(middle + half, 1.0)

    def as_json(self) -> dict[str, object]:
        """Return the count, its share and the interval."""
        low, high = self.interval
        return {
            "survived": self.survived,
            "draws": self.draws,
            "share": self.share,
            "low": low,
            "high": high,
        }


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding, and how often it survives."""

    about: str
    found: str
    """As the scenario states its numbers."""
    as_stated: Count | None
    """In how many sessions with the stated numbers; None of what follows from them alone."""
    at_once: Count
    """With every area drawn at once."""
    alone: Mapping[Area, Count]
    """With one area drawn, those without numbers left out."""
    number: str | None = None
    """The one number of the worst area that goes with its failing, if one stands out."""
    fails_low: bool = False
    """Whether it is the low values of that number that go with it."""

    @property
    def survives(self) -> bool:
        """Whether it may be called a finding."""
        return self.at_once.share >= KEPT and not self.hangs_on_seats

    @property
    def hangs_on_seats(self) -> bool:
        """Whether sessions with the stated numbers do not agree on it: who sits there decides."""
        return self.as_stated is not None and self.as_stated.share < KEPT

    def as_json(self) -> dict[str, object]:
        """Return the finding as plain JSON values."""
        return {
            "about": self.about,
            "found": self.found,
            "survives": self.survives,
            "clear": self.is_clear,
            "as_stated": None if self.as_stated is None else self.as_stated.as_json(),
            "at_once": self.at_once.as_json(),
            "alone": {area: count.as_json() for area, count in self.alone.items()},
            "hangs_on": self.hangs_on,
            "number": self.number,
            "fails_where": None if self.number is None else "low" if self.fails_low else "high",
        }

    @property
    def is_clear(self) -> bool:
        """Whether the interval lies on one side of the rule."""
        low, high = self.at_once.interval
        return low >= KEPT or high < KEPT

    @property
    def hangs_on(self) -> Area | Literal["seats"] | None:
        """On what one hangs that does not survive; None where only several areas together upset
        it."""
        if self.survives:
            return None
        return "seats" if self.hangs_on_seats else self.worst

    @property
    def worst(self) -> Area | None:
        """The area that upsets it most when drawn alone; None where none does."""
        upset: list[Area] = [
            area for area, count in self.alone.items() if count.survived < count.draws
        ]
        return min(upset, key=lambda area: self.alone[area].share) if upset else None


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What survives in a scenario."""

    scenario: Scenario
    spread: float
    seed: int
    draws: int
    few: int
    """Draws of each area alone."""
    numbers: Mapping[Area, int]
    """How many judged numbers each area has, those without any left out."""
    findings: tuple[Finding, ...]
    endings: Mapping[str, Sequence[Ending]]
    """How sessions ended: `as stated`, `all at once`, and area by area."""
    refused: int = 0
    """Draws that made no valid scenario; they count nowhere."""

    @property
    def leaves_out_stances(self) -> bool:
        """Whether the stance game was too large to be played in every draw."""
        return not plays_stances(self.scenario)

    def as_json(self) -> dict[str, object]:
        """Return what survives as plain JSON values."""
        return {
            "scenario": self.scenario.id,
            "spread": self.spread,
            "seed": self.seed,
            "draws": self.draws,
            "draws_alone": self.few,
            "refused": self.refused,
            "kept_from": KEPT,
            "numbers": dict(self.numbers),
            "stance_game": not self.leaves_out_stances,
            "findings": [one.as_json() for one in self.findings],
            "endings": {name: _mean_ending(line) for name, line in self.endings.items()},
        }


def _mean_ending(line: Sequence[Ending]) -> dict[str, object]:
    """Return the shares of sessions and delegations, over sessions."""

    def mean(figures: Sequence[float]) -> float | None:
        return sum(figures) / len(figures) if figures else None

    signed = [one for one in line if one.in_force is not None]
    return {
        "sessions": len(line),
        "agreed": mean([one.agreed for one in line]),
        "in_force": mean([bool(one.in_force) for one in signed]),
        "binding": mean([one.binding for one in signed]),
        "declaratory": mean([one.declaratory for one in signed]),
        "out": mean([one.out for one in signed]),
    }


class _Job(NamedTuple):
    seed: int
    areas: tuple[Area, ...]
    spread: float
    wants_theory: bool = True


class _Result(NamedTuple):
    found: dict[str, str]
    end: Ending


def survey(
    scenario: Scenario,
    draws: int,
    *,
    spread: float = SPREAD,
    seed: int = 0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Survey:
    """Return which headline findings of a scenario survive, area by area and all at once.

    Each draw has a seed of its own, the same in every area; it also draws who sits there and the
    lots of a session, which is played with scripted seats. What a session is found to end in is
    what most sessions with the stated numbers do.

    Args:
        scenario: Whose findings.
        draws: How many draws of all areas at once, and sessions with the stated numbers.
        spread: The factors lie between 1 − spread and 1 + spread.
        seed: The first draw's.
        workers: Processes; one for each processor if not given.
        progress: Told after each draw.

    Raises:
        UserError: If a number is not valid, the scenario has too many outcomes for tables, or a
            process died.
    """
    _require_valid(scenario, draws, spread)
    few = min(draws, max(FEW, draws // 5))
    numbers: dict[Area, int] = {
        area: count for area in AREAS if (count := len(judged_numbers(scenario, (area,))))
    }
    series: dict[str, list[_Job]] = {
        AS_STATED: [_Job(seed + k, (), 0.0, wants_theory=k == 0) for k in range(draws)],
        AT_ONCE: [_Job(seed + k, AREAS, spread) for k in range(draws)],
        **{area: [_Job(seed + k, (area,), spread) for k in range(few)] for area in numbers},
    }
    jobs = [job for line in series.values() for job in line]
    results = iter(list(_run(scenario, jobs, workers, progress)))
    found = {name: [next(results) for _ in line] for name, line in series.items()}
    kept = {name: [one for one in line if one is not None] for name, line in found.items()}
    at_once = {seed + k: one for k, one in enumerate(found[AT_ONCE]) if one is not None}
    return Survey(
        scenario=scenario,
        spread=spread,
        seed=seed,
        draws=draws,
        few=few,
        numbers=numbers,
        findings=tuple(
            _with_number(scenario, one, at_once, spread) for one in _findings(kept, numbers)
        ),
        endings={name: [one.end for one in line] for name, line in kept.items()},
        refused=len(jobs) - sum(map(len, kept.values())),
    )


def _require_valid(scenario: Scenario, draws: int, spread: float) -> None:
    if not 1 <= draws <= MOST_DRAWS:
        raise UserError(f"--sensitivity: expected 1 to {MOST_DRAWS:,} draws, found {draws}")
    if not 0 < spread < 1:
        raise UserError(f"--spread: expected a number above 0 and below 1, found {spread}")
    if not is_tabled(scenario):
        raise UserError(f"{scenario.id}: too many outcomes to be drawn again and again")


def _findings(
    kept: Mapping[str, Sequence[_Result]], numbers: Mapping[Area, int]
) -> Iterator[Finding]:
    """Yield how often each finding survives."""
    stated = kept[AS_STATED]

    def finding(about: str, found: str, as_stated: Count | None) -> Finding:
        return Finding(
            about=about,
            found=found,
            as_stated=as_stated,
            at_once=_count(kept[AT_ONCE], about, found),
            alone={area: _count(kept[area], about, found) for area in numbers},
        )

    for about, found in stated[0].found.items():
        yield finding(about, found, None)
    for about in stated[0].end.found:
        found = Counter(one.end.found[about] for one in stated).most_common(1)[0][0]
        yield finding(about, found, _count(stated, about, found))


def _is_found(one: _Result, about: str, found: str) -> bool:
    return {**one.found, **one.end.found}.get(about) == found


def _count(line: Sequence[_Result], about: str, found: str) -> Count:
    return Count(sum(_is_found(one, about, found) for one in line), len(line))


def _with_number(
    scenario: Scenario, one: Finding, at_once: Mapping[int, _Result], spread: float
) -> Finding:
    """Return a finding with the number that goes with its failing, where it fails and one does."""
    if one.survives or one.hangs_on_seats or one.worst is None:
        return one
    paths = judged_numbers(scenario, (one.worst,))
    fails = np.array([not _is_found(result, one.about, one.found) for result in at_once.values()])
    factors = np.array([[factor_of(seed, path, spread) for path in paths] for seed in at_once])
    if fails.all() or not fails.any():
        return one
    away = factors - factors.mean(axis=0)
    spreads = np.sqrt((away**2).mean(axis=0)) * fails.std()
    goes_with = (away * (fails - fails.mean())[:, None]).mean(axis=0) / spreads
    most = int(np.abs(goes_with).argmax())
    if abs(goes_with[most]) * sqrt(len(fails)) < _TELLING:
        return one
    return replace(one, number=paths[most], fails_low=bool(goes_with[most] < 0))


def _run(
    scenario: Scenario, jobs: Sequence[_Job], workers: int | None, progress: Progress | None
) -> Iterator[_Result | None]:
    """Yield what each job finds, in their order; None where no valid scenario was drawn."""
    text = nash_text(scenario)
    count = process_count(workers, len(jobs))
    if count == 1:
        for done, job in enumerate(jobs, 1):
            yield _do(scenario, text, job)
            if progress is not None:
                progress(done, len(jobs))
        return
    with processes(count, _begin, scenario.canonical(), text) as pool:
        for done, result in enumerate(pool.map(_do_begun, jobs, chunksize=4), 1):
            yield result
            if progress is not None:
                progress(done, len(jobs))


def _begin(canonical: str, text: int | None) -> None:
    """Make a worker ready."""
    _BEGUN.append((Scenario.model_validate_json(canonical), text))


_BEGUN: list[tuple[Scenario, int | None]] = []
"""In a worker, the scenario that it draws from, and the text that findings speak of."""


def _do_begun(job: _Job) -> _Result | None:
    return _do(*_BEGUN[0], job)


def _do(scenario: Scenario, text: int | None, job: _Job) -> _Result | None:
    try:
        variant = drawn(scenario, job.seed, job.spread, job.areas).scenario if job.areas else None
    except ValueError:
        return None
    theory = headlines(variant or scenario, text) if job.wants_theory else ()
    found = {one.about: one.found for one in theory}
    return _Result(found, ending(played(variant or scenario, job.seed)))
