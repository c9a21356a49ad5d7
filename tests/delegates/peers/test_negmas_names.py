"""A seat names a negotiator of NegMAS, and what cannot sit there is told in one line."""

import subprocess
import sys
from pathlib import Path

import pytest

from delegates.evaluation.planning.design import read_design
from delegates.fork import fork
from delegates.minds.registry import PEER_MINDS, SCRIPTED_MINDS
from delegates.negotiate import negotiate
from delegates.peers import negmas_names
from delegates.peers.presence import require_here
from delegates.seating import seat_specs
from delegates.seats import parse_seat
from delegates.settings import load_settings
from games.errors import PlanError, SeatError
from games.scenario import load_scenario
from tests.delegates.sessions import mini, settings_at
from tests.tui.cli.conftest import home
from tui.cli.main import main

__all__ = ["home"]


@pytest.mark.parametrize(
    "name",
    [
        "BoulwareTBNegotiator",
        "negmas.sao.negotiators.MiCRONegotiator",
        "negmas.gb.negotiators.LinearTBNegotiator",
        "negmas.genius.gboa_negotiators.GAgentK",
    ],
)
def test_a_negotiator_is_named_by_class_or_by_its_path_within_negmas(name: str) -> None:
    spec = parse_seat(f"negmas(agent={name})")

    assert spec.text == f"negmas(agent={name})"
    assert parse_seat(spec.text) == spec
    assert spec.decides == f"code ({negmas_names.release()}: {name})"
    assert spec.decides.startswith("code (NegMAS 0.")
    assert spec.scripted
    assert spec.words == "templates"


@pytest.mark.parametrize(
    ("seat", "told"),
    [
        ("negmas", "names no negotiator; write e.g. negmas(agent=BoulwareTBNegotiator)"),
        ("negmas(agent=)", "expected a class such as BoulwareTBNegotiator"),
        ("negmas(agent=os.system)", "agent='os.system'; expected a class"),
        ("negmas(agent=negmasx.Thing)", "agent='negmasx.Thing'; expected a class"),
        ("negmas(agent=negmas.)", "expected a class"),
        ("negmas(agent=.negmas.sao)", "expected a class"),
        (
            "negmas(agent=Nobody)",
            "NegMAS has no negotiator 'Nobody'; expected a class of negmas.sao",
        ),
        ("negmas(agent=negmas.nowhere.Nobody)", "NegMAS has no negotiator"),
        ("negmas(agent=negmas.sao.SAOMechanism)", "is no negotiator of alternating offers"),
        ("negmas(agent=negmas.helpers.get_class)", "NegMAS has no negotiator"),
        ("negmas(agent=negmas.genius.gnegotiators.AgentK)", "runs in GENIUS"),
        ("negmas(agent=SAONegotiator)", "is only what others are made from"),
        ("negmas(agent=SAOMetaNegotiator)", "is only what others are made from"),
        ("negmas(agent=MeanMetaNegotiator)", "cannot be made from its name alone"),
        ("negmas(agent=MiCRONegotiator,scale=percent)", "expected one of unit, points"),
        ("negmas(agent=MiCRONegotiator):m", "decides by rule and takes no model"),
        ("negmas(name=MiCRONegotiator)", "unknown parameter 'name'; negmas takes agent, scale"),
        ("negmass", "unknown mind 'negmass'; is it negmas?"),
        ("human(stand-in=negmas)", "expected one of firm"),
    ],
)
def test_what_cannot_sit_is_told_in_a_line(seat: str, told: str) -> None:
    with pytest.raises(SeatError) as raised:
        require_here(parse_seat(seat))

    assert told in str(raised.value)
    assert repr(seat) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_where_negmas_is_absent_the_line_says_what_installs_it(monkeypatch, capsys) -> None:
    monkeypatch.setattr(negmas_names, "find_spec", lambda _: None)

    given = ["run", "first-table", "--model", "none", "--seat", "AUS=negmas(agent=Absent)"]

    assert exit_of(given) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "NegMAS is not installed; pip install 'minilateral[negmas]'" in told.err


def test_a_seat_has_nothing_loaded_but_where_negotiators_are() -> None:
    with pytest.raises(SeatError, match="NegMAS has no negotiator"):
        require_here(parse_seat("negmas(agent=negmas.scripts.app.cli)"))

    assert "negmas.scripts.app" not in sys.modules


def test_a_name_of_another_form_is_refused_without_loading_negmas() -> None:
    code = (
        "import sys\n"
        "from delegates.seats import parse_seat\n"
        "from games.errors import SeatError\n"
        "parse_seat('firm')\n"
        "try:\n"
        "    parse_seat('negmas(agent=os.system)')\n"
        "except SeatError:\n"
        "    print('negmas' in sys.modules)\n"
    )
    root = Path(__file__).resolve().parents[3]
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert told.stdout == "False\n"


def exit_of(given: list[str]) -> object:
    with pytest.raises(SystemExit) as ended:
        main(given)
    return ended.value.code


HALL = "plays alternating offers alone, and ministerial is a forum"


def test_it_sits_in_no_hall(tmp_path: Path) -> None:
    hall = load_scenario("ministerial")
    seats = dict.fromkeys(hall.ids, "firm")
    seats[hall.ids[0]] = "negmas(agent=BoulwareTBNegotiator)"

    with pytest.raises(SeatError, match=HALL):
        seat_specs(hall, seats, settings_at(home=tmp_path))
    with pytest.raises(SeatError, match=HALL):
        negotiate(hall, seats)


def test_a_plan_that_would_seat_it_in_a_hall_is_refused_at_its_line(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "minilateral-plan: 1\nid: p\ntitle: P\nstrategies:\n  firm: firm\n"
        "  b: negmas(agent=BoulwareTBNegotiator)\nscenarios: [first-table, ministerial]\n"
    )
    with pytest.raises(PlanError, match=f"plan.yaml:6: strategies.b: seat b: .*{HALL}"):
        read_design(plan, load_settings({"MINILATERAL_HOME": str(tmp_path)}))


def test_a_branch_does_not_seat_it_in_a_hall(tmp_path: Path) -> None:
    hall = mini(kind="plenary")
    path = tmp_path / "s.jsonl"
    negotiate(hall, {"USA": "firm", "COD": "firm"}, transcript=path)

    with pytest.raises(SeatError, match="is a plenary"):
        fork(
            path,
            at=1,
            seats={"COD": "negmas(agent=BoulwareTBNegotiator)"},
            out=tmp_path / "b.jsonl",
            settings=settings_at(home=tmp_path),
        )


def test_check_finds_a_seat_that_nobody_could_take(tmp_path: Path, capsys) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "minilateral: 1\nid: mine\ntitle: Mine\nextends: price-floor-club\n"
        "seats: {USA: negmas(agent=BoulwareTBNegotiator)}\n"
    )
    assert exit_of(["check", str(path)]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "plays alternating offers alone, and mine is a plenary" in told


def test_the_peers_are_no_rules_of_ours_and_name_their_source() -> None:
    assert not PEER_MINDS.keys() & SCRIPTED_MINDS.keys()
    assert PEER_MINDS["negmas"].source == "Mohammad, Nakadai and Greenwald 2021"
