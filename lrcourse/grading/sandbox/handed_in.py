"""What was handed in, on its way into the sandbox: an archive, so that no folder of the host has to be shown inside."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lrcourse.errors import CommandError
from lrcourse.grading.sandbox.limits import MIB, Limits


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
                    f"{folder} is too large to be graded: a file may take {limits.file // MIB} MB, all together "
                    f"{limits.files * 3 // 4 // MIB} MB. Remove what {path.name} and its like are not needed for."
                )
            files.add(path, arcname=str(path.relative_to(folder)), recursive=False, filter=_anonymous)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o700 if entry.isdir() else 0o600
    return entry
