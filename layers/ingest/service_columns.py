"""The columns of a table of services: the one list that import and docs go by."""

from dataclasses import dataclass

NAME_LANGUAGES = ("el", "en", "fr", "ar", "fa", "ur")
TEXT_LANGUAGES = ("el", "en")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what a cell may hold, and what an empty cell means."""

    name: str
    holds: str
    empty: str = "not known"


def _texts(name: str, what: str, languages: tuple[str, ...]) -> list[Column]:
    return [Column(f"{name}_{lang}", f"{what} ({lang})", "none") for lang in languages]


COLUMNS = (
    Column("source_id", "what the source calls the row; unique in it", "refused"),
    Column("organization", "name of the organization, in any language", "refused"),
    Column("organization_en", "its English name, where `organization` is Greek", "none"),
    Column("organization_type", "municipal, public, international, ngo_international, ngo_local, community, informal or private", "refused for a new organization"),
    Column("organization_url", "its web address", "none"),
    *_texts("name", "name of the service; at least one language", NAME_LANGUAGES),
    *_texts("description", "what is offered", NAME_LANGUAGES),
    Column("categories", "leaves of the category tree, `;` between them, the first is primary", "refused"),
    Column("groups", "population groups that it is for, `;` between them", "everybody"),
    Column("languages", "ISO 639 codes, `;` between them; `fa:interpreter`, `fa:on_request`"),
    Column("status", "active, inactive, defunct or temporarily closed", "active"),
    Column("audience", "professionals, beneficiaries or both", "both"),
    Column("delivery_mode", "on_site, remote or outreach", "on_site"),
    Column("gender", "any, women or men", "any"),
    Column("referral_required", "yes or no"),
    Column("referral_method", "how one is referred (phone, form, letter …), `;` between them", "none"),
    Column("step_free", "yes, partial, no or unknown", "unknown"),
    Column("minimum_age", "years, one decimal, the age itself is admitted", "no limit"),
    Column("maximum_age", "years, one decimal, the age itself is admitted", "no limit"),
    Column("fees", "`free` or 0, an amount in euros, or a text"),
    *_texts("application_process", "how to apply", TEXT_LANGUAGES),
    *_texts("eligibility", "who may come", TEXT_LANGUAGES),
    Column("phone", "telephone numbers, `;` between them", "none"),
    Column("email", "one address", "none"),
    Column("url", "one web address", "none"),
    Column("hours", "opening hours, see below"),
    *_texts("address", "street and number", TEXT_LANGUAGES),
    Column("postal_code", "postal code", "none"),
    Column("city", "city", "none"),
    *_texts("location_name", "name of the place", TEXT_LANGUAGES),
    Column("location_id", "what the source calls the place; rows with the same one share it", "a place of the row's own"),
    Column("lon", "longitude in degrees, or x in the system that `--crs` or the mapping names", "no point"),
    Column("lat", "latitude in degrees, or y", "no point"),
    Column("precision", "rooftop (or A), street (B), district (C) or unknown", "unknown"),
    Column("visibility", "public, district_only or hidden", "public"),
    Column("district", "codes of the districts of a place without a point, `;` between them", "none"),
    Column("service_area", "district codes with `;` between them, or municipality, region or national", "not said"),
    Column("capacity", "how many it can take, a number"),
    Column("capacity_unit", "what is counted: places, beds, appointments per week", "refused with a capacity"),
    Column("verified_on", "the day when somebody last verified it"),
    Column("update_frequency", "months between two verifications"),
    Column("source", "where the row comes from", "--source"),
    Column("licence", "under which terms", "--license"),
    Column("demo", "yes for an invented service", "no"),
)  # fmt: skip

NAMES = tuple(column.name for column in COLUMNS)

LISTS = frozenset(
    (
        "categories",
        "groups",
        "languages",
        "referral_method",
        "phone",
        "district",
        "service_area",
    )
)
"""Columns with several values in a cell; value maps work on each of them."""

PLACE_COLUMNS = (
    "address_el",
    "address_en",
    "postal_code",
    "city",
    "location_name_el",
    "location_name_en",
    "location_id",
    "lon",
    "lat",
    "precision",
    "visibility",
    "district",
)

PROTECTED_COLUMNS = frozenset((*PLACE_COLUMNS, "name", "phone"))
"""Columns that could tell where a protected place is."""

PRECISION_GRADES = {"a": "rooftop", "b": "street", "c": "district"}
