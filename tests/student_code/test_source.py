"""A cell is read as IPython reads it: what the student's own notebook has, grading has, and nothing else."""

import time

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from lrcourse.checking.checks import check
from lrcourse.student_code.messages import Reply
from lrcourse.student_code.source import LONGEST_CELL, names_bound_in, read_answer, statements

NAME = "answer_purpose"
B = f'{NAME} = "B"'
OLD = f'{NAME} = "C"'
# A cell, and the letter that the name holds after it ran; None where it holds none.
CELLS = {
    "plain": (B, "B"),
    "a question at its end": (f"{B}\nquestion?", "B"),
    "a question in front": (f"?hint\n{B}", "B"),
    "two questions": (f"{B}\n{NAME}??\n{NAME}.upper?", "B"),
    "files of a shell": (f"files = !ls\n{B}", "B"),
    "a magic's value": (f"t = %timeit -o -q -n 1 -r 1 len('')\n{B}", "B"),
    "a line magic": (f"%precision 3\n{B}", "B"),
    "a command": (f"!true\n{B}", "B"),
    "a command that goes on": (f"!true \\\n  and \\\n  more\n{B}", "B"),
    "a magic that goes on": (f"%precision \\\n  3\n{B}", "B"),
    "a command in a block": (f"if True:\n    !true\n    x = 1\n{B}", "B"),
    "a command in a function": (f"def f():\n    !true\n    y = !true\n    return y\n{B}", "B"),
    "the time of a cell": (f"%%time\n{B}", "B"),
    "what a cell prints, kept": (f"%%capture out\n{B}\n!true", "B"),
    "one above the other": (f"%%time\n%%capture\n{B}\nfiles = !ls", "B"),
    "a cell that is not run": (f"%%script false --no-raise-error\n{OLD}", None),
    "a cell that is written": (f"%%writefile draft.py\n{OLD}", None),
    "a cell for another shell": (f"%%sh\n: <<END\n{OLD}\nEND", None),
    "a cell that is timed inside a function": (f"%%timeit -n 1 -r 1\n{OLD}", None),
    "a cell that is shown": (f"%%html\n{OLD}", None),
    "prompts": (f">>> {B}\n>>> x = 1", "B"),
    "numbered prompts": (f"In [1]: {B}", "B"),
    "an indent": (f"    {B}\n    x = 1", "B"),
    "a name that is only read": (f'why = {{}}\n{B}\nwhy[{NAME}] = "because"', "B"),
    "an attribute of it": (f'class Why: pass\n{B}\nwhy = Why()\nwhy.{NAME} = "C"', "B"),
    "in a text of several lines": (f"{B}\ntext = '''\n%%script\n{OLD}\n!ls\n'''\nquestion?", "B"),
    "a comment that asks": (f"{B}  # really?", "B"),
    "what looks like a magic": (f"x = (5\n% 3)\n{B}\nx?", "B"),
    "not equal": (f"x = 1 != 2\n{B}\n!true", "B"),
    "taken back": (f"{B}\n{OLD}\nx?", "C"),
    "never assigned": ("x = 1\nx?", None),
    "blank": (f"{NAME} = None\nx = !true", None),
}


@pytest.fixture(scope="module")
def shell():
    shell = InteractiveShell.instance()
    shell.user_ns["check"] = check
    yield shell
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("form", CELLS)
def test_the_students_notebook_and_grading_read_the_same(shell, form, tmp_path, monkeypatch):
    cell, letter = CELLS[form]
    monkeypatch.chdir(tmp_path)
    shell.reset(new_session=True)
    shell.history_manager.input_hist_raw[:] = [""]
    shell.user_ns["check"] = check
    with capture_output():
        ran = shell.run_cell(cell, store_history=True)
    assert ran.success
    # What it is, by running it; what grading reads; what the notebook's own check says.
    assert shell.user_ns.get(NAME) == letter
    read = read_answer(NAME, [cell])
    assert (read.value if read.kind == "text" else None) == letter
    with capture_output() as said:
        shell.run_cell('try:\n    check("purpose")\nexcept AssertionError:\n    pass', store_history=True)
    assert (f"you chose {letter}" in said.stdout) is (letter is not None), said.stdout


def test_a_set_is_as_clear_as_a_list():
    assert read_answer("a", ['a = {"C", "A"}']) == read_answer("a", ['a = ["A", "C"]'])
    assert read_answer("a", ["a = {1: 2}"]).kind == "other"


def test_names_that_are_bound():
    cell = "%%time\nx, (y, *z) = 1, (2, 3)\nu: int = 4\nwhy[v] = w.t = 5\ndef f():\n    !ls\nclass C: pass\nf?"
    assert names_bound_in(cell) == {"x", "y", "z", "u", "f", "C"}
    assert names_bound_in("%%bash\nx=1") == set()
    assert read_answer("x", ["x ="]) == Reply("missing")


OPEN = "x = !" + "(" * 600 + "\n"
MADE = ["(" * LONGEST_CELL, "!a\n" * 16_000, "a?\n" * 16_000, "\\\n" * 25_000, OPEN * 80, "%%time\n" * 7000]


@pytest.mark.parametrize("made", MADE)
def test_no_cell_takes_long_to_read(made):
    # IPython's own way takes the third of them half a minute. Seconds are for a busy machine.
    started = time.monotonic()
    statements(made)
    assert time.monotonic() - started < 10
