"""A plan with its scenarios read: the sessions that it means, each by its number."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from delegates.connections import prices
from delegates.evaluation.planning.plan import MOST_REPETITIONS, Names, Plan
from delegates.evaluation.planning.plan_files import WrittenPlan, read_plan
from delegates.evaluation.planning.plan_lint import as_played, refused
from delegates.evaluation.planning.plan_scenarios import Fail, scenarios_of
from delegates.evaluation.planning.rows import Seatings, seatings
from delegates.minds.registry import PEER_MINDS
from delegates.peers.presence import require_here
from delegates.seating import require_playable
from delegates.seats import parse_seat
from delegates.settings import EMBEDDED_MODELS, Settings
from games.aliases import aliased
from games.errors import PlanError, ScenarioError, SeatError, SettingError, plain
from games.scenario import Scenario

FORMAT = 1
"""Counts how rows are laid out, seeded and dealt: under another one the same plan plays other
sessions."""

_KEY = 16
_SEEDS = 2**40


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One planned session."""

    number: int
    """Its place in the plan, from 0."""
    scenario: int
    """Position among the design's scenarios."""
    names: Names
    repetition: int
    seed: int
    """The same for all sessions of a scenario and repetition, whoever sits there; where seats are
    dealt several times in a repetition, for all of one deal."""
    seats: tuple[str, ...]
    """Names of strategies, one a party, in the scenario's order."""
    tested: tuple[bool, ...]
    """Aligned: whether the seat's strategy is one under test there."""
    key: str
    """What it plays, hashed: the same in every plan that plays it; 16 hexadecimal digits."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """A plan that can be played. Rows are made when asked for, never listed.

    Repetition by repetition, scenario by scenario, names by names: a batch that ends early has
    played whole repetitions of everything. It can be pickled; scenarios travel as their text.
    """

    plan: Plan
    folder: Path | None
    """The plan's own folder; None of one that comes with the package or was made in code."""
    scenarios: tuple[Scenario, ...]
    """In the plan's order, each once."""
    specs: Mapping[str, str]
    """Strategy → seat specification, written out, every model named."""
    hash: str
    """SHA-256 of all that determines the results: 64 hexadecimal digits."""
    releases: Mapping[str, str] = field(default_factory=dict[str, str])
    """Mind → the release of another library that it is of; of those that it seats."""
    places: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)
    """Strategy → where the plan states it, `FILE:LINE: strategies.NAME`; of a plan that is being
    read."""

    def __len__(self) -> int:
        """Return how many sessions are planned."""
        return self.plan.repetitions * self._ends[-1]

    def row(self, number: int) -> Row:
        """Return a planned session.

        Raises:
            IndexError: If there is none of that number.
        """
        if not 0 <= number < len(self):
            raise IndexError(f"row {number}: expected one from 0 to {len(self) - 1}")
        ends = self._ends
        repetition, place = divmod(number, ends[-1])
        scenario = bisect_right(ends, place)
        place -= ends[scenario - 1] if scenario else 0
        layout = self.layouts[scenario]
        which, cell = divmod(place, self._cells[scenario])
        names = self.plan.names[which]
        seated = layout.seated(repetition, cell)
        seed = self.seed_of(scenario, repetition, seated.draw)
        return Row(
            number=number,
            scenario=scenario,
            names=names,
            repetition=repetition,
            seed=seed,
            seats=seated.seats,
            tested=seated.tested,
            key=self._key(scenario, names, seed, seated.seats),
        )

    def rows(self) -> Iterator[Row]:
        """Yield every planned session in order."""
        return map(self.row, range(len(self)))

    def session(self, number: int) -> str:
        """Return a session's id: the plan's id, its hash and the row."""
        return f"{self.plan.id}-{self.hash[:8]}-{number:06d}"

    def played_as(self, row: Row) -> Scenario:
        """Return the scenario as a row's delegates see it: under aliases where it says so."""
        scenario = self.scenarios[row.scenario]
        return scenario if row.names == "own" else twin(scenario)

    def seed_of(self, scenario: int, repetition: int, draw: int = 0) -> int:
        """Return the seed of a scenario's sessions in a repetition.

        Counted from a number that is hashed of the plan's seed and the scenario, so that no two of
        a scenario are the same, and neither two scenarios nor two plans share their lots.
        """
        return self._first_seeds[scenario] + draw * MOST_REPETITIONS + repetition

    @cached_property
    def _first_seeds(self) -> tuple[int, ...]:
        words = (f"{self.plan.seed}/{scenario.id}" for scenario in self.scenarios)
        return tuple(
            int(hashlib.sha256(one.encode()).hexdigest()[:_KEY], 16) % _SEEDS for one in words
        )

    @cached_property
    def shas(self) -> tuple[str, ...]:
        """SHA-256 of each scenario's canonical text: 64 hexadecimal digits."""
        return tuple(scenario.sha256() for scenario in self.scenarios)

    @cached_property
    def layouts(self) -> tuple[Seatings, ...]:
        """Who sits where, scenario by scenario."""
        return tuple(seatings(scenario, self.plan) for scenario in self.scenarios)

    @cached_property
    def _ends(self) -> tuple[int, ...]:
        """How many sessions of a repetition have been played when each scenario is through."""
        names = len(self.plan.names)
        return tuple(accumulate(names * cells for cells in self._cells))

    @cached_property
    def _cells(self) -> tuple[int, ...]:
        return tuple(layout.cells for layout in self.layouts)

    @cached_property
    def _quoted(self) -> Mapping[str, str]:
        played = with_releases(self.specs, self.releases)
        return {name: json.dumps(spec) for name, spec in played.items()}

    def _key(self, scenario: int, names: Names, seed: int, seats: Sequence[str]) -> str:
        quoted = self._quoted
        seated = ",".join([quoted[name] for name in seats])
        words = f"{FORMAT}/{self.shas[scenario]}/{names}/{seed}/[{seated}]"
        return hashlib.sha256(words.encode()).hexdigest()[:_KEY]

    def __reduce__(self) -> tuple[object, ...]:
        """Send plan and scenarios as text: what was computed of them stays behind."""
        texts = tuple(scenario.canonical() for scenario in self.scenarios)
        plan = self.plan.model_dump_json(by_alias=True)
        specs, releases = dict(self.specs), dict(self.releases)
        return _received, (plan, self.folder, texts, specs, self.hash, releases)


