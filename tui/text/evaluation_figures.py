"""The figures of an evaluation as characters: intervals, who gained against whom, concessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from math import ceil, floor

from delegates.evaluation.judging.found import (
    Cloud,
    Curve,
    EmpiricalGame,
    Estimate,
    Found,
    Pairing,
    Standing,
)
from delegates.text import counted
from games.equilibrium.exact import cell_of
from tui.text.columns import left, right, width_of
from tui.text.evaluation_cells import cell_marks, error_text, has_errors, pair_name
from tui.text.evaluation_words import (
    NO_INTERVAL,
    Cells,
    name,
    none_words,
    of_pairs,
    share,
    signed,
    why_none,
)
from tui.text.wording import WIDTH
from tui.text.years import bars

LEAD = 18
"""Columns of a strategy's name."""

NOWHERE = "nowhere"
"""Where dynamics end that come to rest in no equilibrium."""

SAME = 1e-6
"""Difference of gains below which two outcomes lie in the same place."""

_BAR = 30
"""Columns of a bar that stands for a whole."""

FEWEST = 20
"""Columns below which an interval cannot be drawn."""


def interval_lines(standings: Sequence[Standing], width: int = WIDTH) -> list[str]:
    """Return each strategy's mean advantage as a dot within its interval."""
    known = [one for one in standings if one.advantage.mean is not None]
    room = width - LEAD - 1
    if not known or room < FEWEST:
        return []
    low, high = bounds([one.advantage for one in known])
    scale = [" "] * room
    for tick in (low, (low + high) / 2, high):
        label = f"{share(tick, 0)} %"
        place = _place(tick, low, high, room)
        start = min(max(0, place - len(label) // 2), room - len(label))
        scale[start : start + len(label)] = label
    lines = [
        f"{left(name(one.strategy, LEAD - 1), LEAD)} {_bar(one.advantage, low, high, room)}"
        for one in known
    ]
    return [f"{'':{LEAD}} {''.join(scale)}".rstrip(), *lines]


def bounds(estimates: Sequence[Estimate]) -> tuple[float, float]:
    """Return round ends of an axis that holds means and intervals, and nought."""
    ends = [
        value for one in estimates for value in (one.low, one.mean, one.high) if value is not None
    ]
    low, high = floor(10 * min([0.0, *ends])) / 10, ceil(10 * max([0.1, *ends])) / 10
    return low, high


def _place(value: float, low: float, high: float, room: int) -> int:
    return round((value - low) / (high - low) * (room - 1))


def _bar(one: Estimate, low: float, high: float, room: int) -> str:
    row = [" "] * room
    if one.low is not None and one.high is not None:
        first, last = _place(one.low, low, high, room), _place(one.high, low, high, room)
        row[first : last + 1] = "─" * (last - first + 1)
        row[first], row[last] = "├", "┤"
    row[_place(one.mean or 0.0, low, high, room)] = "●"
    return "".join(row).rstrip()


def strategies_paired(pairings: Sequence[Pairing]) -> tuple[list[str], list[str]]:
    """Return who is told of, and against whom: the same ones in the same order, then others."""
    rows = list(dict.fromkeys(one.strategy for one in pairings))
    met = dict.fromkeys(one.against for one in pairings)
    return rows, [*(one for one in rows if one in met), *(one for one in met if one not in rows)]


def pairing_lines(pairings: Sequence[Pairing], width: int = WIDTH) -> list[str]:
    """Return what each gained against each as a grid; nothing where it does not fit."""
    rows, columns = strategies_paired(pairings)
    for digits in (1, 0):
        grid = numbered_grid(rows, columns, pair_cells(pairings, digits), width)
        if grid:
            return grid
    return []


def pair_cells(pairings: Sequence[Pairing], digits: int = 1) -> list[list[tuple[str, ...]]]:
    """Return the lines of each cell: what the row gained against the column, the interval where any
    has one, and n where it is not the same everywhere."""
    known = {(one.strategy, one.against): one for one in pairings}
    rows, columns = strategies_paired(pairings)
    with_ends, with_n = have_intervals(pairings), sessions_a_pair(pairings) is None

    def cell(one: Pairing | None) -> tuple[str, ...]:
        if one is None or one.advantage.mean is None:
            return ("–",)
        mark = sign_against(one, known)
        return (
            f"{share(one.advantage.mean, digits)}{f' {mark}' if mark else ''}",
            *((ends(one.advantage, digits),) if with_ends else ()),
            *((f"n {one.advantage.sessions:,}",) if with_n else ()),
        )

    return [[cell(known.get((own, other))) for other in columns] for own in rows]


def pairings_words(found: Found) -> str:
    """Return how what strategies gained against each other is to be read."""
    known = {(one.strategy, one.against): one for one in found.pairings}
    estimates = [one.advantage for one in found.pairings]
    n = sessions_a_pair(found.pairings)
    told = ["n: sessions" if n is None else f"{counted(n, 'session')} a cell"]
    if any(sign_against(one, known) for one in found.pairings):
        told.insert(0, "▲ more than the other got there, ▼ less, = the same")
    after = ""
    if have_intervals(found.pairings):
        told.insert(-1, "in brackets: 95 % intervals over scenarios")
        after = f" {none_words(estimates)}"
    else:
        told += dict.fromkeys(why_none(one) for one in estimates if one.mean is not None)
    return f"{'; '.join(told)}.{after.rstrip()}{of_pairs(found)}"


def have_intervals(pairings: Sequence[Pairing]) -> bool:
    """Return whether any pair's mean has an interval."""
    return any(one.advantage.low is not None for one in pairings)


def sessions_a_pair(pairings: Sequence[Pairing]) -> int | None:
    """Return how many sessions stand behind every pair; None where they differ."""
    counts = {one.advantage.sessions for one in pairings}
    return counts.pop() if len(counts) == 1 else None


def sign_against(one: Pairing, known: dict[tuple[str, str], Pairing]) -> str:
    """Return ▲ where a strategy gained more than the one it met did against it, ▼ for less, = for
    the same; nothing against itself."""
    other = known.get((one.against, one.strategy))
    if other is None or one.strategy == one.against:
        return ""
    own, theirs = one.advantage.mean, other.advantage.mean
    if own is None or theirs is None:
        return ""
    if abs(own - theirs) < 0.0005:
        return "="
    return "▲" if own > theirs else "▼"


def ends(one: Estimate, digits: int = 1) -> str:
    """Return the ends of an interval in per cent; a dash where there is none."""
    if one.low is None or one.high is None:
        return "[–]"
    return f"[{share(one.low, digits)}, {share(one.high, digits)}]"


def numbered_grid(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[tuple[str, ...]]],
    width: int = WIDTH,
) -> list[str]:
    """Return a grid whose cells may have several lines; where the names of columns do not fit they
    are called by numbers, and so are the rows of that name. Nothing where not even that fits."""
    widest = max((len(text) for line in cells for cell in line for text in cell), default=1)
    lead = min(max((width_of(name(row)) for row in rows), default=0) + 1, LEAD)
    heads = [name(column) for column in columns]
    leads = [name(row, lead - 1) for row in rows]
    unnamed: list[str] = []
    if max(map(width_of, heads)) + 1 > max((width - lead) // len(columns), widest):
        lead = min(lead + 3, LEAD)
        heads, leads, unnamed = _numbered(rows, columns, lead - 1)
    room = (width - lead) // len(columns)
    if room < widest + 1:
        return []
    wanted = min(room, max(widest, *map(width_of, heads)) + 2)
    lines = _row_lines("", [(head,) for head in heads], lead, wanted)
    for own, line in zip(leads, cells, strict=True):
        lines += _row_lines(own, line, lead, wanted)
    return [*lines, *unnamed]


def _numbered(
    rows: Sequence[str], columns: Sequence[str], longest: int
) -> tuple[list[str], list[str], list[str]]:
    """Return the numbers of columns, rows with the number of their name, and a line for each
    number that no row has."""
    numbers = {column: f"{number}" for number, column in enumerate(columns, 1)}
    leads = [name(f"{numbers.get(row, '')} {name(row)}".strip(), longest) for row in rows]
    unnamed = [f"{numbers[one]}: {name(one)}" for one in columns if one not in rows]
    return list(numbers.values()), leads, unnamed


def _row_lines(own: str, line: Sequence[tuple[str, ...]], lead: int, wide: int) -> list[str]:
    """Return the lines of a row of cells, its name before the first."""
    texts = ["".join(right(text, wide) for text in one) for one in zip_longest(*line, fillvalue="")]
    return [f"{left('' if k else own, lead)}{text}".rstrip() for k, text in enumerate(texts)]


def game_grid(game: EmpiricalGame, width: int = WIDTH) -> list[str]:
    """Return a game as a grid; nothing where it does not fit."""
    for digits in (1, 0):
        grid = numbered_grid(game.rows, game.columns, game_cells(game, digits), width)
        if grid:
            return grid
    return []


def game_cells(game: EmpiricalGame, digits: int = 1) -> list[list[tuple[str, ...]]]:
    """Return the cells of a game: mean gains of consumers and suppliers, their errors, and n where
    it is not the same everywhere."""
    is_even = sessions_a_cell(game) is not None
    return [
        [
            (
                f"{gains_text(game, i, j, digits)} {cell_marks(game, i, j) or ' '}",
                *((f"{error_text(game, i, j, digits)}  ",) if has_errors(game) else ()),
                *(() if is_even else (f"n {int(game.counts[i, j]):,}  ",)),
            )
            for j in range(len(game.columns))
        ]
        for i in range(len(game.rows))
    ]


def gains_text(game: EmpiricalGame, i: int, j: int, digits: int = 1) -> str:
    """Return a cell's mean gains in per cent, the consumers' first."""
    return " | ".join(share(float(one), digits) for one in game.payoffs[i, j])


def sessions_a_cell(game: EmpiricalGame) -> int | None:
    """Return how many sessions stand behind every cell; None where they differ."""
    counts = {int(one) for one in game.counts.flat}
    return counts.pop() if len(counts) == 1 else None


def curve_lines(curves: Sequence[Curve]) -> list[str]:
    """Return each strategy's demands over the rounds as a row of bars, with their ends and n."""
    lines: list[str] = []
    for one in curves:
        known = [(k, value) for k, value in enumerate(one.demands) if value is not None]
        if not known:
            lines.append(f"{left(name(one.strategy, LEAD - 1), LEAD)} made no offer")
            continue
        (first, _), (last, _) = known[0], known[-1]
        drawn = bars([max(0.0, value or 0.0) for value in one.demands])
        lines.append(
            f"{left(name(one.strategy, LEAD - 1), LEAD)} |{drawn}| "
            f"{_demand(one, first)} n {one.sessions[first]:,} → "
            f"{_demand(one, last)} n {one.sessions[last]:,}"
        )
    return lines


def _demand(one: Curve, tenth: int) -> str:
    """Return a mean demand with its interval, in whole per cent."""
    interval = one.intervals[tenth] if one.intervals else None
    ends = "–" if interval is None else ", ".join(share(end, 0) for end in interval)
    return f"{share(one.demands[tenth], 0)} [{ends}]"


def curve_intervals_told(curves: Sequence[Curve], *, is_written: bool = False) -> str:
    """Return that means have intervals, or why they have none.

    Args:
        curves: The means.
        is_written: Whether those of the first and the last offers are written out.
    """
    if not any(ends is not None for one in curves for ends in one.intervals):
        return f"{NO_INTERVAL}, or all came to the same"
    told = "with 95 % intervals over scenarios"
    if is_written and "[–]" in "".join(curve_lines(curves)):
        return f"{told}; [–]: {NO_INTERVAL}, or all came to the same"
    return told


def cloud_cells(clouds: Sequence[Cloud], longest: int | None = None) -> Cells:
    """Return of each scenario how many agreed, on how many outcomes, and how many of them lie on
    the frontier."""
    rows = tuple(
        (
            name(one.scenario, longest),
            f"{sum(count for *_, count in one.agreed):,}",
            f"{one.not_agreed:,}",
            f"{len(one.agreed):,}",
            f"{_on_frontier(one):,}",
        )
        for one in clouds
    )
    head = ("scenario", "agreed", "not agreed", "different outcomes", "on the frontier")
    return Cells(head=head, rows=rows, figures=(1, 2, 3, 4))


def _on_frontier(one: Cloud) -> int:
    """Return how many sessions agreed on an outcome of the frontier."""
    return sum(
        count
        for x, y, count in one.agreed
        if any(abs(x - far) < SAME and abs(y - up) < SAME for far, up in one.frontier)
    )


def resting_places(game: EmpiricalGame) -> list[tuple[str, float]]:
    """Return where learning comes to rest and what share of starts ends there, greatest first."""
    if game.basins is None:
        return []
    told: list[tuple[str, float]] = []
    for component, value in zip(game.report.components, game.basins.shares, strict=True):
        cells = sorted(cell for one in component.members if (cell := cell_of(*one)) is not None)
        if cells:
            place = pair_name(game, *cells[0])
            told.append((place if component.is_point else f"about {place}", value))
        else:
            told.append(("a mixture", value))
    told.sort(key=lambda one: -one[1])
    if game.basins.unsettled > 0:
        told.append((NOWHERE, game.basins.unsettled))
    return told


def share_lines(shares: Sequence[tuple[str, float]]) -> Iterator[str]:
    """Yield shares as bars, their names before them."""
    lead = max((width_of(place) for place, _ in shares), default=0)
    for place, value in shares:
        drawn = "█" * round(value * _BAR)
        yield f"{left(place, lead)}  {drawn:<{_BAR}} {signed(100 * value, 0):>3} %"
