"""What a text may be before the parser sees it, so that no text can harm the server.

The `cql2` parser (0.6) recurses on the machine's stack, which 2,000 brackets overflow, and
tries each bracket of a text that it cannot parse in two ways, so that its time doubles
with every level: twenty open brackets take it seconds. Both are counted here first, in one
pass over the text.
"""

import re

from layers.published.cql2.refusals import refused

LONGEST_TEXT = 32_768
"""Characters of a filter as text."""

LONGEST_JSON = 262_144
"""Bytes of a filter as JSON, where a polygon takes more room."""

DEEPEST_BRACKETS = 40
MOST_OPERATORS = 1_000

MOST_WORK = 250_000
"""Characters that the parser may have to read, each as often as its brackets ask for.

It reads two or more in a microsecond, so that a filter costs a tenth of a second at worst.
"""

_TOKEN = re.compile(
    r"""(?P<quoted>'[^']*'|"[^"]*")
      | (?P<word>[^\W\d][\w.:]*)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<open>\() | (?P<close>\)) | (?P<comma>,)
      | (?P<operator>[-+*/%^=|]|<>|!=|<=|>=|<|>)
      | (?P<blank>\s+) | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)

_INFIX = frozenset({"and", "or", "not", "in", "between", "like", "is", "div"})
"""Words after which a bracket groups; after any other it belongs to a function."""

_COUNTED = frozenset({"not", "div", "is", "like", "between", "in"})


def check_text(text: str) -> None:
    """Refuse a filter that is too long, too deep or too costly to be parsed.

    Raises
    ------
    InvalidParameter
        Names the limit that is broken.
    """
    check_length(text)
    if "\x00" in text or not text.strip():
        raise refused(text, "a CQL2 expression")
    if not _is_utf8(text):
        raise refused(text, "well-formed Unicode")
    _count(text)


def check_length(text: str) -> None:
    """Refuse a filter that is too long; InvalidParameter."""
    if len(text) > LONGEST_TEXT:
        raise refused(text, f"at most {LONGEST_TEXT} characters")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _count(text: str) -> None:
    groups: list[bool] = []  # of the open brackets: whether it groups
    work = operators = 0
    before = ""
    for token in _TOKEN.finditer(text):
        kind, word = token.lastgroup, token.group()
        work += len(word) << sum(groups)
        if kind == "open":
            groups.append(_groups(before))
        elif kind == "close":
            if not groups:
                raise refused(text, "a bracket for each that closes")
            groups.pop()
        elif kind == "other" and word in "'\"":
            raise refused(text[token.start() :], "a text that ends with its quote")
        operators += _counts(kind, word, before)
        if kind != "blank":
            before = word
        _check_counts(text, len(groups), operators, work)
    if groups:
        raise refused(text, "a bracket for each that opens")


def _groups(before: str) -> bool:
    is_name = before[:1] == '"' or before[:1].isalpha() or before[:1] == "_"
    return not is_name or before.lower() in _INFIX


def _counts(kind: str | None, word: str, before: str) -> bool:
    """Tell whether a token is an operator that nests; the sign of a number is none."""
    if kind == "word":
        return word.lower() in _COUNTED
    return kind == "operator" and not (word in "+-" and before in ("(", ","))


def _check_counts(text: str, depth: int, operators: int, work: int) -> None:
    if depth > DEEPEST_BRACKETS:
        raise refused(text, f"brackets at most {DEEPEST_BRACKETS} deep")
    if operators > MOST_OPERATORS:
        raise refused(text, f"at most {MOST_OPERATORS} operators")
    if work > MOST_WORK:
        raise refused(text, "fewer brackets inside brackets, or a shorter text")
