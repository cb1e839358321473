"""A forked kernel is as good as a new one, nothing of it is left for the next, and it cannot harm what it came from."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from small_notebooks import TIME, graded, notebook

from lrcourse.grading.run.execution import run_notebook
from lrcourse.grading.run.kernels import ColdKernels
from lrcourse.grading.run.warm_kernels import WarmKernels, best_kernels
from lrcourse.grading.sandbox import Limits, inside

LIMITS = Limits(cell_seconds=30)


@pytest.fixture(scope="module")
def sandbox(needs):
    return needs("bubblewrap")


@pytest.fixture(scope="module")
def warm(sandbox, missing):
    kernels, reason = best_kernels(sandbox, LIMITS)
    if reason:
        missing(reason)
    yield kernels
    kernels.close()


def run(kernels, *cells, files=None):
    """The status of each cell and what it printed or showed, in a kernel of its own."""
    kernel = kernels.start(files)
    try:
        ran = [kernel.execute(cell, 60) for cell in cells]
    finally:
        kernel.kill()
    return [(one.status, [dict(output) for output in one.outputs]) for one in ran]


def printed(kernels, *cells, files=None):
    return ["".join(output.get("text", "") for output in outputs) for _, outputs in run(kernels, *cells, files=files)]


HONEST = (
    "import numpy as np, random, os, sys\nprint(np.arange(3) / 2, os.getcwd(), os.environ['HOME'], sys.argv[0][-21:])",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]); plt.title('t'); plt.show()",
    "import keras\nkeras.utils.set_random_seed(3)\nm = keras.Sequential([keras.layers.Dense(2)])\nm.compile('sgd', 'mse')\n"
    "print(m.fit(np.ones((8, 2)), np.ones((8, 2)), epochs=2, verbose=0).history)",
    "%matplotlib inline\n!echo from a shell",
    "import subprocess, multiprocessing.pool\nprint(subprocess.run(['id', '-un'], capture_output=True, text=True).stdout)\n"
    "print(multiprocessing.pool.ThreadPool(2).map(abs, [-1, -2]))",
    "1 / 0",
    "import lrcourse as lr\nprint(lr.check('x'), lr.schedules.linear_warmup(0.1, warmup_steps=4)(0))",
    "print(open('data.txt').read(), sorted(name for name in os.listdir('.') if name[0] != '.'))",
    "print(sys.path[0] == '', sys.path[-1], '__file__' in globals(), __name__, sorted(k for k in os.environ if k.startswith('TF_')))",
)


def test_honest_code_sees_no_difference(warm, sandbox, tmp_path):
    (tmp_path / "data.txt").write_text("what was handed in")
    cold = run(ColdKernels(sandbox, LIMITS), *HONEST, files=tmp_path)
    first = run(warm, *HONEST, files=tmp_path)
    second = run(warm, *HONEST, files=tmp_path)
    for one in (first, second):
        assert one == cold
    assert [status for status, _ in cold] == ["ok", "ok", "ok", "ok", "ok", "error", "ok", "ok", "ok"]
    assert "image/png" in cold[1][1][0]["data"]


SHADOWING = """
import sys, os, types
from helper import helped
from folder.inner import value
print(helped, value)
import json, numpy, keras, lrcourse, math, graphlib
mine = {name for name, each in sys.modules.items() if str(getattr(each, "__file__", "")).startswith(os.getcwd())}
print(sorted(mine), json.dumps([1]), numpy.arange(2).sum(), lrcourse.check("x"))
"""


@pytest.mark.parametrize("kind", ["cold", "warm"])
def test_a_helper_file_is_imported_and_stands_for_nothing_else(request, sandbox, tmp_path, kind):
    (tmp_path / "helper.py").write_text("helped = 'helped'")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner.py").write_text("value = 3")
    for name in (
        "json",
        "numpy",
        "keras",
        "lrcourse",
        "math",
        "graphlib",
        "ipykernel",
        "sitecustomize",
        "usercustomize",
    ):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken for another')")
    kernels = ColdKernels(sandbox, LIMITS) if kind == "cold" else request.getfixturevalue("warm")
    said = printed(kernels, SHADOWING, files=tmp_path)
    assert said == ["helped 3\n['folder.inner', 'helper'] [1] 1 None\n"]
    assert printed(kernels, "try:\n    import helper\nexcept ImportError as error:\n    print(error)") == [
        "No module named 'helper'\n"
    ]


def test_random_numbers_differ_from_kernel_to_kernel(warm):
    cell = "import random, numpy as np, uuid, tempfile\nprint(random.random(), np.random.rand(), uuid.uuid4())"
    assert len({printed(warm, cell)[0] for _ in range(3)}) == 3


LEFT_BEHIND = {
    "a process": "import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True)",
    "a daemon": "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        import time; time.sleep(1000)\n    os._exit(0)",
    "a process that ignores signals": (
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import signal, time\\n"
        "for n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\\ntime.sleep(1000)'], start_new_session=True)"
    ),
    "files": "import os\nfor p in ('/tmp/x', 'x', os.path.expanduser('~/.x'), '/dev/shm/x'): open(p, 'w').write('left')",
    "a folder that is locked": "import os; os.makedirs('a/b'); open('a/b/c', 'w').close(); os.chmod('a', 0)",
    "a module": "import keras, sys; keras.mark = 'left'; sys.mark = 'left'",
    "settings": "import os, json; os.environ['MARK'] = 'left'; json.JSONEncoder.mark = 1; os.chdir('/tmp')",
    "a random state": "import numpy as np; np.random.seed(1); import keras; keras.utils.set_random_seed(1)",
    "marks on folders": (
        "import os\n"
        "spool = os.path.dirname(os.path.dirname(get_ipython().kernel.config.IPKernelApp.connection_file))\n"
        "for place in ('/tmp', '/dev/shm', os.path.expanduser('~'), spool):\n"
        "    for mark in (lambda: os.chmod(place, 0o777), lambda: os.setxattr(place, 'user.mark', b'left'),\n"
        "                 lambda: os.utime(place, (5, 5))):\n"
        "        try:\n            mark()\n        except OSError:\n            pass\n"
        "for name in ('oom_score_adj', 'timerslack_ns', 'autogroup'):\n"
        "    for pid in (1, os.getppid()):\n"
        "        try:\n            open(f'/proc/{pid}/{name}', 'w').write('999')\n"
        "        except OSError:\n            pass"
    ),
    "ipython's startup": (
        "import os; d = os.path.expanduser('~/.ipython/profile_default/startup'); os.makedirs(d, exist_ok=True)\n"
        "open(d + '/x.py', 'w').write('mark = 1')"
    ),
}
# Below /tmp there may be the environment itself.
HERE = ["tmp", ".ipython", *(Path(place).parts[2] for place in (sys.prefix, __file__) if Path(place).parts[1] == "tmp")]
LOOK = (
    "import os, sys, json, keras\n"
    "print([p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, 2, os.getpid())])\n"
    "print([p for d in ('/tmp', '/dev/shm', '.', os.path.expanduser('~')) for p in os.listdir(d) if p not in "
    f"{HERE}])\n"
    "spool = os.path.dirname(os.path.dirname(get_ipython().kernel.config.IPKernelApp.connection_file))\n"
    "print([(oct(os.stat(p).st_mode), os.listxattr(p)) for p in ('/tmp', '/dev/shm', os.path.expanduser('~'), spool)])\n"
    "print([open(f'/proc/{p}/oom_score_adj').read() for p in (1, os.getppid())])\n"
    "print(hasattr(keras, 'mark'), hasattr(sys, 'mark'), os.environ.get('MARK'), hasattr(json.JSONEncoder, 'mark'), os.getcwd(), 'mark' in globals())"
)


@pytest.fixture(scope="module")
def clean(warm):
    run(warm, "import keras")
    return printed(warm, LOOK)


@pytest.mark.parametrize("what", LEFT_BEHIND)
def test_nothing_is_left_for_the_next(warm, clean, what):
    folders = [("0o41777", [])] * 3 + [("0o40700", [])]
    wanted = f"[]\n[]\n{folders}\n['0\\n', '1000\\n']\nFalse False None False /home/student False\n"
    assert clean == [wanted]
    assert run(warm, LEFT_BEHIND[what])[0][0] == "ok"
    assert printed(warm, LOOK) == clean


# No text of the cell itself matches it.
SECRET = "secret-of-a-classmate-"
SCAN = """
import re
found = set()
with open("/proc/self/maps") as file:
    regions = [line.split(maxsplit=5) for line in file]
