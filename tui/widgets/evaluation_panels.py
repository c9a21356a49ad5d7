"""The parts of an evaluation's report on a screen, each with what has its keys and what scrolls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from delegates.evaluation.judging.found import Cloud, EmpiricalGame, Found
from tui.text.cells import BEST_COLUMN, BEST_ROW
from tui.text.evaluation_cells import cell_marks
from tui.text.evaluation_figures import strategies_paired
from tui.text.evaluation_words import NO_GAME, name, scope_title, share
from tui.text.grid import EQUILIBRIUM
from tui.widgets.cell_grid import CellGrid, GridCell
from tui.widgets.choices import Choices
from tui.widgets.empirical_lines import (
    NEAR,
    cell_lines,
    game_lines,
    is_best,
)
from tui.widgets.evaluation_plots import CloudPlot, CurvesPlot, FlowPlot, hue_of, sign_of
from tui.widgets.fitted import Fitted, Pane, Text
from tui.widgets.listing import Listing, Row, notice
from tui.widgets.standing_lines import (
    MEASURES,
    measure_scale,
    name_width,
    pair_lines,
    ranked,
    standing_head,
    standing_line,
    standing_lines,
)

WIDEST = 100
"""Columns beyond which lines are hard to read."""


class Panel(Container):
    """A part of the report."""

    @property
    def keyed(self) -> Widget:
        """What has the keys."""
        raise NotImplementedError

    @property
    def told(self) -> Pane | None:
        """What the keys of a page scroll."""
        return None

    def tell(self, found: Found) -> None:
        """Show what was found."""
        raise NotImplementedError


class GridPanel(Panel):
    """A part with a grid, what is told of its cells below or beside."""

    @property
    def keyed(self) -> Widget:
        """The grid."""
        return self.query_one(CellGrid)

    @property
    def told(self) -> Pane:
        """What is told of its cells."""
        return self.query_one(".beside", Pane)

    def on_resize(self) -> None:
        """Show as many rows as leave room for what is told."""
        is_wide = self.screen.has_class("-wide")
        room = self.size.height - 10 if is_wide else int(0.65 * self.size.height) - 7
        self.query_one(CellGrid).most_rows = max(room, 3)


class WordsPanel(Panel):
    """Text that scrolls."""

    def __init__(self, build: Callable[[Found, int], Sequence[Content]], *, id: str) -> None:  # noqa: A002
        """Show a text.

        Args:
            build: Returns its lines for a width.
            id: The widget's.
        """
        super().__init__(id=id, classes="part")
        self._build = build
        self._text = Fitted(lambda _: [Content.styled("working it out…", "$muted")])

    def compose(self) -> ComposeResult:
        """Scroll the text."""
        with Pane(classes="words"):
            yield self._text

    @property
    def keyed(self) -> Widget:
        """The text."""
        return self.query_one(Pane)

    @property
    def told(self) -> Pane:
        """The text."""
        return self.query_one(Pane)

    def tell(self, found: Found) -> None:
        """Show the text."""
        self._text.show(lambda width: self._build(found, min(width, WIDEST)))


class StandingsPanel(Panel):
    """The leaderboard by one measure, and all that is told of the current strategy."""

    def __init__(self) -> None:
        super().__init__(id="part-standings", classes="part")
        self._found: Found | None = None
        self._measure = next(iter(MEASURES))

    def compose(self) -> ComposeResult:
        """Lay the list beside what is told, or above it."""
        yield Choices([notice("working it out…")], id="standings")
        with Pane(classes="words beside"):
            yield Fitted(lambda _: [], id="standing-told")

    @property
    def keyed(self) -> Widget:
        """The list."""
        return self.query_one("#standings")

    @property
    def told(self) -> Pane:
        """What is told of the current strategy."""
        return self.query_one(Pane)

    def tell(self, found: Found) -> None:
        """Show the leaderboard."""
        self._found = found
        self._show()

    def next_measure(self, by: int) -> None:
        """Rank by the next measure, or the one before."""
        names = list(MEASURES)
        self._measure = names[(names.index(self._measure) + by) % len(names)]
        self._show()

    def _show(self) -> None:
        found, measure = self._found, self._measure
        if found is None:
            return
        listed = ranked(found.standings, measure)
        scale = measure_scale(listed, measure)
        names = [one.strategy for one in listed]

        def head(width: int) -> Content:
            return standing_head(measure, scale, name_width(names, width), width)

        def row(place: int) -> Row:
            one = listed[place]
            return Row(
                one.strategy,
                lambda width: standing_line(
                    one, place + 1, measure, scale, name_width(names, width), width
                ),
            )

        shown = MEASURES[measure]
        lead = Content.assemble(
            ("by ", "$muted"), (shown.name, "bold"), (f": {shown.what}   m: another", "$muted")
        )
        rows = [row(place) for place in range(len(listed))]
        self.query_one(Listing).show(
            [notice(lead), Row(None, head), *(rows or [notice("No strategy was tested.")])]
        )
        self._tell()

    @on(Listing.Moved)
    def _tell(self) -> None:
        found, current = self._found, self.query_one(Listing).current
        one = (
            None
            if found is None
            else next((one for one in found.standings if one.strategy == current), None)
        )
        if found is not None and one is not None:
            build = self.query_one("#standing-told", Fitted).show
            build(lambda width: standing_lines(found, one, min(width, WIDEST)))
            self.told.scroll_home(animate=False)


class PairsPanel(GridPanel):
    """What each strategy gained against each."""

    def __init__(self) -> None:
        super().__init__(id="part-pairs", classes="part")
        self._found: Found | None = None

    def compose(self) -> ComposeResult:
        """Lay the grid beside what is told of a cell, or above it."""
        with Pane(classes="grid-room", can_focus=False):
            yield Text(id="pairs-legend")
            yield CellGrid(id="pairs")
        with Pane(classes="words beside"):
            yield Fitted(lambda _: [], id="pair-told")

    def tell(self, found: Found) -> None:
        """Show the grid."""
        self._found = found
        means = {(one.strategy, one.against): one.advantage.mean for one in found.pairings}
        rows, columns = strategies_paired(found.pairings)
        best = {
            other: max(
                (
                    mean
                    for (_, against), mean in means.items()
                    if against == other and mean is not None
                ),
                default=None,
            )
            for other in columns
        }

        def cell(i: int, j: int) -> GridCell:
            mean = means.get((rows[i], columns[j]))
            is_top = mean is not None and mean == best[columns[j]]
            return GridCell(f"{share(mean)}{BEST_ROW if is_top else ' '}", "bold" if is_top else "")

        legend = f"advantage of rows against columns, %   {BEST_ROW} best against that column"
        if not rows:
            legend = "There were no sessions of two parties."
        self.query_one("#pairs-legend", Text).update(Content.styled(legend, "$muted"))
        self.query_one(CellGrid).show(rows, columns, cell)

    @on(CellGrid.Chosen)
    def _tell(self, message: CellGrid.Chosen) -> None:
        found = self._found
        if found is None:
            return
        rows, columns = strategies_paired(found.pairings)
        own, other = rows[message.row], columns[message.column]
        self.query_one("#pair-told", Fitted).show(
            lambda width: pair_lines(found, own, other, min(width, WIDEST))
        )


class CurvesPanel(Panel):
    """What each strategy asked for over the rounds."""

    def __init__(self) -> None:
        super().__init__(id="part-curves", classes="part")
        self._found: Found | None = None

    def compose(self) -> ComposeResult:
        """Lay the plot above the strategies, or beside them."""
        yield CurvesPlot(id="curves")
        yield Choices([notice("working it out…")], id="curve-choices")

    @property
    def keyed(self) -> Widget:
        """The list of strategies."""
        return self.query_one("#curve-choices")

    def tell(self, found: Found) -> None:
        """Draw the curves."""
        self._found = found
        names = [curve.strategy for curve in found.curves]
        rows = [self._row(found, number) for number in range(len(names))]
        empty = notice("No offer was made that could be drawn.")
        self.query_one(CurvesPlot).display = bool(rows)
        self.query_one(Listing).show(rows or [empty])
        self._draw()

    def _row(self, found: Found, number: int) -> Row:
        curve = found.curves[number]
        names = [one.strategy for one in found.curves]
        asked = [one for one in curve.demands if one is not None]

        def draw(width: int) -> Content:
            called = Content(name(curve.strategy)).truncate(
                name_width(names, width), ellipsis=True, pad=True
            )
            span = f"{share(asked[0])} → {share(asked[-1])} %" if asked else "no offer"
            return Content.assemble(
                (f"{sign_of(number)} ", hue_of_style(number)),
                called,
                f"  {span:<16}",
                (f" n {curve.sessions[0]:,} → {curve.sessions[-1]:,}", "$muted"),
            )

        return Row(curve.strategy, draw)

    @on(Listing.Moved)
    def _draw(self) -> None:
        if self._found is None:
            return
        names = [curve.strategy for curve in self._found.curves]
        current = self.query_one(Listing).current
        chosen = names.index(current) if current in names else 0
        self.query_one(CurvesPlot).show(self._found.curves, chosen)


def hue_of_style(number: int) -> str:
    """Return the style of a strategy's sign by its place among all, from 0."""
    return f"bold ${hue_of(number)}"


