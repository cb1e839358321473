"""What a student's code might try, run inside a sandbox; prints which attempts came through, as JSON.

The standard library alone. `TARGETS` in the environment says what there is to attack.
"""

import ctypes
import errno
import importlib
import json
import os
import resource
import signal
import socket
import sys

TARGETS = json.loads(os.environ.get("TARGETS", "{}"))
LIBC = ctypes.CDLL(None, use_errno=True)
SPOOL = os.environ.get("SPOOL", "")
# Root's own Python, where only root may go, cannot be read without it; Landlock says what else can.
CAP_DAC_READ_SEARCH = 1 << 2
X86 = os.uname().machine == "x86_64"


def call(number, *arguments):
    if LIBC.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def read(path):
    with open(path, "rb") as file:
        return file.read(100)


def write(path):
    with open(path, "ab") as file:
        file.write(b"hacked")


def read_a_canary():
    return read(TARGETS["canary"])


def list_the_course():
    return os.listdir(os.path.dirname(TARGETS["canary"]))


def read_the_gradebook():
    return read(TARGETS["gradebook"])


def link_to_the_gradebook():
    os.link(TARGETS["gradebook"], "gradebook.db")
    return read("gradebook.db")


def symlink_to_the_gradebook():
    os.symlink(TARGETS["gradebook"], "link.db")
    return read("link.db")


def write_the_gradebook():
    write(TARGETS["gradebook"])


def truncate_the_gradebook():
    os.truncate(TARGETS["gradebook"], 1)


def delete_the_gradebook():
    os.unlink(TARGETS["gradebook"])


def move_the_canary():
    os.rename(TARGETS["canary"], "canary")


def make_a_file_in_the_course():
    write(os.path.join(os.path.dirname(TARGETS["canary"]), "new"))


def lock_the_canary():
    os.chmod(TARGETS["canary"], 0)
    return os.stat(TARGETS["canary"]).st_mode & 0o777 == 0


def date_the_canary():
    os.utime(TARGETS["canary"], (1, 1))
    return os.stat(TARGETS["canary"]).st_mtime == 1


def read_the_exercises():
    # What gives an answer away, by whatever way it is found: a reference, or the key of a question.
    try:
        from lrcourse.checking.catalog import find_exercise

        if find_exercise("warmup_lr").reference is not None:
            return True
    except Exception:
        pass
    try:
        from lrcourse.quiz.bank import find_question

        if find_question("purpose").has_key:
            return True
    except Exception:
        pass
    folders = [TARGETS["package"], *(os.path.join(path, "lrcourse") for path in sys.path)]
    places = [os.path.join("answers", "lesson_05.py"), os.path.join("_course", "quizzes", "05_warmup.yaml")]
    places.append(os.path.join("..", "quizzes", "05_warmup.yaml"))
    for path in [os.path.join(folder, place) for folder in folders for place in places]:
        try:
            return len(read(path)) > 0
        except OSError:
            continue
    return False


def read_the_grader_s_environment():
    return b"GRADERS_SECRET" in read(f"/proc/{TARGETS['grader']}/environ") or True


def find_a_secret_in_any_environment():
    return any(b"GRADERS_SECRET" in _environment(name) for name in os.listdir("/proc") if name.isdigit())


def _environment(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return file.read()
    except OSError:
        return b""


def read_the_memory_of_a_process():
    return read(f"/proc/{TARGETS['victim']}/maps")


def trace_a_process():
    call(101 if X86 else 117, 16, TARGETS["victim"], 0, 0)


def see_a_process():
    with open(f"/proc/{TARGETS['victim']}/cmdline", "rb") as file:
        return b"VICTIM" in file.read()


def signal_a_process():
    os.kill(TARGETS["victim"], signal.SIGUSR1)


def limit_a_process():
    resource.prlimit(TARGETS["victim"], resource.RLIMIT_CPU, (7, 7))


def connect_by_tcp():
    socket.create_connection(("127.0.0.1", TARGETS["tcp"]), 3).close()


def send_by_udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(b"hacked", ("127.0.0.1", TARGETS["udp"]))
    return False  # whether it got out, the listener knows


def connect_to_an_abstract_socket():
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("\0" + TARGETS["abstract"])


def connect_to_a_socket_of_the_host():
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(TARGETS["socket"])


def send_to_a_socket_of_the_host():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        client.sendto(b"hacked", TARGETS["datagrams"])


def send_through_a_pair():
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with left, right:
        left.sendto(b"hacked", TARGETS["datagrams"])


def use_netlink():
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW):
        pass


