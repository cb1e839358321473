"""A student's plan as it came back: one reply a step of the capstone's budget."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lrcourse.capstone import BUDGET
from lrcourse.student_code import Reply


@dataclass(frozen=True)
class Plan:
    """The replies to every step of the budget; to step 0 alone where that is no number, or as far as the code went."""

    replies: tuple[Reply, ...]
    steady: bool = True
    """Whether the same steps, asked again, gave the same rates."""

    @cached_property
    def rates(self) -> np.ndarray:
        """One rate a step; NaN where none came."""
        return np.array([reply.value if reply.kind == "number" else np.nan for reply in self.replies])

    @property
    def whole(self) -> bool:
        """Whether there is a rate of at least 0 for every step."""
        return len(self.rates) == BUDGET and bool((self.rates >= 0).all())

    @property
    def constant(self) -> bool:
        """Whether the highest rate is at most a quarter above the lowest: so small a change may win by luck."""
        return self.whole and self.highest <= 1.25 * float(self.rates.min())

    @property
    def highest(self) -> float:
        """The highest rate."""
        return float(self.rates.max())
