"""A negotiator of NegMAS is a function of its view, sees no other's utilities, and fails openly."""

import copy
import gc
import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest
from negmas.preferences import LinearAdditiveUtilityFunction

from delegates.contract import PublicMove, View
from delegates.evaluation.evaluate import evaluate
from delegates.evaluation.judging.methods import methods
from delegates.fork import fork
from delegates.negotiate import negotiate, resume
from delegates.peers.negmas_adapter import (
    NegmasMind,
    outcome_space,
    ufun_of,
    utility_function,
)
from delegates.peers.negmas_names import release
from delegates.peers.negmas_terms import Naming, Text, worths
from delegates.views import view_of
from games.errors import DelegateError, IllegalMove
from games.protocols.by_rule import act_by_rule
from games.scenario import Party, Scenario, load_scenario
from games.session import Offer, State, WalkAway, start, step
from games.utility import Preferences
from tests.delegates.evaluation.made import made_design
from tests.delegates.sessions import bare, events_of, mini, settings_at
from tests.support.domains import listed, random_scenario

AGENTS = [
    "BoulwareTBNegotiator",
    "MiCRONegotiator",
    "CABNegotiator",
    "RandomNegotiator",
    "TopFractionNegotiator",
    "NaiveTitForTatNegotiator",
    "NiceTitForTatNegotiator",
    "AdditiveParetoFollowingTBNegotiator",
    "negmas.genius.gboa_negotiators.GHardHeaded",
]


def seat(agent: str) -> str:
    return f"negmas(agent={agent})"


class Twice:
    """Asks one mind that remembers, and one made anew that has it all to read."""

    def __init__(self, agent: str) -> None:
        self.agent, self.remembering, self.asked = agent, NegmasMind(agent), 0

    def choose(self, view: View) -> Any:
        copy = View(**{name: getattr(view, name) for name in View.__slots__})
        object.__setattr__(copy, "history", list(view.history))
        anew = NegmasMind(self.agent).choose(copy)
        again = self.remembering.choose(view)
        assert anew == again == self.remembering.choose(view)
        self.asked += 1
        return again


def asked_at(mind: Any, state: State, heard: Sequence[PublicMove], seed: int) -> Any:
    return mind.choose(view_of(state, heard, seed))


def played(scenario: Scenario, minds: Sequence[Any], seed: int = 0) -> int:
    """Play a session and return how many turns it took."""
    state, heard = start(scenario, seed), list[PublicMove]()
    while state.is_open:
        move = act_by_rule(state, partial(asked_at, minds[state.mover], state, heard, seed))
        heard.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)
    return len(heard)


@pytest.mark.parametrize("opens", ["fixed", "alternate", "lot"])
@pytest.mark.parametrize("agent", AGENTS)
def test_remembered_it_answers_as_it_does_made_anew(agent: str, opens: str) -> None:
    turns = 0
    for number in range(4):
        domain = random_scenario(
            90_000 + number, parties=2 + number % 2, outcomes=(8, 60), rounds=(4, 10)
        )
        rules = domain.protocol.model_copy(update={"opens": opens})
        domain = domain.model_copy(update={"protocol": rules})
        minds = [Twice(agent) for _ in domain.ids]
        turns += played(domain, minds, seed=number)
        assert sum(mind.asked for mind in minds) > 0
    assert turns > 4


