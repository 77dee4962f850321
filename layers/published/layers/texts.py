"""Texts of layers in the reader's language."""

from collections.abc import Mapping

_AFTERWARDS = ("en", "el")


def text_in(texts: Mapping[str, str], lang: str) -> str:
    """Return a text in a language, else in English, else in Greek, else any; or empty."""
    for code in (lang, *_AFTERWARDS):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), "")


def language_of(texts: Mapping[str, str], lang: str) -> str:
    """Return the language in which `text_in` gives a text; empty where there is none."""
    for code in (lang, *_AFTERWARDS):
        if texts.get(code):
            return code
    return next((code for code, text in texts.items() if text), "")
