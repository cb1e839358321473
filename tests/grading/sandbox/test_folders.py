"""What a process that is killed with -9 leaves behind, the next one removes; what another one holds stays."""

import os
import subprocess
import sys

import pytest

from lrcourse.grading.sandbox import folders

MAKES = """
import os, sys
from pathlib import Path
from lrcourse.grading.sandbox.folders import new_folder
for name in ("", "home-", "library-"):
    folder = new_folder(sys.argv[1], name)
    (folder / "locked").mkdir()
    (folder / "locked" / "file").touch()
    (folder / "locked").chmod(0)
    if os.geteuid() == 0:
        os.chown(folder, 1_999_999_999, 1_999_999_999)
print("made", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """A process that has made three folders."""
    with subprocess.Popen(
        [sys.executable, "-c", MAKES, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "made\n"
        yield process
        process.kill()


def test_what_a_killed_process_left_is_removed_and_what_is_held_stays(other, tmp_path, monkeypatch):
    (tmp_path / "lrc-older").mkdir()
    (tmp_path / f"{folders.OURS}link").symlink_to(tmp_path / "lrc-older")
    theirs = {path.name for path in tmp_path.glob(f"{folders.OURS}*") if not path.is_symlink()}
    assert len(theirs) == 3
    monkeypatch.setattr(folders, "YOUNG", 0)
    ours = folders.new_folder(str(tmp_path))
    assert theirs < set(os.listdir(tmp_path))  # it runs
    other.kill()
    other.wait()
    monkeypatch.setattr(folders, "YOUNG", 1000)
    folders.remove_folder(folders.new_folder(str(tmp_path)))
    assert theirs < set(os.listdir(tmp_path))  # it may be about to lock them
    monkeypatch.setattr(folders, "YOUNG", 0)
    folders.remove_folder(folders.new_folder(str(tmp_path)))
    assert set(os.listdir(tmp_path)) == {ours.name, "lrc-older", f"{folders.OURS}link"}
    folders.remove_folder(ours)
    assert not ours.exists()
    assert folders._held.keys().isdisjoint({ours})
