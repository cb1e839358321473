"""Forms in which students write `planned_equals_applied`, right and wrong."""

import pytest

from lrcourse.checking.catalog import find_exercise
from lrcourse.checking.judge import judge
from lrcourse.checking.verdict import explain
from lrcourse.student_code import LocalStudent
from lrcourse.student_code.agent import Agent
from lrcourse.student_code.remote import RemoteStudent

EXERCISE = find_exercise("planned_equals_applied")
SEEDS = ("one", "two", "three")
HEAD = "import math\nimport numpy as np\ndef planned_equals_applied(p, a):\n"


def namespace_of(body):
    namespace = {}
    exec(HEAD + body, namespace)
    return namespace


def verdict_of(body, seed="one"):
    return judge(EXERCISE, LocalStudent(namespace_of(body), [HEAD + body]), seed)


RIGHT = {
    "isclose of math": "    return len(p) == len(a) and all(math.isclose(x, y, rel_tol=1e-6) for x, y in zip(p, a))",
    "allclose": "    return len(p) == len(a) and np.allclose(p, a, rtol=1e-6, atol=0)",
    "allclose the other way round": "    return len(a) == len(p) and np.allclose(a, p, rtol=1e-6, atol=0.0)",
    "np.bool_": (
        "    p, a = np.asarray(p, float), np.asarray(a, float)\n"
        "    return np.all(np.isclose(p, a, rtol=1e-6, atol=0)) if p.shape == a.shape else np.False_"
    ),
    "a 0-d array": (
        "    p, a = np.asarray(p, float), np.asarray(a, float)\n"
        "    return np.array(p.shape == a.shape and (abs(p - a) <= 1e-6 * abs(p)).all())"
    ),
    "a loop": (
        "    if len(p) != len(a):\n        return False\n    for i in range(len(p)):\n"
        "        if abs(p[i] - a[i]) > 1e-6 * max(abs(p[i]), abs(a[i])):\n            return False\n    return True"
    ),
    "an error caught": (
        "    try:\n        np.testing.assert_allclose(a, p, rtol=1e-6, atol=0)\n"
        "        return np.shape(p) == np.shape(a)\n    except AssertionError:\n        return False"
    ),
    "zip strict": (
        "    try:\n        return all(abs(x - y) <= 1e-6 * x for x, y in zip(p, a, strict=True))\n"
        "    except ValueError:\n        return False"
    ),
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_right_form_passes(body, seed):
    verdict = verdict_of(body, seed)
    assert (verdict.outcome, verdict.points) == ("correct", 3), explain(verdict)


WRONG = {
    "exact": ("    return list(p) == list(a)", 1),
    "absolute-tolerance-of-allclose": ("    return len(p) == len(a) and np.allclose(p, a)", 1),
    "absolute-difference": ("    return len(p) == len(a) and all(abs(x - y) < 1e-5 for x, y in zip(p, a))", 1),
    "shorter-one-decides": ("    return all(math.isclose(x, y, rel_tol=1e-6) for x, y in zip(p, a))", 2),
    "broadcast": (
        "    try:\n        return np.allclose(p, a, rtol=1e-6, atol=0)\n    except ValueError:\n        return False",
        2,
    ),
    "any-for-all": ("    return len(p) == len(a) and any(math.isclose(x, y, rel_tol=1e-6) for x, y in zip(p, a))", 0),
    "negated": ("    return len(p) != len(a) or not np.allclose(p, a, rtol=1e-6, atol=0)", 0),
    "sum-only": ("    return len(p) == len(a) and math.isclose(sum(p), sum(a), rel_tol=1e-6)", 1),
    "order-lost": ("    return len(p) == len(a) and np.allclose(sorted(p), sorted(a), rtol=1e-6, atol=0)", 1),
    "last-only": ("    return len(p) == len(a) and (not len(p) or math.isclose(p[-1], a[-1], rel_tol=1e-6))", 1),
    "rounded-first": ("    return [round(float(x), 6) for x in p] == [round(float(x), 6) for x in a]", 1),
    "as-sets": ("    return len(p) == len(a) and set(p) == set(a)", 1),
    "text": ("    return 'True' if len(p) == len(a) and np.allclose(p, a, rtol=1e-6, atol=0) else 'False'", 0),
    "no-absolute-value": ("    return len(p) == len(a) and all((x - y) < 1e-6 for x, y in zip(p, a))", 1),
    "always-true": ("    return True", 0),
}


@pytest.mark.parametrize("mistake", WRONG)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_mistake_is_named_in_another_form_of_it(mistake, seed):
    body, points = WRONG[mistake]
    verdict = verdict_of(body, seed)
    assert [found.id for found in verdict.mistakes] == [mistake], explain(verdict)
    assert verdict.points == points


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")  # NumPy's, in a student's wrong code
def test_a_division_by_a_planned_0_raises_and_is_told():
    verdict = verdict_of("    return len(p) == len(a) and all(abs(x - y) / x <= 1e-6 for x, y in zip(p, a))")
    assert "A rate may be 0, and then this divides by 0" in explain(verdict)


@pytest.mark.parametrize("body", [RIGHT["np.bool_"], WRONG["text"][0], WRONG["any-for-all"][0]])
def test_a_student_in_another_process_is_judged_alike(body):
    remote = RemoteStudent(Agent(namespace_of(body)).obey, [HEAD + body])
    assert explain(judge(EXERCISE, remote, "one")) == explain(verdict_of(body))


def test_an_answer_that_nobody_knows_is_judged_and_given_no_name():
    verdict = verdict_of("    return len(p) == len(a) and len(p) % 2 == 0")
    assert verdict.points < 3
    assert verdict.mistakes == ()
    assert "expected" in explain(verdict)
