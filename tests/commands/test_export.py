"""An exported bank, read back: the same questions, options, keys, feedback and points, and the same marks.

GIFT is read by a small reader of its own below (the parsers on PyPI are not kept up); it splits as Moodle's importer
does. QTI is unzipped, and its XML and HTML are parsed.
"""

import io
import itertools
import os
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from lrcourse.commands.quiz.gift import export_gift
from lrcourse.commands.quiz.qti import export_qti
from lrcourse.errors import CommandError
from lrcourse.quiz.bank import LessonQuestions, load_course
from lrcourse.quiz.marking import mark
from lrcourse.quiz.questions import LANGUAGES, Number
from lrcourse.student_code import plain

LRCOURSE = Path(sys.executable).parent / "lrcourse"
BANK = [(lesson, language) for lesson in load_course() if lesson.questions for language in LANGUAGES]
BANK_IDS = [f"{lesson.lesson}-{language}" for lesson, language in BANK]
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


# --- questions of every kind -----------------------------------------------------------------------------------------


def text(words):
    return {"en": words, "es": f"{words} ñ"}


def option(id, words, correct=False, feedback="why"):
    return {"id": id, "text": text(words), "feedback": text(feedback), "correct": correct} | (
        {} if correct else {"misconception": "none"}
    )


def single(words="one", **more):
    options = [option("a", words, feedback=words), option("b", "other"), option("c", f"{words} c", True, words)]
    return {"id": "one", "evidence": "Run", "stem": text(f"{words} one"), "options": options} | more


def multiple(words="several", right="ab", options="abcd", **more):
    listed = [option(id, f"{words} {id}", id in right, f"{words} {id} f") for id in options]
    return {"id": "several", "kind": "multiple", "evidence": "Run", "stem": text(words), "options": listed} | more


def number(words="number", answer=0.05, wrong=(0.08, 0.1), **more):
    known = [{"value": value, "misconception": "none", "feedback": text(f"{words} {value}")} for value in wrong]
    rest = {"evidence": "Run", "compute": "0", "feedback": text(words), "hint": text(f"{words} hint"), "wrong": known}
    return {"id": "number", "kind": "number", "stem": text(f"{words} ?"), "answer": answer} | rest | more


def lesson_of(*questions):
    return LessonQuestions.model_validate({"lesson": "demo", "questions": questions})


# --- the readers -----------------------------------------------------------------------------------------------------

HIDDEN = {character: chr(0xE000 + place) for place, character in enumerate("~=#{}:")}


def hide(source):
    """Escaped characters as private ones, so that what is left of ~ = # { } : is the format's own."""
    return re.sub(r"\\([\\~=#{}:n])", lambda m: {"\\": "\\", "n": "\n"}.get(m[1]) or HIDDEN[m[1]], source)


def shown(part):
    """The format and the text of a part."""
    format, words = re.fullmatch(r"\s*(?:\[(html|moodle|plain|markdown)\])?(.*)", part, flags=re.DOTALL).groups()
    assert not HIDDEN.keys() & set(words), "a reserved character is not escaped"
    for character, place in HIDDEN.items():
        words = words.replace(place, character)
    return format, words.strip()


def weighed(part):
    """The weight at the head of an answer, if there is one, and the rest."""
    found = re.match(r"%(-?\d{1,2}\d?(?:\.\d+)?)%", part)
    return (float(found[1]), part[found.end() :]) if found else (None, part)


def read_gift(content):
    first, *blocks = re.split(r"\n[ \t]*\n", content.decode().strip())
    return SimpleNamespace(
        category=first.removeprefix("$CATEGORY: "), questions=[read_gift_question(block) for block in blocks]
    )


