import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from delegates import Caps, negotiate
from delegates.models.budget import Budget
from delegates.models.dialect import Dialect
from delegates.models.remembered import ModelAt, dialects_at
from delegates.models.tokens import shared_tokens, tokens_in
from delegates.rehearsal.estimate import THOUGHT_TOKENS, Estimate, estimate
from delegates.rehearsal.hall import played_by_stand_ins
from delegates.rehearsal.turns import rehearse
from delegates.seats import parse_seat
from games.errors import SettingError
from games.outcomes import option_text
from games.scenario import Scenario, load_scenario
from tests.delegates.halls import hall_haggle, hall_of
from tests.delegates.sessions import events_of, mini, said, settings_at
from tests.support.openai_stub import OpenAIStub, Said
from transcripts.events import MoveMade

PRICED = '[prices."m"]\ninput = 1.0\noutput = 4.0\ncached = 0.1\n'


def expected(
    tmp_path: Path,
    seat: str,
    caps: Caps | None = None,
    config: str = "",
    scenario: Scenario | None = None,
) -> Estimate:
    settings = settings_at("http://127.0.0.1:9/v1", config, home=tmp_path)
    found = scenario or mini()
    specs = {party: parse_seat("firm") for party in found.ids} | {"USA": parse_seat(seat)}
    return estimate(found, specs, settings, caps or Caps())


@pytest.mark.parametrize(
    ("seat", "calls"),
    [("firm", 0), ("llm:m", 12), ("firm+llm:m", 12), ("llm:m+llm:m", 24)],
)
def test_calls_are_counted_to_the_last_round(tmp_path: Path, seat: str, calls: int) -> None:
    assert expected(tmp_path, seat).calls == calls


def test_a_menu_is_shown_as_often_as_it_has_moves_and_at_most_three_times(tmp_path: Path) -> None:
    assert 24 <= expected(tmp_path, "menu:m").calls <= 36
    voiced = expected(tmp_path, "menu:m+llm:m")
    assert voiced.calls == expected(tmp_path, "menu:m").calls + 12


def test_nothing_is_asked_and_nothing_costs_where_every_seat_is_scripted(tmp_path: Path) -> None:
    found = expected(tmp_path, "firm")
    assert found.line() == "No model will be asked; this costs nothing."
    assert found.seat_lines() == []
    told = found.as_json()
    assert (told["planned"], told["calls"], told["tokens"], told["cost_usd"]) == (1, 0, 0, 0)
    assert (told["cap_usd"], told["seconds"], told["seats"]) == (None, 0, {})


def test_a_price_that_is_not_known_is_said_to_be_so(tmp_path: Path) -> None:
    found = expected(tmp_path, "llm:m")
    assert found.cost_usd is None
    assert "a price is not known" in found.line()
    assert "price not known" in found.seat_lines()[0]


def test_a_known_price_gives_a_cost_and_a_cap(tmp_path: Path) -> None:
    found = expected(tmp_path, "llm:m", config=PRICED)
    assert 0 < (found.cost_usd or 0) < (found.worst.cost_usd or 0) < 1
    assert found.cap_usd == 1.0
    assert "never more than 1.00 USD" in found.line()
    assert expected(tmp_path, "llm:m", Caps(max_cost_usd=3), PRICED).cap_usd == 3


def test_a_shared_cap_takes_the_place_of_the_usual_one(tmp_path: Path) -> None:
    shared = Caps(shared=Budget(max_cost_usd=5))
    assert expected(tmp_path, "llm:m", shared, PRICED).cap_usd is None
    with pytest.raises(SettingError, match="the price of 'm' is unknown"):
        expected(tmp_path, "llm:m", shared)


def test_every_seat_that_asks_has_a_line(tmp_path: Path) -> None:
    found = expected(tmp_path, "menu:m+llm:m", config=PRICED)
    (line,) = found.seat_lines()
    assert line.startswith(f"  USA, menu:m+llm:m: about {found.calls} calls, ")
    assert " USD" in line
    told: Any = json.loads(json.dumps(found.as_json()))
    assert told["seats"]["USA"]["expected"]["calls"] == found.calls
    assert told["tokens"] == told["tokens_in"] + told["tokens_out"]
    assert told["worst"]["tokens"]["output"] > told["tokens_out"]


def test_at_worst_every_reply_is_as_long_as_allowed_and_asked_for_again(tmp_path: Path) -> None:
    found = expected(tmp_path, "llm:m", config=PRICED)
    assert (found.calls, found.worst.calls) == (12, 36)
    assert found.worst.output == 36 * 1200
    assert found.worst.cached == 0


def test_a_model_known_to_reason_thinks_at_a_cost(tmp_path: Path) -> None:
    plain = expected(tmp_path, "llm:m", config=PRICED)
    known = dialects_at(tmp_path)
    known.prove(ModelAt("127.0.0.1:9", "m"), Dialect(reasons=True, room=2000))
    found = expected(tmp_path, "llm:m", config=PRICED)
    assert found.expected.output == plain.expected.output + 12 * THOUGHT_TOKENS
    assert found.worst.output == 36 * 3200


