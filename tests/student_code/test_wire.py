"""What travels between two processes, and what a student's process may not do to the one that judges."""

import json

import numpy as np
import pytest

from lrcourse.student_code import LocalStudent, Question, Reply, Table
from lrcourse.student_code.agent import Agent
from lrcourse.student_code.remote import NoReply, RemoteStudent
from lrcourse.student_code.wire import (
    DEEPEST,
    LARGEST,
    UNREADABLE,
    BadMessage,
    dumps,
    loads,
    pack_argument,
    pack_reply,
    unpack_argument,
    unpack_reply,
)


@pytest.mark.parametrize(
    "value", [None, True, 3, 0.1, "text", (1, 2.5), [1, (2,)], np.int64(3), np.float32(0.5), Table((0.1, 0.2), "after")]
)
def test_an_argument_arrives_as_it_was(value):
    arrived = unpack_argument(json.loads(dumps(pack_argument(value))))
    assert arrived == value
    assert type(arrived) is type(value)


@pytest.mark.parametrize("kind", ["float64", "float32", "int64"])
def test_an_array_arrives_as_an_array_of_its_type(kind):
    sent = np.array([90.5, 91, 92.25]).astype(kind)
    arrived = unpack_argument(json.loads(dumps(pack_argument([sent, 2]))))[0]
    assert (type(arrived), arrived.dtype, arrived.shape) == (np.ndarray, sent.dtype, (3,))
    np.testing.assert_array_equal(arrived, sent)
    with pytest.raises(TypeError, match="plain data"):
        pack_argument(np.zeros((2, 2)))


def test_an_argument_that_is_no_data_is_refused():
    with pytest.raises(TypeError, match="plain data"):
        pack_argument(object())


def converse(namespace: dict, *questions: Question) -> list[tuple[Reply, ...]]:
    """The same conversation in one process and over the wire; both give the same."""
    here = list(LocalStudent(namespace, []).converse(questions))
    there = list(RemoteStudent(Agent(namespace).obey, []).converse(questions))
    assert [[(r.kind, r.note) for r in replies] for replies in there] == [
        [(r.kind, r.note) for r in replies] for replies in here
    ]
    return there


def test_numbers_functions_and_errors_cross_the_wire():
    def halving(initial_lr, every):
        return lambda epoch, lr: initial_lr * 0.5 ** (epoch // every)

    replies = converse(
        {"halving": halving, "double": lambda x: 2 * x, "broken": lambda: 1 / 0, "nan": lambda: float("nan")},
        Question("double", (np.int64(4),)),
        Question("halving", (0.1, 10), ((0, 0.5), (25, 0.5))),
        Question("broken", ()),
        Question("nan", ()),
        Question("missing", ()),
        Question("double", ([1, 2],)),
        Question("halving", (0.1, 10)),
    )
    assert replies[0][0].value == 8.0
    assert [reply.value for reply in replies[1]] == [0.1, 0.025]
    assert replies[2][0].value[0] == "ZeroDivisionError"
    assert [one[0].kind for one in replies[3:]] == ["nan", "missing", "list", "handle"]


def test_a_handle_is_called_in_turn():
    student = RemoteStudent(Agent({"halving": lambda a, n: lambda e, r: a * 0.5 ** (e // n)}).obey, [])
    handle = student.call("halving", 0.1, 10).value
    assert student.ask(handle, 25, 0.7).value == 0.025


def test_many_calls_go_in_one_message():
    messages = []
    agent = Agent({"double": lambda x: 2 * x})

    def line(message: str) -> str:
        messages.append(message)
        return agent.obey(message)

    assert [reply.value for reply in RemoteStudent(line, []).map("double", [(n,) for n in range(50)])] == [
        2.0 * n for n in range(50)
    ]
    assert len(messages) == 1


def test_a_table_is_a_plain_function_for_the_student():
    (reply,) = converse({"f": lambda after: after(0, 1)}, Question("f", (Table((0.1,)),)))[0]
    assert "after() takes 1 positional argument but 2 were given" in reply.note
    assert "Table" not in reply.note


def nested(depth: int) -> dict:
    data: dict = {"kind": "number", "value": 1.0}
    for _ in range(depth):
        data = {"kind": "list", "value": [data]}
    return data


FORGED = {
    "no object": [1, 2],
    "no kind": {"value": 1.0},
    "unknown kind": {"kind": "correct"},
    "kind of the wrong type": {"kind": ["number"], "value": 1.0},
    "extra key": {"kind": "number", "value": 1.0, "points": 2},
    "number as text": {"kind": "number", "value": "0.1"},
    "number as truth": {"kind": "number", "value": True},
    "number without end": {"kind": "number", "value": json.loads("1e999")},
    "number of a million digits": {"kind": "number", "value": 10**4000},
    "text as number": {"kind": "text", "value": 3},
    "list as text": {"kind": "list", "value": "abc"},
    "note as a list": {"kind": "none", "note": []},
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_reply_is_no_answer(name):
    assert unpack_reply(FORGED[name]) == UNREADABLE


def test_lists_in_lists_end():
    reply = unpack_reply(nested(DEEPEST + 3))
    while reply.kind == "list":
        (reply,) = reply.value
    assert reply == UNREADABLE


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "NaN",
        '{"replies": [[{"kind": "number", "value": NaN}]]}',
        '{"a": 1, "a": 2}',
        "[" * 100_000,
        '"' + "x" * LARGEST + '"',
    ],
)
def test_a_message_that_is_no_strict_json_is_refused(message):
    with pytest.raises(BadMessage):
        loads(message)


@pytest.mark.parametrize(
    "answer",
    ["", "null", "[]", '{"replies": []}', '{"replies": 3}', '{"replies": [3, 4, 5]}', '{"replies": [[], [], []]}'],
)
def test_a_line_that_answers_nonsense_earns_nothing_and_harms_nobody(answer):
    student = RemoteStudent(lambda message: answer, [])
    replies = list(student.converse([Question("f", (n,)) for n in range(3)]))
    assert replies == [(UNREADABLE,)] * 3
    assert student.call("f") == UNREADABLE


def test_questions_left_unanswered_do_not_pass():
    right = dumps({"replies": [[{"kind": "number", "value": 1.0}]], "printed": ""})
    replies = list(RemoteStudent(lambda message: right, []).converse([Question("f", ())] * 4))
    assert [one[0].kind for one in replies] == ["number", "other", "other", "other"]


def test_answers_before_the_one_that_breaks_the_process_are_kept():
    agent = Agent({"f": lambda x: 2 * x})

    def line(message: str) -> str:
        if '"args": [3]' in message:
            raise NoReply("died", "the process is gone")
        return agent.obey(message)

    replies = list(RemoteStudent(line, []).converse([Question("f", (n,)) for n in range(6)]))
    assert [one[0].kind for one in replies] == ["number", "number", "number", "died"]


def test_what_the_code_prints_is_shown_once_and_bounded(capsys):
    def talks(x):
        print("working" if x < 9 else "y" * 10**6)
        return x

    list(RemoteStudent(Agent({"f": talks}).obey, []).converse([Question("f", (n,)) for n in range(10)]))
    out = capsys.readouterr().out
    assert out.count("working") == 1
    assert len(out) < 50_000


def test_notes_carry_no_control_characters():
    assert "\x1b" not in unpack_reply({"kind": "raised", "value": ["E"], "note": "\x1b[2Jgone"}).note
    assert pack_reply(Reply("text", "x" * 10**6))["value"] == "x" * 2000
