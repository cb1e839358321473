"""Honest submissions of strange forms: what counts in JupyterLab counts here, and nothing else does."""

from __future__ import annotations

from attack import ANSWERS, RIGHT, RIGHT_ANSWERS, attack


def _around(submission, before: str = "", after: str = "") -> None:
    """Put lines around each answer, in its own cell."""
    for name, grade_id in ANSWERS.items():
        submission.cell(grade_id).source = f"{before}{RIGHT_ANSWERS[name]}{after}"
    submission.write()


@attack(RIGHT)
def asks_for_help_beside_its_answers(submission):
    """Has lines like `len?` and `?len` in its answer cells."""
    _around(submission, "?len\n", "\nlen?\nlen??")


@attack(RIGHT)
def uses_shells_and_magics_beside_its_answers(submission):
    """Has `files = !ls`, `t = %timeit -o ...` and a command that goes on over lines in its answer cells."""
    _around(submission, "files = !ls\n!true \\\n  and more\n", "\nt = %timeit -o -q -n 1 -r 1 len('')")


@attack(RIGHT)
def times_its_answer_cells(submission):
    """Has `%%time` above one answer, `%%capture` above another, prompts in front of the third."""
    submission.answer(
        time=f"%%time\n{RIGHT_ANSWERS['time']}",
        steps=f"%%capture\n%%time\n{RIGHT_ANSWERS['steps']}\n!true",
        purpose=f"In [1]: {RIGHT_ANSWERS['purpose']}",
    )
    submission.write()


@attack(RIGHT)
def keeps_old_drafts_in_cells_that_do_not_run(submission):
    """Has wrong answers below `%%script false`, `%%writefile` and `%%html`, behind its right ones."""
    wrong = 'answer_purpose = "C"'
    place = submission.place("check_purpose")
    for magic in ("%%script false --no-raise-error", "%%writefile draft.py", "%%html"):
        submission.code(f"{magic}\n{wrong}")
        submission.nb.cells.insert(place + 1, submission.nb.cells.pop(0))
    submission.write()


@attack(RIGHT)
def gives_reasons_by_answer(submission):
    """Keeps its reasons in a dictionary: `why[answer_purpose] = ...`."""
    submission.cell("answer_purpose").source += '\nwhy = {}\nwhy[answer_purpose] = "C was too easy"'
    submission.write()


@attack(RIGHT)
def imports_its_helper(submission):
    """Imports a helper file, and one in a folder, that are handed in beside the notebook."""
    (submission.folder / "helper.py").write_text("def divided(a, b):\n    return a / b\n")
    (submission.folder / "more").mkdir()
    (submission.folder / "more" / "rounding.py").write_text("def up(a, b):\n    return -(-a // b)\n")
    submission.answer(
        time=(
            "from helper import divided\n"
            "def time_based_decay(initial_lr, decay, step):\n    return divided(initial_lr, 1 + decay * step)"
        ),
        steps=(
            "from more.rounding import up\n"
            "def steps_between_decays(n_examples, batch_size, epochs):\n    return up(n_examples, batch_size) * epochs"
        ),
    )
    submission.write()


@attack(RIGHT)
def has_files_named_like_modules(submission):
    """Brings files named json.py, numpy.py, lrcourse.py, which must stand for none of these."""
    for name in ("json", "numpy", "lrcourse", "ipykernel", "sitecustomize", "math", "keras"):
        (submission.folder / f"{name}.py").write_text("import os\nos._exit(3)\n")
    submission.first("import json, numpy, math, lrcourse\nprint(json.dumps(1), numpy.sum([1]), math.pi)")
    submission.write()
