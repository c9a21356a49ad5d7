"""Plans of evaluations, and the journals that a later run reads back."""

import json
import zlib
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

from delegates.evaluation.planning.design import designed
from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.planning.plan_files import bundled_plans, read_plan
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import _CHECK, _SALT, Finished, Journal, SeatEnd
from delegates.settings import Settings, load_settings
from games.errors import PlanError, UserError
from tests.delegates.sessions import MINI
from tests.fuzzing.changes import by_tree, from_yaml, spelt, to_yaml
from tests.fuzzing.confinement import room
from tests.fuzzing.target import Target, refused, require_same, require_shown
from tests.fuzzing.trees import changed
from tui.library.evaluations import evaluation_card

_PLAN = """
minilateral-plan: 1
id: small
title: A small plan
question: Which?
strategies: {a: firm(demand=0.4), b: boulware, c: hard-headed}
scenarios: [mini.yaml, first-table]
seats: {self_play: false, tested: [a], against: [b, c], many: one, fixed: b, draws: 2}
repetitions: 3
seed: 7
names: [own, alias]
budget: {max_cost_usd: 1.5, max_tokens: 100, max_time_s: 60}
session: {timeout_s: 5, retry_budget_s: 1}
outcomes: {timeout: left-out, fallback: no-agreement}
transcripts: failed
at_once: 2
"""
_LISTED = """
minilateral-plan: 1
id: listed
title: t
strategies: [firm, 'boulware', tit-for-tat]
scenarios: ['*.yaml']
"""


@cache
def plan_seeds() -> Sequence[bytes]:
    """Return plans."""
    return [_PLAN.encode(), _LISTED.encode(), *(_bundled(name) for name in bundled_plans())]


def _bundled(name: str) -> bytes:
    return read_plan(name).page.text.encode()


@cache
def _settings() -> Settings:
    (room() / "mini.yaml").write_text(MINI, encoding="utf-8")
    home = room() / "home"
    home.mkdir(exist_ok=True)
    return load_settings({"MINILATERAL_HOME": str(home)})


def _lists(plan: bytes, journal: bytes) -> None:
    """Show an evaluation's folder in a list."""
    folder = Folder(room() / "evaluation")
    folder.path.mkdir(exist_ok=True)
    folder.plan.write_bytes(plan)
    folder.journal.write_bytes(journal)
    card = evaluation_card(folder.path)
    for shown in (card.title, card.question or "-", card.problem or "-", *card.strategies):
        require_shown(shown)


def reads_plan(read: bytes) -> None:
    """Read a plan and what it names, and see which sessions it means."""
    settings = _settings()
    path = room() / "plan.txt"
    path.write_bytes(read)
    _lists(read, b"")
    with refused(PlanError):
        written = read_plan(path)
        text = written.plan.model_dump_json(by_alias=True)
        require_same(Plan.model_validate_json(text), written.plan, "plan")
        design = designed(written.plan, written.folder, settings, source=written)
        if len(design):
            design.row(0)
            design.row(len(design) - 1)


PLAN_WORDS = sorted(
    {*Plan.model_fields, "minilateral-plan", "firm", "self_play", "tested", "against", "many",
     "fixed", "draws", "first-table", "mini.yaml", "*.yaml", "**", "played", "hash", "releases"}
)  # fmt: skip

PLAN = Target(
    name="plan",
    reads=reads_plan,
    seeds=plan_seeds,
    change=by_tree(from_yaml, to_yaml, plan_seeds, PLAN_WORDS),
    words=PLAN_WORDS,
)


@cache
def journal_seeds() -> Sequence[bytes]:
    """Return journals."""
    seat = SeatEnd(utility=1.5, payoff=1.25, demands=(1000, None, 3))
    one = Finished(
        key="0123456789abcdef",
        session="s",
        ended="agreement",
        agreement=3,
        agreed_round=1,
        rounds=1,
        moves=2,
        seats=(seat, seat),
    )
    other = one.model_copy(update={"key": "f" * 16, "ended": "error", "problem": "p", "seats": ()})
    return [one.line + other.line + one.line, other.line, one.line + b"{torn"]


_JOURNAL_WORDS = sorted({*Finished.model_fields, *SeatEnd.model_fields, "no-agreement", "timeout"})


def _changed_journal(read: bytes, chance: Random) -> bytes:
    """Return a journal whose lines are changed and bear checksums of what they say now."""
    lines: list[bytes] = []
    for line in read.splitlines():
        try:
            value: Any = json.loads(line)
        except (ValueError, RecursionError):
            lines.append(line)
            continue
        if not isinstance(value, dict):
            continue
        value.pop("check", None)
        if chance.random() < 0.7:
            value = changed(value, [], _JOURNAL_WORDS, chance)
        try:
            body = json.dumps(value, separators=(",", ":")).encode()[:-1]
        except (ValueError, RecursionError):
            continue
        lines.append(b'%b%b%08x"}' % (body, _CHECK, zlib.crc32(body, _SALT)))
    return b"\n".join(lines) + b"\n" * (chance.random() < 0.9)


_SPELT = spelt(journal_seeds, _JOURNAL_WORDS)


def _change_journal(read: bytes, chance: Random) -> bytes:
    if chance.random() < 0.2:
        return _SPELT(read, chance)
    return _changed_journal(read or journal_seeds()[0], chance)


def reads_journal(read: bytes) -> None:
    """Read a journal as a later run and as a list of evaluations does."""
    path = room() / "journal.jsonl"
    path.write_bytes(read)
    with refused(UserError), Journal(path) as journal:
        for line in journal.lines():
            require_same(journal.read(line.key), line, "line")
            if line.cost_usd is not None:
                float(line.cost_usd)
    _lists(_PLAN.encode(), read)


JOURNAL = Target(
    name="journal",
    reads=reads_journal,
    seeds=journal_seeds,
    change=_change_journal,
    words=_JOURNAL_WORDS,
)
