"""A leaderboard as rows with intervals drawn, and all that is told of one strategy in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from delegates.evaluation.judging.found import Difference, Estimate, Found, Pairing, Standing
from delegates.evaluation.planning.plan import CLASSES, FAILURES
from tui.text.columns import width_of
from tui.text.evaluation_words import (
    interval,
    is_told_apart,
    name,
    p_value,
    signed,
    standing_on,
    why_none,
)
from tui.text.wording import money
from tui.widgets.fitted import title, wrapped
from tui.widgets.interval_bar import Scale, interval_bar, scale_of

NAME = 22
"""Columns of a strategy's name at most."""

_FIGURE = 21
_LEAST_BAR, _MOST_BAR = 8, 60


@dataclass(frozen=True)
class Measure:
    """One of the figures by which strategies are compared."""

    name: str
    what: str
    is_share: bool = True

    @property
    def scale(self) -> float:
        """By what a figure is multiplied to be shown."""
        return 100.0 if self.is_share else 1.0


MEASURES: Mapping[str, Measure] = {
    "advantage": Measure("advantage %", "(u − r)/(m − r)"),
    "payoff": Measure("in time %", "the same, delay counted"),
    "agreed": Measure("agreed %", "sessions with an agreement"),
    "pareto": Measure("Pareto %", "nearness to the frontier"),
    "nash": Measure("Nash %", "nearness to the Nash outcome"),
    "joint": Measure("joint gain %", "of the greatest"),
    "product": Measure("Nash product %", "of the greatest"),
    "rounds": Measure("rounds", "begun", is_share=False),
}
"""Measures by their fields in a standing, in the order of the key that goes through them."""


def estimate_of(one: Standing, measure: str) -> Estimate:
    """Return a standing's estimate of a measure."""
    found: Estimate = getattr(one, measure)
    return found


def ranked(standings: Sequence[Standing], measure: str) -> list[Standing]:
    """Return standings by a measure, the greatest first; ties keep their order."""

    def greatness(one: Standing) -> float:
        mean = estimate_of(one, measure).mean
        return float("inf") if mean is None else -mean

    return sorted(standings, key=greatness)


def measure_scale(standings: Sequence[Standing], measure: str) -> Scale:
    """Return the scale on which all strategies' bars are drawn."""
    estimates = [estimate_of(one, measure) for one in standings]
    return scale_of(estimates, as_share=MEASURES[measure].is_share)


