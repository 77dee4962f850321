"""The meeting's PDF: the page's numbers, tagged, in six languages, and nothing hidden."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject
from pytest_django import DjangoDbBlocker

from layers.analysis import shown_runs
from layers.analysis.city_defaults import as_the_city_walks
from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.analysis.shown_runs import show
from layers.directory import read_model
from layers.models import ResultRow
from layers.web.report import press
from layers.web.report.fonts import SUBSETS
from tests import factories as make
from tests.web.city import City, _service, standing_city

pytestmark = pytest.mark.django_db

LANGUAGES = ("el", "en", "fr", "ar", "fa", "ur")
PATH = "/en/committees/health.pdf"


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with standing_city(django_db_blocker) as built:
        yield built


@pytest.fixture(scope="module", autouse=True)
def _nothing_kept() -> Iterator[None]:
    press.forget()
    yield
    press.forget()


def get(path: str, status: int = 200, **headers: str) -> Any:
    answer = Client(headers=headers).get(path)
    assert answer.status_code == status, answer.content[-1000:]
    return answer


def pdf(path: str = PATH) -> PdfReader:
    return PdfReader(io.BytesIO(get(path).content))


def words(reader: PdfReader) -> str:
    """Return the text of all pages with single blanks."""
    text = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"[\s\u2068\u2069\u00a0\u202f]+", " ", text)


def fonts_of(reader: PdfReader) -> set[str]:
    """Return the names of the fonts that pages use; all have to be in the file."""
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            found = font.get_object()
            inner = found["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
            names.add(str(found["/BaseFont"]))
    return names


def elements(node: Any) -> Iterator[DictionaryObject]:
    """Yield every element of the structure tree."""
    found = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(found, list):
        for each in found:
            yield from elements(each)
    elif isinstance(found, DictionaryObject):
        if "/S" in found:
            yield found
        if "/K" in found:
            yield from elements(found["/K"])


def rows_of_page() -> list[ResultRow]:
    """Return the stored rows that the page without parameters shows."""
    asked = CoverageParameters("athens", level="neighbourhood", by="committee")
    run = get_or_run(as_the_city_walks(asked))
    return list(ResultRow.objects.filter(run=run, term="health").select_related("run"))


# --- The same numbers ---------------------------------------------------------


def test_the_headline_is_that_of_the_page_and_the_api(city: City) -> None:
    """1,000 people in each of D1 to D5, places in D1 and D2: 3,000 are not reached."""
    text = words(pdf())
    page = get("/en/committees/health").content.decode()
    api = Client().get(
        "/api/v1/coverage?committee=health&threshold_min=15&walk_kmh=4.5"
    )
    total = next(row for row in rows_of_page() if row.is_total)
    assert total.residents_unserved == 3000
    sentence = r"3,000 ?of 5,000 residents \(60%\) live more than 15 minutes on foot"
    assert re.search(sentence, text)
    assert ">3,000<" in page
    assert "3000" in api.content.decode()


def test_every_area_has_the_row_of_the_page(city: City) -> None:
    text = words(pdf())
    rows = [row for row in rows_of_page() if row.district_code]
    assert len(rows) == 6
    for row in rows:
        name = f"District {row.district_code[1:]}"
        if row.residents_unserved is not None:
            assert re.search(
                rf"\d {name}( [a-z ]+)? {row.residents_unserved:,.0f}\b", text
            ), name


def test_the_date_and_the_source_stand_on_the_first_page(city: City) -> None:
    first = pdf().pages[0].extract_text()
    run = rows_of_page()[0].run
    assert run.finished_at
    assert run.finished_at.strftime("%B %Y") in first
    assert "residents of 2021" in first


def test_the_agenda_names_public_services_that_nobody_verified(city: City) -> None:
    text = words(pdf())
    assert "For the agenda: services to verify" in text
    assert "Last verified" in text


# --- What must not be there ---------------------------------------------------


@pytest.mark.parametrize("committee", ["gender", "health"])
def test_hidden_and_protected_places_are_not_found(city: City, committee: str) -> None:
    text = words(pdf(f"/en/committees/{committee}.pdf"))
    raw = get(f"/en/committees/{committee}.pdf").content
    assert "Secret" not in text
    assert "Secret" not in raw.decode("latin-1")
    assert str(city.hidden.pk) not in raw.decode("latin-1")


def test_withheld_figures_are_not_in_it(city: City) -> None:
    """Four people alone in D6: fewer than ten are never shown (SMALL_COUNT)."""
    from django.contrib.gis.geos import Point

    make.DemandPointFactory(
        municipality=city.municipality,
        point=Point(23.755, 37.985, srid=4326),
        population=4,
    )
    text = words(pdf())
    row = re.search(r"\d District 6( [a-z ]+)? withheld (\S+)", text)
    assert row, text
    assert not re.search(r"District 6( [a-z ]+)? 4\b", text)


def test_hostile_names_stay_text(city: City) -> None:
    city.municipality.names = {"en": '<img src="file:///etc/passwd">&\x0b', "el": "x"}
    city.municipality.save()
    assert '<img src="file:///etc/passwd">&' in words(pdf())


# --- Made for everybody -------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_tagged_named_and_in_its_language(city: City, lang: str) -> None:
    reader = pdf(f"/{lang}/committees/health.pdf")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == lang
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part" in reader.xmp_metadata.stream.get_data().decode() or (
        b"pdfuaid" in root["/Metadata"].get_object().get_data()
    )
    assert reader.metadata.title
    assert len(reader.outline) >= 1
    assert 2 <= len(reader.pages) <= 6
    kinds = [str(each["/S"]) for each in elements(root["/StructTreeRoot"])]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/L"} <= set(kinds)
    for each in elements(root["/StructTreeRoot"]):
        if each["/S"] == "/Figure":
            assert each["/Alt"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_its_letters_are_ours_alone(city: City, lang: str) -> None:
    families = {family.replace(" ", "-") for family in SUBSETS}
    for name in fonts_of(pdf(f"/{lang}/committees/health.pdf")):
        family = name.partition("+")[2].removesuffix("-Bold")
        assert family in families


LETTERS = {"el": "Υγείας", "en": "Health", "fr": "Santé", "ar": "الصحة"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_its_words_can_be_searched(city: City, lang: str) -> None:
    reader = pdf(f"/{lang}/committees/health.pdf")
    name = make_name(lang)
    assert set(name.split()) <= set(words(reader).split()) or name[::-1] in words(
        reader
    )
    assert name in reader.metadata.title


@cache
def make_name(lang: str) -> str:
    """Return the committee's name, as the taxonomy of the fixtures has it."""
    from layers.published.pages import terms

    found = terms(("committee",), lang)["committee"]
    return next(str(term.name) for term in found if term.slug == "health")


