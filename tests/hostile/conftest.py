"""Grades the whole class, attackers and others, once in each way; the tests look at what came of it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import against  # noqa: F401 - importing it registers the attacks
import pytest
from aftermath import TABLE, Ran, active, graded, leaks, strays, without_feedback
from attack import ATTACKS, LESSON, Attack
from hostile_course import Hostile, make_course, new_canaries, new_place, snapshot

from lrcourse.grading.sandbox import NoSandbox, find_sandbox

HERE = Path(__file__).parent
# Each way of grading, and into how many classes the attackers are split for it. nbgrader grades one after the other and
# mostly waits for time limits; two classes wait side by side.
WAYS = {"lrcourse grade": 1, "nbgrader autograde": 2}
MOST_SECONDS = 1500


def pytest_generate_tests(metafunc):
    """One test for each attack."""
    if "attack" in metafunc.fixturenames:
        ids = [f"{each.kind}: {name}" for name, each in ATTACKS.items()]
        metafunc.parametrize("attack", ATTACKS.values(), ids=ids, scope="session")


def pytest_terminal_summary(terminalreporter):
    """Print the table below everything else."""
    reports = [report for each in terminalreporter.stats.values() for report in each]
    found = {text for report in reports for name, text in getattr(report, "user_properties", ()) if name == TABLE}
    for text in found:
        terminalreporter.section("hostile submissions")
        terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def sandbox() -> None:
    """Nothing here runs without bubblewrap: some of it would do harm."""
    try:
        find_sandbox("bubblewrap")
    except NoSandbox as error:
        if os.environ.get("LRCOURSE_CI") == "1":
            pytest.fail(f"In CI this has to be there. {error}")
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def batches(request, sandbox) -> Iterator[dict[str, list[tuple[Hostile, Ran]]]]:
    """Both ways of grading, all classes at the same time, each in a course of its own. Only the attacks selected.

    `lrcourse grade` with two workers and warm kernels, `nbgrader autograde` with one process a class and cold ones.
    """
    selected = {item.callspec.params["attack"] for item in request.session.items if _has_attack(item)}
    attacks = [attack for attack in ATTACKS.values() if attack in selected or not selected]
    with ExitStack() as open_here:
        mark = f"hostile-{secrets.token_hex(6)}"
        canaries = new_canaries() | {"message": f"{mark} message 42 for you"}
        targets = open_here.enter_context(_listening(canaries["network"], mark))
        targets["tmp_canary"] = open_here.enter_context(_left_in_tmp(canaries["temporary"], mark))
        courses: dict[str, list[Hostile]] = {}
        for way, classes in WAYS.items():
            for number in range(classes):
                place = open_here.enter_context(new_place())
                hostile = make_course(place, canaries, mark, _share(attacks, number, classes), **targets)
                if way == "nbgrader autograde":  # the other way of starting a kernel, too: both give the same marks
                    with (hostile.root / "nbgrader_config.py").open("a") as config:
                        config.write("c.SplitExecute.cold = True\n")
                courses.setdefault(way, []).append(hostile)
        every = [(way, hostile) for way in WAYS for hostile in courses[way]]
        before = [snapshot(*_kept(hostile)) for _, hostile in every]
        running = [_start(hostile, [*way.split(), LESSON]) for way, hostile in every]
        reports = [_finished(hostile, process) for (_, hostile), process in zip(every, running, strict=True)]
        found: dict[str, list[tuple[Hostile, Ran]]] = {}
        for (way, hostile), report, kept in zip(every, reports, before, strict=True):
            found.setdefault(way, []).append((hostile, _seen(hostile, way, report, kept)))
        yield found


@pytest.fixture(scope="session", params=WAYS)
def batch(request, batches) -> list[tuple[Hostile, Ran]]:
    """One way of grading: its courses, each with what came of it."""
    return batches[request.param]


@pytest.fixture(scope="session")
def alone(sandbox) -> dict[str, dict[str, float]]:
    """The marks of honest students in a class without attackers."""
    with new_place() as around:
        hostile = make_course(around, new_canaries(), "nobody", [], port="0", abstract="", tmp_canary="")
        report = _finished(hostile, _start(hostile, ["lrcourse", "grade", LESSON]))
        assert report["code"] == 0, report["log"]
        return {hostile.honest[student]: found.points for student, found in graded(hostile).items()}


def _share(attacks: list[Attack], number: int, classes: int) -> list[Attack]:
    """The attackers of one class: whole kinds, for one of a kind may look for what another one leaves."""
    kinds = list(dict.fromkeys(attack.kind for attack in attacks))
    return [attack for attack in attacks if kinds.index(attack.kind) % classes == number]


def _has_attack(item: pytest.Item) -> bool:
    return isinstance(getattr(item, "callspec", None) and item.callspec.params.get("attack"), Attack)


def _start(hostile: Hostile, command: list[str]) -> subprocess.Popen:
    program, *arguments = command
    report = hostile.around / "report.json"
    with open(hostile.around / "log.txt", "wb") as log:
        return subprocess.Popen(
            [sys.executable, HERE / "watch.py", report, str(MOST_SECONDS), *_program(program), *arguments],
            cwd=hostile.root,
            env=hostile.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _program(name: str) -> list[str]:
    return [sys.executable, str(Path(sys.executable).with_name(name))]


def _finished(hostile: Hostile, process: subprocess.Popen) -> dict:
    assert process.wait() == 0, (hostile.around / "log.txt").read_text(errors="replace")
    found = json.loads((hostile.around / "report.json").read_text())
    return found | {"log": (hostile.around / "log.txt").read_text(errors="replace")}


def _seen(hostile: Hostile, way: str, report: dict, before: dict[str, str]) -> Ran:
    feedback_codes = []
    if way == "nbgrader autograde":
        for step in ("generate_feedback", "release_feedback"):
            after = _finished(hostile, _start(hostile, ["nbgrader", step, LESSON]))
            feedback_codes.append(after["code"])
            report["left"] += after["left"]
            report["log"] += after["log"]
    return Ran(
        command=way,
        code=report["code"],
        log=report["log"],
        seconds=report["seconds"],
        left=report["left"],
        changed=_changed(before, snapshot(*_kept(hostile))),
        graded=graded(hostile),
        leaks=leaks(hostile, report["log"]),
        active=active(hostile),
        strays=strays(hostile),
        spools=[*os.listdir(hostile.spools), *os.listdir(hostile.around / "tmp")],
        feedback_codes=feedback_codes,
        without_feedback=without_feedback(hostile),
    )


def _kept(hostile: Hostile) -> list[Path]:
    """What no grading may change."""
    places = [hostile.around / "outside", hostile.around / "home" / ".ssh"]
    names = ("submitted", "notebooks", "release", "nbgrader_config.py", ".course_secret")
    return [*places, *(hostile.root / name for name in names)]


def _changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What is gone, new or other than before; a timestamp may have been added."""
    added = [path for path in after.keys() - before.keys() if Path(path).name != "timestamp.txt"]
    return sorted(added + [path for path in before if before[path] != after.get(path)])


@contextmanager
def _listening(canary: str, mark: str) -> Iterator[dict[str, str]]:
    """Two servers of the grader's machine that tell a secret to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(f"\0{mark}")
        abstract.listen()
        for server in (tcp, abstract):
            threading.Thread(target=_tell, args=(server, canary.encode()), daemon=True).start()
        yield {"port": str(tcp.getsockname()[1]), "abstract": mark}
        for server in (tcp, abstract):
            server.shutdown(socket.SHUT_RDWR)  # wakes up the thread that accepts


def _tell(server: socket.socket, secret: bytes) -> None:
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return  # closed
        with client:
            client.sendall(secret)


@contextmanager
def _left_in_tmp(canary: str, mark: str) -> Iterator[str]:
    """A file in /tmp that anybody may read."""
    path = Path(tempfile.gettempdir(), f"{mark}-canary")
    path.write_text(canary)
    path.chmod(0o644)
    yield str(path)
    path.unlink()
