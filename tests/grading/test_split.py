"""The student's cells in a real sandboxed kernel, the graded ones here; what one cell breaks costs no other."""

from dataclasses import replace

import nbformat
import pytest
from small_notebooks import STEPS, TIME, graded, notebook

from lrcourse.grading.run import kernel_client
from lrcourse.grading.run.execution import run_notebook
from lrcourse.grading.run.kernels import ColdKernels
from lrcourse.grading.sandbox import Limits, find_sandbox

LIMITS = Limits(cell_seconds=4, submission_seconds=120)


def run(nb, limits=LIMITS, **keywords):
    """The outcomes by exercise, the report, and the notebook as run."""
    report = run_notebook(nb, ColdKernels(find_sandbox(), limits), limits, lambda id: f"seed of {id}", **keywords)
    return {mark.grade_id.removeprefix("check_"): mark.outcome for mark in report.marks}, report


def both(*cells):
    """The outcomes of two right answers with these cells between them and the checks."""
    nb = notebook(TIME, STEPS, *cells, graded("time_based_decay"), graded("steps_between_decays"))
    outcomes, report = run(nb)
    return [outcomes["time_based_decay"], outcomes["steps_between_decays"]], report, nb


def text_of(cell) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def test_right_answers_are_right_and_the_order_of_cells_counts():
    early, late = graded("time_based_decay"), graded("steps_between_decays")
    outcomes, report = run(notebook(TIME, early, STEPS, late))
    assert outcomes == {"time_based_decay": "correct", "steps_between_decays": "correct"}
    assert [mark.points for mark in report.marks] == [mark.of for mark in report.marks]
    assert "correct" in text_of(early)
    assert not any(output.output_type == "error" for output in early.outputs)


def test_an_answer_below_its_check_is_not_there_yet():
    outcomes, _ = run(notebook(graded("time_based_decay"), TIME))
    assert outcomes == {"time_based_decay": "not attempted"}


def test_questions_are_read_from_the_text_and_never_from_the_process():
    honest = notebook('answer_purpose = "A"', "answer_purpose = ''.join(['A'])", graded("purpose"))
    outcomes, _ = run(honest)
    assert outcomes == {"purpose": "could not be read"}
    computed = notebook("globals()['answer_purpose'] = 'A'", graded("purpose"))
    assert run(computed)[0] == {"purpose": "not attempted"}


@pytest.mark.parametrize(
    ("cell", "event"),
    [
        ("import os; os._exit(1)", "died"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "died"),
        ("import ctypes; ctypes.string_at(0)", "died"),
        ("while True: pass", "timeout"),
        (
            "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass",
            "timeout",
        ),
        ("import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(60)", "timeout"),
    ],
)
def test_a_cell_that_breaks_the_kernel_costs_no_other(cell, event):
    outcomes, report, nb = both(cell)
    assert outcomes == ["correct", "correct"]
    assert [entry.split(":")[0] for entry in report.events] == [event]
    assert text_of(nb.cells[2])  # it says what happened


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("import os; os._exit(1)", "died"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "died"),
        ("return 1 / 0", "raised"),
        ("raise SystemExit", "raised"),
        ("return float('nan')", "incorrect"),
        ("raise NotImplementedError()", "not attempted"),
        ("return object()", "incorrect"),
    ],
)
def test_an_answer_that_breaks_costs_itself_alone(body, outcome):
    broken = f"def time_based_decay(initial_lr, decay, step):\n    {body}"
    outcomes, _, _ = both(broken)
    assert outcomes == [outcome, "correct"]


def test_an_answer_that_never_returns_is_told_apart(monkeypatch):
    loop = "def time_based_decay(initial_lr, decay, step):\n    while True: pass"
    outcomes, _, nb = both("import lrcourse.student_code.local as local; local.SECONDS = 0.5", loop)
    assert outcomes == ["timeout", "correct"]
    assert "did not return" in text_of(nb.cells[-2])


def test_what_a_cell_holds_that_was_stopped_for_its_time_costs_no_other():
    # Either would fit into the memory alone.
    hold = "import time\nhold = b'x' * 600_000_000\ntime.sleep(60)"
    needs = TIME.replace("return", "b'y' * 500_000_000\n    return")
    checks = graded("time_based_decay"), graded("steps_between_decays")
    outcomes, report = run(notebook(hold, needs, STEPS, *checks), replace(LIMITS, memory=2**30))
    assert set(outcomes.values()) == {"correct"}
    assert [event.split(":")[0] for event in report.events] == ["timeout"]


