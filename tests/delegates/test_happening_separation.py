"""No seat learns what another's capital says, what it was asked for, or what that seat alone heard.

Two worlds that differ in nothing but a secret of Aland look the same from Bland's seat: live, after
a session is resumed, and in a branch.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from delegates import negotiate, resume
from delegates.contract import View
from delegates.fork import fork
from delegates.minds.candidates import candidates
from delegates.minds.firm import Firm
from delegates.minds.menu import menu_messages
from delegates.models.hall_prompt import hall_messages
from delegates.models.hall_schema import hall_schema
from delegates.models.prompt import decision_messages, decision_schema
from delegates.negotiate import Caps
from delegates.outside.telling import turn_told
from delegates.persons.person import Answer, PersonMove, Turn
from delegates.rehearsal.estimate import estimate
from delegates.seats import parse_seat
from delegates.views import news_of
from delegates.voices.llm import brief_messages, voice_messages
from games import parse_scenario
from games.errors import Paused
from games.happenings.happening import inject
from games.moves import AskCapital, Move, Offer, Pass
from games.protocols.by_rule import act_by_rule
from games.scenario import Scenario
from games.session import State, start, step
from tests.delegates.halls import hall_haggle
from tests.delegates.sessions import events_of, haggle, settings_at
from tests.delegates.test_separation import parts
from tests.games.eventful import KINDS, SIGNED, TEXT
from tests.support.openai_stub import OpenAIStub
from transcripts.events import Asked, Happened, MoveMade
from tui.text.seat import briefing, situation, talk_lines

SECRET = """
mandates:
  A:
    limits: {tonnes: [2000, 3000]}
    grants: {tonnes: {1000: {least: 97.3125}}}
    requests: 1
    face: 0.5625
    ratify: {threshold: 3.4375, slope: 0.1875, audience_cost: 5.5625, note: CANARY-RATIFY}
    note: CANARY-MANDATE
    instructions:
      - {round: 3, kind: no-deal, words: CANARY-WAIT}
      - {round: 5, kind: tighten, limits: {floor: [low, middle]}, words: CANARY-TIGHTEN}
      - {round: 6, kind: red-line, red_line: {tonnes: 2000, floor: middle}, words: CANARY-LINE}
shocks:
  mine: {label: CANARY-MINE, words: CANARY-FLOODED, round: 2, heard_by: [A],
         reservation: {A: 2.8125}, note: CANARY-NOTE}
  strike: {label: CANARY-STRIKE, heard_by: [A], reservation: {A: 1.9375}}
  fall: {label: Prices fall, words: All hear of it., round: 3, reservation: {A: -5, B: -3}}
"""
FIGURES = ("97.3125", "0.5625", "3.4375", "0.1875", "5.5625", "2.8125", "1.9375", "12.8125")
TRACES = ("CANARY", *FIGURES)


def planted(kind: str = "alternating-offers", secret: str = SECRET) -> Scenario:
    """Return the eventful scenario with canaries in everything that is Aland's own."""
    plain = TEXT.replace("KIND", kind).partition("mandates:")[0]
    plain = plain.replace("[1000, 2000, 3000]", "[1000, 1500, 2000, 3000]")
    plain = plain.replace("{1000: 0, 2000", "{1000: 0, 1500: 15, 2000")
    plain = plain.replace("{1000: 60, 2000", "{1000: 60, 1500: 50, 2000")
    return parse_scenario(plain + secret + (SIGNED if kind == "forum" else ""), "eventful")


def leaks(text: str) -> list[str]:
    """Return the traces of Aland's secrets in a text."""
    return [trace for trace in TRACES if trace in text]


def told(view: View) -> str:
    """Return all that a seat is shown or told: prompts, menus, a person's page, a message."""
    hall = view.hall
    move = Offer(int(view.own.ranking[0][-1]))
    asked = decision_messages(view, []) if hall is None else hall_messages(view, hall, [])
    schema = decision_schema(view) if hall is None else hall_schema(view, hall)
    menu = candidates(view)
    page = [*briefing(view), *situation(view), *talk_lines(view), *map(repr, view.news)]
    shown = [*asked, *menu_messages(view, menu, range(len(menu)))]
    if hall is None or hall.is_spoken(move):
        shown += [*voice_messages(view, move), *brief_messages(view, move)]
    message = turn_told(Turn(view=view)).model_dump_json()
    return "\n".join([*(one.content for one in shown), json.dumps(schema.json), *page, message])


def held(view: View) -> list[str]:
    """Return all plain values that can be reached from a view."""
    kinds = str | int | float
    return [repr(part) for part in parts(view, set()) if isinstance(part, kinds)]


@dataclass
class Both:
    """Sits for both: Bland plays on by rule, Aland asks its capital once for an option."""

    option: str
    until: int | None = None
    """The turn at which everybody leaves for now."""
    seen: list[tuple[int, str, list[str]]] = field(default_factory=list)
    """What Bland was shown at each of its turns, and all that it could reach."""

    async def move(self, turn: Turn) -> Answer:
        view = turn.view
        if self.until is not None and view.turn >= self.until:
            raise Paused("later")
        if view.party == "B":
            self.seen.append((view.turn, told(view), [*held(view), repr(turn.shocks)]))
            return PersonMove(_by_rule(view))
        ask = AskCapital("tonnes", self.option)
        assert view.mandate is not None
        can = view.mandate.problem(ask) is None
        return PersonMove(ask if can else _by_rule(view))

    def wants_back(self, party: str) -> bool:
        del party
        return False


def _by_rule(view: View) -> Move:
    def choose() -> Move:
        return Firm().choose(view)

    if view.hall is not None:
        return view.hall.by_rule(choose)
    return Pass() if view.is_held else choose()


