"""What a submission may read: the system, the Python environment that grades, and lrcourse as students have it."""

from __future__ import annotations

import atexit
import compileall
import os
import py_compile
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

from lrcourse.grading.sandbox.folders import new_folder, remove_folder
from lrcourse.locations import PACKAGE, students_files

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store")
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "alternatives", "fonts")
# Not the whole prefix: it may be the course's own folder, gradebook included.
_OF_A_PREFIX = ("bin", "lib", "lib32", "lib64", "libexec", "share", "include", "etc", "ssl", "pyvenv.cfg")


def python_paths() -> list[Path]:
    """The files of this Python and its environment, under each name that leads to them."""
    found: set[Path] = set()
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        for root in {Path(prefix), Path(prefix).resolve()}:
            found |= {root / name for name in _OF_A_PREFIX if (root / name).exists()}
    found |= set(packages_elsewhere())
    return [path for path in sorted(found) if not any(path.is_relative_to(place) for place in SYSTEM)]


def packages_elsewhere() -> list[Path]:
    """Folders of packages that are not below this Python's own: the user's, or those on PYTHONPATH."""
    own = (Path(sys.prefix), Path(sys.base_prefix))
    folders = [Path(entry) for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]
    return [path for path in folders if path.is_dir() and not any(path.is_relative_to(prefix) for prefix in own)]


def hidden() -> list[Path]:
    """Folders inside what may be read that may not: the installed lrcourse, and a course kept in such a place."""
    visible = [Path(place).resolve() for place in SYSTEM if os.path.exists(place)]
    visible += [path.resolve() for path in python_paths()]
    wanted = [PACKAGE, PACKAGE.parent / "lrcourse", Path.cwd()]
    found = []
    for folder in wanted:
        inside = any(folder != place and folder.is_relative_to(place) for place in visible)
        around = any(place.is_relative_to(folder) for place in visible)
        if inside and not around and folder.is_dir() and folder not in found:
            found.append(folder)
    return found


def search_path() -> str:
    """PATH inside."""
    return os.pathsep.join([os.path.join(sys.prefix, "bin"), "/usr/local/bin", "/usr/bin", "/bin"])


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
