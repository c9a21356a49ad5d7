"""Sessions of models in a batch: kept once, paid for once, under one cap."""

import asyncio
import os
import threading
from collections import Counter
from dataclasses import replace
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest

from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished, Journal
from delegates.negotiate import negotiate
from games.errors import CapReached, MinilateralError, ProviderError, SettingError, TranscriptError
from tests.delegates.evaluation.playing.modelled import (
    PRICED,
    Played,
    model_design,
    model_rows,
)
from tests.delegates.killing.campaign import asked_by
from tests.delegates.sessions import bare, events_of, haggle, settings_at
from tests.support.openai_stub import Fault, OpenAIStub, Said, server_error
from transcripts import verify


def played_at(url: str, tmp_path: Path, config: str = "", **said: Any) -> Played:
    """Return a batch whose model is behind an address."""
    home = tmp_path / "home"
    home.mkdir(parents=True, exist_ok=True)
    settings = settings_at(url, config, home=home)
    return Played(model_design(**said), Folder(tmp_path / "batch"), settings)


def test_every_session_is_kept_once_and_nothing_is_left_open(tmp_path: Path) -> None:
    with OpenAIStub(haggle) as stub:
        batch = played_at(stub.url, tmp_path, repetitions=6)
        batch.run()
    rows = model_rows(batch.design)
    assert len(rows) == 12
    assert Counter(line.key for line in batch.lines) == Counter(row.key for row in rows)
    assert {line.ended for line in batch.lines} <= {"agreement", "no-agreement"}
    assert sum(seat.calls for line in batch.lines for seat in line.seats) == stub.count
    assert batch.left_open == []
    assert batch.running[-1] == 0
    assert max(batch.running) > 1


def test_a_session_of_a_batch_is_the_session_that_is_played_alone(tmp_path: Path) -> None:
    with OpenAIStub(haggle) as stub:
        batch = played_at(stub.url, tmp_path, transcripts="all")
        batch.run()
        for row, line in zip(
            model_rows(batch.design), sorted(batch.lines, key=lambda one: one.session), strict=True
        ):
            scenario = batch.design.played_as(row)
            specs = {p: batch.design.specs[s] for p, s in zip(scenario.ids, row.seats, strict=True)}
            alone = tmp_path / f"{row.number}.jsonl"
            negotiate(scenario, specs, seed=row.seed, transcript=alone, settings=batch.settings)
            kept = batch.folder.path / str(line.transcript)
            assert bare(events_of(kept)) == bare(events_of(alone))
            assert verify(kept).ok


@pytest.mark.parametrize(("wanted", "kept"), [("none", 0), ("failed", 0), ("all", 2)])
def test_transcripts_are_kept_as_the_plan_says(tmp_path: Path, wanted: str, kept: int) -> None:
    with OpenAIStub(haggle) as stub:
        batch = played_at(stub.url, tmp_path, transcripts=wanted)
        batch.run()
    assert len([*batch.folder.transcripts.glob("*.jsonl")]) == kept
    for line in batch.lines:
        assert (line.transcript is not None) == (kept > 0)


def test_all_sessions_share_one_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from delegates import connections

    made: list[object] = []
    connect = connections.connect

    def counted(*given: Any, **named: Any) -> Any:
        made.append(given)
        return connect(*given, **named)

    monkeypatch.setattr(connections, "connect", counted)
    with OpenAIStub(haggle) as stub:
        played_at(stub.url, tmp_path, repetitions=5).run()
    assert len(made) == 1


def test_what_is_broken_off_is_carried_on_without_a_reply_being_bought_twice(
    tmp_path: Path,
) -> None:
    stopped = threading.Event()

    def answer(request: dict[str, Any]) -> str | Said:
        if stub.count > 9:
            stopped.set()
            return Said(text="late", latency_s=30)
        return haggle(request)

    async def interrupted(batch: Played) -> None:
        work = asyncio.create_task(batch.go())
        await asyncio.to_thread(stopped.wait, 30)
        await asyncio.sleep(0.1)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    with OpenAIStub(answer) as stub:
        batch = played_at(stub.url, tmp_path, repetitions=3)
        asyncio.run(interrupted(batch))
        cut_off = stub.count - 9
        stub.answer = haggle
        done = len(batch.lines)
        assert batch.left_open
        batch.run()
        asked = Counter(asked_by(request) for request in stub.requests)
    assert len(batch.lines) == len(model_rows(batch.design)) == 6
    assert done < 6
    assert batch.left_open == []
    # What was in flight is asked again; a question may come up in several sessions.
    paid = sum(seat.calls for line in batch.lines for seat in line.seats)
    assert paid == asked.total() - cut_off


