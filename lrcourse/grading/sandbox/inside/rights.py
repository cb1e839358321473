"""What a process may do and use, given up before the student's code: user, capabilities, limits, processors."""

from __future__ import annotations

import ctypes
import os
import random
import resource

CAP_DAC_READ_SEARCH = 2  # read files and enter folders whatever their permissions say
_PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 8, 38, 47
_PR_CAP_AMBIENT_RAISE, _PR_CAP_AMBIENT_CLEAR_ALL = 2, 4
_CAPABILITIES_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def become(uid: int, keep: int | None = None) -> None:
    """Change to the user and group of that number for good, keeping at most one capability."""
    _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    _set_capabilities(0 if keep is None else 1 << keep)


def drop_all(keep: int | None = None) -> None:
    """Give up every capability but that one, and the way to any new one."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    _set_capabilities(0 if keep is None else 1 << keep)
    if keep is not None:
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, keep)  # so that it lasts through exec


def set_limits(limits: dict[str, int]) -> None:
    """Set what the kernel counts, by the names of `resource` without RLIMIT_, as soft and hard limit."""
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def keep_to_cpus(number: int) -> None:
    """Use that many processors at most: libraries start a thread for each, and threads count as processes."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) > number:
        os.sched_setaffinity(0, random.sample(usable, number))


def be_first_to_go() -> None:
    """Where the whole machine runs out of memory, the kernel ends this process before the grader's."""
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def _set_capabilities(bits: int) -> None:
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION_3, 0)
    low, high = bits & 0xFFFFFFFF, bits >> 32
    data = (ctypes.c_uint32 * 6)(low, low, low, high, high, high)  # effective, permitted, inheritable
    if _libc.capset(header, data):
        _fail("capset")


def _prctl(option: int, *arguments: int) -> None:
    values = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    if _libc.prctl(option, *values):
        _fail("prctl")


def _fail(call: str) -> None:
    number = ctypes.get_errno()
    raise OSError(number, f"{call}: {os.strerror(number)}")
