import asyncio
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from delegates import Caps, connections, negotiate, negotiate_async, resume
from delegates.models.prices import DEFAULT_MAX_COST_USD, FREE
from delegates.seats import ModelName
from delegates.settings import Price, Settings
from games.errors import CapReached, ProviderError, SeatError, SettingError, TranscriptError
from tests.delegates.sessions import bare, events_of, haggle, mini, settings_at
from tests.support.openai_stub import OpenAIStub, Said, in_turn, server_error, unauthorized
from transcripts import verify
from transcripts.events import Asked, Opened, Replied, Retried

BOTH = {"USA": "llm:m", "COD": "llm:m"}
PRICES = '[prices."m"]\ninput = 100000\noutput = 100000\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.jsonl"


def test_a_session_of_two_models_reaches_its_end(tmp_path: Path, path: Path) -> None:
    with OpenAIStub(haggle) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        record = negotiate(mini(), BOTH, seed=3, transcript=path, settings=settings)
    assert record.status == "agreement"
    assert record.spend.calls == stub.count == len(record.moves)
    assert record.spend.tokens.input == 10 * stub.count
    assert record.spend.cost_usd is None
    assert verify(path).as_json() | {"events": 0} == {
        "ok": True,
        "complete": True,
        "events": 0,
        "problems": [],
        "notes": [],
    }


def test_sessions_of_one_scenario_share_what_was_computed_of_it(path: Path) -> None:
    scenario = mini()
    record = negotiate(scenario, {"USA": "firm", "COD": "firm"}, transcript=path)
    assert record.state.scenario is scenario


