"""A session said line by line: with its prompts, a move of it, or as one seat may know it."""

import re
from pathlib import Path

import pytest

from delegates import negotiate
from games.errors import TranscriptError
from tests.delegates.sessions import events_of, forged, mini
from tests.transcripts.test_golden import FIRST
from tests.tui.cli.conftest import Cli
from tests.tui.recordings import PROMPT, consulted, moved, pair, recorded
from transcripts.events import Asked, Failed, HandedOver, Message, MoveMade, PlannedShock, Replied
from tui.replay.recording import Recording


@pytest.fixture
def path(tmp_path: Path) -> Path:
    of = pair()
    return recorded(tmp_path / "t.jsonl", of, consulted(of))


def test_every_prompt_and_reply_of_a_session_is_shown_word_for_word(cli: Cli) -> None:
    shown = cli("replay", str(FIRST), "--prompts")

    assert (shown.code, shown.err) == (0, "")
    for event in events_of(FIRST):
        if isinstance(event, Asked):
            assert all(f"\n{message.content}\n" in shown.out for message in event.messages)
        if isinstance(event, Replied):
            assert f"\n{event.text}\n" in shown.out


def test_without_prompts_they_are_not_shown(cli: Cli, path: Path) -> None:
    shown = cli("replay", "t.jsonl", "--plain")

    assert "You are the chief delegate" not in shown.out
    assert "(HTTP 503 (busy); trying again in 0.4 s)" in shown.out
    assert "(a reply could not be used: no offer)" in shown.out


def test_a_prompt_stands_before_the_move_it_led_to(cli: Cli, path: Path) -> None:
    lines = cli("replay", "t.jsonl", "--prompts").out.splitlines()

    found = [line.strip("─ ") for line in lines if line.startswith("── ")]
    assert found == [
        "call 1, BUY: to decide",
        "system",
        "user",
        "answer schema",
        "attempt 1 failed; asked again after 0.4 s",
        "reply",
        "the reply could not be used: unparsable",
        "call 2, BUY: to decide",
        "system",
        "user",
        "user",
        "answer schema",
        "reply",
    ]
    assert lines.index("Buyer offers") > lines.index(PROMPT[1].content.splitlines()[0])
    assert not any("trying again" in line for line in lines)


def test_one_move_is_shown_alone(cli: Cli, path: Path) -> None:
    first, second = (cli("replay", "t.jsonl", "--prompts", "--move", n) for n in "12")

    assert first.out.splitlines()[0] == second.out.splitlines()[0] == "A test"
    assert ("Buyer offers" in first.out, "Supplier offers" in first.out) == (True, False)
    assert ("Buyer offers" in second.out, "Supplier offers" in second.out) == (False, True)
    assert "── call 2, BUY: to decide ─" in first.out
    assert "──" not in second.out
    assert "The session was interrupted" not in first.out + second.out


@pytest.mark.parametrize("move", ["0", "3", "-1"])
def test_a_move_that_was_not_made_is_named_and_nothing_said(
    cli: Cli, path: Path, move: str
) -> None:
    shown = cli("replay", "t.jsonl", "--move", move)

    assert (shown.code, shown.out) == (1, "")
    assert shown.line == f"minilateral: t.jsonl: no move {move}; expected 1 to 2"


def test_a_session_without_a_move_has_none_to_show(cli: Cli, tmp_path: Path) -> None:
    recorded(tmp_path / "t.jsonl", pair(), [])
    shown = cli("replay", "t.jsonl", "--move=1")
    assert shown.line == "minilateral: t.jsonl: no move 1; none was made"


def test_a_call_that_led_to_no_move_yet_is_shown_at_the_end(cli: Cli, tmp_path: Path) -> None:
    of = pair()
    failed = Failed(turn=0, party="BUY", reason="HTTP 401 (no such key)")
    recorded(tmp_path / "t.jsonl", of, [consulted(of)[0], failed])

    shown = cli("replay", "t.jsonl", "--prompts")

    assert PROMPT[1].content in shown.out
    assert "── the session stopped here ─" in shown.out
    assert "HTTP 401 (no such key)" in shown.out
    assert "(stopped here: HTTP 401 (no such key))" in cli("replay", "t.jsonl", "--plain").out


