"""`import lrcourse` stays light: TensorFlow, Keras and matplotlib come when a function needs them."""

import ast
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
