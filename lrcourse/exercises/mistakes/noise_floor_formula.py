"""Known mistakes of `noise_floor` about the formula."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import inf, sqrt

from lrcourse.exercises.definition import Mistake

FORMULA = "the formula"


def floor(lr, h, s):
    return lr * s**2 / (h * (2 - lr * h))


def possible(lr, h, s) -> bool:
    return lr > 0 and h > 0 and s >= 0 and lr * h < 2


def _formula(id: str, sentence: str, *formulas: Callable) -> Mistake:
    """A wrong formula, each form behind the right refusals."""

    def refusing(formula: Callable) -> Callable:
        def form(lr, curvature, sigma):
            if not possible(lr, curvature, sigma):
                raise ValueError("impossible")
            return formula(lr, curvature, sigma)

        return form

    first, *others = map(refusing, formulas)
    return Mistake(id, sentence, first, FORMULA, tuple(others))


def _iterated(updates: int, start: float) -> Callable:
    """The floor that so many updates reach from a squared distance of `start`."""

    def reached(lr, h, s):
        left = (1 - lr * h) ** (2 * updates)
        return floor(lr, h, s) * (1 - left) + start * left

    return reached


WRONG_FORMULAS = (
    _formula(
        "brackets-below",
        "Brackets are missing below the line: / curvature * (...) multiplies by what should divide.",
        lambda lr, h, s: lr * s**2 / h * (2 - lr * h),
    ),
    _formula(
        "no-brackets",
        "Brackets are missing: all of curvature * (2 - lr * curvature) belongs below the line.",
        lambda lr, h, s: lr * s**2 / h * 2 - lr * h,
        lambda lr, h, s: lr * s**2 / (h * 2) - lr * h,
    ),
    _formula(
        "rate-missing",
        "The rate is missing above the line: a larger rate settles farther out.",
        lambda lr, h, s: s**2 / (h * (2 - lr * h)),
    ),
    _formula(
        "rate-below",
        "The rate stands below the line: the noise of one update is lr**2 * sigma**2, and one lr stays above.",
        lambda lr, h, s: s**2 / (lr * h * (2 - lr * h)),
    ),
    _formula(
        "sigma-not-squared",
        "sigma is not squared: a variance is the square of the standard deviation.",
        lambda lr, h, s: lr * s / (h * (2 - lr * h)),
    ),
    _formula(
        "sigma-twice",
        "sigma * 2 is twice sigma: the square is sigma ** 2.",
        lambda lr, h, s: lr * s * 2 / (h * (2 - lr * h)),
    ),
    _formula(
        "sigma-missing",
        "sigma is missing: without noise the floor is 0.",
        lambda lr, h, s: lr / (h * (2 - lr * h)),
    ),
    _formula(
        "sigma-other-power",
        "sigma enters with another power than 2: a variance is the square of the standard deviation.",
        lambda lr, h, s: lr * s**3 / (h * (2 - lr * h)),
        lambda lr, h, s: lr * s**4 / (h * (2 - lr * h)),
        lambda lr, h, s: lr * sqrt(s) / (h * (2 - lr * h)),
    ),
    _formula(
        "curvature-missing",
        "The division by the curvature is missing: one factor lr cancels, and one curvature stays below.",
        lambda lr, h, s: lr * s**2 / (2 - lr * h),
    ),
    _formula(
        "curvature-above",
        "The curvature stands above the line: it divides.",
        lambda lr, h, s: lr * s**2 * h / (2 - lr * h),
    ),
    _formula(
        "curvature-squared",
        "One curvature too many below the line: only one stays before the bracket.",
        lambda lr, h, s: lr * s**2 / (h**2 * (2 - lr * h)),
    ),
    _formula(
        "bracket-incomplete",
        "A factor is missing in the bracket: it is 2 - lr * curvature, with both of them.",
        lambda lr, h, s: lr * s**2 / (h * (2 - lr)),
        lambda lr, h, s: lr * s**2 / (h * (2 - h)),
    ),
    _formula(
        "bracket-reversed",
        "The bracket is turned round: 2 - lr * curvature, which is positive.",
        lambda lr, h, s: lr * s**2 / (h * (lr * h - 2)),
    ),
    _formula(
        "one-for-two",
        "The bracket is 2 - lr*curvature: (1 - a)**2 gives 1 - 2a + a**2, so two of the a's stay.",
        lambda lr, h, s: lr * s**2 / (h * (1 - lr * h)) if lr * h != 1 else inf,
        lambda lr, h, s: lr * s**2 / (h * (1 - lr * h)),
    ),
    _formula(
        "bracket-squared",
        "The bracket is squared or doubled: the floor divides by 2 - lr * curvature once.",
        lambda lr, h, s: lr * s**2 / (h * (2 - lr * h) ** 2),
        lambda lr, h, s: lr * s**2 / (h * (2 - (lr * h) ** 2)),
        lambda lr, h, s: lr * s**2 / (h * (2 - 2 * lr * h)),
    ),
    _formula(
        "small-rate-only",
        "This is the approximation for tiny rates, lr*sigma**2 / (2*curvature); keep the term lr*curvature.",
        lambda lr, h, s: lr * s**2 / (2 * h),
    ),
    _formula(
        "plus-for-minus",
        "A sign is turned: the bracket is 2 minus lr*curvature, so that the floor explodes as it nears 2.",
        lambda lr, h, s: lr * s**2 / (h * (2 + lr * h)),
    ),
    _formula(
        "rate-squared",
        "One factor lr too many: lr**2 * sigma**2 is the noise of one update, and solving for v divides by lr.",
        lambda lr, h, s: lr**2 * s**2 / (h * (2 - lr * h)),
    ),
    _formula(
        "not-divided",
        "lr**2 * sigma**2 is divided by the bracket alone: 1 - (1 - a)**2 is a * (2 - a), with a = lr * curvature.",
        lambda lr, h, s: lr**2 * s**2 / (2 - lr * h),
    ),
    _formula(
        "distance-not-squared-in-balance",
        "The factor (1 - lr*curvature) acts on the distance; on its square it acts squared.",
        lambda lr, h, s: lr * s**2 / h,
    ),
    _formula(
        "balance-not-solved",
        "Solve the balance for v: v * (1 - (1 - lr * curvature)**2) = lr**2 * sigma**2.",
        lambda lr, h, s: lr**2 * s**2 * (1 - lr * h) ** 2,
        lambda lr, h, s: lr**2 * s**2 / (1 - lr * h) ** 2,
        lambda lr, h, s: lr**2 * s**2 / (1 + (1 - lr * h) ** 2),
        lambda lr, h, s: lr**2 * s**2 * (1 - (1 - lr * h) ** 2),
        lambda lr, h, s: lr**2 * s**2 / (1 - lr * h),
    ),
    _formula(
        "curvature-not-in-factor",
        "The curvature is missing in (1 - lr * curvature): the gradient is curvature times the distance.",
        lambda lr, h, s: lr**2 * s**2 / (1 - (1 - lr) ** 2),
        lambda lr, h, s: lr * s**2 / (2 - lr),
    ),
    _formula(
        "stopped-early",
        "It stops before the floor is reached: solve for the v that an update leaves as it is.",
        *(
            _iterated(n, start)
            for n, start in product((1000, 10, 50, 100, 200, 500, 2000, 5000, 10_000, 10**5), (0, 1))
        ),
    ),
    _formula(
        "loss-for-distance",
        "This is the expected loss, curvature/2 times the squared distance; the task asks for the squared distance.",
        lambda lr, h, s: lr * s**2 / (2 * (2 - lr * h)),
    ),
    _formula(
        "root-taken",
        "This is the root of the floor; the task asks for the squared distance itself.",
        lambda lr, h, s: sqrt(floor(lr, h, s)),
    ),
    _formula(
        "floor-squared",
        "This is the square of the floor, which is a squared distance already.",
        lambda lr, h, s: floor(lr, h, s) ** 2,
    ),
    _formula("upside-down", "The fraction is upside down.", lambda lr, h, s: 1 / floor(lr, h, s)),
    _formula(
        "one-update-only",
        "lr**2 * sigma**2 is what ONE update adds; the floor is where what each update adds and takes away balance.",
        lambda lr, h, s: lr**2 * s**2,
    ),
)
