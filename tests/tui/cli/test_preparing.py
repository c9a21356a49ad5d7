"""Line by line: a sheet before the first move, guesses at half time, hints."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from delegates.contract import View
from delegates.seats import parse_seat
from games import load_scenario
from games.preparation import Guess, Sheet, Trade
from games.scenario import bundled_scenarios
from tests.delegates.halls import HALL, hall_of
from tests.delegates.sessions import events_of, forged
from tests.tui.cli.conftest import Cli, Shown
from tests.tui.cli.test_play import stdin_of
from transcripts import verify
from transcripts.events import Prepared, Suggested
from transcripts.fold import fold
from tui.cli.sheet_questions import Questions
from tui.cli.table_commands import terms
from tui.cli.typed_lines import Typed
from tui.text.beforehand import view_before
from tui.text.seat import hindrance

FIRST = "offer volume=4, price=10, rail=no rail"
AS_USA = ("play", "mini.yaml", "--as", "USA", "--seed", "3", "--seat", "COD=boulware(exponent=100)")
ANSWERS = (
    "30",
    "70.5",
    "35",
    "vol, price > rail",
    "volume=4, price=10, rail=no rail",
    "rail for vol",
    "25",
    "price; rail",
)

Play = Callable[..., Shown]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


@pytest.fixture
def play(cli: Cli, out: Path) -> Play:
    """Play with some lines typed."""

    def run(*lines: str, more: tuple[str, ...] = (), verb: tuple[str, ...] = AS_USA) -> Shown:
        where = () if verb[0] == "resume" else ("--out", str(out))
        with stdin_of("".join(f"{line}\n" for line in lines).encode()):
            return cli(*verb, *where, *more)

    return run


def sheets(path: Path) -> list[Prepared]:
    return fold(events_of(path)).sheets


def test_a_sheet_is_asked_for_question_by_question_and_sealed(play: Play, out: Path) -> None:
    shown = play(*ANSWERS, "ai", more=("--prepare",))
    assert (shown.code, shown.err) == (0, "")
    (sheet,) = sheets(out)
    assert (sheet.party, sheet.when) == ("USA", "before")
    assert sheet.sheet == Sheet(
        reservation=30,
        target=70.5,
        walk_away=35,
        ranking=("volume", "price", "rail"),
        opening={"volume": 4, "price": 10, "rail": "no rail"},
        trade=Trade(gives="rail", wants="volume"),
        guesses={"COD": Guess(reservation=25, ranking=("price", "rail"))},
    )
    assert "Your sheet is sealed: no agreement worth 30.0, target 70.5, walk-away" in shown.out
    assert "Name them apart by commas, the weightiest first." in " ".join(shown.out.split())
    assert "one you want more of, as in: volume for rail" in " ".join(shown.out.split())
    assert verify(out).complete


def test_the_brief_comes_before_the_questions_and_only_once(play: Play) -> None:
    text = play(*ANSWERS, "ai", more=("--prepare",)).out
    order = ["YOU ARE UNITED STATES", "your preparation sheet", "reservation> ", "COD ranking> "]
    places = [text.index(words) for words in [*order, "Your move, round 1 of 12."]]
    assert places == sorted(places)
    assert text.count("YOU ARE UNITED STATES") == 1


def test_every_question_can_be_left_open(play: Play, out: Path) -> None:
    shown = play("", "60", "", "", "", "", "", "", "ai", more=("--prepare",))
    assert shown.code == 0
    assert [one.sheet for one in sheets(out)] == [Sheet(target=60)]


def test_a_sheet_left_empty_is_none(play: Play, out: Path) -> None:
    shown = play(*[""] * 8, "ai", more=("--prepare",))
    assert "Nothing was filled in, so you play without a sheet." in shown.out
    assert sheets(out) == []


def test_stop_leaves_all_that_follows_open(play: Play, out: Path) -> None:
    play("30", "stop", "ai", more=("--prepare",))
    assert [one.sheet for one in sheets(out)] == [Sheet(reservation=30)]


def test_stop_among_the_guesses_keeps_what_was_guessed(play: Play, out: Path) -> None:
    play(*[""] * 6, "20", "stop", "ai", more=("--prepare",))
    assert [one.sheet for one in sheets(out)] == [Sheet(guesses={"COD": Guess(reservation=20)})]


@pytest.mark.parametrize(
    ("before", "typed", "told"),
    [
        (0, "many", "'many' is no number of points; type one as in 42.5, or Enter."),
        (0, "nan", "'nan' is no number of points"),
        (0, "1e9", "'1e9' is no number of points"),
        (3, "labour", "There is no issue 'labour'; there are volume, price, rail."),
        (3, "volume, vol", "An issue is named twice"),
        (4, "volume=4", "Name price, rail as well: an offer settles every issue."),
        (4, "volume=9, price=10, rail=rail", "There is no option of volume '9'"),
        (5, "rail", "Name two issues as in: ISSUE for ISSUE"),
        (5, "rail for rail", "A trade takes two issues."),
    ],
)
def test_what_cannot_be_read_gets_one_line_and_is_asked_again(
    play: Play, out: Path, before: int, typed: str, told: str
) -> None:
    lines = [*[""] * before, typed, ANSWERS[before], "stop", "ai"]
    shown = play(*lines, more=("--prepare",))
    assert shown.code == 0
    assert told in " ".join(shown.out.split())
    (sheet,) = sheets(out)
    assert len(sheet.sheet.model_dump(exclude_defaults=True)) == 1


def test_an_opening_is_told_with_its_worth(play: Play) -> None:
    shown = play(*[""] * 4, ANSWERS[4], "stop", "ai", more=("--prepare",))
    assert "That is worth 100.0 to you, 70.0 more than without agreement." in shown.out


def test_who_leaves_the_questions_has_played_nothing(play: Play, out: Path) -> None:
    for lines in (("30", "quit"), ("30",)):
        shown = play(*lines, more=("--prepare",))
        assert shown.code == 130
        assert "you left the table" in shown.err
        assert not out.exists()


HALF_TIME = "Half time: what do you take the others to want by now? Type guess, or guess no."


def test_guesses_are_asked_for_again_at_half_time(play: Play, out: Path) -> None:
    moves = [FIRST] * 6
    shown = play(
        *ANSWERS, *moves, "guess", "40", "rail, price, volume", "guess", "ai", more=("--prepare",)
    )
    assert shown.code == 0
    before, again = sheets(out)
    assert (again.when, again.turn) == ("half-time", 12)
    assert again.sheet == Sheet(
        guesses={"COD": Guess(reservation=40, ranking=("rail", "price", "volume"))}
    )
    text = " ".join(shown.out.split())
    assert text.count(HALF_TIME) == 1
    assert text.index("Your move, round 7 of 12") < text.index(HALF_TIME)
    assert "Guesses are asked for at half time, once, of who filled in a prep" in text
    assert before.when == "before"


def test_guess_no_leaves_it_and_is_told_no_more(play: Play, out: Path) -> None:
    shown = play(*ANSWERS, *[FIRST] * 6, "guess no", FIRST, "ai", more=("--prepare",))
    assert [one.sheet.is_empty for one in sheets(out)] == [False, True]
    assert " ".join(shown.out.split()).count(HALF_TIME) == 1


def test_guesses_are_reminded_of_until_they_are_given(play: Play) -> None:
    shown = play(*ANSWERS, *[FIRST] * 8, "guess maybe", "ai", more=("--prepare",))
    text = " ".join(shown.out.split())
    assert text.count(HALF_TIME) == 3
    assert "Type guess, or guess no." in text


def test_guesses_are_not_asked_for_without_a_sheet(play: Play) -> None:
    shown = play(*[FIRST] * 7, "guess", "ai")
    text = " ".join(shown.out.split())
    assert HALF_TIME not in text
    assert "Guesses are asked for at half time" in text


def test_the_adviser_is_asked_once_and_shown_again(play: Play, out: Path) -> None:
    shown = play("hint", "hint", FIRST, "hint", "ai", more=("--hints",))
    told = [event for event in events_of(out) if isinstance(event, Suggested)]
    assert [event.turn for event in told] == [0, 2]
    text = " ".join(shown.out.split())
    assert text.count("The adviser: ") == 3
    assert text.count(f"The adviser: {' '.join(told[0].words.split())}") == 2


def test_hints_are_refused_where_they_are_not_allowed(play: Play, out: Path) -> None:
    shown = play("hint", FIRST)
    assert "No hints in this session; play --hints allows them." in shown.out
    assert not any(isinstance(event, Suggested) for event in events_of(out))


def test_help_lists_what_applies(play: Play) -> None:
    plain = play("help", FIRST).out
    assert "ask the adviser" not in plain
    assert "guess no" not in plain


def test_help_lists_hints_and_guesses_where_they_apply(play: Play) -> None:
    shown = play(*ANSWERS, "help", *[FIRST] * 6, "help", "ai", more=("--prepare", "--hints")).out
    assert shown.count("ask the adviser, who sees what you may see") == 2
    assert shown.count("say what you take the others to want by now") == 1


def test_a_session_is_resumed_with_its_sheet_and_its_hints(play: Play, out: Path) -> None:
    assert play(*ANSWERS, "hint", FIRST, more=("--prepare", "--hints")).code == 130
    resumed = play(*[FIRST] * 5, "hint", "guess no", "ai", verb=("resume", str(out)))
    assert resumed.code == 0
    assert verify(out).complete
    assert [one.when for one in sheets(out)] == ["before", "half-time"]
    assert sum(isinstance(event, Suggested) for event in events_of(out)) == 2


def test_advice_in_a_forged_transcript_cannot_write_to_the_terminal(play: Play, out: Path) -> None:
    play("hint", more=("--hints",))
    (told,) = (event for event in events_of(out) if isinstance(event, Suggested))
    path = forged(out, {told.n: {"words": "Accept.\x1b[2J\u202e\x07 now"}})
    shown = play("hint", "ai", verb=("resume", str(path)))
    assert shown.code == 0
    assert shown.out.count("The adviser: Accept. now") == 2
    assert not set("\x1b\u202e\x07") & set(shown.out)


def test_in_a_hall_the_same_commands_are_obeyed(play: Play, out: Path, tmp_path: Path) -> None:
    (tmp_path / "hall.yaml").write_text(HALL, encoding="utf-8")
    verb = ("play", "hall.yaml", "--as", "EUE", "--seed", "3")
    answers = ("30", "stop")
    shown = play(*answers, "hint", "help", "ai", verb=verb, more=("--prepare", "--hints"))
    assert shown.code == 0
    assert [one.sheet for one in sheets(out)] == [Sheet(reservation=30)]
    (told,) = (event for event in events_of(out) if isinstance(event, Suggested))
    assert "nothing is simulated" in told.words
    assert "ask the adviser, who sees what you may see" in shown.out


def asked(view: View, *lines: str) -> tuple[Sheet, list[str]]:
    """Return what a person fills in by some lines, and what was written."""
    written: list[str] = []
    left = iter(lines)

    async def typed(prompt: str) -> Typed:
        written.append(prompt)
        return Typed(next(left))

    return asyncio.run(Questions(view, written.append, typed).sheet()), written


CLUB = view_before(load_scenario("price-floor-club"), "JPN", 1)


def test_of_many_counterparts_it_is_asked_first_about_whom() -> None:
    sheet, written = asked(CLUB, *[""] * 6, "USA, mexico, usa", "40", "", "", "legal")
    assert sheet.guesses == {"USA": Guess(reservation=40), "MEX": Guess(ranking=("bind",))}
    assert any("About whom do you guess? Up to 12" in line for line in written)
    assert [line for line in written if line.endswith("reservation> ")] == [
        "  reservation> ",
        "  USA reservation> ",
        "  MEX reservation> ",
    ]


def test_nobody_is_asked_about_where_nobody_is_named() -> None:
    sheet, written = asked(CLUB, *[""] * 7)
    assert sheet.is_empty
    assert written[-1] == "  whom> "


@pytest.mark.parametrize(
    ("typed", "told"),
    [("FRA", "There is no counterpart 'FRA'"), ("JPN", "There is no counterpart 'JPN'")],
)
def test_whom_one_cannot_guess_about_is_said(typed: str, told: str) -> None:
    _, written = asked(CLUB, *[""] * 6, typed, "")
    assert any(told in line for line in written)


def test_an_opening_that_crosses_an_own_red_line_may_be_meant_and_is_told() -> None:
    game = hall_of()
    view = view_before(game, "COD", 0)
    sheet, written = asked(view, *[""] * 4, "volume=4, price=10, rail=rail", "stop")
    assert sheet.opening is not None
    assert any("You could not sign it" in line for line in written)


# --- from a file

SHEET = """
reservation: 30
target: 70
walk_away: 35.5
ranking: [volume, price, rail]
guesses:
  COD: {reservation: 25, ranking: [price]}
