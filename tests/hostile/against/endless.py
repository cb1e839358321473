"""Submissions that do not end, or not when they are told to."""

from __future__ import annotations

from attack import RIGHT, attack


@attack(RIGHT)
def sleeps_in_a_cell(submission):
    """Has a cell that runs for a minute; its answers are right."""
    submission.first("import time\ntime.sleep(60)")
    submission.write()


@attack(RIGHT)
def ignores_interrupts(submission):
    """Has a cell that swallows every interrupt."""
    submission.first(
        "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass"
    )
    submission.write()


@attack(RIGHT)
def blocks_in_c(submission):
    """Has a cell that waits in C code, where no interrupt is heard."""
    submission.first("import re\nre.match(r'(a|a)*$', 'a' * 60 + 'b')")
    submission.write()


@attack(RIGHT, time="timeout")
def never_returns(submission):
    """Its function never returns; the other one is right."""
    submission.answer(time="def time_based_decay(*args):\n    while True:\n        pass")
    submission.write()


@attack(RIGHT, time="timeout or died")
def never_returns_whatever_comes(submission):
    """Its function swallows the time limit, sets up its own timers, and never returns."""
    submission.answer(
        time=(
            "import signal, time\n"
            "def time_based_decay(*args):\n"
            "    signal.setitimer(signal.ITIMER_REAL, 0)\n"
            "    signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
            "    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
            "    while True:\n"
            "        try:\n"
            "            time.sleep(60)\n"
            "        except BaseException:\n"
            "            pass"
        )
    )
    submission.write()


@attack(RIGHT)
def lives_on_in_threads(submission):
    """Leaves threads and tasks that keep the kernel busy, objects that sleep when deleted, and at exit."""
    submission.first(
        "import threading\n"
        "def spin():\n"
        "    while True:\n"
        "        pass\n"
        "threading.Thread(target=spin, daemon=True).start()\n"
        "import asyncio, atexit, time\n"
        "async def forever():\n"
        "    while True:\n"
        "        await asyncio.sleep(0)\n"
        "task = asyncio.get_event_loop().create_task(forever())\n"
        "class Slow:\n"
        "    __del__ = lambda self: time.sleep(30)\n"
        "slow = Slow()\n"
        "atexit.register(time.sleep, 60)"
    )
    submission.write()


@attack(RIGHT)
def waits_for_input(submission):
    """Asks for input and for a password, and starts a debugger."""
    submission.first("tried(input, 'name? ')\nimport getpass\ntried(getpass.getpass)", "breakpoint()")
    submission.write()
