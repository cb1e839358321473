"""Who may import whom: a folder says who may see what is in it. Read from the text of every module, functions included.

A broken rule is named with file, line and rule.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest

import lrcourse
from lrcourse.locations import INSTRUCTORS_FOLDERS, PACKAGE, notebooks_dir

ROOT = PACKAGE.parent
MODULES = {
    ".".join((path.parent if path.name == "__init__.py" else path.with_suffix("")).relative_to(ROOT).parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
# Runs by itself inside the sandbox, where it finds its neighbours beside it and no lrcourse.
INSIDE = "lrcourse.grading.sandbox.inside"
# By its name as text: the one that does without what is not installed.
ASKED_BY_NAME = {
    "lrcourse.checking.catalog": "lrcourse.answers",
    "lrcourse.lab.program": "lrcourse.commands",
}
# What imports TensorFlow or Keras. Everything else asks `_tensorflow`, which prepares them, or does without.
TENSORFLOW = {"lrcourse._tensorflow", "lrcourse._keras_classes"}
MOST_PUBLIC_NAMES = 45


@dataclass(frozen=True)
class Import:
    """A line that imports a module of the package, or something in it."""

    by: str
    line: int
    module: str

    def __str__(self) -> str:
        return f"{MODULES[self.by].relative_to(ROOT)}:{self.line} imports {self.module}"


def _imported(by: str) -> Iterator[tuple[int, str, str]]:
    """Line, module and name ("" for a whole module) of every import in a module, wherever it stands."""
    for node in ast.walk(ast.parse(MODULES[by].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, node.module or "", alias.name) for alias in node.names)


def _for_types(by: str) -> set[int]:
    """The lines that only a type checker runs."""
    blocks = (node for node in ast.walk(ast.parse(MODULES[by].read_text(encoding="utf-8"))) if isinstance(node, ast.If))
    wanted = (block for block in blocks if ast.unparse(block.test) == "TYPE_CHECKING")
    return {line for block in wanted for line in range(block.lineno, block.end_lineno + 1)}


def _imports() -> list[Import]:
    found = []
    for by in MODULES:
        if by.startswith(INSIDE):
            continue
        skipped = _for_types(by)
        for line, module, name in _imported(by):
            target = f"{module}.{name}" if f"{module}.{name}" in MODULES else module
            if target in MODULES and line not in skipped:
                found.append(Import(by, line, target))
    for by, target in ASKED_BY_NAME.items():
        source = MODULES[by].read_text(encoding="utf-8")
        found.append(Import(by, source[: source.index(f'"{target}"')].count("\n") + 1, target))
    return found


IMPORTS = _imports()


def _folder(module: str, depth: int = 1) -> str:
    """The part of the package that a module belongs to: a folder, or the module itself where it stands alone."""
    parts = module.split(".")
    return parts[depth] if len(parts) > depth else ""


def _broken(found: list[Import], rule: str) -> None:
    assert not found, "\n".join(f"{one}: {rule}" for one in found)


def test_the_text_of_an_import_is_read():
    # Or the tests below could pass for having seen nothing.
    assert len(IMPORTS) > 300
    assert Import("lrcourse.checking.checks", 0, "lrcourse.checking.judge").module in {
        one.module for one in IMPORTS if one.by == "lrcourse.checking.checks"
    }


def test_only_the_program_joins_the_commands():
    found = [one for one in IMPORTS if _folder(one.module) == "commands" and _folder(one.by) != "commands"]
    _broken([one for one in found if one.by != "lrcourse.lab.program"], "only lrcourse/lab/program.py joins `commands`")


def test_only_the_commands_import_grading():
    found = [one for one in IMPORTS if _folder(one.module) == "grading"]
    _broken(
        [one for one in found if _folder(one.by) not in ("grading", "commands")], "only `commands` imports `grading`"
    )


def test_only_the_catalog_grading_and_commands_import_answers():
    found = [one for one in IMPORTS if _folder(one.module) == "answers"]
    allowed = ("answers", "grading", "commands")
    outside = [one for one in found if _folder(one.by) not in allowed and one.by != "lrcourse.checking.catalog"]
    _broken(outside, "only checking/catalog.py, `grading` and `commands` import `answers`")


def test_no_circle_between_modules():
    arrows: dict[str, dict[str, Import]] = {}
    for one in IMPORTS:
        if one.module != one.by:
            arrows.setdefault(one.by, {}).setdefault(one.module, one)
    done: set[str] = set()

    def look(module: str, way: list[str]) -> None:
        if module in way:
            circle = [*way[way.index(module) :], module]
            lines = [str(arrows[a][b]) for a, b in pairwise(circle)]
            pytest.fail("imports go in a circle, and must point one way:\n" + "\n".join(lines))
        if module not in done:
            for target in arrows.get(module, ()):
                look(target, [*way, module])
            done.add(module)

    for module in MODULES:
        look(module, [])


@pytest.mark.parametrize(("within", "depth"), [("lrcourse", 1), ("lrcourse.grading", 2)])
def test_no_circle_between_the_parts(within, depth):
    """Folders and lone modules: what imports another part is not imported by it, at any distance."""
    arrows: dict[str, dict[str, Import]] = {}
    for one in IMPORTS:
        if not (one.by.startswith(within) and one.module.startswith(within)):
            continue
        by, to = _folder(one.by, depth), _folder(one.module, depth)
        if by and to and by != to and one.by not in ASKED_BY_NAME:
            arrows.setdefault(by, {}).setdefault(to, one)
    order: list[str] = []

    def look(part: str, way: list[str]) -> None:
        if part in way:
            circle = [*way[way.index(part) :], part]
            lines = [str(arrows[a][b]) for a, b in pairwise(circle)]
            pytest.fail("parts of the package import each other:\n" + "\n".join(lines))
        if part not in order:
            for target in arrows.get(part, ()):
                look(target, [*way, part])
            order.append(part)

    for part in arrows:
        look(part, [])


def test_tensorflow_only_where_it_is_expected():
    found = []
    for by in MODULES:
        names = ((line, module.split(".")[0]) for line, module, _ in _imported(by) if line not in _for_types(by))
        found += [f"{by}:{line} imports {name}" for line, name in names if name in ("tensorflow", "keras")]
    found = [one for one in found if one.split(":")[0] not in TENSORFLOW]
    assert not found, "only " + ", ".join(sorted(TENSORFLOW)) + " import TensorFlow or Keras:\n" + "\n".join(found)
    assert len(TENSORFLOW) <= 6


def test_no_module_has_the_name_of_a_public_function():
    # After its first import the module would stand in the function's place.
    public = {name for name in lrcourse.__all__ if callable(getattr(lrcourse, name))}
    top = {module.split(".")[1] for module in MODULES if module.count(".") == 1}
    assert not top & public, f"named as a public function: {sorted(top & public)}"


def test_the_public_names_stay_few():
    schedules = lrcourse.schedules.__all__
    assert len(lrcourse.__all__) + len(schedules) <= MOST_PUBLIC_NAMES


def test_lessons_use_public_names_only():
    wrong = []
    public, of = set(lrcourse.__all__), {name: set(getattr(lrcourse, name).__all__) for name in ("schedules", "plots")}
    for lesson in sorted(notebooks_dir().glob("*/*.md")):
        for number, line in enumerate(lesson.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{lesson.name}:{number}"
            if match := re.match(r"\s*from (lrcourse[\w.]*) import (.+)", line):
                names = {name.split(" as ")[0].strip() for name in match[2].split("#")[0].split(",")}
                if match[1] != "lrcourse" or not names <= public:
                    wrong.append(f"{where}: {line.strip()}")
            for outer, inner in re.findall(r"\blr\.(\w+)(?:\.(\w+))?", line):
                if outer not in public or (outer in of and inner and inner not in of[outer]):
                    wrong.append(f"{where}: lr.{outer}{'.' + inner if inner else ''}")
    assert not wrong, "lessons use what `import lrcourse` promises, and nothing else:\n" + "\n".join(wrong)


ALONE = """
import importlib, pkgutil, sys

class Closed:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(tuple(f"lrcourse.{folder}" for folder in sys.argv[1:])):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Closed())
import lrcourse
for found in pkgutil.walk_packages(lrcourse.__path__, "lrcourse.", onerror=lambda name: None):
    if found.name.split(".")[1] not in sys.argv[1:]:
        importlib.import_module(found.name)
print("all of it")
"""


def test_the_rest_can_be_imported_without_the_three_folders():
    command = [sys.executable, "-W", "error::ImportWarning", "-c", ALONE, *INSTRUCTORS_FOLDERS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("all of it\n"), done.stderr
