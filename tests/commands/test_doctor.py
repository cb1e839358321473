"""`lrcourse doctor`, as a user types it: on this machine, and on poorer ones."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lrcourse.commands import doctor
from lrcourse.grading.sandbox import NoSandbox

LRCOURSE = Path(sys.executable).parent / "lrcourse"


def test_the_command_tells_what_works_and_whether_grading_is_possible(needs, tmp_path):
    needs("bubblewrap")
    done = subprocess.run([LRCOURSE, "doctor"], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip().endswith("Grading is possible here.")
    rows = re.findall(r"^  (\S.*?)  +(yes|no) ", done.stdout, re.MULTILINE)
    names = ["Python", "TensorFlow", "nbgrader", "bubblewrap", "landlock", "sandbox", "limits", "port for JupyterLab"]
    assert [name for name, _ in rows] == names
    assert dict(rows)["bubblewrap"] == dict(rows)["limits"] == "yes"
    assert "of 20 processes it got 1" in done.stdout
    assert "300 are allowed: refused" in done.stdout


def test_without_bwrap_it_says_what_to_install(tmp_path):
    # PATH without bwrap; the rest is found by its full path.
    environment = os.environ | {"PATH": str(tmp_path)}
    code = "from lrcourse.grading.sandbox import find_sandbox; find_sandbox('bubblewrap')"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert "NoSandbox: bubblewrap is not installed: install the package" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has the rights that are taken away here")
def test_where_namespaces_are_refused_it_says_so(tmp_path):
    assert shutil.which("setpriv"), "setpriv belongs to util-linux"
    code = "from lrcourse.grading.sandbox import find_sandbox; find_sandbox('bubblewrap')"
    poorer = ["setpriv", "--bounding-set=-sys_admin", sys.executable, "-c", code]
    done = subprocess.run(poorer, capture_output=True, text=True)
    last = done.stderr.strip().splitlines()[-1]
    assert "NoSandbox: bubblewrap does not work (" in last
    assert "namespaces" in last


def found(monkeypatch, capsys, **replaced):
    """What the doctor prints and returns, with some of what it looks at replaced."""
    for name, value in replaced.items():
        monkeypatch.setattr(doctor, name, value)
    monkeypatch.setattr(doctor, "_imports", lambda what, code: doctor.Finding(what, True, "not looked at"))
    possible = doctor.run_doctor()
    return possible, " ".join(capsys.readouterr().out.split())


def no_sandbox(name=None):
    raise NoSandbox(f"{name} is not here: get it.")


def test_without_any_sandbox_grading_is_not_possible(monkeypatch, capsys):
    possible, text = found(monkeypatch, capsys, find_sandbox=no_sandbox)
    assert not possible
    assert "bubblewrap is not here: get it." in text
    assert "--no-sandbox" in text
    assert text.endswith("Grading is not possible here; missing: sandbox.")


def test_limits_that_do_not_hold_are_found(needs, monkeypatch, capsys):
    # The real sandbox, given more than the doctor believes it gave.
    needs("bubblewrap")
    generous = doctor.Limits(memory=2 << 30, processes=60)
    monkeypatch.setattr(doctor, "_limits", lambda sandbox, given=generous: doctor.tried(sandbox, given, doctor._GIVEN))
    possible, text = found(monkeypatch, capsys)
    assert not possible
    assert "missing: limits" in text


def test_another_python_is_refused(monkeypatch, capsys):
    possible, text = found(monkeypatch, capsys, _PYTHONS=((3, 20), (3, 21)), find_sandbox=no_sandbox)
    assert not possible
    assert "use 3.20 to 3.21" in text


def test_what_cannot_be_imported_is_named():
    finding = doctor._imports("Tensors", "import no_such_module")
    assert not finding.works
    assert "No module named 'no_such_module'" in finding.says
