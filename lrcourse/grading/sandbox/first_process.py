"""What the first process inside is told: what was handed in, as an archive, the plan, and the environment it finds."""

from __future__ import annotations

import json
import os
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lrcourse.errors import CommandError
from lrcourse.grading.sandbox.limits import MIB, Limits
from lrcourse.grading.sandbox.visible import packages_elsewhere, search_path


@contextmanager
def packed(folder: Path | None, limits: Limits) -> Iterator[IO[bytes]]:
    """An open archive of the plain files and folders in `folder`, empty for None. Links and devices are left out.

    CommandError where they are larger than `limits` allow.
    """
    with tempfile.TemporaryFile(prefix="lrcourse-files-") as archive:
        _pack(folder, limits, archive)
        archive.seek(0)
        yield archive


def _pack(folder: Path | None, limits: Limits, archive: IO[bytes]) -> None:
    with tarfile.open(fileobj=archive, mode="w:", format=tarfile.PAX_FORMAT) as files:
        total = 0
        for path in [] if folder is None else sorted(folder.rglob("*")):
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                continue
            size = 0 if path.is_dir() else path.stat().st_size
            total += size
            if size > limits.file or total > limits.files * 3 // 4:
                raise CommandError(
                    f"{folder} is too large to be graded: a file may take {limits.file // MIB} MB, all files together "
                    f"{limits.files * 3 // 4 // MIB} MB. Remove the files that the submission does not need, such as "
                    f"{path.name}."
                )
            files.add(path, arcname=str(path.relative_to(folder)), recursive=False, filter=_anonymous)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o700 if entry.isdir() else 0o600
    return entry


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
