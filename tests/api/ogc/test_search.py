"""Draft Part 9: `q` searches the texts of a feature."""

import pytest

from tests.api.ogc.conftest import Get, Ids

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

REQ = "http://www.opengis.net/spec/ogcapi-features-9/1.0/req"


@pytest.mark.requirement(
    f"{REQ}/text-search/q-definition", f"{REQ}/text-search/q-response"
)
@pytest.mark.requirement(
    f"{REQ}/features-text-search/q-param", f"{REQ}/features-text-search/response"
)
@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("Ώρα 20", ["p20"]),
        ("ώρα 20", ["p20"]),  # case does not matter
        ("ωρα 20", ["p20"]),  # nor do accents
        ("ΩΡΑ   20", ["p20"]),  # nor how many blanks
        ("20 ώρα", []),  # the order does
        ("ώρα 19,ώρα 20", ["p19", "p20"]),  # commas part alternatives
        ("tag3", ["p03", "p08", "p13", "p18", "p23"]),  # lists of texts are searched
        ("nothing", []),
        ("%", None),
        ("_", None),
    ],
)
def test_texts_are_searched(
    ids: Ids, get: Get, q: str, expected: list[str] | None
) -> None:
    if expected is None:  # no letter and no digit
        assert get("/collections/places/items", 400, q=q)["parameter"] == "q"
    else:
        assert ids("places", q=q) == expected


@pytest.mark.parametrize("q", ["", ",", "a,", "!!", "x" * 201, "a\x00"])
def test_what_is_no_search_is_refused(get: Get, q: str) -> None:
    assert get("/collections/places/items", 400, q=q)["parameter"] == "q"


def test_services_are_found_by_their_names(ids: Ids) -> None:
    assert len(ids("service-points", q="hospital")) >= 1
    assert ids("service-points", q="zzz-nothing") == []
