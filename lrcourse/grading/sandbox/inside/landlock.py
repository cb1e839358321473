"""Landlock: a process gives up rights to files, and to signals and sockets outside, for itself and all that it starts.

The kernel's interface is in linux/landlock.h. Landlock works without any privilege and cannot be undone.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

# Rights to files; Linux 6.12 (ABI 6) knows all of them.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (1 << bit for bit in range(6, 13))
REFER, TRUNCATE, IOCTL_DEV = (1 << bit for bit in range(13, 16))

ALL = (1 << 16) - 1
READ = EXECUTE | READ_FILE | READ_DIR
WRITE = READ | ALL & ~(EXECUTE | MAKE_CHAR | MAKE_BLOCK | IOCTL_DEV)
# In a folder for sockets: none of what would put data into it.
MAKING_FILES = WRITE_FILE | TRUNCATE | MAKE_REG | MAKE_DIR | MAKE_SYM | MAKE_FIFO | MAKE_BLOCK | MAKE_CHAR | REFER
_OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

# Since these versions a domain can let files move between folders, and keep signals and abstract sockets inside.
WITH_REFER = 2
WITH_SCOPES = 6
_SCOPE_ABSTRACT_SOCKETS, _SCOPE_SIGNALS = 1, 2

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same number on every processor
_VERSION, _PATH_BENEATH = 1, 1
_PR_SET_NO_NEW_PRIVS = 38

_libc = ctypes.CDLL(None, use_errno=True)


def abi() -> int:
    """The kernel's version of Landlock, 0 where there is none or it is switched off."""
    found = _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    return max(found, 0)


def confine(rules: Iterable[tuple[str, int]], *, handled: int = ALL, scoped: bool = True) -> None:
    """From here on, of the rights in `handled` have those alone that `rules` give: a path and its rights, each.

    A path that is not there gives nothing. `scoped` also keeps signals and abstract sockets among those confined
    here; no process outside can be traced either way. OSError where the kernel refuses.
    """
    version = abi()
    handled &= _known(version)
    fields = [handled, 0, _SCOPE_ABSTRACT_SOCKETS | _SCOPE_SIGNALS if scoped else 0]
    attributes = struct.pack("=3Q", *fields)[: 24 if version >= WITH_SCOPES else 16 if version >= 4 else 8]
    ruleset = _call(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    try:
        for path, rights in rules:
            _allow(ruleset, path, rights & handled)
        if _libc.prctl(_PR_SET_NO_NEW_PRIVS, *(ctypes.c_ulong(value) for value in (1, 0, 0, 0))):
            raise OSError(ctypes.get_errno(), "no_new_privs")
        _call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_A_FILE
        if rights:
            rule = struct.pack("=Qi", rights, opened)
            _call(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))
    finally:
        os.close(opened)


def _known(version: int) -> int:
    """The rights that a version of Landlock knows."""
    later = {2: REFER, 3: TRUNCATE, 5: IOCTL_DEV}
    return ALL & ~sum(right for since, right in later.items() if version < since)


def _call(number: int, *arguments: object) -> int:
    result = _libc.syscall(number, *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Landlock: {os.strerror(error)}")
    return result
