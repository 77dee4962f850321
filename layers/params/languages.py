"""In which language a reader is answered."""

from django.conf import settings
from django.utils.translation.trans_real import parse_accept_lang_header

from layers.params.kinds import Choice
from layers.params.reading import Parameter

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)

LANG = Parameter(
    "lang",
    Choice(LANGUAGES),
    "Language of names and texts; before the Accept-Language header. A text that is not "
    "there in it is given in English, then Greek, then any other, and `name_lang` says in "
    "which.",
)


def chosen_language(lang: str | None, accept_language: str) -> str:
    """Return the language of the answer: `lang`, else the reader's best, else the site's.

    Parameters
    ----------
    lang : str or None
        What the request asked for by parameter, already checked.
    accept_language : str
        The header; a broken one counts as none, as HTTP says it is a mere preference.
    """
    if lang:
        return lang
    if accept_language:
        for asked, weight in parse_accept_lang_header(accept_language):
            primary = asked.partition("-")[0]
            if weight > 0 and primary in LANGUAGES:
                return primary
    return str(settings.LANGUAGE_CODE)
