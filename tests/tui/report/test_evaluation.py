"""The page of an evaluation holds every figure with its data, asks for nothing, and is safe."""

import base64
import csv
import io
import itertools
import re
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from delegates.evaluation.judging.figure_tables import figure_texts
from delegates.evaluation.judging.found import Found
from delegates.evaluation.playing.folder import Folder
from games.errors import UserError
from tests.tui import evaluations as made
from tests.tui.report.test_report import HOSTILE, VOID, Page
from tui.report import html_text, markdown_text
from tui.report.cloud_charts import Clouds
from tui.report.document import Figure
from tui.report.evaluation import evaluation_report, limits, write_report
from tui.report.evaluation_charts import Concessions, Flow, Leaders, Shares
from tui.report.grid_charts import GameGrid, Pairwise

GOLDEN = Path(__file__).parents[1] / "data" / "evaluation.md"
NOTHING: dict[str, Any] = {
    "standings": (),
    "differences": (),
    "pairings": (),
    "namings": (),
    "curves": (),
    "clouds": (),
    "games": (),
}


def page_of(found: Found) -> str:
    return html_text(evaluation_report(found))


def text_of(found: Found) -> str:
    return markdown_text(evaluation_report(found))


@cache
def page() -> str:
    return page_of(made.found())


def charts(found: Found) -> list[object]:
    return [one.chart for one in evaluation_report(found).blocks if isinstance(one, Figure)]


def test_the_markdown_of_fixed_findings_is_as_kept() -> None:
    assert text_of(made.found()) == GOLDEN.read_text(encoding="utf-8")


def test_every_figure_that_was_promised_is_drawn() -> None:
    kinds = {type(one) for one in charts(made.found())}

    assert kinds == {Leaders, Pairwise, Concessions, Clouds, GameGrid, Flow, Shares}
    assert page().count("<svg ") == len(charts(made.found()))


def test_the_page_is_whole_and_runs_and_fetches_nothing() -> None:
    read = Page(page())

    assert read.tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "base"})
    assert not any(name.startswith("on") or name == "src" for name, _ in read.attributes)
    targets = [value for name, value in read.attributes if name == "href"]
    assert targets
    assert all(one.startswith("data:text/csv;charset=utf-8;base64,") for one in targets)
    assert re.search(r"url\(|@import", page()) is None


def test_each_figure_hands_out_the_very_file_that_lies_beside_it() -> None:
    links = re.findall(r'download="([^"]+)" href="data:[^,]+,([^"]+)"', page())
    written = figure_texts(made.found())

    assert {name for name, _ in links} == {
        "leaderboard.csv",
        "pairings.csv",
        "curves.csv",
        "clouds.csv",
        "games.csv",
        "flow.csv",
        "basins.csv",
    }
    for name, held in links:
        assert base64.b64decode(held).decode() == written[name.removesuffix(".csv")]


def test_the_page_says_what_it_is_and_how_it_was_done() -> None:
    told = " ".join(" ".join(Page(page()).words).split())

    for said in (
        "SIMULATION",
        "predicts and advises no government",
        "Not for grading or selecting staff.",
        "Every strategy met every other in both seats of each scenario",
        "One session of the class provider is left out of every mean.",
        "Does patience pay against patience?",
        "boulware leads: it gained 56.2 % of what there was to gain",
        "960 of 960 planned sessions played",
    ):
        assert said in told


@pytest.mark.parametrize("half", [0.06, None])
def test_no_mean_stands_without_interval_and_n(half: float | None) -> None:
    found = made.found(half=half)

    told = page_of(found)

    assert len(re.findall(r"[\d.]+ \[[^]]+\] {1,2}n 240<", told)) == len(found.standings)
    cells = re.findall(r'class="inside"[^>]*>(\[[^<]+\])<', told)
    assert len(cells) == (0 if half is None else len(found.pairings))
    assert "120 sessions a cell" in told
    assert ("[–]" in told) == (half is None)
    assert ("[–]: no interval: " in told) == (half is None)


