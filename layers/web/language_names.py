"""Names of the languages in which services are given, for readers of pages."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings

from layers.published.pages import Text

_FILE = "fixtures/taxonomy/languages.json"


@lru_cache(maxsize=1)
def _languages() -> dict[str, dict[str, Any]]:
    text = (settings.BASE_DIR / _FILE).read_text(encoding="utf-8")
    return {each["code"]: each for each in json.loads(text)["languages"]}


def language_name(code: str, lang: str) -> Text:
    """Return the name of a language in another; English where it has none in it.

    A code that the list does not have stands for itself.
    """
    names = _languages().get(code, {}).get("names", {})
    for written_in in (lang, "en"):
        if written_in in names:
            return Text(names[written_in], written_in)
    return Text(code, "")


def own_name(code: str) -> Text:
    """Return the name of a language in itself, as its speakers look for it."""
    return Text(_languages().get(code, {}).get("own", code), code)


def spoken_languages() -> list[str]:
    """Return the codes of all languages that services may be given in, in their order."""
    return list(_languages())
