"""The command line as a user types it, with the environment not activated."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

LRCOURSE = Path(sys.executable).parent / "lrcourse"


def run(*arguments, cwd):
    environment = os.environ | {"PATH": "/usr/bin:/bin"}
    return subprocess.run([LRCOURSE, *map(str, arguments)], cwd=cwd, env=environment, capture_output=True, text=True)


def refused(result):
    """The one line that a refusal prints."""
    assert result.returncode == 2, result
    assert "Traceback" not in result.stderr + result.stdout
    (line,) = result.stderr.strip().splitlines()
    return line


def test_help_names_the_commands(tmp_path):
    result = run("--help", cwd=tmp_path)
    assert result.returncode == 0
    for command in ("lab", "demo", "grade"):
        assert command in result.stdout


def test_lab_into_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert "Cannot write the lessons to" in refused(run("lab", "file/workspace", cwd=tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_lab_into_a_folder_without_permission(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o555)
    assert "Permission denied" in refused(run("lab", "locked/workspace", cwd=tmp_path))


def test_lab_on_a_port_in_use_writes_nothing(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} cannot be used" in refused(run("lab", "work", "--port", port, cwd=tmp_path))
    assert not (tmp_path / "work").exists()


def test_nothing_submitted(tmp_path):
    (tmp_path / "notebooks" / "05_warmup").mkdir(parents=True)
    line = refused(run("grade", "05_warmup", cwd=tmp_path))
    assert "There is no submission of 05_warmup" in line
    assert "nbgrader collect" in line


def test_an_unknown_lesson(tmp_path):
    (tmp_path / "notebooks" / "05_warmup").mkdir(parents=True)
    assert "There is no lesson 05_warmpu" in refused(run("grade", "05_warmpu", cwd=tmp_path))


def test_demo_into_a_folder_that_exists(tmp_path):
    assert "exists already" in refused(run("demo", tmp_path, cwd=tmp_path))


def test_an_unknown_option_is_not_a_traceback(tmp_path):
    result = run("lab", "--prot", "1", cwd=tmp_path)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
