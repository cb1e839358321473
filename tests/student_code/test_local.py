"""How a student's code is asked, in its local form."""

import os
import sys

import numpy as np
import pytest

from lrcourse.student_code import LocalStudent, local, plain
from lrcourse.student_code.source import read_answer


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0.1, "number"),
        (3, "number"),
        (np.float32(0.5), "number"),
        (np.int64(7), "number"),
        (np.array(0.25), "number"),
        (float("nan"), "nan"),
        (float("inf"), "infinite"),
        (10**400, "infinite"),
        (True, "truth"),
        (np.bool_(False), "truth"),
        (None, "none"),
        ("0.1", "text"),
        ([0.1, 0.2], "list"),
        ((0.1, 0.2), "list"),
        (np.array([0.1, 0.2]), "list"),
        (np.zeros((2, 2)), "array"),
        (lambda: 0, "handle"),
        ({}, "other"),
        (1j, "other"),
    ],
)
def test_a_value_has_a_kind(value, kind):
    assert plain(value).kind == kind


def test_a_tensorflow_scalar_is_a_number():
    from lrcourse import _tensorflow

    assert plain(_tensorflow.tensorflow().constant(0.5)).value == 0.5


def test_a_call_gives_the_value():
    assert LocalStudent({"f": lambda x: 2 * x}, []).call("f", 4).value == 8.0


@pytest.mark.parametrize(
    ("namespace", "kind"),
    [
        ({}, "missing"),
        ({"f": 3}, "other"),
        ({"f": lambda: 1 / 0}, "raised"),
        ({"f": lambda: sys.exit("bye")}, "raised"),
    ],
)
def test_a_call_that_fails_says_how(namespace, kind):
    assert LocalStudent(namespace, []).call("f").kind == kind


def test_the_stub_of_nbgrader_is_not_an_error():
    def stub():
        raise NotImplementedError()

    def unfinished():
        raise NotImplementedError("staircase")

    assert LocalStudent({"f": stub}, []).call("f").kind == "stub"
    assert LocalStudent({"f": unfinished}, []).call("f").kind == "raised"


def test_a_function_that_never_returns_is_cut_off(monkeypatch):
    monkeypatch.setattr(local, "SECONDS", 0.2)

    def stubborn():
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass

    assert LocalStudent({"f": stubborn}, []).call("f").kind == "timeout"


def test_code_that_changes_its_argument_changes_no_question():
    question = [3.0, 1.0]

    def changes(values):
        values.sort()
        return values[0]

    student = LocalStudent({"f": changes}, [])
    assert student.call("f", question).value == 1.0
    assert question == [3.0, 1.0]


def test_what_a_student_writes_on_stderr_comes_out_on_stdout(capfd):
    def noisy():
        print("noise", file=sys.stderr)
        os.write(2, b"from C\n")
        return 1.0

    assert LocalStudent({"f": noisy}, []).call("f").value == 1.0
    out, err = capfd.readouterr()
    assert err == ""
    assert "noise" in out


def test_an_applied_rate_is_asked_of_a_real_optimizer():
    from lrcourse import _tensorflow

    schedules = _tensorflow.keras().optimizers.schedules
    local = LocalStudent({"f": lambda: schedules.InverseTimeDecay(0.1, 1, 0.01)}, [])
    rates = local.applied(local.call("f").value, (0, 100))
    assert [reply.value for reply in rates.value] == pytest.approx([0.1, 0.05], rel=1e-6)
    rejected = local.applied(lambda step: 0.1, (0,))
    assert rejected.kind == "rejected"
    assert "TypeError" in rejected.note


@pytest.mark.parametrize(
    ("cells", "kind", "value"),
    [
        (['a = "B"'], "text", "B"),
        (['a = "B"', "a = 'C'"], "text", "C"),
        (['a = "A"; a = "B"  # changed my mind'], "text", "B"),
        (['a: str = "B"'], "text", "B"),
        (["a = -0.5"], "number", -0.5),
        (['a = ["A", "C"]'], "list", None),
        (["a = None"], "stub", None),
        (["b = 1"], "missing", None),
        ([], "missing", None),
        (["a = open('key').read()"], "unreadable", None),
        (["if True:\n    a = 'B'"], "missing", None),
        (["a = "], "missing", None),
        (["%matplotlib inline\na = 'D'"], "text", "D"),
        (["a = 'B'", "a = ("], "text", "B"),
    ],
)
def test_an_answer_is_the_last_literal(cells, kind, value):
    reply = read_answer("a", cells)
    assert reply.kind == kind
    if value is not None:
        assert reply.value == value


def test_an_answer_is_never_executed():
    reply = read_answer("a", ["a = print('executed')"])
    assert reply.kind == "unreadable"


def test_the_source_is_the_last_cell_that_defines_the_name():
    cells = ["def f():\n    return 1", "x = 2", "f = lambda: 3", "from math import f"]
    assert LocalStudent({}, cells).source("f") == "f = lambda: 3"
    assert LocalStudent({}, cells).source("g") is None
