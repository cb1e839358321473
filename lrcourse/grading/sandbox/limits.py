"""What one submission may use."""

from __future__ import annotations

from dataclasses import dataclass

from lrcourse.errors import CommandError

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one submission may use; an instructor can set each. Sizes in bytes, times in seconds.

    The sandbox enforces memory, files and processes. The times are for whoever waits for the code's answers.
    CommandError for a limit that is not above 0.
    """

    memory: int = 4096 * MIB  # of all its processes together, and of each
    file: int = 64 * MIB  # one file
    files: int = 256 * MIB  # all files together, what was handed in included
    processes: int = 64  # threads included, as the kernel counts
    cell_seconds: float = 30.0
    submission_seconds: float = 600.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise CommandError(
                    f"The limit {name} of a submission must be above 0; it is {value}. Set a different value."
                )
