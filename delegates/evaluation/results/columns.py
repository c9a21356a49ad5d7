"""What the columns of an evaluation's tables are called, what they hold, and in which unit."""

from __future__ import annotations

from collections.abc import Mapping

from delegates.evaluation.playing import folder
from delegates.evaluation.playing.journal import POINTS
from transcripts.exports.schema import Column

DEMANDS = tuple(f"demand_{tenth}" for tenth in range(POINTS))
"""Columns of what was asked for, at each tenth of the rounds."""

_ROW = Column("row", "integer", "place in the plan, from 0; joins the tables")
_SESSION = Column("session", "text", "the session's id: plan, hash of the plan, row")
_SCENARIO = Column("scenario", "text", "the scenario's id")

_SPENT = (
    Column("calls", "integer", "replies of models", "calls"),
    Column("tokens_in", "integer", "sent to models and bought", "tokens"),
    Column("tokens_out", "integer", "written by models and bought", "tokens"),
    Column("tokens_cached", "integer", "of the input, what the provider had cached", "tokens"),
    Column("cost_usd", "number", "cost of these calls; empty where a price is not known", "USD"),
    Column("fallbacks", "integer", "moves that a fallback mind made", "moves"),
    Column("unusable", "integer", "replies that could not be used", "calls"),
)

SESSIONS = (
    _ROW,
    _SESSION,
    _SCENARIO,
    Column("scenario_sha256", "text", "of the scenario's canonical text"),
    Column("names", "text", "`own` or `alias`: what the parties were called"),
    Column("repetition", "integer", "from 0"),
    Column("seed", "integer", "draws the lots: the same whoever sits there"),
    Column("parties", "integer", "how many sit at the table"),
    Column("seats", "text", "party=strategy, apart by spaces"),
    Column("consumers", "text", "the strategy of all consumers; empty where they differ"),
    Column("suppliers", "text", "the strategy of all suppliers; empty where they differ"),
    Column("ended", "text", "`agreement`, `no-agreement`, `walked-away`, or a class of failure"),
    Column("counted", "text", "`as-it-ended`, `no-agreement` or `left-out`, as the plan says"),
    Column("agreed", "truth", "whether it counts as an agreement; empty where it is left out"),
    Column("outcome", "integer", "index of what was agreed; empty without"),
    Column("agreement", "text", "what was agreed, as JSON: issue to option; empty without"),
    Column("in_force", "truth", "whether the text binds anyone; empty where none is signed"),
    Column("agreed_round", "integer", "the round of the agreed offer, from 1", "rounds"),
    Column("rounds", "integer", "rounds begun", "rounds"),
    Column("moves", "integer", "moves made", "moves"),
    Column("pareto", "number", "1 − distance to the frontier / greatest such distance", "share"),
    Column("nash", "number", "1 − distance to the Nash outcome / greatest such distance", "share"),
    Column("joint", "number", "sum of gains, as a share of the greatest", "share"),
    Column("product", "number", "Nash product, as a share of the greatest", "share"),
    Column("consumer_gain", "number", "bloc mean of (payoff − r)/(m − r)", "share"),
    Column("supplier_gain", "number", "bloc mean of (payoff − r)/(m − r)", "share"),
    *_SPENT,
)
"""One row a session. Measures of an outcome are those of no agreement where it counts so, and empty
where it is left out."""

SEATS = (
    _ROW,
    _SESSION,
    _SCENARIO,
    Column("names", "text", "`own` or `alias`"),
    Column("repetition", "integer", "from 0"),
    Column("party", "text", "the party's id, its own even under aliases"),
    Column("side", "text", "`consumer`, `supplier`, `processor` or `mixed`"),
    Column("strategy", "text", "the plan's name of the strategy that sat there"),
    Column("spec", "text", "its seat specification"),
    Column("tested", "truth", "whether it was under test in this seat"),
    Column("others", "text", "strategies of the other seats, in order, apart by spaces"),
    Column("ended", "text", "how the session ended"),
    Column("counted", "text", "`as-it-ended`, `no-agreement` or `left-out`"),
    Column("agreed", "truth", "whether it counts as an agreement; empty where it is left out"),
    Column("utility", "number", "undiscounted; r without an agreement", "own points"),
    Column("payoff", "number", "the same, time counted", "own points"),
    Column("reservation", "number", "r", "own points"),
    Column("best", "number", "m, the most it can get in the ZOPA; r without one", "own points"),
    Column("advantage", "number", "(u − r)/(m − r); empty where m = r", "share"),
    Column("gain", "number", "(payoff − r)/(m − r); empty where m = r", "share"),
    *(
        Column(
            name,
            "number",
            f"(u − r)/(m − r) of its last offer up to .{tenth} of the rounds"
            if tenth < 10
            else "the same at the end of the rounds",
            "share",
        )
        for tenth, name in enumerate(DEMANDS)
    ),
    *_SPENT,
)
"""One row a session and party. What it came to is empty where the session is left out."""

TIMINGS = (
    _ROW,
    _SESSION,
    Column("seconds", "number", "wall time of the session", "s"),
    Column("at", "text", "when it finished (UTC, ISO 8601)"),
    Column("retries", "integer", "calls made again because an endpoint failed", "calls"),
    Column("lost_tokens", "integer", "the most that lost answers may have used", "tokens"),
    Column("lost_cost_usd", "number", "the most that they may have been billed", "USD"),
    Column("transcript", "text", "the transcript's file within the folder, where one is kept"),
    Column("program", "text", "the version that played it"),
    Column("problem", "text", "of a failure: what happened"),
)
"""One row a session: what differs from run to run of the same plan."""

TABLES: Mapping[str, tuple[Column, ...]] = dict(
    zip(folder.TABLES, (SESSIONS, SEATS, TIMINGS), strict=True)
)
"""Every table's columns, in order; each is a Parquet file of that name."""
