import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from langgraph.errors import GraphRecursionError
from langsmith import run_trees

from delegates import negotiate, negotiate_async
from delegates.contract import Decision, View
from delegates.models.chat import Ask
from delegates.orchestration import graph
from delegates.persons.person import Answer, HandOver, PersonMove, Turn
from delegates.seating import Delegate, scripted_mind
from delegates.seats import SCRIPTED_MINDS, parse_seat
from delegates.table import Table
from delegates.voices.template import TemplateVoice
from games.errors import ProviderError
from games.session import Offer, WalkAway
from tests.delegates.sessions import bare, events_of, haggle, mini, settings_at
from tests.support.openai_stub import OpenAIStub
from transcripts.events import MoveMade, Opened
from transcripts.fold import begin
from transcripts.store import Memory

DRAWING = Path(__file__).resolve().parents[2] / "docs" / "about" / "table.md"
NAMES = sorted(SCRIPTED_MINDS)


def test_the_drawing_in_the_docs_is_the_graph() -> None:
    drawn = graph(Table.__new__(Table)).get_graph().draw_mermaid().strip()
    written = DRAWING.read_text(encoding="utf-8").partition("```mermaid\n")[2].partition("\n```")[0]
    assert drawn == written


@pytest.mark.parametrize("opens", ["fixed", "alternate", "lot"])
@pytest.mark.parametrize("name", NAMES)
def test_a_scripted_session_is_the_same_through_the_graph_and_without(
    tmp_path: Path, name: str, opens: str
) -> None:
    direct, through = tmp_path / "direct.jsonl", tmp_path / "through.jsonl"
    game, seats = mini(opens=opens), {"USA": name, "COD": "linear"}
    negotiate(game, seats, seed=5, transcript=direct)
    asyncio.run(negotiate_async(game, seats, seed=5, transcript=through))
    assert bare(events_of(direct)) == bare(events_of(through))


CODE = """
import sys
from pathlib import Path
from delegates import negotiate
from tests.delegates.sessions import mini
seats = {"USA": "tit-for-tat", "COD": "firm"}
negotiate(mini(), seats, transcript=Path(sys.argv[1]))
negotiate(mini(), {"USA": "boulware", "COD": "linear"})
heavy = ("langgraph", "langchain_core", "langsmith", "openai", "textual")
print([name for name in heavy if name in sys.modules])
"""


