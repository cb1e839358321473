"""Folders that last no longer than their process, and the one for a submission's sockets.

A process that is killed with -9 removes nothing. So each of these folders is locked by the process that made it, which
no end of a process leaves locked, and the next one to make a folder there removes those that nobody holds.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OURS = "lrcs-"  # how their names begin; folders of other versions, which are not locked, are let be
YOUNG = 10.0  # seconds in which a folder may not have been locked yet
_LONGEST = 40  # of 107 bytes, with names of sockets and subfolders to come
_held: dict[Path, int] = {}


def new_folder(place: str, name: str = "") -> Path:
    """A new folder in `place` that this process holds until `remove_folder`."""
    _sweep(Path(place))
    folder = Path(tempfile.mkdtemp(prefix=f"{OURS}{name}", dir=place))
    _held[folder] = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(_held[folder], fcntl.LOCK_EX)
    return folder


def remove_folder(folder: Path) -> None:
    """Remove a folder, whatever was made of it: one inside that is locked by its permissions is opened first."""
    for inner, names, _ in os.walk(folder):
        for name in names:
            path = os.path.join(inner, name)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
    # What still cannot be deleted (a path too long for the system) is no reason to stop a class.
    shutil.rmtree(folder, ignore_errors=True)
    if folder in _held:
        os.close(_held.pop(folder))


def _sweep(place: Path) -> None:
    """Remove the folders there whose process is gone."""
    for folder in place.glob(f"{OURS}*"):
        # Meanwhile it may be gone, or it is another user's; a link is never followed.
        with suppress(OSError):
            about = folder.lstat()
            if not _is_ours(about.st_uid) or time.time() - about.st_ctime < YOUNG:
                continue
            opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_folder(folder)
            finally:
                os.close(opened)


def new_spool() -> Path:
    """A new folder of one's own, outside /tmp where that is possible: what is below /tmp counts as writable inside."""
    wanted = [os.environ.get("XDG_RUNTIME_DIR"), "/run", "/var/tmp", tempfile.gettempdir(), "/tmp"]
    for place in filter(None, wanted):
        place = os.path.realpath(place)
        if len(place) <= _LONGEST and os.path.isdir(place) and os.access(place, os.W_OK | os.X_OK):
            return new_folder(place)
    return new_folder(tempfile.gettempdir())


def _is_ours(owner: int) -> bool:
    """Whether a folder of that user was made by this one; by root for a submission, whose number is nobody's."""
    if os.geteuid() == 0 and owner != 0:
        with suppress(KeyError):
            return not pwd.getpwuid(owner)
        return True
    return owner == os.geteuid()


@contextmanager
def home_unless_started(uid: int | None = None) -> Iterator[Path]:
    """A new folder for that user; removed if the block raises, kept otherwise."""
    home = new_folder(os.path.realpath(tempfile.gettempdir()), "home-")
    try:
        if uid is not None:
            os.chown(home, uid, uid)
        yield home
    except BaseException:  # an interrupt leaves nothing behind either
        remove(home)
        raise


def remove(home: Path) -> None:
    """Remove the home, whatever the submission made of it."""
    remove_folder(home)
