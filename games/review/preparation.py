"""A preparation sheet against what was true, and against what was then done.

An error in a reservation value is told in points and as a share of m − r, what the party in
question can gain within the ZOPA (m its best outcome there); a ranking by Kendall's τ-b (see
`games.review.rankings`). From which size on an error is called small or large, and a τ good or
poor, is a judgement.

Example:
    >>> from games import WalkAway, load_scenario, start, step
    >>> from games.preparation import Guess, Sheet
    >>> scenario = load_scenario("cobalt-offtake")
    >>> sheet = Sheet(reservation=40, guesses={"COD": Guess(ranking=("transport", "volume"))})
    >>> moves = [WalkAway()]
    >>> state, _ = step(start(scenario), moves[0])
    >>> [line.what for line in sheet_lines(state, moves, "USA", scenario, sheet)]
    ['Your reservation value', 'What matters to DR Congo']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from games.bargaining.solutions import bargain
from games.moves import Accept, Move, Offer, Sign, Vote
from games.option_words import settled_words
from games.outcomes import option_text
from games.point_words import in_points, percent
from games.preparation import Guess, Sheet, Trade
from games.review.debrief import SheetLine
from games.review.rankings import issue_weights, rank_agreement
from games.session import State, replayed
from games.utility import TIE

if TYPE_CHECKING:
    from games.outcomes import Option
    from games.scenario import Issue, Scenario

SMALL, LARGE = 0.05, 0.15
"""Shares of m − r up to which an error is small, and from above which it is large."""

GOOD, POOR = 0.6, 0.2
"""τ-b from which a ranking is good, and below which it is poor."""

FAR_ABOVE = 0.25
"""Share of m − r from above which a walk-away line gives up agreements worth having."""

LEFT_OPEN = "left open"


@dataclass(frozen=True, kw_only=True)
class _Deed:
    """Something the party put its name to."""

    number: int
    """Its place among all moves, from 1."""
    outcome: int
    utility: float
    """In own points as they were then."""
    does: str
    is_offer: bool
    points: Mapping[str, Mapping[str, float]]
    """Own points of every option then."""


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What a sheet is compared with."""

    party: str
    final: State
    at_first: Scenario
    """As it was when the sheet was written."""
    then: Scenario
    """As it was when the guesses were asked for again."""
    deeds: tuple[_Deed, ...]

    @property
    def position(self) -> int:
        """Of the party, in the scenario's order."""
        return self.final.scenario.ids.index(self.party)

    @property
    def tie(self) -> float:
        """Own points that differ by no more are equal."""
        return self.final.scenario.preferences[self.position].tie

    @property
    def offers(self) -> tuple[_Deed, ...]:
        """Those of its deeds that are offers."""
        return tuple(deed for deed in self.deeds if deed.is_offer)

    @property
    def ended_with(self) -> float | None:
        """Own points in the end; None while the session is open."""
        return None if self.final.is_open else self.final.worth(self.position)


def sheet_lines(
    final: State,
    moves: Sequence[Move],
    party: str,
    at_first: Scenario,
    before: Sheet,
    *,
    again: Sheet | None = None,
    then: Scenario | None = None,
) -> tuple[SheetLine, ...]:
    """Return what was written on a sheet, each entry against what was true or what was done.

    Entries that were left open have no line, but for guesses that were made at half time.

    Args:
        final: The session after its last move; it may be open.
        moves: All its moves, in order.
        party: Whose sheet it is.
        at_first: The scenario as it was when the sheet was written
            (`transcripts.fold.Folded.as_prepared`).
        before: The sheet, as sealed before the first move.
        again: The guesses at half time; None where there are none.
        then: The scenario as it was at half time; by default as at first.
    """
    case = _Case(
        party=party,
        final=final,
        at_first=at_first,
        then=then or at_first,
        deeds=tuple(_deeds(final, moves, at_first.ids.index(party))),
    )
    return (
        *_on_oneself(case, before),
        *_on_others(case, before.guesses, None if again is None else again.guesses),
        *_on_conduct(case, before),
    )