class OutcomesPanel(Panel):
    """Where agreements lie, scenario by scenario."""

    def __init__(self) -> None:
        super().__init__(id="part-outcomes", classes="part")
        self._found: Found | None = None

    def compose(self) -> ComposeResult:
        """Lay the scenarios above the plot, or beside it."""
        yield Choices([notice("working it out…")], id="scenarios")
        yield CloudPlot(id="cloud")

    @property
    def keyed(self) -> Widget:
        """The list of scenarios."""
        return self.query_one("#scenarios")

    def tell(self, found: Found) -> None:
        """List the scenarios and draw the first."""
        self._found = found
        rows = [self._row(cloud) for cloud in found.clouds]
        self.query_one(CloudPlot).display = bool(rows)
        none = "There is no scenario of two parties in which somebody can gain."
        self.query_one(Listing).show(rows or [notice(none)])
        self._draw()

    def next(self, by: int) -> None:
        """Show the next scenario, or the one before."""
        found, choices = self._found, self.query_one(Listing)
        if found is not None and found.clouds:
            names = [one.scenario for one in found.clouds]
            here = names.index(choices.current) if choices.current in names else 0
            choices.current = names[(here + by) % len(names)]

    def _row(self, cloud: Cloud) -> Row:
        agreed = sum(count for _, _, count in cloud.agreed)
        aside = f"{agreed:,} agreed, {cloud.not_agreed:,} not"

        def draw(width: int) -> Content:
            room = max(width - len(aside) - 2, 4)
            called = Content(name(cloud.title)).truncate(room, ellipsis=True, pad=True)
            return Content.assemble(called, "  ", (aside, "$muted"))

        return Row(cloud.scenario, draw)

    @on(Listing.Moved)
    def _draw(self) -> None:
        current = self.query_one(Listing).current
        for cloud in () if self._found is None else self._found.clouds:
            if cloud.scenario == current:
                self.query_one(CloudPlot).show(cloud)


