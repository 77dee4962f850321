"""The words of the pages are all there in Greek, and say the same with the same values."""

import re
from pathlib import Path

import pytest
from django.template import loader
from django.utils.translation.template import templatize

from layers.web import committees, finder_query, pages, query, ranking, template_tags

WEB = Path(__file__).resolve().parents[2] / "layers/web"
CATALOGUE = WEB / "locale/el/LC_MESSAGES/django.po"
STRING = r'"((?:[^"\\]|\\.)*)"'


def entries() -> list[dict[str, list[str]]]:
    """Return the entries of the catalogue, by keyword, but for its head."""
    found = []
    for block in CATALOGUE.read_text(encoding="utf-8").split("\n\n")[1:]:
        entry: dict[str, list[str]] = {}
        keyword = ""
        for line in block.splitlines():
            if line.startswith("#"):
                entry.setdefault("#", []).append(line)
            elif line:
                given = re.match(r"(msg\w+(?:\[\d\])?) ", line)
                keyword = given[1] if given else keyword
                (text,) = re.findall(STRING, line)
                entry.setdefault(keyword, []).append(text)
        found.append(entry)
    return found


def joined(entry: dict[str, list[str]], keyword: str) -> str:
    return "".join(entry.get(keyword, []))


def words_of_the_source() -> set[str]:
    words: set[str] = set()
    for path in sorted(WEB.glob("templates/**/*.html")):
        code = templatize(path.read_text(encoding="utf-8"), origin=path.name)
        words |= {text for _, text in re.findall(r"gettext\(u?(['\"])(.*?)\1\)", code)}
    for path in sorted(WEB.glob("*.py")):
        code = path.read_text(encoding="utf-8")
        for call in re.findall(rf"(?:gettext|\b_)\(\s*((?:{STRING}\s*)+)\)", code):
            words.add("".join(re.findall(STRING, call[0])))
    return words


def test_every_word_of_the_source_is_in_the_catalogue() -> None:
    known = {joined(entry, "msgid") for entry in entries()}
    assert len(known) > 150
    assert words_of_the_source() - known == set()


def test_every_entry_is_translated_and_sure() -> None:
    for entry in entries():
        assert not any("fuzzy" in line for line in entry.get("#", [])), entry
        plural = "msgid_plural" in entry
        for keyword in ("msgstr[0]", "msgstr[1]") if plural else ("msgstr",):
            assert joined(entry, keyword), joined(entry, "msgid")


def test_a_translation_uses_the_same_values() -> None:
    value = re.compile(r"%\(\w+\)s|\{\w+\}|</?strong>")
    for entry in entries():
        wanted = set(value.findall(joined(entry, "msgid")))
        for keyword in (key for key in entry if key.startswith("msgstr")):
            assert set(value.findall(joined(entry, keyword))) == wanted


@pytest.mark.parametrize(
    "template", sorted(path.name for path in WEB.glob("templates/web/*.html"))
)
def test_every_template_compiles(template: str) -> None:
    loader.get_template(f"web/{template}")


def test_examples_in_docstrings_hold() -> None:
    import doctest

    for module in (template_tags, pages, query, ranking, finder_query, committees):
        assert doctest.testmod(module).failed == 0


def test_every_module_that_modules_import_is_in_the_import_map() -> None:
    imported = set()
    for path in (WEB / "static/web").glob("*.js"):
        imported |= set(re.findall(r'from "web/([\w-]+)\.js"', path.read_text()))
        imported |= set(re.findall(r'import\("web/([\w-]+)\.js"\)', path.read_text()))
    assert imported == set(pages.MODULES)
