"""The text of a cell becomes a typed value, or `InvalidRecord` that says why not.

Every function takes the column's name for its message and text that `cleaned` has
seen. An empty text is never valid here: what an empty cell means is the caller's.
"""

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator

from layers.errors import InvalidRecord

SHORT = 300
"""Characters of a name, an address line, a number."""

LONG = 20_000
"""Characters of a description."""

_BIDI_AND_INVISIBLE = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
"""Direction marks and invisible spaces; U+200C and U+200D stay, Persian needs them."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FORMULA = re.compile(r"=|[@+-]\s*\w[\w.]*\s*[(|!]")
_SHEET_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")
)
_STACKED_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{9,}"
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
_GREEK_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_PHONE = re.compile(
    r"\+?[\d\s().\-/]{2,}(\s*(ext|εσωτ|x)\.?\s*\d{1,6})?", re.IGNORECASE
)

YES = frozenset(("yes", "y", "true", "1", "ναι", "oui", "αληθες", "αληθής", "true()"))
NO = frozenset(("no", "n", "false", "0", "όχι", "οχι", "non", "ψευδες", "ψευδής"))

_email = EmailValidator()
_url = URLValidator(schemes=("http", "https"))


def as_text(value: object) -> str:
    """Return a cell's value as the text that a person sees in it; empty for none.

    Whole numbers lose the `.0` that a spreadsheet stores with a phone number; missing
    numbers of a vector file (NaN) are empty.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value != value:  # NaN, as GDAL gives a number that is not there
            return ""
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        )
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def cleaned(text: str, field: str, *, limit: int, lines: bool) -> tuple[str, str]:
    """Return the text as it is stored, and what was repaired ("" for nothing).

    Composed to NFC, white space trimmed, direction marks and control characters
    taken out; `lines` keeps line breaks.

    Raises
    ------
    InvalidRecord
        NUL bytes, halves of characters and lost ones (U+FFFD), a spreadsheet formula or
        error, stacked combining marks, more characters than `limit`.
    """
    _check_characters(text, field)
    visible = _BIDI_AND_INVISIBLE.sub("", text)
    repair = "" if visible == text else "invisible direction marks taken out"
    plain = _CONTROL.sub("", visible)
    if plain != visible:
        repair = "control characters taken out"
    plain = unicodedata.normalize("NFC", plain)
    plain = _spaced(plain, lines=lines)
    if len(plain) > limit:
        raise InvalidRecord(
            field, plain, f"{len(plain):,} characters; at most {limit:,} are stored"
        )
    if _FORMULA.match(plain):
        raise InvalidRecord(field, plain, "a spreadsheet formula; give its value")
    if plain in _SHEET_ERRORS:
        raise InvalidRecord(field, plain, "an error of the spreadsheet, not a value")
    if _STACKED_MARKS.search(plain):
        raise InvalidRecord(field, plain, "more than 8 marks on one letter")
    return plain, repair


def _check_characters(text: str, field: str) -> None:
    if "\x00" in text:
        raise InvalidRecord(field, text, "a NUL byte; this is not text")
    if _SURROGATE.search(text):
        raise InvalidRecord(field, text, "half a character (a lone surrogate)")
    if "\ufffd" in text:
        raise InvalidRecord(field, text, "a character was lost; check the encoding")


def _spaced(text: str, *, lines: bool) -> str:
    if lines:
        rows = (" ".join(row.split()) for row in text.splitlines())
        return "\n".join(rows).strip()
    return " ".join(text.split())


def number(text: str, field: str, *, comma: bool = True) -> float:
    """Return a finite number; `23.7` and `23,7` are the same.

    A comma before three digits is refused unless `comma` says that it can only be
    decimal: nobody can tell whether 1,200 is a thousand or one and a fifth.
    """
    if _NUMBER.fullmatch(text):
        value = float(text)
        if abs(value) < 1e300:
            return value
    if _COMMA_NUMBER.fullmatch(text) and (comma or not _THOUSANDS.fullmatch(text)):
        return float(text.replace(",", "."))
    if _THOUSANDS.fullmatch(text):
        raise InvalidRecord(
            field, text, "thousands or decimals? write it without a comma"
        )
    raise InvalidRecord(field, text, "not a number")


