"""The floor of grading: a submission's cells, one after the other, in one kernel that has everything loaded.

`floor.py NOTEBOOK TIMES [--needed]` prints the CPU seconds and the seconds of each time as JSON. Nothing is protected,
saved or started here; `--needed` leaves out the cells that only show something.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import nbformat
from jupyter_client.manager import start_new_kernel

from lrcourse.grading.run.execution import is_demo
from lrcourse.grading.sandbox.usage import tree

LOAD = "import lrcourse, keras, numpy, matplotlib.pyplot"
# What a submission has defined goes, as it would with its kernel.
FORGET = "%reset -f\nimport keras as _k, matplotlib.pyplot as _p\n_p.close('all'); _k.backend.clear_session()\n"


def cpu(pid: int) -> float:
    """CPU seconds of a process and its children so far."""
    total = 0.0
    for each in tree(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return total


def main() -> None:
    path, times, *options = sys.argv[1:]
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    if options:
        cells = [cell for cell in cells if not is_demo(cell)]
    manager, client = start_new_kernel(kernel_name="python3")
    pid = manager.provisioner.process.pid
    client.execute_interactive(LOAD, output_hook=lambda message: None)
    taken = []
    for _ in range(int(times) + 1):
        started, used = time.perf_counter(), cpu(pid)
        for cell in cells:
            client.execute_interactive(cell.source, output_hook=lambda message: None, allow_stdin=False)
        taken.append((cpu(pid) - used, time.perf_counter() - started))
        client.execute_interactive(FORGET, output_hook=lambda message: None)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    print(json.dumps(taken[1:]))  # the first one pays for what is loaded when first used


if __name__ == "__main__":
    main()
