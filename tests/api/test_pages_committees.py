"""Committee pages: the same numbers as the stored rows, in people, with their doubts."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from pytest_django import DjangoDbBlocker

from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.models import ResultRow, ServicePoint
from tests import factories as make
from tests.web.city import City, standing_city

pytestmark = pytest.mark.django_db

PATH = "/en/committees/health"


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with standing_city(django_db_blocker) as built:
        yield built


def get(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return str(answer.content.decode())


def part(page: str, name: str) -> str:
    """Return one block of the page."""
    return page[page.index(f'<section id="{name}"') :].split("</section>\n")[0]


def table(page: str) -> dict[str, list[str]]:
    """Return the cells of the ranking table by district code, in the order of rows."""
    rows = re.findall(r'<tr id="d-(\w+)".*?</tr>', page, re.DOTALL)
    cells = {}
    for code in rows:
        row = page[page.index(f'<tr id="d-{code}"') :].split("</tr>")[0]
        cells[code] = [
            html.unescape(re.sub(r"<[^>]+>", " ", cell)).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
    return cells


def page_data(page: str) -> dict[str, Any]:
    block = re.search(r'<script id="page-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert block
    return dict(json.loads(block[1]))


def rows_of(path: str) -> list[dict[str, str]]:
    """Return the records of a CSV file."""
    return list(csv.DictReader(io.StringIO(get(path))))


def point_of(service: Any) -> str:
    return str(ServicePoint.objects.get(service_id=service.pk).pk)


def test_the_headline_is_people(city: City) -> None:
    """1,000 people in each of D1 to D5; places of health in D1 and D2 only.

    A walk of 15 minutes at 4.5 km/h is 1,125 m; straight 865 m. From the middle of D3
    to the place in D2 it is 0.0099 degrees of longitude, 869 m: not reached.
    """
    page = get(PATH)
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
    page = get(PATH)
    shown = table(page)
    assert set(shown) == {code for code in rows if code}
    areas = page_data(page)["committee"]["views"]["today"]["areas"]
    for code, cells in shown.items():
        row = rows[code]
        unserved = (
            "–" if row.residents_unserved is None else f"{row.residents_unserved:,.0f}"
        )
        between = row.interval.get("residents_unserved")
        if between:
            # What stands below the figure: the interval, and the ranks it spans.
            unserved += f"{between[0]:,.0f}–{between[1]:,.0f}"
        assert re.sub(r"rank.*|\s", "", cells[1]) == unserved
        assert areas[code]["class"] == (
            None if row.priority_class is None else row.priority_class - 1
        )


def test_nobody_known_to_live_there_is_no_share_of_zero(city: City) -> None:
    page = get(PATH)
    assert table(page)["D6"][2] == "–"
    area = page_data(page)["committee"]["views"]["today"]["areas"]["D6"]
    assert (area["class"], area["state"]) == (None, "no-people")


def test_legend_counts_districts_of_each_class(city: City) -> None:
    page = get(PATH)
    legend = page[page.index('class="legend"') :].split("</ul>")[0]
    counts = [int(n) for n in re.findall(r"\((\d+)\)</span>", legend)]
    assert sum(counts[:6]) == 6
    assert counts[5] == 1  # D6, of which no residents are known


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
    page = get(f"{PATH}?sort={sort}")
    codes = list(table(page))
    assert codes[-1] == last
    if sort != "-residents":  # five districts have equal numbers
        assert codes[0] == first
    direction = "descending" if sort.startswith("-") else "ascending"
    assert page.count(f'aria-sort="{direction}"') == 1


def test_a_category_of_the_committee_can_be_shown_alone(city: City) -> None:
    """The hospital stands in the middle of D2: D1 and D3 are 0.01 degrees away."""
    page = get(f"{PATH}?category=hospital")
    assert '<span class="sub">Hospital</span>' in page
    assert re.search(r'class="big"><span class="number">4,000<', page)


def test_a_slower_walk_reaches_fewer(city: City) -> None:
    """20 minutes are 1,154 m in a straight line at 4.5 km/h and 743 m at 2.9; D3 is 869 m off."""
    fast = get(f"{PATH}?threshold_min=20&walk_kmh=4.5")
    slow = get(f"{PATH}?threshold_min=20&walk_kmh=2.9")
    headline = re.compile(r'class="big"><span class="number">([\d,]+)<')
    people = [int(headline.search(page)[1].replace(",", "")) for page in (fast, slow)]  # type: ignore[index]
    assert people[0] < people[1]


def test_a_group_walks_at_its_own_speed_unless_told_otherwise(city: City) -> None:
    """Nobody knows where older people live here: all residents stand for them."""
    page = get(f"{PATH}?group=older-people&threshold_min=20")
    assert "at 2.9 km/h" in page
    assert "at 4.5 km/h" in get(f"{PATH}?group=older-people&walk_kmh=4.5")


def test_open_at_a_time_counts_only_what_is_open_then(city: City) -> None:
    """The hospital opens on Mondays for a minute at nine; the clinic day and night."""
    page = get(f"{PATH}?category=hospital&at=mon+18:00")
    assert re.search(r'class="big"><span class="number">5,000<', page)
    assert '<option value="mon 18:00" selected>' in page


def test_every_category_of_the_committee_stands_in_the_profile(city: City) -> None:
    page = get(f"{PATH}?district=D2")
    block = part(page, "profile")
    options = re.search(r'id="category".*?</select>', page, re.DOTALL)[0]  # type: ignore[index]
    names = re.findall(r'<option value="[^"]+"[^>]*>([^<]+)<', options)
    assert len(names) > 10
    for name in names:
        assert f'scope="row">{name}<' in block
    assert "<h3>District 2</h3>" in block


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("category=legal-counselling", "category"),  # another committee's
        ("category=x%00", "category"),
        ("group=nobody", "group"),
        ("group=women&threshold_min=7", "threshold_min"),
        ("level=street", "level"),
        ("level=municipality", "level"),
        ("threshold_min=0", "threshold_min"),
        ("threshold_min=NaN", "threshold_min"),
        ("threshold_min=1e9", "threshold_min"),
        ("walk_kmh=fast", "walk_kmh"),
        ("walk_kmh=-4", "walk_kmh"),
        ("engine=street_network", "engine"),  # no streets are loaded
        ("at=someday", "at"),
        ("as_of=2020-01-01", "as_of"),
        ("as_of=2026-02-30", "as_of"),
        ("since=yesterday", "since"),
        ("sort=people", "sort"),
        ("supply=all", "supply"),
        ("show=everything", "show"),
        ("n_new=0", "n_new"),
        ("n_new=11&show=siting", "n_new"),
        ("close=1", "close"),
        ("open=primary-care", "open"),
        ("open=primary-care:23.7:north", "open"),
        ("open=primary-care:1:1", "open"),  # far from the municipality
        ("open=no-such:23.7:37.98", "open"),
        ("open=primary-care:23.7:37.98&group=women", "open"),
        ("open_category=primary-care", "open_district"),
        ("open_category=primary-care&open_district=D99", "open_district"),
        ("district=%3Cscript%3E", "district"),
    ],
)
def test_what_cannot_be_asked_is_named(city: City, query: str, named: str) -> None:
    page = get(f"{PATH}?{query}", status=400)
    assert named in page[page.index("notice warn") :]
    assert "<script>" not in page


def test_a_committee_that_does_not_exist_is_not_found(city: City) -> None:
    get("/en/committees/transport", status=404)
    get("/en/committees/transport/ranking.csv", status=404)
    get(f"{PATH}/everything.csv", status=404)
    get(f"{PATH}/quality.svg", status=404)
    get(f"{PATH}/scenario-change.svg", status=404)  # nothing is changed


def test_the_list_of_committees_shows_six_headlines(city: City) -> None:
    page = get("/el/committees/")
    assert page.count('href="/el/committees/') >= 6
    assert "Υγείας" in page
    assert page.index("Ανάπτυξης Δεξιοτήτων") < page.index("Υγείας")


def test_the_link_to_the_api_asks_the_same(city: City) -> None:
    page = get(f"{PATH}?threshold_min=20&at=mon+18:00&group=women")
    link = html.unescape(re.search(r'href="(/api/v1/coverage[^"]+)"', page)[1])  # type: ignore[index]
    for asked in ("committee=health", "threshold_min=20", "at=mon+18", "group=women"):
        assert asked in link


@pytest.mark.parametrize(
    "query",
    ["", "?threshold_min=20", "?category=hospital", "?group=women&threshold_min=10"],
)
def test_the_file_of_the_ranking_equals_the_api(city: City, query: str) -> None:
    page = get(PATH + query)
    address = html.unescape(
        re.search(r'data-copy="(/api/v1/coverage[^"]+f=json)"', page)[1]
    )  # type: ignore[index]
    told = {
        (row["code"], row["is_total"]): row for row in json.loads(get(address))["items"]
    }
    records = rows_of(f"{PATH}/ranking.csv{query}")
    assert len(records) == len(told)
    for record in records:
        row = told[record["code"] or None, record["is_total"] == "True"]
        for name in ("residents", "residents_unserved", "share_served", "rank"):
            assert record[name] == ("" if row[name] is None else str(row[name]))
        between = row["interval"].get("residents_unserved", [None, None])
        low = record["residents_unserved_low"]
        assert (float(low) if low else None) == between[0]
        assert record["is_suppressed"] == str(row["is_suppressed"])


def test_the_file_of_the_profile_equals_the_api(city: City) -> None:
    told = json.loads(
        get("/api/v1/coverage?municipality=athens&category=hospital&f=json")
    )["items"]
    wanted = {row["code"]: row["residents_unserved"] for row in told if row["code"]}
    shown = {
        row["code"]: row["residents_unserved"]
        for row in rows_of(f"{PATH}/profile.csv")
        if row["category"] == "hospital" and row["code"]
    }
    assert shown == {
        code: "" if count is None else str(count) for code, count in wanted.items()
    }


def test_a_scenario_says_what_the_api_says(city: City) -> None:
    clinic = point_of(city.clinic)
    opened = "primary-care:23.745:37.985"  # the middle of D5
    query = f"?close={clinic}&open={opened}"
    body = {
        "close": [clinic],
        "open": [{"category": "primary-care", "lon": 23.745, "lat": 37.985}],
        "by": "committee",
    }
    answer = Client().post(
        "/api/v1/scenarios", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    told = {
        (row["code"], row["is_total"]): row
        for row in answer.json()["items"]
        if row["term"] == "health"
    }
    records = rows_of(f"{PATH}/scenario.csv{query}")
    assert records
    for record in records:
        row = told[record["code"] or None, record["is_total"] == "True"]
        for name, value in (
            ("difference", row["difference"]),
            ("residents_gaining", row["residents_gaining"]),
            ("residents_unserved_then", row["scenario"]["residents_unserved"]),
        ):
            assert (float(record[name]) if record[name] else None) == value
    block = part(get(PATH + query), "what-if")
    # D5 gains 1,000 people, D1 loses none: the hospital stays out of its reach, 886 m.
    assert "Who gains, who loses" in block
    assert "District 5" in block
    for name in ("before", "after", "change"):
        assert f'data-view="{name}"' in block


def test_the_form_of_a_scenario_leads_to_an_address_that_can_be_shared(
    city: City,
) -> None:
    clinic = point_of(city.clinic)
    answer = Client().get(
        f"{PATH}?close={clinic}&open_category=primary-care&open_district=D5"
    )
    assert answer.status_code == 302
    # The spot of D5's name is its middle.
    spot = quote("primary-care:23.745:37.985", safe="")
    assert answer["Location"] == f"{PATH}?close={clinic}&open={spot}#what-if"


def test_a_place_closed_at_the_time_asked_about_is_named(city: City) -> None:
    """The hospital opens on Mondays for a minute at nine, so nobody walks there at six."""
    hospital = str(ServicePoint.objects.get(names__en="Hospital").pk)
    query = f"?category=hospital&close={hospital}"
    block = part(get(f"{PATH}{query}&at=mon+18:00"), "what-if")
    assert "do not walk to these places" in block
    assert "Hospital</bdi>" in block
    assert "Who gains" not in block
    assert "Who gains" in part(get(PATH + query), "what-if")


@pytest.mark.parametrize("kind", ["hidden", "protected", "helpline"])
def test_protected_places_are_refused_like_ids_that_do_not_exist(
    city: City, kind: str
) -> None:
    """One wording for all: a refusal must not say that a place exists."""
    nobody = "00000000-0000-4000-8000-000000000000"
    service = getattr(city, kind)
    points = ServicePoint.objects.filter(service_id=service.pk)
    id_ = str(points[0].pk) if points else str(service.pk)
    page = "/en/committees/gender"
    refusal = get(f"{page}?close={id_}", status=400).replace(id_, nobody)
    other = get(f"{page}?close={nobody}", status=400)

    def words(text: str) -> str:
        return text[text.index("notice warn") :].split("</div>")[0]

    assert words(refusal) == words(other)


def test_what_takes_time_is_worked_out_only_when_asked_for(city: City) -> None:
    page = get(f"{PATH}?category=hospital")
    assert "Work it out" in part(page, "missed")
    page = get(f"{PATH}?category=hospital&show=critical&show=siting&n_new=1")
    missed = part(page, "missed")
    # D2 alone reaches the hospital; nobody else has another one.
    assert re.search(r"Hospital</bdi>.*?1,000", missed, re.DOTALL)
    assert "Proposed areas" in part(page, "siting")
    assert "Open here" in part(page, "siting")
    rows = rows_of(f"{PATH}/siting.csv?category=hospital&n_new=1")
    assert len(rows) == 1
    assert float(rows[0]["residents_gained"]) >= 1000


def test_no_need_index_is_said_and_no_empty_map_drawn(city: City) -> None:
    block = part(get(PATH), "need")
    assert "There is no need index" in block
    get(f"{PATH}/need.svg", status=404)


def test_figures_of_a_meeting_before_the_first_run_are_said_to_be_missing(
    city: City,
) -> None:
    block = part(get(f"{PATH}?since=2020-01-01"), "changes")
    assert "No figures of this question are kept from 1 January 2020" in block


@pytest.mark.parametrize("block", ["map", "ranking", "spread", "lorenz", "profile"])
@pytest.mark.parametrize("lang", ["el", "ar"])
def test_each_picture_is_a_file_of_its_own(city: City, block: str, lang: str) -> None:
    text = get(f"/{lang}/committees/health/{block}.svg")
    root = ElementTree.fromstring(text)  # noqa: S314 (we drew it)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    names = {"{http://www.w3.org/2000/svg}title", "{http://www.w3.org/2000/svg}desc"}
    assert names <= {child.tag for child in root}
    assert " style=" not in text
    assert "<script" not in text
    assert f"http://testserver/{lang}/committees/health" in text  # how to cite it
    assert "<metadata>" in text
    assert re.search(r'fill="#[0-9a-f]{6}"', text)  # colours travel with the file


def test_the_page_keeps_its_policy(city: City) -> None:
    answer = Client().get(PATH)
    page = answer.content.decode()
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert " style=" not in page
    assert " onclick" not in page


def test_hidden_services_are_in_no_committee_page(city: City) -> None:
    for slug in ("gender", "health"):
        page = get(f"/en/committees/{slug}?show=critical")
        for block in ("ranking.csv", "profile.csv", "quality.csv", "map.svg"):
            page += get(f"/en/committees/{slug}/{block}")
        assert "Secret" not in page
        assert "23.7011" not in page
        assert str(city.hidden.pk) not in page


def test_what_a_run_withholds_is_in_no_block_and_no_file(city: City) -> None:
    """Five people in D6: fewer than ten are withheld, and one more area with them.

    6,173 is a number of people that occurs nowhere else on the page.
    """
    make.DemandPointFactory(
        municipality=city.municipality, point=Point(23.755, 37.985), population=5
    )
    make.DemandPointFactory(
        municipality=city.municipality, point=Point(23.735, 37.985), population=6173
    )
    page = get(f"{PATH}?district=D6")
    areas = page_data(page)["committee"]["views"]["today"]["areas"]
    withheld = {code for code, area in areas.items() if area["state"] == "withheld"}
    assert "D6" in withheld
    assert len(withheld) > 1
    records = {row["code"]: row for row in rows_of(f"{PATH}/ranking.csv")}
    for code in withheld:
        assert areas[code]["class"] is None
        assert "withheld" in areas[code]["text"]
        assert not re.search(r"\d{2}", areas[code]["text"])
        assert "withheld" in " ".join(table(page)[code])
        for name in ("residents_unserved", "share_served", "median_walk_m", "rank"):
            assert records[code][name] == ""
        assert records[code]["residents_unserved_low"] == ""
    for block in ("map", "ranking", "profile"):
        titles = re.findall(r"<title>(.*?)</title>", get(f"{PATH}/{block}.svg"))
        assert not any("5 of 5" in title for title in titles)
    curve = {row["code"] for row in rows_of(f"{PATH}/lorenz.csv")}
    assert not curve & withheld
    for row in rows_of(f"{PATH}/profile.csv"):
        if row["code"] == "D6":
            assert row["residents_unserved"] == ""