def write_to_the_system():
    for folder in (
        "/",
        "/usr",
        "/usr/bin",
        "/etc",
        "/dev",
        "/home",
        "/run",
        "/proc/sys/kernel",
        "/var/tmp",
        sys.prefix,
    ):
        try:
            write(os.path.join(folder, "hacked"))
            return folder
        except OSError:
            continue
    return False


def write_to_the_environment():
    for module in (json, importlib.import_module("lrcourse")):
        try:
            write(module.__file__)
            return module.__file__
        except OSError:
            continue
    return False


def keep_a_capability():
    with open("/proc/self/status") as file:
        kept = int(next(line for line in file if line.startswith("CapPrm")).split()[1], 16)
    return kept & ~CAP_DAC_READ_SEARCH != 0


def become_root():
    os.setuid(0)


def new_user_namespace():
    call(272 if X86 else 97, 0x10000000)


def new_user_namespace_by_clone():
    pid = LIBC.syscall(56 if X86 else 220, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    if pid < 0:
        raise OSError(ctypes.get_errno(), "refused")
    os.waitpid(pid, 0)


def clone3_is_there():
    call(435, None, 0)


def mount_something():
    call(165 if X86 else 40, b"none", b"/mnt", b"tmpfs", 0, None)


def use_io_uring():
    call(425, 1, ctypes.create_string_buffer(120))


def hide_memory():
    os.memfd_create("hidden")


def keep_shared_memory():
    call(29 if X86 else 194, 0, 1 << 20, 0o1600)


def make_a_file_in_the_spool():
    write(os.path.join(SPOOL, "file"))


def make_a_nameless_file_in_the_spool():
    os.close(os.open(SPOOL, os.O_TMPFILE | os.O_RDWR))


def move_a_file_to_the_spool():
    write("big")
    os.rename("big", os.path.join(SPOOL, "big"))


def make_a_folder_in_the_spool():
    os.mkdir(os.path.join(SPOOL, "folder"))


def raise_a_limit():
    resource.setrlimit(resource.RLIMIT_NPROC, (1000, 1000))


ATTACKS = [
    *(read_a_canary, list_the_course, read_the_gradebook, link_to_the_gradebook, symlink_to_the_gradebook),
    *(write_the_gradebook, make_a_file_in_the_course, lock_the_canary, date_the_canary, read_the_exercises),
    *(read_the_grader_s_environment, find_a_secret_in_any_environment, read_the_memory_of_a_process, trace_a_process),
    *(see_a_process, signal_a_process, limit_a_process, connect_by_tcp, send_by_udp, connect_to_an_abstract_socket),
    *(connect_to_a_socket_of_the_host, send_to_a_socket_of_the_host, send_through_a_pair, use_netlink),
    *(
        write_to_the_system,
        write_to_the_environment,
        keep_a_capability,
        become_root,
        new_user_namespace_by_clone,
        new_user_namespace,
    ),
    *(clone3_is_there, mount_something, use_io_uring, hide_memory, keep_shared_memory, make_a_file_in_the_spool),
    *(make_a_nameless_file_in_the_spool, move_a_file_to_the_spool, make_a_folder_in_the_spool, raise_a_limit),
    *(truncate_the_gradebook, move_the_canary, delete_the_gradebook),
]


def came_through():
    """The attempts that no error stopped, with what they got."""
    found = {}
    for attempt in ATTACKS:
        try:
            result = attempt()
        except (OSError, ValueError) as error:
            if attempt is clone3_is_there and error.errno != errno.ENOSYS:
                found[attempt.__name__] = "reached"
            continue
        if result is not False:
            found[attempt.__name__] = repr(result)
    return found


if __name__ == "__main__":
    print(json.dumps(came_through()))
