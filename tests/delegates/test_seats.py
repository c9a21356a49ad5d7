from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from delegates import seating
from delegates.line import Line
from delegates.minds.firm import Firm
from delegates.minds.llm import LlmMind
from delegates.minds.menu import MenuMind
from delegates.minds.time_based import TimeBased
from delegates.minds.tit_for_tat import TitForTat
from delegates.seating import default_seat, seat_delegate, seat_specs
from delegates.seats import MODEL_MINDS, SCRIPTED_MINDS, VOICES, ModelName, SeatSpec, parse_seat
from delegates.settings import Flags, Settings, load_settings
from delegates.voices.llm import LlmVoice
from delegates.voices.template import TemplateVoice
from games.errors import SeatError
from games.scenario import load_scenario
from tests.delegates.scripted_model import line_to, model_of
from tests.delegates.sessions import mini


def line(_: ModelName) -> Line:
    return line_to(model_of())


@pytest.mark.parametrize(
    ("text", "decides", "words", "models"),
    [
        ("boulware", "code (boulware)", "templates", []),
        ("boulware+template", "code (boulware)", "templates", []),
        ("firm+llm:local", "code (firm)", "local", ["local"]),
        ("firm(demand=0.4)+llm:local", "code (firm)", "local", ["local"]),
        ("menu:local-large", "local-large (from a menu)", "templates", ["local-large"]),
        ("menu:a+llm:b", "a (from a menu)", "b", ["a", "b"]),
        ("llm:gpt-5-mini", "gpt-5-mini (freely)", "gpt-5-mini", ["gpt-5-mini"]),
        ("llm:gpt@work", "gpt (freely)", "gpt", ["gpt@work"]),
        ("llm:a+llm:b", "a (freely)", "b", ["a", "b"]),
        ("llm:a+template", "a (freely)", "templates", ["a"]),
        ("llm:org/model:7b", "org/model:7b (freely)", "org/model:7b", ["org/model:7b"]),
        ("llm:org/m@1@work", "org/m@1 (freely)", "org/m@1", ["org/m@1@work"]),
        ("  linear  ", "code (linear)", "templates", []),
        ("human", "a person (stand-in: firm)", "the person or templates", []),
        ("human(limit=90)", "a person (stand-in: firm)", "the person or templates", []),
        ("human:gpt", "a person (stand-in: llm:gpt)", "the person or templates", ["gpt"]),
        ("human+llm:v", "a person (stand-in: firm)", "the person or v", ["v"]),
        (
            "human(limit=90,stand-in=menu):a@x+llm:b",
            "a person (stand-in: menu:a)",
            "the person or b",
            ["a@x", "b"],
        ),
        ("llm: gpt ", "gpt (freely)", "gpt", ["gpt"]),
    ],
)
def test_a_specification_says_who_decides_and_who_words(
    text: str, decides: str, words: str, models: list[str]
) -> None:
    spec = parse_seat(text)
    assert (spec.decides, spec.words) == (decides, words)
    assert [str(model) for model in spec.models] == models
    assert spec.scripted == (not models and not spec.is_person)
    assert parse_seat(spec.text) == spec


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected mind"),
        ("+llm:a", "expected mind"),
        ("Boulware", "expected mind"),
        ("bulware", "unknown mind 'bulware'; is it boulware?"),
        ("waffle", "unknown mind 'waffle'; the minds are boulware, linear"),
        ("firm+lllm:a", "unknown voice 'lllm'"),
        ("firm+", "unknown voice ''"),
        ("llm", "names no model"),
        ("menu", "names no model"),
        ("firm+llm", "names no model"),
        ("llm:", "names no model"),
        ("llm:none", "names no model"),
        ("llm: none ", "names no model"),
        ("llm:@work", "an endpoint without a model"),
        ("boulware:gpt", "takes no model; to let a model word it, write boulware+llm:gpt"),
        ("firm+template:gpt", "template takes no model"),
        ("firm(demnd=1)", "unknown parameter 'demnd'; firm takes exponent, demand"),
        ("firm(demand=2)", "demand='2'; expected a number from 0 to 1"),
        ("firm(demand=nan)", "expected a number"),
        ("firm(demand=)", "expected a number"),
        ("firm(demand)", "expected a number"),
        ("boulware(exponent=0)", "expected a number from 0.01 to 100"),
        ("llm(temp=1):a", "unknown parameter 'temp'; llm takes guard, temperature, effort"),
        ("llm(temperature=3):a", "temperature='3'; expected a number from 0 to 2"),
        ("firm(demand=0.1", "expected mind"),
        ("llm:a\nb", "expected mind"),
        ("human(limit=-1)", "limit='-1'; expected a number from 0 to 86400"),
        ("human(limit=1h)", "limit='1h'; expected a number"),
        ("human(stand-in=human)", "stand-in='human'; expected one of firm, "),
        ("human(stand-in=)", "stand-in=''; expected one of firm, "),
        ("human(stand-in=llm)", "names no model"),
        ("human(patience=1)", "unknown parameter 'patience'; human takes limit, stand-in"),
        ("human(stand-in=firm):a", "takes no model; for a model to stand in, write human(stand-in"),
        ("human:", "names no model"),
        ("human+sung", "unknown voice 'sung'"),
    ],
)
def test_what_names_nothing_there_is_gets_one_line(text: str, reason: str) -> None:
    with pytest.raises(SeatError) as caught:
        parse_seat(text)
    line = str(caught.value)
    assert reason in line
    assert repr(text) in line
    assert "\n" not in line


