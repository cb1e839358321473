"""The declarations agree with each other: pyproject.toml, both locks, environment.yml, CI, and what git ignores."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import bootstrap
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PYTHONS = ["3.11", "3.12", "3.13"]
MACHINES = {"linux": ["x86_64", "aarch64"], "darwin": ["arm64"]}
PLATFORMS = [
    {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": system,
        "platform_system": system.capitalize(),
        "platform_machine": machine,
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    for python in PYTHONS
    for system, machines in MACHINES.items()
    for machine in machines
]
ENTRY = re.compile(r"(?P<requirement>\S+==[^\s;]+( ; [^\\]+?)?)(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)")


def read_lock(name):
    """The logical lines of a lock."""
    return re.sub(r" *\\\n *", " ", (ROOT / name).read_text()).splitlines()


def versions(name, platform):
    """What a lock installs on a platform: package -> version."""
    wanted = [Requirement(ENTRY.fullmatch(line)["requirement"]) for line in read_lock(name)]
    applicable = [entry for entry in wanted if entry.marker is None or entry.marker.evaluate(platform)]
    found = {canonicalize_name(entry.name): str(entry.specifier).removeprefix("==") for entry in applicable}
    assert len(found) == len(applicable), "the same package twice on one platform"
    return found


def declared(lock):
    """What pyproject.toml asks a lock for."""
    groups = PYPROJECT["dependency-groups"]
    wanted = [*PYPROJECT["project"]["dependencies"], *groups["build"], *PYPROJECT["build-system"]["requires"]]
    if lock == "requirements-dev.lock":
        wanted += groups["dev"]
    return [Requirement(text) for text in wanted]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_exact_versions_and_hashes_and_nothing_else(lock):
    # So no index, link, path or option either: nothing else matches.
    odd = [line for line in read_lock(lock) if not ENTRY.fullmatch(line)]
    assert not odd
    assert len(read_lock(lock)) > 100
    assert not re.search(r"https?:|file:|--index|--extra-index|--find-links|@", (ROOT / lock).read_text())


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: f"{p['sys_platform']}-{p['platform_machine']}")
def test_a_lock_satisfies_what_pyproject_declares(lock, platform):
    locked = versions(lock, platform)
    for wanted in declared(lock):
        if wanted.marker is None or wanted.marker.evaluate(platform):
            assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)]), wanted


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: f"{p['sys_platform']}-{p['platform_machine']}")
def test_tensorflow_is_the_cpu_package_on_linux_x86_64_only(platform):
    tensorflow = {"tensorflow", "tensorflow-cpu"} & set(versions("requirements.lock", platform))
    cpu = (platform["sys_platform"], platform["platform_machine"]) == ("linux", "x86_64")
    assert tensorflow == {"tensorflow-cpu" if cpu else "tensorflow"}


def test_the_dev_lock_holds_all_of_the_other_in_the_same_versions():
    # bootstrap.py relies on it: after the dev set it installs the other no more.
    assert set(read_lock("requirements.lock")) <= set(read_lock("requirements-dev.lock"))


@pytest.mark.parametrize("platform", PLATFORMS[:1])
def test_students_do_not_get_the_authors_tools(platform):
    # jupytext in a student's JupyterLab would open and save the solved texts.
    authors = {canonicalize_name(Requirement(text).name) for text in PYPROJECT["dependency-groups"]["dev"]}
    assert "jupytext" in authors
    assert not authors & set(versions("requirements.lock", platform))


def test_conda_gets_python_and_pip_from_conda_forge_and_the_rest_from_the_lock():
    environment = YAML(typ="safe").load(ROOT / "environment.yml")
    assert environment["name"] == PYPROJECT["project"]["name"]
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    python, pip, rest = environment["dependencies"]
    name, specifier = python.split()
    assert name == "python"
    assert SpecifierSet(specifier) == SpecifierSet(PYPROJECT["project"]["requires-python"])
    assert pip == "pip"
    assert rest == {"pip": [f"-r {bootstrap.LOCKS['lab']}"]}


def test_every_place_that_names_the_pythons_names_the_same():
    requires = SpecifierSet(PYPROJECT["project"]["requires-python"])
    assert [minor for minor in range(20) if requires.contains(f"3.{minor}")] == list(
        range(bootstrap.OLDEST[1], bootstrap.NEWEST[1] + 1)
    )
    assert [f"3.{minor}" for minor in range(bootstrap.OLDEST[1], bootstrap.NEWEST[1] + 1)] == PYTHONS
    matrix = YAML(typ="safe").load(ROOT / ".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == PYTHONS
    assert PYPROJECT["tool"]["ruff"]["target-version"] == "py311"


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """An empty repository with our .gitignore: a copy of the files without their history can run the test as well."""
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "--quiet", folder], check=True, capture_output=True)
    shutil.copy(ROOT / ".gitignore", folder)
    return folder


def ignored(repository, path):
    done = subprocess.run(["git", "check-ignore", "--quiet", path], cwd=repository, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 0


@pytest.mark.parametrize(
    "path",
    [
        "release/05_warmup/05_warmup.ipynb",
        "submitted/ada/05_warmup/05_warmup.ipynb",
        "autograded/ada/05_warmup/05_warmup.ipynb",
        "feedback/ada/05_warmup/05_warmup.html",
        "downloaded/05_warmup/archive/all.zip",
        "exchange/lrcourse/inbound/ada+05_warmup+now/05_warmup.ipynb",
        "exports/grades.csv",
        "grades.csv",
        "gradebook.db",
        "gradebook.db-journal",
        "gradebook.db.2026-01-31",
        "journal/05_warmup.jsonl",
        "journal.sqlite",
        ".course_secret",
        ".nbgrader.log",
        "workspace/05_warmup.ipynb",
        "notebooks/05_warmup/.ipynb_checkpoints/05_warmup-checkpoint.ipynb",
        ".venv/bin/python",
        ".venv-libraries/bin/python",
    ],
)
def test_git_ignores_what_a_class_produces(repository, path):
    assert ignored(repository, path)


@pytest.mark.parametrize(
    "path",
    [
        "notebooks/05_warmup/05_warmup.md",
        "notebooks/05_warmup/05_warmup.ipynb",
        "quizzes/05_warmup.yaml",
        "lrcourse/grading/journal.py",
        "lrcourse/quiz/export.py",
        "tests/grading/submitted/blank.ipynb",
        "requirements.lock",
    ],
)
def test_git_keeps_the_sources(repository, path):
    assert not ignored(repository, path)
