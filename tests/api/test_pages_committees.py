"""Committee pages: the same numbers as the stored rows, in people, with their doubts."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.models import ResultRow
from tests.web.city import City, standing_city

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with standing_city(django_db_blocker) as built:
        yield built


def get(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return str(answer.content.decode())


def table(page: str) -> dict[str, list[str]]:
    """Return the cells of the ranking table by district code, in the order of rows."""
    rows = re.findall(r'<tr id="d-(\w+)".*?</tr>', page, re.DOTALL)
    cells = {}
    for code in rows:
        row = page[page.index(f'<tr id="d-{code}"') :].split("</tr>")[0]
        cells[code] = [
            html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
    return cells


def page_data(page: str) -> dict[str, Any]:
    block = re.search(r'<script id="page-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert block
    return dict(json.loads(block[1]))


def test_the_headline_is_people(city: City) -> None:
    """1,000 people in each of D1 to D5; places of health in D1 and D2 only.

    A walk of 15 minutes at 4.5 km/h is 1,125 m; straight 865 m. From the middle of D3
    to the place in D2 it is 0.0099 degrees of longitude, 869 m: not reached.
    """
    page = get("/en/committees/health")
    assert re.search(r'class="big"><span class="number">3,000<', page)
    assert "of 5,000 residents (60%)" in page
    assert "Residents are modelled, not counted" in page
    assert "Straight lines with a detour, not streets" in page


def test_the_table_shows_the_stored_rows(city: City) -> None:
    run = get_or_run(CoverageParameters("athens", by="committee"))
    rows = {
        row.district_code: row
        for row in ResultRow.objects.filter(run=run, term="health", is_total=False)
    }
    page = get("/en/committees/health")
    shown = table(page)
    assert set(shown) == {code for code in rows if code}
    areas = page_data(page)["choropleth"]["areas"]
    for code, cells in shown.items():
        row = rows[code]
        unserved = (
            "–" if row.residents_unserved is None else f"{row.residents_unserved:,.0f}"
        )
        between = row.interval.get("residents_unserved")
        if between:
            # What stands below the figure: the interval, and the ranks it spans.
            unserved += f"{between[0]:,.0f}–{between[1]:,.0f}"
        assert re.sub(r"\s|,\s*rank.*", "", cells[1]) == unserved
        assert areas[code]["class"] == (
            None if row.priority_class is None else row.priority_class - 1
        )


def test_nobody_known_to_live_there_is_no_share_of_zero(city: City) -> None:
    page = get("/en/committees/health")
    assert table(page)["D6"][2] == "–"
    assert page_data(page)["choropleth"]["areas"]["D6"]["class"] is None


def test_legend_counts_districts_of_each_class(city: City) -> None:
    page = get("/en/committees/health")
    legend = page[page.index('class="legend"') :].split("</ul>")[0]
    counts = [int(n) for n in re.findall(r"\((\d+)\)</span>", legend)]
    assert sum(counts) == 6
    assert counts[-1] == 1  # D6, of which no residents are known


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("name", "D1", "D6"),
        ("-name", "D6", "D1"),
        ("-walk", "D5", "D6"),  # D6: nobody walks, so it stands last either way
        ("walk", "D1", "D6"),
        ("-residents", "D1", "D6"),
    ],
)
def test_the_table_is_sorted_without_scripts(
    city: City, sort: str, first: str, last: str
) -> None:
    page = get(f"/en/committees/health?sort={sort}")
    codes = list(table(page))
    assert codes[-1] == last
    if sort != "-residents":  # five districts have equal numbers
        assert codes[0] == first
    direction = "descending" if sort.startswith("-") else "ascending"
    assert page.count(f'aria-sort="{direction}"') == 1


def test_a_category_of_the_committee_can_be_shown_alone(city: City) -> None:
    """The hospital stands in the middle of D2: D1 and D3 are 0.01 degrees away."""
    page = get("/en/committees/health?category=hospital")
    assert '<span class="sub">Hospital</span>' in page
    assert re.search(r'class="big"><span class="number">4,000<', page)


def test_a_slower_walk_reaches_fewer(city: City) -> None:
    """20 minutes are 1,154 m in a straight line at 4.5 km/h and 743 m at 2.9; D3 is 869 m off."""
    fast = get("/en/committees/health?threshold_min=20&walk_kmh=4.5")
    slow = get("/en/committees/health?threshold_min=20&walk_kmh=2.9")
    headline = re.compile(r'class="big"><span class="number">([\d,]+)<')
    people = [int(headline.search(page)[1].replace(",", "")) for page in (fast, slow)]  # type: ignore[index]
    assert people[0] < people[1]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("category=legal-counselling", "category"),  # another committee's
        ("category=x%00", "category"),
        ("level=street", "level"),
        ("level=municipality", "level"),
        ("threshold_min=0", "threshold_min"),
        ("threshold_min=NaN", "threshold_min"),
        ("threshold_min=1e9", "threshold_min"),
        ("walk_kmh=fast", "walk_kmh"),
        ("walk_kmh=-4", "walk_kmh"),
        ("sort=people", "sort"),
        ("supply=all", "supply"),
    ],
)
def test_what_cannot_be_asked_is_named(city: City, query: str, named: str) -> None:
    page = get(f"/en/committees/health?{query}", status=400)
    assert named in page[page.index("notice warn") :]


def test_a_committee_that_does_not_exist_is_not_found(city: City) -> None:
    get("/en/committees/transport", status=404)


def test_the_list_of_committees_shows_six_headlines(city: City) -> None:
    page = get("/el/committees/")
    assert page.count('href="/el/committees/') >= 6
    assert "Υγείας" in page
    assert page.index("Ανάπτυξης Δεξιοτήτων") < page.index("Υγείας")


def test_the_link_to_the_api_asks_the_same(city: City) -> None:
    page = get("/en/committees/health?threshold_min=20")
    link = html.unescape(re.search(r'href="(/api/v1/coverage[^"]+)"', page)[1])  # type: ignore[index]
    assert "committee=health" in link
    assert "threshold_min=20" in link


def test_hidden_services_are_in_no_committee_page(city: City) -> None:
    for slug in ("gender", "health"):
        page = get(f"/en/committees/{slug}")
        assert "Secret" not in page
        assert "23.7011" not in page
