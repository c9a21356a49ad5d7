"""A batch is played once and only once, however often it is begun, broken off and changed."""

import asyncio
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from delegates import evaluate, evaluate_async
from delegates.evaluation.evaluate import Evaluation
from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.played import played_plan
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.held import held, require_usable
from delegates.evaluation.playing.journal import Finished, Journal, read_line
from delegates.evaluation.playing.progress import Progress
from delegates.evaluation.results.columns import TABLES
from delegates.minds.registry import SCRIPTED_MINDS
from games.errors import CapReached, UserError
from tests.delegates.evaluation.made import made_design
from tests.delegates.sessions import mini
from tests.games.eventful import eventful

STABLE = ("sessions", "seats")
"""Tables that do not differ from run to run."""


def small(**said: Any) -> Design:
    """Return a design of two scenarios."""
    games = said.pop("games", (mini(), eventful()))
    said.setdefault("strategies", {"linear": "linear", "tit-for-tat": "tit-for-tat"})
    return made_design(*games, **{"repetitions": 3, **said})


def tables(evaluation: Evaluation) -> dict[str, bytes]:
    """Return the tables that are the same on repeat."""
    return {name: evaluation.folder.table(name).read_bytes() for name in STABLE}


def journal(folder: Folder) -> list[Finished]:
    """Return every line of a journal, those that others replaced among them."""
    lines = folder.journal.read_bytes().splitlines()
    return [read_line(line) for line in lines]


def interrupting(after: int) -> Callable[[Progress], None]:
    """Return who watches, and interrupts once so many sessions are done."""

    def watch(progress: Progress) -> None:
        if progress.done >= after:
            raise KeyboardInterrupt

    return watch


def test_every_planned_session_is_played_once_and_tabled(tmp_path):
    design = small()

    found = evaluate(design, out=tmp_path / "out")

    assert (found.planned, found.sessions, found.failed) == (24, 24, 0)
    assert (found.resumed, found.cost_usd) == (0, 0.0)
    assert sum(found.ended.values()) == 24
    assert sorted(line.key for line in journal(found.folder)) == sorted(
        row.key for row in design.rows()
    )
    assert all(found.folder.table(name).exists() for name in TABLES)


def test_the_same_call_does_nothing_again(tmp_path):
    design = small()
    first = evaluate(design, out=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}

    again = evaluate(design, out=tmp_path)

    assert again.resumed == again.sessions == first.sessions
    assert again.ended == first.ended
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()} == before


def test_tables_that_are_missing_are_made(tmp_path):
    first = evaluate(small(), out=tmp_path)
    before = tables(first)
    first.folder.table("seats").unlink()

    assert tables(evaluate(small(), out=tmp_path)) == before


