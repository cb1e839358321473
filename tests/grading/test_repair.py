"""What students do to a notebook's cells, one case each: repaired, it is graded as they meant it."""

from copy import deepcopy
from functools import partial

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from nbgrader.nbgraderformat import MetadataValidator
from released_notebook import HALF, STUB, TWICE, about, answered, cell, copy_of, place, record, release

from lrcourse.grading.release.record import record_of
from lrcourse.grading.repair.matching import recognised
from lrcourse.grading.repair.repair import repair
from lrcourse.student_code.source import names_bound_in, read_answer

SPECIAL = [cell.grade_id for cell in record().cells if cell.nbgrader]
RIGHT = {"half": 2.0, "twice": 8, "rate": "B"}


def run(nb):
    """What each check finds when the notebook runs from top to bottom: a value, or the error's name."""
    namespace, cells, found = {"check": lambda *args, **kwargs: None}, [], {}
    for each in nb.cells:
        if each.cell_type != "code":
            continue
        grade_id = about(each).get("grade_id", "")
        if grade_id == "check_rate":
            assert each.source == 'check("rate")'
            found["rate"] = read_answer("answer_rate", cells).value
        elif grade_id.startswith("check_"):
            name = grade_id.removeprefix("check_")
            assert each.source == f'check("{name}")'
            try:
                found[name] = namespace[name](4)
            except (KeyError, NotImplementedError) as error:
                found[name] = type(error).__name__
        else:
            cells.append(each.source)
            try:
                exec(each.source, namespace)
            except (SyntaxError, NameError, MemoryError, RecursionError):
                continue  # a student's cell may fail
    return found


def repaired(nb):
    """The repaired notebook; every time, nbgrader must find it sound, and repairing it again must change nothing."""
    before = deepcopy(nb)
    done, _ = repair(nb, record())
    assert nb == before  # what was handed in stays as it is
    nbformat.validate(done)
    MetadataValidator().validate_nb(done)
    assert sorted(about(each)["grade_id"] for each in done.cells if about(each)) == sorted(SPECIAL)
    wanted = {each.grade_id: each for each in record().cells if each.nbgrader}
    for each in done.cells:
        if about(each):
            known = wanted[about(each)["grade_id"]]
            assert dict(about(each)) == known.nbgrader
            assert each.cell_type == known.cell_type
            assert known.is_answer or each.source == known.source
    again, _ = repair(done, record())
    assert again == done
    return done


CASES = {}


def case(function=None, **expected):
    """A way to change the answered notebook; all answers stay right, but for those named."""
    if function is None:
        return partial(case, **expected)
    CASES[function.__name__] = (function, RIGHT | expected)
    return function


@case
def honest(nb): ...


@case(half="NotImplementedError", twice="NotImplementedError", rate=None)
def blank(nb):
    nb.cells = release().cells


@case
def check_pasted_below(nb):
    nb.cells.insert(place(nb, "check_half") + 1, copy_of(cell(nb, "check_half")))


@case
def check_pasted_at_the_top(nb):
    nb.cells.insert(0, copy_of(cell(nb, "check_half")))


@case
def check_pasted_with_the_points_of_a_dream(nb):
    nb.cells.append(copy_of(cell(nb, "check_half")))
    nb.cells[-1].metadata.nbgrader.points = 100


@case
def first_copy_of_a_check_emptied(nb):
    nb.cells.insert(0, copy_of(cell(nb, "check_half")))
    nb.cells[0].source = "pass"


@case
def answer_pasted_below(nb):
    nb.cells.insert(place(nb, "half") + 1, copy_of(cell(nb, "half")))
    cell(nb, "half").source = "def half(x):\n    return 'first try'"


@case
def answer_pasted_above_the_better_one(nb):
    nb.cells.insert(place(nb, "half"), copy_of(cell(nb, "half")))
    nb.cells[place(nb, "half")].source = "def half(x):\n    return 'first try'"


@case
def stub_kept_as_a_copy_below_the_answer(nb):
    nb.cells.insert(place(nb, "half") + 1, copy_of(cell(release(), "half")))


@case
def stub_left_and_answered_in_a_copy_at_the_end(nb):
    nb.cells.append(copy_of(cell(nb, "half")))
    cell(nb, "half").source = STUB.format("half")


