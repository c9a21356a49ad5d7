import json
from pathlib import Path
from typing import Any

import pytest

from delegates import negotiate
from games.session import WalkAway
from tests.delegates.sessions import mini, played
from transcripts.events import Replied, Tokens
from transcripts.record import SessionRecord, rounded, spend

NUMBER = (int, float)


def test_the_json_of_a_session_has_the_contracts_keys_and_types(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    record = negotiate(mini(), {"USA": "boulware", "COD": "linear"}, seed=1, transcript=path)
    told: Any = json.loads(json.dumps(record.as_json(), allow_nan=False))
    assert list(told) == [
        "session",
        "transcript",
        "status",
        "agreement",
        "utilities",
        "payoffs",
        "rounds",
        "moves",
        "model_calls",
        "tokens",
        "cost_usd",
        "seats",
        "referee",
        "hall",
        "happened",
    ]
    assert told["session"].startswith("mini-")
    assert told["transcript"] == str(path)
    assert told["happened"] == []
    assert told["status"] == "agreement"
    assert told["agreement"].keys() == mini().issues.keys()
    assert told["utilities"].keys() == told["payoffs"].keys() == {"USA", "COD"}
    assert all(isinstance(value, NUMBER) for value in told["utilities"].values())
    assert (told["model_calls"], told["cost_usd"]) == (0, 0.0)
    assert told["tokens"] == {"input": 0, "output": 0, "cached": 0, "reasoning": 0}
    assert told["seats"].keys() == {"USA", "COD"}
    assert told["seats"]["USA"]["model_calls"] == 0
    assert isinstance(told["referee"], dict)


def test_a_session_without_a_file_names_none() -> None:
    assert negotiate(mini(), {"USA": "firm", "COD": "firm"}).as_json()["transcript"] is None


def test_the_options_of_an_agreement_keep_their_types() -> None:
    record = negotiate(mini(), {"USA": "conceder", "COD": "conceder"})
    agreed: Any = record.as_json()["agreement"]
    assert [type(option) for option in agreed.values()] == [int, int, str]


def test_offers_are_round_party_and_options() -> None:
    record = negotiate(mini(), {"USA": "boulware", "COD": "linear"}, seed=1)
    first, second = record.offers[:2]
    assert first == (0, "USA", {"volume": 4, "price": 10, "rail": "no rail"})
    assert second[:2] == (0, "COD")
    assert {offer[1] for offer in record.offers} == {"USA", "COD"}
    assert [offer[0] for offer in record.offers] == sorted(offer[0] for offer in record.offers)


def test_a_session_left_is_worth_the_reservation_values() -> None:
    state, history = played(mini(), [WalkAway()])
    record = SessionRecord(
        session="s",
        state=state,
        moves=[seen.move for seen in history],
        turns=[seen.turn for seen in history],
    )
    told = record.as_json()
    assert (told["status"], told["agreement"]) == ("walked-away", None)
    assert told["utilities"] == told["payoffs"] == {"USA": 30.0, "COD": 30.0}
    assert (told["rounds"], told["moves"]) == (1, 1)


def reply(cost: float | None) -> Replied:
    tokens = Tokens(input=10, output=3, cached=4)
    return Replied(
        turn=0, party="USA", purpose="decide", call=0, text="", tokens=tokens, cost_usd=cost
    )


@pytest.mark.parametrize(("costs", "total"), [([], 0.0), ([0.5, 0.25], 0.75), ([0.5, None], None)])
def test_spending_is_summed_and_unknown_where_one_price_is(
    costs: list[float | None], total: float | None
) -> None:
    found = spend([reply(cost) for cost in costs])
    assert found.cost_usd == total
    assert found.calls == len(costs)
    assert found.tokens == Tokens(
        input=10 * len(costs), output=3 * len(costs), cached=4 * len(costs)
    )


def test_points_are_free_of_the_last_digits_of_summation() -> None:
    assert rounded({"A": 0.1 + 0.2}) == {"A": 0.3}