@pytest.mark.parametrize("name", [*TABLES])
@pytest.mark.parametrize("way", ["garbage", "cut", "flipped", "other"])
def test_tables_that_are_damaged_or_another_journals_are_made_again(tmp_path, name, way):
    first = evaluate(small(), out=tmp_path / "out")
    before = tables(first)
    table = first.folder.table(name)
    content = bytearray(table.read_bytes())
    match way:
        case "garbage":
            content = bytearray(b"garbage\n")
        case "cut":
            del content[-20:]
        case "flipped":
            content[len(content) // 3] ^= 1
        case _:
            # Sound, but of fewer sessions.
            other = evaluate(small(repetitions=1), out=tmp_path / "other")
            content = bytearray(other.folder.table(name).read_bytes())
    table.write_bytes(content)

    again = evaluate(small(), out=tmp_path / "out")

    assert again.resumed == 24
    assert tables(again) == before
    assert table.read_bytes() != content


def test_tables_follow_a_journal_that_lost_lines_or_got_them_back(tmp_path):
    first = evaluate(small(), out=tmp_path)
    before, whole = tables(first), first.folder.journal.read_bytes()
    first.folder.journal.write_bytes(b"".join(whole.splitlines(keepends=True)[:5]))
    assert tables(evaluate(small(), out=tmp_path)) == before
    first.folder.journal.write_bytes(whole)

    assert tables(evaluate(small(), out=tmp_path)) == before


def test_the_sums_of_tables_are_those_that_sha256sum_checks(tmp_path):
    folder = evaluate(small(), out=tmp_path).folder

    lines = folder.sums.read_text().splitlines()

    assert [line.split("  ")[1] for line in lines] == [
        "journal.jsonl",
        *(f"{name}.parquet" for name in TABLES),
    ]
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("what", ["folder", "journal"])
def test_a_folder_that_disappears_ends_the_batch_soon(tmp_path, monkeypatch, workers, what):
    monkeypatch.setattr("delegates.evaluation.playing.progress.TELL_S", 0.0)
    out = tmp_path / "out"
    seen: list[int] = []

    def watch(progress: Progress) -> None:
        seen.append(progress.done)
        if progress.done:
            if what == "folder":
                shutil.rmtree(out, ignore_errors=True)
            else:
                (out / "journal.jsonl").unlink(missing_ok=True)

    design = small(games=(mini(),), repetitions=20_000)
    with pytest.raises(UserError, match=r"journal\.jsonl: was removed or replaced while"):
        evaluate(design, out=out, workers=workers, watch=watch)

    assert 0 < seen[-1] < len(design) / 2
    assert not (out / "sessions.parquet").exists()


def test_what_is_left_of_making_tables_that_are_whole_is_removed(tmp_path):
    evaluate(small(), out=tmp_path)
    parts = tmp_path / "seats.parts"
    parts.mkdir()
    (parts / "00000000.parquet").write_bytes(b"PAR1")

    assert evaluate(small(), out=tmp_path).resumed == 24
    assert not parts.exists()


@pytest.mark.parametrize(("workers", "then"), [(1, 2), (2, 1), (1, None)])
def test_an_interrupted_batch_ends_as_one_that_was_not(tmp_path, monkeypatch, workers, then):
    monkeypatch.setattr("delegates.evaluation.playing.scripted_engine.FLUSH_S", 0.0)
    monkeypatch.setattr("delegates.evaluation.playing.progress.TELL_S", 0.0)
    design = small(repetitions=20)
    whole = evaluate(design, out=tmp_path / "whole", workers=1)

    with pytest.raises(KeyboardInterrupt):
        evaluate(design, out=tmp_path / "out", workers=workers, watch=interrupting(30))
    done = len(journal(Folder(tmp_path / "out")))
    found = evaluate(design, out=tmp_path / "out", workers=then)

    assert 30 <= done < len(design)
    assert (found.resumed, found.sessions) == (done, len(design))
    assert len(journal(found.folder)) == len(design)
    assert tables(found) == tables(whole)


def test_two_processes_come_to_the_same_tables_as_one(tmp_path):
    design = small()

    one, two = (evaluate(design, out=tmp_path / str(n), workers=n) for n in (1, 2))

    assert tables(one) == tables(two)


def test_no_table_lacks_what_the_journal_holds(tmp_path, monkeypatch):
    monkeypatch.setattr("delegates.evaluation.playing.scripted_engine.FLUSH_S", 0.0)
    monkeypatch.setattr("delegates.evaluation.playing.progress.TELL_S", 0.0)
    evaluate(small(repetitions=1), out=tmp_path)

    with pytest.raises(KeyboardInterrupt):
        evaluate(small(), out=tmp_path, extend=True, watch=interrupting(12))

    assert not any(Folder(tmp_path).table(name).exists() for name in TABLES)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"repetitions": 4}, "repetitions"),
        ({"seed": 8, "repetitions": 2}, "repetitions, seed"),
        ({"strategies": {"linear": "linear", "tit-for-tat": "boulware"}}, "strategies"),
        ({"session": {"timeout_s": 60.0}}, "session"),
        ({"games": (mini(breakdown=0.5), eventful())}, "what a scenario says"),
        ({"names": ("own", "alias")}, "names"),
    ],
)
def test_a_changed_plan_is_refused_in_a_line_that_says_what_differs(tmp_path, changed, named):
    evaluate(small(), out=tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    with pytest.raises(UserError) as caught:
        evaluate(small(**changed), out=tmp_path)

    said = str(caught.value)
    assert said.startswith(f"{tmp_path}: holds results of a plan that differs in {named}; expected")
    assert "\n" not in said
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_sessions_under_way_bind_a_folder_to_their_plan(tmp_path):
    folder = evaluate(small(), out=tmp_path).folder
    folder.journal.unlink()
    folder.open_sessions.mkdir(exist_ok=True)
    (folder.open_sessions / "0123456789abcdef.jsonl").write_text("of a session under way")

    with pytest.raises(UserError, match="holds results of a plan that differs in seed"):
        require_usable(folder, small(seed=9), extend=False)

    require_usable(folder, small(), extend=False)
    require_usable(folder, small(seed=9), extend=True)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "another"},
        {"budget": {"max_cost_usd": 3.0}},
        {"transcripts": "failed"},
        {"at_once": 3},
        {"session": {"retry_budget_s": 3.0}},
    ],
)
def test_what_changes_no_result_may_change(tmp_path, changed):
    evaluate(small(), out=tmp_path)

    found = evaluate(small(**changed), out=tmp_path)

    assert found.resumed == found.planned
    kept = played_plan(found.folder.plan, found.folder.scenarios)
    assert kept.plan.model_copy(update={"played": None}) == found.design.plan


