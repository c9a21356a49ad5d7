"""A session with models, branched: the same replies lead the same way, others another one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from delegates import Caps, negotiate, resume
from delegates.fork import fork
from delegates.settings import Settings
from games.errors import CapReached, SeatError, SettingError, TranscriptError
from tests.delegates.sessions import bare, events_of, haggle, mini, settings_at
from tests.delegates.test_interruptions import moody
from tests.support.openai_stub import OpenAIStub
from transcripts import Transcript, verify
from transcripts.events import Asked, MoveMade, Replied

SEATS = {
    "models": {"USA": "llm:m", "COD": "llm:m"},
    "menu and voice": {"USA": "menu:m+llm:v", "COD": "firm+llm:v"},
}


@dataclass
class Talks:
    """A finished session, and the server that answered in it."""

    path: Path
    stub: OpenAIStub
    settings: Settings

    def fork(self, at: int, name: str = "branch", **seats: str) -> Path:
        out = self.path.with_name(f"{name}-{at}.jsonl")
        return fork(self.path, at=at, seats=seats, out=out, settings=self.settings).path

    def resume(self, path: Path, **more: Any) -> Any:
        return resume(path, settings=self.settings, **more)


PRICES = """
[prices."m"]
input = 1
output = 10
[prices."v"]
input = 1
output = 10
"""


@pytest.fixture(params=SEATS, ids=lambda name: name)
def talks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Talks]:
    path = tmp_path / "whole.jsonl"
    with OpenAIStub(moody) as stub:
        settings = settings_at(stub.url, PRICES, home=tmp_path)
        negotiate(mini(rounds=2), SEATS[request.param], seed=2, transcript=path, settings=settings)
        yield Talks(path, stub, settings)


def moves_of(path: Path) -> int:
    return sum(isinstance(event, MoveMade) for event in events_of(path))


def test_with_the_same_seats_and_replies_a_branch_ends_as_its_parent_did(talks: Talks) -> None:
    whole = talks.path.read_bytes()
    replies = sum(isinstance(event, Replied) for event in events_of(talks.path))
    for at in range(moves_of(talks.path) + 1):
        copy = talks.fork(at)
        kept = sum(isinstance(event, Replied) for event in events_of(copy))
        asked = talks.stub.count
        record = talks.resume(copy)
        assert bare(events_of(copy))[1:] == bare(events_of(talks.path))[1:]
        assert verify(copy).ok
        assert record.spend.calls == talks.stub.count - asked == replies - kept
    assert talks.path.read_bytes() == whole


def test_other_seats_lead_elsewhere_and_are_in_the_header(talks: Talks) -> None:
    whole = talks.path.read_bytes()
    copy = talks.fork(1, USA="conceder", COD="llm:other")
    talks.resume(copy)
    seats = Transcript(copy).header().seats
    assert (seats["USA"].decides, seats["USA"].models) == ("code (conceder)", {})
    assert (seats["COD"].spec, seats["COD"].models) == ("llm:other", {"other": talks.stub.host})
    later = [event for event in events_of(copy)[2:] if isinstance(event, Asked)]
    assert {event.model for event in later if event.turn > 0} == {"other"}
    assert bare(events_of(copy))[1:] != bare(events_of(talks.path))[1:]
    assert verify(copy).ok
    assert talks.path.read_bytes() == whole


def test_the_caps_of_a_branch_count_what_it_spent_itself(talks: Talks) -> None:
    spent = sum(event.cost_usd or 0.0 for event in events_of(talks.path) if event.type == "replied")
    copy = talks.fork(2)
    with pytest.raises(CapReached):
        talks.resume(copy, caps=Caps(max_cost_usd=spent / 1000))
    record = talks.resume(copy, caps=Caps(max_cost_usd=0.5))
    assert 0 < record.spend.cost_usd < spent
    assert record.spend.cost_usd == pytest.approx(
        sum(event.cost_usd for event in own_replies(copy)), abs=1e-12
    )


def own_replies(path: Path) -> list[Any]:
    parent = Transcript(path).header().parent
    assert parent is not None
    return [event for event in events_of(path)[parent.event + 1 :] if isinstance(event, Replied)]


def test_a_branch_that_is_over_asks_nobody(talks: Talks) -> None:
    copy = talks.fork(moves_of(talks.path))
    settings = settings_at("http://127.0.0.1:9/v1", home=talks.path.parent)
    asked = talks.stub.count
    assert resume(copy, settings=settings).status != "incomplete"
    assert talks.stub.count == asked


def test_without_a_name_a_branch_lies_among_the_users_transcripts(talks: Talks) -> None:
    first = fork(talks.path, at=1, settings=talks.settings)
    left = first.path.with_name(".killed.jsonl.0123abcd.new")
    left.write_text("half a li")
    second = fork(talks.path, at=1, settings=talks.settings)
    assert not left.exists()
    assert first.path.parent == second.path.parent == talks.path.parent / "transcripts"
    assert first.path != second.path
    assert [branch.header().session for branch in (first, second)] == [
        first.path.stem,
        second.path.stem,
    ]


def test_no_question_of_a_branch_is_other_than_its_parents(talks: Talks) -> None:
    prompts = Counter(str(request) for request in talks.stub.requests)
    copy = talks.fork(1)
    talks.resume(copy)
    again = Counter(str(request) for request in talks.stub.requests) - prompts
    assert again
    assert set(again) <= set(prompts)


@pytest.mark.parametrize(
    ("seats", "kind", "reason"),
    [
        ({"FRA": "firm"}, SeatError, "seat 'FRA': no such party; the session has USA, COD"),
        ({"USA": "waffle"}, SeatError, "unknown mind 'waffle'"),
        ({"USA": "llm"}, SeatError, "names no model"),
        ({"USA": "llm:m@nowhere"}, SettingError, "nowhere"),
    ],
)
def test_seats_that_cannot_be_taken_are_named_and_nothing_is_written(
    tmp_path: Path, seats: dict[str, str], kind: type[Exception], reason: str
) -> None:
    path, out = tmp_path / "s.jsonl", tmp_path / "b.jsonl"
    negotiate(mini(rounds=2), {"USA": "firm", "COD": "firm"}, transcript=path)
    with pytest.raises(kind, match=reason) as caught:
        fork(path, at=1, seats=seats, out=out, settings=settings_at("", home=tmp_path))
    assert "\n" not in str(caught.value)
    assert not out.exists()


def test_moves_that_were_not_made_are_refused_before_any_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    negotiate(mini(rounds=2), {"USA": "firm", "COD": "firm"}, transcript=path)
    with pytest.raises(TranscriptError, match="5 moves cannot be kept: it holds 4; expected 0 to"):
        fork(path, at=5, settings=settings_at("", home=tmp_path))
    assert not (tmp_path / "transcripts").exists()


def test_a_scripted_session_goes_on_with_a_model(tmp_path: Path) -> None:
    path, out = tmp_path / "s.jsonl", tmp_path / "b.jsonl"
    negotiate(mini(rounds=3), {"USA": "firm", "COD": "firm"}, transcript=path)
    with OpenAIStub(haggle) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        fork(path, at=2, seats={"COD": "llm:m"}, out=out, settings=settings)
        resume(out, settings=settings)
    assert stub.count >= 1
    assert verify(out).ok
    assert {event.decided_by for event in events_of(out) if isinstance(event, MoveMade)} == {
        "code (firm)",
        "m (freely)",
    }
