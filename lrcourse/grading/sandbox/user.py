"""Which user a submission runs as. Root takes a new one for each: the kernel counts processes by user, never root's."""

from __future__ import annotations

import os
import random
from contextlib import suppress
from pathlib import Path

# Above what distributions, systemd and container tools hand out.
_FROM, _TO = 1_900_000_000, 2_100_000_000


def fresh_uid() -> int | None:
    """A uid that nobody uses, for root; None for an ordinary user, whose submissions run as themselves."""
    if os.geteuid() != 0:
        return None
    first, last = _range(Path("/proc/self/uid_map").read_text(), Path("/proc/self/gid_map").read_text())
    while True:
        uid = random.randint(first, last)
        if uid not in _running():
            return uid


def _range(*maps: str) -> tuple[int, int]:
    """The range to choose from, inside what this (perhaps rootless) container maps."""
    lasts = []
    for text in maps:
        lines = [tuple(map(int, line.split())) for line in text.splitlines()]
        start, _, count = max(lines, key=lambda line: line[2])
        lasts.append((start, start + count - 1))
    first, last = max(start for start, _ in lasts), min(end for _, end in lasts)
    if last >= _TO:
        return _FROM, _TO
    # The upper half, without `nobody` at its end.
    return max(first, last // 2), max(first, last - 100)


def threads_of_user() -> int:
    """How many threads this user has running."""
    own = os.geteuid()
    total = 0
    for entry in Path("/proc").iterdir():
        with suppress(OSError):  # has ended meanwhile
            if entry.name.isdigit() and entry.stat().st_uid == own:
                total += len(os.listdir(entry / "task"))
    return total


def _running() -> set[int]:
    uids = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(FileNotFoundError):  # has ended meanwhile
                uids.add(entry.stat().st_uid)
    return uids
