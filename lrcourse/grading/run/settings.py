"""What a course can set about how submissions run: `c.SplitExecute` in its nbgrader_config.py."""

from __future__ import annotations

from traitlets import Bool, Enum, Float, Integer
from traitlets.config import Config, Configurable

from lrcourse.grading.run.warm_kernels import found_sandbox
from lrcourse.grading.sandbox import Limits, Sandbox

_DEFAULTS = Limits()


class SplitExecute(Configurable):
    """How a submission runs: its own cells in a sandbox, the graded ones in the process that grades."""

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
    all_cells = Bool(False, help="Also run the cells that only show something (tagged demo).").tag(config=True)
    cold = Bool(False, help="Start each student's kernel anew, where it could be forked from a warm process.").tag(
        config=True
    )
    grading_round = Integer(1, help="Another number draws other hidden probes, for the whole class.").tag(config=True)

    def limits(self) -> Limits:
        """What one submission may use."""
        return Limits(**{name: getattr(self, name) for name in vars(_DEFAULTS)})


def require_sandbox(config: Config) -> Sandbox:
    """The sandbox in which submissions will run with these settings; NoSandbox if there is none."""
    return found_sandbox(SplitExecute(config=config).sandbox)
