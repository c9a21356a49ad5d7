"""`check` says what is wrong with a scenario, where, why it matters, and what it is like."""

import json
from pathlib import Path

import pytest

from delegates.models.local import SLOT_TOKENS
from delegates.rehearsal.prompt_room import (
    MOST_ROUNDS,
    prompt_findings,
    prompt_room,
)
from games.naming import listed
from games.scenario import bundled_scenarios, load_scenario, parse_scenario
from games.scenario_files.schema import scenario_schema
from tests.delegates.sessions import MINI
from tests.tui.cli.conftest import Cli

CLEAN = {
    "cobalt-offtake": "stance game         chicken",
    "ministerial": "standard            3 of the 3 lines for three or more",
}


@pytest.mark.parametrize("name", bundled_scenarios())
def test_a_bundled_scenario_is_clean_whatever_is_worth_knowing(cli: Cli, name: str) -> None:
    shown = cli("check", name)

    assert shown.code == 0
    assert f"{name}: clean: " in shown.out
    assert "Worth mending" not in shown.out
    assert all(len(line) <= 80 for line in shown.out.splitlines())
    assert CLEAN.get(name, "") in shown.out


def test_what_is_worth_mending_comes_with_file_line_place_and_reason(
    cli: Cli, tmp_path: Path
) -> None:
    odd = MINI.replace("reservation: 30", "reservation: 99")
    (tmp_path / "odd.yaml").write_text(odd, encoding="utf-8")
    line = odd.splitlines().index("parties:") + 1
    shown = cli("check", "odd.yaml")

    assert shown.code == 1
    assert "\nWorth mending (" in shown.out
    assert f"\nodd.yaml:{line + 1}: parties\n" in shown.out
    assert "the ZOPA is empty" in shown.out
    assert " worth mending; " in shown.out.splitlines()[-1]


def test_a_file_that_cannot_be_loaded_gets_its_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("minilateral: 1\nid: x\n", encoding="utf-8")
    shown = cli("check", "bad.yaml")

    assert shown.code == 1
    assert shown.line == "minilateral: bad.yaml: title: is missing"


def line_of(fault: str) -> int:
    return int(fault.split(":")[1])


def test_all_that_keeps_a_file_from_being_loaded_is_told_at_once(cli: Cli, tmp_path: Path) -> None:
    bad = MINI.replace("side: consumer", "side: buyer", 1).replace("options: ", "optins: ", 1)
    bad = bad.replace("rounds: 12", "rounds: 12, agreement: {quorum: 3}", 1)
    (tmp_path / "bad.yaml").write_text(bad, encoding="utf-8")
    shown = cli("check", "bad.yaml")
    told = [*shown.out.splitlines(), shown.line.removeprefix("minilateral: ")]

    assert shown.code == 1
    assert shown.out.splitlines() == sorted(shown.out.splitlines(), key=line_of)
    assert sorted(line.partition(": ")[2] for line in told) == [
        "issues.volume.optins: no such key is known here; is it options?",
        "issues.volume.options: is missing",
        "parties.USA.side: expected 'consumer', 'supplier', 'processor' or 'mixed', found 'buyer'",
        "protocol.agreement.quorum: expected at most 1, found 3",
    ]


