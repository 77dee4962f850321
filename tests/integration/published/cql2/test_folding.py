"""CASEI and ACCENTI against Unicode itself, letter by letter."""

import unicodedata

import pytest

from layers.published.connection import read

# Latin, Greek, Cyrillic, Armenian, Georgian, and forms beyond the first plane.
BLOCKS = (
    (0x41, 0x250), (0x370, 0x590), (0x10A0, 0x1100), (0x1E00, 0x2000), (0x2C00, 0x2D30),
    (0xA640, 0xA7D0), (0xFF21, 0xFF60), (0x10400, 0x10450),
)  # fmt: skip
LETTERS = [
    chr(code)
    for low, high in BLOCKS
    for code in range(low, high)
    if unicodedata.category(chr(code)) in ("Lu", "Ll", "Lt")
]

pytestmark = pytest.mark.django_db


def folded(function: str, texts: list[str]) -> list[str]:
    rows = read(f"SELECT {function}(t) FROM unnest(%s::text[]) AS t", (texts,))  # noqa: S608
    return [row[0] for row in rows]


def test_a_letter_and_its_full_case_folding_are_one() -> None:
    # str.casefold is Unicode's full case folding (CaseFolding.txt, C and F).
    assert len(LETTERS) > 2000
    ours = folded("layers_casei", LETTERS)
    theirs = folded("layers_casei", [letter.casefold() for letter in LETTERS])
    assert ours == theirs


def test_letters_that_differ_by_more_than_case_stay_apart() -> None:
    classes: dict[str, set[str]] = {}
    for letter, form in zip(LETTERS, folded("layers_casei", LETTERS), strict=True):
        known = unicodedata.normalize("NFC", letter.casefold())
        classes.setdefault(form, set()).add(known)
    # The dotless ı of Turkish has the capital I, as i has.
    assert [c for c in classes.values() if len(c) > 1] == [{"ı", "i"}]


def test_no_accent_is_left_on_any_letter() -> None:
    forms = folded("layers_accenti", LETTERS)
    left = [
        letter
        for letter, form in zip(LETTERS, forms, strict=True)
        if any(map(unicodedata.combining, unicodedata.normalize("NFD", form)))
    ]
    assert left == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("København", "Kobenhavn"),
        ("Łódź", "Lodz"),
        ("Κυψέλη", "Κυψελη"),
        ("ἀγορά", "αγορα"),
        ("Ϊΐ", "Ιι"),
        ("كِتَاب", "كتاب"),
        ("e\u0301", "e"),
        ("が", "が"),  # the mark of a Japanese syllable is no accent
        ("Ελλάδα 123", "Ελλαδα 123"),
    ],
)
def test_accents_fall_away_and_letters_stay(text: str, plain: str) -> None:
    assert folded("layers_accenti", [text]) == [plain]


def test_texts_typed_decomposed_and_composed_are_one() -> None:
    composed, decomposed = "Ζωγράφου", unicodedata.normalize("NFD", "Ζωγράφου")
    assert len(set(folded("layers_casei", [composed, decomposed]))) == 1
    assert len(set(folded("layers_accenti", [composed, decomposed]))) == 1
