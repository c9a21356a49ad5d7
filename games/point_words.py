"""Points and shares as sentences have them."""

from __future__ import annotations


def tenths(value: float) -> str:
    """Return points with one decimal, and no sign on nought."""
    shown = f"{value:.1f}"
    return "0.0" if shown == "-0.0" else shown


def in_points(value: float) -> str:
    """Return points with their unit: `67.5 points`."""
    return f"{tenths(value)} points"


def percent(share: float) -> str:
    """Return a share in whole percent: `27 %`."""
    return f"{100 * share:.0f} %"
