"""Private numbers that a party gave away in its words.

Only figures in digits are found. A figure that is public anyway (an option, a number of the public
setting), or that is a quantity of something (`42 %`, `$42`, `42 t`), is no leak; small whole
numbers and the points of single options are leaks only in a sentence that speaks of points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from games.happenings.happening import Struck, heard_by
from games.outcomes import option_text
from games.review.positions import Position, settled

if TYPE_CHECKING:
    from games.scenario import Issue, Party, Scenario
    from games.session import State

Secret = Literal["reservation value", "utility", "points", "discount"]
"""Kinds of private numbers."""

_FIGURE = re.compile(
    r"(?<![\w.,])(?P<money>[$€£]\s?)?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<unit>\s?%|\s?[^\W\d_]+)?"
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_TELLING = re.compile(
    r"\b(?:points|utility|utilities|reservation|BATNA|bottom line|walk[- ]?away|score)\b"
    r"|\bdiscount\b",
    re.IGNORECASE,
)
_UNITS = frozenset(
    {
        "%",
        *("day", "days", "week", "weeks", "month", "months", "year", "years", "round", "rounds"),
        *("percent", "per", "cent", "dollars", "usd", "eur", "million", "billion", "thousand"),
        *("t", "tonne", "tonnes", "ton", "tons", "kg", "km", "mw", "m", "bn", "k", "th", "nd"),
        *("st", "rd", "s"),
    }
)
_SMALL = 10


class Leak(NamedTuple):
    """A private number said aloud."""

    secret: Secret
    text: str
    """The figure as it was said."""


@dataclass(frozen=True, kw_only=True)
class PrivateNumbers:
    """What a party must keep to itself, in its own points."""

    reservation: float
    discount: float
    utilities: tuple[float, ...]
    """Of the outcomes it talks about."""
    points: frozenset[float]
    """Of single options, and of pairs of them."""


class _Figure(NamedTuple):
    text: str
    value: float
    decimals: int
    unit: str
    """In lower case; `$` for money."""

    def means(self, number: float) -> bool:
        """Return whether it is a number, rounded to the decimals said."""
        return abs(self.value - number) <= 0.5 * 10.0**-self.decimals + 1e-9


def private_numbers(
    scenario: Scenario, position: int, outcomes: Sequence[int] = ()
) -> PrivateNumbers:
    """Return the numbers that a party must keep to itself.

    Args:
        scenario: What is negotiated.
        position: Of the party.
        outcomes: Those it talks about: what it offers or accepts, what is on the table.
    """
    own = scenario.preferences[position]
    return PrivateNumbers(
        reservation=own.reservation,
        discount=own.discount,
        utilities=tuple(own.utility(outcome) for outcome in outcomes),
        points=points_given(scenario.parties[own.party]),
    )


def points_given(party: Party) -> frozenset[float]:
    """Return the points that a party gives to single options and to pairs of them."""
    tables = [
        *party.points.values(),
        *(row for link in party.links for row in link.points.values()),
    ]
    return frozenset(points for table in tables for points in table.values())


def public_numbers(scenario: Scenario) -> frozenset[float]:
    """Return the numbers that everyone knows: of the options, the setting and the rounds."""
    texts = [scenario.title, scenario.setting, scenario.date.replace("-", " ")]
    texts += [party.interests for party in scenario.parties.values()]
    return numbers_known(texts, scenario.issues.values(), scenario.protocol.rounds)


def numbers_known(texts: Iterable[str], issues: Iterable[Issue], rounds: int) -> frozenset[float]:
    """Return the numbers in public texts and of issues, and the numbers of the rounds."""
    spoken = [*texts]
    for issue in issues:
        spoken += [issue.label, issue.unit, *(option_text(option) for option in issue.options)]
    found = {number for text in spoken for _, number in figures_in(text)}
    return frozenset(found | {float(number) for number in range(rounds + 1)})


def leaks(
    words: str,
    private: PrivateNumbers,
    public: frozenset[float],
    units: frozenset[str] = frozenset(),
) -> tuple[Leak, ...]:
    """Return the private numbers that words give away, in the order said.

    Args:
        words: What the party said with its move.
        private: Its private numbers.
        public: Numbers that everyone knows.
        units: Further words, in lower case, that make the number before them a quantity.
    """
    found: list[Leak] = []
    for sentence in _SENTENCE.split(words):
        telling = _TELLING.search(sentence) is not None
        for figure in _figures(sentence):
            secret = _secret(figure, private, public, units, telling=telling)
            if secret is not None:
                found.append(Leak(secret, figure.text))
    return tuple(found)


def leaks_of(
    seat: int, own: Sequence[Position], said: Sequence[str | None]
) -> list[tuple[Leak, ...]]:
    """Return the private numbers in the words of each of a party's moves, as they then were.

    Args:
        seat: Position of the party.
        own: Its moves.
        said: What was said with each move of the session.
    """
    if not any(said):
        return [()] * len(own)
    found: list[tuple[Leak, ...]] = []
    public, units, known = frozenset[float](), frozenset[str](), None
    for position in own:
        scenario, happened = position.state.scenario, position.state.happened
        if known is None or known[0] is not scenario or known[1] != happened:
            known = (scenario, happened)
            public = public_numbers(scenario) | numbers_announced(position.state)
            units = frozenset(
                unit.lower() for issue in scenario.issues.values() for unit in issue.unit.split()
            )
        outcomes = [one for one in (settled(position), position.state.on_table) if one is not None]
        private = private_numbers(scenario, seat, outcomes)
        found.append(leaks(said[position.number] or "", private, public, units))
    return found


def numbers_announced(state: State) -> frozenset[float]:
    """Return the numbers in what everyone has heard happen so far."""
    scenario = state.scenario
    causes = [one.cause for one in state.happened if heard_by(scenario, one.cause) is None]
    shocks = [scenario.shocks[one.shock] for one in causes if isinstance(one, Struck)]
    texts = [text for shock in shocks for text in (shock.label, shock.words)]
    return frozenset(number for text in texts for _, number in figures_in(text))


def figures_in(text: str) -> Iterator[tuple[str, float]]:
    """Yield the figures in a text, as they were said and as numbers."""
    for figure in _figures(text):
        yield figure.text, figure.value


def _figures(text: str) -> Iterator[_Figure]:
    for match in _FIGURE.finditer(text):
        number = match["number"].replace(",", "")
        unit = "$" if match["money"] else (match["unit"] or "").strip().lower()
        _, _, decimals = number.partition(".")
        yield _Figure(match["number"], float(number), len(decimals), unit)


def _secret(
    figure: _Figure,
    private: PrivateNumbers,
    public: frozenset[float],
    units: frozenset[str],
    *,
    telling: bool,
) -> Secret | None:
    """Return which private number a figure gives away, if any."""
    if _is_discount(figure, private.discount, public, telling=telling):
        return "discount"
    if figure.unit == "$" or figure.unit in _UNITS or figure.unit in units:
        return None
    noticeable = figure.value not in public and (figure.decimals > 0 or figure.value >= _SMALL)
    if telling or noticeable:
        if figure.means(private.reservation):
            return "reservation value"
        if any(figure.means(utility) for utility in private.utilities):
            return "utility"
    if telling and figure.value in private.points:
        return "points"
    return None


def _is_discount(
    figure: _Figure, discount: float, public: frozenset[float], *, telling: bool
) -> bool:
    """Return whether a figure is the discount, as a number or, where points are spoken of, in %."""
    if not 0 < discount < 1:
        return False
    if figure.unit == "%":
        return telling and abs(figure.value - 100 * discount) < 1e-9
    plain = figure.unit not in _UNITS and figure.unit != "$"
    return plain and abs(figure.value - discount) < 1e-9 and (telling or figure.value not in public)
