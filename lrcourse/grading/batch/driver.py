"""Hand submissions to workers and keep what comes back: the loop behind `lrcourse grade`."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice
from uuid import uuid4

from distributed import Client, Future, wait

from lrcourse.errors import CommandError
from lrcourse.grading.batch.worker import grade_job
from lrcourse.grading.gradebook.assignment import Submission
from lrcourse.grading.gradebook.ledger import Ledger
from lrcourse.grading.job import Result
from lrcourse.grading.submission import STOP_THE_RUN

_LOOK = 5.0  # seconds between two looks at whether there are workers
_NO_WORKERS = 120.0  # seconds to wait for new ones when all are gone


def grade(ledger: Ledger, students: Sequence[str], client: Client) -> None:
    """Grade these submissions. CommandError where that cannot go on; what is graded by then is saved."""
    submissions = ledger.submissions(students)
    ready: deque[Submission] = deque()  # the next one, taken in while the workers are busy
    sent: dict[Future, Submission] = {}
    finished: list[tuple[Result, Submission]] = []
    while True:
        free = max(1, _number_of_workers(client)) - len(sent)
        ready.extend(islice(submissions, max(0, free + 1 - len(ready))))
        for _ in range(min(free, len(ready))):
            submission = ready.popleft()
            # One a worker and no more: a submission that ends its worker takes no other with it.
            future = client.submit(grade_job, submission.job, key=f"grade-{uuid4().hex}", pure=False)
            sent[future] = submission
        ledger.keep(finished)
        if not sent:
            return
        finished = [(_result(future, sent[future].job.student), sent.pop(future)) for future in _next(client, sent)]


def _number_of_workers(client: Client) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


def _next(client: Client, sent: Iterable[Future]) -> list[Future]:
    """The next that are done. CommandError where nobody is left to do any."""
    alone_since = None
    while True:
        try:
            return list(wait(list(sent), timeout=_LOOK, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            if _number_of_workers(client):
                alone_since = None
                continue
            alone_since = alone_since or time.monotonic()
            if time.monotonic() - alone_since > _NO_WORKERS:
                raise CommandError("All workers are gone. Start new ones and run the same command to resume.") from None


def _result(future: Future, student: str) -> Result:
    """What came of it. Raises what must stop the run."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, STOP_THE_RUN):
        raise CommandError(f"The workers cannot grade: {error}") from error
    if type(error).__name__ == "KilledWorker":
        return Result(student, problem="Grading it ended the worker process each time, so it was given up.")
    return Result(student, problem=f"{type(error).__name__}: {error}".splitlines()[0][:400])
