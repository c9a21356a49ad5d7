import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.models.dialect import DROPPABLE, LADDER, ROOMS, Dialect
from delegates.models.remembered import KEPT_DAYS, Dialects, ModelAt, dialects_at

TODAY = date(2026, 2, 4)
HERE = ModelAt("a.example", "m")
TOOL = Dialect(schema="tool")
NO_SEED = Dialect(dropped=frozenset({"seed"}))

dialects = st.builds(
    Dialect,
    schema=st.sampled_from(LADDER),
    limit=st.sampled_from(["max_tokens", "max_completion_tokens"]),
    dropped=st.frozensets(st.sampled_from(DROPPABLE)),
    wants_n=st.booleans(),
    folds_system=st.booleans(),
    reasons=st.booleans(),
    room=st.sampled_from(ROOMS),
    is_whole=st.booleans(),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "dialects.json"


def known(path: Path, day: date = TODAY) -> Dialects:
    return Dialects(path, today=lambda: day)


def test_what_is_proven_is_known_to_the_next_run(path: Path) -> None:
    known(path).prove(HERE, TOOL)
    assert known(path).of(HERE) == TOOL
    assert known(path).of(ModelAt("b.example", "m")) == Dialect()
    assert known(path).of(ModelAt("a.example", "other")) == Dialect()
    assert known(path).proven()[HERE].since == TODAY


def test_the_file_says_in_words_what_differs(path: Path) -> None:
    known(path).prove(HERE, Dialect(schema="tool", reasons=True, room=0))
    assert json.loads(path.read_text()) == {
        "format": 1,
        "dialects": [
            {
                "host": "a.example",
                "model": "m",
                "since": "2026-02-04",
                "schema_as": "tool",
                "reasons": True,
                "room": 0,
            }
        ],
    }


def test_what_is_tried_out_is_used_but_not_written(path: Path) -> None:
    held = known(path)
    held.try_out(HERE, TOOL)
    assert held.of(HERE) == TOOL
    assert not path.exists()
    held.withdraw(HERE)
    assert held.of(HERE) == Dialect()


def test_a_reply_to_what_was_tried_out_may_teach_more(path: Path) -> None:
    held = known(path)
    held.try_out(HERE, NO_SEED)
    taught = replace(held.of(HERE), reasons=True)
    held.prove(HERE, taught)
    assert held.of(HERE) == taught == known(path).of(HERE)


def test_what_was_proven_survives_a_withdrawal(path: Path) -> None:
    held = known(path)
    held.try_out(HERE, TOOL)
    held.prove(HERE, TOOL)
    held.try_out(HERE, NO_SEED)
    held.withdraw(HERE)
    assert held.of(HERE) == TOOL


def test_the_file_is_only_written_for_news(path: Path) -> None:
    held = known(path)
    held.prove(HERE, Dialect())
    assert not path.exists()
    held.prove(HERE, TOOL)
    path.unlink()
    held.prove(HERE, TOOL)
    held.prove(HERE, Dialect())
    assert not path.exists()


@pytest.mark.parametrize(
    ("days", "is_kept"), [(0, True), (KEPT_DAYS - 1, True), (KEPT_DAYS, False)]
)
def test_lessons_are_forgotten_after_a_month(path: Path, days: int, is_kept: bool) -> None:
    known(path).prove(HERE, TOOL)
    later = known(path, TODAY + timedelta(days=days))
    assert (later.of(HERE) == TOOL) == is_kept


def test_the_month_runs_from_the_first_lesson(path: Path) -> None:
    known(path).prove(HERE, TOOL)
    known(path, TODAY + timedelta(days=20)).prove(HERE, NO_SEED)
    later = known(path, TODAY + timedelta(days=29))
    assert later.of(HERE) == TOOL.joined(NO_SEED)
    assert known(path, TODAY + timedelta(days=31)).of(HERE) == Dialect()


def test_an_old_entry_does_not_spoil_a_new_lesson(path: Path) -> None:
    known(path).prove(HERE, TOOL)
    later = TODAY + timedelta(days=40)
    known(path, later).prove(HERE, NO_SEED)
    assert known(path, later).of(HERE) == NO_SEED
    assert known(path, later).proven()[HERE].since == later


def test_a_lesson_from_the_future_is_not_believed(path: Path) -> None:
    known(path, TODAY + timedelta(days=400)).prove(HERE, TOOL)
    assert known(path).of(HERE) == Dialect()


def test_a_long_running_process_forgets_too(path: Path) -> None:
    days = [TODAY]
    held = Dialects(path, today=lambda: days[0])
    held.prove(HERE, TOOL)
    days[0] += timedelta(days=KEPT_DAYS)
    held.reload()
    assert held.of(HERE) == Dialect()


def test_what_another_process_learnt_is_taken_in(path: Path) -> None:
    one, other = known(path), known(path)
    one.prove(HERE, TOOL)
    other.prove(HERE, NO_SEED)
    one.reload()
    assert one.of(HERE) == known(path).of(HERE) == TOOL.joined(NO_SEED)


@given(st.lists(st.tuples(st.sampled_from("abc"), dialects), max_size=8))
def test_whatever_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, lessons: list[tuple[str, Dialect]]
) -> None:
    path = tmp_path_factory.mktemp("home") / "dialects.json"
    held = known(path)
    for model, dialect in lessons:
        held.prove(ModelAt("h", model), dialect)
    assert known(path).proven() == held.proven()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "\x00\xff",
        "[" * 100_000,
        '{"format": 1}',
        '{"format": 1, "dialects": null}',
        '{"format": 1, "dialects": [1, null, {}, {"host": "a.example", "model": "m"}]}',
        (
            '{"format": 1, "dialects": [{"host": "a.example", "model": "m", "since": "2026-02-04",'
            ' "schema_as": "by post"}]}'
        ),
        (
            '{"format": 1, "dialects": [{"host": "a.example", "model": "m", "since": "2026-02-04",'
            ' "dropped": ["messages"], "room": 1e9}]}'
        ),
    ],
)
def test_a_broken_file_is_no_obstacle_and_is_replaced(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="latin-1")
    held = known(path)
    assert held.of(HERE) == Dialect()
    held.prove(HERE, TOOL)
    assert known(path).of(HERE) == TOOL


