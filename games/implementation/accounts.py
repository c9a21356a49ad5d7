"""Which commitments were kept, and why the others were not: one account a party that owes some."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from games.implementation.conduct import REASONS, Conduct, Reason
from games.implementation.estimates import Estimate, estimate
from games.outcomes import FloatArray


@dataclass(frozen=True, kw_only=True)
class Account:
    """What became of the commitments of one party, in shares of the years in which they are due.

    `kept` and `unkept` sum to 1; on paths where nothing falls due nothing is left unkept.
    """

    party: str
    issues: tuple[str, ...]
    """What it owes."""
    kept: float
    """Years in which it kept its word. Where the agreement stands to the end, what hangs on a
    project that was never financed is not kept all the same, as much of it as the project's share
    of the volume."""
    unkept: dict[Reason, float]
    """The rest, by reason; reasons that never occur are left out."""
    reneged: float
    """Share of paths in which it reneges."""
    noticed: float
    """Share of paths in which that is noticed within the years."""
    spoils: Estimate
    """Points that reneging brings it before any fine, over the years."""
    fined: Estimate
    """Points that it is fined, likewise."""

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {
            "issues": list(self.issues),
            "kept": self.kept,
            "unkept": dict(self.unkept),
            "reneged": self.reneged,
            "noticed": self.noticed,
            "spoils": self.spoils.as_json(),
            "fined": self.fined.as_json(),
        }


def share_of_due(years: FloatArray, due: FloatArray) -> FloatArray:
    """Return some years as a share of those due; all where, of some paths alone, none are due."""
    return np.where(due > 0, years / np.maximum(due, 1), float(due.any()))


def accounts(
    conduct: Conduct, due: FloatArray, unfinanced: FloatArray, fined: FloatArray
) -> tuple[Account, ...]:
    """Return one account a party; none if nothing falls due.

    Args:
        conduct: How the parties have behaved by the end of the years.
        due: Years in which something is due, shape (paths,).
        unfinanced: Share of the volume whose projects were never financed, likewise.
        fined: Points that each party was fined, shape (parties, paths).
    """
    if not due.any():
        return ()
    return tuple(
        _account(conduct, number, due, unfinanced, fined[number])
        for number in range(len(conduct.parties))
    )


def _account(
    conduct: Conduct, number: int, due: FloatArray, unfinanced: FloatArray, fined: FloatArray
) -> Account:
    own, why = conduct.parties[number], conduct.why[number]
    honoured = share_of_due(conduct.kept[number], due)
    idle = honoured * unfinanced * (why == 0)
    shares = np.bincount(why, weights=1 - honoured, minlength=len(REASONS) + 1) / len(due)
    shares[len(REASONS)] += float(idle.mean())
    return Account(
        party=own.party,
        issues=own.issues,
        kept=float((honoured - idle).mean()),
        unkept={
            reason: float(share)
            for reason, share in zip(REASONS, shares[1:], strict=True)
            if share > 0
        },
        reneged=float((conduct.since[number] > 0).mean()),
        noticed=float(conduct.noticed[number].mean()),
        spoils=estimate(conduct.spoils[number]),
        fined=estimate(fined),
    )