def _deeds(final: State, moves: Sequence[Move], position: int) -> Iterator[_Deed]:
    for number, ((state, _), move) in enumerate(zip(replayed(final, moves), moves, strict=True), 1):
        deed = _deed(number, state, move) if state.mover == position else None
        if deed is not None:
            yield deed


def _deed(number: int, state: State, move: Move) -> _Deed | None:
    """Return what a move put its mover's name to; None if it is nothing of the kind."""
    match move:
        case Offer(outcome=outcome):
            does = "offered"
        case Accept() | Vote(ballot="yes") | Sign(signature="binding"):
            outcome = state.on_table
            does = {Accept: "accepted", Vote: "voted for", Sign: "signed"}[type(move)]
        case _:
            return None
    if outcome is None:
        return None
    return _Deed(
        number=number,
        outcome=outcome,
        utility=state.own(state.mover).utility(outcome),
        does=does,
        is_offer=isinstance(move, Offer),
        points=state.scenario.parties[state.party].points,
    )


def _on_oneself(case: _Case, sheet: Sheet) -> Iterator[SheetLine]:
    if sheet.reservation is not None:
        yield _reservation(case, case.party, "Your reservation value", sheet.reservation, None)
    if sheet.ranking:
        yield _ranking(case, case.party, "What matters to you", sheet.ranking, ())


def _on_others(
    case: _Case, first: Mapping[str, Guess], again: Mapping[str, Guess] | None
) -> Iterator[SheetLine]:
    for other, details in case.at_first.parties.items():
        guess = first.get(other, Guess())
        later = (again or {}).get(other, Guess())
        if guess.reservation is not None or later.reservation is not None:
            what = f"Reservation value of {details.name}"
            yield _reservation(case, other, what, guess.reservation, later.reservation)
        if guess.ranking or later.ranking:
            what = f"What matters to {details.name}"
            yield _ranking(case, other, what, guess.ranking, later.ranking)


def _reservation(
    case: _Case, party: str, what: str, first: float | None, later: float | None
) -> SheetLine:
    """Return a reservation value against the true one, at first and once more at half time."""
    errors = [
        _Error.of(scenario, party, said)
        for scenario, said in ((case.at_first, first), (case.then, later))
        if said is not None
    ]
    true = {scenario.parties[party].reservation for scenario in (case.at_first, case.then)}
    told = in_points(case.at_first.parties[party].reservation)
    if later is not None and len(true) > 1:
        told = f"{told}; at half time {in_points(case.then.parties[party].reservation)}"
    verdicts = [error.words for error in errors]
    return SheetLine(
        what=what,
        said=LEFT_OPEN if first is None else in_points(first),
        true=told,
        verdict=_then(verdicts, has_first=first is not None),
        is_good=errors[-1].is_good,
        again=None if later is None else in_points(later),
    )


@dataclass(frozen=True, kw_only=True)
class _Error:
    """How far a reservation value is from the true one."""

    points: float
    share: float | None
    """Of m − r; None where the party can gain nothing."""

    @classmethod
    def of(cls, scenario: Scenario, party: str, said: float) -> _Error:
        """Return how far what was said is from a party's reservation value in a scenario."""
        position = scenario.ids.index(party)
        own = scenario.preferences[position]
        spread = float(bargain(scenario).best[position]) - own.reservation
        error = said - own.reservation
        exact = abs(error) <= own.tie
        share = abs(error) / spread if spread > own.tie else None
        return cls(points=0.0 if exact else error, share=0.0 if exact else share)

    @property
    def words(self) -> str:
        """How far and to which side, with the share where there is one."""
        if self.points == 0:
            return "right"
        told = f"{in_points(abs(self.points))} too {'high' if self.points > 0 else 'low'}"
        return told if self.share is None else f"{told}, {percent(self.share)} of the stake"

    @property
    def is_good(self) -> bool | None:
        """Whether it is small; None where it is neither small nor large, or has no share."""
        return None if self.share is None else _judged(self.share <= SMALL, self.share > LARGE)


