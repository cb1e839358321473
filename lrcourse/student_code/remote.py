"""The student whose code lives in another process: the same interface over a line that carries text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lrcourse.student_code.messages import Question, Reply
from lrcourse.student_code.source import names_bound_in, read_answer
from lrcourse.student_code.wire import UNREADABLE, BadMessage, Handle, dumps, loads, pack_argument, pack_question
from lrcourse.student_code.wire import unpack_reply as unpack

LONGEST_PRINT = 20_000


class NoReply(Exception):
    """The other process gave no answer: it did not return in time, or it is gone."""

    def __init__(self, kind: str, note: str):
        super().__init__(note)
        self.reply = Reply(kind, note=note)


class RemoteStudent:
    """The student at the other end of `line`, which takes an order and returns the answer, or raises `NoReply`.

    `cells` are the submitted texts of the student's cells: answers and sources are read from them, here, and never
    from the process that ran them.
    """

    def __init__(self, line: Callable[[str], str], cells: list[str]):
        self._line = line
        self._cells = cells
        self._shown: set[str] = set()

    def call(self, name: str, *args) -> Reply:
        """The reply of `name(*args)`."""
        return self._one({"do": "call", "name": name, "args": [pack_argument(arg) for arg in args]})

    def map(self, name: str, arguments: list[tuple]) -> list[Reply]:
        """The replies of `name(*args)` for each `args`, in one message."""
        return [replies[0] for replies in self.converse(Question(name, tuple(args)) for args in arguments)]

    def ask(self, handle: Handle, *args) -> Reply:
        """The reply of calling what an earlier call returned."""
        return self._one({"do": "ask", "handle": handle.number, "args": [pack_argument(arg) for arg in args]})

    def applied(self, handle: Handle, steps: tuple[int, ...]) -> Reply:
        """The rates that a real optimizer applies at `steps`."""
        return self._one({"do": "applied", "handle": handle.number, "steps": list(steps)})

    def converse(self, questions: Iterable[Question]) -> Iterator[tuple[Reply, ...]]:
        """The replies to each question, all in one message; it ends early after one that got no answer.

        Where the code breaks under the message as a whole, the questions are put one by one, so that those before the
        one that breaks it are answered.
        """
        asked = list(questions)
        try:
            answers = self._send({"do": "converse", "questions": [pack_question(question) for question in asked]})
        except NoReply as nothing:
            if len(asked) == 1:
                yield (nothing.reply,)
                return
        else:
            yield from answers[: len(asked)]
            if len(answers) < len(asked) and answers[-1][-1].kind != "timeout":
                # An honest agent stops only there. What was not answered must not pass for right.
                yield from [(UNREADABLE,)] * (len(asked) - len(answers))
            return
        for question in asked:
            for replies in self.converse([question]):
                yield replies
                if replies[-1].kind in ("timeout", "died"):
                    return

    def answer(self, name: str) -> Reply:
        """The literal last assigned to `name` at the top level of a cell."""
        return read_answer(name, self._cells)

    def source(self, name: str) -> str | None:
        """The text of the last cell that defines `name` at its top level."""
        defining = [cell for cell in self._cells if name in names_bound_in(cell)]
        return defining[-1] if defining else None

    def _one(self, order: dict) -> Reply:
        try:
            return self._send(order)[0][0]
        except NoReply as nothing:
            return nothing.reply

    def _send(self, order: dict) -> list[tuple[Reply, ...]]:
        """The answers to one order, at least one of them; each is what it claims to be or UNREADABLE."""
        try:
            answer = loads(self._line(dumps(order)))
        except BadMessage:
            return [(UNREADABLE,)] * len(order.get("questions", [None]))
        if not isinstance(answer, dict) or not isinstance(answer.get("replies"), list) or not answer["replies"]:
            return [(UNREADABLE,)] * len(order.get("questions", [None]))
        self._show(answer.get("printed"))
        return [
            tuple(unpack(item) for item in one) if isinstance(one, list) and one else (UNREADABLE,)
            for one in answer["replies"]
        ]

    def _show(self, printed: object) -> None:
        """What the student's code printed while it was asked, once."""
        if not isinstance(printed, str) or not printed.strip() or printed in self._shown:
            return
        if len(self._shown) < 5:
            # Half a character, which JSON can carry, could not be written to a file.
            text = printed[:LONGEST_PRINT].encode("utf-8", "replace").decode("utf-8")
            print(text.rstrip("\n"))
        self._shown.add(printed)
