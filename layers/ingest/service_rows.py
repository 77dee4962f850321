"""One row of a table of services becomes one typed record, or refusals."""

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from layers.directory.names import name_key
from layers.directory.service_record import (
    AreaRecord,
    CapacityRecord,
    OrganizationRecord,
    ServiceRecord,
    Texts,
)
from layers.errors import InvalidRecord
from layers.ingest import fields
from layers.ingest.cells import Cells
from layers.ingest.fields import LONG, one_of
from layers.ingest.hours import OpeningText, parse_hours
from layers.ingest.place_rows import read_place
from layers.ingest.places import PointRules
from layers.ingest.service_columns import (
    NAME_LANGUAGES,
    PLACE_COLUMNS,
    TEXT_LANGUAGES,
)
from layers.ingest.vocabulary import Vocabulary, language
from layers.models.organization import OrganizationType
from layers.models.service import (
    Audience,
    DeliveryMode,
    Gender,
    ServiceStatus,
    StepFree,
)
from layers.models.service_at_location import AreaScope

_EUROS = re.compile(r"(?:€\s*)?(\d+(?:[.,]\d{1,2})?)\s*(?:€|eur|euros?|ευρώ)?", re.I)
_FREE = frozenset(("free", "δωρεάν", "δωρεαν", "gratuit", "no", "none"))

GIVEN_BY = {
    "status": ("status",),
    "audience": ("audience",),
    "delivery_mode": ("delivery_mode",),
    "gender": ("gender",),
    "step_free": ("step_free",),
    "referral_required": ("referral_required",),
    "referral_method": ("referral_method",),
    "minimum_age": ("minimum_age",),
    "maximum_age": ("maximum_age",),
    "open_on_holidays": ("hours",),
    "schedules": ("hours",),
    "closures": ("hours",),
    "email": ("email",),
    "url": ("url",),
    "update_frequency": ("update_frequency",),
    "licence": ("licence",),
    "is_demo": ("demo",),
    "categories": ("categories",),
    "groups": ("groups",),
    "languages": ("languages",),
    "phones": ("phone",),
    "area": ("service_area",),
    "capacity": ("capacity",),
    "cost": ("fees",),
    "place": PLACE_COLUMNS,
}
"""Fields of a record, and the columns one of which a table needs to speak of them."""


@dataclass(frozen=True, slots=True)
class RowContext:
    """What rows are read against."""

    vocabulary: Vocabulary
    points: PointRules
    known_organizations: Set[str]
    today: date
    source: str
    licence: str


def read_record(
    cells: Cells, source_id: str, context: RowContext
) -> ServiceRecord | None:
    """Return the record of a row, None when the row is refused.

    Parameters
    ----------
    cells : Cells
        The row; what is wrong with it is reported there.
    source_id : str
        Empty when the row has none.
    context : RowContext
        What words are known, and what rows without their own source are from.
    """
    if not source_id:
        reason = "needed, so that a second import finds the row"
        cells.refuse(InvalidRecord("source_id", "", reason))
    source = cells.text("source", limit=200) or context.source
    if not source:
        cells.refuse(InvalidRecord("source", "", "needed; give the column or --source"))
    record = ServiceRecord(
        source=source,
        source_id=source_id,
        given=_given(cells, context),
        organization=_organization(cells, context),
        licence=cells.text("licence", limit=200) or context.licence,
        is_demo=cells.parsed("demo", lambda t: fields.yes_no(t, "demo"), empty=False),
        place=read_place(cells, source_id, context.vocabulary, context.points),
        **_texts(cells),
        **_codes(cells),
        **_conditions(cells),
        **_contact(cells),
        **_times(cells, context.today),
        **_terms(cells, context.vocabulary),
    )
    return None if cells.is_refused else record


def _given(cells: Cells, context: RowContext) -> frozenset[str]:
    named = {name for name, columns in GIVEN_BY.items() if cells.has(*columns)}
    return frozenset(named | {"licence"}) if context.licence else frozenset(named)


def _texts(cells: Cells) -> dict[str, Any]:
    fees, cost = _fees(cells)
    return {
        "names": _names(cells),
        "descriptions": cells.texts("description", NAME_LANGUAGES, limit=LONG),
        "application_process": cells.texts(
            "application_process", TEXT_LANGUAGES, limit=LONG
        ),
        "eligibility": cells.texts("eligibility", TEXT_LANGUAGES, limit=LONG),
        "fees": fees,
        "cost": cost,
    }


def _conditions(cells: Cells) -> dict[str, Any]:
    """Return who is admitted and how, and how many."""
    low = cells.parsed("minimum_age", lambda t: fields.age(t, "minimum_age"), None)
    high = cells.parsed("maximum_age", lambda t: fields.age(t, "maximum_age"), None)
    if low is not None and high is not None and low > high:
        reason = f"below minimum_age {low}"
        cells.refuse(InvalidRecord("maximum_age", str(high), reason))
    return {
        "minimum_age": low,
        "maximum_age": high,
        "referral_required": cells.parsed(
            "referral_required", lambda t: fields.yes_no(t, "referral_required"), None
        ),
        "referral_method": cells.each("referral_method", _method),
        "capacity": _capacity(cells),
    }