def test_a_scripted_session_needs_neither_graph_nor_model_client(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CODE, str(tmp_path / "s.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class Leaving:
    """A person who waits and sees, then leaves."""

    async def move(self, turn: Turn) -> Answer:
        return PersonMove(WalkAway()) if turn.view.turn else HandOver(1)

    def wants_back(self, party: str) -> bool:
        return False


def test_nothing_is_traced_even_where_the_environment_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIStub(haggle) as stub, OpenAIStub(lambda _: "traced") as smith:
        base = smith.url.removesuffix("/v1")
        for prefix in ("LANGSMITH", "LANGCHAIN"):
            monkeypatch.setenv(f"{prefix}_ENDPOINT", base)
            monkeypatch.setenv(f"{prefix}_API_KEY", "lsv2_pt_canary")
            monkeypatch.setenv(f"{prefix}_TRACING_V2", "true")
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        settings = settings_at(stub.url, home=tmp_path)
        record = negotiate(mini(), {"USA": "llm:m", "COD": "firm"}, settings=settings)
        beside = negotiate(
            mini(), {"USA": "human", "COD": "llm:m"}, settings=settings, person=Leaving()
        )
    assert min(record.spend.calls, beside.spend.calls) > 0
    assert smith.count == 0
    assert run_trees._CLIENT is None  # nothing that could still send anything was ever made


def play(tmp_path: Path, seats: dict[str, str], answer: Any = haggle) -> list[MoveMade]:
    path = tmp_path / "s.jsonl"
    with OpenAIStub(answer) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        negotiate(mini(), seats, seed=1, transcript=path, settings=settings)
    return [event for event in events_of(path) if isinstance(event, MoveMade)]


@pytest.mark.parametrize(
    ("seat", "decided", "worded"),
    [
        ("firm", "code (firm)", "templates"),
        ("firm+llm:b", "code (firm)", "b"),
        ("llm:a", "a (freely)", "a"),
        ("llm:a+llm:b", "a (freely)", "b"),
        ("llm:a+template", "a (freely)", "templates"),
        ("menu:a", "a (from a menu)", "templates"),
        ("menu:a+llm:b", "a (from a menu)", "b"),
    ],
)
def test_every_move_says_who_decided_and_who_worded(
    tmp_path: Path, seat: str, decided: str, worded: str
) -> None:
    moves = play(tmp_path, {"USA": seat, "COD": "conceder"})
    own = [move for move in moves if move.party == "USA"]
    alone = "code (the only move worth considering)"
    assert {move.decided_by for move in own} - {alone} == {decided}
    assert {move.worded_by for move in own} == {worded}
    assert all(move.words for move in moves)


def test_the_voice_words_where_one_was_asked_for(tmp_path: Path) -> None:
    def answer(request: Any) -> str:
        return haggle(request) if request["model"] == "a" else "We propose, accept, stand or leave."

    moves = play(tmp_path, {"USA": "llm:a+llm:b", "COD": "conceder"}, answer)
    assert {move.words for move in moves if move.party == "USA"} == {
        "We propose, accept, stand or leave."
    }


def test_a_fallback_stands_in_the_move(tmp_path: Path) -> None:
    moves = play(tmp_path, {"USA": "llm:a", "COD": "conceder"}, lambda _: "no move")
    own = [move for move in moves if move.party == "USA"]
    assert {move.decided_by for move in own} == {"code (fallback)"}
    assert {move.worded_by for move in own} == {"templates"}
    assert all("no usable move in 3 replies" in str(move.fallback) for move in own)
    assert all(move.words_fallback for move in own)


def test_words_that_cannot_be_used_stand_as_the_templates(tmp_path: Path) -> None:
    moves = play(tmp_path, {"USA": "firm+llm:b", "COD": "conceder"}, lambda _: "We propose 999 t.")
    own = [move for move in moves if move.party == "USA"]
    assert {move.decided_by for move in own} == {"code (firm)"}
    assert {move.worded_by for move in own} == {"templates"}
    assert all("999" in str(move.words_fallback) for move in own)


def test_a_model_that_decides_in_silence_is_worded_by_the_template(tmp_path: Path) -> None:
    def answer(request: Any) -> str:
        return json.dumps(json.loads(haggle(request)) | {"message": "\u200b"})

    moves = play(tmp_path, {"USA": "llm:a", "COD": "conceder"}, answer)
    own = [move for move in moves if move.party == "USA"]
    assert {move.words_fallback for move in own} == {"the model said nothing with it"}
    assert {move.decided_by for move in own} == {"a (freely)"}


def test_who_watches_sees_each_event_once_it_is_kept() -> None:
    seen: list[tuple[int, str, int]] = []
    negotiate(
        mini(rounds=2),
        {"USA": "firm", "COD": "firm"},
        watch=lambda event, folded: seen.append((event.n, event.type, len(folded.events))),
    )
    assert [kind for _, kind, _ in seen] == ["opened", *["moved"] * 4, "closed", "found"]
    assert [number for number, _, _ in seen] == list(range(7))
    assert all(kept > number for number, _, kept in seen)


def test_memory_is_enough_where_no_file_is_wanted() -> None:
    assert Memory().events == []
    assert Ask(messages=(), max_tokens=1).schema is None


class Asking:
    """A mind that is waited for, as a model is; it offers whatever it offered last."""

    def __init__(self, outcome: int, fails_at: int | None = None) -> None:
        self.outcome, self.fails_at = outcome, fails_at

    async def decide(self, view: View, /) -> Decision:
        await asyncio.sleep(0)
        if view.turn == self.fails_at:
            raise ProviderError("m: no answer")
        return Decision(Offer(self.outcome), by="m")


def asked_table(*, plays_on: bool, fails_at: int | None = None) -> Table:
    """Return a table at which one seat is waited for and the other one follows a rule."""
    scenario = mini()
    written = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    opened = Opened(program="x", session="s", scenario=written, seats={}, seed=0)
    table = Table(begin(opened, scenario), Memory(), plays_on=plays_on)
    firm = parse_seat("firm")
    table.seat(
        {
            "USA": Delegate(parse_seat("llm:m"), Asking(3, fails_at), TemplateVoice()),
            "COD": Delegate(firm, scripted_mind(firm), TemplateVoice()),
        }
    )
    return table


def played_in_steps(table: Table, most: int) -> None:
    """Play a session in at most so many steps of the graph."""
    asyncio.run(graph(table).ainvoke({"turn": 0}, {"recursion_limit": most}, context=table))


def test_a_session_that_plays_on_takes_two_steps_of_the_graph_and_is_the_same() -> None:
    one_by_one, at_once = asked_table(plays_on=False), asked_table(plays_on=True)
    played_in_steps(at_once, 3)
    played_in_steps(one_by_one, 100)
    assert at_once.folded.closed is not None
    assert len(at_once.folded.made) > 10
    assert bare(at_once.folded.events) == bare(one_by_one.folded.events)
    with pytest.raises(GraphRecursionError):
        played_in_steps(asked_table(plays_on=False), 3)


@pytest.mark.parametrize("plays_on", [False, True])
def test_what_was_played_before_a_provider_fails_is_on_record(*, plays_on: bool) -> None:
    table = asked_table(plays_on=plays_on, fails_at=6)
    with pytest.raises(ProviderError):
        played_in_steps(table, 100)
    assert [move.turn for move in table.folded.made] == [*range(6)]
    assert table.folded.closed is None