@pytest.mark.parametrize("synced", [1, 4, 9])
def test_a_disk_that_fills_up_ends_the_batch_and_the_next_run_buys_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, synced: int
) -> None:
    sync, left = os.fsync, [None] * synced

    def filling(file: int) -> None:
        if not left:
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        left.pop()
        sync(file)

    with OpenAIStub(haggle) as stub:
        batch = played_at(stub.url, tmp_path, repetitions=3)
        with monkeypatch.context() as full:
            full.setattr(os, "fsync", filling)
            with pytest.raises((OSError, MinilateralError), match="No space left"):
                batch.run(at_once=1)
        batch.run(at_once=1)
        assert len(batch.ended) == 6
        with Journal(batch.folder.journal) as journal:
            paid = sum(seat.calls for line in journal.lines() for seat in line.seats)
        assert paid == stub.count
    assert batch.left_open == []


def test_the_cap_holds_over_runs_and_a_higher_one_carries_on(tmp_path: Path) -> None:
    cap, used = 0.05, (400, 120, 0)

    with OpenAIStub(lambda request: Said(text=haggle(request), usage=used)) as stub:
        batch = played_at(stub.url, tmp_path, PRICED, repetitions=8)
        for _ in range(2):
            with pytest.raises(CapReached, match=r"cap of 0\.05 USD could be passed"):
                batch.run(max_cost_usd=cap)
            assert 0.5 * cap < stub.count * (400 * 1.0 + 120 * 10.0) / 1e6 <= cap
        assert batch.left_open
        before = len(batch.lines)
        batch.run(max_cost_usd=100.0)
        assert before < len(batch.lines) == 16
        assert sum(line.cost_usd or 0.0 for line in batch.lines) == pytest.approx(
            stub.count * (400 * 1.0 + 120 * 10.0) / 1e6
        )
    assert batch.left_open == []


def test_a_session_that_takes_too_long_is_a_timeout(tmp_path: Path) -> None:
    def answer(request: dict[str, Any]) -> str | Said:
        return Said(text=haggle(request), latency_s=0.0 if stub.count < 3 else 20)

    with OpenAIStub(answer) as stub:
        batch = played_at(
            stub.url, tmp_path, session={"timeout_s": 0.5}, transcripts="failed", repetitions=1
        )
        batch.run(at_once=1)
    assert {line.ended for line in batch.lines} == {"timeout"}
    assert [line.problem for line in batch.lines] == ["took longer than 0.5 s"] * 2
    assert batch.lines[0].moves > 0
    assert sum(line.lost_tokens for line in batch.lines) > 0
    for line in batch.lines:
        assert (batch.folder.path / str(line.transcript)).exists()
        assert all(seat.utility == 30 for seat in line.seats)
    assert batch.left_open == []


def test_a_provider_that_fails_once_is_asked_again_at_the_end(tmp_path: Path) -> None:
    failing = {2, 3}

    def answer(request: dict[str, Any]) -> Any:
        return server_error() if stub.count in failing else haggle(request)

    with OpenAIStub(answer) as stub:
        batch = played_at(stub.url, tmp_path, session={"retry_budget_s": 0.0}, repetitions=3)
        batch.run(at_once=1)
    assert len(batch.lines) == 6
    assert "provider" not in {line.ended for line in batch.lines}
    assert batch.left_open == []


