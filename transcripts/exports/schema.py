"""What the columns of exported tables are called, what they hold, and in which unit.

The tables are the same in Parquet and CSV, but for text that a spreadsheet would run. Private
briefs, points, red lines and prompts stand in none of them; words that were said do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SCHEMA_VERSION = 1
"""Changes when a column is renamed or dropped, or means something else; new ones may be added."""

NOTICE = (
    "SIMULATION. Delegates' words are machine-written; no government said them. States are "
    "stylised; weights, red lines, patience and penalties are judgements. For training and "
    "research: it predicts and advises no government and is not for grading or selecting staff."
)
"""Stands in every row of every exported table."""

Table = Literal["sessions", "seats", "moves"]
Kind = Literal["text", "integer", "number", "truth"]


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""


_SESSION = Column("session", "text", "the session's id; the key that joins the tables")
_SCENARIO = Column("scenario", "text", "the scenario's id")
_NOTICE = Column("notice", "text", "what this is, and is not: the same in every row")

_SPENT = (
    Column("model_calls", "integer", "replies of models, those from the cache included", "calls"),
    Column("tokens_input", "integer", "sent to models and bought", "tokens"),
    Column("tokens_output", "integer", "written by models and bought", "tokens"),
    Column("tokens_cached", "integer", "of the input, what the provider had cached", "tokens"),
    Column("cost_usd", "number", "cost of these calls; empty where a price is not known", "USD"),
)

SESSIONS = (
    _SESSION,
    Column("file", "text", "name of the transcript, without its folder"),
    Column("format", "integer", "format version of the transcript"),
    Column("program", "text", "the version of Minilateral that opened it"),
    Column("opened", "text", "when it was opened (UTC, ISO 8601)"),
    _SCENARIO,
    Column("title", "text", "the scenario's title"),
    Column("protocol", "text", "`alternating-offers`, `plenary` or `forum`"),
    Column("seed", "integer", "draws the lots of the session"),
    Column("parent", "text", "the session that this one branched off, if it did"),
    Column("parent_moves", "integer", "moves that it shares with that one", "moves"),
    Column("parties", "integer", "how many sit at the table"),
    Column("status", "text", "`agreement`, `no-agreement`, `walked-away`, or `incomplete`"),
    Column("agreement", "text", "what was agreed, as JSON: issue to option; empty without"),
    Column("holds", "truth", "whether it was ratified by enough to hold; empty where none must"),
    Column("rounds", "integer", "rounds that were begun", "rounds"),
    Column("moves", "integer", "moves that were made", "moves"),
    Column("in_force", "truth", "whether the text binds anyone; empty where texts are not signed"),
    Column("adopted_by", "text", "`vote`, `silence` or `signature`, of a hall"),
    Column("signed_binding", "integer", "delegations that signed so", "parties"),
    Column("signed_declaratory", "integer", "delegations that signed so", "parties"),
    Column("in_zopa", "truth", "whether what was agreed is acceptable to all"),
    Column("undominated", "truth", "whether no outcome is better for someone and worse for none"),
    Column("nash_ratio", "number", "product of gains, as a share of the greatest", "share"),
    Column("distance_to_frontier", "number", "Euclidean, from the Pareto frontier", "gain"),
    Column("distance_to_nash", "number", "Euclidean, from the nearest Nash outcome", "gain"),
    Column("referee", "integer", "version of the referee whose findings these are"),
    *_SPENT,
    _NOTICE,
)
"""One row a session."""

SEATS = (
    _SESSION,
    _SCENARIO,
    Column("seat", "integer", "place in the order of parties, from 1"),
    Column("party", "text", "the party's id"),
    Column("name", "text", "the party's name"),
    Column("side", "text", "`consumer`, `supplier`, `processor` or `mixed`"),
    Column("spec", "text", "who was asked to sit there, as given"),
    Column("decides", "text", "who decided the moves"),
    Column("words", "text", "who worded them"),
    Column("models", "text", "models that were asked, apart by spaces"),
    Column("utility", "number", "worth of what came about to the party", "own points"),
    Column("payoff", "number", "the same, time counted", "own points"),
    Column("gain", "number", "(u − r)/(m − r), what it gained of what it could gain", "share"),
    Column("signature", "text", "`binding`, `declaratory` or `out`; empty where nobody signs"),
    Column("ratified", "truth", "whether its capital ratified it; empty where it was not asked"),
    Column("moves", "integer", "moves it made", "moves"),
    Column("offers", "integer", "offers among them", "moves"),
    *_SPENT,
    Column("retries", "integer", "calls made again because an endpoint failed", "calls"),
    Column("unusable", "integer", "replies that could not be used", "calls"),
    Column("fallback_moves", "integer", "moves its fallback mind decided", "moves"),
    Column("template_worded", "integer", "moves a template had to word", "moves"),
    Column("below_reservation", "integer", "moves worth less to it than no agreement", "moves"),
    Column("figures_told", "integer", "private figures of its own said aloud", "figures"),
    Column("quotations_told", "integer", "runs of its brief said aloud", "runs"),
    _NOTICE,
)
"""One row a session and party. Of an unfinished session the results are empty."""

MOVES = (
    _SESSION,
    _SCENARIO,
    Column("kind", "text", "`moved`, or `happened`: a shock, an instruction, an answer"),
    Column("number", "integer", "place among the rows of the session, from 1"),
    Column("event", "integer", "number of the event in the transcript, from 0"),
    Column("at", "text", "when it was recorded (UTC, ISO 8601)"),
    Column("round", "integer", "the round, from 1", "rounds"),
    Column("turn", "integer", "the turn, from 0", "turns"),
    Column("party", "text", "who moved; of what happened, whose capital spoke"),
    Column("act", "text", "`offer`, `accept`, `sign`, …; of what happened, `shock` and so on"),
    Column("outcome", "text", "the outcome offered or accepted, as JSON: issue to option"),
    Column("about", "text", "what else the act is about, as JSON"),
    Column("words", "text", "what was said; of what all learn, what is reported"),
    Column("decided_by", "text", "who decided"),
    Column("worded_by", "text", "who worded it"),
    Column("fallback", "text", "why the fallback mind had to decide, if it had"),
    Column("words_fallback", "text", "why a template had to word it, if it had"),
    Column("flags", "text", "what is remarkable about it, apart by spaces"),
    Column("stage", "text", "of a hall, what was going on"),
    Column("room", "integer", "the room it was made in, if in one"),
    Column("heard_by", "text", "ids of those who alone heard of it, apart by spaces; empty: all"),
    _NOTICE,
)
"""One row a move, or a thing that happened, in order."""

TABLES: dict[Table, tuple[Column, ...]] = {"sessions": SESSIONS, "seats": SEATS, "moves": MOVES}
"""Every table's columns, in order."""
