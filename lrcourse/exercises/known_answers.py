"""What the known mistakes answer, to be compared with what a student's code answered."""

from __future__ import annotations

import math
from collections.abc import Callable

from lrcourse.exercises.definition import Exercise, Mistake, Probe, Result
from lrcourse.exercises.own_code import OwnCode
from lrcourse.exercises.probing import Exchange, ask, same
from lrcourse.student import Reply

_FAR = {"rel_tol": 1e-3, "abs_tol": 1e-30}  # float32 does not lead as far from a formula
_LARGEST = 1e30


class KnownAnswers:
    """What the known mistakes answer, each form asked each probe at most once: a Keras schedule takes its time."""

    def __init__(self, exercise: Exercise):
        self._exercise = exercise
        self._known: dict[tuple[Callable, int], tuple[Reply, ...]] = {}

    def explain(self, mistake: Mistake, exchanges: list[Exchange]) -> bool:
        """Whether one form of `mistake` answers every probe as the student's code did."""
        return any(
            not self._ruled_out(form, exchanges)
            and all(same(self._of(form, exchange.probe), exchange.replies) for exchange in exchanges)
            for form in mistake.implementations
        )

    def _ruled_out(self, form: Callable, exchanges: list[Exchange]) -> bool:
        """Whether a plain formula shows already that a wrong Keras schedule answers otherwise."""
        keras = self._exercise.result is Result.KERAS_SCHEDULE
        return keras and any(_differs(form, exchange) for exchange in exchanges)

    def _of(self, form: Callable, probe: Probe) -> tuple[Reply, ...]:
        key = (form, id(probe))  # by identity: 1, True and np.int64(1) are equal, and asked apart
        if key not in self._known:
            self._known[key] = ask(self._exercise, OwnCode(self._exercise.id, form), probe)
        return self._known[key]


def _differs(form: Callable, exchange: Exchange) -> bool:
    """Whether the plain formula of a wrong Keras schedule, if it has one, answers otherwise."""
    try:
        plain = getattr(form(*exchange.probe.args), "plain", None)
        if plain is None:
            return False
        rates = [plain(step) for step in exchange.probe.then]
    except (ArithmeticError, TypeError, ValueError):
        return False  # it is asked in earnest
    if len(rates) != len(exchange.replies):
        return True
    return any(
        abs(rate) < _LARGEST and (reply.kind != "number" or not math.isclose(reply.value, rate, **_FAR))
        for rate, reply in zip(rates, exchange.replies, strict=True)
    )