def _contact(cells: Cells) -> dict[str, Any]:
    return {
        "email": cells.parsed("email", lambda t: fields.email(t, "email"), ""),
        "url": cells.parsed("url", lambda t: fields.url(t, "url"), ""),
        "phones": cells.each("phone", lambda t: fields.phone(t, "phone")),
    }


def _times(cells: Cells, today: date) -> dict[str, Any]:
    """Return when it is open, and when somebody looked or will."""
    hours = cells.parsed(
        "hours",
        lambda t: parse_hours(t, today=today),
        OpeningText((), (), open_on_holidays=False),
    )
    return {
        "schedules": hours.schedules,
        "closures": hours.closures,
        "open_on_holidays": hours.open_on_holidays,
        "assured_date": cells.parsed(
            "verified_on", lambda t: fields.day(t, "verified_on", latest=today), None
        ),
        "update_frequency": cells.parsed("update_frequency", _months, None),
    }


def _terms(cells: Cells, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "categories": _categories(cells, vocabulary),
        "groups": cells.each("groups", vocabulary.group),
        "languages": _languages(cells),
        "area": cells.parsed("service_area", lambda t: _area(t, vocabulary), None),
    }


def _names(cells: Cells) -> dict[str, str | None]:
    names = cells.texts("name", NAME_LANGUAGES)
    if not any(names.values()) and not cells.is_refused:
        cells.refuse(
            InvalidRecord("name_el", "", "a service needs a name in one language")
        )
    return names


def _organization(cells: Cells, context: RowContext) -> OrganizationRecord:
    name = cells.text("organization")
    english = cells.text("organization_en")
    names = {fields.language_of(name): name} if name else {}
    if english:
        names.setdefault("en", english)
    if not names:
        cells.refuse(
            InvalidRecord("organization", "", "a service needs an organization")
        )
    org_type = cells.parsed(
        "organization_type",
        lambda t: one_of(t, "organization_type", OrganizationType.values),
        None,
    )
    known = any(name_key(n) in context.known_organizations for n in names.values())
    if names and org_type is None and not known and not cells.is_refused:
        cells.refuse(
            InvalidRecord(
                "organization_type",
                "",
                f"needed, the organization is new; one of "
                f"{', '.join(OrganizationType.values)}",
            )
        )
    url: str | None = None
    if cells.has("organization_url"):
        url = cells.parsed(
            "organization_url", lambda t: fields.url(t, "organization_url"), ""
        )
    return OrganizationRecord(names, org_type, url)


def _codes(cells: Cells) -> dict[str, Any]:
    kinds = {
        "status": (ServiceStatus, ServiceStatus.ACTIVE),
        "audience": (Audience, Audience.BOTH),
        "delivery_mode": (DeliveryMode, DeliveryMode.ON_SITE),
        "gender": (Gender, Gender.ANY),
        "step_free": (StepFree, StepFree.UNKNOWN),
    }
    return {
        name: cells.parsed(
            name, partial(one_of, field=name, allowed=kind.values), default.value
        )
        for name, (kind, default) in kinds.items()
    }


def _categories(cells: Cells, vocabulary: Vocabulary) -> tuple[str, ...]:
    found = cells.each("categories", vocabulary.category)
    if not found and not cells.is_refused:
        cells.refuse(InvalidRecord("categories", "", "a service needs a category"))
    return found


def _languages(cells: Cells) -> tuple[tuple[str, str], ...]:
    modes: dict[str, str] = {}
    for code, mode in cells.each("languages", language):
        if modes.setdefault(code, mode) != mode:
            cells.refuse(InvalidRecord("languages", code, "given twice, in two modes"))
    return tuple(sorted(modes.items()))


def _method(text: str) -> str:
    if len(text) > 40:
        raise InvalidRecord("referral_method", text, "at most 40 characters")
    return text


def _months(text: str) -> int:
    return fields.whole_between(text, "update_frequency", 1, 120)


def _fees(cells: Cells) -> tuple[Texts, Decimal | None]:
    """Return what the fees are said to be, as a text or as an amount in euros."""
    text = cells.text("fees", limit=LONG)
    if not cells.has("fees"):
        return {}, None
    nothing: dict[str, str | None] = dict.fromkeys(TEXT_LANGUAGES)
    if not text:
        return nothing, None
    if text.casefold() in _FREE:
        return nothing, Decimal(0)
    if found := _EUROS.fullmatch(text):
        amount = Decimal(found[1].replace(",", "."))
        if amount < 10**8:
            return nothing, amount
    return nothing | {fields.language_of(text): text}, None


def _area(text: str, vocabulary: Vocabulary) -> AreaRecord:
    wide = set(AreaScope.values) - {AreaScope.DISTRICT.value}
    parts = fields.items(text)
    if len(parts) == 1 and parts[0].casefold() in wide:
        return AreaRecord(parts[0].casefold())
    codes = {vocabulary.district(code, "service_area") for code in parts}
    return AreaRecord(AreaScope.DISTRICT.value, tuple(sorted(codes)))


def _capacity(cells: Cells) -> CapacityRecord | None:
    maximum = cells.parsed(
        "capacity", lambda t: fields.number_between(t, "capacity", 0, 1e6), None
    )
    unit = cells.text("capacity_unit", limit=60)
    if maximum is None:
        return None
    if not unit:
        cells.refuse(
            InvalidRecord("capacity_unit", "", "needed with a capacity: places, beds …")
        )
    return CapacityRecord(unit, maximum)
