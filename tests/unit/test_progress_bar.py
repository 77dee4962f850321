"""The progress bar of commands: a bar on a terminal, plain lines everywhere else."""

import io

import pytest
from django.core.management.base import OutputWrapper

from layers.management import progress_bar
from layers.management.progress_bar import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(progress_bar.time, "monotonic", lambda: now[0])
    return now


def test_a_log_gets_plain_lines_and_not_one_for_each_step(clock: list[float]) -> None:
    out = io.StringIO()
    bar = ProgressBar(OutputWrapper(out))
    for done in range(26):
        clock[0] = done
        bar.show(done, 25, "" if done == 25 else f"step {done}")
    assert out.getvalue() == (
        "0/25 step 0\n10/25, 15 s to go step 10\n20/25, 5 s to go step 20\n25/25\n"
    )


def test_a_terminal_gets_one_line_that_is_drawn_over(clock: list[float]) -> None:
    out = Terminal()
    bar = ProgressBar(OutputWrapper(out))
    for done in (0, 1, 2):
        clock[0] = 100 * done
        bar.show(done, 2, "" if done == 2 else "athens")
    text = out.getvalue()
    assert text.count("\n") == 1
    assert text.count("\r\x1b[K") == 3
    assert "[############------------] 1/2, 2 min to go athens" in text
    assert text.endswith("[########################] 2/2 \n")


def test_what_was_done_before_does_not_make_the_rest_look_quicker(
    clock: list[float],
) -> None:
    out = io.StringIO()
    bar = ProgressBar(OutputWrapper(out))
    bar.show(80, 100, "begun anew")
    clock[0] = 10.0
    bar.show(90, 100, "on")
    assert "90/100, 10 s to go on" in out.getvalue()


def test_nothing_to_do_is_done(clock: list[float]) -> None:
    out = Terminal()
    ProgressBar(OutputWrapper(out)).show(0, 0, "")
    assert "] 0/0" in out.getvalue()
