import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.scenario import Issue, Scenario, parse_scenario
from tests.delegates.sessions import MINI, mini, offer_of, view_at
from tui.cli.table_commands import (
    COMMANDS,
    HOW_NAMED,
    Command,
    NotUnderstood,
    completed,
    one_term,
    option_meant,
    read,
    terms,
    terms_and_words,
    turns_of,
    words_after,
)

GAME = mini()
VIEW = view_at(GAME)
OFFERED = offer_of(GAME, volume=3, price=20, rail="rail")
ANSWERED = offer_of(GAME, volume=1, price=40, rail="rail")


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("accept", "accept", ""),
        ("  ACC  ", "accept", ""),
        ("accept: we agree: at last", "accept", ": we agree: at last"),
        ("accept : yes", "accept", ": yes"),
        ("o volume=3", "offer", "volume=3"),
        ("ai", "ai", ""),
        ("ai 3", "ai", "3"),
        ("?", "help", ""),
        ("tab", "table", ""),
        ("say hello there", "say", "hello there"),
    ],
)
def test_a_command_may_be_shortened(line: str, name: str, rest: str) -> None:
    assert read(line) == Command(name, rest)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "Type a command; help lists them."),
        ("   ", "Type a command; help lists them."),
        ("a", "'a' could be accept or ai."),
        ("t", "'t' could be table or talks or time."),
        ("I accept your offer", "There is no command 'I'; help lists them."),
        (":", "There is no command ''; help lists them."),
        ("x" * 500, "…'; help lists them."),
    ],
)
def test_what_is_no_command_is_answered_by_one_line_that_helps(line: str, reason: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read(line)
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 100


def test_every_command_is_explained_and_reads_as_itself() -> None:
    for name, usage in COMMANDS.items():
        assert read(name).name == name
        assert usage.startswith(name)
        assert len(usage) <= 78


def test_words_are_set_apart_by_a_colon() -> None:
    assert words_after(Command("accept", "")) == ""
    assert words_after(Command("accept", ":  so be it ")) == "so be it"
    with pytest.raises(NotUnderstood, match="accept: WORDS"):
        words_after(Command("accept", "so be it"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("volume=3", {"volume": 3}),
        ("vol = 3", {"volume": 3}),
        ("volume=3, price=40, rail=no rail", {"volume": 3, "price": 40, "rail": "no rail"}),
        ("volume=3 price=40 rail=rail", {"volume": 3, "price": 40, "rail": "rail"}),
        ("RAIL=NO", {"rail": "no rail"}),
        ("rail=rail", {"rail": "rail"}),
        ("volume=3.0;price=40 USD,", {"volume": 3, "price": 40}),
        ("price=4e1", {"price": 40}),
        ("", {}),
        (" , ; ", {}),
    ],
)
def test_terms_may_be_shortened_where_they_can_be_told_apart(
    text: str, found: dict[str, object]
) -> None:
    assert terms(VIEW, text) == found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("volume", "'volume': name terms as issue=option, apart by commas; the issues are volume"),
        ("quota=3", "There is no issue 'quota'; there are volume, price, rail."),
        ("volume=9", "There is no option of volume '9'; there are 1, 2, 3, 4."),
        ("volume=", "There is no option of volume ''"),
        ("=3", "There is no issue ''"),
        ("price=4", "There is no option of price '4'"),
        ("volume=nan", "There is no option of volume 'nan'"),
        ("volume=3, vol=2", "volume is named twice."),
    ],
)
def test_terms_that_mean_nothing_are_answered_by_what_there_is(text: str, reason: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        terms(VIEW, text)
    assert reason in str(caught.value)


def test_an_issue_may_be_called_by_its_label() -> None:
    game = GAME.model_copy(
        update={
            "issues": {
                **GAME.issues,
                "volume": GAME.issues["volume"].model_copy(update={"label": "annual offtake"}),
            }
        }
    )
    assert terms(view_at(game), "annual=2, rail=no") == {"volume": 2, "rail": "no rail"}


LABELLED = GAME.model_copy(
    update={
        "issues": {
            name: GAME.issues[name].model_copy(update={"label": label})
            for name, label in (
                ("volume", "annual offtake"),
                ("price", "value, delivered"),
                ("rail", "Voyage by rail"),
            )
        }
    }
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("annual offtake=3", {"volume": 3}),
        ("Annual Offtake = 3, value, delivered=40", {"volume": 3, "price": 40}),
        ("rail=no rail annual off=2 price=10", {"rail": "no rail", "volume": 2, "price": 10}),
        ('"annual offtake"=3', {"volume": 3}),
        ("annual…=3", {"volume": 3}),
        ("voy=no; val=10", {"rail": "no rail", "price": 10}),
        ("volume=3", {"volume": 3}),
    ],
)
def test_labels_need_no_quotes_and_may_be_shortened(text: str, found: dict[str, object]) -> None:
    assert terms(view_at(LABELLED), text) == found


