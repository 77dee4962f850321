"""How far a command has come: a bar on a terminal, plain lines everywhere else."""

import time
from dataclasses import dataclass

from django.core.management.base import OutputWrapper

WIDTH = 24
LINE_EVERY = 10
"""Where nobody looks on, a line each so many steps is enough for a log."""


@dataclass(slots=True)
class ProgressBar:
    """Tells how far steps have come, and how long the rest may take.

    Attributes
    ----------
    out : OutputWrapper
        Where to; standard error, so that what a command prints stays clean.
    """

    out: OutputWrapper
    _begun: float = 0.0
    _first: int | None = None
    _told: int = -1

    def show(self, done: int, n: int, doing: str) -> None:
        """Tell that `done` of `n` steps are done and the next one is begun.

        Steps that were done before the first call do not make the rest look quicker.
        """
        if self._first is None:
            self._first, self._begun = done, time.monotonic()
        if self.out.isatty():
            end = "\n" if done == n else ""
            self._write(f"\r\x1b[K{self._bar(done, n)} {doing}"[:200] + end)
        elif done == n or done - self._told >= LINE_EVERY or self._told < 0:
            self._write(f"{done}/{n}{self._rest(done, n)} {doing}".rstrip() + "\n")
            self._told = done

    def _write(self, text: str) -> None:
        # Progress is no error, whatever colour errors have.
        self.out.write(text, style_func=str, ending="")
        self.out.flush()

    def _bar(self, done: int, n: int) -> str:
        full = WIDTH if n == 0 else done * WIDTH // n
        bar = "#" * full + "-" * (WIDTH - full)
        return f"[{bar}] {done}/{n}{self._rest(done, n)}"

    def _rest(self, done: int, n: int) -> str:
        made = done - (self._first or 0)
        if not made or done == n:
            return ""
        seconds = (time.monotonic() - self._begun) / made * (n - done)
        return (
            f", {seconds:.0f} s to go"
            if seconds < 90
            else f", {seconds / 60:.0f} min to go"
        )
