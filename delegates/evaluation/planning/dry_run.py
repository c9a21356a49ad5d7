"""What a batch may use, before anything is asked, played or written.

A seat that asks models is estimated once a scenario, as `delegates.rehearsal.estimate` does it for
a session, and counted as often as it is planned. Where several seats of a session ask models, each
is looked at among delegates that all do as it does: what others say makes its prompts longer.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple, TypeVar

from delegates.connections import Caps, money_cap, prices
from delegates.evaluation.planning.design import Design, require_endpoints, require_releases
from delegates.evaluation.planning.notes import notes_of
from delegates.evaluation.planning.rows import Fixed
from delegates.rehearsal.estimate import Estimate, Use, estimate
from delegates.seats import SeatSpec, parse_seat
from delegates.settings import Settings
from games.errors import SettingError
from games.protocols.hall import is_hall
from games.scenario import Scenario

T = TypeVar("T")

LATENCY_S = 3.0
"""How long a model that is asked over the network commonly takes for a reply: a guess."""

AT_ONCE = 10
"""Sessions of models at a time, where the plan does not say: a guess, as it adapts to servers."""

MANY = 12
"""Parties above which a seat is always looked at among others that do as it does."""

TURN_S: Mapping[str, float] = {"alternating": 5e-5, "hall": 5e-3, "eventful": 0.15}
"""What a turn of a scripted session takes on one core, as measured on the bundled scenarios when
nothing else ran, on the safe side; most sessions end before their last turn."""


AROUND_S = 3.0
"""What a run takes besides, as measured: its start, its tables and its report."""


@dataclass(frozen=True, kw_only=True)
class StrategyUse:
    """What one strategy's models use in all sessions that are left."""

    spec: str
    seats: int = 0
    """How often it is seated."""
    expected: Use = field(default_factory=Use)
    worst: Use = field(default_factory=Use)

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {
            "spec": self.spec,
            "seats": self.seats,
            "expected": self.expected.as_json(),
            "worst": self.worst.as_json(),
        }


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What a batch may use if every session runs to its last round; most agree before that."""

    planned: int
    left: int
    """Of them, those that are not finished."""
    strategies: Mapping[str, StrategyUse]
    cap_usd: float | None
    """The cap on money of the whole batch, what earlier runs have spent included."""
    max_tokens: int | None
    max_time_s: float | None
    seconds: float
    """Roughly; see `assumed`."""
    assumed: str
    """What the time rests on, in words."""
    notes: tuple[str, ...]

    @property
    def expected(self) -> Use:
        """If every reply can be used."""
        return Use.sum(one.expected for one in self.strategies.values())

    @property
    def worst(self) -> Use:
        """If no reply can be used and each is as long as allowed: all are asked for again."""
        return Use.sum(one.worst for one in self.strategies.values())

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        used = self.expected
        return {
            "planned": self.planned,
            "calls": used.calls,
            "tokens": used.tokens,
            "cost_usd": used.cost_usd,
            "seconds": self.seconds,
            "left": self.left,
            "tokens_in": used.input,
            "tokens_out": used.output,
            "cap_usd": self.cap_usd,
            "max_tokens": self.max_tokens,
            "max_time_s": self.max_time_s,
            "assumed": self.assumed,
            "worst": self.worst.as_json(),
            "strategies": {name: one.as_json() for name, one in self.strategies.items()},
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """Return it in lines for people: sessions, use, time, each strategy that asks, notes."""
        earlier = "" if self.left == self.planned else f", of which {self.left:,} are left"
        told = [f"{self.planned:,} sessions{earlier}; {_span(self.seconds)} ({self.assumed})."]
        if not self.worst.calls:
            return [*told, "No model will be asked; this costs nothing.", *self.notes]
        cap = "" if self.cap_usd is None else f"; never more than {self.cap_usd:g} USD in all"
        told.append(f"If all run to their last rounds: {_words(self.expected, self.worst)}{cap}.")
        told += [
            f"  {name}: {_words(one.expected, one.worst)}"
            for name, one in self.strategies.items()
            if one.worst.calls
        ]
        return [*told, *self.notes]


class _Asking(NamedTuple):
    """A seat that asks models, as one of a scenario's sessions has it."""

    scenario: int
    seat: int
    strategy: str
    is_alone: bool
    """Whether no other seat asks any."""


