"""The plan that the page on NegMAS names is read, foretold and played, and says whose is what."""

from dataclasses import replace
from pathlib import Path

import pytest

from delegates.evaluation.evaluate import Evaluation, evaluate
from delegates.evaluation.planning.design import Design, designed, read_design
from delegates.evaluation.planning.plan import Seating
from delegates.peers.negmas_names import release
from delegates.seats import parse_seat
from tests.delegates.sessions import settings_at
from tests.tui.cli.conftest import Cli, cli, home
from tui.report.evaluation import write_report
from tui.text.evaluation import evaluation_lines
from tui.text.evaluation_words import ours_told

__all__ = ["cli", "home"]

PLAN = Path(__file__).resolve().parents[3] / "docs" / "examples" / "negmas.yaml"
OURS = ("firm", "logroller", "nash-seeker", "closer", "nice-tit-for-tat")


@pytest.fixture
def design(tmp_path: Path) -> Design:
    return read_design(PLAN, settings_at(home=tmp_path))


def test_ten_of_theirs_meet_five_of_ours_in_five_scenarios(design: Design) -> None:
    minds = {name: parse_seat(spec).mind for name, spec in design.specs.items()}
    theirs = [name for name, mind in minds.items() if mind == "negmas"]

    assert len(theirs) == 10
    assert tuple(name for name in minds if name not in theirs) == OURS
    assert all(name.startswith("NegMAS-") for name in theirs)
    assert {len(one.ids) for one in design.scenarios} == {2, 3}
    assert (len(design.scenarios), len(design)) == (5, 705)
    assert design.releases == {"negmas": release()}


def test_it_is_foretold(cli: Cli) -> None:
    told = cli("evaluate", str(PLAN), "--dry-run")

    assert (told.code, told.err) == (0, "")
    assert "705 sessions" in told.out
    assert "No model will be asked; this costs nothing." in told.out


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """All fifteen in two of the scenarios, the smallest of two parties and of three; where two
    negotiate, ours against theirs alone."""
    folder = tmp_path_factory.mktemp("short")
    settings = settings_at(home=folder)
    plan = read_design(PLAN, settings).plan
    theirs = tuple(name for name in plan.strategies if name not in OURS)
    less = {
        "scenarios": ("first-table", "dysprosium-three.yaml"),
        "seats": Seating(against=theirs),
    }
    design = designed(plan.model_copy(update=less), PLAN.parent, settings)
    return evaluate(design, out=folder / "out", workers=1)


def test_a_short_version_plays_to_its_end(short: Evaluation) -> None:
    assert short.sessions == short.planned > 100
    assert short.failed == 0
    assert {one.strategy for one in short.found.standings} == set(short.design.specs)


def test_the_report_says_whose_each_strategy_is(short: Evaluation) -> None:
    text = " ".join("\n".join(evaluation_lines(short.found)).split())
    page, markdown = (path.read_text("utf-8") for path in write_report(short.found, short.folder))

    for name, spec in short.design.specs.items():
        called = str(parse_seat(spec).parameters.get("agent", ""))
        told = f"{name}: {called} of {release()}"
        for written in (text, page, " ".join(markdown.split())):
            assert (told in written) == bool(called)
    ours = "All others are minds of this program; after whom, is told under Methods."
    methods = (
        f"Negotiators of {release()} (Mohammad, Nakadai and Greenwald 2021; AGPL-3.0-or-later)"
    )
    for written in (text, page, " ".join(markdown.split())):
        assert written.count(ours) == 1
        assert methods in written
        assert "negmas(" not in written


def test_where_all_are_ours_or_all_theirs_no_others_are_told_of(short: Evaluation) -> None:
    found = short.found
    for theirs in (True, False):
        some = tuple(one for one in found.standings if bool(one.whose) == theirs)
        assert some
        assert ours_told(replace(found, standings=some)) == ()
    assert ours_told(found) != ()
