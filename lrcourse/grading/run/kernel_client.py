"""Talk to a kernel that nobody trusts: every wait ends, every message is bounded, and none of them can do harm.

The kernel speaks ZeroMQ. On this side a few lines do so too, for the library reads ahead, and holds a message of any
number of parts until the last of them has come.
"""

from __future__ import annotations

import hmac
import json
import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.session import DELIM, Session
from nbformat import NotebookNode
from nbformat.v4 import new_output

LARGEST_MESSAGE = 4 * 2**20  # bytes; one picture is far smaller
MOST_PARTS = 64  # of one message; Jupyter's have six or seven
MOST_NESTS = 250_000  # brackets in a message that is parsed, and commas: with its size they bound the memory it takes
MOST_COMMAS = 1_000_000
MOST_OUTPUT = 2 * 2**20  # bytes of output that one cell may leave behind
MOST_OUTPUTS = 200
MOST_LINES = 1_000  # of a traceback
GRACE = 3.0  # seconds that an interrupted cell has to stop
LATE = 2.0  # seconds that outputs have to arrive after the reply; from a flood of them no more is kept anyway
AT_START = 0.05  # the same for a kernel that was asked only whether it is ready: if nothing comes, it is asked again
RECONNECT = 0.01  # seconds between two tries to reach a kernel that is still starting
POLL = 100  # milliseconds between two looks at whether the kernel still lives
TOO_MUCH = "\n(This cell prints more than {} characters; the rest is left out.)\n".format(f"{MOST_OUTPUT:,}")
_CHUNK = 1 << 18  # bytes that are read at once
_LONGEST_HEADER = 10_000  # bytes
_SENDING = 3.0  # seconds that a kernel has to take a request
_IMAGES = ("image/png", "image/jpeg")


@dataclass
class Ran:
    """What came of a request: `status` is "ok", "error", "timeout" or "died", `expression` what was asked for."""

    status: str
    outputs: list[NotebookNode] = field(default_factory=list)
    expression: str | None = None
    stopped: bool = True  # whether it has been answered
    idle: bool = False  # whether the kernel has said so, after its last output
    heard: bool = False  # whether the kernel has said anything at all since it was asked


