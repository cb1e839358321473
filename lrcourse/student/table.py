"""A function given by its values, which can travel to another process as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A function of k = 0, 1, 2, ... given by its values. Beyond the last value it stays there."""

    values: tuple[float, ...]
    name: str = "after"

    def __call__(self, k: int) -> float:
        """The value at `k`."""
        return self.values[min(int(k), len(self.values) - 1)]

    def as_function(self) -> Callable[[int], float]:
        """A plain function for a student's code, so that its errors speak of `after()` and not of this class."""
        values = self.values

        def after(k):
            return values[min(int(k), len(values) - 1)]

        after.__name__ = after.__qualname__ = self.name
        return after
