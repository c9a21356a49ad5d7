"""What an evaluation found, in words and in the cells of tables: no mean without interval and n."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from delegates.evaluation.judging.found import (
    LEVEL,
    POOLED,
    Difference,
    EmpiricalGame,
    Estimate,
    Found,
    Standing,
)
from delegates.evaluation.planning.plan import CLASSES, LEAST_SCENARIOS
from delegates.text import counted, one_line
from games.naming import series
from tui.text.columns import cut_inside
from tui.text.wording import money

NO_INTERVAL = f"no interval: fewer than {LEAST_SCENARIOS} scenarios"

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Cells:
    """A table before it is written: its head, its rows, and the columns that hold figures."""

    head: tuple[str, ...]
    rows: Rows
    figures: tuple[int, ...]


def name(text: str, longest: int | None = None) -> str:
    """Return a strategy's, scenario's or party's name as text; of one that is too long the middle
    is left out, as specifications differ at their ends."""
    told = one_line(text) or "?"
    return told if longest is None else cut_inside(told, longest)


def seated(one: Standing) -> str:
    """Return who a strategy is where its name does not say so: whose, or its specification."""
    spec = name(one.whose or one.spec)
    return "" if spec == name(one.strategy) else spec


def ours_told(found: Found) -> tuple[str, ...]:
    """Return that the strategies of which nothing else is told are ours, where some are others'."""
    are_others = {bool(one.whose) for one in found.standings}
    if are_others != {True, False}:
        return ()
    return ("All others are minds of this program; after whom, is told under Methods.",)


def share(value: float | None, digits: int = 1) -> str:
    """Return a share in per cent, without the sign; a dash for none."""
    return "–" if value is None else signed(100 * value, digits)


def signed(value: float, digits: int) -> str:
    """Return a figure with a proper minus, and none on nought."""
    told = f"{value:.{digits}f}"
    if float(told) == 0:
        told = told.removeprefix("-")
    return told.replace("-", "−")


def interval(one: Estimate, scale: float = 100.0, digits: int = 1) -> str:
    """Return a mean with its interval: `61.2 [52.1, 70.3]`; a dash in brackets where there is
    none."""
    if one.mean is None:
        return "–"
    mean = signed(scale * one.mean, digits)
    if one.low is None or one.high is None:
        return f"{mean} [–]"
    return f"{mean} [{signed(scale * one.low, digits)}, {signed(scale * one.high, digits)}]"


def p_value(p: float | None) -> str:
    """Return a p-value as papers write it."""
    if p is None:
        return "–"
    if p < 0.001:
        return "<.001"
    told = f"{p:.3f}"
    return told if told.startswith("1") else told.removeprefix("0")


def why_none(one: Estimate) -> str:
    """Return why there is no interval."""
    few = one.scenarios < LEAST_SCENARIOS
    return NO_INTERVAL if few else "no interval: all scenarios came to the same"


def none_words(estimates: Iterable[Estimate]) -> str:
    """Return why some means have no interval, as a sentence; nothing if all have one."""
    without = [one for one in estimates if one.mean is not None and one.low is None]
    whys = dict.fromkeys(map(why_none, without))
    return f"[–]: {'; '.join(whys)}." if whys else ""


def lacking_words(found: Found) -> str:
    """Return why some figures of the leaderboard have no interval; nothing if all have one."""
    measures = (*FIRST_MEASURES, *SECOND_MEASURES, *THIRD_MEASURES)
    return none_words(of(one) for _, of, *_ in measures for one in found.standings)


def of_pairs(found: Found) -> str:
    """Return how many scenarios have two parties, where others have more."""
    if found.pairs is None or found.pairs >= len(found.titles):
        return ""
    return f" Two-party scenarios alone: {found.pairs:,} of {len(found.titles):,}."


def of_clouds(found: Found) -> str:
    """Return in how many scenarios agreements have a place, where in others they have none."""
    count, scenarios = len(found.clouds), len(found.titles)
    if count >= scenarios:
        return ""
    return f"Two-party scenarios alone in which somebody can gain: {count:,} of {scenarios:,}."


def standing_on(one: Estimate) -> str:
    """Return on how much a mean stands: `n = 240 on 6 scenarios`."""
    return f"n = {one.sessions:,} on {counted(one.scenarios, 'scenario')}"


