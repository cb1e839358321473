"""Known mistakes of `planned_equals_applied`: too strict, too lax, not every step, not the length, no True or False."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from lrcourse.checking.exercise import Mistake

LENGTHS, VALUES = "lengths", "values"


def _near(one: float, other: float) -> bool:
    return math.isclose(float(one), float(other), rel_tol=1e-6)


def _pairs(near: Callable[[float, float], bool], over: Callable = all) -> Callable:
    """The lengths compared rightly; the pairs by `near`, taken together by `over`."""
    return lambda p, a: len(p) == len(a) and over(near(float(x), float(y)) for x, y in zip(p, a, strict=True))


def _right(p: Sequence[float], a: Sequence[float]) -> bool:
    return _pairs(_near)(p, a)


def _within(limit: float) -> Callable:
    return lambda x, y: abs(x - y) <= limit


def _allclose(*, rtol: float = 1e-5, atol: float = 1e-8) -> Callable:
    return lambda x, y: abs(x - y) <= atol + rtol * abs(y)


def _one(place: int) -> Callable:
    def wrong(p, a):
        if len(p) != len(a):
            return False
        return len(p) == 0 or _near(p[place], a[place])

    return wrong


def _ends(p, a):
    return len(p) == len(a) and (len(p) == 0 or (_near(p[0], a[0]) and _near(p[-1], a[-1])))


def _ends_only(p, a):
    if len(p) == 0 or len(a) == 0:
        return len(p) == len(a)
    return _near(p[0], a[0]) and _near(p[-1], a[-1])


def _sum(p, a):
    return len(p) == len(a) and math.isclose(math.fsum(p), math.fsum(a), rel_tol=1e-6)


def _sum_only(p, a):
    return math.isclose(math.fsum(p), math.fsum(a), rel_tol=1e-6)


def _mean_only(p, a):
    if len(p) == 0 or len(a) == 0:
        return len(p) == len(a)
    return math.isclose(math.fsum(p) / len(p), math.fsum(a) / len(a), rel_tol=1e-6)


def _rounded(places: int) -> Callable:
    return lambda x, y: round(x, places) == round(y, places)


def _divides(p, a):
    return len(p) == len(a) and all(abs(float(x) - float(y)) / float(x) <= 1e-6 for x, y in zip(p, a, strict=True))


def _of_shares(share: Callable[[float, float], float]) -> Callable:
    """Divided as the numbers come, NumPy's among them: those give NaN for 0 / 0, where Python's raise an error."""

    def wrong(p, a):
        import numpy as np

        with np.errstate(all="ignore"):
            return len(p) == len(a) and all(share(x, y) <= 1e-6 for x, y in zip(p, a, strict=True))

    return wrong


def _zipped(p, a):
    return all(_near(x, y) for x, y in zip(p, a, strict=False))


def _planned_steps(p, a):
    return len(p) <= len(a) and _zipped(p, a)


def _applied_steps(p, a):
    return len(a) <= len(p) and _zipped(p, a)


def _broadcast(p, a):
    import numpy as np

    one, other = np.asarray(p, float), np.asarray(a, float)
    if one.shape != other.shape and 1 not in (one.size, other.size):
        return False
    return bool(np.isclose(one, other, rtol=1e-6, atol=0).all())


def _sorted(p, a):
    return _right(sorted(map(float, p)), sorted(map(float, a)))


def _as_sets(p, a):
    return {f"{float(x):.6g}" for x in p} == {f"{float(x):.6g}" for x in a}


MISTAKES = (
    Mistake(
        "exact",
        "== asks for the last bit: applied rates have gone through float32, so allow a relative 1e-6.",
        _pairs(lambda x, y: x == y),
        VALUES,
        (
            lambda p, a: list(p) == list(a),  # NumPy compares a float32 with a number of Python in float32
            lambda p, a: p == a,
            _pairs(lambda x, y: math.isclose(x, y, rel_tol=1e-9)),
            _pairs(lambda x, y: math.isclose(x, y, rel_tol=1e-12)),
        ),
    ),
    Mistake(
        "absolute-tolerance-of-allclose",
        "np.allclose adds an absolute 1e-8 (and its rtol is 1e-5): tiny rates look equal. Set rtol=1e-6, atol=0.",
        _pairs(_allclose()),
        VALUES,
        (_pairs(_allclose(rtol=1e-6)),),
    ),
    Mistake(
        "relative-1e-5",
        "The tolerance is too wide: two rates a relative 1e-5 apart are different here; the task asks for 1e-6.",
        _pairs(_allclose(rtol=2e-5, atol=0)),
        VALUES,
        (
            _pairs(lambda x, y: math.isclose(x, y, rel_tol=1e-4)),
            _pairs(lambda x, y: math.isclose(x, y, rel_tol=1e-3)),
            _pairs(lambda x, y: math.isclose(x, y, rel_tol=0.01)),
        ),
    ),
    Mistake(
        "absolute-difference",
        "The difference is compared with a fixed number, whatever the rate: compare it with a millionth of the rate.",
        _pairs(_within(1e-6)),
        VALUES,
        tuple(_pairs(_within(limit)) for limit in (1e-4, 1e-5, 1e-7, 1e-8, 1e-9)),
    ),
    Mistake(
        "no-absolute-value",
        "A difference below 0 passes whatever its size: take its abs().",
        _pairs(lambda x, y: x - y <= 1e-6 * x),
        VALUES,
        (
            _pairs(lambda x, y: y - x <= 1e-6 * x),
            _pairs(lambda x, y: x - y <= 1e-6),
            _pairs(lambda x, y: y - x <= 1e-6),
        ),
    ),
    Mistake(
        "rounded-first",
        "Rounding is not a relative tolerance, and can separate close numbers: compare the relative difference.",
        _pairs(_rounded(6)),
        VALUES,
        tuple(_pairs(_rounded(places)) for places in (2, 3, 4, 5, 7, 8)),
    ),
    Mistake(
        "divides-by-zero",
        "A rate may be 0, and then this divides by 0: multiply instead, abs(p - a) <= 1e-6 * abs(p).",
        _divides,
        VALUES,
        (
            _of_shares(lambda x, y: abs(x - y) / x),
            _of_shares(lambda x, y: abs(x / y - 1)),
            _of_shares(lambda x, y: abs(y / x - 1)),
        ),
    ),
    Mistake("first-only", "Only the first rates are compared: every step counts.", _one(0), VALUES),
    Mistake("last-only", "Only the last rates are compared: every step counts.", _one(-1), VALUES),
    Mistake(
        "ends-only", "Only the first and the last rates are compared: every step counts.", _ends, VALUES, (_ends_only,)
    ),
    Mistake(
        "sum-only",
        "Only the sums are compared: the same rates at other steps are a different plan. Compare step by step.",
        _sum,
        VALUES,
        (_sum_only,),
    ),
    Mistake(
        "mean-only",
        "Only the means are compared: the same rates at other steps are a different plan. Compare step by step.",
        _mean_only,
    ),
    Mistake(
        "length-only",
        "Only the lengths are compared: the rates count as well.",
        lambda p, a: len(p) == len(a),
        VALUES,
    ),
    Mistake(
        "shorter-one-decides",
        "zip stops at the shorter list, so the leftover rates are never seen: compare the lengths first.",
        _zipped,
        LENGTHS,
    ),
    Mistake(
        "planned-steps-only",
        "Only the steps of the plan are compared: an optimizer that ran longer applied more than was planned.",
        _planned_steps,
        LENGTHS,
    ),
    Mistake(
        "applied-steps-only",
        "Only the applied steps are compared: a run that ended early has not applied the whole plan.",
        _applied_steps,
        LENGTHS,
    ),
    Mistake(
        "broadcast",
        "NumPy stretches a single rate to any length, and to none: compare the lengths first.",
        _broadcast,
        LENGTHS,
    ),
    Mistake(
        "empty-refused",
        "Two empty lists are equal: nothing was planned, and nothing was applied.",
        lambda p, a: len(p) > 0 and _right(p, a),
        LENGTHS,
    ),
    Mistake(
        "any-for-all",
        "One rate that agrees is not enough: all() of them must, not any().",
        _pairs(_near, any),
        variants=(lambda p, a: len(p) == len(a) and (len(p) == 0 or _pairs(_near, any)(p, a)),),
    ),
    Mistake(
        "order-lost",
        "The rates are sorted first: the same rates at other steps are a different plan.",
        _sorted,
        VALUES,
    ),
    Mistake(
        "as-sets",
        "A set knows neither the order of its values nor how often each occurs: compare step by step.",
        _as_sets,
        variants=(
            lambda p, a: len(p) == len(a) and _as_sets(p, a),
            lambda p, a: set(map(float, p)) == set(map(float, a)),
        ),
    ),
    Mistake(
        "negated",
        "This is the opposite: True where something differs. Is there one `not` too many, or too few?",
        lambda p, a: not _right(p, a),
    ),
    Mistake("always-true", "It says True whatever it is asked.", lambda p, a: True),
    Mistake("always-false", "It says False whatever it is asked.", lambda p, a: False),
    Mistake(
        "text",
        'Text comes back: return True or False themselves, without quotes. Even "False" counts as true in an `if`.',
        lambda p, a: str(_right(p, a)),
        variants=(
            lambda p, a: "equal" if _right(p, a) else "different",
            lambda p, a: "yes" if _right(p, a) else "no",
        ),
    ),
    Mistake(
        "number-for-truth",
        "0 and 1 are numbers: return True or False, as a comparison gives them.",
        lambda p, a: int(_right(p, a)),
    ),
    Mistake(
        "one-truth-a-step",
        "One answer for each step comes back: put all() around it, after comparing the lengths.",
        lambda p, a: len(p) == len(a) and [_near(x, y) for x, y in zip(p, a, strict=True)],
        variants=(lambda p, a: [_near(x, y) for x, y in zip(p, a, strict=False)],),
    ),
    Mistake(
        "none-where-different",
        "Where something differs nothing is returned: `return False` is missing.",
        lambda p, a: _right(p, a) or None,
        variants=(lambda p, a: None if len(p) != len(a) else _right(p, a),),
    ),
)
