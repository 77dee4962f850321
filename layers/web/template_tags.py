"""What templates may say: texts with their language, numbers as the language writes them."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from layers.published.finder import Entry
from layers.published.pages import Text
from layers.web import safety, tokens
from layers.web.icons import sign_of
from layers.web.language_names import language_name
from layers.web.languages import PageLanguage, lang_attributes
from layers.web.pages import Page

register = template.Library()

DAY_MIN = 24 * 60


@register.simple_tag
def text(value: Text, language: PageLanguage) -> SafeString:
    """Return a text, marked with its language where that is not the page's."""
    attributes = lang_attributes(value.lang, language)
    if not attributes:
        return format_html("{}", value.value)
    return format_html("<span{}>{}</span>", attributes, value.value)


@register.simple_tag
def lang(value: Text, language: PageLanguage) -> SafeString:
    """Return the attributes for an element whose whole content is a text."""
    return lang_attributes(value.lang, language)


@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    """Return a sign of icons.svg, as large as the words beside it and unread by readers.

    `more` are further classes: `turns` for a sign that points along the line of writing.
    """
    classes = f"icon {more}".strip()
    address = f"{static('web/icons.svg')}#{sign_of(name)}"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>',
        classes,
        address,
    )


@register.simple_tag
def token(name: str) -> str:
    """Return the value of a token, for places that no style sheet reaches."""
    return tokens.light()[name]


@register.simple_tag
def exit_url() -> str:
    """Return where "Leave this site" leads."""
    return str(settings.QUICK_EXIT_URL)


@register.simple_tag
def emergency_numbers() -> list[tuple[str, str]]:
    """Return whom to call: (number, what for)."""
    return safety.emergency_numbers()


@register.simple_tag
def municipality_name(page: Page) -> SafeString:
    """Return the name of the page's municipality, marked where it is in another language."""
    names = page.municipality.names if page.municipality else {}
    for code in (page.language.code, "en", "el", *names):
        if names.get(code):
            return text(Text(names[code], code), page.language)
    return SafeString("")


@register.filter
def people(count: float | None) -> str:
    """Return a number of people, whole, with separators; a dash where it is not known.

    Examples
    --------
    >>> from django.utils import translation
    >>> with translation.override("el"):
    ...     people(643452.4)
    '643.452'
    """
    return "–" if count is None else grouped(count)


def grouped(number: float, decimals: int = 0) -> str:
    """Return a number in the language's form, rounded, with separators of thousands.

    Examples
    --------
    >>> from django.utils import translation
    >>> with translation.override("ur"):
    ...     grouped(643452.6), grouped(1234.56, 1)
    ('643,453', '1,234.6')
    """
    # Django's own formatting cuts decimals off instead of rounding.
    rounded = round(number, decimals)
    return str(formats.number_format(rounded, decimals, force_grouping=True))


@register.filter
def percent(share: float | None) -> str:
    """Return a share as whole per cent, small ones not as 0 and large ones not as 100.

    Examples
    --------
    >>> from django.utils import translation
    >>> with translation.override("en"):
    ...     percent(0.256), percent(0.0), percent(0.004), percent(0.996), percent(None)
    ('26%', '0%', '<1%', '>99%', '–')
    """
    if share is None:
        return "–"
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{round(share * 100)}%"


@register.filter
def metres(distance_m: float | None) -> str:
    """Return a walking distance, rounded to 10 m; a dash where nothing is reached."""
    if distance_m is None:
        return "–"
    return gettext("%(n)s m") % {"n": grouped(round(distance_m, -1))}


@register.filter
def number(value: float) -> str:
    """Return a number without needless decimals."""
    return grouped(value, 0 if float(value).is_integer() else 1)


@register.filter
def tel(phone: str) -> str:
    """Return a phone number as a `tel:` link wants it.

    Examples
    --------
    >>> tel("+30 210 520 0000"), tel("1555 (free)")
    ('+302105200000', '1555')
    """
    found = re.match(r"\s*(\+?[\d\s().\-/]*)", phone)
    return re.sub(r"[^+\d]", "", found[1] if found else "")


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a date as the language writes it, empty where there is none."""
    if value is None:
        return ""
    # E is the form of a month beside a day, which of our languages only Greek has.
    month = "E" if get_language() == "el" else "F"
    return formats.date_format(value, f"j {month} Y")


@register.filter
def clock(minute: int) -> str:
    """Return a minute of the day, which may lie on the next one, as a clock shows it.

    Examples
    --------
    >>> clock(540), clock(1440), clock(1560)
    ('09:00', '24:00', '02:00')
    """
    if minute == DAY_MIN:
        return "24:00"
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


@register.simple_tag
def until(entry: Entry, minute: int) -> str:
    """Return when an entry that is open closes, or one that is closed opens today.

    Parameters
    ----------
    entry : Entry
        Of a list; where its hours are not known nothing is said.
    minute : int
        Of the day, on the clock of the municipality.
    """
    for opens, closes in entry.hours:
        if entry.is_open and opens <= minute < closes:
            if closes - opens >= DAY_MIN:
                return gettext("all day and night")
            return gettext("until %(time)s") % {"time": clock(closes)}
        if not entry.is_open and minute < opens:
            return gettext("opens at %(time)s") % {"time": clock(opens)}
    return ""


@register.simple_tag
def language_list(codes: Iterable[str], language: PageLanguage) -> SafeString:
    """Return the names of languages, by name, each marked where it falls back."""
    names = sorted(
        (language_name(code, language.code) for code in codes),
        key=lambda name: name.value,
    )
    said = ((text(name, language),) for name in names)
    return format_html_join(comma(language), "{}", said)


@register.simple_tag
def comma(language: PageLanguage) -> str:
    """Return what stands between the parts of a list: Arabic script has its own comma."""
    return "، " if language.direction == "rtl" else ", "


@register.simple_tag
def service_status(status: str) -> str:
    """Return in words whether a service operates."""
    return {
        "active": gettext("Operating"),
        "inactive": gettext("Not operating"),
        "defunct": gettext("Ended"),
        "temporarily closed": gettext("Temporarily closed"),
    }.get(status, status)


@register.simple_tag
def geo_link(lon: float, lat: float) -> str:
    """Return the address that opens a place in the map application of a phone."""
    return f"geo:{lat:.6f},{lon:.6f}?q={lat:.6f},{lon:.6f}"


@register.simple_tag
def osm_link(lon: float, lat: float) -> str:
    """Return the address of a place on OpenStreetMap, for readers without such a one."""
    place = f"{lat:.6f},{lon:.6f}"
    return f"https://www.openstreetmap.org/directions?to={place}#map=17/{lat:.6f}/{lon:.6f}"
