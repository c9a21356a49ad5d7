"""Text is laid out by the columns that its letters take, on every page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from delegates import negotiate
from games import analyze, load_scenario
from games.scenario import Scenario
from tests.delegates.sessions import view_at
from tui.report.document import Document, Table, Words
from tui.report.markdown import markdown_text
from tui.text.analysis import analysis_text
from tui.text.columns import centred, cut, cut_inside, left, lines_of, right
from tui.text.evaluation_words import name
from tui.text.labels import NAME_LENGTH, party_labels
from tui.text.result import result_text
from tui.text.seat import briefing, offer_lines
from tui.text.wording import WIDTH, agenda, hung, paragraph, rewrapped
from tui.widgets.fitted import wrapped

WIDE = "剛果民主共和國的鈷礦生產者與出口商聯合會及其所有附屬企業"
MIXED = st.text("ab -,\u0301漢字🙂", max_size=80)


def in_wide_letters() -> Scenario:
    """Return a bundled scenario whose parties, issues and briefs are in Chinese."""
    plain = load_scenario("cobalt-offtake")
    parties = {
        party: one.model_copy(update={"name": WIDE, "interests": WIDE * 5, "brief": WIDE * 9})
        for party, one in plain.parties.items()
    }
    issues = {
        issue: one.model_copy(update={"label": WIDE, "unit": "噸"})
        for issue, one in plain.issues.items()
    }
    told = {"title": WIDE * 2, "summary": WIDE * 9}
    return plain.model_copy(update={"parties": parties, "issues": issues, **told})


def widest(text: str) -> int:
    return max(map(cell_len, text.splitlines()))


@given(MIXED, st.integers(4, 30), st.integers(0, 2), st.integers(0, 2))
def test_lines_keep_to_their_width_and_lose_nothing(
    text: str, width: int, first: int, rest: int
) -> None:
    lines = lines_of(text, width, first=" " * first, rest=" " * rest)

    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(MIXED, st.integers(1, 30))
def test_what_is_cut_fits_and_what_fits_is_not_cut(text: str, longest: int) -> None:
    for told in (cut(text, longest), cut_inside(text, longest)):
        assert cell_len(told) <= longest
        assert (told == text) is (cell_len(text) <= longest)


def test_words_go_to_the_line_that_holds_them() -> None:
    assert lines_of("漢字 ab 漢字", 7, first="- ", rest="  ") == ["- 漢字", "  ab", "  漢字"]
    assert lines_of("漢字漢字漢字", 7, first="- ", rest="  ") == ["- 漢字", "  漢字", "  漢字"]
    assert lines_of("一 abcdefghij", 6) == ["一 abc", "defghi", "j"]
    assert lines_of("a  b\tc\nd", 4) == ["a  b", "c d"]
    assert lines_of("go to https://a.example/long", 8, breaks_words=False) == [
        "go to",
        "https://a.example/long",
    ]
    assert lines_of("", 8, first="- ") == lines_of(" \n", 8) == []


def test_a_line_too_narrow_for_a_wide_letter_still_shows_it() -> None:
    assert lines_of("漢字", 1) == ["漢", "字"]


def test_blanks_are_counted_in_columns() -> None:
    assert (left("漢", 4), right("漢", 4), centred("漢", 5)) == ("漢  ", "  漢", " 漢  ")
    assert (left("漢漢", 3), right("漢漢", 3), centred("漢漢", 3)) == ("漢漢",) * 3
    assert cut("漢漢漢", 5) == "漢漢…"
    assert cut_inside("漢字ab漢字", 7) == "漢…字"


@pytest.mark.parametrize("wrap", [paragraph, lambda text: hung("  名: ", text)])
def test_paragraphs_in_wide_letters_keep_to_the_page(wrap) -> None:
    text = wrap(" ".join([WIDE] * 9))

    assert widest(text) <= WIDTH
    assert "".join(text.split()).endswith(WIDE)


def test_papers_and_panels_in_wide_letters_keep_to_their_width() -> None:
    assert widest("\n".join(rewrapped(["  " + WIDE], 30))) <= 30
    assert max(line.cell_length for line in wrapped(WIDE, 30, first="名 ")) <= 30


def test_an_analysis_a_result_and_a_briefing_in_wide_letters_keep_to_the_page() -> None:
    scenario = in_wide_letters()
    view = view_at(scenario, [])
    record = negotiate(scenario, {"USA": "firm", "COD": "firm"})

    assert widest(analysis_text(analyze(scenario))) <= WIDTH
    assert widest(result_text(record)) <= WIDTH
    assert widest("\n".join(briefing(view))) <= WIDTH


def test_figures_stand_in_one_column_whatever_letters_stand_before_them() -> None:
    scenario = in_wide_letters()
    outcome = scenario.space.outcome(0)
    first = next(iter(scenario.issues))
    plain = scenario.issues[first].model_copy(update={"label": "short"})
    scenario = scenario.model_copy(update={"issues": {**scenario.issues, first: plain}})

    offered = offer_lines(view_at(scenario, []), 0)
    agreed = agenda(scenario, outcome)

    assert len({cell_len(line) for line in offered if line[-1].isdigit()}) == 1
    assert widest("\n".join(agreed)) <= WIDTH
    assert agreed[0].startswith("  short" + " " * 39 + "  ")


def test_names_are_cut_to_columns() -> None:
    assert all(cell_len(one.name) <= NAME_LENGTH for one in party_labels(in_wide_letters()))
    assert cell_len(name(WIDE, 18)) <= 18


def test_a_table_in_markdown_is_aligned_whatever_its_letters() -> None:
    table = Table(head=("名稱", "n"), rows=(("漢字漢字", "1"), ("abc", "22")), figures=(1,))
    document = Document(
        title="t", subtitle="s", edition="e", holds="h", stamp="x", blocks=(Words(WIDE * 9), table)
    )

    text = markdown_text(document)

    assert len({cell_len(line) for line in text.splitlines() if line.startswith("|")}) == 1


def test_a_number_is_not_torn_from_its_percent_sign() -> None:
    assert lines_of("the United States insists (26 %), DR Congo yields", 30) == [
        "the United States insists",
        "(26 %), DR Congo yields",
    ]
