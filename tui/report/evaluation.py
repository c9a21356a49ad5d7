"""An evaluation for print: what the screen tells, with figures, as Markdown or one HTML file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from delegates.evaluation.judging.figure_tables import figure_texts, write_figures
from delegates.evaluation.judging.found import EmpiricalGame, Found
from delegates.text import counted
from games.errors import UserError
from games.files.writing import put_in_place
from tui.report.cloud_charts import Clouds
from tui.report.document import (
    Block,
    Caption,
    Chart,
    Data,
    Document,
    Figure,
    Heading,
    Listed,
    Table,
    Words,
)
from tui.report.evaluation_charts import Concessions, Flow, Leaders, Shares
from tui.report.grid_charts import WIDE, GameGrid, Pairwise
from tui.report.html import html_text
from tui.report.markdown import markdown_text
from tui.report.review import STAMP
from tui.text.evaluation import equilibrium_words, errors_told, exploited_words, n_told
from tui.text.evaluation_cells import cell_marks, error_text, has_errors
from tui.text.evaluation_figures import (
    cloud_cells,
    curve_intervals_told,
    gains_text,
    game_grid,
    pairings_words,
    resting_places,
    sessions_a_cell,
)
from tui.text.evaluation_words import (
    COSTS,
    DIFFERENCES,
    FIRST_MEASURES,
    MEANINGS,
    NO_GAME,
    NO_INTERVAL,
    SECOND_MEASURES,
    THIRD_MEASURES,
    Cells,
    answer,
    cost_cells,
    difference_cells,
    ended_cells,
    has_costs,
    has_too_few,
    lacking_words,
    measured,
    name,
    naming_cells,
    none_words,
    of_clouds,
    ours_told,
    played,
    scope_title,
    seated,
)
from tui.text.matrix import completeness_words

if TYPE_CHECKING:
    from delegates.evaluation.playing.folder import Folder

BIAS = "Models carry cultural and national bias."

LIMITS = (
    (
        "What is compared are the strategies tested, on the scenarios tested: another strategy, or "
        "another kind of scenario, may reverse an order."
    ),
    (
        "An equilibrium of the empirical game says what follows from these means among these "
        "strategies, not what governments will do."
    ),
    (
        "Points, reservation values, patience, trust and penalties are judgements throughout; "
        "“minilateral analyze NAME --sensitivity 200” says which findings of a scenario survive if "
        "they are others by up to half."
    ),
    BIAS,
    "Not for grading or selecting staff.",
)
"""What every report of an evaluation states of itself."""


def limits(found: Found) -> tuple[str, ...]:
    """Return what the report of an evaluation states of itself."""
    if not found.namings:
        return LIMITS
    aliased = f"{BIAS.removesuffix('.')}; what they play under aliases is told above."
    return tuple(aliased if one == BIAS else one for one in LIMITS)


def evaluation_report(found: Found) -> Document:
    """Return what an evaluation found as a document."""
    counted_on = max((one.advantage.scenarios for one in found.standings), default=0)
    scenarios = len(found.titles) or counted_on
    strategies = len(found.standings)
    told = f"{strategies} strateg{'y' if strategies == 1 else 'ies'}"
    if found.only_met:
        told += f" compared, {len(found.only_met)} only met"
    return Document(
        title=name(found.title),
        subtitle=" · ".join(
            (
                f"plan {name(found.plan)}",
                told,
                counted(scenarios, "scenario"),
                f"{found.sessions:,} of {counted(found.planned, 'session')}",
            )
        ),
        edition="Evaluation",
        holds=(
            "Holds what every party of these scenarios could gain and did. Not for anyone who is "
            "still to play them."
        ),
        stamp=STAMP,
        blocks=list(_blocks(found, figure_texts(found))),
    )


def write_report(found: Found, folder: Folder) -> tuple[Path, Path]:
    """Write the report as one HTML page and as Markdown, each whole or not at all, and the data of
    the figures beside them.

    Returns:
        Where the two lie.

    Raises:
        UserError: If a file cannot be written.
    """
    document = evaluation_report(found)
    page, text = folder.report("html"), folder.report("md")
    _write(page, html_text(document))
    _write(text, markdown_text(document))
    write_figures(found, folder)
    return page, text


def _write(path: Path, text: str) -> None:
    try:
        put_in_place(path, text)
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from None


def _blocks(found: Found, files: Mapping[str, str]) -> Iterator[Block]:
    yield from _answer(found)
    yield from _standings(found, files)
    yield from _pairs(found, files)
    yield from _endings(found)
    yield from _courses(found, files)
    yield from _games(found, files)
    yield Heading("Methods")
    yield Words(found.methods)
    yield Heading("Limits")
    yield Listed(limits(found))


def _answer(found: Found) -> Iterator[Block]:
    yield Heading("The answer")
    if found.question.strip():
        yield Words(found.question, is_aside=True)
    for sentence in answer(found):
        yield Words(sentence)
    if found.notes:
        yield Listed(tuple(map(name, found.notes)))
    yield Words(played(found))


def _figure(
    chart: Chart, caption: Caption, files: Mapping[str, str], data: str
) -> Iterator[Figure]:
    """Yield a figure with its data."""
    yield Figure(chart, caption, Data(f"{data}.csv", files[data]))


def _table(cells: Cells) -> Table:
    return Table(head=cells.head, rows=cells.rows, figures=cells.figures)


def _standings(found: Found, files: Mapping[str, str]) -> Iterator[Block]:
    if not found.standings:
        return
    yield Heading("Leaderboard")
    what = "Mean advantage of each strategy"
    few = has_too_few(found)
    within = NO_INTERVAL if few else "its 95 % interval over scenarios"
    if any(one.advantage.mean is not None for one in found.standings):
        yield from _figure(
            Leaders(found.standings),
            Caption(f"{what}; {'' if few else 'bars: '}{within}.", f"{what}; {within}."),
            files,
            "leaderboard",
        )
    for measures in (FIRST_MEASURES, SECOND_MEASURES, THIRD_MEASURES):
        yield _table(measured(found, measures))
    yield from _if_any(lacking_words(found))
    yield Words(MEANINGS, is_aside=True)
    if found.caveats:
        yield Listed(tuple(map(name, found.caveats)))
    told = [f"{name(one.strategy)}: {sits}" for one in found.standings if (sits := seated(one))]
    if told:
        yield Listed(tuple(told))
        yield from (Words(one, is_aside=True) for one in ours_told(found))


def _pairs(found: Found, files: Mapping[str, str]) -> Iterator[Block]:
    if any(one.advantage.mean is not None for one in found.pairings):
        yield Heading("Who gained what against whom")
        told = (
            "Mean advantage in per cent of the row against the column, both seats{}. "
            f"{pairings_words(found)}"
        )
        yield from _figure(
            Pairwise(found.pairings),
            Caption(told.format("; stronger colour is more"), told.format("")),
            files,
            "pairings",
        )
    if found.differences:
        yield Heading("Paired differences", 3)
        yield _table(difference_cells(found))
        yield from _if_any(none_words(one.advantage for one in found.differences))
        yield Words(DIFFERENCES, is_aside=True)
    if found.namings:
        yield Heading("Own names against aliases", 3)
        yield _table(naming_cells(found))
        yield from _if_any(none_words(one.difference for one in found.namings))
        yield Words(
            "How much more a strategy gained, in percentage points, where the parties went by "
            "their own names than where they had invented ones: what the names alone do.",
            is_aside=True,
        )


def _endings(found: Found) -> Iterator[Block]:
    if not found.standings:
        return
    yield Heading("How sessions ended")
    yield _table(ended_cells(found))
    yield Words(
        "Sessions of each strategy's seats. Failures are classes of their own; how each enters the "
        "means is told under Methods.",
        is_aside=True,
    )
    if has_costs(found):
        yield Heading("What models used", 3)
        yield _table(cost_cells(found))
        yield Words(COSTS, is_aside=True)


def _courses(found: Found, files: Mapping[str, str]) -> Iterator[Block]:
    if any(value is not None for one in found.curves for value in one.demands):
        yield Heading("What they asked for")
        what = (
            "Means of the last own offer's (u − r)/(m − r) as the rounds pass, over sessions still "
            "open then; "
        )
        drawn = f"{what}{curve_intervals_told(found.curves)}."
        written = f"{what}{curve_intervals_told(found.curves, is_written=True)}."
        yield from _figure(Concessions(found.curves), Caption(drawn, written), files, "curves")
    if found.clouds:
        yield Heading("Where they agreed")
        yield from _figure(
            Clouds(found.clouds),
            Caption(
                "Agreed outcomes by what each party gains: discs, larger for more sessions. Line: "
                "nobody can gain without the other losing (the Pareto frontier); diamond: Nash "
                "outcome; broken lines: no agreement.",
                "Agreed outcomes by what each party gains: █ agreed; · nobody can gain without the "
                "other losing (the Pareto frontier); N Nash outcome.",
            ),
            files,
            "clouds",
        )
        yield _titles(found)
        yield from _if_any(of_clouds(found))


def _if_any(text: str) -> Iterator[Words]:
    if text:
        yield Words(text, is_aside=True)


def _titles(found: Found) -> Block:
    cells = cloud_cells(found.clouds)
    rows = tuple(
        (f"{row[0]}: {name(one.title)}", *row[1:])
        for row, one in zip(cells.rows, found.clouds, strict=True)
    )
    return Table(head=cells.head, rows=rows, figures=cells.figures)


def _games(found: Found, files: Mapping[str, str]) -> Iterator[Block]:
    if not found.standings and not found.games:
        return
    yield Heading("The empirical game")
    if not found.games:
        yield Words(NO_GAME)
        return
    yield Words(
        "All consumers choose one strategy (rows), all suppliers another (columns); a cell holds "
        "what each bloc then gained on average, delay counted.",
    )
    for game in found.games:
        yield from game_blocks(found, game, files)


def game_blocks(found: Found, game: EmpiricalGame, files: Mapping[str, str]) -> Iterator[Block]:
    """Yield a game: its matrix, what it means, how far it may be trusted, where learning leads."""
    yield Heading(scope_title(found, game), 3)
    near = "; ≈ not distinguishable from one" if game.near else ""
    told = (
        f"Mean gains in per cent, consumers | suppliers; {errors_told(game)}; "
        f"{n_told(sessions_a_cell(game))}; ◆{{}}: equilibrium{near}."
    )
    if game_grid(game, WIDE):
        caption = Caption(
            told.format(" and framed").removesuffix(".") + "; stronger colour: more for both.",
            told.format(""),
        )
        yield from _figure(GameGrid(game), caption, files, "games")
    else:
        yield _matrix(game)
        yield Words(told.format(" and marked"), is_aside=True)
    yield Listed(
        (*map(name, game.words), *equilibrium_words(game), *exploited_words(game)),
    )
    yield Words(completeness_words(game.report), is_aside=True)
    yield from _learning(game, files)


def _matrix(game: EmpiricalGame) -> Table:
    is_even = sessions_a_cell(game) is not None

    def told(i: int, j: int) -> str:
        n = "" if is_even else f"n {int(game.counts[i, j]):,}"
        error = error_text(game, i, j) if has_errors(game) else ""
        beside = ", ".join(filter(None, (error, n)))
        told = f"{gains_text(game, i, j)} {cell_marks(game, i, j)}"
        return f"{told} ({beside})" if beside else told

    size = range(len(game.rows)), range(len(game.columns))
    stable = {one.cell for one in game.report.equilibria}
    return Table(
        head=("consumers ↓ suppliers →", *map(name, game.columns)),
        rows=tuple((name(game.rows[i]), *(told(i, j).strip() for j in size[1])) for i in size[0]),
        marked=tuple((i, j + 1) for i in size[0] for j in size[1] if (i, j) in stable),
        is_grid=True,
    )


def _learning(game: EmpiricalGame, files: Mapping[str, str]) -> Iterator[Block]:
    """Yield where learning leads: as paths where there are two strategies a side, and as shares."""
    if game.flow:
        first = f"share of consumers with {name(game.rows[0], 18)}"
        second = f"suppliers with {name(game.columns[0], 18)}"
        what = "Paths of the replicator dynamics"
        yield from _figure(
            Flow(
                across=first,
                up=second,
                paths=game.flow,
                equilibria=[
                    (float(one.row[0]), float(one.column[0])) for one in game.report.equilibria
                ],
            ),
            Caption(f"{what}; diamonds: equilibria.", f"{what}."),
            files,
            "flow",
        )
    rest = resting_places(game)
    if rest and game.basins is not None:
        what = (
            f"Where learning comes to rest (replicator dynamics from {game.basins.starts} random "
            "starts; consumers / suppliers)"
        )
        yield from _figure(
            Shares("Where learning comes to rest", rest),
            Caption(f"{what}.", f"{what}."),
            files,
            "basins",
        )
