"""Seeds for hidden probes: secret, the same for a whole class, the same again on a regrade.

Each is HMAC(course secret, assignment, exercise, grading round). The secret is made on first use and lies beside the
gradebook; whoever has it and the course can reproduce every mark.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from lrcourse.errors import CommandError

SECRET = ".course_secret"
_BYTES = 32


def course_secret(root: Path) -> bytes:
    """The secret of the course in `root`, made if there is none; CommandError if the file holds none."""
    path = root / SECRET
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise CommandError(
            f"{path} does not hold a secret (64 hexadecimal digits). Move it away, and a new one is made."
        ) from error
    if len(secret) != _BYTES:
        raise CommandError(
            f"{path} does not hold a secret (64 hexadecimal digits). Move it away, and a new one is made."
        )
    return secret


def probe_seed(secret: bytes, assignment: str, exercise: str, round: int = 1) -> str:
    """The seed for the hidden probes of one exercise."""
    # Lengths keep ("a", "bc") and ("ab", "c") apart.
    text = "".join(f"{len(part)}:{part}," for part in (assignment, exercise, str(round)))
    return hmac.new(secret, text.encode(), "sha256").hexdigest()