class KernelClient:
    """The client of the kernel with this connection file; `alive` tells whether its process still runs."""

    def __init__(self, connection_file: Path, alive: Callable[[], bool]):
        about = json.loads(connection_file.read_text(encoding="utf-8"))
        self._alive = alive
        self._session = Session(key=about["key"].encode(), signature_scheme=about["signature_scheme"])
        place = f"{about['ip']}-{{}}".format
        self._shell = _Channel(place(about["shell_port"]), b"DEALER")
        self._control = _Channel(place(about["control_port"]), b"DEALER")
        self._iopub = _Channel(place(about["iopub_port"]), b"SUB")

    def wait_until_ready(self, seconds: float) -> bool:
        """Whether the kernel answers within `seconds`, on the channel for outputs too."""
        deadline = time.monotonic() + seconds
        while not all(channel.connect() for channel in (self._shell, self._control, self._iopub)):
            if time.monotonic() > deadline or not self._alive():
                return False
            time.sleep(RECONNECT)
        while time.monotonic() < deadline and self._alive():
            # Outputs published before the subscription has reached the kernel are lost, so ask until one arrives.
            request = self._send(self._shell, "kernel_info_request", {})
            left = deadline - time.monotonic()
            if self._wait(request, min(1.0, left), _Outputs(MOST_OUTPUT), late=AT_START).idle:
                return True
        return False

    def execute(self, code: str, seconds: float, grace: float = GRACE, room: int | None = None) -> Ran:
        """Run a cell; after `seconds` it is interrupted. It may leave `room` bytes of output, MOST_OUTPUT if None."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        kept = _Outputs(MOST_OUTPUT if room is None else min(room, MOST_OUTPUT))
        return self._until_stopped(content, seconds, grace, kept)

    def evaluate(self, expression: str, seconds: float, grace: float = GRACE) -> Ran:
        """The value of an expression that is text; after `seconds` it is interrupted."""
        content = {"code": "", "silent": True, "store_history": False, "user_expressions": {"value": expression}}
        return self._until_stopped(content, seconds, grace, _Outputs(0))

    def close(self) -> None:
        """Give up the sockets."""
        for channel in (self._shell, self._control, self._iopub):
            channel.close()

    def _send(self, channel: _Channel, kind: str, content: dict) -> str:
        message = self._session.msg(kind, content)
        channel.send(self._session.serialize(message))
        return message["header"]["msg_id"]

    def _until_stopped(self, content: dict, seconds: float, grace: float, kept: _Outputs) -> Ran:
        request = self._send(self._shell, "execute_request", content | {"allow_stdin": False, "stop_on_error": False})
        ran = self._wait(request, seconds, kept)
        if ran.status == "timeout" and grace:
            self._send(self._control, "interrupt_request", {})
            heard = ran.heard
            ran = self._wait(request, grace, kept)
            ran.heard = ran.heard or heard
            ran.stopped = ran.status in ("ok", "error")
            ran.status = ran.status if ran.status == "died" else "timeout"
        ran.outputs = kept.outputs()
        return ran

    def _wait(self, request: str, seconds: float, kept: _Outputs, late: float = LATE) -> Ran:
        """Collect what belongs to `request` until it is answered, and until its outputs have arrived too or are full.

        They have `late` seconds after the answer. The last output comes with the word "idle", which a kernel may lose
        in a flood of them or never send.
        """
        ran = Ran("timeout", stopped=False)
        deadline = time.monotonic() + seconds
        while not ran.stopped or not (ran.idle or kept.full):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            if not self._alive() or self._shell.closed:
                ran.status, ran.stopped = "died", False
                break
            for channel in self._heard(min(POLL, max(1, int(left * 1000)))):
                message = channel.receive()
                if message is None:
                    continue
                ran.heard = True
                if channel is self._iopub and kept.full:  # passed over, not parsed
                    continue
                try:
                    kind, content = self._opened(message, request)
                except _NotAsked:
                    continue
                except _TooMuch:
                    kind, content = ("execute_reply", {}) if channel is self._shell else ("too much", {})
                except _NotSigned:
                    # No honest kernel changes its key. This one could be asked for ever and would answer nothing.
                    if channel is self._shell:
                        ran.status, ran.stopped = "died", False
                        return ran
                    continue
                if channel is self._shell and kind in ("execute_reply", "kernel_info_reply"):
                    deadline = min(deadline, time.monotonic() + late)
                    ran.stopped = True
                    ran.status = "ok" if content.get("status") == "ok" else "error"
                    ran.expression = _expression(content)
                elif kind == "status":
                    ran.idle = ran.idle or content.get("execution_state") == "idle"
                elif channel is self._iopub:
                    kept.add(kind, content)
        return ran

    def _heard(self, milliseconds: int) -> Iterator[_Channel]:
        """The channels on which there is something to read, after at most so many milliseconds."""
        channels = [channel for channel in (self._shell, self._iopub) if not channel.closed]
        if waiting := [channel for channel in channels if channel.has_more]:
            yield from waiting
            return
        poll = select.poll()
        for channel in channels:
            poll.register(channel, select.POLLIN)
        ready = {number for number, _ in poll.poll(milliseconds)}
        yield from (channel for channel in channels if channel.fileno() in ready)

    def _opened(self, parts: list[bytes], request: str) -> tuple[str, dict]:
        """The kind and the content of a message that belongs to `request`.

        A kernel under a student's control may send anything, and none of it may stop the one who grades. So what is
        cheap to see comes first, and nothing is parsed that is not needed.
        """
        if not parts:  # too large, and passed over as it came
            raise _TooMuch
        at = parts.index(DELIM) if DELIM in parts else len(parts)
        if len(parts) < at + 6:
            raise _NotAsked
        signature, header, parent, metadata, content = parts[at + 1 : at + 6]
        if max(len(header), len(parent)) > _LONGEST_HEADER or request.encode() not in parent:
            raise _NotAsked
        if not hmac.compare_digest(signature, self._session.sign([header, parent, metadata, content])):
            raise _NotSigned
        if content.count(b"[") + content.count(b"{") > MOST_NESTS or content.count(b",") > MOST_COMMAS:
            raise _TooMuch
        try:
            asked, kind, content = json.loads(parent)["msg_id"], json.loads(header)["msg_type"], json.loads(content)
        except (ValueError, TypeError, KeyError, RecursionError):
            raise _NotAsked from None
        if asked != request or not isinstance(content, dict):
            raise _NotAsked
        return kind, content


class _NotAsked(Exception):
    """A message that is malformed, or belongs to another request."""


class _NotSigned(Exception):
    """A message whose signature is wrong."""


class _TooMuch(Exception):
    """A message with more in it than is read."""


def _expression(content: dict) -> str | None:
    expressions = content.get("user_expressions")
    value = expressions.get("value") if isinstance(expressions, dict) else None
    data = value.get("data") if isinstance(value, dict) else None
    text = data.get("text/plain") if isinstance(data, dict) else None
    return text if isinstance(text, str) else None


class _Channel:
    """One socket of a kernel, spoken to in ZeroMQ's protocol (ZMTP 3.0, rfc.zeromq.org/spec/23).

    What is not read waits in the kernel's process. Here there is one message, of LARGEST_MESSAGE bytes at most.
    """

    _GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
    _MORE, _LONG, _COMMAND = 1, 2, 4

    def __init__(self, path: str, kind: bytes):
        self._path = path
        self._kind = kind
        self._socket: socket.socket | None = None
        self._got = bytearray()
        self._greeting_left = len(self._GREETING)
        self._ready = False
        self._parts: list[bytes] = []
        self._size = 0  # of this message so far
        self._too_large = False  # whether the rest of it is passed over
        self._skip = 0  # bytes of its part that are still to come
        self._last = False  # whether that part is its last
        self.closed = False  # whether the other side has gone
        self.has_more = False  # whether what is here already may hold another message

    def fileno(self) -> int:
        """For poll."""
        return self._socket.fileno()

    def connect(self) -> bool:
        """Whether the kernel has been reached and has greeted back; to be tried until then."""
        if self._socket is None:
            new = socket.socket(socket.AF_UNIX)
            new.setblocking(False)
            try:
                new.connect(self._path)
            except OSError:  # not there yet
                new.close()
                return False
            self._socket = new
            kind = b"\x0bSocket-Type" + len(self._kind).to_bytes(4, "big") + self._kind
            self._write(self._GREETING + self._frame(b"\x05READY" + kind, self._COMMAND))
        if not self._ready:
            self.receive()
            if self._ready and self._kind == b"SUB":
                self._write(self._frame(b"\x01", 0))  # to everything
        return self._ready

    def send(self, parts: list[bytes]) -> None:
        """Send a message; a kernel that does not take it is `closed`."""
        last = len(parts) - 1
        self._write(b"".join(self._frame(part, self._MORE * (place < last)) for place, part in enumerate(parts)))

    def receive(self) -> list[bytes] | None:
        """The next message, [] for one that is too large; None if it has not come whole. Reads once at most."""
        message = self._next()
        if message is None:
            try:
                part = self._socket.recv(_CHUNK)
            except BlockingIOError:
                return None
            except OSError:
                part = b""
            self.closed = not part
            self._got += part
            message = self._next()
        self.has_more = message is not None and bool(self._got)
        return message

    def close(self) -> None:
        """Give up the socket."""
        self.closed = True
        if self._socket is not None:
            self._socket.close()

    def _write(self, data: bytes) -> None:
        deadline = time.monotonic() + _SENDING
        left = memoryview(data)
        takes = select.poll()
        if not self.closed:
            takes.register(self, select.POLLOUT)
        while left and not self.closed:
            try:
                left = left[self._socket.send(left) :]
            except BlockingIOError:
                takes.poll(POLL)
                self.closed = time.monotonic() > deadline  # it reads nothing
            except OSError:
                self.closed = True

    def _frame(self, body: bytes, flags: int) -> bytes:
        if len(body) < 256:
            return bytes([flags, len(body)]) + body
        return bytes([flags | self._LONG]) + len(body).to_bytes(8, "big") + body

    def _next(self) -> list[bytes] | None:
        """The next message of what has been read, as `receive` gives it."""
        got = self._got
        if self._greeting_left:
            taken = min(self._greeting_left, len(got))
            del got[:taken]
            self._greeting_left -= taken
        while got:
            if self._skip:
                taken = min(self._skip, len(got))
                del got[:taken]
                self._skip -= taken
                if self._skip:
                    return None
            else:
                flags = got[0]
                start = 9 if flags & self._LONG else 2
                if len(got) < start:
                    return None
                size = int.from_bytes(got[1:start], "big")
                command, self._last = bool(flags & self._COMMAND), not flags & self._MORE
                if command or self._is_too_much(size):
                    self._skip = size
                    del got[:start]
                    if command:  # the other side's READY, or what keeps a connection alive; not part of a message
                        self._ready, self._last = True, False
                    if size:
                        continue
                elif len(got) < start + size:
                    return None
                else:
                    self._parts.append(bytes(got[start : start + size]))
                    self._size += size
                    del got[: start + size]
            if self._last:
                message = [] if self._too_large else self._parts
                self._parts, self._size, self._too_large, self._last = [], 0, False, False
                return message
        return None

    def _is_too_much(self, size: int) -> bool:
        """Whether a message with one more part of that size is passed over; what has come of it is given up."""
        if self._size + size > LARGEST_MESSAGE or len(self._parts) >= MOST_PARTS:
            self._too_large = True
            self._parts = []
        return self._too_large


class _Outputs:
    """The outputs of one cell, up to `room` bytes."""

    def __init__(self, room: int):
        self._kept: list[NotebookNode | tuple[str, list[str]]] = []  # a stream as its name and its parts
        self._room = room
        self.full = room <= 0

    def outputs(self) -> list[NotebookNode]:
        """They themselves."""
        return [_stream(*each) if isinstance(each, tuple) else each for each in self._kept]

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Keep what is an output of a notebook."""
        if kind == "clear_output":
            self._kept.clear()
        elif kind == "too much":
            self._cut("stdout", "")
        elif kind == "stream":
            self._add_text(content.get("name"), content.get("text"))
        elif kind in ("display_data", "execute_result", "error") and (output := _output(kind, content)):
            texts = [*output.get("data", {}).values(), *output.get("data", {}), *output.get("traceback", ())]
            texts += [output.get("ename", ""), output.get("evalue", "")]
            sizes = [_size(text) for text in texts]
            if None not in sizes and self._has_room(sum(sizes)):
                self._kept.append(output)

    def _add_text(self, name: Any, text: Any) -> None:
        if name not in ("stdout", "stderr") or not isinstance(text, str):
            return
        size = _size(text)
        last = self._kept[-1] if self._kept else None
        goes_on = isinstance(last, tuple) and last[0] == name
        if size is None or not self._has_room(size, text=text, name=name, goes_on=goes_on):
            return
        if goes_on:
            last[1].append(text)
        else:
            self._kept.append((name, [text]))

    def _has_room(self, size: int, *, text: str = "", name: str = "stdout", goes_on: bool = False) -> bool:
        self._room -= size + 64  # what an output takes beside its text
        if self._room < 0 or (len(self._kept) >= MOST_OUTPUTS and not goes_on):
            self._cut(name, text)
        return not self.full

    def _cut(self, name: str, text: str) -> None:
        self.full = True
        self._kept.append((name, [text[:1000], TOO_MUCH]))


