"""Where long analyses let themselves be stopped.

Whoever starts one may hand in a check; the analysis calls `checkpoint` between terms, and
an error that the check raises ends it there. Nothing is stored then, as for any error.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


def _nothing() -> None:
    """Let the analysis go on."""


_check: ContextVar[Callable[[], None]] = ContextVar("check", default=_nothing)


@contextmanager
def checked_by(check: Callable[[], None]) -> Iterator[None]:
    """Have `check` called at every checkpoint of this thread while the block lasts."""
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)


def checkpoint() -> None:
    """Raise what the check raises; go on where nobody checks."""
    _check.get()()