class GamePanel(GridPanel):
    """One of the empirical games: its cells, the chosen one in words, and what it comes to."""

    def __init__(self) -> None:
        super().__init__(id="part-game", classes="part")
        self._found: Found | None = None
        self._place = 0

    def compose(self) -> ComposeResult:
        """Lay the grid beside what is told, or above it."""
        with Pane(classes="grid-room", can_focus=False):
            yield Text(id="game-name")
            yield CellGrid(id="game")
            yield Fitted(lambda _: [], id="cell")
            yield FlowPlot(id="flow-below")
        with Pane(classes="words beside"):
            yield Fitted(lambda _: [], id="game-told")
            yield FlowPlot(id="flow-after")

    def tell(self, found: Found) -> None:
        """Show the first game."""
        self._found = found
        self._show()

    def next(self, by: int) -> None:
        """Show the next game, or the one before."""
        if self._found is not None and self._found.games:
            self._place = (self._place + by) % len(self._found.games)
            self._show()

    @property
    def _game(self) -> EmpiricalGame | None:
        games = () if self._found is None else self._found.games
        return games[self._place % len(games)] if games else None

    def _show(self) -> None:
        game, found = self._game, self._found
        lead = self.query_one("#game-name", Text)
        self.set_class(game is not None and bool(game.flow), "-flowing")
        if game is None or found is None:
            lead.update(Content.styled(NO_GAME, "$muted"))
            return
        many = len(found.games)
        more = f"   n: another of {many} games" if many > 1 else ""
        legend = (
            f"consumers ↓ · suppliers →, % of what there is to gain\n{BEST_ROW} {BEST_COLUMN} best "
            f"reply of rows, columns   {EQUILIBRIUM} equilibrium   {NEAR} not told from one"
        )
        lead.update(
            Content.assemble(
                (scope_title(found, game), "bold"),
                (f"  {game.sessions:,} sessions", "$muted"),
                (more, "$muted"),
                (f"\n{legend}", "$muted"),
            )
        )
        stable = [one.cell for one in game.report.equilibria if one.cell is not None]
        self.query_one(CellGrid).show(
            game.rows,
            game.columns,
            lambda i, j: game_cell(game, i, j),
            stable[0] if stable else (0, 0),
        )
        self.query_one("#game-told", Fitted).show(
            lambda width: game_lines(game, min(width, WIDEST))
        )
        for flow in self.query(FlowPlot):
            flow.show(game)
        self.told.scroll_home(animate=False)

    @on(CellGrid.Chosen)
    def _tell(self, message: CellGrid.Chosen) -> None:
        game = self._game
        if game is not None and message.row < len(game.rows) and message.column < len(game.columns):
            self.query_one("#cell", Fitted).show(
                lambda width: cell_lines(game, message.row, message.column, min(width, WIDEST))
            )


def game_cell(game: EmpiricalGame, i: int, j: int) -> GridCell:
    """Return a cell of a game: both gains in per cent, best replies and equilibria marked."""
    if not int(game.counts[i, j]):
        return GridCell("·", "$muted")
    first, second = (share(float(game.payoffs[i, j, side]), 0) for side in (0, 1))
    row, column = is_best(game, i, j)
    mark = cell_marks(game, i, j)
    text = f"{first}{BEST_ROW if row else ''}·{second}{BEST_COLUMN if column else ''}{mark}"
    return GridCell(text, "bold $agreed" if mark == EQUILIBRIUM else "")
