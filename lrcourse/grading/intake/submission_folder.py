"""A submitted folder, read without being led astray: no links are followed, and nothing is read without a bound."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path, PurePosixPath

MOST_FILES = 1000
DEEPEST = 10
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class CannotRead(Exception):
    """Why a file or folder is not read. Its text goes on where a sentence has named it: "is a link"."""


@dataclass(frozen=True)
class File:
    """A regular file of a submission, by its path inside the folder."""

    path: str
    size: int
    modified: float

    @property
    def name(self) -> str:
        """Its name without the folders."""
        return PurePosixPath(self.path).name


@dataclass
class Folder:
    """An open submission folder: its regular files, and why other things in it are not read."""

    descriptor: int
    files: list[File] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def read(self, file: File, most: int) -> bytes:
        """The file's bytes. CannotRead if it is no longer what it was, or longer than `most`."""
        descriptor = self._open(file)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise CannotRead("is not a file")
            with os.fdopen(descriptor, "rb", closefd=False) as stream:
                data = stream.read(most + 1)
        except OSError as error:
            raise CannotRead(f"cannot be read: {error.strerror}") from None
        finally:
            os.close(descriptor)
        if len(data) > most:
            raise CannotRead(f"is larger than {most >> 20} MB")
        return data

    def _open(self, file: File) -> int:
        """Step by step from the folder that was looked at, so that nothing on the way can be swapped for a link."""
        *folders, name = PurePosixPath(file.path).parts
        opened = []
        try:
            for part in folders:
                opened.append(os.open(part, _OPEN | os.O_DIRECTORY, dir_fd=opened[-1] if opened else self.descriptor))
            return os.open(name, _OPEN, dir_fd=opened[-1] if opened else self.descriptor)
        except OSError as error:
            raise CannotRead(f"cannot be read: {error.strerror}") from None
        finally:
            for descriptor in opened:
                os.close(descriptor)


@contextmanager
def open_folder(path: Path, ignore: list[str]) -> Iterator[Folder]:
    """The folder at `path`; names that match a pattern of `ignore` do not count. CannotRead if it is a link or none."""
    if path.parent.is_symlink():
        raise CannotRead("is in a folder that is a link")
    try:
        descriptor = os.open(path, _OPEN | os.O_DIRECTORY)
    except OSError as error:
        raise CannotRead("is a link" if path.is_symlink() else f"cannot be read: {error.strerror}") from None
    try:
        folder = Folder(descriptor)
        _list(folder, descriptor, "", ignore, 0)
        yield folder
    finally:
        os.close(descriptor)


def _list(folder: Folder, descriptor: int, prefix: str, ignore: list[str], depth: int) -> None:
    with os.scandir(descriptor) as entries:
        names = sorted(entry.name for entry in islice(entries, 10 * MOST_FILES))
    inner = []
    for name in names:
        path = prefix + name
        if any(fnmatch(name, pattern) for pattern in ignore):
            continue
        try:
            about = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        except OSError as error:
            folder.left_out[path] = f"cannot be read: {error.strerror}"
            continue
        if stat.S_ISDIR(about.st_mode):
            inner.append(name)
        elif why := _unfit(about):
            folder.left_out[path] = why
        elif len(folder.files) >= MOST_FILES:
            folder.left_out[path] = f"is one of more than {MOST_FILES} files"
        else:
            folder.files.append(File(path, about.st_size, about.st_mtime))
    for name in inner:
        if depth == DEEPEST or len(folder.files) + len(folder.left_out) >= 2 * MOST_FILES:
            folder.left_out[prefix + name] = "is one folder too deep or one too many"
            continue
        try:
            below = os.open(name, _OPEN | os.O_DIRECTORY, dir_fd=descriptor)
        except OSError as error:
            folder.left_out[prefix + name] = f"cannot be read: {error.strerror}"
            continue
        try:
            _list(folder, below, f"{prefix}{name}/", ignore, depth + 1)
        finally:
            os.close(below)


def _unfit(about: os.stat_result) -> str:
    if stat.S_ISLNK(about.st_mode):
        return "is a link"
    if not stat.S_ISREG(about.st_mode):
        return "is not a file"
    # A second name for another student's file, or for one of the course, would hand its content to this one.
    return "is a second name (a hard link) for another file" if about.st_nlink > 1 else ""