@pytest.mark.skipif(
    not shutil.which("pdftoppm"), reason="no poppler-utils; ./dev test installs it"
)
def test_the_map_is_drawn_in_its_colours(city: City, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(get(PATH).content)
    subprocess.run(
        ["pdftoppm", "-r", "50", "-f", "1", "-l", "1", "-png", file, tmp_path / "page"],
        check=True,
    )
    from PIL import Image

    (picture,) = tmp_path.glob("page*.png")
    with Image.open(picture) as image:
        colours = {
            colour: n for n, colour in image.convert("RGB").getcolors(1 << 20) or []
        }
    # Classes 1 (everybody reached: D1, D2) and 5 (nobody: D3 to D5) of the map.
    assert colours[(0xFF, 0xFF, 0xCC)] > 500
    assert colours[(0x25, 0x34, 0x94)] > 500


# --- The scenario of the page -------------------------------------------------


def test_a_scenario_of_the_page_is_in_the_report(city: City) -> None:
    """A hospital in the middle of D5 reaches its 1,000 people, and those of D4 not: the
    walk from the middle of D4 is that from D3 to D2, longer than 15 minutes.
    """
    path = f"{PATH}?open=hospital:23.745:37.985"
    text = words(pdf(path))
    assert "What if" in text
    assert "People not reached: 3,000 today, 2,000 then." in text
    assert "What if" not in words(pdf())


# --- The last meeting -----------------------------------------------------------


def test_what_changed_since_the_last_meeting(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clinic in the middle of D5 opens: its 1,000 people are reached, D4's are not."""
    asked = CoverageParameters("athens", level="neighbourhood", by="committee")
    then = SimpleNamespace(now=lambda: datetime(2026, 9, 1, 1, tzinfo=UTC))
    with monkeypatch.context() as past:
        past.setattr(shown_runs, "timezone", then)
        show([get_or_run(as_the_city_walks(asked))])
    _service(
        city.municipality,
        "Νέο ιατρείο",
        "New clinic",
        "primary-care",
        at=(23.745, 37.985),
    )
    read_model.rebuild(today=date(2026, 11, 21))
    show([get_or_run(as_the_city_walks(asked))])
    text = words(pdf(f"{PATH}?since=2026-09-01"))
    assert "Since 1 September 2026, people not reached: −1,000." in text
    assert re.search(r"District 5 1,000 0 \w+", text)
    assert "New clinic" in text
    assert "What is different: services were changed." in text


def test_without_figures_of_that_day_the_report_says_so(city: City) -> None:
    text = words(pdf(f"{PATH}?since=2020-01-01"))
    assert "No figures are kept from 1 January 2020 to compare with." in text


# --- Asked well and badly -----------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/committees/nope.pdf", 404),
        ("/de/committees/health.pdf", 404),
        ("/en/committees/health.pdf?colour=red", 400),
        ("/en/committees/health.pdf?level=street", 400),
        ("/en/committees/health.pdf?category=legal-advice", 400),
        ("/en/committees/health.pdf?category=%27%3B--", 400),
        ("/en/committees/health.pdf?threshold_min=1e9", 400),
        ("/en/committees/health.pdf?since=2026-13-40", 400),
        ("/en/committees/health.pdf?group=%3Cscript%3E", 400),
        ("/en/committees/health.pdf?close=1", 400),
    ],
)
def test_what_cannot_be_answered_is_a_page_that_says_so(
    city: City, path: str, status: int
) -> None:
    answer = get(path, status)
    assert answer["Content-Type"].startswith("text/html")