class _Looked(NamedTuple):
    """What one seat is expected to use in one session."""

    expected: Use
    worst: Use
    seconds: float | None
    """Of an embedded model."""


def dry_run(
    design: Design,
    settings: Settings,
    caps: Caps | None = None,
    *,
    done: AbstractSet[str] = frozenset(),
    workers: int | None = None,
) -> DryRun:
    """Return what a batch may use; nothing is asked, played or written.

    Args:
        design: What is planned.
        settings: Where models are and what they cost.
        caps: Take the place of the plan's own, where given.
        done: Keys of sessions that are finished already.
        workers: Processes that play scripted sessions; as many as there are cores if not given.

    Raises:
        SettingError: If an endpoint or its key is missing, or a cap on money is given but a price
            is not known.
        UserError: If a mind of another library is not here in the plan's release.
    """
    specs = {name: parse_seat(spec) for name, spec in design.specs.items()}
    caps = within_budget(design, caps or Caps())
    cap = batch_cap(design, settings, caps)
    seated, sessions, asking = _counted(design, specs, done)
    looked = partial(_looked, design, specs, settings, {})
    uses = {name: StrategyUse(spec=design.specs[name], seats=seated[name]) for name in specs}
    embedded_s, remote_calls = 0.0, 0
    for seat, count in asking.items():
        found, before = looked(seat), uses[seat.strategy]
        uses[seat.strategy] = replace(
            before,
            expected=before.expected.plus(found.expected.times(count)),
            worst=before.worst.plus(found.worst.times(count)),
        )
        if found.seconds is None:
            remote_calls += count * found.expected.calls
        else:
            embedded_s += count * found.seconds
    scripted_s = sum(count * _scripted_s(design.scenarios[k]) for k, count in sessions.items())
    cores = workers or os.cpu_count() or 1
    at_once = design.plan.at_once or AT_ONCE
    seconds = scripted_s / cores + embedded_s + remote_calls * LATENCY_S / at_once
    if sessions:
        require_releases(design)
        seconds += AROUND_S
    return DryRun(
        planned=len(design),
        left=sum(sessions.values()),
        strategies=uses,
        cap_usd=cap,
        max_tokens=caps.max_tokens,
        max_time_s=caps.max_time_s,
        seconds=round(seconds, 1),
        assumed=_assumed(cores, at_once, embedded=embedded_s > 0, remote=remote_calls > 0),
        notes=notes_of(design),
    )


def within_budget(design: Design, caps: Caps) -> Caps:
    """Return the caps of a batch: those given, else the plan's."""
    budget, limits = design.plan.budget, design.plan.session
    return replace(
        caps,
        max_cost_usd=_first(caps.max_cost_usd, budget.max_cost_usd),
        max_tokens=_first(caps.max_tokens, budget.max_tokens),
        max_time_s=_first(caps.max_time_s, budget.max_time_s),
        retry_budget_s=_first(caps.retry_budget_s, limits.retry_budget_s),
    )


def batch_cap(design: Design, settings: Settings, caps: Caps) -> float | None:
    """Return the cap on money of a whole batch.

    Raises:
        SettingError: If an endpoint or its key is missing, or a cap is given but a price is not
            known.
    """
    require_endpoints(design, settings)
    specs = [parse_seat(spec) for spec in design.specs.values()]
    planned = design.plan.budget.max_cost_usd
    try:
        return money_cap(settings, prices(specs, settings), caps)
    except SettingError as error:
        if planned is None or caps.max_cost_usd != planned:
            raise
        # The cap is the plan's: whoever reads this has given no flag.
        told = str(error).replace(f"--max-cost {planned:g}", f"max_cost_usd: {planned:g}")
        raise SettingError(f"plan {design.plan.id}: budget: {told}") from None


def _first(given: T | None, planned: T | None) -> T | None:
    return planned if given is None else given


