"""Debriefs made by hand, for tests of what shows them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from games.moves import Accept, Offer
from games.review.debrief import (
    Alternative,
    Belief,
    Debrief,
    Lesson,
    MoveNote,
    Remark,
    RemarkKind,
    SheetLine,
    Step,
)
from tests.tui.recordings import moved, offers, pair, recorded


def talks(path: Path) -> Path:
    """Write a finished session of six moves."""
    of = pair()
    return recorded(path, of, [*offers(of, [3, 1, 3, 1, 2]), moved(of, 5)])


def note(number: int, *kinds: RemarkKind, **more: Any) -> MoveNote:
    """Return a note on a move of the buyer's, with a remark of each kind."""
    return MoveNote(
        **{
            "number": number,
            "turn": number - 1,
            "round": (number - 1) // 2,
            "move": Offer(0),
            "told": f"offers volume {number} t",
            "words": f"We ask for {number} tonnes.",
            "utility": 60.0,
            "over_reservation": 40.0,
            "remarks": tuple(Remark(kind=kind, words=f"said of {kind}") for kind in kinds),
            "loss": 0.0,
            "loss_points": 0.0,
            "standard_error": 0.4,
            "hindsight_loss": 0.02,
            "best": None,
            **more,
        }
    )


BETTER = Alternative(
    move=Accept(),
    words="accepts volume 2 t · price 20 USD",
    expected_gain=31.5,
    continuation=(
        Step(round=1, party="SUP", words="offers volume 2 t"),
        Step(round=2, party="BUY", words="accepts"),
    ),
    ends="agreement in round 3, 50 points",
    by={"SUP": "nearest concession curve"},
)


def buyers(path: Path, party: str | None = None, *told: object) -> Debrief:
    """Return the debrief of the buyer in the session of six moves, or the supplier's."""
    del path, told
    moves = (
        note(1, "best", "opening"),
        note(
            3,
            "blunder",
            "missed-acceptance",
            loss=0.31,
            loss_points=12.4,
            standard_error=1.2,
            best=BETTER,
        ),
        note(5, "concession", "trade", told="offers volume 3 t → 2 t; the rest as before"),
    )
    found = Debrief(
        session="test",
        scenario=pair(),
        party="BUY",
        parties=("BUY", "SUP"),
        status="agreement",
        agreement={"tonnes": 2, "price": 20},
        utilities={"BUY": 50.0, "SUP": 50.0},
        payoffs={"BUY": 48.0, "SUP": 50.0},
        reservations={"BUY": 20.0, "SUP": 20.0},
        accuracies={"BUY": 78.2, "SUP": 91.0},
        accuracy=78.2,
        accuracy_error=4.1,
        accuracy_note=None,
        hindsight=83.0,
        moves=moves,
        left=4.5,
        left_share=0.08,
        left_words="volume 3 t and price 20 USD would have brought 4.5 points more",
        beliefs=(
            Belief(
                party="SUP",
                issue="tonnes",
                label="volume",
                true_weight=0.5,
                read_weight=0.61,
                implied_weight=None,
            ),
            Belief(
                party="SUP",
                issue="price",
                label="price",
                true_weight=0.5,
                read_weight=None,
                implied_weight=0.2,
            ),
        ),
        holds=("The agreement holds among patient parties.",),
        lessons=(
            Lesson(title="Take what is good", words="You let 12.4 points lie.", moves=(3, 5)),
            Lesson(title="Mind the clock", words="The deal came late.", moves=(6,)),
            Lesson(title="Prepare", words="No sheet was filled in.", moves=()),
        ),
        sheet=(
            SheetLine(
                what="Target",
                said="60",
                true="50",
                verdict="missed by 10 points",
                is_good=False,
                again="55",
            ),
            SheetLine(what="Ranking", said="volume", true="volume", verdict="τ 1", is_good=True),
        ),
        hints=2,
        notes=("What the other side thought is not known.",),
    )
    if party in (None, "BUY"):
        return found
    return replace(found, party="SUP", accuracy=91.0, accuracy_error=None, moves=(note(2, "best"),))