def _received(
    plan: str,
    folder: Path | None,
    texts: tuple[str, ...],
    specs: Mapping[str, str],
    digest: str,
    releases: Mapping[str, str],
) -> Design:
    return Design(
        plan=Plan.model_validate_json(plan),
        folder=folder,
        scenarios=tuple(Scenario.model_validate_json(text) for text in texts),
        specs=specs,
        hash=digest,
        releases=releases,
    )


def releases_here(specs: Mapping[str, str]) -> dict[str, str]:
    """Return mind → the installed release of the library that it is of, for those seated."""
    minds = {parse_seat(spec).mind for spec in specs.values()}
    return {name: peer.release() for name, peer in PEER_MINDS.items() if name in minds}


def with_releases(specs: Mapping[str, str], releases: Mapping[str, str]) -> dict[str, str]:
    """Return strategy → what plays it: its specification, and the release that its mind is of."""
    if not releases:
        return dict(specs)
    found: dict[str, str] = {}
    for name, spec in specs.items():
        release = releases.get(parse_seat(spec).mind)
        found[name] = spec if release is None else f"{spec} of {release}"
    return found


def twin(scenario: Scenario) -> Scenario:
    """Return a scenario whose parties have invented names, made once.

    Raises:
        ScenarioError: If two things in it could not be told apart any more.
    """
    return scenario.once("evaluation.twin", lambda one: aliased(one)[0])


