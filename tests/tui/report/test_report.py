"""Reports hold what their edition may, whole and safe, in both forms."""

import re
from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.trials.robustness import survey
from games.analysis import Analysis, analyze
from games.scenario import Scenario, bundled_scenarios, load_scenario, parse_scenario
from tests.delegates.sessions import MINI
from tui.report import Edition, html_text, markdown_text, report
from tui.report.charts import Scatter, Years
from tui.report.document import Document, Figure, Heading, Listed, Table, Words
from tui.report.editions import Edition as Each
from tui.report.review_charts import Course
from tui.report.setting import sources_blocks

NAMES = ("cobalt-offtake", "nickel-hub", "price-floor-club")
VOID = {"meta", "line", "circle", "polygon", "polyline"}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=http://evil/x onerror=alert(1)>',
    "</style><style>@import url(http://evil)</style>",
    "[click](javascript:alert(1)) ![x](http://evil/x.png)",
    "\x1b]0;owned\x07\x1b[31m | a | b\n# heading\n- item\n> quotation",
)


@cache
def analysis_of(name: str) -> Analysis:
    return analyze(load_scenario(name))


@cache
def written(name: str, edition: Edition) -> tuple[str, str]:
    document = report(analysis_of(name), edition)
    return markdown_text(document), html_text(document)


