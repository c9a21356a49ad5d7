from dataclasses import replace

import pytest

from games.referee import Findings, referee
from games.session import start
from tests.tui.recordings import pair, several
from tui.text.labels import party_labels
from tui.widgets.findings import findings_lines


def told(findings: Findings, status: str, width: int = 78) -> str:
    labels = party_labels(findings.scenario)
    last = replace(start(findings.scenario), status=status, offer=findings.outcome)  # pyright: ignore
    lines = findings_lines(findings, last, labels, width)
    return "\n".join(line.plain for line in lines)


def test_each_side_is_set_against_its_reservation_value() -> None:
    of = pair()
    text = told(referee(of, of.space.index({"tonnes": 2, "price": 20})), "agreement")

    assert "● Buyer      50.0  against  20.0  +30.0" in text
    assert "▲ Supplier   50.0  against  20.0  +30.0" in text
    assert "On the frontier" in text


def test_an_agreement_below_a_reservation_value_is_named() -> None:
    of = pair()
    text = told(referee(of, of.space.index({"tonnes": 3, "price": 10})), "agreement")

    assert "To a side it is worth less than no agreement, or crosses its red line." in text


def test_without_agreement_each_side_keeps_its_alternative() -> None:
    assert "left with its best alternative" in told(referee(pair(), None), "no-agreement")


def test_equilibria_are_marked_by_a_sign_and_the_sign_is_explained() -> None:
    of = pair()
    text = told(referee(of, of.space.index({"tonnes": 2, "price": 20})), "agreement")

    assert "How hard to negotiate" in text
    assert "Whether to honour the agreement" in text
    assert "◆ equilibrium: neither gains by changing its own strategy" in " ".join(text.split())
    assert text.count("◆") > text.count("◆ equilibrium")


def test_nothing_is_said_of_a_result_before_there_is_one() -> None:
    text = told(referee(pair(), None), "incomplete")

    assert text.startswith("Unfinished: no result yet")
    assert "against" not in text.splitlines()[1]


@pytest.mark.parametrize("width", [30, 60, 78, 140])
def test_no_line_is_wider_than_the_panel(width: int) -> None:
    of = pair()
    text = told(referee(of, of.space.index({"tonnes": 2, "price": 20})), "agreement", width)

    assert max(len(line) for line in text.splitlines()) <= width


def test_three_parties_are_told_one_by_one() -> None:
    of = several(3)
    text = told(referee(of, 1), "agreement")

    assert [name for name in ("●", "▲", "■") if name in text] == ["●", "▲", "■"]


def test_limits_are_always_stated() -> None:
    assert "predicts and advises no government" in " ".join(
        told(referee(pair(), 4), "agreement").split()
    )
