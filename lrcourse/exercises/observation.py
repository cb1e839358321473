"""A true sentence about a student's answers, with an id by which a test or a gate can see what was said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Observation:
    """What was seen in the answers themselves. A known mistake guesses at the cause; this states a fact.

    An `exact` one says what every single answer is, and not only something that is true of them.
    """

    id: str
    sentence: str
    exact: bool = False
