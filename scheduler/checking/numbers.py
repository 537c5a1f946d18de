"""When two numbers of which one was written down are the same."""

from __future__ import annotations

import math

SHARE = 1e-6
AMOUNT = 1e-3


def as_number(value: object) -> float | None:
    """Give a value of a JSON file as a finite number; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def same_amount(stated: float, expected: float) -> bool:
    """Compare sums and loads: to one millionth, or to 0.001 of the unit."""
    return math.isclose(stated, expected, rel_tol=SHARE, abs_tol=AMOUNT)


def same_share(stated: float, expected: float) -> bool:
    """Compare gaps and utilisations: to one millionth, or to 0.0001 %."""
    return math.isclose(stated, expected, rel_tol=SHARE, abs_tol=1e-6)