def test_a_seat_sees_its_own_prompts_and_no_others(cli: Cli) -> None:
    own, other = (cli("replay", str(FIRST), "--prompts", "--as", party) for party in ("COD", "USA"))

    asked = [event for event in events_of(FIRST) if isinstance(event, Asked)]
    assert {event.party for event in asked} == {"USA", "COD"}
    for event in asked:
        mine, theirs = (own, other) if event.party == "COD" else (other, own)
        user = event.messages[-1].content
        assert f", {event.party}: " in mine.out
        assert f", {event.party}: " not in theirs.out
        assert user in mine.out
    assert "You are the chief delegate of United States" in other.out
    assert "You are the chief delegate of United States" not in own.out


def test_where_no_model_was_asked_a_line_says_why_no_prompt_is_shown(cli: Cli, path: Path) -> None:
    of = pair()
    recorded(path.with_name("rules.jsonl"), of, [moved(of, 0, 2), moved(of, 1)])

    def told(name: str, *more: str) -> str:
        shown = cli("replay", name, "--prompts", *more)
        assert shown.code == 0
        return shown.err

    said = "minilateral: --prompts: no model was asked"
    assert told("rules.jsonl") == f"{said} in this session\n"
    assert told("rules.jsonl", "--move=1") == f"{said} for move 1\n"
    assert told("rules.jsonl", "--as=SUP") == f"{said} for SUP in this session\n"
    assert told("t.jsonl", "--move=2") == f"{said} for move 2\n"
    assert told("t.jsonl", "--as=SUP", "--move=1") == f"{said} for SUP for move 1\n"
    for more in ([], ["--move=1"], ["--as=BUY"]):
        assert told("t.jsonl", *more) == ""
    assert cli("replay", "rules.jsonl", "--plain").err == ""


CANARIES = ("crosses your red line on cobalt", "private 71.25")


def test_a_seat_sees_nothing_of_what_is_private_to_another(cli: Cli, tmp_path: Path) -> None:
    of = pair()
    events = consulted(of)
    first, second = of.ids[:2]
    changed = [
        event.model_copy(update={"reason": CANARIES[0]})
        if "reason" in event.model_dump()
        else event
        for event in events[:6]
    ]
    changed[0] = events[0].model_copy(
        update={"messages": (Message(role="system", content=CANARIES[1]),)}
    )
    told = events[6].model_copy(
        update={"fallback": CANARIES[0], "words_fallback": CANARIES[1], "words": "We offer."}
    )
    path = recorded(tmp_path / "t.jsonl", of, [*changed, told, events[7]])

    all_, own, others = (
        cli("replay", str(path), "--prompts", *seat)
        for seat in ((), ("--as", first), ("--as", second))
    )

    assert all(canary in all_.out and canary in own.out for canary in CANARIES)
    assert not any(canary in others.out for canary in CANARIES)
    assert "(decided by the fallback)" in others.out
    assert "(worded by a template)" in others.out
    remarks = cli("replay", str(path), "--as", second).out
    assert not any(canary in remarks for canary in CANARIES)


