"""What the attacks aim at: files, a process and sockets of the grader, and whether any of them was touched."""

import os
import resource
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import lrcourse

VICTIM = "import time; VICTIM = 1; time.sleep(600)"


class Targets:
    """The grader's belongings, in `folder`. Every permission that a careless instructor could give is given."""

    def __init__(self, folder: Path):
        self._open = ExitStack()
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        self._canary, self._gradebook = folder / "canary.txt", folder / "gradebook.db"
        for path in (self._canary, self._gradebook):
            path.write_text("a mark of 100")
            path.chmod(0o666)
        self._before = self._state()
        os.environ["GRADERS_SECRET"] = "s3cret"
        self._victim = subprocess.Popen([sys.executable, "-c", VICTIM])
        self._limits = resource.prlimit(self._victim.pid, resource.RLIMIT_CPU)
        self._tcp = self._listen(socket.AF_INET, ("127.0.0.1", 0))
        self._udp = self._bind(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        self._abstract = f"lrcourse-{os.getpid()}"
        self._stream = self._listen(socket.AF_UNIX, "\0" + self._abstract)
        self._named = self._listen(socket.AF_UNIX, str(folder / "s"))
        self._datagrams = self._bind(socket.AF_UNIX, socket.SOCK_DGRAM, str(folder / "d"))
        for name in "sd":
            (folder / name).chmod(0o666)
        self.told = {
            "canary": str(self._canary),
            "gradebook": str(self._gradebook),
            "package": str(Path(lrcourse.__file__).parent),
            "grader": os.getpid(),
            "victim": self._victim.pid,
            "tcp": self._tcp.getsockname()[1],
            "udp": self._udp.getsockname()[1],
            "abstract": self._abstract,
            "socket": str(folder / "s"),
            "datagrams": str(folder / "d"),
        }

    def harmed(self) -> list[str]:
        """What is not as it was, seen from outside; then everything is put away."""
        found = []
        if self._state() != self._before:
            found.append("files")
        if self._victim.poll() is not None:
            found.append("the process ended")
        elif resource.prlimit(self._victim.pid, resource.RLIMIT_CPU) != self._limits:
            found.append("the process got other limits")
        for name in ("tcp", "stream", "named", "udp", "datagrams"):
            if self._heard(getattr(self, f"_{name}")):
                found.append(f"{name} heard something")
        self._victim.kill()
        self._victim.wait()
        self._open.close()
        return found

    def _state(self):
        folder = self._canary.parent
        stats = {path.name: path.stat() for path in folder.iterdir() if path.is_file()}
        return {name: (stat.st_mode, stat.st_size, stat.st_mtime, stat.st_nlink) for name, stat in stats.items()}

    def _bind(self, family, kind, address):
        made = self._open.enter_context(socket.socket(family, kind))
        made.bind(address)
        made.settimeout(0.1)
        return made

    def _listen(self, family, address):
        made = self._bind(family, socket.SOCK_STREAM, address)
        made.listen()
        return made

    def _heard(self, made):
        try:
            if made.type == socket.SOCK_DGRAM:
                return made.recv(10)
            made.accept()[0].close()
            return True
        except TimeoutError:
            return False
