"""The lrcourse that a submission finds: what its lessons call, without exercises, questions, grading and lessons."""

from __future__ import annotations

import atexit
import compileall
import py_compile
import shutil
import tempfile
from functools import cache
from pathlib import Path

import lrcourse
from lrcourse.grading.sandbox.spool import new_folder, remove_folder
from lrcourse.grading.student_wheel import student_modules

INSTALLED = Path(lrcourse.__file__).resolve().parent
_LEFT_OUT = ("exercises", "quiz", "grading", "cli", "handout")
_ADDED = ("_silent", "student")  # `check` that does nothing; what the kernel needs to answer the grader


@cache
def student_library() -> Path:
    """A folder for PYTHONPATH with the stripped copy; made once a process, removed when it ends."""
    folder = new_folder(tempfile.gettempdir(), "library-")
    atexit.register(remove_folder, folder)
    for source in _sources():
        target = folder / "lrcourse" / source.relative_to(INSTALLED)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (folder / "lrcourse" / lrcourse.SILENT).touch()
    # Whoever imports it may write nothing, so it would be compiled anew for every submission.
    compileall.compile_dir(folder, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)  # whoever reads it is another user
    return folder


def _sources() -> set[Path]:
    """The files of the copy. None is taken by name alone: a new module for instructors stays out by itself."""
    modules = [name.split(".")[1:] for name in student_modules()]
    found = {_file(parts) for parts in modules if not parts or parts[0] not in _LEFT_OUT}
    for name in _ADDED:
        path = INSTALLED / name
        found |= set(path.glob("*.py")) if path.is_dir() else {path.with_suffix(".py")} & set(INSTALLED.glob("*.py"))
    return found


def _file(parts: list[str]) -> Path:
    path = INSTALLED.joinpath(*parts)
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
