"""What many simulated futures say of a figure: its mean, how sure that is, and its range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from games.outcomes import BoolArray, FloatArray, IndexArray

_QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A simulated figure: its mean, how sure that is, and the range of paths."""

    mean: float
    standard_error: float
    """Of the mean, from the number of paths; it says nothing of the model."""
    low: float
    """The 5 % quantile."""
    median: float
    high: float
    """The 95 % quantile."""

    def as_json(self) -> dict[str, float]:
        """Return it as plain JSON values."""
        return {
            "mean": self.mean,
            "standard_error": self.standard_error,
            "low": self.low,
            "median": self.median,
            "high": self.high,
        }


_NOTHING = Estimate(mean=0.0, standard_error=0.0, low=0.0, median=0.0, high=0.0)


def estimate(values: FloatArray | IndexArray | BoolArray) -> Estimate:
    """Return what a figure is over all paths, shape (paths,)."""
    return estimates(np.asarray(values, dtype=np.float64)[None, :])[0]


def estimates(values: FloatArray) -> tuple[Estimate, ...]:
    """Return what a figure is in each year over all paths, shape (years, paths)."""
    if not values.any():
        return (_NOTHING,) * len(values)
    ranges = np.quantile(values, _QUANTILES, axis=1).T.tolist()
    errors = (values.std(axis=1) / np.sqrt(values.shape[1])).tolist()
    return tuple(
        Estimate(mean=mean, standard_error=error, low=low, median=median, high=high)
        for mean, error, (low, median, high) in zip(
            values.mean(axis=1).tolist(), errors, ranges, strict=True
        )
    )
