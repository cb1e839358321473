"""Which sandbox there is here: bubblewrap, else Landlock with seccomp, else none unless that is asked for."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from lrcourse.errors import CommandError
from lrcourse.grading.sandbox.bubblewrap import Bubblewrap, find_program
from lrcourse.grading.sandbox.inside import landlock, seccomp
from lrcourse.grading.sandbox.landlocked import Landlock
from lrcourse.grading.sandbox.limits import Limits
from lrcourse.grading.sandbox.process import Confined
from lrcourse.grading.sandbox.unconfined import Unconfined

_SECONDS = 60  # for a Python that only starts; more than enough on a busy machine


class NoSandbox(CommandError):
    """There is no sandbox of the wanted kind here; says why, and what to do."""


class Sandbox(Protocol):
    """One level of sandbox. `lacks` says in sentences what it does not defend."""

    name: str
    lacks: tuple[str, ...]

    def start(
        self,
        argv: Sequence[str],
        *,
        spool: Path,
        files: Path | None,
        limits: Limits,
        environment: Mapping[str, str],
        stdin: int = ...,
        stdout: int = ...,
        stderr: int = ...,
    ) -> Confined:
        """Run `argv` confined, in a fresh home that holds a copy of `files`; `Bubblewrap.start` has the details."""
        ...


def find_sandbox(name: str | None = None) -> Sandbox:
    """The best sandbox that works here, or the one of that name: "bubblewrap", "landlock" or "none".

    Each is tried once a process. Raises NoSandbox with the reason and the remedy; "none" is never chosen by itself.
    """
    if name is None:
        return _best()
    return {"bubblewrap": _bubblewrap, "landlock": _landlock, "none": Unconfined}[name]()


def _best() -> Sandbox:
    reasons = []
    for level in (_bubblewrap, _landlock):
        try:
            return level()
        except NoSandbox as error:
            reasons.append(str(error))
    raise NoSandbox(f"Students' code would run unprotected here. {' '.join(reasons)}")


@cache
def _bubblewrap() -> Sandbox:
    _require_linux()
    program = find_program()
    if program is None:
        raise NoSandbox("bubblewrap is not installed: install the package of that name (`apt install bubblewrap`).")
    level = Bubblewrap(program)
    if failure := _failure(level):
        raise NoSandbox(f"bubblewrap does not work ({failure}): {_remedy(failure)}")
    return level


@cache
def _landlock() -> Sandbox:
    _require_linux()
    if not seccomp.supported():
        raise NoSandbox("The Landlock level supports only x86_64 and aarch64 processors: install bubblewrap.")
    version = landlock.abi()
    if version == 0:
        raise NoSandbox("Landlock is not in this kernel, or is not switched on (lsm=): use Linux 6.12 or newer.")
    if version < landlock.WITH_SCOPES:
        raise NoSandbox(
            f"Landlock here is version {version}, which cannot keep student code from signalling your processes: "
            "use Linux 6.12 or newer."
        )
    level = Landlock()
    if failure := _failure(level):
        raise NoSandbox(
            f"Landlock does not work ({failure}): grade as an ordinary user who can read this Python installation."
        )
    return level


def _require_linux() -> None:
    if sys.platform != "linux":
        raise NoSandbox("Sandboxes are made on Linux only: grade there, or in a Linux container.")


def _failure(level: Sandbox) -> str:
    """Why a Python does not start in a sandbox of that level; empty where it does."""
    with tempfile.TemporaryDirectory(prefix="lrc-") as spool:
        command = [sys.executable, "-P", "-c", "import lrcourse; print('inside')"]
        confined = level.start(
            command,
            spool=Path(spool),
            files=None,
            limits=Limits(),
            environment={},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            code = confined.wait(_SECONDS)
            printed, said = confined.stdout.read(), confined.stderr.read().decode(errors="replace")
        except subprocess.TimeoutExpired:
            return f"a Python inside did not end within {_SECONDS} s"
        finally:
            confined.kill()
            confined.stdout.close()
            confined.stderr.close()
    if code == 0 and printed == b"inside\n":
        return ""
    return said.strip().splitlines()[-1][:300] if said.strip() else f"exit code {code}"


def _remedy(failure: str) -> str:
    if "--size" in failure or "--args" in failure or "nknown option" in failure:
        return "use version 0.8 or newer."
    refused = any(word in failure.lower() for word in ("permission", "permitted", "namespace", "uid map"))
    if refused and Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").exists():
        return (
            "Ubuntu's AppArmor refuses user namespaces; "
            "`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0` allows them."
        )
    if refused:
        return (
            "this system or container refuses new namespaces; allow user namespaces (user.max_user_namespaces above 0)."
        )
    return "reinstall the package, or report it to us."
