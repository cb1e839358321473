"""Submissions that end things: their kernel, its parent, the grader."""

from __future__ import annotations

from attack import RIGHT, attack

# Only where nothing else can be hit: inside bubblewrap, whose first process alone sees this folder.
CONTAINED = "import os, signal\nCONTAINED = os.path.isdir('/run/lrcourse/inside')\n"


@attack(RIGHT)
def kills_its_kernel(submission):
    """Has a cell that kills its own process."""
    submission.first("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    submission.write()


@attack(RIGHT)
def kills_its_parent(submission):
    """Kills whoever started it, on stock nbgrader the whole class run."""
    submission.first("import os, signal\ntried(os.kill, os.getppid(), signal.SIGKILL)")
    submission.write()


@attack(RIGHT)
def kills_everybody(submission):
    """Sends a signal to every process that it may signal."""
    submission.first(f"{CONTAINED}if CONTAINED:\n    os.kill(-1, signal.SIGKILL)")
    submission.write()


@attack(RIGHT, time="died or correct")
def dies_when_asked(submission):
    """Ends its process when its function is called; the other function is right."""
    submission.answer(time="def time_based_decay(*args):\n    import os\n    os._exit(0)")
    submission.write()


@attack(RIGHT)
def stops_itself(submission):
    """Freezes its own process."""
    submission.first("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")
    submission.write()


@attack(RIGHT)
def breaks_python(submission):
    """Reads a null pointer."""
    submission.first("import ctypes\nctypes.string_at(0)")
    submission.write()


@attack(RIGHT)
def exits_on_import(submission):
    """Leaves with sys.exit in its cells and in a module that it imports, and has handlers for the end."""
    (submission.folder / "helpers.py").write_text("import sys\nsys.exit(1)\n")
    submission.first(
        "import atexit, os, sys\n"
        "atexit.register(os._exit, 3)\n"
        "atexit.register(lambda: open(T['outside'] + '/' + T['mark'], 'w'))\n"
        "sys.path.insert(0, '')\n"
        "import helpers"
    )
    submission.code("import sys\nsys.exit('bye')")
    submission.code("raise SystemExit(0)")
    submission.write()


@attack(RIGHT)
def quits_the_kernel(submission):
    """Shuts the kernel down by its own means."""
    submission.first("get_ipython().ask_exit()\nexit()", "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)")
    submission.write()


@attack(RIGHT)
def closes_its_sockets(submission):
    """Closes every file of the kernel, its sockets included."""
    submission.first("import os\nos.closerange(3, 1000)")
    submission.write()


@attack(RIGHT, time="correct or died", steps="correct or died")
def limits_itself(submission):
    """Lowers its own limits until nothing works any more, in a cell that ends well."""
    submission.first(
        "import resource\n"
        "for name in ('FSIZE', 'NPROC', 'CORE'):\n"
        "    tried(resource.setrlimit, getattr(resource, 'RLIMIT_' + name), (1, 1))\n"
        "tried(resource.setrlimit, resource.RLIMIT_CPU, (1, 1))",
        "while True: pass",
    )
    submission.write()


@attack(RIGHT)
def sends_signals_to_itself(submission):
    """Raises alarms every few milliseconds, with handlers that raise."""
    submission.first(
        "import signal\n"
        "def burst(*args):\n    raise RuntimeError('burst')\n"
        "signal.signal(signal.SIGUSR1, burst)\n"
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)\n"
        "tried(signal.raise_signal, signal.SIGUSR1)"
    )
    submission.write()


@attack(RIGHT)
def writes_to_stderr(submission):
    """Warns, logs and writes on stderr in every way; on stock nbgrader that costs the mark."""
    noise = "import os, sys, warnings\nwarnings.warn('odd')\nprint('x', file=sys.stderr)\nos.write(2, b'raw')\n"
    submission.first(noise)
    submission.answer(
        time=f"{noise}def time_based_decay(initial_lr, decay, step):\n"
        "    warnings.warn('odd')\n    os.write(2, b'raw')\n    print('x', file=sys.stderr)\n"
        "    return initial_lr / (1 + decay * step)"
    )
    submission.write()


@attack(RIGHT)
def marks_what_stays(submission):
    """Writes permissions, attributes and dates on the folders that stay, and into /proc, for the next one."""
    submission.first(
        "import glob, os\n"
        "for place in ('/tmp', '/dev/shm', os.path.expanduser('~'), *glob.glob('/run/*'), T['mark']):\n"
        "    tried(os.chmod, place, 0o777)\n"
        "    tried(os.setxattr, place, 'user.mark', T['mark'].encode())\n"
        "    tried(os.utime, place, (5, 5))\n"
        "for pid in [name for name in os.listdir('/proc') if name.isdigit() and int(name) != os.getpid()]:\n"
        "    for name in ('oom_score_adj', 'autogroup', 'timerslack_ns', 'comm'):\n"
        "        tried(lambda: open(f'/proc/{pid}/{name}', 'w').write('999'))"
    )
    submission.write()
