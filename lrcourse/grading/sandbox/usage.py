"""What a tree of processes uses right now, as the kernel tells in /proc."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

ENTRY = 4096  # bytes that a file or folder counts at least, however little is in it


def tree(first: int) -> list[int]:
    """The process and all that descend from it, itself first; what ends meanwhile is left out."""
    found, waiting = [], [first]
    while waiting:
        pid = waiting.pop(0)
        found.append(pid)
        waiting += _children(pid)
    return found


def memory_used(pids: list[int], enough: int) -> int:
    """Bytes of memory of these processes; shared pages count once if the plain sum is above `enough`."""
    resident = sum(_resident(pid) for pid in pids)
    if resident <= enough:
        return resident  # the kernel is quick to tell this; shares take it milliseconds a process
    return sum(_share(pid) for pid in pids)


def spool_used(spool: Path) -> int:
    """Bytes in plain files under the spool; an entry of any kind counts a block as well."""
    return sum(ENTRY + (status.st_size if stat.S_ISREG(status.st_mode) else 0) for status in _below(spool))


def files_counted(pid: int, places: Sequence[str]) -> int:
    """How many files there are on the file systems at `places`, as that process sees them."""
    return sum(_counted(f"/proc/{pid}/root{place}") for place in places)


def threads(pids: list[int]) -> int:
    """The threads of these processes, counted as the kernel counts processes."""
    return sum(_threads(pid) for pid in pids)


def folder_used(folder: Path, pids: list[int]) -> int:
    """Bytes that a folder takes on disk, with what these processes have deleted there and hold open."""
    try:
        device = folder.stat().st_dev
    except FileNotFoundError:
        return 0
    total = sum(ENTRY + status.st_blocks * 512 for status in _below(folder))
    held = {}
    for pid in pids:
        for status in _open_files(pid):
            if status.st_nlink == 0 and status.st_dev == device and stat.S_ISREG(status.st_mode):
                held[status.st_ino] = status.st_blocks * 512
    return total + sum(held.values())


def _below(folder: Path) -> Iterator[os.stat_result]:
    for place, names, files in os.walk(folder):
        for name in (*names, *files):
            try:
                yield os.lstat(os.path.join(place, name))
            except FileNotFoundError:
                continue


def _open_files(pid: int) -> Iterator[os.stat_result]:
    try:
        for name in os.listdir(f"/proc/{pid}/fd"):
            try:
                yield os.stat(f"/proc/{pid}/fd/{name}")
            except OSError:
                continue  # closed meanwhile
    except OSError:
        return  # has ended


def _counted(path: str) -> int:
    try:
        found = os.statvfs(path)
    except OSError:
        return 0  # has ended
    return found.f_files - found.f_ffree


def _threads(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


def _children(pid: int) -> list[int]:
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
                found += [int(text) for text in file.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        pass  # has ended, with its threads
    return found


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _share(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            for line in file:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0
