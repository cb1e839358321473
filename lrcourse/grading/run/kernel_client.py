"""Talk to a kernel that nobody trusts: every wait ends, every message is bounded, and none of them can do harm."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat.v4
import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from nbformat import NotebookNode, ValidationError
from nbformat.validator import validate

LARGEST_MESSAGE = 16 * 2**20  # bytes; one picture is far smaller
MOST_OUTPUT = 2 * 2**20  # characters of output that one cell may leave behind
MOST_OUTPUTS = 200
GRACE = 3.0  # seconds that an interrupted cell has to stop
LATE = 2.0  # seconds that outputs have to arrive after the reply; from a flood of them no more is kept anyway
AT_START = 0.05  # the same for a kernel that was asked only whether it is ready: if nothing comes, it is asked again
RECONNECT = 10  # milliseconds between two tries to reach a kernel that is still starting
POLL = 100  # milliseconds between two looks at whether the kernel still lives
TOO_MUCH = "\n(This cell prints more than {} characters; the rest is left out.)\n".format(f"{MOST_OUTPUT:,}")


@dataclass
class Ran:
    """What came of a request: `status` is "ok", "error", "timeout" or "died", `expression` what was asked for."""

    status: str
    outputs: list[NotebookNode] = field(default_factory=list)
    expression: str | None = None
    stopped: bool = True  # whether it has been answered
    idle: bool = False  # whether the kernel has said so, after its last output


class KernelClient:
    """The client of the kernel with this connection file; `alive` tells whether its process still runs."""

    def __init__(self, connection_file: Path, alive: Callable[[], bool]):
        context = zmq.Context()
        context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        context.setsockopt(zmq.RCVHWM, 64)
        context.setsockopt(zmq.RECONNECT_IVL, RECONNECT)
        self._alive = alive
        self._client = BlockingKernelClient(context=context, connection_file=str(connection_file))
        self._client.load_connection_file()
        self._client.start_channels(shell=True, iopub=True, stdin=False, hb=False, control=True)
        self._poller = zmq.Poller()
        for channel in (self._client.shell_channel, self._client.iopub_channel):
            self._poller.register(channel.socket, zmq.POLLIN)

    def wait_until_ready(self, seconds: float) -> bool:
        """Whether the kernel answers within `seconds`, on the channel for outputs too."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._alive():
            # Outputs published before the subscription has reached the kernel are lost, so ask until one arrives.
            left = deadline - time.monotonic()
            if self._wait(self._client.kernel_info(), min(1.0, left), late=AT_START).idle:
                return True
        return False

    def execute(self, code: str, seconds: float) -> Ran:
        """Run a cell; after `seconds` it is interrupted."""
        request = self._client.execute(code, store_history=True, allow_stdin=False, stop_on_error=False)
        return self._until_stopped(request, seconds, outputs=True)

    def evaluate(self, expression: str, seconds: float) -> Ran:
        """The value of an expression that is text; after `seconds` it is interrupted."""
        request = self._client.execute(
            "", silent=True, store_history=False, allow_stdin=False, user_expressions={"value": expression}
        )
        return self._until_stopped(request, seconds, outputs=False)

    def close(self) -> None:
        """Give up the sockets."""
        self._client.stop_channels()
        self._client.context.destroy(linger=0)

    def _until_stopped(self, request: str, seconds: float, *, outputs: bool) -> Ran:
        ran = self._wait(request, seconds, outputs=outputs)
        if ran.status != "timeout":
            return ran
        self._client.control_channel.send(self._client.session.msg("interrupt_request", {}))
        rest = self._wait(request, GRACE, outputs=outputs)
        rest.outputs = ran.outputs + rest.outputs
        rest.stopped = rest.status in ("ok", "error")
        rest.status = rest.status if rest.status == "died" else "timeout"
        return rest

    def _wait(self, request: str, seconds: float, *, outputs: bool = True, late: float = LATE) -> Ran:
        """Collect what belongs to `request` until it is answered; with `outputs` until these have arrived too.

        They have `late` seconds after the answer. The last output comes with the word "idle", which a kernel may lose
        in a flood of them or never send.
        """
        ran = Ran("timeout", stopped=False)
        deadline = time.monotonic() + seconds
        kept = _Outputs(ran.outputs)
        while not ran.stopped or (outputs and not ran.idle):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            if not self._alive():
                ran.status, ran.stopped = "died", False
                break
            if not self._poller.poll(min(POLL, max(1, int(left * 1000)))):
                continue
            for message in self._messages(request):
                kind, content = message["header"]["msg_type"], message["content"]
                if kind in ("execute_reply", "kernel_info_reply"):
                    deadline = min(deadline, time.monotonic() + late)
                    ran.stopped = True
                    ran.status = "ok" if content.get("status") == "ok" else "error"
                    ran.expression = _expression(content)
                elif kind == "status":
                    ran.idle = ran.idle or content.get("execution_state") == "idle"
                else:
                    kept.add(message)
        return ran

    def _messages(self, request: str) -> list[dict]:
        """The messages that are there and belong to `request`; one that is malformed is dropped."""
        found = []
        for channel in (self._client.shell_channel, self._client.iopub_channel):
            for _ in range(64):
                if not channel.socket.poll(0):
                    break
                try:
                    message = channel.get_msg(timeout=0)
                    if message["parent_header"].get("msg_id") == request and isinstance(message["content"], dict):
                        found.append(message)
                # A kernel under a student's control may send anything. None of it may stop the one who grades.
                except (ValueError, TypeError, KeyError, AttributeError, RecursionError, IndexError):
                    continue
        return found


def _expression(content: dict) -> str | None:
    expressions = content.get("user_expressions")
    value = expressions.get("value") if isinstance(expressions, dict) else None
    data = value.get("data") if isinstance(value, dict) else None
    text = data.get("text/plain") if isinstance(data, dict) else None
    return text if isinstance(text, str) else None


class _Outputs:
    """The outputs of one cell, in `kept`, up to a limit."""

    def __init__(self, kept: list[NotebookNode]):
        self._kept = kept
        self._room = MOST_OUTPUT
        self._full = False

    def add(self, message: dict[str, Any]) -> None:
        if message["header"]["msg_type"] == "clear_output":
            self._kept.clear()
            return
        if self._full:
            return
        try:
            output = nbformat.v4.output_from_msg(message)
            validate(output, ref="output", version=4)
            size = len(json.dumps(output, ensure_ascii=False).encode())  # with half a character in it: ValueError
        # What is no output of a notebook is left out.
        except (ValueError, TypeError, KeyError, AttributeError, ValidationError):
            return
        output.pop("transient", None)
        self._room -= size
        if self._room < 0 or len(self._kept) >= MOST_OUTPUTS:
            self._full = True
            if output.get("output_type") == "stream":
                output.text = output.text[:1000] + TOO_MUCH
                self._kept.append(output)
            return
        last = self._kept[-1] if self._kept else None
        if output.output_type == "stream" and last and last.get("name") == output.name:
            last.text += output.text
        else:
            self._kept.append(output)
