"""What a batch has used up, read from its journal."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime

import numpy as np

from delegates.evaluation.playing.journal import Finished
from delegates.models.budget import Spent


def spent_on(sessions: Iterable[Finished], besides: Container[str] = ()) -> Spent:
    """Return what sessions came to, the time during which any of them went on included.

    Args:
        sessions: The sessions.
        besides: Keys of sessions that are counted elsewhere: those whose transcript will be
            carried on.
    """
    total = Spent()
    spans: list[tuple[float, float]] = []
    for session in sessions:
        if session.at:
            end = datetime.fromisoformat(session.at).timestamp()
            spans.append((end - session.seconds, end))
        if session.key in besides or not is_modelled(session):
            continue
        for seat in session.seats:
            total = total.plus(
                Spent(
                    cost_usd=seat.cost_usd or 0.0,
                    input=seat.tokens_in,
                    output=seat.tokens_out,
                    cached=seat.tokens_cached,
                    calls=seat.calls,
                    unpriced_calls=seat.calls if seat.cost_usd is None else 0,
                )
            )
        total = total.with_lost(session.lost_tokens, session.lost_cost_usd)
    return replace(total, time_s=_covered(spans))


def is_modelled(session: Finished) -> bool:
    """Return whether models were asked in a session, or may have been."""
    return any(seat.calls for seat in session.seats) or bool(
        session.lost_tokens or session.lost_cost_usd or session.retries
    )


def _covered(spans: Iterable[tuple[float, float]]) -> float:
    """Return the length of the union of spans of time."""
    listed = np.array(sorted(spans), dtype=float).reshape(-1, 2)
    if not len(listed):
        return 0.0
    begins = listed[:, 0]
    until = np.maximum.accumulate(listed[:, 1])
    before = np.concatenate(([begins[0]], until[:-1]))
    return float(np.maximum(0.0, until - np.maximum(begins, before)).sum())