SEATS = {"A": "human", "B": "human"}


def watched(home: Path, scenario: Scenario, option: str) -> dict[str, Both]:
    """Return what Bland saw in a session played straight, in one resumed and in a branch."""
    straight, halves, branched = Both(option), Both(option, until=9), Both(option)
    home.mkdir()
    negotiate(scenario, SEATS, seed=2, person=straight, transcript=home / "s.jsonl", session="s")
    with pytest.raises(Paused):
        negotiate(scenario, SEATS, seed=2, person=halves, transcript=home / "h.jsonl", session="s")
    halves.until = None
    resume(home / "h.jsonl", person=halves)
    branch = fork(home / "s.jsonl", at=7, out=home / "b.jsonl", settings=settings_at(home=home))
    resume(branch.path, person=branched)
    return {"straight": straight, "halves": halves, "branched": branched}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_capital_is_asked_for_no_other_seat_can_tell(tmp_path: Path, kind: str) -> None:
    one, other = (watched(tmp_path / option, planted(kind), option) for option in ("1000", "1500"))
    for way, saw in one.items():
        assert len(saw.seen) > 3, way
        assert saw.seen == other[way].seen, way
    whole = [shown for _, shown, _ in one["straight"].seen]
    assert [shown for _, shown, _ in one["halves"].seen] == whole
    after = [shown for _, shown, _ in one["branched"].seen]
    assert after == whole[-len(after) :]
    asked = [
        event.on["option"]
        for path in (tmp_path / "1000" / "s.jsonl", tmp_path / "1500" / "s.jsonl")
        for event in events_of(path)
        if isinstance(event, MoveMade) and event.act == "ask-capital"
    ]
    assert asked == ["1000", "1500"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_mandate_or_of_what_a_seat_alone_heard_is_seen_elsewhere(
    tmp_path: Path, kind: str
) -> None:
    for way, saw in watched(tmp_path / "a", planted(kind), "1000").items():
        for turn, shown, reached in saw.seen:
            assert leaks(shown) == [], (way, turn)
            assert leaks(" ".join(reached)) == [], (way, turn)
        assert any("Prices fall" in shown for _, shown, _ in saw.seen)


def test_the_canaries_can_be_found_where_they_belong() -> None:
    state = inject(start(planted(), 2), "strike")
    view = view_of_mover(state)
    assert "CANARY-STRIKE" in told(view)
    assert {"3.4375", "0.1875", "5.5625"} <= {one for one in FIGURES if one in " ".join(held(view))}
    assert "CANARY-STRIKE" in "\n".join(one.words for one in news_of(state, "A"))
    assert news_of(state, "B") == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_view_written_out_tells_nothing_of_what_another_asked_its_capital_for(kind: str) -> None:
    behind = SECRET.replace("shocks:", "  B: {limits: {floor: [low, middle]}}\nshocks:", 1)
    written: list[str] = []
    for option in ("1000", "1500"):
        state = start(planted(kind, behind), 2)
        while state.party != "B" or not state.requests:
            state, _ = step(state, _asks_or_goes_on(state, option))
        view = view_of_mover(state)
        assert view.mandate is not None
        written.append(re.sub(r" at 0x\w+", "", repr(view)))
        assert leaks(written[-1]) == []
    assert written[0] == written[1]


def _asks_or_goes_on(state: State, option: str) -> Move:
    """Return what is asked of Aland's capital as soon as it may be; else what the rule does."""
    asks, view = AskCapital("tonnes", option), view_of_mover(state)
    mandate = view.mandate
    is_possible = mandate is not None and mandate.problem(asks) is None
    if view.party == "A" and not state.requests and is_possible:
        return asks
    return act_by_rule(state, lambda: Firm().choose(view))


def view_of_mover(state: object) -> View:
    from delegates.views import view_of

    assert isinstance(state, State)
    return view_of(state, (), 2)


Reply = Callable[..., str]


@pytest.mark.parametrize(("kind", "reply"), [(KINDS[0], haggle), (KINDS[1], hall_haggle)])
@pytest.mark.parametrize("seat", ["llm:m", "menu:m", "firm+llm:m"])
def test_no_prompt_of_another_seat_and_no_public_event_holds_a_trace(
    tmp_path: Path, seat: str, kind: str, reply: Reply
) -> None:
    path = tmp_path / "s.jsonl"
    with OpenAIStub(reply) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        negotiate(
            planted(kind),
            {"A": seat, "B": seat},
            seed=1,
            transcript=path,
            settings=settings,
            shocks=["strike@2"],
        )
    events = events_of(path)
    others = [one for one in events if isinstance(one, Asked) and one.party == "B"]
    own = [one for one in events if isinstance(one, Asked) and one.party == "A"]
    assert others
    assert [leaks(one.model_dump_json()) for one in others if leaks(one.model_dump_json())] == []
    if seat != "firm+llm:m":
        assert any("CANARY-MINE" in one.model_dump_json() for one in own)
        assert any("CANARY-STRIKE" in one.model_dump_json() for one in own)
    private = [one for one in events if isinstance(one, Happened) and one.heard_by]
    assert {one.heard_by for one in private} == {("A",)}
    moved = [one.model_dump_json() for one in events if one.type == "moved"]
    assert [leaks(line) for line in moved if leaks(line)] == []


def test_an_estimate_tells_nothing(tmp_path: Path) -> None:
    game = planted()
    specs = {party: parse_seat("llm:m") for party in game.ids}
    expected = estimate(game, specs, settings_at("http://127.0.0.1:9", home=tmp_path), Caps())
    assert leaks(expected.line() + json.dumps(expected.as_json())) == []
