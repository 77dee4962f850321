"""The words of the pages are all there in each language, and say the same with the same values."""

import re
import shutil
from datetime import date
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.template import loader
from django.test import override_settings
from django.utils.translation import override

from layers.web import pages, query, template_tags
from layers.web.committee import pages as committee_pages
from layers.web.committee import ranking
from layers.web.finder import query as finder_query
from layers.web.languages import FALLBACK, INTERFACE

WEB = Path(__file__).resolve().parents[2] / "layers/web"
TRANSLATED = [code for code in INTERFACE if code != FALLBACK]
VALUE = re.compile(r"%\(\w+\)s|%%|\{\w*\}|</?[a-z]+[^>]*>")

languages = pytest.mark.parametrize("code", TRANSLATED)


def entries(code: str, web: Path = WEB) -> list[polib.POEntry]:
    """Return the entries of a language's catalogue."""
    return list(polib.pofile(str(web / f"locale/{code}/LC_MESSAGES/django.po")))


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def keys(found: list[polib.POEntry]) -> set[tuple[str | None, str]]:
    return {(entry.msgctxt, entry.msgid) for entry in found}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the room whose catalogues were just brought up to date."""
    copy = tmp_path_factory.mktemp("texts") / "web"
    shutil.copytree(WEB, copy, ignore=shutil.ignore_patterns("node_modules", "*.mo"))
    with override_settings(LOCALE_PATHS=[copy / "locale"]):
        call_command("makemessages", verbosity=0)
    return copy


@languages
def test_a_catalogue_has_every_text_of_the_source_and_no_other(
    code: str, extracted: Path
) -> None:
    wanted = keys(entries(code, extracted))
    assert len(wanted) > 150
    assert keys(entries(code)) == wanted, "run: ./dev manage makemessages"


@languages
def test_every_entry_is_translated_and_sure(code: str) -> None:
    for entry in entries(code):
        assert not entry.fuzzy, entry.msgid
        assert all(texts(entry)), entry.msgid


@languages
def test_every_plural_form_of_a_language_is_written(code: str) -> None:
    plural_forms = {"el": 2, "fr": 2, "ar": 6, "fa": 2, "ur": 2}  # as Django's own
    for entry in entries(code):
        if entry.msgid_plural:
            assert len(texts(entry)) == plural_forms[code], entry.msgid


@languages
def test_a_translation_uses_the_same_values(code: str) -> None:
    for entry in entries(code):
        wanted = sorted(set(VALUE.findall(entry.msgid_plural or entry.msgid)))
        for form, text in enumerate(texts(entry)):
            found = sorted(set(VALUE.findall(text)))
            # A form that means exactly 0, 1 or 2 may write the number as a word.
            exact = bool(entry.msgid_plural) and form < len(texts(entry)) - 1
            assert found == wanted or (exact and set(found) < set(wanted)), text


@languages
def test_a_translation_has_the_digits_that_phones_and_addresses_have(code: str) -> None:
    other = re.compile(r"[\u0660-\u0669\u06f0-\u06f9]")
    assert not [e.msgid for e in entries(code) if other.search("".join(texts(e)))]


@pytest.mark.parametrize(
    ("code", "people", "date_"),
    [
        ("el", "643.453", "3 Μαΐου 2026"),
        ("en", "643,453", "3 May 2026"),
        ("fr", "643\u202f453", "3 mai 2026"),
        ("ar", "643,453", "3 مايو 2026"),
        ("fa", "643,453", "3 مه 2026"),
        ("ur", "643,453", "3 مئی 2026"),
    ],
)
def test_numbers_and_dates_have_the_form_of_the_language_and_latin_digits(
    code: str, people: str, date_: str
) -> None:
    with override(code):
        shown = template_tags.people(643452.6).replace("\xa0", "\u202f")
        assert (shown, template_tags.day(date(2026, 5, 3))) == (people, date_)
        assert template_tags.percent(0.256) + template_tags.clock(570) == "26%09:30"


@pytest.mark.parametrize(
    "template",
    sorted(
        str(path.relative_to(WEB / "templates"))
        for path in WEB.glob("templates/web/**/*.html")
    ),
)
def test_every_template_compiles(template: str) -> None:
    loader.get_template(template)


def test_examples_in_docstrings_hold() -> None:
    import doctest

    modules = (template_tags, pages, query, ranking, finder_query, committee_pages)
    for module in modules:
        assert doctest.testmod(module).failed == 0


def test_every_module_that_modules_import_is_in_the_import_map() -> None:
    imported = set()
    for path in (WEB / "static/web").glob("*.js"):
        imported |= set(re.findall(r'from "web/([\w-]+)\.js"', path.read_text()))
        imported |= set(re.findall(r'import\("web/([\w-]+)\.js"\)', path.read_text()))
    assert imported == set(pages.MODULES)
