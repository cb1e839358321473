"""Cells that only show something are left out when grading, and nobody loses a point by that."""

import pytest
from nbformat.v4 import new_code_cell
from small_notebooks import TIME, graded, notebook

from lrcourse.grading.run.execution import MISSING, NOT_RUN, run_notebook
from lrcourse.grading.run.kernels import ColdKernels
from lrcourse.grading.sandbox import Limits, find_sandbox

LIMITS = Limits(cell_seconds=20, submission_seconds=60)
NEEDS_IT = "def time_based_decay(initial_lr, decay, step):\n    return initial_lr / (one + decay * step)"


def run(*cells, all_cells=False):
    """The outcomes, and the notebook as run."""
    nb = notebook(*cells, graded("time_based_decay"))
    kernels = ColdKernels(find_sandbox("none"), LIMITS)
    report = run_notebook(nb, kernels, LIMITS, lambda id: f"seed of {id}", all_cells=all_cells)
    return [mark.outcome for mark in report.marks], nb


def demo(source):
    return new_code_cell(source, metadata={"tags": ["demo"]})


def text_of(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def test_a_demo_is_not_run_and_says_so():
    outcomes, nb = run(demo("print('shown')"), TIME)
    assert outcomes == ["correct"]
    assert text_of(nb.cells[0]) == NOT_RUN


def test_all_cells_runs_it():
    outcomes, nb = run(demo("print('shown')"), TIME, all_cells=True)
    assert outcomes == ["correct"]
    assert text_of(nb.cells[0]) == "shown\n"


@pytest.mark.parametrize(
    "answer",
    [
        NEEDS_IT,
        f"two = one\n{TIME}",
        f"try:\n    one\nexcept NameError as error:\n    raise ValueError from error\n{TIME}",
    ],
)
def test_where_a_name_is_missing_everything_is_run(answer):
    outcomes, nb = run(demo("one = 1\nprint('shown')"), answer)
    assert outcomes == ["correct"]
    assert text_of(nb.cells[0]) == "shown\n"
    assert not any(output.output_type == "error" for output in nb.cells[1].outputs)


def test_where_no_point_is_lost_a_missing_name_is_explained():
    outcomes, nb = run(demo("one = 1\nprint('shown')"), TIME, "mine = 2 * one")
    assert outcomes == ["correct"]
    assert text_of(nb.cells[0]) == NOT_RUN
    assert text_of(nb.cells[2]).endswith(MISSING)
    assert text_of(nb.cells[1]) == ""


def test_a_graded_cell_is_no_demo_whatever_its_tags():
    check = graded("time_based_decay")
    check.metadata["tags"] = ["demo"]
    nb = notebook(TIME, check)
    report = run_notebook(nb, ColdKernels(find_sandbox("none"), LIMITS), LIMITS, str, all_cells=False)
    assert [mark.outcome for mark in report.marks] == ["correct"]