@pytest.mark.parametrize("agent", AGENTS)
def test_a_session_cut_anywhere_is_carried_on_the_same(tmp_path: Path, agent: str) -> None:
    whole, path = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    seats = {"USA": seat(agent), "COD": "boulware"}
    negotiate(mini(), seats, seed=3, transcript=whole)
    lines = whole.read_text().splitlines(keepends=True)
    assert len(lines) > 4
    path.write_text("".join(lines[: len(lines) // 2]))

    resume(path, settings=settings_at(home=tmp_path))

    kept = [event for event in bare(events_of(path)) if event["type"] != "resumed"]
    assert kept == bare(events_of(whole))


def test_a_branch_seats_it_where_another_sat(tmp_path: Path) -> None:
    parent, branch = tmp_path / "parent.jsonl", tmp_path / "branch.jsonl"
    negotiate(mini(), {"USA": "hard-headed", "COD": "hard-headed"}, seed=3, transcript=parent)
    settings = settings_at(home=tmp_path)
    seats = {"COD": seat("ConcederTBNegotiator")}
    fork(parent, at=5, seats=seats, out=branch, settings=settings)

    record = resume(branch, settings=settings)

    theirs = [outcome for _, party, outcome in record.offers if party == "COD"]
    assert theirs[1] == theirs[0]
    assert theirs[-1] != theirs[0]


def test_the_generators_of_the_process_are_as_they_were() -> None:
    random.seed(5)
    np.random.seed(5)
    expected = random.Random(5).random(), np.random.RandomState(5).random_sample()

    negotiate(mini(), {"USA": seat("RandomNegotiator"), "COD": seat("MiCRONegotiator")}, seed=1)

    assert (random.random(), np.random.random_sample()) == expected


def reached_from(first: object) -> list[object]:
    """Return every object that leads on from one, code and modules apart."""
    found: dict[int, object] = {}
    open_: list[object] = [first]
    while open_:
        one = open_.pop()
        if id(one) in found or isinstance(one, ModuleType | type | FunctionType):
            continue
        found[id(one)] = one
        open_.extend(gc.get_referents(one))
    return list(found.values())


def test_no_utility_but_its_own_can_be_reached_from_it() -> None:
    scenario = mini()
    mind = NegmasMind("NiceTitForTatNegotiator")
    played(scenario, [mind, NegmasMind("BoulwareTBNegotiator")])
    assert mind.seat is not None

    known = reached_from(mind.seat.table)

    assert len(known) > 500
    assert any(one is mind.seat.table.negotiators[0] for one in known)
    assert not [one for one in known if isinstance(one, Scenario)]
    assert not [one for one in known if isinstance(one, Party)]
    assert not [one for one in known if isinstance(one, Preferences)]
    ufuns = {id(one.ufun) for one in mind.seat.table.negotiators if one.ufun is not None}
    assert len(ufuns) == 1
    others = [one for one in mind.seat.table.negotiators if one.id != "USA"]
    assert [one.ufun for one in others] == [None]


def test_the_whole_seat_knows_no_other_partys_preferences() -> None:
    scenario = mini()
    mind = NegmasMind("BoulwareTBNegotiator")
    played(scenario, [mind, NegmasMind("BoulwareTBNegotiator")])

    known = [one for one in reached_from(mind) if isinstance(one, Preferences)]

    assert {one.party for one in known} == {"USA"}


def test_what_it_may_not_sign_is_worth_less_to_it_than_no_agreement() -> None:
    scenario = load_scenario("first-table")
    for party, own in zip(scenario.ids, scenario.preferences, strict=True):
        assert own.signable is not None
        told = worths(own)
        assert (told[~own.signable] < own.reservation).all()
        assert (told[own.signable] == own.utilities[own.signable]).all()
        ufun = ufun_of(scenario, party)
        assert ufun.minmax()[1] == 1.0
        assert 0 < ufun.reserved_value < 1


def test_a_table_and_sums_of_points_tell_it_the_same() -> None:
    game = random_scenario(7, outcomes=(20, 60))
    for party, own in zip(game.ids, game.preferences, strict=True):
        for scale in ("unit", "points"):
            ufun = ufun_of(game, party, scale)
            texts = [
                tuple(map(str, game.space.outcome(k).values())) for k in range(game.space.size)
            ]
            told = np.array([float(ufun(text)) for text in texts])
            worth = own.utilities if scale == "points" else (own.utilities - own.lowest) / own.span
            assert told == pytest.approx(worth, abs=1e-9)
            assert isinstance(ufun, LinearAdditiveUtilityFunction)


@pytest.mark.parametrize("scale", ["unit", "points"])
@pytest.mark.parametrize(
    "game",
    [random_scenario(7, outcomes=(20, 60)), load_scenario("first-table")],
    ids=["sum", "table"],
)
def test_what_is_known_of_outcomes_is_what_they_are_worth_whoever_copies_it(game, scale) -> None:
    own, party = game.preferences[0], next(iter(game.parties.values()))
    naming = Naming.kept(own, game.space, Text)
    ufun = utility_function(own, party, naming, scale)
    anew = utility_function(own, party, Naming.of(game.space, Text), scale)
    copied = copy.deepcopy(ufun)

    assert len(ufun.known.worth) == len(naming.outcomes) == game.space.size
    assert not anew.known.worth
    assert not copied.known.worth
    for outcome in naming.outcomes:
        twin = tuple(map(Text, outcome))
        worths = {float(one(of)) for one in (ufun, anew, copied) for of in (outcome, twin)}
        assert worths == {float(ufun.eval(outcome))} == {float(ufun.eval(twin))}
    assert float(ufun(None)) == ufun.reserved_value


def test_all_outcomes_are_listed_as_negmas_lists_them_and_once() -> None:
    game = random_scenario(7, outcomes=(20, 60))
    naming = Naming.kept(game.preferences[0], game.space, Text)
    party = next(iter(game.parties.values()))
    space = utility_function(game.preferences[0], party, naming, "unit").outcome_space

    listed = list(space.enumerate_or_sample())
    listed.reverse()

    assert listed[::-1] == list(outcome_space(game).enumerate())
    assert list(space.enumerate()) == listed[::-1]
    assert all(one is other for one, other in zip(space.enumerate(), naming.outcomes, strict=True))
    assert list(copy.deepcopy(space).enumerate()) == listed[::-1]
    assert [naming.outcome(k) for k in range(len(listed))] == listed[::-1]


# What fails, fails openly.


def test_an_offer_across_a_red_line_is_illegal_and_not_mended() -> None:
    scenario = load_scenario("first-table")
    own = scenario.preferences[1]
    state, _ = step(start(scenario, 0), Offer(int(scenario.preferences[0].ranking[0][-1])))
    moves = [NegmasMind("RandomNegotiator").choose(view_of(state, [], seed)) for seed in range(20)]
    beyond = [one for one in moves if isinstance(one, Offer) and not own.may_sign(one.outcome)]

    assert beyond
    for move in beyond:
        with pytest.raises(IllegalMove):
            step(state, move)


def test_whatever_it_raises_is_its_own_fault() -> None:
    with pytest.raises(DelegateError, match="AUS: UtilBasedNegotiator of NegMAS failed"):
        negotiate(load_scenario("first-table"), {"KOR": "firm", "AUS": seat("UtilBasedNegotiator")})


class Answering:
    """Stands for a seat whose negotiator has just answered something."""

    def __init__(self, response: object, outcome: object = None) -> None:
        self.response, self.outcome = response, outcome


@pytest.mark.parametrize(
    ("response", "outcome", "told"),
    [
        ("REJECT_OFFER", ("o9",), "offered ('o9',); expected an outcome"),
        ("REJECT_OFFER", ("o0", "o0"), "expected an outcome"),
        ("REJECT_OFFER", "o0", "expected an outcome"),
        ("NO_RESPONSE", None, "expected an offer, or to accept or leave"),
        ("WAIT", None, "expected an offer, or to accept or leave"),
    ],
)
def test_an_answer_that_is_no_move_is_a_fault(response, outcome, told) -> None:
    from negmas.sao import ResponseType

    mind, view = asked_once()
    assert mind.seat is not None
    mind.seat.answer = Answering(ResponseType[response], outcome)
    with pytest.raises(DelegateError) as raised:
        mind.choose(view)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("response", "outcome", "move"),
    [
        ("END_NEGOTIATION", None, WalkAway()),
        ("LEAVE", None, WalkAway()),
        ("REJECT_OFFER", None, WalkAway()),
        ("REJECT_OFFER", ("o1",), Offer(1)),
    ],
)
def test_answers_are_read_as_moves(response, outcome, move) -> None:
    from negmas.sao import ResponseType

    mind, view = asked_once()
    assert mind.seat is not None
    mind.seat.answer = Answering(ResponseType[response], outcome)
    assert mind.choose(view) == move


def asked_once() -> tuple[NegmasMind, View]:
    game = listed({"A": [0, 1, 2], "B": [2, 1, 0]}, protocol={"rounds": 4, "opens": "fixed"})
    mind, view = NegmasMind("BoulwareTBNegotiator"), view_of(start(game, 0), [], 0)
    assert mind.choose(view) == Offer(2)
    return mind, view


# In a batch.

STRATEGIES = {
    "firm": "firm",
    "MiCRO": seat("MiCRONegotiator"),
    "Random": seat("RandomNegotiator"),
    "Top": seat("TopFractionNegotiator"),
}


def test_a_batch_is_the_same_bytes_again_and_by_two_processes(tmp_path: Path) -> None:
    design = made_design(mini(), strategies=STRATEGIES, repetitions=2)

    runs = [
        evaluate(design, out=tmp_path / name, workers=workers)
        for name, workers in (("one", 1), ("again", 1), ("two", 2))
    ]

    for table in ("sessions.parquet", "seats.parquet"):
        assert (
            len({(tmp_path / name / table).read_bytes() for name in ("one", "again", "two")}) == 1
        )
    assert {run.failed for run in runs} == {0}


def test_a_session_that_it_breaks_is_refused_and_says_who(tmp_path: Path) -> None:
    strategies = {"firm": "firm", "Util": seat("UtilBasedNegotiator")}
    design = made_design(mini(), strategies=strategies)

    evaluate(design, out=tmp_path, workers=1)

    journal = (tmp_path / "journal.jsonl").read_text()
    assert journal.count('"refused"') == 3
    assert "UtilBasedNegotiator of NegMAS failed" in journal


def test_the_methods_say_whose_strategies_they_are() -> None:
    ten = {agent.rpartition(".")[2]: seat(agent) for agent in AGENTS if agent != "RandomNegotiator"}
    ten |= {name: seat(f"{name}TBNegotiator") for name in ("Linear", "Conceder")}
    assert len(ten) == 10
    design = made_design(mini(), strategies={"firm": "firm", "closer": "closer", **ten})

    told = methods(design, program="1")

    assert "Rules of this program, and after whom: firm (Faratin, Sierra and Jennings 2002)" in told
    theirs = (
        f"Negotiators of {release()} (Mohammad, Nakadai and Greenwald 2021; AGPL-3.0-or-later), "
        "which is no part of this program, unmodified: "
    )
    assert theirs in told
    assert "negmas(" not in told
    for spec in ten.values():
        assert f"({spec.removeprefix('negmas(agent=')}" in told.partition(theirs)[2]


def test_ten_of_them_against_ours_are_played_and_told_of(tmp_path: Path) -> None:
    ten = {
        f"N{number}": seat(agent) for number, agent in enumerate((*AGENTS, "LinearTBNegotiator"))
    }
    scenarios = [mini().model_copy(update={"id": f"mini{number}"}) for number in range(5)]
    design = made_design(*scenarios, strategies={"firm": "firm", "closer": "closer", **ten})

    found = evaluate(design, out=tmp_path, workers=1)

    assert (found.sessions, found.failed) == (5 * 12 * 12, 0)
    line = (tmp_path / "journal.jsonl").read_text().splitlines()[-1]
    assert f' with {release()}"' in line


def test_a_report_of_our_own_rules_alone_says_nothing_of_it() -> None:
    assert "NegMAS" not in methods(made_design(), program="1")