@case
def stub_left_and_answered_in_a_new_cell_above(nb):
    nb.cells.insert(place(nb, "half"), new_code_cell(HALF))
    cell(nb, "half").source = STUB.format("half")


@case
def stub_left_and_answered_in_a_new_cell_below_the_check(nb):
    nb.cells.insert(place(nb, "check_half") + 1, new_code_cell(HALF))
    cell(nb, "half").source = STUB.format("half")


@case
def a_later_try_after_the_check_does_not_count(nb):
    nb.cells.append(copy_of(cell(nb, "half")))
    nb.cells[-1].source = "def half(x):\n    return 'a later try'"


@case
def question_answered_in_a_new_cell(nb):
    cell(nb, "answer_rate").source = 'answer_rate = None  # "A" or "B"'
    nb.cells.append(new_code_cell('answer_rate = "B"'))


@case
def check_deleted(nb):
    del nb.cells[place(nb, "check_half")]


@case(half="NotImplementedError")
def answer_deleted(nb):
    del nb.cells[place(nb, "half")]


@case(half="NotImplementedError")
def answer_and_check_deleted(nb):
    del nb.cells[place(nb, "half")]
    del nb.cells[place(nb, "check_half")]


@case(half="NotImplementedError", twice="NotImplementedError", rate=None)
def every_cell_of_nbgrader_deleted(nb):
    nb.cells = [each for each in nb.cells if not about(each)]


@case
def all_checks_deleted(nb):
    nb.cells = [each for each in nb.cells if not about(each).get("grade")]


@case
def question_text_deleted(nb):
    del nb.cells[place(nb, "question_rate")]


@case
def question_text_changed(nb):
    cell(nb, "question_rate").source += "\n\nI think B."


@case
def check_rewritten(nb):
    cell(nb, "check_half").source = "assert True"


@case
def check_with_other_quotes_and_a_comment(nb):
    cell(nb, "check_half").source = "check('half')  # works!"


@case
def answer_written_into_the_check(nb):
    cell(nb, "check_half").source = HALF
    cell(nb, "half").source = STUB.format("half")


@case
def answer_and_check_merged(nb):
    cell(nb, "half").source += '\n\ncheck("half")'
    del nb.cells[place(nb, "check_half")]


@case
def answer_and_check_merged_under_the_checks_metadata(nb):
    cell(nb, "check_half").source = HALF + '\n\ncheck("half")'
    del nb.cells[place(nb, "half")]


@case
def both_answers_merged(nb):
    cell(nb, "half").source += "\n\n" + TWICE
    del nb.cells[place(nb, "twice")]


@case
def both_exercises_merged_into_one_cell(nb):
    cell(nb, "half").source += '\ncheck("half")\n' + TWICE + '\ncheck("twice")'
    for grade_id in ("check_half", "twice", "check_twice"):
        del nb.cells[place(nb, grade_id)]


@case
def answer_split_in_two(nb):
    second = copy_of(cell(nb, "half"))
    cell(nb, "half").source = "def helper(x):\n    return x / 2"
    second.source = "def half(x):\n    return helper(x)"
    nb.cells.insert(place(nb, "half") + 1, second)


@case
def check_moved_above_the_answer(nb):
    nb.cells.insert(place(nb, "half"), nb.cells.pop(place(nb, "check_half")))


@case
def exercises_swapped(nb):
    at, other = place(nb, "half"), place(nb, "twice")
    nb.cells[at : at + 2], nb.cells[other : other + 2] = nb.cells[other : other + 2], nb.cells[at : at + 2]


@case
def cells_in_reverse_order(nb):
    nb.cells.reverse()


@case
def answer_made_markdown(nb):
    cell(nb, "half").update(new_markdown_cell(HALF, metadata=cell(nb, "half").metadata))


@case
def answer_made_raw(nb):
    cell(nb, "half").update(new_raw_cell(HALF, metadata=cell(nb, "half").metadata))


@case
def an_old_try_made_markdown_stays_so(nb):
    old = copy_of(cell(nb, "half"))
    nb.cells.insert(place(nb, "half") + 1, new_markdown_cell("def half(x):\n    return 'old'", metadata=old.metadata))


