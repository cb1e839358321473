"""The end of the wire in the student's own process: takes an order, asks the code, packs what came back.

It runs beside the code that it asks, so nothing here decides anything: whatever it says is checked and judged by the
other end.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any

import lrcourse
from lrcourse.student_code.local import LocalStudent
from lrcourse.student_code.messages import Reply
from lrcourse.student_code.wire import Handle, dumps, loads, pack_reply, unpack_argument, unpack_question

LONGEST_PRINT = 20_000  # characters of what the code prints while it is asked


class Agent:
    """Answers orders about the code in `namespace`."""

    def __init__(self, namespace: dict):
        self._student = LocalStudent(namespace, [])
        self._handles: list[Any] = []

    def obey(self, message: str) -> str:
        """The answer to one order, both as JSON.

        Orders: `{"do": "converse", "questions": [...]}`, `{"do": "call", "name": ..., "args": [...]}`, `{"do": "ask",
        "handle": 2, "args": [...]}` and `{"do": "applied", "handle": 2, "steps": [...]}`. Each is answered with
        `{"replies": [[...], ...], "printed": "..."}`.
        """
        order = loads(message)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            replies = self._replies(order)
        packed = [[self._pack(reply) for reply in one] for one in replies]
        return dumps({"replies": packed, "printed": printed.getvalue()[:LONGEST_PRINT]})

    def _replies(self, order: dict) -> list[tuple[Reply, ...]]:
        if order["do"] == "converse":
            return list(self._student.converse([unpack_question(data) for data in order["questions"]]))
        if order["do"] == "call":
            return [(self._student.call(order["name"], *self._arguments(order["args"])),)]
        handle = self._handles[order["handle"]]
        if order["do"] == "ask":
            return [(self._student.ask(handle, *self._arguments(order["args"])),)]
        return [(self._student.applied(handle, tuple(order["steps"])),)]

    def _arguments(self, data: list) -> list:
        given = [unpack_argument(item) for item in data]
        return [self._handles[item.number] if isinstance(item, Handle) else item for item in given]

    def _pack(self, reply: Reply) -> dict:
        if reply.kind != "handle":
            return pack_reply(reply)
        self._handles.append(reply.value)
        return pack_reply(reply, len(self._handles) - 1)


def prepare() -> None:
    """The first line of every kernel in which a submission is graded.

    A helper file beside the notebook can be imported, as in JupyterLab: last, so that it stands for no other module.
    `check`, `hint` and `question` say nothing: the graded cells run elsewhere, with the real ones.
    """
    sys.path.append(os.getcwd())
    for name in ("check", "hint", "question"):
        setattr(lrcourse, name, _say_nothing)


def _say_nothing(id: str, **options) -> None:
    """Nothing; the mark comes from the graded cell."""


_agent: Agent | None = None


class Said:
    """A text that a kernel shows as it is, without quotes."""

    def __init__(self, text: str):
        self._text = text

    def __repr__(self) -> str:
        return self._text


def obey(message: str) -> Said:
    """The answer of this kernel's agent to one order."""
    global _agent
    if _agent is None:
        from IPython import get_ipython

        _agent = Agent(get_ipython().user_ns)
    try:
        return Said(_agent.obey(message))
    finally:
        sys.stdout.flush()
