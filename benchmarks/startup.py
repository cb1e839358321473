"""Print how long `import lrcourse` and each lesson take here: medians in seconds, with the least and the most.

make benchmark                        every lesson once
make benchmark ARGS="--repeat 3 02"   lessons whose folder begins with 02, three times each
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

from lrcourse.locations import notebooks_dir

IMPORT = "import time; start = time.perf_counter(); import lrcourse; print(time.perf_counter() - start)"


def seconds_to_import() -> float:
    """`import lrcourse` in a fresh process, without the start of Python itself."""
    out = subprocess.run([sys.executable, "-c", IMPORT], check=True, capture_output=True, text=True).stdout
    return float(out)


def seconds_to_run(path: Path) -> float:
    """A lesson from the start of its kernel to its last cell; wrong or missing answers do not stop it."""
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    ExecutePreprocessor(timeout=600, kernel_name="python3", allow_errors=True).preprocess(
        notebook, {"metadata": {"path": str(path.parent)}}
    )
    return time.perf_counter() - start


def report(name: str, measure: Callable[[], float], repeat: int) -> None:
    taken = [measure() for _ in range(repeat)]
    print(f"{name:<28} {statistics.median(taken):8.3f} {min(taken):8.3f} {max(taken):8.3f} {repeat:5d}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*", help="beginnings of lesson folders; all where none is named")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each lesson (default 1)")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors")
    print(f"{'seconds':<28} {'median':>8} {'least':>8} {'most':>8} {'runs':>5}")
    report("import lrcourse", seconds_to_import, 9)
    for path in sorted(notebooks_dir().glob("*/*.ipynb")):
        if path.parent.name.startswith(tuple(arguments.lessons) or ""):
            report(path.stem, lambda path=path: seconds_to_run(path), arguments.repeat)


if __name__ == "__main__":
    main()
