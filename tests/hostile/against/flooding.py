"""Submissions whose kernel sends what takes the grader long to read, or more than it can hold."""

from __future__ import annotations

from attack import RIGHT, attack

SEND = (
    "k = get_ipython().kernel\n"
    "def send(kind, content):\n"
    "    k.session.send(k.iopub_socket, kind, content, parent=k.get_parent())\n"
)
REPLY = (
    "import lrcourse.student_code.agent as agent\n"
    "class Reply:\n    def __repr__(self):\n        return text\n"
    "agent.obey = lambda message: Reply()\n"
)


def _sends(submission, message: str, times: int = 20) -> None:
    submission.first(f"{SEND}for _ in range({times}):\n    send({message})")
    submission.write()


@attack(RIGHT)
def sends_countless_keys(submission):
    """Shows a thing of 300 000 kinds."""
    _sends(submission, "'display_data', {'data': dict.fromkeys(map(str, range(300_000)), 0)}", 5)


@attack(RIGHT)
def sends_countless_lists(submission):
    """Shows things of a million lists, as large as a message may be and larger."""
    _sends(submission, "'display_data', {'data': {'a': [[] for _ in range(900_000)]}}", 3)


@attack(RIGHT)
def sends_countless_parts(submission):
    """Sends one message of 300 parts, a gigabyte in all."""
    submission.first(
        f"{SEND}"
        "head = k.session.serialize(k.session.msg('stream', {'name': 'stdout', 'text': 'x'}, parent=k.get_parent()))\n"
        "large = bytes(3_900_000)\n"
        "k.iopub_thread.schedule(\n"
        "    lambda: k.iopub_thread.socket.send_multipart([b'x', *head, *[large] * 300], copy=False)\n)"
    )
    submission.write()


@attack(RIGHT)
def sends_countless_texts(submission):
    """Sends 20 000 texts of one letter, to two streams in turn."""
    _sends(submission, "'stream', {'name': 'stdout' if _ % 2 else 'stderr', 'text': 'x'}", 20_000)


@attack(RIGHT)
def sends_what_is_no_output(submission):
    """Sends outputs whose fields are of other types, errors with numbers for lines, halves of characters."""
    submission.first(
        f"{SEND}"
        "for thing in (None, 1, [], {}, 'x', [[]], {'a': {}}, {'text/plain': 1}, {'image/png': ['x']}, '\\ud800'):\n"
        "    for kind in ('display_data', 'execute_result', 'error', 'stream', 'status', 'clear_output'):\n"
        "        for field in ('data', 'metadata', 'traceback', 'text', 'name', 'execution_count'):\n"
        "            tried(send, kind, {'name': 'stdout', 'text': 'y', 'data': {}, 'metadata': {}, field: thing})"
    )
    submission.write()


@attack(RIGHT)
def prints_in_every_cell(submission):
    """Has 30 cells that print two megabytes each."""
    for _ in range(30):
        submission.code("print('x' * 1_900_000)")
    submission.write()


@attack(RIGHT, time="incorrect", steps="incorrect")
def answers_in_countless_lists(submission):
    """Answers each question with a million lists."""
    submission.first(f"text = '{{\"replies\": [[' + '[],' * 1_200_000 + '[]]]}}'\n{REPLY}")
    submission.write()


@attack(RIGHT, time="incorrect", steps="incorrect")
def answers_in_countless_objects(submission):
    """Answers each question with a hundred thousand answers."""
    submission.first(f"text = '{{\"replies\": [[' + '{{\"kind\":\"none\"}},' * 100_000 + '{{}}]]}}'\n{REPLY}")
    submission.write()


@attack(RIGHT)
def changes_its_key(submission):
    """Signs its answers with another key, so that none is believed."""
    submission.first("get_ipython().kernel.session.key = b'another'")
    submission.write()
