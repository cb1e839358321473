"""Where there is no pid namespace: a process that outlives the submission, to end all that it started.

The warden and the submission stand in one Landlock domain, in which signals stay. So the warden's signal to "every
process" reaches all that the submission ever started, in whatever session, and nobody else. The submission stands in
a second domain inside, and cannot signal the warden.
"""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

import landlock

_PR_SET_CHILD_SUBREAPER = 36


def guard(become_submission: Callable[[], None], control: int, home: str) -> None:
    """Fork the submission; end all of it once its Python ends or `control` is closed on the other side.

    Then remove `home`, and exit with the submission's exit code: 128 + n where signal n ended it, as with bubblewrap.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, *(ctypes.c_ulong(value) for value in (1, 0, 0, 0))):
        raise OSError(ctypes.get_errno(), "no subreaper")
    landlock.confine([], handled=0)
    child = os.fork()
    if child == 0:
        try:
            os.close(control)
            os.setsid()
            become_submission()
        except OSError as error:
            print(f"lrcourse sandbox: {error}", file=sys.stderr)
        os._exit(126)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # whoever reads the submission's output sees its end
        os.dup2(null, stream)
    handle = os.pidfd_open(child)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(control, select.POLLHUP)
    poll.poll()
    code = _end_all(child)
    shutil.rmtree(home, ignore_errors=True)  # also where the grader is gone
    os._exit(code)


def _end_all(child: int) -> int:
    code = 0
    while True:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left to whom this may go
            os.kill(-1, signal.SIGKILL)
        try:
            pid, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return code
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            code = 128 - code if code < 0 else code
