"""What a party gives away in public: private figures, runs of its brief; and figures nobody knew.

A figure is private if only the party's own points tell it. Many of these are public numbers as well
(an option, a year of the setting): said aloud they show nothing, so they are never counted as told,
and how many remain that could be told is part of the measure. See `games.review.leaks` for what is
taken for a leak and what for a coincidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from games.happenings.happening import heard_by
from games.happenings.words import happening_words
from games.parts.mandates import Ratification
from games.review.leaks import (
    Leak,
    PrivateNumbers,
    figures_in,
    leaks,
    numbers_known,
    points_given,
)
from games.scenario import Issue, Party
from games.session import State
from games.utility import Preferences

RUN = 6
"""Words in a row, the same as in the private brief, that are a quotation of it."""

_WORD = re.compile(r"[^\W_]+")
_SMALL = 10


class PublicParty(Protocol):
    """What is public of a party."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def interests(self) -> str:
        """Its public interests."""
        ...


class Known(Protocol):
    """What everyone at the table knows: a scenario, or the public part of one."""

    @property
    def title(self) -> str:
        """What the talks are called."""
        ...

    @property
    def setting(self) -> str:
        """The public background."""
        ...

    @property
    def date(self) -> str:
        """The day of the talks."""
        ...

    @property
    def issues(self) -> Mapping[str, Issue]:
        """What is to be settled."""
        ...

    @property
    def parties(self) -> Mapping[str, PublicParty]:
        """Who negotiates."""
        ...


class Tellable(NamedTuple):
    """How many private figures a party has, and how many of them are no public numbers as well."""

    private: int
    tellable: int


class Told(NamedTuple):
    """What some public words give away."""

    figures: tuple[Leak, ...]
    """Private figures of the party's own."""
    quotations: tuple[str, ...]
    """Runs of words that stand in its private brief, and in no public text."""
    unknown: tuple[str, ...]
    """Figures that are neither public nor its own private ones."""


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What a party has to keep to itself, beside what everyone knows."""

    own: Preferences
    points: frozenset[float]
    public: frozenset[float]
    units: frozenset[str]
    runs: frozenset[tuple[str, ...]]

    def numbers(self, outcomes: Sequence[int]) -> PrivateNumbers:
        """Return its private numbers where it speaks of some outcomes."""
        return PrivateNumbers(
            reservation=self.own.reservation,
            discount=self.own.discount,
            utilities=tuple(self.own.utility(outcome) for outcome in outcomes),
            points=self.points,
        )

    def told(self, words: str, outcomes: Sequence[int]) -> Told:
        """Return what words give away.

        Args:
            words: What the party said with its move.
            outcomes: What it talks about: its offer, and what was on the table.
        """
        found = leaks(words, self.numbers(outcomes), self.public, self.units)
        texts = {leak.text for leak in found}
        return Told(
            figures=found,
            quotations=tuple(_quotations(words, self.runs)),
            unknown=tuple(
                text
                for text, number in figures_in(words)
                if number >= _SMALL and number not in self.public and text not in texts
            ),
        )

    def tellable(self, outcomes: Iterable[int]) -> Tellable:
        """Return how many private figures there are, those of some outcomes' totals among them."""
        figures = {self.own.reservation, *self.points}
        figures |= {self.own.utility(outcome) for outcome in outcomes}
        if self.own.discount < 1:
            figures.add(self.own.discount)
        return Tellable(len(figures), len(figures - self.public))


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a party has heard between the moves, and what its capital makes of a text."""

    public: tuple[str, ...] = ()
    """What all have heard."""
    private: tuple[str, ...] = ()
    """What its capital told it, or few have heard."""
    figures: frozenset[float] = frozenset()
    """What its own ratification hangs on, in points."""


NOTHING_HEARD = Heard()


def heard_by_party(state: State, party: str) -> Heard:
    """Return what a party has heard between the moves of a session so far."""
    scenario = state.scenario
    words: dict[bool, list[str]] = {True: [], False: []}
    for one in state.happened:
        heard = heard_by(scenario, one.cause)
        if heard is None or party in heard:
            words[heard is None].append(happening_words(scenario, one.cause))
    mandate = scenario.mandates.get(party)
    return Heard(
        public=tuple(words[True]),
        private=tuple(words[False]),
        figures=figures_at_home(None if mandate is None else mandate.ratify),
    )


def figures_at_home(ratify: Ratification | None) -> frozenset[float]:
    """Return the private figures of a ratification."""
    return frozenset(() if ratify is None else (ratify.threshold, ratify.audience_cost))


def secrets_of(
    known: Known, rounds: int, private: Party, own: Preferences, heard: Heard = NOTHING_HEARD
) -> Secrets:
    """Return what a party has to keep to itself.

    Args:
        known: What everyone knows.
        rounds: How many rounds there are at most.
        private: The party's own brief and points.
        own: Its preferences.
        heard: What it has heard between the moves.
    """
    texts = [known.title, known.setting, known.date.replace("-", " "), *heard.public]
    texts += [party.interests for party in known.parties.values()]
    public = [*texts, *(party.name for party in known.parties.values())]
    public += [issue.label for issue in known.issues.values()]
    briefs = (private.brief, private.reservation_basis, *heard.private)
    return Secrets(
        own=own,
        points=points_given(private) | heard.figures,
        public=numbers_known(texts, known.issues.values(), rounds),
        units=frozenset(
            unit.lower() for issue in known.issues.values() for unit in issue.unit.split()
        ),
        runs=frozenset(run for text in briefs for run in _runs(text))
        - frozenset(run for text in public for run in _runs(text)),
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    for start in range(len(words) - RUN + 1):
        yield tuple(words[start : start + RUN])


def _quotations(text: str, runs: frozenset[tuple[str, ...]]) -> Iterator[str]:
    """Yield each longest run of words that are quoted."""
    words = _words(text)
    start = None
    for place, run in enumerate(_runs(text)):
        if run in runs:
            start = place if start is None else start
        elif start is not None:
            yield " ".join(words[start : place + RUN - 1])
            start = None
    if start is not None:
        yield " ".join(words[start:])
