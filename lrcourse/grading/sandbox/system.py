"""What of this machine a submission may read: the system, and the Python environment that grades."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from lrcourse.locations import PACKAGE

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