def test_the_embedded_model_costs_time_alone(tmp_path: Path) -> None:
    found = expected(tmp_path, "firm+llm:local")
    assert (found.cost_usd, found.expected.cached) == (0, 0)
    assert found.seconds == pytest.approx(
        found.expected.input / 133 + found.expected.output / 22, rel=0.01
    )
    assert "on this machine, roughly " in found.line()
    assert found.line().endswith(": no cost.")


def test_a_cap_on_money_needs_a_price(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="the price of 'm' is unknown"):
        expected(tmp_path, "llm:m", Caps(max_cost_usd=1))


def test_a_persons_stand_in_is_counted_at_worst_alone(tmp_path: Path) -> None:
    found = expected(tmp_path, "human:m", config=PRICED)
    assert (found.calls, found.cost_usd) == (0, 0)
    assert found.worst.calls == 36
    assert found.line().startswith("m: asked only for what a person leaves to it: at worst ")
    assert found.seat_lines()[0].startswith(
        "  USA, human:m: asked only for what a person leaves to it: at worst "
    )


def test_an_embedded_model_that_may_not_be_asked_takes_no_time(tmp_path: Path) -> None:
    found = expected(tmp_path, "human+llm:local")
    assert (found.calls, found.seconds) == (0, 0)
    assert found.line() == "local: asked only for what a person leaves to it: no cost."


@pytest.mark.parametrize(
    ("cap", "told"), [(1.0, "1.00"), (0.03, "0.03"), (0.001, "0.001"), (0.0, "0.00")]
)
def test_a_small_cap_is_not_rounded_to_nothing(tmp_path: Path, cap: float, told: str) -> None:
    line = expected(tmp_path, "llm:m", Caps(max_cost_usd=cap), PRICED).line()
    assert line.endswith(f"; never more than {told} USD.")


def test_a_long_session_is_sampled_and_a_short_one_built_whole(tmp_path: Path) -> None:
    for rounds, built in ((10, 10), (60, 10)):
        specs = {"USA": parse_seat("llm:m"), "COD": parse_seat("firm")}
        asked = rehearse(mini(rounds=rounds), specs, is_smooth=True)
        turns = [one.turns for one in asked if not one.is_again]
        assert (len(turns), sum(turns)) == (built, rounds)


def test_samples_stand_for_the_rounds_around_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampled = expected(tmp_path, "llm:m", scenario=mini(rounds=30))
    monkeypatch.setattr("delegates.rehearsal.turns.SAMPLED_ROUNDS", 30)
    whole = expected(tmp_path, "llm:m", scenario=mini(rounds=30))
    assert sampled.tokens == pytest.approx(whole.tokens, rel=0.02)


def test_most_of_a_ten_round_sessions_input_was_sent_before(tmp_path: Path) -> None:
    scenario = load_scenario("cobalt-offtake")
    specs = {party: parse_seat("llm:m") for party in scenario.ids}
    rules = scenario.protocol.model_copy(update={"rounds": 10})
    asked = rehearse(scenario.model_copy(update={"protocol": rules}), specs, is_smooth=True)
    assert sum(one.seen for one in asked) >= 0.8 * sum(one.input for one in asked)


def test_tokens_shared_with_an_earlier_prompt_are_those_before_the_first_difference() -> None:
    assert shared_tokens(("one two", "three four"), ("one two", "three five")) == (
        tokens_in("one two") + 4 + tokens_in("three f")
    )
    assert shared_tokens(("a",), ("b",)) == 0


CHARACTERS_A_TOKEN = 3.3
"""What Qwen 2.5's tokeniser takes of such prompts and replies, on the whole."""


def delegate_of(scenario: Scenario) -> Callable[[dict[str, Any]], Said]:
    """Return a model that answers as models commonly do, and counts tokens by characters.

    What it offers, its counterpart never accepts; nor does it accept anything itself.
    """
    own, other = scenario.preferences
    liked = [int(one) for one in own.ranking[0][-20:] if one != other.ranking[0][-1]]

    def answer(request: dict[str, Any]) -> Said:
        prompt = "".join(message["content"] for message in request["messages"])
        schema = json.dumps(request.get("response_format", {}))
        text = _words(prompt)
        if "response_format" in request:
            outcome = scenario.space.outcome(Random(prompt).choice(liked))
            offer = {name: option_text(option) for name, option in outcome.items()}
            thought = "They care most for volume, we for price; a trade of both helps either side. "
            words = f"{text} So much for round {len(re.findall('OFFER', prompt)) // 2 + 1}."
            text = said("offer", offer, words).replace('""', f'"{thought * 3}"', 1)
        elif request.get("logprobs"):
            text = re.findall(r"^([A-H])\) offer", prompt, re.MULTILINE)[0]
        read = round((len(prompt) + len(schema)) / CHARACTERS_A_TOKEN) + 12
        return Said(text=text, usage=(read, round(len(text) / CHARACTERS_A_TOKEN) + 1, 0))

    return answer