def test_the_same_seed_and_replies_give_the_same_session(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.jsonl" for number in range(2)]
    with OpenAIStub(haggle) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        for one in paths:
            seats = {"USA": "llm:m", "COD": "menu:m+llm:m"}
            negotiate(mini(), seats, seed=3, transcript=one, settings=settings)
    assert bare(events_of(paths[0])) == bare(events_of(paths[1]))


def test_each_seat_asks_its_own_model_at_its_own_endpoint(tmp_path: Path, path: Path) -> None:
    with OpenAIStub(haggle) as one, OpenAIStub(haggle) as two, OpenAIStub(haggle) as three:
        config = (
            f'[endpoints.east]\nbase_url = "{two.url}"\napi_key = "east-key"\n'
            f'[endpoints.west]\nbase_url = "{three.url}"\napi_key = "west-key"\n'
        )
        settings = settings_at(one.url, config, home=tmp_path, OPENAI_API_KEY="own-key")
        seats = {"USA": "llm:big@east", "COD": "menu:small@west+llm:plain"}
        negotiate(mini(), seats, transcript=path, settings=settings)
    asked = {
        name: ({request["model"] for request in stub.requests}, set(stub.keys))
        for name, stub in (("own", one), ("east", two), ("west", three))
    }
    assert asked == {
        "own": ({"plain"}, {"Bearer own-key"}),
        "east": ({"big"}, {"Bearer east-key"}),
        "west": ({"small"}, {"Bearer west-key"}),
    }
    hosts = {(event.model, event.host) for event in events_of(path) if isinstance(event, Asked)}
    assert hosts == {("big", two.host), ("small", three.host), ("plain", one.host)}
    header: Any = events_of(path)[0]
    assert header.seats["COD"].models == {"small": three.host, "plain": one.host}
    assert "-key" not in path.read_text()


def test_it_works_while_an_event_loop_is_running(tmp_path: Path) -> None:
    async def notebook(settings: Settings) -> tuple[Any, Any]:
        blocking = negotiate(mini(), BOTH, seed=3, settings=settings)
        return blocking, await negotiate_async(mini(), BOTH, seed=3, settings=settings)

    with OpenAIStub(haggle) as stub:
        blocking, awaited = asyncio.run(notebook(settings_at(stub.url, home=tmp_path)))
    assert blocking.offers == awaited.offers
    assert blocking.status == awaited.status == "agreement"


def test_many_sessions_at_once_share_a_loop(tmp_path: Path) -> None:
    async def several(settings: Settings) -> list[Any]:
        sessions = (negotiate_async(mini(), BOTH, seed=3, settings=settings) for _ in range(4))
        return await asyncio.gather(*sessions)

    with OpenAIStub(haggle, latency_s=0.02) as stub:
        records = asyncio.run(several(settings_at(stub.url, home=tmp_path)))
        assert stub.peak > 1
    assert [record.offers for record in records] == [records[0].offers] * 4


def test_a_failing_endpoint_is_asked_again_and_that_is_on_record(
    tmp_path: Path, path: Path
) -> None:
    faults = in_turn([server_error(), server_error(503)])

    def answer(request: Any) -> Any:
        return faults(request) if stub.count < 3 else haggle(request)

    with OpenAIStub(answer) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        record = negotiate(mini(), BOTH, transcript=path, settings=settings)
    retried = [event for event in events_of(path) if isinstance(event, Retried)]
    assert [event.attempt for event in retried] == [1, 2]
    assert ["HTTP 500" in retried[0].reason, "HTTP 503" in retried[1].reason] == [True, True]
    assert record.spend.calls == stub.count - 2
    assert verify(path).ok


def test_a_provider_that_failed_for_good_leaves_a_session_to_resume(
    tmp_path: Path, path: Path
) -> None:
    def answer(request: Any) -> Any:
        return haggle(request) if stub.count < 3 else unauthorized("sk-canary-key")

    with OpenAIStub(answer) as stub:
        settings = settings_at(stub.url, home=tmp_path, OPENAI_API_KEY="sk-canary-key")
        with pytest.raises(ProviderError, match="check the key in OPENAI_API_KEY") as caught:
            negotiate(mini(), BOTH, seed=3, transcript=path, settings=settings)
    assert "canary" not in str(caught.value)
    assert "canary" not in path.read_text()
    assert [event.type for event in events_of(path)][-2:] == ["asked", "failed"]
    assert verify(path).ok
    with OpenAIStub(haggle) as again:
        record = resume(path, settings=settings_at(again.url, home=tmp_path))
    assert record.status == "agreement"
    assert record.spend.calls == 2 + again.count
    assert verify(path).complete


def test_a_model_that_cannot_be_asked_leaves_a_session_to_resume_as_it_was(
    tmp_path: Path, path: Path
) -> None:
    with OpenAIStub(lambda _: unauthorized()) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        with pytest.raises(ProviderError):
            negotiate(mini(), BOTH, transcript=path, settings=settings)
    before = path.read_bytes()
    for model, caps in (("m@nowhere", Caps()), ("m", Caps(max_cost_usd=1))):
        with pytest.raises(SettingError):
            resume(path, settings=settings, model=model, caps=caps)
    assert path.read_bytes() == before


@pytest.mark.parametrize("first", [[unauthorized()], ["rubbish", unauthorized()]])
def test_a_model_that_was_tried_in_between_leaves_the_question_to_the_first(
    tmp_path: Path, path: Path, first: list[Any]
) -> None:
    answers = iter(first)

    def answer(request: Any) -> Any:
        return unauthorized() if request["model"] == "b" else next(answers, haggle(request))

    with OpenAIStub(answer) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        with pytest.raises(ProviderError):
            negotiate(mini(), {"USA": "llm:a", "COD": "firm"}, transcript=path, settings=settings)
        with pytest.raises(ProviderError):
            resume(path, settings=settings, model="b")
        resume(path, settings=settings)
    assert verify(path).complete
    calls = [event for event in events_of(path) if isinstance(event, Asked | Replied)]
    replies = [place for place, event in enumerate(calls) if isinstance(event, Replied)]
    asked = [calls[place - 1] for place in replies]
    assert {event.model for event in asked if isinstance(event, Asked)} == {"a"}
    assert [event.call for event in asked] == [calls[place].call for place in replies]
    assert len(replies) == stub.count - 2


@pytest.mark.parametrize(
    ("caps", "config", "raised"),
    [
        (Caps(max_tokens=9000), "", Caps(max_tokens=10**6)),
        (Caps(max_cost_usd=700), PRICES, Caps(max_cost_usd=10**6)),
        (Caps(max_time_s=0.0), "", Caps(max_time_s=10**6)),
    ],
    ids=["tokens", "cost", "time"],
)
def test_a_cap_stops_the_session_and_a_higher_one_lets_it_go_on(
    tmp_path: Path, path: Path, caps: Caps, config: str, raised: Caps
) -> None:
    answer = Said(text=None)

    def costly(request: Any) -> Said:
        return replace(answer, text=haggle(request), usage=(1500, 500, 0))

    with OpenAIStub(costly) as stub:
        settings = settings_at(stub.url, config, home=tmp_path)
        with pytest.raises(CapReached, match="raise it with --max-"):
            negotiate(mini(), BOTH, seed=3, transcript=path, settings=settings, caps=caps)
        before = stub.count
        assert verify(path).ok
        with pytest.raises(CapReached):
            resume(path, settings=settings, caps=caps)
        assert stub.count == before
        record = resume(path, settings=settings, caps=raised)
    assert record.status == "agreement"
    assert record.spend.calls == stub.count == len(record.moves)
    assert verify(path).complete


def test_a_cap_on_money_needs_a_price(tmp_path: Path, path: Path) -> None:
    settings = settings_at("http://127.0.0.1:9/v1", home=tmp_path)
    with pytest.raises(SettingError, match="the price of 'm' is unknown"):
        negotiate(mini(), BOTH, transcript=path, settings=settings, caps=Caps(max_cost_usd=1))
    assert not path.exists()


NAMESAKES = [ModelName(model="local", endpoint="work"), ModelName(model="local")]


@pytest.mark.parametrize("models", [NAMESAKES, NAMESAKES[::-1]])
def test_a_cap_holds_for_each_of_two_models_of_one_name(
    tmp_path: Path, models: list[ModelName]
) -> None:
    settings = settings_at("http://127.0.0.1:9/v1", home=tmp_path)
    dear = {name: Price(input=1.0, output=1.0) if name.endpoint else FREE for name in models}
    assert connections.money_cap(settings, dear, Caps()) == DEFAULT_MAX_COST_USD
    unknown = {name: None if name.endpoint else FREE for name in models}
    assert connections.money_cap(settings, unknown, Caps()) is None
    with pytest.raises(SettingError, match="the price of 'local' is unknown"):
        connections.money_cap(settings, unknown, Caps(max_cost_usd=1))


@pytest.mark.parametrize(
    ("seats", "error"),
    [
        ({"USA": "nobody"}, SeatError),
        ({"FRA": "firm"}, SeatError),
        ({"USA": "llm:m@nowhere"}, SettingError),
    ],
)
def test_what_is_at_fault_before_the_first_move_leaves_no_file(
    tmp_path: Path, path: Path, seats: dict[str, str], error: type[Exception]
) -> None:
    settings = settings_at("http://127.0.0.1:9/v1", home=tmp_path)
    with pytest.raises(error):
        negotiate(mini(), {"COD": "firm", **seats}, transcript=path, settings=settings)
    assert not path.exists()


def test_an_embedded_model_that_is_missing_leaves_no_file(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "why_unavailable", lambda _name, _settings: "gone")
    with pytest.raises(SettingError, match="the embedded model cannot be used: gone"):
        negotiate(
            mini(),
            {"USA": "firm+llm:local", "COD": "firm"},
            transcript=path,
            settings=settings_at(home=tmp_path),
        )
    assert not path.exists()


def test_an_existing_transcript_is_left_alone_and_nobody_is_asked(
    tmp_path: Path, path: Path
) -> None:
    path.write_text("mine")
    with OpenAIStub(haggle) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        with pytest.raises(TranscriptError, match="exists already"):
            negotiate(mini(), BOTH, transcript=path, settings=settings)
    assert stub.count == 0
    assert path.read_text() == "mine"


def test_the_header_says_who_sits_where_and_holds_no_key(tmp_path: Path, path: Path) -> None:
    with OpenAIStub(haggle) as stub:
        settings = settings_at(stub.url, home=tmp_path, OPENAI_API_KEY="sk-canary-key")
        negotiate(
            mini(), {"USA": "llm:m", "COD": "firm"}, seed=8, transcript=path, settings=settings
        )
    header = events_of(path)[0]
    assert isinstance(header, Opened)
    assert header.seed == 8
    assert header.session.startswith("mini-")
    assert header.seats["USA"].model_dump() == {
        "spec": "llm:m",
        "decides": "m (freely)",
        "words": "m",
        "models": {"m": stub.host},
    }
    assert "canary" not in path.read_text()


def test_an_interrupt_lets_go_of_the_transcript_before_it_is_passed_on(
    tmp_path: Path, path: Path
) -> None:
    def answer(request: Any) -> str:
        if stub.count == 3:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return haggle(request)

    with OpenAIStub(answer, latency_s=0.05) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        with pytest.raises(KeyboardInterrupt):
            negotiate(mini(), BOTH, seed=3, transcript=path, settings=settings)
        assert resume(path, settings=settings).status == "agreement"
    assert verify(path).complete