def test_a_session_whose_provider_fails_again_is_kept_so_and_carried_on_by_the_next_run(
    tmp_path: Path,
) -> None:
    def answer(request: dict[str, Any]) -> Any:
        is_refused = "the chief delegate of United States" in str(request["messages"])
        return server_error() if is_refused else haggle(request)

    with OpenAIStub(answer) as stub:
        batch = played_at(stub.url, tmp_path, session={"retry_budget_s": 0.0}, repetitions=2)
        batch.run(at_once=1)
        assert Counter(line.ended == "provider" for line in batch.lines) == {True: 2, False: 2}
        assert len(batch.left_open) == 2
        for line in batch.lines:
            if line.ended == "provider":
                assert line.transcript == f"open/{line.key}.jsonl"
                assert "HTTP 500" in line.problem
        stub.answer = haggle
        batch.run()
    assert "provider" not in batch.ended.values()
    assert len(batch.ended) == 4
    assert batch.left_open == []


def test_a_batch_all_of_whose_sessions_fail_is_given_up(tmp_path: Path) -> None:
    with OpenAIStub(lambda _: server_error()) as stub:
        batch = played_at(stub.url, tmp_path, session={"retry_budget_s": 0.0}, repetitions=30)
        with pytest.raises(ProviderError, match="HTTP 500"):
            batch.run()
        assert stub.count < 60
        assert batch.lines == []
        asked = stub.count
        stub.answer = haggle
        batch.run()
    assert len(batch.ended) == 60
    assert stub.count > asked


def test_a_fault_of_the_program_ends_one_session_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from delegates.minds.llm import LlmMind

    decide = LlmMind.decide
    faults = iter([True])

    async def faulty(self: LlmMind, view: Any) -> Any:
        if next(faults, False):
            raise ZeroDivisionError("a bug")
        return await decide(self, view)

    monkeypatch.setattr(LlmMind, "decide", faulty)
    with OpenAIStub(haggle) as stub:
        batch = played_at(stub.url, tmp_path, repetitions=2)
        batch.run()
        wrong = [line for line in batch.lines if line.ended == "error"]
        assert [line.problem for line in wrong] == ["ZeroDivisionError: a bug"]
        assert len(batch.lines) == 4
        told = (batch.folder.errors / f"{wrong[0].session}.txt").read_text()
        assert "in faulty" in told
        batch.run()
    assert "error" not in batch.ended.values()
    assert batch.left_open == []


def test_a_model_that_cannot_be_asked_ends_the_batch_before_anything_is_played(
    tmp_path: Path,
) -> None:
    batch = played_at("http://127.0.0.1:9/v1", tmp_path, repetitions=1)
    with pytest.raises(SettingError, match="price"):
        batch.run(max_cost_usd=1.0)
    assert batch.left_open == []


def test_a_run_that_dies_before_a_transcript_is_put_away_leaves_that_to_the_next(
    tmp_path: Path,
) -> None:
    with OpenAIStub(haggle) as stub:
        batch = played_at(stub.url, tmp_path, transcripts="all")
        row = model_rows(batch.design)[0]
        batch.run(rows=[row])
        [line] = batch.lines
        kept = batch.folder.path / str(line.transcript)
        # As if the run had died between the journal and the transcript.
        kept.rename(batch.open.path(row))
        asked = stub.count
        batch.run(rows=[row])
    assert stub.count == asked
    assert kept.exists()
    assert batch.left_open == []


def test_an_ended_session_that_the_journal_missed_is_not_asked_again(tmp_path: Path) -> None:
    def lost(line: Finished) -> None:
        raise OSError(28, "No space left on device")

    with OpenAIStub(haggle) as stub:
        batch = played_at(stub.url, tmp_path)
        row = model_rows(batch.design)[0]
        with pytest.raises(OSError, match="No space"):
            batch.run(rows=[row], keep=lost)
        asked = stub.count
        assert batch.open.path(row).exists()
        batch.run(rows=[row])
    assert stub.count == asked
    assert [line.key for line in batch.lines] == [row.key]


def most_at_once(folder: Path) -> int:
    """Return how many sessions went on at once where the server has four places."""
    with OpenAIStub(haggle, latency_s=0.02, slots=4) as stub:
        batch = played_at(stub.url, folder, repetitions=30)
        batch.run()
    assert len(batch.lines) == 60
    return max(batch.running)


def test_a_crowd_keeps_to_the_few_places_of_a_server(tmp_path: Path) -> None:
    # A machine busy with something else may be told too late that there is no place.
    assert any(most_at_once(tmp_path / f"{number}") < 30 for number in range(4))