class Page(HTMLParser):
    """Reads HTML strictly: what is opened is closed; tells elements, attributes and words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def hostile() -> Scenario:
    """A scenario whose every text tries to be more than text."""
    import json

    scenario = parse_scenario(MINI)
    values = json.loads(scenario.model_dump_json(by_alias=True))
    text = " ".join(HOSTILE)
    values["title"] = values["setting"] = text
    for party in values["parties"].values():
        party["name"] = party["interests"] = party["brief"] = text
        party["reservation_basis"] = text
    for issue in values["issues"].values():
        issue["label"], issue["unit"] = text, '"><script>alert(2)</script>'
    values["sources"] = [{"id": "x", "title": text, "note": text}]
    return Scenario.model_validate(values)


@pytest.mark.parametrize("edition", Each)
@pytest.mark.parametrize("name", NAMES)
def test_html_is_well_formed_and_asks_for_nothing_elsewhere(name: str, edition: Edition) -> None:
    _, text = written(name, edition)

    page = Page(text)

    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "a", "base"})
    assert {name for name, _ in page.attributes}.isdisjoint({"src", "href", "style", "srcset"})
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert re.search(r"url\(|@import", text) is None


@pytest.mark.parametrize("edition", Each)
def test_hostile_text_stays_text_in_html(edition: Edition) -> None:
    text = html_text(report(analyze(hostile()), edition))

    page = Page(text)

    assert page.tags <= {
        *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "h1"),
        *("h2", "h3", "h4", "p", "ul", "li", "div", "table", "thead", "tbody", "tr", "th", "td"),
        *("figure", "figcaption", "svg", *VOID, "text"),
    }
    assert {name for name, _ in page.attributes} <= {
        *("lang", "charset", "http-equiv", "content", "name", "class", "scope", "role", "viewbox"),
        *("aria-label", "cx", "cy", "r", "x", "y", "x1", "x2", "y1", "y2", "points"),
        *("text-anchor", "transform"),
    }
    assert "<script>alert(1)</script>" in "".join(page.words)
    assert "\x1b" not in text
    assert text.count("<style>") == 1
    told = [*page.words, *(value for _, value in page.attributes)]
    assert text.count("@import") == "".join(told).count("@import") > 0
    assert "@import" not in "".join(page.words[:3])


@pytest.mark.parametrize("edition", Each)
def test_hostile_text_stays_text_in_markdown(edition: Edition) -> None:
    whole = markdown_text(report(analyze(hostile()), edition))
    # A chart is a block of code, which is shown as it stands.
    text = "\n".join(line for line in whole.splitlines() if not line.startswith("    "))

    assert re.search(r"(?<!\\)<", text) is None
    assert re.search(r"(?<!\\)\[", text) is None
    assert "\x1b" not in whole
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    assert "heading" not in headings
    columns = {
        len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("| ")
    }
    assert min(columns) >= 3


def lines(text: str) -> list[str]:
    return text.split("\n")


@given(st.text() | st.lists(st.sampled_from(["#", "-", "1.", "12)", ">", "+", "===", "w" * 99])))
def test_no_text_begins_a_heading_a_list_or_a_quotation(given_text: str | list[str]) -> None:
    text = given_text if isinstance(given_text, str) else " ".join(given_text)
    document = Document(
        title="t", subtitle="s", edition="e", holds="h", stamp="st", blocks=[Words(f"x {text}")]
    )
    head = markdown_text(
        Document(title="t", subtitle="s", edition="e", holds="h", stamp="st", blocks=[])
    )

    body = markdown_text(document)[len(head) :]

    assert not any(re.match(r"(#{1,6}|[-+*]|\d+[.)])(\s|$)|>", line) for line in lines(body))


@pytest.mark.parametrize("name", NAMES)
def test_editions_hold_what_they_may(name: str) -> None:
    scenario = load_scenario(name)
    briefs = [" ".join(party.brief.split())[:60] for party in scenario.parties.values()]
    texts = {each: " ".join(Page(written(name, each)[1]).words) for each in Each}
    flat = {each: " ".join(text.split()) for each, text in texts.items()}

    for each in (Edition.PARTICIPANTS, Edition.DEBRIEF):
        assert all(brief not in flat[each] for brief in briefs)
        assert "points by option" not in flat[each]
        assert "Never signs" not in flat[each]
    assert all(brief in flat[Edition.FACILITATOR] for brief in briefs)
    assert not re.search(r"-[\d.]+ points more", flat[Edition.FACILITATOR])
    assert "Nash" not in flat[Edition.PARTICIPANTS]
    assert "Will it hold?" in flat[Edition.DEBRIEF]


@pytest.mark.parametrize("edition", Each)
@pytest.mark.parametrize("name", NAMES)
def test_every_edition_is_stamped_and_says_which_it_is(name: str, edition: Edition) -> None:
    for text in written(name, edition):
        flat = " ".join(text.replace("&#x27;", "'").replace("> ", "").split())
        assert "SIMULATION." in flat
        assert edition.heading in flat
        assert "predicts and advises no government" in flat
        assert "Not for grading or selecting staff" in flat


def test_the_debrief_tells_what_analysis_finds() -> None:
    analysis = analysis_of("cobalt-offtake")
    text, _ = written("cobalt-offtake", Edition.DEBRIEF)

    assert f"{len(analysis.bargain.zopa):,} (28%) are acceptable to all" in text
    (stance,) = [one for one in analysis.matrices if one.name == "stance"]
    for one in stance.report.equilibria:
        if one.cell is not None:
            i, j = one.cell
            game = stance.report.game
            row, column = float(game.row_payoffs[i][j]), float(game.column_payoffs[i][j])
            assert f"**{row:.0%} / {column:.0%}**" in text
    flat = " ".join(text.split())
    assert analysis.agreement is not None
    assert analysis.agreement.verdict is not None
    assert analysis.agreement.verdict.headline in flat


def test_two_parties_are_drawn_and_years_with_their_range() -> None:
    blocks = report(analysis_of("nickel-hub"), Edition.DEBRIEF).blocks
    two = report(analysis_of("cobalt-offtake"), Edition.DEBRIEF).blocks

    charts = [type(block.chart) for block in (*two, *blocks) if isinstance(block, Figure)]
    assert charts == [Scatter, Years]


def test_a_chart_of_years_holds_its_range() -> None:
    chart = Years(label="t", mean=[0.0, 1.0, 2.0], low=[0.0, 0.5, 1.0], high=[0.0, 2.0, 4.0])

    drawn = Page(chart.svg())

    assert ("class", "band") in drawn.attributes
    (band,) = [
        value for name, value in drawn.attributes if name == "points" and value.count(" ") == 5
    ]
    heights = [float(place.split(",")[1]) for place in band.split()]
    assert min(heights[:3]) == heights[2] < heights[3]


@pytest.mark.parametrize("last", [2, 3, 30])
def test_moves_are_counted_on_the_axis_in_whole_numbers(last: int) -> None:
    chart = Course(moves=[1, last], worth=[50.0, 40.0], reservation=20.0)

    drawn = " ".join(Page(chart.svg()).words).partition("move")[0]

    assert not re.search(r"\d\.\d", drawn)


def test_an_empty_zopa_has_no_solutions_and_no_chart() -> None:
    text = MINI.replace("reservation: ", "reservation: 1")
    scenario = parse_scenario(text)
    blocks = report(analyze(scenario), Edition.DEBRIEF).blocks

    told = [block.text for block in blocks if isinstance(block, Words | Heading)]
    assert any("none is acceptable to all" in one for one in told)
    assert "What bargaining leads to" not in told


HAPPENINGS = """
mandates:
  USA:
    limits: {price: [10, 20]}
    grants: {price: {30: {least: 61}}}
    instructions:
      - {round: 4, kind: tighten, limits: {price: [10]}, words: Hold on.}
      - {round: 6, kind: no-deal}
    ratify: {threshold: 44, audience_cost: 7, slope: 0.3, points: {rail: {rail: -3, no rail: 0}}}
    face: 1.5
shocks:
  flood:
    label: A flood
    words: The pit is under water.
    round: 3
    heard_by: [COD]
    points: {USA: {volume: {3: -4}}}
    reservation: {COD: -5}
    ratify: {USA: 2}
    dispute: 0
    note: Judgement of the author.
  fair: {label: A fair, chance: 0.25}
"""


def test_each_edition_tells_of_events_capitals_and_open_words_what_it_may() -> None:
    ambiguous = """
    options: [no rail, rail, as usual]
    ambiguous:
      as usual: {readings: {USA: no rail}, hazard: 0.2, arbitration: {rail: 3, no rail: 1}}