@pytest.mark.parametrize("count", [2, 6, 11])
def test_pairs_keep_intervals_and_n_however_many_there_are(count: int) -> None:
    names = [f"strategy{k}" for k in range(count)]
    pairings = tuple(
        replace(
            made.found().pairings[0],
            strategy=own,
            against=other,
            advantage=made.estimate(0.25, sessions=10 + len(other)),
        )
        for own in names
        for other in names
    )

    drawn = Pairwise(pairings).svg()

    digits = "19.0, 31.0" if count < 7 else "19, 31"
    assert drawn.count(f">[{digits}]<") == count**2
    assert len(re.findall(r">n \d+<", drawn)) == (count**2 if count > 10 else 0)


def test_dots_and_bars_stand_where_their_figures_are() -> None:
    drawn = Leaders(made.found().standings).svg()

    assert drawn.count('class="o-mean"') == 4
    assert drawn.count('class="whisker"') == 12
    assert Leaders(made.found(half=None).standings).svg().count('class="whisker"') == 0
    (first, *_) = re.findall(r'class="o-mean" cx="([\d.]+)"', drawn)
    assert float(first) == pytest.approx(150 + 0.5625 / 0.7 * 340, abs=0.1)


def test_equilibria_are_framed_and_signed() -> None:
    drawn = GameGrid(made.game()).svg()

    assert drawn.count('class="heat framed"') == 2
    assert drawn.count("◆") == 2
    assert drawn.count("≈") == 1


def test_a_game_too_large_to_draw_is_a_table() -> None:
    names = [f"strategy{k:02}" for k in range(14)]
    payoffs = [[((i + 1) / 20, (j + 1) / 20) for j in range(14)] for i in range(14)]
    game = made.game(names=names, payoffs=payoffs, near=(), flow=())

    found = made.found(games=(game,))

    assert not any(isinstance(one, GameGrid) for one in charts(found))
    assert "strategy13" in page_of(found)
    assert page_of(found).count('class="marked"') == 1


def test_a_figure_too_wide_for_characters_says_so() -> None:
    many = tuple(
        replace(one, strategy=f"{one.strategy}{k}", against=f"{one.against}{k}")
        for one in made.found().pairings
        for k in range(5)
    )

    assert Pairwise(many).lines() == ["(80 pairs do not fit here; the data file has them.)"]
    assert Pairwise(many).svg().count("<rect ") == 80


def test_series_differ_by_more_than_colour() -> None:
    curves = made.found().curves * 2

    drawn = Concessions(curves).svg()

    kinds = re.findall(r'class="series s(\d)"', drawn)
    assert kinds == [str(k) for k in range(8)]
    style = page()
    dashes = [
        re.search(rf"\.s{k} {{[^}}]*?(stroke-dasharray: [^;]+)?; }}", style) for k in range(8)
    ]
    assert len({one[1] for one in dashes if one is not None}) == 8


def test_names_at_the_ends_of_lines_stand_apart() -> None:
    drawn = Concessions(made.found().curves).svg()

    heights = sorted(float(y) for y in re.findall(r'class="label l\d"[^>]* y="([\d.]+)"', drawn))

    assert len(heights) == 4
    assert all(low + 16.9 <= high for low, high in itertools.pairwise(heights))


def test_hostile_text_stays_text_on_the_page() -> None:
    found = hostile()

    read = Page(page_of(found))

    assert read.tags <= {
        *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "h1"),
        *("h2", "h3", "h4", "p", "ul", "li", "div", "table", "thead", "tbody", "tr", "th", "td"),
        *("figure", "figcaption", "svg", *VOID, "text", "rect", "a"),
    }
    assert "<script>alert(1)</script>" in "".join(read.words)
    assert "\x1b" not in page_of(found)
    assert page_of(found).count("<style>") == 1


def test_hostile_text_stays_text_in_markdown() -> None:
    whole = text_of(hostile())
    text = "\n".join(line for line in whole.splitlines() if not line.startswith("    "))

    assert re.search(r"(?<!\\)<", text) is None
    assert re.search(r"(?<!\\)\[click", text) is None
    assert "\x1b" not in whole
    assert "heading" not in re.findall(r"^#+ (.*)$", text, re.MULTILINE)


def test_no_cell_of_the_data_is_a_formula() -> None:
    names = ("=1+1", "+cmd", "@x", "-y")
    found = made.found(names, games=(made.game(names=names),))

    for held in re.findall(r'href="data:[^,]+,([^"]+)"', page_of(found)):
        for row in csv.reader(io.StringIO(base64.b64decode(held).decode())):
            assert not any(cell.startswith(("=", "+", "@", "-y")) for cell in row)


