"""What travels between the trusted process and the student's: strict JSON, both ways.

Arguments are JSON values or tagged ones: `{"np": "int64", "value": 3}` for a NumPy scalar, `{"np": "float64", "array":
[...]}` for an array of one axis, `{"table": [...], "name": "after"}` for a function given by its values, `{"tuple":
[...]}` and `{"handle": 2}`. Replies are tagged with their kind. Whatever comes from the student's process is checked
before it is used: size, depth, types, finite numbers. A reply that breaks a rule is an answer of the kind "other",
never an error of the one who reads it.
"""

from __future__ import annotations

import json
import math
from typing import Any

from lrcourse.student_code.messages import FAILURES, Question, Reply, Table

LARGEST = 4 * 2**20  # bytes of one message
MOST_NESTS = 250_000  # brackets in one message, and commas: with its size they bound the memory that reading it takes
MOST_COMMAS = 1_000_000
DEEPEST = 6  # lists in lists
LONGEST_TEXT = 2_000  # characters of a text or a note that are kept
KINDS = {"number", "truth", "list", "none", "text", "nan", "infinite", "array", "handle", "other", *FAILURES}
UNREADABLE = Reply("other", note="something that cannot be read")
NUMPY_TYPES = (
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
)


class BadMessage(ValueError):
    """A message that breaks a rule of the wire."""


def pack_argument(value: Any) -> Any:
    """`value` as JSON, tagged where JSON has no word for it; TypeError where it cannot travel."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Table):
        return {"table": list(value.values), "name": value.name}
    if hasattr(value, "dtype") and getattr(value, "shape", None) == ():
        return {"np": value.dtype.name, "value": value.item()}
    if hasattr(value, "dtype") and len(getattr(value, "shape", ())) == 1 and hasattr(value, "tolist"):
        return {"array": value.tolist(), "np": value.dtype.name}
    if isinstance(value, int | float):
        return value
    if isinstance(value, tuple):
        return {"tuple": [pack_argument(item) for item in value]}
    if isinstance(value, list):
        return [pack_argument(item) for item in value]
    if isinstance(value, Handle):
        return {"handle": value.number}
    raise TypeError(f"An argument for a student's function must be plain data; got {type(value).__name__}.")


def unpack_argument(data: Any) -> Any:
    """The argument that `pack_argument` packed, built in the student's process."""
    if isinstance(data, list):
        return [unpack_argument(item) for item in data]
    if not isinstance(data, dict):
        return data
    if "table" in data:
        return Table(tuple(data["table"]), data["name"])
    if "tuple" in data:
        return tuple(unpack_argument(item) for item in data["tuple"])
    if "handle" in data:
        return Handle(data["handle"])
    if data.get("np") not in NUMPY_TYPES:
        raise BadMessage(f"There is no NumPy type {data.get('np')!r} on this wire.")
    import numpy as np

    if "array" in data:
        return np.array(data["array"], dtype=data["np"])
    return np.dtype(data["np"]).type(data["value"])


class Handle:
    """Stands for a thing that stays in the student's process."""

    def __init__(self, number: int):
        self.number = number


def pack_question(question: Question) -> dict:
    """A question as JSON."""
    return {
        "name": question.name,
        "args": [pack_argument(value) for value in question.args],
        "then": [pack_argument(value) for value in question.then],
        "applied": question.applied,
    }


def unpack_question(data: dict) -> Question:
    """The question that `pack_question` packed."""
    args = tuple(unpack_argument(value) for value in data["args"])
    return Question(data["name"], args, tuple(unpack_argument(value) for value in data["then"]), data["applied"])


def pack_reply(reply: Reply, number: int | None = None) -> dict:
    """A reply as JSON; `number` is the handle's, where it is one."""
    packed: dict[str, Any] = {"kind": reply.kind}
    if reply.kind == "list":
        packed["value"] = [pack_reply(item) for item in reply.value]
    elif reply.kind == "handle":
        packed["value"] = number
    elif reply.value is not None:
        packed["value"] = reply.value[:LONGEST_TEXT] if isinstance(reply.value, str) else reply.value
    if reply.note:
        packed["note"] = reply.note[:LONGEST_TEXT]
    return packed


def unpack_reply(data: Any, depth: int = 0) -> Reply:
    """The reply that came over the wire, every part of it checked."""
    if not isinstance(data, dict) or not data.keys() <= {"kind", "value", "note"} or depth > DEEPEST:
        return UNREADABLE
    kind, value, note = data.get("kind"), data.get("value"), data.get("note", "")
    if not isinstance(kind, str) or kind not in KINDS or not isinstance(note, str):
        return UNREADABLE
    note = _printable(note)
    if kind == "number":
        return Reply(kind, float(value), note) if _is_number(value) else UNREADABLE
    if kind == "truth":
        return Reply(kind, value, note) if isinstance(value, bool) else UNREADABLE
    if kind == "text":
        return Reply(kind, value[:LONGEST_TEXT], note) if isinstance(value, str) else UNREADABLE
    if kind == "list":
        return Reply(kind, [unpack_reply(v, depth + 1) for v in value], note) if isinstance(value, list) else UNREADABLE
    if kind == "handle":
        whole = isinstance(value, int) and not isinstance(value, bool)
        return Reply(kind, Handle(value), note) if whole else Reply("handle", None, note)
    if kind in ("raised", "rejected"):
        names = value if isinstance(value, list) and all(isinstance(name, str) for name in value) else ["Exception"]
        return Reply(kind, [_printable(name)[:100] for name in names[:20]] or ["Exception"], note)
    return Reply(kind, None, note)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 2**63 if isinstance(value, int) else math.isfinite(value)


def _printable(text: str) -> str:
    """Without control characters, which a terminal or a notebook would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_TEXT])


def dumps(data: Any) -> str:
    """`data` as one line of JSON; never NaN or an infinity."""
    return json.dumps(data, allow_nan=False)


def loads(text: str) -> Any:
    """What a message of the other side holds; BadMessage where it is too large or no strict JSON."""
    if len(text) > LARGEST:
        raise BadMessage(f"The message has {len(text)} characters; {LARGEST} are allowed.")
    if text.count("[") + text.count("{") > MOST_NESTS or text.count(",") > MOST_COMMAS:
        raise BadMessage(f"The message has more than {MOST_NESTS:,} brackets or {MOST_COMMAS:,} commas.")
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise BadMessage(f"The message is not strict JSON: {error}") from error


def _refuse(name: str) -> None:
    raise BadMessage(f"{name} is not JSON.")


def _unique(pairs: list[tuple[str, Any]]) -> dict:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise BadMessage("A key occurs twice.")
    return dict(pairs)
