"""A submission's home on the host's disk, where there is no file system of its own for it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def home_unless_started(uid: int | None = None) -> Iterator[Path]:
    """A new folder for that user; removed if the block raises, kept otherwise."""
    home = Path(tempfile.mkdtemp(prefix="lrcourse-home-")).resolve()
    try:
        if uid is not None:
            os.chown(home, uid, uid)
        yield home
    except BaseException:  # an interrupt leaves nothing behind either
        remove(home)
        raise


def remove(home: Path) -> None:
    """Remove the home, whatever the submission made of it: a folder that it locked is opened first."""
    for folder, names, _ in os.walk(home):
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
    # What still cannot be deleted (a path too long for the system) is no reason to stop a class.
    shutil.rmtree(home, ignore_errors=True)
