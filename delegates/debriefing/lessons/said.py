"""Lessons from what was said: private figures given away, or kept."""

from __future__ import annotations

from collections.abc import Iterator

from delegates.debriefing.lessons.evidence import Evidence, Finding, sorted_moves
from delegates.debriefing.wording import SECRETS
from delegates.text import counted, one_line
from games.review.leaks import Secret

RESERVATION = 0.2
"""What saying one's reservation value aloud weighs, a share of the possible gain; a judgement."""

OTHER = 0.05
"""What saying any other private figure aloud weighs; likewise."""


def figures(evidence: Evidence) -> Iterator[Finding]:
    """Yield the private figures that were said aloud, or that none was.

    Weight: `RESERVATION` for the own reservation value and `OTHER` for each other figure, whatever
    came of it; none said, a hundredth.
    """
    told = [(one, leak) for one in evidence.moves_read for leak in one.leaks]
    if not told:
        spoke = [one.number for one in evidence.notes if one.words]
        if spoke:
            yield Finding(
                kind="figures-kept",
                title="You kept your figures to yourself",
                words=(
                    f"In {counted(len(spoke), 'statement')} you named neither your r nor what an "
                    "outcome is worth to you."
                ),
                moves=sorted_moves(spoke),
                weight=0.01,
                is_merit=True,
            )
        return
    worst, leak = min(told, key=lambda pair: pair[1].secret not in _GRAVE)
    what = SECRETS[leak.secret]
    others = sum(one.secret not in _GRAVE for _, one in told)
    grave = RESERVATION if leak.secret in _GRAVE else 0.0
    more = f" {counted(len(told), 'figure')} in all." if len(told) > 1 else ""
    yield Finding(
        kind="figures-told",
        title="Keep your own figures to yourself",
        words=f"At move {worst.number + 1} you said “{one_line(leak.text)}”: {what}.{more}",
        moves=sorted_moves([one.number + 1 for one, _ in told]),
        weight=min(1.0, grave + OTHER * others),
    )


_GRAVE: frozenset[Secret] = frozenset({"reservation value"})