PARTS = (
    *("llm", "menu", "firm", "boulware", "human", "template", "+", ":", "@", "(", ")", "=", ","),
    *(" ", "limit=9", "stand-in=llm", "stand-in=firm"),
)
TEXTS = st.text(max_size=20) | st.lists(
    st.sampled_from((*PARTS, "demand=0.5", "gpt", "none", "work", "+llm:", "+template")), max_size=9
).map("".join)


@given(text=TEXTS)
@example("llm:a+b+template")
@example("llm:a@b@")
@example("llm:a+llm:b+template")
@example("llm: none")
@example("menu:x+template+llm:y")
def test_any_text_is_a_seat_that_reads_back_or_a_seat_error(text: str) -> None:
    try:
        spec = parse_seat(text)
    except SeatError as error:
        spec = parse_seat("firm")
        lines = str(error).splitlines()
    else:
        lines = [spec.text]
    assert len(lines) == 1
    assert isinstance(spec, SeatSpec)
    assert parse_seat(spec.text) == spec


@example(text="llm", default="a+b")
@example(text="firm+llm", default="a+llm:b")
@example(text="menu", default="a+b")
@example(text="menu", default="a@b@")
@given(text=TEXTS, default=st.sampled_from(["gpt", "gpt@work", "a+b", "none", "local", " x "]))
def test_a_seat_that_takes_the_default_model_reads_back_without_it(text: str, default: str) -> None:
    try:
        spec = parse_seat(text, default)
    except SeatError:
        return
    assert parse_seat(spec.text) == spec


@pytest.mark.parametrize(
    ("text", "default", "stand_in"),
    [
        ("human", None, "firm"),
        ("human", "none", "firm"),
        ("human", "gpt", "llm:gpt"),
        ("human", "local", "firm"),
        ("human", "local-large", "firm"),
        ("human:local", None, "llm:local"),
        ("human(stand-in=llm)", "local", "llm:local"),
        ("human(stand-in=linear)", "gpt", "linear"),
        ("human(stand-in=menu)+llm:v", "gpt", "menu:gpt+llm:v"),
        ("human+template:", None, "firm"),
        ("human:gpt+template", None, "llm:gpt+template"),
    ],
)
def test_who_stands_in_for_a_person(text: str, default: str | None, stand_in: str) -> None:
    spec = parse_seat(text, default)
    found = spec.stand_in
    assert found is not None
    assert found == parse_seat(found.text)
    assert (found.text, found.is_person, found.stand_in) == (stand_in, False, None)
    assert parse_seat(spec.text) == spec


@pytest.mark.parametrize(
    ("text", "limit_s"), [("human", None), ("human(limit=0)", None), ("human(limit=1.5)", 1.5)]
)
def test_a_person_may_have_a_time_limit(text: str, limit_s: float | None) -> None:
    assert parse_seat(text).limit_s == limit_s
    assert parse_seat("firm").limit_s is None


