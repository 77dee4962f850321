"""Codes of a service's record in words."""

from django.utils.translation import gettext

from layers.models.moderation import FeedbackKind
from layers.models.service_details import LanguageMode
from layers.published.pages import Text


def referral_methods(codes: tuple[str, ...], interface: str) -> list[Text]:
    """Return how one is referred; what is no known code stands for itself."""
    words = {
        "phone": gettext("by telephone"),
        "email": gettext("by e-mail"),
        "form": gettext("with a referral form"),
        "letter": gettext("with a letter"),
        "visit": gettext("in person"),
        "online": gettext("online"),
        "ekka": gettext("through EKKA, the National Centre for Social Solidarity"),
    }
    return [
        Text(words[code], interface) if code in words else Text(code, "")
        for code in codes
    ]


def language_mode(mode: str) -> str:
    """Return who speaks a language; nothing where it is the staff."""
    if mode == LanguageMode.INTERPRETER:
        return gettext("with an interpreter")
    return gettext("on request") if mode == LanguageMode.ON_REQUEST else ""


def precision_words(precision: str) -> str:
    """Return a warning where the point is not the door."""
    if precision == "street":
        return gettext("The point on the map is the street, not the door.")
    if precision in ("district", "unknown"):
        return gettext("The point on the map is only near. Call before you go.")
    return ""


def feedback_kinds() -> list[tuple[str, str]]:
    """Return what may be wrong with a record, as the form offers it."""
    return [
        (FeedbackKind.WRONG_HOURS.value, gettext("The opening hours are wrong")),
        (FeedbackKind.WRONG_PLACE.value, gettext("The address or the place is wrong")),
        (FeedbackKind.CLOSED.value, gettext("It is closed or does not exist any more")),
        (FeedbackKind.NOT_SERVED.value, gettext("People were turned away")),
        (FeedbackKind.OTHER.value, gettext("Something else")),
    ]
