"""The lrcourse that a submission finds: the package as students have it, without lessons and questions."""

from __future__ import annotations

import atexit
import compileall
import py_compile
import shutil
import tempfile
from functools import cache
from pathlib import Path

from lrcourse.grading.sandbox.spool import new_folder, remove_folder
from lrcourse.locations import PACKAGE, students_files


@cache
def student_library() -> Path:
    """A folder for PYTHONPATH with the stripped copy; made once a process, removed when it ends."""
    folder = new_folder(tempfile.gettempdir(), "library-")
    atexit.register(remove_folder, folder)
    for source in students_files():
        target = folder / "lrcourse" / source.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    # Whoever imports it may write nothing, so it would be compiled anew for every submission.
    compileall.compile_dir(folder, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)  # whoever reads it is another user
    return folder