def _ranking(
    case: _Case, party: str, what: str, first: Sequence[str], later: Sequence[str]
) -> SheetLine:
    """Return a ranking against the true weights, at first and once more at half time."""
    issues = case.at_first.issues
    told: list[str] = []
    verdicts: list[str] = []
    good: bool | None = None
    for scenario, ranking in ((case.at_first, first), (case.then, later)):
        if ranking:
            weights = issue_weights(scenario, party)
            words = _weights_told(issues, weights)
            told += [] if words in told else [words]
            verdict, good = _rank_verdict(issues, ranking, weights)
            verdicts.append(verdict)
    return SheetLine(
        what=what,
        said=_named(issues, first) if first else LEFT_OPEN,
        true="; at half time ".join(told),
        verdict=_then(verdicts, has_first=bool(first)),
        is_good=good,
        again=_named(issues, later) if later else None,
    )


def _rank_verdict(
    issues: Mapping[str, Issue], ranking: Sequence[str], weights: Mapping[str, float]
) -> tuple[str, bool | None]:
    found = rank_agreement(ranking, weights)
    if found.tau is None:
        return "nothing to compare: all weigh the same", None
    told = [f"τ {found.tau:+.2f}, {found.right} of {found.compared} pairs in the right order"]
    if found.tied:
        pairs = [_named(issues, pair, " and ") for pair in found.tied]
        told.append(f"{_some(pairs)} weigh the same and do not count")
    if found.unnamed:
        unnamed = [issues[name].label or name for name in found.unnamed]
        told.append(f"not ranked, so taken as last: {_some(unnamed)}")
    return "; ".join(told), _judged(found.tau >= GOOD, found.tau < POOR)


def _on_conduct(case: _Case, sheet: Sheet) -> Iterator[SheetLine]:
    if sheet.opening is not None:
        yield _opening(case, sheet.opening, sheet.target)
    if sheet.trade is not None:
        yield _first_trade(case, sheet.trade)
    if sheet.target is not None:
        yield _target(case, sheet.target)
    if sheet.walk_away is not None:
        yield _line_kept(case, sheet.walk_away)
        yield _line_drawn(case, sheet.walk_away)


def _opening(case: _Case, opening: Mapping[str, Option], target: float | None) -> SheetLine:
    """Return whether the opening was made, and how it stands to the target."""
    scenario = case.at_first
    own = scenario.preferences[case.position]
    meant = scenario.space.index(opening)
    worth = own.utility(meant)
    made = next((one for one in case.offers if one.outcome == meant), None)
    first = next(iter(case.offers), None)
    if first is None:
        done = "you offered nothing"
    elif first.outcome == meant:
        done = f"made as your first offer, move {first.number}"
    else:
        instead = f"your first offer, move {first.number}, was worth {in_points(first.utility)}"
        done = instead if made is None else f"{instead}; you made it at move {made.number}"
    verdict = [f"worth {in_points(worth)} to you"]
    is_good = True if first is not None and first is made else None
    if target is not None:
        above = worth - target
        short = above < -own.tie
        verdict.append(f"{in_points(abs(above))} {'below' if short else 'above'} your target")
        is_good = False if short else is_good
    if not own.may_sign(meant):
        verdict.append("you may not sign it")
        is_good = False
    return SheetLine(
        what="Your opening",
        said=settled_words(scenario.issues, opening),
        true=done,
        verdict=", ".join(verdict),
        is_good=is_good,
    )


def _first_trade(case: _Case, trade: Trade) -> SheetLine:
    """Return whether one own offer yielded on the one issue and gained on the other."""
    issues, space = case.at_first.issues, case.final.scenario.space
    gives, wants = (issues[name].label or name for name in (trade.gives, trade.wants))
    number: int | None = None
    for before, after in pairwise(case.offers):
        old, new = space.outcome(before.outcome), space.outcome(after.outcome)
        gives_more, wants_more = (
            after.points[name][option_text(new[name])] - after.points[name][option_text(old[name])]
            for name in (trade.gives, trade.wants)
        )
        if gives_more < -TIE and wants_more > TIE:
            number = after.number
            break
    return SheetLine(
        what="Your first trade",
        said=f"yield on {gives} for {wants}",
        true="no offer did both" if number is None else f"offered at move {number}",
        verdict="not tried" if number is None else "tried",
        is_good=number is not None,
    )


