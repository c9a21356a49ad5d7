"""What every mind that follows a rule must do, over all of them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any, SupportsIndex, overload

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.contract import PublicMove, ScheduledMind, ScriptedMind, View
from delegates.negotiate import negotiate
from delegates.seating import scripted_mind
from delegates.seats import SCRIPTED_MINDS, parse_seat
from delegates.views import view_of
from games.moves import KeepSilence, Vote
from games.parts.aftermath import Participation
from games.protocols.by_rule import act_by_rule
from games.protocols.registry import PROTOCOLS
from games.scenario import Deadline, Quorum, Scenario
from games.session import Accept, Move, Offer, State, WalkAway, start, step
from games.utility import TIE
from tests.delegates.sessions import mini, view_at
from tests.support.domains import listed, random_scenario, scenarios

NAMES = sorted(SCRIPTED_MINDS)

SCHEDULED = [name for name in NAMES if isinstance(scripted_mind(parse_seat(name)), ScheduledMind)]
"""Minds that depend on time alone."""

BEHIND = Participation(threshold=0.5, kappa=0.25)

KINDS: dict[str, dict[str, Any]] = {
    "alternating-offers": {},
    "plenary": {},
    "forum": {"participation": BEHIND.model_dump()},
}
"""What a scenario of each protocol must say beyond its kind."""


@st.composite
def games_of_any_rules(
    draw: st.DrawFn, *, parties: tuple[int, int] = (2, 6), rounds: tuple[int, int] = (1, 5)
) -> Scenario:
    """Draw a small scenario whose rules of agreement, order and end are drawn as well."""
    game = draw(scenarios(parties=parties, rounds=rounds))
    ids = st.sampled_from(game.ids)
    quorums = st.builds(
        Quorum,
        quorum=st.sampled_from([0.3, 0.5, 0.75, 1.0]),
        weights=st.dictionaries(ids, st.sampled_from([1.0, 3.0]), max_size=2),
        vetoes=st.lists(ids, max_size=2, unique=True).map(tuple),
    )
    deadline = Deadline.model_validate({"from": draw(st.integers(1, 3)), "close": 0.4})
    rules = {
        "kind": draw(st.sampled_from(sorted(KINDS))),
        "agreement": draw(st.one_of(st.just("unanimity"), quorums)),
        "deadline": draw(st.sampled_from([None, deadline])),
        "caucuses": draw(st.integers(0, 1)),
        "extension": draw(st.sampled_from([0, 2])),
    }
    signed = rules["kind"] == "forum" or (rules["kind"] == "plenary" and draw(st.booleans()))
    return game.model_copy(
        update={
            "protocol": game.protocol.model_copy(update=rules),
            "participation": BEHIND if signed else None,
        }
    )


def fresh(name: str) -> ScriptedMind:
    return scripted_mind(parse_seat(name))


def acted(state: State, name: str, view: View) -> Move:
    """Return what a new mind of this name makes of a view at its turn."""
    return act_by_rule(state, lambda: fresh(name).choose(view))


def play(game: Scenario, names: list[str], seed: int, *, renew: bool) -> list[PublicMove]:
    """Return the moves of a session, by lasting minds or by one that is new at every turn."""
    minds = [fresh(name) for name in names]
    state, history = start(game, seed), list[PublicMove]()
    while state.is_open:
        mind = fresh(names[state.mover]) if renew else minds[state.mover]
        view = view_of(state, tuple(history), seed)
        move = act_by_rule(state, lambda: mind.choose(view))  # noqa: B023
        assert_rational(state, move)
        history.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)
    assert len(history) <= start(game, seed).most_turns
    return history


def assert_rational(state: State, move: object) -> None:
    """What a mind offers or supports is worth its reservation value at least.

    Of a text of which only some issues are open, or in a room, it asks for the best there is.
    """
    own = state.own(state.mover)
    outcome: Any = move.outcome if isinstance(move, Offer) else state.on_table
    agrees = isinstance(move, Offer | Accept | KeepSilence) or move == Vote("yes")
    suffices = agrees and own.utility(outcome) >= own.reservation - TIE
    assert not agrees or suffices or own.highest < own.reservation
    assert not agrees or own.may_sign(outcome)
    assert not isinstance(move, WalkAway) or own.highest < own.reservation


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=30)
@given(game=scenarios(parties=(2, 2)), seed=st.integers(0, 9))
def test_two_of_a_kind_play_legal_rational_moves_to_an_end(
    name: str, game: Scenario, seed: int
) -> None:
    moves = play(game, [name, name], seed, renew=False)
    assert moves == play(game, [name, name], seed, renew=True)


@settings(max_examples=300)
@given(
    game=games_of_any_rules(),
    names=st.lists(st.sampled_from(NAMES), min_size=6, max_size=6),
    seed=st.integers(0, 9),
)
def test_two_to_six_of_any_kind_play_legal_rational_moves_to_an_end(
    game: Scenario, names: list[str], seed: int
) -> None:
    moves = play(game, names, seed, renew=False)
    assert moves == play(game, names, seed, renew=True)


def test_every_protocol_is_among_those_played() -> None:
    assert sorted(KINDS) == sorted(PROTOCOLS)


@pytest.mark.parametrize("kind", sorted(PROTOCOLS))
@pytest.mark.parametrize("parties", [2, 3, 6])
@pytest.mark.parametrize("name", NAMES)
def test_it_plays_every_protocol_among_two_to_six(name: str, parties: int, kind: str) -> None:
    game = listed(
        {f"P{k}": [(5 * k + place) % 7 + 1 for place in range(12)] for k in range(parties)},
        protocol={"kind": kind, "rounds": 6, "opens": "lot"},
        **KINDS[kind],
    )
    assert len(play(game, [name] * parties, 5, renew=False)) >= parties


@pytest.mark.parametrize("agreement", ["a majority", "a veto"])
@pytest.mark.parametrize("name", NAMES)
def test_it_plays_on_where_some_have_agreed_or_left(name: str, agreement: str) -> None:
    game = listed(
        {"A": [9, 5, 1], "B": [1, 5, 9], "C": [3, 4, 3], "D": [1, 1, 1]},
        {"D": 2},
        protocol={"rounds": 6, "agreement": {"quorum": 0.5, **VETO[agreement]}},
    )
    history = play(game, [name] * 4, 2, renew=False)
    assert [seen.move for seen in history if seen.party == "D"] in ([WalkAway()], [])


VETO = {"a majority": {}, "a veto": {"vetoes": ["A"]}}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25)
@given(game=games_of_any_rules(parties=(2, 3)), seed=st.integers(0, 9), data=st.data())
def test_what_is_secret_to_another_never_changes_a_move(
    name: str, game: Scenario, seed: int, data: st.DataObject
) -> None:
    """Whatever the others want, and whatever they may not sign: the same view, the same move."""
    state, history = start(game, seed), list[PublicMove]()
    while state.is_open and len(history) < 10:
        view = view_of(state, tuple(history), seed)
        elsewhere = replace(state, scenario=with_other_secrets(game, state.party))
        hidden = view_of(elsewhere, tuple(history), seed)
        move = acted(state, name, view)
        assert move == acted(elsewhere, name, hidden)
        other = data.draw(st.sampled_from(NAMES))
        move = data.draw(st.sampled_from([move, acted(state, other, view)]))
        history.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)


def with_other_secrets(game: Scenario, party: str) -> Scenario:
    """Return a scenario that is the same but for what is private to the other parties."""
    others = {
        name: details.model_copy(
            update={
                "points": {
                    issue: {text: 7 - 3 * worth for text, worth in row.items()}
                    for issue, row in details.points.items()
                },
                "reservation": details.reservation - 11,
                "discount": 0.5,
                "brief": "Something else.",
                "red_lines": (),
                "links": (),
            }
        )
        for name, details in game.parties.items()
        if name != party
    }
    return game.model_copy(update={"parties": {**game.parties, **others}})


def test_other_secrets_are_others() -> None:
    game = mini()
    changed = with_other_secrets(game, "USA")
    assert list(changed.parties) == list(game.parties)
    assert changed.parties["USA"] == game.parties["USA"]
    assert changed.preferences[1].ranking[0].tolist() != game.preferences[1].ranking[0].tolist()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rounds", [1, 2, 7])
def test_with_one_outcome_there_is_nothing_to_argue_about(name: str, rounds: int) -> None:
    game = listed({"A": [5], "B": [3]}, protocol={"rounds": rounds})
    record = negotiate(game, {"A": name, "B": name})
    assert (record.state.agreement, list(record.moves)) == (0, [Offer(0), Accept()])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("parties", [2, 4])
@pytest.mark.parametrize("worth", [4.0, 0.0, -2.0])
def test_whom_nothing_matters_to_agrees_at_once(name: str, parties: int, worth: float) -> None:
    ids = "ABCD"[:parties]
    game = listed({party: [worth] * 4 for party in ids}, dict.fromkeys(ids, worth))
    record = negotiate(game, dict.fromkeys(game.ids, name))
    assert (record.status, len(record.moves)) == ("agreement", parties)


@pytest.mark.parametrize("name", NAMES)
def test_one_round_is_played(name: str) -> None:
    game = mini(rounds=1)
    moves = play(game, [name, name], 3, renew=False)
    assert isinstance(moves[0].move, Offer)
    assert len(moves) == 2


LARGE = random_scenario(2, parties=3, outcomes=(90_000, 100_000), rounds=(4, 4))


@pytest.mark.parametrize("name", NAMES)
def test_a_space_of_a_hundred_thousand_outcomes_is_played(name: str) -> None:
    assert LARGE.space.size >= 90_000
    moves = play(LARGE, [name, "firm", "boulware"], 1, renew=False)
    assert 2 < len(moves) <= 12


class Counted(list[PublicMove]):
    """A history that counts how many of its moves were read."""

    read = 0

    @overload
    def __getitem__(self, place: SupportsIndex) -> PublicMove: ...
    @overload
    def __getitem__(self, place: slice) -> list[PublicMove]: ...
    def __getitem__(self, place: SupportsIndex | slice) -> PublicMove | list[PublicMove]:
        found = super().__getitem__(place)
        self.read += len(found) if isinstance(place, slice) else 1
        return found

    def __iter__(self) -> Iterator[PublicMove]:
        self.read += len(self)
        return super().__iter__()


@pytest.mark.parametrize("name", NAMES)
def test_what_was_heard_is_not_read_again_at_every_turn(name: str) -> None:
    game = mini(rounds=60)
    minds, state, history = [fresh(name), fresh("hard-headed")], start(game), Counted()
    while state.is_open and len(history) < 120:
        move = minds[state.mover].choose(view_of(state, history, 0))
        history.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)
    assert history.read <= 3 * len(history)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=30)
@given(game=scenarios(parties=(2, 4)), seed=st.integers(0, 99), data=st.data())
def test_what_a_mind_remembers_never_matters(
    name: str, game: Scenario, seed: int, data: st.DataObject
) -> None:
    """One mind asked for any seat, in any order, in any history, answers as a new one does."""
    lasting, state, history = fresh(name), start(game, seed), list[PublicMove]()
    while state.is_open and len(history) < 12:
        told = data.draw(st.sampled_from(["the same list", "a copy", "an earlier one first"]))
        if told == "an earlier one first":
            lasting.choose(view_of(state, history[: len(history) // 2], seed))
        shown = history if told == "the same list" else list(history)
        move = lasting.choose(view_of(state, shown, seed))
        assert move == fresh(name).choose(view_of(state, tuple(history), seed))
        history.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("opens", ["fixed", "alternate", "lot"])
def test_the_same_seed_gives_the_same_moves_whoever_opens(name: str, opens: str) -> None:
    game = mini(opens=opens)
    first, second = (
        negotiate(game.model_copy(), {"USA": name, "COD": "linear"}, seed=3) for _ in range(2)
    )
    assert list(first.moves) == list(second.moves)
    assert list(first.movers) == list(second.movers)
    assert first.status == second.status


@pytest.mark.parametrize("name", NAMES)
def test_a_party_that_nothing_satisfies_walks_away(name: str) -> None:
    game = listed({"A": [1, 2], "B": [2, 1]}, reservations={"A": 5, "B": 0})
    assert fresh(name).choose(view_at(game)) == WalkAway()
    assert negotiate(game, {"A": name, "B": "linear"}).status == "walked-away"


@pytest.mark.parametrize("name", NAMES)
def test_the_best_offer_there_is_is_accepted(name: str) -> None:
    game = listed({"A": [10, 0], "B": [0, 10]})
    assert fresh(name).choose(view_at(game, [Offer(1)])) == Accept()


@pytest.mark.parametrize("name", NAMES)
def test_an_offer_below_the_reservation_value_is_never_accepted(name: str) -> None:
    game = listed({"A": [10, 6, 0], "B": [0, 4, 10]}, reservations={"B": 5}, protocol={"rounds": 1})
    assert isinstance(fresh(name).choose(view_at(game, [Offer(1)])), Offer)


@pytest.mark.parametrize("name", NAMES)
def test_a_red_line_is_never_crossed_however_good_the_offer(name: str) -> None:
    game = listed(
        {"A": [10, 6, 0], "B": [0, 4, 10]}, parties={"B": {"red_lines": [{"deal": "o2"}]}}
    )
    answer = fresh(name).choose(view_at(game, [Offer(2)]))
    assert isinstance(answer, Offer)
    assert answer.outcome != 2


@pytest.mark.parametrize("name", sorted({*NAMES} - {"random-walker"}))
def test_against_itself_on_a_common_interest_it_agrees(name: str) -> None:
    game = listed({"A": [0, 5, 10], "B": [0, 5, 10]}, reservations={"A": 4, "B": 4})
    record = negotiate(game, {"A": name, "B": name})
    assert (record.status, record.state.agreement) == ("agreement", 2)


RETURNING = {
    "tit-for-tat",
    "micro",
    "random-walker",
    "agentk-2010-original",
    "hardheaded-2011-original",
}
"""Minds that go back to earlier offers: in answer to the counterpart's, or by lot."""


