"""What the parties saw of each other during the talks, and what they therefore believe.

A belief is a Beta count, τ = (a + kept)/(a + b + kept + broken). Promises kept count as kept;
promises broken, concessions taken back and threats as broken, each with its weight of
`statecraft.trust` against a commitment's 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from games.participation.signatures import signature_weights
from games.parts.aftermath import Belief

if TYPE_CHECKING:
    from games.parts.surroundings import TrustWeights
    from games.scenario import Scenario

Event = Literal["kept", "broken", "withdrawn", "threat"]
"""What one party is seen to do: keep a promise, break one, take back a concession, threaten."""

EVENTS: tuple[Event, ...] = get_args(Event)


class Counts(NamedTuple):
    """How often each was seen, in the order of `EVENTS`."""

    kept: int = 0
    broken: int = 0
    withdrawn: int = 0
    threat: int = 0

    def plus(self, other: Counts) -> Counts:
        """Return both together."""
        return Counts(*(one + more for one, more in zip(self, other, strict=True)))

    def weighted(self, weights: TrustWeights) -> tuple[float, float]:
        """Return what they count for and against a party."""
        against = (
            weights.broken * self.broken
            + weights.withdrawn * self.withdrawn
            + weights.threat * self.threat
        )
        return weights.kept * self.kept, against


_NOTHING = Counts()


@dataclass(frozen=True)
class Seen:
    """What the parties, by position, saw of each other; only what happened takes room."""

    by_all: Mapping[int, Counts] = field(default_factory=dict[int, Counts])
    """By subject: what everybody saw it do."""
    by_some: Mapping[int, Mapping[int, Counts]] = field(
        default_factory=dict[int, Mapping[int, Counts]]
    )
    """By observer and subject: what it saw beside that."""

    def with_event(self, kind: Event, by: int, towards: Iterable[int] | None = None) -> Seen:
        """Return the ledger with one event more.

        Args:
            kind: What was done.
            by: Position of the party that did it.
            towards: Positions of those who saw it and count it, such as those a threat is aimed at;
                everybody if not given.
        """
        if towards is None:
            return Seen({**self.by_all, by: _raised(self.by_all.get(by), kind)}, self.by_some)
        some = dict(self.by_some)
        for observer in set(towards) - {by}:
            known = some.get(observer, {})
            some[observer] = {**known, by: _raised(known.get(by), kind)}
        return Seen(self.by_all, some)

    def of(self, observer: int, subject: int) -> Counts:
        """Return what one party saw another do; of itself it keeps no account."""
        if observer == subject:
            return _NOTHING
        apart = self.by_some.get(observer, {}).get(subject, _NOTHING)
        return self.by_all.get(subject, _NOTHING).plus(apart)


def _raised(counts: Counts | None, kind: Event) -> Counts:
    known = counts or _NOTHING
    return known._replace(**{kind: getattr(known, kind) + 1})


def belief(scenario: Scenario, seen: Seen, observer: int, subjects: Iterable[int]) -> float:
    """Return how far a party trusts some others to honour, after what it saw of each.

    The mean of its beliefs in each, by their weights towards entry into force: a signature that
    counts for more is more to be trusted or feared. Where nobody else is asked of, what it believed
    before.

    Args:
        scenario: States what it believed before (a = b = 1 if it does not) and what events weigh.
        seen: What happened since.
        observer: Position of the party.
        subjects: Positions of the others; the observer's own is passed over.
    """
    before = scenario.trust.get(scenario.ids[observer]) or Belief()
    weights = scenario.once("trust weights", _trust_weights)
    total = believed = 0.0
    for subject in subjects:
        if subject != observer:
            kept, broken = seen.of(observer, subject).weighted(scenario.statecraft.trust)
            total += weights[subject]
            believed += weights[subject] * _mean(before, kept, broken)
    return believed / total if total else _mean(before, 0.0, 0.0)


def _mean(before: Belief, kept: float, broken: float) -> float:
    good = before.a + before.kept + kept
    return good / (good + before.b + before.broken + broken)


def _trust_weights(scenario: Scenario) -> list[float]:
    weights, _ = signature_weights(scenario)
    return weights.tolist()


def after_session(scenario: Scenario, seen: Seen) -> Scenario:
    """Return the scenario with the trust that the talks left.

    The counts of each party's belief are raised by the mean, over all others and by their weights,
    of what it saw of each: a verdict asks of trust in the others as one. A party of whom nothing is
    stated and who saw nothing still has no stated belief.
    """
    raised = {
        party: changed
        for position, party in enumerate(scenario.ids)
        if (changed := _raised_belief(scenario, seen, position)) is not None
    }
    if not raised:
        return scenario
    return scenario.model_copy(update={"trust": {**scenario.trust, **raised}})


def _raised_belief(scenario: Scenario, seen: Seen, observer: int) -> Belief | None:
    """Return a party's belief after the talks, or None if they left it as it was."""
    weights = scenario.once("trust weights", _trust_weights)
    good = bad = 0.0
    for subject in sorted({*seen.by_all, *seen.by_some.get(observer, ())} - {observer}):
        kept, broken = seen.of(observer, subject).weighted(scenario.statecraft.trust)
        good += weights[subject] * kept
        bad += weights[subject] * broken
    if good == bad == 0:
        return None
    others = sum(weights) - weights[observer]
    before = scenario.trust.get(scenario.ids[observer]) or Belief()
    return before.model_copy(
        update={"kept": before.kept + good / others, "broken": before.broken + bad / others}
    )
