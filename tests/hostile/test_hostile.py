"""A class full of attackers: no unearned point, no neighbour harmed, nothing told, changed or left behind."""

from __future__ import annotations

import pytest
from aftermath import TABLE, Graded, active_markup
from attack import ATTACKS, LESSON, POINTS, Attack
from hostile_course import HONEST


def as_expected(attack: Attack, found: Graded) -> bool:
    """Whether an attacker got what their answers are worth, and nothing for the attack."""
    if found.outcomes is None:
        return attack.refused != "never" and not any(found.points.values())
    if attack.refused == "always":
        return False
    right = all(found.outcomes[name] in attack.outcomes[name] for name in POINTS)
    return right and all(found.points[name] == _worth(name, found.outcomes[name]) for name in POINTS)


def _worth(name: str, outcome: str) -> float:
    return POINTS[name] if outcome == "correct" else 0.0


def unearned(attack: Attack, found: Graded) -> float:
    """The points above what the answers are worth."""
    worth = {name: _worth(name, "correct") if "correct" in attack.outcomes[name] else 0.0 for name in POINTS}
    return sum(max(0.0, found.points[name] - worth[name]) for name in POINTS)


def test_it_earns_what_its_answers_are_worth(batch, attack):
    ((hostile, ran),) = [pair for pair in batch if attack in pair[0].attackers.values()]
    for student in [student for student, each in hostile.attackers.items() if each is attack]:
        assert as_expected(attack, ran.graded[student]), f"{attack.what} {ran.graded[student]}"
        assert not ran.leaks[student], f"{attack.what} In its graded notebook: {ran.leaks[student]}"
        assert not ran.active[student], f"{attack.what} {ran.active[student]}"


def test_every_neighbour_gets_what_they_get_alone(batch, alone):
    assert alone == {kind: {name: POINTS[name] * (name in right) for name in POINTS} for kind, right in HONEST.items()}
    for hostile, ran in batch:
        got = {student: ran.graded[student].points for student in hostile.honest}
        assert got == {student: alone[kind] for student, kind in hostile.honest.items()}


def test_the_command_says_that_not_all_could_be_graded(batch):
    for hostile, ran in batch:
        refused = [student for student in hostile.attackers if ran.graded[student].outcomes is None]
        assert ran.code == (1 if refused else 0), ran.log[-3000:]
        assert [student for student in refused if student not in ran.log] == []


def test_nothing_was_changed(batch):
    for _, ran in batch:
        assert ran.changed == []
        assert ran.strays == []


def test_no_process_and_no_folder_is_left(batch):
    for _, ran in batch:
        assert ran.left == []
        assert ran.spools == []


def test_nothing_secret_was_said(batch):
    for _, ran in batch:
        assert ran.leaks["what the command said"] == []


def test_every_neighbour_gets_feedback(batches):
    for _, ran in batches["nbgrader autograde"]:
        assert ran.feedback_codes == [0, 0], ran.log[-3000:]
        assert ran.without_feedback == []


def test_all_graded_work_has_a_timestamp(batch):
    for hostile, ran in batch:
        graded = [student for student, found in ran.graded.items() if found.outcomes is not None]
        folders = {student: hostile.root / "autograded" / student / LESSON for student in graded}
        assert [student for student, folder in folders.items() if not (folder / "timestamp.txt").is_file()] == []


def test_the_table(batches, record_property):
    every = [pair for pairs in batches.values() for pair in pairs]
    attacks = {attack.name for hostile, _ in every for attack in hostile.attackers.values()}
    points = neighbours = leaked = 0
    for hostile, ran in every:
        points += sum(unearned(attack, ran.graded[student]) for student, attack in hostile.attackers.items())
        honest = {student: set(HONEST[kind]) for student, kind in hostile.honest.items()}
        worth = {
            student: {name: POINTS[name] * (name in right) for name in POINTS} for student, right in honest.items()
        }
        neighbours += sum(ran.graded[student].points != worth[student] for student in hostile.honest)
        leaked += sum(map(len, ran.leaks.values())) + len(ran.changed) + len(ran.strays)
    rows = {"attacks tried": len(attacks), "unearned points": points, "neighbours harmed": neighbours}
    rows |= {"files leaked or changed": leaked}
    times = ", ".join(f"{way} {max(ran.seconds for _, ran in pairs):.0f} s" for way, pairs in batches.items())
    record_property(TABLE, "\n".join(f"{name:<24}{value:>5g}" for name, value in rows.items()) + f"\n{times}")
    assert [points, neighbours, leaked] == [0, 0, 0]


def test_there_are_enough_of_them():
    assert len(ATTACKS) >= 60
    assert all(attack.what.endswith(".") for attack in ATTACKS.values())


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>HOSTILE_ACTIVE</p>", False),
        ("<pre>&lt;script&gt;HOSTILE_ACTIVE()&lt;/script&gt;</pre>", False),
        ("<script>HOSTILE_ACTIVE()</script>", True),
        ("<script>x</script><p>HOSTILE_ACTIVE</p>", False),
        ("<img src=x onerror='HOSTILE_ACTIVE()'>", True),
        ("<a href='javascript:HOSTILE_ACTIVE'>x</a>", True),
        ("<svg><g>HOSTILE_ACTIVE</g></svg>", True),
        ("<p>$\\href{javascript:HOSTILE_ACTIVE}{x}$</p>", True),
        ("<pre><code>$\\href{javascript:HOSTILE_ACTIVE}{x}$</code></pre>", False),
        ("<pre><script>HOSTILE_ACTIVE()</script></pre>", True),
    ],
)
def test_what_is_active_is_told_from_text(html, found):
    assert bool(active_markup(html)) is found