def test_a_seats_result_is_its_own(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    record = negotiate(mini(), {"USA": "boulware", "COD": "linear"}, seed=1, transcript=path)

    shown = cli("replay", str(path), "--as", "USA")

    assert "AGREEMENT in round" in shown.out
    told = record.as_json()["utilities"]
    assert isinstance(told, dict)
    assert f"To the United States: {told['USA']:.1f} points" in shown.out
    assert "To DR Congo" not in shown.out
    assert "on the table: USA" in shown.out
    assert "COD " not in shown.out
    assert "equilibrium" not in shown.out


def test_a_seat_that_is_not_there_is_named(cli: Cli, path: Path) -> None:
    shown = cli("replay", "t.jsonl", "--as", "FRA")
    assert (shown.code, shown.out) == (1, "")
    assert shown.line == "minilateral: --as 'FRA': no such party; the session has BUY, SUP"


def test_a_seat_that_changes_hands_is_told(cli: Cli, tmp_path: Path) -> None:
    of = pair()
    handed = [
        HandedOver(turn=0, party="BUY", to="stand-in", turns=2, reason="no answer in 60 s"),
        moved(of, 0, 3),
        moved(of, 1, 1),
        HandedOver(turn=2, party="BUY", to="person", reason="back"),
    ]
    recorded(tmp_path / "t.jsonl", of, handed)

    out = cli("replay", "t.jsonl", "--plain").out

    assert "(Buyer: a stand-in takes the seat for 2 of its turns: no answer in 60 s)" in out
    assert "(Buyer: the person is back: back)" in out


def test_a_seat_handed_over_for_one_turn_is_told_as_one(cli: Cli, tmp_path: Path) -> None:
    of = pair()
    handed = HandedOver(turn=0, party="BUY", to="stand-in", turns=1, reason="time ran out")
    recorded(tmp_path / "t.jsonl", of, [handed, moved(of, 0, 3)])
    out = cli("replay", "t.jsonl", "--plain").out
    assert "(Buyer: a stand-in takes the seat for one turn: time ran out)" in out


def test_what_a_terminal_would_act_on_is_shown_as_text(cli: Cli, tmp_path: Path) -> None:
    of = pair()
    hostile = "\x1b[2J\u202egone"
    events = consulted(of)
    events[0] = events[0].model_copy(update={"messages": (Message(role="user", content=hostile),)})
    events[2] = events[2].model_copy(update={"text": hostile})
    path = recorded(tmp_path / "t.jsonl", of, events)

    out = cli("replay", str(path), "--prompts").out

    assert out.count("\\x1b[2J\\u202egone") == 2
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_move_of_every_kind_can_be_shown(cli: Cli) -> None:
    moves = [event for event in events_of(FIRST) if isinstance(event, MoveMade)]
    for number, event in enumerate(moves, 1):
        shown = cli("replay", str(FIRST), "--move", str(number))
        assert f"Round {event.round + 1} of 4" in shown.out
        assert shown.out.count("Round ") == 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"shocks": (PlannedShock(shock="flood"),)}, "shocks: no shock 'flood'; expected "),
        ({"scenario": {}}, "the scenario is not valid: "),
    ],
)
@pytest.mark.parametrize(
    "verb", [("replay", "--plain"), ("resume",), ("fork", "--at", "1"), ("convert", "o.csv")]
)
def test_a_header_that_cannot_be_is_told_in_one_line_with_its_file(
    cli: Cli, path: Path, verb: tuple[str, ...], change: dict[str, object], problem: str
) -> None:
    other = forged(path, {0: change})
    kept = other.read_bytes()
    shown = cli(verb[0], str(other), *verb[1:])
    assert (shown.code, shown.out, shown.err.count("\n")) == (1, "", 1)
    assert shown.err.startswith(f"minilateral: {other}: event 0: {problem}")
    assert other.read_bytes() == kept
    with pytest.raises(TranscriptError, match=re.escape(f"{other}: event 0: {problem}")):
        Recording(other)


def test_one_partys_view_is_opened_on_a_terminal_too(
    cli: Cli, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[Path, str | None]] = []
    monkeypatch.setattr("tui.cli.replay.is_plain", lambda *, plain: plain)
    monkeypatch.setattr("tui.app.replay", lambda path, see=None: opened.append((path, see)))

    assert cli("replay", "t.jsonl", "--as", "SUP").code == 0
    assert cli("replay", "t.jsonl").code == 0
    assert "Words of turn 0" in cli("replay", "t.jsonl", "--as", "SUP", "--plain").out

    assert [see for _, see in opened] == ["SUP", None]


def test_a_party_that_is_not_there_gives_one_line_on_a_terminal_too(
    cli: Cli, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.cli.replay.is_plain", lambda *, plain: plain)

    shown = cli("replay", "t.jsonl", "--as", "XXX")

    assert shown.code != 0
    assert "no party 'XXX'; expected BUY, SUP" in shown.err
