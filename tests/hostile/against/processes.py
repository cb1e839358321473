"""Submissions that leave processes behind. Each names them after the mark; their answers are right."""

from __future__ import annotations

from attack import RIGHT, attack

# A process that would be found by its command line, if it were left.
SLEEPER = "[sys.executable, '-S', '-c', 'import time; time.sleep(300)', T['mark']]"
DAEMON = (
    "import os, signal, time\n"
    "def leave():\n"
    "    if os.fork() == 0:\n"
    "        os.setsid()\n"
    "        if os.fork() == 0:\n"
    "            {more}\n"
    "            time.sleep(300)\n"
    "        os._exit(0)\n"
    "    os.wait()\n"
    "tried(leave)"
)


@attack(RIGHT)
def starts_processes(submission):
    """Starts processes that outlive their cell: plain, in a session of its own, by multiprocessing."""
    submission.first(
        "import multiprocessing, subprocess, sys, time\n"
        "null = subprocess.DEVNULL\n"
        f"one = subprocess.Popen({SLEEPER})\n"
        f"two = subprocess.Popen({SLEEPER}, start_new_session=True, stdin=null, stdout=null, stderr=null)\n"
        "context = multiprocessing.get_context('fork')\n"
        "for _ in range(3):\n"
        "    tried(context.Process(target=time.sleep, args=(300,), daemon=True).start)"
    )
    submission.write()


@attack(RIGHT)
def hears_no_signal(submission):
    """Leaves a daemon that hears no signal, closes all files and changes its name."""
    submission.first(
        DAEMON.format(
            more=(
                "import ctypes\n"
                "            for number in range(1, 32):\n"
                "                try:\n"
                "                    signal.signal(number, signal.SIG_IGN)\n"
                "                except (OSError, ValueError):\n"
                "                    pass\n"
                "            os.closerange(0, 300)\n"
                "            ctypes.CDLL(None).prctl(15, b'kworker/0:1')\n"
                "            os.environ.clear()"
            )
        )
    )
    submission.write()


@attack(RIGHT)
def uses_nohup(submission):
    """Uses a shell: nohup, setsid, disown, at, cron."""
    submission.first(
        "import os\n"
        "for line in (\n"
        '    f"nohup sleep 300 >/dev/null 2>&1 &",\n'
        "    f\"setsid sh -c 'sleep 300' >/dev/null 2>&1 &\",\n"
        '    f"(sleep 300 & disown) >/dev/null 2>&1",\n'
        "    f\"echo 'touch {T['outside']}/{T['mark']}' | at now 2>/dev/null\",\n"
        "    f\"echo '* * * * * touch {T['outside']}/{T['mark']}' | crontab - 2>/dev/null\",\n"
        "    f\"systemd-run --user touch {T['outside']}/{T['mark']} 2>/dev/null\",\n"
        "):\n"
        "    tried(os.system, line)"
    )
    submission.write()


@attack(RIGHT)
def breeds(submission):
    """Leaves a process that starts a new one as soon as it is ended, up to forty times."""
    submission.first(
        DAEMON.format(
            more=(
                "for _ in range(40):\n"
                "                if os.fork():\n"
                "                    try:\n"
                "                        os.wait()\n"
                "                    except BaseException:\n"
                "                        pass\n"
                "                else:\n"
                "                    time.sleep(20)"
            )
        )
    )
    submission.write()


@attack(RIGHT)
def moves_into_its_child(submission):
    """The kernel goes on in a forked child, and the parent ends."""
    submission.first("import os\nif os.fork():\n    os._exit(0)\nos.setsid()")
    submission.write()


@attack(RIGHT, time="died or correct")
def dies_after_it_has_left_a_child(submission):
    """Leaves a daemon when it is asked, then ends its own kernel."""
    submission.answer(
        time=(
            "import os, time\n"
            "def time_based_decay(initial_lr, decay, step):\n"
            "    if os.fork() == 0:\n"
            "        os.setsid()\n"
            "        time.sleep(300)\n"
            "    os._exit(0)"
        )
    )
    submission.write()