with open("/proc/self/mem", "rb", buffering=0) as memory:
    for place, rights, *_ in regions:
        start, end = (int(number, 16) for number in place.split("-"))
        while rights[0] == "r" and start < end:
            try:
                memory.seek(start)
                part = memory.read(min(end - start, 1 << 22))
            except (OSError, OverflowError):  # what the kernel shows of itself
                break
            found.update(re.findall(rb"secret-of-a-classmate-(?:[0-9a-f]{8})", part))
            start += max(len(part) - 4096, 4096)
print(len(regions) > 100, sorted(found))
"""


def secrets_of_a_submission(folder, kilobytes):
    """A submission of that size, full of a secret: in its files, their names and its notebook."""
    secret = f"{SECRET}{kilobytes:08x}"
    text = f"{secret} " * (1000 * kilobytes // len(secret))
    (folder / secret).mkdir()
    (folder / secret / f"{secret}.txt").write_text(text)
    cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}
    (folder / "small.ipynb").write_text(
        json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    return secret


@pytest.mark.parametrize("kilobytes", [1, 60, 100, 400])
def test_no_kernel_finds_an_earlier_submission_in_its_memory(warm, tmp_path, kilobytes):
    secret = secrets_of_a_submission(tmp_path, kilobytes)
    kernel = warm.start(tmp_path)
    shown = kernel.execute(
        f"import os\nx = '{secret}' * 2000\nos.environ['X'] = x\nprint(x)\nfor p in ('/tmp/', '/dev/shm/', ''):\n"
        f"    os.makedirs(p + '{secret}/' + x[:200])\n"
        "    for n in range(300): open(p + str(n) + x[:240], 'w').close()\nraise ValueError(x)",
        60,
    )
    assert kernel.evaluate(f"'{secret}' * 2000", 60).expression.count(secret) == 2000
    kernel.execute(f"os._exit({kilobytes} % 256)", 60)
    kernel.kill()
    assert shown.outputs[-1]["ename"] == "ValueError"
    status, outputs = run(warm, SCAN)[0]
    assert (status, outputs[0]["text"]) == ("ok", "True []\n")


def test_no_kernel_finds_what_others_were_asked_and_answered(warm, tmp_path):
    # The whole way of a submission: cells, questions of the check, replies, what is printed on the way.
    secret = secrets_of_a_submission(tmp_path, 100)
    function = f"def time_based_decay(*args):\n    print('{secret}' * 500)\n    return '{secret}' * 500"
    answered = run_notebook(notebook(function, graded("time_based_decay")), warm, LIMITS, lambda id: secret, tmp_path)
    assert [mark.outcome for mark in answered.marks] == ["incorrect"]
    curious = notebook(SCAN, TIME, graded("time_based_decay"))
    report = run_notebook(curious, warm, LIMITS, lambda id: secret)
    assert [mark.outcome for mark in report.marks] == ["correct"]
    assert curious.cells[0].outputs[0]["text"] == "True []\n"


CLEANING = """
import os, sys
sys.path.insert(0, "/tmp/env folder/venv")
import forge
os.makedirs("/tmp/env folder/left/deep"); os.makedirs("/tmp/gone/deep"); os.chmod("/tmp/gone", 0)
open("/tmp/env folder/file", "w"); os.symlink("/usr", "/tmp/link")
os.chmod("/tmp/env folder", 0o700)
forge._clean(["/tmp"])
print(os.listdir("/tmp"), os.listdir("/tmp/env folder"), os.path.exists(forge.__file__))
"""


def test_an_environment_below_tmp_stays_where_it_is(sandbox):
    # The folder with the forge stands for the environment.
    place = str(Path(inside.__file__).parent)
    argv = ["bwrap", "--dev-bind", "/", "/", "--tmpfs", "/tmp", "--ro-bind", place, "/tmp/env folder/venv"]
    ran = subprocess.run([*argv, os.path.realpath(sys.executable), "-c", CLEANING], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("['env folder'] ['venv'] True\n", "")


MARKING = """
import os, sys
sys.path.insert(0, "/tmp/env folder/venv")
import forge
os.makedirs("/tmp/env folder/left")
for place in ("/tmp", "/tmp/env folder"):
    os.setxattr(place, "user.mark", b"left")
    os.chmod(place, 0o700)
    os.utime(place, (5, 5))
    os.system(f"chattr +dA '{place}'")
