"""Forms in which students write `paired_gain`, right and wrong."""

import pytest
from scipy import stats

from lrcourse.checking.catalog import find_exercise
from lrcourse.checking.judge import judge
from lrcourse.checking.verdict import explain
from lrcourse.student_code import LocalStudent

SEEDS = ("one", "two", "three")
HEAD = "import math, statistics\nimport numpy as np\nfrom scipy import stats\ndef paired_gain(c, s):\n"
GAINS = "    g = np.asarray(s) - np.asarray(c)\n    n = len(g)\n"


def verdict_of(body, seed="one"):
    namespace = {}
    exec(HEAD + body, namespace)
    return judge(find_exercise("paired_gain"), LocalStudent(namespace, [HEAD + body]), seed)


RIGHT = {
    "numpy": GAINS + "    return g.mean(), stats.t.ppf(0.975, n - 1) * g.std(ddof=1) / np.sqrt(n)",
    "an array": GAINS + "    return np.array([g.mean(), stats.t.ppf(0.975, n - 1) * stats.sem(g)])",
    "a list": GAINS + "    return [g.mean(), stats.t.isf(0.025, n - 1) * stats.sem(g)]",
    "ddof=0 and the root of n - 1": GAINS + "    return g.mean(), stats.t.ppf(0.975, n - 1) * g.std() / np.sqrt(n - 1)",
    "means first": (
        "    g = [b - a for a, b in zip(c, s)]\n    n = len(g)\n"
        "    return np.mean(s) - np.mean(c), stats.t.ppf(0.975, n - 1) * statistics.stdev(g) / n**0.5"
    ),
    "sums of squares": (
        GAINS + "    v = (sum(g**2) - sum(g) ** 2 / n) / (n - 1)\n"
        "    return sum(g) / n, stats.t.ppf(0.975, n - 1) * math.sqrt(max(v, 0) / n)"
    ),
    "covariance": (
        GAINS + "    k = np.cov(c, s)\n    v = max(k[0, 0] + k[1, 1] - 2 * k[0, 1], 0)\n"
        "    return g.mean(), stats.t.ppf(0.975, n - 1) * (v / n) ** 0.5 if np.ptp(g) else 0.0"
    ),
    "float32": (
        "    g = np.array(s, 'float32') - np.array(c, 'float32')\n    n = len(g)\n"
        "    return g.mean(), np.float32(stats.t.ppf(0.975, n - 1)) * g.std(ddof=1) / np.float32(n) ** 0.5"
    ),
    "a loop": (
        "    n, total = len(c), 0.0\n    for i in range(n):\n        total += s[i] - c[i]\n    m, square = total / n, 0.0\n"
        "    for i in range(n):\n        square += (s[i] - c[i] - m) ** 2\n"
        "    return m, stats.t.ppf(0.975, n - 1) * (square / (n * (n - 1))) ** 0.5"
    ),
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_right_form_passes(body, seed):
    verdict = verdict_of(body, seed)
    assert (verdict.outcome, verdict.points) == ("correct", 3), explain(verdict)


WRONG = {
    "ddof-0": GAINS + "    return g.mean(), stats.t.ppf(0.975, n - 1) * np.sqrt(np.mean((g - g.mean()) ** 2) / n)",
    "normal-quantile": GAINS + "    return g.mean(), stats.norm.ppf(0.975) * stats.sem(g)",
    "not-paired": (
        GAINS + "    e = np.sqrt(np.var(c, ddof=1) / n + np.var(s, ddof=1) / n)\n"
        "    return g.mean(), stats.t.ppf(0.975, 2 * (n - 1)) * e"
    ),
    "constant-minus-scheduled": (
        "    g = np.asarray(c) - np.asarray(s)\n    return g.mean(), stats.t.ppf(0.975, len(g) - 1) * stats.sem(g)"
    ),
    "quantile-0.95": GAINS + "    return g.mean(), -stats.t.ppf(0.05, n - 1) * stats.sem(g)",
    "degrees-n": GAINS + "    return g.mean(), stats.t(n).ppf(0.975) * stats.sem(g)",
    "whole-width": (
        GAINS + "    e = stats.t.ppf(0.975, n - 1) * stats.sem(g)\n    return g.mean(), (g.mean() + e) - (g.mean() - e)"
    ),
    "deviation-for-error": GAINS + "    return g.mean(), stats.t.ppf(0.975, n - 1) * g.std(ddof=1)",
    "nan-without-spread": (
        GAINS + "    low, high = stats.t.interval(0.95, n - 1, loc=g.mean(), scale=stats.sem(g))\n"
        "    return g.mean(), (high - low) / 2"
    ),
    "median": GAINS + "    return np.median(g), stats.t.ppf(0.975, n - 1) * stats.sem(g)",
    "percent": (
        GAINS + "    g = 100 * g / np.asarray(c)\n    return g.mean(), stats.t.ppf(0.975, n - 1) * stats.sem(g)"
    ),
    "mean-only": GAINS + "    return g.mean()",
}


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")  # SciPy's, in a student's wrong code
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_named_in_another_form_of_it(mistake, seed):
    verdict = verdict_of(WRONG[mistake], seed)
    assert [found.id for found in verdict.mistakes] == [mistake], explain(verdict)
    assert verdict.points == {"nan-without-spread": 2}.get(mistake, verdict.points) < 3


def test_lists_cannot_be_subtracted_and_the_report_says_so():
    assert "unsupported operand type(s) for -: 'list' and 'list'" in explain(verdict_of("    return s - c, 0"))


def test_the_example_of_the_interval_agrees_with_scipy():
    constant, scheduled = [96.5, 97.25, 95.0], [97.5, 97.0, 96.75]
    mean, half_width = find_exercise("paired_gain").reference(constant, scheduled)
    low, high = stats.ttest_rel(scheduled, constant).confidence_interval(0.95)
    assert (mean - half_width, mean + half_width) == pytest.approx((low, high))
