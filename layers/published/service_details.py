"""What the page of a service says beside the service and its places."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from psycopg import sql

from layers.published.connection import read, read_one
from layers.published.pages import Text, text_columns, text_of

DAYS_AHEAD = 90
"""How far ahead days with other hours are told of."""


@dataclass(frozen=True, slots=True)
class CostRow:
    """What a service costs in one case; `amount` None where only words were said."""

    option: Text
    amount: float | None
    currency: str

    @property
    def is_free(self) -> bool:
        """Whether it costs nothing."""
        return self.amount == 0


@dataclass(frozen=True, slots=True)
class OtherHours:
    """Days on which the usual hours do not hold.

    `service_point_id` is None where they are those of the whole service; times are None
    where it is closed.
    """

    service_point_id: UUID | None
    starts_on: date
    ends_on: date
    opens_at: time | None
    closes_at: time | None
    reason: Text

    def days(self) -> list[date]:
        """Return the days one by one."""
        length = (self.ends_on - self.starts_on).days + 1
        return [self.starts_on + timedelta(days=n) for n in range(length)]


@dataclass(frozen=True, slots=True)
class ServiceExtras:
    """Costs, papers to bring, and days with other hours from today on."""

    costs: tuple[CostRow, ...]
    documents: tuple[Text, ...]
    other_hours: tuple[OtherHours, ...]

    def notes(self, service_point_id: UUID) -> dict[date, Text]:
        """Return what is said of single days at one place, its own words first."""
        found: dict[date, Text] = {}
        for row in self.other_hours:
            if row.reason and row.service_point_id in (None, service_point_id):
                for day in row.days():
                    if row.service_point_id or day not in found:
                        found[day] = row.reason
        return found


def service_extras(service_id: UUID, lang: str, *, today: date) -> ServiceExtras:
    """Return what else is known of a published service.

    Parameters
    ----------
    service_id : UUID
        Of a service that may be seen; of others nothing is found.
    lang : str
        Language of texts.
    today : date
        Costs hold on this day; days with other hours end on it at the earliest, and
        begin within DAYS_AHEAD.
    """
    values: dict[str, Any] = {
        "id": service_id,
        "lang": lang,
        "today": today,
        "until": today + timedelta(days=DAYS_AHEAD),
    }
    return ServiceExtras(
        costs=tuple(
            CostRow(text_of(*row[:2]), *row[2:]) for row in read(_COSTS, values)
        ),
        documents=tuple(text_of(*row) for row in read(_DOCUMENTS, values)),
        other_hours=tuple(
            _other_hours(*row[:5], text_of(*row[5:])) for row in read(_OTHER, values)
        ),
    )


def _other_hours(*values: Any) -> OtherHours:
    return OtherHours(*values)


def is_gone(service_id: UUID, municipality_slug: str) -> bool:
    """Tell whether a service could be seen once, was taken back, and may be said so of."""
    found = read_one(
        """SELECT true FROM published.gone_service
           WHERE id = %s AND municipality_slug = %s""",
        (service_id, municipality_slug),
    )
    return found is not None


def accessibility(location_ids: list[UUID], lang: str) -> dict[UUID, list[Text]]:
    """Return what is said of public places for people with disabilities, by place."""
    rows = (
        read(_ACCESSIBILITY, {"ids": location_ids, "lang": lang})
        if location_ids
        else []
    )
    found: dict[UUID, list[Text]] = {}
    for location_id, *texts in rows:
        found.setdefault(location_id, []).append(text_of(*texts))
    return found


_COSTS = sql.SQL(
    """SELECT {option}, amount::float8, currency FROM published.service_cost
       WHERE service_id = %(id)s AND (valid_from IS NULL OR valid_from <= %(today)s)
         AND (valid_to IS NULL OR valid_to >= %(today)s)
       ORDER BY amount NULLS LAST, id"""
).format(option=text_columns("option"))

_DOCUMENTS = sql.SQL(
    "SELECT {document} FROM published.required_document WHERE service_id = %(id)s ORDER BY id"
).format(document=text_columns("document"))

_OTHER = sql.SQL(
    """SELECT service_point_id, greatest(starts_on, %(today)s), ends_on, opens_at,
              closes_at, {reason}
       FROM published.schedule_exception
       WHERE service_id = %(id)s AND ends_on >= %(today)s AND starts_on <= %(until)s
       ORDER BY starts_on, ends_on, id"""
).format(reason=text_columns("reason"))

_ACCESSIBILITY = sql.SQL(
    """SELECT location_id, {description} FROM published.accessibility
       WHERE location_id = ANY (%(ids)s) ORDER BY location_id, id"""
).format(description=text_columns("description"))
