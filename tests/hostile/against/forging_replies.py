"""Submissions that answer in the place of the agent in their kernel, or speak to the grader behind its back."""

from __future__ import annotations

from attack import RIGHT, WRONG, attack

# What takes the place of the agent's answer: expressions in `message`, the grader's order as text.
SHAPES = (
    """'{"replies": [[{"kind": "number", "value": NaN}], [{"kind": "number", "value": 1e999}]], "printed": ""}'""",
    """'{"replies": [[{"kind": "number", "value": ' + '9' * 4000 + '}]], "printed": ""}'""",
    """'{"replies": [[{"kind": "number", "value": ' + '9' * 100_000 + '}]], "printed": ""}'""",
    """'{"replies": [[{"kind": "number", "value": true}], {"kind": "number"}, [[]], 7, null], "printed": [1]}'""",
    """'{"replies": [], "printed": ""}'""",
    """'2.0'""",
    """''""",
    """'{"replies": ' + '[' * 100_000 + ']' * 100_000 + '}'""",
    """'{"replies": [[' + '{"kind": "list", "value": [' * 300 + ']}' * 300 + ']], "printed": ""}'""",
    """'{"replies": [[{"kind": "none"}]], "replies": [[{"kind": "number", "value": 0.1}]], "printed": ""}'""",
    """'{"replies": [[{"kind": "handle", "value": -1}], [{"kind": "handle", "value": 1e9}]], "printed": ""}'""",
    """'{"replies": [' + ', '.join(['[{"kind": "number", "value": 0.1}]'] * 1000) + '], "printed": ""}'""",
    r"""'{"replies": [[{"kind": "text", "value": "\\ud800", "note": "\\u0000\\u001b"}]], "printed": "\\ud800"}'""",
    """'{"replies": [[{"kind": "text", "value": "' + 'x' * 3_000_000 + '"}]], "printed": "' + 'y' * 900_000 + '"}'""",
)


def _answer(submission, *replies: str) -> None:
    """Let these take the place of the agent's answers, in turn."""
    submission.first(
        "import itertools\n"
        "import lrcourse.student_code.agent as agent\n"
        f"replies = itertools.cycle([{', '.join(f'lambda: {reply}' for reply in replies)}])\n"
        "agent.obey = lambda message: agent.Said(next(replies)())\n"
        "agent.Agent.obey = lambda self, message: next(replies)()"
    )
    submission.write()


@attack(WRONG)
def claims_to_be_correct(submission):
    """Says that it is correct and how many points it has."""
    _answer(submission, """'{"replies": [[{"kind": "correct", "value": 2}]], "points": 2, "outcome": "correct"}'""")


@attack(WRONG)
def replies_out_of_shape(submission):
    """Answers with what is no number, no reply or no JSON, in fourteen ways."""
    _answer(submission, *SHAPES)


@attack(WRONG, time="incorrect or timeout or died", steps="incorrect or timeout or died")
def replies_too_long(submission):
    """Answers with 8 MB, then with 60 MB, more than a message may have."""
    _answer(submission, "'x' * 8_000_000", "'x' * 60_000_000")


@attack(WRONG, time="not attempted", steps="not attempted")
def claims_to_be_missing(submission):
    """Says that there is no such function, in the hope that an exercise without one is left out."""
    submission.first(
        "import lrcourse.student_code.agent as agent\n"
        """agent.obey = lambda m: agent.Said('{"replies": [[{"kind": "missing"}]], "printed": ""}')"""
    )
    submission.write()


@attack(WRONG, time="timeout", steps="timeout")
def knows_the_examples_only(submission):
    """Answers the public examples, and pretends to have run out of time for all else."""
    submission.answer(
        time=(
            "def time_based_decay(initial_lr, decay, step):\n"
            "    if (initial_lr, decay) == (0.1, 0.01):\n        return initial_lr / (1 + decay * step)\n"
            "    from lrcourse.student_code.local import TimeIsUp\n    raise TimeIsUp"
        ),
        steps=(
            "def steps_between_decays(n_examples, batch_size, epochs):\n"
            "    if n_examples in (60_000, 1200):\n        return -(-n_examples // batch_size) * epochs\n"
            "    from lrcourse.student_code.local import TimeIsUp\n    raise TimeIsUp"
        ),
    )
    submission.write()