def test_good_entries_beside_broken_ones_are_kept(path: Path) -> None:
    known(path).prove(HERE, TOOL)
    body = json.loads(path.read_text())
    body["dialects"].insert(0, {"host": 5})
    path.write_text(json.dumps(body))
    assert known(path).of(HERE) == TOOL


def test_the_file_of_another_version_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"format": 2, "dialects": {}}')
    held = known(path)
    held.prove(HERE, TOOL)
    assert held.of(HERE) == TOOL
    assert path.read_text() == '{"format": 2, "dialects": {}}'


def test_a_home_that_cannot_be_written_is_told_once_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "home").write_text("a file where the folder would be")
    held = known(tmp_path / "home" / "dialects.json")
    held.prove(HERE, TOOL)
    assert held.of(HERE) == TOOL
    assert "cannot be written" in caplog.text


def test_nothing_is_left_beside_the_file_but_its_lock(path: Path) -> None:
    known(path).prove(HERE, TOOL)
    assert {one.name for one in path.parent.iterdir()} <= {"dialects.json", "dialects.lock"}


LEARN = """
import sys
from pathlib import Path
from delegates.models.dialect import Dialect
from delegates.models.remembered import Dialects, ModelAt

for number in range(30):
    lesson = Dialect(schema="tool")
    Dialects(Path(sys.argv[1])).prove(ModelAt("h", f"{sys.argv[2]}{number}"), lesson)
"""


def test_processes_that_learn_at_once_lose_nothing(path: Path) -> None:
    workers = [subprocess.Popen([sys.executable, "-c", LEARN, path, name]) for name in "ab"]
    assert [worker.wait() for worker in workers] == [0, 0]
    assert len(Dialects(path).proven()) == 60


def test_a_home_folder_has_one_memory_in_a_process(tmp_path: Path) -> None:
    assert dialects_at(tmp_path) is dialects_at(tmp_path)
    assert dialects_at(tmp_path) is not dialects_at(tmp_path / "other")
