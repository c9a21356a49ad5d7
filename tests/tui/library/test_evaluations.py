"""Plans and evaluations as cards: what a list tells without opening them."""

import os
import shutil
from pathlib import Path

import pytest

from delegates.evaluation.planning.plan_files import bundled_plans
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Journal, read_line
from tests.tui.evaluations import TINY, interrupted, played
from tui.library import EvaluationCard, PlanCard, evaluation_card, evaluation_cards, plan_cards
from tui.library.evaluations import count_journal


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played(tmp_path_factory.mktemp("home")).path


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Folder:
    path = tmp_path / "evaluations" / "tiny"
    shutil.copytree(finished, path)
    return Folder(path)


def test_the_bundled_plans_are_cards_those_by_rules_first() -> None:
    cards = plan_cards()

    assert sorted(card.source for card in cards) == sorted(bundled_plans())
    assert [card.asks_models for card in cards] == sorted(card.asks_models for card in cards)
    quick = next(card for card in cards if card.source == "quick")
    assert not quick.asks_models
    assert "boulware" in quick.searched
    assert "cobalt-offtake" in quick.searched
    assert next(card for card in cards if card.source == "models").asks_models


def test_a_finished_evaluation_tells_how_its_sessions_ended(folder: Folder) -> None:
    card = evaluation_card(folder.path)

    assert (card.state, card.planned, card.counted.sessions) == ("finished", 4, 4)
    assert card.title == "Patience against haste"
    assert card.strategies == ("boulware", "conceder")
    assert card.counted.cost_usd == 0
    assert card.is_played
    assert card.has_report


def test_an_interrupted_evaluation_is_unfinished(folder: Folder) -> None:
    card = evaluation_card(interrupted(folder, 3).path)

    assert (card.state, card.counted.sessions, card.has_report) == ("unfinished", 3, False)
    assert card.is_sound
    assert not card.is_played


def test_without_tables_an_evaluation_is_not_played(folder: Folder) -> None:
    assert evaluation_card(interrupted(folder, 4).path).state == "unfinished"


def test_sessions_that_are_tried_again_are_told_as_failures(folder: Folder) -> None:
    first, *others = folder.journal.read_bytes().splitlines(keepends=True)
    failed = read_line(first).model_copy(update={"ended": "provider"})
    folder.journal.write_bytes(b"".join([failed.line, *others]))
    card = evaluation_card(folder.path)

    assert (card.state, card.counted.retried) == ("failures", 1)
    assert card.is_played


def test_a_later_line_of_a_session_takes_the_place_of_an_earlier(folder: Folder) -> None:
    first = folder.journal.read_bytes().splitlines()[0]
    with folder.journal.open("ab") as file:
        file.write(read_line(first).model_copy(update={"ended": "error"}).line)
    counted = count_journal(folder.journal)

    assert counted.sessions == 4
    assert counted.retried == 1
    assert counted.sessions == len(Journal(folder.journal))


def test_a_line_that_a_crash_tore_is_passed_over(folder: Folder) -> None:
    with folder.journal.open("a") as file:
        file.write('{"key":"00')

    assert count_journal(folder.journal).sessions == 4
    assert evaluation_card(folder.path).state == "finished"


def test_costs_are_added_up_and_an_unknown_one_makes_the_sum_unknown(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    line = (
        '{"key":"%016x","ended":"agreement","seats":[{"cost_usd":%s},{"cost_usd":0.25}],'
        '"lost_cost_usd":9.0}\n'
    )
    journal.write_text(line % (1, "0.5") + line % (2, "1e-2"))
    assert count_journal(journal).cost_usd == pytest.approx(1.01)
    journal.write_text(line % (1, "0.5") + line % (2, "null"))
    assert count_journal(journal).cost_usd is None


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: folder.plan.unlink(), "it holds no plan.yaml"),
        (lambda folder: folder.plan.write_text("sessions: [3\n"), "plan.yaml"),
        (lambda folder: folder.plan.write_text(TINY), "played"),
        (lambda folder: folder.journal.write_text("no journal\n"), "line 1"),
        (lambda folder: shutil.rmtree(folder.scenarios), "scenarios"),
    ],
    ids=["no plan", "no yaml", "not kept by a run", "no journal", "no scenarios"],
)
def test_a_broken_folder_shows_as_such_and_says_why(
    folder: Folder, spoil: object, told: str
) -> None:
    assert callable(spoil)
    spoil(folder)
    card = evaluation_card(folder.path)

    assert card.state == "damaged"
    assert not card.is_sound
    assert card.title == "tiny"
    assert told in card.problem
    assert "\n" not in card.problem


def test_plans_come_first_then_what_changed_last(folder: Folder) -> None:
    home = folder.path.parents[1]
    empty = folder.path.with_name("empty")
    empty.mkdir()
    other = folder.path.with_name("later")
    shutil.copytree(folder.path, other)
    future = 4_000_000_000
    os.utime(other / "journal.jsonl", (future, future))
    cards = evaluation_cards(home)
    count = len(bundled_plans())

    assert all(isinstance(card, PlanCard) for card in cards[:count])
    named = [card.path.name for card in cards[count:] if isinstance(card, EvaluationCard)]
    assert named == ["later", "tiny", "empty"]
    assert evaluation_cards(home / "none") == plan_cards()


def test_a_link_that_leads_to_itself_hides_no_evaluation(tmp_path: Path) -> None:
    held = tmp_path / "evaluations" / "mine"
    held.mkdir(parents=True)
    (held.parent / "loop").symlink_to("loop")

    *_, card = evaluation_cards(tmp_path)

    assert card == evaluation_card(held)


def test_a_title_that_is_markup_stays_text(folder: Folder) -> None:
    text = folder.plan.read_text(encoding="utf-8")
    folder.plan.write_text(text.replace("Patience against haste", "'[bold]x  [@click=app.quit]y'"))

    assert evaluation_card(folder.path).title == "[bold]x [@click=app.quit]y"


def test_a_title_that_a_terminal_would_act_on_makes_a_folder_a_broken_one(folder: Folder) -> None:
    text = folder.plan.read_text(encoding="utf-8")
    folder.plan.write_text(text.replace("Patience against haste", '"\\e[31mx\\u202e"'))
    card = evaluation_card(folder.path)

    assert card.state == "damaged"
    assert "control characters" in card.problem
    assert "\x1b" not in card.problem
