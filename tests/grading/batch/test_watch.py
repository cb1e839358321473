"""What a run shows: lines with the time left for a file, a bar with counts for a person, nothing for a machine."""

from io import StringIO

from rich.console import Console
from rich.progress import Progress

from lrcourse.grading.batch.display import Watch, columns, watching
from lrcourse.grading.batch.grade import Graded, report
from lrcourse.grading.gradebook.scores import Score
from lrcourse.grading.outcomes import Outcome

ROWS = [Score("ada", "small", 3.0, 4.0, Outcome("graded")), Score("ben", "small", None, 4.0, Outcome("not graded"))]


def test_lines_where_nobody_looks(capsys):
    with watching(3) as watch:
        watch.one("ada", Outcome("graded"))
        watch.one("ben", Outcome("not graded"), "There isn't a notebook in it.")
        watch.one("cleo", Outcome("graded"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 of 3: ada: graded"
    assert lines[1].startswith("2 of 3: ben: There isn't a notebook in it. (")
    assert lines[1].endswith(" left)")
    assert lines[2] == "3 of 3: cleo: graded"


def test_a_bar_with_counts_for_a_person():
    screen = StringIO()
    console = Console(file=screen, force_terminal=True, width=120, color_system=None)
    with Progress(*columns(), console=console, auto_refresh=False) as progress:
        watch = Watch(3, progress, quiet=False)
        watch.one("ada", Outcome("graded"))
        watch.one("[red]ben", Outcome("not graded"), "[bold]odd[/]")
        watch.one("cleo", Outcome("graded", (("not attempted", 2), ("raised", 1))))
        progress.refresh()
    shown = screen.getvalue()
    assert "3/3 1 graded, 1 not graded, 1 not attempted, raised" in shown
    assert "2 of 3: [red]ben: [bold]odd[/]" in shown  # as it is, whatever it says
    assert "1 of 3: ada" not in shown


def test_nothing_for_a_machine(capsys):
    with watching(1, quiet=True) as watch:
        watch.one("ada", Outcome("not graded"), "odd")
    assert capsys.readouterr().out == ""
    assert watch.counts == {"not graded": 1}


def test_the_end_names_who_could_not_be_graded():
    text = report(Graded(ROWS, 1, {"ben": "There isn't a notebook in it."}, {}, 61.0))
    assert "not graded: ben: There isn't a notebook in it." in text.splitlines()
    assert "1 graded in 61 s." in text


def test_a_large_class_is_summed_up_in_few_lines():
    many = [Score(f"s{number}", "small", float(number % 2), 1.0, Outcome("graded")) for number in range(200)]
    text = report(Graded([*many, ROWS[1]], 200, {"ben": "Odd."}))
    assert len(text.splitlines()) < 20
    assert "0.50" in text  # the mean
