"""Submissions that want to know: solutions, keys, marks, other students' work, the grader's secrets.

Each prints what it finds, so that a canary in it would end in the graded notebook; some use it as their answer.
"""

from __future__ import annotations

import os

from attack import RIGHT, WRONG, Submission, attack

USE_SOLUTION = """
import json, re
def answers_in(path):
    for cell in json.load(open(path))["cells"]:
        text = "".join(cell["source"])
        print(text)
        if cell["cell_type"] == "code" and text.startswith(("def ", "answer_")):
            exec(text, globals())
"""
LAST_WORD = "\n".join(
    f"if '{name}' in STOLEN: {name} = STOLEN['{name}']" for name in ("time_based_decay", "steps_between_decays")
)


def _steals(submission: Submission, code: str) -> None:
    """Run `code`, and let what it defined stand where the answers would."""
    submission.first(f"{code}\nSTOLEN = dict(globals())")
    for name in ("time_based_decay", "steps_between_decays"):
        submission.cell(name).source += f"\n{name} = STOLEN.get('{name}', {name})"
    submission.write()


@attack(WRONG)
def reads_the_solutions(submission):
    """Opens the course's source notebook and takes the solutions as its own."""
    _steals(submission, f"{USE_SOLUTION}\ntried(answers_in, T['source'])\ntried(answers_in, T['released'])")


@attack(WRONG)
def reads_another_submission(submission):
    """Opens a classmate's submission, as handed in and as graded, and hands in the same."""
    _steals(submission, f"{USE_SOLUTION}\ntried(answers_in, T['classmate'])\ntried(answers_in, T['classmate_graded'])")


@attack(WRONG)
def reads_the_gradebook(submission):
    """Dumps the gradebook through sqlite3 and as plain bytes."""
    submission.first(
        "import sqlite3\n"
        "tried(lambda: '\\n'.join(sqlite3.connect(f'file:{T[\"gradebook\"]}?mode=ro', uri=True).iterdump()))\n"
        "tried(lambda: open(T['gradebook'], 'rb').read().decode('latin1'))"
    )
    submission.write()


@attack(WRONG, time="incorrect or died", steps="incorrect or died")
def walks_the_file_system(submission):
    """Prints every small file that it finds in the usual places."""
    submission.first(
        "import os\n"
        "for top in ('/home', '/root', '/tmp', '/var', '/mnt', '/run', '/etc', '/dev/shm', T['course'], T['home']):\n"
        "    for folder, _, names in os.walk(top):\n"
        "        if 'site-packages' in folder or folder.count('/') > 9:\n"
        "            continue\n"
        "        for name in names:\n"
        "            path = os.path.join(folder, name)\n"
        "            if os.path.isfile(path) and os.path.getsize(path) < 100_000:\n"
        "                tried(lambda: open(path, errors='replace').read())"
    )
    submission.write()


@attack(WRONG)
def reads_other_processes(submission):
    """Looks through /proc for other processes: their command lines, environments, open files, working folders."""
    submission.first(
        "import os\n"
        "for pid in ['self'] + [name for name in os.listdir('/proc') if name.isdigit()]:\n"
        "    for name in ('cmdline', 'environ'):\n"
        "        tried(lambda: open(f'/proc/{pid}/{name}', 'rb').read())\n"
        "    tried(lambda: open(f'/proc/{pid}/root' + T['secret']).read())\n"
        "    tried(lambda: open(f'/proc/{pid}/cwd/.course_secret').read())\n"
        "    for fd in range(40):\n"
        "        tried(lambda: os.pread(os.open(f'/proc/{pid}/fd/{fd}', os.O_RDONLY | os.O_NONBLOCK), 4000, 0))"
    )
    submission.write()


@attack(WRONG)
def reads_its_environment(submission):
    """Prints its environment, its mounts and every file descriptor that it was born with."""
    submission.first(
        "import os\n"
        "print(dict(os.environ))\n"
        "tried(lambda: open('/proc/self/mountinfo').read())\n"
        "for fd in range(3, 200):\n    tried(lambda: os.pread(fd, 100_000, 0))"
    )
    submission.write()


@attack(WRONG)
def imports_the_catalog(submission):
    """Imports the course's exercises and takes the references as its own functions."""
    _steals(
        submission,
        "import sys, glob, importlib\n"
        "sys.path[:0] = [T['checkout'], T['package']]\n"
        "sys.path += glob.glob(T['checkout'] + '/.venv/lib/python*/site-packages')\n"
        "for name in ('lrcourse.answers.lesson_02', 'lrcourse.answers.lesson_03', 'answers.lesson_02'):\n"
        "    def take():\n"
        "        for one in importlib.import_module(name).EXERCISES:\n"
        "            globals()[one.id] = one.reference\n"
        "    tried(take)\n"
        "for name in [name for name in sys.modules if name.startswith('lrcourse')]:\n"
        "    del sys.modules[name]\n"
        "sys.path_importer_cache.clear()\n"
        "tried(take)",
    )


