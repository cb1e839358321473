"""The preprocessor that takes the place of nbgrader's Execute."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Enum, Float, Integer
from traitlets.config import Config

from lrcourse.grading import outcomes
from lrcourse.grading.run.execution import run_notebook
from lrcourse.grading.run.kept_kernels import found_sandbox, kernels_here
from lrcourse.grading.run.seeds import course_secret, probe_seed
from lrcourse.grading.sandbox import Limits, Sandbox

_DEFAULTS = Limits()


class SplitExecute(NbGraderPreprocessor):
    """Runs a submission: its own cells in a sandbox, the graded ones in this process."""

    sandbox = Enum(
        ("auto", "bubblewrap", "landlock", "none"),
        default_value="auto",
        help="The sandbox for students' code. none: no sandbox at all, an explicit choice that the log records.",
    ).tag(config=True)
    memory = Integer(_DEFAULTS.memory, help="Bytes of memory for a submission.").tag(config=True)
    file = Integer(_DEFAULTS.file, help="Bytes of one file that a submission writes.").tag(config=True)
    files = Integer(_DEFAULTS.files, help="Bytes of all files that a submission writes.").tag(config=True)
    processes = Integer(_DEFAULTS.processes, help="Processes and threads of a submission.").tag(config=True)
    cell_seconds = Float(_DEFAULTS.cell_seconds, help="Seconds for a cell.").tag(config=True)
    submission_seconds = Float(_DEFAULTS.submission_seconds, help="Seconds for a submission.").tag(config=True)
    all_cells = Bool(False, help="Run the cells too that only show something (tagged demo).").tag(config=True)
    cold = Bool(False, help="Start each student's kernel anew, where it could be forked from a warm process.").tag(
        config=True
    )
    grading_round = Integer(1, help="Another number draws other hidden probes, for the whole class.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook as run. What became of each graded cell is kept beside the gradebook (`outcomes`)."""
        ids = resources["nbgrader"]
        root = Path(self.config.CourseDirectory.root)
        sandbox = found_sandbox(self.sandbox)
        if sandbox.name == "none":
            self.log.warning("%s: %s runs WITHOUT a sandbox, as asked.", ids["assignment"], ids["student"])
        limits = self.limits()
        seed_of = partial(_seed, course_secret(root), ids["assignment"], self.grading_round)
        folder = Path(resources["metadata"]["path"]).resolve()
        kernels = kernels_here(self.sandbox, limits, cold=self.cold)
        report = run_notebook(nb, kernels, limits, seed_of, folder, all_cells=self.all_cells)
        for event in report.events:
            self.log.warning("%s: %s: %s", ids["assignment"], ids["student"], event)
        outcomes.save(root, ids["assignment"], ids["student"], ids["notebook"], report)
        return nb, resources

    def limits(self) -> Limits:
        """What one submission may use."""
        return Limits(**{name: getattr(self, name) for name in vars(_DEFAULTS)})


def _seed(secret: bytes, assignment: str, round: int, exercise: str) -> str:
    return probe_seed(secret, assignment, exercise, round)


def require_sandbox(config: Config) -> Sandbox:
    """The sandbox in which submissions will run with these settings; NoSandbox if there is none."""
    return found_sandbox(SplitExecute(config=config).sandbox)
