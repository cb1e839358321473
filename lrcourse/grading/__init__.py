"""The course as an nbgrader course: what nbgrader is told, and what we add through its own seams."""

from lrcourse.grading.config import configure

__all__ = ["configure"]
