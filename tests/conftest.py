"""What all tests share, and what they need of the machine."""

import os

import pytest
from real_jupyterlab import browser, lab  # noqa: F401 - fixtures

from lrcourse.grading.sandbox import NoSandbox, find_sandbox
from lrcourse.grading.sandbox.inside import landlock

# Notebooks under tests/ are material for tests; nbval runs the lessons only.
collect_ignore_glob = ["*.ipynb", "**/*.ipynb"]


@pytest.fixture(scope="session")
def needs(missing):
    """Call it with the level of sandbox that a test needs: skips where there is none, fails where CI has to have it."""

    def check(level):
        try:
            return find_sandbox(level)
        except NoSandbox as error:
            if level == "landlock" and landlock.abi() < landlock.WITH_SCOPES:
                pytest.skip(f"Nothing that CI could install: {error}")
            missing(str(error))

    return check


@pytest.fixture(scope="session")
def missing():
    """Call it with a reason to skip the test; in CI (LRCOURSE_CI=1), where everything has to be there, it fails."""

    def give_up(reason):
        if os.environ.get("LRCOURSE_CI") == "1":
            pytest.fail(f"In CI this has to be there. {reason}")
        pytest.skip(reason)

    return give_up
