"""`check` and `hint` as a student's kernel and nbgrader's kernel run them, in a real kernel."""

import nbformat
import pytest
from nbclient import NotebookClient

SETUP = "from lrcourse import check, hint"
RIGHT = "def time_based_decay(i, d, n):\n    return i / (1 + d * n)"
WRONG = "def time_based_decay(i, d, n):\n    return i"
HALF = (
    "def exponential_decay(initial_lr, decay_steps, decay_rate, step, staircase=False):\n"
    "    return initial_lr * decay_rate ** (step / decay_steps)"
)
NOISY = (
    "import sys, warnings\ndef time_based_decay(i, d, n):\n"
    "    print('noise', file=sys.stderr)\n    warnings.warn('odd')\n    return i / (1 + d * n)"
)
CELLS = {
    "missing": 'check("time_based_decay")',
    "right": f'{RIGHT}\ncheck("time_based_decay")',
    "noisy": f'{NOISY}\ncheck("time_based_decay")',
    "wrong": f'{WRONG}\ncheck("time_based_decay")',
    "half": f'{HALF}\ncheck("exponential_decay")',
    "question blank": 'check("purpose")',
    "answer right": 'answer_purpose = "B"',
    "question right": 'check("purpose")',
    "answer wrong": 'answer_purpose = "A"',
    "question wrong": 'check("purpose")',
    "question reordered": 'check("purpose", order="badc")',
    "question for practice": 'check("purpose", practice=True)',
    "question in Spanish": 'check("purpose", language="es")',
    "misspelt": 'check("tyme_based")',
    "hint 1": 'hint("time_based_decay")',
    "hint 2": 'hint("time_based_decay")',
    "hint 3": 'hint("time_based_decay")',
}


def run(execution):
    """The outputs of CELLS in one kernel, with nbgrader's variable set as it sets it."""
    setup = f"import os\nos.environ['NBGRADER_EXECUTION'] = {execution!r}\n{SETUP}"
    cells = [nbformat.v4.new_code_cell(source) for source in [setup, *CELLS.values()]]
    notebook = nbformat.v4.new_notebook(cells=cells)
    arguments = ["--log-level=ERROR"]
    NotebookClient(notebook, allow_errors=True, timeout=60, extra_arguments=arguments).execute()
    return dict(zip(CELLS, (cell.outputs for cell in notebook.cells[1:]), strict=True))


@pytest.fixture(scope="module")
def own():
    return run("")


@pytest.fixture(scope="module")
def graded():
    return run("autograde")


def text(outputs):
    return "".join(output.text for output in outputs if output.output_type == "stream")


def error(outputs):
    return next((output.ename for output in outputs if output.output_type == "error"), None)


def result(outputs):
    return next((output.data["text/plain"] for output in outputs if output.output_type == "execute_result"), None)


@pytest.mark.parametrize("which", ["own", "graded"])
def test_nothing_is_written_on_stderr(which, request):
    for name, outputs in request.getfixturevalue(which).items():
        assert not [output for output in outputs if output.get("name") == "stderr"], name


@pytest.mark.parametrize("which", ["own", "graded"])
def test_full_marks_return_none_and_none_raise(which, request):
    outputs = request.getfixturevalue(which)
    for name in ("right", "noisy"):
        assert "correct" in text(outputs[name])
        assert error(outputs[name]) is None
        assert result(outputs[name]) is None
    assert "not attempted" in text(outputs["missing"])
    assert error(outputs["missing"]) == "Incorrect"
    assert "The rate does not change at all" in text(outputs["wrong"])
    assert error(outputs["wrong"]) == "Incorrect"


def test_part_marks_are_a_float_in_grading_and_an_error_in_ones_own_notebook(own, graded):
    assert text(own["half"]) == text(graded["half"])
    assert (error(own["half"]), result(own["half"])) == ("Incorrect", None)
    assert (error(graded["half"]), result(graded["half"])) == (None, "1.0")


def test_a_question_is_recorded_first_and_marked_in_grading(own, graded):
    for name in ("question right", "question wrong"):
        assert "Recorded" in text(own[name])
        assert error(own[name]) is None
    assert "Correct: 1 of 1" in text(graded["question right"])
    assert error(graded["question right"]) is None
    assert "Incorrect: 0 of 1" in text(graded["question wrong"])
    assert error(graded["question wrong"]) == "Incorrect"
    assert error(own["question blank"]) == error(graded["question blank"]) == "Incorrect"


def test_a_shuffled_question_is_marked_in_the_order_shown(graded):
    assert "Correct: 1 of 1" in text(graded["question reordered"])


def test_a_question_asked_in_spanish_is_answered_in_spanish(graded):
    assert "Incorrecto: 0 de 1" in text(graded["question in Spanish"])


def test_an_unknown_id_suggests_the_nearest(own):
    assert error(own["misspelt"]) == "UnknownCheck"
    (output,) = own["misspelt"]
    assert 'Did you mean "time_based_decay"?' in "".join(output.traceback)


def test_an_error_is_one_line_long(own):
    for name in ("missing", "misspelt"):
        output = next(output for output in own[name] if output.output_type == "error")
        assert len("\n".join(output.traceback).splitlines()) == 1


def test_hints_come_one_at_a_time(own):
    assert "Hint 1 of 2" in text(own["hint 1"])
    assert "Hint 2 of 2" in text(own["hint 2"])
    assert "no more hints" in text(own["hint 3"])


def test_for_practice_the_feedback_comes_at_once(own):
    assert "the lessons measure both" in text(own["question for practice"])
    assert error(own["question for practice"]) == "Incorrect"
