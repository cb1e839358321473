"""How the checker asks a student's code: call a function, call what it returned, read a literal answer.

The checker sees only this interface, so it does not know in which process the student's code lives.
"""

from lrcourse.student_code.local import LocalStudent
from lrcourse.student_code.messages import Question, Reply, Student, Table, describe, plain, short

__all__ = ["LocalStudent", "Question", "Reply", "Student", "Table", "describe", "plain", "short"]