def hostile() -> Found:
    text = " ".join(HOSTILE)
    names = tuple(f"{text}{k}" for k in range(4))
    return made.found(
        names,
        title=text,
        question=text,
        plan=text,
        methods=text,
        notes=(text,),
        clouds=(replace(made.cloud(text, text), across=text, up=text),),
        games=(made.game(text, names, words=(text,)), made.duel(text)),
    )


def test_nothing_found_makes_a_page_all_the_same() -> None:
    found = made.found(**NOTHING)

    Page(page_of(found))
    assert "No session was counted: there is nothing to compare." in text_of(found)
    assert charts(found) == []


def test_the_head_counts_what_was_planned_and_whom_they_met() -> None:
    found = replace(made.found(), titles={f"s{k}": "" for k in range(7)}, only_met=("x", "y"))

    # One of seven has no advantage.
    assert "4 strategies compared, 2 only met · 7 scenarios" in page_of(found)


def test_aliases_are_told_of_only_where_they_were_played() -> None:
    found = made.found()

    assert ("under aliases" in limits(found)[3]) == bool(found.namings)
    assert limits(replace(found, namings=()))[3] == "Models carry cultural and national bias."


def test_caveats_stand_under_the_leaderboard() -> None:
    told = text_of(replace(made.found(), caveats=("No strategy met itself.",)))

    assert told.index("Leaderboard") < told.index("No strategy met itself.") < told.index("Who ")


def test_figures_without_a_value_are_left_out() -> None:
    silent = tuple(replace(one, demands=(None,) * 11) for one in made.found().curves)
    unmeant = tuple(replace(one, advantage=made.estimate(None)) for one in made.found().standings)
    unpaired = tuple(replace(one, advantage=made.estimate(None)) for one in made.found().pairings)
    assert not any(
        isinstance(one, Pairwise) for one in charts(replace(made.found(), pairings=unpaired))
    )
    found = made.found(curves=silent, standings=unmeant, clouds=(), pairings=())

    kinds = {type(one) for one in charts(found)}

    assert kinds == {GameGrid, Flow, Shares}


def test_a_path_that_does_not_move_has_no_arrow() -> None:
    still = Flow(across="a", up="b", paths=[[(0.5, 0.5), (0.5, 0.5)]], equilibria=[(0.5, 0.5)])
    moving = Flow(across="a", up="b", paths=[[(0.1, 0.1), (0.9, 0.9)]], equilibria=[])

    assert "arrow" not in still.svg()
    assert moving.svg().count('class="arrow"') == 1
    assert still.svg().count('class="nash"') == 1


def test_clouds_hold_a_disc_an_outcome_and_a_panel_a_scenario() -> None:
    clouds = [made.cloud(f"s{k}") for k in range(7)]

    drawn = Clouds(clouds).svg()

    assert drawn.count('class="agreed"') == 4 * 7
    assert drawn.count('class="frontier"') == 7
    assert drawn.count('class="nash"') == 7
    assert 'viewBox="0 0 680 750"' in drawn


def test_it_is_written_whole_beside_the_data_of_its_figures(tmp_path: Path) -> None:
    found, folder = made.found(), Folder(tmp_path)

    written = write_report(found, folder)

    assert written == (tmp_path / "report.html", tmp_path / "report.md")
    assert written[0].read_text(encoding="utf-8") == page()
    assert written[1].read_text(encoding="utf-8") == text_of(found)
    for name, text in figure_texts(found).items():
        assert (folder.figures / f"{name}.csv").read_text(encoding="utf-8") == text
    assert not list(tmp_path.rglob("*.new"))


def test_a_report_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()

    with pytest.raises(UserError, match=r"report\.html: cannot be written: "):
        write_report(made.found(), Folder(tmp_path))


def test_payoffs_of_a_game_are_those_of_its_cells() -> None:
    game = made.game()

    told = [
        unescape(one) for one in re.findall(r'class="gains"[^>]*>([^<]+)<', GameGrid(game).svg())
    ]

    figures = [tuple(map(float, one.rstrip(" ◆≈").split(" | "))) for one in told]
    assert np.allclose(np.array(figures).reshape(4, 4, 2) / 100, game.payoffs, atol=0.0006)
