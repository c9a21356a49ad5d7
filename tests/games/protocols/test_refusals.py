"""Whatever a hall does not allow is refused in one line: who, what, and what is expected."""

from typing import Any

import pytest

from games.errors import IllegalMove
from games.moves import (
    Accept,
    Adjourn,
    Approach,
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
from games.protocols.hall import HallState
from games.session import step
from tests.games.protocols.halls import after, allows, opened, with_parts
from tests.support.domains import party, scenario

ISSUES = {"x": ["x0", "x1", "x2"], "y": ["y0", "y1", "y2"], "z": ["z0", "z1"]}


def hall(kind: str = "plenary", **protocol: Any) -> HallState:
    """Return a hall of four, A in the chair: x2 excludes y2, and B never signs y1."""
    issues: dict[str, Any] = {
        name: {"label": name, "options": list(texts)} for name, texts in ISSUES.items()
    }
    issues["x"]["excludes"] = {"x2": {"y": ["y2"]}}
    points = {name: dict.fromkeys(texts, 1.0) for name, texts in ISSUES.items()}
    game = scenario(
        issues,
        {
            name: party(points, red_lines=[{"y": "y1"}] if name == "B" else [])
            for name in ("A", "B", "C", "D")
        },
        protocol={"rounds": 3, "opens": "fixed"},
    )
    rules = {
        "kind": kind,
        "agreement": {"quorum": 0.6},
        "chair": "A",
        "rooms": {"size": 3, "turns": 1},
        "caucuses": 1,
        **protocol,
    }
    signed = {"threshold": 0.5, "kappa": 0.5} if kind == "forum" else None
    return opened(with_parts(game, protocol=rules, participation=signed))


def text(x: int, y: int, z: int) -> int:
    return (x * 3 + y) * 2 + z


PLAIN = text(0, 0, 0)
QUIET: list[Move] = [Pass()] * 4
TABLED: list[Move] = [*QUIET, Merge(PLAIN)]
IN_BRACKETS: list[Move] = [
    *(Offer(PLAIN), Offer(text(1, 0, 0)), Offer(text(2, 0, 0)), Pass(), Merge(PLAIN))
]
INFORMAL = CallInformal("x", ("B", "C"))

REFUSED: list[tuple[list[Move], Move, str]] = [
    # the floor
    ([], Offer(-1), "A: no outcome -1; expected one below 18"),
    ([], Offer(18), "A: no outcome 18; expected one below 18"),
    ([], Offer(text(2, 2, 0)), "A: the text combines options that exclude each other"),
    ([Pass()], Offer(text(0, 1, 0)), "B: the text crosses one of its own red lines"),
    ([], Accept(), "A: there is no text yet"),
    (
        [],
        Vote("yes"),
        "A: Vote is no move of the floor stage; expected an offer, acceptance, a pass or an aside",
    ),
    ([], Approach("barter"), "A: no side deal 'barter' of its own"),
    ([Pass(), Pass()], Approach("swap"), "C: no side deal 'swap' of its own"),
    (
        [Approach("swap")],
        Approach("swap"),
        "A: one aside a turn; expected what it says to the text",
    ),
    (
        [Approach("swap"), *QUIET, Adjourn()],
        Approach("swap"),
        "A: it is ready for swap already",
    ),
    # vows
    (
        [Pass(), Pass()],
        Threaten("tariff", "x", "x1"),
        "C: no measure 'tariff' of its own; it has none",
    ),
    ([Pass()], Promise(("A",), "x", "x1", "tariff"), "B: no measure 'tariff' of its own; credit"),
    ([Pass()], Threaten("credit", "x", "x1"), "B: credit can only be promised"),
    ([], Promise(("B",), "x", "x1", "tariff"), "A: tariff can only be threatened"),
    ([], Promise(("E",), "x", "x1"), "A: no other delegation 'E'"),
    (
        [],
        Promise((), "x", "x1"),
        "A: expected other delegations to whom it promises, each once",
    ),
    # caucuses
    (
        TABLED[:4],
        CallCaucus(("B",), ("x",)),
        "A: CallCaucus is no move of the chair stage; expected an act of the chair",
    ),
    ([], CallCaucus(("B",), ("x",)), "A: there is no text yet"),
    ([*TABLED, Adjourn()], CallCaucus(("A",), ("x",)), "A: no other delegation 'A'"),
    (
        [*TABLED, Adjourn()],
        CallCaucus(("B", "B"), ("x",)),
        "A: expected other delegations that are present, each once",
    ),
    ([*TABLED, Adjourn()], CallCaucus(("B", "C", "D"), ("x",)), "A: a room holds 2 to 3"),
    ([*TABLED, Adjourn()], CallCaucus((), ("x",)), "A: a room holds 2 to 3"),
    (
        [*TABLED, Adjourn()],
        CallCaucus(("B",), ("w",)),
        "A: expected issues among x, y, z, found 'w'",
    ),
    ([*TABLED, Adjourn()], CallCaucus(("B",), ()), "A: expected issues among x, y, z, found none"),
    (
        [*TABLED, Adjourn(), CallCaucus(("B",), ("x",)), *QUIET, Pass(), Pass(), Adjourn()],
        CallCaucus(("C",), ("y",)),
        "A: it may call 1 caucuses and has",
    ),
    (
        [Pass(), Pass(), Pass(), WalkAway(), Merge(PLAIN), Adjourn()],
        CallCaucus(("D",), ("x",)),
        "A: expected other delegations that are present, each once",
    ),
    (
        [*TABLED, Adjourn(), CallCaucus(("B",), ("x",)), *QUIET],
        Promise(("C",), "x", "x1"),
        "A: in a caucus it can promise to its members alone",
    ),
    # the chair
    (QUIET, Park("x"), "A: there is no text yet"),
    (TABLED, Park("w"), "A: expected issues among x, y, z, found 'w'"),
    ([*TABLED, Park("x")], Park("x"), "A: x is parked already"),
    (
        [*TABLED, Park("x"), Park("y")],
        Park("z"),
        "A: z is the only issue open; park another",
    ),
    (TABLED, Reopen(), "A: nothing is parked and every issue is open"),
    (TABLED, Group(("x",)), "A: expected two issues or more, none of them parked"),
    (
        [*TABLED, Park("x")],
        Group(("x", "y")),
        "A: expected two issues or more, none of them parked",
    ),
    (
        [*TABLED, Park("x")],
        Merge(text(1, 0, 0)),
        "A: x is parked; expected it to stay as it stands",
    ),
    ([*TABLED, Park("x")], PutToVote(), "A: reopen what is parked or grouped first"),
    ([*TABLED, Group(("x", "y"))], OpenSilence(), "A: reopen what is parked or grouped first"),
    (TABLED, OpenSignature(), "A: the text of a plenary is voted on"),
    (
        [*TABLED, OpenSilence(), BreakSilence()],
        OpenSilence(),
        "A: the silence procedure was broken in this round",
    ),
    (
        [*TABLED, PutToVote(), *[Vote("no")] * 4],
        PutToVote(),
        "A: the text was voted on in this round already",
    ),
    (TABLED, Extend(), "A: the talks cannot be extended"),
    # rooms
    (TABLED, CallInformal("x", ("B", "C")), "A: x is not in brackets; expected one that is"),
    (
        [*IN_BRACKETS, INFORMAL, Pass(), Pass()],
        CallInformal("x", ("B", "D")),
        "A: an informal on x has met in this round",
    ),
    (
        IN_BRACKETS,
        CallInformal("x", ("B", "E")),
        "A: expected delegations that are present, found 'E'",
    ),
    (
        IN_BRACKETS,
        CallInformal("x", ("B", "B")),
        "A: expected delegations that are present, found one twice",
    ),
    (IN_BRACKETS, CallInformal("x", ("B",)), "A: a room holds 2 to 3, found 1"),
    (IN_BRACKETS, CallInformal("x", ("A", "B", "C", "D")), "A: a room holds 2 to 3, found 4"),
    (TABLED, OpenBreakouts(), "A: no bracket is open for which delegations could meet"),
    (
        [*IN_BRACKETS, INFORMAL, Pass(), Pass()],
        OpenBreakouts(),
        "A: the delegations have met in rooms in this round already",
    ),
    ([*IN_BRACKETS, INFORMAL], Accept(), "B: nothing is proposed in this room"),
    (
        [*IN_BRACKETS, INFORMAL],
        Offer(text(1, 2, 0)),
        "B: y is not open now; expected the text's option",
    ),
    (
        [*IN_BRACKETS, INFORMAL],
        Vote("no"),
        "B: Vote is no move of the room stage; expected an offer, acceptance, a pass or a promise",
    ),
    (
        [*IN_BRACKETS, INFORMAL, Promise(("C",), "x", "x1")],
        Promise(("D",), "x", "x1"),
        (
            "B: Promise is no move of the room stage; "
            "expected an offer, acceptance, a pass or a promise"
        ),
    ),
    # decisions
    (
        [*TABLED, OpenSilence()],
        Accept(),
        "B: Accept is no move of the silence stage; expected silence or an objection",
    ),
    (
        [*TABLED, PutToVote()],
        KeepSilence(),
        "A: KeepSilence is no move of the vote stage; expected yes, no or an abstention",
    ),
]


@pytest.mark.parametrize(
    ("before", "move", "line"), REFUSED, ids=[line[:60] for _, _, line in REFUSED]
)
def test_what_a_hall_does_not_allow_is_refused_in_one_line(
    before: list[Move], move: Move, line: str
) -> None:
    state = after(hall(), *before)
    with pytest.raises(IllegalMove) as refused:
        step(state, move)
    assert str(refused.value) == line


SIGNATURES = "expected a signature, binding or declaratory, or out"
SIGNED: list[Move] = [*TABLED, OpenSignature()]


@pytest.mark.parametrize(
    ("kind", "rules", "before", "move", "line"),
    [
        ("forum", {}, TABLED, PutToVote(), "A: the text of a forum is opened for signature"),
        (
            "plenary",
            {"silence": "never"},
            TABLED,
            OpenSilence(),
            "A: the silence procedure is not allowed",
        ),
        (
            "plenary",
            {"extension": 2},
            [*TABLED, Extend()],
            Extend(),
            "A: the talks have been extended",
        ),
        (
            "forum",
            {},
            SIGNED,
            Vote("yes"),
            f"A: Vote is no move of the sign stage; {SIGNATURES}",
        ),
        (
            "forum",
            {},
            [*SIGNED, *[Sign("binding")] * 4],
            Sign("out"),
            "A: Sign is no move of the pledge stage; expected a pledge to pay or not",
        ),
        (
            "forum",
            {},
            [
                Threaten("tariff", "x", "x1"),
                *SIGNED,
                *[Sign("binding")] * 4,
                *[Pledge(pays=True)] * 2,
            ],
            Pass(),
            "A: Pass is no move of the due stage; expected whether it makes good on its word",
        ),
    ],
)
def test_what_a_stage_does_not_know_is_refused_with_what_it_expects(
    kind: str, rules: dict[str, Any], before: list[Move], move: Move, line: str
) -> None:
    state = after(hall(kind, **rules), *before)
    with pytest.raises(IllegalMove) as refused:
        step(state, move)
    assert str(refused.value) == line


CROSSING: list[Move] = [*QUIET, Merge(text(0, 1, 0))]
"""A text that has y1, which B never signs."""

CROSSED: list[tuple[str, dict[str, Any], list[Move], Move]] = [
    ("plenary", {}, [*CROSSING, PutToVote(), Vote("yes")], Vote("yes")),
    ("plenary", {}, [*CROSSING, OpenSilence()], KeepSilence()),
    ("plenary", {}, [*CROSSING, Adjourn(), Pass()], Accept()),
    ("plenary", {"chair": "B"}, QUIET, Merge(text(0, 1, 0))),
    ("forum", {}, [*CROSSING, OpenSignature(), Sign("out")], Sign("binding")),
    ("forum", {}, [*CROSSING, OpenSignature(), Sign("out")], Sign("declaratory")),
    (
        "plenary",
        {},
        [
            *(Offer(PLAIN), Offer(text(0, 2, 0)), Offer(text(0, 1, 0)), Pass(), Merge(PLAIN)),
            *(CallInformal("y", ("C", "B")), Offer(text(0, 1, 0))),
        ],
        Accept(),
    ),
]


@pytest.mark.parametrize(("kind", "rules", "before", "move"), CROSSED)
def test_nobody_puts_its_name_to_what_crosses_its_red_line(
    kind: str, rules: dict[str, Any], before: list[Move], move: Move
) -> None:
    state = after(hall(kind, **rules), *before)
    with pytest.raises(IllegalMove, match=r"^B: the text crosses one of its own red lines$"):
        step(state, move)


def test_whoever_may_not_sign_a_text_may_vote_against_it_break_the_silence_and_stay_out() -> None:
    assert allows(after(hall(), *CROSSING, PutToVote(), Vote("yes")), Vote("no"))
    assert allows(after(hall(), *CROSSING, OpenSilence()), BreakSilence())
    assert allows(after(hall("forum"), *CROSSING, OpenSignature(), Sign("out")), Sign("out"))


def test_nothing_follows_once_a_hall_is_closed() -> None:
    threat = Threaten("tariff", "x", "x1")
    signed = [*[Sign("binding")] * 4, *[Pledge(pays=True)] * 2, CarryOut(does=False)]
    state = after(hall("forum"), threat, *SIGNED, *signed)

    with pytest.raises(IllegalMove, match=r"^the session is over \(agreement\); no move is poss"):
        step(state, Pass())