@pytest.mark.parametrize("name", sorted(set(NAMES) - RETURNING))
def test_it_never_asks_for_more_than_before(name: str) -> None:
    game = mini()
    asked = [
        game.preferences[0].utility(outcome)
        for _, party, offer in negotiate(game, {"USA": name, "COD": "firm(demand=1)"}).offers
        for outcome in [game.space.index(offer)]
        if party == "USA"
    ]
    assert len(asked) > 3
    assert all(later <= earlier + 3 for earlier, later in pairwise(asked))


def test_minds_that_depend_on_time_alone_are_known() -> None:
    assert {"boulware", "linear", "conceder", "hard-headed", "stonewaller"} <= {*SCHEDULED}
    assert not {*SCHEDULED} & {"firm", "micro", "random-walker", "closer"}


@pytest.mark.parametrize("parties", [2, 5])
@pytest.mark.parametrize("seed", range(8))
def test_sessions_by_schedule_equal_those_played_turn_by_turn(parties: int, seed: int) -> None:
    game = random_scenario(seed, parties=parties, outcomes=(10, 300), rounds=(5, 30))
    names = [SCHEDULED[(seed + k) % len(SCHEDULED)] for k in range(parties)]
    record = negotiate(game, dict(zip(game.ids, names, strict=True)), seed=seed)
    moves = play(game, names, seed, renew=False)
    assert [(seen.party, seen.move) for seen in moves] == list(
        zip(record.movers, record.moves, strict=True)
    )


@given(
    game=scenarios(),
    names=st.lists(st.sampled_from(SCHEDULED), min_size=4, max_size=4),
    seed=st.integers(0, 9),
)
def test_schedules_equal_turns_with_red_lines_ties_and_lots(
    game: Scenario, names: list[str], seed: int
) -> None:
    seats = dict(zip(game.ids, names, strict=False))
    quick = negotiate(game, seats, seed=seed)
    slow = negotiate(game, seats, seed=seed, watch=lambda _event, _folded: None)
    assert list(quick.moves) == list(slow.moves)
    assert list(quick.turns) == list(slow.turns)
    told, expected = quick.as_json(), slow.as_json()
    assert told | {"session": ""} == expected | {"session": ""}
