"""The way of a submission, from top to bottom. `lrcourse grade` and nbgrader's own commands take it alike.

Before it stands the intake, which makes a clean copy of what was submitted (`intake/`); behind it the ledger, which
keeps the result and saves it (`gradebook/`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from lrcourse.checking.checks import CannotGrade
from lrcourse.grading.clean.notebook import Clean
from lrcourse.grading.job import Graded, Job, Result
from lrcourse.grading.nbgrader_steps import NbgraderSteps
from lrcourse.grading.repair.repair import repair
from lrcourse.grading.run.execution import run_notebook
from lrcourse.grading.run.kernels import Kernels
from lrcourse.grading.sandbox import NoSandbox

# Whoever is at fault here, it is no student, and the next submission would fare no better.
STOP_THE_RUN = (NoSandbox, CannotGrade)


def grade_submission(job: Job, kernels: Kernels) -> Result:
    """Grade what was taken in of one submission. What is wrong with it, or with its grading, is the result's `problem`.

    Raises NoSandbox or CannotGrade where nobody can be graded here.
    """
    result = Result(job.student)
    try:
        with _laid_out(job) as folder:
            for notebook in sorted(job.notebooks):
                result.notebooks[notebook] = _grade_notebook(job, notebook, folder, kernels, result.notes)
    except STOP_THE_RUN:
        raise
    except Exception as error:  # whatever a submission manages to break must not stop the class
        result.notebooks = {}
        result.problem = f"{type(error).__name__}: {error}".splitlines()[0][:400]
    return result


def _grade_notebook(job: Job, notebook: str, folder: Path, kernels: Kernels, notes: list[str]) -> Graded:
    settings = job.settings
    steps = NbgraderSteps(job, notebook, notes)
    nb = nbformat.reads(job.notebooks[notebook], as_version=4)
    nb, repaired = repair(nb, settings.released[notebook].record)  # cells as the student meant them
    notes += repaired
    nb = steps.as_released(nb)  # and what the gradebook knows of them
    report = run_notebook(  # the student's cells in the sandbox, the checks here
        nb, kernels, settings.limits, settings.seed_of, folder, all_cells=settings.all_cells
    )
    notes += report.events
    nb = steps.after_running(nb)
    scores, comments = steps.scores(nb, report.marks), steps.comments(nb)
    nb = steps.apply(Clean, nb)  # nothing in it acts where it is looked at
    return Graded(nbformat.writes(nb).rstrip("\n") + "\n", scores, comments, report)


@contextmanager
def _laid_out(job: Job) -> Iterator[Path]:
    """A folder with all that the submission's code finds around it: its notebooks as taken in, and the other files."""
    with tempfile.TemporaryDirectory(prefix="lrcourse-grade-") as name:
        folder = Path(name)
        for path, data in job.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        for notebook, text in job.notebooks.items():
            (folder / f"{notebook}.ipynb").write_text(text, encoding="utf-8")
        yield folder
