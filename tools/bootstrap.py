"""Make .venv from a lock, and leave it alone while nothing changed: the first step of `make lab` and `make test`.

    python3 tools/bootstrap.py lab    what a student needs (requirements.lock)
    python3 tools/bootstrap.py dev    that, and what tests and authors need (requirements-dev.lock)

Only the standard library, and only syntax that Python 2.7 reads: an old Python must get as far as the one line that
tells its user what to do.
"""

from __future__ import print_function

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
LOCKS = {"lab": "requirements.lock", "dev": "requirements-dev.lock"}
AGAIN = "for example `make lab PYTHON=python3.12`"


class CannotSetUp(Exception):
    """One line for the user: what is wrong and what to do."""


def objection(version, system, machine):
    """Why this Python cannot run the course, in one line; None where it can."""
    found = "Python {0}.{1}".format(*version)
    wanted = "Python {0}.{1} to {2}.{3}".format(*(OLDEST + NEWEST))
    if version[:2] < OLDEST or version[:2] > NEWEST:
        return "The course needs {0}; found {1} ({2}). Install one of those and name it, {3}.".format(
            wanted, found, sys.executable, AGAIN
        )
    if system == "Darwin" and machine == "x86_64":
        return (
            "TensorFlow 2.21 has no package for Intel Macs; found an x86-64 {0}. On an Apple silicon Mac name "
            "an arm64 Python, {1}; on an Intel Mac use a Linux machine or container.".format(found, AGAIN)
        )
    return None


def can_make_environments():
    """Whether this Python has venv and ensurepip; Debian and Ubuntu package them apart."""
    from importlib.util import find_spec

    return find_spec("venv") is not None and find_spec("ensurepip") is not None


def run(command):
    """Run a command to its end; its output is the user's to see."""
    # A user's own settings that would send the packages somewhere else than .venv.
    environment = dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    environment.pop("PIP_TARGET", None)
    environment.pop("PIP_PREFIX", None)
    subprocess.check_call(command, env=environment)


def digest(root, choice):
    """What the environment is made from: the lock and the project's own declaration."""
    total = hashlib.sha256()
    for name in (LOCKS[choice], "pyproject.toml"):
        with open(os.path.join(root, name), "rb") as file:
            total.update(hashlib.sha256(file.read()).digest())
    return total.hexdigest()


def home(root):
    """What an environment cannot survive a change of: Python, machine, and the folder its scripts name."""
    return ["{0}.{1}".format(*sys.version_info), sys.platform, platform.machine(), os.path.realpath(root)]


def read_stamp(venv):
    """What an earlier call wrote; {} where there is nothing readable."""
    try:
        with open(os.path.join(venv, "lrcourse-stamp.json")) as file:
            stamp = json.load(file)
    except (IOError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(venv, stamp):
    path = os.path.join(venv, "lrcourse-stamp.json")
    with open(path + ".new", "w") as file:
        json.dump(stamp, file)
    os.rename(path + ".new", path)


def adoptable(python):
    """Whether an environment that somebody else made, with no stamp of ours, can take the packages."""
    probe = "import pip, sys; sys.exit('{0}.{1}'.format(*sys.version_info) != sys.argv[1])"
    with open(os.devnull, "w") as nowhere:
        return subprocess.call([python, "-I", "-c", probe, home("")[0]], stdout=nowhere, stderr=nowhere) == 0


def usable(venv, root):
    """Whether the packages can go into .venv as it is, or it has to be made anew."""
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(python):  # none yet, or a link to a Python that has gone
        return False
    stamp = read_stamp(venv)
    if not stamp:
        return adoptable(python)
    # The stamp of an unfinished installation has no home, so it is begun again: pip would take a half-written package
    # for a whole one.
    return stamp.get("home") == home(root)


def make_environment(venv, run):
    if not can_make_environments():
        package = "python{0}.{1}-venv".format(*sys.version_info)
        raise CannotSetUp(
            "This Python ({0}) comes without venv. On Debian or Ubuntu: `sudo apt install {1}`, then the same command "
            "again; or name another Python, {2}.".format(sys.executable, package, AGAIN)
        )
    if os.path.islink(venv) or os.path.isfile(venv):
        os.unlink(venv)
    elif os.path.isdir(venv):
        shutil.rmtree(venv)
    os.mkdir(venv)
    write_stamp(venv, {"unfinished": True})
    # Called by .venv's own Python, `venv` must be run by the one behind it.
    run([getattr(sys, "_base_executable", sys.executable), "-I", "-m", "venv", venv])


def prepare(root, choice, run=run, say=print):
    """Bring `root`/.venv to the state that the lock of `choice` describes; True where something had to be done."""
    venv = os.path.join(root, ".venv")
    wanted = {name: digest(root, name) for name in LOCKS}
    whole = usable(venv, root)
    stamp = read_stamp(venv) if whole else {}
    if stamp.get(choice) == wanted[choice]:
        return False
    if not whole:
        again = "again " if os.path.lexists(venv) else ""
        say("Making .venv {0}with Python {1}.{2}.".format(again, *sys.version_info))
        make_environment(venv, run)
    say("Installing the packages that {0} lists into .venv.".format(LOCKS[choice]))
    if not stamp:
        say("The first time this takes 2 to 5 minutes: TensorFlow alone is a download of about 250 MB.")
    write_stamp(venv, {"unfinished": True})
    # -I: no PYTHON* variable and no folder of the user's takes part. --compile: without compiled files every import of
    # TensorFlow costs 9 CPU seconds more. --only-binary: nothing is built with tools that the lock does not name.
    pip = [os.path.join(venv, "bin", "python"), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    lock = os.path.join(root, LOCKS[choice])
    install = pip + ["install", "--quiet"]
    run(install + ["--compile", "--only-binary", ":all:", "--require-hashes", "--requirement", lock])
    run(install + ["--no-deps", "--no-build-isolation", "--editable", root])
    # The dev lock holds all of the other one (a test proves it), in the same versions.
    done = LOCKS if choice == "dev" else ["lab"]
    write_stamp(venv, dict({name: wanted[name] for name in done}, home=home(root)))
    say("Done: .venv is ready.")
    return True


def main(arguments, root=None):
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print("usage: bootstrap.py lab|dev", file=sys.stderr)
        return 2
    line = objection(tuple(sys.version_info[:3]), platform.system(), platform.machine())
    if line:
        print(line, file=sys.stderr)
        return 2
    try:
        prepare(root or os.path.dirname(os.path.dirname(os.path.abspath(__file__))), arguments[0])
    except CannotSetUp as reason:
        print(reason, file=sys.stderr)
        return 2
    except OSError as reason:
        print("Cannot set up .venv: {0}.".format(reason), file=sys.stderr)
        return 2
    except subprocess.CalledProcessError:
        print("Setting up .venv failed; the reason is above. Run the same command to try again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Run the same command to set up .venv again.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