@case
def check_made_markdown(nb):
    kept = cell(nb, "check_half")
    nb.cells[place(nb, "check_half")] = new_markdown_cell(kept.source, metadata=kept.metadata, id=kept.id)


@case
def grade_ids_renamed(nb):
    for each in nb.cells:
        if about(each):
            each.metadata.nbgrader.grade_id += "_x"


@case
def grade_ids_swapped(nb):
    one, two = cell(nb, "check_half"), cell(nb, "check_twice")
    one.metadata, two.metadata = two.metadata, one.metadata


@case
def answers_grade_ids_swapped(nb):
    one, two = cell(nb, "half"), cell(nb, "twice")
    one.metadata, two.metadata = two.metadata, one.metadata


@case
def answers_marked_as_checks(nb):
    for name in ("half", "twice"):
        cell(nb, name).metadata = deepcopy(cell(nb, f"check_{name}").metadata)


@case
def all_points_raised(nb):
    for each in nb.cells:
        if about(each).get("grade"):
            each.metadata.nbgrader.points = 1000


@case
def schema_version_99(nb):
    for each in nb.cells:
        if about(each):
            each.metadata.nbgrader.schema_version = 99


@case
def schema_version_1(nb):
    for each in nb.cells:
        if about(each):
            each.metadata.nbgrader.schema_version = 1


@case
def schema_version_missing(nb):
    for each in nb.cells:
        each.metadata.get("nbgrader", {}).pop("schema_version", None)


@case
def metadata_of_wrong_types(nb):
    for each, wrong in zip(nb.cells, [5, "x", None, [], {"grade_id": 3}, {"grade_id": ["half"]}] * 2, strict=True):
        each.metadata["nbgrader"] = wrong


@case
def saved_by_another_tool(nb):
    for number, each in enumerate(nb.cells):
        each.metadata.clear()
        each.id = f"new-{number}"


@case
def saved_by_another_tool_with_blank_lines_at_the_ends(nb):
    saved_by_another_tool(nb)
    for each in nb.cells:
        each.source = each.source.replace("\n", "  \n") + "\n\n"


@case(half="NotImplementedError")
def saved_by_another_tool_and_an_answer_deleted(nb):
    del nb.cells[place(nb, "half")]
    saved_by_another_tool(nb)


@case
def one_id_on_all_cells(nb):
    for each in nb.cells:
        each.id = "half"
        each.metadata.clear()


@case(half="KeyError")
def syntax_error_in_an_answer(nb):
    cell(nb, "half").source = "def half(x)\n    return x / 2"


@case(half="KeyError")
def syntax_error_and_no_metadata(nb):
    cell(nb, "half").source = "def half(x):\nreturn x / 2"
    saved_by_another_tool(nb)


@case(half="KeyError")
def function_renamed(nb):
    cell(nb, "half").source = "def halve(x):\n    return x / 2"


@case
def check_called_in_cells_of_the_students_own(nb):
    nb.cells.insert(place(nb, "half"), new_code_cell('check("half")'))
    nb.cells.append(new_code_cell('check("half")\ncheck("rate")'))


@case
def cells_of_the_students_own(nb):
    nb.cells[2:2] = [new_code_cell("y = 1"), new_markdown_cell("My notes"), new_raw_cell("raw"), new_code_cell("")]


@pytest.mark.parametrize("name", CASES)
def test_it_is_graded_as_meant(name):
    change, expected = CASES[name]
    nb = answered()
    change(nb)
    assert run(repaired(nb)) == expected


def test_nothing_a_student_wrote_is_lost():
    nb = answered()
    cell(nb, "check_half").source = 'check("half")\nprint("my own experiment")'
    nb.cells.append(copy_of(cell(nb, "twice")))
    nb.cells[-1].source = "def twice(x):\n    return x + x  # another way"
    sources = [each.source for each in repaired(nb).cells]
    assert 'check("half")\nprint("my own experiment")' in sources
    assert "def twice(x):\n    return x + x  # another way" in sources


def test_an_honest_notebook_stays_as_it_is():
    nb = answered()
    done, notes = repair(nb, record())
    assert notes == []
    assert [(each.id, each.source) for each in done.cells] == [(each.id, each.source) for each in nb.cells]


