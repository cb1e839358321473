"""`tools/bootstrap.py`: one line for a Python that cannot run the course, and an environment made once.

The set-up is tested on a made-up project whose lock names one made-up package: real venv, real pip, no network.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import bootstrap
import pytest

ROOT = Path(__file__).resolve().parents[1]
BACKEND = '''
"""A build backend that installs nothing but a name."""
import zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(f"{wheel_directory}/project-1.0-py3-none-any.whl", "w") as wheel:
        info = "project-1.0.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: project\\nVersion: 1.0\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return "project-1.0-py3-none-any.whl"
'''


def interpreter(name):
    """A Python of that version on this machine, or None."""
    minor = name.removeprefix("python")
    candidates = [shutil.which(name), *Path.home().glob(f".pyenv/versions/{minor}.*/bin/python")]
    for candidate in filter(None, candidates):
        probe = "import sys; sys.stdout.write('%d.%d' % sys.version_info[:2])"
        if subprocess.run([candidate, "-c", probe], capture_output=True, text=True).stdout == minor:
            return str(candidate)
    return None


def call(command, folder):
    """Run a command as a user would type it: not as a part of the `make test` that may be running this."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def add_wheel(folder, version):
    """Write the made-up package to `folder`; its line for a lock."""
    path = folder / f"made_up-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        info = f"made_up-{version}.dist-info"
        wheel.writestr("made_up.py", f"version = {version!r}\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: made-up\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return f"made-up=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project that pip can install without a network, and where its packages come from."""
    (tmp_path / "wheels").mkdir()
    root = tmp_path / "project"
    root.mkdir()
    (root / "backend.py").write_text(BACKEND)
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    line = add_wheel(tmp_path / "wheels", "1.0")
    for lock in bootstrap.LOCKS.values():
        (root / lock).write_text(line)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    # What users may have set, and what must not matter.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PIP_USER", "1")
    return root


class Commands(list):
    """In the place of `run`: notes what would be run, makes the environment's Python, and may fail at a word."""

    def __init__(self, fail_at=None):
        self.fail_at = fail_at

    def __call__(self, command):
        self.append(command)
        if "venv" in command:
            python = Path(command[-1], "bin", "python")
            python.parent.mkdir()
            python.symlink_to(sys.executable)
        if self.fail_at in command:
            raise KeyboardInterrupt

    def __str__(self):
        words = {"venv": "venv", "--require-hashes": "lock", "--editable": "project"}
        return " ".join(word for command in self for sign, word in words.items() if sign in command)


def prepare(root, choice, run):
    said = []
    changed = bootstrap.prepare(str(root), choice, run=run, say=said.append)
    assert changed == bool(said)
    return str(run)


@pytest.mark.parametrize(
    ("version", "system", "machine", "part"),
    [
        ((2, 7, 18), "Linux", "x86_64", "needs Python 3.11 to 3.13; found Python 2.7 "),
        ((3, 6, 15), "Linux", "x86_64", "found Python 3.6 "),
        ((3, 10, 13), "Darwin", "arm64", "found Python 3.10 "),
        ((3, 14, 0), "Linux", "x86_64", "found Python 3.14 "),
        ((4, 0, 0), "Linux", "x86_64", "found Python 4.0 "),
        ((3, 12, 1), "Darwin", "x86_64", "no package for Intel Macs"),
    ],
)
def test_a_python_that_cannot_run_the_course_gets_one_line(version, system, machine, part):
    line = bootstrap.objection(version, system, machine)
    assert part in line
    assert "make lab PYTHON=python3.12" in line
    assert "\n" not in line


@pytest.mark.parametrize("minor", [11, 12, 13])
@pytest.mark.parametrize(("system", "machine"), [("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64")])
def test_a_python_that_can_gets_none(minor, system, machine):
    assert bootstrap.objection((3, minor, 0), system, machine) is None


@pytest.mark.parametrize("name", ["python2.7", "python3.6", "python3.8", "python3.10", "python3.14"])
def test_a_real_old_or_new_python_is_turned_away(name, tmp_path):
    python = interpreter(name) or pytest.skip(f"there is no {name} on this machine")
    (tmp_path / "tools").mkdir()
    for file in ("Makefile", "tools/bootstrap.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    for command in ([python, "tools/bootstrap.py", "lab"], ["make", "--silent", "lab", f"PYTHON={python}"]):
        done = call(command, tmp_path)
        lines = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
        assert done.returncode == 2
        assert len(lines) == 1
        assert lines[0].startswith("The course needs Python 3.11 to 3.13; found Python " + name.removeprefix("python"))
        assert not (tmp_path / ".venv").exists()


def test_a_python_that_is_not_there_gets_one_line(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    done = call(["make", "--silent", "lab", "PYTHON=python9.9"], tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("python9.9 was not found. Install Python 3.11, 3.12 or 3.13")


def test_a_python_without_venv_gets_one_line(project):
    # As Debian's python3 without python3-venv: the import system knows no ensurepip.
    code = (
        "import sys; sys.modules['ensurepip'] = None; import bootstrap; "
        f"sys.exit(bootstrap.main(['lab'], {str(project)!r}))"
    )
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "tools"))
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"sudo apt install python3.{sys.version_info.minor}-venv" in line


def test_the_set_up_for_real(project, capfd):
    assert bootstrap.main(["lab"], str(project)) == 0
    assert "Done" in capfd.readouterr().out
    python = project / ".venv/bin/python"
    report = "import json, made_up; print(json.dumps([made_up.version, made_up.__cached__]))"
    shown = subprocess.run([python, "-c", report], check=True, capture_output=True, text=True).stdout
    version, compiled = json.loads(shown)
    assert version == "1.0"
    # Compiled by pip although PYTHONDONTWRITEBYTECODE is set, also for the import just made.
    assert Path(compiled).is_file()
    assert list(project.glob(".venv/lib/*/site-packages/project-1.0.dist-info"))

    assert bootstrap.main(["lab"], str(project)) == 0
    assert capfd.readouterr() == ("", "")

    (project / "requirements.lock").write_text(add_wheel(project.parent / "wheels", "2.0"))
    assert bootstrap.main(["lab"], str(project)) == 0
    assert "Making .venv" not in capfd.readouterr().out
    shown = subprocess.run([python, "-c", report], check=True, capture_output=True, text=True).stdout
    assert json.loads(shown)[0] == "2.0"

    lock = project / "requirements.lock"
    digest = base64.b16encode(b"\0" * 32).decode()
    lock.write_text(f"made-up==1.0 --hash=sha256:{digest}\n")
    assert bootstrap.main(["lab"], str(project)) == 1
    errors = capfd.readouterr().err
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in errors
    assert errors.splitlines()[-1].startswith("Setting up .venv failed; the reason is above.")
    assert "Traceback" not in errors


def test_a_second_call_does_nothing(project):
    assert prepare(project, "lab", Commands()) == "venv lock project"
    assert prepare(project, "lab", Commands()) == ""


def test_the_dev_set_comes_on_top_and_holds_the_other(project):
    prepare(project, "lab", Commands())
    added = Commands()
    assert prepare(project, "dev", added) == "lock project"
    assert added[0][-1].endswith("requirements-dev.lock")
    assert prepare(project, "dev", Commands()) == ""
    assert prepare(project, "lab", Commands()) == ""


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_file_installs_again_into_the_same_environment(project, name):
    prepare(project, "lab", Commands())
    with (project / name).open("a") as file:
        file.write("# changed\n")
    assert prepare(project, "lab", Commands()) == "lock project"
    assert prepare(project, "lab", Commands()) == ""


def test_a_changed_dev_lock_leaves_the_students_set_alone(project):
    prepare(project, "lab", Commands())
    (project / "requirements-dev.lock").write_text("# changed\n")
    assert prepare(project, "lab", Commands()) == ""


@pytest.mark.parametrize("word", ["venv", "--require-hashes", "--editable"])
@pytest.mark.parametrize("finished", [True, False], ids=["an update", "the first"])
def test_an_interrupted_set_up_begins_again(project, word, finished):
    if finished:
        prepare(project, "lab", Commands())
        if word == "venv":
            shutil.rmtree(project / ".venv")
        (project / "requirements.lock").write_text("# changed\n")
    with pytest.raises(KeyboardInterrupt):
        prepare(project, "lab", Commands(fail_at=word))
    assert prepare(project, "lab", Commands()) == "venv lock project"


def test_an_environment_whose_python_has_gone_is_made_again(project):
    prepare(project, "lab", Commands())
    python = project / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    assert prepare(project, "lab", Commands()) == "venv lock project"


def test_an_environment_of_another_python_is_made_again(project):
    prepare(project, "lab", Commands())
    stamp = bootstrap.read_stamp(project / ".venv")
    assert stamp["home"][0] == "{}.{}".format(*sys.version_info)
    stamp["home"][0] = "3.1"
    bootstrap.write_stamp(str(project / ".venv"), stamp)
    assert prepare(project, "lab", Commands()) == "venv lock project"


def test_an_environment_copied_elsewhere_is_made_again(project):
    # Its scripts name the Python of the folder it came from.
    prepare(project, "lab", Commands())
    copy = project.parent / "copy"
    shutil.copytree(project, copy, symlinks=True)
    assert prepare(copy, "lab", Commands()) == "venv lock project"


def test_an_environment_that_the_user_made_is_kept_and_filled(project):
    python = project / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (project / ".venv/mine").touch()
    assert prepare(project, "lab", Commands()) == "lock project"
    assert (project / ".venv/mine").exists()


def test_an_environment_without_pip_is_made_again(project):
    # `uv venv` makes one without.
    python = project / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    assert prepare(project, "lab", Commands()) == "venv lock project"


def test_a_folder_that_may_not_be_written_gets_one_line(project, capfd):
    # A file in the place of the folder is refused to root as well.
    assert bootstrap.main(["lab"], str(project / "pyproject.toml")) == 2
    captured = capfd.readouterr()
    assert len(captured.err.splitlines()) == 1
    assert captured.err.startswith("Cannot set up .venv: ")


@pytest.mark.parametrize("arguments", [[], ["class"], ["lab", "dev"]])
def test_a_wrong_call_says_how(arguments, capfd):
    assert bootstrap.main(arguments) == 2
    assert capfd.readouterr().err == "usage: bootstrap.py lab|dev\n"