def number_between(text: str, field: str, low: float, high: float) -> float:
    """Return a number from `low` to `high`, both allowed."""
    value = number(text, field, comma=False)
    if not low <= value <= high:
        raise InvalidRecord(field, text, f"a number from {low:g} to {high:g}")
    return value


def whole_between(text: str, field: str, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`, both allowed."""
    value = number_between(text, field, low, high)
    if not value.is_integer():
        raise InvalidRecord(field, text, "a whole number")
    return int(value)


def age(text: str, field: str) -> Decimal:
    """Return an age in years, 0 to 130, to one decimal."""
    value = number_between(text, field, 0, 130)
    if round(value, 1) != value:
        raise InvalidRecord(field, text, "years with at most one decimal, such as 17.5")
    return Decimal(str(round(value, 1)))


def yes_no(text: str, field: str) -> bool:
    """Return whether the text says yes, in English, Greek or French."""
    folded = text.casefold()
    if folded in YES:
        return True
    if folded in NO:
        return False
    raise InvalidRecord(field, text, "yes or no")


def one_of(text: str, field: str, allowed: Collection[str]) -> str:
    """Return the code among `allowed` that the text names; case and `_` do not matter."""
    folded = _code(text)
    for value in allowed:
        if _code(value) == folded:
            return value
    raise InvalidRecord(field, text, unknown_among(text, allowed))


def unknown_among(text: str, allowed: Collection[str]) -> str:
    """Return a reason that says what is allowed, the nearest first."""
    near = get_close_matches(text.casefold(), list(allowed), n=3, cutoff=0.6)
    if near:
        return f"not known; did you mean {' or '.join(near)}?"
    if len(allowed) <= 10:
        return f"not known; one of {', '.join(sorted(allowed))}"
    return f"not known; one of {', '.join(sorted(allowed)[:10])}, …"


def _code(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()


def day(text: str, field: str, *, latest: date) -> date:
    """Return a date, written 2026-11-21 or 21/11/2026, not after `latest`."""
    parts: tuple[int, ...] = ()
    if found := _ISO_DAY.fullmatch(text):
        parts = tuple(int(p) for p in found.groups())
    elif found := _GREEK_DAY.fullmatch(text):
        parts = tuple(int(p) for p in reversed(found.groups()))
    try:
        value = date(*parts[:3])
    except (TypeError, ValueError):
        raise InvalidRecord(
            field, text, "not a date; write 2026-11-21 or 21/11/2026"
        ) from None
    if not date(1900, 1, 1) <= value <= latest:
        raise InvalidRecord(field, text, f"a date from 1900-01-01 to {latest}")
    return value


def items(text: str) -> list[str]:
    """Return the parts of a `;`-separated text, in order, without blanks and repeats."""
    parts = (part.strip() for part in re.split(r"[;\n]", text))
    return list(dict.fromkeys(part for part in parts if part))


def email(text: str, field: str) -> str:
    """Return an e-mail address of at most 254 characters."""
    try:
        _email(text)
    except ValidationError:
        raise InvalidRecord(field, text, "not an e-mail address") from None
    if len(text) > 254:
        raise InvalidRecord(field, text, "longer than 254 characters")
    return text


def url(text: str, field: str) -> str:
    """Return a web address with its scheme; `www.…` becomes `https://www.…`."""
    whole = text if "://" in text else f"https://{text}"
    try:
        _url(whole)
    except ValidationError:
        raise InvalidRecord(field, text, "not a web address (http or https)") from None
    if len(whole) > 500:
        raise InvalidRecord(field, text, "longer than 500 characters")
    return whole


def phone(text: str, field: str) -> str:
    """Return a telephone number of 3 to 20 digits, as it is written.

    The `.0` that a spreadsheet leaves behind a number is taken off.
    """
    whole = re.sub(r"(?<=\d{3})\.0$", "", text)
    digits = sum(c.isdigit() for c in whole)
    if not _PHONE.fullmatch(whole) or not 3 <= digits <= 20 or len(whole) > 60:
        raise InvalidRecord(field, text, "not a telephone number")
    return whole


def language_of(text: str) -> str:
    """Return the language that a text without one is taken to be in, by its letters.

    Greek letters say Greek, Arabic ones Arabic, all else English.
    """
    for character in text:
        if "\u0370" <= character <= "\u03ff" or "\u1f00" <= character <= "\u1fff":
            return "el"
        if "\u0600" <= character <= "\u06ff":
            return "ar"
    return "en"
