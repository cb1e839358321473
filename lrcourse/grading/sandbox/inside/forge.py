"""A process that has the libraries of a lesson loaded, and forks a kernel for each submission.

It lives inside the sandbox, takes orders on its standard input, a socket that keeps messages apart, and reports on its
standard output, a line of JSON each. Student code can reach neither. Orders: `{"start": CONNECTION_FILE, "folder":
FOLDER}`, with the open archive of what was handed in; `{"end": true}`. Reports: `{"ready": true}`, `{"started": true}`,
`{"exited": true}`, `{"ended": true}`. Whatever goes wrong here ends this process and with it the sandbox: the next
submission gets a new one.

A kernel finds in its own memory whatever this process has ever held, also what it has freed. So nothing of a submission
may pass through it: neither the archive, nor the names of files that are removed, nor an exit code. The child that
becomes a kernel reads the archive, and another one cleans up; both end before the next kernel is forked.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import gc
import importlib.util
import json
import os
import random
import re
import select
import shutil
import signal
import socket
import struct
import sys
import tarfile
import traceback
from collections.abc import Callable

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import landlock
import seccomp

# Imported and not used: a TensorFlow that has run an operation does not survive a fork. pyplot is left to the kernel:
# on import it looks for a notebook to draw in. The debugger and its line are what every kernel loads as it starts.
LOADED = (
    *("tensorflow", "keras", "numpy", "ipykernel.kernelapp", "IPython"),
    *("ipykernel.debugger", "IPython.core.completerlib", "IPython.extensions.storemagic"),
    *("matplotlib.figure", "matplotlib.font_manager", "matplotlib.backends.backend_agg", "sklearn.datasets"),
)
_PR_SET_DUMPABLE = 4
_CLEAN_TRIES = 50
_LONGEST_ORDER = 65536  # bytes
_OWNERS_ATTRIBUTES = ("user.", "system.posix_acl_")
_GET_FLAGS, _SET_FLAGS, _OWNERS_FLAGS = 0x80086601, 0x40086602, 0x8 | 0x40 | 0x80  # as chattr sets S, d and A


def main(plan: dict) -> None:
    """Load, report, and obey until the input ends."""
    orders = socket.socket(fileno=os.dup(0))
    reports = os.fdopen(os.dup(1), "w", buffering=1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    _dumpable(False)  # or a kernel, being of the same user, could open this process's memory
    for name in plan["modules"]:
        importlib.import_module(name)
    # A kernel's garbage collector would look through all of this again and again, and by that copy its memory.
    gc.collect()
    gc.freeze()
    awake, wake = os.pipe()
    os.set_blocking(awake, False)
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    child = 0
    _clean_apart(plan["scratch"], (orders, reports, awake, wake))
    _say(reports, ready=True)
    while True:
        ready, _, _ = select.select([orders, awake], [], [])
        if awake in ready:
            _drain(awake)
            child = _reap(child, reports)
        if orders not in ready:
            continue
        text, archives, _, _ = socket.recv_fds(orders, _LONGEST_ORDER, 1)
        if not text:
            return
        order = json.loads(text)
        if "start" in order:
            (archive,) = archives
            child = _start(order, archive, plan, (orders, reports, awake, wake))
            os.close(archive)
            _say(reports, started=True)
        else:
            _end_all()
            child = 0
            _clean_apart(plan["scratch"], (orders, reports, awake, wake))
            _say(reports, ended=True)


def _start(order: dict, archive: int, plan: dict, ours: tuple) -> int:
    """Fork a kernel for one submission; its pid. `archive` is open, and stays unread here."""
    return _forked(lambda: _become_submission(order, archive, plan), ours)


def _forked(action: Callable[[], None], ours: tuple) -> int:
    """Fork a process that does this and ends; its pid. It is left none of `ours`, the files and ends of pipes."""
    child = os.fork()
    if child:
        return child
    code = 126
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in ours:
            os.close(end if isinstance(end, int) else end.fileno())
        action()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:  # the child must never go on as a second forge
        traceback.print_exc()
    finally:
        os._exit(code)


def _become_submission(order: dict, archive: int, plan: dict) -> None:
    os.setsid()
    os.chdir(order["folder"])
    os.makedirs("tmp", exist_ok=True)
    _unpack(archive)
    writable = [(path, landlock.ALL) for path in plan["paths"]]
    sockets = (os.path.dirname(order["start"]), landlock.WRITE & ~landlock.MAKING_FILES)
    landlock.confine([("/", landlock.READ), *writable, sockets])
    seccomp.refuse_others()
    _dumpable(True)  # as a process that was started and not forked
    _become_kernel(order["start"], plan["options"])


def _become_kernel(connection_file: str, options: list[str]) -> None:
    """Run the kernel as `python -m ipykernel_launcher` would, until it ends."""
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    random.seed()
    np.random.seed()
    launcher = importlib.util.find_spec("ipykernel_launcher").origin
    sys.argv = [launcher, "-f", connection_file, *options]
    sys.path.pop(0)  # this folder, which a cold kernel does not have
    IPKernelApp.launch_instance()


def _unpack(descriptor: int) -> None:
    with open(descriptor, "rb") as archive, tarfile.open(fileobj=archive, mode="r:") as files:
        for entry in files:
            if entry.isdir():
                os.makedirs(entry.name, exist_ok=True)
            else:
                with open(entry.name, "xb") as target:
                    shutil.copyfileobj(files.extractfile(entry), target)


def _reap(child: int, reports) -> int:
    """Take ended processes off the list; report if the kernel is among them. The child that still runs, or 0."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return 0
        if pid == 0:
            return child
        if pid == child:
            _say(reports, exited=True)
            child = 0


