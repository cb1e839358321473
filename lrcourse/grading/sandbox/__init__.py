"""Where students' code runs: apart from the host, the course and each other, with limits."""

from lrcourse.grading.sandbox.folders import new_spool
from lrcourse.grading.sandbox.levels import NoSandbox, Sandbox, find_sandbox
from lrcourse.grading.sandbox.limits import Limits
from lrcourse.grading.sandbox.process import Confined

__all__ = ["Confined", "Limits", "NoSandbox", "Sandbox", "find_sandbox", "new_spool"]