def read_gift_question(block):
    points = re.search(r"^// points: (.+)$", block, flags=re.MULTILINE)[1]
    block = hide("\n".join(line for line in block.splitlines() if not line.startswith("//"))).strip()
    title, stem, body = re.fullmatch(r"::(.*?)::([^{}]*)\{([^{}]*)\}", block, flags=re.DOTALL).groups()
    format, stem = shown(stem)
    read = SimpleNamespace(id=shown(title)[1], points=float(points), format=format, stem=stem, hint=None, options=[])
    body = body.strip()
    if body.startswith("#"):
        read.kind = "number"
        answers, _, hint = body[1:].partition("~")
        read.hint = shown(hint.removeprefix("#"))[1]
        for answer in answers.split("=")[1:]:
            weight, rest = weighed(answer.strip())
            numbers, feedback = rest.split("#", 1)
            value, margin = map(float, numbers.split(":"))
            read.options.append((weight, (value, margin), shown(feedback)[1]))
        return read
    read.kind = "single" if "=" in body else "multiple"
    for sign, answer in re.findall(r"([~=])([^~=]*)", body):
        weight, rest = (100.0, answer) if sign == "=" else weighed(answer)
        words, feedback = rest.split("#", 1)
        read.options.append((weight or 0.0, shown(words)[1], shown(feedback)[1]))
    return read


class Words(HTMLParser):
    """The text of a piece of HTML, equations as the LaTeX that Canvas draws."""

    def __init__(self, html):
        super().__init__()
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.words += f"${dict(attributes)['data-equation-content']}$"

    def handle_data(self, data):
        self.words += data


def html_text(element):
    return Words(element.find(f".//{QTI}mattext").text).words.strip()