def test_a_plan_of_which_nothing_was_played_may_change(tmp_path):
    with pytest.raises(UserError, match="workers 0: expected 1 or more"):
        evaluate(small(), out=tmp_path, workers=0)

    assert evaluate(small(repetitions=1), out=tmp_path).sessions == 8


@pytest.mark.parametrize(
    "more", [{"repetitions": 5}, {"repetitions": 1}, {"names": ("alias", "own")}]
)
def test_a_plan_is_extended_by_what_it_does_not_share(tmp_path, more):
    first = evaluate(small(), out=tmp_path / "out")
    shared = {row.key for row in small().rows()} & {row.key for row in small(**more).rows()}

    found = evaluate(small(**more), out=tmp_path / "out", extend=True)

    assert found.resumed == len(shared) > 0
    assert found.sessions == found.planned
    assert len(journal(found.folder)) == first.sessions + found.planned - len(shared)
    assert tables(found) == tables(evaluate(small(**more), out=tmp_path / "anew"))


def test_what_was_played_can_be_read_back_alone(tmp_path):
    found = evaluate(small(), out=tmp_path)

    kept = played_plan(found.folder.plan, found.folder.scenarios)

    assert kept.hash == found.design.hash
    assert [*kept.rows()] == [*found.design.rows()]
    assert evaluate(found.folder.plan, out=tmp_path).resumed == found.planned