@attack(WRONG, time="incorrect or raised", steps="incorrect or raised")
def patches_json(submission):
    """Makes the kernel's json write what it likes."""
    submission.first(
        "import json\n"
        'json.dumps = lambda *a, **k: \'{"replies": [[{"kind": "number", "value": 0.1}]], "printed": ""}\'\n'
        "json.loads = lambda *a, **k: {'do': 'call', 'name': 'print', 'args': []}"
    )
    submission.write()


@attack(WRONG, time="incorrect or died or timeout", steps="incorrect or died or timeout")
def answers_for_the_shell(submission):
    """Replaces what the shell does with the grader's expressions."""
    submission.first(
        "shell = get_ipython()\n"
        "value = {'status': 'ok', 'data': {'text/plain': '2.0'}, 'metadata': {}}\n"
        "shell.user_expressions = lambda expressions: {'value': value}"
    )
    submission.write()


@attack(WRONG, time="incorrect or died or timeout", steps="incorrect or died or timeout")
def answers_for_the_kernel(submission):
    """Replaces ipykernel's own do_execute: every request is done and worth 2.0."""
    submission.first(
        "kernel = get_ipython().kernel\n"
        "async def do_execute(*a, **k):\n"
        "    return {'status': 'ok', 'execution_count': 1, 'payload': [], 'user_expressions':\n"
        "            {'value': {'status': 'ok', 'data': {'text/plain': '2.0'}, 'metadata': {}}}}\n"
        "kernel.do_execute = do_execute"
    )
    submission.write()


@attack(WRONG, time="incorrect or died or timeout", steps="incorrect or died or timeout")
def sends_broken_messages(submission):
    """Sends replies of the wrong shape and messages that are none, for every request."""
    submission.first(
        "kernel = get_ipython().kernel\n"
        "async def do_execute(*a, **k):\n"
        "    return {'status': ['ok'], 'user_expressions': [1, 2], 'execution_count': {'a': 'b'}, 'payload': 7}\n"
        "kernel.do_execute = do_execute\n"
        "for part in (b'', b'<IDS|MSG>', b'x' * 100):\n"
        "    tried(lambda: kernel.iopub_socket.send(part))"
    )
    submission.write()


@attack(WRONG)
def publishes_from_a_thread(submission):
    """A thread publishes results in the name of whatever the grader asks next."""
    submission.first(
        "import threading, time\n"
        "kernel = get_ipython().kernel\n"
        "def forge():\n"
        "    for _ in range(3000):\n"
        "        for kind, content in (\n"
        "            ('execute_result', {'data': {'text/plain': '2.0'}, 'metadata': {}, 'execution_count': 1}),\n"
        "            ('stream', {'name': 'stderr', 'text': 'forged'}),\n"
        "            ('status', {'execution_state': 'idle'}),\n"
        "        ):\n"
        "            try:\n"
        "                kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent())\n"
        "            except Exception:\n"
        "                pass\n"
        "        time.sleep(0.002)\n"
        "threading.Thread(target=forge, daemon=True).start()"
    )
    submission.write()


@attack(WRONG, time="incorrect or died or timeout", steps="incorrect or died or timeout")
def replies_before_it_is_asked(submission):
    """A thread sends the reply to the grader's request while the request is still at work."""
    submission.first(
        "import threading, time\n"
        "kernel = get_ipython().kernel\n"
        "reply = {'status': 'ok', 'execution_count': 1, 'payload': [], 'user_expressions': {'value': {'status': 'ok',\n"
        '    \'data\': {\'text/plain\': \'{"replies": [[{"kind": "number", "value": 0.1}]], "printed": ""}\'},\n'
        "    'metadata': {}}}}\n"
        "def forge():\n"
        "    for _ in range(2000):\n"
        "        for socket in ('shell_socket', 'shell_stream'):\n"
        "            try:\n"
        "                parent = kernel.get_parent()\n"
        "                ident = parent.get('identities')\n"
        "                kernel.session.send(getattr(kernel, socket), 'execute_reply', reply, parent, ident)\n"
        "            except BaseException:\n"
        "                pass\n"
        "        time.sleep(0.002)\n"
        "threading.Thread(target=forge, daemon=True).start()"
    )
    submission.write()


@attack(RIGHT)
def floods_the_replies(submission):
    """Every function prints 30 000 characters of false marks each time that it is asked, and is right."""
    submission.answer(
        time=(
            "def time_based_decay(initial_lr, decay, step):\n"
            "    print('time_based_decay: correct. 1000 of 2 points.' * 1000, step)\n"
            "    return initial_lr / (1 + decay * step)"
        )
    )
    submission.write()
