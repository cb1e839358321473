"""`import lrcourse` stays light: TensorFlow, Keras and matplotlib come when a function needs them."""

import ast
import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["lrcourse", "lrcourse.schedules"])
def test_importing_loads_nothing_heavy(module):
    report = f"import sys, {module}; print(sorted({{name.split('.')[0] for name in sys.modules}}))"
    # A fresh process: this one may have loaded TensorFlow for another test.
    done = subprocess.run([sys.executable, "-W", "error", "-c", report], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(ast.literal_eval(done.stdout))
    assert "lrcourse" in loaded
    assert not loaded & {"tensorflow", "keras", "matplotlib"}


def test_what_a_lesson_imports_first_does_not_load_nbformat():
    # Its JSON schemas take 3 s to import, in every kernel of every submission.
    code = "from lrcourse import check, hint, question; import sys; print('nbformat' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


# TensorFlow tells nobody how many threads it took, so they are counted: those that run operations have this name.
COUNT = """
import lrcourse, os, tensorflow as tf
tf.linalg.matmul(tf.ones((2, 2)), tf.ones((2, 2)))
names = [open(f"/proc/self/task/{task}/comm").read() for task in os.listdir("/proc/self/task")]
print(names.count("tf_Compute\\n"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the names of a process's threads")
@pytest.mark.parametrize(("asked", "threads"), [({}, 1), ({"TF_NUM_INTEROP_THREADS": "3"}, 3)])
def test_tensorflow_works_with_one_thread_unless_the_user_says_otherwise(asked, threads):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")} | asked
    done = subprocess.run([sys.executable, "-c", COUNT], capture_output=True, text=True, env=environment, check=True)
    assert int(done.stdout) == threads
