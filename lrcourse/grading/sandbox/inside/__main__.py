"""The first process of a sandbox: copy in what was handed in, give up rights, become the student's Python.

Started as `python -I -S <this folder> FD`, where FD is a pipe with the plan in JSON, which `first_process.py` outside
writes.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tarfile

import landlock
import rights
import seccomp
import warden


def main(plan: dict) -> None:
    """Carry out the plan; it does not return."""
    os.umask(0o077)
    if plan["level"] != "none":
        rights.be_first_to_go()  # as another user it could not any more
    if plan["uid"] is not None:
        rights.become(plan["uid"], keep=plan["capability"])
    os.chdir(plan["home"])
    os.makedirs("tmp", exist_ok=True)
    unpack(plan["files"])
    if plan["level"] == "landlock":
        warden.guard(lambda: submission(plan), plan["control"], plan["home"])
    submission(plan)


def unpack(descriptor: int) -> None:
    """Write what `first_process.py` outside has packed into the working directory."""
    with open(descriptor, "rb") as archive, tarfile.open(fileobj=archive, mode="r:") as files:
        for entry in files:
            if entry.isdir():
                os.makedirs(entry.name, exist_ok=True)
            else:
                with open(entry.name, "xb") as target:
                    shutil.copyfileobj(files.extractfile(entry), target)


def submission(plan: dict) -> None:
    """Give up what is left, and become the student's Python."""
    rights.set_limits(plan["limits"])
    if plan["level"] != "none":
        rights.drop_all(keep=plan["capability"])
        rights.keep_to_cpus(plan["cpus"])
        os.closerange(3, 1 << 20)  # what the way in was told through
        confine(plan["level"], plan["paths"])
    os.execvpe(plan["argv"][0], plan["argv"], os.environ)


def confine(level: str, paths: list) -> None:
    """Put Landlock and seccomp around this process, as the level needs them."""
    if level == "landlock":
        landlock.confine([(f"/proc/{os.getpid()}", landlock.READ), *paths])
    elif landlock.abi() >= landlock.WITH_REFER:
        # Namespaces bound everything but the spool, which lies on the host's disk: sockets alone are made there.
        landlock.confine([(place, landlock.ALL) for place in paths], handled=landlock.MAKING_FILES, scoped=False)
    seccomp.refuse(namespaces=level != "landlock")


if __name__ == "__main__":
    try:
        with open(int(sys.argv[1]), encoding="utf-8") as pipe:
            text = pipe.read()
        main(json.loads(text))
    except (OSError, tarfile.TarError) as error:
        print(f"lrcourse sandbox: {error}", file=sys.stderr)
        sys.exit(126)
