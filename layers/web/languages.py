"""The language of a page: which was asked for, and in which its own words are written.

Six languages have pages. The words of the pages themselves are written in INTERFACE
languages only; elsewhere they fall back to English, marked as English, so that screen
readers pronounce them and readers see that the fallback is ours and not the data's.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from layers.params.languages import chosen_language

INTERFACE = ("el", "en", "fr", "ar", "fa", "ur")
"""Languages with a complete catalogue in locale/ (English is the language of the source)."""

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """A language in which pages can be asked for.

    Attributes
    ----------
    code : str
        As in the address: el, en, fr, ar, fa or ur.
    own : str
        Its name in itself.
    direction : str
        `ltr` or `rtl`.
    interface : str
        The language that the page's own words are written in.
    """

    code: str
    own: str
    direction: str
    interface: str

    @property
    def is_complete(self) -> bool:
        """Whether the page's own words are in the language itself."""
        return self.code == self.interface

    @property
    def ui(self) -> SafeString:
        """Attributes for an element with words of ours; empty where they need none."""
        return lang_attributes(self.interface, self)


def direction_of(code: str) -> str:
    """Return `rtl` or `ltr`; an unknown language is written from the left."""
    try:
        return "rtl" if get_language_info(code)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


def page_language(code: str) -> PageLanguage:
    """Return the page language of a code in LANGUAGES.

    Raises
    ------
    KeyError
        No pages in that language.
    """
    own = dict(settings.LANGUAGES)[code]
    interface = code if code in INTERFACE else FALLBACK
    return PageLanguage(code, str(own), direction_of(code), interface)


def page_languages() -> list[PageLanguage]:
    """Return every language with pages, in the order of LANGUAGES."""
    return [page_language(code) for code, _ in settings.LANGUAGES]


def negotiated(accept_language: str) -> PageLanguage:
    """Return the best page language for an Accept-Language header; the site's own if none."""
    return page_language(chosen_language(None, accept_language))


def lang_attributes(lang: str, page: PageLanguage) -> SafeString:
    """Return ` lang="…" dir="…"` for text in `lang` on a page, or nothing if it is the page's."""
    if not lang or lang == page.code:
        return SafeString("")
    return format_html(' lang="{}" dir="{}"', lang, direction_of(lang))