def read_qti(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    named = {element.get("href") for element in manifest.iter() if element.tag.endswith("}file")}
    assert named <= set(archive.namelist())
    (path,) = [name for name in archive.namelist() if re.fullmatch(r"(.*)/\1\.xml", name)]
    assessment = ElementTree.fromstring(archive.read(path)).find(f"{QTI}assessment")
    items = [read_qti_item(item) for item in assessment.iter(f"{QTI}item")]
    return SimpleNamespace(title=assessment.get("title"), questions=items)


def read_qti_item(item):
    fields = {
        field.find(f"{QTI}fieldlabel").text: field.find(f"{QTI}fieldentry").text
        for field in item.iter(f"{QTI}qtimetadatafield")
    }
    feedback = {element.get("ident"): html_text(element) for element in item.findall(f"{QTI}itemfeedback")}
    (key,) = [rule for rule in item.iter(f"{QTI}respcondition") if rule.find(f"{QTI}setvar") is not None]
    assert key.find(f"{QTI}setvar").text == "100"
    refused = {element.text for no in key.iter(f"{QTI}not") for element in no}
    correct = {element.text for element in key.iter(f"{QTI}varequal")} - refused
    read = SimpleNamespace(
        id=item.get("title"),
        points=float(fields["points_possible"]),
        kind=fields["question_type"],
        stem=html_text(item.find(f"{QTI}presentation")),
        feedback=feedback,
        options=[],
        range=None,
    )
    for label in item.iter(f"{QTI}response_label"):
        ident = label.get("ident")
        if label.find(f".//{QTI}mattext") is not None:
            read.options.append((html_text(label), ident in correct, feedback[f"{ident}_fb"]))
            assert (ident in correct) != (ident in refused) or read.kind == "multiple_choice_question"
    if read.kind == "numerical_question":
        read.range = tuple(float(key.find(f".//{QTI}{name}").text) for name in ("vargte", "varlte"))
    return read


def in_words(markdown):
    """A text without the marks of simple Markdown, and without what typography changes."""
    markdown = re.sub("[\u2018\u2019]", "'", re.sub("[\u201c\u201d]", '"', markdown))
    markdown = markdown.replace("\u2026", "...").replace("\u2013", "--")
    return " ".join(markdown.replace("`", "").replace("*", "").split())


# --- the course's own bank -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lesson", "language"), BANK, ids=BANK_IDS)
def test_gift_holds_the_bank(lesson, language):
    read = read_gift(export_gift(lesson, language).content)
    assert read.category == f"lrcourse/{lesson.lesson}" + ("/es" if language == "es" else "")
    assert [(question.id, question.points, question.kind) for question in read.questions] == [
        (question.id, question.points, question.kind) for question in lesson.questions
    ]
    for asked, question in zip(lesson.questions, read.questions, strict=True):
        assert question.format == "markdown"
        assert question.stem == asked.stem[language]
        if isinstance(asked, Number):
            feedback = [asked.feedback[language], *(wrong.feedback[language] for wrong in asked.wrong)]
            assert [words for _, _, words in question.options] == feedback
            assert question.hint == asked.hint[language]
        else:
            assert [(weight > 0, words, feedback) for weight, words, feedback in question.options] == [
                (option.correct, option.text[language], option.feedback[language]) for option in asked.options
            ]


@pytest.mark.parametrize(("lesson", "language"), BANK, ids=BANK_IDS)
def test_qti_holds_the_bank(lesson, language):
    exported = export_qti(lesson, language)
    read = read_qti(exported.content)
    assert read.title == lesson.lesson + (" (es)" if language == "es" else "")
    kinds = {"single": "multiple_choice", "multiple": "multiple_answers", "number": "numerical"}
    kept = [question for question in lesson.questions if question.id in exported.questions]
    for left_out in set(lesson.questions) - set(kept):
        assert any(note.startswith(f"{left_out.id}: left out") for note in exported.notes)
    assert [(question.id, question.points, question.kind) for question in read.questions] == [
        (question.id, question.points, f"{kinds[question.kind]}_question") for question in kept
    ]
    for asked, question in zip(kept, read.questions, strict=True):
        assert in_words(question.stem) == in_words(asked.stem[language])
        if isinstance(asked, Number):
            right, wrong = asked.feedback[language], asked.hint[language]
            assert in_words(question.feedback["correct_fb"]) == in_words(right)
            assert in_words(question.feedback["general_incorrect_fb"]) == in_words(wrong)
            assert canvas_accepts(question, asked.answer)
            assert not any(canvas_accepts(question, wrong.value) for wrong in asked.wrong)
        else:
            assert [(in_words(words), correct, in_words(why)) for words, correct, why in question.options] == [
                (in_words(option.text[language]), option.correct, in_words(option.feedback[language]))
                for option in asked.options
            ]


# --- texts that the formats could trip over --------------------------------------------------------------------------

SAME = [  # read back as they are, by Moodle as Markdown and in Canvas as text
    "{a: 1} == {b} ~ c # d",
    "a = b: 50% = half, %50% too",
    "a < b & c > d",
    "[0.1, 0.2]",
    "[html] is a format",
    "[*] is a mark",
    "%50% is a weight",
    "%100% too",
    "// no comment",
    "::a title::",
    "= 0.1 +- 0.01",
    "~ 0.1",
    "-> 3 ->",
    "-0.5 and +0.5",
    "####general",
    "END_GROUP",
    "GROUP",
    "$CATEGORY: other",
    "Points: 7",
    "a) is a letter",
    "C:\\new\\table",
    "é ñ ü ¿qué? € — 速",
    "two\nlines: 1. no\nb) list\n[ ] of {them}\nPoints: 3",
    "a paragraph\n\nand another one",
]
CHANGED = [  # source, for Moodle, in Canvas
    ("`{x = '\\n'}` & `<b>`", "`{x = '\\n'}` & `<b>`", "{x = '\\n'} & <b>"),
    ("\"double\" 'single' ...", "\"double\" 'single' ...", "\u201cdouble\u201d \u2018single\u2019 \u2026"),
    ("a \\\\ b \\* c", "a \\\\ b \\* c", "a \\ b * c"),
    ("costs \\$5 or \\$6", "costs $5 or $6", "costs $5 or $6"),
    ("`$x$` is $x$", "`$x$` is \\\\(x\\\\)", "$x$ is $x$"),
    (
        "$\\frac{\\alpha_t}{1 + d*t} < 1$ falls",
        "\\\\(\\\\frac{\\\\alpha\\_t}{1 + d\\*t} &lt; 1\\\\) falls",
        "$\\frac{\\alpha_t}{1 + d*t} < 1$ falls",
    ),
    ("# of steps", "\\# of steps", "# of steps"),
    ("> 0.1", "\\> 0.1", "> 0.1"),
    ("- 0.5 less", "\\- 0.5 less", "- 0.5 less"),
    ("1. the first", "1\\. the first", "1. the first"),
    ("one\r\ntwo", "one\ntwo", "one\ntwo"),
]
CHANGED += [(same, "\\" + same if same.startswith("#") else same, same) for same in SAME]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("source", "expected"), [(source, moodle) for source, moodle, _ in CHANGED])
def test_gift_survives_nasty_texts(source, expected, language):
    end = "" if language == "en" else " ñ"
    read = read_gift(export_gift(lesson_of(single(source), multiple(source), number(source)), language).content)
    one, several, count = read.questions
    assert (one.kind, one.stem) == ("single", f"{expected} one{end}")
    assert one.options == [
        (0, expected + end, expected + end),
        (0, f"other{end}", f"why{end}"),
        (100, f"{expected} c{end}", expected + end),
    ]
    assert (several.kind, several.stem) == ("multiple", expected + end)
    assert several.options == [
        (50 if id in "ab" else -100, f"{expected} {id}{end}", f"{expected} {id} f{end}") for id in "abcd"
    ]
    assert (count.kind, count.stem, count.hint) == ("number", f"{expected} ?{end}", f"{expected} hint{end}")
    assert count.options == [
        (100, (0.05, 0.0005), expected + end),
        (0, (0.08, 0.0008), f"{expected} 0.08{end}"),
        (0, (0.1, 0.001), f"{expected} 0.1{end}"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("source", "expected"), [(source, canvas) for source, _, canvas in CHANGED])
def test_qti_survives_nasty_texts(source, expected, language):
    end = "" if language == "en" else " ñ"
    content = export_qti(lesson_of(single(source), multiple(source), number(source)), language).content
    one, several, count = read_qti(content).questions

    def squeezed(found):
        return re.sub(r"\n+", "\n", found)

    expected = squeezed(expected)
    assert squeezed(one.stem) == f"{expected} one{end}"
    assert [(squeezed(words), correct, squeezed(why)) for words, correct, why in one.options] == [
        (expected + end, False, expected + end),
        (f"other{end}", False, f"why{end}"),
        (f"{expected} c{end}", True, expected + end),
    ]
    assert squeezed(several.stem) == expected + end
    assert [(squeezed(words), correct, squeezed(why)) for words, correct, why in several.options] == [
        (f"{expected} {id}{end}", id in "ab", f"{expected} {id} f{end}") for id in "abcd"
    ]
    assert squeezed(count.stem) == f"{expected} ?{end}"
    assert squeezed(count.feedback["correct_fb"]) == expected + end
    assert squeezed(count.feedback["general_incorrect_fb"]) == f"{expected} hint{end}"
    assert count.range == (0.0495, 0.0505)


# --- marks -----------------------------------------------------------------------------------------------------------

# Moodle's importer refuses other weights.
GRADES = [100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111]


def answers(letters):
    return [list(chosen) for n in range(1, len(letters) + 1) for chosen in itertools.combinations(letters, n)]


@pytest.mark.parametrize("credit", ["off", "each-answer", "net-correct"])
@pytest.mark.parametrize(
    ("right", "options"),
    [("a", "abc"), ("ab", "abcd"), ("abc", "abcde"), ("bcdefg", "abcdefgh"), ("abcdefg", "abcdefgh")],
)
def test_moodle_marks_a_choice_of_several_as_the_course_does_where_it_can(credit, right, options):
    lesson = lesson_of(multiple(right=right, options=options, credit=credit))
    exported = export_gift(lesson)
    (read,) = read_gift(exported.content).questions
    weights = dict(zip(options.upper(), (weight for weight, _, _ in read.options), strict=True))
    assert {abs(weight) for weight in weights.values()} <= {*GRADES, 10, 5, 0}
    assert sum(weight for weight in weights.values() if weight > 0) == pytest.approx(100, abs=0.001)
    for chosen in answers(options.upper()):
        ours = mark(lesson.questions[0], plain(chosen), reveal=True).points
        moodle = max(0, sum(weights[letter] for letter in chosen)) / 100
        complete = set(right.upper()) <= set(chosen)
        with_wrong = not set(chosen) <= set(right.upper())
        if credit == "net-correct" or complete or (credit == "off" and with_wrong):
            assert moodle == pytest.approx(ours, abs=2e-4), chosen
        elif credit == "each-answer":
            assert moodle <= ours + 1e-4, chosen
        else:
            assert moodle < 1
    assert bool(exported.notes) == (credit != "net-correct")


@pytest.mark.parametrize("answer", [0.05, -0.05, 300, 0.0025399, 4.8e-05, 1437.0])
def test_moodle_marks_a_number_as_the_course_does(answer):
    lesson = lesson_of(number(answer=answer, wrong=(0, 2 * answer, 1.02 * answer)))
    (asked,) = lesson.questions
    (read,) = read_gift(export_gift(lesson).content).questions
    for factor in (1, 0.991, 1.009, 0.98, 1.011, 1.02, 1.029, 2, 2.01, 2.1, 0, -1, 10):
        given = factor * answer
        weight, feedback = next(
            ((w, why) for w, (value, margin), why in read.options if abs(given - value) <= margin), (0, read.hint)
        )
        marked = mark(asked, plain(given), reveal=True)
        assert marked.points == weight / 100
        assert marked.text.endswith(feedback)


def canvas_accepts(question, value):
    """Canvas' classic quizzes round what a student types to four decimals; new quizzes do not."""
    low, high = question.range
    return low <= value <= high or low <= round(value, 4) <= high


@pytest.mark.parametrize("answer", [0.05, -0.05, 300.0, 0.0025399, 0.0900876, 1437.0])
def test_canvas_accepts_every_number_that_the_course_accepts(answer):
    lesson = lesson_of(number(answer=answer, wrong=(1.5 * answer,)))
    exported = export_qti(lesson)
    (read,) = read_qti(exported.content).questions
    low, high = read.range
    for factor in (1, 0.9901, 1.0099, 0.995):
        value = factor * answer
        assert low <= value <= high
        assert low <= round(value, 4) <= high
    assert not canvas_accepts(read, 1.5 * answer)
    assert low >= answer - 0.01 * abs(answer) - 1e-4
    assert high <= answer + 0.01 * abs(answer) + 1e-4


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (number(answer=4.8e-05), "too small"),
        (number(answer=0.00254, wrong=(0.0026,)), "would accept the wrong number 0.0026"),
        (number(points=0.3), "whole and half points"),
    ],
)
def test_what_qti_cannot_hold_is_left_out_and_named(question, words):
    exported = export_qti(lesson_of(single(), question))
    assert exported.questions == ("one",)
    assert [question.id for question in read_qti(exported.content).questions] == ["one"]
    (note,) = exported.notes
    assert note.startswith("number: left out, ")
    assert words in note
    with pytest.raises(CommandError, match=words):
        export_qti(lesson_of(question))