"""
    text = MINI.replace(
        "  rail: {label: rail, obligor: USA, options: [no rail, rail]}",
        f"  rail:\n    label: rail\n    obligor: USA{ambiguous.rstrip()}",
    )
    analysis = analyze(parse_scenario(text + HAPPENINGS))

    told = {
        each: " ".join(markdown_text(report(analysis, each)).replace("\n>", "").split())
        for each in Each
    }

    secret = [
        "May sign: price 10 USD, 20 USD.",
        "grants price 30 USD if the text is worth at least 61.0 at home",
        "Round 4, from its capital: sign no more than price 10 USD (“Hold on.”).",
        "Round 6, from its capital: sign nothing in this round.",
        "worth 44.0 at home passes with even chances; failing costs 7.0",
        "logistic curve with a slope of 0.3 a point (judgement)",
        "At home besides: rail rail -3 points.",
        "1.5 points per point yielded in plenary",
        (
            "flood: to United States volume 3 t is worth -4 points; what DR Congo has without "
            "agreement changes by -5 points; what a text must be worth to pass in the capital of "
            "United States changes by +2 points; "
            "Judgement of the author."
        ),
    ]
    for one in (
        "A flood: The pit is under water.",
        "25% a round",
        "read by United States as no rail; disputed 20% a year, then rail 75%, no rail 25%",
        "| shock flood",
    ):
        assert one in told[Edition.FACILITATOR]
        assert one in told[Edition.DEBRIEF]
        assert one not in told[Edition.PARTICIPANTS]
    for one in secret:
        assert one in told[Edition.FACILITATOR]
        assert one not in told[Edition.DEBRIEF]
        assert one not in told[Edition.PARTICIPANTS]
    assert "no rail · rail · as usual" in told[Edition.PARTICIPANTS]


def test_what_keeping_hangs_on_and_where_all_figures_are_from_is_told() -> None:
    scenario = load_scenario("tungsten-accord")
    assert scenario.commitments is not None
    told = {
        each: " ".join(markdown_text(report(analysis_of("tungsten-accord"), each)).split())
        for each in Each
    }
    plan = scenario.implementation
    assert plan is not None

    kept = f"punished with a chance of {scenario.commitments.enforcement:.0%}"
    assert kept in told[Edition.FACILITATOR]
    assert f"standard deviation of {plan.price.volatility:g}" in told[Edition.FACILITATOR]
    assert "What keeping it hangs on" not in told[Edition.DEBRIEF]
    assert "instead: " in told[Edition.FACILITATOR]
    assert "instead: " not in told[Edition.DEBRIEF]
    for part in ("the market price", "the years after signature"):
        assert part in told[Edition.DEBRIEF].partition("Where the figures come from")[2]
        assert part not in told[Edition.PARTICIPANTS].partition("Where the figures come from")[2]
    assert "| the market " in told[Edition.PARTICIPANTS]


@pytest.mark.parametrize("name", bundled_scenarios())
def test_no_edition_lists_a_source_that_only_what_it_withholds_cites(name: str) -> None:
    scenario = load_scenario(name)
    cited: dict[Edition, set[str]] = {}
    listed: dict[Edition, set[str]] = {}
    for each in Each:
        *_, table, sources = sources_blocks(scenario, each)
        assert isinstance(table, Table)
        assert isinstance(sources, Listed)
        cited[each] = {source for *_, told in table.rows for source in told.split(", ")} - {"–"}
        listed[each] = {item.partition(" ")[0] for item in sources.items}

    background = {one.id for one in scenario.sources} - cited[Edition.FACILITATOR]
    for each in Each:
        assert listed[each] == cited[each] | background


def test_a_number_that_ends_a_sentence_is_not_torn_off_to_begin_a_list() -> None:
    for length in range(60, 110):
        text = f"{'w' * length} and a floor of 0. More."
        document = Document(
            title="t", subtitle="s", edition="e", holds="h", stamp="x", blocks=[Listed((text,))]
        )
        assert "0\\." not in markdown_text(document)


def test_a_survey_stands_in_the_report_as_tables() -> None:
    scenario = load_scenario("first-table")
    found = survey(scenario, 3, workers=1)

    blocks = report(analyze(scenario), Edition.DEBRIEF, found).blocks

    tables = [block for block in blocks if isinstance(block, Table)]
    rows = [row for table in tables for row in table.rows]
    assert all(any(one.about == row[0] for row in rows) for one in found.findings)
    assert any(isinstance(block, Listed) for block in blocks)


def test_the_zero_of_the_compliance_game_and_the_mandates_that_narrow_theory_are_told() -> None:
    text = " ".join(written("tungsten-accord", Edition.DEBRIEF)[0].split())

    assert (
        "; they are counted from what both reneging delivers, and fines and collapse come off."
        in text
    )
    assert "All that follows is within the mandates as they are at the outset" in text
