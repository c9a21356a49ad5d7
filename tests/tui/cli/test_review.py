"""The verb that reviews a session: whose, in which form, and what it says of a bad file."""

import json
import re
from pathlib import Path

import pytest

from delegates.debriefing.as_json import debrief_json
from delegates.debriefing.debrief import debrief
from games.moves import Offer
from tests.delegates.debriefing.talks import ACCEPT, ladder, written
from tests.tui.cli.conftest import Cli
from tests.tui.recordings import TALKS
from tests.tui.report.test_report import Page
from tui.cli import review

GOLDEN = TALKS.with_name("talks-review.md")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "t.jsonl", ladder(), [Offer(10), Offer(3), ACCEPT])


def test_without_a_terminal_lines_are_said(cli: Cli, path: Path) -> None:
    shown, plain = cli("review", "t.jsonl"), cli("review", "t.jsonl", "--plain")

    assert (shown.code, shown.err) == (0, "")
    assert shown.out == plain.out
    lines = shown.out.splitlines()
    assert lines[0] == "Review of A party in A test"
    assert "LESSONS" in lines
    assert "YOUR MOVES" in lines
    assert "WHAT THEY WANTED" in lines
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in shown.out


def test_lines_tell_lessons_moves_and_what_they_are_not_for(cli: Cli, path: Path) -> None:
    found = debrief(path)

    told = " ".join(cli("review", "t.jsonl").out.split())

    for one in found.lessons:
        assert f"{one.title}. {one.words}" in told
    for note in found.moves:
        assert f"Round {note.round + 1}: {note.told}" in told
        assert all(one.words in told for one in note.remarks)
    assert "not for grading or selecting staff" in told


def test_another_seat_can_be_reviewed(cli: Cli, path: Path) -> None:
    told = json.loads(cli("review", "t.jsonl", "--as", "B", "--format", "json").out)

    assert told["party"] == "B"
    assert [move["number"] for move in told["moves"]] == [2]


def test_json_is_one_object_and_nothing_else(cli: Cli, path: Path) -> None:
    shown = cli("review", "t.jsonl", "--format", "json")

    assert shown.err == ""
    assert json.loads(shown.out) == debrief_json(debrief(path))


def test_the_markdown_of_a_fixed_session_is_as_kept(cli: Cli) -> None:
    shown = cli("review", str(TALKS), "--format", "md")

    assert shown.code == 0
    assert shown.out == GOLDEN.read_text(encoding="utf-8")


def test_html_is_whole_and_runs_and_fetches_nothing(cli: Cli) -> None:
    shown = cli("review", str(TALKS), "--format", "html")

    page = Page(shown.out)
    assert page.tags.isdisjoint({"script", "iframe", "img", "link", "object", "form"})
    assert not any(name.startswith("on") or name in ("src", "href") for name, _ in page.attributes)
    assert {"svg", "table", "figure"} <= page.tags
    told = " ".join(" ".join(page.words).split())
    assert "SIMULATION" in told
    assert "not for grading or selecting staff" in told
    for one in debrief(TALKS).lessons:
        assert one.title in told
        assert one.words in told


def test_charts_have_a_point_for_every_move_and_a_bar_for_every_issue(cli: Cli) -> None:
    html = cli("review", str(TALKS), "--format", "html").out
    found = debrief(TALKS)

    marked = sum(
        any(r.kind in ("mistake", "blunder", "inaccuracy") for r in one.remarks)
        for one in found.moves
    )
    assert html.count('<polygon class="nash"') == marked
    assert html.count('<circle class="o-mean"') == len(found.moves) - marked
    assert html.count('<rect class="wanted"') == len(found.beliefs)
    assert html.count('<rect class="given"') == len(found.beliefs)


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_every_export_says_what_it_is(cli: Cli, path: Path, form: str) -> None:
    told = " ".join(cli("review", "t.jsonl", "--format", form).out.replace("> ", "").split())

    assert "SIMULATION" in told
    assert "not for grading or selecting staff" in told


