"""Submissions that want to change: their own mark, a classmate's, the course, the grader's home and programs.

Each names its own files after the mark, so that whatever gets out can be found afterwards.
"""

from __future__ import annotations

from attack import RIGHT, WRONG, attack

OVERWRITE = (
    "import os\n"
    "def overwrite(path, text=''):\n"
    "    tried(os.chmod, path, 0o666)\n"
    "    with open(path, 'w') as file:\n"
    "        file.write(text)\n"
)


@attack(WRONG)
def writes_its_own_mark(submission):
    """Gives itself all points, in the gradebook."""
    submission.first(
        "import sqlite3\n"
        "def update():\n"
        "    with sqlite3.connect(T['gradebook']) as book:\n"
        "        book.execute('UPDATE grade SET auto_score = 2, manual_score = 2, extra_credit = 9')\n"
        "tried(update)"
    )
    submission.write()


@attack(WRONG)
def zeroes_a_classmate(submission):
    """Sets every mark in the gradebook to nothing, then tries to delete the gradebook."""
    submission.first(
        "import os, sqlite3\n"
        "def update():\n"
        "    with sqlite3.connect(T['gradebook']) as book:\n"
        "        book.execute('UPDATE grade SET auto_score = 0')\n"
        "tried(update)\n"
        "tried(os.remove, T['gradebook'])\n"
        "tried(os.rename, T['gradebook'], T['gradebook'] + '.gone')"
    )
    submission.write()


@attack(WRONG)
def writes_to_autograded(submission):
    """Puts a notebook of its own, and its classmate's, into the folder of graded work."""
    submission.first(
        f"{OVERWRITE}\n"
        "for path in (T['own_graded'], T['classmate_graded']):\n"
        "    tried(os.makedirs, os.path.dirname(path))\n"
        "    tried(overwrite, path, T['mark'])"
    )
    submission.write()


@attack(WRONG)
def overwrites_a_submission(submission):
    """Empties a classmate's submission and its own, and dates them back."""
    submission.first(
        f"{OVERWRITE}\n"
        "for path in (T['classmate'], T['own']):\n"
        "    tried(overwrite, path)\n"
        "    tried(os.utime, path, (0, 0))\n"
        "    tried(os.unlink, path)"
    )
    submission.write()


@attack(WRONG)
def rewrites_the_configuration(submission):
    """Adds a line to the course's configuration that would run with the grader's rights."""
    submission.first(
        f"{OVERWRITE}\n"
        "tried(overwrite, T['config'], 'open(\"' + T['outside'] + '/' + T['mark'] + '\", \"w\")')\n"
        "tried(overwrite, T['source'], '{}')\n"
        "tried(overwrite, T['released'], '{}')"
    )
    submission.write()


@attack(WRONG)
def rewrites_the_records(submission):
    """Writes outcomes and secrets of its own where the course keeps them."""
    submission.first(
        f"{OVERWRITE}\n"
        "tried(os.makedirs, T['course'] + '/.lrcourse/outcomes/' + T['me'] + '/small')\n"
        "tried(overwrite, T['course'] + '/.lrcourse/outcomes/' + T['me'] + '/small/small.json', T['mark'])\n"
        "tried(overwrite, T['secret'], '0' * 64)"
    )
    submission.write()


@attack(WRONG)
def plants_code_for_the_grader(submission):
    """Leaves files that Python, IPython or a shell of the grader would run later."""
    submission.first(
        f"{OVERWRITE}\n"
        "import glob, sys\n"
        "code = 'print(1)  # ' + T['mark']\n"
        "places = [T['package'], T['checkout'], T['home'], T['outside'], '/tmp', '/var/tmp', *sys.path]\n"
        "places += glob.glob(T['checkout'] + '/.venv/lib/python*/site-packages')\n"
        "for place in filter(None, places):\n"
        "    tried(overwrite, os.path.join(place, T['mark'] + '.pth'), 'import os  # ' + code)\n"
        "    tried(overwrite, os.path.join(place, T['mark'] + '.py'), code)\n"
        "for name in ('.ipython/profile_default/startup', '.jupyter', '.local/lib', '.config'):\n"
        "    tried(os.makedirs, os.path.join(T['home'], name))\n"
        "    tried(overwrite, os.path.join(T['home'], name, T['mark'] + '.py'), code)\n"
        "tried(overwrite, T['home'] + '/.bashrc', code)"
    )
    submission.write()


@attack(WRONG)
def deletes_the_course(submission):
    """Removes the course, the instructor's files and everything around them."""
    submission.first("import shutil\nfor name in ('course', 'home', 'outside'):\n    tried(shutil.rmtree, T[name])")
    submission.write()


@attack(WRONG)
def swaps_the_connection(submission):
    """Rewrites the connection file and the sockets through which the grader speaks to its kernel."""
    submission.first(
        "import glob, json, os, sys\n"
        "file = get_ipython().kernel.parent.abs_connection_file\n"
        "tried(lambda: open(file).read()[:20])\n"
        "tried(lambda: open(file, 'w').write('{}'))\n"
        "for path in glob.glob(os.path.dirname(file) + '/*'):\n"
        "    tried(os.rename, path, path + '-old')\n"
        "tried(lambda: os.symlink(T['gradebook'], os.path.dirname(file) + '/k-1'))\n"
        "tried(lambda: open(os.path.dirname(file) + '/big', 'wb').write(bytes(30_000_000)))",
        "print('still here')",
    )
    submission.write()


@attack(RIGHT)
def shadows_modules(submission):
    """Hands in files named like the modules that the grader imports."""
    for name in ("json", "nbformat", "sitecustomize", "lrcourse", "ipykernel", "nbgrader_config", "zmq", "ast", "os"):
        (submission.folder / f"{name}.py").write_text("raise SystemExit('shadowed')\n")
    (submission.folder / "lrcourse.pth").write_text("import os\n")
    submission.write()


@attack(RIGHT)
def locks_its_files(submission):
    """Makes its working folder unreadable and hands in files that nobody may read."""
    (submission.folder / "data.txt").write_text("1")
    (submission.folder / "data.txt").chmod(0)
    submission.first("import os\ntried(os.chmod, '.', 0)\ntried(os.chmod, os.path.expanduser('~'), 0)")
    submission.write()
