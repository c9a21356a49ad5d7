"""Every move of every protocol as a phrase that follows its mover's name."""

from typing import get_args

import pytest

from games.moves import (
    Accept,
    Adjourn,
    Approach,
    AskCapital,
    BreakSilence,
    CallCaucus,
    CallInformal,
    CarryOut,
    Extend,
    Group,
    KeepSilence,
    Merge,
    Move,
    Offer,
    OpenBreakouts,
    OpenSignature,
    OpenSilence,
    Park,
    Pass,
    Pledge,
    Promise,
    PutToVote,
    Reopen,
    Sign,
    Threaten,
    Vote,
    WalkAway,
)
from games.protocols.words import act_words

NAMES = {"A": "Aland", "B": "Bland", "C": "Cland"}
LABELS = {"floor": "price floor", "tariff": "a tariff", "aid": "aid for ports", "swap": "a swap"}

PHRASES: list[tuple[Move, str]] = [
    (Accept(), "supports the text as it stands"),
    (WalkAway(), "leaves"),
    (Pass(), "passes"),
    (AskCapital("floor", "60"), "asks for time to consult its capital"),
    (KeepSilence(), "keeps silence"),
    (BreakSilence(), "breaks the silence"),
    (Reopen(), "reopens what was set aside"),
    (OpenBreakouts(), "sends the delegations into breakouts"),
    (OpenSilence(), "opens a silence procedure"),
    (PutToVote(), "puts the text to the vote"),
    (OpenSignature(), "opens the text for signature"),
    (Extend(), "extends the talks"),
    (Adjourn(), "closes the round"),
    (Offer(0), "asks that the text read otherwise"),
    (Merge(0), "puts forward a text free of brackets"),
    (Vote("yes"), "votes yes"),
    (Vote("no"), "votes no"),
    (Vote("abstain"), "abstains"),
    (Sign("binding"), "signs, binding"),
    (Sign("declaratory"), "signs, declaratory"),
    (Sign("out"), "stays out"),
    (Pledge(pays=True), "pays into the fund"),
    (Pledge(pays=False), "pays nothing into the fund"),
    (CarryOut(does=True), "makes good on its word"),
    (CarryOut(does=False), "backs down"),
    (Approach("swap"), "is ready for a side deal: a swap"),
    (Approach("rail"), "is ready for a side deal: rail"),
    (Park("floor"), "parks price floor"),
    (Park("form"), "parks form"),
    (Group(("floor", "form")), "has price floor and form taken together"),
    (CallInformal("floor", ("A", "B", "C")), "asks Aland, Bland and Cland to settle price floor"),
    (CallInformal("form", ("A", "X")), "asks Aland and X to settle form"),
    (CallCaucus(("B",), ("floor",)), "asks Bland into a caucus on price floor"),
    (
        CallCaucus(("B", "C"), ("floor", "form", "fund")),
        "asks Bland and Cland into a caucus on price floor, form and fund",
    ),
    (
        Threaten("tariff", "floor", "85"),
        "threatens, unless the text has “price floor: 85”: a tariff",
    ),
    (Threaten("ban", "form", "treaty"), "threatens, unless the text has “form: treaty”: ban"),
    (
        Promise(("B", "C"), "floor", "85", None),
        "promises Bland and Cland, for “price floor: 85”: its support",
    ),
    (
        Promise(("B",), "form", "treaty", "aid"),
        "promises Bland, for “form: treaty”: its support and aid for ports",
    ),
    (
        Promise(("B",), "form", "treaty", "loan"),
        "promises Bland, for “form: treaty”: its support and loan",
    ),
]


@pytest.mark.parametrize(("move", "phrase"), PHRASES, ids=lambda one: str(one))
def test_a_move_is_a_phrase_that_follows_its_movers_name(move: Move, phrase: str) -> None:
    assert act_words(move, NAMES, LABELS) == phrase


def test_every_kind_of_move_has_a_phrase() -> None:
    assert {type(move) for move, _ in PHRASES} == {*get_args(Move)}
