"""Open a student's workspace in JupyterLab."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from lrcourse.errors import CommandError


def open_lab(workspace: Path, first: Path, *, port: int | None, browser: bool) -> int:
    """Start JupyterLab in `workspace` on the notebook `first`; return its exit code when it ends.

    Without a port, JupyterLab takes the first free one from 8888. One that is given should be free: `require_free`.
    """
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={workspace.resolve()}",
        f"--LabApp.default_url=/lab/tree/{first.as_posix()}",
        # The lock decides which JupyterLab this is: no reminder that there is a newer one.
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        command.append("--no-browser")
    if _is_root():
        command.append("--allow-root")
    try:
        return subprocess.run(command, cwd=workspace, check=False).returncode
    except KeyboardInterrupt:
        return 0  # Ctrl-C is how one leaves; JupyterLab has had it too and shut its kernels down


def require_free(port: int) -> None:
    """CommandError if nothing can listen on `port` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used: {error.strerror}. Name another with --port, or leave it out."
            ) from error


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
