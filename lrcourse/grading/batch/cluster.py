"""The workers: a Dask cluster of this machine, or one that exists already."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster, Worker
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.utils import get_mp_context

from lrcourse.errors import CommandError
from lrcourse.grading.sandbox.folders import new_folder, remove_folder

CONNECT = 20  # seconds for a scheduler to answer
_SETTINGS = {
    "distributed.scheduler.allowed-failures": 2,  # a submission that ends its third worker is given up
    # Workers are forked from a process that has imported what they need, which takes each of them six seconds.
    "distributed.worker.multiprocessing-method": "forkserver",
    "distributed.worker.daemon": False,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.scheduler.work-stealing": True,
}


class KernelKeeper(WorkerPlugin):
    """On each worker: its kernels end with it.

    On ours also: Ctrl-C, which reaches all processes of a terminal, is for the driver; and short-lived files lie in
    `scratch`, which the driver removes, for a worker that is ended has no time to.
    """

    name = "lrcourse-kernels"

    def __init__(self, *, scratch: str | None):
        self._scratch = scratch

    def setup(self, worker: Worker) -> None:
        """Called when a worker starts."""
        if self._scratch:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            tempfile.tempdir = self._scratch

    def teardown(self, worker: Worker) -> None:
        """Called when a worker ends, or when the plugin is taken away."""
        from lrcourse.grading.batch.worker import close_kernels

        close_kernels()


def default_workers() -> int:
    """One worker a processor that this process may use, eight at most: each takes up to 1.5 GiB of memory."""
    return max(1, min(len(os.sched_getaffinity(0)), 8))


@contextmanager
def workers(number: int | None, scheduler: str | None, most: int) -> Iterator[Client]:
    """A client of `number` worker processes here (`most` at most), or of the cluster at the address `scheduler`.

    CommandError where no scheduler answers there, or where it has no workers.
    """
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)  # the driver reports what there is to report
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="distributed")
        if scheduler is not None:
            with _connected(scheduler) as client:
                yield client
            return
        with (
            dask.config.set(_SETTINGS),
            _preloaded(),
            _scratch() as scratch,
            dask.config.set({"temporary-directory": scratch}),
            LocalCluster(
                n_workers=min(number or default_workers(), most),
                threads_per_worker=1,
                processes=True,
                memory_limit=None,  # a submission has its own limit, in its sandbox
                dashboard_address="127.0.0.1:0",
                host="127.0.0.1",
                silence_logs=logging.CRITICAL,
            ) as cluster,
            Client(cluster) as client,
        ):
            os.chmod(scratch, 0o711)  # some of what lies there is read by another user, inside the sandbox
            client.register_plugin(KernelKeeper(scratch=scratch))
            yield client


@contextmanager
def _scratch() -> Iterator[str]:
    """Where the workers' short-lived files lie."""
    folder = new_folder(tempfile.gettempdir(), "workers-")
    try:
        yield str(folder)
    finally:
        remove_folder(folder)


@contextmanager
def _preloaded() -> Iterator[None]:
    get_mp_context()  # sets what Dask itself wants to have there, the first time
    multiprocessing.set_forkserver_preload(["distributed", "lrcourse.grading.batch.worker"])
    yield


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=CONNECT)
    except (OSError, ValueError, TypeError) as error:
        raise CommandError(
            f"No Dask scheduler answers at {address} ({type(error).__name__}). "
            "Start one with `dask scheduler`, or leave --scheduler out to grade on this machine."
        ) from error
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise CommandError(f"The scheduler at {address} has no workers. Start some: `dask worker {address}`.")
        client.register_plugin(KernelKeeper(scratch=None))
        try:
            yield client
            client.unregister_worker_plugin(KernelKeeper.name)  # which ends the kernels that are kept warm
        except (CancelledError, OSError) as error:
            # The first is how Dask tells what has become of its work, the second how it tells that nobody answers.
            raise CommandError(
                f"The Dask scheduler at {address} is gone. Graded work is saved. Run the same command to resume."
            ) from error
