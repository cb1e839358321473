"""What tests of grading need of the machine."""

import os

import pytest

from lrcourse.grading.sandbox import NoSandbox, find_sandbox
from lrcourse.grading.sandbox.inside import landlock


@pytest.fixture(scope="session")
def needs():
    """Call it with the level of sandbox that a test needs: skips where there is none, fails where CI has to have it."""

    def check(level):
        try:
            return find_sandbox(level)
        except NoSandbox as error:
            if level == "landlock" and landlock.abi() < landlock.WITH_SCOPES:
                pytest.skip(f"Nothing that CI could install: {error}")
            missing(str(error))

    return check


def missing(reason):
    """Skip the test; in CI (LRCOURSE_CI=1), where everything has to be there, fail."""
    if os.environ.get("LRCOURSE_CI") == "1":
        pytest.fail(f"In CI this has to be there. {reason}")
    pytest.skip(reason)