def hash_of(
    plan: Plan,
    shas: Sequence[str],
    specs: Mapping[str, str],
    releases: Mapping[str, str] | None = None,
) -> str:
    """Return the SHA-256 of all that determines a plan's results.

    Titles, budgets, how many sessions go on at a time and which transcripts are kept do not count.

    Args:
        plan: What it says.
        shas: Of its scenarios.
        specs: Strategy → its specification, every model named.
        releases: Mind → the release of another library that it is of; None if all are ours.
    """
    said: dict[str, object] = {
        "format": FORMAT,
        "id": plan.id,
        "scenarios": list(shas),
        "strategies": list(with_releases(specs, releases or {}).items()),
        "seats": plan.seats.model_dump(exclude={"tested", "against"}),
        "tested": plan.tested,
        "against": plan.against,
        "repetitions": plan.repetitions,
        "seed": plan.seed,
        "names": plan.names,
        "timeout_s": plan.session.timeout_s,
        "outcomes": plan.outcomes.model_dump(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def designed(
    plan: Plan, folder: Path | None, settings: Settings, *, source: WrittenPlan | None = None
) -> Design:
    """Return what a plan means: its scenarios read, its models named.

    Args:
        plan: The plan.
        folder: From which it names scenarios; the current one if not given.
        settings: Give the model that is meant where a seat names none; without one it is the
            embedded one.
        source: The text of the plan, by whose lines faults are told.

    Raises:
        PlanError: If it cannot be played; the message says what, where and what was expected.
    """

    def fail(path: Sequence[str], problem: str) -> PlanError:
        if source is not None:
            return source.error(path, problem)
        return PlanError(plain(f"plan {plan.id}: {'.'.join(path)}: {problem}"))

    for path, problem in refused(plan):
        raise fail(path, problem)
    specs = _written_out(plan, settings, fail)
    scenarios = scenarios_of(plan, folder, fail)
    _require_playable(plan, scenarios, specs, fail)
    return design_of(plan, folder, scenarios, specs, fail)


def design_of(
    plan: Plan,
    folder: Path | None,
    scenarios: tuple[Scenario, ...],
    specs: Mapping[str, str],
    fail: Fail,
) -> Design:
    """Return what a plan means whose scenarios are read and whose models are named.

    One that was kept by a run means what was played then, whatever is installed now.

    Raises:
        PlanError: If a scenario cannot be seated or told under aliases, or if the plan was kept
            by a run and does not mean what was played then.
    """
    _require_sessions(plan, scenarios, fail)
    releases = releases_here(specs)
    if plan.played is not None:
        kept = plan.played.releases or {}
        releases = {mind: kept.get(mind, "an unknown release") for mind in releases}
    digest = hash_of(plan, [scenario.sha256() for scenario in scenarios], specs, releases)
    if plan.played is not None and plan.played.hash != digest:
        raise fail(
            ("played", "hash"),
            f"found {plan.played.hash}, but what the plan says is {digest}: it was changed",
        )
    places = {name: str(fail(("strategies", name), "")).rstrip(": ") for name in specs}
    return Design(
        plan=plan,
        folder=folder,
        scenarios=scenarios,
        specs=dict(specs),
        hash=digest,
        releases=releases,
        places=places,
    )


def require_endpoints(design: Design, settings: Settings) -> None:
    """Check that every strategy's models have an endpoint and its key.

    Raises:
        SettingError: If one has not; the message names the strategy's place in the plan.
    """
    for name, text in design.specs.items():
        try:
            prices([parse_seat(text)], settings)
        except SettingError as error:
            where = design.places.get(name, f"plan {design.plan.id}: strategies.{name}")
            raise SettingError(f"{where}: {error}") from None


def require_releases(design: Design) -> None:
    """Check that minds of other libraries are here, and of the release that the plan is of.

    Raises:
        SeatError: If one is not here.
        PlanError: If it is of another release.
    """
    for text in design.specs.values():
        require_here(parse_seat(text))
    here = releases_here(design.specs)
    for mind, before in design.releases.items():
        if here[mind] != before:
            raise PlanError(
                f"plan {design.plan.id}: is of {before}, and {here[mind]} is here; expected that "
                "release, or another folder (--out) for the plan that it was made from"
            )


def read_design(source: str | Path, settings: Settings) -> Design:
    """Return what the plan in a file, or the bundled one of that name, means.

    Raises:
        PlanError: If there is none, or it cannot be played; the message names the line.
    """
    written = read_plan(source)
    return designed(written.plan, written.folder, settings, source=written)


def _written_out(plan: Plan, settings: Settings, fail: Fail) -> dict[str, str]:
    """Return every strategy's specification, each model named, no two the same."""
    model = settings.model.value or EMBEDDED_MODELS[0]
    specs: dict[str, str] = {}
    known: dict[tuple[object, ...], str] = {}
    for name, text in plan.strategies.items():
        try:
            spec = parse_seat(text, model)
        except SeatError as error:
            raise fail(("strategies", name), str(error)) from None
        twin_name = known.setdefault(as_played(spec), name)
        if twin_name != name:
            raise fail(
                ("strategies", name),
                f"{spec.text!r} plays as {twin_name} does; expected each strategy once",
            )
        specs[name] = spec.text
    return specs


def _require_playable(
    plan: Plan, scenarios: Sequence[Scenario], specs: Mapping[str, str], fail: Fail
) -> None:
    """Check that every strategy plays every scenario's protocol."""
    for name in plan.strategies:
        for scenario in scenarios:
            try:
                require_playable(scenario, {name: parse_seat(specs[name])})
            except SeatError as error:
                raise fail(("strategies", name), str(error)) from None


def _require_sessions(plan: Plan, scenarios: Sequence[Scenario], fail: Fail) -> None:
    """Check that every scenario can be seated, has sessions and, if asked for, can be aliased."""
    for scenario in scenarios:
        try:
            cells = seatings(scenario, plan).cells
        except ScenarioError as error:
            raise fail(("seats", "many"), str(error)) from None
        except ValueError as error:
            raise fail(
                ("seats", "fixed"), f"{error}; {scenario.id} has {len(scenario.ids)} parties"
            ) from None
        if not cells:
            raise fail(
                ("seats", "self_play"),
                f"no session of {scenario.id} is left; expected strategies that meet others",
            )
        if "alias" in plan.names:
            try:
                twin(scenario)
            except ScenarioError as error:
                raise fail(("names",), str(error)) from None