def _counted(
    design: Design, specs: Mapping[str, SeatSpec], done: AbstractSet[str]
) -> tuple[Counter[str], Counter[int], Counter[_Asking]]:
    """Return how often strategies are seated, scenarios played, and models asked in which seat."""
    seated: Counter[str] = Counter()
    sessions: Counter[int] = Counter()
    asking: Counter[_Asking] = Counter()
    asks = {name for name, spec in specs.items() if spec.models}
    for scenario, seats, count in _left(design, done):
        sessions[scenario] += count
        for name in seats:
            seated[name] += count
        places = [k for k, name in enumerate(seats) if name in asks] if asks else []
        is_alone = len(places) == 1 and len(seats) <= MANY
        for k in places:
            asking[_Asking(scenario, k, seats[k], is_alone)] += count
    return seated, sessions, asking


def _left(design: Design, done: AbstractSet[str]) -> Iterator[tuple[int, tuple[str, ...], int]]:
    """Yield scenario, seats and number of the sessions that are not finished."""
    if done:
        yield from ((row.scenario, row.seats, 1) for row in design.rows() if row.key not in done)
        return
    repetitions, names = design.plan.repetitions, len(design.plan.names)
    for scenario, layout in enumerate(design.layouts):
        # What is the same in every repetition is looked at once.
        each = 1 if isinstance(layout, Fixed) else repetitions
        count = names * (repetitions // each)
        for repetition in range(each):
            for cell in range(layout.cells):
                yield scenario, layout.seated(repetition, cell).seats, count


def _looked(
    design: Design,
    specs: Mapping[str, SeatSpec],
    settings: Settings,
    known: dict[tuple[int, int, str], Estimate],
    asking: _Asking,
) -> _Looked:
    """Return what a seat is expected to use, its session estimated once."""
    scenario = design.scenarios[asking.scenario]
    spec, seat = specs[asking.strategy], asking.seat if asking.is_alone else -1
    key = (asking.scenario, seat, asking.strategy)
    if key not in known:
        by_rule = parse_seat("linear")
        seats = {
            party: spec if seat in (k, -1) else by_rule for k, party in enumerate(scenario.ids)
        }
        known[key] = estimate(scenario, seats, settings, Caps())
    found = known[key]
    party = scenario.ids[asking.seat]
    own = next(one for one in found.seats if one.party == party)
    share = own.expected.tokens / found.tokens if found.tokens else 0.0
    seconds = None if found.seconds is None else found.seconds * share
    return _Looked(own.expected, own.worst, seconds)


def _scripted_s(scenario: Scenario) -> float:
    turns = scenario.protocol.rounds * len(scenario.ids)
    kind = "hall" if is_hall(scenario) else "alternating"
    return turns * TURN_S["eventful" if scenario.is_eventful else kind]


def _assumed(cores: int, at_once: int, *, embedded: bool, remote: bool) -> str:
    """Return what the time rests on, in words."""
    if not embedded and not remote:
        return f"roughly, {cores} at a time, where nothing else keeps the machine busy"
    told = ["the embedded model on two cores"] if embedded else []
    if remote:
        told.append(f"{at_once} sessions at a time, {LATENCY_S:g} s a call")
    return f"roughly: {' and '.join(told)}"


def _span(seconds: float) -> str:
    minute, hour = 60, 3600
    if seconds < 2 * minute:
        return f"about {max(1, round(seconds))} s"
    if seconds < 2 * hour:
        return f"about {seconds / minute:.0f} min"
    return f"about {seconds / hour:.0f} h"


def _words(expected: Use, worst: Use) -> str:
    """Return what is used, in words: calls, tokens, money."""
    told = f"about {expected.calls:,} calls, {expected.input:,} tokens in, {expected.output:,} out"
    if expected.cost_usd is None or worst.cost_usd is None:
        return f"{told}; a price is not known"
    if worst.cost_usd == 0:
        return f"{told}; no cost"
    return f"{told}; about {expected.cost_usd:.4g}, at worst {worst.cost_usd:.4g} USD"
