"""Who listens sees words come; what they cost, and what becomes of them, is the same."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates import Caps, negotiate, negotiate_async, resume
from delegates.attendance import Attendance
from delegates.connections import Clients
from delegates.listening import MOST_SHOWN, Ear, Partial, all_of_it, message_in
from delegates.negotiate import played_with
from delegates.ready import Ready, begun
from delegates.seats import parse_seat
from delegates.voices.llm import LlmVoice
from games.errors import CapReached
from games.session import Offer
from tests.delegates.halls import hall_of, moments
from tests.delegates.scripted_model import line_to, model_of
from tests.delegates.sessions import bare, events_of, haggle, mini, settings_at, view_at
from tests.support.openai_stub import OpenAIStub, Said
from transcripts import verify
from transcripts.events import Failed, MoveMade, Replied
from transcripts.record import SessionRecord

VIEW = view_at(mini())


def ears() -> tuple[list[Partial], Ear]:
    heard: list[Partial] = []
    return heard, Ear(heard.append, VIEW, "word", all_of_it)


def decision(**fields: object) -> str:
    return json.dumps({"reasoning": "They are weak; 41 is my least.", **fields})


def test_what_is_shown_tells_whose_words_they_are() -> None:
    heard, ear = ears()
    ear("We pro")
    assert heard == [Partial(turn=0, party="USA", purpose="word", text="We pro")]


def test_the_same_words_are_shown_once_and_taken_back_when_their_answer_broke_off() -> None:
    heard, ear = ears()
    for written in ("", "We", "We ", "", "", "I"):
        ear(written)
    assert [one.text for one in heard] == ["We", "", "I"]


def test_words_are_cleaned_and_bounded() -> None:
    heard, ear = ears()
    ear("A\x1b[31mred\x1b[0m \u202eword" + "x" * 10_000)
    assert heard[0].text.startswith("Ared wordxxx")
    assert len(heard[0].text) == MOST_SHOWN


def test_a_message_is_found_in_a_decision_and_nothing_else() -> None:
    text = decision(action="offer", offer={"message": "no"}, message='We "propose" 7,500 t.')
    assert message_in(text) == 'We "propose" 7,500 t.'
    assert message_in(f"```json\n{text}\n```") == 'We "propose" 7,500 t.'
    assert message_in(f"<think>{text}") == ""
    assert message_in(f"They say no.</think>{text}") == 'We "propose" 7,500 t.'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We accept.",
        decision(message="early"),
        decision(action="ask_capital", message="what we ask for"),
        decision(action="call_caucus", message="in confidence"),
        decision(action="offer", offer={"message": "nested"}),
        decision(action="offer", message={"message": "nested"}),
        '{"action": "offer", "note": "message", "x": "y"}',
        '[{"action": "offer", "message": "in a list"}]',
        'Well: {"action": "offer", "message": "quoted"}',
    ],
)
def test_what_is_not_said_aloud_is_not_shown(text: str) -> None:
    assert message_in(text) == ""


@given(st.text(), st.text(), st.booleans())
def test_of_half_a_decision_only_what_is_to_be_said_is_shown(
    thought: str, words: str, is_ascii: bool
) -> None:
    fields = {"reasoning": thought, "action": "accept", "offer": None, "message": words}
    text = json.dumps(fields, ensure_ascii=is_ascii)
    shown = [message_in(text[:cut]) for cut in range(len(text) + 1)]
    assert shown[-1] == words
    # Half of a pair of surrogates is no character of the words, and is cleaned away.
    whole = [one for one in shown if not any("\ud800" <= c <= "\udfff" for c in one)]
    assert all(words.startswith(one) for one in whole)


def test_a_tag_that_is_only_half_there_is_not_shown() -> None:
    told = [all_of_it(text) for text in ("<thi", "<think>weak", "<think>weak</think>We acc")]
    assert told == ["", "", "We acc"]
    assert all_of_it("We accept </thi") == "We accept "
    assert all_of_it("analysis</think>We accept") == "We accept"


def test_what_is_said_in_a_caucus_is_for_those_in_it() -> None:
    seen = {view.hall.room.kind: view for view in rooms()}
    heard: list[Partial] = []
    for kind in ("caucus", "breakout"):
        Ear(heard.append, seen[kind], "word", all_of_it)("Between us")
    members = [list(seen["caucus"].public.parties)[k] for k in seen["caucus"].hall.room.members]
    assert [one.heard_by for one in heard] == [tuple(members), None]


def rooms() -> Iterator[Any]:
    """Yield what seats see that sit in a room."""
    for seed in range(20):
        for moment in moments(hall_of(), Random(seed)):
            view: Any = moment.view
            if view.hall.room is not None:
                yield view


def test_a_voice_is_heard_by_who_listens_to_the_session() -> None:
    heard: list[Partial] = []
    line = line_to(model_of("We propose 2 t at 20 USD."))
    line.calls.listen = heard.append
    asyncio.run(LlmVoice(line).word(VIEW, Offer(9)))
    assert [(one.purpose, one.text) for one in heard] == [("word", "We propose 2 t at 20 USD.")]


SEATS = {"USA": "llm:m", "COD": "menu:m+llm:v"}


def played(
    stub: OpenAIStub, path: Path, listen: Callable[[Partial], None] | None
) -> list[dict[str, Any]]:
    """Play a session with or without somebody who listens, and return what the stub was asked."""
    before = stub.count
    settings = settings_at(stub.url, home=path.parent)
    negotiate(mini(), SEATS, seed=3, transcript=path, settings=settings, listen=listen)
    return stub.requests[before:]


def test_a_session_that_is_listened_to_is_the_same_session(tmp_path: Path) -> None:
    heard: list[Partial] = []
    with OpenAIStub(haggle) as stub:
        unheard = played(stub, tmp_path / "a.jsonl", None)
        requests = played(stub, tmp_path / "b.jsonl", heard.append)
    one, other = events_of(tmp_path / "a.jsonl"), events_of(tmp_path / "b.jsonl")
    assert bare(one[1:]) == bare(other[1:])
    spent = [(e.tokens, e.cost_usd) for e in one if isinstance(e, Replied)]
    assert spent == [(e.tokens, e.cost_usd) for e in other if isinstance(e, Replied)]
    assert not any("stream" in request for request in unheard)
    bare_requests = [
        {k: v for k, v in request.items() if k not in ("stream", "stream_options")}
        for request in requests
    ]
    assert bare_requests == unheard
    streamed = {request["model"] for request in requests if "stream" in request}
    assert streamed == {"m", "v"}


def test_every_worded_move_was_seen_to_come(tmp_path: Path) -> None:
    heard: list[Partial] = []
    with OpenAIStub(haggle) as stub:
        played(stub, tmp_path / "a.jsonl", heard.append)
    moves = [e for e in events_of(tmp_path / "a.jsonl") if isinstance(e, MoveMade)]
    last = {(one.turn, one.party): one.text for one in heard}
    assert moves
    for move in moves:
        assert last[move.turn, move.party] == move.words
    assert {one.purpose for one in heard if one.party == "USA"} == {"decide"}
    assert {one.purpose for one in heard if one.party == "COD"} == {"word"}


@pytest.mark.parametrize("cap", [None, 500_000])
def test_a_session_left_while_words_come_is_charged_and_can_be_carried_on(
    tmp_path: Path, cap: int | None
) -> None:
    path, hold, is_first = tmp_path / "a.jsonl", threading.Event(), [True]

    def answer(request: dict[str, Any]) -> Said:
        said = Said(text=haggle(request), hold=hold if is_first[0] else None)
        is_first[0] = False
        return said

    async def left() -> None:
        holding: list[asyncio.Task[Any]] = []

        def leave(_: Partial) -> None:
            holding[0].cancel()

        seats = {"USA": "boulware+llm:v", "COD": "firm"}
        task = asyncio.ensure_future(
            negotiate_async(
                mini(),
                seats,
                seed=3,
                transcript=path,
                settings=settings,
                caps=Caps(max_tokens=cap),
                listen=leave,
            )
        )
        holding.append(task)
        with pytest.raises(asyncio.CancelledError):
            await task

    with OpenAIStub(answer) as stub:
        settings = settings_at(stub.url, '[prices."v"]\ninput = 1\noutput = 10\n', home=tmp_path)
        asyncio.run(left())
        hold.set()
        events = events_of(path)
        assert [e.type for e in events[-2:]] == ["asked", "failed"]
        failed = events[-1]
        assert isinstance(failed, Failed)
        assert failed.reason == "interrupted while it was asked"
        assert failed.tokens.output == 140
        assert failed.cost_usd is not None
        assert failed.cost_usd > 0
        record = resume(path, settings=settings)
    assert record.status != "incomplete"
    assert record.spend.may_be_billed.output == 140
    assert verify(path).ok


def test_words_that_are_refused_in_the_end_were_seen_and_are_replaced(tmp_path: Path) -> None:
    heard: list[Partial] = []
    with OpenAIStub(lambda _: "We propose 99 t.") as stub:
        settings = settings_at(stub.url, home=tmp_path)
        negotiate(
            mini(rounds=1),
            {"USA": "boulware+llm:v", "COD": "firm"},
            settings=settings,
            transcript=tmp_path / "a.jsonl",
            listen=heard.append,
        )
    assert heard[-1].text == "We propose 99 t."
    moves = [event for event in events_of(tmp_path / "a.jsonl") if isinstance(event, MoveMade)]
    assert not any("99" in move.words for move in moves)


def test_sessions_that_share_clients_are_heard_counted_and_capped_each_by_itself(
    tmp_path: Path,
) -> None:
    heard: dict[str, list[Partial]] = {"a": [], "b": []}

    def begun_as(name: str, caps: Caps) -> Ready:
        specs = {party: parse_seat(text) for party, text in SEATS.items()}
        return begun(
            mini(),
            specs,
            settings,
            caps,
            Attendance(listen=heard[name].append),
            seed=3 if name == "a" else 4,
            session=name,
            transcript=tmp_path / f"{name}.jsonl",
        )

    async def both() -> list[SessionRecord | BaseException]:
        clients = Clients.opened(settings, Caps())
        ready = begun_as("a", Caps()), begun_as("b", Caps(max_tokens=20_000))
        playing = (played_with(one, clients) for one in ready)
        try:
            return await asyncio.gather(*playing, return_exceptions=True)
        finally:
            await clients.close()

    with OpenAIStub(lambda request: Said(text=haggle(request), usage=(2_000, 50, 0))) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        whole, capped = asyncio.run(both())
    assert isinstance(whole, SessionRecord)
    assert isinstance(capped, CapReached)
    replies = {name: kinds_of(tmp_path / f"{name}.jsonl")["replied"] for name in heard}
    assert whole.spend.calls == replies["a"]
    assert sum(replies.values()) == stub.count
    assert 0 < replies["b"] * 2_050 <= 20_000
    for name, words in heard.items():
        moves = [e for e in events_of(tmp_path / f"{name}.jsonl") if isinstance(e, MoveMade)]
        said_last = {(one.turn, one.party): one.text for one in words}
        assert all(said_last[move.turn, move.party] == move.words for move in moves)


def kinds_of(path: Path) -> Counter[str]:
    return Counter(event.type for event in events_of(path))