opening: {volume: 4, price: 10, rail: no rail}
trade: {gives: rail, wants: volume}
"""


def test_a_sheet_is_read_from_a_file(play: Play, out: Path, tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    shown = play("ai", more=("--sheet", "sheet.yaml"))
    assert (shown.code, shown.err) == (0, "")
    (sheet,) = sheets(out)
    assert sheet.sheet.walk_away == 35.5
    assert sheet.sheet.opening == {"volume": 4, "price": 10, "rail": "no rail"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("reservation: much\n", "sheet.yaml:1: reservation: expected a number"),
        (
            "target: 5\naims: 3\n",
            "sheet.yaml:2: aims: no such key is known here; the keys are rese",
        ),
        ("target: yes\n", "sheet.yaml:1: found 'yes', which YAML reads as bool"),
        ("target: 1\ntarget: 2\n", "sheet.yaml:2:"),
        ("- 1\n", "sheet.yaml: expected keys with values; the keys are reservation, target"),
        ("ranking: [labour]\n", "sheet.yaml: ranking: no issue 'labour'; expected volume, price"),
        ("guesses: {ZAF: {reservation: 3}}\n", "sheet.yaml: guesses: no counterpart 'ZAF'; expec"),
        ("opening: {volume: 4}\n", "sheet.yaml: opening: the issue 'price' is not settled"),
        ("target: 1e9\n", "sheet.yaml:1: target: "),
        ("", "sheet.yaml: "),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_a_line(
    play: Play, out: Path, tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "sheet.yaml").write_text(text, encoding="utf-8")
    shown = play("ai", more=("--sheet", "sheet.yaml"))
    assert shown.code == 1
    assert shown.line.startswith("minilateral: --sheet ")
    assert told in shown.line
    assert not out.exists()


def test_a_file_that_is_not_there_is_named(play: Play) -> None:
    shown = play("ai", more=("--sheet", "none.yaml"))
    assert shown.line == (
        "minilateral: --sheet none.yaml: cannot be read: No such file or directory"
    )


def test_one_sheet_is_enough(play: Play, tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    shown = play("ai", more=("--sheet", "sheet.yaml", "--prepare"))
    assert shown.line == (
        "minilateral: --prepare and --sheet: one sheet is enough; expected one of them"
    )


def test_a_sheet_may_name_parties_by_their_real_ids_under_aliases(
    play: Play, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    shown = play("ai", more=("--sheet", "sheet.yaml", "--alias"))
    assert shown.code == 0, shown.err
    (sheet,) = sheets(out)
    assert [*sheet.sheet.guesses] != ["COD"]
    assert verify(out).ok


@pytest.mark.parametrize(
    ("spec", "with_them"),
    [
        ("human", "human(hints=yes)"),
        ("human(limit=120)", "human(limit=120,hints=yes)"),
        ("human()", "human(hints=yes)"),
        ("human(hints=yes)", "human(hints=yes)"),
        ("human(limit=9,stand-in=llm):m+llm:m", "human(limit=9,stand-in=llm,hints=yes):m+llm:m"),
    ],
)
def test_hints_are_added_to_a_persons_seat(spec: str, with_them: str) -> None:
    assert parse_seat(spec).with_hints().text == with_them


def test_hints_that_a_seat_forbids_are_refused(play: Play) -> None:
    shown = play("ai", more=("--seat", "USA=human(hints=no)", "--hints"))
    assert re.search(r"seat human\(hints=no\): hints=no, and hints are to be allowed", shown.line)


def test_the_opening_given_as_an_example_crosses_no_red_line() -> None:
    for name in bundled_scenarios():
        scenario = load_scenario(name)
        if len(scenario.ids) > 3:
            continue
        for party in scenario.ids:
            view = view_before(scenario, party, 1)
            questions = Questions(view, lambda _: None, no_line)
            named = terms(view, questions._example())
            assert hindrance(view, view.public.space.index(named)) is None


async def no_line(_: str) -> Typed:
    raise AssertionError("nothing is asked")