def test_points_arrive_or_are_named():
    lesson = lesson_of(single(points=2), multiple(points=0.5, credit="net-correct"), number(points=3))
    assert [question.points for question in read_qti(export_qti(lesson).content).questions] == [2, 0.5, 3]
    exported = export_gift(lesson)
    assert [question.points for question in read_gift(exported.content).questions] == [2, 0.5, 3]
    assert [note.split(":")[0] for note in exported.notes] == ["one", "several", "number"]
    assert all("default mark" in note for note in exported.notes)


def test_what_canvas_marks_otherwise_is_named():
    for credit in ("off", "each-answer"):
        assert export_qti(lesson_of(multiple(credit=credit))).notes == (
            f'several: Canvas grades it as "net-correct", not "{credit}".',
        )
    assert export_qti(lesson_of(multiple(credit="net-correct"))).notes == ()
    rounded, feedback = export_qti(lesson_of(number(answer=0.00254))).notes
    assert "accepts 0.0025 to 0.0026" in rounded
    assert "known ones is left out" in feedback


def test_a_question_that_text2qti_refuses_is_one_line():
    with pytest.raises(CommandError, match=r"^demo cannot be exported to QTI; text2qti says: .*Duplicate question$"):
        export_qti(lesson_of(single(), single(id="again")))


