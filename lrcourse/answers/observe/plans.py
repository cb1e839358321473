"""What a plan of rates shows by itself: plain properties, each of which is true of the rates or not.

Few students write the same schedule, so a mistake in one is known by such a property and not by equal answers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lrcourse.capstone import BEST_CONSTANT, BUDGET, STEPS_PER_EPOCH
from lrcourse.checking.plan import Plan
from lrcourse.student_code import Reply

_NONE = 1e-6  # of the highest rate: as good as 0
_TAIL = BUDGET // 4


def zero_throughout(plan: Plan) -> bool:
    """Every rate is 0."""
    return plan.whole and not plan.rates.any()


def constant_around(least: float, most: float) -> Callable[[Plan], bool]:
    """The plan counts as a constant, and lies between `least` and `most` times the best one."""
    return lambda plan: plan.constant and least * BEST_CONSTANT <= plan.rates.mean() < most * BEST_CONSTANT


def without_first_epoch(plan: Plan) -> bool:
    """The rate is 0 from step 0 through the whole first epoch, or longer."""
    return plan.whole and plan.highest > 0 and not plan.rates[:STEPS_PER_EPOCH].any()


def over_early(plan: Plan) -> bool:
    """The rate is 0, or a millionth of the highest, for the last quarter of the budget or more."""
    return plan.whole and bool((plan.rates[-_TAIL:] <= _NONE * plan.highest).all())


def frozen_early(plan: Plan) -> bool:
    """The rate is below a hundredth of the highest for the last three quarters of the budget."""
    return plan.whole and bool((plan.rates[_TAIL:] < 0.01 * plan.highest).all())


def rises_throughout(plan: Plan) -> bool:
    """The rate never falls, and the last one is the highest."""
    return plan.whole and not plan.constant and bool((np.diff(plan.rates) >= 0).all())


def peaks_late(plan: Plan) -> bool:
    """The rate rises, without a fall, to a highest one that comes in the last quarter of the budget."""
    peak = int(plan.rates.argmax()) if plan.whole else 0
    return peak >= BUDGET - _TAIL and bool((np.diff(plan.rates[: peak + 1]) >= 0).all())


def high_throughout(plan: Plan) -> bool:
    """No rate is below twice the best constant one."""
    return plan.whole and float(plan.rates.min()) >= 2 * BEST_CONSTANT


def low_throughout(plan: Plan) -> bool:
    """No rate is above the best constant one."""
    return plan.whole and plan.highest <= BEST_CONSTANT


def high_at_the_end(plan: Plan) -> bool:
    """In the whole last epoch no rate is below half the best constant one."""
    return plan.whole and float(plan.rates[-STEPS_PER_EPOCH:].min()) >= 0.5 * BEST_CONSTANT


def restless(plan: Plan) -> bool:
    """Some rate is more than eight times the best constant one."""
    return plan.whole and plan.highest > 8 * BEST_CONSTANT


def tables(plan: Plan) -> bool:
    """Every reply holds a number for each step of the budget, or for more."""
    return all((reply.kind == "list" and len(reply.value) >= BUDGET) or _long(reply) for reply in plan.replies)


def _long(reply: Reply) -> bool:
    return reply.kind == "other" and reply.note.endswith(" values")  # more of them than travel


def lists_of_one(plan: Plan) -> bool:
    """Every reply is a list, or an array, with one number in it."""
    return all(reply.kind == "list" and [item.kind for item in reply.value] == ["number"] for reply in plan.replies)


def falls_below_0(plan: Plan) -> bool:
    """The first rate is at least 0, and a later one, the first that is no such rate, is below 0."""
    wrong = np.flatnonzero(~(plan.rates >= 0))
    return len(wrong) > 0 and wrong[0] > 0 and bool(plan.rates[wrong[0]] < 0)


def ends_as_no_number(plan: Plan) -> bool:
    """The first rate is a number, and the first reply that is none is NaN or a complex number."""
    kinds = [(reply.kind, reply.note) for reply in plan.replies]
    wrong = next((one for one in kinds if one[0] != "number"), ("", ""))
    return kinds[0][0] == "number" and (wrong[0] == "nan" or (wrong[0] == "other" and wrong[1].endswith("complex")))


def unsteady(plan: Plan) -> bool:
    """The same step gave another rate when it was asked again."""
    return not plan.steady
