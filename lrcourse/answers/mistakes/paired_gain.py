"""Known mistakes of `paired_gain`: a wrong mean, a wrong half width, pairs torn apart, or the wrong thing returned."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence

from lrcourse.checking.exercise import Mistake

DIFFERENT, ALIKE = "gains that differ", "gains that are all alike"


def _t(share: float, degrees: float) -> float:
    from scipy.special import stdtrit  # lighter than scipy.stats, and only where an answer is checked

    return float(stdtrit(degrees, share))


def _gains(constant: Sequence[float], scheduled: Sequence[float]) -> list[float]:
    return [float(after) - float(before) for before, after in zip(constant, scheduled, strict=True)]


def _error(gains: list[float]) -> float:
    return statistics.stdev(gains) / math.sqrt(len(gains))


def _half(gains: list[float]) -> float:
    return _t(0.975, len(gains) - 1) * _error(gains)


def _right(constant: Sequence[float], scheduled: Sequence[float]) -> tuple[float, float]:
    gains = _gains(constant, scheduled)
    return statistics.fmean(gains), _half(gains)


def _of_gains(mean: Callable = statistics.fmean, half: Callable = _half) -> Callable:
    """A wrong answer made from the list of gains."""

    def wrong(constant, scheduled):
        gains = _gains(constant, scheduled)
        return mean(gains), half(gains)

    return wrong


def _of_both(half: Callable) -> Callable:
    """The right mean with a half width that is made from both lists."""
    return lambda c, s: (statistics.fmean(_gains(c, s)), half([*map(float, c)], [*map(float, s)]))


def _returns(what: Callable) -> Callable:
    """The right numbers, returned in a wrong way."""
    return lambda c, s: what(*_right(c, s))


def _of_shares(factor: float, *, half_too: bool) -> Callable:
    def wrong(constant, scheduled):
        shares = [factor * (float(s) / float(c) - 1) for c, s in zip(constant, scheduled, strict=True)]
        return statistics.fmean(shares), _half(shares if half_too else _gains(constant, scheduled))

    return wrong


def _share_of_means(factor: float) -> Callable:
    def wrong(constant, scheduled):
        mean, half = _right(constant, scheduled)
        scale = factor / statistics.fmean(map(float, constant))
        return scale * mean, scale * half

    return wrong


def _apart(c: list[float], s: list[float]) -> float:
    return math.sqrt((statistics.variance(c) + statistics.variance(s)) / len(c))


def _welch(c: list[float], s: list[float]) -> float:
    a, b = statistics.variance(c), statistics.variance(s)
    return (a + b) ** 2 * (len(c) - 1) / (a**2 + b**2)


MISTAKES = (
    Mistake(
        "constant-minus-scheduled",
        "The sign is flipped: a gain is scheduled minus constant, so that a schedule that helps has a gain above 0.",
        _of_gains(lambda g: -statistics.fmean(g)),
    ),
    Mistake(
        "not-paired",
        "Both lists' spreads are combined as if their runs had nothing in common: take the spread of the gains.",
        _of_both(lambda c, s: _t(0.975, 2 * len(c) - 2) * _apart(c, s)),
        variants=(
            _of_both(lambda c, s: _t(0.975, len(c) - 1) * _apart(c, s)),
            _of_both(lambda c, s: _t(0.975, _welch(c, s)) * _apart(c, s)),
            _of_both(lambda c, s: 1.96 * _apart(c, s)),
        ),
    ),
    Mistake(
        "half-widths-subtracted",
        "This is an interval for each list, and then their difference: take the gains first, and one interval of them.",
        _of_both(lambda c, s: _half(s) - _half(c)),
        variants=(_of_both(lambda c, s: abs(_half(s) - _half(c))),),
    ),
    Mistake(
        "spread-of-scheduled",
        "This is the interval of the scheduled scores: the task asks for that of the gains.",
        _of_both(lambda c, s: _half(s)),
    ),
    Mistake(
        "sorted-first",
        "The scores are sorted before they are subtracted, which tears the pairs apart: each position is one seed.",
        lambda c, s: _right(sorted(map(float, c)), sorted(map(float, s))),
        DIFFERENT,
    ),
    Mistake(
        "ddof-0",
        "The deviation is divided by n: a sample's is divided by n - 1, in NumPy std(ddof=1).",
        _of_gains(half=lambda g: _t(0.975, len(g) - 1) * statistics.pstdev(g) / math.sqrt(len(g))),
        DIFFERENT,
    ),
    Mistake(
        "n-minus-1-twice",
        "n - 1 is used twice: it belongs in the deviation; under the root it is n.",
        _of_gains(half=lambda g: _t(0.975, len(g) - 1) * statistics.stdev(g) / math.sqrt(len(g) - 1)),
        DIFFERENT,
    ),
    Mistake(
        "normal-quantile",
        "1.96 is for known deviations or very many seeds: with n seeds it is t.ppf(0.975, n - 1), which is larger.",
        _of_gains(half=lambda g: 1.96 * _error(g)),
        DIFFERENT,
        (
            _of_gains(half=lambda g: statistics.NormalDist().inv_cdf(0.975) * _error(g)),
            _of_gains(half=lambda g: 2 * _error(g)),
        ),
    ),
    Mistake(
        "normal-quantile-ddof-0",
        "Two things make it too narrow: 1.96 in place of t.ppf(0.975, n - 1), and a deviation divided by n.",
        _of_gains(half=lambda g: 1.96 * statistics.pstdev(g) / math.sqrt(len(g))),
        DIFFERENT,
    ),
    Mistake(
        "degrees-n",
        "The gains have n - 1 degrees of freedom, since their mean is estimated from them: t.ppf(0.975, n - 1).",
        _of_gains(half=lambda g: _t(0.975, len(g)) * _error(g)),
        DIFFERENT,
    ),
    Mistake(
        "degrees-of-two-samples",
        "2n - 2 degrees of freedom belong to two samples; the gains are one sample of n, so it is n - 1.",
        _of_gains(half=lambda g: _t(0.975, 2 * len(g) - 2) * _error(g)),
        DIFFERENT,
    ),
    Mistake(
        "quantile-0.95",
        "This is a 90 % interval: 0.95 leaves 5 % outside on EACH side. Ask t for 0.975.",
        _of_gains(half=lambda g: _t(0.95, len(g) - 1) * _error(g)),
        DIFFERENT,
    ),
    Mistake(
        "quantile-0.995",
        "This is a 99 % interval: for 95 %, ask t for 0.975.",
        _of_gains(half=lambda g: _t(0.995, len(g) - 1) * _error(g)),
        DIFFERENT,
    ),
    Mistake(
        "deviation-for-error",
        "The division by the root of n is missing: the mean of n gains spreads less than one gain.",
        _of_gains(half=lambda g: _t(0.975, len(g) - 1) * statistics.stdev(g)),
        DIFFERENT,
        (_of_gains(half=lambda g: 1.96 * statistics.stdev(g)),),
    ),
    Mistake(
        "deviation-only",
        "This is the standard deviation of the gains: divide it by the root of n, and multiply by t.ppf(0.975, n - 1).",
        _of_gains(half=statistics.stdev),
        DIFFERENT,
        (_of_gains(half=statistics.pstdev),),
    ),
    Mistake(
        "error-only",
        "This is the standard error, an interval of about two thirds: for 95 % multiply it by t.ppf(0.975, n - 1).",
        _of_gains(half=_error),
        DIFFERENT,
    ),
    Mistake(
        "divided-by-n",
        "The deviation is divided by n: the standard error divides it by the root of n.",
        _of_gains(half=lambda g: _t(0.975, len(g) - 1) * statistics.stdev(g) / len(g)),
        DIFFERENT,
    ),
    Mistake(
        "variance-for-deviation",
        "A square root is missing: the variance is used where the standard deviation belongs.",
        _of_gains(half=lambda g: _t(0.975, len(g) - 1) * statistics.variance(g) / math.sqrt(len(g))),
        DIFFERENT,
        (_of_gains(half=lambda g: _t(0.975, len(g) - 1) * statistics.variance(g) / len(g)),),
    ),
    Mistake(
        "whole-width",
        "This is the whole width, from end to end: the half width reaches from the mean to one end.",
        _of_gains(half=lambda g: 2 * _half(g)),
        DIFFERENT,
    ),
    Mistake(
        "half-of-half",
        "It is halved once too often: t times the standard error is already the half width.",
        _of_gains(half=lambda g: _half(g) / 2),
        DIFFERENT,
    ),
    Mistake(
        "nan-without-spread",
        "t.interval gives NaN where the spread is 0: compute t.ppf(0.975, n - 1) times the standard error, which is 0.",
        _of_gains(half=lambda g: _half(g) or math.nan),
        ALIKE,
        (lambda c, s: _right(c, s) if _right(c, s)[1] else (math.nan, math.nan),),
    ),
    Mistake(
        "median",
        "This is the median of the gains: the interval belongs to the mean.",
        _of_gains(statistics.median),
        DIFFERENT,
    ),
    Mistake(
        "absolute-gains",
        "The signs of the gains are lost: a seed on which the schedule did worse has a gain below 0.",
        lambda c, s: (statistics.fmean(abs(g) for g in _gains(c, s)), _half([abs(g) for g in _gains(c, s)])),
        variants=(_of_gains(lambda g: abs(statistics.fmean(g))), _of_gains(lambda g: statistics.fmean(map(abs, g)))),
    ),
    Mistake(
        "sum-for-mean",
        "The gains are added up and not divided by their number.",
        _of_gains(sum),
    ),
    Mistake(
        "percent",
        "This is the gain in percent of the constant score: the task asks for the difference, in the scores' own unit.",
        _of_shares(100, half_too=True),
        variants=(
            _of_shares(100, half_too=False),
            _share_of_means(100),
            _of_shares(1, half_too=True),
            _share_of_means(1),
        ),
    ),
    Mistake(
        "mean-only",
        "Only the mean comes back: return two numbers, (mean_gain, half_width_95).",
        _returns(lambda mean, half: mean),
    ),
    Mistake(
        "half-width-only",
        "Only the half width comes back: return two numbers, (mean_gain, half_width_95).",
        _returns(lambda mean, half: half),
    ),
    Mistake(
        "ends-returned",
        "These are the two ends of the interval: return its middle and its half width.",
        _returns(lambda mean, half: (mean - half, mean + half)),
        variants=(
            _returns(lambda mean, half: (mean, mean - half, mean + half)),
            _returns(lambda mean, half: (mean, (mean - half, mean + half))),
        ),
    ),
    Mistake(
        "wrong-order",
        "The two numbers are in the wrong order: the mean first, then the half width.",
        _returns(lambda mean, half: (half, mean)),
    ),
    Mistake(
        "means-returned",
        "These are the means of the two lists: return the mean of the gains, and the half width of its interval.",
        lambda c, s: (statistics.fmean(map(float, c)), statistics.fmean(map(float, s))),
    ),
)
