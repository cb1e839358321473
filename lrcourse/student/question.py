"""What a student's code is asked in one go: a call, and what its result is asked next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """Call `name(*args)`; then ask what it returned.

    `then` is empty for a function that answers with a value. For one that returns a function it holds the arguments of
    further calls; with `applied`, for one that returns a Keras schedule, the steps whose applied rates are wanted.
    """

    name: str
    args: tuple
    then: tuple = ()
    applied: bool = False
