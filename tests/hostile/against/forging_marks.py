"""Submissions that pretend: another check, another mark, another graded cell, answers that equal everything."""

from __future__ import annotations

from copy import deepcopy

from attack import RIGHT, WRONG, attack
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import compute_checksum


@attack(WRONG)
def ends_with_a_number(submission):
    """Ends its answer cells with a bare number, which nbgrader takes for the mark, or stops where it is too high."""
    for name, number in (("time_based_decay", "2.0"), ("steps_between_decays", "1e9"), ("answer_purpose", "1.0")):
        submission.cell(name).source += f"\n{number}"
    submission.nb.cells.append(new_code_cell("2.0"))
    submission.write()


@attack(WRONG)
def rewrites_its_checks(submission):
    """Puts code into the graded cells that would read the course if the grader ran it, with checksums that fit."""
    for name in ("time", "steps", "purpose"):
        submission.check(name).source = (
            f"open({submission.targets['outside']!r} + '/' + {submission.targets['mark']!r}, 'w')\n"
            f"print(open({submission.targets['secret']!r}).read())\n2.0"
        )
        submission.check(name).metadata.nbgrader["checksum"] = compute_checksum(submission.check(name))
    submission.write()


@attack(WRONG)
def adds_a_graded_cell(submission):
    """Adds a graded cell of its own, worth 100 points, that is always right."""
    own = deepcopy(submission.check("time"))
    own.source = "assert True"
    own.id = "my-own"
    own.metadata.nbgrader.update(grade_id="check_my_own", points=100)
    submission.nb.cells.append(own)
    submission.cell("time_based_decay").metadata.nbgrader.update(grade=True, points=100)
    submission.write()


@attack(WRONG)
def brings_outputs_along(submission):
    """Hands in graded cells that already show full marks."""
    for name in ("time", "steps", "purpose"):
        cell = submission.check(name)
        cell.execution_count = 1
        cell.outputs = [
            new_output("stream", text="correct. All points.\n"),
            new_output("execute_result", data={"text/plain": "2.0"}, execution_count=1),
        ]
    submission.write()


@attack(WRONG)
def brings_its_own_check(submission):
    """Defines `check`, as a function, among the builtins, and in lrcourse."""
    submission.first(
        "import builtins, sys, types\n"
        "check = builtins.check = lambda *a, **k: 2.0\n"
        "import lrcourse\n"
        "lrcourse.check = check\n"
        "class Incorrect(Exception): pass\n"
        "builtins.AssertionError = Incorrect\n"
        "sys.modules['lrcourse.checking.checks'] = types.SimpleNamespace(check=check)",
        'check("time_based_decay")',
    )
    submission.write()


SAME = (
    "class Same(float):\n"
    "    __eq__ = __le__ = __ge__ = lambda self, other: True\n"
    "    __ne__ = __lt__ = __gt__ = lambda self, other: False\n"
    "    __sub__ = __rsub__ = __mod__ = lambda self, other: Same(0)\n"
    "    __hash__ = float.__hash__\n"
    "    __abs__ = __float__ = lambda self: Same(0.1)\n"
)


@attack(WRONG)
def equals_everything(submission):
    """Returns objects that are equal to every number."""
    submission.answer(
        time=f"{SAME}def time_based_decay(*args):\n    return Same(0.1)",
        steps=f"{SAME}def steps_between_decays(*args):\n    return Same(7)",
        purpose="class Any(str):\n    __eq__ = lambda s, o: True\nanswer_purpose = Any('B')",
    )
    submission.answer(purpose='answer_purpose = "C"')
    submission.write()


@attack(WRONG)
def changes_when_looked_at(submission):
    """Returns an object whose value is another one each time that it is read."""
    submission.answer(
        time=(
            "import itertools\n"
            "class Shifty(float):\n"
            "    count = itertools.count()\n"
            "    __float__ = lambda self: next(self.count) / 10\n"
            "    __repr__ = __str__ = lambda self: '0.1'\n"
            "    __reduce__ = lambda self: (exec, ('import os; os._exit(1)',))\n"
            "def time_based_decay(*args):\n    return Shifty(0.1)"
        ),
    )
    submission.write()


@attack(WRONG)
def patches_the_builtins(submission):
    """Replaces abs, all, round, isclose and NumPy's comparisons with functions that always agree."""
    submission.first(
        "import builtins, math\n"
        "builtins.abs = lambda x: 0\n"
        "builtins.all = builtins.any = lambda *a: True\n"
        "math.isclose = lambda *a, **k: True\n"
        "builtins.round = lambda *a: 0\n"
        "builtins.AssertionError = ValueError\n"
        "import numpy as np\n"
        "np.isclose = np.allclose = np.array_equal = lambda *a, **k: True\n"
        "np.testing.assert_allclose = np.testing.assert_equal = lambda *a, **k: None"
    )
    submission.write()


@attack(WRONG)
def breaks_isinstance(submission):
    """Replaces isinstance itself, so that nothing around it works any more."""
    submission.first("import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.len = lambda x: 0")
    submission.write()


@attack(WRONG)
def drops_asserts(submission):
    """Transforms every cell before it is compiled: no assertion, no raise, every comparison true."""
    submission.first(
        "import ast\n"
        "class Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "    def visit_Raise(self, node): return ast.Pass()\n"
        "    def visit_Compare(self, node): return ast.Constant(True)\n"
        "get_ipython().ast_transformers.append(Drop())\n"
        "two = lambda lines: ['2.0\\n'] if 'check(' in ''.join(lines) else lines\n"
        "get_ipython().input_transformers_post.append(two)"
    )
    submission.write()


@attack(WRONG)
def patches_the_formatters(submission):
    """Makes every value show as 2.0."""
    submission.first(
        "formatter = get_ipython().display_formatter\n"
        "formatter.format = lambda *a, **k: ({'text/plain': '2.0'}, {})\n"
        "formatter.formatters['text/plain'].for_type(str, lambda o, p, c: p.text('2.0'))\n"
        "import sys\nsys.displayhook = lambda value: print(2.0)"
    )
    submission.write()


@attack(RIGHT, time="not attempted", purpose="not attempted")
def names_that_look_alike(submission):
    """Defines its answers under names with Cyrillic letters, which look the same and are others."""
    submission.answer(
        time="def time_b\u0430sed_decay(initial_lr, decay, step):\n    return initial_lr / (1 + decay * step)",
        purpose='\u0430nswer_purpose = "B"',
    )
    submission.write()


@attack(RIGHT)
def names_in_wide_letters(submission):
    """Defines its answers in full-width letters, which Python reads as the plain ones: honest, if odd."""
    submission.answer(
        time="def \uff54ime_based_decay(initial_lr, decay, step):\n    return initial_lr / (1 + decay * step)",
        purpose='\uff41nswer_purpose = "B"',
    )
    submission.write()


@attack(WRONG, purpose="could not be read")
def computes_its_letter(submission):
    """Gives an expression as its answer to a question, in the hope that the grader evaluates it."""
    submission.answer(purpose="answer_purpose = __import__('os').environ.get('KEY', 'B')")
    submission.write()


@attack(WRONG)
def unlocks_its_checks(submission):
    """Declares its graded cells to be answers of its own, to be marked by hand, worth 1000 points each."""
    for name in ("time", "steps", "purpose"):
        submission.check(name).metadata.nbgrader.update(locked=False, solution=True, grade=True, points=1000)
        submission.check(name).source = "2.0"
    submission.write()
