"""Small games and sessions to read."""

from collections.abc import Sequence

from games.review.continuations import stance_reply
from games.review.positions import Act, Reply
from games.scenario import Scenario
from games.session import Accept, Move, Offer, State, WalkAway, start, step
from games.tactics.aspirations import STANCES
from tests.support.domains import listed, party, scenario

ACCEPT, WALK = Accept(), WalkAway()
FIRM, HARD, SOFT, BALANCED = (
    stance_reply(STANCES[name]) for name in ("firm", "hard", "soft", "balanced")
)


def halves(rounds: int = 1, **more) -> Scenario:
    """Return two parties who can share 100 points all, half or nothing; A opens every round."""
    protocol = {"rounds": rounds, "opens": "fixed", **more}
    return listed({"A": [0, 50, 100], "B": [100, 50, 0]}, protocol=protocol)


def trade(rounds: int = 6, parties: int = 2, **more) -> Scenario:
    """Return parties who care for different issues, with a link and values of all sizes."""
    options = {"gold": ["0", "1", "2", "3"], "time": ["0", "1", "2"], "law": ["0", "1", "2", "3"]}
    tables = {
        "A": {"gold": [0, 21, 37, 61], "time": [0, 9, 13], "law": [23, 14, 5, 0]},
        "B": {"gold": [17, 13, 4, 0], "time": [11, 6, 0], "law": [0, 31, 57, 71]},
        "C": {"gold": [5, 19, 8, 0], "time": [0, 3, 52], "law": [3, 0, 7, 9]},
    }
    names = list(tables)[:parties]
    spelled = {
        name: party(
            {
                issue: dict(zip(options[issue], values, strict=True))
                for issue, values in tables[name].items()
            },
            20.0,
            side="consumer" if name == "A" else "supplier",
            discount=0.95,
        )
        for name in names
    }
    spelled["A"]["links"] = [{"issues": ["gold", "law"], "points": {"3": {"2": 2.5}}}]
    protocol = {"rounds": rounds, "opens": "fixed", "breakdown": 0.02, **more}
    return scenario(options, spelled, protocol=protocol)


def acts(game: Scenario, moves: Sequence[Move], seed: int = 0) -> list[Act]:
    """Return moves with their turns and movers."""
    state, made = start(game, seed), []
    for move in moves:
        made.append(Act(state.turn, state.mover, move))
        state, _ = step(state, move)
    return made


def played(
    game: Scenario, replies: Sequence[Reply], seed: int = 0, most: int = 10**9
) -> tuple[list[Move], list[int]]:
    """Return the moves of a session in which each party answers by its reply, and their turns."""
    state, made = start(game, seed), list[Act]()
    while state.is_open and len(made) < most:
        move = replies[state.mover](state, made)
        made.append(Act(state.turn, state.mover, move))
        state, _ = step(state, move)
    return [act.move for act in made], [act.turn for act in made]


def before(game: Scenario, moves: Sequence[Move], seed: int = 0) -> tuple[State, list[Act]]:
    """Return the state after some moves, and these as acts."""
    state = start(game, seed)
    for move in moves:
        state, _ = step(state, move)
    return state, acts(game, moves, seed)


def offers(*outcomes: int) -> list[Move]:
    """Return offers of outcomes."""
    return [Offer(outcome) for outcome in outcomes]