def _words(prompt: str) -> str:
    return " ".join(Random(prompt).sample(_SAID, 2))


_SAID = (
    "We propose terms under which both of our countries would gain from the trade in cobalt.",
    "Our government cannot agree to volumes of this size without a price that carries the cost.",
    "The railway matters to our regions, and an agreement that leaves it out would not last.",
    "We have moved on the volume; we now ask that you move on the price in turn.",
    "Let us settle the price first, and the volume and the railway will follow from it.",
)


@pytest.mark.parametrize("seat", ["llm:m", "menu:m+llm:m", "firm+llm:m"])
@pytest.mark.parametrize("name", ["mini", "cobalt-offtake"])
def test_a_session_to_the_last_round_uses_about_what_was_estimated(
    tmp_path: Path, seat: str, name: str
) -> None:
    scenario = mini() if name == "mini" else load_scenario(name)
    other = next(party for party in scenario.ids if party != "USA")
    seats = {"USA": seat, other: "hard-headed"}
    with OpenAIStub(delegate_of(scenario)) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        record = negotiate(scenario, seats, settings=settings)
    specs = {party: parse_seat(text) for party, text in seats.items()}
    found = estimate(scenario, specs, settings, Caps())
    used = record.spend
    assert record.state.rounds_begun == scenario.protocol.rounds
    assert found.calls == pytest.approx(used.calls, rel=0.3)
    assert found.expected.input == pytest.approx(used.tokens.input, rel=0.3)
    assert found.expected.output == pytest.approx(used.tokens.output, rel=0.3)
    assert used.tokens.input + used.tokens.output < found.worst.tokens


def hall_estimate(tmp_path: Path, seats: dict[str, str], kind: str = "forum") -> Estimate:
    scenario = hall_of(kind, speakers=2)
    specs = {party: parse_seat(seats.get(party, "boulware")) for party in scenario.ids}
    return estimate(
        scenario, specs, settings_at("http://127.0.0.1:9/v1", PRICED, home=tmp_path), Caps()
    )


def test_a_halls_calls_are_those_of_a_session_that_stand_ins_play(tmp_path: Path) -> None:
    scenario = hall_of("forum", speakers=2)
    specs = {party: parse_seat("llm:m") for party in scenario.ids}
    scenes = played_by_stand_ins(scenario, specs)
    found = hall_estimate(tmp_path, dict.fromkeys(scenario.ids, "llm:m"))
    assert found.calls == len(scenes)
    assert found.worst.calls == 3 * len(scenes)
    assert found.line().startswith("If it goes as stand-ins play it: about ")


def test_a_voice_in_a_hall_is_asked_for_what_is_said_aloud_alone(tmp_path: Path) -> None:
    scenario = hall_of("forum", speakers=2)
    seats = dict.fromkeys(scenario.ids, "linear+llm:m")
    scenes = played_by_stand_ins(scenario, {p: parse_seat(s) for p, s in seats.items()})
    found = hall_estimate(tmp_path, seats)
    assert found.calls == sum(scene.is_spoken for scene in scenes)
    assert found.bound is not None
    # Two speakers with an aside each, and two texts of the chair.
    assert (found.bound.a_round, found.bound.caucuses, found.bound.at_the_end) == (6, 0, 0)
    assert "at most 6 calls a round" in found.line()
    assert found.as_json()["most_calls"] == found.bound.as_json()


def test_a_talk_between_two_has_no_bound_of_calls_a_round(tmp_path: Path) -> None:
    found = expected(tmp_path, "llm:m")
    assert found.bound is None
    assert "most_calls" not in found.as_json()


@pytest.mark.parametrize("kind", ["plenary", "forum"])
@pytest.mark.parametrize("seat", ["llm:m", "menu:m+llm:m", "boulware+llm:m"])
def test_no_round_of_a_hall_takes_more_calls_than_its_bound(
    tmp_path: Path, kind: str, seat: str
) -> None:
    scenario = hall_of(kind, speakers=2)
    bound = hall_estimate(tmp_path, dict.fromkeys(scenario.ids, seat), kind).bound
    assert bound is not None
    path = tmp_path / "s.jsonl"
    with OpenAIStub(lambda request: hall_haggle(request, "e")) as stub:
        negotiate(
            scenario,
            dict.fromkeys(scenario.ids, seat),
            transcript=path,
            settings=settings_at(stub.url, home=tmp_path),
        )
    rounds: Counter[int] = Counter()
    asked = 0
    for event in events_of(path):
        asked += event.type == "asked"
        if isinstance(event, MoveMade):
            rounds[event.round] += asked
            asked = 0
    most = bound.a_round_again + bound.caucuses + 3 * bound.at_the_end
    assert 0 < max(rounds.values()) <= most
