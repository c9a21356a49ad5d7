"""The trainer's verb: one session's seats side by side, or a class, in every form."""

import json
import re
from pathlib import Path

import pytest

from delegates.classroom.as_json import DESCRIBED, FOR_WHOM
from delegates.classroom.side_by_side import side_by_side
from tests.delegates.classroom.tables import AGREED_MORE, OPEN, sat, three
from tests.delegates.debriefing.talks import ladder
from tests.support.json_schema import faults
from tests.tui.cli.conftest import Cli
from tests.tui.recordings import TALKS
from tests.tui.report.test_report import Page
from tui.cli.debrief import Told

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = TALKS.with_name("class.txt")
SIDES = TALKS.with_name("talks-debriefs.txt")


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A folder of three finished tables, an unfinished one and one of another scenario."""
    folder = tmp_path / "class"
    folder.mkdir()
    three(folder)
    sat(folder, "table-11", OPEN, 11, seats={"A": "human"})
    sat(folder, "table-12", AGREED_MORE, 12, ladder(reservations=(30.0, 20.0)))
    return folder


def schema(name: str) -> dict[str, object]:
    return json.loads((ROOT / "docs" / "examples" / f"{name}.schema.json").read_text())


def told_in(text: str) -> str:
    return " ".join(text.replace("> ", "").replace("*", "").split())


def test_lines_of_a_class_are_as_kept(cli: Cli, tables: Path) -> None:
    shown = cli("debrief", "class")

    assert (shown.code, shown.err) == (0, "")
    assert shown.out == GOLDEN.read_text(encoding="utf-8")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert shown.out == cli("debrief", "class", "--format", "text", "--plain").out


def test_lines_of_one_session_are_as_kept(cli: Cli) -> None:
    shown = cli("debrief", str(TALKS))

    assert shown.code == 0
    assert shown.out == SIDES.read_text(encoding="utf-8")
    assert max(map(len, shown.out.splitlines())) <= 80


def test_files_in_any_order_tell_the_same_as_their_folder(cli: Cli, tables: Path) -> None:
    files = sorted((f"class/{one.name}" for one in tables.iterdir()), reverse=True)

    assert cli("debrief", *files).out == cli("debrief", "class").out


def test_json_of_a_class_is_one_object_that_keeps_to_its_schema(cli: Cli, tables: Path) -> None:
    shown = cli("debrief", "class", "--format", "json", "--accuracy", "--workers", "1")
    told = json.loads(shown.out)

    assert faults(schema("class"), told) == []
    assert [one["name"] for one in told["groups"][0]["tables"]] == [
        "table-1",
        "table-2",
        "table-10",
    ]
    assert [one["name"] for one in told["unfinished"]] == ["table-11"]
    # Of who is still at the table nothing private is told.
    assert [*told["unfinished"][0]["seats"]["B"]] == ["sat"]
    seat = told["groups"][0]["tables"][1]["seats"]["A"]
    found = side_by_side(tables / "table-2.jsonl").sides[0].debrief
    assert seat["accuracy"] == pytest.approx(found.accuracy)
    assert seat["accuracy_error"] == pytest.approx(found.accuracy_error)


def test_accuracies_stand_in_lines_and_page_where_they_are_asked_for(
    cli: Cli, tables: Path
) -> None:
    found = side_by_side(tables / "table-2.jsonl").sides[0].debrief
    told = f"{found.accuracy:.0f} ± {found.accuracy_error:.0f}%"

    lines = cli("debrief", "class", "--accuracy", "--workers", "1").out
    page = cli("debrief", "class", "--accuracy", "--workers", "1", "--format", "html").out

    assert f"table-2           A {told} · B " in lines
    assert f'<td class="figure">{told}</td>' in page
    assert "HOW ACCURATELY" not in cli("debrief", "class").out


def test_json_of_one_session_keeps_to_its_schema(cli: Cli, tables: Path) -> None:
    told = json.loads(cli("debrief", "class/table-1.jsonl", "--format", "json").out)

    assert faults(schema("debriefs"), told) == []
    assert {party: one["utility"] for party, one in told["seats"].items()} == {"A": 50, "B": 50}


@pytest.mark.parametrize(("name", "spoilt"), [("class", "groups"), ("debriefs", "seats")])
def test_the_schemas_refuse_what_is_not_theirs(name: str, spoilt: str) -> None:
    assert faults(schema(name), {spoilt: 1}) != []


@pytest.mark.parametrize("given", ["class", "class/table-1.jsonl"])
@pytest.mark.parametrize("form", ["text", "md", "html", "json"])
def test_every_form_says_whose_it_is_and_what_it_is_not_for(
    cli: Cli, tables: Path, form: str, given: str
) -> None:
    told = told_in(cli("debrief", given, "--format", form).out.replace("&#x27;", "'"))

    assert FOR_WHOM in told
    assert "not for grading or selecting staff" in told
    assert (DESCRIBED in told) == (given == "class")
    assert told.index(FOR_WHOM) < told.index("not for grading") or form == "json"


def test_the_help_says_whose_it_is(cli: Cli) -> None:
    assert "for whoever leads the exercise" in told_in(cli("debrief", "--help").out)


def test_the_page_of_a_class_runs_and_fetches_nothing_and_has_every_table(
    cli: Cli, tables: Path
) -> None:
    html = cli("debrief", "class", "--format", "html").out

    page = Page(html)
    assert page.tags.isdisjoint({"script", "iframe", "img", "link", "object", "form"})
    assert not any(name.startswith("on") or name in ("src", "href") for name, _ in page.attributes)
    words = " ".join(" ".join(page.words).split())
    for one in tables.iterdir():
        assert one.stem in words
    # Two seats of three tables, and two of the one that is told apart.
    assert html.count('<circle class="table"') == 2 * 3 + 2
    assert html.count('<circle class="agreed"') == 2 + 1


def test_what_tables_got_stands_out_where_it_is_the_most(cli: Cli, tables: Path) -> None:
    html = cli("debrief", "class", "--format", "html").out

    marked = re.findall(r'<td class="figure marked">([0-9.]+)</td>', html)
    assert marked == ["50.0", "70.0"]


def test_a_new_file_is_written_and_none_overwritten(cli: Cli, tables: Path) -> None:
    first = cli("debrief", "class", "--out", "page.html")
    again = cli("debrief", "class", "--out", "page.html")

    assert (first.code, first.out) == (0, f"page.html: {FOR_WHOM}\n")
    assert Path("page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (again.code, again.line) == (
        1,
        "minilateral: page.html: exists already; expected the name of a new file",
    )


@pytest.mark.parametrize(
    ("name", "begins"), [("p.md", "# The class"), ("p.json", "{"), ("p.txt", "A class of")]
)
def test_the_ending_of_the_file_says_its_form(
    cli: Cli, tables: Path, name: str, begins: str
) -> None:
    assert cli("debrief", "class", "--out", name).code == 0
    assert Path(name).read_text(encoding="utf-8").startswith(begins)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (("none.jsonl",), "none.jsonl: cannot be read: "),
        (("none",), "none: "),
        (("class/table-1.jsonl", "none.jsonl"), "none.jsonl: does not exist; expected"),
        (("empty",), "empty: holds no transcript; expected files *.jsonl"),
        (("mini.yaml",), "mini.yaml: "),
        (("class/table-11.jsonl",), "class/table-11.jsonl: a person sits for A and the session"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_line(
    cli: Cli, tables: Path, given: tuple[str, ...], line: str
) -> None:
    Path("empty").mkdir()

    shown = cli("debrief", *given)

    assert (shown.code, shown.out) == (1, "")
    assert shown.line.startswith(f"minilateral: {line}")


@pytest.mark.parametrize(
    "given",
    [
        ("class", "--stopped"),
        ("class/table-1.jsonl", "--accuracy"),
        ("class", "--workers", "2"),
        ("class", "--format", "pdf"),
        (),
    ],
)
def test_options_that_would_not_be_heeded_are_refused(
    cli: Cli, tables: Path, given: tuple[str, ...]
) -> None:
    shown = cli("debrief", *given)

    assert (shown.code, shown.out) == (2, "")


def test_a_stopped_session_is_told_where_that_is_said(cli: Cli, tables: Path) -> None:
    shown = cli("debrief", "class/table-11.jsonl", "--stopped")

    assert shown.code == 0
    assert "as if it ended here" in told_in(shown.out)


def test_a_file_that_cannot_be_read_is_named_beside_the_others(cli: Cli, tables: Path) -> None:
    (tables / "broken.jsonl").write_text("{}\n", encoding="utf-8")

    shown = cli("debrief", "class")

    assert shown.code == 1
    assert shown.line.startswith("minilateral: broken: ")
    assert "- broken cannot be read: " in shown.out
    assert "2 of 3 finished tables agreed" in shown.out


def test_progress_is_told_once_it_takes_a_while(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 1.0, 2.5, 3.0, 9.0])
    tell = Told("read", now=lambda: next(times))

    tell(1, 20)
    tell(2, 20)
    tell(20, 20)

    assert capsys.readouterr().err == "minilateral: read 2 of 20 tables …\n"
