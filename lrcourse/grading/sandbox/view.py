"""The files that a submission sees in its namespace, as arguments of bubblewrap."""

from __future__ import annotations

import os
from pathlib import Path

from lrcourse.grading.sandbox.library import student_library
from lrcourse.grading.sandbox.limits import MIB, Limits
from lrcourse.grading.sandbox.plan import INSIDE
from lrcourse.grading.sandbox.system import ETC, SYSTEM, hidden, python_paths

HOME = "/home/student"
INSIDE_AT = "/run/lrcourse/inside"
LIBRARY_AT = "/run/lrcourse/library"
SCRATCH = (HOME, "/tmp", "/dev/shm")  # in memory, gone with the sandbox


def view(spool: Path, limits: Limits, user: int, group: int) -> list[str]:
    """What is there and where, in the order in which it is put there; `user` and `group` are open files of a line."""
    # All in all no more than the limit.
    small = max(64 * 1024, min(16 * MIB, limits.files // 8))
    large = max(64 * 1024, limits.files - 2 * small)
    made: list[str] = []
    for place in SYSTEM:
        if os.path.islink(place):
            made += ["--symlink", os.readlink(place), place]
        elif os.path.isdir(place):
            made += _mount("--ro-bind", place, place)
    for name in ETC:
        if os.path.exists(f"/etc/{name}"):
            made += _mount("--ro-bind", f"/etc/{name}", f"/etc/{name}")
    for name, descriptor in (("passwd", user), ("group", group)):
        made += ["--perms", "0444", "--ro-bind-data", str(descriptor), f"/etc/{name}"]
    made += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    made += [*_scratch("/dev/shm", small), *_scratch("/tmp", small)]
    for path in python_paths():
        made += _mount("--ro-bind", path, path)
    for path in hidden():
        made += ["--tmpfs", str(path), "--remount-ro", str(path)]
    made += _mount("--ro-bind", INSIDE, INSIDE_AT)
    made += _mount("--ro-bind", student_library(), LIBRARY_AT)
    made += _mount("--bind", spool, spool)
    made += [*_parents(HOME), *_scratch(HOME, large)]
    return [*made, "--remount-ro", "/"]


def _mount(how: str, source: str | Path, place: str | Path) -> list[str]:
    return [*_parents(place), how, str(source), str(place)]


def _parents(place: str | Path) -> list[str]:
    """The folders above a place; by itself bubblewrap makes them for their owner alone."""
    above = list(Path(place).parents)[-2::-1]
    return [word for folder in above for word in ("--perms", "0755", "--dir", str(folder))]


def _scratch(place: str, size: int) -> list[str]:
    return ["--perms", "1777", "--size", str(size), "--tmpfs", place]