def played(found: Found) -> str:
    """Return what was played, how it ended and what it cost, in a sentence."""
    ended = [
        f"{one.replace('-', ' ')} {found.ended[one]:,}" for one in CLASSES if found.ended.get(one)
    ]
    told = f": {', '.join(ended)}" if ended else ""
    cost, more = money(found.cost_usd), ""
    if found.fallback:
        more += f" A fallback mind moved in {found.fallback:,}."
    if found.left_out:
        more += f" Left out of the means, as the plan says: {found.left_out:,}."
    return (
        f"{found.sessions:,} of {counted(found.planned, 'planned session')} played{told}.{more} "
        f"{cost[0].upper()}{cost[1:]}."
    )


def answer(found: Found) -> list[str]:
    """Return the answer in sentences: who leads, from whom it is told apart, what is stable."""
    told = [one for one in (_leader(found), _apart(found)) if one]
    told.extend(map(name, found.undefined))
    if has_too_few(found) and (leaders(found) or not found.undefined):
        told.append(
            f"With fewer than {LEAST_SCENARIOS} scenarios there is no interval and no test: how "
            "far this holds for other scenarios is not known."
        )
    for game in answering(found):
        told.extend(name(sentence, LONGEST) for sentence in _labelled(found, game))
    told += _why_no_game(found)
    return told or ["No session was counted: there is nothing to compare."]


def in_short(found: Found) -> str:
    """Return who leads, and from how many others it can be told apart."""
    first = leaders(found)
    lead = answer(found)[0]
    if len(first) != 1:
        return lead
    own = first[0].strategy
    tested = [
        apart
        for one in found.differences
        if own in (one.first, one.second) and (apart := is_told_apart(one)) is not None
    ]
    alike = tested.count(False)
    if not alike:
        return lead
    if len(tested) == 1:
        apart = "cannot be told apart from the other"
    elif alike == len(tested):
        apart = f"can be told apart from none of the {alike} others"
    else:
        apart = f"can be told apart from only {len(tested) - alike} of the {len(tested)} others"
    return f"{lead} It {apart} (paired differences, Holm)."


LONGEST = 2000
"""Characters of a sentence on a game."""


NO_GAME = (
    "There is no game between strategies: it takes two strategies or more of consumers and of "
    "suppliers that all met, themselves among them, where both sides can gain."
)
"""What is said where an evaluation has no game."""


def answering(found: Found) -> list[EmpiricalGame]:
    """Return the games that are part of the answer: over all scenarios, or of the only one."""
    if scenarios_told(found) <= 1:
        return list(found.games)
    return [game for game in found.games if game.scope == POOLED]


def scenarios_told(found: Found) -> int:
    """Return how many scenarios were played, as far as means and games tell."""
    scopes = {game.scope for game in found.games} - {POOLED}
    counts = [one.advantage.scenarios for one in found.standings]
    return max([len(found.titles), len(scopes), *counts, *(game.scenarios for game in found.games)])


def _labelled(found: Found, game: EmpiricalGame) -> list[str]:
    """Return what is stable in a game, with its name before it where several are told."""
    told = stable_words(game)
    if len(answering(found)) > 1:
        told[:1] = [f"{scope_title(found, game)}: {one}" for one in told[:1]]
    return told


def _why_no_game(found: Found) -> list[str]:
    """Return why the games that there are say nothing of all scenarios together."""
    if answering(found) or not found.games:
        return []
    scopes = list(dict.fromkeys(name(game.scope) for game in found.games))
    if len(scopes) == 1:
        only = (
            f"Of {scenarios_told(found)} scenarios only {scopes[0]} has a game between strategies"
        )
        return [f"{only}, told below; what is stable there says nothing of the others."]
    why = "There is no game over all scenarios, as no two strategies a side all met in every one"
    return [f"{why}; {len(scopes)} have a game of their own, told below."]


PROMISE = "Against the population"
"""How the sentence begins that says what an equilibrium leaves anybody to earn."""


def stable_words(game: EmpiricalGame) -> list[str]:
    """Return what is stable in a game, and what that leaves anybody to earn."""
    first, rest = game.words[:1], game.words[1:]
    return [*first, *(sentence for sentence in rest if sentence.startswith(PROMISE))]