def test_a_file_of_nothing_but_faults_is_told_in_so_many_lines(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("minilateral: 1\nid: x\n", encoding="utf-8")
    shown = cli("check", "bad.yaml")

    assert shown.out == "bad.yaml: issues: is missing\nbad.yaml: parties: is missing\n"


def test_findings_as_json_are_one_object(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("minilateral: 1\nid: x\n", encoding="utf-8")
    good = json.loads(cli("check", "first-table", "--json").out)
    bad = cli("check", "bad.yaml", "--json")

    assert good["clean"] is True
    assert good["scenario"] == "first-table"
    assert good["figures"]["zopa"] == 608
    assert {one["severity"] for one in good["findings"]} == {"note"}
    assert all(
        set(one) == {"severity", "where", "file", "line", "what", "why"} for one in good["findings"]
    )
    assert bad.code == 1
    assert len(json.loads(bad.out)["findings"]) == 3
    assert json.loads(bad.out)["findings"][0] == {
        "severity": "problem",
        "where": "title",
        "file": "bad.yaml",
        "line": None,
        "what": "is missing",
        "why": "",
    }


MISFITS = """\
issues: {queue: null}
parties:
  USA:
    concerns: [cobalt]
    points: {volume: {1: 5}}
mandates:
  XXX: {requests: 1}
shocks:
  flood: {label: A flood, round: 99}
"""


def test_all_that_does_not_fit_together_is_told_at_once(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(MINI, encoding="utf-8")
    first = next(iter(parse_scenario(MINI).issues))
    bad = f"minilateral: 1\nid: bad\ntitle: Bad\nextends: base.yaml\n{MISFITS}"
    bad = bad.replace("queue", first).replace("volume: {1: 5}", "cobalt: {1: 5}")
    (tmp_path / "bad.yaml").write_text(bad, encoding="utf-8")
    shown = cli("check", "bad.yaml")
    told = [shown.line.removeprefix("minilateral: "), *shown.out.splitlines()]
    as_json = json.loads(cli("check", "bad.yaml", "--json").out)["findings"]

    assert shown.code == 1
    assert len(told) == len(set(told)) >= 6
    assert [
        f"{one['file']}:{one['line']}: {one['where']}: {one['what']}" for one in as_json
    ] == told
    assert {one["file"] for one in as_json} == {"bad.yaml", "base.yaml"}
    assert any("parties.USA.concerns: unknown 'cobalt'" in line for line in told)
    assert any("shocks.flood.round: 99, but the talks have" in line for line in told)
    assert any("mandates: unknown 'XXX'" in line for line in told)


def test_why_a_file_could_not_be_read_has_file_and_line_as_json(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("minilateral: 1\nid: 60_000\n", encoding="utf-8")
    (found,) = json.loads(cli("check", "bad.yaml", "--json").out)["findings"]

    assert (found["file"], found["line"]) == ("bad.yaml", 2)
    assert found["what"] == "found '60_000'; expected 60000, or quotes around it"


def test_the_schema_is_printed_for_editors(cli: Cli) -> None:
    shown = cli("check", "--schema")

    assert shown.code == 0
    assert json.loads(shown.out) == json.loads(json.dumps(scenario_schema()))


def test_one_key_is_told_in_plain_text(cli: Cli) -> None:
    shown = cli("check", "--schema", "projects")

    assert shown.code == 0
    assert "    capex: number from 0; must be given\n" in shown.out
    assert "        Money it takes to build, in the unit of price times volume.\n" in shown.out
    assert all(len(line) <= 80 for line in shown.out.splitlines())
    assert cli("check", "--schema", "projcts").line == (
        "minilateral: --schema projcts: no key of a scenario file is so called; is it projects, "
        "process or points?"
    )


def test_without_a_scenario_it_says_what_it_expects(cli: Cli) -> None:
    shown = cli("check")

    assert shown.code == 1
    assert shown.line == "minilateral: check: expected a scenario FILE or NAME, or --schema"


def test_texts_too_long_for_a_model_are_told_with_what_makes_them_so() -> None:
    long = parse_scenario(MINI.replace("title:", f"setting: {'word ' * 3500}\ntitle:", 1))
    room = prompt_room(long)
    assert room is not None
    (note,) = prompt_findings(long, room)

    assert room.decided > SLOT_TOKENS
    assert note.severity == "note"
    assert "the setting takes about 3,500" in note.why


def test_texts_too_long_for_most_models_are_worth_mending() -> None:
    game = parse_scenario(MINI)
    setting = "word " * 40_000
    room = prompt_room(game.model_copy(update={"setting": setting}))

    assert [one.severity for one in prompt_findings(game, room)] == ["weakness"]


def test_names_too_long_to_be_put_into_words_are_worth_mending() -> None:
    game = parse_scenario(MINI)
    issues = {
        name: issue.model_copy(update={"label": "word " * 3000})
        for name, issue in game.issues.items()
    }
    found = list(prompt_findings(game, prompt_room(game.model_copy(update={"issues": issues}))))

    assert found[0].severity == "weakness"
    assert "cannot even put moves into words" in found[0].why


def test_small_prompts_need_no_remark() -> None:
    game = parse_scenario(MINI)

    assert list(prompt_findings(game, prompt_room(game))) == []


def test_long_sessions_are_rehearsed_in_part() -> None:
    game = load_scenario("first-table")
    rounds = {
        number: game.model_copy(
            update={"protocol": game.protocol.model_copy(update={"rounds": number})}
        )
        for number in (MOST_ROUNDS, 10_000)
    }

    assert prompt_room(rounds[MOST_ROUNDS]) == prompt_room(rounds[10_000])


def test_of_many_names_the_first_are_told() -> None:
    assert listed([]) == ""
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(list("abcdefgh")) == "a, b, c, d, e, f and 2 more"
