"""What fuzzing, and reading the readers as an attacker would, has found: each stays mended."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from delegates.config_file import LARGEST_CONFIG
from delegates.evaluation.planning.design import designed
from delegates.evaluation.planning.plan_files import parse_plan
from delegates.evaluation.planning.plan_scenarios import kept_scenarios
from delegates.models.cache import ReplyCache
from delegates.models.weights import require_gguf
from delegates.seats import parse_seat
from delegates.settings import Settings, load_settings
from delegates.text import clean
from games.errors import (
    LONGEST_LINE,
    PlanError,
    ScenarioError,
    SeatError,
    SettingError,
    TranscriptError,
    UnsoundEvent,
    UserError,
)
from games.formats.genius import issue_ids, read_genius
from games.scenario import load_scenario, parse_scenario
from tests.delegates.sessions import MINI
from tests.fuzzing.confinement import confined
from transcripts.store import decode, seal
from tui.joining.picture import Picture

PLAN = "minilateral-plan: 1\nid: p\ntitle: t\nstrategies: [firm, boulware]\nscenarios: [{}]\n"


def line_of(kind: type[UserError], read: Callable[[], object]) -> str:
    """Return the line by which something is refused."""
    with pytest.raises(kind) as caught:
        read()
    line = str(caught.value)
    assert len(line) <= LONGEST_LINE
    return line


def configured(tmp_path: Path, config: str) -> Settings:
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    return load_settings({"MINILATERAL_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ("model = " + "[" * 5_000, "is nested too deeply; expected tables of settings"),
        ("model = " + "9" * 5_000, "holds a number of thousands of digits"),
        ("model = 0x" + "f" * 5_000, "model: a number of thousands of digits cannot be used"),
        ("#" * LARGEST_CONFIG + "\n", "larger than 200000 bytes; not read; expected a TOML file"),
        (f'"{"x" * 5_000}" = 1', f"{'x' * 200}…: unknown key; expected one of model"),
        ('"a\\nb" = 1', "a b: unknown key; expected one of model"),
        ('gguf = "\\u0000"', "gguf: '\\x00' is no name of a file"),
        ('gguf = "~\\u0000"', "gguf: '~\\x00' is no name of a file"),
    ],
)
def test_a_config_file_of_any_kind_is_refused_in_a_line(
    tmp_path: Path, config: str, problem: str
) -> None:
    line = line_of(SettingError, lambda: configured(tmp_path, config))

    assert line.startswith(f"{tmp_path / 'config.toml'}: {problem}")


def test_an_endpoint_whose_name_breaks_lines_is_told_of_in_one(tmp_path: Path) -> None:
    config = '[endpoints."a\\nb"]\nbase_url = "no address"\n'

    line = line_of(SettingError, lambda: configured(tmp_path, config))

    assert "endpoints.a b.base_url" in line


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ("x" * 300, "cannot be read: File name too long"),
        ("~nobody-here/x.yaml", "names no known home; expected a file"),
        ("'~nobody-here/*.yaml'", "names no known home; expected a file"),
    ],
)
def test_a_plan_may_name_files_that_no_system_knows(
    tmp_path: Path, named: str, problem: str
) -> None:
    written = parse_plan(PLAN.format(named), "p.yaml", tmp_path)
    settings = load_settings({"MINILATERAL_HOME": str(tmp_path)})

    line = line_of(PlanError, lambda: designed(written.plan, tmp_path, settings, source=written))

    assert line.startswith("p.yaml:5: scenarios.0: ")
    assert problem in line


def test_a_value_misread_at_the_end_of_a_very_long_line_is_told_of_at_once() -> None:
    text = f'{{minilateral-plan: 1, id: "{"a" * 200_000}", seats: {{self_play: yes}}}}\n'

    with confined(b""):
        line = line_of(PlanError, lambda: parse_plan(text, "p.yaml"))

    assert line.startswith("p.yaml:1: self_play: found 'yes', which YAML reads as bool")


def test_a_kept_scenario_that_is_none_is_named(tmp_path: Path) -> None:
    text = b'{"minilateral": 99}'
    name = sha256(text).hexdigest()
    (tmp_path / f"{name}.json").write_bytes(text)

    line = line_of(
        PlanError,
        lambda: kept_scenarios([name], tmp_path, lambda _, problem: PlanError(problem)),
    )

    assert "is no scenario of this version: expected 1" in line


def test_a_scenario_may_extend_a_file_that_no_system_knows(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"minilateral: 1\nid: s\ntitle: t\nextends: {'x' * 300}\n", encoding="utf-8")

    line = line_of(ScenarioError, lambda: load_scenario(path))

    assert line.startswith(f"{path}:4: extends: ")
    assert line.endswith("File name too long")


def test_the_faults_of_a_long_scenario_are_found_at_once() -> None:
    sources = "".join(f"  - {{id: s{k}, nonsense: 1}}\n" for k in range(6_000))

    with confined(b""):
        line = line_of(ScenarioError, lambda: parse_scenario(f"{MINI}sources:\n{sources}", "long"))

    assert line == "long:30: sources.0.title: is missing"


def domain(*issues: tuple[str, int]) -> str:
    told = "".join(
        f'<issue index="{index}" name="{name}">'
        + "".join(f'<item value="v{k}"/>' for k in range(items))
        + "</issue>"
        for index, (name, items) in enumerate(issues, 1)
    )
    told = f"<utility_space><objective>{told}</objective></utility_space>"
    return f"<negotiation_template>{told}</negotiation_template>"


def profile(
    *issues: tuple[str, int], evaluation: str = "1", weight: str = "1", own: str = "0"
) -> str:
    told = "".join(
        f'<issue index="{index}" name="{name}">'
        + "".join(f'<item value="v{k}" evaluation="{evaluation}"/>' for k in range(items))
        + f'</issue><weight index="{index}" value="{weight}"/>'
        for index, (name, items) in enumerate(issues, 1)
    )
    return (
        f'<utility_space><objective>{told}</objective><reservation value="{own}"/></utility_space>'
    )


def test_a_profile_of_very_many_items_is_read_at_once() -> None:
    issue = ("x", 40_000)

    with confined(b""):
        line = line_of(
            UserError,
            lambda: read_genius(domain(issue), [profile(issue)] * 2, ["d.xml", "a.xml", "b.xml"]),
        )

    assert line.endswith("issues.x.options: expected at most 1000 of them, found 40000")


def test_very_many_issues_whose_names_make_the_same_id_get_ids_at_once() -> None:
    with confined(b""):
        ids = issue_ids(["钴" * k for k in range(1, 5_000)])

    assert ids[:3] == ["issue", "issue_2", "issue_3"]
    assert len(set(ids)) == 4_999


@pytest.mark.parametrize(
    ("numbers", "where"),
    [
        ({"own": "1e307"}, "parties.P1.reservation"),
        ({"weight": "1e300", "evaluation": "1e300"}, "parties.P1.points.x.v0"),
        ({"weight": "-1e300", "evaluation": "1e300"}, "parties.P1.points.x.v0"),
    ],
)
def test_points_beyond_all_floats_are_refused_in_a_line(
    numbers: dict[str, str], where: str
) -> None:
    issue = ("x", 2)
    texts = [profile(issue, **numbers)] * 2

    line = line_of(
        UserError,
        lambda: read_genius(domain(issue), texts, ["d.xml", "a.xml", "b.xml"], scaling="raw"),
    )

    assert line.startswith(f"d.xml: makes no scenario: {where}")


def test_weights_whose_sum_is_beyond_all_floats_are_a_warning() -> None:
    issues = (("x", 2), ("y", 2))
    texts = [profile(*issues, weight="1e308", evaluation="0")] * 2

    found = read_genius(domain(*issues), texts, ["d.xml", "a.xml", "b.xml"], scaling="raw")

    assert "a.xml: the weights sum to inf, not 1" in found.warnings


def test_a_picture_of_nothing_but_beginnings_is_drawn_at_once() -> None:
    with confined(b""):
        drawn = Picture().drawn(b"\x1b]" * 1_000_000 + b"\x07x")

    assert drawn == b"x"


@pytest.mark.parametrize("half", [b"\x1b", b"\x1b[", b"\x1b[1;", b"\x1b]0;title", b"\x1b]0;a\x1b"])
def test_a_sequence_that_has_only_begun_waits_for_its_rest(half: bytes) -> None:
    picture = Picture()

    first = picture.drawn(b"\x1b]0;x\x07a\x1b[0mb" + half)

    assert first == b"a\x1b[0mb"
    assert picture._begun.encode() == half


def test_a_reply_in_the_cache_that_counts_below_nothing_is_not_used(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path / "replies.sqlite")
    kept = {
        "text": "x", "finish": "stop", "input": 1, "output": -1, "cached": 0, "reasoning": 0,
        "estimated": False, "model": "m", "logprobs": [], "sent_as": "",
    }  # fmt: skip
    cache._do("INSERT INTO replies VALUES ('k', ?)", json.dumps(kept))

    found = cache.reply("k")
    cache.close()

    assert found is None


def test_a_line_of_a_transcript_with_an_endless_key_is_told_of_in_a_line() -> None:
    move = {"type": "moved", "turn": 0, "round": 0, "party": "A", "act": "accept"}
    body = json.dumps({"n": 0, "at": "", **move, "x" * 9_000: 1})
    sealed, _ = seal(body.encode()[:-1])

    with pytest.raises(ValueError, match="not an event this version knows") as caught:
        decode(sealed[:-1])

    assert len(str(caught.value)) < 400


def test_an_event_of_an_endless_kind_is_told_of_in_a_line() -> None:
    sealed, _ = seal(json.dumps({"n": 0, "at": "", "type": "9" * 9_000}).encode()[:-1])

    with pytest.raises(ValueError, match="not an event this version knows") as caught:
        decode(sealed[:-1])

    assert "knows: '9999" in str(caught.value)
    assert "is none of 'opened', 'asked'" in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    "figures", [{"cost_usd": 1e308}, {"tokens": {"input": 10**30}}, {"cost_usd": float("inf")}]
)
def test_a_reply_whose_figures_no_sum_could_hold_is_not_sound(figures: dict[str, object]) -> None:
    reply = {"type": "replied", "turn": 0, "party": "A", "purpose": "decide", "call": 0, "text": ""}
    sealed, _ = seal(json.dumps({"n": 0, "at": "", **reply, **figures}).encode()[:-1])

    with pytest.raises(ValueError, match="not an event this version knows: replied"):
        decode(sealed[:-1])


def test_a_refusal_stays_a_line_whatever_it_quotes() -> None:
    line = line_of(SeatError, lambda: parse_seat("[" * 50_000))

    assert line.startswith("seat '[[[[")
    assert line.endswith("expected mind[(key=value)][:model][+voice[:model]]")


def test_the_separators_of_unicode_are_ends_of_lines() -> None:
    assert clean("one\u2028two\u2029three\rfour") == "one\ntwo\nthree\nfour"


def test_a_gguf_of_no_name_is_refused_in_a_line() -> None:
    line = line_of(SettingError, lambda: require_gguf(Path("a\0b")))

    assert line.startswith("gguf 'a\\x00b': ")


def test_a_transcript_error_keeps_its_end() -> None:
    error = TranscriptError("a" * 9_000 + " expected this")

    assert len(str(error)) == LONGEST_LINE
    assert str(error).endswith(" expected this")


def test_what_is_wrong_with_an_event_stays_a_line_where_no_file_is_named() -> None:
    told = UnsoundEvent(7, "x" * 9_000 + " expected y").told

    assert len(told) <= LONGEST_LINE
    assert told.startswith("event 7: x")
    assert told.endswith("expected y")