def has_too_few(found: Found) -> bool:
    """Return whether there are too few scenarios for any interval."""
    return bool(found.standings) and all(
        one.advantage.scenarios < LEAST_SCENARIOS for one in found.standings
    )


def leaders(found: Found) -> list[Standing]:
    """Return the standings with the greatest mean advantage."""
    known = [one for one in found.standings if one.advantage.mean is not None]
    if not known:
        return []
    most = max(one.advantage.mean or 0.0 for one in known)
    return [one for one in known if abs((one.advantage.mean or 0.0) - most) < 1e-9]


def _leader(found: Found) -> str:
    first = leaders(found)
    if not first:
        return ""
    names = series([name(one.strategy) for one in first])
    one = first[0].advantage
    within = (
        why_none(one) if one.low is None else f"95 % interval {share(one.low)} to {share(one.high)}"
    )
    if len(found.standings) == 1:
        lead = f"{names} gained"
    elif len(first) == 1:
        lead = f"{names} leads: it gained"
    else:
        lead = f"{names} lead together: each gained"
    return f"{lead} {share(one.mean)} % of what there was to gain ({within}; {standing_on(one)})."


def is_told_apart(one: Difference) -> bool | None:
    """Return whether two strategies are told apart; None where nothing can be said."""
    return None if one.p_holm is None else one.p_holm < LEVEL


def _apart(found: Found) -> str:
    """Return from whom the leader is told apart."""
    first = leaders(found)
    if len(first) != 1:
        return ""
    better, worse = _compared(found, first[0].strategy)
    told: list[str] = []
    for others, how in ((better, "more"), (worse, "less")):
        if others:
            most = max(others.values())
            p = "below .001" if most < 0.001 else f"at most {p_value(most)}"
            told.append(
                f"Paired in the same places, it gained {how} than {series(list(others))} "
                f"(p {p}, adjusted for all comparisons)."
            )
    return " ".join(told)


def _compared(found: Found, leader: str) -> tuple[dict[str, float], dict[str, float]]:
    """Return whom a strategy did better than and worse than, with the adjusted p-values."""
    better, worse = dict[str, float](), dict[str, float]()
    for one in found.differences:
        if one.p_holm is None or not is_told_apart(one) or leader not in (one.first, one.second):
            continue
        other, sign = (one.second, 1) if one.first == leader else (one.first, -1)
        won = better if sign * (one.advantage.mean or 0.0) > 0 else worse
        won[name(other)] = one.p_holm
    return better, worse


_Measure = tuple[str, Callable[[Standing], Estimate], float, int]

FIRST_MEASURES: tuple[_Measure, ...] = (
    ("advantage %", lambda one: one.advantage, 100.0, 1),
    ("in time %", lambda one: one.payoff, 100.0, 1),
    ("agreed %", lambda one: one.agreed, 100.0, 1),
)
SECOND_MEASURES: tuple[_Measure, ...] = (
    ("Pareto %", lambda one: one.pareto, 100.0, 1),
    ("Nash %", lambda one: one.nash, 100.0, 1),
    ("rounds", lambda one: one.rounds, 1.0, 1),
)
THIRD_MEASURES: tuple[_Measure, ...] = (
    ("joint gain %", lambda one: one.joint, 100.0, 1),
    ("Nash product %", lambda one: one.product, 100.0, 1),
)

MEANINGS = (
    "Advantage: (u − r)/(m − r), what a seat gained over its reservation value r as a share of the "
    "most it could gain where all gain (no agreement is 0, less or plus what happened in the "
    "talks); in time: the same of payoffs, delay counted; agreed: sessions with an agreement. "
    "Pareto: nearness to the frontier, where nobody can gain without another losing, 100 at it; "
    "Nash: nearness to the outcome with the greatest product of gains; joint gain and Nash "
    "product: sum and product of gains, as shares of the greatest. In brackets: 95 % intervals "
    "over scenarios; n: sessions, seat by seat: one counts as often as the strategy sits in it."
)


def measured(found: Found, measures: Sequence[_Measure], longest: int | None = None) -> Cells:
    """Return what each strategy came to by some measures: mean, interval and n.

    Where another n stands behind a measure than behind the advantage, its cell says so.
    """
    rows = tuple(
        (
            name(one.strategy, longest),
            *(_measure(one, measure) for measure in measures),
            f"{one.advantage.sessions:,}",
        )
        for one in found.standings
    )
    head = ("strategy", *(title for title, *_ in measures), "n")
    return Cells(head=head, rows=rows, figures=tuple(range(1, len(head))))