def _end_all() -> None:
    """Kill every other process of the sandbox but the first, whatever session it fled to."""
    for _ in range(_CLEAN_TRIES):
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            break
        select.select([], [], [], 0.01)
        _reap_all()  # one that has ended and is not taken off the list can still be sent a signal
    while not _reap_all():
        select.select([], [], [], 0.01)
    if [pid for pid in _pids() if pid not in (1, os.getpid())]:
        raise SystemExit("a process of a submission is left")


def _reap_all() -> bool:
    """Take ended children off the list; whether none is left."""
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return False
        except ChildProcessError:
            return True


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _clean_apart(places: list[str], ours: tuple) -> None:
    """Clean in a process of its own: names of files are part of a submission, too."""
    _, status = os.waitpid(_forked(lambda: _clean(places), ours), 0)
    if status:
        raise SystemExit("something of a submission could not be removed")


def _clean(places: list[str]) -> None:
    """Empty the places where a submission can write; what cannot be deleted ends the sandbox."""
    mounted = _mounted()
    for place in places:
        _empty(place, mounted)
        like_new(place, 0o1777)


def _empty(folder: str, mounted: list[str]) -> None:
    """Leave only what the sandbox itself has put there: an environment below /tmp, say, and the folders above it."""
    for entry in os.scandir(folder):
        if entry.path in mounted:
            continue
        if not entry.is_dir(follow_symlinks=False):
            os.unlink(entry.path)
            continue
        if entry.stat(follow_symlinks=False).st_uid == os.getuid():
            os.chmod(entry.path, 0o755)
        if any(path.startswith(entry.path + "/") for path in mounted):
            _empty(entry.path, mounted)
            like_new(entry.path, 0o755)
            continue
        for inner, names, _ in os.walk(entry.path):
            for name in names:
                path = os.path.join(inner, name)
                if not os.path.islink(path):
                    os.chmod(path, 0o700)
        shutil.rmtree(entry.path)


def like_new(folder: str, mode: int) -> None:
    """Take from a folder that stays what its owner can write on it: permissions, attributes, flags, dates.

    One of another owner, as where root grades, is let be: whoever is not its owner can write nothing on it.
    """
    if os.geteuid() not in (0, os.stat(folder).st_uid):
        return
    os.chmod(folder, mode)
    for name in os.listxattr(folder):
        if name.startswith(_OWNERS_ATTRIBUTES):
            os.removexattr(folder, name)
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        flags = struct.unpack("l", fcntl.ioctl(opened, _GET_FLAGS, bytes(8)))[0]
        if flags & _OWNERS_FLAGS:
            fcntl.ioctl(opened, _SET_FLAGS, struct.pack("l", flags & ~_OWNERS_FLAGS))
    except OSError as error:
        if error.errno not in (errno.ENOTTY, errno.EOPNOTSUPP):  # a file system without flags
            raise
    finally:
        os.close(opened)
    os.utime(folder, (0, 0))


def _mounted() -> list[str]:
    """Where something is mounted; the kernel writes a blank in a name as \\040."""
    with open("/proc/self/mountinfo", "rb") as file:
        names = [line.split()[4] for line in file]
    return [os.fsdecode(re.sub(rb"\\(\d{3})", lambda octal: bytes([int(octal[1], 8)]), name)) for name in names]


def _dumpable(yes: bool) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, *(ctypes.c_ulong(value) for value in (int(yes), 0, 0, 0))):
        raise OSError(ctypes.get_errno(), "PR_SET_DUMPABLE")


def _say(reports, **words) -> None:
    reports.write(json.dumps(words) + "\n")


def _drain(descriptor: int) -> None:
    try:
        while os.read(descriptor, 4096):
            pass
    except BlockingIOError:
        pass


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
