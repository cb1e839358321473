"""Runs code in sandboxes: orders in, what came of each out, a line of JSON each. As its own process any user's."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from targets import Targets

from lrcourse.grading.sandbox import Limits, find_sandbox
from lrcourse.grading.sandbox.folders import new_spool


def run(order: dict) -> dict:
    """`order`: level, code; where wanted files, limits, environment, seconds until the kill, interrupt, in_a_thread."""
    spool = new_spool()
    mark = uuid.uuid4().hex
    sandbox = find_sandbox(order["level"])
    started = []

    def start() -> None:
        started.append(
            sandbox.start(
                [sys.executable, "-P", "-c", f"{order['code']}\n# {mark}"],
                spool=spool,
                files=Path(order["files"]) if order.get("files") else None,
                limits=Limits(**order.get("limits", {})),
                environment={"SPOOL": str(spool)} | order.get("environment", {}),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        )

    if order.get("in_a_thread"):
        thread = threading.Thread(target=start)
        thread.start()
        thread.join()
    else:
        start()
    (confined,) = started
    out = b""
    if order.get("interrupt"):
        out = confined.stdout.readline()
        confined.signal(signal.SIGINT)
    most, pids = 0, set()
    end = time.monotonic() + order.get("seconds", 60)
    while confined.poll() is None and time.monotonic() < end:
        seen = confined.pids()
        most, pids = max(most, len(seen)), pids | set(seen)
        time.sleep(0.05)
    killed = confined.poll() is None
    confined.kill()
    marked = with_mark(mark)
    confined.kill()
    found = {
        "exit": confined.poll(),
        "killed": killed,
        "stopped_for": confined.stopped_for,
        "out": (out + confined.stdout.read()).decode(errors="replace"),
        "err": confined.stderr.read().decode(errors="replace"),
        "most": most,
        "seen": len(pids),
        "left": [pid for pid in pids if alive(pid)],
        "marked": marked,
        "in_spool": sorted(os.listdir(spool)),
        "homes": [name for name in os.listdir("/tmp") if name.startswith("lrcs-home-")],
        "user": os.geteuid(),
    }
    confined.stdout.close()
    confined.stderr.close()
    shutil.rmtree(spool)
    return found


def with_mark(mark: str) -> list[int]:
    """The processes that run code with that mark, as far as this user may look."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def attack(order: dict) -> dict:
    """As `run`, with a grader's belongings to attack; says what was harmed."""
    with tempfile.TemporaryDirectory(prefix="targets-", dir=order.get("folder")) as folder:
        os.chmod(folder, 0o755)
        os.chdir(folder)
        targets = Targets(Path(folder, "course"))
        try:
            order["environment"] = {"TARGETS": json.dumps(targets.told)}
            found = run(order)
        finally:
            harmed = targets.harmed()
            os.chdir("/")
        return found | {"harmed": harmed}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


if __name__ == "__main__":
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(attack(order) if order.get("attack") else run(order)), flush=True)