def test_it_is_for_reading_only(city: City) -> None:
    assert Client().post(PATH).status_code == 405


def test_an_unchanged_report_is_not_sent_again(city: City) -> None:
    answer = get(PATH)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="health-en.pdf"'
    with mock.patch.object(press, "_run", side_effect=AssertionError):
        again = get(PATH, 304, if_none_match=answer["ETag"])
        assert again.content == b""
        assert get(PATH).content == answer.content


def test_reports_of_other_questions_are_others(city: City) -> None:
    tags = {
        get(path)["ETag"]
        for path in (PATH, f"{PATH}?threshold_min=10", "/el/committees/health.pdf")
    }
    assert len(tags) == 3


def test_a_second_reader_is_asked_to_wait(city: City) -> None:
    press.forget()
    with (
        press._printing,
        mock.patch.object(press, "WAIT_S", 0.01),
    ):
        answer = get(f"{PATH}?threshold_min=20", 503)
    assert answer["Retry-After"] == "5"


# --- The command --------------------------------------------------------------


def test_the_command_writes_what_the_page_hands_out(city: City, tmp_path: Path) -> None:
    out = tmp_path / "health.pdf"
    call_command("committee_report", committee="health", lang="el", out=out)
    from_page = words(pdf("/el/committees/health.pdf"))
    written = words(PdfReader(out))
    host, blank = "http://testserver", " "  # an address breaks where it is long
    assert written.replace(blank, "") == from_page.replace(host, "").replace(blank, "")
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("options", "words_of_fault"),
    [
        ({"committee": "nope"}, "there is no committee 'nope'"),
        ({"committee": "health", "level": "street"}, "level"),
        ({"committee": "health", "since": "yesterday"}, "since"),
    ],
)
def test_the_command_says_what_is_wrong(
    city: City, tmp_path: Path, options: dict[str, str], words_of_fault: str
) -> None:
    out = tmp_path / "x.pdf"
    with pytest.raises(CommandError, match=words_of_fault):
        call_command("committee_report", out=out, **options)
    assert not out.exists()


def test_the_command_names_a_folder_that_is_not_there(
    city: City, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command(
            "committee_report", committee="health", out=tmp_path / "no" / "x.pdf"
        )
