"""A student's workspace: the student versions of the lessons, put there once and never over a student's work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lrcourse.errors import CommandError

RECORD = ".lrcourse.json"  # what was written and not yet touched, by digest; kept in the workspace


@dataclass
class Laid:
    """What laying out a workspace did, as paths inside it."""

    written: list[Path] = field(default_factory=list)
    updated: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    beside: list[Path] = field(default_factory=list)


def lay_out(workspace: Path, lessons: Mapping[Path, str]) -> Laid:
    """Put the student version of every lesson into `workspace`: `lessons` are their texts, by path inside it.

    A lesson that the student has not touched is brought up to date. One that they have stays as it is; if the course
    has a newer version, that goes beside it under a name of its own. Raises CommandError where the folder cannot be
    used.
    """
    laid = Laid()
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        record = _read_record(workspace)
        for name, text in lessons.items():
            _put(workspace, name, text, record, laid)
            _write_record(workspace, record)
    except OSError as error:
        where = error.filename or workspace
        raise CommandError(f"Cannot write the lessons to {where}: {error.strerror}. Name another folder.") from error
    return laid


def first_lesson(folder: Path) -> Path:
    """The first lesson in a folder that a class was given, as a path inside it; CommandError if there is none."""
    lessons = sorted(path.relative_to(folder) for path in folder.glob("*/*.ipynb"))
    if not lessons:
        raise CommandError(f"There are no lessons in {folder}. Name the folder of lessons that your class was given.")
    return lessons[0]


def _put(workspace: Path, name: Path, text: str, record: dict[str, str], laid: Laid) -> None:
    target = workspace / name
    if not target.exists():
        _write(target, text, record, workspace)
        laid.written.append(name)
        return
    untouched = record.get(str(name)) == _digest(target.read_bytes())
    if target.read_text(encoding="utf-8", errors="replace") == text or _was_offered(record, name, text):
        laid.kept.append(name)
    elif untouched:
        _write(target, text, record, workspace)
        laid.updated.append(name)
    else:
        newer = _free_name(workspace, name)
        _write(workspace / newer, text, record, workspace)
        record[f"{name} offered"] = _digest(text.encode())
        laid.kept.append(name)
        laid.beside.append(newer)


def _was_offered(record: dict[str, str], name: Path, text: str) -> bool:
    """Whether the student has seen this version: it is the one they changed, or it has been put beside theirs."""
    return _digest(text.encode()) in (record.get(str(name)), record.get(f"{name} offered"))


def _free_name(workspace: Path, name: Path) -> Path:
    number = 1
    while True:
        candidate = name.with_name(f"{name.stem}.new{'' if number == 1 else f'-{number}'}{name.suffix}")
        if not (workspace / candidate).exists():
            return candidate
        number += 1


def _write(target: Path, text: str, record: dict[str, str], workspace: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(target)  # whole or not at all, even when the disk fills up
    record[str(target.relative_to(workspace))] = _digest(text.encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_record(workspace: Path) -> dict[str, str]:
    try:
        record = json.loads((workspace / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        return {}  # without a record every file counts as the student's, so nothing is overwritten
    return record if isinstance(record, dict) else {}


def _write_record(workspace: Path, record: dict[str, str]) -> None:
    (workspace / RECORD).write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