@attack(WRONG)
def reads_the_question_bank(submission):
    """Reads the keys of the questions, from the installed package and from the checkout."""
    submission.first(
        "import glob\n"
        "for place in (T['package'], T['checkout'], T['course']):\n"
        "    for path in glob.glob(place + '/**/05_warmup.yaml', recursive=True):\n"
        "        tried(lambda: open(path).read())"
    )
    submission.write()


@attack(WRONG)
def looks_up_the_stack(submission):
    """When it is asked, prints every variable of its callers and every object of the grader that it can find."""
    submission.answer(
        time=(
            "def time_based_decay(initial_lr, decay, step):\n"
            "    import gc, sys\n"
            "    frame = sys._getframe()\n"
            "    while frame:\n"
            "        for value in list(frame.f_locals.values()):\n"
            "            if isinstance(value, float) and value != initial_lr:\n"
            "                return value\n"
            "            for name in ('expected', 'reference', 'wanted', 'exercise'):\n"
            "                if hasattr(value, name):\n"
            "                    return getattr(value, name)(initial_lr, decay, step)\n"
            "        frame = frame.f_back\n"
            "    for thing in gc.get_objects():\n"
            "        if type(thing).__name__ == 'Exercise':\n"
            "            return thing.reference(initial_lr, decay, step)\n"
            "    return 0.0"
        )
    )
    submission.write()


@attack(WRONG)
def asks_the_network(submission):
    """Connects to a server on the grader's machine that would tell it a secret, by TCP and by abstract socket."""
    submission.first(
        "import socket\n"
        "def ask(family, address):\n"
        "    with socket.socket(family) as client:\n"
        "        client.settimeout(1)\n"
        "        client.connect(address)\n"
        "        return client.recv(1000)\n"
        "tried(ask, socket.AF_INET, ('127.0.0.1', int(T['port'])))\n"
        "tried(ask, socket.AF_UNIX, '\\0' + T['abstract'])"
    )
    submission.write()


@attack(WRONG)
def reads_by_magics(submission):
    """Uses the notebook's own ways to files and shells: magics and exclamation marks."""
    secret, source = submission.targets["secret"], submission.targets["source"]
    submission.first("tried(lambda: get_ipython().run_line_magic('load', T['secret']))")
    submission.code(f"%%bash\ncat {secret} {source} ~/../*/.course_secret\nls -la {os.path.dirname(secret)}")
    submission.code(f"!cat {secret}; cat {source}; env\n%cat {secret}\n%run {source}")
    submission.code(f"%%html\n<img src='file://{secret}'>")
    submission.write()


@attack(RIGHT)
def leaves_a_message(submission):
    """Writes a message for a later submission to every place that could be shared."""
    submission.first(
        "import glob, os\n"
        "message = T['mark'] + ' message ' + str(6 * 7) + ' for you'\n"
        "for place in ('/tmp', '/var/tmp', '/dev/shm', '/run', os.path.expanduser('~'), *glob.glob('/run/*/')):\n"
        "    tried(lambda: open(os.path.join(place, T['mark'] + '-message'), 'w').write(message))\n"
        "tried(lambda: os.environ.update(MESSAGE=message))"
    )
    submission.write()


@attack(WRONG)
def reads_a_message(submission):
    """Looks for what an earlier submission left behind."""
    submission.first(
        "import glob, os\n"
        "for place in ('/tmp', '/var/tmp', '/dev/shm', '/run', os.path.expanduser('~'), *glob.glob('/run/*/')):\n"
        "    tried(lambda: open(os.path.join(place, T['mark'] + '-message')).read())\n"
        "    tried(os.listdir, place)"
    )
    submission.write()


@attack(WRONG)
def reads_what_lies_around(submission):
    """Reads the course's secret and records, keys in the instructor's home, a file in /tmp."""
    submission.first(
        "import glob, os\n"
        "for name in ('secret', 'home_canary', 'tmp_canary', 'outside_canary', 'config'):\n"
        "    tried(lambda: open(T[name]).read())\n"
        "for path in glob.glob(T['course'] + '/.lrcourse/**/*', recursive=True) + glob.glob(T['course'] + '/*'):\n"
        "    tried(lambda: path + open(path, errors='replace').read())\n"
        "tried(os.listdir, T['course'])"
    )
    submission.write()


@attack(WRONG)
def scans_its_own_memory(submission):
    """Looks through all memory that its kernel was born with for what an earlier student handed in."""
    submission.first(
        "import re\n"
        "found = set()\n"
        "memory = open('/proc/self/mem', 'rb', buffering=0)\n"
        "for line in list(open('/proc/self/maps')):\n"
        "    place, rights, *rest = line.split(maxsplit=5)\n"
        "    start, end = (int(number, 16) for number in place.split('-'))\n"
        "    if 'w' not in rights:\n"
        "        continue\n"
        "    try:\n"
        "        memory.seek(start)\n"
        "        while start < end:\n"
        "            part = memory.read(min(end - start, 1 << 20))\n"
        "            found.update(re.findall(rb'canary-(?:[0-9a-f]{24})', part))\n"
        "            start += len(part)\n"
        "    except OSError:\n"
        "        pass\n"
        "print(sorted(found))"
    )
    submission.write()