def _measure(one: Standing, measure: _Measure) -> str:
    _, of, scale, digits = measure
    estimate = of(one)
    other = estimate.sessions != one.advantage.sessions and estimate.mean is not None
    return f"{interval(estimate, scale, digits)}{f' n={estimate.sessions:,}' if other else ''}"


def ended_cells(found: Found, longest: int | None = None) -> Cells:
    """Return how the sessions of each strategy ended, by class; classes that never were are not
    listed."""
    shown = [
        one
        for one in (*CLASSES, "fallback")
        if any(standing.ended.get(one) for standing in found.standings)
    ]
    rows = tuple(
        (
            name(one.strategy, longest),
            *(f"{one.ended.get(kind, 0):,}" for kind in shown),
            f"{one.left_out:,}",
        )
        for one in found.standings
    )
    head = ("strategy", *(one.replace("-", " ") for one in shown), "left out")
    return Cells(head=head, rows=rows, figures=tuple(range(1, len(head))))


def has_costs(found: Found) -> bool:
    """Return whether any model was asked."""
    return any(one.calls_a_session or one.cost_usd != 0 for one in found.standings)


def cost_cells(found: Found, longest: int | None = None) -> Cells:
    """Return what the models of each strategy used, and what a point gained cost."""
    rows = tuple(
        (
            name(one.strategy, longest),
            f"{one.calls_a_session:,.1f}",
            f"{one.tokens_a_session:,.0f}",
            "not known" if one.cost_usd is None else f"{one.cost_usd:.4f}",
            "–" if one.cost_per_point is None else f"{one.cost_per_point:.5f}",
            f"{one.advantage.sessions:,}",
        )
        for one in found.standings
    )
    head = ("strategy", "calls/session", "tokens/session", "USD", "USD per point", "n")
    return Cells(head=head, rows=rows, figures=tuple(range(1, len(head))))


COSTS = (
    "Of the strategy's own seats. A point: a hundredth of what there was to gain, over all its "
    "sessions."
)


def difference_cells(found: Found, longest: int | None = None) -> Cells:
    """Return the paired differences with their tests, those that are told apart first."""
    order = sorted(
        found.differences,
        key=lambda one: (
            1.0 if one.p_holm is None else one.p_holm,
            -abs(one.advantage.mean or 0.0),
        ),
    )
    rows = tuple(
        (
            *(name(side, longest) for side in (one.first, one.second)),
            interval(one.advantage),
            p_value(one.p_holm),
            {None: "–", True: "yes", False: "no"}[is_told_apart(one)],
            f"{one.advantage.sessions:,}",
        )
        for one in order
    )
    head = ("strategy", "against", "difference", "p (Holm)", "apart", "n")
    return Cells(head=head, rows=rows, figures=(2, 3, 5))


DIFFERENCES = (
    "How much more the first gained than the second in the same place (as told under Methods), in "
    "percentage points; p: how often chance alone would make so great a difference, adjusted for "
    "all that are looked at (Holm), as the interval beside it is not; apart: p below .05; n: pairs."
)


def naming_cells(found: Found, longest: int | None = None) -> Cells:
    """Return how much more each strategy gained under the parties' own names."""
    rows = tuple(
        (
            name(one.strategy, longest),
            interval(one.difference),
            p_value(one.p),
            f"{one.difference.sessions:,}",
        )
        for one in found.namings
    )
    head = ("strategy", "own names less aliases", "p", "n")
    return Cells(head=head, rows=rows, figures=(1, 2, 3))


def scope_title(found: Found, game: EmpiricalGame) -> str:
    """Return what a game is about."""
    half = "" if game.half == "all" else f" ({game.half} under test)"
    if game.scope == POOLED:
        return f"All {counted(game.scenarios, 'scenario')} together{half}"
    titles = {one.scenario: one.title for one in found.clouds} | dict(found.titles)
    title = titles.get(game.scope, "")
    told = f"{name(game.scope)}: {name(title)}" if title.strip() else name(game.scope)
    return f"{told}{half}"
