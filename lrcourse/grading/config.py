"""What nbgrader needs to know of this course. `nbgrader_config.py` calls `configure` and nothing else.

Every part of `lrcourse.grading` imports this module, so it imports nbgrader only when it is called.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from traitlets.config import Config

COURSE_ID = "lrcourse"
SOURCE = "notebooks"


def configure(config: Config, root: Path | None = None) -> None:
    """Set up nbgrader for the course in `root`, the current directory by default.

    Settings that come after this call win, as anywhere in nbgrader. The exchange is a folder of the course; a class on
    a shared machine sets `c.Exchange.root` to one that its students can reach.
    """
    from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import GetGrades

    from lrcourse.grading.clean.notebook import Clean
    from lrcourse.grading.plugin import use_safe_autograde
    from lrcourse.grading.release.notebook import RELEASE_PREPROCESSORS

    _put_environment_on_path()
    root = Path(root or Path.cwd()).resolve()
    config.CourseDirectory.course_id = COURSE_ID
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.source_directory = SOURCE
    # nbgrader copies every other file of a lesson's folder; the lesson's text holds the solutions.
    config.CourseDirectory.ignore = [*CourseDirectory.ignore.default_args[0], "*.md"]
    config.Exchange.root = str(root / "exchange")
    config.GenerateAssignment.preprocessors = list(RELEASE_PREPROCESSORS)
    config.GenerateFeedback.preprocessors = [Clean, GetGrades, CSSHTMLHeaderPreprocessor]
    use_safe_autograde()
    config.ExportApp.plugin_class = "lrcourse.grading.export.OutcomeCsvExport"


def _put_environment_on_path() -> None:
    """nbgrader starts `alembic` by name, which fails where the environment is not activated."""
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, [programs, os.environ.get("PATH")]))