def _target(case: _Case, target: float) -> SheetLine:
    """Return whether the target was reached, and how far own offers went below it."""
    ended, highest = case.ended_with, case.at_first.preferences[case.position].highest
    told = ["the session is not over" if ended is None else f"you ended with {in_points(ended)}"]
    lowest = min(case.offers, key=lambda one: one.utility, default=None)
    if lowest is not None:
        told.append(f"your lowest offer, move {lowest.number}, was {in_points(lowest.utility)}")
    verdict, is_good = "open", None
    if ended is not None:
        is_good = ended >= target - case.tie
        short = f"missed by {in_points(target - ended)}"
        verdict = f"reached, {in_points(abs(ended - target))} above" if is_good else short
    if target > highest + case.tie:
        verdict += f"; no outcome gives you more than {in_points(highest)}"
    elif lowest is not None and lowest.utility < target - case.tie:
        verdict += f"; you offered {in_points(target - lowest.utility)} below it"
    return SheetLine(
        what="Your target",
        said=in_points(target),
        true="; ".join(told),
        verdict=verdict,
        is_good=is_good,
    )


def _line_kept(case: _Case, line: float) -> SheetLine:
    """Return whether anything below the walk-away line was offered, accepted or agreed."""
    below = [deed for deed in case.deeds if deed.utility < line - case.tie]
    ended = case.ended_with
    has_agreed = case.final.agreement is not None and case.position not in case.final.left
    is_under = has_agreed and ended is not None and ended < line - case.tie
    if below:
        first = below[0]
        done = f"you {first.does} {in_points(first.utility)} at move {first.number}"
        verdict = f"crossed by {in_points(line - first.utility)}, first at move {first.number}"
        if len(below) > 1:
            verdict += f", {len(below)} times"
    elif ended is not None and is_under:
        done = f"what was agreed left you with {in_points(ended)}"
        verdict = f"crossed by {in_points(line - ended)} in the end"
    else:
        done, verdict = "nothing below it was offered or signed", "not crossed"
    return SheetLine(
        what="Your walk-away line",
        said=in_points(line),
        true=done,
        verdict=verdict,
        is_good=not below and not is_under,
    )


def _line_drawn(case: _Case, line: float) -> SheetLine:
    """Return how the walk-away line stands to what no agreement is really worth."""
    error = _Error.of(case.at_first, case.party, line)
    share = error.share
    told = "" if share is None else f", {percent(share)} of the stake"
    if error.points < 0:
        verdict = (
            f"{in_points(-error.points)} below{told}: you would sign what is worse than nothing"
        )
        is_good = False
    elif error.points == 0:
        verdict, is_good = "drawn exactly there", True
    else:
        far = share is not None and share > FAR_ABOVE
        verdict = f"{in_points(error.points)} above{told}"
        verdict += ": you would leave agreements worth having" if far else ""
        is_good = None if share is None else _judged(share <= LARGE, far)
    reservation = case.at_first.preferences[case.position].reservation
    return SheetLine(
        what="Where you drew that line",
        said=in_points(line),
        true=f"no agreement is worth {in_points(reservation)}",
        verdict=verdict,
        is_good=is_good,
    )


def _judged(good: bool, bad: bool) -> bool | None:
    return True if good else False if bad else None


def _then(verdicts: Sequence[str], *, has_first: bool) -> str:
    """Return what is said of the first entry and of the one at half time."""
    if len(verdicts) > 1:
        return f"{verdicts[0]}; at half time: {verdicts[1]}"
    return verdicts[0] if has_first else f"at half time: {verdicts[0]}"


def _named(issues: Mapping[str, Issue], names: Sequence[str], joint: str = ", ") -> str:
    return joint.join(issues[name].label or name for name in names)


def _weights_told(issues: Mapping[str, Issue], weights: Mapping[str, float]) -> str:
    order = sorted(weights, key=lambda name: -weights[name])
    return ", ".join(f"{issues[name].label or name} {percent(weights[name])}" for name in order)


def _some(parts: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(parts[:most])
    return shown if len(parts) <= most else f"{shown} and {len(parts) - most} more"
