"""The taxonomies and standards are whole: six languages, every name resolves."""

import re
from collections import Counter

import pytest

from tests.repository.fixture_files import (
    SIX,
    leaf_slugs,
    read_table,
    read_taxonomy,
    read_terms,
)

# The names and their order are those of ACCMR (design, part 4).
COMMITTEES = [
    (
        "skills-employment",
        "Ανάπτυξης Δεξιοτήτων & Πρόσβασης στην αγορά εργασίας",
        "Skills Development & Access to the Labour Market",
    ),
    (
        "urban-coexistence",
        "Αστικοποίησης & Αρμονικής Συνύπαρξης",
        "Urbanisation & Harmonious Coexistence",
    ),
    ("education", "Εκπαίδευσης & Μάθησης", "Education & Learning"),
    (
        "gender",
        "Έμφυλης διάστασης του προσφυγικού",
        "Gender Dimension of the Refugee Issue",
    ),
    (
        "rights-legal",
        "Πρόσβασης σε δικαιώματα & Νομικής Υποστήριξης",
        "Access to Rights & Legal Support",
    ),
    ("health", "Υγείας", "Health"),
]

TOP_CATEGORIES = [
    "health",
    "mental-health",
    "legal-aid",
    "asylum-documentation",
    "shelter-housing",
    "basic-needs",
    "education",
    "language-courses",
    "employment-skills",
    "child-youth-protection",
    "women-gbv",
    "social-integration",
    "information-interpretation",
    "disability",
]

TOP_GROUPS = [
    "refugees-migrants",
    "women",
    "children-youth",
    "older-people",
    "people-with-disabilities",
    "homeless",
    "roma",
    "lgbtqi",
    "general-public",
    "professionals-volunteers",
]


def test_the_six_committees_have_their_names_and_order() -> None:
    found = [
        (t["slug"], t["names"]["el"], t["names"]["en"])
        for t in read_taxonomy("committees")["terms"]
    ]

    assert found == COMMITTEES


@pytest.mark.parametrize(
    "name", ["committees", "categories", "population_groups", "sectors_4w"]
)
def test_every_term_has_a_slug_and_six_different_scripts(name: str) -> None:
    taxonomy = read_taxonomy(name)
    for term in [taxonomy, *taxonomy["terms"]]:
        assert list(term["names"]) == SIX, term
        assert all(text == text.strip() and text for text in term["names"].values()), (
            term
        )
        assert (
            re.search("[Α-ωΆ-ώ]", term["names"]["el"]) or "4W" in term["names"]["el"]
        ), term
        assert re.search("[a-zA-Z]", term["names"]["en"]), term
        for language in ("ar", "fa", "ur"):
            assert re.search("[\u0600-\u06ff]", term["names"][language]), term
    for term in taxonomy["terms"]:
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", term["slug"]), term


@pytest.mark.parametrize("name", ["categories", "population_groups"])
def test_every_parent_comes_before_its_children_and_positions_have_no_gap(
    name: str,
) -> None:
    seen: set[str | None] = {None}
    positions: dict[str | None, list[int]] = {}
    for slug, term in read_terms(name).items():
        assert term["parent"] in seen, slug
        seen.add(slug)
        positions.setdefault(term["parent"], []).append(term["order"])

    assert all(found == list(range(1, len(found) + 1)) for found in positions.values())


def test_the_trees_have_the_tops_of_the_design_and_two_levels() -> None:
    for name, tops in (
        ("categories", TOP_CATEGORIES),
        ("population_groups", TOP_GROUPS),
    ):
        terms = read_terms(name)

        assert [slug for slug, term in terms.items() if term["parent"] is None] == tops
        assert all(t["parent"] is None or t["parent"] in tops for t in terms.values())


def test_there_are_40_to_60_leaf_categories() -> None:
    assert 40 <= len(leaf_slugs()) <= 60


def test_every_leaf_category_has_committees_and_a_sector_and_no_top_has() -> None:
    committees, sectors = read_terms("committees"), read_terms("sectors_4w")
    for slug, term in read_terms("categories").items():
        if term["parent"] is None:
            assert "committees" not in term, slug
            continue
        assert term["committees"], slug
        assert set(term["committees"]) <= set(committees), slug
        assert term["sector_4w"] in sectors, slug


def test_every_committee_and_every_sector_has_a_category() -> None:
    leaves = [t for t in read_terms("categories").values() if t["parent"]]

    assert {c for t in leaves for c in t["committees"]} == set(read_terms("committees"))
    assert {t["sector_4w"] for t in leaves} == set(read_terms("sectors_4w"))


def test_no_two_categories_share_their_letters_and_no_two_tops_their_shape() -> None:
    terms = read_terms("categories")
    letters = Counter(t["icon"]["letter"] for t in terms.values())
    shapes = Counter(t["icon"]["shape"] for t in terms.values() if t["parent"] is None)

    assert set(letters.values()) == {1}
    assert set(shapes.values()) == {1}
    for term in terms.values():
        if term["parent"]:
            assert term["icon"]["shape"] == terms[term["parent"]]["icon"]["shape"]


def test_languages_have_iso_codes_their_own_name_and_six_names() -> None:
    languages = read_taxonomy("languages")["languages"]
    codes = [language["code"] for language in languages]

    assert len(codes) == len(set(codes))
    assert codes[:6] == SIX
    for language in languages:
        assert re.fullmatch("[a-z]{2,3}", language["code"])
        assert re.fullmatch("[a-z]{3}", language["iso639_3"])
        assert language["own"].strip()
        assert language["direction"] == (
            "rtl" if re.search("[\u0600-\u06ff]", language["own"]) else "ltr"
        )
        assert list(language["names"]) == SIX
        assert all(language["names"].values())


def test_every_leaf_category_has_one_standard() -> None:
    rows = read_table("standards.csv")

    assert list(rows[0]) == [
        "category",
        "max_walk_min",
        "target_per_1000",
        "groups",
        "note",
    ]
    assert Counter(row["category"] for row in rows) == Counter(leaf_slugs())


def test_standards_are_the_four_thresholds_and_targets_name_their_source() -> None:
    groups = read_terms("population_groups")
    for row in read_table("standards.csv"):
        assert row["max_walk_min"] in {"10", "15", "20", "30"}, row
        assert set(filter(None, row["groups"].split(";"))) <= set(groups), row
        assert row["note"], row
        if row["target_per_1000"]:
            assert float(row["target_per_1000"]) > 0
            assert "target:" in row["note"], row
