"""What the first process inside is told, and the environment that the student's Python finds."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from lrcourse.grading.sandbox.limits import MIB, Limits
from lrcourse.grading.sandbox.system import packages_elsewhere, search_path

INSIDE = Path(__file__).with_name("inside")
# Libraries start a thread for each processor, and threads count as processes.
_CPUS = 4


def first_process(inside: str | Path, plan: int) -> list[str]:
    """The command that carries out the plan in that open file."""
    return [sys.executable, "-I", "-S", str(inside), str(plan)]


def limits_of_each(limits: Limits) -> dict[str, int]:
    """What the kernel counts for each process (NPROC: for each user), by the names of `resource` without RLIMIT_."""
    return {
        # Not AS: address space that is reserved and never used counts there, and TensorFlow reserves much.
        "DATA": limits.memory,
        "FSIZE": limits.file,
        "NPROC": limits.processes,
        "CORE": 0,
        "NOFILE": 1024,
        "MEMLOCK": 8 * MIB,
    }


def open_plan(
    argv: Sequence[str],
    *,
    level: str,
    home: str,
    files: int,
    limits: Mapping[str, int],
    uid: int | None = None,
    capability: int | None = None,
    control: int | None = None,
    paths: Sequence[object] = (),
) -> IO[bytes]:
    """An open file with the plan for `inside/__main__.py`.

    `files` is an open archive, `limits` as `limits_of_each` gives them, `uid` the user to become. For the level
    "landlock", `control` is the pipe that ends it and `paths` are its rules; for "bubblewrap", `paths` are the places
    where files may be made.
    """
    plan = {
        "argv": list(argv),
        "level": level,
        "home": home,
        "files": files,
        "limits": dict(limits),
        "cpus": _CPUS,
        "uid": uid,
        "capability": capability,
        "control": control,
        "paths": list(paths),
    }
    return open_with(json.dumps(plan))


def open_with(text: str) -> IO[bytes]:
    """An open file that holds the text and has no name."""
    file = tempfile.TemporaryFile(prefix="lrcourse-plan-")  # noqa: SIM115 - for the caller to close
    file.write(text.encode())
    file.seek(0)  # flushes too
    return file


def environment_inside(environment: Mapping[str, str], *, home: str, temporary: str, library: str) -> dict[str, str]:
    """What is passed, and where things are; nothing of this process's own environment."""
    where = {
        "HOME": home,
        "PATH": search_path(),
        "LANG": "C.UTF-8",
        "TMPDIR": temporary,
        "PYTHONPATH": os.pathsep.join([library, *map(str, packages_elsewhere())]),
        "USER": "student",
        "LOGNAME": "student",
    }
    return where | dict(environment)
