"""Shocks and capitals on the command line: told in their place, sealed, called and planned."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.delegates.sessions import events_of
from tests.games.eventful import KINDS, SIGNED, TEXT
from tests.tui.cli.conftest import Cli, Shown
from tests.tui.cli.test_play import stdin_of
from transcripts import verify
from transcripts.events import Decided, Happened, MoveMade

SCRIPTED = ("--seat", "A=firm", "--seat", "B=firm", "--seed", "4")
SECRETS = ("A mine is flooded", "The capital", "Wait for the minister", "A new red line")
"""What Bland must not learn of."""


@pytest.fixture(autouse=True)
def scenarios(tmp_path: Path) -> None:
    for kind in KINDS:
        more = SIGNED if kind == "forum" else ""
        (tmp_path / f"{kind}.yaml").write_text(TEXT.replace("KIND", kind) + more, encoding="utf-8")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


Typed = Callable[..., Shown]


@pytest.fixture
def typed(cli: Cli, out: Path) -> Typed:
    """Play Aland with some lines typed."""

    def run(*lines: str, kind: str = KINDS[0], verb: tuple[str, ...] = ()) -> Shown:
        play = ("play", f"{kind}.yaml", "--as", "A", "--seat", "B=firm", "--seed", "5")
        where = () if verb[:1] == ("resume",) else ("--out", str(out))
        with stdin_of("".join(f"{line}\n" for line in lines).encode()):
            return cli(*(verb or play), *where)

    return run


def spaced(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_tells_what_happens_in_its_place(cli: Cli, out: Path, kind: str) -> None:
    shown = cli("run", f"{kind}.yaml", *SCRIPTED, "--shock", "quota@2", "--out", str(out))
    assert shown.code == 0
    rounds = shown.out.split("\nRound ")
    told = {text.split(" ")[0]: spaced(text) for text in rounds[1:]}
    assert "◆ A mine is flooded. (by lot; heard by Aland alone)" in told["1"]
    assert "◆ From the capital of Aland: The capital lets nothing be signed" in told["2"]
    assert "◆ A quota. Announced overnight. (called by the trainer)" in told["2"]
    assert "◆ Prices fall." in told["3"]
    assert "What happened between moves:" in shown.out
    assert verify(out).problems == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_seat_is_shown_what_it_heard_and_nothing_else(cli: Cli, out: Path, kind: str) -> None:
    cli("run", f"{kind}.yaml", *SCRIPTED, "--shock", "quota@2", "--out", str(out))
    for shown in (
        cli("replay", str(out), "--as", "B"),
        cli("run", f"{kind}.yaml", *SCRIPTED, "--as", "B", "--shock", "quota@2"),
    ):
        assert "A quota. Announced overnight." in shown.out
        assert [secret for secret in SECRETS if secret in spaced(shown.out)] == []
    own = spaced(cli("replay", str(out), "--as", "A").out)
    assert "A mine is flooded. (by lot; not all have heard it)" in own
    assert "From your capital: The capital lets nothing be signed in this round." in own


def test_json_tells_what_happened(cli: Cli, out: Path) -> None:
    shown = cli(
        "run", f"{KINDS[0]}.yaml", *SCRIPTED, "--shock", "quota", "--json", "--out", str(out)
    )
    told: list[dict[str, Any]] = json.loads(shown.out)["happened"]
    assert [(one["turn"], one["round"], one["what"], one["by"]) for one in told[:3]] == [
        (0, 0, "shock", "lot"),
        (0, 0, "shock", "trainer"),
        (2, 1, "instruction", "capital"),
    ]
    recorded = [event for event in events_of(out) if isinstance(event, Happened)]
    assert [one["words"] for one in told] == [event.words for event in recorded]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (("flood",), "--shock no shock 'flood'; expected one of fall, lot, quota"),
        (("quota@9",), "--shock quota in round 9, but the talks have 8"),
        (("quota@0",), "--shock 'quota@0': expected NAME or NAME@ROUND, rounds from 1"),
        (("quota@x",), "--shock 'quota@x': expected NAME or NAME@ROUND, rounds from 1"),
        (("quota", "quota@3"), "--shock quota twice; it strikes once in a session"),
    ],
)
@pytest.mark.parametrize("verb", [("run",), ("play", "--as", "A")])
def test_a_shock_that_cannot_strike_is_refused_in_one_line(
    cli: Cli, out: Path, given: tuple[str, ...], line: str, verb: tuple[str, ...]
) -> None:
    more = [part for one in given for part in ("--shock", one)]
    shown = cli(verb[0], f"{KINDS[0]}.yaml", *verb[1:], *more, "--out", str(out))
    assert (shown.code, shown.line) == (1, f"minilateral: {line}")
    assert not out.exists()


def test_a_scenario_without_shocks_says_so(cli: Cli) -> None:
    shown = cli("run", "mini.yaml", "--shock", "quota")
    assert shown.line.endswith("no shock 'quota'; expected one of none: the scenario states none")


def test_one_move_is_told_with_what_happened_before_it(cli: Cli, out: Path) -> None:
    cli("run", f"{KINDS[0]}.yaml", *SCRIPTED, "--shock", "quota@2", "--out", str(out))
    fifth = cli("replay", str(out), "--move", "5").out
    assert fifth.count("Round 3 of 8") == 1
    assert "◆ Prices fall." in fifth
    fourth = cli("replay", str(out), "--move", "4").out
    assert "◆" not in fourth
    assert "Aland passes" in fourth


def test_the_brief_tells_the_mandate(typed: Typed) -> None:
    shown = spaced(typed("quit").out)
    assert "You may sign of tonnes: 2,000, 3,000." in shown
    assert "You may ask your capital 2 more times" in shown


def test_a_person_asks_the_capital_and_hears_its_answer(typed: Typed, out: Path) -> None:
    shown = spaced(
        typed(
            "offer tonnes=3000, floor=low", "ask tonnes=1000", "news", "ask tonnes 1000", "mandate"
        ).out
    )
    assert "Your capital lets you sign nothing in this round: pass, or ask for more." in shown
    assert "From your capital: The capital refuses: tonnes 1,000." in shown
    assert "Round 3, your capital: The capital refuses: tonnes 1,000." in shown
    assert "It is beyond your mandate: tonnes 1,000." in shown
    assert "with this text on the table it has asked for tonnes 1000" in shown
    assert "You asked for tonnes 1,000: refused." in shown
    (asked,) = [event for event in events_of(out) if isinstance(event, Decided)][1:]
    assert (asked.act, asked.on) == ("ask-capital", {"issue": "tonnes", "option": "1000"})


def test_a_person_passes_while_held_and_only_then(typed: Typed, out: Path) -> None:
    shown = typed("pass", "offer tonnes=3000, floor=low", "accept", "pass: We wait.", "pass").out
    assert shown.count("You pass only while your capital lets you sign nothing.") == 2
    assert "your capital lets you sign nothing in this round" in spaced(shown)
    acts = [event.act for event in events_of(out) if isinstance(event, MoveMade)]
    assert acts == ["offer", "offer", "accept", "pass"]


def test_whoever_leads_the_exercise_has_a_shock_strike(typed: Typed, out: Path) -> None:
    shown = spaced(typed("shocks", "shock quota", "news", "shock quota", "shocks").out)
    assert "quota: A quota “Announced overnight.” changes the dominant supplier's share" in shown
    assert "changes what you have without agreement: -5; what B wants or can expect" in shown
    assert "◆ A quota. Announced overnight. (called by the trainer) Your move, round 1" in shown
    assert "Round 1: A quota. Announced overnight." in shown
    assert "quota has struck already; a shock strikes once in a session." in shown
    (struck,) = [event for event in events_of(out) if isinstance(event, Happened)]
    assert (struck.by, struck.shock, struck.turn) == ("trainer", "quota", 0)
    assert verify(out).problems == []


def test_a_session_left_between_a_shock_and_the_move_is_resumed_right(
    typed: Typed, out: Path
) -> None:
    typed("shock quota", "say Let us see.", "quit")
    shown = spaced(
        typed("offer tonnes=3000, floor=low", "quit", verb=("resume", "out.jsonl", "--plain")).out
    )
    assert "What happened between moves Round 1: A quota. Announced overnight." in shown
    struck = [event for event in events_of(out) if isinstance(event, Happened) and event.shock]
    assert [event.shock for event in struck] == ["quota"]
    assert verify(out).problems == []


def test_a_shock_that_only_others_would_hear_of_is_not_named(cli: Cli, out: Path) -> None:
    with stdin_of(b"shocks\nshock lot\nquit\n"):
        shown = cli(
            "play", f"{KINDS[0]}.yaml", "--as", "B", "--seat", "A=firm", "--seed", "5",
            "--out", str(out),
        )  # fmt: skip
    assert "mine" not in shown.out
    assert "There is no shock 'lot'; there are fall, quota." in shown.out
    assert [secret for secret in SECRETS if secret in spaced(shown.out)] == []


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_person_in_a_hall_asks_and_has_shocks_strike(typed: Typed, out: Path, kind: str) -> None:
    shown = spaced(
        typed(
            "help", "offer tonnes=3000, floor=low", "shock quota", "merge", "mandate", "adjourn",
            "pass", "adjourn", "ask tonnes 1000", "news", "quit",
            kind=kind,
        ).out
    )  # fmt: skip
    assert "shock NAME have it strike now" in shown
    assert "◆ A quota. Announced overnight. (called by the trainer)" in shown
    assert "Your mandate, for your eyes alone" in shown
    assert "Round 1: A quota. Announced overnight." in shown
    struck = [event for event in events_of(out) if isinstance(event, Happened) and event.shock]
    assert "quota" in {event.shock for event in struck}
    assert verify(out).problems == []


def test_help_names_no_such_commands_where_nothing_can_happen(cli: Cli) -> None:
    with stdin_of(b"help\nshock quota\nquit\n"):
        shown = cli("play", "mini.yaml", "--as", "USA", "--seed", "3")
    for usage in ("ask ISSUE", "shock NAME", "mandate   ", "news   "):
        assert usage not in shown.out
    assert "There is nothing that could strike." in shown.out


def test_commands_without_a_use_say_so_where_nothing_can_happen(cli: Cli) -> None:
    with stdin_of(b"ask volume 1\npass\nmandate\nnews\nshocks\nquit\n"):
        shown = spaced(cli("play", "mini.yaml", "--as", "USA", "--seed", "3").out)
    assert shown.count("Your seat has no mandate: nobody at home limits") == 2
    assert "Nobody at home limits what you may sign." in shown
    assert "Nothing has happened between moves so far." in shown
    assert "There is nothing that could strike. USA> quit" in shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_seat_without_a_mandate_is_told_that_it_has_none(cli: Cli, out: Path, kind: str) -> None:
    with stdin_of(b"ask tonnes 1000\nmandate\nquit\n"):
        shown = cli(
            "play", f"{kind}.yaml", "--as", "B", "--seat", "A=firm", "--seed", "5",
            "--out", str(out),
        )  # fmt: skip
    assert "Your seat has no mandate: nobody at home" in spaced(shown.out)
    assert "Nobody at home limits what you may sign." in spaced(shown.out)


def test_the_only_shock_is_said_to_have_struck_already(cli: Cli, tmp_path: Path) -> None:
    whole = (tmp_path / f"{KINDS[0]}.yaml").read_text(encoding="utf-8")
    lead, _, rest = whole.partition("  fall: {")
    (tmp_path / "one.yaml").write_text(lead + rest[rest.index("  quota: {") :], encoding="utf-8")
    with stdin_of(b"shock q\nshock quo\nshocks\nshock flood\nquit\n"):
        shown = spaced(cli("play", "one.yaml", "--as", "A", "--seat", "B=firm", "--seed", "5").out)
    assert "A> shock quo quota has struck already; a shock strikes once" in shown
    assert shown.count("There is nothing that could strike.") == 2


def test_a_shock_may_be_shortened_on_the_command_line_as_at_the_table(cli: Cli, out: Path) -> None:
    cli("run", f"{KINDS[0]}.yaml", *SCRIPTED, "--shock", "quo@2", "--out", str(out))
    struck = [event for event in events_of(out) if isinstance(event, Happened) and event.shock]
    assert ("quota", "trainer", 1) in [(one.shock, one.by, one.round) for one in struck]
    assert verify(out).problems == []


def test_a_shortened_shock_that_could_be_several_is_refused(cli: Cli, tmp_path: Path) -> None:
    whole = (tmp_path / f"{KINDS[0]}.yaml").read_text(encoding="utf-8")
    more = "  quorum: {label: A quorum is lost, reservation: {A: 1}}\n"
    (tmp_path / "two.yaml").write_text(whole + more, encoding="utf-8")
    shown = cli("run", "two.yaml", *SCRIPTED, "--shock", "quo")
    assert shown.line == "minilateral: --shock 'quo': could be quota or quorum"


def test_what_a_seat_asked_and_learned_stands_in_its_place_in_the_talks(typed: Typed) -> None:
    lines = ("offer tonnes=3000, floor=low", "shock quota", "ask tonnes=1000", "pass", "talks")
    shown = spaced(typed(*lines).out).rpartition("> talks ")[2]
    order = [
        "Round 1, you offered (100.0 to you):",
        "Round 1, Bland offered",
        "Round 2 ◆ from your capital: The capital lets nothing be signed in this round.",
        "Round 2 ◆ A quota. Announced overnight.",
        "Round 2, you asked your capital for tonnes 1,000.",
        "Round 3 ◆ Prices fall.",
        "Round 3 ◆ from your capital: The capital refuses: tonnes 1,000.",
    ]
    places = [shown.find(line) for line in order]
    assert -1 not in places
    assert places == sorted(places)
    assert "did nothing" not in shown


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_hall_is_told_of_the_same_in_its_place(typed: Typed, kind: str) -> None:
    shown = spaced(
        typed(
            "offer tonnes=3000, floor=low", "merge", "adjourn", "ask tonnes 1000", "talks",
            kind=kind,
        ).out
    )  # fmt: skip
    told = shown.rpartition("> talks ")[2]
    assert "Round 2 ◆ from your capital: The capital lets nothing be signed" in told
    assert "Round 2, you: asked your capital for tonnes 1,000." in told


@pytest.mark.parametrize("seat", ["A", "B", None])
def test_to_accept_what_one_offered_is_told_as_standing_by_it(
    cli: Cli, out: Path, tmp_path: Path, seat: str | None
) -> None:
    whole = (tmp_path / f"{KINDS[0]}.yaml").read_text(encoding="utf-8")
    opened = whole.replace("{rounds: 8,", "{rounds: 8, opens: alternate,")
    (tmp_path / "turns.yaml").write_text(opened, encoding="utf-8")
    view = () if seat is None else ("--as", seat)
    run = cli("run", "turns.yaml", *SCRIPTED, *view, "--out", str(out))
    replayed = cli("replay", str(out), *view)
    made = [event for event in events_of(out) if isinstance(event, MoveMade)]
    offerers = [
        max((one for one in made[:k] if one.act == "offer"), key=lambda one: one.turn).party
        for k, event in enumerate(made)
        if event.act == "accept"
    ]
    accepted = [event.party for event in made if event.act == "accept"]
    own = sum(one == by for one, by in zip(accepted, offerers, strict=True))
    for shown in (run, replayed):
        assert shown.out.count("land stands by its offer\n") == own > 0
        assert shown.out.count("land accepts\n") == len(accepted) - own
