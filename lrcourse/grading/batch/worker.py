"""What a worker does with a submission: nbgrader's two passes over each notebook, its code in this worker's kernels."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from functools import partial
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from traitlets.config import Config

from lrcourse.checking.checks import CannotGrade
from lrcourse.grading.batch.steps import Collect, Run, without_gradebook
from lrcourse.grading.job import Graded, Job, Result
from lrcourse.grading.run.execution import Report, run_notebook
from lrcourse.grading.run.kept_kernels import kept_kernels
from lrcourse.grading.run.kernels import Kernels
from lrcourse.grading.sandbox import NoSandbox

# A worker grades one submission at a time, whatever its threads: while a graded cell runs, what it prints is caught
# for the whole process.
_one_at_a_time = threading.Lock()

# Whoever is at fault here, it is no student, and the next submission would fare no better.
STOP_THE_RUN = (NoSandbox, CannotGrade)


def grade_job(job: Job) -> Result:
    """Grade one submission. What is wrong with it, or with its grading, is the result's `problem`.

    Raises NoSandbox or CannotGrade where this worker can grade nobody.
    """
    with _one_at_a_time:
        started = time.monotonic()
        result = Result(job.student)
        try:
            _grade(job, result)
        except STOP_THE_RUN:
            raise
        except Exception as error:  # whatever a submission manages to break must not stop the class
            result.notebooks = {}
            result.problem = f"{type(error).__name__}: {error}".splitlines()[0][:400]
        result.seconds = time.monotonic() - started
        return result


def _grade(job: Job, result: Result) -> None:
    settings = job.settings
    kernels = kept_kernels(settings.sandbox, settings.limits, cold=settings.cold)
    with tempfile.TemporaryDirectory(prefix="lrcourse-grade-") as name:
        folder = Path(name)
        for path, data in job.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        for notebook, text in sorted(job.notebooks.items()):
            (folder / f"{notebook}.ipynb").write_text(text, encoding="utf-8")
            result.notebooks[notebook] = _grade_notebook(job, notebook, folder, kernels, result.notes)


def _grade_notebook(job: Job, notebook: str, folder: Path, kernels: Kernels, notes: list[str]) -> Graded:
    settings = job.settings
    path = folder / f"{notebook}.ipynb"

    def run_it(nb: NotebookNode) -> Report:
        seed_of = partial(_seed, settings.seeds)
        return run_notebook(nb, kernels, settings.limits, seed_of, folder, all_cells=settings.all_cells)

    resources = {"unique_key": notebook, "output_files_dir": f"{notebook}_files"}
    resources["nbgrader"] = {
        "student": job.student,
        "assignment": settings.assignment,
        "notebook": notebook,
        "db_url": "",  # none here: a step that asks for it fails
    }
    text = ""
    for steps in (settings.sanitize, settings.autograde):
        exporter = NotebookExporter(config=Config(settings.config), log=_log_into(notes))
        run, collect = Run(run_it, parent=exporter), Collect(parent=exporter)
        for step in without_gradebook(steps, settings.released[notebook], run, collect, exporter):
            exporter.register_preprocessor(step)
        # From the file each time, as nbgrader does, so that both see a notebook in the same form.
        text, _ = exporter.from_filename(str(path), resources=dict(resources))
        path.write_text(text, encoding="utf-8")
    return Graded(text, collect.scores, collect.comments, run.report)


def _seed(seeds: dict[str, str], id: str) -> str:
    # One that is not there belongs to no exercise or question, which `check` says itself.
    return seeds.get(id, "")


class _Into(logging.Handler):
    """Keeps the warnings of a log."""

    def __init__(self, notes: list[str]):
        super().__init__(logging.WARNING)
        self._notes = notes

    def emit(self, record: logging.LogRecord) -> None:
        self._notes.append(record.getMessage()[:1000])


def _log_into(notes: list[str]) -> logging.Logger:
    log = logging.Logger("lrcourse.grading.batch", logging.WARNING)
    log.addHandler(_Into(notes))
    return log
