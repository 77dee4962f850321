"""A form as it was sent: its values, or what is wrong with each field.

The forms take what the API takes, by the same declarations; so neither is stricter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from layers.answers.senders import sender_of
from layers.directory.report_limits import admit
from layers.directory.reports import TEXT_LIMIT
from layers.errors import (
    InvalidParameter,
    InvalidParameters,
    InvalidRecord,
    TooManyReports,
)
from layers.params.reading import Parameters

TRAP = "website"
"""A field that people do not see; what fills it in is a robot."""

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of Django's field)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field, in words; without a field, with the form."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form, empty or as it was sent.

    Attributes
    ----------
    given : Mapping
        What was filled in, to be shown again.
    faults : tuple of Fault
        None where it may be stored.
    status : int
        Of the page that shows it.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    status: int = 200

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {fault.field: fault.words for fault in self.faults}


def take(
    request: HttpRequest,
    parameters: Parameters,
    store: Callable[[dict[str, Any]], object],
) -> Form | None:
    """Store a form that was sent; return it with its faults where that may not be.

    Parameters
    ----------
    request : HttpRequest
        The POST.
    parameters : Parameters
        What the form asks.
    store : callable
        Stores the values; InvalidRecord where they break a rule of the directory.

    Returns
    -------
    Form or None
        None: it was stored, or a robot sent it and thinks so.

    Raises
    ------
    UnknownParameter
        A field that the form does not have.
    """
    given = {
        name: str(value)
        for name, value in request.POST.items()
        if name not in (TOKEN, TRAP) and str(value).strip()
    }
    if request.POST.get(TRAP, ""):
        return None
    try:
        values = parameters.read_query(urlencode(given))
        admit(sender_of(request), timezone.now())
        store(values)
    except TooManyReports:
        words = gettext(
            "Too many reports came from your network. Try again in an hour."
        )
        return Form(given, (Fault("", words),), 429)
    except InvalidParameters as faults:
        return refused(given, [fault.name for fault in faults.faults])
    except InvalidParameter as fault:
        return refused(given, [fault.name])
    except InvalidRecord as fault:
        return refused(given, [fault.field])
    return None


def refused(given: Mapping[str, str], fields: list[str]) -> Form:
    """Return the form with what is wrong with some fields."""
    faults = tuple(Fault(name, words_for(name, given.get(name, ""))) for name in fields)
    return Form(given, faults, 400)


def words_for(name: str, value: str) -> str:
    """Return what is wrong with a field, and what to do."""
    if name == "kind":
        return gettext("Choose what is wrong.")
    if name == "category":
        return gettext("Choose which kind of service is missing.")
    if name == "text":
        if len(value) > TEXT_LIMIT:
            return gettext("Write at most %(n)s characters.") % {"n": TEXT_LIMIT}
        return gettext("Say in a few words what is wrong.")
    if name == "service":
        return gettext("This service is not listed any more.")
    return gettext("Choose one from the list.")