def test_a_second_run_is_told_in_one_line(tmp_path):
    evaluate(small(), out=tmp_path)

    with held(Folder(tmp_path)), pytest.raises(UserError) as caught:
        evaluate(small(), out=tmp_path)

    assert str(caught.value).startswith(f"{tmp_path}: another evaluation is writing to it; ")
    assert evaluate(small(), out=tmp_path).resumed == 24


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")

    with pytest.raises(UserError, match=r"holds thesis\.tex but no plan\.yaml; expected"):
        evaluate(small(), out=tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_what_a_run_left_that_died_at_its_start_is_taken_over(tmp_path):
    (tmp_path / "lock").write_bytes(b"")
    (tmp_path / "journal.jsonl").write_bytes(b"")
    (tmp_path / "scenarios").mkdir()
    (tmp_path / ".plan.yaml.0123abcd.new").write_text("minilateral-plan: 1\nid")

    assert evaluate(small(), out=tmp_path).sessions == 24
    assert not [*tmp_path.rglob(".*")]


def test_what_a_run_left_that_died_while_it_wrote_is_cleared_away(tmp_path):
    folder = evaluate(small(), out=tmp_path).folder
    for place in (folder.path, *folder.inner):
        place.mkdir(exist_ok=True)
        (place / ".any.csv.0123abcd.new").write_text("half a fi")
    (tmp_path / ".mine.new").write_text("the user's own")

    evaluate(small(), out=tmp_path)

    assert [path.name for path in tmp_path.rglob(".*")] == [".mine.new"]


def test_a_journal_whose_plan_is_gone_is_not_taken_over(tmp_path):
    folder = evaluate(small(), out=tmp_path).folder
    folder.plan.unlink()

    with pytest.raises(UserError, match=r"but no plan\.yaml, the copy of its plan"):
        evaluate(small(), out=tmp_path)


def test_a_file_in_the_folders_place_is_told_in_one_line(tmp_path):
    (tmp_path / "out").write_text("")

    with pytest.raises(UserError, match="out: is a file; expected a folder"):
        evaluate(small(), out=tmp_path / "out")


def test_a_kept_plan_that_was_changed_is_told_in_one_line(tmp_path):
    folder = evaluate(small(), out=tmp_path).folder
    folder.plan.write_text("minilateral-plan: 1\nid: [", encoding="utf-8")

    with pytest.raises(UserError, match=r"plan\.yaml"):
        evaluate(small(), out=tmp_path)


def test_a_broken_journal_is_told_in_one_line(tmp_path):
    folder = evaluate(small(), out=tmp_path).folder
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    folder.journal.write_bytes(b"".join((*lines[:3], b"{}\n", *lines[3:])))

    with pytest.raises(UserError, match=r"jsonl: line 4: not a line that an evaluation wrote"):
        evaluate(small(), out=tmp_path)


class Failing:
    """A mind that has a fault."""

    def choose(self, view):
        raise ZeroDivisionError("by nought")


def test_sessions_that_a_fault_ended_are_played_again(tmp_path, monkeypatch):
    # What a seat says of it is remembered by its text: it has to stay the same.
    known = SCRIPTED_MINDS["tit-for-tat"].parameters
    maker = type("Maker", (), {"make": staticmethod(lambda _: Failing()), "parameters": known})
    design = small()
    with monkeypatch.context() as faulty:
        faulty.setitem(SCRIPTED_MINDS, "tit-for-tat", maker)
        first = evaluate(design, out=tmp_path / "out")

    found = evaluate(design, out=tmp_path / "out")

    assert (first.sessions, first.failed) == (24, 18)
    assert (found.sessions, found.failed, found.resumed) == (24, 0, 6)
    assert len(journal(found.folder)) == 24 + 18
    assert tables(found) == tables(evaluate(design, out=tmp_path / "anew"))


def test_a_cap_on_time_ends_it_and_a_higher_one_carries_it_on(tmp_path):
    with pytest.raises(CapReached, match=r"the cap of 1e-05 s is reached"):
        evaluate(small(budget={"max_time_s": 1e-5}), out=tmp_path)
    done = len(journal(Folder(tmp_path)))

    found = evaluate(small(budget={"max_time_s": 60.0}), out=tmp_path)

    assert done > 0
    assert found.resumed == done
    assert found.sessions == found.planned


def test_a_cap_leaves_tables_of_what_was_played(tmp_path):
    with pytest.raises(CapReached):
        evaluate(small(budget={"max_time_s": 1e-5}), out=tmp_path)

    assert all(Folder(tmp_path).table(name).exists() for name in TABLES)


def test_findings_tell_the_cost_of_the_whole_batch(tmp_path):
    """What sessions under way have cost is in no table."""
    played = replace(evaluate(small(repetitions=1), out=tmp_path), cost_usd=0.25)

    assert played.found.cost_usd == played.as_json()["cost_usd"] == 0.25


def test_results_lie_in_the_users_home_by_default(tmp_path, monkeypatch):
    monkeypatch.setenv("MINILATERAL_HOME", str(tmp_path))

    found = evaluate(small(repetitions=1))

    assert found.folder.path == tmp_path / "evaluations" / "made"
    assert found.folder.journal.exists()


PLAN = """
minilateral-plan: 1
id: mine
title: Mine
strategies: [boulware, linear]
scenarios: [game.yaml]
"""


def test_a_plan_may_be_a_file(tmp_path):
    (tmp_path / "game.yaml").write_text(mini().canonical(), encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(PLAN, encoding="utf-8")

    found = evaluate(tmp_path / "mine.yaml", out=tmp_path / "out")

    assert (found.planned, found.sessions) == (4, 4)


def test_the_result_is_told_as_json(tmp_path):
    found = evaluate(small(), out=tmp_path)

    told = json.loads(json.dumps(found.as_json()))

    assert list(told) == [
        "out", "planned", "sessions", "failed", "cost_usd", "resumed", "leaderboard", "matrices",
    ]  # fmt: skip
    assert told["out"] == str(tmp_path)
    assert {one["strategy"] for one in told["leaderboard"]} == {"linear", "tit-for-tat"}
    assert found.found is found.found


def test_whoever_watches_is_told_of_the_end(tmp_path):
    told: list[Progress] = []

    evaluate(small(), out=tmp_path, watch=told.append)

    last = told[-1]
    assert (last.planned, last.done, last.earlier, last.running) == (24, 24, 0, 0)
    assert last.is_over
    assert sum(last.ended.values()) == 24
    assert not any(one.is_over for one in told[:-1])


def test_it_is_played_within_a_running_loop(tmp_path):
    async def both() -> tuple[Evaluation, Evaluation]:
        found = await evaluate_async(small(), out=tmp_path / "out")
        # In a notebook a loop runs while the blocking call is made.
        return found, evaluate(small(), out=tmp_path / "out")

    first, again = asyncio.run(both())

    assert first.sessions == again.resumed == 24


def test_what_is_cancelled_can_be_carried_on(tmp_path):
    design = small(repetitions=2000)

    async def cancelled() -> int:
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()

        def watch(progress: Progress) -> None:
            if progress.done:
                loop.call_soon_threadsafe(begun.set)

        playing = asyncio.ensure_future(
            evaluate_async(design, out=tmp_path, workers=1, watch=watch)
        )
        await begun.wait()
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing
        with Journal(Folder(tmp_path).journal) as kept:
            return len(kept)

    done = asyncio.run(cancelled())

    assert 0 < done < len(design)
    with held(Folder(tmp_path)), Journal(Path(tmp_path / "journal.jsonl")) as kept:
        assert len(kept) == done