def name_width(names: Sequence[str], width: int) -> int:
    """Return how many columns names get."""
    return min(max((width_of(name(one)) for one in names), default=1), NAME, max(width // 3, 8))


def standing_line(
    one: Standing, place: int, measure: str, scale: Scale, names: int, width: int
) -> Content:
    """Return a strategy's row: place, name, mean, interval, n and the interval as a bar.

    Args:
        one: How it did.
        place: Its place, from 1.
        measure: The measure that is shown.
        scale: Of the bars.
        names: Columns of its name.
        width: Columns.
    """
    found = estimate_of(one, measure)
    figure, _, within = interval(found, MEASURES[measure].scale).partition(" ")
    called = Content(name(one.strategy)).truncate(names, ellipsis=True, pad=True)
    told = Content.assemble(
        (f"{place:>2} ", "$muted"),
        called,
        (f" {figure:>6}", "bold"),
        f" {within:<{_FIGURE - 7}}",
        (f" {found.sessions:>6,} ", "$muted"),
    )
    room = min(width - told.cell_length - 1, _MOST_BAR)
    if room < _LEAST_BAR:
        return told
    return Content.assemble(told, (interval_bar(found, scale, room), "$primary"))


def standing_head(measure: str, scale: Scale, names: int, width: int) -> Content:
    """Return what stands over the columns of the rows, the ends of the scale over the bars."""
    lead = f" # {'strategy':<{names}}   mean {'[95 % interval]':<{_FIGURE - 7}} {'n':>6} "
    lead = lead[: 3 + names + _FIGURE + 8].ljust(3 + names + _FIGURE + 8)
    room = min(width - len(lead) - 1, _MOST_BAR)
    if room < _LEAST_BAR:
        return Content.styled(lead, "$muted")
    times = MEASURES[measure].scale
    low, high = (signed(times * end, 0) for end in (scale.low, scale.high))
    return Content.styled(f"{lead}{low}{high:>{max(room - len(low), 1)}}", "$muted")


def standing_lines(found: Found, one: Standing, width: int) -> list[Content]:
    """Return all that is told of a strategy: measures, how sessions ended, costs, differences."""
    lines = [Content.styled(name(one.strategy), "bold").truncate(width, ellipsis=True)]
    if one.spec != one.strategy:
        lines += wrapped(f"seat: {name(one.spec, 400)}", width, style="$muted")
    lines += wrapped(f"{standing_on(one.advantage)}", width, style="$muted")
    if one.advantage.mean is not None and one.advantage.low is None:
        lines += wrapped(f"[–] {why_none(one.advantage)}", width, style="$warning")
    lines += [
        _measure_line(estimate_of(one, field), measure, width)
        for field, measure in MEASURES.items()
    ]
    lines += wrapped(f"Ended: {ended_words(one.ended)}.", width)
    if one.left_out:
        told = f"{one.left_out:,} left out of the means."
        lines += wrapped(told, width, style="$warning", first="! ")
    lines += wrapped(_spent(one), width, style="$muted")
    lines += _naming_lines(found, one, width)
    differences = [
        turned(other, one.strategy)
        for other in found.differences
        if one.strategy in (other.first, other.second)
    ]
    if differences:
        lines += [Content(""), title("Advantage over others in the same place")]
    for difference in differences:
        lines += difference_lines(difference, width)
    return lines


def _measure_line(one: Estimate, measure: Measure, width: int) -> Content:
    figure, _, within = interval(one, measure.scale).partition(" ")
    told = Content.assemble(
        (f"{measure.name:<15}", "$muted"),
        (f"{figure:>6}", "bold"),
        f" {within:<15}",
        (f"n {one.sessions:,}", "$muted"),
    )
    whole = Content.assemble(told, (f"  {measure.what}", "$muted"))
    return whole if whole.cell_length <= width else told.truncate(width, ellipsis=True)


def ended_words(ended: Mapping[str, int]) -> str:
    """Return how many sessions ended how, failures with their sign."""
    told = [
        f"{'✗ ' if kind in FAILURES else ''}{name(kind).replace('-', ' ')} {count:,}"
        for kind, count in in_order(ended).items()
    ]
    return " · ".join(told) or "none yet"


def in_order(ended: Mapping[str, int]) -> dict[str, int]:
    """Return classes that there are in the order in which they are told."""
    others = [kind for kind in ended if kind not in CLASSES]
    return {kind: ended[kind] for kind in (*CLASSES, *others) if ended.get(kind)}


def _spent(one: Standing) -> str:
    if not one.calls_a_session:
        return "No model was asked."
    told = (
        f"{one.calls_a_session:,.1f} calls and {one.tokens_a_session:,.0f} tokens a session, "
        f"{money(one.cost_usd)} in all"
    )
    if one.cost_per_point is None:
        return f"{told}."
    return f"{told}; {one.cost_per_point:.5f} USD for a hundredth of what there was to gain."


def _naming_lines(found: Found, one: Standing, width: int) -> list[Content]:
    lines: list[Content] = []
    for naming in found.namings:
        if naming.strategy == one.strategy:
            told = (
                f"Own names less aliases: {interval(naming.difference)} percentage points, "
                f"p {p_value(naming.p)}; {standing_on(naming.difference)}."
            )
            lines += wrapped(told, width)
    return lines


def turned(one: Difference, first: str) -> Difference:
    """Return a difference as that of the strategy named."""
    if one.first == first:
        return one
    own = one.advantage
    flipped = Estimate(
        mean=None if own.mean is None else -own.mean,
        low=None if own.high is None else -own.high,
        high=None if own.low is None else -own.low,
        sessions=own.sessions,
        scenarios=own.scenarios,
        error=own.error,
    )
    return Difference(
        first=one.second, second=one.first, advantage=flipped, p=one.p, p_holm=one.p_holm
    )


def difference_lines(one: Difference, width: int) -> list[Content]:
    """Return a paired difference: which way it points, its interval, and p adjusted."""
    mean = one.advantage.mean
    sign = "–" if one.p_holm is None else "≈"
    if is_told_apart(one) and mean is not None:
        sign = "▲" if mean > 0 else "▼"
    style = {"▲": "$success", "▼": "$error"}.get(sign, "$muted")
    told = (
        f"{interval(one.advantage)} over {name(one.second)}, p (Holm) {p_value(one.p_holm)}, "
        f"n {one.advantage.sessions:,}"
    )
    lines = wrapped(told, max(width - 2, 20))
    lead = Content.assemble((f"{sign} ", style), lines[0])
    return [lead, *(Content.assemble("  ", line) for line in lines[1:])]


def pair_lines(found: Found, own: str, other: str, width: int) -> list[Content]:
    """Return what one strategy gained against another, and what the other gained in return."""
    pairings = {(one.strategy, one.against): one for one in found.pairings}
    lines: list[Content] = []
    for pair in dict.fromkeys([(own, other), (other, own)]):
        lines += _pairing_lines(pairings.get(pair), *pair, width)
    for one in found.differences:
        if {one.first, one.second} == {own, other}:
            lines += [Content(""), title("Advantage in the same place")]
            lines += difference_lines(turned(one, own), width)
    return lines


def _pairing_lines(one: Pairing | None, own: str, other: str, width: int) -> list[Content]:
    names = f"{name(own)} against {name(other)}"
    if one is None:
        return wrapped(f"{names}: they did not meet.", width, style="$muted")
    return [
        Content.styled(names, "bold").truncate(width, ellipsis=True),
        *wrapped(f"advantage % {interval(one.advantage)}", width, first="  "),
        *wrapped(f"agreed % {interval(one.agreed)}", width, first="  "),
        *wrapped(standing_on(one.advantage), width, first="  ", style="$muted"),
        *_least(one.advantage, width),
    ]


def _least(one: Estimate, width: int) -> list[Content]:
    if one.mean is None or one.low is not None:
        return []
    return wrapped(f"[–] {why_none(one)}", width, first="  ", style="$muted")
