"""Known mistakes of `noise_floor`: which arguments are refused, and how; the formula has its own module."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from math import inf, nan, sqrt

from lrcourse.checking.exercise import Mistake

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
        "The rate is below the line: the noise of one update is lr**2 * sigma**2, and one lr stays above.",
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
        "sigma has a power other than 2: a variance is the square of the standard deviation.",
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
        "The curvature is above the line: it should divide.",
        lambda lr, h, s: lr * s**2 * h / (2 - lr * h),
    ),
    _formula(
        "curvature-squared",
        "There is one curvature too many below the line: only one stays before the bracket.",
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
        "The bracket is the wrong way round: it is 2 - lr * curvature, which is positive.",
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
        "A sign is flipped: the bracket is 2 minus lr*curvature, so that the floor explodes as it nears 2.",
        lambda lr, h, s: lr * s**2 / (h * (2 + lr * h)),
    ),
    _formula(
        "rate-squared",
        "There is one lr too many: lr**2 * sigma**2 is the noise of one update, and solving for v divides by lr.",
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
        "This is the square root of the floor; the task asks for the squared distance itself.",
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
        "lr**2 * sigma**2 is what ONE update adds; the floor is where each update takes away as much as it adds.",
        lambda lr, h, s: lr**2 * s**2,
    ),
)


REFUSAL = "impossible arguments are refused"


def _floor_without_error(lr, h, s):
    """The same where a division by zero raises nothing, as with NumPy."""
    below = h * (2 - lr * h)
    return lr * s**2 / below if below else inf


# What a check can do wrong, argument by argument: the words for the student, and what is then refused.
_FAULTS = (
    (
        ("rate-0", "a rate of 0", lambda lr, h, s: lr < 0),
        ("rate", "a rate that is not positive", lambda lr, h, s: False),
    ),
    (
        ("curvature-0", "a curvature of 0", lambda lr, h, s: h < 0),
        ("curvature", "a curvature that is not positive", lambda lr, h, s: False),
    ),
    (("sigma", "a negative sigma", lambda lr, h, s: False),),
    (
        ("boundary", "lr * curvature of exactly 2, where the distance never shrinks", lambda lr, h, s: lr * h > 2),
        ("stability", "lr * curvature of 2 or more, where SGD does not settle", lambda lr, h, s: False),
    ),
)
_RIGHT = (
    lambda lr, h, s: lr <= 0,
    lambda lr, h, s: h <= 0,
    lambda lr, h, s: s < 0,
    lambda lr, h, s: lr * h >= 2,
)
_OLD_NAMES = {
    "boundary": "boundary-allowed",
    "stability": "stability-unchecked",
    "rate+curvature+sigma": "signs-unchecked",
}


def _checking(refused: tuple[Callable, ...]) -> tuple[Callable, ...]:
    """A function that refuses where one of `refused` says so, with each way to divide by zero."""

    def with_formula(formula: Callable) -> Callable:
        def form(lr, curvature, sigma):
            if any(check(lr, curvature, sigma) for check in refused):
                raise ValueError("impossible")
            return formula(lr, curvature, sigma)

        return form

    return with_formula(floor), with_formula(_floor_without_error)


def _unchecked():
    """A mistake for every set of faults that leaves at least one check right."""
    for size in (1, 2, 3):
        for places in combinations(range(4), size):
            for faults in product(*(_FAULTS[place] for place in places)):
                refused = list(_RIGHT)
                for place, (_, _, check) in zip(places, faults, strict=True):
                    refused[place] = check
                id = "+".join(name for name, _, _ in faults)
                sentence = f"Also refuse {'; '.join(words for _, words, _ in faults)}."
                first, *others = _checking(tuple(refused))
                yield Mistake(_OLD_NAMES.get(id, f"unchecked-{id}"), sentence, first, REFUSAL, tuple(others))


def _refusing_by(refuse: Callable) -> Callable:
    return lambda lr, h, s: floor(lr, h, s) if possible(lr, h, s) else refuse()


def _raise(error: type[Exception]) -> Callable:
    def refuse():
        raise error("impossible")

    return refuse


def _assert():
    raise AssertionError


_REFUSAL = (
    Mistake(
        "never-refuses",
        "Arguments for which no floor exists must raise a ValueError, before any formula is used.",
        floor,
        REFUSAL,
        variants=(_floor_without_error, _refusing_by(lambda: 0.0)),
    ),
    Mistake(
        "returns-none",
        "Refuse by `raise ValueError(...)`; returning None hides the error.",
        _refusing_by(lambda: None),
        REFUSAL,
    ),
    Mistake(
        "returns-nan", "Refuse by `raise ValueError(...)`; a NaN hides the error.", _refusing_by(lambda: nan), REFUSAL
    ),
    Mistake(
        "returns-error",
        "Refuse by `raise ValueError(...)`: what is returned counts as an answer.",
        _refusing_by(lambda: ValueError("impossible")),
        REFUSAL,
        variants=tuple(_refusing_by(lambda answer=answer: answer) for answer in (ValueError, False, True, "", "error")),
    ),
    Mistake(
        "other-error",
        "Refuse with a ValueError; `assert` raises an AssertionError and can be switched off.",
        _refusing_by(_assert),
        REFUSAL,
    ),
    Mistake(
        "wrong-error",
        "Refuse with a ValueError: a different error says something else.",
        _refusing_by(_raise(Exception)),
        REFUSAL,
        variants=tuple(map(_refusing_by, map(_raise, (TypeError, ArithmeticError, RuntimeError, KeyError)))),
    ),
    Mistake(
        "no-noise-refused",
        "sigma = 0 is allowed: without noise the floor is 0.",
        _checking((*_RIGHT, lambda lr, h, s: s <= 0))[0],
        REFUSAL,
    ),
    Mistake(
        "too-strict",
        "It refuses too much: every lr * curvature below 2 has a floor.",
        _checking((*_RIGHT, lambda lr, h, s: lr * h >= 1))[0],
        variants=_checking((*_RIGHT, lambda lr, h, s: lr * h > 1))[:1]
        + _checking((*_RIGHT, lambda lr, h, s: lr >= 1))[:1],
    ),
    Mistake(
        "curvature-not-checked-with-rate",
        "It is lr * curvature that must stay below 2, not lr alone.",
        _checking((*_RIGHT[:3], lambda lr, h, s: lr >= 2))[0],
        variants=_checking((*_RIGHT[:3], lambda lr, h, s: lr >= 2))[1:]
        + _checking((*_RIGHT[:3], lambda lr, h, s: lr > 2)),
    ),
    Mistake(
        "refuses-all",
        "It refuses everything: raise only where no floor exists.",
        _checking((lambda lr, h, s: True,))[0],
    ),
    *_unchecked(),
)

MISTAKES = WRONG_FORMULAS + _REFUSAL
