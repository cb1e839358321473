"""System calls that no submission needs and that lead out of a sandbox, refused by a seccomp filter.

A filter sees numbers only, no paths: it says which calls there are, not on what they work.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

# Number on x86_64, number on aarch64 (None where it has no such call).
_ALWAYS = {
    # Memory that no limit counts once it is not mapped.
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196),
    "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    # New namespaces and mounts: much of the kernel is reachable in one's own user namespace only.
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "mount_setattr": (442, 442),
    # Other ways to make any call (io_uring passes by the filter), and the kernel's less trodden parts.
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "fanotify_init": (300, 262), "swapon": (167, 224),
    "swapoff": (168, 225), "reboot": (169, 142), "syslog": (103, 116), "acct": (163, 89), "quotactl": (179, 60),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "vmsplice": (278, 75),
    # Other processes.
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "move_pages": (279, 239), "migrate_pages": (256, 238),
}  # fmt: skip

# Where Landlock alone bounds the submission: what it leaves open.
_WITHOUT_NAMESPACES = {
    # A Unix socket of the host (D-Bus, Docker) is a way out; Landlock looks at abstract ones only. Accepting stays.
    "connect": (42, 203),
    # By path, these need no open file, and Landlock does not look at them.
    "chown": (92, None), "lchown": (94, None), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "setxattrat": (463, 463), "removexattrat": (466, 466),
    "file_setattr": (469, 469), "inotify_add_watch": (254, 27), "statmount": (457, 457), "listmount": (458, 458),
}  # fmt: skip

# The same, but libraries call them and fail on an error: these tell that all is well, and do nothing.
_IDLE_WITHOUT_NAMESPACES = {
    "chmod": (90, None), "fchmodat": (268, 53), "fchmodat2": (452, 452), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None),
    # For another process of the same user, too.
    "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274), "sched_setaffinity": (203, 122),
}  # fmt: skip

_NUMBER = {
    "clone": (56, 220), "clone3": (435, 435), "socket": (41, 198), "socketpair": (53, 199), "prlimit64": (302, 261),
    "utimensat": (280, 88), "ioctl": (16, 29),
}  # fmt: skip

# The place of the argument that names the process.
_OF_A_PROCESS = {
    "prlimit64": 0, "setpriority": 1, "ioprio_set": 1, "sched_setparam": 0, "sched_setscheduler": 0,
    "sched_setattr": 0, "sched_setaffinity": 0,
}  # fmt: skip

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32 = 0x40000000
_NEW_NAMESPACES = 0x7E020080  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME
_AF_UNIX, _SOCK_STREAM, _TYPE = 1, 1, 0xF
_IP = (2, 10, 16)  # 16: netlink, with which the C library looks up the addresses of its own network
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2

# Classic BPF (linux/filter.h): load a word, jump if equal / above or equal / any bit, and, return.
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000


class _Filter(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("code", ctypes.c_char_p))


def supported() -> bool:
    """Whether the numbers above are this processor's."""
    return os.uname().machine in _ARCHITECTURES


def refuse(*, namespaces: bool) -> None:
    """Refuse the calls from here on, in this process and all that it starts. For good.

    `namespaces` says whether the process stands in namespaces of its own; without them more has to be refused.
    OSError where the kernel takes no filter.
    """
    _install(program(os.uname().machine, namespaces=namespaces))


def refuse_others() -> None:
    """Refuse calls that set something for another process of the same user; for a process that a fork shares it with.

    What may be set for the caller itself stays, where the call names it by 0; all but limits are refused in silence.
    """
    column, _ = _ARCHITECTURES[os.uname().machine]
    code = [(_LOAD, 0, 0, 0)]
    for name, index in _OF_A_PROCESS.items():
        number = (_NUMBER | _WITHOUT_NAMESPACES | _IDLE_WITHOUT_NAMESPACES)[name][column]
        # ZeroMQ sets its own threads' scheduling by their numbers and ends where that fails; nothing depends on it.
        code += _only(number, index, (0,), errno.EPERM if name == "prlimit64" else 0)
    code.append((_RETURN, 0, 0, _ALLOW))
    _install(b"".join(struct.pack("=HBBI", *line) for line in code))


def _install(code: bytes) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    filter = _Filter(len(code) // 8, code)
    for arguments in [
        (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter), 0, 0),
    ]:
        if libc.prctl(*arguments):
            number = ctypes.get_errno()
            raise OSError(number, f"prctl: {os.strerror(number)}")


def program(machine: str, *, namespaces: bool) -> bytes:
    """The filter in classic BPF, for a machine of that name."""
    column, architecture = _ARCHITECTURES[machine]
    code = [
        *((_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL)),
        *((_LOAD, 0, 0, 0), (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _ERROR | errno.ENOSYS)),
    ]
    refused = _ALWAYS if namespaces else _ALWAYS | _WITHOUT_NAMESPACES
    for numbers in refused.values():
        if numbers[column] is not None:
            code += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, _ERROR | errno.EPERM)]

    for numbers in () if namespaces else _IDLE_WITHOUT_NAMESPACES.values():
        if numbers[column] is not None:
            code += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, _ERROR | 0)]

    def number(name: str) -> int:
        return _NUMBER[name][column]

    # Its flags lie in memory, where no filter can look. The C library goes on with clone.
    code += [(_EQUAL, 0, 1, number("clone3")), (_RETURN, 0, 0, _ERROR | errno.ENOSYS)]
    code += _case(number("clone"), [(0, _ANY_BIT, _NEW_NAMESPACES, errno.EPERM)])
    code += _case(number("ioctl"), [(1, _EQUAL, code_, errno.EPERM) for code_ in (_TIOCSTI, _TIOCLINUX)])
    if namespaces:
        # Its own network has nobody in it; what is neither local nor IP only opens more of the kernel.
        code += _only(number("socket"), 0, (_AF_UNIX, *_IP), errno.EAFNOSUPPORT)
    else:
        # ZeroMQ lists network interfaces for a socket of ipykernel's own, and takes of all errors this one for "none".
        code += _only(number("socket"), 0, (_AF_UNIX,), errno.EOPNOTSUPP)
        # A datagram can be sent to any path, with no connect.
        code += _only(number("socket"), 1, (_SOCK_STREAM,), errno.EPERM, mask=_TYPE)
        code += _only(number("socketpair"), 1, (_SOCK_STREAM,), errno.EPERM, mask=_TYPE)
        code += _only(number("prlimit64"), 0, (0,), errno.EPERM)
        # Of an open file only: no path. A pointer has two words.
        code += _only(number("utimensat"), 1, (0,), 0)
        code += _only(number("utimensat"), 1, (0,), 0, high=True)
    code.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in code)


def _case(number: int, tests: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """For the call of that number: refuse where argument `index` passes the test; leave the number loaded."""
    body = []
    for index, test, value, error in tests:
        body += [(_LOAD, 0, 0, 16 + 8 * index), (test, 0, 1, value), (_RETURN, 0, 0, _ERROR | error)]
    body.append((_LOAD, 0, 0, 0))
    return [(_EQUAL, 0, len(body), number), *body]


def _only(number: int, index: int, values: tuple[int, ...], error: int, mask: int = 0, high: bool = False) -> list:
    """For the call of that number: refuse unless the low (or high) word of argument `index` is one of the values."""
    body = [(_LOAD, 0, 0, 16 + 8 * index + 4 * high)]
    if mask:
        body.append((_AND, 0, 0, mask))
    body += [(_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]
    body += [(_RETURN, 0, 0, _ERROR | error), (_LOAD, 0, 0, 0)]
    return [(_EQUAL, 0, len(body), number), *body]
