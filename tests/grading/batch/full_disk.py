"""Saves results in a course on a disk that is full by then: run as `full_disk.py COURSE RESULTS` in a small folder.

Each time there is room for a little more, so that another step finds the disk full. Then there is room, and the same
goes on. Prints what was said each time; what came of it is copied to RESULTS.
"""

import os
import shutil
import sys
from pathlib import Path

from killed import save
from small_class import CLASS

from lrcourse.errors import CommandError

ROOM = [kib << 10 for kib in (0, 8, 16, 24, 32, 48, 64, 96)]


def fill_but(room: int) -> Path:
    ballast = Path("ballast")
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            os.ftruncate(file.fileno(), file.tell() - room)
    return ballast


def main() -> None:
    course, results = map(Path, sys.argv[1:3])
    students = list(CLASS)
    save(shutil.copytree(course, results / "undisturbed"), students)
    for room in ROOM:
        root = shutil.copytree(course, Path.cwd() / "course")
        save(root, students[:1])
        ballast = fill_but(room)
        try:
            save(root, students)
            print("saved")
        except CommandError as error:
            print(error)
        ballast.unlink()
        save(root, students)
        shutil.copytree(root, results / str(room))
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