before = [os.listxattr(place) for place in ("/tmp", "/tmp/env folder")]
forge._clean(["/tmp"])
for place in ("/tmp", "/tmp/env folder"):
    about = os.stat(place)
    print(os.listxattr(place), oct(about.st_mode), about.st_mtime, about.st_atime, os.popen(f"lsattr -d '{place}'").read()[:22].count("d"))
print(before)
"""


def test_nothing_stays_written_on_a_folder_that_stays(sandbox):
    # As an ordinary user's grading has it: the folders are the student's own.
    place = str(Path(inside.__file__).parent)
    mounts = ["--dev-bind", "/", "/", "--tmpfs", "/tmp", "--ro-bind", place, "/tmp/env folder/venv"]
    ran = subprocess.run(
        ["bwrap", *mounts, os.path.realpath(sys.executable), "-c", MARKING],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    *folders, before = ran.stdout.splitlines()
    assert before == "[['user.mark'], ['user.mark']]"
    assert folders == ["[] 0o41777 0.0 0.0 0", "[] 0o40755 0.0 0.0 0"]


AGAINST_THE_FORGE = {
    "a signal": "import os, signal; os.kill({parent}, signal.SIGKILL)",
    "a stop": "import os, signal; os.kill({parent}, signal.SIGSTOP)",
    "its memory": "open('/proc/{parent}/mem', 'r+b')",
    "its environment": "open('/proc/{parent}/environ').read()",
    "its open files": "import os; os.listdir('/proc/{parent}/fd')",
    "its limits": "import resource; resource.prlimit({parent}, resource.RLIMIT_NPROC, (1, 1))",
    "the next one's sockets": "import os; os.makedirs(os.path.dirname(os.path.dirname(get_ipython().kernel.config.IPKernelApp.connection_file)) + '/9')",
}


@pytest.mark.parametrize("what", AGAINST_THE_FORGE)
def test_the_process_it_came_from_is_out_of_reach(warm, what):
    status, outputs = run(
        warm, AGAINST_THE_FORGE[what].format(parent="{os.getppid()}").join(["import os\nexec(f'''", "''')"])
    )[0]
    assert status == "error"
    assert outputs[-1]["ename"] == "PermissionError"
    assert printed(warm, "print(2)") == ["2\n"]


def test_a_forge_that_is_gone_is_replaced(sandbox):
    kernels = WarmKernels(sandbox, LIMITS)
    try:
        assert printed(kernels, "print(1)") == ["1\n"]
        kernels._forge._confined.kill()
        assert printed(kernels, "print(2)") == ["2\n"]
    finally:
        kernels.close()


def test_a_submission_over_its_limit_ends_and_the_next_one_runs(sandbox):
    kernels = WarmKernels(sandbox, replace(LIMITS, memory=2**30))
    try:
        kernel = kernels.start(None)
        ran = kernel.execute("x = []\nwhile True: x.append(bytearray(10**8))", 60)
        assert ran.status in ("died", "error")  # the kernel refuses memory, or the watch ends it
        kernel.kill()
        assert printed(kernels, "print(2)") == ["2\n"]
    finally:
        kernels.close()


def test_without_a_way_to_confine_a_fork_each_kernel_starts_anew():
    class Other:
        name = "landlock"

    kernels, reason = best_kernels(Other(), LIMITS)
    assert isinstance(kernels, ColdKernels)
    assert "bubblewrap" in reason
