"""What to say where no number came back: the wrong kind of answer, an error, a schedule that Keras does not train with.

Nothing here needs the reference, so students of a graded class get these sentences too.
"""

from __future__ import annotations

import re

from lrcourse.checking.exercise import Result
from lrcourse.checking.probing import ACCEPTED
from lrcourse.marks import Remark
from lrcourse.student_code import Reply

# Words of an error -> id and sentence. The first that fits is taken.
_ERRORS = (
    (r"for \^", "caret", "^ is not exponentiation in Python; use **."),
    (r"for \*\* or pow\(\): 'str'|can't multiply sequence|must be str|can only concatenate str", "text-in-sum",
     "Text or a list is used where a number belongs: are there quotes that should go?"),
    (r"'NoneType'", "none-inside", "Part of the sum is None: does a helper print its result instead of returning it?"),
    (r"'(Table|function|method|builtin_function_or_method)'", "function-in-sum",
     "A function is used as if it were a number: call it, with its argument in brackets."),
    (r"'(float|int|numpy\.\w+|float64|int64)' object is not callable", "number-called",
     "A number is called as if it were a function: is a * missing before a bracket?"),
    (r"takes \d+ positional arguments? but|missing \d+ required positional|missing \d+ required keyword",
     "wrong-arguments", "The call does not match the definition: compare their arguments."),
    (r"unexpected keyword argument", "unknown-keyword",
     "Compare the argument's name with the documentation of the function or class that you call."),
    (r"UnboundLocalError|cannot access local variable|referenced before assignment", "unset-variable",
     "On some path through the code this variable never gets a value."),
    (r"^NameError", "unknown-name", "Is the name spelt exactly as it was defined, and is its import in this notebook?"),
    (r"^ZeroDivisionError", "division-by-zero",
     "For these arguments the divisor is 0: handle them separately, or check the divisor."),
    (r"^(IndexError|KeyError)", "outside-table",
     "A list or table has no entry for what is asked of it: compute the value instead."),
    (r"^RecursionError", "recursion",
     "A function calls itself endlessly, or too many times: a formula does not need recursion."),
    (r"^OverflowError", "overflow", "A number grew too large: look at the base and the exponent of each power."),
)  # fmt: skip
_REJECTED = (
    (r"__init__\(\) missing", "class-not-object",
     "A class was called without its arguments: return an object, the class with its arguments in brackets."),
    (r"must override", "no-call-method", "The class needs a method `__call__(self, step)` that returns the rate."),
    (r"missing \d+ required positional", "plain-function",
     "An optimizer calls a plain function without arguments: return a Keras schedule object."),
    (r"as a Python `?bool|symbolic `?tf.Tensor", "branch-on-step",
     "In training the step is a tensor, and `if` cannot decide on a tensor: use keras.ops.where, or a class of Keras."),
    (r"numpy|SymbolicTensor|__array__", "python-number-of-step",
     "In training the step is a tensor: int(), float(), math and NumPy cannot work with it; keras.ops can."),
    (r"None values not supported|NoneType", "no-rate", "`__call__` returns None: is a `return` missing there?"),
    (r"int64|int32|dtype", "step-not-cast",
     'The step is a tensor of whole numbers: make it a float first, with keras.ops.cast(step, "float32").'),
)  # fmt: skip


def advice(reply: Reply, result: Result, *, refusal: bool, itself: bool) -> Remark | None:
    """What a wrong `reply` says by its kind; None for a number where a number was asked.

    `refusal` says that a ValueError was expected. `itself` says that the student's function gave it, and not what that
    function returned.
    """
    if reply.failed:
        return _of_failure(reply, refusal=refusal)
    if refusal:
        return _of_no_refusal(reply)
    if result is Result.SCHEDULER and itself:
        return _of_no_scheduler(reply)
    if reply.kind == "none":
        where = " in the function that you return" if result is Result.SCHEDULER else ""
        return Remark("returns-none", f"Is a `return` missing{where}? Printing a value does not return it.", "form")
    if reply.kind == "nan":
        return Remark("returns-nan", "NaN means 'not a number': is zero divided by zero somewhere?", "form")
    if reply.kind == "infinite":
        return Remark("returns-infinity", "Look for a division by zero or a power that grows without limit.", "form")
    if reply.kind == "text" and result in (Result.NUMBER, Result.PAIR, Result.SCHEDULER):
        return Remark("returns-text", "Return the number itself, not text.", "form")
    if reply.kind == "handle" and result in (Result.NUMBER, Result.SCHEDULER):
        return Remark(
            "returns-a-function",
            "Return the number itself, not a function or a schedule: are the brackets of a call missing?",
            "form",
        )
    if reply.kind == "truth" and result is not Result.TRUTH:
        return Remark("returns-truth", "True and False are not rates.", "form")
    right = {Result.PAIR: "list", Result.TRUTH: "truth"}.get(result, "number")
    if reply.kind == right:
        return None
    what = "a number" if result is Result.SCHEDULER else result.value
    return Remark("wrong-kind", f"Return {what}.", "form")


def _of_no_scheduler(reply: Reply) -> Remark:
    if reply.kind == "none":
        return Remark("no-inner-function", "Is the last line, which returns the inner function, missing?", "form")
    if reply.kind == "other" and "number" in reply.note:
        return Remark(
            "number-for-function", f"Return {Result.SCHEDULER.value}: the function itself, not what it gives.", "form"
        )
    return Remark("wrong-kind", f"Return {Result.SCHEDULER.value}.", "form")


def _of_no_refusal(reply: Reply) -> Remark:
    if reply.kind == "text" and reply.value == ACCEPTED:
        return Remark("not-refused", "Refuse with raise ValueError(...).", "form")
    return Remark(
        "returned-not-raised", "Refuse with raise ValueError(...): returning something does not refuse.", "form"
    )


def _of_failure(reply: Reply, *, refusal: bool) -> Remark | None:
    if reply.kind not in ("raised", "rejected"):
        return Remark(reply.kind, "", "error")
    name = reply.value[0]
    if refusal:
        sentence = (
            f"Refuse with raise ValueError(...): {'an' if name[0] in 'AEIO' else 'a'} {name} is a different error."
        )
        return Remark("other-error", sentence, "error")
    for pattern, id, sentence in _REJECTED if reply.kind == "rejected" else _ERRORS:
        if re.search(pattern, reply.note):
            return Remark(id, sentence, "error")
    return Remark(f"{reply.kind}-{name}", "", "error")


def error_in_words(note: str) -> str:
    """An error's message without names that a student has not written."""
    note = re.sub(r"Table\.__call__\(\).*", "after() is called with one argument, after(k)", note)
    note = note.replace("'Table'", "'function'")
    note = re.sub(r"(Using a symbolic .*? is not allowed)\..*", r"\1", note)
    return re.sub(r"\w+\.<locals>\.", "", note)
