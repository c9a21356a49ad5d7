import dataclasses

import pytest

from delegates.contract import PublicMove
from delegates.views import view_of
from games.moves import Pass
from games.scenario import load_scenario
from games.session import Accept, Move, WalkAway, start
from tests.delegates.sessions import mini, offer_of, view_at
from tests.delegates.test_separation import AT_PEACE as PLANTED
from tests.delegates.test_separation import leaks
from tests.games.eventful import eventful
from tests.games.happenings.test_happening import quiet
from tui.text.seat import (
    briefing,
    giver_of,
    hindrance,
    least,
    offer_lines,
    points_table,
    situation,
    talk_lines,
    worth_line,
)
from tui.text.wording import WIDTH, term

GAME = mini()
HIGH = offer_of(GAME, volume=4, price=10, rail="no rail")  # 100 points to the United States
LOW = offer_of(GAME, volume=1, price=40, rail="rail")  # none
FAIR = offer_of(GAME, volume=3, price=20, rail="rail")  # 74
EVEN = offer_of(GAME, volume=1, price=30, rail="no rail")  # 30, as much as without agreement
COBALT = load_scenario("cobalt-offtake")


@pytest.mark.parametrize("party", COBALT.ids)
def test_a_briefing_fits_the_width_and_holds_brief_points_least_and_red_lines(party: str) -> None:
    view = view_at(COBALT, [] if party == "USA" else [offer_of_cobalt()])
    own = COBALT.parties[party]
    text = "\n".join(briefing(view))
    flat = " ".join(text.split())
    assert max(map(len, text.splitlines())) <= WIDTH
    assert " ".join(own.brief.split()) in flat
    assert f"Without agreement you have {own.reservation:.1f} points." in flat
    for line in own.red_lines:
        issue, option = next(iter(line.items()))
        assert f"never to be signed: {COBALT.issues[issue].label}" in flat
        assert option in flat
    other = next(details for name, details in COBALT.parties.items() if name != party)
    assert " ".join(other.brief.split()[:9]) not in flat


def offer_of_cobalt() -> Move:
    options = {name: issue.options[0] for name, issue in COBALT.issues.items()}
    return offer_of(COBALT, **{**options, "quota": "best effort"})


def test_every_option_stands_in_the_table_with_its_points() -> None:
    assert points_table(view_at(GAME)) == [
        "What is worth how much to you, for your eyes alone",
        "  volume  volume, t (from DR Congo)",
        "          1: 0 · 2: 25 · 3: 40 · 4: 50",
        "  price   price, USD (from you)",
        "          10: 40 · 20: 34 · 30: 20 · 40: 0",
        "  rail    rail (from you)",
        "          no rail: 10 · rail: 0",
    ]


def test_options_worth_something_together_are_named() -> None:
    lines = points_table(view_at(PLANTED, [FAIR]))
    assert lines[-2:] == ["  volume and rail together, besides:", "    1 with rail: +433.125"]


def test_what_cannot_happen_and_what_time_costs_is_told() -> None:
    view = view_at(COBALT)
    text = " ".join(" ".join(least(view)).split())
    assert (
        "Impossible for anyone: annual offtake 9,600 t Co/yr with export licence for the contract "
        "none or best effort."
    ) in text
    assert "There are at most 12 rounds. Each round of delay costs you 3.0% of your gain." in text


@pytest.mark.parametrize(
    ("offer", "line"),
    [
        (HIGH, "worth 100.0 to you, 70.0 more than without agreement"),
        (LOW, "worth 0.0 to you, 30.0 LESS than without agreement"),
        (EVEN, "worth 30.0 to you, no more than without agreement"),
    ],
)
def test_an_outcome_is_measured_by_what_no_agreement_is_worth(offer: Move, line: str) -> None:
    assert worth_line(view_at(GAME), getattr(offer, "outcome", -1)) == line


def test_an_offer_is_shown_issue_by_issue_and_adds_up() -> None:
    view = view_at(PLANTED, [FAIR])
    outcome = PLANTED.space.index({"volume": 1, "price": 30, "rail": "rail"})
    *issues, together, total = offer_lines(view, outcome)
    assert [float(line.split()[-1]) for line in issues] == [731.25, 33, 30]
    assert together.split()[-1] == "+433.125"
    assert float(total.split()[1]) == round(731.25 + 33 + 30 + 433.125, 1)


@pytest.mark.parametrize(
    ("moves", "lines"),
    [
        ([], ["Your move, round 1 of 12.", "Nothing is on the table."]),
        (
            [HIGH, LOW],
            [
                "Your move, round 2 of 12.",
                "The offer of DR Congo is on the table: worth 0.0 to you, 30.0 LESS than without",
                "agreement.",
            ],
        ),
        (
            [HIGH, LOW, HIGH, FAIR],
            [
                "Your move, round 3 of 12.",
                "The offer of DR Congo is on the table: worth 74.0 to you, 44.0 more than without",
                "agreement. Their last one was 74.0 worse for you.",
            ],
        ),
        ([HIGH, LOW, HIGH, LOW], None),
        ([HIGH, FAIR, HIGH, LOW], "Their last one was 74.0 better for you."),
    ],
)
def test_the_situation_tells_what_is_on_the_table_and_how_it_moved(
    moves: list[Move], lines: list[str] | str | None
) -> None:
    told = "\n".join(situation(view_at(GAME, moves)))
    if isinstance(lines, list):
        assert told == "\n".join(lines)
    else:
        assert ("Their last one" in told) == (lines is not None)
        assert (lines or "Your move") in told


