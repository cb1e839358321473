"""A folder for a submission's sockets: its path is short, as a socket's has to be, and best it lies in memory."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_LONGEST = 40  # of 107 bytes, with names of sockets and subfolders to come


def new_spool() -> Path:
    """A new folder of one's own, outside /tmp where that is possible: what is below /tmp counts as writable inside."""
    wanted = [os.environ.get("XDG_RUNTIME_DIR"), "/run", "/var/tmp", tempfile.gettempdir(), "/tmp"]
    for place in filter(None, wanted):
        place = os.path.realpath(place)
        if len(place) <= _LONGEST and os.path.isdir(place) and os.access(place, os.W_OK | os.X_OK):
            return Path(tempfile.mkdtemp(prefix="lrc-", dir=place))
    return Path(tempfile.mkdtemp(prefix="lrc-"))
