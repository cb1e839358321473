"""What runs inside the sandbox, before the student's code does: the standard library alone, and nothing of lrcourse."""
