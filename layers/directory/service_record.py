"""A service with all its parts as plain typed values: what an import or a form hands in.

A record may be partial. `ServiceRecord.given` names the fields that the source speaks
of; the others are left as they are stored. In a language map (`Texts`) a language that
is not there is left, too, and one that is None is taken away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

Texts = Mapping[str, str | None]
"""Language -> text, None to take the language's text away."""


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    """Who offers the service, known by its name.

    `org_type` is needed for an organization that is not stored yet. `url` None leaves
    the stored one.
    """

    names: Mapping[str, str]
    org_type: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A physical place. `point` is (lon, lat) in EPSG:4326, None when not known.

    `given` names those of postal_code, point, precision, visibility and district_codes
    that the source speaks of. `district_codes` are the districts that somebody said,
    for a place without a point; with a point they are derived.
    """

    source_id: str
    given: frozenset[str] = frozenset()
    names: Texts = field(default_factory=dict)
    address: Texts = field(default_factory=dict)
    city: Texts = field(default_factory=dict)
    postal_code: str = ""
    point: tuple[float, float] | None = None
    precision: str | None = None
    visibility: str = "public"
    district_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class ScheduleRecord:
    """Hours that come back; see `models.Schedule` for what the fields mean."""

    byday: tuple[str, ...]
    opens_at: time | None = None
    closes_at: time | None = None
    freq: str = "WEEKLY"
    by_appointment: bool = False


@dataclass(frozen=True, slots=True, order=True)
class ClosureRecord:
    """Dates, both included, on which the schedules do not hold: closed all day."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class AreaRecord:
    """Whom the service serves: a scope, or with scope `district` the codes."""

    scope: str
    district_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CapacityRecord:
    """How many it can take, in a unit."""

    unit: str
    maximum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """What a source says of one service; (source, source_id) tells it from all others.

    `categories` are slugs, the first is primary; `languages` pairs of code and mode.
    `cost` is euros, 0 for free, None when not known. Fields that `given` does not name
    hold their defaults and are ignored.
    """

    source: str
    source_id: str
    given: frozenset[str]
    organization: OrganizationRecord
    names: Texts = field(default_factory=dict)
    descriptions: Texts = field(default_factory=dict)
    application_process: Texts = field(default_factory=dict)
    eligibility: Texts = field(default_factory=dict)
    fees: Texts = field(default_factory=dict)
    status: str = "active"
    audience: str = "both"
    delivery_mode: str = "on_site"
    gender: str = "any"
    step_free: str = "unknown"
    referral_required: bool | None = None
    referral_method: tuple[str, ...] = ()
    minimum_age: Decimal | None = None
    maximum_age: Decimal | None = None
    open_on_holidays: bool = False
    email: str = ""
    url: str = ""
    assured_date: date | None = None
    update_frequency: int | None = None
    licence: str = ""
    is_demo: bool = False
    categories: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    languages: tuple[tuple[str, str], ...] = ()
    phones: tuple[str, ...] = ()
    schedules: tuple[ScheduleRecord, ...] = ()
    closures: tuple[ClosureRecord, ...] = ()
    area: AreaRecord | None = None
    capacity: CapacityRecord | None = None
    cost: Decimal | None = None
    place: PlaceRecord | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells the service from all others of its municipality."""
        return self.source, self.source_id


TEXT_FIELDS = ("names", "descriptions", "application_process", "eligibility", "fees")
"""Fields of a record that are language maps."""

PLAIN_FIELDS = (
    "status",
    "audience",
    "delivery_mode",
    "gender",
    "step_free",
    "referral_required",
    "referral_method",
    "minimum_age",
    "maximum_age",
    "open_on_holidays",
    "email",
    "url",
    "update_frequency",
    "licence",
    "is_demo",
)
"""Fields of a record that are columns of the service, compared and stored as they are."""

PART_FIELDS = (
    "categories",
    "groups",
    "languages",
    "phones",
    "schedules",
    "closures",
    "area",
    "capacity",
    "cost",
)
"""Fields of a record that are rows of other tables, replaced as a whole."""


def merged_texts(stored: Mapping[str, str] | None, said: Texts) -> dict[str, str]:
    """Return the stored texts (None: a new row) with what a record says put over them."""
    together = {**(stored or {}), **said}
    return {lang: text for lang, text in together.items() if text}