def test_a_persons_seat_is_that_of_its_stand_in_but_for_its_name() -> None:
    delegate = seat_delegate(parse_seat("human(stand-in=menu):a+llm:b"), line)
    assert isinstance(delegate.mind, MenuMind)
    assert isinstance(delegate.voice, LlmVoice)
    assert delegate.spec.is_person
    assert not delegate.scripted


def test_a_seat_with_a_person_is_never_played_as_a_scripted_one() -> None:
    given = {"USA": "human", "COD": "firm"}
    assert seating.scripted_seats(mini(), given) is None
    assert seating.scripted_seats(mini(), {**given, "USA": "linear"}) is not None


def test_another_model_stands_in_where_one_did() -> None:
    assert parse_seat("human(limit=9):a").with_model("c@y").text == "human(limit=9):c@y"
    assert parse_seat("human").with_model("c").text == "human"


def test_the_default_model_fills_what_names_none() -> None:
    assert parse_seat("llm+llm:b", "a@x").text == "llm:a@x+llm:b"
    assert parse_seat("firm+llm", "a").text == "firm+llm:a"
    assert parse_seat("firm", "a").text == "firm"


@pytest.mark.parametrize("name", sorted(SCRIPTED_MINDS))
def test_the_parameters_of_every_scripted_mind_have_defaults_that_can_be_given(name: str) -> None:
    rule = SCRIPTED_MINDS[name]
    defaults = {key: parameter.default for key, parameter in rule.parameters.items()}
    assert parse_seat(name).parameters == defaults
    for key, value in defaults.items():
        assert parse_seat(f"{name}({key}={value})").parameters == defaults


@pytest.mark.parametrize("name", sorted(SCRIPTED_MINDS))
def test_every_scripted_mind_says_whose_idea_it_is(name: str) -> None:
    assert any(character.isdigit() for character in SCRIPTED_MINDS[name].source)


def test_parameters_reach_the_mind() -> None:
    assert seating.scripted_mind(parse_seat("boulware(exponent=7)")) == TimeBased(7.0)
    assert seating.scripted_mind(parse_seat("tit-for-tat(goodwill=0)")) == TitForTat(0)


def test_another_model_takes_the_place_of_those_named() -> None:
    spec = parse_seat("menu:a@x+llm:b").with_model("c@y")
    assert spec.text == "menu:c@y+llm:c@y"
    assert parse_seat("firm").with_model("c").text == "firm"


@pytest.mark.parametrize("model", ["", "none", "@work", " "])
def test_no_model_cannot_take_the_place_of_one(model: str) -> None:
    with pytest.raises(SeatError, match=r"--model|without a model"):
        parse_seat("llm:a").with_model(model)


@pytest.mark.parametrize(
    ("text", "mind", "voice"),
    [
        ("llm:a", LlmMind, type(None)),
        ("llm:a+llm:b", LlmMind, LlmVoice),
        ("llm:a+template", LlmMind, TemplateVoice),
        ("menu:a", MenuMind, TemplateVoice),
        ("menu:a+llm:b", MenuMind, LlmVoice),
        ("firm", Firm, TemplateVoice),
        ("firm+llm:b", Firm, LlmVoice),
    ],
)
def test_a_delegate_has_the_mind_and_voice_of_its_seat(text: str, mind: type, voice: type) -> None:
    delegate = seat_delegate(parse_seat(text), line)
    assert isinstance(delegate.mind, mind)
    assert isinstance(delegate.voice, voice)


