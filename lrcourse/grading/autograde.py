"""What `nbgrader autograde` does to a submission, step by step."""

from __future__ import annotations

from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
)

from lrcourse.grading.split_execute import SplitExecute

AUTOGRADE_PREPROCESSORS = (
    SplitExecute,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
)
