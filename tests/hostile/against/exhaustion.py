"""Submissions that use up what there is. The bounds hold without a sandbox too: nothing here can fill a machine."""

from __future__ import annotations

from attack import RIGHT, attack


@attack(RIGHT)
def takes_all_memory_in_a_cell(submission):
    """Takes twice the memory it may have, in a cell of its own; its answers are right."""
    submission.first("hoard = []\nfor _ in range(150):\n    hoard.append(b'x' * 10_000_000)")
    submission.write()


@attack(RIGHT, time="died or raised")
def takes_all_memory_when_asked(submission):
    """Takes more memory than it may have while one function is asked; the other one is right."""
    submission.answer(
        time=("def time_based_decay(initial_lr, decay, step):\n    return len([bytes(100_000_000) for _ in range(20)])")
    )
    submission.write()


@attack(RIGHT)
def takes_memory_in_children(submission):
    """Spreads the memory over processes, none of which is over the limit by itself."""
    submission.first(
        "import os, time\n"
        "for _ in range(6):\n"
        "    if os.fork() == 0:\n"
        "        hoard = b'x' * 250_000_000\n"
        "        time.sleep(20)\n"
        "        os._exit(0)\n"
        "time.sleep(3.5)"
    )
    submission.write()


@attack(RIGHT)
def fills_the_disk(submission):
    """Writes files until there is no more room, at home, in /tmp and in shared memory."""
    submission.first(
        "import os\n"
        "for place in ('.', '/tmp', '/dev/shm', '/var/tmp'):\n"
        "    for number in range(60):\n"
        "        try:\n"
        "            with open(os.path.join(place, T['mark'] + f'-{number}'), 'wb') as file:\n"
        "                file.write(bytes(1_000_000))\n"
        "        except OSError:\n"
        "            break"
    )
    submission.write()


@attack(RIGHT)
def makes_countless_files(submission):
    """Makes folders in folders and thousands of empty files."""
    submission.first(
        "import os\n"
        "try:\n"
        "    for number in range(5_000):\n"
        "        open(f'empty-{number}', 'w').close()\n"
        "    for number in range(400):\n"
        "        os.mkdir('d'), os.chdir('d')\n"
        "except OSError as error:\n"
        "    print(error)"
    )
    submission.write()


@attack(RIGHT)
def writes_one_large_file(submission):
    """Writes one file larger than a file may be."""
    submission.first(
        "with open(T['mark'], 'wb') as file:\n    for _ in range(40):\n        file.write(bytes(1_000_000))"
    )
    submission.write()


@attack(RIGHT)
def storms_with_forks(submission):
    """Starts 300 processes that stay."""
    submission.first(
        "import os, time\n"
        "for _ in range(300):\n"
        "    try:\n"
        "        if os.fork() == 0:\n"
        "            time.sleep(40)\n"
        "            os._exit(0)\n"
        "    except OSError:\n"
        "        break"
    )
    submission.write()


@attack(RIGHT)
def storms_with_threads(submission):
    """Starts 500 threads that stay."""
    submission.first(
        "import threading, time\n"
        "for _ in range(500):\n"
        "    tried(threading.Thread(target=time.sleep, args=(40,), daemon=True).start)"
    )
    submission.write()


@attack(RIGHT)
def floods_the_output(submission):
    """Prints 100 MB."""
    submission.first("for _ in range(1000):\n    print('flood ' * 17_000)")
    submission.write()


@attack(RIGHT)
def floods_with_displays(submission):
    """Shows a thousand things of 50 kB, updates and clears them."""
    submission.first(
        "from IPython.display import display, clear_output\n"
        "for number in range(1000):\n"
        "    display({'text/plain': 'x' * 50_000}, raw=True, display_id='one', update=number > 0)\n"
        "    clear_output(wait=True)"
    )
    submission.write()


@attack(RIGHT)
def sends_one_huge_output(submission):
    """Shows one text of 60 MB, larger than a message may be."""
    submission.first("from IPython.display import display\ndisplay({'text/plain': 'x' * 60_000_000}, raw=True)")
    submission.write()


@attack(RIGHT, time="raised")
def recurses_without_end(submission):
    """Calls itself for ever."""
    submission.answer(time="def time_based_decay(*args):\n    return time_based_decay(*args)")
    submission.write()


@attack(RIGHT, time="died or raised")
def recurses_through_the_stack(submission):
    """Lifts the limit of recursion first, so that the process itself breaks."""
    submission.answer(
        time=(
            "import sys\n"
            "def time_based_decay(*args):\n"
            "    sys.setrecursionlimit(2**30)\n"
            "    class Deep:\n"
            "        def __getattr__(self, name): return getattr(self, name + 'x'[:0])\n"
            "    return Deep().x"
        )
    )
    submission.write()


@attack(RIGHT)
def hands_in_a_long_cell(submission):
    """Has a cell of 400 000 characters and three hundred small ones."""
    for _ in range(300):
        submission.code("1")
    submission.code("x = '" + "x" * 400_000 + "'")
    submission.write()


@attack(RIGHT, time="incorrect or raised")
def returns_huge_things(submission):
    """Returns in turn a list that holds itself, an integer of a million digits, 30 MB of text, 100 000 numbers."""
    submission.answer(
        time=(
            "import itertools\n"
            "nested = []\n"
            "nested.append(nested)\n"
            "things = [lambda: nested, lambda: 10**1_000_000, lambda: 'x' * 30_000_000, lambda: [0.123] * 10**5]\n"
            "things = itertools.cycle(things)\n"
            "def time_based_decay(*args):\n    return next(things)()"
        )
    )
    submission.write()


@attack(RIGHT, purpose="could not be read")
def answers_in_endless_expressions(submission):
    """Answers a question with expressions so deep and long that reading them could break the reader."""
    submission.answer(purpose="answer_purpose = x" + ".a" * 2500)
    for expression in (
        "-" * 800 + "1",
        "[" * 150 + "'B'" + "]" * 150,
        "0x" + "f" * 100_000,
        " + ".join(["1"] * 4000),
        "-" * 100_000 + "0x" + "f" * 100_000,
        "f'" + "{1}" * 30_000 + "'",
        "[" + "1," * 100_000 + "]",
    ):
        submission.code(f"answer_purpose = {expression}")
    submission.write()