def test_one_term_may_be_called_by_its_label() -> None:
    view = view_at(LABELLED)
    assert one_term(view, "annual offtake 3", "ask") == {"volume": 3}
    assert one_term(view, "voyage by rail no rail", "ask") == {"rail": "no rail"}
    assert one_term(view, "volume=3", "ask") == {"volume": 3}


def test_what_could_be_several_issues_is_asked_back_by_label_and_short_name() -> None:
    with pytest.raises(NotUnderstood) as caught:
        terms(view_at(LABELLED), "v=3")
    assert str(caught.value) == (
        "'v' could be annual offtake (volume) or value, delivered (price) or Voyage by rail (rail)."
    )


AWKWARD = Issue(label="a", options=("12:30", "a, b", "1,000 t", "x=y", "best effort", "best"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12:30", "12:30"),
        ("a,", "a, b"),
        ("1,", "1,000 t"),
        ("best", "best"),
        ("best e", "best effort"),
    ],
)
def test_options_may_hold_what_sets_terms_apart(typed: str, meant: str) -> None:
    assert option_meant("a", AWKWARD, typed) == meant


def test_a_shortened_option_that_could_be_several_is_asked_back() -> None:
    issue = Issue(label="a", options=("training", "trade"))
    with pytest.raises(NotUnderstood, match="'tra' could be training or trade"):
        option_meant("a", issue, "tra")


def test_a_number_is_never_completed() -> None:
    issue = Issue(label="a", options=(3000, 36000), unit="t")
    assert option_meant("a", issue, "3,000 t") == 3000
    with pytest.raises(NotUnderstood, match="no option of a '3'"):
        option_meant("a", issue, "3")


def colon_game() -> Scenario:
    text = MINI.replace("[no rail, rail]", '[no rail, "rail: fast"]')
    return parse_scenario(re.sub(r"rail: (\d+)}", r'"rail: fast": \1}', text), "mini")


def test_words_follow_the_terms_after_a_colon_that_belongs_to_no_option() -> None:
    assert terms_and_words(VIEW, "vol=3: we say: this") == ({"volume": 3}, "we say: this")
    assert terms_and_words(VIEW, ": again") == ({}, "again")
    assert terms_and_words(VIEW, "") == ({}, "")
    view = view_at(colon_game())
    assert terms_and_words(view, "rail=rail: fast: now") == ({"rail": "rail: fast"}, "fast: now")
    with pytest.raises(NotUnderstood, match="no option of volume '9'"):
        terms_and_words(VIEW, "volume=9: hello: there")


def test_what_is_not_named_stays_as_in_the_own_last_offer() -> None:
    view = view_at(GAME, [OFFERED, ANSWERED])
    outcome, whence = completed(view, {"volume": 4})
    assert GAME.space.outcome(outcome) == {"volume": 4, "price": 20, "rail": "rail"}
    assert whence == "your last offer"


def test_who_has_made_no_offer_starts_from_the_one_on_the_table() -> None:
    outcome, whence = completed(view_at(GAME, [OFFERED]), {"volume": 4})
    assert GAME.space.outcome(outcome) == {"volume": 4, "price": 20, "rail": "rail"}
    assert whence == "the offer on the table"


def test_a_first_offer_names_every_issue() -> None:
    outcome, whence = completed(VIEW, {"volume": 4, "price": 10, "rail": "rail"})
    assert (GAME.space.outcome(outcome)["volume"], whence) == (4, None)
    with pytest.raises(NotUnderstood, match="name price, rail as well, or type offer alone"):
        completed(VIEW, {"volume": 4})


@pytest.mark.parametrize("rest", ["0", "-1", "x", "1.5", "9999999", "³"])
def test_a_number_of_turns_is_one_from_1(rest: str) -> None:
    assert (turns_of(""), turns_of("12")) == (None, 12)
    with pytest.raises(NotUnderstood, match="expected a number of turns from 1"):
        turns_of(rest)


PIECES = st.sampled_from(["volume", "vol", "price", "rail", "=", ":", ",", " ", "3", "no", "offer"])


@given(text=st.text(max_size=60) | st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_read_or_answered_by_one_line(text: str) -> None:
    lines: list[str] = []
    for reader in (read, lambda one: terms(VIEW, one), lambda one: terms_and_words(VIEW, one)):
        try:
            reader(text)
        except NotUnderstood as problem:
            lines.append(str(problem))
    assert all(0 < len(line) < 400 for line in lines)


def test_help_says_how_issues_may_be_typed() -> None:
    assert "its label" in HOW_NAMED
    assert len(HOW_NAMED) <= 80