def test_what_is_missing_comes_back_in_its_place():
    nb = answered()
    kept = [each for each in nb.cells if about(each).get("grade_id") not in ("half", "check_half", "question_rate")]
    done = repaired(new_notebook(cells=kept))
    assert [each.source for each in done.cells if about(each)] == [
        STUB.format("half"), 'check("half")', TWICE, 'check("twice")', release().cells[8].source,
        'answer_rate = "B"', 'check("rate")',
    ]  # fmt: skip
    assert place(done, "half") == 3  # behind its text


def test_a_notebook_without_metadata_gets_no_cell_twice():
    nb = answered()
    saved_by_another_tool(nb)
    cell_of_the_question = nb.cells[8]
    cell_of_the_question.source += "\n\nHm."
    done = repaired(nb)
    assert [each.source for each in done.cells] == [each.source for each in answered().cells]


def test_of_two_copies_the_one_between_its_neighbours_counts():
    nb = answered()
    check_pasted_at_the_top(nb)
    done, notes = repair(nb, record())
    assert notes == ["check_half: there are 2 copies; one counts."]  # and not: it was above the answer
    assert [about(each).get("grade_id") for each in done.cells[:6]] == [None, None, None, None, "half", "check_half"]


def test_an_example_of_the_lesson_is_nobodys_answer():
    released = release()
    released.cells[1].source = "def half(x):\n    return x / 2  # as the lesson shows it"
    nb = deepcopy(released)
    done, _ = repair(nb, record_of(released))
    assert cell(done, "half").source == STUB.format("half")
    del nb.cells[place(nb, "half")]
    done, _ = repair(nb, record_of(released))
    assert cell(done, "half").source == STUB.format("half")


def test_every_repair_is_told():
    nb = answered()
    del nb.cells[place(nb, "check_half")]
    cell(nb, "check_twice").source = 'check("twice" )#'
    nb.cells.insert(place(nb, "answer_rate"), nb.cells.pop(place(nb, "check_rate")))
    _, notes = repair(nb, record())
    assert [note.split(":")[0] for note in notes] == ["check_half", "check_rate"]


def test_no_metadata_of_the_submission_is_left():
    nb = answered()
    nb.metadata["widgets"] = {"state": 1}
    for each in nb.cells:
        each.metadata["tags"] = ["raises-exception"]
        each.metadata["collapsed"] = True
    done = repaired(nb)
    assert done.metadata == {}
    assert {key for each in done.cells for key in each.metadata} == {"nbgrader", "deletable", "editable"}


def test_tags_are_those_of_the_release_where_the_cell_is():
    released = release()
    released.cells[1].metadata["tags"] = ["demo"]
    nb = answered()
    nb.cells.append(new_code_cell("x = 1", metadata={"tags": ["demo"]}))
    done, _ = repair(nb, record_of(released))
    assert [each.source for each in done.cells if each.metadata.get("tags")] == ["import math"]
    nb.cells[1].source = "import math\nx = 1"
    done, _ = repair(nb, record_of(released))
    assert [each.source for each in done.cells if each.metadata.get("tags")] == []


@pytest.mark.parametrize(
    ("change", "known"),
    [
        (lambda nb: None, True),
        (lambda nb: nb.cells.clear(), False),
        (lambda nb: nb.update(new_notebook(cells=[new_code_cell("import math"), new_code_cell("x = 1")])), False),
        (lambda nb: nb.update(new_notebook(cells=[new_code_cell(HALF)])), True),
        (lambda nb: nb.update(new_notebook(cells=[each for each in nb.cells if not about(each)])), True),
    ],
    ids=["whole", "empty", "another notebook with the same imports", "one answer", "texts only"],
)
def test_another_notebook_is_not_taken_for_it(change, known):
    nb = answered()
    change(nb)
    assert any(recognised(nb, record())) is known


def test_an_answer_with_a_thousand_nested_brackets_breaks_nothing():
    nb = answered(half="(" * 1000 + ")" * 1000, twice="-" * 100_000 + "1")
    found = run(repaired(nb))
    assert found["rate"] == "B"
    assert names_bound_in(cell(nb, "half").source) == set()
