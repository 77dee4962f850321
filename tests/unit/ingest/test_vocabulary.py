"""Codes of languages."""

import pytest

from layers.errors import InvalidRecord
from layers.ingest.vocabulary import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("el", ("el", "staff")),
        ("FA : interpreter", ("fa", "interpreter")),
        ("prs:on_request", ("prs", "on_request")),
    ],
)
def test_codes_and_modes(text: str, expected: tuple[str, str]) -> None:
    assert language(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gr", "did you mean el"),
        ("xx", "ISO 639"),
        ("Farsi", "ISO 639"),
        ("", "ISO 639"),
        ("φα", "ISO 639"),
        ("fa:sometimes", "mode"),
    ],
)
def test_what_is_no_language(text: str, reason: str) -> None:
    with pytest.raises(InvalidRecord, match=reason):
        language(text)
