"""Cells of strangers: what they become, and what is refused with which reason."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidRecord
from layers.ingest import fields

TODAY = date(2026, 11, 21)


def clean(text: str, *, limit: int = 100, lines: bool = False) -> tuple[str, str]:
    return fields.cleaned(text, "name_el", limit=limit, lines=lines)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (2109232044.0, "2109232044"),
        (23.5, "23.5"),
        (7, "7"),
        (True, "yes"),
        (datetime(2026, 5, 1, 12, 0, tzinfo=UTC), "2026-05-01"),
        (date(2026, 5, 1), "2026-05-01"),
        (" x ", " x "),
    ],
)
def test_a_cell_is_the_text_that_a_person_sees(value: object, text: str) -> None:
    assert fields.as_text(value) == text


def test_text_is_composed_and_trimmed() -> None:
    decomposed = "Κυψε\u0301λη "
    assert clean(f"\u00a0 {decomposed} ") == ("Κυψέλη", "")


def test_direction_marks_are_taken_out_and_told() -> None:
    assert clean("\u202eevil\u202c \u200fname") == (
        "evil name",
        "invisible direction marks taken out",
    )


def test_the_joiner_that_persian_needs_stays() -> None:
    assert clean("مراقبت\u200cهای") == ("مراقبت\u200cهای", "")


def test_control_characters_are_taken_out_and_told() -> None:
    assert clean("a\x07b") == ("ab", "control characters taken out")


def test_line_breaks_stay_only_where_they_may() -> None:
    assert clean("a\r\n  b ", lines=True)[0] == "a\nb"
    assert clean("a\r\n  b ")[0] == "a b"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\x00b", "NUL"),
        ("a\ud800", "half a character"),
        ("ΔΗ\ufffdΟΣ", "a character was lost"),
        ("=SUM(A1:A3)", "formula"),
        ("=cmd|' /C calc'!A0", "formula"),
        ("@SUM(1+1)", "formula"),
        ("-cmd|x", "formula"),
        ("#REF!", "error of the spreadsheet"),
        ("x" * 101, "at most 100"),
        ("Z" + "\u0301" * 12, "marks on one letter"),
    ],
)
def test_text_that_is_none_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidRecord, match=reason):
        clean(text)


@pytest.mark.parametrize("text", ["@Home", "-- by phone", "+30 210 1234567", "- one"])
def test_what_only_looks_like_a_formula_passes(text: str) -> None:
    assert clean(text)[0] == text


@given(st.text(max_size=60))
def test_clean_text_is_clean(text: str) -> None:
    try:
        once, _ = clean(text)
    except InvalidRecord:
        return
    assert clean(once) == (once, "")
    once.encode()  # storable


@pytest.mark.parametrize(
    ("text", "value"),
    [("23.7281", 23.7281), ("23,7281", 23.7281), ("-1e3", -1000.0), ("+.5", 0.5)],
)
def test_numbers_have_a_point_or_a_comma(text: str, value: float) -> None:
    assert fields.number(text, "lon") == value


@pytest.mark.parametrize(
    "text", ["NaN", "inf", "1e999", "", "1 000", "0x10", "٢٣", "1_000", "23.7.1", "--1"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidRecord, match="not a number"):
        fields.number(text, "lon")


def test_a_count_of_1_200_is_ambiguous_and_refused() -> None:
    with pytest.raises(InvalidRecord, match="thousands or decimals"):
        fields.number("1,200", "capacity", comma=False)
    assert fields.number("1,25", "capacity", comma=False) == 1.25


@pytest.mark.parametrize(
    ("text", "value"),
    [("ναι", True), ("TRUE", True), ("1", True), ("Όχι", False), ("no", False)],
)
def test_yes_and_no(text: str, value: bool) -> None:
    assert fields.yes_no(text, "demo") is value


def test_perhaps_is_neither_yes_nor_no() -> None:
    with pytest.raises(InvalidRecord, match="yes or no"):
        fields.yes_no("perhaps", "demo")


def test_codes_are_found_whatever_their_spelling() -> None:
    allowed = ["active", "temporarily closed"]
    assert fields.one_of("Temporarily_Closed", "status", allowed) == allowed[1]


def test_an_unknown_code_names_the_nearest() -> None:
    with pytest.raises(InvalidRecord, match="did you mean active"):
        fields.one_of("actve", "status", ["active", "defunct"])


@pytest.mark.parametrize("text", ["2026-05-01", "1/5/2026", "01.05.2026"])
def test_dates_are_iso_or_greek(text: str) -> None:
    assert fields.day(text, "verified_on", latest=TODAY) == date(2026, 5, 1)


@pytest.mark.parametrize(
    "text", ["2026-13-01", "31/2/2026", "05/13/2026", "May", "2027-01-01", "1026-01-01"]
)
def test_dates_that_are_none_or_to_come_are_refused(text: str) -> None:
    with pytest.raises(InvalidRecord):
        fields.day(text, "verified_on", latest=TODAY)


@pytest.mark.parametrize("text", ["17", "17.5", "17,5", "0", "130"])
def test_ages(text: str) -> None:
    assert fields.age(text, "minimum_age") == Decimal(text.replace(",", "."))


@pytest.mark.parametrize("text", ["-1", "131", "17.55", "adult"])
def test_ages_that_are_none(text: str) -> None:
    with pytest.raises(InvalidRecord):
        fields.age(text, "minimum_age")


@pytest.mark.parametrize(
    "text", ["210 123 4567", "+30 (210) 1234567", "112", "210-1234567 ext 12", "1056"]
)
def test_telephone_numbers(text: str) -> None:
    assert fields.phone(text, "phone") == text


def test_a_spreadsheets_point_zero_is_taken_off_a_phone() -> None:
    assert fields.phone("2109232044.0", "phone") == "2109232044"


@pytest.mark.parametrize("text", ["12", "call us", "1" * 21, "210'; DROP TABLE"])
def test_what_is_no_telephone_number(text: str) -> None:
    with pytest.raises(InvalidRecord, match="telephone"):
        fields.phone(text, "phone")


def test_a_web_address_gets_its_scheme() -> None:
    assert fields.url("www.accmr.gr/el", "url") == "https://www.accmr.gr/el"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "ftp://x.gr", "no", "http://"])
def test_what_is_no_web_address(text: str) -> None:
    with pytest.raises(InvalidRecord, match="web address"):
        fields.url(text, "url")


@pytest.mark.parametrize("text", ["a@b", "a b@c.gr", "@c.gr", "a@c.gr" + "x" * 260])
def test_what_is_no_email_address(text: str) -> None:
    with pytest.raises(InvalidRecord):
        fields.email(text, "email")


def test_items_are_split_in_order_and_said_once() -> None:
    assert fields.items("b; a;;b\nc ;") == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("text", "lang"), [("Δήμος", "el"), ("City", "en"), ("بلدية", "ar"), ("12", "en")]
)
def test_letters_tell_the_language(text: str, lang: str) -> None:
    assert fields.language_of(text) == lang
