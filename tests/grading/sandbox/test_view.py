"""What a submission finds inside, wherever the environment, the course and this package lie."""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import attacks
import pytest

import lrcourse
from lrcourse.grading.sandbox.visible import student_library

DRIVER = Path(__file__).with_name("driver.py")
LOOK = """
import json, os, sys
print(json.dumps({
    "environment": sorted(os.environ), "here": sorted(os.listdir()), "home": os.getcwd() == os.environ["HOME"],
    "read": open("data/a.csv").read() if os.path.isdir("data") else None,
    "open": sorted(int(name) for name in os.listdir("/proc/self/fd")),
}))
"""


def test_what_was_handed_in_is_there_to_be_changed(drive, tmp_path):
    folder = Path("/var/tmp", f"lrcourse-handed-in-{os.getpid()}")
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "a.csv").write_text("1,2")
    (folder / "own.py").write_text("x = 1")
    (folder / "link").symlink_to("/etc/passwd")
    try:
        found = json.loads(drive(f"{LOOK}\nopen('own.py', 'a').write('y')", files=str(folder))["out"])
        assert (folder / "own.py").read_text() == "x = 1"
    finally:
        shutil.rmtree(folder)
    assert found["here"] == ["data", "own.py", "tmp"]
    assert found["read"] == "1,2"
    assert found["home"]


def test_the_environment_is_what_was_passed_and_no_more(drive):
    found = json.loads(drive(LOOK, environment={"GIVEN": "1"})["out"])
    known = {"HOME", "PATH", "LANG", "TMPDIR", "PYTHONPATH", "USER", "LOGNAME", "GIVEN", "SPOOL", "PWD"}
    assert set(found["environment"]) <= known | {"JOBLIB_MULTIPROCESSING", "LC_CTYPE"}


def test_no_open_file_of_the_grader_is_handed_on(drive):
    assert json.loads(drive(LOOK)["out"])["open"][:3] == [0, 1, 2]
    assert len(json.loads(drive(LOOK)["out"])["open"]) == 4  # the folder that is being listed


def test_the_library_is_there_without_what_would_tell_the_answers(drive):
    code = """
import lrcourse, lrcourse.schedules, lrcourse.student_code.agent, os
lrcourse.student_code.agent.prepare()
print(lrcourse.check("time_based_decay"), lrcourse.hint("x"), lrcourse.question("purpose"))
print(*sorted(os.listdir(os.path.dirname(lrcourse.__file__))))
"""
    first, second = drive(code)["out"].splitlines()
    assert first == "None None None"
    assert not {"answers", "grading", "commands", "_course"} & set(second.split())
    assert {"schedules.py", "student_code", "bridge.py", "recorder.py"} <= set(second.split())


@pytest.fixture(scope="module")
def installed():
    """An environment with this package in it, as a wheel installs it; the dependencies come from this one."""
    folder = Path(f"/var/tmp/lrcourse-installed-{os.getpid()}")
    venv.create(folder, symlinks=True)
    site = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    shutil.copytree(Path(lrcourse.__file__).parent, Path(site, "lrcourse"))
    yield folder, site
    shutil.rmtree(folder)


@pytest.mark.parametrize("level", ["bubblewrap", "landlock"])
@pytest.mark.parametrize("course", ["the environment's own folder", "a folder inside it"])
def test_an_installed_package_and_a_course_beside_it_are_hidden(installed, needs, level, course):
    needs(level)
    folder, site = installed
    order = {
        "level": level,
        "code": Path(attacks.__file__).read_text(),
        "attack": True,
        "folder": str(folder if course == "the environment's own folder" else site),
    }
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{site}:{sysconfig.get_path('purelib')}"}
    done = subprocess.run(
        [folder / "bin" / "python", DRIVER],
        input=json.dumps(order),
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["exit"] == 0, found["err"]
    # Landlock gives the listing of a folder with all below it, or not at all, and Python lists its own.
    listed = {"list_the_course"} if (level, course) == ("landlock", "a folder inside it") else set()
    assert set(json.loads(found["out"])) == listed
    assert found["harmed"] == []


def test_nothing_in_the_copy_asks_for_what_is_not_in_it():
    library = student_library()
    asked = set()
    for path in library.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lrcourse"):
                asked.add(node.module)
            elif isinstance(node, ast.Import):
                asked |= {alias.name for alias in node.names if alias.name.startswith("lrcourse")}
    assert "lrcourse.student_code.wire" in asked
    paths = [library.joinpath(*name.split(".")) for name in asked]
    assert not [path for path in paths if not path.is_dir() and not path.with_suffix(".py").is_file()]


def test_the_copy_is_compiled_already():
    # Nobody may write there, so every submission would compile it anew.
    found = {path.relative_to(student_library()) for path in student_library().rglob("*.py")}
    compiled = {Path(importlib.util.source_from_cache(str(path))) for path in student_library().rglob("*.pyc")}
    assert {path.relative_to(student_library()) for path in compiled} == found
    assert all(path.stat().st_mode & 0o004 for path in student_library().rglob("*.pyc"))