def _stream(name: str, parts: list[str]) -> NotebookNode:
    return new_output("stream", name=name, text="".join(parts))


def _size(text: str) -> int | None:
    """Bytes of the text; None where half a character is in it, which no file can hold."""
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return None


def _output(kind: str, content: dict[str, Any]) -> NotebookNode | None:
    """The output built from the fields that are known, and texts alone; None where it is none."""
    if kind == "error":
        name, value, lines = (content.get(key) for key in ("ename", "evalue", "traceback"))
        if not (isinstance(name, str) and isinstance(value, str) and isinstance(lines, list)):
            return None
        return new_output(
            "error", ename=name, evalue=value, traceback=[line for line in lines[:MOST_LINES] if isinstance(line, str)]
        )
    data = content.get("data")
    if not isinstance(data, dict):
        return None
    # Of what is no text, as the state of a widget, the kind alone.
    shown = {kind: text if isinstance(text, str) else "" for kind, text in list(data.items())[:20]}
    output = new_output(kind, data=shown, metadata=_sizes(content.get("metadata")))
    if kind == "execute_result":
        count = content.get("execution_count")
        output.execution_count = count if type(count) is int else None
    return output


def _sizes(metadata: Any) -> dict[str, dict[str, int]]:
    """The width and height of images."""
    found = {}
    for kind in _IMAGES:
        about = metadata.get(kind) if isinstance(metadata, dict) else None
        sizes = {key: about.get(key) for key in ("width", "height")} if isinstance(about, dict) else {}
        sizes = {key: size for key, size in sizes.items() if type(size) is int}
        if sizes:
            found[kind] = sizes
    return found
