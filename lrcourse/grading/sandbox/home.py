"""A submission's home on the host's disk, where there is no file system of its own for it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lrcourse.grading.sandbox.spool import new_folder, remove_folder


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