def test_a_hidden_seat_is_refused_in_a_line(cli: Cli, tmp_path: Path) -> None:
    written(tmp_path / "t.jsonl", ladder(), [Offer(10)], seats={"A": "human"})

    shown = cli("review", "t.jsonl", "--as", "B")

    assert (shown.code, shown.out) == (1, "")
    assert shown.line == (
        "minilateral: t.jsonl: a person sits for A and the session is not over; expected A: B can "
        "be reviewed once it is"
    )


def test_until_the_session_is_over_it_is_said_what_is_kept(cli: Cli, tmp_path: Path) -> None:
    written(tmp_path / "t.jsonl", ladder(), [Offer(10), Offer(3)], seats={"A": "human"})

    told = " ".join(cli("review", "t.jsonl").out.split())

    assert "until then what the others want is kept from you" in told
    assert "LESSONS" not in told
    assert "WHAT THEY WANTED" not in told


def test_an_unknown_party_and_an_unknown_form_are_refused(cli: Cli, path: Path) -> None:
    assert cli("review", "t.jsonl", "--as", "X").line == (
        "minilateral: t.jsonl: no party 'X'; expected A, B"
    )
    assert cli("review", "t.jsonl", "--format", "pdf").code == 2


@pytest.mark.parametrize(
    "content", ["", "{}\n", "not json\n", '{"n":0}\n', "\x1b[31m\u202e\n", "[" * 100_000]
)
def test_what_is_no_transcript_is_one_line_and_exit_1(
    cli: Cli, tmp_path: Path, content: str
) -> None:
    (tmp_path / "bad.jsonl").write_text(content, encoding="utf-8")

    shown = cli("review", "bad.jsonl")

    assert (shown.code, shown.out) == (1, "")
    assert shown.line.startswith("minilateral: bad.jsonl: ")
    assert not set(shown.err) & set("\x1b\u202e")


def test_a_changed_transcript_is_one_line_and_exit_1(cli: Cli, path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"act":"accept"', b'"act":"offer"'))

    shown = cli("review", "t.jsonl", "--format", "json")

    assert (shown.code, shown.out) == (1, "")
    assert shown.line.startswith("minilateral: t.jsonl: ")


def test_a_missing_file_is_one_line_and_exit_1(cli: Cli) -> None:
    assert cli("review", "none.jsonl").code == 1
    assert "none.jsonl" in cli("review", "none.jsonl").line


def test_what_takes_long_is_told_on_stderr_and_no_sooner(capsys) -> None:
    times = iter([0.0, 1.0, 3.0, 5.9, 6.0])
    patience = review.Patience(lambda: next(times))

    patience("judging the moves of A")
    assert capsys.readouterr().err == ""
    patience("judging the moves of B")
    assert capsys.readouterr().err == "minilateral: judging the moves of B …\n"

    patience("judging the moves of B: 1 of 2")
    assert capsys.readouterr().err == ""
    patience("judging the moves of B: 2 of 2")
    assert capsys.readouterr().err == "minilateral: judging the moves of B: 2 of 2 …\n"


def test_on_a_terminal_the_screen_is_opened(cli: Cli, path: Path, monkeypatch) -> None:
    opened = []
    monkeypatch.setattr(review, "is_plain", lambda *, plain: plain)
    monkeypatch.setattr(review, "_show", lambda path, party: opened.append((str(path), party)))

    assert cli("review", "t.jsonl", "--as", "B").code == 0
    assert opened == [("t.jsonl", "B")]
    assert "LESSONS" in cli("review", "t.jsonl", "--plain").out
    assert cli("review", "t.jsonl", "--format", "json").out.startswith("{")
    assert len(opened) == 1


def test_a_file_that_cannot_be_read_opens_no_screen(cli: Cli, path: Path, monkeypatch) -> None:
    monkeypatch.setattr(review, "is_plain", lambda *, plain: plain)

    assert cli("review", "t.jsonl", "--as", "X").code == 1
    assert cli("review", "none.jsonl").code == 1


def test_the_verb_is_in_the_help(cli: Cli) -> None:
    assert re.search(r"^\s+review\s", cli("--help").out, re.MULTILINE)
