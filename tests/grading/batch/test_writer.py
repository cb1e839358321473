"""The one writer on PostgreSQL, through a gradebook's address: the same rows as on SQLite."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from killed import save
from small_class import CLASS, CONFIG, copy_of, gradebook, left_behind, make_course


@pytest.fixture
def postgres():
    """The address of an empty database, in a server of its own that listens on no port. Skips where there is none."""
    programs = [*glob.glob("/usr/lib/postgresql/*/bin"), *filter(None, [os.path.dirname(shutil.which("initdb") or "")])]
    try:
        import psycopg  # noqa: F401
    except ImportError:
        programs = []
    if not programs:
        reason = "PostgreSQL's server (Debian's package postgresql) or the driver psycopg is not installed."
        if os.environ.get("LRCOURSE_CI") == "1":
            pytest.fail(f"In CI this has to be there. {reason}")
        pytest.skip(reason)
    # It refuses to run as root, and another user could not reach pytest's folder.
    as_user = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid} if os.getuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="lrp-", dir="/var/tmp") as folder:
        if as_user:
            shutil.chown(folder, **as_user)
        quiet = {"cwd": folder, "check": True, "capture_output": True, **as_user}
        data = f"{folder}/data"
        subprocess.run(
            [f"{programs[0]}/initdb", "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "-N"], **quiet
        )
        options = f"-c listen_addresses= -k {folder} -c fsync=off"
        # Its output would keep our pipe open.
        subprocess.run(
            [f"{programs[0]}/pg_ctl", "-D", data, "-l", f"{folder}/log", "-o", options, "-w", "start"], **quiet
        )
        try:
            yield f"postgresql+psycopg://grader@/postgres?host={folder}"
        finally:
            subprocess.run([f"{programs[0]}/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], **quiet)


def test_postgresql_gets_the_rows_that_sqlite_gets(released, postgres, tmp_path):
    sqlite = copy_of(released, tmp_path / "sqlite")
    save(sqlite, list(CLASS))
    course = make_course(tmp_path / "postgres", CONFIG + f"c.CourseDirectory.db_url = {postgres!r}\n")
    save(course.root, list(CLASS))
    save(course.root, list(CLASS))  # nothing is saved twice
    assert gradebook(postgres) == gradebook(sqlite)
    assert left_behind(course.root) == left_behind(sqlite)
    assert not Path(course.root / "gradebook.db").exists()
