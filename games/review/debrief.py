"""The debrief: what a reviewed session comes to for one party, ready to be shown or printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from games.outcomes import Option
from games.review.continuations import CounterpartModel

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.session import Move, Status

RemarkKind = Literal[
    "best",
    "fine",
    "opening",
    "demand",
    "concession",
    "trade",
    "repeat",
    "acceptance",
    "refusal",
    "walk-away",
    "needless-concession",
    "dominated-offer",
    "missed-acceptance",
    "below-reservation",
    "leak",
    "inaccuracy",
    "mistake",
    "blunder",
    "stand-in",
    "other",
]
"""What can be said of a move. Inaccuracies, mistakes and blunders are graded by what they gave
away. "Best" is said where nothing that was compared beat it, "fine" where that is so and another
offer was better for the others all the same."""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something that is to be said of a move."""

    kind: RemarkKind
    words: str
    """In plain words, with its figures; a sentence without its full stop."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A move of a session that was not played."""

    round: int
    """From 0."""
    party: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """The best of the moves compared, and how the session would have gone on after it."""

    move: Move
    words: str
    """The move in words."""
    expected_gain: float
    """Mean final gain over r against the drawn counterparts, in own points."""
    continuation: tuple[Step, ...]
    """What would have followed, the counterparts answering as `by` says."""
    ends: str
    """How it would have ended for the party, in words."""
    by: dict[str, CounterpartModel]
    """By what each counterpart's answers are foretold."""
    over_end: float | None = None
    """How much more than the session in the end, time counted, it would have brought so, in own
    points: negative where what was best to expect would have failed against the counterparts as
    they are. None where the session is not over or nothing is foretold."""


@dataclass(frozen=True, kw_only=True)
class MoveNote:
    """One move of the reviewed party, annotated."""

    number: int
    """Its place among all moves of the session, from 1."""
    turn: int
    round: int
    """From 0."""
    move: Move
    told: str
    """The move in words."""
    words: str
    """What was said with it."""
    utility: float | None
    """Own points of what it offered or accepted; None where it names no outcome."""
    over_reservation: float | None
    """The same over the reservation value."""
    remarks: tuple[Remark, ...]
    """The weightiest first."""
    loss: float | None
    """(best − played)/(m − r), 0 under two standard errors; None where it is not computed."""
    loss_points: float | None
    """Best less played, in own points; None likewise."""
    standard_error: float | None
    """Of `loss_points`."""
    hindsight_loss: float | None
    """Likewise against the counterparts as they are, as a share; it never enters the accuracy."""
    best: Alternative | None
    """None where the move was the best, or nothing was compared."""
    is_stand_ins: bool = False
    """Whether a person's stand-in decided it."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """Something to do otherwise the next time, computed from the record."""

    title: str
    words: str
    moves: tuple[int, ...]
    """The moves that it points to, as numbered in the session, from 1."""


@dataclass(frozen=True, kw_only=True)
class Belief:
    """What a counterpart wanted of an issue, against what the reviewed offers implied of it."""

    party: str
    issue: str
    label: str
    true_weight: float
    """The issue's share of what the counterpart can gain or lose over all issues, 0 to 1."""
    read_weight: float | None
    """The share that its own offers let an observer read; None where it made none."""
    implied_weight: float | None
    """The share that the reviewed party's own offers amount to; None where it made too few."""


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """A line of the preparation sheet against the truth, or against what was done."""

    what: str
    said: str
    true: str
    """What is true, or what was done."""
    verdict: str
    """In a few words, with its figure: an error, a rank correlation, kept or not."""
    is_good: bool | None
    """None where it is neither."""
    again: str | None = None
    """What was guessed at half time; None where it was not asked."""


@dataclass(frozen=True, kw_only=True)
class Debrief:
    """A session as one party played it, ready to be shown."""

    session: str
    scenario: Scenario
    """As the session began."""
    party: str
    parties: tuple[str, ...]
    """Those that can be reviewed, in the order of moves."""
    status: Status
    agreement: dict[str, Option] | None
    utilities: dict[str, float]
    payoffs: dict[str, float]
    reservations: dict[str, float]
    accuracies: dict[str, float | None]
    """Every party's accuracy in percent, for comparison; None where it is not computed."""
    accuracy: float | None
    accuracy_error: float | None
    """Its standard error in percentage points, from the counterparts drawn."""
    accuracy_note: str | None
    """Why it is not computed, or what it does not say."""
    hindsight: float | None
    moves: tuple[MoveNote, ...]
    left: float | None
    """Most that the party could still have had with every other party as well off, own points."""
    left_share: float | None
    left_words: str
    """The same in words, with the outcome that gives it."""
    beliefs: tuple[Belief, ...]
    holds: tuple[str, ...]
    """Whether the agreement will hold, in sentences; empty without an agreement."""
    lessons: tuple[Lesson, ...]
    """Three, the weightiest first; fewer only where the record gives no more."""
    sheet: tuple[SheetLine, ...]
    """Empty where the person prepared none."""
    hints: int
    """How often the adviser was asked."""
    notes: tuple[str, ...] = ()
    """What this debrief cannot say, and why."""
    is_sealed: bool = False
    """Whether it holds no more than the party's person can know: their session is not over. The
    scenario is whole all the same; what is shown of it must not be."""
