"""Codes of districts whose source has none."""

from layers.directory.names import name_key
from layers.ingest.district_codes import made_codes


def codes(names: list[str], **stored: str) -> list[str]:
    known = {name_key(name): code for name, code in stored.items()}
    return made_codes(names, slug="athens", level="neighbourhood", stored=known)


def test_a_code_is_the_rank_of_the_name() -> None:
    assert codes(["Γκάζι", "Άγιος", "Αβέρωφ"]) == ["ATH-N03", "ATH-N02", "ATH-N01"]


def test_accents_and_case_do_not_change_the_rank() -> None:
    assert codes(["ΓΚΑΖΙ", "ΑΓΙΟΣ", "ΑΒΕΡΩΦ"]) == codes(["Γκάζι", "Άγιος", "Αβέρωφ"])


def test_a_stored_name_keeps_its_code_and_new_ones_follow() -> None:
    assert codes(["Αβέρωφ", "ΓΚΑΖΙ"], Γκάζι="ATH-N01") == ["ATH-N02", "ATH-N01"]


def test_a_stored_code_of_another_kind_is_kept() -> None:
    assert codes(["Αβέρωφ", "Γκάζι"], Γκάζι="X/7") == ["ATH-N01", "X/7"]


def test_a_hundred_districts_get_three_digits() -> None:
    found = codes([f"Γ{n:03d}" for n in range(100)])
    assert (found[0], found[-1]) == ("ATH-N001", "ATH-N100")


def test_the_letter_is_the_levels() -> None:
    made = made_codes(["Α"], slug="io", level="municipal_community", stored={})
    assert made == ["IO-C01"]