# --- the command -----------------------------------------------------------------------------------------------------


def run(*arguments, cwd, program=(LRCOURSE,)):
    environment = os.environ | {"PATH": "/usr/bin:/bin", "HOME": str(cwd)}
    command = [*program, "quiz", "export", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def refused(result):
    assert result.returncode == 2, result
    assert "Traceback" not in result.stderr + result.stdout
    (line,) = result.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize(
    ("arguments", "name", "read"),
    [
        (["--to", "gift", "05_warmup"], "05_warmup.gift.txt", read_gift),
        (["05_warmup", "--to", "gift", "--language", "es"], "05_warmup.es.gift.txt", read_gift),
        (["05_warmup", "--to", "qti"], "05_warmup.qti.zip", read_qti),
        (["05_warmup", "--to", "qti", "--output", "mine.zip"], "mine.zip", read_qti),
    ],
)
def test_the_command_writes_one_file_and_names_it(tmp_path, arguments, name, read):
    result = run(*arguments, cwd=tmp_path)
    assert result.returncode == 0, result
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert f"wrote {tmp_path / name}: 2 questions (which-optimizers, warmup-first)" in result.stdout
    questions = read((tmp_path / name).read_bytes()).questions
    assert [question.id for question in questions] == ["which-optimizers", "warmup-first"]
    assert ("¿" in questions[0].stem) == ("es" in arguments)


def test_a_file_that_is_there_is_overwritten_only_with_force(tmp_path):
    (tmp_path / "05_warmup.gift.txt").write_text("mine")
    assert "05_warmup.gift.txt exists already; --force" in refused(run("--to", "gift", "05_warmup", cwd=tmp_path))
    assert (tmp_path / "05_warmup.gift.txt").read_text() == "mine"
    assert run("--to", "gift", "05_warmup", "--force", cwd=tmp_path).returncode == 0
    assert "::warmup-first::" in (tmp_path / "05_warmup.gift.txt").read_text()


def test_an_unknown_lesson_gets_the_nearest_and_the_list(tmp_path):
    line = refused(run("--to", "gift", "05_warmpu", cwd=tmp_path))
    assert 'no questions for "05_warmpu". Did you mean 05_warmup?' in line
    assert "01_why_schedule, 02_time_based_decay, " in line
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written(tmp_path):
    assert "is a folder" in refused(run("--to", "gift", "05_warmup", "--output", ".", cwd=tmp_path))
    assert "No such file" in refused(run("--to", "gift", "05_warmup", "--output", "not/here.txt", cwd=tmp_path))


def test_without_text2qti_one_line_says_how_to_get_it(tmp_path):
    code = "import sys; sys.modules['text2qti'] = None; from lrcourse.lab.program import main; main()"
    line = refused(run("--to", "qti", "05_warmup", cwd=tmp_path, program=(sys.executable, "-c", code)))
    assert '-m pip install "text2qti>=0.8"' in line
    assert run("--to", "gift", "05_warmup", cwd=tmp_path, program=(sys.executable, "-c", code)).returncode == 0
