"""The lessons and the question bank are found from a checkout and from a wheel; the wheel is built and installed."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lrcourse import locations

ROOT = Path(__file__).resolve().parents[1]
SHOW = """
from lrcourse import locations
print(locations.course_root(), locations.notebooks_dir(), locations.quizzes_dir(), sep="\\n")
"""


def python(code, *, path, cwd):
    """Run code in a fresh process that takes lrcourse from `path`, not from this checkout."""
    # -S would lose the other packages; PYTHONPATH comes before the checkout's .pth, which is all that is needed.
    environment = {"PYTHONPATH": str(path), "PATH": ""}
    return subprocess.run([sys.executable, "-c", code], cwd=cwd, env=environment, capture_output=True, text=True)


def copy_checkout(to):
    """What a wheel is built from, with a lesson, a question file and the litter that work leaves beside them."""
    # A kernel that runs just now has its sockets in the lesson's folder; they cannot be copied.
    skip = shutil.ignore_patterns("__pycache__", "kernel-ipc-*")
    for folder in ("lrcourse", "notebooks", "quizzes"):
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, to / folder, ignore=skip)
    for name in ("pyproject.toml", "LICENSE", "README.md", ".gitignore"):
        shutil.copy(ROOT / name, to / name)
    for name in (
        "notebooks/98_made_up/98_made_up.md",
        "notebooks/98_made_up/98_made_up.ipynb",
        "notebooks/98_made_up/.ipynb_checkpoints/98_made_up-checkpoint.ipynb",
        "notebooks/98_made_up/weights.keras",
        "notebooks/98_made_up/__pycache__/helper.cpython-311.pyc",
        "notebooks/98_made_up/data/table.csv",
        "quizzes/98_made_up.yaml",
        "quizzes/98_made_up.yaml.orig",
        "gradebook.db",
    ):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).write_text("made up\n")
    return to


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    source = copy_checkout(tmp_path_factory.mktemp("source"))
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    done = subprocess.run([*command, "--target", str(target), str(wheel)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


def test_a_checkout_uses_its_own_folders():
    assert locations.course_root() == ROOT
    assert (ROOT / "pyproject.toml").is_file()
    if (ROOT / "notebooks").is_dir():
        assert locations.notebooks_dir() == ROOT / "notebooks"
    if (ROOT / "quizzes").is_dir():
        assert locations.quizzes_dir() == ROOT / "quizzes"


def test_a_wheel_carries_lessons_and_bank_and_no_litter(wheel):
    course = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("lrcourse/_course/")}
    added = {name.removeprefix("lrcourse/_course/") for name in course if "98_made_up" in name}
    assert added == {
        "notebooks/98_made_up/98_made_up.md",
        "notebooks/98_made_up/98_made_up.ipynb",
        "quizzes/98_made_up.yaml",
    }
    assert {Path(name).suffix for name in course} <= {".md", ".ipynb", ".yaml"}
    for lesson in (ROOT / "notebooks").glob("*/*.ipynb"):
        assert f"lrcourse/_course/notebooks/{lesson.parent.name}/{lesson.name}" in course


def test_a_wheel_holds_the_package_and_nothing_of_a_class(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    own = {str(path.relative_to(ROOT)) for path in (ROOT / "lrcourse").rglob("*.py")}
    assert own <= set(names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"lrcourse"}
    assert not [name for name in names if "gradebook.db" in name or "__pycache__" in name]


def test_an_installed_wheel_finds_its_folders(installed, tmp_path):
    done = python(SHOW, path=installed, cwd=tmp_path)
    inside = installed / "lrcourse" / "_course"
    assert done.stdout.splitlines() == [str(inside), str(inside / "notebooks"), str(inside / "quizzes")], done.stderr


def test_a_missing_folder_says_what_where_and_what_to_do(tmp_path):
    shutil.copytree(ROOT / "lrcourse", tmp_path / "lrcourse", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "pyproject.toml").write_text("")
    done = python("from lrcourse import locations; locations.notebooks_dir()", path=tmp_path, cwd="/")
    message = done.stderr.splitlines()[-1]
    assert message.startswith("lrcourse.locations.CourseFilesMissing: The course's lessons should be in ")
    assert str(tmp_path / "notebooks") in message
    assert "git restore notebooks" in message


def test_the_package_alone_says_that_it_has_no_course(tmp_path):
    shutil.copytree(ROOT / "lrcourse", tmp_path / "lrcourse", ignore=shutil.ignore_patterns("__pycache__"))
    done = python("from lrcourse import locations; locations.course_root()", path=tmp_path, cwd="/")
    message = done.stderr.splitlines()[-1]
    assert message.startswith("lrcourse.locations.CourseFilesMissing: ")
    assert str(tmp_path / "lrcourse") in message
    assert "Install lrcourse from a clone" in message