def test_a_crowd_is_in_flight_at_once_where_the_server_takes_it(tmp_path: Path) -> None:
    with OpenAIStub(haggle, latency_s=0.3) as stub:
        batch = played_at(stub.url, tmp_path, repetitions=30)
        batch.run()
        assert stub.peak > 40
    assert len(batch.lines) == 60


def test_replies_of_an_earlier_batch_are_used_again_where_the_user_wants_that(
    tmp_path: Path,
) -> None:
    with OpenAIStub(haggle) as stub:
        batch = played_at(stub.url, tmp_path, "cache = true\n", repetitions=2)
        batch.run()
        asked = stub.count
        again = Played(batch.design, Folder(tmp_path / "again"), batch.settings)
        again.run()
    assert stub.count == asked
    assert sorted(line.agreement or -1 for line in again.lines) == sorted(
        line.agreement or -1 for line in batch.lines
    )
    assert all(line.cost_usd == 0.0 for line in again.lines)


def test_the_time_of_earlier_runs_counts_against_what_a_session_may_take(tmp_path: Path) -> None:
    def answer(request: dict[str, Any]) -> str | Said:
        return haggle(request) if stub.count < 2 else Said(text="late", latency_s=30)

    async def cut_short(batch: Played) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(batch.go(rows=model_rows(batch.design)[:1]), 1.5)

    with OpenAIStub(answer) as stub:
        patient = played_at(stub.url, tmp_path, session={"timeout_s": 60})
        asyncio.run(cut_short(patient))
        asked = stub.count
        [path] = patient.left_open
        stub.answer = haggle
        # A plan's timeout is part of what it plays; here only what is left of the time matters.
        plan = patient.design.plan.model_copy(
            update={"session": patient.design.plan.session.model_copy(update={"timeout_s": 0.2})}
        )
        hasty = replace(patient.design, plan=plan)
        row = model_rows(hasty)[0]
        path.rename(patient.open.path(row))
        batch = Played(hasty, patient.folder, patient.settings)
        batch.run(rows=[row])
    assert [line.ended for line in batch.lines] == ["timeout"]
    assert batch.lines[0].seconds > 0.2
    assert stub.count == asked


def test_a_broken_transcript_is_named_before_anything_is_played(tmp_path: Path) -> None:
    with OpenAIStub(haggle) as stub:
        batch = played_at(stub.url, tmp_path)
        batch.folder.open_sessions.mkdir(parents=True)
        path = batch.open.path(model_rows(batch.design)[0])
        path.write_text('{"n":0}\n{"n":1}\n')
        with pytest.raises(TranscriptError, match=f"{path}.*what it has cost is not known"):
            batch.run()
        assert stub.count == 0


def test_of_a_transcript_damaged_in_its_midst_one_way_on_is_told_and_none_beside_the_batch(
    tmp_path: Path,
) -> None:
    with OpenAIStub(haggle) as stub:
        batch = played_at(stub.url, tmp_path, transcripts="all")
        first, second = model_rows(batch.design)[:2]
        batch.run(rows=[first])
        [line] = batch.lines
        whole = (batch.folder.path / str(line.transcript)).read_bytes()
        batch.open.path(second).write_bytes(whole.replace(b'"call":', b'"cull":', 1))
        asked = stub.count
        with pytest.raises(TranscriptError, match="the content does not match") as caught:
            batch.run()
        assert stub.count == asked
    told = str(caught.value)
    assert "resume" not in told
    assert told.endswith(
        "; what it has cost is not known: put a sound copy of it in its place, or delete it to "
        "have that session played anew, what it had cost not counted"
    )


def test_calls_that_fail_and_are_made_again_are_told_with_their_reason(tmp_path: Path) -> None:
    def answer(request: dict[str, Any]) -> str | Said | Fault:
        return server_error(503) if stub.count <= 2 else haggle(request)

    with OpenAIStub(answer) as stub:
        batch = played_at(stub.url, tmp_path, repetitions=2)
        batch.run()

    assert batch.left_open == []
    assert "503" in batch.called[0]
    assert batch.called[-1] == ""
