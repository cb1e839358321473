"""Kernels for students' code: each in a sandbox of its own, with a folder of sockets as the only way in."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Protocol

from jupyter_client.connect import write_connection_file

from lrcourse import _tensorflow
from lrcourse.grading.run.kernel_client import GRACE, KernelClient, Ran
from lrcourse.grading.sandbox import Confined, Limits, Sandbox
from lrcourse.grading.sandbox.folders import new_spool, remove_folder

READY = 120.0  # seconds that a kernel has to start; a machine may be busy


class KernelFailed(RuntimeError):
    """A kernel did not start. That is the machine's fault and costs no student a point: the grading stops there."""


class Kernel:
    """A running kernel and the sandbox around it."""

    def __init__(self, confined: Confined, connection_file: Path, spool: Path):
        self._confined = confined
        self._spool = spool
        self._client = KernelClient(connection_file, lambda: confined.poll() is None)

    def wait_until_ready(self) -> None:
        """Return when the kernel answers; KernelFailed if it does not."""
        if not self._client.wait_until_ready(READY):
            self.kill()
            raise KernelFailed(f"A student's kernel did not start{self._reason()}.")

    def execute(self, code: str, seconds: float, grace: float = GRACE, room: int | None = None) -> Ran:
        """Run a cell; after `seconds` it is interrupted, and where that does not help the kernel is killed.

        It has `grace` seconds to stop; with 0 it is killed at once. `room` is as in KernelClient.
        """
        return self._or_kill(self._client.execute(code, seconds, grace, room))

    def evaluate(self, expression: str, seconds: float, grace: float = GRACE) -> Ran:
        """The value of an expression that is text, under the same rule."""
        return self._or_kill(self._client.evaluate(expression, seconds, grace))

    def _or_kill(self, ran: Ran) -> Ran:
        if not ran.stopped:
            self.kill()
        return ran

    @property
    def alive(self) -> bool:
        """Whether its process still runs."""
        return self._confined.poll() is None

    @property
    def stopped_for(self) -> str | None:
        """The limit that it was killed for, if it was."""
        return self._confined.stopped_for

    def _reason(self) -> str:
        return f": it went over its limit of {self.stopped_for}" if self.stopped_for else ""

    def kill(self) -> None:
        """End the kernel and everything that it started."""
        self._confined.kill()
        self._client.close()
        remove_folder(self._spool)


class Kernels(Protocol):
    """Where kernels for submissions come from."""

    def start(self, files: Path | None) -> Kernel:
        """A kernel that answers, whose working directory holds a copy of `files`."""

    def close(self) -> None:
        """End what is kept for the next one."""


class ColdKernels:
    """Each kernel is a new process in a new sandbox."""

    def __init__(self, sandbox: Sandbox, limits: Limits):
        self._sandbox = sandbox
        self._limits = limits

    def start(self, files: Path | None) -> Kernel:
        """A kernel that answers; KernelFailed if it does not start."""
        spool = new_spool()
        connection_file = connection_in(spool)
        argv = [sys.executable, "-P", "-m", "ipykernel_launcher", "-f", str(connection_file), *KERNEL_OPTIONS]
        confined = self._sandbox.start(
            argv, spool=spool, files=files, limits=self._limits, environment=kernel_environment()
        )
        kernel = Kernel(confined, connection_file, spool)
        kernel.wait_until_ready()
        return kernel

    def close(self) -> None:
        """Nothing to do: no sandbox is kept."""


_FIRST_LINE = "__import__('lrcourse.student_code.agent', fromlist=['agent']).prepare()"
KERNEL_OPTIONS = (
    "--HistoryManager.enabled=False",
    "--log-level=ERROR",
    f"--InteractiveShellApp.exec_lines={_FIRST_LINE}",
)


def connection_in(spool: Path) -> Path:
    """A connection file in `spool`, for sockets beside it."""
    path = spool / "kernel.json"
    key = secrets.token_hex(16).encode()
    write_connection_file(str(path), transport="ipc", ip=str(spool / "k"), key=key, kernel_name="python3")
    os.chmod(path, 0o644)  # the kernel may run under another uid; the folder around it is closed to others
    return path


def kernel_environment() -> dict[str, str]:
    """The environment of a student's kernel: quiet libraries, one thread each."""
    return {
        **_tensorflow.SETTINGS,  # here, because a forge loads TensorFlow alone
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # the environment is read-only
        "PYTHONUNBUFFERED": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # read when matplotlib is imported
        "NBGRADER_EXECUTION": "autograde",  # as nbgrader sets it
        # What was handed in lies in the home, where IPython and Python look for files to run first. A submission that
        # does not know the folder's name cannot bring it along.
        "IPYTHONDIR": f"~/tmp/ipython-{secrets.token_hex(8)}",
        "PYTHONNOUSERSITE": "1",
    }