def test_every_mind_and_voice_is_listed_once() -> None:
    assert not SCRIPTED_MINDS.keys() & MODEL_MINDS.keys()
    assert VOICES == ("template", "llm")


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the embedded model can be used, to be set by a test."""
    there = [True]
    monkeypatch.setattr(
        seating, "why_unavailable", lambda _name, _settings: None if there[0] else "because"
    )
    return there


def settings_of(tmp_path: Path, model: str | None = None, **environ: str) -> Settings:
    return load_settings({"MINILATERAL_HOME": str(tmp_path), **environ}, Flags(model=model))


@pytest.mark.parametrize(
    ("model", "there", "seat", "why"),
    [
        ("gpt-5", True, "llm:gpt-5", "decided and worded by gpt-5 (--model)"),
        ("gpt-5@work", False, "llm:gpt-5@work", "decided and worded by gpt-5@work (--model)"),
        ("none", True, "firm", "no model was wanted"),
        ("local", True, "firm+llm:local", "decided by code, worded by a local model"),
        (None, True, "firm+llm:local", "decided by code, worded by a local model"),
        (None, False, "firm", "decided by code, worded by templates; no embedded model: because"),
        ("local-large", True, "menu:local-large+llm:local-large", "chosen from a menu"),
    ],
)
def test_the_default_seat_follows_what_was_asked_for_and_says_why(
    tmp_path: Path, embedded: list[bool], model: str | None, there: bool, seat: str, why: str
) -> None:
    embedded[0] = there
    found, said = default_seat(settings_of(tmp_path, model))
    assert found == seat
    assert said.startswith(why)


def test_an_embedded_model_that_was_asked_for_and_is_missing_is_an_error(
    tmp_path: Path, embedded: list[bool]
) -> None:
    embedded[0] = False
    with pytest.raises(SeatError, match="the embedded model cannot be used: because"):
        default_seat(settings_of(tmp_path, "local"))


def test_a_model_of_the_environment_counts_and_is_named(tmp_path: Path) -> None:
    found = default_seat(settings_of(tmp_path, MINILATERAL_MODEL="m"))
    assert found == ("llm:m", "decided and worded by m (MINILATERAL_MODEL)")


def test_a_key_alone_asks_no_model(tmp_path: Path, embedded: list[bool]) -> None:
    embedded[0] = False
    assert default_seat(settings_of(tmp_path, OPENAI_API_KEY="k"))[0] == "firm"


def test_seats_given_go_before_the_scenarios_and_those_before_the_default(
    tmp_path: Path, embedded: list[bool]
) -> None:
    game = mini().model_copy(update={"seats": {"USA": "linear", "COD": "conceder"}})
    specs = seat_specs(game, {"COD": "boulware"}, settings_of(tmp_path))
    assert {party: spec.text for party, spec in specs.items()} == {
        "USA": "linear",
        "COD": "boulware",
    }
    specs = seat_specs(mini(), {"COD": "boulware"}, settings_of(tmp_path))
    assert specs["USA"].text == "firm+llm:local"


def test_a_model_that_was_asked_for_goes_before_the_scenarios_seats(tmp_path: Path) -> None:
    game = mini().model_copy(update={"seats": {"USA": "linear"}})
    assert seat_specs(game, {}, settings_of(tmp_path, "m"))["USA"].text == "llm:m"
    assert seat_specs(game, {"USA": "llm"}, settings_of(tmp_path, "m"))["USA"].text == "llm:m"


def test_seats_of_the_scenario_that_ask_no_model_hold_where_none_is_wanted(tmp_path: Path) -> None:
    game = mini().model_copy(update={"seats": {"USA": "linear", "COD": "llm:m"}})
    specs = seat_specs(game, {}, settings_of(tmp_path, "none"))
    assert {party: spec.text for party, spec in specs.items()} == {"USA": "linear", "COD": "firm"}


def test_among_many_in_a_hall_a_model_words_what_rules_decide(tmp_path: Path) -> None:
    forum = load_scenario("ministerial")
    specs = seat_specs(forum, {"JPN": "llm:m"}, settings_of(tmp_path, "m"))
    assert specs["USA"].text == f"{forum.seats['USA']}+llm:m"
    assert specs["JPN"].text == "llm:m"
    assert [party for party, spec in specs.items() if spec.model is not None] == ["JPN"]


def test_a_seat_for_nobody_names_the_parties_there_are(tmp_path: Path) -> None:
    with pytest.raises(SeatError, match="seat 'FRA': no such party; mini has USA, COD"):
        seat_specs(mini(), {"FRA": "firm"}, settings_of(tmp_path))


def test_a_parameter_given_twice_is_refused_and_spaces_around_it_are_none_of_it() -> None:
    with pytest.raises(SeatError, match="exponent is given twice; expected one value"):
        parse_seat("firm(exponent=2, exponent=3)")
    assert parse_seat("firm( exponent = 3 )").parameters["exponent"] == 3