def test_the_last_round_is_named_and_so_is_an_own_offer_that_stands() -> None:
    view = view_at(mini(rounds=1))
    assert situation(view)[0] == "Your move, round 1 of 1, the last."
    own = dataclasses.replace(view_at(GAME, [HIGH, LOW]), offer=HIGH.outcome, offerer="USA")
    assert situation(own)[1].startswith("Your own offer is on the table: worth 100.0")


def test_the_talks_are_told_with_what_moved_and_what_was_said() -> None:
    view = view_at(GAME, [HIGH, LOW, FAIR])
    assert talk_lines(view) == [
        "Round 1, the United States offered (0.0 to you):",
        "    volume 4 t · price 10 USD · rail no rail",
        "    “We say so.”",
        "Round 1, you offered (100.0 to you):",
        "    volume 1 t · price 40 USD · rail rail",
        "    “We say so.”",
        "Round 2, the United States offered (67.0 to you):",
        "    volume 4 → 3 t · price 10 → 20 USD · rail no rail → rail; the rest as before",
        "    “We say so.”",
    ]
    assert talk_lines(view_at(GAME)) == ["Nobody has spoken yet."]


def test_acceptances_and_departures_are_told() -> None:
    view = view_at(GAME, [HIGH, LOW])
    left = [*view.history, view.history[0]._replace(move=WalkAway(), words="")]
    stood = [*view.history, view.history[0]._replace(move=Accept(), words="")]
    assert talk_lines(dataclasses.replace(view, history=left))[-1] == "Round 1, you left the table."
    assert talk_lines(dataclasses.replace(view, history=stood))[-1] == (
        "Round 1, you accepted the offer on the table."
    )


def test_words_cannot_colour_or_move_the_terminal() -> None:
    view = view_at(GAME, [HIGH, LOW])
    heard = [seen._replace(words="\x1b[2Jgone\x07\u202e") for seen in view.history]
    text = "\n".join(talk_lines(dataclasses.replace(view, history=heard)))
    assert "“gone”" in text
    assert "\x1b" not in text


def test_what_cannot_be_signed_is_said_with_its_reason() -> None:
    view = view_at(COBALT)
    base = {name: issue.options[0] for name, issue in COBALT.issues.items()}

    def problem(**options: object) -> str | None:
        return hindrance(view, offer_of(COBALT, **{**base, **options}).outcome)

    assert problem(quota="best effort") is None
    assert problem() == "it crosses a red line of yours: export licence for the contract none"
    assert problem(volume=9600, quota="best effort") == (
        "annual offtake 9,600 t Co/yr cannot go with export licence for the contract best effort"
    )
    assert problem(quota="best effort", security="ceasefire support") == (
        "it crosses a red line of yours: security and governance package ceasefire support with "
        "proof of origin self-declared"
    )


def test_nothing_of_another_seat_is_shown() -> None:
    for moves in ([], [FAIR, FAIR]):
        view = view_at(PLANTED, moves)
        shown = [*briefing(view), *points_table(view), *least(view), *situation(view)]
        shown += [*talk_lines(view), *offer_lines(view, FAIR.outcome)]
        assert leaks("\n".join(shown)) == []


def test_to_accept_what_one_offered_is_told_as_standing_by_it() -> None:
    game = mini(opens="alternate")
    told = talk_lines(view_at(game, [HIGH, LOW, Accept()]))
    assert told[-2] == "Round 2, DR Congo stood by the own offer."


def test_who_delivers_is_told_at_a_table_but_not_in_a_hall_where_all_who_sign_do() -> None:
    assert giver_of(view_at(COBALT), "volume") == "DR Congo"
    assert giver_of(view_at(COBALT), "localref") == "you"
    club = load_scenario("price-floor-club")
    assert "(from " not in "\n".join(points_table(view_at(club)))


def test_two_numbers_are_set_apart_by_a_colon() -> None:
    told = term(COBALT, "localref", 10)
    assert told == "share refined in DR Congo by year 7: 10 %"
    assert term(COBALT, "volume", 9600) == "annual offtake 9,600 t Co/yr"


def test_a_party_stands_in_a_sentence_with_its_article() -> None:
    view = view_at(GAME, [FAIR])
    assert "The offer of the United States is on the table" in " ".join(situation(view))


def test_who_passes_with_the_words_of_a_request_has_asked_for_nothing() -> None:
    words = "Aland asks for time to consult its capital."
    view = view_of(start(eventful(), quiet()), [PublicMove(0, 0, "A", Pass(), words)], quiet())

    assert talk_lines(view)[0] == "Round 1, you asked for time to consult its capital."


def test_a_party_of_a_very_long_name_is_told_within_the_page() -> None:
    view = view_at(GAME, [HIGH, LOW])
    parties = dict(view.public.parties)
    parties["COD"] = dataclasses.replace(parties["COD"], name="The Republic of Far Away " * 6)
    named = dataclasses.replace(view, public=dataclasses.replace(view.public, parties=parties))

    assert max(len(line) for line in "\n".join(talk_lines(named)).splitlines()) <= WIDTH
