"""CASEI and ACCENTI, and the patterns of LIKE."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from layers.published.cql2.expressions import (
    Compiler,
    Expression,
    Operator,
    Type,
    count_arguments,
)
from layers.published.cql2.refusals import refused

_FOLDS: Mapping[str, str] = {"casei": "layers_casei", "accenti": "layers_accenti"}

_ANY, _ONE = "\ufdd0", "\ufdd1"
"""What stands for % and _ while a pattern is folded: code points that are no characters."""

_PIECE = re.compile(r"\\(.)|(%)|(_)|([^\\%_]+)", re.DOTALL)


def _folded(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(name, arguments, 1)
    text = compiler.text(compiler.typed(arguments[0], Type.STRING))
    return Expression(Type.STRING, f"{_FOLDS[name]}({text})", "text")


def pattern(compiler: Compiler, node: Any) -> str:
    r"""Return the SQL of a pattern: a literal, or CASEI or ACCENTI of one.

    % stands for any characters, _ for one, and \ before either for itself.

    Raises
    ------
    InvalidParameter
        It is no literal text, or ends with a \ that stands before nothing.
    """
    folds, inner = [], node
    while (fold := _fold_of(inner)) is not None:
        folds.append(fold)
        inner = inner["args"][0]
    if not isinstance(inner, str):
        raise refused(node, "LIKE has a pattern in quotes, or CASEI or ACCENTI of one")
    text: str = compiler.typed(inner, Type.STRING).value
    if len(text) - len(text.rstrip("\\")) & 1:
        raise refused(text, "a pattern whose last \\ stands before a character")
    if not folds:
        return compiler.bind(text, "text")
    sql = compiler.bind(_guarded(text), "text")
    for fold in reversed(folds):
        sql = f"{fold}({sql})"
    return f"layers_like_pattern({sql})"


def _fold_of(node: Any) -> str | None:
    """Return the SQL function where a node is CASEI or ACCENTI of one argument."""
    if not isinstance(node, Mapping) or len(node) != 2:
        return None
    name, arguments = node.get("op"), node.get("args")
    if not isinstance(name, str) or not isinstance(arguments, list):
        return None
    return _FOLDS.get(name.lower()) if len(arguments) == 1 else None


def _guarded(text: str) -> str:
    """Return a pattern whose wildcards are no characters, and the rest as it is meant."""
    if _ANY in text or _ONE in text:
        raise refused(text, "a pattern without U+FDD0 and U+FDD1")
    return _PIECE.sub(_guard, text)


def _guard(piece: re.Match[str]) -> str:
    escaped, anything, one, plain = piece.groups()
    if anything:
        return _ANY
    return _ONE if one else escaped or plain


OPERATORS: Mapping[str, Operator] = dict.fromkeys(_FOLDS, _folded)