def test_the_limit_of_a_submission_ends_it_and_keeps_what_was_earned():
    limits = replace(LIMITS, cell_seconds=2, submission_seconds=6)
    sleep = "import time; time.sleep(1.8)"
    early, late = graded("time_based_decay"), graded("steps_between_decays")
    outcomes, report = run(notebook(TIME, early, STEPS, *[sleep] * 5, late), limits)
    assert outcomes == {"time_based_decay": "correct", "steps_between_decays": "died"}
    assert any(event.startswith("not run") for event in report.events)
    assert "in all" in text_of(late)


def test_text_on_stderr_costs_nothing():
    noisy = "import os, sys\n" + TIME.replace(
        "    return", "    print('x', file=sys.stderr); os.write(2, b'y'); return"
    )
    outcomes, _, nb = both("import warnings; warnings.warn('w')", noisy)
    assert outcomes == ["correct", "correct"]
    assert not any(output.get("name") == "stderr" for output in nb.cells[-2].outputs)


FORGERIES = {
    "a patched agent": (
        "import lrcourse.student_code.agent as agent\n"
        'agent.obey = lambda message: \'{"replies": [[{"kind": "correct"}]], "points": 2}\''
    ),
    "a patched json": 'import json; json.dumps = lambda *a, **k: \'{"kind": "number", "value": 1}\'',
    "replies of another type": (
        "import lrcourse.student_code.agent as agent\nagent.obey = lambda message: type('R', (), {'__repr__': lambda s: 'x' * 10**7})()"
    ),
    "objects that equal everything": (
        "class Same(float):\n    __eq__ = lambda s, o: True\n    __hash__ = float.__hash__\n"
        "    __sub__ = __rsub__ = lambda s, o: Same(0)\n    __abs__ = lambda s: 0\n"
        "def time_based_decay(*a): return Same(0.1)"
    ),
    "a check of one's own": "check = lambda *a, **k: None\nimport builtins; builtins.check = check",
    "patched builtins": "import builtins; builtins.abs = lambda x: 0; builtins.AssertionError = ValueError",
    "a transformer that drops assert": (
        "import ast\nclass T(ast.NodeTransformer):\n    visit_Assert = lambda s, n: None\n"
        "get_ipython().ast_transformers.append(T())"
    ),
    "a shell that answers for itself": (
        "ip = get_ipython()\nip.user_expressions = lambda e: {'value': {'status': 'ok', 'data': {'text/plain': '{}'}}}"
    ),
    "the checker's own modules": (
        "try:\n    from lrcourse.answers import EXERCISES\n"
        "    time_based_decay = next(e for e in EXERCISES if e.id == 'time_based_decay').reference\n"
        "except ImportError:\n    pass"
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_earns_nothing(name):
    wrong = TIME.replace("1 +", "2 +")
    nb = notebook(wrong, FORGERIES[name], graded("time_based_decay"))
    _, report = run(nb)
    assert sum(mark.points for mark in report.marks) == 0
    # What nbgrader will read as nothing: an error, and no output that passes for a number.
    assert any(output.output_type == "error" for output in nb.cells[-1].outputs)


def test_outputs_are_kept_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(kernel_client, "MOST_OUTPUT", 10_000)
    _, _, nb = both("for _ in range(3000): print('x' * 100)", "print('after')")
    assert len(text_of(nb.cells[2])) < 15_000
    assert text_of(nb.cells[3]) == "after\n"
    nbformat.validate(nb)


def test_pictures_and_errors_of_a_student_stay_in_the_notebook():
    picture = "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()"
    nb = notebook(picture, "1 / 0", "'last'")
    run(nb, Limits())
    assert "image/png" in nb.cells[0].outputs[0].data
    assert nb.cells[1].outputs[0].ename == "ZeroDivisionError"
    assert nb.cells[2].outputs[0].data["text/plain"] == "'last'"


def test_a_graded_cell_that_is_not_the_courses_is_not_run():
    cell = graded("time_based_decay")
    cell.source = "import os; os.system('id')"
    with pytest.raises(ValueError, match="not as it was released"):
        run(notebook(TIME, cell))


def test_the_course_is_not_in_the_students_process():
    probe = (
        "import importlib.util as u, os\n"
        "print([n for n in ('answers', 'grading', 'commands') if u.find_spec('lrcourse.' + n)])\n"
        "import lrcourse as lr\nprint(lr.check('time_based_decay'), lr.hint('time_based_decay'), lr.question('purpose'))"
    )
    _, _, nb = both(probe)
    assert text_of(nb.cells[2]) == "[]\nNone None None\n"
