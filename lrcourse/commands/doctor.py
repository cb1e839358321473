"""`lrcourse doctor`: what works on this machine, tried rather than believed."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from io import StringIO

from lrcourse.errors import CommandError
from lrcourse.grading.sandbox import Limits, NoSandbox, Sandbox, find_sandbox, new_spool
from lrcourse.grading.sandbox.folders import remove_folder
from lrcourse.lab.jupyterlab import require_free

_PYTHONS = ((3, 11), (3, 13))  # as pyproject.toml says
_MB = 2**20
_SECONDS = 120
_PORTS = range(8888, 8938)  # JupyterLab takes the first free one of these

# Prints what it got: how many processes at a time, and whether it got more memory than the limit.
_GREEDY = """
import os, signal
children = []
try:
    while len(children) < 100:
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)
except OSError:
    pass
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
try:
    bytearray(600 << 20)
    memory = "all"
except MemoryError:
    memory = "refused"
print(len(children), memory)
"""
_GIVEN = Limits(memory=300 * _MB, processes=20)


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it works, and what there is to say. `needed` ones must work for grading."""

    what: str
    works: bool
    says: str
    needed: bool = True


def run_doctor() -> bool:
    """Look, print a table, and return whether grading is possible here."""
    print("Checking; TensorFlow takes a moment to load.", flush=True)
    found = list(findings())
    print(_table(found))
    missing = [finding.what for finding in found if finding.needed and not finding.works]
    if missing:
        print(f"Grading is not possible here; missing: {', '.join(missing)}.")
    else:
        print("Grading is possible here.")
    return not missing


def findings() -> Iterator[Finding]:
    """Everything that is looked at, in the order of the table."""
    oldest, newest = _PYTHONS
    fits = oldest <= sys.version_info[:2] <= newest
    wanted = "" if fits else f"; use {oldest[0]}.{oldest[1]} to {newest[0]}.{newest[1]}"
    yield Finding("Python", fits, f"{platform.python_version()}, {sys.executable}{wanted}")
    yield _imports("TensorFlow", "import tensorflow, keras; print(tensorflow.__version__, 'Keras', keras.__version__)")
    yield _nbgrader()
    levels = [_level(name) for name in ("bubblewrap", "landlock")]
    yield from (finding for finding, _ in levels)
    best = next((sandbox for _, sandbox in levels if sandbox is not None), None)
    if best is None:
        yield Finding("sandbox", False, "neither level works; `lrcourse grade --no-sandbox` would run code unprotected")
    else:
        yield Finding("sandbox", True, f"{best.name} is what grading uses here")
        yield _limits(best)
    yield _port()


def _imports(what: str, code: str) -> Finding:
    """Whether a program of one line runs; in a process of its own, as what fails there may take the process along."""
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", code], env=quiet, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding(what, False, f"did not import within {_SECONDS} s")
    if done.returncode == 0:
        return Finding(what, True, done.stdout.strip())
    said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    return Finding(what, False, f"{said}; install the environment again from requirements.lock")


def _nbgrader() -> Finding:
    try:
        return Finding("nbgrader", True, version("nbgrader"))
    except PackageNotFoundError:
        return Finding("nbgrader", False, "not installed; install the environment again from requirements.lock")


def _level(name: str) -> tuple[Finding, Sandbox | None]:
    try:
        sandbox = find_sandbox(name)
    except NoSandbox as error:
        return Finding(name, False, str(error), needed=False), None
    return Finding(name, True, "\n".join(["Known limits:", *sandbox.lacks]), needed=False), sandbox


def _limits(sandbox: Sandbox) -> Finding:
    return tried(sandbox, _GIVEN, _GIVEN)


def tried(sandbox: Sandbox, given: Limits, allowed: Limits) -> Finding:
    """Whether code inside that is given some limits gets no more than is allowed."""
    spool = new_spool()
    try:
        confined = sandbox.start(
            [sys.executable, "-P", "-c", _GREEDY],
            spool=spool,
            files=None,
            limits=given,
            environment={},
            stdout=subprocess.PIPE,
        )
        with confined.stdout as printed:
            try:
                confined.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                confined.kill()
                return Finding("limits", False, f"could not be tried within {_SECONDS} s")
            text = printed.read().decode()
    finally:
        remove_folder(spool)
    if confined.stopped_for:
        return Finding("limits", True, f"code that took too much was ended ({confined.stopped_for})")
    processes, memory = text.split() or ("?", "?")
    held = memory == "refused" and processes.isdigit() and int(processes) <= allowed.processes
    says = f"of {allowed.processes} processes it got {processes}; 600 MB where 300 are allowed: {memory}"
    return Finding("limits", held, says)


def _port() -> Finding:
    for port in _PORTS:
        try:
            require_free(port)
        except CommandError:
            continue
        return Finding("port for JupyterLab", True, str(port), needed=False)
    return Finding(
        "port for JupyterLab",
        False,
        "8888 to 8937 are all in use; name another with `lrcourse lab --port`",
        needed=False,
    )


def _table(found: list[Finding]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("", "works", "", box=box.SIMPLE, show_header=True)
    for finding in found:
        table.add_row(finding.what, "yes" if finding.works else "no", finding.says)
    text = StringIO()
    Console(file=text, width=110).print(table)
    return text.getvalue().strip("\n")
